#include "domain/rule/obstacle.h"

#include "base/digest.h"
#include "domain/rule/register_int.h"
#include "domain/rule/side.h"
#include "language/fold.h"

#include <string.h>

enum {
    NAME_BYTES_MIN = 4
}; /* of a member's name that is looked for in a text: shorter ones are words */

/* ---- states ---- */

bool obstacle_is(const struct view_record *r)
{
    return str_is(r->kind->name, "obstacle") && !r->redacted;
}

bool obstacle_status_in(const struct view_record *r, enum obstacle_status *out)
{
    struct str code = value_get_str(&r->payload, "status");
    if (code.len == 0 && r->audience == RECORD_PRIVATE)
        return false;
    if (!obstacle_read_status(code, out))
        *out = OBSTACLE_FILED;
    return true;
}

bool obstacle_may_become(enum obstacle_status from, enum obstacle_status to)
{
    switch (to) {
    case OBSTACLE_ASSIGNED:
    case OBSTACLE_ANSWERED:
        return from < OBSTACLE_ANSWERED || from == OBSTACLE_ESCALATED;
    case OBSTACLE_ESCALATED:
    case OBSTACLE_RESOLVED:
    case OBSTACLE_CLOSED:
        return from < OBSTACLE_RESOLVED;
    default:
        return false;
    }
}

/* ---- who ---- */

static bool is_secretary(const struct actor *actor)
{
    return actor->is_operator || (actor->roles & (LOCAL_SECRETARY | LOCAL_ADMINISTRATOR)) != 0;
}

/* He speaks for the organisation that a field of the record names. */
static bool speaks_for(struct view *v, const struct actor *actor, struct str organization)
{
    return (actor->roles & LOCAL_MEMBER) != 0 && actor->organization_doc != 0 &&
           organization.len > 0 &&
           view_find(v, actor_everything(), organization) == actor->organization_doc;
}

/* The side whose word an answer is; empty: nobody has said. */
static struct str answering_side(struct view *v, struct arena *a, const struct view_record *r)
{
    struct str side = side_of_organization(v, a, value_get_str(&r->payload, "authority"));
    return side.len > 0 ? side : value_get_str(&r->payload, "side");
}

static bool may_answer(struct view *v, struct arena *a, const struct node *n,
                       const struct actor *actor, const struct view_record *r)
{
    if (speaks_for(v, actor, value_get_str(&r->payload, "authority")))
        return true;
    struct str side = answering_side(v, a, r);
    return is_secretary(actor) && (side.len == 0 || side_speaks_for(v, a, n, actor, side));
}

bool obstacle_may_move(struct view *v, struct arena *a, const struct node *n,
                       const struct actor *actor, const struct view_record *r,
                       enum obstacle_status to)
{
    if (!obstacle_is(r) || r->withdrawn)
        return false;
    switch (to) {
    case OBSTACLE_ASSIGNED:
    case OBSTACLE_ESCALATED:
        return may(actor, MAY_ASSIGN, r->kind, r);
    case OBSTACLE_ANSWERED:
        return may(actor, MAY_ANSWER, r->kind, r) && may_answer(v, a, n, actor, r);
    case OBSTACLE_RESOLVED:
    case OBSTACLE_CLOSED:
        return may(actor, MAY_SETTLE, r->kind, r);
    default:
        return false;
    }
}

/* ---- checking what was filled in ---- */

static void add_problem(struct record_problems *problems, const char *place,
                        enum record_code code, struct str value)
{
    if (problems->n < RECORD_PROBLEMS_MAX)
        problems->v[problems->n++] = (struct record_problem){str_of(place), code, value, 0};
}

static enum cau_err set_today(struct arena *a, struct value *payload, const char *field)
{
    struct str today;
    enum cau_err err = desk_today_text(a, &today);
    return err == CAU_OK ? value_set(a, payload, str_of(field), value_string(today)) : err;
}

static struct desk_days days_in(const struct value *payload, const char *field)
{
    return desk_days_of(value_get_str(payload, field));
}

