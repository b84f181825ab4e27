#include "domain/rule/interest.h"

#include "domain/desk/desk.h"
#include "domain/rule/need.h"
#include "domain/rule/register_int.h"
#include "domain/rule/side.h"

#include <string.h>

/* ---- stages ---- */

static const char *const stage_code[INTEREST_STAGES] = {"interest",   "contact",  "talks",
                                                        "memorandum", "contract", "dropped"};

struct str interest_stage_code(enum interest_stage stage)
{
    must((unsigned)stage < INTEREST_STAGES);
    return str_of(stage_code[stage]);
}

bool interest_read_stage(struct str code, enum interest_stage *out)
{
    for (unsigned i = 0; i < INTEREST_STAGES; i++)
        if (str_is(code, stage_code[i])) {
            *out = (enum interest_stage)i;
            return true;
        }
    return false;
}

bool interest_may_become(enum interest_stage from, enum interest_stage to)
{
    if (from >= INTEREST_CONTRACT) /* the end, good or bad */
        return false;
    return to == INTEREST_DROPPED || to == from + 1;
}

/* ---- who ---- */

enum interest_party interest_party_of(const struct actor *actor, const struct value *payload)
{
    const unsigned advisers = LOCAL_ADVISER | LOCAL_EDITOR | LOCAL_ADMINISTRATOR;
    bool speaks = actor->organization_doc != 0 && (actor->roles & LOCAL_MEMBER) != 0;
    if (speaks && str_equal(value_get_str(payload, "from"), actor->organization))
        return INTEREST_FROM;
    if (speaks && str_equal(value_get_str(payload, "to"), actor->organization))
        return INTEREST_TO;
    if (actor->is_operator || (!actor->is_guest && (actor->roles & advisers) != 0))
        return INTEREST_ADVISER;
    return INTEREST_NOBODY;
}

static bool is_interest(const struct view_record *r)
{
    return str_is(r->kind->name, "interest") && !r->redacted;
}

/* One that somebody sent to the organisation he speaks for. */
static bool is_to_him(struct view *v, const struct actor *actor, const struct view_record *r)
{
    (void)v;
    return is_interest(r) && r->owner != 0 &&
           interest_party_of(actor, &r->payload) == INTEREST_TO;
}

bool interest_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     struct index_reader *out)
{
    return register_reader(v, a, actor, doc, is_to_him, out);
}

uint32_t interest_find(struct view *v, struct arena *a, const struct actor *actor,
                       struct str id_or_external_id)
{
    struct index_reader reader;
    struct view_record r;
    uint32_t doc = view_find(v, actor_everything(), id_or_external_id);
    if (doc == 0 || !interest_reader(v, a, actor, doc, &reader))
        return 0;
    return view_get(v, a, reader, doc, &r) == CAU_OK && is_interest(&r) ? doc : 0;
}

enum cau_err interest_list(struct view *v, struct arena *a, const struct actor *actor,
                           uint32_t doc, uint32_t **out, size_t *n)
{
    struct view_link *link;
    size_t links = 0, found = 0;
    enum cau_err err = view_links_to(v, a, actor_everything(), doc, &link, &links);
    uint32_t *list = arena_take(a, INTEREST_LIST_MAX * sizeof *list);
    if (err != CAU_OK || list == NULL)
        return err != CAU_OK ? err : CAU_ERR_MEMORY;
    for (size_t i = 0; i < links && found < INTEREST_LIST_MAX; i++) {
        size_t before = a->used;
        struct view_record r;
        bool names = str_is(link[i].rel, "of") || str_is(link[i].rel, "from") ||
                     str_is(link[i].rel, "to");
        if (names && link[i].doc != 0 &&
            view_get(v, a, actor_everything(), link[i].doc, &r) == CAU_OK && is_interest(&r) &&
            !r.withdrawn && interest_party_of(actor, &r.payload) != INTEREST_NOBODY)
            list[found++] = link[i].doc;
        a->used = before;
    }
    *out = list;
    *n = found;
    return CAU_OK;
}

/* ---- making a form ---- */

/* One line of the course: what, when, by whom. */
static enum cau_err add_step(struct arena *a, struct value *form, enum interest_stage stage,
                             enum interest_party party, struct str side, struct str note,
                             enum lang lang)
{
    static const char *const name[] = {"", "from", "to", "adviser"};
    const struct value *was = value_get(form, "history");
    struct value rows = value_array(), row = value_object();
    struct str day;
    enum cau_err err = was == NULL ? CAU_OK : value_copy(a, was, &rows);
    if (err == CAU_OK)
        err = desk_today_text(a, &day);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "on", day);
    if (err == CAU_OK)
        err = value_set_str(a, &row, "stage", interest_stage_code(stage));
    if (err == CAU_OK)
        err = value_set_str(a, &row, "party", str_of(name[party]));
    if (err == CAU_OK)
        err = value_set_str(a, &row, "side", side);
    if (err == CAU_OK)
        err = record_set_text(a, &row, "note", lang, note);
    if (err == CAU_OK)
        err = value_push(a, &rows, row);
    if (err == CAU_OK)
        err = value_set(a, form, STR("history"), rows);
    return err == CAU_OK ? value_set_str(a, form, "stage", interest_stage_code(stage)) : err;
}

