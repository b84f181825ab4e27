#include "language/lexicon_build.h"
#include "language/lexicon_int.h"

#include "test.h"

#include <string.h>

static struct lexicon_build *build;
static struct str good;
static struct arena room;

static void make_good(void)
{
    struct lexicon_build_source s[] = {
        {STR("glossary"), STR("Apache-2.0"), digest_of(STR("a"))},
        {STR("словарь"), STR("CC0-1.0"), digest_of(STR("b"))}};
    unsigned number;
    check(lexicon_build_open(NULL, &build) == CAU_OK);
    for (size_t i = 0; i < countof(s); i++)
        check(lexicon_build_source(build, &s[i], &number) == CAU_OK);
    check(lexicon_build_pair(build, 1, TOKEN_VI, STR("gió mạnh"), TOKEN_RU,
                             STR("сильный ветер"), 2) == CAU_OK);
    check(lexicon_build_pair(build, 1, TOKEN_EN, STR("wind"), TOKEN_VI, STR("gió"), 2) ==
          CAU_OK);
    check(lexicon_build_approved(build, 0, TOKEN_RU, STR("ветер"), TOKEN_EN, STR("wind")) ==
          CAU_OK);
    check(lexicon_build_finish(build, NULL, &good) == CAU_OK);
}

static void opens_and_lists(void **state)
{
    (void)state;
    struct lexicon *l;
    check(lexicon_open(good, &l) == CAU_OK);
    check(lexicon_version(l) != 0 && lexicon_version(NULL) == 0);
    check(lexicon_analyser(l) != 0 && lexicon_analyser(NULL) == 0);
    check(lexicon_sources(l) == 2 && lexicon_sources(NULL) == 0);
    struct lexicon_source s = lexicon_source(l, 1);
    struct digest hash = digest_of(STR("b"));
    check(str_is(s.name, "словарь") && str_is(s.licence, "CC0-1.0") && s.pairs == 2);
    check(digest_equal(&s.hash, &hash));
    check(lexicon_terms(l, TOKEN_VI, TOKEN_RU) == 2);
    check(lexicon_terms(l, TOKEN_VI, TOKEN_VI) == 0 &&
          lexicon_terms(NULL, TOKEN_VI, TOKEN_RU) == 0);
    check(lexicon_terms(l, TOKEN_OTHER, TOKEN_RU) == 0);
    check(str_is(lexicon_term(l, TOKEN_VI, TOKEN_RU, 0), "gió"));
    lexicon_close(l);
    lexicon_close(NULL);
}

static char *copy_good(void)
{
    struct str copy;
    arena_reset(&room);
    check(arena_copy(&room, good, &copy) == CAU_OK);
    return (char *)room.base + (copy.p - (const char *)room.base);
}

static void any_changed_byte_is_seen(void **state)
{
    (void)state;
    char *p = copy_good();
    struct lexicon *l;
    for (size_t i = 0; i < good.len; i++) {
        p[i] = (char)(p[i] ^ 1);
        check(lexicon_open((struct str){p, good.len}, &l) == CAU_ERR_CORRUPT);
        p[i] = (char)(p[i] ^ 1);
    }
    for (size_t len = 0; len < good.len; len++)
        check(lexicon_open((struct str){p, len}, &l) == CAU_ERR_CORRUPT);
    check(lexicon_open((struct str){p, good.len}, &l) == CAU_OK);
    lexicon_close(l);
}

static void look_at_all(const struct lexicon *l)
{
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    for (enum token_group from = TOKEN_VI; from < TOKEN_OTHER; from++)
        for (enum token_group to = TOKEN_VI; to < TOKEN_OTHER; to++)
            for (size_t i = 0; i < lexicon_terms(l, from, to); i++) {
                size_t n = lexicon_find(l, from, to, lexicon_term(l, from, to, i), e);
                check(n <= LEXICON_KEPT_MAX);
                for (size_t k = 0; k < n; k++)
                    check(e[k].y > 0 && e[k].sources >> lexicon_sources(l) == 0);
            }
}

/* The same with a hash that holds: refused, or read without harm. */
static void a_hostile_file_does_no_harm(void **state)
{
    (void)state;
    static const unsigned char edit[] = {1, 2, 0x80, 0xff};
    char *p = copy_good();
    size_t refused = 0, taken = 0;
    for (size_t i = 0; i < good.len; i++)
        for (size_t k = 0; k < countof(edit); k++) {
            struct str file = {p, good.len};
            struct lexicon *l;
            p[i] = (char)((unsigned char)p[i] ^ edit[k]);
            struct digest hash = lexicon_hash(file);
            memcpy(p + offsetof(struct lexicon_header, hash), &hash, sizeof hash);
            enum cau_err err = lexicon_open(file, &l);
            check(err == CAU_OK || err == CAU_ERR_CORRUPT);
            refused += err != CAU_OK;
            if (err == CAU_OK) {
                look_at_all(l);
                lexicon_close(l);
                taken++;
            }
            p[i] = (char)((unsigned char)p[i] ^ edit[k]);
        }
    check(refused > 500 && taken > 50);
}

/* Sentences show how common a word is; entries of a dictionary do not. */
static void shares_are_of_running_text(void **state)
{
    (void)state;
    struct lexicon_build *b;
    struct lexicon_build_source source = {.name = STR("Texts"), .licence = STR("ours")};
    struct str file;
    struct lexicon *l;
    unsigned number;
    check(lexicon_build_open(NULL, &b) == CAU_OK);
    check(lexicon_build_source(b, &source, &number) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_EN, STR("wind"), TOKEN_RU, STR("ветер"), 1) == CAU_OK);
    check(lexicon_build_pair(b, 0, TOKEN_EN,
                             STR("the wind turns the wheel of the mill on the hill all day"),
                             TOKEN_RU, STR("ветер крутит колесо"), 1) == CAU_OK);
    check(lexicon_build_finish(b, NULL, &file) == CAU_OK);
    check(lexicon_open(file, &l) == CAU_OK);
    check(lexicon_has_shares(l, TOKEN_EN) && !lexicon_has_shares(l, TOKEN_RU));
    check(!lexicon_has_shares(l, TOKEN_OTHER) && !lexicon_has_shares(NULL, TOKEN_EN));
    check(lexicon_share(l, TOKEN_EN, STR("wind")) == (UINT64_C(1) << 32) / 13);
    check(lexicon_share(l, TOKEN_RU, STR("ветер")) == 0);
    check(lexicon_share(l, TOKEN_EN, STR("storm")) == 0);
    check(lexicon_share(NULL, TOKEN_EN, STR("wind")) == 0);
    lexicon_close(l);
    lexicon_build_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_and_lists),
        cmocka_unit_test(any_changed_byte_is_seen),
        cmocka_unit_test(a_hostile_file_does_no_harm),
        cmocka_unit_test(shares_are_of_running_text),
    };
    room = arena_new(1 << 20);
    make_good();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    lexicon_build_close(build);
    arena_free(&room);
    return failed;
}
