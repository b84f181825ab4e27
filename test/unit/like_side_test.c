/* What matching keeps and skips must not show: sides from the index's own words are those of the texts, a side asked of
 * many scores as one asked of one, and the best alone are the best of all. */
#include "index/like_int.h"

#include "index/gather_int.h"
#include "language/lexicon_build.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 250, TEXTS = 3, TEXT_BYTES = 600 };

static char dir[64], file[96], text[DOCS][TEXTS][TEXT_BYTES];
static const char *lang[DOCS][TEXTS];
static size_t texts[DOCS];
static struct lexicon_build *build;
static struct lexicon *lexicon;
static struct index *ix;
static struct arena room;
static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

static const char *const vi[] = {"công", "nghệ",    "điện",     "gió",  "móng",  "nổi",
                                 "biển", "thép",    "lò",       "phản", "ứng",   "15 MW",
                                 "1,5",  "Rosatom", "vật liệu", "и",    "MC-21", "2019.",
                                 "hàn,", "chống",   "ăn mòn"};
static const char *const bare[] = {"cong nghe", "dien", "gio", "thep",
                                   "bien",      "FPT",  "VNU", "15"};
static const char *const ru[] = {"ветер",   "ветра",     "морской",  "сталь",     "стали",
                                 "реактор", "реакторы.", "ядерный",  "15 МВт",    "МС-21",
                                 "laser",   "коррозия",  "материал", "материалы", "ещё",
                                 "энергия", "2019",      "из"};
static const char *const en[] = {"wind",   "offshore", "steel",     "Nuclear",   "reactors",
                                 "e-mail", "welding",  "welded",    "corrosion", "materials",
                                 "15 MW",  "Rosatom",  "floating",  "the",       "of",
                                 "физика", "1.000",    "wind power"};

static void make_text(uint32_t doc, size_t i)
{
    static const struct {
        const char *tag;
        const char *const *word;
        uint32_t n;
    } kind[] = {{"vi", vi, countof(vi)},
                {"vi", bare, countof(bare)},
                {"ru", ru, countof(ru)},
                {"en", en, countof(en)},
                {"de", en, countof(en)}};
    size_t k = roll(countof(kind)), len = 0, words = roll(25);
    lang[doc][i] = kind[k].tag;
    text[doc][i][0] = '\0';
    for (size_t w = 0; w < words && len + 60 < TEXT_BYTES; w++)
        len += (size_t)snprintf(text[doc][i] + len, TEXT_BYTES - len, "%s%s",
                                kind[k].word[roll(kind[k].n)], roll(6) == 0 ? " - " : " ");
}

static size_t texts_of(uint32_t doc, struct index_text out[TEXTS])
{
    for (size_t i = 0; i < texts[doc]; i++)
        out[i] =
            (struct index_text){str_of(lang[doc][i]), 1 + (unsigned)i, str_of(text[doc][i])};
    return texts[doc];
}

