/* A commitment becomes others: split among bodies, carried to the next session. */
#include "domain/rule/commitment_int.h"
#include "domain/rule/confirm.h"

#include <stdio.h>
#include <string.h>

static bool is_closed(const struct view_record *r)
{
    return commitment_closes(commitment_status_of(&r->payload));
}

/* ---- links ---- */

/* Documents of commitments that name doc in a field, not withdrawn, in the order they were made. */
static size_t named_by(struct view *v, struct arena *a, struct index_reader reader,
                       uint32_t doc, const char *field, uint32_t *out, size_t max)
{
    struct view_link *link;
    size_t links = 0, n = 0;
    if (view_links_to(v, a, reader, doc, &link, &links) != CAU_OK)
        return 0;
    for (size_t i = 0; i < links && n < max; i++) {
        struct view_record r;
        size_t before = a->used;
        bool wanted = link[i].doc != 0 && str_is(link[i].rel, field) &&
                      view_get(v, a, reader, link[i].doc, &r) == CAU_OK && !r.withdrawn &&
                      !r.redacted && str_is(r.kind->name, "commitment");
        a->used = before;
        if (!wanted)
            continue;
        size_t at = n++;
        for (; at > 0 && out[at - 1] > link[i].doc; at--)
            out[at] = out[at - 1];
        out[at] = link[i].doc;
    }
    return n;
}

uint32_t commitment_carried_to(struct view *v, struct arena *a, struct index_reader reader,
                               uint32_t doc)
{
    uint32_t found[1];
    return named_by(v, a, reader, doc, "carried_from", found, 1) == 1 ? found[0] : 0;
}

size_t commitment_parts(struct view *v, struct arena *a, struct index_reader reader,
                        uint32_t doc, uint32_t *out, size_t max)
{
    return named_by(v, a, reader, doc, "part_of", out, max);
}

/* The record of a kind that a name means, not withdrawn. What is taken from it into another record, or said of it, the
 * reader must be allowed to see. */
static bool find(struct view *v, struct arena *a, struct index_reader reader, struct str name,
                 const char *kind, struct view_record *out)
{
    uint32_t doc = name.len == 0 ? 0 : view_find(v, reader, name);
    return doc != 0 && view_get(v, a, reader, doc, out) == CAU_OK && !out->withdrawn &&
           !out->redacted && str_is(out->kind->name, kind);
}

/* ---- splitting ---- */

/* What a part has of the whole: the words and the force are those of the whole, for it is the same promise. */
static enum cau_err begin_part(struct arena *a, const struct view_record *whole,
                               struct value *form)
{
    static const char *const same[] = {
        "statement", "force",   "countries", "country",      "session",      "mechanism",
        "agreement", "project", "said_on",   "paragraph",    "requested_by", "fields",
        "sources",   "example", "due",       "confirmations"};
    *form = value_object();
    enum cau_err err = value_set_str(a, form, "kind", STR("commitment"));
    for (size_t i = 0; i < countof(same) && err == CAU_OK; i++) {
        const struct value *v = value_get(&whole->payload, same[i]);
        if (v != NULL)
            err = value_set(a, form, str_of(same[i]), *v);
    }
    if (err == CAU_OK)
        err = value_set_str(a, form, "visibility", record_audience_name(whole->audience));
    return err == CAU_OK ? value_set_str(a, form, "part_of", whole->id) : err;
}

static enum cau_err part_form(struct arena *a, const struct view_record *whole,
                              const struct commitment_part *part,
                              const struct view_record *body, enum lang lang,
                              struct value *form)
{
    struct value row = value_object(), rows = value_array(), sides = value_array();
    struct str side = value_get_str(&body->payload, "country");
    enum cau_err err = begin_part(a, whole, form);
    if (err == CAU_OK)
        err = record_set_text(a, form, "title", lang, part->task);
    if (err == CAU_OK)
        err = value_set_str(a, form, "due", part->due);
    if (err == CAU_OK)
        err = value_set_str(a, form, "owner", body->id);
    if (err == CAU_OK)
        err = value_push(a, &sides, value_string(side));
    if (err == CAU_OK)
        err = value_set(a, form, STR("side"), sides);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "side", side);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "organization", body->id);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "role", STR("main"));
    if (err == CAU_OK)
        err = record_set_text(a, &row, "task", lang, part->task);
    if (err == CAU_OK)
        err = value_push(a, &rows, row);
    if (err == CAU_OK)
        err = value_set(a, form, STR("executors"), rows);
    return err == CAU_OK ? confirm_of_other(a, form) : err;
}

static struct str place_of(struct arena *a, size_t i, const char *what)
{
    char text[40];
    struct str out = STR("part");
    int n = snprintf(text, sizeof text, "part[%zu].%s", i, what);
    must(n > 0 && (size_t)n < sizeof text);
    (void)arena_copy(a, (struct str){text, (size_t)n}, &out);
    return out;
}

