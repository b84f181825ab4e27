/* export_int.h - what the forms of export share: going through what a reader may see, and a record as cells. */
#ifndef CAU_EXCHANGE_EXPORT_INT_H
#define CAU_EXCHANGE_EXPORT_INT_H

#include "base/buf.h"
#include "exchange/export/export.h"
#include "exchange/form/form.h"

#define EXPORT_RECORD_BYTES ((size_t)64 << 20) /* arena of one record */
#define EXPORT_COLUMNS_MAX  CELL_COLUMNS_MAX

/* Calls each for every record that options choose, until it gives an error, which is returned. */
enum cau_err export_each(struct view *v, struct arena *a, struct index_reader reader,
                         const struct export_options *options,
                         enum cau_err (*each)(void *ctx, struct arena *a,
                                              const struct view_record *r),
                         void *ctx);

/* What a record is called in its source: its external id, else its record id, so that it can be found again. */
struct str export_name(const struct view_record *r);

/* Calls cell for each cell of a record: a target of form.h and its text. Errors: MEMORY, those of cell. */
struct export_cells {
    struct arena *a;
    const struct form *form; /* for choosing between a label and its code */
    enum lang lang;          /* of labels */
    void *ctx;
    enum cau_err (*cell)(void *ctx, struct str to, struct str text);
};
enum cau_err export_flatten(const struct export_cells *c, const struct view_record *r);

enum cau_err export_table(struct node *n, struct view *v, struct arena *a,
                          struct index_reader reader, const struct export_options *options,
                          const struct export_sink *sink, uint64_t *records);

enum cau_err export_terms(struct node *n, struct view *v, struct arena *a,
                          struct index_reader reader, const struct export_options *options,
                          const struct export_sink *sink, uint64_t *records);

/* Figures of indicators; *records: how many figures. */
enum cau_err export_sdmx(struct node *n, struct view *v, struct arena *a,
                         struct index_reader reader, const struct export_options *options,
                         const struct export_sink *sink, uint64_t *records);

#endif
