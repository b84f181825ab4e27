/* xlsx_int.h - what the files of the workbook reader share: the open archive, and one part being parsed. */
#ifndef CAU_EXCHANGE_XLSX_INT_H
#define CAU_EXCHANGE_XLSX_INT_H

#include "base/buf.h"
#include "exchange/xlsx.h"

#include <expat.h>
#include <zip.h>

#define XLSX_PIECE_BYTES     65536       /* unpacked at once */
#define XLSX_TOKEN_BYTES_MAX (256 << 10) /* of one tag, which the parser must hold whole */
#define XLSX_FORMAT_ID_MAX   65535       /* numbers of number formats */

struct xlsx {
    struct arena *a; /* of xlsx_open */
    zip_t *zip;
    struct str bytes;
    uint64_t inflated; /* all parts so far: of opening and of one reading */
    uint64_t inflated_by_open;
    uint64_t cells;
    bool epoch_1904;
    struct xlsx_sheet sheet[XLSX_SHEETS_MAX];
    struct str sheet_part[XLSX_SHEETS_MAX];
    size_t sheet_count;
    struct str strings_part, styles_part; /* empty: there is none */
    struct buf string;                    /* shared strings, one after the other */
    struct buf end;                       /* uint32_t: where each ends in string */
    unsigned char *date_style;            /* a bit for each style: its numbers are dates */
    size_t style_count;
    uint64_t part_done, part_all;
};

/* One part of the archive on its way through the parser. The handlers of a reader get state. */
struct xlsx_part {
    struct xlsx *x;
    XML_Parser parser;
    enum xlsx_why why; /* set by handlers through xlsx_stop */
    bool stopped;      /* also when nothing is wrong */
    bool memory;       /* out of it */
    unsigned depth;
    void *state;
    void (*start)(struct xlsx_part *p, const char *name, const char **attribute);
    void (*end)(struct xlsx_part *p, const char *name);
    void (*text)(struct xlsx_part *p, struct str text); /* NULL: not wanted */
};

void xlsx_stop(struct xlsx_part *p, enum xlsx_why why); /* GOOD: enough was read */
const char *xlsx_attribute(const char **attribute, const char *name); /* NULL: there is none */

/* Unpacks and parses a part; p has handlers and state. Errors: SYNTAX (fault), MEMORY. */
enum cau_err xlsx_run(struct xlsx *x, struct xlsx_part *p, struct str name,
                      struct xlsx_fault *fault);

/* Undoes _xHHHH_ in b from byte from on; false when it is then over XLSX_CELL_POINTS_MAX. */
bool xlsx_unescape(struct buf *b, size_t from);

/* The readers of the parts. */
enum cau_err xlsx_read_strings(struct xlsx *x, struct xlsx_fault *fault);
enum cau_err xlsx_read_styles(struct xlsx *x, struct xlsx_fault *fault);
bool xlsx_format_is_date(const char *code);

#endif
