#define _GNU_SOURCE /* memmem */
#include "index/index.h"

#include "base/file.h"
#include "base/sync.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64];
static struct arena room;

static int open_folder(void **state)
{
    (void)state;
    strncpy(dir, "/tmp/cau-index-XXXXXX", sizeof dir - 1);
    room = arena_new((size_t)64 << 20);
    return mkdtemp(dir) == NULL;
}

static int close_folder(void **state)
{
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    arena_free(&room);
    return rmdir(dir);
}

static struct index *open_empty(void)
{
    struct index *ix;
    bool rebuilt = false;
    arena_reset(&room);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    check(rebuilt && index_count(ix) == 0 && index_position(ix) == 0);
    return ix;
}

static void put(struct index *ix, uint32_t doc, const char *lang, const char *text)
{
    struct index_text t = {str_of(lang), 5, str_of(text)};
    struct index_value v[] = {{INDEX_KIND, STR("organization")},
                              {INDEX_COUNTRY, doc % 2 == 0 ? STR("VN") : STR("RU")},
                              {INDEX_LANGUAGE, str_of(lang)}};
    struct index_doc d = {.doc = doc,
                          .updated_ms = 1000 + (int64_t)doc,
                          .text = &t,
                          .text_count = 1,
                          .value = v,
                          .value_count = countof(v)};
    check(index_put(ix, &d) == CAU_OK);
}

static struct index_result ask(struct index *ix, const char *text)
{
    struct index_query q = {
        .text = str_of(text), .reader = {1, 0}, .limit = 20, .facets = true, .explain = true};
    struct index_result r;
    check(index_search(ix, &room, &q, &r) == CAU_OK);
    return r;
}

/* The document found first, UINT32_MAX when there is none. */
static uint32_t first(struct index *ix, const char *text)
{
    struct index_result r = ask(ix, text);
    return r.total == 0 ? UINT32_MAX : r.hit[0].doc;
}

static uint32_t total(struct index *ix, const char *text)
{
    return ask(ix, text).total;
}

static void finds_the_six(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Đổi mới sáng tạo");
    put(ix, 2, "vi", "Viện Điện lực");
    put(ix, 3, "ru", "ещё один ёж");
    put(ix, 4, "ru", "Фёдор Достоевский");
    put(ix, 5, "ru", "Тропический центр");
    put(ix, 6, "ru", "материал");
    check(first(ix, "doi") == 1);
    check(first(ix, "dien") == 2);
    check(first(ix, "еще") == 3);
    check(first(ix, "федор") == 4);
    check(first(ix, "тропического") == 5);
    check(first(ix, "centr") == 5);
    check(first(ix, "материалы") == 6);
    check(first(ix, "доствоевский") == 4); /* a typo */
    check(first(ix, "Tropicheskiy ") == 5);
    check(first(ix, "сад ") == UINT32_MAX);
    index_close(ix);
}

/* An abbreviation in capitals, by its spelling in the other script. */
static void abbreviations_cross_scripts(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "ru", "МГУ имени Ломоносова");
    put(ix, 2, "en", "VNU University of Science");
    put(ix, 3, "ru", "ВНУ");
    put(ix, 4, "vi", "TsAGI và ĐHQG");
    check(first(ix, "MGU") == 1 && total(ix, "MGU") == 1);
    check(first(ix, "MGU Lomonosov ") == 1);
    check(first(ix, "ВНУ") == 3 && total(ix, "ВНУ") == 2);
    check(total(ix, "VNU") == 2);
    check(first(ix, "ЦАГИ") == 4);
    check(total(ix, "mgu") == 0); /* no capitals: a word like others */
    struct index_result r = ask(ix, "MGU");
    check(r.hit[0].reason_count == 1 && r.hit[0].reason[0].channel == INDEX_SOUND);
    check(str_is(r.hit[0].reason[0].text_word, "МГУ"));
    index_close(ix);
}

