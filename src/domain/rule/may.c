#include "domain/rule/may.h"

#include "domain/rule/confirm.h"
#include "domain/rule/interest.h"
#include "domain/rule/need.h"

enum {
    MEMBER = LOCAL_MEMBER,
    EDITOR = LOCAL_EDITOR,
    ADVISER = LOCAL_ADVISER,
    SECRETARY = LOCAL_SECRETARY,
    OFFICER = LOCAL_OFFICER,
    ADMIN = LOCAL_ADMINISTRATOR,
};

/* Who keeps the records of a kind: `any` may make and change every one of them; a member may, where `own`
 * says so, make and change those of the organisation he speaks for. Kinds without a line are the editors'.
 * `review`, `claim` and `interest` are made by need.c, claim.c and interest.c alone. */
static const struct keeper {
    const char *kind;
    unsigned any;
    bool own;
} keeper[] = {
    {"agreement", SECRETARY | EDITOR | ADMIN, false},
    {"call", OFFICER | EDITOR | ADMIN, false},
    {"claim", 0, false},
    {"commitment", SECRETARY | EDITOR | ADMIN, false},
    {"event", EDITOR | SECRETARY | OFFICER | ADVISER | ADMIN, true},
    {"indicator", EDITOR | SECRETARY | ADMIN, false},
    {"interest", 0, false},
    {"mechanism", SECRETARY | EDITOR | ADMIN, false},
    {"need", ADVISER | EDITOR | ADMIN, true},
    {"obstacle", SECRETARY | EDITOR | ADMIN, true},
    {"offer", ADVISER | EDITOR | ADMIN, true},
    {"organization", EDITOR | ADMIN, true},
    {"person", EDITOR | ADMIN, true},
    {"product", ADVISER | EDITOR | ADMIN, true},
    {"programme", OFFICER | EDITOR | ADMIN, true},
    {"project", SECRETARY | OFFICER | EDITOR | ADMIN, true},
    {"proposal", OFFICER | ADMIN, true},
    {"request", ADVISER | EDITOR | ADMIN, true},
    {"review", 0, false},
    {"session", SECRETARY | EDITOR | ADMIN, false},
    {"term", EDITOR | ADMIN, false},
    {"valuation", OFFICER | ADMIN, true},
};

static struct keeper keeper_of(const struct kind *kind)
{
    for (size_t i = 0; i < countof(keeper); i++)
        if (str_is(kind->name, keeper[i].kind))
            return keeper[i];
    return (struct keeper){NULL, EDITOR | ADMIN, false};
}

/* The record is the actor's organisation, or belongs to it. */
static bool is_own(const struct actor *a, const struct view_record *r)
{
    return a->organization_doc != 0 &&
           (r->owner == a->organization_doc || r->doc == a->organization_doc);
}

static bool keeps(const struct actor *a, enum may_action action, const struct kind *kind,
                  const struct view_record *record)
{
    struct keeper k = keeper_of(kind);
    if ((a->roles & k.any) != 0)
        return true;
    if (!k.own || (a->roles & MEMBER) == 0 || a->organization_doc == 0)
        return false;
    if (action == MAY_CREATE) /* his organisation has its record already */
        return !str_is(kind->name, "organization");
    return record != NULL && is_own(a, record);
}

/* He speaks for an organisation, and the need or offer is not its own. */
static bool may_express(const struct actor *a, const struct kind *kind,
                        const struct view_record *record)
{
    return need_is(kind) && (a->roles & MEMBER) != 0 && a->organization_doc != 0 &&
           (record == NULL || record->owner != a->organization_doc);
}

const char *may_action_name(enum may_action action)
{
    static const char *const name[MAY_ACTIONS] = {
        "create",  "edit",   "withdraw", "redact",   "submit", "review",  "renew",  "claim",
        "confirm", "import", "users",    "interest", "follow", "propose", "accept", "assign",
        "answer",  "settle", "forward",  "tell",     "split",  "carry",   "affirm", "staff"};
    must((unsigned)action < MAY_ACTIONS);
    return name[action];
}

static bool is(const struct kind *kind, const char *name)
{
    return kind != NULL && str_is(kind->name, name);
}

static bool may_on_obstacle(const struct actor *actor, enum may_action action,
                            const struct view_record *record)
{
    bool secretary = (actor->roles & (SECRETARY | ADMIN)) != 0,
         member = (actor->roles & MEMBER) != 0;
    switch (action) {
    case MAY_ASSIGN:
        return secretary;
    case MAY_ANSWER:
        return secretary || (member && record != NULL &&
                             value_get_str(&record->payload, "authority").len > 0);
    case MAY_SETTLE:
        return secretary || (member && record != NULL && is_own(actor, record));
    default: /* MAY_FORWARD */
        return member && actor->organization_doc != 0;
    }
}

bool may(const struct actor *actor, enum may_action action, const struct kind *kind,
         const struct view_record *record)
{
    if (actor->is_operator) /* every right but the second person's, and he is nobody's member */
        return action != MAY_REVIEW && action != MAY_CLAIM && action != MAY_INTEREST &&
               action != MAY_FORWARD;
    switch (action) {
    case MAY_CREATE:
    case MAY_EDIT:
    case MAY_WITHDRAW:
        return kind != NULL && keeps(actor, action, kind, record);
    case MAY_SUBMIT:
    case MAY_RENEW:
        return kind != NULL && need_is(kind) && keeps(actor, action, kind, record);
    case MAY_REVIEW:
        return kind != NULL && need_is(kind) && (actor->roles & ADVISER) != 0;
    case MAY_CLAIM:
        return is(kind, "organization") && actor->user != 0;
    case MAY_INTEREST:
        return kind != NULL && may_express(actor, kind, record);
    case MAY_FOLLOW:
        return is(kind, "interest") && record != NULL &&
               interest_party_of(actor, &record->payload) != INTEREST_NOBODY;
    case MAY_PROPOSE:
        return is(kind, "term") && actor->user != 0;
    case MAY_ACCEPT:
        return is(kind, "term") && (actor->roles & (EDITOR | ADVISER | ADMIN)) != 0;
    case MAY_TELL:
        return is(kind, "commitment") &&
               (keeps(actor, MAY_EDIT, kind, record) ||
                ((actor->roles & MEMBER) != 0 && actor->organization_doc != 0));
    case MAY_SPLIT:
    case MAY_CARRY:
        return is(kind, "commitment") && keeps(actor, MAY_EDIT, kind, record);
    case MAY_AFFIRM:
        return kind != NULL && (confirm_has(kind) || is(kind, "indicator")) &&
               (actor->roles & SECRETARY) != 0;
    case MAY_CONFIRM:
    case MAY_IMPORT:
        return (actor->roles & (EDITOR | ADMIN)) != 0;
    case MAY_REDACT:
    case MAY_USERS:
        return (actor->roles & ADMIN) != 0;
    case MAY_ASSIGN:
    case MAY_ANSWER:
    case MAY_SETTLE:
    case MAY_FORWARD:
        return is(kind, "obstacle") && may_on_obstacle(actor, action, record);
    case MAY_STAFF:
        return (actor->roles & (EDITOR | ADVISER | SECRETARY | OFFICER | ADMIN)) != 0;
    case MAY_ACTIONS:
        break;
    }
    return false;
}
