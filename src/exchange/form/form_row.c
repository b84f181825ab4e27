/* Cells become values: one function for each type of field. */
#include "exchange/form/form.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"
#include "exchange/file/csv.h"
#include "exchange/form/form_words.h"
#include "language/guess.h"
#include "record/json.h"
#include "record/record.h"

#include <stdio.h>
#include <string.h>

#define CLIP_POINTS 80

/* A row being read. After an error of memory nothing is done any more. */
struct reading {
    const struct form *f;
    struct arena *a;
    struct form_problems *problems;
    size_t column;
    bool bad;
    enum cau_err err;
    struct value nowhere; /* where values go once the arena is full */
};

static void note(struct reading *r, const char *code, struct str value, bool warning)
{
    r->bad = r->bad || !warning;
    if (r->problems->n == FORM_PROBLEMS_MAX)
        return;
    r->problems->v[r->problems->n++] =
        (struct form_problem){r->column, code, utf8_clip(value, CLIP_POINTS), warning};
}

static struct value text_value(struct str text)
{
    return value_string(text);
}

static struct str copy(struct reading *r, struct str text)
{
    struct str out = text;
    if (r->err == CAU_OK)
        r->err = arena_copy(r->a, text, &out);
    return out;
}

static void set(struct reading *r, struct value *object, struct str key, struct value v)
{
    if (r->err == CAU_OK)
        r->err = value_set(r->a, object, key, v);
}

static void push(struct reading *r, struct value *list, struct value v)
{
    if (r->err == CAU_OK)
        r->err = value_push(r->a, list, v);
}

/* The member of an object as a list or object that can be added to. */
static struct value *member(struct reading *r, struct value *object, struct str key,
                            enum value_type type)
{
    const struct value *had = value_find(object, key);
    if (had == NULL || had->type != type) {
        set(r, object, key, (struct value){.type = type});
        had = value_find(object, key);
    }
    if (had != NULL)
        for (uint32_t i = 0; i < object->n; i++)
            if (&object->member[i].value == had)
                return &object->member[i].value;
    must(r->err != CAU_OK);
    r->nowhere = (struct value){.type = type};
    return &r->nowhere;
}

/* Takes the next of several values in a cell; false when there is none. */
static bool next_part(struct str *rest, struct str *part)
{
    while (rest->len > 0) {
        size_t n = 0;
        while (n < rest->len && rest->p[n] != ';' && rest->p[n] != '|' && rest->p[n] != '\n')
            n++;
        *part = form_trim(str_to(*rest, n));
        *rest = n < rest->len ? str_from(*rest, n + 1) : (struct str){NULL, 0};
        if (part->len > 0)
            return true;
    }
    return false;
}

/* Numbers. */

/* Digits with one point, without what countries put between groups; {NULL, 0} when it is no number. whole: a lone
 * separator before three digits parts a group. */
static struct str plain_number(struct reading *r, struct str text, bool whole)
{
    char out[64];
    size_t n = 0, dots = 0, commas = 0, last = 0;
    for (size_t i = 0; i < text.len; i++) {
        dots += text.p[i] == '.';
        commas += text.p[i] == ',';
        if (text.p[i] == '.' || text.p[i] == ',')
            last = i;
    }
    bool group = whole && dots + commas == 1 && text.len - last == 4;
    char point = dots + commas == 0 || group ? 0
                 : dots > 0 && commas > 0    ? text.p[last]
                 : dots + commas == 1        ? text.p[last]
                                             : 0;
    if (point != 0 && (point == '.' ? dots : commas) > 1)
        return (struct str){NULL, 0};
    for (struct str rest = text; rest.len > 0;) {
        char c = rest.p[0];
        uint32_t u = utf8_next(&rest);
        if (u == ' ' || u == 0xA0 || u == 0x202F || u == 0x2009 || u == '\'')
            continue;
        if (u == 0x2212 || u == 0x2013)
            c = '-';
        else if (u > 0x7F || (strchr("-+.,", c) == NULL && (c < '0' || c > '9')) ||
                 n == sizeof out)
            return (struct str){NULL, 0};
        if (c == '.' || c == ',') {
            if (c != point)
                continue;
            c = '.';
        }
        if (c != '+')
            out[n++] = c;
    }
    struct str number = {out, n};
    return number_is_decimal(number) ? copy(r, number) : (struct str){NULL, 0};
}

