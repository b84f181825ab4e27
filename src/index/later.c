#include "index/later_int.h"

void later_add_size(struct later_size *size, const struct fresh *f)
{
    size->slots += f->part.n;
    size->tokens += f->token.len / sizeof(uint32_t);
    size->lists += f->lists.len;
}

static struct later_size size_of(const struct index *ix)
{
    struct later_size size = {0};
    later_add_size(&size, &ix->fresh);
    for (size_t i = 0; i < ix->later->n; i++)
        later_add_size(&size, &ix->later->part[i]);
    return size;
}

uint32_t later_slots(const struct index *ix)
{
    return (uint32_t)size_of(ix).slots;
}

size_t later_lists(const struct index *ix)
{
    return size_of(ix).lists;
}

bool later_has_room(const struct index *ix, size_t n, const struct later_size *size)
{
    struct later_size have = size_of(ix);
    return n <= LATER_MAX - ix->later->n && size->slots <= PART_SLOTS_MAX - have.slots &&
           have.tokens + size->tokens <= FRESH_TOKENS_MAX &&
           have.lists + size->lists <=
               FRESH_LISTS_MAX / 4; /* they may need twice as much when they are one */
}

void later_push(struct index *ix, struct fresh *f)
{
    must(!f->loose && !f->failed && ix->later->n < LATER_MAX);
    bool first = ix->later->n == 0 && ix->fresh.part.n == 0 && fresh_terms(&ix->fresh) == 0;
    struct fresh *to = first ? &ix->fresh : &ix->later->part[ix->later->n++];
    if (first)
        fresh_free(to);
    *to = *f;
    *f = fresh_new();
}

void later_drop(struct index *ix)
{
    for (size_t i = 0; i < ix->later->n; i++)
        fresh_free(&ix->later->part[i]);
    ix->later->n = 0;
}

/* Reads the texts of g again, as if its documents had come one by one. */
static enum cau_err put_again(struct index *ix, const struct fresh *g)
{
    struct fresh_tools tools = {ix->stem, ix->compounds};
    const struct part *p = &g->part;
    enum cau_err err = CAU_OK;
    for (uint32_t slot = 0; slot < p->n && err == CAU_OK; slot++) {
        struct index_doc doc = {.doc = p->doc[slot],
                                .audience = facets_audience(&ix->facets, p->shape[slot]),
                                .owner = p->owner[slot],
                                .updated_ms = p->updated_ms[slot]};
        uint32_t to, length[TOKEN_GROUPS];
        err = fresh_put(&ix->fresh, &tools, &doc, p->shape[slot], part_text(p, slot), &to,
                        length);
    }
    return err;
}

static enum cau_err join(struct index *ix, struct fresh *g)
{
    bool odd;
    enum cau_err err = fresh_absorb(&ix->fresh, g, &odd);
    if (err == CAU_OK && odd)
        err = put_again(ix, g);
    return err;
}

/* Memory ended: the documents that did not get into fresh are not there; the log still has them. */
static void forget(struct index *ix)
{
    uint32_t *place = (void *)ix->place.p;
    for (size_t i = 0; i < ix->later->n; i++) {
        const struct part *p = &ix->later->part[i].part;
        for (uint32_t slot = 0; slot < p->n; slot++) {
            if ((place[p->doc[slot]] & ~PLACE_FRESH) <= ix->fresh.part.n)
                continue;
            place[p->doc[slot]] = 0;
            ix->count--;
            if (facets_audience(&ix->facets, p->shape[slot]) == 0)
                for (size_t g = 0; g < TOKEN_GROUPS; g++)
                    ix->public_length[g] -= p->length[(size_t)slot * TOKEN_GROUPS + g];
        }
    }
    later_drop(ix);
}

enum cau_err later_join(struct index *ix)
{
    struct later *l = ix->later;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < l->n && err == CAU_OK; i++) {
        err = join(ix, &l->part[i]);
        if (err != CAU_OK)
            break;
        fresh_free(&l->part[i]);
        l->part[i] = fresh_new();
    }
    if (l->n > 0)
        ix->generation++; /* what was kept of texts in memory may have moved */
    if (err == CAU_OK)
        later_drop(ix);
    else
        forget(ix);
    return err;
}

void later_read_begin(const struct index *ix)
{
    sync_read_begin(ix->lock);
    while (ix->later->n > 0) {
        sync_done(ix->lock);
        sync_write_begin(ix->lock);
        (void)later_join(
            ix->later->index); /* a failure is the writer's: its next write and save say so */
        sync_done(ix->lock);
        sync_read_begin(ix->lock);
    }
}
