#include "domain/rule/rules.h"

#include "domain/rule/commitment.h"
#include "domain/rule/confirm.h"
#include "domain/rule/consent.h"
#include "domain/rule/indicator.h"

#include <stdio.h>
#include <string.h>

static void add_problem(struct record_problems *problems, struct str place,
                        enum record_code code, struct str value, int64_t limit)
{
    record_problem_add(problems, (struct record_problem){place, code, value, limit});
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

struct stop { /* a record on the way: by its document, or by the name of one that is not here */
    uint32_t doc;
    struct str name;
};

struct walk {
    struct view *v;
    struct arena *a;
    const struct rules_pending *pending;
    struct str rel;
    struct stop self;  /* doc 0: it is new; name: links to it may have come before it */
    struct stop *seen; /* RULES_CHAIN_MAX */
    size_t n;
    bool circle, too_long;
};

static bool is_stop(const struct stop *s, uint32_t doc, struct str name)
{
    return (s->doc != 0 && s->doc == doc) || (s->name.len > 0 && str_equal(s->name, name));
}

/* One link further on the way. */
static void reach(struct walk *w, uint32_t doc, struct str name)
{
    w->circle = w->circle || is_stop(&w->self, doc, name);
    for (size_t i = 0; i < w->n; i++)
        if (is_stop(&w->seen[i], doc, name))
            return;
    if (w->n == RULES_CHAIN_MAX)
        w->too_long = true;
    else
        w->seen[w->n++] = (struct stop){doc, name};
}

static struct str pending_key(char space[RECORD_LINK_POINTS_MAX * 8], struct str rel,
                              struct str name)
{
    int n =
        snprintf(space, RECORD_LINK_POINTS_MAX * 8, "%.*s\n%.*s", STR_ARG(rel), STR_ARG(name));
    return n > 0 && n < RECORD_LINK_POINTS_MAX * 8 ? (struct str){space, (size_t)n}
                                                   : (struct str){NULL, 0};
}

/* Where links of the same file lead from a name. */
static void follow_pending(struct walk *w, struct str name)
{
    char space[RECORD_LINK_POINTS_MAX * 8];
    struct str key = pending_key(space, w->rel, name);
    if (w->pending == NULL || name.len == 0 || key.len == 0)
        return;
    for (uint32_t at = table_get(&w->pending->newest, key, 0), head[2]; at != 0; at = head[0]) {
        const char *link = w->pending->links.p + at - 1;
        memcpy(head, link, sizeof head);
        struct str to = {link + sizeof head, head[1]};
        reach(w, view_find(w->v, actor_everything(), to), to);
    }
}

/* Breadth first from the first stop on, along one relation. */
static enum cau_err follow(struct walk *w)
{
    for (size_t at = 0; at < w->n && !w->circle && !w->too_long; at++) {
        struct view_link *link;
        struct stop here = w->seen[at];
        size_t n = 0;
        enum cau_err err = here.doc == 0 ? CAU_OK
                                         : view_links_from(w->v, w->a, actor_everything(),
                                                           here.doc, &link, &n);
        if (err != CAU_OK && err != CAU_ERR_UNKNOWN)
            return err;
        for (size_t i = 0; i < n && err == CAU_OK; i++)
            if (str_equal(link[i].rel, w->rel))
                reach(w, link[i].doc, link[i].text);
        follow_pending(w, here.name);
    }
    return CAU_OK;
}

static enum cau_err check_circles(struct view *v, struct arena *a, struct rules_input input,
                                  const struct record_form *form,
                                  struct record_problems *problems)
{
    struct record_link link[RECORD_LINKS_MAX];
    size_t before = a->used;
    struct walk w = {.v = v,
                     .a = a,
                     .pending = input.pending,
                     .self = {input.old == NULL ? 0 : input.old->doc,
                              value_get_str(&form->payload, "external_id")},
                     .seen = arena_take(a, RULES_CHAIN_MAX * sizeof *w.seen)};
    if (w.seen == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    size_t n = record_links(form->kind, &form->payload, link, RECORD_LINKS_MAX);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        if (!is_chain(link[i].rel) || link[i].to.len == 0)
            continue;
        w.rel = link[i].rel;
        w.n = 0;
        w.circle = w.too_long = false;
        reach(&w, view_find(v, actor_everything(), link[i].to), link[i].to);
        err = follow(&w);
        bool field = kind_find_field(form->kind, w.rel) != NULL;
        struct str place = field ? w.rel : STR("links");
        if (w.circle)
            add_problem(problems, place, RECORD_CIRCLE, link[i].to, 0);
        else if (w.too_long)
            add_problem(problems, place, RECORD_TOO_MANY, link[i].to, RULES_CHAIN_MAX);
    }
    a->used = before;
    return err;
}

struct rules_pending rules_pending_new(void)
{
    return (struct rules_pending){table_new(), buf_new(RULES_PENDING_BYTES_MAX)};
}

void rules_pending_free(struct rules_pending *p)
{
    table_free(&p->newest);
    buf_free(&p->links);
}

enum cau_err rules_pending_add(struct rules_pending *p, const struct record_form *form)
{
    struct record_link link[RECORD_LINKS_MAX];
    char space[RECORD_LINK_POINTS_MAX * 8];
    struct str name = value_get_str(&form->payload, "external_id");
    size_t n =
        name.len == 0 ? 0 : record_links(form->kind, &form->payload, link, RECORD_LINKS_MAX);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        struct str key = pending_key(space, link[i].rel, name);
        if (!is_chain(link[i].rel) || link[i].to.len == 0 || key.len == 0)
            continue;
        const uint32_t head[2] = {table_get(&p->newest, key, 0), (uint32_t)link[i].to.len};
        uint32_t at = (uint32_t)p->links.len + 1;
        buf_add(&p->links, (struct str){(const char *)head, sizeof head});
        buf_add(&p->links, link[i].to);
        err = p->links.failed ? CAU_ERR_RANGE : table_set(&p->newest, key, at);
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

enum cau_err rules_apply(struct view *v, struct arena *a, struct rules_input input,
                         struct record_form *form, struct record_problems *problems)
{
    size_t before = problems->n;
    bool settled = true;
    const struct value *old = input.old == NULL ? NULL : &input.old->payload;
    enum cau_err err = complete(a, old, input.imported, form);
    if (err == CAU_OK)
        err = indicator_settle(a, old, form, problems, &settled);
    if (err != CAU_OK)
        return err;
    (void)consent_check(form, problems);
    check_dates(form, problems);
    err = check_circles(v, a, input, form, problems);
    return err == CAU_OK && problems->n > before ? CAU_ERR_SYNTAX : err;
}
