#include "domain/rule/need.h"

#include "base/clock.h"
#include "domain/rule/register_int.h"

#include <string.h>

#define SECOND_PERSON                                                                          \
    "second_person" /* audit of a version that only holds a verdict, not a text */

bool need_is(const struct kind *kind)
{
    const struct kind_field *f = kind_find_field(kind, STR("publication"));
    return f != NULL && f->rule;
}

enum need_verdict need_verdict_of(const struct need_scores *s)
{
    unsigned sum = s->innovation + s->clarity + s->cooperation + s->completeness;
    bool zero =
        s->innovation == 0 || s->clarity == 0 || s->cooperation == 0 || s->completeness == 0;
    if (sum < NEED_HOLD_FROM)
        return NEED_REJECTED;
    return sum < NEED_PUBLISH_FROM || zero ? NEED_HELD : NEED_PUBLISHED;
}

static bool state_is(const struct view_record *r, const char *state)
{
    return str_is(value_get_str(&r->payload, "publication"), state);
}

static enum cau_err set_text(struct arena *a, struct value *payload, const char *field,
                             struct str text)
{
    struct str copy;
    enum cau_err err = arena_copy(a, text, &copy);
    return err == CAU_OK ? value_set(a, payload, str_of(field), value_string(copy)) : err;
}

/* Today, or months later, as the value of a date field. */
static enum cau_err set_date(struct arena *a, struct value *payload, const char *field,
                             int months)
{
    char text[CLOCK_DATE_CHARS];
    struct clock_date day = clock_date_of(clock_now_ms());
    size_t n = clock_write_date(months == 0 ? day : clock_add_months(day, months), text);
    return set_text(a, payload, field, (struct str){text, n});
}

static enum cau_err set_published(struct arena *a, struct value *payload)
{
    enum cau_err err = set_text(a, payload, "publication", STR("published"));
    if (err == CAU_OK && value_get(payload, "published_on") == NULL)
        err = set_date(a, payload, "published_on", 0);
    return err == CAU_OK ? set_date(a, payload, "expires_on", NEED_MONTHS) : err;
}

enum register_why need_submit(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_SUBMIT, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn || !(state_is(&r, "draft") || state_is(&r, "held") ||
                         state_is(&r, "rejected") || state_is(&r, "expired")))
        return REGISTER_STATE;
    enum cau_err err = set_text(a, &r.payload, "publication", STR("submitted"));
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    version.audience = RECORD_PRIVATE;
    version.after = after;
    return register_put(n, a, actor, &version, out);
}

/* Whether user wrote any version since the text was last published: then he is not a second person. */
static enum register_why check_second_person(struct node *n, struct arena *a,
                                             const struct actor *actor,
                                             const struct view_record *r)
{
    struct view_version *version;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err = view_history(v, a, actor_reader(actor), r->doc, &version, &count);
    view_give(n, v);
    for (size_t i = 0; err == CAU_OK && i < count && version[i].audience == RECORD_PRIVATE; i++)
        if (version[i].user == actor->user && !str_is(version[i].role, SECOND_PERSON))
            return REGISTER_SAME_PERSON;
    return register_why_of(err);
}

static enum cau_err review_form(struct arena *a, struct str id, const struct need_scores *s,
                                struct str comment, enum lang lang, struct value *form)
{
    const struct {
        const char *field;
        unsigned score;
    } score[] = {{"innovation", s->innovation},
                 {"clarity", s->clarity},
                 {"cooperation", s->cooperation},
                 {"completeness", s->completeness}};
    *form = value_object();
    enum cau_err err = set_text(a, form, "kind", STR("review"));
    if (err == CAU_OK)
        err = set_text(a, form, "of", id);
    if (err == CAU_OK)
        err = set_text(a, form, "visibility", STR("private"));
    if (err == CAU_OK)
        err = set_date(a, form, "reviewed_on", 0);
    for (size_t i = 0; i < countof(score) && err == CAU_OK; i++)
        err = value_set(a, form, str_of(score[i].field), value_integer(score[i].score));
    if (err == CAU_OK && str_trim(comment).len > 0) {
        struct value text = value_object();
        err = value_set(a, &text, lang_code(lang), value_string(comment));
        if (err == CAU_OK)
            err = value_set(a, form, STR("comment"), text);
    }
    return err;
}