static void says_by_which_channel(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Viện Công nghệ Điện tử");
    put(ix, 2, "ru", "Алексей Груздев, реакторы");
    put(ix, 3, "en", "Offshore Technologies");
    static const struct {
        const char *query, *text_word;
        enum index_channel channel;
    } expected[] = {{"điện ", "Điện", INDEX_SAME},
                    {"dien ", "Điện", INDEX_BARE},
                    {"đien ", "Điện", INDEX_BARE},
                    {"реактора ", "реакторы", INDEX_SAME},
                    {"реак", "реакторы", INDEX_PREFIX},
                    {"офшор Gruzdiev ", NULL, INDEX_SAME},
                    {"Gruzdiev ", "Груздев", INDEX_SOUND},
                    {"Aleksej ", "Алексей", INDEX_SOUND},
                    {"technology ", "Technologies", INDEX_SAME},
                    {"tecnologies ", "Technologies", INDEX_TYPO},
                    {"offshoer ", "Offshore", INDEX_TYPO},
                    {"công nghệ", "Công nghệ", INDEX_SAME}};
    for (size_t i = 0; i < countof(expected); i++) {
        struct index_result r = ask(ix, expected[i].query);
        check((r.total == 0) == (expected[i].text_word == NULL));
        if (r.total == 0)
            continue;
        const struct index_reason *reason = r.hit[0].reason;
        check(r.hit[0].reason_count > 0 && r.hit[0].score > 0);
        check(str_is(reason->text_word, expected[i].text_word));
        check(reason->channel == expected[i].channel);
    }
    struct index_result r = ask(ix, "công nghệ");
    check(r.hit[0].reason_count == 3); /* the word and its syllables */
    check(r.hit[0].reason[1].channel == INDEX_SYLLABLE);
    check(str_is(r.lang, "vi"));
    index_close(ix);
}

/* However a number and its unit are written, each way finds the others. */
static void numbers_with_units(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Tuabin 10 MW");
    put(ix, 2, "en", "A 10MW turbine");
    put(ix, 3, "vi", "Bờ biển 3.200 km");
    put(ix, 4, "ru", "Побережье 3 200 км");
    put(ix, 5, "en", "Coast of 3200 km");
    put(ix, 6, "en", "Private 5G network, band 5");
    put(ix, 7, "en", "A G major, 5 parts");
    put(ix, 8, "en", "3 boats, 200 nets");
    check(ask(ix, "10MW ").total == 2 && ask(ix, "10 MW ").total == 2 &&
          ask(ix, "10mw").total == 2);
    check(first(ix, "10MW ") == 2); /* as it is typed first */
    check(ask(ix, "3 200 km ").total == 2 && ask(ix, "3200 km ").total == 2);
    check(ask(ix, "3 200 ").total == 3 && ask(ix, "3.200 ").total == 3);
    check(ask(ix, "3 200 км ").total >= 1 && first(ix, "3 200 км ") == 4);
    check(ask(ix, "5G ").total == 1 && first(ix, "5G ") == 6);
    check(ask(ix, "\"3 200\"").total == 1); /* in quotes only as it is typed */
    check(ask(ix, "10MW 20 30 40 50 60 ").total > 0);
    index_close(ix);
}

/* A language is told where letters tell one. */
static void says_which_language(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "zh", "清华大学");
    check(str_is(ask(ix, "gió").lang, "vi") && str_is(ask(ix, "ветер").lang, "ru"));
    check(ask(ix, "清华大学").lang.len == 0 && ask(ix, "2020 ?").lang.len == 0);
    check(ask(ix, "清华大学").total == 1);
    index_close(ix);
}

/* Names of people have no language; whoever writes one in his letters finds those in others, in whatever order. */
static void names_in_any_letters(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "und", "Aleksey Gruzdev");
    put(ix, 2, "ru", "Груздев Алексей");
    put(ix, 3, "vi", "Ủy ban hợp tác");
    put(ix, 4, "ru", "Комиссия");
    static const char *const query[] = {"Gruzdev ",         "Груздев ", "Gruzdiev ",
                                        "Алексей Груздев ", "Алексей ", "Aleksej Gruzdev "};
    for (size_t i = 0; i < countof(query); i++)
        check(total(ix, query[i]) == 2);
    index_close(ix);
}

