#include "ledger/tree.h"

#include <string.h>

struct digest tree_leaf_hash(struct str leaf)
{
    const struct str part[] = {{"\0", 1}, leaf};
    return digest_sha256(part, countof(part));
}

struct digest tree_node_hash(const struct digest *left, const struct digest *right)
{
    char both[65] = {1}; /* one update: that is a third of the time of three */
    memcpy(both + 1, left->b, 32);
    memcpy(both + 33, right->b, 32);
    return digest_of((struct str){both, sizeof both});
}

struct digest tree_empty_root(void)
{
    return digest_of((struct str){NULL, 0});
}

unsigned tree_tile_width(uint64_t size, unsigned level, uint64_t n)
{
    uint64_t all = level < TREE_LEVELS_MAX ? size >> (8 * level) : 0;
    if (n > all / TREE_TILE_HASHES)
        return 0;
    uint64_t left = all - n * TREE_TILE_HASHES;
    return left < TREE_TILE_HASHES ? (unsigned)left : TREE_TILE_HASHES;
}

static uint64_t largest_power_below(uint64_t n) /* n >= 2 */
{
    uint64_t k = 1;
    while (k < n - k)
        k *= 2;
    return k;
}

static unsigned log_of_power(uint64_t n)
{
    unsigned h = 0;
    while (n >> h != 1)
        h++;
    return h;
}

static bool is_power(uint64_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

/* The Merkle tree hash over 1..256 hashes: depth of recursion at most 8. */
static struct digest run_hash(const struct digest *hash, size_t n)
{
    must(n >= 1 && n <= TREE_TILE_HASHES);
    if (n == 1)
        return hash[0];
    size_t k = (size_t)largest_power_below(n);
    struct digest left = run_hash(hash, k), right = run_hash(hash + k, n - k);
    return tree_node_hash(&left, &right);
}

/* ---- growing ---- */

void tree_clear(struct tree *t)
{
    t->size = 0;
}

enum cau_err tree_load(struct tree *t, uint64_t size, const struct str edge[TREE_LEVELS_MAX])
{
    if (size > TREE_SIZE_MAX)
        return CAU_ERR_RANGE;
    for (unsigned level = 0; level < TREE_LEVELS_MAX; level++)
        if (edge[level].len != (size >> (8 * level)) % TREE_TILE_HASHES * sizeof(struct digest))
            return CAU_ERR_CORRUPT;
    t->size = size;
    for (unsigned level = 0; level < TREE_LEVELS_MAX; level++) {
        if (edge[level].len > 0)
            memcpy(t->edge[level], edge[level].p, edge[level].len);
        size_t n = edge[level].len / sizeof(struct digest), at = 0;
        for (unsigned bit = 8; bit-- > 0;) {
            if ((n >> bit & 1) == 0)
                continue;
            t->peak[8 * level + bit] = run_hash(t->edge[level] + at, (size_t)1 << bit);
            at += (size_t)1 << bit;
        }
    }
    return CAU_OK;
}

struct str tree_edge(const struct tree *t, unsigned level)
{
    must(level < TREE_LEVELS_MAX);
    size_t n = (size_t)((t->size >> (8 * level)) % TREE_TILE_HASHES);
    return (struct str){(const char *)t->edge[level], n * sizeof(struct digest)};
}

static enum cau_err add_one(struct tree *t, struct digest x, const struct tree_sink *sink)
{
    /* As in counting: each set bit of size at the bottom is a subtree that now has its pair. */
    for (unsigned h = 0;; h++) {
        if (h % 8 == 0) {
            unsigned level = h / 8;
            uint64_t at = t->size >> h; /* index of x among the hashes of this level */
            must(level < TREE_LEVELS_MAX);
            t->edge[level][at % TREE_TILE_HASHES] = x;
            if (at % TREE_TILE_HASHES == TREE_TILE_HASHES - 1 && sink != NULL) {
                enum cau_err err =
                    sink->full_tile(sink->with, level, at / TREE_TILE_HASHES, t->edge[level]);
                if (err != CAU_OK)
                    return err;
            }
        }
        if ((t->size >> h & 1) == 0) {
            t->peak[h] = x;
            break;
        }
        x = tree_node_hash(&t->peak[h], &x);
    }
    t->size++;
    return CAU_OK;
}

enum cau_err tree_append(struct tree *t, const struct digest *leaf_hash, size_t n,
                         const struct tree_sink *sink)
{
    must(t->size <= TREE_SIZE_MAX);
    if (n > TREE_SIZE_MAX - t->size)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < n; i++) {
        enum cau_err err = add_one(t, leaf_hash[i], sink);
        if (err != CAU_OK)
            return err;
    }
    return CAU_OK;
}

struct digest tree_root(const struct tree *t)
{
    if (t->size == 0)
        return tree_empty_root();
    unsigned h = 0;
    while ((t->size >> h & 1) == 0)
        h++;
    struct digest root = t->peak[h];
    for (h++; h < countof(t->peak); h++)
        if (t->size >> h & 1)
            root = tree_node_hash(&t->peak[h], &root);
    return root;
}

