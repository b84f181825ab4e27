/* ooxml.h - what the readers of Office Open XML files (XLSX, DOCX) have in common: limits, and why a file is refused.
 *
 * A file is read out of memory: nothing is written to disk, nothing outside the archive is opened, no entity is
 * expanded (a document type declaration stops the reader), and every size is counted as it really comes. */
#ifndef CAU_EXCHANGE_OOXML_H
#define CAU_EXCHANGE_OOXML_H

#include "base/base.h"

#define OOXML_RATIO_MAX        200 /* inflated to packed, beyond the first MiB */
#define OOXML_RATIO_FREE_BYTES ((size_t)1 << 20)
#define OOXML_ENTRIES_MAX      1000
#define OOXML_NAME_BYTES_MAX   512 /* of a part */

enum ooxml_why { /* a reader's own reasons follow these */
                 OOXML_GOOD,
                 OOXML_OLD, /* an OLE file: of before 2007, or with a password */
                 OOXML_NOT_ZIP, /* or a zip with two entries of one name, or headers that disagree */
                 OOXML_DAMAGED,   /* an entry cannot be unpacked, or its checksum is wrong */
                 OOXML_FILE_SIZE, /* over the reader's limit of bytes */
                 OOXML_ENTRIES,   /* over OOXML_ENTRIES_MAX */
                 OOXML_INFLATED,  /* over the reader's limit of inflated bytes */
                 OOXML_RATIO,     /* over OOXML_RATIO_MAX */
                 OOXML_DOCTYPE,   /* a document type declaration: entities are not read */
                 OOXML_DEPTH,     /* over the reader's limit of nested elements */
                 OOXML_XML,       /* a part is no well-formed XML */
                 OOXML_NO_MAIN,   /* a zip, but without the part that the reader looks for */
                 OOXML_WHYS,
};

struct ooxml_limits {
    uint64_t file_bytes, inflated_bytes; /* inflated: all parts read, together */
    unsigned depth;
};

struct ooxml_fault {
    unsigned why;    /* enum ooxml_why, or the reader's own */
    struct str part; /* name in the archive; may be empty; in the arena of the call */
};

#endif
