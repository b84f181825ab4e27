#include "language/compound.h"

#include "test.h"

#include <string.h>

static size_t match(const struct compound_list *l, const char *words, const char *expected)
{
    struct str s[8], rest = str_of(words);
    char out[COMPOUND_BYTES_MAX];
    size_t n = 0, len = 0;
    while (rest.len > 0)
        s[n++] = str_next(&rest, ' ');
    size_t got = compound_match(l, s, n, out, &len);
    check(got == 1 ? expected == NULL : str_is((struct str){out, len}, expected));
    return got;
}

static void takes_the_longest(void **state)
{
    (void)state;
    struct compound_list *l;
    check(compound_open(&l) == CAU_OK);
    check(compound_add(l, STR("# words\nđiện gió\n\nĐiện gió ngoài khơi\nmột\na b c d e\n"
                              "lò phản ứng\nđiện, gió\nđiện gió\n")) == CAU_OK);
    check(compound_count(l) == 3);
    check(match(l, "điện gió ngoài", "điện_gió") == 2);
    check(match(l, "điện gió ngoài khơi xa", "điện_gió_ngoài_khơi") == 4);
    check(match(l, "dien gio ngoai khoi", "dien_gio_ngoai_khoi") == 4);
    check(match(l, "gió điện", NULL) == 1);
    check(match(l, "lò phản", NULL) == 1);
    check(match(NULL, "điện gió", NULL) == 1);
    check(compound_count(NULL) == 0 && compound_version(NULL) == 0);
    compound_close(l);
    compound_close(NULL);
}

static void version_is_of_the_content(void **state)
{
    (void)state;
    struct compound_list *x, *y;
    check(compound_open(&x) == CAU_OK && compound_open(&y) == CAU_OK);
    check(compound_add(x, STR("điện gió\nlò hơi\n")) == CAU_OK);
    check(compound_add(y, STR("lò hơi")) == CAU_OK);
    check(compound_version(x) != compound_version(y));
    check(compound_add(y, STR("điện gió")) == CAU_OK);
    check(compound_version(x) == compound_version(y));
    compound_close(x);
    compound_close(y);
}

static void refuses_bad_lines(void **state)
{
    (void)state;
    struct compound_list *l;
    check(compound_open(&l) == CAU_OK);
    check(compound_add(l, STR("a\xff b")) == CAU_ERR_SYNTAX);
    char line[COMPOUND_BYTES_MAX + 8];
    memset(line, 'a', sizeof line);
    for (size_t i = 30; i < sizeof line; i += 31)
        line[i] = ' ';
    check(compound_add(l, (struct str){line, sizeof line}) ==
          CAU_OK); /* too long: passed over */
    check(compound_count(l) == 0);
    check(compound_add(l, (struct str){line, COMPOUND_BYTES_MAX - 8}) == CAU_OK);
    check(compound_count(l) == 1);
    struct str full[] = {{line, 0}, {line, 0}};
    char out[COMPOUND_BYTES_MAX], word[COMPOUND_BYTES_MAX];
    size_t len = 0;
    memset(word, 'a', sizeof word);
    full[0] = (struct str){word, sizeof word};
    full[1] = (struct str){word, 1};
    check(compound_match(l, full, 2, out, &len) == 1); /* exactly full, then one more */
    compound_close(l);
}

static void own_list_has_short_words_alone(void **state)
{
    (void)state;
    struct compound_list *l;
    check(compound_open_own(&l) == CAU_OK);
    check(compound_count(l) > 5000);
    check(match(l, "công nghệ sinh học", "công_nghệ") == 2);
    check(match(l, "điện gió ngoài khơi", "điện_gió") == 2);
    check(match(l, "lò vver 1200", NULL) == 1); /* VVER-1200 is two words */
    compound_close(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_longest), cmocka_unit_test(own_list_has_short_words_alone),
        cmocka_unit_test(version_is_of_the_content), cmocka_unit_test(refuses_bad_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
