#include "exchange/form/sdmx.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/number.h"
#include "base/utf8.h"
#include "exchange/file/csv.h"
#include "exchange/form/form_words.h"
#include "exchange/form/sdmx_int.h"

#include <string.h>

/* ---- columns ---- */

static const struct {
    const char *id;
    enum sdmx_role role;
} known[] = {
    {"DATAFLOW", SDMX_STRUCTURE}, {"STRUCTURE_ID", SDMX_STRUCTURE},
    {"ACTION", SDMX_ACTION},      {"INDICATOR", SDMX_SUBJECT},
    {"SERIES", SDMX_SUBJECT},     {"MEASURE", SDMX_SUBJECT},
    {"SUBJECT", SDMX_SUBJECT},    {"VARIABLE", SDMX_SUBJECT},
    {"REF_AREA", SDMX_AREA},      {"COUNTERPART_AREA", SDMX_PARTNER},
    {"TIME_PERIOD", SDMX_PERIOD}, {"OBS_VALUE", SDMX_VALUE},
    {"UNIT_MEASURE", SDMX_UNIT},  {"UNIT_MULT", SDMX_MULT},
    {"OBS_STATUS", SDMX_STATUS},  {"OBS_COMMENT", SDMX_NOTE},
    {"COMMENT_OBS", SDMX_NOTE},   {"SOURCE", SDMX_SOURCE},
    {"DECIMALS", SDMX_DECIMALS},  {"TITLE", SDMX_TITLE},
    {"TITLE_VI", SDMX_TITLE_VI},  {"TITLE_RU", SDMX_TITLE_RU},
    {"TITLE_EN", SDMX_TITLE_EN},  {"UNIT_VI", SDMX_UNIT_VI},
    {"UNIT_RU", SDMX_UNIT_RU},    {"UNIT_EN", SDMX_UNIT_EN},
    {"STATED_BY", SDMX_SIDE},     {"QUALIFIER", SDMX_QUALIFIER},
    {"TARGET", SDMX_TARGET},      {"TOPIC", SDMX_TOPIC},
    {"STRUCTURE", SDMX_PASSED},   {"STRUCTURE_NAME", SDMX_PASSED},
    {"SERIES_KEY", SDMX_PASSED},  {"OBS_KEY", SDMX_PASSED},
    {"FREQ", SDMX_PASSED},
};

static const struct {
    const char *head;
    enum sdmx_role role;
} in_table[] = {
    {"COUNTRY CODE", SDMX_AREA},
    {"LOCATION", SDMX_AREA},
    {"ISO3", SDMX_AREA},
    {"ISO_CODE", SDMX_AREA},
    {"COUNTRY NAME", SDMX_AREA_NAME},
    {"COUNTRY", SDMX_AREA_NAME},
    {"YEAR", SDMX_PERIOD},
    {"TIME", SDMX_PERIOD},
};

/* "FREQ: Frequency" -> "FREQ" */
static struct str id_of(struct str cell, struct str *label)
{
    struct str rest = cell, id = str_next(&rest, ':');
    *label = str_trim(rest);
    return str_trim(id);
}

static bool same_word(struct str x, const char *word)
{
    if (x.len != strlen(word))
        return false;
    for (size_t i = 0; i < x.len; i++)
        if ((x.p[i] >= 'a' && x.p[i] <= 'z' ? x.p[i] - 32 : x.p[i]) != word[i])
            return false;
    return true;
}

static struct str bare_head(struct str head)
{
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_from(head, 3);
    return str_trim(head);
}

/* SDMX_ROLES: not one of those with a name. */
static enum sdmx_role known_role(struct str head)
{
    struct str label, id = id_of(bare_head(head), &label);
    for (size_t i = 0; i < countof(known); i++)
        if (same_word(id, known[i].id))
            return known[i].role;
    return SDMX_ROLES;
}

static enum sdmx_role table_role(struct str head)
{
    for (size_t i = 0; i < countof(in_table); i++)
        if (same_word(bare_head(head), in_table[i].head))
            return in_table[i].role;
    return SDMX_VALUE;
}

/* How many columns of the head have a role; *at is the first. */
static size_t find_role(const struct sdmx *x, enum sdmx_role role, size_t *at)
{
    size_t n = 0;
    for (size_t i = x->columns; i-- > 0;)
        if (x->role[i] == role) {
            *at = i;
            n++;
        }
    return n;
}