static int open_all(void **state)
{
    (void)state;
    struct lexicon_build_source own = {.name = STR("glossary"), .licence = STR("own")};
    unsigned number;
    struct str bytes;
    bool rebuilt;
    room = arena_new((size_t)256 << 20);
    snprintf(dir, sizeof dir, "/tmp/cau-like-XXXXXX");
    check(mkdtemp(dir) != NULL && lexicon_build_open(NULL, &build) == CAU_OK &&
          lexicon_build_source(build, &own, &number) == CAU_OK);
    static const char *const pair[][3] = {
        {"thép", "сталь", "steel"}, {"gió", "ветер", "wind"}, {"biển", "море", "sea"}};
    for (size_t i = 0; i < countof(pair); i++) {
        check(lexicon_build_approved(build, 0, TOKEN_VI, str_of(pair[i][0]), TOKEN_RU,
                                     str_of(pair[i][1])) == CAU_OK);
        check(lexicon_build_approved(build, 0, TOKEN_EN, str_of(pair[i][2]), TOKEN_RU,
                                     str_of(pair[i][1])) == CAU_OK);
    }
    check(lexicon_build_finish(build, NULL, &bytes) == CAU_OK &&
          lexicon_open(bytes, &lexicon) == CAU_OK && index_open(dir, &ix, &rebuilt) == CAU_OK);
    index_set_lexicon(ix, lexicon);
    for (uint32_t i = 0; i < DOCS; i++) {
        struct index_text t[TEXTS];
        struct index_value value = {INDEX_LANGUAGE, STR("vi")};
        texts[i] = 1 + roll(TEXTS);
        for (size_t k = 0; k < texts[i]; k++)
            make_text(i, k);
        struct index_doc d = {.doc = i, .text = t, .value = &value, .value_count = roll(2)};
        d.text_count = texts_of(i, t);
        check(index_put(ix, &d) == CAU_OK);
        if (i == DOCS / 3 ||
            i == DOCS / 2) /* in the file, in one written anew from it, in memory */
            check(index_save(ix, i) == CAU_OK);
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    index_close(ix);
    lexicon_close(lexicon);
    lexicon_build_close(build);
    snprintf(file, sizeof file, "%s/search.idx", dir);
    unlink(file);
    arena_free(&room);
    return rmdir(dir);
}

static struct like *begin(void)
{
    const struct concepts *concepts;
    struct like *l;
    check(index_concepts(ix, &concepts) == CAU_OK && concepts != NULL &&
          like_begin(ix, concepts, &l) == CAU_OK);
    return l;
}

static void doc_sides(struct like *l, uint32_t doc, const struct like_side **side, size_t *n)
{
    uint32_t place = ((const uint32_t *)(const void *)ix->place.p)[doc];
    int part = (place & PLACE_FRESH) != 0 ? INDEX_FRESH : INDEX_SEGMENT;
    check(like_doc_sides(l, doc, part, (place & ~PLACE_FRESH) - 1, side, n) == CAU_OK);
}

static void check_same(const struct like_side *x, const struct like_side *y)
{
    check(x->group == y->group && x->bare == y->bare && x->n == y->n &&
          x->length == y->length && x->self[LIKE_ACROSS] == y->self[LIKE_ACROSS] &&
          x->self[LIKE_WITHIN] == y->self[LIKE_WITHIN]);
    for (size_t i = 0; i < x->n; i++) {
        check(x->term[i].word == y->term[i].word && x->term[i].times == y->term[i].times);
        check(str_equal(like_surface(x, &x->term[i]), like_surface(y, &y->term[i])));
    }
}

static void sides_are_those_of_the_texts(void **state)
{
    (void)state;
    struct like *l = begin();
    size_t bare_sides = 0, concepts = 0;
    for (uint32_t i = 0; i < DOCS; i++) {
        struct like_side side[LIKE_SIDES_MAX];
        const struct like_side *listed;
        struct index_text t[TEXTS];
        size_t n, listed_n;
        check(like_sides(l, &room, t, texts_of(i, t), side, &n) == CAU_OK);
        doc_sides(l, i, &listed, &listed_n);
        check(n == listed_n);
        for (size_t k = 0; k < n; k++) {
            check_same(&side[k], &listed[k]);
            bare_sides += side[k].bare;
            for (size_t w = 0; w < side[k].n; w++)
                concepts += like_word_at(l, side[k].term[w].word)->text.len == 0;
        }
    }
    check(bare_sides > 5 && concepts > 50); /* the test tests something */
    like_end(l);
}

static void asks_many_as_it_asks_one(void **state)
{
    (void)state;
    struct like *l = begin();
    const struct like_side *side[DOCS];
    size_t n[DOCS], met = 0;
    for (uint32_t i = 0; i < DOCS; i++)
        doc_sides(l, i, &side[i], &n[i]);
    for (uint32_t i = 0; i < DOCS; i += 9)
        for (unsigned group = 0; group < LIKE_GROUPS && n[i] > 0; group++) {
            const struct like_side *x = &side[i][roll((uint32_t)n[i])];
            int64_t there[DOCS][LIKE_SIDES_MAX], back[DOCS][LIKE_SIDES_MAX], one;
            struct like_asker asker;
            check(like_asker_open(l, &room, x, group, &asker) == CAU_OK);
            for (uint32_t d = 0; d < DOCS; d++)
                for (size_t k = 0; k < n[d]; k++)
                    if (like_group_of(&side[d][k]) == group)
                        check(like_ask(&asker, &side[d][k], &there[d][k], &back[d][k]) ==
                              CAU_OK);
            for (uint32_t d = 0; d < DOCS; d++)
                for (size_t k = 0; k < n[d]; k++) {
                    if (like_group_of(&side[d][k]) != group)
                        continue;
                    enum like_scale scale = like_scale_of(x, &side[d][k]);
                    check(like_score(l, x, &side[d][k], scale, &one, NULL, NULL) == CAU_OK &&
                          one == there[d][k]);
                    check(like_score(l, &side[d][k], x, scale, &one, NULL, NULL) == CAU_OK &&
                          one == back[d][k]);
                    met += one > 0;
                }
        }
    check(met > 1000);
    like_end(l);
}

static void the_best_alone_are_the_best_of_all(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++) {
        uint32_t doc = roll(DOCS);
        struct index_filter filter = {INDEX_LANGUAGE, roll(4) ? STR("vi") : STR("xx")};
        struct index_query q = {.text = str_of(text[doc][0]),
                                .lang = str_of(lang[doc][0]),
                                .reader = {1, 0},
                                .filter = &filter,
                                .filter_count = roll(2),
                                .any = true,
                                .limit = 1 + roll(12),
                                .offset = roll(3)};
        struct index_result all, best;
        arena_reset(&room);
        check(index_search(ix, &room, &q, &all) == CAU_OK);
        q.uncounted = true;
        check(index_search(ix, &room, &q, &best) == CAU_OK);
        check(best.total <= all.total && best.hit_count == all.hit_count);
        for (size_t k = 0; k < all.hit_count; k++)
            check(best.hit[k].doc == all.hit[k].doc && best.hit[k].score == all.hit[k].score);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sides_are_those_of_the_texts),
                                       cmocka_unit_test(asks_many_as_it_asks_one),
                                       cmocka_unit_test(the_best_alone_are_the_best_of_all)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
