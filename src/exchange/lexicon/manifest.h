/* manifest.h - the list of sources that a lexicon is learnt from: a text file of "key value" lines (docs/operate.md). */
#ifndef CAU_EXCHANGE_MANIFEST_H
#define CAU_EXCHANGE_MANIFEST_H

#include "base/digest.h"
#include "exchange/lexicon/pairs.h"

#define MANIFEST_BYTES_MAX 65536
#define MANIFEST_SOURCES_MAX                                                                   \
    29 /* a lexicon has three more: glossary, the program's words, the node's terms */
#define MANIFEST_FILES_MAX  16  /* lines "file" of one source */
#define MANIFEST_NAME_MAX   200 /* bytes of a name or licence */
#define MANIFEST_WEIGHT_MAX 16

struct manifest_source {
    struct str name, licence;
    struct str file
        [MANIFEST_FILES_MAX]; /* paths with * ? [] and {lang}; relative ones begin at the manifest's folder */
    size_t file_count;
    enum pairs_reader reader;
    enum token_group lang[PAIRS_PARTS_MAX];
    size_t lang_count;
    struct str columns; /* of a table; may be empty */
    unsigned weight;    /* 1..MANIFEST_WEIGHT_MAX */
    bool optional; /* no fault when it is not there; what is damaged in it is passed over */
    bool hashed;
    struct digest hash; /* when hashed */
    uint32_t line;      /* where it begins */
};

enum manifest_why {
    MANIFEST_GOOD,
    MANIFEST_ENCODING, /* not UTF-8 */
    MANIFEST_SIZE,     /* over MANIFEST_BYTES_MAX */
    MANIFEST_KEY,      /* a key that nobody knows, or before the first source */
    MANIFEST_VALUE,    /* a value its key cannot have, or a key twice */
    MANIFEST_MISSING, /* a source without file, reader, licence, or the languages its reader needs */
    MANIFEST_MANY, /* over MANIFEST_SOURCES_MAX or MANIFEST_FILES_MAX */
    MANIFEST_WHYS,
};
const char *manifest_why_name(enum manifest_why why); /* "manifest_encoding", ... */
struct manifest_fault {
    enum manifest_why why;
    uint32_t line;
};

struct manifest {
    struct manifest_source *source; /* in the arena; texts are views of the file */
    size_t n;
};

/* Errors: SYNTAX or RANGE, with *fault; MEMORY. */
enum cau_err manifest_read(struct arena *a, struct str text, struct manifest *out,
                           struct manifest_fault *fault);

#endif