/* A date that is known, and not wholly before the filing. */
static bool follows_filing(const struct value *payload, struct desk_days d)
{
    struct desk_days filed = days_in(payload, "filed_on");
    return desk_known(d) && (!desk_known(filed) || d.last >= filed.first);
}

/* The record id of a record of that kind which the actor may see; empty when there is none. */
static struct str id_of(struct view *v, struct arena *a, const struct actor *actor,
                        struct str name, const char *kind)
{
    struct view_record r;
    struct index_reader reader = actor_reader(actor);
    uint32_t doc = name.len == 0 ? 0 : view_find(v, reader, name);
    bool there = doc != 0 && view_get(v, a, reader, doc, &r) == CAU_OK && !r.withdrawn &&
                 str_is(r.kind->name, kind);
    return there ? r.id : (struct str){NULL, 0};
}

static enum cau_err set_string(struct arena *a, struct value *payload, const char *field,
                               struct str text)
{
    return value_set(a, payload, str_of(field), value_string(text));
}

static enum cau_err assign(struct view *v, struct arena *a, const struct actor *actor,
                           const struct obstacle_step *step, struct value *payload,
                           struct record_problems *problems)
{
    struct str authority = id_of(v, a, actor, step->authority, "organization");
    enum cau_err err =
        value_get(payload, "filed_on") == NULL ? set_today(a, payload, "filed_on") : CAU_OK;
    struct desk_days due = desk_days_of(step->due);
    if (authority.len == 0)
        add_problem(problems, "authority",
                    step->authority.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK,
                    step->authority);
    if (!desk_known(due) || due.first != due.last)
        add_problem(problems, "due", step->due.len == 0 ? RECORD_REQUIRED : RECORD_BAD_DATE,
                    step->due);
    else if (!follows_filing(payload, due))
        add_problem(problems, "due", RECORD_EARLIER, value_get_str(payload, "filed_on"));
    if (err == CAU_OK && problems->n == 0)
        err = set_string(a, payload, "authority", authority);
    return err == CAU_OK && problems->n == 0 ? set_string(a, payload, "due", step->due) : err;
}

static enum cau_err answer(struct arena *a, const struct obstacle_step *step,
                           struct value *payload, struct record_problems *problems)
{
    struct desk_days on = desk_days_of(step->answered_on);
    struct value text = value_object();
    if (step->answer.len == 0)
        add_problem(problems, "answer", RECORD_REQUIRED, step->answer);
    if (step->answered_on.len > 0 && !desk_known(on))
        add_problem(problems, "answered_on", RECORD_BAD_DATE, step->answered_on);
    else if (step->answered_on.len > 0 && on.first > desk_today())
        add_problem(problems, "answered_on", RECORD_FUTURE, step->answered_on);
    else if (step->answered_on.len > 0 && !follows_filing(payload, on))
        add_problem(problems, "answered_on", RECORD_EARLIER,
                    value_get_str(payload, "filed_on"));
    if (problems->n > 0)
        return CAU_OK;
    enum cau_err err = value_set(a, &text, lang_code(step->lang), value_string(step->answer));
    if (err == CAU_OK)
        err = value_set(a, payload, STR("answer"), text);
    if (err != CAU_OK)
        return err;
    return step->answered_on.len == 0
               ? set_today(a, payload, "answered_on")
               : set_string(a, payload, "answered_on", step->answered_on);
}

static enum cau_err escalate(struct view *v, struct arena *a, const struct actor *actor,
                             const struct obstacle_step *step, struct value *payload,
                             struct record_problems *problems)
{
    struct str session = id_of(v, a, actor, step->session, "session");
    if (session.len > 0)
        return set_string(a, payload, "session", session);
    add_problem(problems, "session", step->session.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK,
                step->session);
    return CAU_OK;
}