static void all_of_few_words_any_of_many(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "en", "alpha beta");
    put(ix, 2, "en", "alpha gamma delta");
    put(ix, 3, "en", "alpha");
    check(total(ix, "alpha ") == 3);
    check(total(ix, "alpha beta ") == 1);
    check(total(ix, "beta gamma ") == 0);
    check(total(ix, "alpha beta gamma delta ") == 0);
    check(total(ix, "alpha beta gamma delta epsilon ") == 3);
    check(first(ix, "alpha beta gamma delta epsilon ") == 2);
    struct index_query q = {
        .text = STR("beta gamma "), .reader = {1, 0}, .any = true, .limit = 9};
    struct index_result r;
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.total == 2);
    check(total(ix, "") == 3 && first(ix, "") == 3); /* newest first */
    check(total(ix, "   ") == 3);
    check(total(ix, "?!") == 0);
    index_close(ix);
}

/* One word: all and any are the same, however many documents there are. */
static void any_of_one_word(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    for (uint32_t i = 0; i < 9000; i++)
        put(ix, i, "en",
            i % 5    ? "wind of change"
            : i % 25 ? "wind"
                     : "wind wind wind power plant");
    struct index_query q = {.text = STR("wind "), .reader = {1, 0}, .limit = 30};
    struct index_result all, any;
    check(index_search(ix, &room, &q, &all) == CAU_OK);
    q.any = true;
    check(index_search(ix, &room, &q, &any) == CAU_OK);
    check(all.total == 9000 && any.total == 9000 && all.hit_count == 30 && any.hit_count == 30);
    for (size_t i = 0; i < 30; i++) {
        check(all.hit[i].doc == any.hit[i].doc && all.hit[i].score == any.hit[i].score);
        check(i == 0 || all.hit[i - 1].doc < all.hit[i].doc); /* equal scores: rising doc */
    }
    q.offset = 8990;
    check(index_search(ix, &room, &q, &all) == CAU_OK && all.hit_count == 10);
    index_close(ix);
}

static void mistakes_in_few_words_only(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "en", "technology");
    check(total(ix, "q1q2 tecnology qqqq rrrr ssss tttt uuuu vvvv ") == 1);
    check(total(ix, "oooo pppp qqqq rrrr ssss tttt uuuu tecnology ") == 1); /* the eighth */
    check(total(ix, "oooo pppp qqqq rrrr ssss tttt uuuu vvvv tecnology ") == 0);
    index_close(ix);
}

static void phrases(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Điện gió ngoài khơi");
    put(ix, 2, "vi", "gió mùa và điện");
    put(ix, 3, "ru", "плавучего фундамента");
    put(ix, 4, "en", "floating wind turbines");
    check(total(ix, "điện gió ") == 2);
    check(total(ix, "\"điện gió\"") == 1 && first(ix, "\"điện gió\"") == 1);
    check(total(ix, "\"dien gio\"") == 1);
    check(total(ix, "“gió điện”") == 0);
    check(first(ix, "«плавучие фундаменты»") == 3);
    check(first(ix, "\"wind turbine\" floating") == 4);
    check(total(ix, "\"turbine wind\"") == 0);
    check(total(ix, "\"điện gió") == 2); /* an odd quote is only a sign */
    check(total(ix, "\"\" \"") == 0);
    index_close(ix);
}

