#include "exchange/lexicon/lexicon_make.h"

#include "base/file.h"
#include "node_help.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned char space[16 << 20];
static char dir[] = "/tmp/cau-lexicon-XXXXXX";

static const char *path_of(const char *name)
{
    static char path[4][200];
    static unsigned next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    return p;
}

static void write_file(const char *name, struct str text)
{
    check(file_write(path_of(name), text, 0600) == CAU_OK);
}

static int passed;

static void note_passed(void *ctx, const struct lexicon_make_fault *f)
{
    (void)ctx;
    passed++;
    assert_string_equal(f->why, "encoding");
    check(str_ends(f->file, STR("/bad.tsv")) && f->line == 2);
}

static uint64_t last_step;

static void note_step(void *ctx, uint64_t done, uint64_t all)
{
    (void)ctx;
    check(done >= last_step && done <= all);
    last_step = done;
}

static enum cau_err make(const char *text, struct lexicon_make_fault *fault)
{
    struct arena a = {space, sizeof space, 0};
    struct manifest manifest;
    struct manifest_fault wrong;
    check(manifest_read(&a, str_of(text), &manifest, &wrong) == CAU_OK);
    last_step = 0;
    const struct lexicon_make how = {
        .manifest = &manifest, .dir = dir, .step = note_step, .passed = note_passed};
    return lexicon_make(&a, &how, path_of("lexicon.bin"), fault);
}

static void check_refused(const char *text, const char *why, const char *file, uint64_t line)
{
    struct lexicon_make_fault fault = {.why = ""};
    check(make(text, &fault) == CAU_ERR_REFUSED);
    assert_string_equal(fault.why, why);
    check(fault.line == line && (file == NULL || str_ends(fault.file, str_of(file))));
    check(!file_exists(path_of("lexicon.bin"))); /* nothing is left behind */
}

#define SOURCE(file, rest) "source A\nfile " file "\nlicence X\n" rest