bool sdmx_is_head(const struct cell *head, size_t n)
{
    bool value = false, period = false, area = false, code = false, year = false, more = false;
    for (size_t i = 0; i < n; i++) {
        enum sdmx_role role = known_role(head[i].text), in = table_role(head[i].text);
        value = value || role == SDMX_VALUE;
        period = period || role == SDMX_PERIOD;
        area = area || role == SDMX_AREA;
        code = code || in == SDMX_AREA;
        year = year || in == SDMX_PERIOD;
        more = more || (in == SDMX_VALUE && bare_head(head[i].text).len > 0);
    }
    return value ? period && area : code && year && more;
}

/* Columns without a known name are dimensions when they stand left of the figures. */
static enum cau_err set_roles(struct sdmx *x, const struct cell *head, size_t n,
                              const char **missing)
{
    size_t at = n, dimensions = 0;
    x->table = true;
    x->columns = n;
    for (size_t i = 0; i < n; i++)
        if (known_role(head[i].text) == SDMX_VALUE) {
            x->table = false;
            at = i;
        }
    for (size_t i = 0; i < n; i++) {
        enum sdmx_role role = x->table ? table_role(head[i].text) : known_role(head[i].text);
        bool blank = bare_head(head[i].text).len == 0;
        if (role == SDMX_ROLES)
            role = i < at ? SDMX_DIMENSION : SDMX_LEFT_OUT;
        x->role[i] = blank ? SDMX_LEFT_OUT : role;
        dimensions += x->role[i] == SDMX_DIMENSION;
        enum cau_err err = arena_copy(x->life, bare_head(head[i].text), &x->head[i]);
        if (err != CAU_OK)
            return err;
    }
    *missing = find_role(x, SDMX_PERIOD, &at) == 0  ? x->table ? "Year" : "TIME_PERIOD"
               : find_role(x, SDMX_VALUE, &at) == 0 ? x->table ? "Value" : "OBS_VALUE"
               : find_role(x, SDMX_AREA, &at) + find_role(x, SDMX_AREA_NAME, &at) == 0
                   ? "REF_AREA"
                   : NULL;
    if (*missing != NULL)
        return CAU_ERR_SYNTAX;
    return dimensions > SDMX_DIMENSIONS_MAX ? CAU_ERR_RANGE : CAU_OK;
}

enum cau_err sdmx_open(struct arena *life, const struct form *form, struct str file,
                       const struct cell *head, size_t n, struct sdmx **out,
                       const char **missing)
{
    struct sdmx *x = arena_zero(life, sizeof *x);
    if (x == NULL)
        return CAU_ERR_MEMORY;
    x->life = life;
    x->form = form;
    x->file = file;
    x->keys = table_new();
    x->cells = table_new();
    x->key = buf_new((size_t)1 << 20);
    enum cau_err err = set_roles(x, head, n < CELL_COLUMNS_MAX ? n : CELL_COLUMNS_MAX, missing);
    if (err != CAU_OK) {
        sdmx_close(x);
        return err;
    }
    *out = x;
    return CAU_OK;
}

void sdmx_close(struct sdmx *x)
{
    if (x == NULL)
        return;
    table_free(&x->keys);
    table_free(&x->cells);
    buf_free(&x->key);
}

struct str sdmx_target(const struct sdmx *x, size_t column)
{
    static const char *const to[SDMX_ROLES] = {[SDMX_PASSED] = "kind",
                                               [SDMX_STRUCTURE] = "sources.title",
                                               [SDMX_ACTION] = "external_id",
                                               [SDMX_SUBJECT] = "external_id",
                                               [SDMX_DIMENSION] = "external_id",
                                               [SDMX_AREA] = "countries",
                                               [SDMX_AREA_NAME] = "countries",
                                               [SDMX_PARTNER] = "countries",
                                               [SDMX_PERIOD] = "values.period",
                                               [SDMX_VALUE] = "values.value",
                                               [SDMX_UNIT] = "unit_code",
                                               [SDMX_MULT] = "values.value",
                                               [SDMX_STATUS] = "values.note",
                                               [SDMX_NOTE] = "values.note",
                                               [SDMX_SOURCE] = "values.source",
                                               [SDMX_DECIMALS] = "decimals",
                                               [SDMX_TITLE] = "title",
                                               [SDMX_TITLE_VI] = "title.vi",
                                               [SDMX_TITLE_RU] = "title.ru",
                                               [SDMX_TITLE_EN] = "title.en",
                                               [SDMX_UNIT_VI] = "unit.vi",
                                               [SDMX_UNIT_RU] = "unit.ru",
                                               [SDMX_UNIT_EN] = "unit.en",
                                               [SDMX_SIDE] = "values.side",
                                               [SDMX_QUALIFIER] = "values.qualifier",
                                               [SDMX_TARGET] = "values.target",
                                               [SDMX_TOPIC] = "measure"};
    const char *target = column < x->columns ? to[x->role[column]] : NULL;
    return target == NULL ? (struct str){NULL, 0} : str_of(target);
}

