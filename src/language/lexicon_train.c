#include "language/lexicon_train_int.h"

#include "base/sync.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc does so by itself with -std=c11 */
#endif

enum {
    SIDE = LEXICON_SENTENCE_MAX,
    FIRST_SLOTS = 1 << 12,
    STEP_PAIRS = 1 << 14, /* between two looks at progress */
    PASSES = TRAIN_ROUNDS + 1,
};
static const double alpha = .01, null_share = .08, slope = 3;
static const float tiny = 1e-30f; /* less is nothing: no word was ever explained by it */

double train_exp_minus(double x)
{
    static const double ln2 = 0.693147180559945309417;
    if (x > 700)
        return 0;
    int halvings = (int)(x / ln2);
    double r = x - halvings * ln2, sum = 1;
    for (int k = 18; k > 0; k--) /* Taylor; r < .7: the next term is below 1e-19 */
        sum = 1 - sum * r / k;
    return ldexp(sum, -halvings);
}

/* psi(x) = psi(x + 1) - 1 / x up to 6; then exp psi(u + 1/2) by its asymptotic series
 * u + 1 / (4! u) - 37 / (8 6! u^3) + 10313 / (72 8! u^5) - 5509121 / (384 10! u^7), that of psi (Abramowitz and
 * Stegun 6.3.18) exponentiated; good to 1e-9. */
double train_exp_digamma(double x)
{
    double shift = 0;
    for (; x < 6; x++)
        shift += 1 / x;
    double u = x - .5, v = 1 / (u * u), last = 10313. / 2903040 - v * (5509121. / 1393459200);
    double series = u * (1 + v * (1. / 24 - v * (37. / 5760 - v * last)));
    return shift > 0 ? series * train_exp_minus(shift) : series;
}

/* --- the texts and the words seen together --- */

struct text_pair {
    unsigned source, weight, n, m;
    const uint32_t *x, *y;
};

bool train_add(struct train_texts *t, unsigned source, unsigned weight, const uint32_t *x,
               size_t n, const uint32_t *y, size_t m)
{
    must(n > 0 && n <= SIDE && m > 0 && m <= SIDE && source < LEXICON_SOURCES_MAX);
    const unsigned char head[4] = {(unsigned char)source, (unsigned char)weight,
                                   (unsigned char)n, (unsigned char)m};
    buf_add(&t->bytes, (struct str){(const char *)head, sizeof head});
    buf_add(&t->bytes, (struct str){(const char *)x, n * sizeof *x});
    buf_add(&t->bytes, (struct str){(const char *)y, m * sizeof *y});
    t->pairs += !t->bytes.failed;
    t->cells += n * m;
    return !t->bytes.failed;
}

static struct text_pair next_pair(const struct train_texts *t, size_t *at)
{
    const unsigned char *head = (const unsigned char *)t->bytes.p + *at;
    struct text_pair p = {.source = head[0], .weight = head[1], .n = head[2], .m = head[3]};
    p.x = (const uint32_t *)(const void *)(head + 4); /* all parts are multiples of 4 */
    p.y = p.x + p.n;
    *at += 4 + (p.n + p.m) * sizeof *p.x;
    return p;
}

/* Two words seen together. */
struct meeting {
    uint32_t x, y;
};

struct slot {
    struct meeting m;
    uint32_t number; /* + 1; 0: empty */
};

/* All meetings, numbered in the order in which they are first seen, so that what is read together lies together;
 * and for each place of words in a pair (x by x) its number. */
struct meetings {
    struct buf meeting, cell, slot;
    uint32_t n;
};

static size_t home_of(struct meeting m, size_t mask)
{
    uint64_t h = ((uint64_t)m.x << 32 | m.y) * 0x9E3779B97F4A7C15u;
    return (size_t)(h >> 32 ^ h >> 8) & mask;
}

