#include "domain/rule/alike.h"

#include "base/words.h"
#include "domain/rule/register_int.h"

#include <stdlib.h>
#include <string.h>

bool alike_is(const struct kind *kind)
{
    return kind->field[kind->title].type == KIND_NAMES &&
           kind_find_field(kind, STR("identifiers")) != NULL;
}

/* ---- the set ---- */

struct filling {
    struct identity *set;
    enum cau_err err;
};

static bool fill(void *ctx, const struct view_record *r)
{
    struct filling *f = ctx;
    struct identity_facts facts;
    if (r->redacted || r->withdrawn)
        return true;
    identity_facts_of(r->kind, r->doc, &r->payload, &facts);
    f->err = identity_add(f->set, &facts);
    return f->err == CAU_OK;
}

enum cau_err alike_set(struct view *view, struct index_reader reader, const struct kind *kind,
                       const struct vocabulary *v, bool pairs_only, struct identity **out)
{
    struct arena own = arena_new((size_t)64 << 20);
    struct filling f = {.err = CAU_OK};
    enum cau_err err = identity_open(v, str_is(kind->name, "person"), &f.set);
    if (err == CAU_OK)
        err = view_each(view, &own, reader, kind, fill, &f);
    err = err == CAU_OK ? f.err : err;
    if (err == CAU_OK)
        err = identity_ready(f.set, pairs_only);
    arena_free(&own);
    if (err == CAU_OK)
        *out = f.set;
    else
        identity_close(f.set);
    return err;
}

/* ---- decisions ---- */

static bool is_decision(const struct value *payload)
{
    struct str claim = value_get_str(payload, "claim");
    return str_is(claim, "same_as") || str_is(claim, "not_same_as");
}

struct deciding {
    struct buf *
        found; /* struct alike_decision; x and y are places in names until they are looked up */
    struct buf *names; /* the ids, one after the other, each RECORD_ID_CHARS */
};

static bool stands(const struct view_record *r)
{
    return !r->withdrawn && value_get(&r->payload, "confirmed") != NULL &&
           is_decision(&r->payload) &&
           value_get_str(&r->payload, "about").len == RECORD_ID_CHARS &&
           value_get_str(&r->payload, "object").len == RECORD_ID_CHARS;
}

static bool note_decision(void *ctx, const struct view_record *r)
{
    struct deciding *d = ctx;
    struct str about = value_get_str(&r->payload, "about"),
               object = value_get_str(&r->payload, "object");
    if (!stands(r))
        return true;
    struct alike_decision one = {.x = (uint32_t)(d->names->len / RECORD_ID_CHARS),
                                 .same = str_is(value_get_str(&r->payload, "claim"), "same_as"),
                                 .claim = r->doc};
    one.y = one.x + 1;
    buf_add(d->names, about);
    buf_add(d->names, object);
    buf_add(d->found, (struct str){(const char *)&one, sizeof one});
    return !d->found->failed && !d->names->failed;
}

static int decision_cmp(const void *p, const void *q)
{
    const struct alike_decision *x = p, *y = q;
    if (x->x != y->x)
        return x->x < y->x ? -1 : 1;
    if (x->y != y->y)
        return x->y < y->y ? -1 : 1;
    return x->claim > y->claim ? -1 : x->claim < y->claim; /* the newest first */
}

/* Sorted, and of each pair the newest decision. */
static size_t newest(struct alike_decision *v, size_t n)
{
    size_t out = 0;
    if (n > 0)
        qsort(v, n, sizeof *v, decision_cmp);
    for (size_t i = 0; i < n; i++)
        if (out == 0 || v[out - 1].x != v[i].x || v[out - 1].y != v[i].y)
            v[out++] = v[i];
    return out;
}

/* Documents for ids; a pair with one that the reader may not see is dropped. */
static size_t look_up(struct view *view, struct index_reader reader, const struct buf *names,
                      struct alike_decision *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct str x = {names->p + (size_t)v[i].x * RECORD_ID_CHARS, RECORD_ID_CHARS};
        struct str y = {names->p + (size_t)v[i].y * RECORD_ID_CHARS, RECORD_ID_CHARS};
        uint32_t a = view_find(view, reader, x), b = view_find(view, reader, y);
        if (a == 0 || b == 0 || a == b)
            continue;
        struct alike_decision one = v[i];
        one.x = a < b ? a : b;
        one.y = a < b ? b : a;
        v[kept++] = one;
    }
    return newest(v, kept);
}