static enum cau_err settle(const struct kinds *kinds, struct arena *a,
                           const struct actor *actor, const struct obstacle_step *step,
                           struct value *payload, struct record_problems *problems)
{
    const struct kind_list *list = kinds_find_list(kinds, STR("satisfaction"));
    if (step->satisfaction.len == 0 && is_secretary(actor))
        return CAU_OK;
    if (kind_find_code(list, step->satisfaction) != NULL)
        return set_string(a, payload, "satisfaction", step->satisfaction);
    add_problem(problems, "satisfaction",
                step->satisfaction.len == 0 ? RECORD_REQUIRED : RECORD_UNKNOWN_CODE,
                step->satisfaction);
    return CAU_OK;
}

static enum cau_err take_step(struct view *v, struct node *n, struct arena *a,
                              const struct actor *actor, const struct obstacle_step *step,
                              struct value *payload, struct record_problems *problems)
{
    enum cau_err err = CAU_OK;
    if (step->to == OBSTACLE_ASSIGNED)
        err = assign(v, a, actor, step, payload, problems);
    else if (step->to == OBSTACLE_ANSWERED)
        err = answer(a, step, payload, problems);
    else if (step->to == OBSTACLE_ESCALATED)
        err = escalate(v, a, actor, step, payload, problems);
    else
        err = settle(node_kinds(n), a, actor, step, payload, problems);
    return err == CAU_OK ? set_string(a, payload, "status", obstacle_status_code(step->to))
                         : err;
}

/* ---- a step ---- */

/* The payload as an import form would make it: limits of the kind hold for what a step adds too. */
static enum cau_err check_form(struct node *n, struct arena *a, const struct view_record *r,
                               const struct value *payload, struct record_form *checked,
                               struct record_problems *problems)
{
    struct value form;
    struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = record_to_form(a, r->kind, r->audience, payload, &form);
    return err == CAU_OK ? record_check(a, node_kinds(n), &form, rules, checked, problems)
                         : err;
}

static enum register_why put(struct node *n, struct arena *a, const struct actor *actor,
                             const struct view_record *r, const struct value *payload,
                             struct register_outcome *out)
{
    struct record_form checked = {0};
    enum cau_err err = check_form(n, a, r, payload, &checked, &out->problems);
    if (err != CAU_OK)
        return err == CAU_ERR_SYNTAX ? REGISTER_PROBLEMS : register_why_of(err);
    /* Signed for the organisation it belongs to when one of its members acts, else by the node. */
    struct actor signer = *actor;
    if (r->owner == 0 || r->owner != actor->organization_doc)
        signer.organization = (struct str){NULL, 0};
    struct register_version version = {.id = r->id,
                                       .kind = r->kind,
                                       .audience = r->audience,
                                       .payload = &checked.payload,
                                       .after = &r->leaf};
    return register_put(n, a, &signer, &version, out);
}

enum register_why obstacle_move(struct node *n, struct arena *a, const struct actor *actor,
                                struct str id, const struct obstacle_step *given,
                                struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum obstacle_status now;
    struct obstacle_step step = *given;
    step.answer = str_trim(step.answer);
    enum register_why why = register_current(n, a, actor, id, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!obstacle_is(&r) || r.withdrawn)
        return REGISTER_GONE;
    struct view *v = view_take(n);
    struct value payload = r.payload;
    enum cau_err err = CAU_OK;
    if (!obstacle_may_move(v, a, n, actor, &r, step.to))
        why = REGISTER_NOT_ALLOWED;
    else if (!obstacle_status_in(&r, &now) || !obstacle_may_become(now, step.to))
        why = REGISTER_STATE;
    else if (step.after != NULL && !digest_equal(step.after, &r.leaf))
        why = REGISTER_CHANGED;
    else
        err = take_step(v, n, a, actor, &step, &payload, &out->problems);
    view_give(n, v);
    if (err != CAU_OK)
        return register_why_of(err);
    if (why == REGISTER_CHANGED)
        out->current = r;
    if (why != REGISTER_DONE)
        return why;
    return out->problems.n > 0 ? REGISTER_PROBLEMS : put(n, a, actor, &r, &payload, out);
}