static struct slot *slot_of(const struct buf *slots, struct meeting m)
{
    struct slot *slot = (void *)slots->p;
    size_t mask = slots->len / sizeof *slot - 1, i = home_of(m, mask);
    while (slot[i].number != 0 && (slot[i].m.x != m.x || slot[i].m.y != m.y))
        i = (i + 1) & mask;
    return &slot[i];
}

static enum cau_err widen(struct meetings *k, size_t slots_max)
{
    size_t slots = k->slot.len == 0 ? FIRST_SLOTS : k->slot.len / sizeof(struct slot) * 2;
    struct buf wide = buf_new(SIZE_MAX);
    if (slots > slots_max)
        return CAU_ERR_RANGE;
    buf_add_zeros(&wide, slots * sizeof(struct slot));
    if (wide.failed)
        return CAU_ERR_MEMORY;
    const struct meeting *m = (const void *)k->meeting.p;
    for (uint32_t i = 0; i < k->n; i++)
        *slot_of(&wide, m[i]) = (struct slot){m[i], i + 1};
    buf_free(&k->slot);
    k->slot = wide;
    return CAU_OK;
}

static enum cau_err meet_pair(struct meetings *k, const struct text_pair *p, size_t slots_max)
{
    /* Room for all of the pair before it begins: at most .8 full behind it. */
    while ((k->n + (size_t)p->n * p->m) * 5 > k->slot.len / sizeof(struct slot) * 4) {
        enum cau_err err = widen(k, slots_max);
        if (err != CAU_OK)
            return err;
    }
    uint32_t *cell = (void *)buf_extend(&k->cell, (size_t)p->n * p->m * sizeof *cell);
    if (cell == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j < p->m; j++) {
            struct meeting m = {p->x[i], p->y[j]};
            struct slot *slot = slot_of(&k->slot, m);
            if (slot->number == 0) {
                *slot = (struct slot){m, ++k->n};
                buf_add(&k->meeting, (struct str){(const char *)&m, sizeof m});
            }
            *cell++ = slot->number - 1;
        }
    return k->meeting.failed ? CAU_ERR_MEMORY : CAU_OK;
}

static enum cau_err meet_all(const struct train_input *in, struct meetings *k)
{
    const struct lexicon_progress *progress = in->progress;
    enum cau_err err = in->texts->cells > TRAIN_CELLS_MAX ? CAU_ERR_RANGE : CAU_OK;
    size_t at = 0;
    for (size_t i = 0; i < in->texts->pairs && err == CAU_OK; i++) {
        struct text_pair p = next_pair(in->texts, &at);
        err = meet_pair(k, &p, in->slots_max);
        if (i % STEP_PAIRS == 0 && progress != NULL && progress->stop != NULL &&
            progress->stop(progress->ctx))
            err = CAU_ERR_BUSY;
    }
    buf_free(&k->slot);
    return err;
}

/* --- one direction --- */

struct chance {
    float p, count; /* t(to given from); what the round has counted */
};

struct direction {
    const struct train_input *in;
    const struct meetings *known;
    atomic_bool *stop;
    bool reverse;                   /* from y to x */
    bool reports;                   /* runs in the caller's thread */
    unsigned passes_before, passes; /* of the caller's thread: done before this, in all */
    struct buf chance, null_p, null_count, total,
        seen;         /* by meeting; by to, to; by from, from */
    struct buf kept;  /* by meeting: its link + 1 */
    struct buf share; /* by link and source: what was counted */
    struct arena tables;
    const float *near[SIDE + 1][SIDE + 1]; /* (1 - p0) e by terms of x and of y */
    struct buf *link;
    enum cau_err err;
};

static uint32_t from_of(const struct direction *d, struct meeting m)
{
    return d->reverse ? m.y : m.x;
}

static uint32_t to_of(const struct direction *d, struct meeting m)
{
    return d->reverse ? m.x : m.y;
}

