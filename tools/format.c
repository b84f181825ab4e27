/* Writes docs/format.md: BEFORE, then what the kinds/ inside the program say, then AFTER.
 * Use: format BEFORE AFTER > docs/format.md */
#include "base/asset.h"
#include "base/buf.h"
#include "base/file.h"
#include "record/json.h"
#include "record/record.h"

#include <stdio.h>

enum { FILE_MAX = 1 << 20, OUT_MAX = 8 << 20, LIST_ROWS_MAX = 60 };

static struct buf out;

static void add(const char *words)
{
    buf_add_word(&out, words);
}

/* Text inside a cell of a table. */
static void add_cell(struct str text)
{
    while (text.p != NULL) {
        buf_add(&out, str_next(&text, '|'));
        if (text.p != NULL)
            add("\\|");
    }
}

/* What stands in JSON for each type; the limits are those of the headers. */
static void add_types(void)
{
    static const char *const value[] = {
        [KIND_TEXT] =
            "object language → string, or → `{\"text\",\"origin\",\"from\"}`; one line",
        [KIND_PROSE] = "the same, several paragraphs",
        [KIND_NAMES] =
            "object language → string or list of strings, the first is the preferred "
            "one; language `und` when it is not known",
        [KIND_LINE] = "string without a language (a code, a name as printed); one line",
        [KIND_URL] = "string: `http` or `https` and a host, without user name or white space",
        [KIND_EMAIL] = "string",
        [KIND_DATE] =
            "`\"2019\"`, `\"2019-03\"` or `\"2019-03-07\"`: as precise as it is known",
        [KIND_INTEGER] = "integer, within ±(2^53 - 1)",
        [KIND_DECIMAL] = "string `-?[0-9]+(\\.[0-9]+)?`, at most 40 characters",
        [KIND_FLAG] = "`true`, or absent",
        [KIND_CHOICE] = "a code of the list named",
        [KIND_LINK] = "a record id `r:...`, or an external id, kept as it is until it can be "
                      "resolved",
        [KIND_MONEY] =
            "`{\"amount\":\"12.50\",\"currency\":\"USD\"}`; amount a decimal, currency "
            "of the list `currency`",
        [KIND_PLACE] =
            "`{\"latitude\":\"21.0285\",\"longitude\":\"105.8542\"}`, decimal degrees",
        [KIND_CODES] = "list of `SCHEME:code`; schemes are the list `scheme`; a scheme with a "
                       "list of its name in lower case (`ford`) is checked against it",
        [KIND_IDENTIFIERS] = "object scheme → string; schemes are the list `identifier`",
        [KIND_SOURCES] =
            "list of `{\"publisher\",\"title\",\"date\",\"url\",\"note\"}`; title or "
            "url at least",
        [KIND_RELATIONS] =
            "list of `{\"rel\",\"to\",\"label\"}`: rel of the list `relation`, to "
            "as in `link`; label names what is not here; to or label at least",
        [KIND_ROWS] = "list of objects with the columns named",
    };
    static const struct {
        enum kind_type type;
        const char *of;
        long most;
    } limit[] = {
        {KIND_TEXT, "characters", RECORD_TEXT_POINTS_MAX},
        {KIND_PROSE, "characters", RECORD_PROSE_POINTS_MAX},
        {KIND_NAMES, "characters each", RECORD_TEXT_POINTS_MAX},
        {KIND_LINE, "characters", RECORD_TEXT_POINTS_MAX},
        {KIND_URL, "bytes", RECORD_URL_BYTES_MAX},
        {KIND_EMAIL, "bytes", RECORD_EMAIL_BYTES_MAX},
        {KIND_LINK, "characters", RECORD_LINK_POINTS_MAX},
        {KIND_CODES, "values", RECORD_VALUES_MAX},
        {KIND_IDENTIFIERS, "characters each", RECORD_ID_POINTS_MAX},
        {KIND_SOURCES, "values", RECORD_VALUES_MAX},
        {KIND_RELATIONS, "values", RECORD_VALUES_MAX},
        {KIND_ROWS, "values", RECORD_VALUES_MAX},
    };
    _Static_assert(countof(value) == KIND_ROWS + 1, "every type is described");
    add("\n## Types\n\n| type | JSON value | at most, when the field does not say "
        "|\n|---|---|---|\n");
    for (unsigned t = 0; t <= KIND_ROWS; t++) {
        buf_printf(&out, "| `%.*s` | %s | ", STR_ARG(kind_type_name((enum kind_type)t)),
                   value[t]);
        for (size_t i = 0; i < countof(limit); i++)
            if (limit[i].type == t)
                buf_printf(&out, "%ld %s ", limit[i].most, limit[i].of);
        add("|\n");
    }
    buf_printf(
        &out,
        "\n`origin` is `original`, `human` or `machine`; `from` is the language a "
        "translation was made from. Languages are those of the list `language`. A field "
        "with *several* values is a list of them, at most %d when it does not say. A "
        "character is a Unicode code point. One payload is at most %d bytes, its JSON at "
        "most %d deep.\n",
        RECORD_VALUES_MAX, RECORD_BYTES_MAX, JSON_DEPTH_MAX);
}