enum cau_err alike_decisions(struct view *view, struct index_reader reader,
                             const struct kinds *kinds, struct arena *a,
                             struct alike_decision **out, size_t *n)
{
    struct arena own = arena_new((size_t)64 << 20);
    struct buf found = buf_new((size_t)1 << 30), names = buf_new((size_t)1 << 30);
    struct deciding d = {&found, &names};
    enum cau_err err =
        view_each(view, &own, reader, kinds_find(kinds, STR("claim")), note_decision, &d);
    if (found.failed || names.failed)
        err = CAU_ERR_MEMORY;
    size_t count = err == CAU_OK ? found.len / sizeof **out : 0;
    if (count > 0)
        count = look_up(view, reader, &names, (void *)found.p, count);
    struct alike_decision *list = arena_take(a, (count + 1) * sizeof *list);
    if (err == CAU_OK && list == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK) {
        if (count > 0)
            memcpy(list, found.p, count * sizeof *list);
        *out = list;
        *n = count;
    }
    buf_free(&found);
    buf_free(&names);
    arena_free(&own);
    return err;
}

enum cau_err alike_decisions_of(struct view *view, struct arena *a, struct index_reader reader,
                                uint32_t doc, struct alike_decision **out, size_t *n)
{
    struct view_link *link;
    size_t links = 0, found = 0;
    enum cau_err err = view_links_to(view, a, reader, doc, &link, &links);
    struct alike_decision *list =
        err == CAU_OK ? arena_take(a, (links + 1) * sizeof *list) : NULL;
    if (err == CAU_OK && list == NULL)
        err = CAU_ERR_MEMORY;
    for (size_t i = 0; err == CAU_OK && i < links && found < ALIKE_DECISIONS_MAX; i++) {
        struct view_record r;
        if ((!str_is(link[i].rel, "about") && !str_is(link[i].rel, "object")) ||
            link[i].doc == 0)
            continue;
        err = view_get(view, a, reader, link[i].doc, &r);
        if (err == CAU_ERR_UNKNOWN) {
            err = CAU_OK;
            continue;
        }
        if (err != CAU_OK || !str_is(r.kind->name, "claim") || !stands(&r))
            continue;
        uint32_t x = view_find(view, reader, value_get_str(&r.payload, "about")),
                 y = view_find(view, reader, value_get_str(&r.payload, "object"));
        if (x != 0 && y != 0 && x != y)
            list[found++] = (struct alike_decision){
                .x = x < y ? x : y,
                .y = x < y ? y : x,
                .same = str_is(value_get_str(&r.payload, "claim"), "same_as"),
                .claim = r.doc};
    }
    if (err == CAU_OK) {
        *n = newest(list, found);
        *out = list;
    }
    return err;
}

const struct alike_decision *alike_decision_of(const struct alike_decision *list, size_t n,
                                               uint32_t x, uint32_t y)
{
    struct alike_decision key = {.x = x < y ? x : y, .y = x < y ? y : x};
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct alike_decision *d = &list[middle];
        if (d->x == key.x && d->y == key.y)
            return d;
        if (d->x < key.x || (d->x == key.x && d->y < key.y))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

size_t alike_undecided(struct identity_pair *pairs, size_t n, const struct alike_decision *list,
                       size_t decisions)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (alike_decision_of(list, decisions, pairs[i].x, pairs[i].y) == NULL)
            pairs[kept++] = pairs[i];
    return kept;
}

static enum cau_err names_in_link(struct view *view, struct arena *a,
                                  struct index_reader reader, uint32_t from, uint32_t to,
                                  bool *found)
{
    struct view_link *link;
    size_t n = 0;
    enum cau_err err = view_links_from(view, a, reader, from, &link, &n);
    for (size_t i = 0; err == CAU_OK && i < n; i++)
        *found = *found || link[i].doc == to;
    return err;
}

enum cau_err alike_unlinked(struct view *view, struct index_reader reader, struct buf *pairs)
{
    struct arena own = arena_new((size_t)16 << 20);
    struct identity_pair *p = (void *)pairs->p;
    size_t n = pairs->len / sizeof *p, kept = 0;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        bool linked = false;
        arena_reset(&own);
        if (i < ALIKE_LINKED_MAX)
            err = names_in_link(view, &own, reader, p[i].x, p[i].y, &linked);
        if (i < ALIKE_LINKED_MAX && err == CAU_OK && !linked)
            err = names_in_link(view, &own, reader, p[i].y, p[i].x, &linked);
        if (!linked)
            p[kept++] = p[i];
    }
    if (err == CAU_OK)
        pairs->len = kept * sizeof *p;
    arena_free(&own);
    return err;
}

/* ---- reasons ---- */

