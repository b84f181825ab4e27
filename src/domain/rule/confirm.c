#include "domain/rule/confirm.h"

#include "base/utf8.h"
#include "domain/desk/desk.h"
#include "domain/rule/register_int.h"

#include <string.h>

#define DISPUTE_TITLE_POINTS 120 /* of its statement, as the title of a claim */

bool confirm_has(const struct kind *kind)
{
    const struct kind_field *f = kind_find_field(kind, STR("confirmations"));
    return f != NULL && f->rule;
}

static const struct value *rows_of(const struct value *payload)
{
    const struct value *rows = value_get(payload, "confirmations");
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : NULL;
}

static struct confirm_side *find(struct confirm_side *list, size_t n, struct str side)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(list[i].side, side))
            return &list[i];
    return NULL;
}

size_t confirm_sides(const struct value *payload, struct confirm_side out[SIDE_COUNT_MAX])
{
    struct str side[SIDE_COUNT_MAX];
    size_t n = side_concerned(payload, side);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct confirm_side){.side = side[i]};
    const struct value *rows = rows_of(payload);
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++) {
        const struct value *row = &rows->item[i];
        struct str named = value_get_str(row, "side");
        struct confirm_side *s = find(out, n, named);
        if (s == NULL && n < SIDE_COUNT_MAX)
            s = &out[n++];
        if (s == NULL)
            continue;
        bool yes = str_is(value_get_str(row, "standing"), "confirmed");
        *s = (struct confirm_side){.side = named,
                                   .standing = yes ? CONFIRM_CONFIRMED : CONFIRM_REPORTED,
                                   .on = value_get_str(row, "on"),
                                   .who = value_get_str(row, "who")};
    }
    return n;
}

/* ---- writing rows ---- */

static enum cau_err push_row(struct arena *a, struct value *rows, const struct confirm_side *s)
{
    struct value row = value_object();
    if (s->standing == CONFIRM_OPEN)
        return CAU_OK;
    bool yes = s->standing == CONFIRM_CONFIRMED;
    enum cau_err err = value_set_str(a, &row, "side", s->side);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "standing", yes ? STR("confirmed") : STR("reported"));
    if (err == CAU_OK && yes)
        err = value_set_str(a, &row, "on", s->on);
    if (err == CAU_OK && yes)
        err = value_set_str(a, &row, "who", s->who);
    return err == CAU_OK ? value_push(a, rows, row) : err;
}

static enum cau_err set_rows(struct arena *a, struct value *payload,
                             const struct confirm_side *list, size_t n)
{
    struct value rows = value_array();
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = push_row(a, &rows, &list[i]);
    if (err == CAU_OK && rows.n == 0) {
        value_remove(payload, "confirmations");
        return CAU_OK;
    }
    return err == CAU_OK ? value_set(a, payload, STR("confirmations"), rows) : err;
}

enum cau_err confirm_of_other(struct arena *a, struct value *payload)
{
    struct confirm_side list[SIDE_COUNT_MAX];
    size_t n = confirm_sides(payload, list);
    for (size_t i = 0; i < n; i++)
        if (list[i].standing == CONFIRM_CONFIRMED)
            list[i].standing = CONFIRM_REPORTED;
    return set_rows(a, payload, list, n);
}

/* ---- saving ---- */

/* What a side confirms is what was said, not where else it is filed. */
static bool is_said(const struct kind_field *f)
{
    static const char *const beside[] = {"fields", "sources", "links", "external_id",
                                         "example"};
    for (size_t i = 0; i < countof(beside); i++)
        if (str_is(f->name, beside[i]))
            return false;
    return !f->rule;
}

static bool says_the_same(const struct kind *kind, const struct value *x, const struct value *y)
{
    for (size_t i = 0; i < kind->n; i++) {
        const struct value *was = value_find(x, kind->field[i].name),
                           *is = value_find(y, kind->field[i].name);
        bool same = was == NULL || is == NULL ? was == is : value_equal(was, is);
        if (!same && is_said(&kind->field[i]))
            return false;
    }
    return true;
}