/* Checks a form and writes it into the private log, signed for the organisation that owns the interest when
 * one of its members acts, else by the node. */
static enum register_why put(struct node *n, struct arena *a, const struct actor *actor,
                             enum interest_party party, const struct value *form,
                             const struct register_version *version,
                             struct register_outcome *out)
{
    struct actor signer = *actor;
    struct record_form checked = {0};
    struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = record_check(a, node_kinds(n), form, rules, &checked, &out->problems);
    if (err == CAU_ERR_SYNTAX)
        return REGISTER_PROBLEMS;
    if (err != CAU_OK)
        return register_why_of(err);
    if (party != INTEREST_FROM)
        signer.organization = (struct str){NULL, 0};
    struct register_version v = *version;
    v.kind = checked.kind;
    v.audience = RECORD_PRIVATE;
    v.payload = &checked.payload;
    return register_put(n, a, &signer, &v, out);
}

/* ---- expressing ---- */

struct str interest_addressee(struct view *v, struct arena *a, const struct view_record *of)
{
    struct view_record r;
    bool hidden = str_is(value_get_str(&of->payload, "disclosure"), "through_association");
    struct str name = value_get_str(&of->payload, hidden ? "through" : "organization");
    uint32_t doc = name.len > 0 ? view_find(v, actor_everything(), name)
                   : hidden     ? 0
                                : of->owner;
    if (doc == 0 || view_get(v, a, actor_everything(), doc, &r) != CAU_OK)
        return (struct str){NULL, 0};
    return r.id;
}

static bool has_open(struct view *v, struct arena *a, const struct actor *actor, uint32_t of)
{
    uint32_t *list;
    size_t n = 0;
    if (interest_list(v, a, actor, of, &list, &n) != CAU_OK)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        if (view_get(v, a, actor_everything(), list[i], &r) == CAU_OK &&
            str_equal(value_get_str(&r.payload, "from"), actor->organization) &&
            !str_is(value_get_str(&r.payload, "stage"), "dropped"))
            return true;
    }
    return false;
}

static bool is_published(const struct view_record *r)
{
    struct str state = value_get_str(&r->payload, "publication");
    return !r->withdrawn && !r->redacted && r->audience == RECORD_PUBLIC &&
           (state.len == 0 || str_is(state, "published"));
}

/* Both countries, the interested one first; a country twice stands once. */
static enum cau_err set_countries(struct arena *a, struct value *form, struct str from,
                                  struct str to)
{
    struct value list = value_array();
    enum cau_err err = from.len == 0 ? CAU_OK : value_push(a, &list, value_string(from));
    if (err == CAU_OK && to.len > 0 && !str_equal(from, to))
        err = value_push(a, &list, value_string(to));
    return err == CAU_OK && list.n > 0 ? value_set(a, form, STR("country"), list) : err;
}

static enum cau_err express_form(struct view *v, struct arena *a, const struct actor *actor,
                                 const struct view_record *of,
                                 const struct interest_words *words, struct value *form)
{
    const struct value *title = value_get(&of->payload, "title"),
                       *fields = value_get(&of->payload, "fields");
    struct str from_country = side_of_organization(v, a, actor->organization), day;
    struct str to = interest_addressee(v, a, of),
               to_country = value_get_str(&of->payload, "country");
    if (to_country.len == 0)
        to_country = side_of_organization(v, a, to);
    *form = value_object();
    enum cau_err err = value_set_str(a, form, "kind", STR("interest"));
    if (err == CAU_OK)
        err = value_set_str(a, form, "of", of->id);
    if (err == CAU_OK)
        err = value_set_str(a, form, "from", actor->organization);
    if (err == CAU_OK)
        err = value_set_str(a, form, "to", to);
    if (err == CAU_OK && title != NULL)
        err = value_set(a, form, STR("title"), *title);
    if (err == CAU_OK && fields != NULL)
        err = value_set(a, form, STR("fields"), *fields);
    if (err == CAU_OK && value_get(&of->payload, "example") != NULL)
        err = value_set(a, form, STR("example"), value_true());
    if (err == CAU_OK)
        err = set_countries(a, form, from_country, to_country);
    if (err == CAU_OK)
        err = record_set_text(a, form, "message", words->lang, words->message);
    if (err == CAU_OK)
        err = value_set_str(a, form, "mailbox", words->mailbox);
    if (err == CAU_OK)
        err = desk_today_text(a, &day);
    if (err == CAU_OK)
        err = value_set_str(a, form, "opened_on", day);
    return err == CAU_OK ? add_step(a, form, INTEREST_INTEREST, INTEREST_FROM, from_country,
                                    (struct str){NULL, 0}, words->lang)
                         : err;
}

