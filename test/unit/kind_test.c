#include "record/kind.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static struct arena a;

#define LABELS      "vi Một\nru Один\nen One\n"
#define MANY_LABELS "many.vi Nhiều\nmany.ru Много\nmany.en Many\n"
#define HEAD        "kind x\nmajor 1\norder 5\ntitle title\n" LABELS MANY_LABELS
#define TITLE       "\nfield title\ntype text\n" LABELS
#define LIST(name)  "list " name "\n" LABELS "\n"

#define ASSET(name, text)                                                                      \
    {                                                                                          \
        {name, sizeof(name) - 1},                                                              \
        {                                                                                      \
            text, sizeof(text) - 1                                                             \
        }                                                                                      \
    }
/* What every test may refer to. */
static const struct asset lists[] = {
    ASSET("kinds/force.list", LIST("force") "agreed | a | b | c\nasked|a|b|c\n"),
    ASSET("kinds/section.list", LIST("section") "menu | a | b | c\n"),
    ASSET("kinds/language.list", LIST("language") "vi | a | b | c\nzh_hant | a | b | c\n"),
    ASSET("kinds/currency.list", LIST("currency") "USD | a | b | c\n"),
    ASSET("kinds/scheme.list", LIST("scheme") "FORD | a | b | c\n"),
    ASSET("kinds/identifier.list", LIST("identifier") "ror | a | b | c\n"),
    ASSET("kinds/relation.list", LIST("relation") "parent | a | b | c\n"),
    ASSET("kinds/y.kind", "kind y\nmajor 12\norder 4\ntitle t\n" LABELS MANY_LABELS
                          "\nfield t\ntype text\n" LABELS)};

/* Reads kinds/x.kind (or another file) of this text together with the lists above. */
static enum cau_err read_as(const char *name, const char *text, struct kinds *out,
                            struct kind_fault *fault)
{
    struct asset file[countof(lists) + 1];
    memcpy(file, lists, sizeof lists);
    file[countof(lists)] = (struct asset){str_of(name), str_of(text)};
    a.used = 0;
    return kinds_read(&a, file, countof(file), out, fault);
}

static void refused(const char *text, size_t line, const char *word)
{
    struct kinds k = {.n = 77};
    struct kind_fault f = {0};
    enum cau_err err = read_as("kinds/x.kind", text, &k, &f);
    if (err != CAU_ERR_SYNTAX || f.line != line || !str_is(f.word, word))
        print_error("%s\n-> %d, line %zu, word %.*s\n", text, (int)err, f.line,
                    STR_ARG(f.word));
    check(err == CAU_ERR_SYNTAX && f.line == line && str_is(f.word, word));
    check(str_is(f.file, "kinds/x.kind") && k.n == 77 && a.used == 0);
}

