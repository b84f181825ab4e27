#include "record/kind.h"

#include "base/utf8.h"
#include "record/kind_int.h"

#include <string.h>

static bool is_between(char c, char from, char to)
{
    return c >= from && c <= to;
}

bool kind_is_name(struct str x)
{
    if (x.len == 0 || x.len > 32 || !is_between(x.p[0], 'a', 'z'))
        return false;
    for (size_t i = 1; i < x.len; i++)
        if (!is_between(x.p[i], 'a', 'z') && !is_between(x.p[i], '0', '9') && x.p[i] != '_')
            return false;
    return true;
}

bool kind_is_code(struct str x)
{
    if (x.len == 0 || x.len > 32)
        return false;
    for (size_t i = 0; i < x.len; i++) {
        char c = x.p[i];
        bool word =
            is_between(c, 'a', 'z') || is_between(c, 'A', 'Z') || is_between(c, '0', '9');
        if (!word && (i == 0 || (c != '_' && c != '.' && c != '-')))
            return false;
    }
    return true;
}

enum cau_err kind_refuse(struct kind_reader *r, struct str file, size_t line, struct str word)
{
    if (r->fault != NULL)
        *r->fault = (struct kind_fault){file, line, word};
    return CAU_ERR_SYNTAX;
}

enum cau_err kind_over(struct kind_reader *r, struct str file, size_t line, struct str word)
{
    kind_refuse(r, file, line, word);
    return CAU_ERR_RANGE;
}

struct kind_lines kind_lines_of(const struct asset *file)
{
    return (struct kind_lines){.file = file->name, .rest = file->bytes};
}

bool kind_lines_next(struct kind_lines *l)
{
    l->after_gap = false;
    while (l->rest.len > 0) {
        l->text = str_trim(str_next(&l->rest, '\n'));
        l->line++;
        if (l->text.len == 0) {
            l->after_gap = true;
        } else if (l->text.p[0] != '#') {
            l->value = l->text;
            l->word = str_next(&l->value, ' ');
            l->value = str_trim(l->value);
            return true;
        }
    }
    l->after_gap = false;
    return false;
}

struct str kind_file_stem(struct str file, struct str ending)
{
    struct str folder = STR("kinds/");
    if (str_starts(file, folder))
        file = str_from(file, folder.len);
    if (!str_ends(file, ending))
        return (struct str){NULL, 0};
    return str_to(file, file.len - ending.len);
}

bool kind_has_file(const struct kind_reader *r, struct str stem, struct str ending)
{
    for (size_t i = 0; i < r->n; i++) {
        struct str is = kind_file_stem(r->file[i].name, ending);
        if (is.p != NULL && str_equal(is, stem))
            return true;
    }
    return false;
}

/* Line of the byte at, from 1. */
static size_t line_of(struct str text, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += text.p[i] == '\n';
    return line;
}

/* Every file: its size, its text, its name, and that the name comes once. */
static enum cau_err look_at_files(struct kind_reader *r)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct asset *f = &r->file[i];
        size_t at = 0;
        if (f->bytes.len > KIND_FILE_BYTES_MAX)
            return kind_over(r, f->name, 0, f->name);
        if (utf8_check(f->bytes, &at) != UTF8_GOOD)
            return kind_refuse(r, f->name, line_of(f->bytes, at), STR("UTF-8 NFC"));
        struct str kind = kind_file_stem(f->name, STR(".kind"));
        struct str list = kind_file_stem(f->name, STR(".list"));
        if (!kind_is_name(kind) && !kind_is_name(list))
            return kind_refuse(r, f->name, 0, f->name);
        for (size_t j = 0; j < i; j++)
            if (str_equal(r->file[j].name, f->name))
                return kind_refuse(r, f->name, 0, f->name);
    }
    return CAU_OK;
}

static enum cau_err read_lists(struct kind_reader *r)
{
    struct kinds *k = r->kinds;
    for (size_t i = 0; i < r->n; i++) {
        if (kind_file_stem(r->file[i].name, STR(".list")).p == NULL)
            continue;
        if (k->list_count == KIND_LISTS_MAX)
            return kind_over(r, r->file[i].name, 0, r->file[i].name);
        enum cau_err err = kind_read_list(r, &r->file[i], &k->list[k->list_count]);
        if (err != CAU_OK)
            return err;
        k->list_count++;
    }
    k->languages = kinds_find_list(k, STR("language"));
    return CAU_OK;
}

