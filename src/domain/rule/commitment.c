#include "domain/rule/commitment.h"

#include "base/clock.h"
#include "domain/rule/commitment_int.h"
#include "domain/rule/rules.h"

#include <stdio.h>
#include <string.h>

/* ---- reading ---- */

static const struct value *rows_of(const struct value *payload)
{
    const struct value *rows = value_get(payload, "statuses");
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : NULL;
}

bool commitment_word_at(const struct value *payload, size_t i, struct commitment_word *out)
{
    const struct value *rows = rows_of(payload);
    if (rows == NULL || i >= rows->n)
        return false;
    const struct value *row = &rows->item[i];
    *out = (struct commitment_word){.side = value_get_str(row, "side"),
                                    .date = value_get_str(row, "date"),
                                    .who = value_get_str(row, "who"),
                                    .source = value_get_str(row, "source"),
                                    .note = value_get(row, "note"),
                                    .status = COMMITMENT_OPEN};
    (void)commitment_read_status(value_get_str(row, "status"), &out->status);
    return true;
}

bool commitment_earlier(struct str x, struct str y)
{
    size_t known = x.len < y.len ? x.len : y.len;
    return str_cmp(str_to(x, known), str_to(y, known)) < 0;
}

bool commitment_word_of(const struct value *payload, struct str side,
                        struct commitment_word *out)
{
    struct commitment_word word;
    bool found = false;
    for (size_t i = 0; commitment_word_at(payload, i, &word); i++)
        if (str_equal(word.side, side) &&
            !(found && commitment_earlier(word.date, out->date))) {
            *out = word;
            found = true;
        }
    return found;
}

/* The newest word of each side, in the order of their first. */
static size_t newest_words(const struct value *payload, struct desk_status out[SIDE_COUNT_MAX])
{
    struct commitment_word word;
    struct str side[SIDE_COUNT_MAX];
    size_t n = 0;
    for (size_t i = 0; commitment_word_at(payload, i, &word); i++)
        if (n < SIDE_COUNT_MAX && !side_is_in(side, n, word.side))
            side[n++] = word.side;
    for (size_t i = 0; i < n; i++)
        if (commitment_word_of(payload, side[i], &word))
            out[i] = (struct desk_status){.side = desk_country_of(side[i]),
                                          .status = (uint8_t)word.status};
    return n;
}

enum commitment_status commitment_status_of(const struct value *payload)
{
    struct str side[SIDE_COUNT_MAX];
    uint16_t acts[SIDE_COUNT_MAX];
    struct desk_status word[SIDE_COUNT_MAX];
    size_t n = side_acting(payload, side);
    for (size_t i = 0; i < n; i++)
        acts[i] = desk_country_of(side[i]);
    return commitment_overall(acts, n, word, newest_words(payload, word));
}

/* ---- who may say what ---- */

/* His organisation is the owner or an executor. */
static bool has_part(struct view *v, const struct actor *actor, const struct value *payload)
{
    const struct value *rows = value_get(payload, "executors");
    struct str owner = value_get_str(payload, "owner");
    if (owner.len > 0 && view_find(v, actor_everything(), owner) == actor->organization_doc)
        return true;
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct str name = value_get_str(&rows->item[i], "organization");
        if (name.len > 0 && view_find(v, actor_everything(), name) == actor->organization_doc)
            return true;
    }
    return false;
}

enum register_why commitment_speaker(struct view *v, struct arena *a, const struct node *n,
                                     const struct actor *actor, const struct view_record *r,
                                     struct str side, struct str *out)
{
    struct str concerned[SIDE_COUNT_MAX];
    if (!may(actor, MAY_TELL, r->kind, r))
        return REGISTER_NOT_ALLOWED;
    bool keeps = may(actor, MAY_EDIT, r->kind, r);
    if (!keeps && (actor->organization_doc == 0 || !has_part(v, actor, &r->payload)))
        return REGISTER_NOT_ALLOWED;
    struct str own = actor->is_operator && side.len > 0 ? side : side_of_actor(v, a, n, actor);
    size_t count = side_concerned(&r->payload, concerned);
    if (own.len == 0 || !side_is_in(concerned, count, own))
        return REGISTER_NO_SIDE;
    *out = own;
    return REGISTER_DONE;
}

