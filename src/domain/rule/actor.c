#include "domain/rule/actor.h"

#include "domain/rule/side.h"
#include "view/view.h"

enum {
    STAFF = LOCAL_EDITOR | LOCAL_ADVISER | LOCAL_SECRETARY | LOCAL_OFFICER | LOCAL_ADMINISTRATOR
};

struct actor actor_anonymous(void)
{
    return (struct actor){0};
}

struct actor actor_operator(void)
{
    return (struct actor){.is_operator = true};
}

/* The organisation is not of the node's country. */
static bool is_from_elsewhere(struct view *v, struct str organization)
{
    struct arena a = arena_new(1 << 20);
    struct str country = side_of_organization(v, &a, organization);
    bool own = str_equal(country, node_config(view_node(v))->country);
    arena_free(&a);
    return !own;
}

struct actor actor_of(struct view *v, const struct local_user *user)
{
    struct actor a = {
        .user = user->id, .roles = user->roles, .organization = user->organization};
    struct index_reader everything = actor_everything();
    if (user->organization.len > 0)
        a.organization_doc = view_find(v, everything, user->organization);
    a.is_guest = (user->roles & STAFF) != 0 && user->organization.len > 0 &&
                 is_from_elsewhere(v, user->organization);
    return a;
}

struct index_reader actor_reader(const struct actor *a)
{
    struct index_reader r = {.audiences = 1u << RECORD_PUBLIC, .owner = a->organization_doc};
    if (a->user != 0)
        r.audiences |= 1u << RECORD_PARTNER;
    if (a->is_operator || ((a->roles & STAFF) != 0 && !a->is_guest))
        r.audiences = (1u << RECORD_AUDIENCES) - 1;
    return r;
}

struct index_reader actor_everything(void)
{
    return (struct index_reader){.audiences = (1u << RECORD_AUDIENCES) - 1};
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
