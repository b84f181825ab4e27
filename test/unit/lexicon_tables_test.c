#include "language/lexicon_tables_int.h"

#include "language/lexicon_train_int.h"

#include "test.h"

#include <stdio.h>

/* Links set by hand, without training. */
static struct tables_words words[LEXICON_LANGUAGES];
static struct buf links[LEXICON_TABLES], approved[LEXICON_TABLES];
static struct lexicon_source source[3];
static struct buf file;

static void begin(void)
{
    for (size_t i = 0; i < LEXICON_LANGUAGES; i++)
        words[i] = (struct tables_words){.number = table_new(), .place = buf_new(1 << 20)};
    for (size_t i = 0; i < LEXICON_TABLES; i++)
        links[i] = approved[i] = buf_new(1 << 20);
    for (size_t i = 0; i < countof(source); i++)
        source[i] = (struct lexicon_source){.name = STR("dictionary"), .licence = STR("MIT")};
    file = buf_new(1 << 20);
}

static void end(struct lexicon *l)
{
    lexicon_close(l);
    for (size_t i = 0; i < LEXICON_LANGUAGES; i++) {
        table_free(&words[i].number);
        buf_free(&words[i].place);
    }
    for (size_t i = 0; i < LEXICON_TABLES; i++) {
        buf_free(&links[i]);
        buf_free(&approved[i]);
    }
    buf_free(&file);
}

static uint32_t word(unsigned lang, const char *term)
{
    struct tables_words *w = &words[lang];
    uint32_t number;
    bool added;
    check(table_intern(&w->number, str_of(term), w->n, &number, &added) == CAU_OK);
    if (added) {
        struct tables_word one = {w->number.keys_len - str_of(term).len,
                                  (uint32_t)str_of(term).len, term[0] != '#', 0};
        buf_add(&w->place, (struct str){(const char *)&one, sizeof one});
        w->n++;
    }
    return number;
}

/* p(to given from), seen count times in source 1 (bit 2) or the one given. */
static void put(unsigned from, const char *x, unsigned to, const char *y, double p,
                double count, uint32_t sources)
{
    struct train_link link = {word(from, x), word(to, y), (float)p, (float)count, sources};
    buf_add(&links[lexicon_table(from, to)], (struct str){(const char *)&link, sizeof link});
}

static struct lexicon *made(void)
{
    const struct tables_input in = {.words = words,
                                    .link = links,
                                    .approved = approved,
                                    .source = source,
                                    .sources = countof(source),
                                    .analyser = 7};
    struct lexicon *l;
    check(tables_write(&in, &file) == CAU_OK);
    check(lexicon_open(buf_str(&file), &l) == CAU_OK);
    check(lexicon_analyser(l) == 7);
    return l;
}

static void check_y(const struct lexicon_entry *e, const char *term, double y)
{
    check(str_is(e->term, term));
    check(e->y > y * LEXICON_ONE - 3 && e->y < y * LEXICON_ONE + 3);
}

static void tables_have_their_places(void **state)
{
    (void)state;
    for (unsigned from = 0; from < LEXICON_LANGUAGES; from++)
        for (unsigned to = 0; to < LEXICON_LANGUAGES; to++)
            if (from != to) {
                unsigned t = lexicon_table(from, to);
                check(t < LEXICON_TABLES && lexicon_from(t) == from && lexicon_to(t) == to);
            }
}