static bool acts(const struct value *payload, struct str side)
{
    struct str acting[SIDE_COUNT_MAX];
    size_t n = side_acting(payload, acting);
    return n == 0 || side_is_in(acting, n, side);
}

/* A side that is to act said so already. */
static bool is_said(const struct value *payload, enum commitment_status status)
{
    struct str acting[SIDE_COUNT_MAX];
    struct commitment_word word;
    size_t n = side_acting(payload, acting);
    for (size_t i = 0; i < n; i++)
        if (commitment_word_of(payload, acting[i], &word) && word.status == status)
            return true;
    return false;
}

enum register_why commitment_may_tell(const struct value *payload, struct str side,
                                      enum commitment_status status)
{
    if (status == COMMITMENT_MOVED)
        return REGISTER_STATE;
    if (commitment_closes(status) && !acts(payload, side) && !is_said(payload, status))
        return REGISTER_NOT_ACTING;
    return REGISTER_DONE;
}

enum register_why commitment_begin(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, enum may_action action, struct str side,
                                   const struct digest *after, struct view_record *r,
                                   struct str *out_side, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    enum register_why why = register_current(n, a, actor, id, r);
    if (why != REGISTER_DONE)
        return why;
    if (r->withdrawn || !str_is(r->kind->name, "commitment"))
        return REGISTER_GONE;
    if (!may(actor, action, r->kind, r))
        return REGISTER_NOT_ALLOWED;
    struct view *v = view_take(n);
    why = commitment_speaker(v, a, n, actor, r, side, out_side);
    view_give(n, v);
    if (why == REGISTER_DONE && action != MAY_TELL && !acts(&r->payload, *out_side))
        why = REGISTER_NOT_ACTING;
    if (why == REGISTER_DONE && after != NULL && !digest_equal(after, &r->leaf)) {
        out->current = *r;
        why = REGISTER_CHANGED;
    }
    return why;
}

/* ---- making a form ---- */

void commitment_problem(struct register_outcome *out, struct str place, enum record_code code,
                        struct str value)
{
    record_problem_add(&out->problems, (struct record_problem){place, code, value, 0});
}

enum cau_err commitment_form_with(struct arena *a, const struct view_record *r, struct str side,
                                  const struct commitment_telling *word, struct value *form)
{
    struct value rows = value_array(), row = value_object(), note = value_object();
    enum cau_err err = record_to_form(a, r->kind, r->audience, &r->payload, form);
    const struct value *was = rows_of(&r->payload);
    if (err == CAU_OK && was != NULL)
        err = value_copy(a, was, &rows);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "side", side);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "status", commitment_status_code(word->status));
    if (err == CAU_OK)
        err = value_set_str(a, &row, "date", word->date);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "who", word->who);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "source", word->source);
    if (err == CAU_OK && word->note.len > 0) {
        err = value_set(a, &note, lang_code(word->lang), value_string(word->note));
        if (err == CAU_OK)
            err = value_set(a, &row, STR("note"), note);
    }
    if (err == CAU_OK)
        err = value_push(a, &rows, row);
    return err == CAU_OK ? value_set(a, form, STR("statuses"), rows) : err;
}

/* "statuses[3].note.vi" is said of the form's "note". */
static struct str short_place(struct str place)
{
    if (!str_starts(place, STR("statuses[")))
        return place;
    struct str rest = place;
    (void)str_next(&rest, ']');
    if (rest.len == 0)
        return STR("statuses");
    rest = str_from(rest, 1);
    return str_next(&rest, '.');
}

enum cau_err commitment_check(struct node *n, struct view *v, struct arena *a,
                              const struct view_record *old, const struct value *form,
                              struct record_form *out, struct record_problems *problems)
{
    const struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = record_check(a, node_kinds(n), form, rules, out, problems);
    for (size_t i = 0; i < problems->n; i++)
        problems->v[i].place = short_place(problems->v[i].place);
    return err == CAU_OK ? rules_apply(v, a, (struct rules_input){.old = old}, out, problems)
                         : err;
}

