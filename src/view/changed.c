/* What has been written since a moment: for whoever keeps something beside the views. */
#include "view/feed_int.h"
#include "view/view_int.h"

#include <stdlib.h>

struct changed {
    uint32_t *doc;
    size_t n, room, max;
};

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

static size_t sort_out(uint32_t *list, size_t n)
{
    size_t kept = 0;
    qsort(list, n, sizeof *list, by_number);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || list[kept - 1] != list[i])
            list[kept++] = list[i];
    return kept;
}

/* Memory for twice as many as may be returned: what comes twice is sorted out when it is full. */
static enum cau_err note_changed(void *with, uint32_t doc)
{
    struct changed *c = with;
    if (c->n == c->room) {
        c->n = sort_out(c->doc, c->n);
        if (c->n > c->max)
            return CAU_ERR_RANGE;
    }
    c->doc[c->n++] = doc;
    return CAU_OK;
}

enum cau_err view_newest(struct view *v, int64_t *time_ms)
{
    return feed_newest(v->s, time_ms);
}

enum cau_err view_changed(struct view *v, struct arena *a, int64_t time_ms, size_t max,
                          uint32_t **out, size_t *n)
{
    struct changed c = {.room = 2 * max + 1, .max = max};
    c.doc = arena_take(a, c.room * sizeof *c.doc);
    if (c.doc == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = feed_changed(v->s, time_ms, note_changed, &c);
    if (err != CAU_OK)
        return err;
    c.n = sort_out(c.doc, c.n);
    if (c.n > max)
        return CAU_ERR_RANGE;
    *out = c.doc;
    *n = c.n;
    return CAU_OK;
}