static struct value read_number(struct reading *r, const struct cell *cell, struct str text,
                                bool whole)
{
    struct str number = cell->type == CELL_NUMBER ? text : plain_number(r, text, whole);
    int64_t integer;
    if (number.p == NULL)
        return text_value(text); /* the check of the form says what is wrong */
    if (whole)
        return number_read_int(number, &integer) == CAU_OK ? value_integer(integer)
                                                           : text_value(text);
    return text_value(number);
}

/* Dates. */

static bool number_of(struct str text, int least, int most, int *out)
{
    int value = 0;
    if (text.len == 0 || text.len > 4)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        value = value * 10 + (text.p[i] - '0');
    }
    *out = value;
    return value >= least && value <= most;
}

/* 7.3.2019, 07/03/2019, 7-3-2019, 03.2019: the day first, as both countries write. */
static struct str read_date(struct reading *r, struct str text)
{
    static const char *const mark[] = {".", "/", "-"};
    struct clock_date known;
    if (clock_read_date(text, &known) != CAU_ERR_SYNTAX)
        return text;
    for (size_t k = 0; k < countof(mark); k++) {
        struct str rest = text, part[4];
        size_t n = 0;
        while (rest.len > 0 && n < countof(part))
            part[n++] = form_trim(str_next(&rest, mark[k][0]));
        int day = 0, month, year;
        if (n < 2 || n > 3 || part[n - 1].len != 4 || !number_of(part[n - 1], 0, 9999, &year) ||
            !number_of(part[n - 2], 0, 99, &month) ||
            (n == 3 && !number_of(part[0], 0, 99, &day)))
            continue;
        char iso[16];
        int len = n == 3 ? snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day)
                         : snprintf(iso, sizeof iso, "%04d-%02d", year, month);
        return copy(
            r, (struct str){iso, (size_t)len}); /* a day that is not is refused by the check */
    }
    return text;
}

/* Texts. */

static struct str language_of(struct reading *r, struct str text)
{
    static const char other[] = "іїєґўәғқңөұүһѓќљњџђћІЇЄҐЎӘҒҚҢӨҰҮҺ"; /* not Russian */
    enum lang lang = guess_lang(text, r->f->lang);
    if (lang == LANG_RU)
        for (struct str rest = text; rest.len > 0;) {
            uint32_t point = utf8_next(&rest);
            if (point >= 0x400 && point < 0x500)
                for (struct str known = str_of(other); known.len > 0;)
                    if (utf8_next(&known) == point)
                        return STR("und");
        }
    return lang_code(lang);
}

static void add_text(struct reading *r, const struct form_column *c, struct value *form,
                     struct str text)
{
    struct value *by_lang = member(r, form, c->target.field->name, VALUE_OBJECT);
    if (c->target.field->type != KIND_NAMES) {
        struct str lang = c->target.key.len > 0 ? c->target.key : language_of(r, text);
        if (value_find(by_lang, lang) != NULL)
            note(r, "twice", text, false);
        set(r, by_lang, lang, text_value(text));
        return;
    }
    struct str part;
    while (next_part(&text, &part)) {
        struct str lang = c->target.key.len > 0 ? c->target.key : language_of(r, part);
        push(r, member(r, by_lang, lang, VALUE_ARRAY), text_value(part));
    }
}

/* Simple values. */

static struct value read_choice(struct reading *r, const struct kind_list *list,
                                struct str text)
{
    struct str code;
    enum cau_err err = form_find_code(r->f, r->a, list, text, &code);
    if (r->err == CAU_OK)
        r->err = err;
    return text_value(code.len > 0 ? code : text);
}

static struct value read_flag(struct reading *r, const struct cell *cell, struct str text)
{
    const struct kind_list *words = kinds_find_list(r->f->kinds, STR("synonym"));
    struct str code = {NULL, 0};
    if (cell->type == CELL_FLAG)
        code = text;
    else if (words != NULL && r->err == CAU_OK)
        r->err = form_find_code(r->f, r->a, words, text, &code);
    return str_is(code, "true")    ? value_true()
           : str_is(code, "false") ? (struct value){.type = VALUE_FALSE}
                                   : text_value(text);
}

