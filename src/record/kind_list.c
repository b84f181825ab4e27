#include "record/kind_int.h"

#include <string.h>

/* The first block: "list NAME" and the label in each language. */
static enum cau_err read_head(struct kind_reader *r, struct kind_lines *l,
                              struct kind_list *out)
{
    struct str stem = kind_file_stem(l->file, STR(".list"));
    if (!kind_lines_next(l) || !str_is(l->word, "list"))
        return kind_refuse(r, l->file, l->line, STR("list"));
    if (!str_equal(l->value, stem))
        return kind_refuse(r, l->file, l->line, l->value);
    out->name = stem;
    while (kind_lines_next(l) && !l->after_gap) {
        enum lang lang;
        if (!lang_read(l->word, &lang) || out->label[lang].len > 0)
            return kind_refuse(r, l->file, l->line, l->word);
        out->label[lang] = l->value;
    }
    for (unsigned i = 0; i < LANG_COUNT; i++)
        if (out->label[i].len == 0)
            return kind_refuse(r, l->file, l->line, lang_code((enum lang)i));
    return CAU_OK;
}

/* "code | vi | ru | en" */
static enum cau_err read_code(struct kind_reader *r, const struct kind_lines *l,
                              struct kind_code *out)
{
    struct str rest = l->text;
    out->code = str_trim(str_next(&rest, '|'));
    if (!kind_is_code(out->code))
        return kind_refuse(r, l->file, l->line, out->code);
    for (unsigned i = 0; i < LANG_COUNT; i++) {
        out->label[i] = str_trim(str_next(&rest, '|'));
        if (out->label[i].len == 0)
            return kind_refuse(r, l->file, l->line, lang_code((enum lang)i));
    }
    return rest.p != NULL ? kind_refuse(r, l->file, l->line, STR("|")) : CAU_OK;
}

/* Codes of these lists are keys in payloads. */
static bool are_keys(struct str list)
{
    return str_is(list, "language") || str_is(list, "identifier");
}

enum cau_err kind_read_list(struct kind_reader *r, const struct asset *file,
                            struct kind_list *out)
{
    struct kind_lines l = kind_lines_of(file);
    struct kind_list list = {0};
    enum cau_err err = read_head(r, &l, &list);
    if (err != CAU_OK)
        return err;
    size_t most = 2; /* lines left, with the one just read and one without a line feed */
    for (size_t i = 0; i < l.rest.len && most < KIND_CODES_MAX; i++)
        most += l.rest.p[i] == '\n';
    struct kind_code *code = arena_zero(r->a, most * sizeof *code);
    if (code == NULL)
        return CAU_ERR_MEMORY;
    list.code = code;
    for (bool more = l.after_gap; more; more = kind_lines_next(&l)) {
        if (list.n == KIND_CODES_MAX)
            return kind_over(r, l.file, l.line, l.word);
        struct kind_code *next = &code[list.n];
        err = read_code(r, &l, next);
        if (err != CAU_OK)
            return err;
        if (kind_find_code(&list, next->code) != NULL ||
            (are_keys(list.name) && !kind_is_name(next->code)))
            return kind_refuse(r, l.file, l.line, next->code);
        list.n++;
    }
    if (list.n == 0)
        return kind_refuse(r, l.file, l.line, list.name);
    *out = list;
    return CAU_OK;
}