/* How likely a word is explained by another from where both stand: n times m, x by x. */
static const float *near_of(struct direction *d, unsigned n, unsigned m)
{
    if (d->near[n][m] != NULL)
        return d->near[n][m];
    float *near = arena_take(&d->tables, (size_t)n * m * sizeof *near);
    must(near != NULL); /* room for all shapes */
    double sum[SIDE] = {0};
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < m; j++) {
            double apart = fabs((i + .5) / n - (j + .5) / m);
            double value = train_exp_minus(slope * apart);
            near[i * m + j] = (float)value;
            sum[d->reverse ? i : j] += value;
        }
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < m; j++) {
            double value = near[i * m + j] / sum[d->reverse ? i : j];
            near[i * m + j] = (float)((1 - null_share) * value);
        }
    return d->near[n][m] = near;
}

/* Shares of each target word of one pair: part[cell] times its factor is the expected count of the cell. */
struct shares {
    float part[SIDE * SIDE], factor[SIDE];
};

static void share_out(struct direction *d, const struct text_pair *p, const uint32_t *cell,
                      struct shares *s)
{
    const struct chance *chance = (const void *)d->chance.p;
    const float *near = near_of(d, p->n, p->m), *null_p = (const void *)d->null_p.p;
    double *null_count = (void *)d->null_count.p;
    const uint32_t *to = d->reverse ? p->x : p->y;
    size_t targets = d->reverse ? p->n : p->m;
    float sum[SIDE];
    for (size_t j = 0; j < targets; j++)
        sum[j] = (float)null_share * null_p[to[j]];
    for (size_t i = 0, at = 0; i < p->n; i++)
        for (size_t j = 0; j < p->m; j++, at++) {
            s->part[at] = chance[cell[at]].p * near[at];
            sum[d->reverse ? i : j] += s->part[at];
        }
    for (size_t j = 0; j < targets; j++) {
        s->factor[j] = sum[j] > tiny ? (float)p->weight / sum[j] : 0;
        null_count[to[j]] += (double)((float)null_share * null_p[to[j]] * s->factor[j]);
    }
}

static void count_pair(struct direction *d, const struct text_pair *p, const uint32_t *cell,
                       const struct shares *s)
{
    struct chance *chance = (void *)d->chance.p;
    for (size_t i = 0, at = 0; i < p->n; i++)
        for (size_t j = 0; j < p->m; j++, at++)
            chance[cell[at]].count += s->part[at] * s->factor[d->reverse ? i : j];
}

/* The same for what is kept alone, by source. */
static void count_source(struct direction *d, const struct text_pair *p, const uint32_t *cell,
                         const struct shares *s)
{
    const uint32_t *kept = (const void *)d->kept.p;
    float *share = (void *)d->share.p;
    for (size_t i = 0, at = 0; i < p->n; i++)
        for (size_t j = 0; j < p->m; j++, at++)
            if (kept[cell[at]] != 0)
                share[(size_t)(kept[cell[at]] - 1) * d->in->sources + p->source] +=
                    s->part[at] * s->factor[d->reverse ? i : j];
}

static bool goes_on(struct direction *d, unsigned pass, size_t pairs_done)
{
    const struct lexicon_progress *p = d->in->progress;
    if (!d->reports || p == NULL)
        return !atomic_load(d->stop);
    if (p->step != NULL) {
        size_t pairs = d->in->texts->pairs, all = d->passes * pairs;
        size_t done = (d->passes_before + pass) * pairs + pairs_done;
        size_t width = d->in->to_permille - d->in->from_permille;
        p->step(p->ctx, d->in->from_permille + (unsigned)(done * width / all));
    }
    if (p->stop != NULL && p->stop(p->ctx))
        atomic_store(d->stop, true);
    return !atomic_load(d->stop);
}

typedef void count_fn(struct direction *d, const struct text_pair *p, const uint32_t *cell,
                      const struct shares *s);