static const char *what_of(enum weigh_field field, unsigned level)
{
    static const char *const what[WEIGH_FIELDS][WEIGH_LEVELS_MAX] = {
        [WEIGH_IDENTIFIER] = {NULL, "same", "other"},
        [WEIGH_NAME] = {NULL, "same", "alike", "alike", "alike", "alike", "other"},
        [WEIGH_ACRONYM] = {NULL, "same"},
        [WEIGH_DOMAIN] = {NULL, "same", "shared", "other"},
        [WEIGH_COUNTRY] = {NULL, "same", "other"},
        [WEIGH_CITY] = {NULL, "same", "other"},
        [WEIGH_TYPE] = {NULL, "same", "other"},
        [WEIGH_YEAR] = {NULL, "same", "near", "other"}};
    must(level < WEIGH_LEVELS_MAX && what[field][level] != NULL);
    return what[field][level];
}

/* The first value that both lists have; else the first of each. */
static void common(const struct str *x, size_t n, const struct str *y, size_t m,
                   struct alike_reason *out)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (str_equal(x[i], y[k])) {
                out->x = x[i];
                out->y = y[k];
                return;
            }
    out->x = n > 0 ? x[0] : (struct str){NULL, 0};
    out->y = m > 0 ? y[0] : (struct str){NULL, 0};
}

/* The identifiers the reason is about: of one scheme. */
static void identifiers(const struct identity_facts *x, const struct identity_facts *y,
                        bool same, struct alike_reason *out)
{
    for (size_t i = 0; i < x->identifiers; i++)
        for (size_t k = 0; k < y->identifiers; k++)
            if (str_equal(x->scheme[i], y->scheme[k]) &&
                str_equal(x->identifier[i], y->identifier[k]) == same) {
                out->x = x->identifier[i];
                out->y = y->identifier[k];
                return;
            }
}

static void values_of(enum weigh_field field, const struct identity_score *score,
                      const struct identity_facts *x, const struct identity_facts *y,
                      struct alike_reason *out)
{
    switch (field) {
    case WEIGH_IDENTIFIER:
        identifiers(x, y, score->levels.level[field] == 1, out);
        break;
    case WEIGH_NAME:
        if (x->names > score->name_x && y->names > score->name_y) {
            out->x = x->name[score->name_x];
            out->y = y->name[score->name_y];
        }
        out->share_permille = score->share_permille;
        break;
    case WEIGH_DOMAIN:
        common(x->domain, x->domains, y->domain, y->domains, out);
        break;
    case WEIGH_COUNTRY:
        out->x = x->country;
        out->y = y->country;
        break;
    case WEIGH_CITY:
        common(x->city, x->cities, y->city, y->cities, out);
        break;
    case WEIGH_TYPE:
        common(x->type, x->types, y->type, y->types, out);
        break;
    case WEIGH_ACRONYM:
    case WEIGH_YEAR:
    case WEIGH_FIELDS:
        break;
    }
}

static size_t put_reason(struct alike_reason *out, size_t n, struct alike_reason r)
{
    size_t at = n;
    while (at > 0 && abs(out[at - 1].weight) < abs(r.weight)) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = r;
    return n + 1;
}

size_t alike_reasons(const struct identity_score *score, const struct identity_facts *x,
                     const struct identity_facts *y, struct alike_reason out[ALIKE_REASONS_MAX])
{
    size_t n = 0;
    for (int f = 0; f < WEIGH_FIELDS; f++) {
        unsigned level = score->levels.level[f];
        if (level == 0)
            continue;
        struct alike_reason r = {.field = (enum weigh_field)f,
                                 .what = what_of((enum weigh_field)f, level),
                                 .weight = score->weight[f]};
        values_of(r.field, score, x, y, &r);
        n = put_reason(out, n, r);
    }
    if (score->rarity != 0)
        n = put_reason(out, n,
                       (struct alike_reason){.field = WEIGH_NAME,
                                             .what = score->rarity > 0 ? "rare" : "common",
                                             .weight = score->rarity});
    if (score->rival != 0)
        n = put_reason(out, n,
                       (struct alike_reason){.field = WEIGH_NAME,
                                             .what = score->rival > 0 ? "alone" : "rival",
                                             .weight = score->rival});
    return n;
}

void alike_say(struct buf *b, enum lang lang, const struct alike_reason *r)
{
    char id[64];
    struct buf share = buf_new(32);
    struct buf name = buf_new(sizeof id);
    buf_printf(&name, "identity.%s.%s", weigh_field_name(r->field), r->what);
    buf_add_int(&share, r->share_permille / 10);
    struct str slot[] = {r->x, r->y, buf_str(&share)};
    words_fill(b, words_find(lang, buf_str(&name)), slot, countof(slot));
    buf_free(&name);
    buf_free(&share);
}

/* ---- deciding ---- */

