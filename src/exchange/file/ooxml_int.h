/* ooxml_int.h - an open Office Open XML archive, and one part of it being parsed. */
#ifndef CAU_EXCHANGE_OOXML_INT_H
#define CAU_EXCHANGE_OOXML_INT_H

#include "exchange/file/ooxml.h"

#include <expat.h>
#include <zip.h>

#define OOXML_PIECE_BYTES     65536       /* unpacked at once */
#define OOXML_TOKEN_BYTES_MAX (256 << 10) /* of one tag, which the parser must hold whole */

struct ooxml {
    struct arena *a;
    zip_t *zip;
    struct str bytes; /* borrowed */
    struct ooxml_limits limits;
    uint64_t inflated; /* all parts so far */
    uint64_t part_done, part_all;
};

/* Opens an archive; bytes stay the caller's and outlive it. Errors: SYNTAX (fault says why), MEMORY. */
enum cau_err ooxml_open(struct ooxml *o, struct arena *a, struct str bytes,
                        struct ooxml_limits limits, struct ooxml_fault *fault);
void ooxml_close(struct ooxml *o);
bool ooxml_has(const struct ooxml *o, const char *part);

/* One part on its way through the parser. Names come without their prefix. The handlers get state and owner. */
struct ooxml_part {
    struct ooxml *package;
    XML_Parser parser;
    unsigned why; /* set by handlers through ooxml_stop */
    bool stopped; /* also when nothing is wrong */
    bool memory;  /* out of it */
    unsigned depth;
    void *owner, *state;
    void (*start)(struct ooxml_part *p, const char *name, const char **attribute);
    void (*end)(struct ooxml_part *p, const char *name); /* NULL: not wanted */
    void (*text)(struct ooxml_part *p, struct str text); /* NULL: not wanted */
};

void ooxml_stop(struct ooxml_part *p, unsigned why); /* GOOD: enough was read */
void ooxml_stop_memory(struct ooxml_part *p);
const char *ooxml_attribute(const char **attribute, const char *name); /* NULL: there is none */

/* Unpacks and parses a part; p has handlers and state. Errors: SYNTAX (fault), MEMORY. */
enum cau_err ooxml_run(struct ooxml *o, struct ooxml_part *p, struct str name,
                       struct ooxml_fault *fault);
enum cau_err ooxml_fail(struct ooxml *o, struct ooxml_fault *fault, unsigned why,
                        struct str part); /* fills fault; SYNTAX */

/* Relations: which part is what. Those that lead outside the archive are passed over. */
struct ooxml_relation {
    struct str id, type, target; /* target is the name in the archive */
    struct ooxml_relation *next;
};
struct ooxml_relations {
    struct str folder; /* of the part they belong to, with its slash */
    struct ooxml_relation *first;
    size_t n;
};
/* Reads the relations of a part; of the archive itself when `of` is empty. Errors: as ooxml_run. */
enum cau_err ooxml_read_relations(struct ooxml *o, struct str of, struct ooxml_relations *out,
                                  struct ooxml_fault *fault);
const struct ooxml_relation *ooxml_of_type(const struct ooxml_relations *all, const char *end);
const struct ooxml_relation *ooxml_of_id(const struct ooxml_relations *all, struct str id);

#endif
