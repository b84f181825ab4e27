#include "match/identity_int.h"

#include "base/number.h"
#include "base/sync.h"

#include <string.h>

enum {
    POSTINGS_MAX =
        20000, /* of one unit that are walked; a unit that more names have says little */
    GATHERED_MAX = 200, /* records that are scored for one question */
    DRAWS = 20000,      /* pairs drawn at random */
    TASK_PAIRS = 1024,  /* a thread compares before it takes others */
    TASK_MEMBERS = 512, /* the same, of blocks */
    ROUND_TASKS = 128,  /* that threads share before it is told how far it is */
    ROUND_MEMBERS = ROUND_TASKS * TASK_MEMBERS,
    FETCHED_NAMES = 3,  /* of a record, before they are compared */
    RIVAL_BONUS = 350,  /* hundredths of a bit, for and against */
    RIVAL_FAR = 250,    /* nothing else is so near */
    RIVAL_NEARER = 400, /* something else is so much nearer */
    RIVAL_NONE = -100000
};

/* ---- facts as a view ---- */

/* Units as terms: those of the set, the others made in a. */
static enum cau_err given_units(const struct identity *s, struct arena *a, uint16_t home,
                                const struct name_unit *unit, size_t n,
                                struct identity_view_name *out)
{
    struct identity_term *made = arena_zero(a, (n + 1) * sizeof *made);
    const struct identity_term **term = arena_take(a, (n + 1) * sizeof *term);
    struct identity_unit *weighed = arena_zero(a, (n + 1) * sizeof *weighed);
    struct identity_likes *likes = arena_take(a, (n + 1) * sizeof *likes);
    if (made == NULL || term == NULL || weighed == NULL || likes == NULL)
        return CAU_ERR_MEMORY;
    out->n = (uint8_t)n;
    out->term = term;
    out->foreign = true;
    for (size_t i = 0; i < n; i++) {
        char key[NAME_FORM_MAX + 8];
        size_t len = identity_unit_key(&unit[i], key);
        uint32_t at = table_get(&s->terms, (struct str){key, len}, UINT32_MAX);
        out->optional |= (uint32_t)unit[i].optional << i;
        made[i].unit = unit[i];
        made[i].weight = identity_weight(s, unit[i].meaning.part, 0);
        identity_hash_term(&made[i]);
        term[i] = at != UINT32_MAX ? identity_term_at(s, at) : &made[i];
    }
    identity_weigh_units(out, home, weighed, likes);
    return CAU_OK;
}

static enum cau_err given_name(const struct identity *s, struct name_reader *reader,
                               struct arena *a, const struct identity_facts *f, size_t place,
                               struct identity_view_name *out)
{
    struct name name;
    struct name_unit apart[NAME_UNITS_MAX];
    uint16_t home = s->v == NULL ? 0 : vocabulary_group(s->v, f->country);
    name_read(reader, f->name[place], &name);
    size_t parts = name_take_apart(s->v, &name, apart);
    struct identity_view_name *other = parts == 0 ? NULL : arena_take(a, sizeof *other);
    if (parts > 0 && other == NULL)
        return CAU_ERR_MEMORY;
    *out = (struct identity_view_name){
        .place = (uint8_t)place,
        .script = (uint8_t)name.script,
        .is_acronym = name.is_acronym,
        .acronym = name.acronym[0] == '\0' ? 0 : str_hash(str_of(name.acronym))};
    if (parts > 0)
        *other = *out;
    enum cau_err err = parts > 0 ? given_units(s, a, home, apart, parts, other) : CAU_OK;
    if (err == CAU_OK)
        err = given_units(s, a, home, name.unit, name.n, out);
    out->apart = other;
    return err;
}

/* f as a view that lies in a. */
static enum cau_err given_of(const struct identity *s, struct name_reader *reader,
                             struct arena *a, const struct identity_facts *f,
                             struct identity_view *out)
{
    struct identity_view_name *name = arena_take(a, (f->names + 1) * sizeof *name);
    if (name == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->names && err == CAU_OK; i++)
        err = given_name(s, reader, a, f, i, &name[i]);
    if (err == CAU_OK)
        err = identity_facts_view(s, reader, a, f, out);
    out->name = name;
    out->n = f->names;
    return err;
}

/* ---- one against all ---- */

struct gathered {
    uint32_t record;
    int32_t weight;
};