/* ---- telling ---- */

/* Nothing new: the same word of the side, of the same day or of none, with nothing beside it. */
static bool is_same(const struct value *payload, struct str side,
                    const struct commitment_telling *t)
{
    struct commitment_word word;
    bool silent = t->note.len == 0 && t->source.len == 0;
    if (!commitment_word_of(payload, side, &word))
        return false;
    return silent && word.status == t->status &&
           (t->date.len == 0 || str_equal(t->date, word.date));
}

static void look_at(const struct value *payload, struct str today,
                    const struct commitment_telling *t, struct register_outcome *out)
{
    bool needs_note = t->status == COMMITMENT_DISPUTED || t->status == COMMITMENT_DROPPED;
    struct str said_on = value_get_str(payload, "said_on");
    struct clock_date date;
    if (needs_note && t->note.len == 0)
        commitment_problem(out, STR("note"), RECORD_REQUIRED, t->note);
    if (clock_read_date(t->date, &date) != CAU_OK)
        return; /* record_check says so */
    if (commitment_earlier(today, t->date))
        commitment_problem(out, STR("date"), RECORD_FUTURE, t->date);
    else if (said_on.len > 0 && commitment_earlier(t->date, said_on))
        commitment_problem(out, STR("date"), RECORD_EARLIER, said_on);
}

enum register_why commitment_tell(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, const struct commitment_telling *telling,
                                  struct register_outcome *out)
{
    struct view_record r;
    struct value form;
    struct record_form checked = {0};
    struct str side, today;
    struct commitment_telling t = *telling;
    t.note = str_trim(t.note);
    t.source = str_trim(t.source);
    t.date = str_trim(t.date);
    enum register_why why =
        commitment_begin(n, a, actor, id, MAY_TELL, t.side, t.after, &r, &side, out);
    if (why == REGISTER_DONE)
        why = commitment_may_tell(&r.payload, side, t.status);
    if (why == REGISTER_DONE && is_same(&r.payload, side, &t))
        why = REGISTER_SAME;
    if (why != REGISTER_DONE)
        return why;
    enum cau_err err = desk_today_text(a, &today);
    if (err == CAU_OK && t.date.len == 0)
        t.date = today;
    if (err == CAU_OK)
        err = commitment_form_with(a, &r, side, &t, &form);
    struct view *v = view_take(n);
    if (err == CAU_OK)
        err = commitment_check(n, v, a, &r, &form, &checked, &out->problems);
    view_give(n, v);
    if (err != CAU_OK && err != CAU_ERR_SYNTAX)
        return register_why_of(err);
    look_at(&r.payload, today, &t, out);
    if (out->problems.n > 0)
        return REGISTER_PROBLEMS;
    struct actor signer = register_signer(actor, &r);
    struct register_version version = register_next(&r);
    version.payload = &checked.payload;
    return register_put(n, a, &signer, &version, out);
}

/* ---- saving ---- */

/* Rows of old that are not in rows go before them: what a side has said stays said. */
static enum cau_err keep_words(struct arena *a, const struct value *old, struct value *payload)
{
    const struct value *was = rows_of(old), *is = rows_of(payload);
    struct value rows = value_array();
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; was != NULL && i < was->n && err == CAU_OK; i++) {
        bool there = false;
        for (uint32_t j = 0; is != NULL && j < is->n; j++)
            there = there || value_equal(&was->item[i], &is->item[j]);
        if (!there)
            err = value_push(a, &rows, was->item[i]);
    }
    if (err != CAU_OK || rows.n == 0)
        return err;
    for (uint32_t j = 0; is != NULL && j < is->n && err == CAU_OK; j++)
        err = value_push(a, &rows, is->item[j]);
    return err == CAU_OK ? value_set(a, payload, STR("statuses"), rows) : err;
}

enum cau_err commitment_complete(struct arena *a, const struct value *old,
                                 struct value *payload)
{
    enum cau_err err = old == NULL ? CAU_OK : keep_words(a, old, payload);
    struct str status = commitment_status_code(commitment_status_of(payload));
    return err == CAU_OK ? value_set(a, payload, STR("status"), value_string(status)) : err;
}