enum cau_err confirm_complete(struct arena *a, const struct kind *kind, const struct value *old,
                              bool imported, struct value *payload)
{
    if (!confirm_has(kind))
        return CAU_OK;
    struct confirm_side now[SIDE_COUNT_MAX], was[SIDE_COUNT_MAX];
    size_t n = confirm_sides(payload, now), before = old == NULL ? 0 : confirm_sides(old, was);
    bool same = old != NULL && says_the_same(kind, old, payload);
    for (size_t i = 0; i < before; i++) {
        struct confirm_side *s = find(now, n, was[i].side);
        if (was[i].standing == CONFIRM_OPEN)
            continue;
        if (s == NULL && n < SIDE_COUNT_MAX)
            s = &now[n++];
        if (s == NULL)
            continue;
        if (was[i].standing == CONFIRM_CONFIRMED || s->standing == CONFIRM_OPEN)
            *s = was[i];
        if (!same && s->standing == CONFIRM_CONFIRMED)
            s->standing = CONFIRM_REPORTED;
    }
    for (size_t i = 0; imported && i < n; i++)
        if (now[i].standing == CONFIRM_OPEN)
            now[i].standing = CONFIRM_REPORTED;
    return set_rows(a, payload, now, n);
}

/* ---- a side speaks ---- */

/* The record, and the side he speaks for, when he may speak about it. */
static enum register_why begin(struct node *n, struct arena *a, const struct actor *actor,
                               struct str id, const struct confirm_word *word,
                               struct view_record *r, struct str *side,
                               struct register_outcome *out)
{
    struct str concerned[SIDE_COUNT_MAX];
    memset(out, 0, sizeof *out);
    enum register_why why = register_current(n, a, actor, id, r);
    if (why != REGISTER_DONE)
        return why;
    if (r->withdrawn || !confirm_has(r->kind))
        return REGISTER_GONE;
    if (!may(actor, MAY_AFFIRM, r->kind, r))
        return REGISTER_NOT_ALLOWED;
    struct view *v = view_take(n);
    *side =
        actor->is_operator && word->side.len > 0 ? word->side : side_of_actor(v, a, n, actor);
    view_give(n, v);
    size_t count = side_concerned(&r->payload, concerned);
    if (side->len == 0 || !side_is_in(concerned, count, *side))
        return REGISTER_NO_SIDE;
    if (word->after != NULL && !digest_equal(word->after, &r->leaf)) {
        out->current = *r;
        return REGISTER_CHANGED;
    }
    return REGISTER_DONE;
}

/* The record with another standing of one side. *out is a checked form. */
static enum register_why set_standing(struct node *n, struct arena *a,
                                      const struct view_record *r,
                                      const struct confirm_side *word, struct record_form *out,
                                      struct record_problems *problems)
{
    struct value form;
    struct confirm_side list[SIDE_COUNT_MAX];
    size_t count = confirm_sides(&r->payload, list);
    struct confirm_side *s = find(list, count, word->side);
    if (s == NULL)
        return REGISTER_NO_SIDE;
    *s = *word;
    enum cau_err err = record_to_form(a, r->kind, r->audience, &r->payload, &form);
    if (err == CAU_OK)
        err = set_rows(a, &form, list, count);
    if (err == CAU_OK)
        err = record_check(a, node_kinds(n), &form,
                           (struct record_rules){.compose = true, .all_fields = true}, out,
                           problems);
    if (err == CAU_ERR_SYNTAX) { /* the only thing that came from outside */
        problems->n = 1;
        problems->v[0].place = STR("who");
        return REGISTER_PROBLEMS;
    }
    return err == CAU_OK ? REGISTER_DONE : register_why_of(err);
}

static struct register_version version_of(const struct view_record *r,
                                          const struct record_form *form)
{
    return (struct register_version){.id = r->id,
                                     .kind = r->kind,
                                     .audience = r->audience,
                                     .payload = &form->payload,
                                     .after = &r->leaf};
}