static void reads_every_attribute(void **state)
{
    (void)state;
    struct kinds k;
    struct kind_fault f;
    const char *text =
        "# a remark\n"
        "kind x\nmajor 1\norder 5\nsection menu\ntitle title\nschema Demand\npersonal\n"
        "vi Một\nru Один\nen One\nmany.vi Nhiều\nmany.ru Много\nmany.en Many\n"
        "help.vi Giúp\nhelp.ru Помощь\nhelp.en Help\n"
        "\n"
        "field title\ntype names\nrequired\nlimit 300\nmost 7\nsearch 4\ncard\n" LABELS
        "help.vi Giúp\n# inside\nhelp.ru Помощь\nhelp.en Help\n"
        "\n"
        "field force\ntype choice force\nmany\nrule\nfacet status\n" LABELS "\n"
        "field to\ntype link x y\n" LABELS "\n"
        "field agenda\ntype rows\nmost 20\n" LABELS "\n"
        "column topic\ntype text\nlimit 9\n" LABELS "\n"
        "column cost\ntype money\n" LABELS "\n"
        "field codes\ntype codes\nfacet field\n" LABELS "\n"
        "field links\ntype relations\n" LABELS "\n"
        "field sources\ntype sources\n" LABELS "\n"
        "field year\ntype integer\nlimit 2999\nfacet year\n" LABELS "\n"
        "field ids\ntype identifiers\n" LABELS;
    check(read_as("kinds/x.kind", text, &k, &f) == CAU_OK);
    check(k.n == 2 && k.list_count == 7 && str_is(k.languages->name, "language"));
    check(str_is(k.kind[0].name, "y") && str_is(k.kind[0].name_major, "y/12"));
    const struct kind *x = kinds_find(&k, STR("x/1"));
    check(x != NULL && x == kinds_find(&k, STR("x")) && x->index == 1 && x->n == 9);
    check(kinds_find(&k, STR("x/2")) == NULL && kinds_find(&k, STR("z")) == NULL);
    check(x->personal && x->order == 5 && str_is(x->section, "menu") &&
          str_is(x->schema, "Demand") && str_is(x->many[LANG_RU], "Много") &&
          str_is(x->help[LANG_EN], "Help") && x->title == 0);
    struct digest hash = digest_of(str_of(text));
    check(digest_equal(&hash, &x->hash));

    const struct kind_field *t = kind_find_field(x, STR("title"));
    check(t->type == KIND_NAMES && t->required && t->limit == 300 && t->most == 7 &&
          t->search == 4 && t->card && !t->rule && !t->many &&
          str_is(t->help[LANG_VI], "Giúp"));
    const struct kind_field *c = kind_find_field(x, STR("force"));
    check(c->type == KIND_CHOICE && c->many && c->rule && c->facet == KIND_FACET_STATUS &&
          str_is(c->list->name, "force") && c->list->n == 2 && c->help[0].p == NULL);
    check(str_is(kind_code_label(c->list, STR("asked"), LANG_EN), "c"));
    check(str_is(kind_code_label(c->list, STR("new"), LANG_EN), "new"));
    check(str_is(kind_code_label(NULL, STR("new"), LANG_EN), "new"));
    const struct kind_field *to = kind_find_field(x, STR("to"));
    check(to->target_count == 2 && str_is(to->target[1], "y"));
    const struct kind_field *rows = kind_find_field(x, STR("agenda"));
    check(rows->column_count == 2 && rows->most == 20 && rows->column[0].limit == 9 &&
          str_is(rows->column[1].list->name, "currency"));
    check(str_is(kind_find_field(x, STR("codes"))->list->name, "scheme"));
    check(str_is(kind_find_field(x, STR("ids"))->list->name, "identifier"));
    const struct kind_field *links = kind_find_field(x, STR("links"));
    check(links->column_count == 3 && links->list == NULL &&
          str_is(links->column[0].list->name, "relation"));
    check(kind_find_field(x, STR("sources"))->column_count == 5);
    check(kind_find_field(x, STR("none")) == NULL);
    check(kinds_find_list(&k, STR("none")) == NULL);
}

static void adds_the_common_fields(void **state)
{
    (void)state;
    struct kinds k;
    struct kind_fault f;
    const char *common = "kind common\nmajor 1\n" LABELS MANY_LABELS
                         "\nfield t\ntype text\n" LABELS "\nfield code\ntype line\n" LABELS;
    check(read_as("kinds/common.kind", common, &k, &f) == CAU_OK && k.n == 1);
    const struct kind *y = kinds_find(&k, STR("y"));
    check(y->n == 2 && str_is(y->field[1].name, "code")); /* its own t is kept */
    check(kinds_find(&k, STR("common")) == NULL);
    common = "kind common\nmajor 1\n" LABELS MANY_LABELS "\nfield t\ntype line\n" LABELS;
    check(read_as("kinds/common.kind", common, &k, &f) == CAU_ERR_SYNTAX); /* another type */
    check(str_is(f.file, "kinds/y.kind") && str_is(f.word, "t"));
}