/* An obstacle that waits and is not on that session's agenda. */
static bool waits_for_agenda(struct view *v, struct arena *a, const struct actor *actor,
                             struct str about, uint32_t session)
{
    struct view_record r;
    enum obstacle_status now;
    struct index_reader reader = actor_reader(actor);
    uint32_t doc = about.len == 0 ? 0 : view_find(v, reader, about);
    return doc != 0 && view_get(v, a, reader, doc, &r) == CAU_OK && obstacle_is(&r) &&
           !r.withdrawn && obstacle_status_in(&r, &now) &&
           obstacle_may_become(now, OBSTACLE_ESCALATED) &&
           value_get(&r.payload, "answered_on") == NULL &&
           (now != OBSTACLE_ESCALATED ||
            view_find(v, reader, value_get_str(&r.payload, "session")) != session);
}

size_t obstacle_take_agenda(struct node *n, struct arena *a, const struct actor *actor,
                            struct str session, const struct value *rows)
{
    size_t moved = 0;
    for (uint32_t i = 0; rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct register_outcome out;
        struct obstacle_step step = {.to = OBSTACLE_ESCALATED, .session = session};
        struct str about = value_get_str(&rows->item[i], "about");
        size_t before = a->used;
        struct view *v = view_take(n);
        bool waits =
            waits_for_agenda(v, a, actor, about, view_find(v, actor_reader(actor), session));
        view_give(n, v);
        if (waits && obstacle_move(n, a, actor, about, &step, &out) == REGISTER_DONE)
            moved++;
        a->used = before;
    }
    return moved;
}

/* ---- filing ---- */

/* What the other side says is not the filer's to write: a form that is silent about it leaves it as it is. */
static enum cau_err keep_to_his_side(struct arena *a, const struct view_record *old,
                                     struct value *payload, struct record_problems *problems)
{
    enum cau_err err = CAU_OK;
    static const char *const field[] = {"authority",   "due",     "answer",
                                        "answered_on", "session", "satisfaction"};
    for (size_t i = 0; i < countof(field); i++) {
        const struct value *was = old == NULL ? NULL : value_get(&old->payload, field[i]);
        const struct value *now = value_get(payload, field[i]);
        if (now == NULL && was != NULL && err == CAU_OK)
            err = value_set(a, payload, str_of(field[i]), *was);
        else if (now != NULL && (was == NULL || !value_equal(was, now)))
            add_problem(problems, field[i], RECORD_BY_RULE, (struct str){NULL, 0});
    }
    return err;
}

static void check_dates(const struct value *payload, struct record_problems *problems)
{
    static const char *const later[] = {"due", "answered_on"};
    struct desk_days filed = days_in(payload, "filed_on");
    if (desk_known(filed) && filed.first > desk_today())
        add_problem(problems, "filed_on", RECORD_FUTURE, value_get_str(payload, "filed_on"));
    for (size_t i = 0; i < countof(later); i++)
        if (value_get(payload, later[i]) != NULL &&
            !follows_filing(payload, days_in(payload, later[i])))
            add_problem(problems, later[i], RECORD_EARLIER, value_get_str(payload, "filed_on"));
}

/* The state that the fields of a form speak of, as far as it has not gone further already. */
static enum cau_err set_status(struct arena *a, struct value *payload)
{
    enum obstacle_status was, now = OBSTACLE_FILED;
    if (value_get(payload, "answer") != NULL && value_get(payload, "answered_on") != NULL)
        now = OBSTACLE_ANSWERED;
    else if (value_get(payload, "authority") != NULL && value_get(payload, "due") != NULL)
        now = OBSTACLE_ASSIGNED;
    if (obstacle_read_status(value_get_str(payload, "status"), &was) &&
        (was == OBSTACLE_REPORTED || was >= now))
        return CAU_OK;
    return set_string(a, payload, "status", obstacle_status_code(now));
}

/* A member's obstacle that names another organisation to speak for it, and was not filed openly before. */
static bool is_entrusted(struct view *v, const struct actor *actor, const struct value *payload)
{
    struct str through = value_get_str(payload, "through");
    return (actor->roles & LOCAL_MEMBER) != 0 && actor->organization_doc != 0 &&
           through.len > 0 &&
           view_find(v, actor_everything(), through) != actor->organization_doc &&
           speaks_for(v, actor, value_get_str(payload, "organization"));
}

