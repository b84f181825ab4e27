#include "language/lexicon_build_int.h"

#include "language/lexicon_tables_int.h"
#include "language/lexicon_train_int.h"

#include "test.h"

#include <string.h>

/* Ten sentences in three languages: each word stands for one, in the same order or the other; "is" for none. */
static const char *const sentence[][3] = {
    {"gió mạnh", "ветер сильный", "wind is strong"},
    {"biển lạnh", "холодное море", "cold sea"},
    {"gió lạnh", "ветер холодный", "wind is cold"},
    {"biển lớn", "море большое", "sea is big"},
    {"móng lớn", "фундамент большой", "foundation is big"},
    {"móng nổi", "фундамент плавучий", "foundation is floating"},
    {"thành phố nổi", "плавучий город", "floating city"},
    {"thành phố mạnh", "город сильный", "city is strong"},
    {"thép lạnh", "сталь холодная", "steel is cold"},
    {"thép mạnh", "сталь сильная", "steel is strong"},
};
/* The words of the sentences, and what they must be taken for. */
static const char *const word[][3] = {
    {"gió", "ветр", "wind"},        {"biển", "мор", "sea"},    {"móng", "фундамент", "foundat"},
    {"thành_phố", "город", "citi"}, {"thép", "стал", "steel"}, {"mạnh", "сильн", "strong"},
    {"lạnh", "холодн", "cold"},     {"lớn", "больш", "big"},   {"nổi", "плавуч", "float"},
};

static struct compound_list *compounds;

static struct lexicon_build *open_build(unsigned sources)
{
    struct lexicon_build *b;
    check(lexicon_build_open(compounds, &b) == CAU_OK);
    for (unsigned i = 0; i < sources; i++) {
        struct lexicon_build_source s = {i == 0 ? STR("glossary") : STR("texts"),
                                         STR("CC0-1.0"), digest_of(STR("bytes"))};
        unsigned number = 99;
        check(lexicon_build_source(b, &s, &number) == CAU_OK && number == i);
    }
    return b;
}

static void add(struct lexicon_build *b, unsigned source, const char *const row[3])
{
    for (enum token_group x = TOKEN_VI; x < TOKEN_OTHER; x++)
        for (enum token_group y = x + 1; y < TOKEN_OTHER; y++)
            check(lexicon_build_pair(b, source, x, str_of(row[x]), y, str_of(row[y]), 1) ==
                  CAU_OK);
}

static void add_corpus(struct lexicon_build *b, unsigned source)
{
    for (size_t i = 0; i < countof(sentence); i++)
        add(b, source, sentence[i]);
}

static struct lexicon *finish(struct lexicon_build *b)
{
    struct str file;
    struct lexicon *l;
    check(lexicon_build_finish(b, NULL, &file) == CAU_OK);
    check(lexicon_open(file, &l) == CAU_OK);
    return l;
}

/* The entry of a translation; y 0 when there is none. */
static struct lexicon_entry entry(const struct lexicon *l, enum token_group from,
                                  const char *term, enum token_group to, const char *other)
{
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    size_t n = lexicon_find(l, from, to, str_of(term), e);
    for (size_t i = 0; i < n; i++) {
        check(i == 0 || e[i - 1].y >= e[i].y);
        if (str_is(e[i].term, other))
            return e[i];
    }
    return (struct lexicon_entry){0};
}

static void learns_known_alignments(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(2);
    add_corpus(b, 1);
    struct lexicon *l = finish(b);
    for (size_t i = 0; i < countof(word); i++)
        for (enum token_group from = TOKEN_VI; from < TOKEN_OTHER; from++)
            for (enum token_group to = TOKEN_VI; to < TOKEN_OTHER; to++) {
                struct lexicon_entry e[LEXICON_KEPT_MAX];
                if (from == to)
                    continue;
                size_t n = lexicon_find(l, from, to, str_of(word[i][from]), e);
                check(n > 0 && str_is(e[0].term, word[i][to]));
                check(e[0].y > LEXICON_ONE / 3 && e[0].y < LEXICON_ONE && e[0].sources == 2);
                check(n == 1 || e[1].y < e[0].y / 2);
            }
    check(lexicon_sources(l) == 2 && lexicon_source(l, 1).pairs == 30);
    check(str_is(lexicon_source(l, 0).name, "glossary"));
    check(lexicon_terms(l, TOKEN_VI, TOKEN_EN) == countof(word));
    lexicon_close(l);
    lexicon_build_close(b);
}

