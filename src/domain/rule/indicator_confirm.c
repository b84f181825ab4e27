#include "domain/rule/indicator_confirm.h"

#include "domain/rule/register_int.h"

#include <string.h>

static bool is_open(const struct value *row, struct str side)
{
    return str_equal(value_get_str(row, "side"), side) &&
           !str_is(value_get_str(row, "standing"), "confirmed");
}

size_t indicator_unconfirmed(const struct value *payload, struct str side, size_t *all)
{
    const struct value *rows = value_get(payload, "values");
    size_t n = 0, of_side = 0;
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        of_side += str_equal(value_get_str(&rows->item[i], "side"), side);
        n += is_open(&rows->item[i], side);
    }
    if (all != NULL)
        *all = of_side;
    return n;
}

/* The payload with the figures of the side confirmed. */
static enum cau_err confirmed(struct arena *a, const struct value *payload, struct str side,
                              struct value *out)
{
    struct value rows;
    enum cau_err err = value_copy(a, value_get(payload, "values"), &rows);
    for (uint32_t i = 0; i < rows.n && err == CAU_OK; i++)
        if (is_open(&rows.item[i], side))
            err = value_set(a, &rows.item[i], STR("standing"), value_string(STR("confirmed")));
    if (err == CAU_OK)
        err = value_copy(a, payload, out);
    return err == CAU_OK ? value_set(a, out, STR("values"), rows) : err;
}

enum register_why indicator_confirm(struct node *n, struct arena *a, const struct actor *actor,
                                    struct str id, struct str side, const struct digest *after,
                                    struct register_outcome *out)
{
    struct view_record r;
    struct value payload;
    memset(out, 0, sizeof *out);
    enum register_why why = register_current(n, a, actor, id, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn || !str_is(r.kind->name, "indicator"))
        return REGISTER_GONE;
    if (!may(actor, MAY_AFFIRM, r.kind, &r))
        return REGISTER_NOT_ALLOWED;
    if (!actor->is_operator || side.len == 0) {
        struct view *v = view_take(n);
        side = side_of_actor(v, a, n, actor);
        view_give(n, v);
    }
    if (side.len == 0)
        return REGISTER_NO_SIDE;
    if (after != NULL && !digest_equal(after, &r.leaf)) {
        out->current = r;
        return REGISTER_CHANGED;
    }
    if (indicator_unconfirmed(&r.payload, side, NULL) == 0)
        return REGISTER_SAME;
    enum cau_err err = confirmed(a, &r.payload, side, &payload);
    if (err != CAU_OK)
        return register_why_of(err);
    struct actor signer = register_signer(actor, &r);
    struct register_version version = register_next(&r);
    version.payload = &payload;
    return register_put(n, a, &signer, &version, out);
}
