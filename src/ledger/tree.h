/* tree.h - the Merkle tree of RFC 6962 in tiles of height 8: growing, roots, proofs, their check. */
#ifndef CAU_LEDGER_TREE_H
#define CAU_LEDGER_TREE_H

#include "base/base.h"
#include "base/digest.h"

#define TREE_TILE_HASHES 256 /* of a full tile */
#define TREE_TILE_BYTES  8192
#define TREE_LEVELS_MAX  8                   /* levels of tiles, 0..7 */
#define TREE_SIZE_MAX    (UINT64_C(1) << 62) /* leaves */
#define TREE_PROOF_MAX   63                  /* hashes of one proof; enough for TREE_SIZE_MAX */

struct digest tree_leaf_hash(struct str leaf); /* SHA-256(0x00 || leaf) */
struct digest tree_node_hash(const struct digest *left, const struct digest *right);
struct digest tree_empty_root(void); /* SHA-256 of nothing */

/* Hashes that tile n of a level has when the tree has size leaves: 0..256. */
unsigned tree_tile_width(uint64_t size, unsigned level, uint64_t n);

/* The right edge of a tree: all that appending needs. About 68 KB: keep it where the log is. Copy
 * it to be able to go back. Only tree.c writes its members. */
struct tree {
    uint64_t size;
    /* The partial tile of each level: (size >> 8 * level) % 256 hashes, the rest undefined. */
    struct digest edge[TREE_LEVELS_MAX][TREE_TILE_HASHES];
    /* peak[h], where bit h of size is set: the root of the perfect subtree of 2^h leaves there. */
    struct digest peak[63];
};

/* Takes each tile that becomes full, once, in the order of levels within one leaf. */
struct tree_sink {
    enum cau_err (*full_tile)(void *with, unsigned level, uint64_t n,
                              const struct digest hash[TREE_TILE_HASHES]);
    void *with;
};

void tree_clear(struct tree *t); /* the empty tree */
/* A tree again from its size and the partial tiles as tree_edge gave them (an absent one has
 * length 0). CORRUPT when a length does not fit the size, RANGE over TREE_SIZE_MAX; *t unchanged. */
enum cau_err tree_load(struct tree *t, uint64_t size, const struct str edge[TREE_LEVELS_MAX]);
/* The bytes of the partial tile of a level: 32 * 0..255. A view into t. */
struct str tree_edge(const struct tree *t, unsigned level);
/* Appends n leaf hashes; about one node hash a leaf. sink may be NULL. Errors: RANGE (over
 * TREE_SIZE_MAX; t unchanged), or the sink's, after which t is unusable. */
enum cau_err tree_append(struct tree *t, const struct digest *leaf_hash, size_t n,
                         const struct tree_sink *sink);
struct digest tree_root(const struct tree *t);

/* Where proofs and the second root find their tiles. */
struct tree_reader {
    /* Writes the first width (1..256) hashes of tile n of a level to hash. Width is always what
     * a tree of the asked size has there, so one stored whole may be longer. */
    enum cau_err (*tile)(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest hash[TREE_TILE_HASHES]);
    void *with;
};

/* The root of size leaves by a way that shares nothing with tree_append: recursion over tiles.
 * Level 0 is read from leaf `from` on and the tiles above it, written since that size, must be
 * what is below them: 0 tests everything. Give hashes made afresh from the leaves for level 0 and
 * the root vouches for the leaves too. Errors: CORRUPT (a tile is not what is below it), RANGE
 * (over TREE_SIZE_MAX, from > size), the reader's. */
enum cau_err tree_root_again(const struct tree_reader *in, uint64_t from, uint64_t size,
                             struct digest *out);

struct tree_proof {
    struct digest hash[TREE_PROOF_MAX]; /* from the leaf upwards */
    size_t n;
};

/* The proof that leaf index is in the tree of size; that the tree of old_size is the beginning of
 * the one of size (empty when they are equal). Errors: RANGE (index >= size; old_size 0 or
 * > size; over TREE_SIZE_MAX), the reader's. */
enum cau_err tree_inclusion(const struct tree_reader *in, uint64_t index, uint64_t size,
                            struct tree_proof *out);
enum cau_err tree_consistency(const struct tree_reader *in, uint64_t old_size, uint64_t size,
                              struct tree_proof *out);

/* Strict checks (RFC 9162, 2.1.3.2 and 2.1.4.2): CORRUPT unless exactly these n hashes prove it.
 * Sizes are any uint64_t; an old size of 0 is always CORRUPT: what it means is the caller's. */
enum cau_err tree_check_inclusion(const struct digest *leaf_hash, uint64_t index, uint64_t size,
                                  const struct digest *proof, size_t n,
                                  const struct digest *root);
enum cau_err tree_check_consistency(uint64_t old_size, const struct digest *old_root,
                                    uint64_t size, const struct digest *root,
                                    const struct digest *proof, size_t n);

/* The two roots that a consistency proof of 0 < old_size < size implies, whatever anybody claims.
 * When old_size is a power of two the proof must begin with the old root, which tree_consistency
 * leaves out. CORRUPT when n does not fit the sizes. */
enum cau_err tree_implied_roots(uint64_t old_size, uint64_t size, const struct digest *proof,
                                size_t n, struct digest *old_root, struct digest *root);

#endif