static bool is_standing(struct node *n, struct arena *a, const struct actor *actor, uint32_t x,
                        uint32_t y, bool same)
{
    struct alike_decision *list;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err = alike_decisions_of(v, a, actor_reader(actor), x, &list, &count);
    view_give(n, v);
    const struct alike_decision *d =
        err == CAU_OK ? alike_decision_of(list, count, x, y) : NULL;
    return d != NULL && d->same == same;
}

static enum cau_err set_str(struct arena *a, struct value *form, struct str key, struct str x)
{
    return value_set(a, form, key, value_string(x));
}

/* "Identity 12.3 bits. Names alike ...": what the decision was made on. */
static enum cau_err state_reasons(struct arena *a, const struct identity_score *score,
                                  const struct view_record *x, const struct view_record *y,
                                  enum lang lang, struct value *form)
{
    struct identity_facts *f = arena_take(a, 2 * sizeof *f);
    struct alike_reason reason[ALIKE_REASONS_MAX];
    struct buf b = buf_new(5000);
    struct str said;
    if (f == NULL)
        return CAU_ERR_MEMORY;
    identity_facts_of(x->kind, x->doc, &x->payload, &f[0]);
    identity_facts_of(y->kind, y->doc, &y->payload, &f[1]);
    size_t n = alike_reasons(score, &f[0], &f[1], reason);
    for (size_t i = 0; i < n && b.len < 4000; i++) {
        alike_say(&b, lang, &reason[i]);
        buf_printf(&b, " (%+d.%02d)\n", reason[i].weight / 100, abs(reason[i].weight % 100));
    }
    struct value text = value_object();
    enum cau_err err = b.failed ? CAU_OK : arena_copy(a, str_trim(buf_str(&b)), &said);
    if (err == CAU_OK && !b.failed && said.len > 0) {
        err = value_set(a, &text, lang_code(lang), value_string(said));
        if (err == CAU_OK)
            err = value_set(a, form, STR("statement"), text);
    }
    buf_free(&b);
    return err;
}

static enum cau_err make_claim(struct arena *a, const struct view_record *x,
                               const struct view_record *y, bool same,
                               const struct identity_score *score, enum lang lang,
                               struct value *form)
{
    *form = value_object();
    enum cau_err err = set_str(a, form, STR("kind"), STR("claim"));
    if (err == CAU_OK)
        err = set_str(a, form, STR("claim"), same ? STR("same_as") : STR("not_same_as"));
    if (err == CAU_OK)
        err = set_str(a, form, STR("about"), x->id);
    if (err == CAU_OK)
        err = set_str(a, form, STR("object"), y->id);
    if (err == CAU_OK)
        err = value_set(a, form, STR("confirmed"), value_true());
    return err == CAU_OK && score != NULL ? state_reasons(a, score, x, y, lang, form) : err;
}

enum register_why alike_decide(struct node *n, struct arena *a, const struct actor *actor,
                               struct str x, struct str y, bool same,
                               const struct identity_score *score, enum lang lang,
                               struct register_outcome *out)
{
    struct view_record one, other;
    struct value form;
    memset(out, 0, sizeof *out);
    enum register_why why = register_current(n, a, actor, x, &one);
    if (why == REGISTER_DONE)
        why = register_current(n, a, actor, y, &other);
    if (why != REGISTER_DONE)
        return why;
    if (!may(actor, MAY_CONFIRM, one.kind, NULL))
        return REGISTER_NOT_ALLOWED;
    if (one.doc == other.doc || one.kind != other.kind || !alike_is(one.kind) ||
        is_standing(n, a, actor, one.doc, other.doc, same))
        return REGISTER_STATE;
    enum cau_err err = make_claim(a, &one, &other, same, score, lang, &form);
    if (err != CAU_OK)
        return register_why_of(err);
    struct record_form checked = {0};
    err = record_check(a, node_kinds(n), &form,
                       (struct record_rules){.compose = true, .all_fields = true}, &checked,
                       &out->problems);
    if (err != CAU_OK)
        return err == CAU_ERR_SYNTAX ? REGISTER_PROBLEMS : register_why_of(err);
    struct register_version version = {
        .kind = checked.kind,
        .audience = one.audience > other.audience ? one.audience : other.audience,
        .payload = &checked.payload};
    return register_put(n, a, actor, &version, out);
}

enum register_why alike_withdraw(struct node *n, struct arena *a, const struct actor *actor,
                                 struct str claim, struct register_outcome *out)
{
    struct view_record r;
    memset(out, 0, sizeof *out);
    enum register_why why = register_allowed(n, a, actor, claim, MAY_CONFIRM, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!str_is(r.kind->name, "claim") || r.withdrawn || !is_decision(&r.payload))
        return REGISTER_STATE;
    enum cau_err err = value_set(a, &r.payload, STR("withdrawn"), value_string(STR("error")));
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    return register_put(n, a, actor, &version, out);
}