/* ---- growing lists: doubled, the old ones stay in the arena ---- */

static enum cau_err room(struct arena *a, void **list, size_t size, size_t n, size_t *cap)
{
    if (n < *cap)
        return CAU_OK;
    size_t more = *cap == 0 ? 64 : *cap * 2;
    void *fresh = arena_take(a, more * size);
    if (fresh == NULL)
        return CAU_ERR_MEMORY;
    if (n > 0)
        memcpy(fresh, *list, n * size);
    *list = fresh;
    *cap = more;
    return CAU_OK;
}

/* ---- rows ---- */

struct row {
    struct sdmx *x;
    uint32_t line;
    const struct cell *cell;
    size_t n;
    enum cau_err err;
    bool refused;
};

static void note(struct row *r, const char *code, size_t column, struct str value,
                 int64_t limit)
{
    struct sdmx *x = r->x;
    void *list = x->fault;
    struct str copy = {NULL, 0};
    if (r->err == CAU_OK)
        r->err = room(x->life, &list, sizeof *x->fault, x->fault_n, &x->fault_cap);
    if (r->err == CAU_OK)
        r->err = arena_copy(x->life, utf8_clip(value, 80), &copy);
    x->fault = list;
    if (r->err == CAU_OK)
        x->fault[x->fault_n++] = (struct sdmx_fault){r->line, code, column, copy, limit};
    r->refused = true;
}

static struct str text_at(const struct row *r, size_t column)
{
    return column < r->n ? str_trim(csv_unguard(r->cell[column].text)) : STR("");
}

/* The first cell of a role that holds something; *at is its column. */
static struct str text_of(const struct row *r, enum sdmx_role role, size_t *at)
{
    for (size_t i = 0; i < r->x->columns; i++) {
        if (r->x->role[i] != role)
            continue;
        *at = i;
        if (text_at(r, i).len > 0)
            return text_at(r, i);
    }
    return STR("");
}

/* The same without the label that stands behind the code. */
static struct str code_of(const struct row *r, enum sdmx_role role)
{
    size_t at;
    struct str label;
    return id_of(text_of(r, role, &at), &label);
}

static struct str keep(struct row *r, struct str text)
{
    struct str copy = {NULL, 0};
    if (text.len > 0 && r->err == CAU_OK)
        r->err = arena_copy(r->x->life, text, &copy);
    return copy;
}

/* The code of the country that a cell means; empty: it is none. */
static struct str country_of(struct row *r, struct str text)
{
    struct sdmx *x = r->x;
    struct str code = {NULL, 0}, label;
    const struct kind_list *list = kinds_find_list(x->form->kinds, STR("country"));
    size_t before = x->life->used;
    if (list == NULL || r->err != CAU_OK)
        return code;
    r->err = form_find_code(x->form, x->life, list, text, &code);
    if (r->err == CAU_OK && code.len == 0)
        r->err = form_find_code(x->form, x->life, list, id_of(text, &label), &code);
    x->life->used = before; /* the code itself is of the list */
    return code;
}

/* Codes for the whole world, and for "does not apply", are no partner. */
static bool is_nobody(struct str code)
{
    static const char *const word[] = {"_Z", "_X", "_T", "W", "W0", "W00", "W1", "WLD", "1W"};
    for (size_t i = 0; i < countof(word); i++)
        if (str_is(code, word[i]))
            return true;
    return code.len == 0;
}

/* "2024-A1" and "2024-M06" are written as years and months. False: no date that an indicator can hold. */
static bool read_period(struct row *r, struct str text, struct str *out)
{
    struct clock_date d;
    char iso[CLOCK_DATE_CHARS];
    if (text.len == 7 && str_ends(text, STR("-A1")))
        text = str_to(text, 4);
    bool month = text.len == 8 && text.p[4] == '-' && text.p[5] == 'M';
    if (month) {
        memcpy(iso, text.p, 5);
        memcpy(iso + 5, text.p + 6, 2);
        text = (struct str){iso, 7};
    }
    if (clock_read_date(text, &d) != CAU_OK)
        return false;
    *out = keep(r, text);
    return true;
}