enum register_why interest_express(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str of, const struct interest_words *words,
                                   struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct value form;
    enum register_why why = register_allowed(n, a, actor, of, MAY_INTEREST, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!is_published(&r))
        return REGISTER_GONE;
    struct view *v = view_take(n);
    bool open = has_open(v, a, actor, r.doc);
    enum cau_err err = open ? CAU_OK : express_form(v, a, actor, &r, words, &form);
    view_give(n, v);
    if (open)
        return REGISTER_STATE;
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = {.id = {NULL, 0}};
    return put(n, a, actor, INTEREST_FROM, &form, &version, out);
}

/* ---- what became of it ---- */

static void add_problem(struct register_outcome *out, const char *place, enum record_code code,
                        struct str value)
{
    out->problems.v[out->problems.n++] = (struct record_problem){str_of(place), code, value, 0};
}

/* A reason when it is dropped, a note when nothing else changes. */
static bool step_is_whole(const struct kinds *kinds, const struct interest_step *step,
                          bool moves, struct register_outcome *out)
{
    const struct kind_list *reasons = kinds_find_list(kinds, STR("drop_reason"));
    if (moves && step->stage == INTEREST_DROPPED &&
        kind_find_code(reasons, step->reason) == NULL)
        add_problem(out, "reason",
                    step->reason.len == 0 ? RECORD_REQUIRED : RECORD_UNKNOWN_CODE,
                    step->reason);
    if (!moves && step->note.len == 0)
        add_problem(out, "note", RECORD_REQUIRED, step->note);
    return out->problems.n == 0;
}

static enum cau_err step_form(struct node *n, struct arena *a, const struct actor *actor,
                              enum interest_party party, const struct view_record *r,
                              const struct interest_step *step, bool moves, struct value *form)
{
    enum cau_err err = record_to_form(a, r->kind, r->audience, &r->payload, form);
    struct view *v = view_take(n);
    struct str side = party == INTEREST_ADVISER
                          ? node_config(n)->country
                          : side_of_organization(v, a, actor->organization);
    view_give(n, v);
    if (err == CAU_OK)
        err = add_step(a, form, step->stage, party, side, step->note, step->lang);
    if (err == CAU_OK && moves && step->stage == INTEREST_DROPPED)
        err = value_set_str(a, form, "dropped_because", step->reason);
    return err;
}

/* An interest as the actor may follow it; for everybody else it is not there. */
static enum register_why find_followed(struct node *n, struct arena *a,
                                       const struct actor *actor, struct str id,
                                       struct view_record *out)
{
    struct view *v = view_take(n);
    uint32_t doc = view_find(v, actor_everything(), id);
    enum cau_err err =
        doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, a, actor_everything(), doc, out);
    view_give(n, v);
    if (err == CAU_OK &&
        (!is_interest(out) || out->withdrawn || !may(actor, MAY_FOLLOW, out->kind, out)))
        err = CAU_ERR_UNKNOWN;
    return register_why_of(err);
}

enum register_why interest_move(struct node *n, struct arena *a, const struct actor *actor,
                                struct str id, const struct interest_step *given,
                                struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct interest_step step = *given;
    enum interest_stage now;
    step.note = str_trim(step.note);
    enum register_why why = find_followed(n, a, actor, id, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!interest_read_stage(value_get_str(&r.payload, "stage"), &now))
        return REGISTER_STATE;
    bool moves = step.stage != now;
    if (moves && !interest_may_become(now, step.stage))
        return REGISTER_STATE;
    if (step.after != NULL && !digest_equal(step.after, &r.leaf)) {
        out->current = r;
        return REGISTER_CHANGED;
    }
    if (!step_is_whole(node_kinds(n), &step, moves, out))
        return REGISTER_PROBLEMS;
    enum interest_party party = interest_party_of(actor, &r.payload);
    struct value form;
    enum cau_err err = step_form(n, a, actor, party, &r, &step, moves, &form);
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = {.id = r.id, .after = &r.leaf};
    return put(n, a, actor, party, &form, &version, out);
}