static bool comes_before(const struct kind *x, const struct kind *y)
{
    return x->order != y->order ? x->order < y->order : str_cmp(x->name, y->name) < 0;
}

/* Puts kind where it belongs in the order of menus. */
static void insert(struct kinds *k, const struct kind *kind)
{
    size_t at = k->n++;
    for (; at > 0 && comes_before(kind, &k->kind[at - 1]); at--)
        k->kind[at] = k->kind[at - 1];
    k->kind[at] = *kind;
}

static enum cau_err read_kinds(struct kind_reader *r)
{
    struct kinds *k = r->kinds;
    for (int pass = 0; pass < 2; pass++) /* common.kind, then the others */
        for (size_t i = 0; i < r->n; i++) {
            struct str stem = kind_file_stem(r->file[i].name, STR(".kind"));
            bool common = str_is(stem, "common");
            if (stem.p == NULL || common != (pass == 0))
                continue;
            if (k->n == KIND_COUNT_MAX)
                return kind_over(r, r->file[i].name, 0, r->file[i].name);
            struct kind kind;
            enum cau_err err = kind_read(r, &r->file[i], &kind);
            if (err != CAU_OK)
                return err;
            if (common) {
                r->common = kind.field;
                r->common_count = kind.n;
            } else {
                insert(k, &kind);
            }
        }
    for (size_t i = 0; i < k->n; i++)
        k->kind[i].index = i;
    return CAU_OK;
}

enum cau_err kinds_read(struct arena *a, const struct asset *file, size_t n, struct kinds *out,
                        struct kind_fault *fault)
{
    struct kinds k = {0};
    struct kind_reader r = {.a = a, .file = file, .n = n, .kinds = &k, .fault = fault};
    size_t before = a->used;
    k.list = arena_zero(a, KIND_LISTS_MAX * sizeof *k.list);
    k.kind = arena_zero(a, KIND_COUNT_MAX * sizeof *k.kind);
    enum cau_err err = k.list == NULL || k.kind == NULL ? CAU_ERR_MEMORY : look_at_files(&r);
    if (err == CAU_OK)
        err = read_lists(&r);
    if (err == CAU_OK)
        err = read_kinds(&r);
    if (err == CAU_OK)
        *out = k;
    else
        a->used = before;
    return err;
}

enum cau_err kinds_load(struct arena *a, struct kinds *out, struct kind_fault *fault)
{
    struct str folder = STR("kinds/");
    struct asset *file = arena_take(a, asset_count * sizeof *file);
    if (file == NULL)
        return CAU_ERR_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < asset_count; i++)
        if (str_starts(asset_list[i].name, folder))
            file[n++] = asset_list[i];
    return kinds_read(a, file, n, out, fault);
}

const struct kind *kinds_find(const struct kinds *k, struct str name)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_equal(k->kind[i].name, name) || str_equal(k->kind[i].name_major, name))
            return &k->kind[i];
    return NULL;
}

const struct kind_list *kinds_find_list(const struct kinds *k, struct str name)
{
    for (size_t i = 0; i < k->list_count; i++)
        if (str_equal(k->list[i].name, name))
            return &k->list[i];
    return NULL;
}

const struct kind_field *kind_find_field(const struct kind *k, struct str name)
{
    for (size_t i = 0; i < k->n; i++)
        if (str_equal(k->field[i].name, name))
            return &k->field[i];
    return NULL;
}

const struct kind_code *kind_find_code(const struct kind_list *l, struct str code)
{
    for (size_t i = 0; l != NULL && i < l->n; i++)
        if (str_equal(l->code[i].code, code))
            return &l->code[i];
    return NULL;
}

struct str kind_code_label(const struct kind_list *l, struct str code, enum lang lang)
{
    const struct kind_code *found = kind_find_code(l, code);
    return found == NULL ? code : found->label[lang];
}

struct str kind_type_name(enum kind_type type)
{
    static const char *const name[] = {
        "text",    "prose",       "names",   "line",      "url",  "email", "date",
        "integer", "decimal",     "flag",    "choice",    "link", "money", "place",
        "codes",   "identifiers", "sources", "relations", "rows"};
    _Static_assert(countof(name) == KIND_ROWS + 1, "a name for every type");
    must(type < countof(name));
    return str_of(name[type]);
}