static bool is_missing(struct str value)
{
    return value.len == 0 || same_word(value, "NAN") || str_is(value, "..") ||
           str_is(value, "NA");
}

/* The figure as an indicator writes it, multiplied out. False: it is noted why not. */
static bool read_value(struct row *r, size_t column, struct str text, struct str *out)
{
    struct decimal number;
    struct str mult = code_of(r, SDMX_MULT);
    size_t at = column;
    int64_t power = 0;
    char digits[DECIMAL_CHARS_MAX];
    (void)text_of(r, SDMX_MULT, &at);
    if (mult.len > 0 &&
        (number_read_int(mult, &power) != CAU_OK || power < -12 || power > 15)) {
        note(r, "bad_number", at, mult, 0);
        return false;
    }
    if (decimal_read(text, &number) != CAU_OK || !decimal_shift(&number, (int)power, &number)) {
        note(r, "bad_number", column, text, 0);
        return false;
    }
    struct str written = {digits, decimal_write(&number, digits)};
    if (!number_is_decimal(written)) {
        note(r, "bad_number", column, text, 0);
        return false;
    }
    *out = keep(r, power == 0 && number_is_decimal(text) ? text : written);
    return true;
}

/* ---- series ---- */

static void add_key(struct row *r, struct str text)
{
    struct buf *key = &r->x->key;
    if (text.len == 0)
        return;
    if (key->len > 0)
        buf_add_char(key, ':');
    buf_add(key, text);
}

/* "ILO:DF_EMP(1.0)" -> "ILO:DF_EMP": a new version of the structure brings the same series */
static struct str without_version(struct str structure)
{
    return str_next(&structure, '(');
}

bool sdmx_is_own(struct str structure)
{
    return str_equal(without_version(structure), STR(SDMX_OWN));
}

struct str sdmx_stem(struct str file)
{
    return str_next(&file, '.');
}

/* "ILO:DF_EMP(1.0): Employment" without the label; the id itself has a colon. */
static struct str structure_of(const struct row *r)
{
    size_t at;
    struct str text = text_of(r, SDMX_STRUCTURE, &at);
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] == ')')
            return str_to(text, i + 1);
    return text;
}

/* The external id of the series a cell belongs to. */
static void make_key(struct row *r, size_t column, struct str area, struct str partner)
{
    struct sdmx *x = r->x;
    struct str structure = structure_of(r), label;
    size_t at;
    buf_reset(&x->key);
    if (sdmx_is_own(structure)) {
        buf_add(&x->key, text_of(r, SDMX_SUBJECT, &at));
        return;
    }
    struct str fixed = value_get_str(&x->form->fixed, "external_id");
    add_key(r, fixed.len > 0 ? fixed : x->table ? sdmx_stem(x->file) : STR("sdmx"));
    add_key(r, without_version(structure));
    if (x->table && find_role(x, SDMX_VALUE, &at) > 1)
        add_key(r, x->head[column]);
    for (size_t i = 0; i < x->columns; i++)
        if (x->role[i] == SDMX_SUBJECT || x->role[i] == SDMX_DIMENSION)
            add_key(r, id_of(text_at(r, i), &label));
    add_key(r, area);
    add_key(r, partner);
}

static void begin_series(struct row *r, size_t column, struct str area, struct str partner,
                         struct sdmx_series *s)
{
    struct sdmx *x = r->x;
    size_t at;
    struct str label = {NULL, 0}, unit_label;
    struct str subject = text_of(r, SDMX_SUBJECT, &at);
    struct str structure = structure_of(r);
    struct str unit = id_of(text_of(r, SDMX_UNIT, &at), &unit_label);
    if (!sdmx_is_own(structure))
        subject = id_of(subject, &label);
    if (x->table)
        subject = x->head[column];
    *s = (struct sdmx_series){.key = keep(r, buf_str(&x->key)),
                              .line = r->line,
                              .area = area,
                              .partner = partner,
                              .structure = keep(r, structure),
                              .subject = keep(r, subject),
                              .label = keep(r, label),
                              .unit = keep(r, unit),
                              .unit_label = keep(r, unit_label),
                              .mult = keep(r, code_of(r, SDMX_MULT)),
                              .topic = keep(r, text_of(r, SDMX_TOPIC, &at)),
                              .decimals = keep(r, code_of(r, SDMX_DECIMALS))};
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        s->title[lang] = keep(r, text_of(r, (enum sdmx_role)(SDMX_TITLE_VI + lang), &at));
        s->unit_text[lang] = keep(r, text_of(r, (enum sdmx_role)(SDMX_UNIT_VI + lang), &at));
    }
    s->title[LANG_COUNT] = keep(r, text_of(r, SDMX_TITLE, &at));
}

