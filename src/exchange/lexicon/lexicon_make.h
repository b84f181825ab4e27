/* lexicon_make.h - a lexicon out of the glossary, the node's terms, the program's own words and a manifest's sources. */
#ifndef CAU_EXCHANGE_LEXICON_MAKE_H
#define CAU_EXCHANGE_LEXICON_MAKE_H

#include "exchange/lexicon/manifest.h"
#include "language/lexicon.h"
#include "view/node.h"

#define LEXICON_MAKE_FILES_MAX  65536               /* of one source */
#define LEXICON_MAKE_PACKED_MAX ((size_t)512 << 20) /* bytes of one file as it lies there */

struct lexicon_make_fault {
    struct str source, file; /* in the arena; file may be empty */
    const char *why;         /* lexicon.why.<why> in words/ */
    uint64_t line;           /* of a text, message of a catalogue; 0: the whole file */
};

struct lexicon_make {
    const struct manifest *manifest;
    const char *dir;   /* relative paths of the manifest begin here */
    struct node *node; /* whose public terms are learnt too; may be NULL */
    void *ctx;
    void (*step)(void *ctx, uint64_t done, uint64_t all); /* may be NULL */
    /* A file of an optional source is passed over; may be NULL. */
    void (*passed)(void *ctx, const struct lexicon_make_fault *fault);
};

/* The manifest the program carries: what packages of the system provide. */
struct str lexicon_make_manifest(void);

/* The name of the source that the node's own terms are. */
#define LEXICON_MAKE_TERMS "Cầu terms"

/* Learns the lexicon, and writes it to path in one step. Source 0 is the glossary; then the program's words; then, when
 * there are any, the terms of the node that everyone may see and nobody proposed only or rejected; then those of the
 * manifest that are there. The digest of a source is that of its file; of several files that of their digests, one after the other.
 * Errors: REFUSED (*fault says what is wrong with a source), RANGE (too many pairs, or over LEXICON_BYTES_MAX), MEMORY, IO, FULL. */
enum cau_err lexicon_make(struct arena *a, const struct lexicon_make *how, const char *path,
                          struct lexicon_make_fault *fault);

/* Whether lexicon was learnt from what how (of which manifest and dir are read) and this program would have it learn from
 * now: *out is the first source that is not so, with why "own_changed", "added", "withdrawn" or "hash_changed", and no
 * file; why is NULL when there is none. Bytes of sources are not read: a file that changed under a name without a hash,
 * another weight, terms accepted since, are not noticed. Errors: RANGE, MEMORY, IO. */
enum cau_err lexicon_make_changed(struct arena *a, const struct lexicon_make *how,
                                  const struct lexicon *lexicon,
                                  struct lexicon_make_fault *out);

#endif
