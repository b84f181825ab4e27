#include "domain/actor.h"

#include "view/view.h"

struct actor actor_anonymous(void)
{
    return (struct actor){0};
}

struct actor actor_operator(void)
{
    return (struct actor){.is_operator = true};
}

struct actor actor_of(struct view *v, const struct local_user *user)
{
    struct actor a = {
        .user = user->id, .roles = user->roles, .organization = user->organization};
    struct index_reader everything = {.audiences = ~0u};
    if (user->organization.len > 0)
        a.organization_doc = view_find(v, everything, user->organization);
    return a;
}

struct index_reader actor_reader(const struct actor *a)
{
    const unsigned staff =
        LOCAL_EDITOR | LOCAL_ADVISER | LOCAL_SECRETARY | LOCAL_OFFICER | LOCAL_ADMINISTRATOR;
    struct index_reader r = {.audiences = 1u << RECORD_PUBLIC, .owner = a->organization_doc};
    if (a->user != 0)
        r.audiences |= 1u << RECORD_PARTNER;
    if (a->is_operator || (a->roles & staff) != 0)
        r.audiences = (1u << RECORD_AUDIENCES) - 1;
    return r;
}

const char *actor_role(const struct actor *a)
{
    static const struct {
        unsigned role;
        const char *name;
    } highest[] = {
        {LOCAL_ADMINISTRATOR, "administrator"},
        {LOCAL_EDITOR, "editor"},
        {LOCAL_ADVISER, "adviser"},
        {LOCAL_SECRETARY, "secretary"},
        {LOCAL_OFFICER, "officer"},
        {LOCAL_REVIEWER, "reviewer"},
        {LOCAL_MEMBER, "member"},
    };
    if (a->is_operator)
        return "operator";
    for (size_t i = 0; i < countof(highest); i++)
        if ((a->roles & highest[i].role) != 0)
            return highest[i].name;
    return "reader";
}