/* Problems of a part's form at the places of what was given. */
static void add_problems(struct arena *a, size_t i, const struct record_problems *found,
                         struct register_outcome *out)
{
    for (size_t k = 0; k < found->n; k++) {
        const struct record_problem *p = &found->v[k];
        const char *what = str_is(p->place, "due") ? "due" : "task";
        bool twice = false;
        struct str place = place_of(a, i, what);
        for (size_t j = 0; j < out->problems.n; j++)
            twice = twice || str_equal(out->problems.v[j].place, place);
        if (!twice) /* a task that is too long is so as title and as task */
            commitment_problem(out, place, p->code, p->value);
    }
}

static bool has_part_already(struct view *v, struct arena *a, uint32_t whole, uint32_t body)
{
    uint32_t part[COMMITMENT_PARTS_MAX * 10];
    size_t n = commitment_parts(v, a, actor_everything(), whole, part, countof(part));
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        size_t before = a->used;
        bool same =
            view_get(v, a, actor_everything(), part[i], &r) == CAU_OK &&
            view_find(v, actor_everything(), value_get_str(&r.payload, "owner")) == body;
        a->used = before;
        if (same)
            return true;
    }
    return false;
}

/* One part as a checked form; what is wrong with it is in out->problems. */
static enum cau_err make_part(struct node *n, struct view *v, struct arena *a,
                              struct index_reader reader, const struct view_record *whole,
                              struct str side, const struct commitment_split *split, size_t i,
                              struct record_form *form, struct register_outcome *out)
{
    struct view_record body;
    struct value text;
    struct record_problems *found = arena_zero(a, sizeof *found);
    struct commitment_part part = split->part[i];
    part.task = str_trim(part.task);
    part.due = str_trim(part.due);
    if (found == NULL)
        return CAU_ERR_MEMORY;
    bool known = find(v, a, reader, part.organization, "organization", &body) &&
                 str_equal(value_get_str(&body.payload, "country"), side);
    if (!known)
        commitment_problem(out, place_of(a, i, "organization"),
                           part.organization.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK,
                           part.organization);
    if (part.task.len == 0)
        commitment_problem(out, place_of(a, i, "task"), RECORD_REQUIRED, part.task);
    if (!known || part.task.len == 0)
        return CAU_OK;
    if (has_part_already(v, a, whole->doc, body.doc))
        commitment_problem(out, place_of(a, i, "organization"), RECORD_TWICE,
                           part.organization);
    enum cau_err err = part_form(a, whole, &part, &body, split->lang, &text);
    if (err == CAU_OK)
        err = commitment_check(n, v, a, NULL, &text, form, found);
    if (err == CAU_ERR_SYNTAX) {
        add_problems(a, i, found, out);
        err = CAU_OK;
    }
    return err;
}

static void check_twice(struct arena *a, const struct commitment_split *split,
                        struct register_outcome *out)
{
    for (size_t i = 0; i < split->n; i++)
        for (size_t j = 0; j < i; j++)
            if (split->part[i].organization.len > 0 &&
                str_equal(split->part[i].organization, split->part[j].organization))
                commitment_problem(out, place_of(a, i, "organization"), RECORD_TWICE,
                                   split->part[i].organization);
}

enum register_why commitment_split(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct commitment_split *split,
                                   struct writer_result made[COMMITMENT_PARTS_MAX],
                                   struct register_outcome *out)
{
    struct view_record r;
    struct str side;
    enum register_why why =
        commitment_begin(n, a, actor, id, MAY_SPLIT, split->side, split->after, &r, &side, out);
    if (why == REGISTER_DONE && is_closed(&r))
        why = REGISTER_STATE;
    if (why != REGISTER_DONE)
        return why;
    if (split->n == 0 || split->n > COMMITMENT_PARTS_MAX) {
        commitment_problem(out, STR("part"), split->n == 0 ? RECORD_REQUIRED : RECORD_TOO_MANY,
                           (struct str){NULL, 0});
        out->problems.v[0].limit = COMMITMENT_PARTS_MAX;
        return REGISTER_PROBLEMS;
    }
    struct record_form form[COMMITMENT_PARTS_MAX] = {0};
    struct register_version version[COMMITMENT_PARTS_MAX];
    enum cau_err err = CAU_OK;
    check_twice(a, split, out);
    struct view *v = view_take(n);
    for (size_t i = 0; i < split->n && err == CAU_OK; i++)
        err = make_part(n, v, a, actor_reader(actor), &r, side, split, i, &form[i], out);
    view_give(n, v);
    if (err != CAU_OK)
        return register_why_of(err);
    if (out->problems.n > 0)
        return REGISTER_PROBLEMS;
    for (size_t i = 0; i < split->n; i++)
        version[i] = (struct register_version){
            .kind = form[i].kind, .audience = r.audience, .payload = &form[i].payload};
    struct actor signer = register_signer(actor, NULL);
    return register_put_all(n, a, &signer, version, split->n, made, out);
}