/* An address as people write it, without its beginning. */
static struct str read_url(struct reading *r, struct str text)
{
    if (!str_starts(text, STR("www.")) && !str_starts(text, STR("WWW.")))
        return text;
    struct buf b = buf_new(RECORD_URL_BYTES_MAX);
    buf_add(&b, STR("http://"));
    buf_add(&b, text);
    struct str out = b.failed ? text : copy(r, buf_str(&b));
    buf_free(&b);
    return out;
}

static struct value read_simple(struct reading *r, const struct kind_field *field,
                                const struct cell *cell, struct str text)
{
    switch (field->type) {
    case KIND_DATE:
        return text_value(cell->type == CELL_DATE ? text : read_date(r, text));
    case KIND_INTEGER:
        return read_number(r, cell, text, true);
    case KIND_DECIMAL:
        return read_number(r, cell, text, false);
    case KIND_FLAG:
        return read_flag(r, cell, text);
    case KIND_CHOICE:
        return read_choice(r, field->list, text);
    case KIND_URL:
        return text_value(read_url(r, text));
    default:
        return text_value(text);
    }
}

/* Identifiers. */

/* How many digits the codes of states have. */
static const struct {
    const char *scheme;
    size_t digits[2];
} state_code[] = {{"tax_vn", {10, 13}},
                  {"inn", {10, 12}},
                  {"ogrn", {13, 15}},
                  {"okpo", {8, 10}},
                  {"unp", {9, 9}}};

/* A code of a state with as many digits as it has to have. A number has lost its zeros: one is given back. */
static struct str read_identifier(struct reading *r, const struct cell *cell, struct str scheme,
                                  struct str text)
{
    size_t digits = 0, i = 0;
    for (size_t k = 0; k < text.len; k++)
        digits += text.p[k] >= '0' && text.p[k] <= '9';
    while (i < countof(state_code) && !str_is(scheme, state_code[i].scheme))
        i++;
    if (i == countof(state_code))
        return text;
    const size_t *allowed = state_code[i].digits;
    if (digits == allowed[0] || digits == allowed[1])
        return text;
    bool lost = cell->type == CELL_NUMBER && digits == text.len &&
                (digits + 1 == allowed[0] || digits + 1 == allowed[1]);
    if (!lost) {
        note(r, "wrong_digits", text, false);
        return text;
    }
    char whole[20];
    whole[0] = '0';
    memcpy(whole + 1, text.p, text.len);
    struct str restored = copy(r, (struct str){whole, text.len + 1});
    note(r, "lost_zeros", restored, true);
    return restored;
}

/* Fields with parts. */

static void add_money(struct reading *r, struct value *form, const struct form_column *c,
                      const struct cell *cell, struct str text)
{
    struct value *money = member(r, form, c->target.field->name, VALUE_OBJECT);
    const struct kind_list *list = kinds_find_list(r->f->kinds, STR("currency"));
    if (str_is(c->target.key, "currency") && list != NULL) {
        set(r, money, STR("currency"), read_choice(r, list, text));
    } else if (c->target.key.len > 0) {
        set(r, money, c->target.key, read_number(r, cell, text, false));
    } else { /* "12.50 USD" or "USD 12.50" */
        bool behind = text.len > 3 && text.p[text.len - 1] > '9';
        size_t cut = behind ? text.len - 3 : text.len > 3 ? 3 : text.len;
        struct str head = form_trim(str_to(text, cut)), tail = form_trim(str_from(text, cut));
        struct str amount = plain_number(r, behind ? head : tail, false);
        set(r, money, STR("amount"), text_value(amount.p != NULL ? amount : text));
        set(r, money, STR("currency"), text_value(behind ? tail : head));
    }
}

static void add_place(struct reading *r, struct value *form, const struct form_column *c,
                      const struct cell *cell, struct str text)
{
    struct value *place = member(r, form, c->target.field->name, VALUE_OBJECT);
    if (c->target.key.len > 0) {
        set(r, place, c->target.key, read_number(r, cell, text, false));
        return;
    }
    /* "21.0285, 105.8542": the separator is a semicolon, else a comma with a space, else a space or comma. */
    static const char *const mark[] = {";", ", ", " ", ","};
    for (size_t k = 0; k < countof(mark); k++) {
        size_t len = strlen(mark[k]);
        for (size_t i = 0; i + len <= text.len; i++) {
            if (memcmp(text.p + i, mark[k], len) != 0)
                continue;
            struct str latitude = plain_number(r, form_trim(str_to(text, i)), false);
            struct str longitude = plain_number(r, form_trim(str_from(text, i + len)), false);
            if (latitude.p == NULL || longitude.p == NULL)
                break;
            set(r, place, STR("latitude"), text_value(latitude));
            set(r, place, STR("longitude"), text_value(longitude));
            return;
        }
    }
    note(r, "bad_place", text, false);
}