enum register_why obstacle_file(struct view *v, struct arena *a, const struct actor *actor,
                                const struct view_record *old, struct record_form *form,
                                struct record_problems *problems)
{
    struct value *payload = &form->payload;
    bool entrusted = is_entrusted(v, actor, payload), again = old != NULL;
    enum cau_err err = CAU_OK;
    if (!is_secretary(actor) && (actor->roles & LOCAL_EDITOR) == 0)
        err = keep_to_his_side(a, old, payload, problems);
    if (err == CAU_OK && value_get(payload, "filed_on") == NULL && !again)
        err = set_today(a, payload, "filed_on");
    check_dates(payload, problems);
    if (problems->n > 0)
        return REGISTER_PROBLEMS;
    if (entrusted) {
        form->audience = RECORD_PRIVATE;
        value_remove(payload, "status");
    } else if (err == CAU_OK) {
        err = set_status(a, payload);
    }
    return register_why_of(err);
}

/* ---- through an association ---- */

/* A private one that somebody else has entrusted to the association he speaks for. */
static bool is_for_him(struct view *v, const struct actor *actor, const struct view_record *r)
{
    return obstacle_is(r) && r->audience == RECORD_PRIVATE && r->owner != 0 &&
           r->owner != actor->organization_doc &&
           speaks_for(v, actor, value_get_str(&r->payload, "through"));
}

bool obstacle_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     struct index_reader *out)
{
    struct view_record r;
    struct index_reader own = actor_reader(actor);
    size_t before = a->used;
    enum cau_err err = view_get(v, a, own, doc, &r);
    bool sees = err == CAU_OK;
    if (err == CAU_ERR_UNKNOWN && view_get(v, a, actor_everything(), doc, &r) == CAU_OK &&
        is_for_him(v, actor, &r)) {
        own.owner = r.owner;
        sees = true;
    }
    a->used = before;
    if (sees)
        *out = own;
    return sees;
}

uint32_t obstacle_find(struct view *v, struct arena *a, const struct actor *actor,
                       struct str id)
{
    struct view_record r;
    size_t before = a->used;
    uint32_t doc = view_find(v, actor_everything(), id);
    bool his = doc != 0 && view_get(v, a, actor_everything(), doc, &r) == CAU_OK &&
               is_for_him(v, actor, &r);
    a->used = before;
    return his ? doc : 0;
}

enum cau_err obstacle_pending(struct view *v, struct arena *a, const struct actor *actor,
                              uint32_t **out, size_t *n)
{
    struct view_link *link = NULL;
    size_t links = 0, found = 0;
    uint32_t *list = arena_take(a, OBSTACLE_PENDING_MAX * sizeof *list);
    enum cau_err err = list == NULL ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK && (actor->roles & LOCAL_MEMBER) != 0 && actor->organization_doc != 0)
        err = view_links_to(v, a, actor_everything(), actor->organization_doc, &link, &links);
    if (err != CAU_OK)
        return err;
    for (size_t i = 0; i < links && found < OBSTACLE_PENDING_MAX; i++) {
        struct view_record r;
        size_t before = a->used;
        if (str_is(link[i].rel, "through") && link[i].doc != 0 &&
            view_get(v, a, actor_everything(), link[i].doc, &r) == CAU_OK && !r.withdrawn &&
            is_for_him(v, actor, &r) && value_get(&r.payload, "forwarded") == NULL)
            list[found++] = link[i].doc;
        a->used = before;
    }
    *out = list;
    *n = found;
    return CAU_OK;
}

static const char *const forwarded_field[] = {"title",     "obstacle_kind", "summary", "side",
                                              "countries", "about",         "example"};

static enum cau_err copy_forwarded(struct arena *a, const struct value *from, struct value *to)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(forwarded_field) && err == CAU_OK; i++) {
        const struct value *x = value_get(from, forwarded_field[i]);
        if (x != NULL)
            err = value_set(a, to, str_of(forwarded_field[i]), *x);
    }
    return err;
}