static void filters_and_facets(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    for (uint32_t i = 0; i < 10; i++)
        put(ix, i, i < 4 ? "vi" : "en", "wind");
    struct index_filter f[] = {{INDEX_COUNTRY, STR("VN")}, {INDEX_LANGUAGE, STR("vi")}};
    struct index_query q = {.text = STR("wind"),
                            .reader = {1, 0},
                            .filter = f,
                            .filter_count = 2,
                            .limit = 1,
                            .facets = true};
    struct index_result r;
    check(index_search(ix, &room, &q, &r) == CAU_OK);
    check(r.total == 2 && r.hit_count == 1); /* 0 and 2 */
    /* a column's own filter does not narrow its counts */
    check(r.facet_count[INDEX_COUNTRY] == 2 && r.facet[INDEX_COUNTRY][0].n == 2 &&
          r.facet[INDEX_COUNTRY][1].n == 2);
    check(str_is(r.facet[INDEX_COUNTRY][0].value, "RU")); /* equal counts: by value */
    check(r.facet_count[INDEX_LANGUAGE] == 2 &&
          str_is(r.facet[INDEX_LANGUAGE][0].value, "en") && r.facet[INDEX_LANGUAGE][0].n == 3 &&
          r.facet[INDEX_LANGUAGE][1].n == 2);
    check(r.facet_count[INDEX_KIND] == 1 && r.facet[INDEX_KIND][0].n == 2);
    f[1] = (struct index_filter){INDEX_COUNTRY, STR("RU")}; /* one column: any of them */
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.total == 10);
    f[1] = (struct index_filter){INDEX_STATUS, STR("none")};
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.total == 0);
    q.facets = false;
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.facet_count[INDEX_KIND] == 0);
    q.filter_count = 0;
    q.order = INDEX_NEWEST;
    q.offset = 3;
    q.limit = 3;
    check(index_search(ix, &room, &q, &r) == CAU_OK);
    check(r.total == 10 && r.hit_count == 3 && r.hit[0].doc == 6 && r.hit[2].doc == 4);
    q.offset = 9;
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.hit_count == 1 && r.hit[0].doc == 0);
    q.offset = 10;
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.hit_count == 0 && r.total == 10);
    index_close(ix);
}

static void permission(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    struct index_text t = {STR("en"), 5, STR("secret wind")};
    struct index_value v = {INDEX_FIELD, STR("FORD:2.7")};
    struct index_doc d = {7, 2, 3, 5, &t, 1, &v, 1};
    put(ix, 1, "en", "wind");
    check(index_put(ix, &d) == CAU_OK);
    struct index_query q = {.text = STR("wind"), .limit = 9, .facets = true};
    struct index_result r;
    static const struct {
        struct index_reader reader;
        uint32_t total;
    } expected[] = {{{1, 0}, 1}, {{4, 0}, 1}, {{5, 0}, 2}, {{1, 3}, 2},
                    {{1, 4}, 1}, {{0, 0}, 0}, {{2, 0}, 0}, {{255, 0}, 2}};
    for (size_t i = 0; i < countof(expected); i++) {
        q.reader = expected[i].reader;
        check(index_search(ix, &room, &q, &r) == CAU_OK && r.total == expected[i].total);
        bool sees = i == 1 || expected[i].total == 2;
        check(r.facet_count[INDEX_FIELD] == (sees ? 1 : 0));
        struct str word[4];
        size_t n;
        check(index_suggest(ix, &room, q.reader, STR("sec"), 4, word, &n) == CAU_OK);
        check(n == (sees ? 1 : 0));
    }
    /* a hidden word does not keep a typo from being put right */
    put(ix, 2, "en", "secrets");
    check(total(ix, "secreti ") == 1);
    index_close(ix);
}

static void suggests(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Công ty Điện lực");
    put(ix, 2, "vi", "công nghệ");
    put(ix, 3, "ru", "реакторами");
    struct str out[4];
    size_t n;
    struct index_reader reader = {1, 0};
    check(index_suggest(ix, &room, reader, STR("nhà cô"), 4, out, &n) == CAU_OK);
    check(n == 1 && str_is(out[0], "Công"));
    check(index_suggest(ix, &room, reader, STR("t"), 4, out, &n) == CAU_OK);
    check(n == 1 && str_is(out[0], "ty")); /* as it is written, not as it is indexed */
    check(index_suggest(ix, &room, reader, STR("реак"), 4, out, &n) == CAU_OK);
    check(n == 1 && str_is(out[0], "реакторами")); /* a word, not a stem */
    check(index_suggest(ix, &room, reader, STR("công "), 4, out, &n) == CAU_OK && n == 0);
    check(index_suggest(ix, &room, reader, STR(""), 4, out, &n) == CAU_OK && n == 0);
    check(index_suggest(ix, &room, reader, STR("\xff"), 4, out, &n) == CAU_OK && n == 0);
    check(index_suggest(ix, &room, reader, STR("c"), 0, out, &n) == CAU_OK && n == 0);
    index_close(ix);
}