static void refuses_a_bad_head(void **state)
{
    (void)state;
    refused("", 0, "kind");
    refused("field x\n", 1, "kind");
    refused("# only\n# remarks", 2, "kind");
    refused("kind z\n", 1, "z");
    refused("kind x\nmajor 1\nmajor 2\n", 3, "major");
    refused("kind x\nmajor 01\n", 2, "01");
    refused("kind x\norder 1\n", 1, "major");
    refused("kind x\nmajor 1\ncolour red\n", 3, "colour");
    refused("kind x\nmajor 1\nrequired\n", 3, "required");
    refused("kind x\nmajor 1\npersonal yes\n", 3, "personal");
    refused("kind x\nmajor 1\nsection\n", 3, "section");
    refused("kind x\nmajor 1\nvi Một\nen One\n", 1, "ru");
    refused("kind x\nmajor 1\n" LABELS, 1, "many.vi");
    refused("kind x\nmajor 1\n" LABELS "many.vi a\nmany.en b\n", 1, "many.ru");
    refused("kind x\nmajor 1\nhelp.vi a\nhelp.ru a\n" LABELS MANY_LABELS, 1, "help.en");
    refused("kind x\nmajor 1\nsection none\n" LABELS MANY_LABELS, 3, "none");
    refused(HEAD, 4, "title");
    refused("kind x\nmajor 1\n" LABELS MANY_LABELS TITLE, 1, "title");
    refused(HEAD "\nfield title\ntype line\n" LABELS, 4, "title");
    refused(HEAD "\nfield title\ntype text\nmany\n" LABELS, 4, "title");
    refused(HEAD "\nmajor 1\n", 12, "major");
    refused("kind x\nmajor 1\xFF\n", 2, "UTF-8 NFC");
    refused("kind x\nvi e\xCC\x81\n", 1, "UTF-8 NFC");
}

#define F(text) HEAD TITLE "\nfield f\n" text LABELS /* the field begins on line 18 */

static void refuses_a_bad_field(void **state)
{
    (void)state;
    refused(F(""), 18, "type");
    refused(F("type colour\n"), 19, "colour");
    refused(F("type text long\n"), 19, "long");
    refused(F("type text\ntype text\n"), 20, "type");
    refused(F("type choice\n"), 19, "choice");
    refused(F("type choice none\n"), 19, "none");
    refused(F("type choice force more\n"), 19, "force more");
    refused(F("type link x none\n"), 19, "none");
    refused(F("type link common\n"), 19, "common");
    refused(F("type text\nsection a\n"), 20, "section");
    refused(F("type text\nrequired yes\n"), 20, "required");
    refused(F("type text\nsearch\n"), 20, "search");
    refused(F("type text\nlimit -3\n"), 20, "-3");
    refused(F("type text\nfacet colour\n"), 20, "colour");
    refused(F("type text\nfacet year\n"), 20, "facet");
    refused(F("type date\nfacet status\n"), 20, "facet");
    refused(F("type date\nfacet country\n"), 20, "facet");
    refused(F("type choice force\nfacet field\n"), 20, "facet");
    refused(F("type date\nlimit 3\n"), 20, "limit");
    refused(F("type text\nmost 3\n"), 20, "most");
    refused(F("type date\nsearch 3\n"), 20, "search");
    refused(F("type codes\nmany\n"), 20, "many");
    refused(F("type flag\nmany\n"), 20, "many");
    refused(F("type rows\n"), 18, "column");
    refused(F("type text\n") "\ncolumn c\ntype text\n" LABELS, 24, "column");
    refused(HEAD TITLE TITLE, 18, "title");
    refused(HEAD "\nfield Title\n", 12, "Title");
    refused(HEAD "\nfield\n", 12, "field");
    refused(HEAD "\nfield kind\n", 12, "kind");
    refused(HEAD "\nfield visibility\n", 12, "visibility");
    refused(HEAD "\nfield audit\n", 12, "audit");
    refused(HEAD "\nfield title\ntype text\nvi a\nru b\n", 12, "en");
    refused(HEAD "\nfield title\ntype text\nhelp.ru b\n" LABELS, 12, "help.vi");
#define C(text) F("type rows\n") "\ncolumn c\n" text LABELS /* the column begins on line 24 */
    refused(C(""), 24, "type");
    refused(C("type rows\n"), 25, "type");
    refused(C("type sources\n"), 25, "type");
    refused(C("type text\nrule\n"), 26, "rule");
    refused(C("type text\n") "\ncolumn c\ntype text\n" LABELS, 30, "c");
    refused(F("type rows\n") "\ncolumn kind\ntype text\nvi a\nru b\n", 24, "en");
}