static void weighs_by_the_other_direction_with_discount(void **state)
{
    (void)state;
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    begin();
    put(TOKEN_RU, "а", TOKEN_EN, "a", .9, 100, 2); /* x of the table ru en */
    put(TOKEN_EN, "a", TOKEN_RU, "а", .8, 1.5, 4); /* its y: .8 * 1.5 / 2 */
    struct lexicon *l = made();
    check(lexicon_find(l, TOKEN_RU, TOKEN_EN, STR("а"), e) == 1);
    check_y(e, "a", .7 * .6);
    check(e[0].sources == 4);
    check(lexicon_find(l, TOKEN_EN, TOKEN_RU, STR("a"), e) == 1);
    check_y(e, "а", .7 * .9 * 100 / 100.5);
    check(lexicon_find(l, TOKEN_EN, TOKEN_VI, STR("a"), e) == 0);
    check(lexicon_find(l, TOKEN_EN, TOKEN_EN, STR("a"), e) == 0);
    check(lexicon_find(NULL, TOKEN_EN, TOKEN_RU, STR("a"), e) == 0);
    check(lexicon_find(l, TOKEN_EN, TOKEN_OTHER, STR("a"), e) == 0);
    check(lexicon_find(l, TOKEN_EN, TOKEN_RU, STR("b"), e) == 0);
    end(l);
}

static void goes_through_the_third_language(void **state)
{
    (void)state;
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    begin();
    /* y of vi ru: p(vi given en) p(en given ru) */
    put(TOKEN_EN, "m", TOKEN_VI, "q", .5, 1e6, 2);
    put(TOKEN_RU, "d", TOKEN_EN, "m", .4, 1e6, 4);
    put(TOKEN_RU, "weak", TOKEN_EN, "m", .0099, 1e6, 4); /* a part too small */
    put(TOKEN_RU, "small", TOKEN_EN, "m2", .04, 1e6, 4); /* a sum too small: .06 * .04 */
    put(TOKEN_EN, "m2", TOKEN_VI, "q", .06, 1e6, 2);
    struct lexicon *l = made();
    check(lexicon_find(l, TOKEN_VI, TOKEN_RU, STR("q"), e) == 1);
    check_y(e, "d", .5 * .5 * .4);
    check(e[0].sources == 6);
    end(l);
}

static void chooses_by_x(void **state)
{
    (void)state;
    char name[16];
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    begin();
    for (int i = 0; i < LEXICON_KEPT_MAX + 8; i++) {
        snprintf(name, sizeof name, "t%02d", i);
        put(TOKEN_VI, "q", TOKEN_EN, name, (i + 1) / 1000., 100, 2); /* x rises */
        put(TOKEN_EN, name, TOKEN_VI, "q", .9 - i / 100., 1e6, 2);   /* y falls */
    }
    struct lexicon *l = made();
    check(lexicon_find(l, TOKEN_VI, TOKEN_EN, STR("q"), e) == LEXICON_KEPT_MAX);
    check_y(&e[0], "t08", .7 * .82);
    check_y(&e[LEXICON_KEPT_MAX - 1], "t39", .7 * .51);
    end(l);
}

static void approved_is_one_and_bad_words_are_out(void **state)
{
    (void)state;
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    begin();
    put(TOKEN_EN, "a", TOKEN_VI, "q", 1, 1e9, 2);
    put(TOKEN_EN, "#", TOKEN_VI, "q", 1, 1e9, 2);
    struct tables_approval a = {word(TOKEN_VI, "q"), word(TOKEN_EN, "z"), 0};
    struct tables_approval bad = {word(TOKEN_VI, "q"), word(TOKEN_EN, "#"), 0};
    struct buf *to = &approved[lexicon_table(TOKEN_VI, TOKEN_EN)];
    buf_add(to, (struct str){(const char *)&a, sizeof a});
    buf_add(to, (struct str){(const char *)&bad, sizeof bad});
    struct lexicon *l = made();
    check(lexicon_find(l, TOKEN_VI, TOKEN_EN, STR("q"), e) == 2);
    check(e[0].y == LEXICON_ONE && e[0].sources == LEXICON_GLOSSARY);
    check(str_is(e[0].term, "z") && str_is(e[1].term, "a") && e[1].sources == 2);
    check(e[1].y < LEXICON_ONE); /* what is learnt is never quite sure */
    end(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_have_their_places),
        cmocka_unit_test(weighs_by_the_other_direction_with_discount),
        cmocka_unit_test(goes_through_the_third_language),
        cmocka_unit_test(chooses_by_x),
        cmocka_unit_test(approved_is_one_and_bad_words_are_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
