/* What must hold of any index: an answer depends on the living documents that the reader may see, and on
 * nothing else: not on the order of writes, on saves, or on what others may see. */
#include "index/index.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 300, STEPS = 900, TEXTS = 3, VALUES = 5, FOLDER = 32 };

struct model {
    bool alive;
    unsigned audience;
    uint32_t owner;
    int64_t updated_ms;
    char text[TEXTS][400];
    const char *lang[TEXTS];
    unsigned weight[TEXTS];
    size_t texts;
    char value[VALUES][16];
    enum index_column column[VALUES];
    size_t values;
};

static struct model model[DOCS];
static struct arena room;
static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

static const char *const vi[] = {"công",  "nghệ",   "Viện", "điện", "gió", "Trung",
                                 "tâm",   "nghiên", "cứu",  "móng", "nổi", "biển",
                                 "TBK-2", "hoà",    "bình", "1,5"};
static const char *const ru[] = {"институт", "Институт",    "материал",     "материалы",
                                 "Центр",    "тропический", "тропического", "энергия",
                                 "энергии",  "Груздев",     "физики",       "плавучие",
                                 "ещё",      "МС-21",       "канал",        "каналов"};
static const char *const en[] = {"institute",    "Institutes", "energy",    "technology",
                                 "technologies", "wind",       "offshore",  "floating",
                                 "Gruzdev",      "Centre",     "materials", "and",
                                 "of",           "1.000",      "physics",   "e-mail"};

static void words_of(char *out, size_t cap, const char *const *list, size_t n)
{
    size_t words = 1 + roll(roll(4) == 0 ? 40 : 6), len = 0;
    for (size_t i = 0; i < words && len + 40 < cap; i++)
        len += (size_t)snprintf(out + len, cap - len, "%s%s",
                                i == 0    ? ""
                                : roll(9) ? " "
                                          : ", ",
                                list[roll((uint32_t)(roll(3) ? n : n / 2))]);
}

static void make_model(struct model *m)
{
    *m = (struct model){.alive = true, .texts = 1 + roll(TEXTS), .values = roll(VALUES + 1)};
    m->audience = roll(4) == 0 ? 1 + roll(3) : 0;
    m->owner = roll(5) == 0 ? 1 + roll(4) : 0;
    m->updated_ms = roll(50);
    for (size_t i = 0; i < m->texts; i++) {
        uint32_t which = roll(4);
        m->lang[i] = which == 0 ? "vi" : which == 1 ? "ru" : which == 2 ? "en" : "de";
        const char *const *list = which == 0 ? vi : which == 1 ? ru : en;
        words_of(m->text[i], sizeof m->text[i], list, countof(vi));
        m->weight[i] = 1 + roll(15);
    }
    for (size_t i = 0; i < m->values; i++) {
        m->column[i] = (enum index_column)roll(INDEX_COLUMNS);
        snprintf(m->value[i], sizeof m->value[i], "v%u", roll(6));
    }
}

static void put_model(struct index *ix, uint32_t number)
{
    const struct model *m = &model[number];
    struct index_text text[TEXTS];
    struct index_value value[VALUES];
    for (size_t i = 0; i < m->texts; i++)
        text[i] = (struct index_text){str_of(m->lang[i]), m->weight[i], str_of(m->text[i])};
    for (size_t i = 0; i < m->values; i++)
        value[i] = (struct index_value){m->column[i], str_of(m->value[i])};
    struct index_doc d = {number, m->audience, m->owner, m->updated_ms,
                          text,   m->texts,    value,    m->values};
    check(index_put(ix, &d) == CAU_OK);
}

static const char *const asked[] = {
    "",
    "công nghệ",
    "cong nghe",
    "viện ",
    "điện gió biển",
    "институтов",
    "материала ",
    "материалы канала",
    "gruzdev",
    "Gruzdiev ",
    "institut",
    "energy of wind offshore technology institute",
    "tehcnology ",
    "\"floating wind\"",
    "\"công nghệ\" móng",
    "1000",
    "1.5 wind",
    "мс21",
    "centr ",
    "физ",
    "e",
    "Trung tâm nghiên cứu công nghệ biển",
    "hòa bình ",
    "wind and wind",
    "zzzzz",
    "!!!",
    "tropicheskogo ",
};

static void same_reasons(const struct index_hit *x, const struct index_hit *y)
{
    check(x->reason_count == y->reason_count);
    uint32_t sum = 0;
    for (size_t i = 0; i < x->reason_count; i++) {
        const struct index_reason *r = &x->reason[i], *s = &y->reason[i];
        check(str_equal(r->query_word, s->query_word) && str_equal(r->text_word, s->text_word));
        check(r->share_permille == s->share_permille && r->channel == s->channel);
        sum += r->share_permille;
    }
    /* every part of the score is accounted for */
    check(x->score == 0 || (sum <= 1000 && sum + x->reason_count >= 1000));
}

