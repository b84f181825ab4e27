/* How an import was asked for, as JSON: kept with it, so that confirming does what was looked at. */
#include "exchange/import/import_int.h"
#include "record/json.h"

#include <string.h>

static const char *const format_name[IMPORT_FORMATS] = {"guess", "csv", "xlsx",
                                                        "jsonl", "ror", "sdmx"};
static const char *const choice_name[] = {"same", "different", "later"};

const char *import_format_name(enum import_format f)
{
    must((unsigned)f < IMPORT_FORMATS);
    return format_name[f];
}

bool import_read_format(struct str name, enum import_format *out)
{
    for (unsigned i = 0; i < IMPORT_FORMATS; i++)
        if (str_is(name, format_name[i])) {
            *out = (enum import_format)i;
            return true;
        }
    return false;
}

static void add_text(struct buf *b, const char *key, struct str text)
{
    buf_add_word(b, ",\"");
    buf_add_word(b, key);
    buf_add_word(b, "\":");
    json_write_string(b, text);
}

void import_options_write(struct buf *b, const struct import_options *o)
{
    buf_add_word(b, "{\"format\":");
    json_write_string(b, str_of(import_format_name(o->format)));
    add_text(b, "kind", o->kind);
    add_text(b, "profile", o->profile);
    add_text(b, "mapping", o->mapping);
    add_text(b, "save_as", o->save_as);
    add_text(b, "charset", str_of(charset_name(o->charset)));
    add_text(b, "delimiter", (struct str){&o->delimiter, o->delimiter != 0});
    add_text(b, "sheet", o->sheet);
    buf_add_word(b, o->compose ? ",\"compose\":true" : "");
    buf_add_word(b, ",\"choices\":[");
    for (size_t i = 0; i < o->choice_count && i < IMPORT_CHOICES_MAX; i++) {
        buf_printf(b, "%s{\"row\":%u", i > 0 ? "," : "", o->choice[i].row);
        add_text(b, "what", str_of(choice_name[o->choice[i].what]));
        add_text(b, "id", o->choice[i].id);
        buf_add_char(b, '}');
    }
    buf_add_word(b, "]}");
}

static enum cau_err read_choices(struct arena *a, const struct value *list,
                                 struct import_options *o)
{
    if (list == NULL || list->type != VALUE_ARRAY || list->n > IMPORT_CHOICES_MAX)
        return CAU_ERR_SYNTAX;
    struct import_choice *choice = arena_zero(a, (list->n + 1) * sizeof *choice);
    if (choice == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < list->n; i++) {
        int64_t row = value_get_int(&list->item[i], "row", -1);
        struct str what = value_get_str(&list->item[i], "what");
        if (row < 0 || row > UINT32_MAX)
            return CAU_ERR_SYNTAX;
        choice[i] = (struct import_choice){.row = (uint32_t)row,
                                           .id = value_get_str(&list->item[i], "id")};
        for (unsigned k = 0; k < countof(choice_name); k++)
            if (str_is(what, choice_name[k]))
                choice[i].what = (enum import_choice_what)k;
    }
    o->choice = choice;
    o->choice_count = list->n;
    return CAU_OK;
}

enum cau_err import_options_read(struct arena *a, struct str json, struct import_options *o)
{
    struct value v;
    struct import_options out = {0};
    enum cau_err err = json_read(a, json, IMPORT_OPTION_BYTES, JSON_FORM, &v, NULL);
    if (err != CAU_OK)
        return err == CAU_ERR_MEMORY ? err : CAU_ERR_SYNTAX;
    struct str delimiter = value_get_str(&v, "delimiter");
    if (!import_read_format(value_get_str(&v, "format"), &out.format) ||
        !charset_read(value_get_str(&v, "charset"), &out.charset))
        return CAU_ERR_SYNTAX;
    out.kind = value_get_str(&v, "kind");
    out.profile = value_get_str(&v, "profile");
    out.mapping = value_get_str(&v, "mapping");
    out.save_as = value_get_str(&v, "save_as");
    out.sheet = value_get_str(&v, "sheet");
    out.delimiter = delimiter.len == 1 ? delimiter.p[0] : 0;
    const struct value *compose = value_get(&v, "compose");
    out.compose = compose != NULL && compose->type == VALUE_TRUE;
    err = read_choices(a, value_get(&v, "choices"), &out);
    if (err == CAU_OK)
        *o = out;
    return err;
}