/* The series of the key in x->key, made when it is new; NULL: there are too many, or no memory. */
static struct sdmx_series *find_series(struct row *r, size_t column, struct str area,
                                       struct str partner)
{
    struct sdmx *x = r->x;
    uint32_t place = 0;
    bool added = false;
    void *list = x->series;
    if (r->err == CAU_OK)
        r->err = x->key.failed ? CAU_ERR_MEMORY
                               : table_intern(&x->keys, buf_str(&x->key), (uint32_t)x->series_n,
                                              &place, &added);
    if (r->err == CAU_OK && added && x->series_n == SDMX_SERIES_MAX)
        r->err = CAU_ERR_RANGE;
    if (r->err == CAU_OK && added)
        r->err = room(x->life, &list, sizeof *x->series, x->series_n, &x->series_cap);
    x->series = list;
    if (r->err != CAU_OK)
        return NULL;
    if (added)
        begin_series(r, column, area, partner, &x->series[x->series_n++]);
    return &x->series[place];
}

/* An area that is no country: told once, with the number of its rows when all are read (limit grows). */
static void skip_area(struct row *r, struct str text, size_t column)
{
    struct sdmx *x = r->x;
    uint32_t place = 0;
    bool added = false;
    buf_reset(&x->key);
    buf_add(&x->key, STR("\n"));
    buf_add(&x->key, text);
    if (r->err == CAU_OK)
        r->err = x->key.failed ? CAU_ERR_MEMORY
                               : table_intern(&x->keys, buf_str(&x->key), (uint32_t)x->fault_n,
                                              &place, &added);
    if (r->err != CAU_OK)
        return;
    if (added)
        note(r, "not_a_country", column, text, 0);
    if (r->err == CAU_OK)
        x->fault[place].limit++;
}

/* ---- figures ---- */

static bool is_yes(struct str text)
{
    return str_is(text, "1") || same_word(text, "Y") || same_word(text, "YES") ||
           same_word(text, "T") || same_word(text, "TRUE");
}

static bool same_unit(struct row *r, const struct sdmx_series *s)
{
    static const enum sdmx_role role[] = {SDMX_UNIT, SDMX_MULT};
    const struct str had[] = {s->unit, s->mult};
    for (size_t i = 0; i < countof(role); i++) {
        size_t at = 0;
        struct str now = code_of(r, role[i]);
        (void)text_of(r, role[i], &at);
        if (!str_equal(now, had[i])) {
            note(r, "unit_changes", at, now, 0);
            return false;
        }
    }
    return true;
}

/* Whether the series has no figure of that period, side and kind yet; else it is noted. */
static bool is_new_cell(struct row *r, size_t series, const struct sdmx_figure *f,
                        size_t column)
{
    struct sdmx *x = r->x;
    uint32_t place = 0;
    bool added = false;
    buf_reset(&x->key);
    buf_printf(&x->key, "%zu|%d|%.*s|%.*s", series, f->target, STR_ARG(f->period),
               STR_ARG(f->side));
    if (r->err == CAU_OK)
        r->err = x->key.failed ? CAU_ERR_MEMORY
                               : table_intern(&x->cells, buf_str(&x->key),
                                              (uint32_t)x->figure_n, &place, &added);
    if (r->err == CAU_OK && !added)
        note(r, str_equal(x->figure[place].value, f->value) ? "figure_twice" : "two_values",
             column, f->value, 0);
    return r->err == CAU_OK && added;
}

static void add_figure(struct row *r, struct sdmx_series *s, struct sdmx_figure f)
{
    struct sdmx *x = r->x;
    void *list = x->figure;
    if (r->err == CAU_OK && x->figure_n == SDMX_FIGURES_MAX)
        r->err = CAU_ERR_RANGE;
    if (r->err == CAU_OK)
        r->err = room(x->life, &list, sizeof *x->figure, x->figure_n, &x->figure_cap);
    x->figure = list;
    if (r->err != CAU_OK)
        return;
    x->figure[x->figure_n++] = f;
    uint32_t place = (uint32_t)x->figure_n;
    if (s->last != 0)
        x->figure[s->last - 1].next = place;
    else
        s->first = place;
    s->last = place;
    s->figures++;
}

