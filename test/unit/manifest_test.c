#include "exchange/lexicon/manifest.h"

#include "test.h"

static unsigned char space[1 << 20];

static void reads_sources(void **state)
{
    (void)state;
    struct arena a = {space, sizeof space, 0};
    struct manifest m;
    struct manifest_fault fault;
    check(
        manifest_read(
            &a,
            STR("# sources\nsource Dictionary vi-ru\nfile a/b.tab.gz\nreader ovdp\nlang vi ru\n"
                "licence GPL-2\n"
                "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                "\nsource Messages\nfile /usr/{lang}/*.mo\nfile /opt/{lang}/*.mo\nreader mo\n"
                "lang vi ru\nlicence several\nweight 3\noptional\n"
                "source Table\nfile x.tsv\nreader tsv\ncolumns - vi en\nlicence CC0\n"),
            &m, &fault) == CAU_OK);
    check(m.n == 3 && str_is(m.source[0].name, "Dictionary vi-ru") && m.source[0].hashed);
    check(m.source[0].weight == 2 && m.source[0].reader == PAIRS_OVDP && !m.source[0].optional);
    check(m.source[0].lang_count == 2 && m.source[0].lang[1] == TOKEN_RU);
    check(m.source[1].file_count == 2 && m.source[1].weight == 3 && m.source[1].optional);
    check(str_is(m.source[2].columns, "- vi en") && m.source[2].line == 17);
    check(manifest_read(&a, STR(""), &m, &fault) == CAU_OK && m.n == 0);
    a = (struct arena){space, 100, 0};
    check(manifest_read(&a, STR(""), &m, &fault) == CAU_ERR_MEMORY);
}

static void check_bad(struct str text, enum manifest_why why, uint32_t line)
{
    struct arena a = {space, sizeof space, 0};
    struct manifest m = {.n = 7};
    struct manifest_fault fault = {0};
    enum cau_err err = manifest_read(&a, text, &m, &fault);
    check(err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE);
    assert_int_equal(fault.why, why);
    assert_int_equal(fault.line, line);
    check(m.n == 7);
}

#define GOOD "source a\nfile f\nreader tsv\nlicence x\n"

static void says_what_is_wrong(void **state)
{
    (void)state;
    check_bad(STR("file x\n"), MANIFEST_KEY, 1);
    check_bad(STR(GOOD "colour red\n"), MANIFEST_KEY, 5);
    check_bad(STR(GOOD "source b\nfile x\n"), MANIFEST_MISSING, 5);
    check_bad(STR("source b\nfile x\n" GOOD), MANIFEST_MISSING, 1);
    check_bad(STR("source b\nfile x\nreader ovdp\nlicence x\nlang vi\n"), MANIFEST_MISSING, 1);
    check_bad(STR("source\n"), MANIFEST_VALUE, 1);
    check_bad(STR(GOOD "reader tsv\n"), MANIFEST_VALUE, 5);
    check_bad(STR("source a\nreader pdf\n"), MANIFEST_VALUE, 2);
    check_bad(STR("source a\nweight 2\n"), MANIFEST_VALUE, 2);
    check_bad(STR(GOOD "weight 17\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "weight 0\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "lang vi de\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "lang vi vi\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "lang vi ru en vi\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "sha256 00\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "optional yes\n"), MANIFEST_VALUE, 5);
    check_bad(STR(GOOD "file\n"), MANIFEST_VALUE, 5);
    check_bad(STR("source \xff\n"), MANIFEST_ENCODING, 0);
}

static void keeps_its_limits(void **state)
{
    (void)state;
    struct arena a = {space, sizeof space, 0};
    struct manifest m;
    struct manifest_fault fault;
    struct buf b = buf_new(MANIFEST_BYTES_MAX + 1);
    for (size_t i = 0; i < MANIFEST_SOURCES_MAX; i++)
        buf_add_word(&b, GOOD);
    check(manifest_read(&a, buf_str(&b), &m, &fault) == CAU_OK && m.n == MANIFEST_SOURCES_MAX);
    buf_add_word(&b, GOOD);
    check_bad(buf_str(&b), MANIFEST_MANY, 4 * MANIFEST_SOURCES_MAX + 1);
    buf_reset(&b);
    buf_add_word(&b, "source a\n");
    for (size_t i = 0; i <= MANIFEST_FILES_MAX; i++)
        buf_add_word(&b, "file x\n");
    check_bad(buf_str(&b), MANIFEST_MANY, MANIFEST_FILES_MAX + 2);
    buf_reset(&b);
    buf_add_word(&b, "source ");
    for (size_t i = 0; i <= MANIFEST_NAME_MAX; i++)
        buf_add_char(&b, 'x');
    check_bad(buf_str(&b), MANIFEST_VALUE, 1);
    buf_reset(&b);
    for (size_t i = 0; i <= MANIFEST_BYTES_MAX; i++)
        buf_add_char(&b, '\n');
    check_bad(buf_str(&b), MANIFEST_SIZE, 0);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_sources),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(keeps_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