static void replaces_and_removes(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 5, "en", "wind");
    put(ix, 5, "en", "water");
    check(index_count(ix) == 1 && total(ix, "wind ") == 0 && first(ix, "water") == 5);
    check(index_save(ix, 11) == CAU_OK);
    put(ix, 5, "en", "earth");
    check(index_count(ix) == 1 && total(ix, "water ") == 0 && first(ix, "earth") == 5);
    index_remove(ix, 5);
    index_remove(ix, 5);
    index_remove(ix, 4000000);
    check(index_count(ix) == 0 && total(ix, "") == 0);
    check(index_save(ix, 12) == CAU_OK && index_position(ix) == 12);
    index_close(ix);
    bool rebuilt;
    check(index_open(dir, &ix, &rebuilt) == CAU_OK && !rebuilt);
    check(index_count(ix) == 0 && index_position(ix) == 12 && total(ix, "earth") == 0);
    index_close(ix);
    /* nothing of what was removed is left in the file */
    char path[96];
    struct str map;
    snprintf(path, sizeof path, "%s/search.idx", dir);
    check(file_map(path, &map) == CAU_OK);
    check(memmem(map.p, map.len, "earth", 5) == NULL &&
          memmem(map.p, map.len, "water", 5) == NULL);
    file_unmap(map);
}

static void limits(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    static struct index_text text[INDEX_TEXTS_MAX + 1];
    static struct index_value value[INDEX_VALUES_MAX + 1];
    static char much[INDEX_TEXT_BYTES_MAX + 1], name[INDEX_VALUES_MAX + 1][8];
    for (size_t i = 0; i < countof(text); i++)
        text[i] = (struct index_text){STR("en"), 1, STR("a")};
    for (size_t i = 0; i < countof(value); i++) {
        snprintf(name[i], sizeof name[i], "v%zu", i);
        value[i] = (struct index_value){INDEX_FIELD, str_of(name[i])};
    }
    memset(much, 'a', sizeof much);
    struct index_doc good = {0, 0, 0, 0, text, INDEX_TEXTS_MAX, value, INDEX_VALUES_MAX};
    check(index_put(ix, &good) == CAU_OK);
    struct index_doc d = good;
    d.text_count++;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    d = good;
    d.value_count++;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    d = good;
    d.doc = INDEX_DOC_MAX;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    d = good;
    d.audience = INDEX_AUDIENCE_MAX + 1;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    text[0].weight = INDEX_WEIGHT_MAX + 1;
    check(index_put(ix, &good) == CAU_ERR_RANGE);
    text[0].weight = 0;
    check(index_put(ix, &good) == CAU_ERR_RANGE);
    text[0] = (struct index_text){STR("en"), 1, {much, sizeof much}};
    check(index_put(ix, &good) == CAU_ERR_RANGE);
    text[0].text.len--;
    check(index_put(ix, &good) == CAU_OK);
    for (size_t i = 1; i < 5; i++) /* five of the largest texts are over INDEX_DOC_BYTES_MAX */
        text[i].text = text[0].text;
    check(index_put(ix, &good) == CAU_ERR_RANGE);
    text[0].text = STR("a\xff");
    d = good;
    d.text_count = 1;
    check(index_put(ix, &d) == CAU_ERR_SYNTAX);
    text[0].text = STR("a");
    value[0].value = (struct str){much, INDEX_VALUE_BYTES_MAX};
    check(index_put(ix, &d) == CAU_OK);
    value[0].value.len++;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    value[0].value.len = 0;
    check(index_put(ix, &d) == CAU_ERR_RANGE);
    check(index_count(ix) == 1);
    index_close(ix);
}