static enum cau_err pass_over(struct direction *d, unsigned pass, count_fn *count)
{
    const uint32_t *cell = (const void *)d->known->cell.p;
    struct shares s;
    size_t at = 0;
    for (size_t i = 0; i < d->in->texts->pairs; i++) {
        struct text_pair p = next_pair(d->in->texts, &at);
        share_out(d, &p, cell, &s);
        count(d, &p, cell, &s);
        cell += (size_t)p.n * p.m;
        if (i % STEP_PAIRS == 0 && !goes_on(d, pass, i))
            return CAU_ERR_BUSY;
    }
    return CAU_OK;
}

/* c(s) of all words. */
static void add_up(struct direction *d)
{
    const struct meeting *m = (const void *)d->known->meeting.p;
    const struct chance *chance = (const void *)d->chance.p;
    double *total = (void *)d->total.p;
    memset(total, 0, d->total.len);
    for (uint32_t i = 0; i < d->known->n; i++)
        total[from_of(d, m[i])] += (double)chance[i].count;
}

static float chance_of(double count, double all)
{
    if (count < .003 &&
        all > .001) /* exp psi(x) < 1.1 exp(-1 / x) there: nothing, without working it out */
        return 0;
    float p = (float)(train_exp_digamma(count + alpha) / all);
    return p > tiny ? p : 0;
}

/* What was counted becomes the chances of the next round. */
static void learn(struct direction *d)
{
    const struct meeting *m = (const void *)d->known->meeting.p;
    struct chance *chance = (void *)d->chance.p;
    double *total = (void *)d->total.p, *null_count = (void *)d->null_count.p, null_all = 0;
    const uint32_t *seen = (const void *)d->seen.p;
    float *null_p = (void *)d->null_p.p;
    size_t from = d->total.len / sizeof *total, to = d->null_p.len / sizeof *null_p;
    add_up(d);
    for (size_t i = 0; i < from; i++)
        if (seen[i] > 0)
            total[i] = train_exp_digamma(total[i] + alpha * seen[i]);
    for (uint32_t i = 0; i < d->known->n; i++)
        chance[i] =
            (struct chance){chance_of((double)chance[i].count, total[from_of(d, m[i])]), 0};
    for (size_t i = 0; i < to; i++)
        null_all += null_count[i];
    null_all = train_exp_digamma(null_all + alpha * (double)to);
    for (size_t i = 0; i < to; i++) {
        null_p[i] = chance_of(null_count[i], null_all);
        null_count[i] = 0;
    }
}

/* Links of the meetings that are likely enough and were seen enough. */
static enum cau_err keep(struct direction *d)
{
    const struct meeting *m = (const void *)d->known->meeting.p;
    const struct chance *chance = (const void *)d->chance.p;
    const double *total = (const void *)d->total.p;
    uint32_t *kept = (void *)d->kept.p, n = 0;
    add_up(d);
    for (uint32_t i = 0; i < d->known->n; i++) {
        double count = (double)chance[i].count, p = count / total[from_of(d, m[i])];
        if (!(p > TRAIN_KEEP_P && count > TRAIN_KEEP_COUNT))
            continue;
        kept[i] = ++n;
        struct train_link link = {from_of(d, m[i]), to_of(d, m[i]), (float)p, chance[i].count,
                                  0};
        buf_add(d->link, (struct str){(const char *)&link, sizeof link});
    }
    buf_add_zeros(&d->share, (size_t)n * d->in->sources * sizeof(float));
    return d->link->failed || d->share.failed ? CAU_ERR_MEMORY : CAU_OK;
}

static void name_sources(struct direction *d)
{
    struct train_link *link = (void *)d->link->p;
    const float *share = (const void *)d->share.p;
    for (size_t i = 0; i < d->link->len / sizeof *link; i++, share += d->in->sources) {
        unsigned most = 0;
        for (unsigned s = 0; s < d->in->sources; s++) {
            if (share[s] >= link[i].count * .05f)
                link[i].sources |= 1u << s;
            if (share[s] > share[most])
                most = s;
        }
        link[i].sources |= 1u << most;
    }
}

