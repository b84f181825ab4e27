#include "view/match.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "language/guess.h"
#include "view/facts_int.h"
#include "view/view_int.h"

enum {
    STRONG = 4750, /* ranks: from here on */
    POSSIBLE = 2500,
    LOOKED_AT = 3, /* times the limit: fit may bring a record up */
};

struct str match_band_name(enum match_band band)
{
    static const char *const name[MATCH_BANDS] = {
        [MATCH_STRONG] = "strong", [MATCH_POSSIBLE] = "possible", [MATCH_WEAK] = "weak"};
    must(band < MATCH_BANDS);
    return str_of(name[band]);
}

/* What is wanted for a record of a kind: offers for a need, needs for an offer, else the same kind. */
static struct str wanted_kind(const struct kind *kind)
{
    static const char *const pair[][2] = {
        {"need", "offer"}, {"offer", "need"}, {"product", "need"}, {"obstacle", "offer"}};
    for (size_t i = 0; i < countof(pair); i++)
        if (str_is(kind->name, pair[i][0]))
            return str_of(pair[i][1]);
    return kind->name;
}

static void read_list(const struct value *payload, const char *key,
                      struct str out[FIT_VALUES_MAX], size_t *n)
{
    const struct value *list = value_get(payload, key);
    *n = 0;
    if (list == NULL || list->type != VALUE_ARRAY)
        return;
    for (size_t i = 0; i < list->n && *n < FIT_VALUES_MAX; i++)
        if (list->item[i].type == VALUE_STRING)
            out[(*n)++] = list->item[i].string;
}

static struct fit_facts fit_facts_of(const struct value *payload)
{
    struct fit_facts f = {.country = value_get_str(payload, "country")};
    struct str trl = value_get_str(payload, "readiness");
    struct str deadline = value_get_str(payload, "deadline");
    struct str expires = value_get_str(payload, "expires_on");
    read_list(payload, "fields", f.field, &f.fields);
    read_list(payload, "form", f.form, &f.forms);
    if (trl.len > 0 && trl.p[trl.len - 1] >= '1' && trl.p[trl.len - 1] <= '9')
        f.readiness = (unsigned)(trl.p[trl.len - 1] - '0');
    bool earlier = deadline.len > 0 && (expires.len == 0 || str_cmp(deadline, expires) < 0);
    f.last_date = earlier ? deadline : expires;
    return f;
}

/* What the query is of: a record's texts and facts, or a text. */
struct asked {
    struct str kind;
    struct index_text *text;
    size_t texts;
    struct fit_facts facts;
};

static enum cau_err read_asked(struct view *v, struct arena *a, const struct match_query *query,
                               struct asked *out)
{
    if (query->doc == 0) {
        out->text = arena_take(a, sizeof *out->text);
        if (out->text == NULL)
            return CAU_ERR_MEMORY;
        struct str lang = query->lang;
        *out->text = (struct index_text){
            lang.len > 0 ? lang : lang_code(guess_lang(query->text, LANG_EN)), 1, query->text};
        out->texts = 1;
        out->kind = query->kind;
        return CAU_OK;
    }
    struct view_record record;
    struct facts facts;
    enum cau_err err = view_get(v, a, query->reader, query->doc, &record);
    if (err == CAU_OK)
        err = facts_of(a, record.kind, &record.payload, true, &facts);
    if (err != CAU_OK)
        return err;
    out->kind = query->kind.len > 0 ? query->kind : wanted_kind(record.kind);
    out->text = facts.text;
    out->texts = facts.text_count;
    out->facts = fit_facts_of(&record.payload);
    return CAU_OK;
}

static int compare_hits(const void *x, const void *y)
{
    const struct match_hit *h = x, *k = y;
    if (h->rank != k->rank)
        return h->rank > k->rank ? -1 : 1;
    return (h->record.doc > k->record.doc) - (h->record.doc < k->record.doc);
}

/* Hits with their records and what fits beside words; *n of out, in order of rank. */
static enum cau_err add_fits(struct view *v, struct arena *a, const struct match_query *query,
                             const struct fit_facts *asked, const struct like_hit *like,
                             size_t likes, struct match_hit *out, size_t *n)
{
    char day[CLOCK_DATE_CHARS];
    struct str today = {day, clock_write_date(clock_date_of(clock_now_ms()), day)};
    *n = 0;
    for (size_t i = 0; i < likes; i++) {
        struct match_hit *hit = &out[*n];
        enum cau_err err = view_get(v, a, query->reader, like[i].doc, &hit->record);
        if (err == CAU_ERR_UNKNOWN) /* gone since the index was asked */
            continue;
        if (err != CAU_OK)
            return err;
        struct fit_facts given = fit_facts_of(&hit->record.payload);
        if (!fit_of(asked, &given, today, hit->fit, &hit->fits))
            continue;
        hit->like = like[i];
        hit->rank = like[i].rank;
        for (size_t k = 0; k < hit->fits; k++)
            hit->rank += hit->fit[k].points;
        hit->band = hit->rank >= STRONG     ? MATCH_STRONG
                    : hit->rank >= POSSIBLE ? MATCH_POSSIBLE
                                            : MATCH_WEAK;
        ++*n;
    }
    qsort(out, *n, sizeof *out, compare_hits);
    return CAU_OK;
}

enum cau_err view_match(struct view *v, struct arena *a, const struct match_query *query,
                        struct match_hit **out, size_t *n)
{
    struct asked asked = {0};
    struct like_hit *like;
    size_t likes, count;
    struct index_filter filter[2];
    enum cau_err err = read_asked(v, a, query, &asked);
    if (err != CAU_OK)
        return err;
    size_t wide = query->limit * LOOKED_AT;
    struct like_query q = {.text = asked.text,
                           .text_count = asked.texts,
                           .reader = query->reader,
                           .filter = filter,
                           .except = query->doc == 0 ? UINT32_MAX : query->doc,
                           .limit = wide < INDEX_HITS_MAX ? wide : INDEX_HITS_MAX,
                           .explain = query->explain};
    if (asked.kind.len > 0)
        filter[q.filter_count++] = (struct index_filter){INDEX_KIND, asked.kind};
    if (query->country.len > 0)
        filter[q.filter_count++] = (struct index_filter){INDEX_COUNTRY, query->country};
    err = index_like(node_index(v->n), a, &q, &like, &likes);
    struct match_hit *hit = err == CAU_OK ? arena_take(a, (likes + 1) * sizeof *hit) : NULL;
    if (err == CAU_OK && hit == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK)
        err = add_fits(v, a, query, &asked.facts, like, likes, hit, &count);
    if (err != CAU_OK)
        return err;
    *out = hit;
    *n = count < query->limit ? count : query->limit;
    return CAU_OK;
}