static void refuses_a_bad_list(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line;
        const char *word;
    } bad[] = {
        {"", 0, "list"},
        {"lists x\n", 1, "list"},
        {"list z\n", 1, "z"},
        {"list x\nvi a\nvi b\n", 3, "vi"},
        {"list x\nmany.vi a\n", 2, "many.vi"},
        {"list x\nvi a\nru b\n\nc | a | b | c\n", 5, "en"},
        {"list x\n" LABELS, 4, "x"},
        {LIST("x") "# nothing\n", 6, "x"},
        {LIST("x") "a b | a | b | c\n", 6, "a b"},
        {LIST("x") ".a | a | b | c\n", 6, ".a"},
        {LIST("x") "a | a | | c\n", 6, "ru"},
        {LIST("x") "a | a | b\n", 6, "en"},
        {LIST("x") "a | a | b | c | d\n", 6, "|"},
        {LIST("x") "a | a | b | c\n\n# remark\na | a | b | c\n", 9, "a"},
    };
    for (size_t i = 0; i < countof(bad); i++) {
        struct kinds k;
        struct kind_fault f = {0};
        check(read_as("kinds/x.list", bad[i].text, &k, &f) == CAU_ERR_SYNTAX);
        if (f.line != bad[i].line || !str_is(f.word, bad[i].word))
            print_error("%zu: line %zu word %.*s\n", i, f.line, STR_ARG(f.word));
        check(f.line == bad[i].line && str_is(f.word, bad[i].word));
    }
    struct kinds k;
    struct kind_fault f;
    struct asset keys = {STR("kinds/identifier.list"),
                         STR(LIST("identifier") "R-1 | a | b | c\n")};
    check(kinds_read(&a, &keys, 1, &k, &f) == CAU_ERR_SYNTAX && str_is(f.word, "R-1"));
    struct asset twice[] = {lists[0], lists[0]};
    check(kinds_read(&a, twice, 2, &k, &f) == CAU_ERR_SYNTAX);
    check(str_is(f.file, "kinds/force.list"));
    check(read_as("kinds/x.txt", "list x\n", &k, &f) == CAU_ERR_SYNTAX);
    check(read_as("kinds/X.list", "list X\n", &k, &f) == CAU_ERR_SYNTAX);
    struct asset none = {STR("kinds/x.kind"), STR(HEAD "\nfield title\ntype text\n" LABELS
                                                       "\nfield m\ntype money\n" LABELS)};
    check(kinds_read(&a, &none, 1, &k, &f) == CAU_ERR_SYNTAX && str_is(f.word, "currency"));
    check(kinds_read(&a, NULL, 0, &k, NULL) == CAU_OK && k.n == 0 && k.languages == NULL);
}