/* ---- reading tiles ---- */

/* The last tile read of each level: proofs ask for neighbours. */
struct shelf {
    const struct tree_reader *in;
    uint64_t size;
    uint64_t n[TREE_LEVELS_MAX];
    bool filled[TREE_LEVELS_MAX];
    struct digest hash[TREE_LEVELS_MAX][TREE_TILE_HASHES];
};

static enum cau_err fetch(struct shelf *s, unsigned level, uint64_t n,
                          const struct digest **hash)
{
    must(level < TREE_LEVELS_MAX && tree_tile_width(s->size, level, n) > 0);
    if (!s->filled[level] || s->n[level] != n) {
        s->filled[level] = false;
        enum cau_err err = s->in->tile(s->in->with, level, n,
                                       tree_tile_width(s->size, level, n), s->hash[level]);
        if (err != CAU_OK)
            return err;
        s->filled[level] = true;
        s->n[level] = n;
    }
    *hash = s->hash[level];
    return CAU_OK;
}

/* The root of the perfect subtree of leaves [lo, lo + 2^h), from the highest tile that has it. */
static enum cau_err perfect(struct shelf *s, uint64_t lo, unsigned h, struct digest *out)
{
    unsigned level = h / 8;
    uint64_t first = lo >> (8 * level); /* index of its first hash in the level */
    const struct digest *hash;
    enum cau_err err = fetch(s, level, first / TREE_TILE_HASHES, &hash);
    if (err == CAU_OK)
        *out = run_hash(hash + first % TREE_TILE_HASHES, (size_t)1 << h % 8);
    return err;
}

/* The Merkle tree hash of leaves [lo, hi); lo is a multiple of the power of two that splits it. */
static enum cau_err range_hash(struct shelf *s, uint64_t lo, uint64_t hi, struct digest *out)
{
    /* Perfect subtrees from left to right are high to low: gather them, then fold from the right. */
    struct digest part[64];
    size_t n = 0;
    for (uint64_t at = lo; at < hi; n++) {
        uint64_t k = hi - at == 1 ? 1 : largest_power_below(hi - at);
        if (is_power(hi - at))
            k = hi - at;
        enum cau_err err = perfect(s, at, log_of_power(k), &part[n]);
        if (err != CAU_OK)
            return err;
        at += k;
    }
    must(n > 0);
    *out = part[n - 1];
    for (size_t i = n - 1; i-- > 0;)
        *out = tree_node_hash(&part[i], out);
    return CAU_OK;
}

/* As range_hash, but down to level 0 wherever leaves at or after from are in it. Depth <= 62. */
static enum cau_err root_again(struct shelf *s, uint64_t from, uint64_t lo, uint64_t hi,
                               struct digest *out)
{
    bool whole = is_power(hi - lo);
    const struct digest *hash;
    enum cau_err err;
    if (hi - lo <= TREE_TILE_HASHES) {
        err = fetch(s, 0, lo / TREE_TILE_HASHES, &hash);
        if (err != CAU_OK)
            return err;
        *out = run_hash(hash + lo % TREE_TILE_HASHES, (size_t)(hi - lo));
    } else if (whole && hi <= from) {
        return perfect(s, lo, log_of_power(hi - lo), out);
    } else {
        uint64_t k = largest_power_below(hi - lo);
        struct digest left, right;
        if ((err = root_again(s, from, lo, lo + k, &left)) != CAU_OK ||
            (err = root_again(s, from, lo + k, hi, &right)) != CAU_OK)
            return err;
        *out = tree_node_hash(&left, &right);
    }
    if (!whole || hi - lo < TREE_TILE_HASHES || log_of_power(hi - lo) % 8 != 0)
        return CAU_OK;
    struct digest above; /* the same hash stands in the tile above: it must be the same */
    err = perfect(s, lo, log_of_power(hi - lo), &above);
    return err != CAU_OK ? err : digest_equal(&above, out) ? CAU_OK : CAU_ERR_CORRUPT;
}

enum cau_err tree_root_again(const struct tree_reader *in, uint64_t from, uint64_t size,
                             struct digest *out)
{
    if (size > TREE_SIZE_MAX || from > size)
        return CAU_ERR_RANGE;
    if (size == 0) {
        *out = tree_empty_root();
        return CAU_OK;
    }
    struct shelf s = {.in = in, .size = size};
    return root_again(&s, from, 0, size, out);
}

/* ---- proofs ---- */

static enum cau_err add_range(struct shelf *s, uint64_t lo, uint64_t hi, struct tree_proof *p)
{
    must(p->n < TREE_PROOF_MAX);
    enum cau_err err = range_hash(s, lo, hi, &p->hash[p->n]);
    p->n += err == CAU_OK;
    return err;
}

