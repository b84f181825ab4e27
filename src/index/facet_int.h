/* facet_int.h - the columns. All values of a document together with its audience are one shape; documents
 * share shapes, so filters are decided and counts summed once a shape, not once a document. */
#ifndef CAU_INDEX_FACET_INT_H
#define CAU_INDEX_FACET_INT_H

#include "base/buf.h"
#include "base/table.h"
#include "index/index.h"

#define FACET_VALUES_MAX 65535 /* different values of all columns together */
#define FACET_SHAPES_MAX ((uint32_t)1 << 24)
#define FACET_NEAR       1024

struct facets {
    /* Value i: column and text. Shape i: audience and ascending value numbers. */
    struct buf value_at;       /* uint32_t, values + 1: where its text begins in value_text */
    struct buf value_text;     /* texts end to end */
    struct buf value_column;   /* uint8_t */
    struct buf shape_at;       /* uint32_t, shapes + 1: where its values begin in shape_value */
    struct buf shape_value;    /* uint16_t */
    struct buf shape_audience; /* uint8_t */
    struct table value_number, shape_number; /* filled at the first write */
    bool interned;
    uint16_t near[FACET_NEAR]; /* the last value met of each hash, for most are met again */
    unsigned audiences;        /* bits: those of the shapes */
};

struct facets facets_new(void);
void facets_free(struct facets *f);
uint32_t facets_values(const struct facets *f);
uint32_t facets_shapes(const struct facets *f);
struct str facets_value(const struct facets *f, uint32_t value);
static inline enum index_column facets_column(const struct facets *f, uint32_t value)
{
    return (enum index_column)(unsigned char)f->value_column.p[value];
}
/* The values of a shape; *n of them. */
static inline const uint16_t *facets_of_shape(const struct facets *f, uint32_t shape, size_t *n)
{
    const uint32_t *at = (const void *)f->shape_at.p;
    *n = at[shape + 1] - at[shape];
    return (const uint16_t *)(const void *)f->shape_value.p + at[shape];
}
/* Brings near what facets_of_shape reads first. */
static inline void facets_fetch(const struct facets *f, uint32_t shape)
{
    base_fetch(f->shape_at.p + (size_t)shape * sizeof(uint32_t));
    base_fetch(f->shape_audience.p + shape);
}
static inline unsigned facets_audience(const struct facets *f, uint32_t shape)
{
    return (unsigned char)f->shape_audience.p[shape];
}

/* The shape of a document, made when it is new. Errors: RANGE (more values or shapes than there may be),
 * MEMORY. */
enum cau_err facets_intern(struct facets *f, const struct index_doc *doc, uint32_t *shape);
/* Interns all shapes of g in order; their numbers in f go to shape (uint32_t each), which is empty. Errors: RANGE, MEMORY. */
enum cau_err facets_absorb(struct facets *f, const struct facets *g, struct buf *shape);
/* Adds a value or shape as read from a file, in order. False when memory ends. */
bool facets_add_value(struct facets *f, enum index_column column, struct str text);
bool facets_add_shape(struct facets *f, unsigned audience, const uint16_t *value, size_t n);

/* What filters say of a shape, apart from permission. */
enum { FACET_MISSES = 6, FACET_PASSES = 7 }; /* below: only that column fails */
_Static_assert((int)INDEX_COLUMNS <= (int)FACET_MISSES, "columns and these share three bits");
struct facet_filter {
    const struct facets *f;
    uint8_t *mark;    /* by value: bit (1 << column) when a filter asks for it */
    unsigned columns; /* bits: columns that have a filter */
    unsigned known;   /* bits: of them those with a value that some shape may have */
};
/* Errors: MEMORY. The marks live in a. */
enum cau_err facet_filter_open(const struct facets *f, struct arena *a,
                               const struct index_filter *filter, size_t n,
                               struct facet_filter *out);
unsigned facet_filter_decide(const struct facet_filter *filter, uint32_t shape);

#endif
