#include "view/found.h"

enum cau_err found_record(struct arena *a, const struct view_record *r, enum lang lang,
                          int64_t score, struct value *out)
{
    struct record_text title = record_title(r->kind, &r->payload, lang);
    struct value v = value_object();
    enum cau_err err = value_set_str(a, &v, "id", r->id);
    if (err == CAU_OK)
        err = value_set_str(a, &v, "external_id", r->external_id);
    if (err == CAU_OK)
        err = value_set_str(a, &v, "kind", r->kind->name);
    if (err == CAU_OK)
        err = value_set_str(a, &v, "lang", title.lang.p == NULL ? STR("und") : title.lang);
    if (err == CAU_OK)
        err = value_set_str(a, &v, "title", title.text.p == NULL ? r->id : title.text);
    if (err == CAU_OK)
        err = value_set(a, &v, STR("score"), value_integer(score));
    if (err == CAU_OK)
        *out = v;
    return err;
}

enum cau_err found_reason(struct arena *a, const struct index_reason *r, struct value *list)
{
    struct value one = value_object();
    enum cau_err err = value_set_str(a, &one, "query", r->query_word);
    if (err == CAU_OK)
        err = value_set_str(a, &one, "text", r->text_word);
    if (err == CAU_OK)
        err = value_set(a, &one, STR("share_permille"), value_integer(r->share_permille));
    if (err == CAU_OK)
        err = value_set_str(a, &one, "channel", index_channel_name(r->channel));
    if (err == CAU_OK)
        err = value_set_str(a, &one, "source", r->sources);
    return err == CAU_OK ? value_push(a, list, one) : err;
}

static enum cau_err add_fit(struct arena *a, const struct fit_reason *r, struct value *list)
{
    struct value one = value_object();
    enum cau_err err = value_set_str(a, &one, "channel", fit_kind_name(r->kind));
    if (err == CAU_OK)
        err = value_set_str(a, &one, "text", r->value);
    if (err == CAU_OK)
        err = value_set(a, &one, STR("points"), value_integer(r->points));
    return err == CAU_OK ? value_push(a, list, one) : err;
}

enum cau_err found_match(struct arena *a, const struct match_hit *hit, enum lang lang,
                         bool explain, struct value *out)
{
    struct value reasons = value_array(), v;
    (void)lang_read(hit->like.lang, &lang);
    enum cau_err err = found_record(a, &hit->record, lang, hit->like.likeness, &v);
    if (err == CAU_OK)
        err = value_set(a, &v, STR("rank"), value_integer(hit->rank));
    if (err == CAU_OK)
        err = value_set_str(a, &v, "band", match_band_name(hit->band));
    for (size_t i = 0; explain && i < hit->like.reason_count && err == CAU_OK; i++)
        err = found_reason(a, &hit->like.reason[i], &reasons);
    for (size_t i = 0; explain && i < hit->fits && err == CAU_OK; i++)
        err = add_fit(a, &hit->fit[i], &reasons);
    if (err == CAU_OK && explain)
        err = value_set(a, &v, STR("reasons"), reasons);
    if (err == CAU_OK)
        *out = v;
    return err;
}
