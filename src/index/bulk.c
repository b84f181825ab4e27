/* Many documents at once: each thread reads a run of them into a part in memory of its own, then the parts become one, in
 * order, as if the documents had come one by one. */
#include "index/later_int.h"
#include "index/stored_int.h"

/* Documents worth a thread: what words become is worked out again in each. */
enum { SHARE_MIN = 2048 };

struct share {
    const struct index_doc *doc;
    size_t n;
    const struct compound_list *compounds;
    struct fresh fresh;
    struct facets facets;
    enum cau_err err;
    bool ready; /* make_room was called */
};

static enum cau_err read_doc(struct share *s, struct stem *stem, struct buf *stored,
                             const struct index_doc *doc)
{
    struct fresh_tools tools = {stem, s->compounds};
    uint32_t shape, slot, length[TOKEN_GROUPS];
    enum cau_err err = index_check_doc(doc);
    if (err != CAU_OK)
        return err;
    buf_reset(stored);
    stored_write(stored, doc);
    if (stored->failed)
        return CAU_ERR_MEMORY;
    err = facets_intern(&s->facets, doc, &shape);
    return err == CAU_OK
               ? fresh_put(&s->fresh, &tools, doc, shape, buf_str(stored), &slot, length)
               : err;
}

static void read_share(void *shares, size_t task)
{
    struct share *s = (struct share *)shares + task;
    struct stem *stem;
    struct buf stored = buf_new(INDEX_DOC_BYTES_MAX * 2);
    s->err = stem_open(&stem);
    if (s->err != CAU_OK)
        return;
    s->fresh.loose = true;
    for (size_t i = 0; i < s->n && s->err == CAU_OK; i++)
        s->err = read_doc(s, stem, &stored, &s->doc[i]);
    if (s->err == CAU_OK)
        s->err = fresh_order(&s->fresh);
    buf_free(&stored);
    stem_close(stem);
}

/* The documents of a share, which are at p from slot `from` on, take their places from slot `first` on. */
static void take_places(struct index *ix, const struct share *s, const struct part *p,
                        uint32_t from, uint32_t first)
{
    for (size_t i = 0; i < s->n; i++) {
        uint32_t length[TOKEN_GROUPS];
        for (size_t g = 0; g < TOKEN_GROUPS; g++)
            length[g] = p->length[(from + i) * TOKEN_GROUPS + g];
        index_take_place(ix, &s->doc[i], first + (uint32_t)i, length);
    }
}

static enum cau_err put_one_by_one(struct index *ix, const struct index_doc *doc, size_t n)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = index_put(ix, &doc[i]);
    return err;
}

/* The shapes of a share become those of the index, and its documents get room for their places. The lock is held. Errors:
 * RANGE (some of the shapes may be taken), MEMORY. */
static enum cau_err make_room(struct index *ix, struct share *s)
{
    if (s->ready)
        return CAU_OK;
    struct buf shape = buf_new((size_t)FACET_SHAPES_MAX * sizeof(uint32_t));
    enum cau_err err = facets_absorb(&ix->facets, &s->facets, &shape);
    for (size_t i = 0; i < s->n && err == CAU_OK; i++)
        err = index_make_place(ix, s->doc[i].doc);
    if (err == CAU_OK)
        fresh_reshape(&s->fresh, (const void *)shape.p);
    s->ready = err == CAU_OK;
    buf_free(&shape);
    return err;
}

/* The lock is held. *odd: they are to be put one by one. */
static enum cau_err take_share(struct index *ix, struct share *s, bool *odd)
{
    uint32_t first = ix->fresh.part.n;
    enum cau_err err = make_room(ix, s);
    if (err == CAU_OK)
        err = fresh_absorb(&ix->fresh, &s->fresh, odd);
    if (err == CAU_ERR_RANGE) {
        *odd = true;
        err = CAU_OK;
    }
    if (err == CAU_OK && !*odd)
        take_places(ix, s, &ix->fresh.part, first, first);
    return err;
}