static void
turn_round(struct tree_proof *p) /* built from the root down, given from the leaf up */
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct digest x = p->hash[i];
        p->hash[i] = p->hash[p->n - 1 - i];
        p->hash[p->n - 1 - i] = x;
    }
}

enum cau_err tree_inclusion(const struct tree_reader *in, uint64_t index, uint64_t size,
                            struct tree_proof *out)
{
    if (size > TREE_SIZE_MAX || index >= size)
        return CAU_ERR_RANGE;
    struct shelf s = {.in = in, .size = size};
    struct tree_proof p = {.n = 0};
    for (uint64_t lo = 0, hi = size; hi - lo > 1;) {
        uint64_t middle = lo + largest_power_below(hi - lo);
        bool in_left = index < middle;
        enum cau_err err =
            in_left ? add_range(&s, middle, hi, &p) : add_range(&s, lo, middle, &p);
        if (err != CAU_OK)
            return err;
        if (in_left)
            hi = middle;
        else
            lo = middle;
    }
    turn_round(&p);
    *out = p;
    return CAU_OK;
}

enum cau_err tree_consistency(const struct tree_reader *in, uint64_t old_size, uint64_t size,
                              struct tree_proof *out)
{
    if (size > TREE_SIZE_MAX || old_size == 0 || old_size > size)
        return CAU_ERR_RANGE;
    struct shelf s = {.in = in, .size = size};
    struct tree_proof p = {.n = 0};
    enum cau_err err = CAU_OK;
    uint64_t lo = 0, hi = size;
    /* Down to the subtree that ends where the old tree ended (RFC 6962, 2.1.2). */
    while (old_size != hi && err == CAU_OK) {
        uint64_t middle = lo + largest_power_below(hi - lo);
        if (old_size <= middle) {
            err = add_range(&s, middle, hi, &p);
            hi = middle;
        } else {
            err = add_range(&s, lo, middle, &p);
            lo = middle;
        }
    }
    if (err == CAU_OK && lo > 0) /* else it is the old root, which the asker has */
        err = add_range(&s, lo, hi, &p);
    if (err != CAU_OK)
        return err;
    turn_round(&p);
    *out = p;
    return CAU_OK;
}

/* ---- checks ---- */

enum cau_err tree_check_inclusion(const struct digest *leaf_hash, uint64_t index, uint64_t size,
                                  const struct digest *proof, size_t n,
                                  const struct digest *root)
{
    if (index >= size)
        return CAU_ERR_CORRUPT;
    uint64_t at = index, last = size - 1;
    struct digest r = *leaf_hash;
    for (size_t i = 0; i < n; i++) {
        if (last == 0)
            return CAU_ERR_CORRUPT; /* more hashes than the tree has levels */
        if ((at & 1) != 0 || at == last) {
            r = tree_node_hash(&proof[i], &r);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            r = tree_node_hash(&r, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && digest_equal(&r, root) ? CAU_OK : CAU_ERR_CORRUPT;
}

enum cau_err tree_implied_roots(uint64_t old_size, uint64_t size, const struct digest *proof,
                                size_t n, struct digest *old_root, struct digest *root)
{
    if (old_size == 0 || old_size >= size || n == 0)
        return CAU_ERR_CORRUPT;
    uint64_t at = old_size - 1, last = size - 1;
    while ((at & 1) != 0) {
        at >>= 1;
        last >>= 1;
    }
    struct digest older = proof[0], newer = proof[0];
    for (size_t i = 1; i < n; i++) {
        if (last == 0)
            return CAU_ERR_CORRUPT;
        if ((at & 1) != 0 || at == last) {
            older = tree_node_hash(&proof[i], &older);
            newer = tree_node_hash(&proof[i], &newer);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            newer = tree_node_hash(&newer, &proof[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    if (last != 0)
        return CAU_ERR_CORRUPT;
    *old_root = older;
    *root = newer;
    return CAU_OK;
}

enum cau_err tree_check_consistency(uint64_t old_size, const struct digest *old_root,
                                    uint64_t size, const struct digest *root,
                                    const struct digest *proof, size_t n)
{
    if (old_size == 0 || old_size > size || n > TREE_PROOF_MAX)
        return CAU_ERR_CORRUPT;
    if (old_size == size)
        return n == 0 && digest_equal(old_root, root) ? CAU_OK : CAU_ERR_CORRUPT;
    if (n == 0)
        return CAU_ERR_CORRUPT;
    struct digest whole[TREE_PROOF_MAX + 1], older, newer;
    size_t seed = is_power(old_size); /* then the old root itself is where the proof starts */
    whole[0] = *old_root;
    memcpy(whole + seed, proof, n * sizeof *proof);
    enum cau_err err = tree_implied_roots(old_size, size, whole, n + seed, &older, &newer);
    if (err != CAU_OK)
        return err;
    return digest_equal(&older, old_root) && digest_equal(&newer, root) ? CAU_OK
                                                                        : CAU_ERR_CORRUPT;
}
