/* Figures of indicators as SDMX-CSV 2.0: a row for each, in the order of the record. */
#include "base/clock.h"
#include "domain/rule/indicator.h"
#include "exchange/export/export_int.h"
#include "exchange/file/csv.h"
#include "exchange/form/sdmx.h"

static const char *const heads[] = {
    "STRUCTURE",        "STRUCTURE_ID", "ACTION",    "INDICATOR",  "REF_AREA",
    "COUNTERPART_AREA", "STATED_BY",    "TARGET",    "FREQ",       "TIME_PERIOD",
    "OBS_VALUE",        "UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "QUALIFIER",
    "DECIMALS",         "TOPIC",        "TITLE_VI",  "TITLE_RU",   "TITLE_EN",
    "UNIT_VI",          "UNIT_RU",      "UNIT_EN",   "SOURCE",     "OBS_COMMENT"};

struct writing {
    const struct export_options *o;
    const struct export_sink *sink;
    const struct kinds *kinds;
    struct buf line;
    uint64_t n;
};

static void add(struct writing *w, struct str cell)
{
    if (w->line.len > 0)
        buf_add_char(&w->line, ',');
    csv_write_guarded(&w->line, cell, ',');
}

static enum cau_err end_line(struct writing *w)
{
    buf_add(&w->line, STR("\r\n"));
    enum cau_err err =
        w->line.failed ? CAU_ERR_MEMORY : w->sink->put(w->sink->ctx, buf_str(&w->line));
    buf_reset(&w->line);
    return err;
}

static struct str text_in(const struct value *text, enum lang lang)
{
    const struct value *v = value_find(text, lang_code(lang));
    if (v != NULL && v->type == VALUE_OBJECT)
        v = value_get(v, "text");
    return v != NULL && v->type == VALUE_STRING ? v->string : STR("");
}

static void add_languages(struct writing *w, const struct value *text)
{
    for (unsigned lang = 0; lang < LANG_COUNT; lang++)
        add(w, text_in(text, (enum lang)lang));
}

static struct str frequency(struct str period)
{
    return period.len > 7 ? STR("D") : period.len > 4 ? STR("M") : STR("A");
}

/* The status whose words the note is; "A": normal. */
static struct str status_of(const struct writing *w, const struct value *note)
{
    const struct kind_list *list = kinds_find_list(w->kinds, STR("observation_status"));
    for (size_t i = 0; list != NULL && note != NULL && i < list->n; i++)
        if (str_equal(text_in(note, LANG_EN), list->code[i].label[LANG_EN]))
            return list->code[i].code;
    return STR("A");
}

/* The countries a series is about: none is said where there are more than two. */
static struct str country_at(const struct value *payload, uint32_t i)
{
    const struct value *list = value_get(payload, "countries");
    size_t n = list != NULL && list->type == VALUE_ARRAY ? list->n : 0;
    if (n > 2)
        return STR("_X");
    return i < n && list->item[i].type == VALUE_STRING ? list->item[i].string : STR("_Z");
}

static enum cau_err put_figure(struct writing *w, const struct view_record *r,
                               const struct indicator_value *v)
{
    static const char *const qualifier[] = {"exact", "about", "nearly", "over", "up_to"};
    const struct value *p = &r->payload, *decimals = value_get(p, "decimals");
    struct str status = status_of(w, v->note);
    buf_add(&w->line, STR("dataflow"));
    add(w, STR(SDMX_OWN "(1.0)"));
    add(w, STR("I"));
    add(w, export_name(r));
    add(w, country_at(p, 0));
    add(w, country_at(p, 1));
    add(w, v->side.len > 0 ? v->side : STR("_Z"));
    add(w, v->target ? STR("Y") : STR("N"));
    add(w, frequency(v->period));
    add(w, v->period);
    buf_add_char(&w->line, ',');
    buf_add(&w->line,
            v->text); /* digits, point, sign: no guard against formulas, it is a number */
    add(w, value_get_str(p, "unit_code"));
    add(w, STR("0"));
    add(w, status);
    add(w, str_of(qualifier[v->precision]));
    buf_add_char(&w->line, ',');
    if (decimals != NULL && decimals->type == VALUE_INTEGER)
        buf_add_int(&w->line, decimals->integer);
    add(w, value_get_str(p, "measure"));
    add_languages(w, value_get(p, "title"));
    add_languages(w, value_get(p, "unit"));
    add(w, v->source);
    add(w, str_is(status, "A") ? record_pick(v->note, w->o->lang).text : STR(""));
    w->n++;
    return end_line(w);
}

static enum cau_err put_record(void *ctx, struct arena *a, const struct view_record *r)
{
    struct writing *w = ctx;
    struct indicator x;
    enum cau_err err = indicator_read(a, &r->payload, &x);
    for (size_t i = 0; err == CAU_OK && i < x.values; i++)
        err = put_figure(w, r, &x.value[i]);
    return err;
}

enum cau_err export_sdmx(struct node *n, struct view *v, struct arena *a,
                         struct index_reader reader, const struct export_options *options,
                         const struct export_sink *sink, uint64_t *records)
{
    struct export_options o = *options;
    struct writing w = {
        .o = &o, .sink = sink, .kinds = node_kinds(n), .line = buf_new((size_t)1 << 20)};
    const struct kind *kind = kinds_find(w.kinds, STR("indicator"));
    if (kind == NULL || (o.kind != NULL && o.kind != kind))
        return CAU_ERR_REFUSED;
    o.kind = kind;
    for (size_t i = 0; i < countof(heads); i++)
        add(&w, str_of(heads[i]));
    enum cau_err err = end_line(&w);
    if (err == CAU_OK)
        err = export_each(v, a, reader, &o, put_record, &w);
    if (err == CAU_OK)
        *records = w.n;
    buf_free(&w.line);
    return err;
}