static struct str copy(struct arena *a, struct str file)
{
    struct str out;
    check(arena_copy(a, file, &out) == CAU_OK);
    return out;
}

static void is_the_same_with_any_threads(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct lexicon_build *b = open_build(2), *c = open_build(2);
    struct str file;
    add_corpus(b, 1);
    add_corpus(c, 1);
    check(lexicon_build_finish_with(b, 1, TRAIN_SLOTS_MAX, NULL, &file) == CAU_OK);
    struct str one = copy(&a, file);
    check(lexicon_build_finish_with(b, 2, TRAIN_SLOTS_MAX, NULL, &file) == CAU_OK);
    check(str_equal(one, file)); /* again, from the same pairs */
    check(lexicon_build_finish_with(c, 2, TRAIN_SLOTS_MAX, NULL, &file) == CAU_OK);
    check(str_equal(one, file));
    lexicon_build_close(b);
    lexicon_build_close(c);
    arena_free(&a);
}

static void names_sources_and_forgets_them(void **state)
{
    (void)state;
    static const char *const third[] = {"gió mùa", "ветер муссонный", "wind monsoon"};
    struct lexicon_build *with = open_build(3), *without = open_build(3);
    add_corpus(with, 1);
    add_corpus(without, 1);
    for (int i = 0; i < 3; i++)
        add(with, 2, third);
    struct lexicon *l = finish(with), *less = finish(without);
    check(entry(l, TOKEN_VI, "gió", TOKEN_RU, "ветр").sources == 6);
    check(entry(l, TOKEN_VI, "mùa", TOKEN_RU, "муссон").sources == 4);
    check(entry(l, TOKEN_VI, "nổi", TOKEN_RU, "плавуч").sources == 2);
    check(entry(less, TOKEN_VI, "gió", TOKEN_RU, "ветр").sources == 2);
    check(entry(less, TOKEN_VI, "mùa", TOKEN_RU, "муссон").y == 0);
    check(lexicon_version(l) != lexicon_version(less));
    check(lexicon_source(less, 2).pairs == 0);
    lexicon_close(l);
    lexicon_close(less);
    lexicon_build_close(with);
    lexicon_build_close(without);
}

static void approved_pairs_come_first(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(2);
    add_corpus(b, 1);
    check(lexicon_build_approved(b, 0, TOKEN_RU, STR("основание"), TOKEN_VI, STR("móng")) ==
          CAU_OK);
    check(lexicon_build_approved(b, 0, TOKEN_VI, STR("móng nổi"), TOKEN_EN,
                                 STR("platform floating")) == CAU_OK);
    struct lexicon *l = finish(b);
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    size_t n = lexicon_find(l, TOKEN_VI, TOKEN_RU, STR("móng"), e);
    check(n >= 2 && str_is(e[0].term, "основан") && e[0].y == LEXICON_ONE);
    check((e[0].sources & LEXICON_GLOSSARY) != 0);
    check(str_is(e[1].term, "фундамент") && e[1].y < LEXICON_ONE);
    check(lexicon_find(l, TOKEN_RU, TOKEN_VI, STR("основан"), e) >= 1);
    check(str_is(e[0].term, "móng") && e[0].y == LEXICON_ONE);
    struct lexicon_entry part = entry(l, TOKEN_VI, "móng", TOKEN_EN, "platform");
    check(part.y > 0 && part.y < LEXICON_ONE &&
          part.sources == 1); /* learnt from the glossary */
    lexicon_close(l);
    lexicon_build_close(b);
}

