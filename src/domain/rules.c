#include "domain/rules.h"

#include "domain/commitment.h"
#include "domain/confirm.h"
#include "domain/consent.h"
#include "domain/indicator.h"

static const struct index_reader everything = {.audiences = (1u << RECORD_AUDIENCES) - 1};

static void add_problem(struct record_problems *problems, struct str place,
                        enum record_code code, struct str value, int64_t limit)
{
    if (problems->n < RECORD_PROBLEMS_MAX)
        problems->v[problems->n++] = (struct record_problem){place, code, value, limit};
}

/* ---- dates ---- */

/* In every kind that has both: the second does not come before the first. */
static const struct {
    const char *first, *then;
} order[] = {
    {"held_on", "ends_on"}, {"signed", "expires"}, {"in_force", "expires"},
    {"signed", "renewed"},  {"said_on", "due"},    {"starts", "ends"},
    {"opens", "closes"},    {"filed_on", "due"},   {"filed_on", "answered_on"},
};

/* As far as both are known: "2019-06" is before "2020", and neither before nor after "2019". */
static bool is_earlier(struct str x, struct str y)
{
    size_t known = x.len < y.len ? x.len : y.len;
    return str_cmp(str_to(x, known), str_to(y, known)) < 0;
}

static void check_dates(const struct record_form *form, struct record_problems *problems)
{
    for (size_t i = 0; i < countof(order); i++) {
        struct str first = value_get_str(&form->payload, order[i].first),
                   then = value_get_str(&form->payload, order[i].then);
        if (first.len > 0 && then.len > 0 && is_earlier(then, first))
            add_problem(problems, str_of(order[i].then), RECORD_EARLIER, first, 0);
    }
}

/* ---- circles ---- */

/* Fields and relations that lead from a record to one before or above it. */
static const char *const chain[] = {
    "implements", "amends",  "replaces",     "renews",   "protocol_to",
    "part_of",    "follows", "carried_from", "previous",
};

static bool is_chain(struct str rel)
{
    for (size_t i = 0; i < countof(chain); i++)
        if (str_is(rel, chain[i]))
            return true;
    return false;
}

struct walk {
    struct view *v;
    struct arena *a;
    struct str rel;
    uint32_t self;   /* document of the record; 0: it is new */
    struct str name; /* its external id: links to it may have come before it */
    uint32_t *seen;  /* RULES_CHAIN_MAX */
    size_t n;
    bool circle, too_long;
};

static bool is_self(const struct walk *w, const struct view_link *link)
{
    return (w->self != 0 && link->doc == w->self) ||
           (w->name.len > 0 && str_equal(link->text, w->name));
}

static void reach(struct walk *w, uint32_t doc)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->seen[i] == doc)
            return;
    if (w->n == RULES_CHAIN_MAX)
        w->too_long = true;
    else
        w->seen[w->n++] = doc;
}

/* Breadth first from one record on, along one relation. */
static enum cau_err follow(struct walk *w, uint32_t from)
{
    w->n = 0;
    reach(w, from);
    for (size_t at = 0; at < w->n && !w->circle && !w->too_long; at++) {
        struct view_link *link;
        size_t n = 0, before = w->a->used;
        enum cau_err err = view_links_from(w->v, w->a, everything, w->seen[at], &link, &n);
        if (err != CAU_OK && err != CAU_ERR_UNKNOWN)
            return err;
        for (size_t i = 0; i < n && err == CAU_OK; i++)
            if (str_equal(link[i].rel, w->rel)) {
                w->circle = w->circle || is_self(w, &link[i]);
                if (link[i].doc != 0)
                    reach(w, link[i].doc);
            }
        w->a->used = before;
    }
    return CAU_OK;
}

static enum cau_err check_circles(struct view *v, struct arena *a,
                                  const struct record_form *form, const struct view_record *old,
                                  struct record_problems *problems)
{
    struct record_link link[RECORD_LINKS_MAX];
    struct walk w = {.v = v,
                     .a = a,
                     .self = old == NULL ? 0 : old->doc,
                     .name = value_get_str(&form->payload, "external_id"),
                     .seen = arena_take(a, RULES_CHAIN_MAX * sizeof *w.seen)};
    if (w.seen == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    size_t n = record_links(form->kind, &form->payload, link, RECORD_LINKS_MAX);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        if (!is_chain(link[i].rel) || link[i].to.len == 0)
            continue;
        struct view_link to = {.text = link[i].to, .doc = view_find(v, everything, link[i].to)};
        w.rel = link[i].rel;
        w.too_long = false;
        w.circle = is_self(&w, &to);
        if (!w.circle && to.doc != 0)
            err = follow(&w, to.doc);
        bool field = kind_find_field(form->kind, w.rel) != NULL;
        struct str place = field ? w.rel : STR("links");
        if (w.circle)
            add_problem(problems, place, RECORD_CIRCLE, link[i].to, 0);
        else if (w.too_long)
            add_problem(problems, place, RECORD_TOO_MANY, link[i].to, RULES_CHAIN_MAX);
    }
    return err;
}

static enum cau_err complete(struct arena *a, const struct value *old, bool imported,
                             struct record_form *form)
{
    enum cau_err err = confirm_complete(a, form->kind, old, imported, &form->payload);
    if (err == CAU_OK && str_is(form->kind->name, "commitment"))
        err = commitment_complete(a, old, &form->payload);
    return err;
}

enum cau_err rules_apply(struct view *v, struct arena *a, const struct view_record *old,
                         bool imported, struct record_form *form,
                         struct record_problems *problems)
{
    size_t before = problems->n;
    bool settled = true;
    enum cau_err err = complete(a, old == NULL ? NULL : &old->payload, imported, form);
    if (err == CAU_OK)
        err = indicator_settle(a, form, problems, &settled);
    if (err != CAU_OK)
        return err;
    (void)consent_check(form, problems);
    check_dates(form, problems);
    err = check_circles(v, a, form, old, problems);
    return err == CAU_OK && problems->n > before ? CAU_ERR_SYNTAX : err;
}