static void limits_of_queries(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "en", "wind");
    struct index_filter filter[INDEX_FILTERS_MAX + 1];
    for (size_t i = 0; i < countof(filter); i++)
        filter[i] = (struct index_filter){INDEX_COUNTRY, STR("RU")};
    struct index_query q = {.text = STR("wind"),
                            .reader = {1, 0},
                            .filter = filter,
                            .filter_count = INDEX_FILTERS_MAX,
                            .limit = INDEX_HITS_MAX};
    struct index_result r;
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.total == 1);
    q.filter_count++;
    check(index_search(ix, &room, &q, &r) == CAU_ERR_RANGE);
    q.filter_count = 0;
    q.limit++;
    check(index_search(ix, &room, &q, &r) == CAU_ERR_RANGE);
    q.limit = 1;
    q.offset = (size_t)INDEX_DOC_MAX + 1;
    check(index_search(ix, &room, &q, &r) == CAU_ERR_RANGE);
    q.offset = 0;
    q.text = STR("wi\xffnd");
    check(index_search(ix, &room, &q, &r) == CAU_ERR_SYNTAX);
    struct arena none = {NULL, 0, 0};
    q.text = STR("wind");
    check(index_search(ix, &none, &q, &r) == CAU_ERR_MEMORY);
    static char many[INDEX_QUERY_BYTES_MAX * 2];
    for (size_t i = 0; i < sizeof many; i += 10)
        snprintf(many + i, sizeof many - i, "wind      ");
    q.text = (struct str){many, INDEX_QUERY_BYTES_MAX};
    check(index_search(ix, &room, &q, &r) == CAU_OK && !r.cut && r.total == 1);
    q.text.len++; /* one step over: cut where a word ends */
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.cut && r.total == 1);
    memset(many, 'x', sizeof many);
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.cut && r.total == 0);
    size_t len = 0;
    for (unsigned i = 0; i <= INDEX_QUERY_TERMS_MAX; i++)
        len += (size_t)snprintf(many + len, sizeof many - len, "w%u ", i);
    q.text = (struct str){many, len};
    check(len < INDEX_QUERY_BYTES_MAX);
    check(index_search(ix, &room, &q, &r) == CAU_OK && r.cut);
    q.text.len = (size_t)(strstr(many, " w512") - many);
    check(index_search(ix, &room, &q, &r) == CAU_OK && !r.cut);
    index_close(ix);
}

/* Every small arena gives MEMORY or the whole answer. */
static void small_arenas(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    for (uint32_t i = 0; i < 50; i++)
        put(ix, i, "vi", "Viện Công nghệ điện gió");
    struct index_query q = {.text = STR("\"cong nghe\" dien gi"),
                            .reader = {1, 0},
                            .limit = 20,
                            .facets = true,
                            .explain = true};
    struct index_result r = {0};
    struct arena a = arena_new(1 << 20);
    bool done = false;
    for (a.cap = 64; !done; a.cap += a.cap / 50 + 16) {
        a.used = 0;
        enum cau_err err = index_search(ix, &a, &q, &r);
        check(err == CAU_OK || (err == CAU_ERR_MEMORY && r.total == 0));
        done = err == CAU_OK;
    }
    check(r.total == 50 && r.hit_count == 20);
    a.cap = 1 << 20;
    arena_free(&a);
    index_close(ix);
}

static void columns_have_a_limit(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    static char name[INDEX_VALUES_MAX][8];
    static struct index_value value[INDEX_VALUES_MAX];
    struct index_doc d = {.value = value, .value_count = INDEX_VALUES_MAX};
    unsigned given = 0;
    enum cau_err err = CAU_OK;
    for (; err == CAU_OK; d.doc++) {
        for (size_t i = 0; i < INDEX_VALUES_MAX; i++) {
            snprintf(name[i], sizeof name[i], "%u", given++);
            value[i] = (struct index_value){INDEX_FIELD, str_of(name[i])};
        }
        err = index_put(ix, &d);
    }
    check(err == CAU_ERR_RANGE && d.doc == 64); /* 65,535 values fit, one more does not */
    check(index_count(ix) == 63);
    index_close(ix);
}

static void write_and_open(const char *path, struct str bytes, bool good)
{
    struct index *ix;
    bool rebuilt;
    check(file_write(path, bytes, 0600) == CAU_OK);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    check(rebuilt == !good && index_count(ix) == (good ? 20 : 0));
    check(index_position(ix) == (good ? 3 : 0));
    index_close(ix);
}

struct reading {
    struct index *ix;
    struct sync_thread thread;
    _Atomic bool *stop;
    unsigned searches;
};

