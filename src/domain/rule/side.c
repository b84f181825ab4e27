#include "domain/rule/side.h"

struct str side_of_organization(struct view *v, struct arena *a, struct str id_or_external_id)
{
    struct view_record r;
    uint32_t doc =
        id_or_external_id.len == 0 ? 0 : view_find(v, actor_everything(), id_or_external_id);
    if (doc == 0 || view_get(v, a, actor_everything(), doc, &r) != CAU_OK || r.redacted ||
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

/* ---- of a record ---- */

bool side_is_in(const struct str *side, size_t n, struct str wanted)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(side[i], wanted))
            return true;
    return false;
}

static size_t add(struct str *out, size_t n, struct str side)
{
    if (side.len == 0 || n == SIDE_COUNT_MAX || side_is_in(out, n, side))
        return n;
    out[n] = side;
    return n + 1;
}

/* A country, or a list of them, or of rows with one each. */
static size_t add_all(struct str *out, size_t n, const struct value *v)
{
    if (v == NULL)
        return n;
    if (v->type == VALUE_STRING)
        return add(out, n, v->string);
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n; i++) {
        const struct value *item = &v->item[i];
        n = add(out, n,
                item->type == VALUE_STRING ? item->string : value_get_str(item, "side"));
    }
    return n;
}

size_t side_acting(const struct value *payload, struct str out[SIDE_COUNT_MAX])
{
    size_t n = add_all(out, 0, value_get(payload, "side"));
    return add_all(out, n, value_get(payload, "executors"));
}

size_t side_concerned(const struct value *payload, struct str out[SIDE_COUNT_MAX])
{
    size_t n = add_all(out, 0, value_get(payload, "countries"));
    if (n == 0)
        n = add_all(out, 0, value_get(payload, "country"));
    n = add_all(out, n, value_get(payload, "side"));
    return add_all(out, n, value_get(payload, "executors"));
}