/* Words of one language that translate alike: gió and phong are both wind. */
static void words_of_like_meaning(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(1);
    struct lexicon_entry entry[LEXICON_KEPT_MAX];
    struct lexicon *l;
    struct str file;
    check(lexicon_build_approved(b, 0, TOKEN_VI, STR("gió"), TOKEN_EN, STR("wind")) == CAU_OK);
    check(lexicon_build_approved(b, 0, TOKEN_VI, STR("phong"), TOKEN_EN, STR("wind")) ==
          CAU_OK);
    check(lexicon_build_approved(b, 0, TOKEN_VI, STR("thép"), TOKEN_EN, STR("steel")) ==
          CAU_OK);
    check(lexicon_build_finish(b, NULL, &file) == CAU_OK && lexicon_open(file, &l) == CAU_OK);
    size_t n = lexicon_alike(l, TOKEN_VI, STR("gió"), entry);
    check(n >= 1 && str_is(entry[0].term, "phong") && entry[0].y >= LEXICON_ALIKE_MIN &&
          entry[0].sources == 1);
    for (size_t i = 0; i < n; i++)
        check(!str_is(entry[i].term, "gió") && !str_is(entry[i].term, "thép"));
    check(lexicon_alike(l, TOKEN_VI, STR("biển"), entry) == 0);
    check(lexicon_alike(NULL, TOKEN_VI, STR("gió"), entry) == 0);
    check(lexicon_alike(l, TOKEN_OTHER, STR("gió"), entry) == 0);
    lexicon_close(l);
    lexicon_build_close(b);
}

static void leaves_out_what_all_write_alike(void **state)
{
    (void)state;
    static const char *const row[] = {"sensor MS-21 15 gió", "sensor МС-21 15 ветер",
                                      "sensor MS-21 15 wind"};
    struct lexicon_build *b = open_build(2);
    add_corpus(b, 1);
    for (int i = 0; i < 5; i++)
        add(b, 1, row);
    struct lexicon *l = finish(b);
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    for (size_t i = 0; i < lexicon_terms(l, TOKEN_RU, TOKEN_EN); i++) {
        struct str term = lexicon_term(l, TOKEN_RU, TOKEN_EN, i);
        check((unsigned char)term.p[0] >= 0x80);
    }
    check(lexicon_find(l, TOKEN_EN, TOKEN_RU, STR("15"), e) == 0);
    check(entry(l, TOKEN_EN, "sensor", TOKEN_VI, "sensor").y > 0);
    check(entry(l, TOKEN_EN, "sensor", TOKEN_RU, "sensor").y == 0);
    lexicon_close(l);
    lexicon_build_close(b);
}

static void weighs_pairs(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(1);
    check(lexicon_build_pair(b, 0, TOKEN_EN, STR("nail"), TOKEN_VI, STR("móng"), 1) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_EN, STR("foundation"), TOKEN_VI, STR("móng"), 9) ==
          CAU_OK);
    struct lexicon *l = finish(b);
    /* y of nail for the query móng is p(móng given nail) after discount; of móng for nail, p(nail given móng). */
    check(entry(l, TOKEN_EN, "nail", TOKEN_VI, "móng").y <
          entry(l, TOKEN_EN, "foundat", TOKEN_VI, "móng").y / 5);
    lexicon_close(l);
    lexicon_build_close(b);
}

static void passes_over_what_cannot_be_learnt(void **state)
{
    (void)state;
    char text[LEXICON_SENTENCE_MAX * 2 + 3];
    struct lexicon_build *b = open_build(1);
    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "a ", sizeof text - i < 2 ? 1 : 2);
    struct str most = {text, LEXICON_SENTENCE_MAX * 2}, over = {text, sizeof text};
    check(lexicon_build_pair(b, 0, TOKEN_EN, over, TOKEN_RU, STR("да"), 1) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_EN, STR("1 2"), TOKEN_RU, STR("да"), 1) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_EN, STR(""), TOKEN_RU, STR("да"), 1) == CAU_OK);
    struct lexicon *l = finish(b);
    check(lexicon_source(l, 0).pairs == 0 && lexicon_terms(l, TOKEN_EN, TOKEN_RU) == 0);
    lexicon_close(l);
    check(lexicon_build_pair(b, 0, TOKEN_EN, most, TOKEN_RU, STR("да"), 16) == CAU_OK);
    l = finish(b);
    check(lexicon_source(l, 0).pairs == 1 && lexicon_terms(l, TOKEN_EN, TOKEN_RU) == 1);
    lexicon_close(l);
    lexicon_build_close(b);
}