/* What a row says beside the figure itself. False: it is noted what is wrong. */
static bool read_rest(struct row *r, struct sdmx_figure *f)
{
    size_t at = 0;
    struct str period = text_of(r, SDMX_PERIOD, &at);
    if (!read_period(r, period, &f->period)) {
        note(r, "bad_period", at, period, 0);
        return false;
    }
    struct str side = text_of(r, SDMX_SIDE, &at);
    f->side = is_nobody(side) ? (struct str){NULL, 0} : country_of(r, side);
    if (!is_nobody(side) && f->side.len == 0 && r->err == CAU_OK) {
        note(r, "unknown_code", at, side, 0);
        return false;
    }
    f->qualifier = keep(r, code_of(r, SDMX_QUALIFIER));
    f->status = keep(r, code_of(r, SDMX_STATUS));
    f->note = keep(r, text_of(r, SDMX_NOTE, &at));
    f->source = keep(r, text_of(r, SDMX_SOURCE, &at));
    f->target = is_yes(text_of(r, SDMX_TARGET, &at));
    return r->err == CAU_OK;
}

static void take_figure(struct row *r, size_t column, struct str area, struct str partner)
{
    struct sdmx *x = r->x;
    struct sdmx_figure f = {0};
    struct str text = text_at(r, column);
    if (is_missing(text) || !read_value(r, column, text, &f.value) || !read_rest(r, &f))
        return;
    make_key(r, column, area, partner);
    if (x->key.len == 0) { /* a row of our own exports that names no indicator */
        note(r, "required", column, STR(""), 0);
        return;
    }
    struct sdmx_series *s = find_series(r, column, area, partner);
    if (s == NULL || !same_unit(r, s))
        return;
    if (s->figures == SDMX_VALUES_MAX)
        note(r, "too_many", column, text, SDMX_VALUES_MAX);
    else if (is_new_cell(r, (size_t)(s - x->series), &f, column))
        add_figure(r, s, f);
}

/* The area of the row, or none for our own exports, which need not have one. False: it is noted. */
static bool read_area(struct row *r, struct str *area)
{
    size_t at = 0, name_at = 0;
    struct str code = text_of(r, SDMX_AREA, &at), name = text_of(r, SDMX_AREA_NAME, &name_at);
    *area = (struct str){NULL, 0};
    if (sdmx_is_own(structure_of(r)) && is_nobody(code))
        return true;
    *area = country_of(r, code.len > 0 ? code : name);
    if (area->len > 0 || r->err != CAU_OK)
        return r->err == CAU_OK;
    skip_area(r, name.len > 0 ? name : code, code.len > 0 ? at : name_at);
    return false;
}

enum cau_err sdmx_take(struct sdmx *x, uint32_t line, const struct cell *cell, size_t n)
{
    struct row r = {.x = x, .line = line, .cell = cell, .n = n};
    struct str area, partner = {NULL, 0};
    size_t at = 0;
    if (same_word(code_of(&r, SDMX_ACTION), "D")) {
        (void)text_of(&r, SDMX_ACTION, &at);
        note(&r, "sdmx_delete", at, STR("D"), 0);
        return r.err;
    }
    if (!read_area(&r, &area))
        return r.err;
    struct str other = text_of(&r, SDMX_PARTNER, &at);
    if (!is_nobody(code_of(&r, SDMX_PARTNER))) {
        partner = country_of(&r, other);
        if (partner.len == 0 && r.err == CAU_OK) {
            skip_area(&r, other, at);
            return r.err;
        }
    }
    for (size_t i = 0; i < x->columns && r.err == CAU_OK; i++)
        if (x->role[i] == SDMX_VALUE)
            take_figure(&r, i, area, partner);
    return r.err;
}

/* ---- results ---- */

const struct sdmx_fault *sdmx_faults(const struct sdmx *x, size_t *n)
{
    *n = x->fault_n;
    return x->fault;
}

size_t sdmx_series_count(const struct sdmx *x)
{
    return x->series_n;
}

uint32_t sdmx_series_line(const struct sdmx *x, size_t series)
{
    must(series < x->series_n);
    return x->series[series].line;
}
