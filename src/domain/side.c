#include "domain/side.h"

static const struct index_reader everything = {.audiences = (1u << RECORD_AUDIENCES) - 1};

struct str side_of_organization(struct view *v, struct arena *a, struct str id_or_external_id)
{
    struct view_record r;
    uint32_t doc = id_or_external_id.len == 0 ? 0 : view_find(v, everything, id_or_external_id);
    if (doc == 0 || view_get(v, a, everything, doc, &r) != CAU_OK || r.redacted ||
        !str_is(r.kind->name, "organization"))
        return (struct str){NULL, 0};
    return value_get_str(&r.payload, "country");
}

struct str side_of_actor(struct view *v, struct arena *a, const struct node *n,
                         const struct actor *actor)
{
    if (actor->user == 0 && !actor->is_operator)
        return (struct str){NULL, 0};
    if (actor->organization.len == 0)
        return node_config(n)->country;
    return side_of_organization(v, a, actor->organization);
}

bool side_speaks_for(struct view *v, struct arena *a, const struct node *n,
                     const struct actor *actor, struct str side)
{
    if (side.len == 0)
        return false;
    return actor->is_operator || str_equal(side_of_actor(v, a, n, actor), side);
}