static bool looks_like_id(struct str text)
{
    return record_id_valid(text) || str_starts(text, STR("http://")) ||
           str_starts(text, STR("https://")) ||
           (text.len > 0 && text.len <= 120 && memchr(text.p, ' ', text.len) == NULL);
}

static void add_relations(struct reading *r, struct value *form, const struct form_column *c,
                          struct str text)
{
    struct value *list = member(r, form, c->target.field->name, VALUE_ARRAY);
    struct str part;
    while (next_part(&text, &part)) {
        struct value relation = value_object();
        set(r, &relation, STR("rel"), text_value(c->target.key));
        set(r, &relation, looks_like_id(part) ? STR("to") : STR("label"), text_value(part));
        push(r, list, relation);
    }
}

static void add_codes(struct reading *r, struct value *form, const struct form_column *c,
                      struct str text)
{
    struct value *list = member(r, form, c->target.field->name, VALUE_ARRAY);
    struct str part;
    while (next_part(&text, &part)) {
        struct str whole = part;
        if (c->target.key.len > 0 && memchr(part.p, ':', part.len) == NULL) {
            struct buf b = buf_new(CELL_BYTES_MAX + 100);
            buf_add(&b, c->target.key);
            buf_add_char(&b, ':');
            buf_add(&b, part);
            whole = b.failed ? part : copy(r, buf_str(&b));
            buf_free(&b);
        }
        push(r, list, text_value(whole));
    }
}

/* A column of the first source or row. */
static void add_to_row(struct reading *r, struct value *form, const struct form_column *c,
                       const struct cell *cell, struct str text)
{
    struct value *list = member(r, form, c->target.field->name, VALUE_ARRAY);
    if (list->n == 0)
        push(r, list, value_object());
    if (list->n == 0)
        return;
    const struct kind_field *part = c->target.part;
    struct value v = read_simple(r, part, cell, text);
    if (part->type == KIND_TEXT || part->type == KIND_PROSE || part->type == KIND_NAMES) {
        struct value by_lang = value_object();
        set(r, &by_lang, language_of(r, text), v);
        v = by_lang;
    }
    set(r, &list->item[0], part->name, v);
}

/* A cell that holds the field as JSON; false when it does not begin like it, or the field has no parts. */
static bool take_json(struct reading *r, struct value *form, const struct form_column *c,
                      struct str text)
{
    const struct kind_field *field = c->target.field;
    bool simple = field->type == KIND_LINE || field->type == KIND_URL ||
                  field->type == KIND_EMAIL || field->type == KIND_DATE ||
                  field->type == KIND_INTEGER || field->type == KIND_DECIMAL ||
                  field->type == KIND_FLAG || field->type == KIND_CHOICE ||
                  field->type == KIND_LINK;
    bool whole = c->target.key.len == 0 && c->target.part == NULL;
    bool names = field->type == KIND_NAMES && text.p[0] == '[';
    if ((text.p[0] != '[' && text.p[0] != '{') || (simple && !field->many) ||
        (!whole && !names))
        return false;
    struct value v;
    enum cau_err err = json_read(r->a, text, CELL_BYTES_MAX, JSON_FORM, &v, NULL);
    if (err == CAU_ERR_MEMORY)
        r->err = err;
    if (err != CAU_OK)
        return false;
    if (v.type == VALUE_OBJECT) { /* joins what other columns say: texts in other languages */
        struct value *object = member(r, form, field->name, VALUE_OBJECT);
        for (uint32_t i = 0; i < v.n; i++)
            set(r, object, v.member[i].key, v.member[i].value);
    } else if (names) {
        struct str lang = whole ? lang_code(r->f->lang) : c->target.key;
        set(r, member(r, form, field->name, VALUE_OBJECT), lang, v);
    } else {
        set(r, form, field->name, v);
    }
    return true;
}