static void same_result(const struct index_result *x, const struct index_result *y)
{
    check(x->total == y->total && x->hit_count == y->hit_count && x->cut == y->cut);
    check(str_equal(x->lang, y->lang));
    for (size_t i = 0; i < x->hit_count; i++) {
        check(x->hit[i].doc == y->hit[i].doc && x->hit[i].score == y->hit[i].score);
        same_reasons(&x->hit[i], &y->hit[i]);
    }
    for (int c = 0; c < INDEX_COLUMNS; c++) {
        check(x->facet_count[c] == y->facet_count[c]);
        for (size_t i = 0; i < x->facet_count[c]; i++) {
            check(x->facet[c][i].n == y->facet[c][i].n);
            check(str_equal(x->facet[c][i].value, y->facet[c][i].value));
        }
    }
}

static void same_suggestions(struct index *x, struct index *y, struct index_reader reader)
{
    static const char *const start[] = {"t", "инст", "c", "gr", "mat", "зз", "đ"};
    for (size_t i = 0; i < countof(start); i++) {
        struct str one[10], two[10];
        size_t n, m;
        check(index_suggest(x, &room, reader, str_of(start[i]), 10, one, &n) == CAU_OK);
        check(index_suggest(y, &room, reader, str_of(start[i]), 10, two, &m) == CAU_OK);
        check(n == m);
        for (size_t k = 0; k < n; k++)
            check(str_equal(one[k], two[k]));
    }
}

static void same_answers(struct index *x, struct index *y, struct index_reader reader)
{
    static const struct index_filter filter[] = {{INDEX_COUNTRY, {"v1", 2}},
                                                 {INDEX_COUNTRY, {"v2", 2}},
                                                 {INDEX_KIND, {"v3", 2}},
                                                 {INDEX_FIELD, {"none", 4}}};
    for (size_t i = 0; i < countof(asked); i++)
        for (size_t filters = 0; filters <= countof(filter); filters++) {
            struct index_query q = {.text = str_of(asked[i]),
                                    .reader = reader,
                                    .filter = filter,
                                    .filter_count = filters,
                                    .order = i % 5 == 3 ? INDEX_NEWEST : INDEX_BEST,
                                    .any = i % 4 == 1,
                                    .offset = filters == 1 ? 3 : 0,
                                    .limit = 30,
                                    .facets = true,
                                    .explain = true};
            struct index_result one, two;
            arena_reset(&room);
            check(index_search(x, &room, &q, &one) == CAU_OK);
            check(index_search(y, &room, &q, &two) == CAU_OK);
            same_result(&one, &two);
        }
    same_suggestions(x, y, reader);
}

static bool may_see(const struct model *m, struct index_reader r)
{
    return m->alive &&
           ((r.audiences >> m->audience & 1) != 0 || (r.owner != 0 && m->owner == r.owner));
}

static struct index *open_in(const char *dir)
{
    struct index *ix;
    bool rebuilt;
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    return ix;
}

/* A new index in a folder of its own of what the reader may see, written in another order. */
static struct index *build_for(struct index_reader reader, char *dir)
{
    snprintf(dir, FOLDER, "/tmp/cau-index-XXXXXX");
    check(mkdtemp(dir) != NULL);
    struct index *ix = open_in(dir);
    uint32_t first = roll(DOCS);
    for (uint32_t i = 0; i < DOCS; i++) {
        uint32_t number = (first + i * 7) % DOCS;
        if (may_see(&model[number], reader))
            put_model(ix, number);
    }
    return ix;
}

static void drop(struct index *ix, const char *dir)
{
    char path[96];
    index_close(ix);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    check(rmdir(dir) == 0);
}

static void compare_all(struct index *ix)
{
    static const struct index_reader reader[] = {{1, 0}, {3, 0}, {1, 2}, {255, 0}, {5, 3}};
    for (size_t i = 0; i < countof(reader); i++) {
        char dir[FOLDER];
        struct index *other = build_for(reader[i], dir);
        same_answers(ix, other, reader[i]);
        drop(other, dir);
    }
}

static void step(struct index **ix, const char *dir, uint32_t number)
{
    switch (roll(60)) {
    case 0:
        check(index_save(*ix, number) == CAU_OK);
        check(index_position(*ix) == number);
        break;
    case 1: {
        check(index_save(*ix, number) == CAU_OK);
        uint32_t count = index_count(*ix);
        index_close(*ix);
        bool rebuilt = true;
        check(index_open(dir, ix, &rebuilt) == CAU_OK && !rebuilt);
        check(index_position(*ix) == number && index_count(*ix) == count);
        break;
    }
    default:
        number = roll(DOCS);
        if (roll(4) == 0) {
            model[number].alive = false;
            index_remove(*ix, number);
        } else {
            make_model(&model[number]);
            put_model(*ix, number);
        }
    }
}

static void answers_depend_on_what_the_reader_may_see(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-index-XXXXXX";
    check(mkdtemp(dir) != NULL);
    room = arena_new((size_t)64 << 20);
    struct index *ix = open_in(dir);
    for (uint32_t i = 1; i <= STEPS; i++) {
        step(&ix, dir, i);
        if (i % 300 == 0)
            compare_all(ix);
    }
    uint32_t alive = 0;
    for (uint32_t i = 0; i < DOCS; i++)
        alive += model[i].alive;
    check(index_count(ix) == alive);
    drop(ix, dir);
    arena_free(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_depend_on_what_the_reader_may_see)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