static void add_problems(void)
{
    static const char *const meaning[] = {
        [RECORD_UNKNOWN_KIND] = "no kind of that name",
        [RECORD_UNKNOWN_FIELD] = "the kind, row or object has no such member",
        [RECORD_WRONG_TYPE] = "not the JSON value the type has",
        [RECORD_REQUIRED] = "missing, or empty",
        [RECORD_TOO_SHORT] = "limit: characters needed",
        [RECORD_TOO_LONG] = "limit: characters allowed",
        [RECORD_TOO_MANY] = "limit: values allowed",
        [RECORD_TOO_BIG] = "limit: the largest integer, or the bytes of a payload",
        [RECORD_NOT_NFC] = "text is not in Unicode's form NFC",
        [RECORD_BAD_TEXT] =
            "not UTF-8, a control character or noncharacter; in one line also a "
            "line break or a control of writing direction",
        [RECORD_BAD_DATE] = "not of the form of a date",
        [RECORD_NO_SUCH_DATE] = "the calendar has no such day, or the year is out of range",
        [RECORD_UNKNOWN_CODE] = "not in the list",
        [RECORD_UNKNOWN_LANGUAGE] = "not in the list `language`",
        [RECORD_BAD_ADDRESS] = "not an http or https address, or not an e-mail address",
        [RECORD_BAD_NUMBER] = "not a decimal; a number with a fraction has to be a string",
        [RECORD_BAD_PLACE] = "not degrees; limit: the largest allowed",
        [RECORD_BAD_LINK] = "begins like a record id, and is none",
        [RECORD_BY_RULE] = "only the program sets this",
        [RECORD_EMPTY] = "a text that says whose translation it is, and is empty",
        [RECORD_TWICE] = "the same code, choice or link twice in a list",
        [RECORD_NO_CONSENT] = "a person who has not agreed, with a date, to be shown so widely",
        [RECORD_CONSENT_OVER] = "a person whose consent has ended",
        [RECORD_TWO_VALUES] = "an indicator with two figures of one side for one period",
        [RECORD_UNIT_CHANGES] = "another unit for figures that stay; only in imports",
        [RECORD_EARLIER] = "a date that cannot come before another of the same record does",
        [RECORD_CIRCLE] = "following such links leads back to the record",
        [RECORD_FOR_EDITOR] = "only an editor changes this",
        [RECORD_FUTURE] = "a day that has not come yet, of what has happened",
        [RECORD_NAMES_FILER] = "a text that names who wants to stay unnamed",
    };
    _Static_assert(countof(meaning) == RECORD_CODES, "every code is explained");
    add("\n## Refusals\n\nEach is a place, a code, the value that was there (at most ");
    buf_printf(&out,
               "%d characters), and a limit where there is one. At most %d are reported of a "
               "record.\n\n| code | meaning |\n|---|---|\n",
               RECORD_CLIP_POINTS, RECORD_PROBLEMS_MAX);
    for (unsigned i = 0; i < RECORD_CODES; i++)
        buf_printf(&out, "| `%s` | %s |\n", record_code_name((enum record_code)i), meaning[i]);
}

static void add_type(const struct kind_field *f)
{
    buf_printf(&out, "`%.*s`", STR_ARG(kind_type_name(f->type)));
    if (f->type == KIND_CHOICE)
        buf_printf(&out, " [%.*s](#%.*s)", STR_ARG(f->list->name), STR_ARG(f->list->name));
    for (size_t i = 0; i < f->target_count; i++)
        buf_printf(&out, "%s %.*s", i == 0 ? "" : " or", STR_ARG(f->target[i]));
}

static void add_rules(const struct kind_field *f)
{
    static const char *const facet[] = {"", "year", "status", "country", "field"};
    const char *between = "";
    if (f->required)
        buf_printf(&out, "required"), between = ", ";
    if (f->rule)
        buf_printf(&out, "%sby rule", between), between = ", ";
    if (f->many)
        buf_printf(&out, "%sseveral", between), between = ", ";
    if (f->most != 0)
        buf_printf(&out, "%sat most %u", between, (unsigned)f->most), between = ", ";
    if (f->limit != 0)
        buf_printf(&out, f->type == KIND_INTEGER ? "%sup to %u" : "%s%u characters", between,
                   (unsigned)f->limit),
            between = ", ";
    if (f->search != 0)
        buf_printf(&out, "%ssearched, weight %u", between, f->search), between = ", ";
    if (f->facet != KIND_FACET_NONE)
        buf_printf(&out, "%sfilter: %s", between, facet[f->facet]);
}

