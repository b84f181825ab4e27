#include "record/record.h"

#include "record/record_int.h"

/* Where changes go. */
struct diffing {
    struct arena *a;
    struct record_change *out;
    size_t max, n;
    bool full; /* the arena */
};

static void note(struct diffing *d, const struct record_place *at, const struct value *old,
                 const struct value *new)
{
    if (d->n++ >= d->max)
        return;
    struct str place = at == NULL ? (struct str){"", 0} : record_place_str(d->a, at);
    d->full = d->full || place.p == NULL;
    d->out[d->n - 1] = (struct record_change){place, old, new};
}

static void compare(struct diffing *d, const struct record_place *at, const struct value *old,
                    const struct value *new);

static void compare_items(struct diffing *d, const struct record_place *at,
                          const struct value *old, const struct value *new)
{
    uint32_t x = old == NULL ? 0 : old->n, y = new == NULL ? 0 : new->n;
    for (uint32_t i = 0; i < x || i < y; i++) {
        struct record_place here = {at, {NULL, 0}, i};
        compare(d, &here, i < x ? &old->item[i] : NULL, i < y ? &new->item[i] : NULL);
    }
}

/* Walks both lists of members once, as in a merge: both are in the order of their keys. */
static void compare_members(struct diffing *d, const struct record_place *at,
                            const struct value *old, const struct value *new)
{
    uint32_t x = old == NULL ? 0 : old->n, y = new == NULL ? 0 : new->n, i = 0, j = 0;
    while (i < x || j < y) {
        int order = i == x   ? 1
                    : j == y ? -1
                             : value_key_cmp(old->member[i].key, new->member[j].key);
        struct str key = order <= 0 ? old->member[i].key : new->member[j].key;
        struct record_place here = {at, key, 0};
        if (at != NULL || !str_is(key, "audit"))
            compare(d, &here, order <= 0 ? &old->member[i].value : NULL,
                    order >= 0 ? &new->member[j].value : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

/* One of old and new may be NULL: a list or object is then compared with an empty one, so that every
 * change is a leaf. The recursion is as deep as a payload, JSON_DEPTH_MAX. */
static void compare(struct diffing *d, const struct record_place *at, const struct value *old,
                    const struct value *new)
{
    enum value_type type = old != NULL ? old->type : new->type;
    bool alike = old == NULL || new == NULL || old->type == new->type;
    uint32_t most = old != NULL && alike && type >= VALUE_ARRAY ? old->n : 0;
    if (new != NULL && alike &&type >= VALUE_ARRAY &&new->n > most)
        most = new->n;
    if (most > 0 && type == VALUE_ARRAY)
        compare_items(d, at, old, new);
    else if (most > 0)
        compare_members(d, at, old, new);
    else if (old == NULL || new == NULL || !value_equal(old, new))
        note(d, at, old, new);
}

enum cau_err record_diff(struct arena *a, const struct value *old, const struct value *new,
                         struct record_change *out, size_t max, size_t *n)
{
    struct diffing d = {.a = a, .out = out, .max = max};
    must(old->type == VALUE_OBJECT && new->type == VALUE_OBJECT);
    compare(&d, NULL, old, new);
    if (d.full)
        return CAU_ERR_MEMORY;
    *n = d.n;
    return CAU_OK;
}