static bool make_room(struct direction *d)
{
    const struct train_input *in = d->in;
    const struct meeting *m = (const void *)d->known->meeting.p;
    size_t from = in->terms[d->reverse], to = in->terms[!d->reverse], n = d->known->n;
    buf_add_zeros(&d->chance, n * sizeof(struct chance));
    buf_add_zeros(&d->kept, n * sizeof(uint32_t));
    buf_add_zeros(&d->null_p, to * sizeof(float));
    buf_add_zeros(&d->null_count, to * sizeof(double));
    buf_add_zeros(&d->total, from * sizeof(double));
    buf_add_zeros(&d->seen, from * sizeof(uint32_t));
    if (d->chance.failed || d->kept.failed || d->null_p.failed || d->null_count.failed ||
        d->total.failed || d->seen.failed)
        return false;
    for (size_t i = 0; i < n; i++) { /* the first round knows nothing: all the same */
        ((struct chance *)(void *)d->chance.p)[i].p = 1;
        ((uint32_t *)(void *)d->seen.p)[from_of(d, m[i])]++;
    }
    for (size_t i = 0; i < to; i++)
        ((float *)(void *)d->null_p.p)[i] = 1;
    return true;
}

static enum cau_err run(struct direction *d)
{
    if (!make_room(d))
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (unsigned round = 0; round < TRAIN_ROUNDS && err == CAU_OK; round++) {
        if (round > 0)
            learn(d);
        err = pass_over(d, round, count_pair);
    }
    if (err == CAU_OK)
        err = keep(d);
    if (err == CAU_OK)
        err = pass_over(d, TRAIN_ROUNDS, count_source);
    if (err == CAU_OK)
        name_sources(d);
    return err;
}

static void *run_thread(void *arg)
{
    struct direction *d = arg;
    size_t shapes = (size_t)SIDE * (SIDE + 1) / 2;
    size_t pads = (size_t)SIDE * SIDE * 16;
    struct buf *all[] = {&d->chance, &d->null_p, &d->null_count, &d->total,
                         &d->seen,   &d->kept,   &d->share};
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = buf_new(SIZE_MAX);
    d->tables = arena_new(shapes * shapes * sizeof(float) + pads);
    d->err = run(d);
    for (size_t i = 0; i < countof(all); i++)
        buf_free(all[i]);
    arena_free(&d->tables);
    return NULL;
}

/* Both directions, at once when there are two threads to be had. */
static enum cau_err run_both(const struct train_input *in, const struct meetings *known,
                             struct buf link[2])
{
    atomic_bool stop = false;
    struct direction d[2];
    for (unsigned i = 0; i < 2; i++)
        d[i] = (struct direction){.in = in,
                                  .known = known,
                                  .stop = &stop,
                                  .reverse = i == 1,
                                  .reports = i == 0,
                                  .link = &link[i]};
    struct sync_thread helper;
    bool helped = in->threads > 1 && sync_start(&helper, run_thread, &d[1]) == CAU_OK;
    d[0].passes = d[1].passes = helped ? PASSES : 2 * PASSES;
    run_thread(&d[0]);
    if (helped) {
        sync_join(&helper);
    } else if (d[0].err == CAU_OK) {
        d[1].reports = true;
        d[1].passes_before = PASSES;
        run_thread(&d[1]);
    }
    return d[0].err != CAU_OK ? d[0].err : d[1].err;
}

enum cau_err train(const struct train_input *in, struct buf link[2])
{
    if (in->texts->pairs == 0)
        return CAU_OK;
    struct meetings known = {buf_new(SIZE_MAX), buf_new(SIZE_MAX), buf_new(SIZE_MAX), 0};
    enum cau_err err = meet_all(in, &known);
    if (err == CAU_OK)
        err = run_both(in, &known, link);
    buf_free(&known.meeting);
    buf_free(&known.cell);
    buf_free(&known.slot);
    return err;
}