enum register_why confirm_affirm(struct node *n, struct arena *a, const struct actor *actor,
                                 struct str id, const struct confirm_word *word,
                                 struct register_outcome *out)
{
    struct view_record r;
    struct record_form form = {0};
    struct confirm_side now = {.standing = CONFIRM_CONFIRMED, .who = str_trim(word->who)};
    struct confirm_side list[SIDE_COUNT_MAX];
    enum register_why why = begin(n, a, actor, id, word, &r, &now.side, out);
    if (why != REGISTER_DONE)
        return why;
    const struct confirm_side *was = find(list, confirm_sides(&r.payload, list), now.side);
    if (was != NULL && was->standing == CONFIRM_CONFIRMED)
        return REGISTER_SAME;
    enum cau_err err = desk_today_text(a, &now.on);
    if (err != CAU_OK)
        return register_why_of(err);
    why = set_standing(n, a, &r, &now, &form, &out->problems);
    if (why != REGISTER_DONE)
        return why;
    struct actor signer = register_signer(actor, &r);
    struct register_version version = version_of(&r, &form);
    return register_put(n, a, &signer, &version, out);
}

static enum cau_err dispute_form(struct arena *a, const struct actor *actor,
                                 const struct view_record *r, struct str side,
                                 const struct confirm_word *word, struct value *form)
{
    struct value text = value_object(), title = value_object();
    struct str day, rest = word->statement, line = str_trim(str_next(&rest, '\n'));
    *form = value_object();
    enum cau_err err = value_set_str(a, form, "kind", STR("claim"));
    if (err == CAU_OK)
        err = value_set_str(a, form, "claim", STR("disputes"));
    if (err == CAU_OK)
        err = value_set_str(a, form, "about", r->id);
    if (err == CAU_OK)
        err = value_set_str(a, form, "country", side);
    if (err == CAU_OK)
        err = value_set_str(a, form, "organization", actor->organization);
    if (err == CAU_OK)
        err = value_set_str(a, form, "visibility", record_audience_name(r->audience));
    if (err == CAU_OK)
        err = desk_today_text(a, &day);
    if (err == CAU_OK)
        err = value_set_str(a, form, "made_on", day);
    if (err == CAU_OK)
        err = value_set(a, &text, lang_code(word->lang), value_string(word->statement));
    if (err == CAU_OK)
        err = value_set(a, &title, lang_code(word->lang),
                        value_string(str_trim(utf8_clip(line, DISPUTE_TITLE_POINTS))));
    if (err == CAU_OK)
        err = value_set(a, form, STR("title"), title);
    return err == CAU_OK ? value_set(a, form, STR("statement"), text) : err;
}

enum register_why confirm_dispute(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, const struct confirm_word *given,
                                  struct register_outcome *out)
{
    struct view_record r;
    struct confirm_word word = *given;
    struct confirm_side back = {.standing = CONFIRM_REPORTED}, list[SIDE_COUNT_MAX];
    struct value text;
    struct record_form claim = {0}, changed = {0};
    struct writer_result result[2];
    word.statement = str_trim(word.statement);
    enum register_why why = begin(n, a, actor, id, &word, &r, &back.side, out);
    if (why != REGISTER_DONE)
        return why;
    enum cau_err err = dispute_form(a, actor, &r, back.side, &word, &text);
    if (err == CAU_OK && word.statement.len > 0)
        err = record_check(a, node_kinds(n), &text, (struct record_rules){.compose = true},
                           &claim, &out->problems);
    if (word.statement.len == 0 || err == CAU_ERR_SYNTAX) {
        enum record_code code =
            word.statement.len == 0 ? RECORD_REQUIRED : out->problems.v[0].code;
        out->problems.n = 1;
        out->problems.v[0] = (struct record_problem){.place = STR("statement"), .code = code};
        return REGISTER_PROBLEMS;
    }
    if (err != CAU_OK)
        return register_why_of(err);
    const struct confirm_side *was = find(list, confirm_sides(&r.payload, list), back.side);
    bool takes_back = was != NULL && was->standing == CONFIRM_CONFIRMED;
    if (takes_back)
        why = set_standing(n, a, &r, &back, &changed, &out->problems);
    if (why != REGISTER_DONE)
        return why;
    struct actor signer = register_signer(actor, &r);
    const struct register_version version[] = {
        {.kind = claim.kind, .audience = r.audience, .payload = &claim.payload},
        version_of(&r, &changed)};
    return register_put_all(n, a, &signer, version, takes_back ? 2 : 1, result, out);
}
