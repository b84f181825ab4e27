#include "match/weigh.h"

#include "base/buf.h"
#include "base/number.h"
#include "base/table.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 12, DRAWS_MIN = 1000, CANDIDATES_MIN = 200, START_COUNTS = 2000 };

static const char *const name_of[WEIGH_FIELDS] = {"identifier", "name", "acronym", "domain",
                                                  "country",    "city", "type",    "year"};
static const unsigned levels_of[WEIGH_FIELDS] = {3, 7, 2, 4, 3, 3, 3, 4};

/* Level 0 is missing. A level that is only evidence for (acronym) has no counterpart that is evidence against. */
static const uint32_t default_m[WEIGH_FIELDS][WEIGH_LEVELS_MAX] = {
    {0, 990000, 10000},  {0, 380000, 200000, 170000, 130000, 80000, 40000},
    {0, 400000},         {0, 800000, 110000, 90000},
    {0, 980000, 20000},  {0, 850000, 150000},
    {0, 850000, 150000}, {0, 750000, 100000, 150000}};
static const uint32_t default_u[WEIGH_FIELDS][WEIGH_LEVELS_MAX] = {
    {0, 1, 999999},          {0, 1, 1, 4, 40, 400, 999554}, {0, 4000},
    {0, 200, 10000, 989800}, {0, 150000, 850000},           {0, 15000, 985000},
    {0, 300000, 700000},     {0, 20000, 60000, 920000}};

const char *weigh_field_name(enum weigh_field field)
{
    return name_of[field];
}

unsigned weigh_levels(enum weigh_field field)
{
    return levels_of[field];
}

int32_t weigh_log2(uint64_t x)
{
    /* Sixteen squarings give the fraction bit by bit: integers only, the same everywhere. */
    unsigned whole = number_highest_bit(x);
    uint64_t y = whole > 31 ? x >> (whole - 31) : x << (31 - whole); /* 1.0 is 2^31 */
    uint32_t fraction = 0;
    for (int i = 0; i < 16; i++) {
        y = y * y >> 31;
        fraction <<= 1;
        if (y >= (uint64_t)1 << 32) {
            y >>= 1;
            fraction |= 1;
        }
    }
    return (int32_t)(whole * 100 + (fraction * 100 >> 16));
}

static void set_weights(struct weigh_table *t)
{
    for (int f = 0; f < WEIGH_FIELDS; f++)
        for (unsigned l = 1; l < levels_of[f]; l++)
            t->weight[f][l] = weigh_log2(t->m[f][l]) - weigh_log2(t->u[f][l]);
}

struct weigh_table weigh_default(void)
{
    struct weigh_table t = {.weight = {{0}}};
    memcpy(t.m, default_m, sizeof t.m);
    memcpy(t.u, default_u, sizeof t.u);
    set_weights(&t);
    return t;
}

int32_t weigh_sum(const struct weigh_table *t, const struct weigh_levels *x)
{
    int32_t sum = 0;
    for (int f = 0; f < WEIGH_FIELDS; f++)
        sum += t->weight[f][x->level[f]];
    return sum;
}

static bool is_learnt(int field)
{
    return field >= WEIGH_DOMAIN;
}

/* Counts with start's shares as START_COUNTS pairs beside them, so that no level is ever empty. */
static void shares(const double *count, const uint32_t *start, unsigned levels, uint32_t *out)
{
    double all = START_COUNTS;
    for (unsigned l = 1; l < levels; l++)
        all += count[l];
    for (unsigned l = 1; l < levels; l++) {
        double p = (count[l] + START_COUNTS * (double)start[l] / WEIGH_ONE) / all;
        uint32_t parts = (uint32_t)(p * WEIGH_ONE + 0.5);
        out[l] = parts == 0 ? 1 : parts;
    }
}

static void learn_u(struct weigh_table *t, const struct weigh_table *start,
                    const struct weigh_levels *drawn, size_t draws)
{
    for (int f = 0; f < WEIGH_FIELDS; f++) {
        double count[WEIGH_LEVELS_MAX] = {0};
        for (size_t i = 0; i < draws; i++)
            count[drawn[i].level[f]] += 1;
        if (is_learnt(f))
            shares(count, start->u[f], levels_of[f], t->u[f]);
    }
}

/* How often each kind of pair is met: there are few, as levels are. */
struct tally {
    struct table place; /* of levels -> place in kind */
    struct buf kind;    /* struct pair_kind */
};
struct pair_kind {
    struct weigh_levels levels;
    double count;
};

static enum cau_err count_kinds(const struct weigh_levels *v, size_t n, struct tally *out)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        struct str key = {(const char *)&v[i], sizeof v[i]};
        struct pair_kind fresh = {.levels = v[i]};
        uint32_t at = 0;
        bool added = false;
        err = table_intern(&out->place, key, (uint32_t)(out->kind.len / sizeof fresh), &at,
                           &added);
        if (added)
            buf_add(&out->kind, (struct str){(const char *)&fresh, sizeof fresh});
        if (err == CAU_OK && !out->kind.failed)
            ((struct pair_kind *)(void *)out->kind.p)[at].count += 1;
        err = out->kind.failed ? CAU_ERR_MEMORY : err;
    }
    return err;
}

enum cau_err weigh_learn(const struct weigh_table *start, const struct weigh_levels *candidate,
                         size_t candidates, const struct weigh_levels *drawn, size_t draws,
                         int32_t prior, struct weigh_table *out)
{
    struct weigh_table t = *start;
    must(candidates <= WEIGH_PAIRS_MAX && draws <= WEIGH_PAIRS_MAX);
    if (draws < DRAWS_MIN || candidates < CANDIDATES_MIN) {
        *out = t;
        return CAU_OK;
    }
    struct tally tally = {table_new(), buf_new(WEIGH_PAIRS_MAX * sizeof(struct pair_kind))};
    enum cau_err err = count_kinds(candidate, candidates, &tally);
    const struct pair_kind *kind = (const void *)tally.kind.p;
    size_t kinds = tally.kind.len / sizeof *kind;
    learn_u(&t, start, drawn, draws);
    set_weights(&t);
    for (int round = 0; round < ROUNDS && err == CAU_OK; round++) {
        double count[WEIGH_FIELDS][WEIGH_LEVELS_MAX] = {{0}};
        for (size_t i = 0; i < kinds; i++) {
            double one = 1 / (1 + exp2(-(weigh_sum(&t, &kind[i].levels) + prior) / 100.0));
            for (int f = 0; f < WEIGH_FIELDS; f++)
                count[f][kind[i].levels.level[f]] += one * kind[i].count;
        }
        for (int f = 0; f < WEIGH_FIELDS; f++)
            if (is_learnt(f))
                shares(count[f], start->m[f], levels_of[f], t.m[f]);
        set_weights(&t);
    }
    table_free(&tally.place);
    buf_free(&tally.kind);
    if (err == CAU_OK)
        *out = t;
    return err;
}