static void *read_on(void *arg)
{
    struct reading *r = arg;
    struct arena a = arena_new(16 << 20);
    do { /* at least once, however late the thread comes to run */
        struct index_query q = {.text = r->searches % 2 ? STR("wind wate") : STR(""),
                                .reader = {1, 0},
                                .limit = 10,
                                .facets = true,
                                .explain = true};
        struct index_result out;
        struct str word[5];
        size_t n;
        arena_reset(&a);
        check(index_search(r->ix, &a, &q, &out) == CAU_OK);
        for (size_t i = 0; i < out.hit_count; i++)
            check(out.hit[i].doc < 500);
        check(index_suggest(r->ix, &a, q.reader, STR("w"), 5, word, &n) == CAU_OK);
        r->searches++;
    } while (!*r->stop);
    arena_free(&a);
    return NULL;
}

static void searches_while_it_is_written(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    _Atomic bool stop = false;
    struct reading reader[2] = {{.ix = ix, .stop = &stop}, {.ix = ix, .stop = &stop}};
    for (size_t i = 0; i < countof(reader); i++)
        check(sync_start(&reader[i].thread, read_on, &reader[i]) == CAU_OK);
    for (uint32_t i = 0; i < 3000; i++) {
        put(ix, i % 500, "en", i % 3 ? "wind and water" : "water wheels");
        if (i % 7 == 0)
            index_remove(ix, i * 31 % 500);
        if (i % 1000 == 999)
            check(index_save(ix, i) == CAU_OK);
    }
    stop = true;
    for (size_t i = 0; i < countof(reader); i++) {
        sync_join(&reader[i].thread);
        check(reader[i].searches > 0);
    }
    index_close(ix);
}

/* A file with any bit changed or bytes cut off is noticed, and the index starts empty. */
static void damaged_files(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    static char bytes[1 << 16];
    char path[96];
    struct str whole;
    for (uint32_t i = 0; i < 20; i++)
        put(ix, i, i % 2 ? "ru" : "vi", i % 2 ? "Институт материалов" : "Viện Vật liệu");
    check(index_save(ix, 3) == CAU_OK);
    index_close(ix);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    check(file_read(&room, path, sizeof bytes, &whole) == CAU_OK);
    write_and_open(path, whole, true);
    for (size_t at = 0; at < whole.len; at += at < 300 ? 7 : 397) {
        memcpy(bytes, whole.p, whole.len);
        bytes[at] = (char)(bytes[at] ^ 1 << at % 8);
        write_and_open(path, (struct str){bytes, whole.len}, false);
    }
    for (size_t len = 0; len < whole.len; len += 811)
        write_and_open(path, str_to(whole, len), false);
    for (size_t at = 0; at < whole.len; at += 512) { /* a part that never reached the disk */
        size_t n = whole.len - at < 512 ? whole.len - at : 512;
        memcpy(bytes, whole.p, whole.len);
        memset(bytes + at, 0, n);
        write_and_open(path, (struct str){bytes, whole.len},
                       memcmp(bytes + at, whole.p + at, n) == 0);
    }
    memcpy(bytes, whole.p, whole.len);
    bytes[whole.len] = '\0';
    write_and_open(path, (struct str){bytes, whole.len + 1}, false);
    index_close(NULL);
}

int main(void)
{
#define in_folder(f) cmocka_unit_test_setup_teardown(f, open_folder, close_folder)
    const struct CMUnitTest tests[] = {in_folder(finds_the_six),
                                       in_folder(abbreviations_cross_scripts),
                                       in_folder(says_by_which_channel),
                                       in_folder(numbers_with_units),
                                       in_folder(says_which_language),
                                       in_folder(names_in_any_letters),
                                       in_folder(all_of_few_words_any_of_many),
                                       in_folder(any_of_one_word),
                                       in_folder(mistakes_in_few_words_only),
                                       in_folder(phrases),
                                       in_folder(filters_and_facets),
                                       in_folder(permission),
                                       in_folder(suggests),
                                       in_folder(replaces_and_removes),
                                       in_folder(limits),
                                       in_folder(limits_of_queries),
                                       in_folder(small_arenas),
                                       in_folder(columns_have_a_limit),
                                       in_folder(searches_while_it_is_written),
                                       in_folder(damaged_files)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