/* Where key begins in v, and how many it has. */
static size_t find_key(const struct buf *b, uint64_t key, size_t *count)
{
    const struct sort_item *v = (const void *)b->p;
    size_t n = b->len / sizeof *v, low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (v[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    for (*count = 0; low + *count < n && v[low + *count].key == key;)
        ++*count;
    return low;
}

/* Adds weight to each record of key. */
static void add_key(const struct buf *from, uint64_t key, int32_t weight, size_t most,
                    struct buf *out)
{
    size_t count, at = find_key(from, key, &count);
    const struct sort_item *v = (const void *)from->p;
    for (size_t i = 0; count <= most && i < count; i++) {
        struct sort_item one = {.key = v[at + i].value, .value = (uint32_t)weight};
        buf_add(out, (struct str){(const char *)&one, sizeof one});
    }
}

static void gather_keys(const struct identity *s, const struct identity_view *x,
                        struct buf *out)
{
    for (size_t i = 0; i < x->n; i++) {
        const struct identity_view_name *name = &x->name[i];
        uint64_t key[IDENTITY_KEYS_MAX], posting[IDENTITY_POSTING_KEYS_MAX];
        for (size_t k = 0, n = identity_name_keys(name, key); k < n; k++)
            add_key(&s->block, key[k], 1, 10 * IDENTITY_BLOCK_MAX, out);
        const struct identity_view_name *apart = identity_apart(name);
        for (size_t u = 0; u < apart->n; u++)
            for (size_t k = 0, n = identity_posting_keys(apart->term[u], true, posting); k < n;
                 k++)
                add_key(&s->posting, posting[k],
                        k == 0 ? apart->term[u]->weight : apart->term[u]->weight / 2,
                        POSTINGS_MAX, out);
    }
    uint64_t other[IDENTITY_OTHER_KEYS_MAX];
    for (size_t k = 0, n = identity_other_keys(x, other); k < n; k++)
        add_key(&s->block, other[k], 5000, 10 * IDENTITY_BLOCK_MAX, out);
}

static void keep_best(struct gathered *best, size_t *n, struct gathered g)
{
    if (*n == GATHERED_MAX && best[*n - 1].weight >= g.weight)
        return;
    size_t at = *n < GATHERED_MAX ? (*n)++ : *n - 1;
    while (at > 0 && best[at - 1].weight < g.weight) {
        best[at] = best[at - 1];
        at--;
    }
    best[at] = g;
}

/* The records that share the most with x, at most GATHERED_MAX. */
static enum cau_err gather(const struct identity *s, const struct identity_view *x,
                           struct gathered *best, size_t *n)
{
    struct buf keys = buf_new((size_t)1 << 30), spare = buf_new((size_t)1 << 30);
    gather_keys(s, x, &keys);
    enum cau_err err = CAU_OK;
    if (keys.failed || (keys.len > 0 && buf_extend(&spare, keys.len) == NULL))
        err = CAU_ERR_MEMORY;
    struct sort_item *v = (void *)keys.p;
    size_t count = keys.len / sizeof *v;
    *n = 0;
    if (err == CAU_OK && count > 0)
        sort_items(v, count, (void *)spare.p);
    for (size_t i = 0; err == CAU_OK && i < count;) {
        struct gathered g = {.record = (uint32_t)v[i].key};
        for (; i < count && v[i].key == g.record; i++)
            g.weight += (int32_t)v[i].value;
        keep_best(best, n, g);
    }
    buf_free(&keys);
    buf_free(&spare);
    return err;
}

static bool comes_before(const struct identity_hit *x, const struct identity_hit *y)
{
    return x->score.score > y->score.score ||
           (x->score.score == y->score.score && x->doc < y->doc);
}

static void put_hit(struct identity_hit *out, size_t n_max, size_t *n, struct identity_hit hit)
{
    if (*n == n_max && (n_max == 0 || !comes_before(&hit, &out[*n - 1])))
        return;
    size_t at = *n < n_max ? (*n)++ : *n - 1;
    while (at > 0 && comes_before(&hit, &out[at - 1])) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = hit;
}

enum cau_err identity_find(const struct identity *s, const struct identity_facts *f,
                           int32_t least, struct identity_hit *out, size_t n_max, size_t *n)
{
    struct arena a = arena_new((size_t)64 << 20);
    struct name_reader *reader = NULL;
    struct identity_view x = {.n = 0};
    struct gathered *best = arena_take(&a, GATHERED_MAX * sizeof *best);
    size_t gathered = 0, found = 0;
    must(n_max <= IDENTITY_HITS_MAX && !s->pairs_only);
    enum cau_err err = best == NULL ? CAU_ERR_MEMORY : name_reader_open(s->v, &reader);
    if (err == CAU_OK)
        err = given_of(s, reader, &a, f, &x);
    if (err == CAU_OK)
        err = gather(s, &x, best, &gathered);
    for (size_t i = 0; err == CAU_OK && i < gathered; i++) {
        struct identity_hit hit = {.doc = identity_record_at(s, best[i].record)->doc};
        struct identity_view y = identity_view_of(s, best[i].record);
        if ((hit.doc != f->doc || f->doc == 0) &&
            identity_score(s, &s->table, &x, &y, least, &hit.score))
            put_hit(out, n_max, &found, hit);
    }
    name_reader_close(reader);
    arena_free(&a);
    if (err == CAU_OK)
        *n = found;
    return err;
}

enum cau_err identity_compare(const struct identity *s, const struct identity_facts *f,
                              const struct identity_facts *g, struct identity_score *out)
{
    struct arena a = arena_new((size_t)64 << 20);
    struct name_reader *reader = NULL;
    struct identity_view x = {.n = 0}, y = {.n = 0};
    enum cau_err err = name_reader_open(s->v, &reader);
    if (err == CAU_OK)
        err = given_of(s, reader, &a, f, &x);
    if (err == CAU_OK)
        err = given_of(s, reader, &a, g, &y);
    if (err == CAU_OK)
        must(identity_score(s, &s->table, &x, &y, INT32_MIN, out));
    name_reader_close(reader);
    arena_free(&a);
    return err;
}

/* ---- all against all ---- */

static void tell(struct identity_run *run, uint64_t done, uint64_t all)
{
    if (run->progress != NULL)
        run->progress(run->ctx, done, all);
}

/* Pairs drawn at random, as candidates are: the same ones every time. */
static enum cau_err draw(const struct identity *s, struct buf *out)
{
    uint64_t seed = 0x9e3779b97f4a7c15u, n = identity_count(s);
    for (size_t i = 0; i < DRAWS && n > 1; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint64_t x = (seed >> 33) % n;
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        uint64_t y = (seed >> 33) % n;
        uint64_t pair = x << 32 | y;
        if (x != y)
            buf_add(out, (struct str){(const char *)&pair, sizeof pair});
    }
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* Every step-th of n pairs, and where its levels go. */
struct sample {
    const struct identity *s;
    const uint64_t *pair;
    size_t n, step;
    struct weigh_levels *out;
};

static void take_levels(void *ctx, size_t task)
{
    struct sample *p = ctx;
    size_t to = (task + 1) * TASK_PAIRS < p->n ? (task + 1) * TASK_PAIRS : p->n;
    for (size_t i = task * TASK_PAIRS; i < to; i++) {
        uint64_t pair = p->pair[i * p->step];
        struct identity_view x = identity_view_of(p->s, (size_t)(pair >> 32));
        struct identity_view y = identity_view_of(p->s, (size_t)(pair & UINT32_MAX));
        struct identity_score score;
        must(identity_score(p->s, &p->s->table, &x, &y, INT32_MIN, &score));
        p->out[i] = score.levels;
    }
}

/* The levels of every step-th pair, in order. */
static enum cau_err levels_of(const struct identity *s, const uint64_t *pair, size_t pairs,
                              size_t step, struct buf *out)
{
    struct sample p = {.s = s, .pair = pair, .n = (pairs + step - 1) / step, .step = step};
    p.out = (void *)buf_extend(out, (p.n + 1) * sizeof *p.out);
    if (p.out == NULL)
        return CAU_ERR_MEMORY;
    out->len = p.n * sizeof *p.out;
    sync_share(take_levels, &p, (p.n + TASK_PAIRS - 1) / TASK_PAIRS);
    return CAU_OK;
}

/* Every some-th candidate's levels, so that learning takes the same time whatever the register's size. */
static enum cau_err learn(const struct identity *s, const uint64_t *pair, size_t pairs,
                          struct weigh_table *table)
{
    enum { SAMPLE = 100000 };
    struct buf levels = buf_new((SAMPLE + 1) * sizeof(struct weigh_levels));
    struct buf drawn = buf_new(DRAWS * sizeof(uint64_t));
    struct buf of_drawn = buf_new((DRAWS + 1) * sizeof(struct weigh_levels));
    enum cau_err err = draw(s, &drawn);
    if (err == CAU_OK)
        err = levels_of(s, (const void *)drawn.p, drawn.len / sizeof(uint64_t), 1, &of_drawn);
    if (err == CAU_OK)
        err = levels_of(s, pair, pairs, pairs / SAMPLE + 1, &levels);
    size_t size = sizeof(struct weigh_levels);
    if (err == CAU_OK)
        err = weigh_learn(&s->table, (const void *)levels.p, levels.len / size,
                          (const void *)of_drawn.p, of_drawn.len / size, s->prior, table);
    buf_free(&levels);
    buf_free(&drawn);
    buf_free(&of_drawn);
    return err;
}

/* By falling score, then documents. */
static enum cau_err sort_pairs(struct buf *out)
{
    struct identity_pair *v = (void *)out->p;
    size_t n = out->len / sizeof *v;
    struct buf items = buf_new(out->max), copy = buf_new(out->max);
    struct sort_item *item = (void *)buf_extend(&items, (2 * n + 1) * sizeof *item);
    struct identity_pair *from = (void *)buf_extend(&copy, (n + 1) * sizeof *from);
    if (item == NULL || from == NULL) {
        buf_free(&items);
        buf_free(&copy);
        return CAU_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        from[i] = v[i];
        item[i] =
            (struct sort_item){.key = (uint64_t)v[i].x << 32 | v[i].y, .value = (uint32_t)i};
    }
    sort_items(item, n, item + n);
    for (size_t i = 0; i < n; i++)
        item[i].key = (uint64_t)((int64_t)INT32_MAX - from[item[i].value].score.score);
    sort_items(item, n, item + n);
    for (size_t i = 0; i < n; i++)
        v[i] = from[item[i].value];
    buf_free(&items);
    buf_free(&copy);
    return CAU_OK;
}

/* The two best scores a record has in the list. */
struct rivals {
    int32_t best, second;
};

static void note(struct rivals *r, int32_t score)
{
    if (score > r->best) {
        r->second = r->best;
        r->best = score;
    } else if (score > r->second) {
        r->second = score;
    }
}

static int32_t larger(int32_t x, int32_t y)
{
    return x > y ? x : y;
}

/* A pair that is far nearer than anything else either record has is more likely one; less likely, when one of them has
 * something far nearer. Takes out what is then under review. x and y are places of records; they become documents. */
static size_t weigh_rivals(const struct identity *s, struct identity_pair *v, size_t n,
                           struct rivals *of)
{
    size_t kept = 0;
    for (size_t i = 0; i < identity_count(s); i++)
        of[i] = (struct rivals){RIVAL_NONE, RIVAL_NONE};
    for (size_t i = 0; i < n; i++) {
        note(&of[v[i].x], v[i].score.score);
        note(&of[v[i].y], v[i].score.score);
    }
    for (size_t i = 0; i < n; i++) {
        struct identity_pair p = v[i];
        struct rivals x = of[p.x], y = of[p.y];
        int32_t best = larger(x.best, y.best), second = larger(x.second, y.second);
        if (best == p.score.score && second <= best - RIVAL_FAR)
            p.score.rival = RIVAL_BONUS;
        else if (best >= p.score.score + RIVAL_NEARER)
            p.score.rival = -RIVAL_BONUS;
        p.score.score += p.score.rival;
        p.score.band = identity_band_of(&p.score);
        p.x = identity_record_at(s, v[i].x)->doc;
        p.y = identity_record_at(s, v[i].y)->doc;
        if (p.score.band != IDENTITY_DIFFERENT)
            v[kept++] = p;
    }
    return kept;
}

/* Candidates that threads share, and what each task found. */
struct round {
    const struct identity *s;
    const struct weigh_table *table;
    const struct identity_member *member;
    size_t from, to; /* members of this round */
    size_t compared[ROUND_TASKS];
    struct buf out[ROUND_TASKS];
};

/* Those of the name taken apart lie behind it. */
static void fetch_units(const struct identity_view_name *name)
{
    enum { LINE = 64 };
    size_t n = name->apart == NULL ? name->n : 2u * name->n;
    for (size_t i = 0; i < n; i += LINE / sizeof *name->unit)
        base_fetch(&name->unit[i]);
    for (size_t i = 0; i < n; i += LINE / sizeof *name->likes)
        base_fetch(&name->likes[i]);
}

/* A block's records lie all over the set: asks for what is looked at some members later, each step of the way when the one
 * before has arrived. */
static void fetch_ahead(const struct identity *s, const struct identity_member *m, size_t n)
{
    enum { RECORD = 24, NAMES = 16, UNITS = 8 };
    const struct identity_view_name *name = (const void *)s->view.p;
    if (n > RECORD)
        base_fetch(identity_record_at(s, m[RECORD].record));
    if (n > NAMES) {
        const struct identity_record *r = identity_record_at(s, m[NAMES].record);
        base_fetch(identity_hashes(s, r->city));
        for (size_t i = 0; i <= r->names && i <= FETCHED_NAMES; i++) /* with the last's end */
            base_fetch(&name[r->name_at + i]);
    }
    if (n > UNITS) {
        const struct identity_record *r = identity_record_at(s, m[UNITS].record);
        for (size_t i = 0; i < r->names && i < FETCHED_NAMES; i++) {
            fetch_units(&name[r->name_at + i]);
            if (name[r->name_at + i].apart != NULL)
                base_fetch(name[r->name_at + i].apart);
        }
    }
}

/* One with those behind it, in its block, that it was not with before. */
static void score_member(struct round *r, size_t at, size_t task)
{
    const struct identity_member *m = &r->member[at];
    struct identity_view x = identity_view_of(r->s, m->record);
    for (unsigned word = 0; word < countof(m->first); word++)
        for (uint64_t first = m->first[word]; first != 0; first &= first - 1) {
            uint32_t other = m[1 + word * 64 + number_lowest_bit(first)].record;
            struct identity_pair one = {.x = m->record, .y = other};
            struct identity_view y = identity_view_of(r->s, other);
            r->compared[task]++;
            if (identity_score(r->s, r->table, &x, &y, IDENTITY_REVIEW_LEAST - RIVAL_BONUS,
                               &one.score))
                buf_add(&r->out[task], (struct str){(const char *)&one, sizeof one});
        }
}

static void score_task(void *ctx, size_t task)
{
    struct round *r = ctx;
    size_t from = r->from + task * TASK_MEMBERS;
    for (size_t i = from; i < r->to && i < from + TASK_MEMBERS; i++) {
        fetch_ahead(r->s, &r->member[i], r->to - i);
        score_member(r, i, task);
    }
}

/* Pairs block by block, however many threads there are. Between two rounds is told how far it is. */
static enum cau_err score_candidates(const struct identity *s, struct identity_run *run,
                                     const struct identity_candidates *c, struct buf *out)
{
    size_t members = c->member.len / sizeof(struct identity_member), done = 0;
    for (size_t from = 0; from < members && !out->failed; from += ROUND_MEMBERS) {
        size_t to = from + ROUND_MEMBERS < members ? from + ROUND_MEMBERS : members;
        struct round r = {.s = s,
                          .table = &run->table,
                          .member = (const void *)c->member.p,
                          .from = from,
                          .to = to};
        tell(run, done, run->candidates);
        for (size_t i = 0; i < ROUND_TASKS; i++)
            r.out[i] = buf_new(out->max);
        sync_share(score_task, &r, (to - from + TASK_MEMBERS - 1) / TASK_MEMBERS);
        for (size_t i = 0; i < ROUND_TASKS; i++) {
            buf_add(out, buf_str(&r.out[i]));
            out->failed |= r.out[i].failed;
            done += r.compared[i];
            buf_free(&r.out[i]);
        }
    }
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}

enum cau_err identity_pairs(const struct identity *s, struct identity_run *run, struct buf *out)
{
    struct identity_candidates c;
    struct buf rivals = buf_new_large((size_t)1 << 30);
    enum cau_err err = identity_candidates_open(s, &c);
    if (err != CAU_OK)
        return err;
    size_t n = c.pair.len / sizeof(uint64_t), records = identity_count(s);
    struct rivals *of = (void *)buf_extend(&rivals, (records + 1) * sizeof *of);
    run->table = s->table;
    run->candidates = n;
    if (of == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK && run->learn)
        err = learn(s, (const void *)c.pair.p, n, &run->table);
    buf_free(&c.pair);
    if (err == CAU_OK)
        err = score_candidates(s, run, &c, out);
    if (err == CAU_OK) {
        out->len =
            weigh_rivals(s, (void *)out->p, out->len / sizeof(struct identity_pair), of) *
            sizeof(struct identity_pair);
        err = sort_pairs(out);
    }
    identity_candidates_close(&c);
    buf_free(&rivals);
    tell(run, n, n);
    return err;
}