enum cau_err obstacle_forward_form(struct arena *a, const struct view_record *r,
                                   struct value *form)
{
    *form = value_object();
    enum cau_err err = set_string(a, form, "kind", STR("obstacle"));
    return err == CAU_OK ? copy_forwarded(a, &r->payload, form) : err;
}

/* ---- whose name must not be said ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* name stands in text as a word of its own; both in index form. */
static bool contains(struct str text, struct str name)
{
    for (size_t i = 0; name.len >= NAME_BYTES_MIN && i + name.len <= text.len; i++)
        if (memcmp(text.p + i, name.p, name.len) == 0 &&
            (i == 0 || !is_letter(text.p[i - 1])) &&
            (i + name.len == text.len || !is_letter(text.p[i + name.len])))
            return true;
    return false;
}

static enum cau_err find_name(struct arena *a, struct str folded, const struct value *names,
                              bool *found)
{
    struct str name;
    enum cau_err err = CAU_OK;
    if (names == NULL)
        return CAU_OK;
    if (names->type == VALUE_STRING) {
        err = fold_text(a, names->string, &name);
        *found = *found || (err == CAU_OK && contains(folded, name));
    } else if (names->type == VALUE_ARRAY || names->type == VALUE_OBJECT) {
        for (uint32_t i = 0; i < names->n && err == CAU_OK; i++)
            err = find_name(
                a, folded,
                names->type == VALUE_ARRAY ? &names->item[i] : &names->member[i].value, found);
    }
    return err;
}

/* Whether a text, in any of its languages, holds one of the member's names or numbers. */
static enum cau_err find_member(struct arena *a, const struct value *text,
                                const struct view_record *member, bool *found)
{
    struct str folded;
    enum cau_err err = CAU_OK;
    struct record_text one;
    for (size_t i = 0;
         err == CAU_OK && text != NULL && (one = record_text_at(text, i)).text.p != NULL; i++) {
        err = fold_text(a, one.text, &folded);
        if (err == CAU_OK)
            err = find_name(a, folded, value_get(&member->payload, "name"), found);
        if (err == CAU_OK)
            err = find_name(a, folded, value_get(&member->payload, "identifiers"), found);
    }
    return err;
}

static enum cau_err check_unnamed(struct view *v, struct arena *a, uint32_t owner,
                                  const struct value *payload, struct record_problems *problems)
{
    static const char *const field[] = {"title", "summary"};
    struct view_record member;
    enum cau_err err = view_get(v, a, actor_everything(), owner, &member);
    for (size_t i = 0; i < countof(field) && err == CAU_OK; i++) {
        bool found = false;
        err = find_member(a, value_get(payload, field[i]), &member, &found);
        if (found)
            add_problem(problems, field[i], RECORD_NAMES_FILER, (struct str){NULL, 0});
    }
    return err;
}

/* ---- putting forward ---- */

/* A name by which the private version leads to the public one before that has an id. It says nothing. */
static enum cau_err new_name(struct arena *a, struct str *out)
{
    static const char head[] = "obstacle-";
    unsigned char secret[16];
    char text[sizeof head - 1 + DIGEST_BASE32(sizeof secret)];
    digest_random(secret, sizeof secret);
    memcpy(text, head, sizeof head - 1);
    digest_to_base32(secret, sizeof secret, text + sizeof head - 1);
    return arena_copy(a, (struct str){text, sizeof text}, out);
}

