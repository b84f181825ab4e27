#include "index/stored_int.h"

#include "test.h"

#include <string.h>

static void reads_texts_by_group(void **state)
{
    (void)state;
    static char big[300];
    memset(big, 'a', sizeof big);
    big[150] = ' ';
    struct index_text text[] = {{STR("en"), 2, STR("one two")},
                                {STR("vi"), 5, STR("một")},
                                {STR("de"), 1, {big, sizeof big}},
                                {STR("ru"), 15, STR("")},
                                {STR("en"), 3, STR("three")}};
    struct index_doc d = {.text = text, .text_count = countof(text)};
    struct buf b = buf_new(4096);
    struct stored_walk w;
    struct token t;
    stored_write(&b, &d);
    stored_start(&w, buf_str(&b));
    static const struct {
        enum token_group group;
        unsigned weight;
        const char *form;
    } expected[] = {{TOKEN_VI, 5, "một"},
                    {TOKEN_EN, 2, "one"},
                    {TOKEN_EN, 2, "two"},
                    {TOKEN_EN, 3, "three"},
                    {TOKEN_OTHER, 1, NULL}};
    for (size_t i = 0; i < countof(expected); i++) {
        check(stored_next(&w, &t));
        check(w.group == expected[i].group && w.weight == expected[i].weight);
        check(expected[i].form == NULL || str_is(t.form, expected[i].form));
    }
    size_t more = 0;
    while (stored_next(&w, &t))
        more++;
    check(more > 0 && w.text == 5);
    /* cut anywhere: it ends, without harm */
    for (size_t len = 0; len < b.len; len++) {
        stored_start(&w, str_to(buf_str(&b), len));
        while (stored_next(&w, &t))
            check(t.form.len > 0);
    }
    buf_free(&b);
}

static void passes_over_what_is_broken(void **state)
{
    (void)state;
    struct stored_walk w;
    struct token t;
    stored_start(&w, STR("\x00\x05\x02\xff\xff\x02\x01\x03"
                         "abc"));
    check(stored_next(&w, &t) && str_is(t.form, "abc") && w.group == TOKEN_EN);
    check(!stored_next(&w, &t));
    stored_start(&w, STR("\x09\x01\x01x"));
    check(!stored_next(&w, &t)); /* no such group */
    stored_start(&w, STR("\x01\x01\xff\xff\xff\xff\xff\xffx"));
    check(!stored_next(&w, &t)); /* longer than there is */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_texts_by_group),
                                       cmocka_unit_test(passes_over_what_is_broken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
