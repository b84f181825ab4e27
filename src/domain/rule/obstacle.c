#include "domain/rule/obstacle.h"

#include "base/digest.h"
#include "domain/rule/obstacle_int.h"
#include "domain/rule/side.h"

#include <string.h>

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

bool obstacle_speaks_for(struct view *v, const struct actor *actor, struct str organization)
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
    if (obstacle_speaks_for(v, actor, value_get_str(&r->payload, "authority")))
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

void obstacle_problem(struct record_problems *problems, const char *place,
                      enum record_code code, struct str value)
{
    record_problem_add(problems, (struct record_problem){str_of(place), code, value, 0});
}

enum cau_err obstacle_set_today(struct arena *a, struct value *payload, const char *field)
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

static enum cau_err assign(struct view *v, struct arena *a, const struct actor *actor,
                           const struct obstacle_step *step, struct value *payload,
                           struct record_problems *problems)
{
    struct str authority = id_of(v, a, actor, step->authority, "organization");
    enum cau_err err = value_get(payload, "filed_on") == NULL
                           ? obstacle_set_today(a, payload, "filed_on")
                           : CAU_OK;
    struct desk_days due = desk_days_of(step->due);
    if (authority.len == 0)
        obstacle_problem(problems, "authority",
                         step->authority.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK,
                         step->authority);
    if (!desk_known(due) || due.first != due.last)
        obstacle_problem(problems, "due",
                         step->due.len == 0 ? RECORD_REQUIRED : RECORD_BAD_DATE, step->due);
    else if (!follows_filing(payload, due))
        obstacle_problem(problems, "due", RECORD_EARLIER, value_get_str(payload, "filed_on"));
    if (err == CAU_OK && problems->n == 0)
        err = value_set_str(a, payload, "authority", authority);
    return err == CAU_OK && problems->n == 0 ? value_set_str(a, payload, "due", step->due)
                                             : err;
}

static enum cau_err answer(struct arena *a, const struct obstacle_step *step,
                           struct value *payload, struct record_problems *problems)
{
    struct desk_days on = desk_days_of(step->answered_on);
    if (step->answer.len == 0)
        obstacle_problem(problems, "answer", RECORD_REQUIRED, step->answer);
    if (step->answered_on.len > 0 && !desk_known(on))
        obstacle_problem(problems, "answered_on", RECORD_BAD_DATE, step->answered_on);
    else if (step->answered_on.len > 0 && on.first > desk_today())
        obstacle_problem(problems, "answered_on", RECORD_FUTURE, step->answered_on);
    else if (step->answered_on.len > 0 && !follows_filing(payload, on))
        obstacle_problem(problems, "answered_on", RECORD_EARLIER,
                         value_get_str(payload, "filed_on"));
    if (problems->n > 0)
        return CAU_OK;
    enum cau_err err = record_set_text(a, payload, "answer", step->lang, step->answer);
    if (err != CAU_OK)
        return err;
    return step->answered_on.len == 0
               ? obstacle_set_today(a, payload, "answered_on")
               : value_set_str(a, payload, "answered_on", step->answered_on);
}

static enum cau_err escalate(struct view *v, struct arena *a, const struct actor *actor,
                             const struct obstacle_step *step, struct value *payload,
                             struct record_problems *problems)
{
    struct str session = id_of(v, a, actor, step->session, "session");
    if (session.len > 0)
        return value_set_str(a, payload, "session", session);
    obstacle_problem(problems, "session",
                     step->session.len == 0 ? RECORD_REQUIRED : RECORD_BAD_LINK, step->session);
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
        return value_set_str(a, payload, "satisfaction", step->satisfaction);
    obstacle_problem(problems, "satisfaction",
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
    return err == CAU_OK ? value_set_str(a, payload, "status", obstacle_status_code(step->to))
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
    struct register_version version = register_next(r);
    version.payload = &checked.payload;
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
            obstacle_problem(problems, field[i], RECORD_BY_RULE, (struct str){NULL, 0});
    }
    return err;
}

static void check_dates(const struct value *payload, struct record_problems *problems)
{
    static const char *const later[] = {"due", "answered_on"};
    struct desk_days filed = days_in(payload, "filed_on");
    if (desk_known(filed) && filed.first > desk_today())
        obstacle_problem(problems, "filed_on", RECORD_FUTURE,
                         value_get_str(payload, "filed_on"));
    for (size_t i = 0; i < countof(later); i++)
        if (value_get(payload, later[i]) != NULL &&
            !follows_filing(payload, days_in(payload, later[i])))
            obstacle_problem(problems, later[i], RECORD_EARLIER,
                             value_get_str(payload, "filed_on"));
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
    return value_set_str(a, payload, "status", obstacle_status_code(now));
}

/* A member's obstacle that names another organisation to speak for it, and was not filed openly before. */
static bool is_entrusted(struct view *v, const struct actor *actor, const struct value *payload)
{
    struct str through = value_get_str(payload, "through");
    return (actor->roles & LOCAL_MEMBER) != 0 && actor->organization_doc != 0 &&
           through.len > 0 &&
           view_find(v, actor_everything(), through) != actor->organization_doc &&
           obstacle_speaks_for(v, actor, value_get_str(payload, "organization"));
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
        err = obstacle_set_today(a, payload, "filed_on");
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