enum register_why need_review(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              const struct need_scores *scores, struct str comment,
                              enum lang lang, enum need_verdict *verdict,
                              struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_REVIEW, &r);
    if (why == REGISTER_DONE && (r.withdrawn || !state_is(&r, "submitted")))
        why = REGISTER_STATE;
    if (why == REGISTER_DONE)
        why = check_second_person(n, a, actor, &r);
    if (why != REGISTER_DONE)
        return why;

    struct value form;
    struct record_form checked = {0};
    struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = review_form(a, r.id, scores, comment, lang, &form);
    if (err == CAU_OK)
        err = record_check(a, node_kinds(n), &form, rules, &checked, &out->problems);
    if (err == CAU_ERR_SYNTAX)
        return REGISTER_PROBLEMS; /* a score over its limit, a comment too long */
    struct buf bytes = buf_new(RECORD_BYTES_MAX + 1);
    if (err == CAU_OK)
        err = register_payload(a, actor, &checked, (struct str){NULL, 0}, &bytes);
    enum need_verdict found = need_verdict_of(scores);
    if (err == CAU_OK)
        err = found == NEED_PUBLISHED
                  ? set_published(a, &r.payload)
                  : set_text(a, &r.payload, "publication",
                             found == NEED_HELD ? STR("held") : STR("rejected"));
    if (err == CAU_OK) {
        struct writer_change review = {.op = WRITER_PUT,
                                       .kind = checked.kind,
                                       .audience = RECORD_PRIVATE,
                                       .payload = buf_str(&bytes)};
        struct register_version version = {
            .id = r.id,
            .kind = r.kind,
            .audience = found == NEED_PUBLISHED ? RECORD_PUBLIC : RECORD_PRIVATE,
            .payload = &r.payload,
            .after = after != NULL ? after : &r.leaf,
            .first = &review,
            .role = SECOND_PERSON,
        };
        why = register_put(n, a, actor, &version, out);
        *verdict = found;
    } else {
        why = register_why_of(err);
    }
    buf_free(&bytes);
    return why;
}

enum register_why need_renew(struct node *n, struct arena *a, const struct actor *actor,
                             struct str id, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_RENEW, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn || r.audience != RECORD_PUBLIC ||
        !(state_is(&r, "published") || state_is(&r, "expired")))
        return REGISTER_STATE;
    enum cau_err err = set_published(a, &r.payload);
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    version.audience = RECORD_PUBLIC;
    return register_put(n, a, actor, &version, out);
}

static bool is_over(const struct view_record *r, int64_t now_ms)
{
    struct clock_date until;
    struct str text = value_get_str(&r->payload, "expires_on");
    return state_is(r, "published") && r->audience == RECORD_PUBLIC && !r->withdrawn &&
           clock_read_date(text, &until) == CAU_OK && clock_ms_of(until) <= now_ms;
}

enum cau_err need_expire(struct node *n, int64_t now_ms, size_t *expired)
{
    enum { AT_ONCE = 10000 };
    struct arena a = arena_new((size_t)256 << 20);
    struct index_reader public = {.audiences = 1u << RECORD_PUBLIC};
    struct actor rule = actor_operator();
    uint32_t *doc = NULL;
    size_t count = 0, done = 0;
    struct view *v = view_take(n);
    enum cau_err err = view_publication(v, &a, STR("published"), AT_ONCE, &doc, &count);
    view_give(n, v);
    for (size_t i = 0; i < count && err == CAU_OK; i++) {
        size_t before = a.used;
        struct view_record r;
        struct register_outcome out;
        v = view_take(n);
        err = view_get(v, &a, public, doc[i], &r);
        view_give(n, v);
        if (err == CAU_ERR_UNKNOWN) { /* gone since */
            err = CAU_OK;
        } else if (err == CAU_OK && is_over(&r, now_ms)) {
            err = set_text(&a, &r.payload, "publication", STR("expired"));
            struct register_version version = register_next(&r);
            version.audience = RECORD_PUBLIC;
            memset(&out, 0, sizeof out);
            if (err == CAU_OK && register_put(n, &a, &rule, &version, &out) == REGISTER_DONE)
                done++; /* a change in between keeps it for the next hour */
        }
        a.used = before;
    }
    arena_free(&a);
    if (err == CAU_OK)
        *expired = done;
    return err;
}
