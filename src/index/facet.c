#include "index/facet_int.h"

#include <string.h>

enum { BYTES_MAX = 1 << 30 };

struct facets facets_new(void)
{
    return (struct facets){.value_at = buf_new(BYTES_MAX),
                           .value_text = buf_new(BYTES_MAX),
                           .value_column = buf_new(BYTES_MAX),
                           .shape_at = buf_new(BYTES_MAX),
                           .shape_value = buf_new(BYTES_MAX),
                           .shape_audience = buf_new(BYTES_MAX),
                           .value_number = table_new(),
                           .shape_number = table_new()};
}

void facets_free(struct facets *f)
{
    buf_free(&f->value_at);
    buf_free(&f->value_text);
    buf_free(&f->value_column);
    buf_free(&f->shape_at);
    buf_free(&f->shape_value);
    buf_free(&f->shape_audience);
    table_free(&f->value_number);
    table_free(&f->shape_number);
}

uint32_t facets_values(const struct facets *f)
{
    return (uint32_t)f->value_column.len;
}

uint32_t facets_shapes(const struct facets *f)
{
    return (uint32_t)f->shape_audience.len;
}

static const uint32_t *numbers(const struct buf *b)
{
    return (const void *)b->p;
}

struct str facets_value(const struct facets *f, uint32_t value)
{
    must(value < facets_values(f));
    const uint32_t *at = numbers(&f->value_at);
    return (struct str){f->value_text.p + at[value], at[value + 1] - at[value]};
}

/* One more number at the end of a list of starts: where the next thing will begin. */
static bool add_start(struct buf *b, size_t at)
{
    uint32_t n = (uint32_t)at;
    buf_add(b, (struct str){(const char *)&n, sizeof n});
    return !b->failed;
}

bool facets_add_value(struct facets *f, enum index_column column, struct str text)
{
    if (f->value_at.len == 0 && !add_start(&f->value_at, 0))
        return false;
    buf_add(&f->value_text, text);
    return !f->value_text.failed && add_start(&f->value_at, f->value_text.len) &&
           (buf_add_char(&f->value_column, (char)column), !f->value_column.failed);
}

bool facets_add_shape(struct facets *f, unsigned audience, const uint16_t *value, size_t n)
{
    f->audiences |= 1u << audience;
    if (f->shape_at.len == 0 && !add_start(&f->shape_at, 0))
        return false;
    buf_add(&f->shape_value, (struct str){(const char *)value, n * sizeof *value});
    return !f->shape_value.failed && add_start(&f->shape_at, f->shape_value.len / 2) &&
           (buf_add_char(&f->shape_audience, (char)audience), !f->shape_audience.failed);
}

struct key {
    char p[2 + INDEX_VALUES_MAX * 2];
    size_t len;
};

static void value_key(enum index_column column, struct str text, struct key *out)
{
    must(text.len <= INDEX_VALUE_BYTES_MAX);
    out->p[0] = (char)column;
    for (size_t i = 0; i < text.len; i++)
        out->p[1 + i] = text.p[i];
    out->len = text.len + 1;
}

static void shape_key(unsigned audience, const uint16_t *value, size_t n, struct key *out)
{
    out->p[0] = (char)audience;
    for (size_t i = 0; i < n; i++) {
        out->p[1 + 2 * i] = (char)(value[i] & 255);
        out->p[2 + 2 * i] = (char)(value[i] >> 8);
    }
    out->len = 1 + 2 * n;
}

/* The tables are made when the first document is written: a reader never needs them. */
static enum cau_err intern_all(struct facets *f)
{
    struct key key;
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; i < facets_values(f) && err == CAU_OK; i++) {
        value_key(facets_column(f, i), facets_value(f, i), &key);
        err = table_set(&f->value_number, (struct str){key.p, key.len}, i);
    }
    for (uint32_t i = 0; i < facets_shapes(f) && err == CAU_OK; i++) {
        size_t n;
        const uint16_t *value = facets_of_shape(f, i, &n);
        shape_key(facets_audience(f, i), value, n, &key);
        err = table_set(&f->shape_number, (struct str){key.p, key.len}, i);
    }
    f->interned = err == CAU_OK;
    return err;
}

_Static_assert(FACET_NEAR == 1 << (64 - 54), "the highest bits of a hash choose among them");
/* Where a value is looked for first. */
static uint16_t *near_of(struct facets *f, const struct index_value *v)
{
    uint64_t first = 0, last = 0;
    size_t n = v->value.len < 8 ? v->value.len : 8;
    for (size_t i = 0; i < n; i++)
        first = first << 8 | (unsigned char)v->value.p[i];
    if (v->value.len > 8)
        memcpy(&last, v->value.p + v->value.len - 8, 8);
    uint64_t h = (first ^ last * 31 ^ (uint64_t)v->column << 60) * 0x9E3779B97F4A7C15u;
    return &f->near[h >> 54];
}