/* ---- carrying ---- */

/* The next session's commitment: everything but what belongs to the old session alone. */
static enum cau_err next_form(struct arena *a, const struct view_record *old,
                              const struct view_record *session, struct str due,
                              struct value *form)
{
    static const char *const gone[] = {"external_id", "statuses", "status",
                                       "paragraph",   "said_on",  "due"};
    struct str held = value_get_str(&session->payload, "held_on"),
               mechanism = value_get_str(&session->payload, "mechanism");
    enum cau_err err = record_to_form(a, old->kind, old->audience, &old->payload, form);
    for (size_t i = 0; i < countof(gone) && err == CAU_OK; i++)
        value_remove(form, gone[i]);
    if (err == CAU_OK)
        err = value_set_str(a, form, "session", session->id);
    if (err == CAU_OK)
        err = value_set_str(a, form, "mechanism", mechanism);
    if (err == CAU_OK)
        err = value_set_str(a, form, "said_on", held);
    if (err == CAU_OK)
        err = value_set_str(a, form, "due", due);
    if (err == CAU_OK)
        err = value_set_str(a, form, "carried_from", old->id);
    return err == CAU_OK ? confirm_of_other(a, form) : err;
}

/* Where it goes: a session that is not cancelled, not the one it comes from, and not before that one. */
static bool check_session(struct view *v, struct arena *a, struct index_reader reader,
                          const struct view_record *r, struct str name, struct view_record *out,
                          struct register_outcome *o)
{
    struct view_record from;
    struct str was = value_get_str(&r->payload, "session");
    if (!find(v, a, reader, name, "session", out) ||
        str_is(value_get_str(&out->payload, "status"), "cancelled")) {
        commitment_problem(o, STR("session"), name.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK,
                           name);
        return false;
    }
    if (!find(v, a, reader, was, "session", &from))
        return true;
    struct str held = value_get_str(&out->payload, "held_on"),
               before = value_get_str(&from.payload, "held_on");
    if (from.doc == out->doc)
        commitment_problem(o, STR("session"), RECORD_BAD_LINK, name);
    else if (held.len > 0 && before.len > 0 && commitment_earlier(held, before))
        commitment_problem(o, STR("session"), RECORD_EARLIER, before);
    return o->problems.n == 0;
}

enum register_why commitment_carry(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct commitment_carrying *carrying,
                                   struct writer_result *made, struct register_outcome *out)
{
    struct view_record r, session;
    struct value next, old;
    struct record_form fresh = {0}, changed = {0};
    struct writer_result result[2];
    struct commitment_telling word = {.status = COMMITMENT_MOVED,
                                      .who = str_trim(carrying->who),
                                      .note = str_trim(carrying->note),
                                      .lang = carrying->lang};
    struct str side;
    enum register_why why = commitment_begin(n, a, actor, id, MAY_CARRY, carrying->side,
                                             carrying->after, &r, &side, out);
    if (why != REGISTER_DONE)
        return why;
    struct view *v = view_take(n);
    enum cau_err err = desk_today_text(a, &word.date);
    if (is_closed(&r) || commitment_carried_to(v, a, actor_everything(), r.doc) != 0)
        why = REGISTER_STATE;
    else if (err == CAU_OK &&
             check_session(v, a, actor_reader(actor), &r, carrying->session, &session, out)) {
        err = next_form(a, &r, &session, str_trim(carrying->due), &next);
        if (err == CAU_OK)
            err = commitment_check(n, v, a, NULL, &next, &fresh, &out->problems);
        if (err == CAU_OK)
            err = commitment_form_with(a, &r, side, &word, &old);
        if (err == CAU_OK)
            err = commitment_check(n, v, a, &r, &old, &changed, &out->problems);
    }
    view_give(n, v);
    if (why != REGISTER_DONE)
        return why;
    if (out->problems.n > 0)
        return REGISTER_PROBLEMS;
    if (err != CAU_OK)
        return register_why_of(err);
    const struct register_version version[] = {
        {.kind = fresh.kind, .audience = r.audience, .payload = &fresh.payload},
        {.id = r.id,
         .kind = r.kind,
         .audience = r.audience,
         .payload = &changed.payload,
         .after = &r.leaf}};
    struct actor signer = register_signer(actor, &r);
    why = register_put_all(n, a, &signer, version, countof(version), result, out);
    if (why == REGISTER_DONE)
        *made = result[0];
    return why;
}
