/* xlsx_int.h - what the files of the workbook reader share: the open workbook. */
#ifndef CAU_EXCHANGE_XLSX_INT_H
#define CAU_EXCHANGE_XLSX_INT_H

#include "base/buf.h"
#include "exchange/file/ooxml_int.h"
#include "exchange/file/xlsx.h"

#define XLSX_FORMAT_ID_MAX 65535 /* numbers of number formats */

struct xlsx {
    struct arena *a;      /* of xlsx_open */
    struct ooxml package; /* inflated: of opening and of one reading */
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
};

/* The workbook whose part is being read. */
static inline struct xlsx *xlsx_of(const struct ooxml_part *p)
{
    return p->owner;
}

/* Unpacks and parses a part; p has handlers and state. Errors: SYNTAX (fault), MEMORY. */
enum cau_err xlsx_run(struct xlsx *x, struct ooxml_part *p, struct str name,
                      struct xlsx_fault *fault);

/* Undoes _xHHHH_ in b from byte from on; false when it is then over XLSX_CELL_POINTS_MAX. */
bool xlsx_unescape(struct buf *b, size_t from);

/* The readers of the parts. */
enum cau_err xlsx_read_strings(struct xlsx *x, struct xlsx_fault *fault);
enum cau_err xlsx_read_styles(struct xlsx *x, struct xlsx_fault *fault);
bool xlsx_format_is_date(const char *code);

#endif