static enum cau_err intern_value(struct facets *f, const struct index_value *v, uint16_t *out)
{
    struct key key;
    uint16_t *near = near_of(f, v);
    if (*near < facets_values(f) && facets_column(f, *near) == v->column &&
        str_equal(facets_value(f, *near), v->value)) {
        *out = *near;
        return CAU_OK;
    }
    uint32_t number, fresh = facets_values(f);
    value_key(v->column, v->value, &key);
    number = table_get(&f->value_number, (struct str){key.p, key.len}, UINT32_MAX);
    if (number == UINT32_MAX) {
        if (fresh == FACET_VALUES_MAX)
            return CAU_ERR_RANGE;
        enum cau_err err = table_set(&f->value_number, (struct str){key.p, key.len}, fresh);
        if (err == CAU_OK && !facets_add_value(f, v->column, v->value))
            err = CAU_ERR_MEMORY;
        if (err != CAU_OK)
            return err;
        number = fresh;
    }
    *out = *near = (uint16_t)number;
    return CAU_OK;
}

/* Inserts into an ascending set of n; returns how many there are then. */
static size_t insert(uint16_t *set, size_t n, uint16_t value)
{
    size_t at = n;
    while (at > 0 && set[at - 1] > value)
        at--;
    if (at > 0 && set[at - 1] == value)
        return n;
    for (size_t i = n; i > at; i--)
        set[i] = set[i - 1];
    set[at] = value;
    return n + 1;
}

static enum cau_err intern_shape(struct facets *f, unsigned audience, const uint16_t *set,
                                 size_t n, uint32_t *shape)
{
    struct key key;
    uint32_t fresh = facets_shapes(f), number;
    enum cau_err err = CAU_OK;
    shape_key(audience, set, n, &key);
    number = table_get(&f->shape_number, (struct str){key.p, key.len}, UINT32_MAX);
    if (number == UINT32_MAX) {
        if (fresh == FACET_SHAPES_MAX)
            return CAU_ERR_RANGE;
        err = table_set(&f->shape_number, (struct str){key.p, key.len}, fresh);
        if (err == CAU_OK && !facets_add_shape(f, audience, set, n))
            err = CAU_ERR_MEMORY;
        number = fresh;
    }
    if (err == CAU_OK)
        *shape = number;
    return err;
}

enum cau_err facets_intern(struct facets *f, const struct index_doc *doc, uint32_t *shape)
{
    must(doc->value_count <= INDEX_VALUES_MAX);
    uint16_t set[INDEX_VALUES_MAX];
    size_t n = 0;
    enum cau_err err = f->interned ? CAU_OK : intern_all(f);
    for (size_t i = 0; i < doc->value_count && err == CAU_OK; i++) {
        uint16_t value = 0;
        err = intern_value(f, &doc->value[i], &value);
        if (err == CAU_OK)
            n = insert(set, n, value);
    }
    return err == CAU_OK ? intern_shape(f, doc->audience, set, n, shape) : err;
}

enum cau_err facets_absorb(struct facets *f, const struct facets *g, struct buf *shape)
{
    uint16_t set[INDEX_VALUES_MAX];
    struct buf to = buf_new(FACET_VALUES_MAX * sizeof(uint16_t));
    uint16_t *value = (void *)buf_extend(&to, facets_values(g) * sizeof *value);
    uint32_t *out = (void *)buf_extend(shape, facets_shapes(g) * sizeof *out);
    enum cau_err err = value == NULL || out == NULL ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK && !f->interned)
        err = intern_all(f);
    for (uint32_t i = 0; i < facets_values(g) && err == CAU_OK; i++) {
        struct index_value v = {facets_column(g, i), facets_value(g, i)};
        err = intern_value(f, &v, &value[i]);
    }
    for (uint32_t i = 0; i < facets_shapes(g) && err == CAU_OK; i++) {
        size_t n, count = 0;
        const uint16_t *all = facets_of_shape(g, i, &n);
        for (size_t k = 0; k < n; k++)
            count = insert(set, count, value[all[k]]);
        err = intern_shape(f, facets_audience(g, i), set, count, &out[i]);
    }
    buf_free(&to);
    return err;
}

enum cau_err facet_filter_open(const struct facets *f, struct arena *a,
                               const struct index_filter *filter, size_t n,
                               struct facet_filter *out)
{
    *out = (struct facet_filter){.f = f};
    if (n == 0)
        return CAU_OK;
    out->mark = arena_zero(a, facets_values(f) + 1);
    if (out->mark == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        out->columns |= 1u << filter[i].column;
    for (uint32_t v = 0; v < facets_values(f); v++)
        for (size_t i = 0; i < n; i++)
            if (facets_column(f, v) == filter[i].column &&
                str_equal(facets_value(f, v), filter[i].value)) {
                out->mark[v] = (uint8_t)(1u << filter[i].column);
                out->known |= out->mark[v];
            }
    return CAU_OK;
}

unsigned facet_filter_decide(const struct facet_filter *filter, uint32_t shape)
{
    if (filter->columns == 0)
        return FACET_PASSES;
    size_t n;
    const uint16_t *value = facets_of_shape(filter->f, shape, &n);
    unsigned seen = 0;
    for (size_t i = 0; i < n; i++)
        seen |= filter->mark[value[i]];
    unsigned missing = filter->columns & ~seen;
    if (missing == 0)
        return FACET_PASSES;
    if ((missing & (missing - 1)) != 0)
        return FACET_MISSES;
    unsigned column = 0;
    while (missing >> column != 1)
        column++;
    return column;
}
