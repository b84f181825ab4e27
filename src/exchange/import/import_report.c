/* What an import tells: the report as JSON, and its objects as lines of text. */
#include "base/utf8.h"
#include "base/words.h"
#include "exchange/import/import_int.h"
#include "record/json.h"

#include <string.h>

enum { TAIL_BYTES = 64 }; /* for the object that says how many are missing, and the bracket */

struct import_report import_report_new(void)
{
    struct import_report r = {.b = buf_new(LOCAL_REPORT_BYTES_MAX),
                              .item = buf_new((size_t)1 << 20)};
    buf_add_char(&r.b, '[');
    return r;
}

void import_report_free(struct import_report *r)
{
    buf_free(&r->b);
    buf_free(&r->item);
}

/* Control and noncharacters become U+FFFD; what is no UTF-8 is left out. */
static void add_clean(struct buf *b, struct str text)
{
    struct buf clean = buf_new(IMPORT_VALUE_POINTS * 4);
    text = utf8_valid(text) ? utf8_clip(text, IMPORT_VALUE_POINTS) : STR("");
    for (struct str rest = text; rest.len > 0;) {
        struct str at = rest;
        uint32_t point = utf8_next(&rest);
        struct str one = str_to(at, at.len - rest.len);
        bool bad = point < 0x20 || (point >= 0x7F && point < 0xA0) ||
                   (point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF);
        bool space = point == '\t' || point == '\n' || point == '\r';
        buf_add(&clean, space ? STR(" ") : bad ? STR("\xEF\xBF\xBD") : one);
    }
    json_write_string(b, buf_str(&clean));
    buf_free(&clean);
}

void import_report_begin(struct import_report *r, const char *what, uint32_t row)
{
    buf_reset(&r->item);
    buf_add_word(&r->item, "{\"what\":\"");
    buf_add_word(&r->item, what);
    buf_add_word(&r->item, "\",\"row\":");
    buf_add_u64(&r->item, row);
}

void import_report_str(struct import_report *r, const char *key, struct str text)
{
    if (text.len == 0)
        return;
    buf_add_word(&r->item, ",\"");
    buf_add_word(&r->item, key);
    buf_add_word(&r->item, "\":");
    add_clean(&r->item, text);
}

void import_report_int(struct import_report *r, const char *key, int64_t value)
{
    buf_add_word(&r->item, ",\"");
    buf_add_word(&r->item, key);
    buf_add_word(&r->item, "\":");
    buf_add_int(&r->item, value);
}

/* A value as a person sees it: a string as it is, anything else as its JSON. */
static void add_value(struct buf *b, const char *key, const struct value *v)
{
    if (v == NULL)
        return;
    buf_add_word(b, ",\"");
    buf_add_word(b, key);
    buf_add_word(b, "\":");
    if (v->type == VALUE_STRING) {
        add_clean(b, v->string);
        return;
    }
    struct buf json = buf_new(RECORD_BYTES_MAX);
    json_write(&json, v);
    add_clean(b, buf_str(&json));
    buf_free(&json);
}

void import_report_changes(struct import_report *r, const struct record_change *change,
                           size_t n)
{
    buf_add_word(&r->item, ",\"changes\":[");
    for (size_t i = 0; i < n; i++) {
        buf_add_word(&r->item, i > 0 ? ",{\"place\":" : "{\"place\":");
        add_clean(&r->item, change[i].place);
        add_value(&r->item, "old", change[i].old);
        add_value(&r->item, "new", change[i].new);
        buf_add_char(&r->item, '}');
    }
    buf_add_char(&r->item, ']');
}

void import_report_end(struct import_report *r)
{
    buf_add_char(&r->item, '}');
    bool fits = !r->item.failed && r->left_off == 0 &&
                r->b.len + r->item.len + 1 + TAIL_BYTES <= r->b.max;
    if (!fits) {
        r->left_off++;
        return;
    }
    if (r->b.len > 1)
        buf_add_char(&r->b, ',');
    buf_add(&r->b, buf_str(&r->item));
}