static void refuses_over_its_limits(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(0);
    struct str file = {NULL, 7};
    check(lexicon_build_finish(b, NULL, &file) == CAU_ERR_RANGE && file.len == 7);
    char text[LEXICON_TEXT_MAX + 1];
    memset(text, 'x', sizeof text);
    struct lexicon_build_source s = {{text, sizeof text}, STR("MIT"), digest_of(STR(""))};
    unsigned number;
    check(lexicon_build_source(b, &s, &number) == CAU_ERR_RANGE);
    s.name.len--;
    for (unsigned i = 0; i < LEXICON_SOURCES_MAX; i++)
        check(lexicon_build_source(b, &s, &number) == CAU_OK && number == i);
    check(lexicon_build_source(b, &s, &number) == CAU_ERR_RANGE);
    for (size_t i = 0; i < LEXICON_PAIRS_MAX; i++)
        if (lexicon_build_pair(b, 31, TOKEN_RU, STR("да"), TOKEN_EN, STR("yes"), 1) != CAU_OK)
            fail();
    check(lexicon_build_pair(b, 31, TOKEN_RU, STR("да"), TOKEN_EN, STR("yes"), 1) ==
          CAU_ERR_RANGE);
    lexicon_build_close(b);
}

/* The hash of words seen together is full at .8. */
static void refuses_a_full_hash(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(1);
    char x[8], y[8];
    struct str file;
    for (unsigned i = 0; i < 3276; i++) { /* .8 of 4096 */
        for (unsigned k = 0; k < 3; k++)
            x[k] = y[k] = (char)('a' + (k == 0 ? i / 676 : k == 1 ? i / 26 % 26 : i % 26));
        check(lexicon_build_pair(b, 0, TOKEN_VI, (struct str){x, 3}, TOKEN_EN,
                                 (struct str){y, 3}, 1) == CAU_OK);
    }
    check(lexicon_build_finish_with(b, 2, 4096, NULL, &file) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_VI, STR("x"), TOKEN_EN, STR("y"), 1) == CAU_OK);
    check(lexicon_build_finish_with(b, 2, 4096, NULL, &file) == CAU_ERR_RANGE);
    check(lexicon_build_finish_with(b, 2, 8192, NULL, &file) == CAU_OK);
    lexicon_build_close(b);
}

struct watch {
    unsigned calls, last, stop_at;
};

static void watch_step(void *ctx, unsigned done_permille)
{
    struct watch *w = ctx;
    check(done_permille >= w->last && done_permille <= 1000);
    w->last = done_permille;
}

static bool watch_stop(void *ctx)
{
    struct watch *w = ctx;
    return ++w->calls == w->stop_at;
}

static void shows_progress_and_stops(void **state)
{
    (void)state;
    struct lexicon_build *b = open_build(1);
    struct str file;
    add_corpus(b, 0);
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct watch w = {0};
        const struct lexicon_progress p = {watch_step, watch_stop, &w};
        check(lexicon_build_finish_with(b, threads, TRAIN_SLOTS_MAX, &p, &file) == CAU_OK);
        check(w.last == 1000 && w.calls > 10);
        for (unsigned at = 1, calls = w.calls; at <= calls; at++) {
            w = (struct watch){.stop_at = at};
            check(lexicon_build_finish_with(b, threads, TRAIN_SLOTS_MAX, &p, &file) ==
                  CAU_ERR_BUSY);
        }
    }
    check(lexicon_build_finish(b, NULL, &file) == CAU_OK); /* nothing was lost */
    lexicon_build_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_known_alignments),
        cmocka_unit_test(is_the_same_with_any_threads),
        cmocka_unit_test(names_sources_and_forgets_them),
        cmocka_unit_test(approved_pairs_come_first),
        cmocka_unit_test(words_of_like_meaning),
        cmocka_unit_test(leaves_out_what_all_write_alike),
        cmocka_unit_test(weighs_pairs),
        cmocka_unit_test(passes_over_what_cannot_be_learnt),
        cmocka_unit_test(refuses_over_its_limits),
        cmocka_unit_test(refuses_a_full_hash),
        cmocka_unit_test(shows_progress_and_stops),
    };
    if (compound_open(&compounds) != CAU_OK ||
        compound_add(compounds, STR("thành phố")) != CAU_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    compound_close(compounds);
    return failed;
}