/* One step over each limit; what is at the limit is read. */
static void keeps_its_limits(void **state)
{
    (void)state;
    struct kinds k;
    struct kind_fault f;
    struct buf b = buf_new(KIND_FILE_BYTES_MAX * 2);

    for (size_t n = KIND_FIELDS_MAX - 1; n <= KIND_FIELDS_MAX; n++) {
        buf_reset(&b);
        buf_add(&b, STR(HEAD TITLE));
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "\nfield f%zu\ntype line\n" LABELS, i);
        buf_add_char(&b, '\0');
        enum cau_err want = n < KIND_FIELDS_MAX ? CAU_OK : CAU_ERR_RANGE;
        check(read_as("kinds/x.kind", b.p, &k, &f) == want);
    }
    buf_reset(
        &b); /* as many fields of its own as there may be leave no room for a common one */
    buf_add(&b, STR(HEAD TITLE));
    for (size_t i = 1; i < KIND_FIELDS_MAX; i++)
        buf_printf(&b, "\nfield f%zu\ntype line\n" LABELS, i);
    struct asset both[] = {{STR("kinds/x.kind"), buf_str(&b)},
                           ASSET("kinds/common.kind",
                                 "kind common\nmajor 1\n" LABELS MANY_LABELS
                                 "\nfield code\ntype line\n" LABELS)};
    check(kinds_read(&a, both, 1, &k, &f) == CAU_OK && k.kind[0].n == KIND_FIELDS_MAX);
    check(kinds_read(&a, both, 2, &k, &f) == CAU_ERR_RANGE && str_is(f.word, "code"));
    for (size_t n = KIND_COLUMNS_MAX; n <= KIND_COLUMNS_MAX + 1; n++) {
        buf_reset(&b);
        buf_add(&b, STR(F("type rows\n")));
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "\ncolumn f%zu\ntype line\n" LABELS, i);
        buf_add_char(&b, '\0');
        enum cau_err want = n <= KIND_COLUMNS_MAX ? CAU_OK : CAU_ERR_RANGE;
        check(read_as("kinds/x.kind", b.p, &k, &f) == want);
    }
    for (size_t n = KIND_CODES_MAX; n <= KIND_CODES_MAX + 1; n++) {
        buf_reset(&b);
        buf_add(&b, STR(LIST("x")));
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "c%zu | a | b | c\n", i);
        buf_add_char(&b, '\0');
        enum cau_err want = n <= KIND_CODES_MAX ? CAU_OK : CAU_ERR_RANGE;
        check(read_as("kinds/x.list", b.p, &k, &f) == want);
    }
    for (size_t n = KIND_FILE_BYTES_MAX; n <= KIND_FILE_BYTES_MAX + 1; n++) {
        buf_reset(&b);
        buf_add(&b, STR(HEAD TITLE "\n#"));
        while (b.len < n)
            buf_add_char(&b, 'x');
        buf_add_char(&b, '\0');
        enum cau_err want = n <= KIND_FILE_BYTES_MAX ? CAU_OK : CAU_ERR_RANGE;
        check(read_as("kinds/x.kind", b.p, &k, &f) == want);
    }
    buf_free(&b);
    check(read_as("kinds/x.kind", F("type link x x x x x x x x\n"), &k, &f) == CAU_OK);
    check(read_as("kinds/x.kind", F("type link x x x x x x x x x\n"), &k, &f) == CAU_ERR_RANGE);
    check(read_as("kinds/x.kind", F("type text\nsearch 15\n"), &k, &f) == CAU_OK);
    check(read_as("kinds/x.kind", F("type text\nsearch 16\n"), &k, &f) == CAU_ERR_RANGE);
    check(read_as("kinds/x.kind", F("type text\nsearch 0\n"), &k, &f) == CAU_ERR_RANGE);
    check(read_as("kinds/x.kind", F("type codes\nmost 5000\n"), &k, &f) == CAU_OK);
    check(read_as("kinds/x.kind", F("type codes\nmost 5001\n"), &k, &f) == CAU_ERR_RANGE);
    check(read_as("kinds/x.kind", F("type text\nlimit 4294967296\n"), &k, &f) == CAU_ERR_RANGE);
    check(str_is(f.word, "4294967296") && f.line == 20);
}

/* n files of one form: "kinds/<letter><i>.<ending>". */
static enum cau_err read_files(size_t n, bool kinds)
{
    static char name[KIND_LISTS_MAX + 1][64], text[KIND_LISTS_MAX + 1][400];
    static struct asset file[KIND_LISTS_MAX + 1];
    for (size_t i = 0; i < n; i++) {
        snprintf(name[i], sizeof name[i], "kinds/f%zu.%s", i, kinds ? "kind" : "list");
        snprintf(text[i], sizeof text[i],
                 kinds ? "kind f%zu\nmajor 1\ntitle title\n" LABELS MANY_LABELS TITLE
                       : LIST("f%zu") "a | a | b | c\n",
                 i);
        file[i] = (struct asset){str_of(name[i]), str_of(text[i])};
    }
    struct kinds k;
    a.used = 0;
    return kinds_read(&a, file, n, &k, NULL);
}