void import_report_fault(struct import_report *r, const struct import_fault *f, bool warning,
                         struct str title)
{
    import_report_begin(r, warning ? "warning" : "refused", f->row);
    import_report_str(r, "column", f->column);
    import_report_str(r, "code", f->code);
    import_report_str(r, "value", f->value);
    if (f->limit != 0)
        import_report_int(r, "limit", f->limit);
    import_report_str(r, "title", title);
    import_report_end(r);
}

enum cau_err import_report_close(struct import_report *r, struct arena *a, struct str *out)
{
    if (r->left_off > 0) {
        buf_add_word(&r->b, r->b.len > 1 ? ",{\"what\":\"more\",\"left_off\":"
                                         : "{\"what\":\"more\",\"left_off\":");
        buf_add_u64(&r->b, r->left_off);
        buf_add_char(&r->b, '}');
    }
    buf_add_char(&r->b, ']');
    return r->b.failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(&r->b), out);
}

/* ---- as text ---- */

static struct str number_text(struct buf *b, enum lang lang, int64_t value)
{
    buf_reset(b);
    words_number(b, lang, value);
    return buf_str(b);
}

/* The words for a code, else the code itself. */
static struct str words_of(enum lang lang, const char *head, struct str code)
{
    struct buf id = buf_new(200);
    buf_add_word(&id, head);
    buf_add(&id, code);
    struct str text = id.failed ? (struct str){NULL, 0} : words_find(lang, buf_str(&id));
    buf_free(&id);
    return text.p != NULL ? text : code;
}

/* {0} value, {1} limit, {2} place or column */
static void say_problem(struct buf *b, enum lang lang, const struct value *item)
{
    struct buf limit = buf_new(64);
    const struct str slot[] = {value_get_str(item, "value"),
                               number_text(&limit, lang, value_get_int(item, "limit", 0)),
                               value_get_str(item, "column")};
    words_fill(b, words_of(lang, "problem.", value_get_str(item, "code")), slot, countof(slot));
    buf_free(&limit);
}

static void say_changes(struct buf *b, enum lang lang, const struct value *changes)
{
    for (uint32_t i = 0; changes != NULL && changes->type == VALUE_ARRAY && i < changes->n;
         i++) {
        const struct value *c = &changes->item[i];
        const struct str slot[] = {value_get_str(c, "place"), value_get_str(c, "old"),
                                   value_get_str(c, "new")};
        const char *id = value_get(c, "old") == NULL   ? "import.say.set"
                         : value_get(c, "new") == NULL ? "import.say.removed"
                                                       : "import.say.replaced";
        buf_add(b, i > 0 ? STR("; ") : STR(" "));
        words_fill(b, words(lang, id), slot, countof(slot));
    }
}

void import_say(struct buf *b, enum lang lang, const struct value *item)
{
    struct str what = value_get_str(item, "what");
    struct buf number = buf_new(64), inner = buf_new((size_t)1 << 16);
    int64_t count = str_is(what, "more") ? value_get_int(item, "left_off", 0)
                                         : value_get_int(item, "row", 0);
    bool alike = str_is(what, "alike"), changed = str_is(what, "changed");
    if (alike) {
        const struct str value = value_get_str(item, "value");
        words_fill(&inner, words_of(lang, "import.like.", value_get_str(item, "why")), &value,
                   1);
    } else if (changed) {
        say_changes(&inner, lang, value_get(item, "changes"));
    } else if (!str_is(what, "more")) {
        say_problem(&inner, lang, item);
    }
    /* {0} row, {1} title, {2} column, {3} the rest, {4} the other record, {5} its id */
    const struct str slot[] = {
        number_text(&number, lang, count), value_get_str(item, "title"),
        value_get_str(item, "column"),     buf_str(&inner),
        value_get_str(item, "other"),      value_get_str(item, "id"),
    };
    bool whole = value_get_str(item, "column").len == 0 &&
                 (str_is(what, "refused") || str_is(what, "warning"));
    if (whole && count > 0)
        what = str_is(what, "refused") ? STR("refused_row") : STR("warning_row");
    words_fill(b, words_of(lang, count == 0 ? "import.file." : "import.say.", what), slot,
               countof(slot));
    buf_free(&number);
    buf_free(&inner);
}