static enum cau_err take_shares(struct index *ix, struct share *share, size_t shares)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < shares && err == CAU_OK; i++) {
        bool odd = false;
        sync_write_begin(ix->lock);
        err = later_join(ix);
        if (err == CAU_OK)
            err = take_share(ix, &share[i], &odd);
        ix->generation += err != CAU_OK; /* as in index_put */
        sync_done(ix->lock);
        if (odd)
            err = put_one_by_one(ix, share[i].doc, share[i].n);
    }
    return err;
}

/* Are the documents new, each once? Then they need not be looked for in other parts. */
static bool all_new(const struct index *ix, const struct index_doc *doc, size_t n)
{
    const uint32_t *place = (const void *)ix->place.p;
    size_t places = ix->place.len / sizeof *place;
    for (size_t i = 0; i < n; i++)
        if ((i > 0 && doc[i].doc <= doc[i - 1].doc) ||
            (doc[i].doc < places && place[doc[i].doc] != 0))
            return false;
    return true;
}

/* Leaves the shares as parts of their own until somebody searches or all of it is saved. The lock is held. False, and nothing
 * done that is seen: they must be taken. */
static bool leave_shares(struct index *ix, struct share *share, size_t shares)
{
    struct later_size size = {0};
    if (ix->fresh.failed)
        return false;
    for (size_t i = 0; i < shares; i++) {
        if (share[i].n == 0 || !all_new(ix, share[i].doc, share[i].n) ||
            (i > 0 && share[i].doc->doc <= share[i - 1].doc[share[i - 1].n - 1].doc))
            return false;
        later_add_size(&size, &share[i].fresh);
    }
    if (!later_has_room(ix, shares, &size) &&
        (later_join(ix) != CAU_OK || !later_has_room(ix, shares, &size)))
        return false;
    for (size_t i = 0; i < shares; i++)
        if (make_room(ix, &share[i]) != CAU_OK)
            return false;
    for (size_t i = 0; i < shares; i++) {
        take_places(ix, &share[i], &share[i].fresh.part, 0, later_slots(ix));
        later_push(ix, &share[i].fresh);
    }
    return true;
}

static enum cau_err put_shares(struct index *ix, struct share *share, size_t shares)
{
    enum cau_err err = CAU_OK;
    sync_share(read_share, share, shares);
    for (size_t i = 0; i < shares && err == CAU_OK; i++)
        err = share[i].err;
    if (err != CAU_OK)
        return err;
    sync_write_begin(ix->lock);
    bool left = leave_shares(ix, share, shares);
    sync_done(ix->lock);
    return left ? CAU_OK : take_shares(ix, share, shares);
}

enum cau_err index_put_shares(struct index *ix, const struct index_doc *doc, size_t n,
                              size_t shares)
{
    struct share share[INDEX_SHARES_MAX];
    size_t done = 0;
    must(shares >= 1 && shares <= INDEX_SHARES_MAX);
    for (size_t i = 0; i < shares; i++) {
        size_t end = n * (i + 1) / shares;
        share[i] = (struct share){.doc = doc + done,
                                  .n = end - done,
                                  .compounds = ix->compounds,
                                  .fresh = fresh_new(),
                                  .facets = facets_new()};
        done = end;
    }
    enum cau_err err = put_shares(ix, share, shares);
    for (size_t i = 0; i < shares; i++) {
        fresh_free(&share[i].fresh);
        facets_free(&share[i].facets);
    }
    return err;
}

enum cau_err index_put_all(struct index *ix, const struct index_doc *doc, size_t n)
{
    size_t shares = sync_cores(), most = n / SHARE_MIN;
    shares = shares < INDEX_SHARES_MAX ? shares : INDEX_SHARES_MAX;
    shares = shares < most ? shares : most;
    if (shares > 0)
        return index_put_shares(ix, doc, n, shares);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = index_check_doc(&doc[i]);
    return err == CAU_OK ? put_one_by_one(ix, doc, n) : err;
}