static void counts_the_files(void **state)
{
    (void)state;
    check(read_files(KIND_COUNT_MAX, true) == CAU_OK);
    check(read_files(KIND_COUNT_MAX + 1, true) == CAU_ERR_RANGE);
    check(read_files(KIND_LISTS_MAX, false) == CAU_OK);
    check(read_files(KIND_LISTS_MAX + 1, false) == CAU_ERR_RANGE);
}

static void a_full_arena_changes_nothing(void **state)
{
    (void)state;
    struct kinds k;
    check(read_as("kinds/x.kind", F("type rows\n") "\ncolumn c\ntype line\n" LABELS, &k,
                  NULL) == CAU_OK);
    size_t need = a.used, cap = a.cap;
    for (size_t room = 0; room < need; room += 97) {
        k.n = 77;
        a.cap = room;
        check(read_as("kinds/x.kind", F("type rows\n") "\ncolumn c\ntype line\n" LABELS, &k,
                      NULL) == CAU_ERR_MEMORY);
        check(k.n == 77 && a.used == 0);
    }
    a.cap = cap;
}

static bool has_script(struct str text, uint32_t from, uint32_t to)
{
    while (text.len > 0) {
        uint32_t point = utf8_next(&text);
        if (point >= from && point <= to)
            return true;
    }
    return false;
}

/* A label stands in its own script: no Cyrillic in Vietnamese and English, and Russian has it,
 * unless it is a name or a sign that all languages write alike. */
static void check_labels(const struct str label[LANG_COUNT], struct str what)
{
    bool alike = str_equal(label[LANG_RU], label[LANG_EN]);
    bool fine = !has_script(label[LANG_VI], 0x400, 0x4FF) &&
                !has_script(label[LANG_EN], 0x400, 0x4FF) &&
                (alike || has_script(label[LANG_RU], 0x400, 0x4FF));
    if (!fine)
        print_error("%.*s: %.*s | %.*s | %.*s\n", STR_ARG(what), STR_ARG(label[LANG_VI]),
                    STR_ARG(label[LANG_RU]), STR_ARG(label[LANG_EN]));
    check(fine);
}

static void check_field(const struct kind_field *x)
{
    check_labels(x->label, x->name);
    if (x->help[0].len > 0)
        check_labels(x->help, x->name);
    for (size_t i = 0; x->type == KIND_ROWS && i < x->column_count; i++)
        check_field(&x->column[i]);
}

static void the_programs_own_kinds_are_good(void **state)
{
    (void)state;
    struct kinds k;
    struct kind_fault f = {0};
    a.used = 0;
    enum cau_err err = kinds_load(&a, &k, &f);
    if (err != CAU_OK)
        print_error("%.*s:%zu: %.*s\n", STR_ARG(f.file), f.line, STR_ARG(f.word));
    check(err == CAU_OK);
    for (size_t i = 0; i < k.n; i++) {
        check_labels(k.kind[i].label, k.kind[i].name);
        check_labels(k.kind[i].many, k.kind[i].name);
        for (size_t j = 0; j < k.kind[i].n; j++)
            check_field(&k.kind[i].field[j]);
    }
    for (size_t i = 0; i < k.list_count; i++) {
        check_labels(k.list[i].label, k.list[i].name);
        for (size_t j = 0; j < k.list[i].n; j++)
            check_labels(k.list[i].code[j].label, k.list[i].code[j].code);
    }
}

int main(void)
{
    a = arena_new((size_t)16 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_attribute),
        cmocka_unit_test(adds_the_common_fields),
        cmocka_unit_test(refuses_a_bad_head),
        cmocka_unit_test(refuses_a_bad_field),
        cmocka_unit_test(refuses_a_bad_list),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(counts_the_files),
        cmocka_unit_test(a_full_arena_changes_nothing),
        cmocka_unit_test(the_programs_own_kinds_are_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