/* One field and its columns; row is the name of the field they belong to, or NULL. */
static void add_field(const struct kind_field *f, const struct str *row)
{
    add("| `");
    if (row != NULL)
        buf_printf(&out, "%.*s[].", STR_ARG(*row));
    buf_printf(&out, "%.*s` | ", STR_ARG(f->name));
    add_type(f);
    add(" | ");
    add_rules(f);
    add(" | ");
    add_cell(f->label[LANG_EN]);
    if (f->help[LANG_EN].len > 0) {
        add(". ");
        add_cell(f->help[LANG_EN]);
    }
    add(" |\n");
    for (size_t i = 0; f->type == KIND_ROWS && i < f->column_count; i++)
        add_field(&f->column[i], &f->name);
}

/* Text of a field is borrowed from the file it was read from. */
static bool is_common(const struct kind_field *f)
{
    const struct asset *file = asset_find(STR("kinds/common.kind"));
    return file != NULL && f->name.p >= file->bytes.p &&
           f->name.p < file->bytes.p + file->bytes.len;
}

static void add_fields(const struct kind *k, bool common)
{
    add("\n| field | type | rules | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < k->n; i++)
        if (is_common(&k->field[i]) == common)
            add_field(&k->field[i], NULL);
}

static void add_kind(const struct kind *k)
{
    buf_printf(&out, "\n### %.*s\n\n%.*s", STR_ARG(k->name), STR_ARG(k->label[LANG_EN]));
    buf_printf(&out, " (%.*s; %.*s).", STR_ARG(k->label[LANG_VI]), STR_ARG(k->label[LANG_RU]));
    if (k->help[LANG_EN].len > 0) {
        add(" ");
        buf_add(&out, k->help[LANG_EN]);
    }
    buf_printf(&out, "\n\nIn leaves `%.*s`; named by `%.*s`", STR_ARG(k->name_major),
               STR_ARG(k->field[k->title].name));
    if (k->schema.len > 0)
        buf_printf(&out, "; schema.org `%.*s`", STR_ARG(k->schema));
    add(k->personal ? "; **about a person: stays on its home node**.\n" : ".\n");
    add_fields(k, false);
}

static void add_kinds(const struct kinds *k)
{
    add("\n## Fields of every kind\n");
    if (k->n > 0)
        add_fields(&k->kind[0], true);
    add("\n## Kinds\n");
    for (size_t i = 0; i < k->n; i++)
        add_kind(&k->kind[i]);
}

static void add_list(const struct kind_list *l)
{
    buf_printf(&out, "\n### %.*s\n\n%.*s. %zu codes", STR_ARG(l->name),
               STR_ARG(l->label[LANG_EN]), l->n);
    if (l->n > LIST_ROWS_MAX) {
        add(": ");
        for (size_t i = 0; i < l->n; i++) {
            buf_printf(&out, "%s`%.*s` ", i == 0 ? "" : ", ", STR_ARG(l->code[i].code));
            buf_add(&out, l->code[i].label[LANG_EN]);
        }
        add(".\n");
        return;
    }
    add(".\n\n| code | vi | ru | en |\n|---|---|---|---|\n");
    for (size_t i = 0; i < l->n; i++) {
        buf_printf(&out, "| `%.*s`", STR_ARG(l->code[i].code));
        for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
            add(" | ");
            buf_add(&out, l->code[i].label[lang]);
        }
        add(" |\n");
    }
}

static bool add_file(struct arena *a, const char *path)
{
    struct str text;
    enum cau_err err = file_read(a, path, FILE_MAX, &text);
    if (err != CAU_OK) {
        fprintf(stderr, "format: cannot read %s\n", path);
        return false;
    }
    buf_add(&out, text);
    return true;
}

int main(int argc, char **argv)
{
    struct arena a = arena_new((size_t)32 << 20);
    struct kinds k;
    struct kind_fault f = {0};
    if (argc != 3)
        return fprintf(stderr, "use: format BEFORE AFTER\n"), 2;
    if (kinds_load(&a, &k, &f) != CAU_OK) {
        fprintf(stderr, "%.*s:%zu: %.*s\n", STR_ARG(f.file), f.line, STR_ARG(f.word));
        return 3;
    }
    out = buf_new(OUT_MAX);
    if (!add_file(&a, argv[1]))
        return 1;
    add_types();
    add_problems();
    add_kinds(&k);
    add("\n## Lists\n\nLabels are shown to readers; codes are what records hold.\n");
    for (size_t i = 0; i < k.list_count; i++)
        add_list(&k.list[i]);
    add("\n");
    if (!add_file(&a, argv[2]))
        return 1;
    bool written = !out.failed && fwrite(out.p, 1, out.len, stdout) == out.len;
    buf_free(&out);
    arena_free(&a);
    return written && fflush(stdout) == 0 ? 0 : 1;
}