/* What goes to everyone, or to partners: only what may, and whose it is now. */
static enum cau_err open_payload(struct node *n, struct arena *a, const struct actor *actor,
                                 const struct value *form, struct str name,
                                 struct record_form *out, struct record_problems *problems)
{
    struct value clean = value_object();
    struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = set_string(a, &clean, "kind", STR("obstacle"));
    if (err == CAU_OK)
        err = copy_forwarded(a, form, &clean);
    if (err == CAU_OK && value_get_str(form, "visibility").len > 0)
        err = set_string(a, &clean, "visibility", value_get_str(form, "visibility"));
    if (err == CAU_OK)
        err = set_string(a, &clean, "external_id", name);
    if (err == CAU_OK)
        err = set_string(a, &clean, "organization", actor->organization);
    if (err == CAU_OK)
        err = set_string(a, &clean, "through", actor->organization);
    if (err == CAU_OK)
        err = set_today(a, &clean, "filed_on");
    if (err == CAU_OK)
        err = set_string(a, &clean, "status", obstacle_status_code(OBSTACLE_FILED));
    return err == CAU_OK ? record_check(a, node_kinds(n), &clean, rules, out, problems) : err;
}

static enum cau_err write_payload(struct arena *a, const struct actor *actor,
                                  const struct value *given, struct buf *bytes)
{
    struct value payload;
    enum cau_err err = value_copy(a, given, &payload);
    if (err == CAU_OK)
        err = register_audit(a, actor, NULL, (struct str){NULL, 0}, &payload);
    return err == CAU_OK ? record_write(bytes, &payload) : err;
}

/* Both versions in one transaction: the private one leads to the open one, which leads nowhere. */
static enum register_why put_both(struct node *n, struct arena *a, const struct actor *actor,
                                  const struct view_record *r, const struct record_form *open,
                                  struct str name, struct register_outcome *out)
{
    struct buf private_bytes = buf_new(RECORD_BYTES_MAX + 1),
               open_bytes = buf_new(RECORD_BYTES_MAX + 1);
    struct value tied = r->payload;
    enum cau_err err = set_string(a, &tied, "forwarded", name);
    if (err == CAU_OK)
        err = write_payload(a, actor, &tied, &private_bytes);
    if (err == CAU_OK)
        err = write_payload(a, actor, &open->payload, &open_bytes);
    enum register_why why = register_why_of(err);
    if (why == REGISTER_DONE) {
        const struct writer_change change[] = {
            {.op = WRITER_PUT,
             .id = r->id,
             .kind = r->kind,
             .audience = RECORD_PRIVATE,
             .payload = buf_str(&private_bytes),
             .after = &r->leaf},
            {.op = WRITER_PUT,
             .kind = open->kind,
             .audience = open->audience,
             .payload = buf_str(&open_bytes),
             .organization = actor->organization},
        };
        why = register_write(n, a, actor, change, countof(change), out);
    }
    buf_free(&private_bytes);
    buf_free(&open_bytes);
    return why;
}

enum register_why obstacle_forward(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct value *form,
                                   const struct digest *after, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct str name;
    struct record_form open = {0};
    struct view *v = view_take(n);
    uint32_t doc = obstacle_find(v, a, actor, id);
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, a, actor_everything(), doc, &r);
    enum register_why why = register_why_of(err);
    if (why == REGISTER_DONE && (r.withdrawn || value_get(&r.payload, "forwarded") != NULL))
        why = REGISTER_STATE;
    if (why == REGISTER_DONE && after != NULL && !digest_equal(after, &r.leaf)) {
        out->current = r;
        why = REGISTER_CHANGED;
    }
    if (why == REGISTER_DONE) {
        err = new_name(a, &name);
        if (err == CAU_OK)
            err = open_payload(n, a, actor, form, name, &open, &out->problems);
        if (err == CAU_OK)
            err = check_unnamed(v, a, r.owner, &open.payload, &out->problems);
        why = err == CAU_ERR_SYNTAX || (err == CAU_OK && out->problems.n > 0)
                  ? REGISTER_PROBLEMS
                  : register_why_of(err);
    }
    view_give(n, v);
    if (why == REGISTER_DONE && open.audience == RECORD_PRIVATE) {
        add_problem(&out->problems, "visibility", RECORD_UNKNOWN_CODE, STR("private"));
        why = REGISTER_PROBLEMS;
    }
    return why == REGISTER_DONE ? put_both(n, a, actor, &r, &open, name, out) : why;
}