/* The columns that are no fields: kind, which has to be the one of the table, and visibility. */
static void add_other(struct reading *r, struct value *form, const struct form_column *c,
                      struct str text)
{
    const struct kind_list *words = kinds_find_list(r->f->kinds, STR("synonym"));
    if (str_is(c->target.to, "visibility")) {
        set(r, form, c->target.to,
            words != NULL ? read_choice(r, words, text) : text_value(text));
        return;
    }
    struct str key;
    if (r->err == CAU_OK)
        r->err = form_key(r->a, STR(FORM_KINDS), text, &key);
    if (r->err == CAU_OK &&
        (key.len == 0 || table_get(&r->f->words, key, FORM_NONE) != r->f->kind->index))
        note(r, "unknown_kind", text, false);
}

/* Of a field that has parts: which one the column is, its heading must have said. False: the field has none. */
static bool add_part(struct reading *r, const struct form_column *c, const struct cell *cell,
                     struct value *form, struct str text)
{
    const struct kind_field *field = c->target.field;
    switch (field->type) {
    case KIND_RELATIONS:
        if (c->target.key.len > 0)
            add_relations(r, form, c, text);
        else
            note(r, "wrong_type", text, false);
        return true;
    case KIND_IDENTIFIERS:
        if (c->target.key.len > 0)
            set(r, member(r, form, field->name, VALUE_OBJECT), c->target.key,
                text_value(read_identifier(r, cell, c->target.key, text)));
        else
            note(r, "wrong_type", text, false);
        return true;
    case KIND_SOURCES:
    case KIND_ROWS:
        if (c->target.part != NULL)
            add_to_row(r, form, c, cell, text);
        else
            note(r, "wrong_type", text, false);
        return true;
    default:
        return false;
    }
}

static void add_simple(struct reading *r, const struct kind_field *field,
                       const struct cell *cell, struct value *form, struct str text)
{
    struct str part;
    if (field->many) {
        struct value *list = member(r, form, field->name, VALUE_ARRAY);
        while (next_part(&text, &part))
            push(r, list, read_simple(r, field, cell, part));
        return;
    }
    if (value_find(form, field->name) != NULL)
        note(r, "twice", text, false);
    set(r, form, field->name, read_simple(r, field, cell, text));
}

static void add_cell(struct reading *r, const struct form_column *c, const struct cell *cell,
                     struct value *form)
{
    const struct kind_field *field = c->target.field;
    struct str text = form_trim(csv_unguard(cell->text));
    if (cell->type == CELL_ERROR) {
        note(r, str_is(cell->text, "=") ? "formula_without_value" : "error_cell", cell->text,
             false);
        return;
    }
    if (text.len == 0)
        return;
    if (field == NULL) {
        add_other(r, form, c, text);
        return;
    }
    if (take_json(r, form, c, text) || add_part(r, c, cell, form, text))
        return;
    switch (field->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        add_text(r, c, form, text);
        return;
    case KIND_MONEY:
        add_money(r, form, c, cell, text);
        return;
    case KIND_PLACE:
        add_place(r, form, c, cell, text);
        return;
    case KIND_CODES:
        add_codes(r, form, c, text);
        return;
    default:
        add_simple(r, field, cell, form, text);
    }
}

enum cau_err form_row(const struct form *f, struct arena *a, const struct cell *cell, size_t n,
                      struct value *out, struct form_problems *problems, bool *bad)
{
    struct reading r = {.f = f, .a = a, .problems = problems};
    struct value form = value_object();
    problems->n = 0;
    for (r.column = 0; r.column < n && r.err == CAU_OK; r.column++) {
        if (r.column < f->n) {
            if (f->column[r.column].target.to.len > 0)
                add_cell(&r, &f->column[r.column], &cell[r.column], &form);
        } else if (form_trim(cell[r.column].text).len > 0) {
            note(&r, "no_heading", cell[r.column].text, false);
        }
    }
    for (uint32_t i = 0; i < f->fixed.n; i++)
        if (value_find(&form, f->fixed.member[i].key) == NULL)
            set(&r, &form, f->fixed.member[i].key, f->fixed.member[i].value);
    set(&r, &form, STR("kind"), text_value(f->kind->name));
    if (r.err != CAU_OK)
        return r.err;
    *out = form;
    *bad = r.bad;
    return CAU_OK;
}