static void refuses_what_is_wrong(void **state)
{
    (void)state;
    check_refused(SOURCE("none.tsv", "reader tsv\n"), "missing", NULL, 0);
    check_refused(SOURCE("bad.tsv", "reader tsv\n"), "encoding", "/bad.tsv", 2);
    check_refused(SOURCE("cut.tsv.gz", "reader tsv\n"), "gzip", "/cut.tsv.gz", 0);
    check_refused(SOURCE("good.tsv",
                         "reader tsv\nsha256 "
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"),
                  "hash", NULL, 0);
}

static bool knows(const struct lexicon *l, enum token_group from, enum token_group to,
                  const char *term, const char *wanted, uint32_t *sources)
{
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    size_t n = lexicon_find(l, from, to, str_of(term), e);
    for (size_t i = 0; i < n; i++)
        if (str_is(e[i].term, wanted)) {
            *sources = e[i].sources;
            return true;
        }
    return false;
}

static struct lexicon *open_made(struct str *map)
{
    struct lexicon *l;
    check(file_map(path_of("lexicon.bin"), map) == CAU_OK);
    check(lexicon_open(*map, &l) == CAU_OK);
    return l;
}

/* Sources as files in step, by language in the path, and one that is not there; then without one of them. */
static void makes_and_withdraws(void **state)
{
    (void)state;
    static const char messages[] =
        "source Messages\nfile {lang}/*.po\nreader po\nlang vi ru\nlicence X\n"
        "source None\nfile none/*.mo\nreader mo\nlang vi\nlicence X\noptional\n"
        "source Half\nfile b*d.tsv\nreader tsv\nlicence X\noptional\n";
    static const char table[] =
        "source Table\nfile good.tsv\nreader tsv\nlicence Y\nweight 3\n";
    char both[1000];
    struct lexicon_make_fault fault;
    struct str map;
    uint32_t sources = 0;
    snprintf(both, sizeof both, "%s%s", messages, table);
    passed = 0;
    check(make(both, &fault) == CAU_OK && passed == 1 && last_step == 1000);
    struct lexicon *l = open_made(&map);
    check(lexicon_sources(l) == 5); /* glossary, words, Messages, Half, Table */
    struct lexicon_source s = lexicon_source(l, 4);
    check(str_is(s.name, "Table") && str_is(s.licence, "Y") && s.pairs == 1);
    check(lexicon_source(l, 2).pairs == 3 && lexicon_source(l, 0).pairs > 50000);
    check(knows(l, TOKEN_VI, TOKEN_RU, "quakhoang", "звездокот", &sources) &&
          sources == 1u << 4);
    check(knows(l, TOKEN_VI, TOKEN_RU, "phuongsam", "громобык", &sources) &&
          sources == 1u << 2);
    check(knows(l, TOKEN_VI, TOKEN_EN, "phuongsam", "thunderphoenix", &sources));
    lexicon_close(l);
    file_unmap(map);

    check(make(messages, &fault) == CAU_OK);
    l = open_made(&map);
    check(!knows(l, TOKEN_VI, TOKEN_RU, "quakhoang", "звездокот", &sources));
    check(knows(l, TOKEN_VI, TOKEN_RU, "phuongsam", "громобык", &sources));
    lexicon_close(l);
    file_unmap(map);
}

static void check_changed(const struct lexicon *l, const char *text, const char *why,
                          const char *source)
{
    struct arena a = {space, sizeof space, 0};
    struct manifest manifest;
    struct manifest_fault wrong;
    struct lexicon_make_fault out = {.why = "?"};
    check(manifest_read(&a, str_of(text), &manifest, &wrong) == CAU_OK);
    const struct lexicon_make how = {.manifest = &manifest, .dir = dir};
    check(lexicon_make_changed(&a, &how, l, &out) == CAU_OK);
    check(why == NULL ? out.why == NULL : out.why != NULL && strcmp(out.why, why) == 0);
    check(why == NULL || str_is(out.source, source));
}

#define TABLE   "source Table\nfile good.tsv\nreader tsv\nlicence Y\n"
#define OTHER   "source Other\nfile b*d.tsv\nreader tsv\nlicence X\noptional\n"
#define ABSENT  "source None\nfile none/*.mo\nreader mo\nlang vi\nlicence X\noptional\n"
#define NO_HASH "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"

static void says_what_has_changed_since(void **state)
{
    (void)state;
    struct lexicon_make_fault fault;
    struct str map;
    check(make(TABLE, &fault) == CAU_OK);
    struct lexicon *l = open_made(&map);
    check_changed(l, TABLE, NULL, NULL);
    check_changed(l, TABLE ABSENT, NULL, NULL); /* optional, and still not there */
    check_changed(l, TABLE OTHER, "added", "Other");
    check_changed(l, TABLE "source More\nfile none\nreader tsv\nlicence X\n", "added", "More");
    check_changed(l, ABSENT, "withdrawn", "Table");
    check_changed(l, TABLE NO_HASH, "hash_changed", "Table");
    check_changed(NULL, TABLE, "own_changed", "Cầu glossary");
    lexicon_close(l);
    file_unmap(map);
}

/* Terms of the node are a source of their own, and who asks for the source of a pair is told so. */
static void terms_of_the_node_are_a_source(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "term", RECORD_PUBLIC,
                   "{'name':{'ru':['громобык'],'vi':['phuongsam']},'status':'reviewed'}",
                   &r) == CAU_OK);
    check(test_put(&t, "term", RECORD_PUBLIC,
                   "{'name':{'ru':['звездокот'],'vi':['quakhoang']},'status':'rejected'}",
                   &r) == CAU_OK);
    struct arena a = {space, sizeof space, 0};
    struct manifest none = {NULL, 0};
    const struct lexicon_make how = {.manifest = &none, .dir = dir, .node = t.n};
    struct lexicon_make_fault fault;
    struct str map;
    uint32_t sources = 0;
    check(lexicon_make(&a, &how, path_of("lexicon.bin"), &fault) == CAU_OK);
    struct lexicon *l = open_made(&map);
    check(lexicon_sources(l) == 3);
    struct lexicon_source s = lexicon_source(l, 2);
    check(str_is(s.name, LEXICON_MAKE_TERMS) && s.pairs == 1);
    check(knows(l, TOKEN_RU, TOKEN_VI, "громобык", "phuongsam", &sources) &&
          sources == 1u << 2);
    check(!knows(l, TOKEN_RU, TOKEN_VI, "звездокот", "quakhoang", &sources));
    check_changed(l, "", NULL, NULL); /* no manifest need name them */
    lexicon_close(l);
    file_unmap(map);
    test_end(&t);
}

static int prepare(void **state)
{
    (void)state;
    check(mkdtemp(dir) != NULL);
    write_file("good.tsv", STR("vi\tru\nquakhoang\tзвездокот\nquakhoang\tзвездокот\n"));
    write_file("bad.tsv", STR("vi\tru\n\xff\tб\n"));
    write_file("cut.tsv.gz", STR("\x1f\x8b\x08\0\0\0\0\0\0\3"));
    check(mkdir(path_of("vi"), 0700) == 0 && mkdir(path_of("ru"), 0700) == 0);
    write_file("vi/a.po", STR("msgid \"thunderphoenix\"\nmsgstr \"phuongsam\"\n"));
    write_file("ru/a.po", STR("msgid \"thunderphoenix\"\nmsgstr \"громобык\"\n"));
    return 0;
}

static int clear(void **state)
{
    (void)state;
    static const char *const name[] = {"good.tsv", "bad.tsv", "cut.tsv.gz", "vi/a.po",
                                       "ru/a.po",  "vi",      "ru",         "lexicon.bin"};
    for (size_t i = 0; i < countof(name); i++)
        remove(path_of(name[i]));
    rmdir(dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_wrong),
        cmocka_unit_test(makes_and_withdraws),
        cmocka_unit_test(says_what_has_changed_since),
        cmocka_unit_test(terms_of_the_node_are_a_source),
    };
    return cmocka_run_group_tests(tests, prepare, clear);
}
