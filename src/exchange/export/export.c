#include "exchange/export/export.h"

#include "exchange/export/export_int.h"
#include "record/json.h"

#include <string.h>

static const char *const format_name[EXPORT_FORMATS] = {"jsonl", "csv",  "xlsx", "jsonld",
                                                        "tbx",   "skos", "sdmx"};

const char *export_format_name(enum export_format f)
{
    must((unsigned)f < EXPORT_FORMATS);
    return format_name[f];
}

const char *export_ending(enum export_format f)
{
    return f == EXPORT_SDMX ? "sdmx.csv" : export_format_name(f);
}

bool export_read_format(struct str name, enum export_format *out)
{
    for (unsigned i = 0; i < EXPORT_FORMATS; i++)
        if (str_is(name, format_name[i])) {
            *out = (enum export_format)i;
            return true;
        }
    return false;
}

const char *export_media_type(enum export_format f)
{
    static const char *const type[EXPORT_FORMATS] = {
        "application/x-ndjson",
        "text/csv; charset=utf-8",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/ld+json",
        "application/x-tbx+xml",
        "application/rdf+xml",
        "application/vnd.sdmx.data+csv; version=2.0; charset=utf-8"};
    must((unsigned)f < EXPORT_FORMATS);
    return type[f];
}

struct walk {
    const struct export_options *o;
    struct arena *a;
    enum cau_err (*each)(void *ctx, struct arena *a, const struct view_record *r);
    void *ctx;
    enum cau_err err;
};

static bool visit(void *ctx, const struct view_record *r)
{
    struct walk *w = ctx;
    bool other = w->o->country.len > 0 &&
                 !str_equal(value_get_str(&r->payload, "country"), w->o->country);
    if (r->redacted || (r->withdrawn && !w->o->withdrawn) || other)
        return true;
    w->err = w->each(w->ctx, w->a, r);
    return w->err == CAU_OK;
}

enum cau_err export_each(struct view *v, struct arena *a, struct index_reader reader,
                         const struct export_options *options,
                         enum cau_err (*each)(void *ctx, struct arena *a,
                                              const struct view_record *r),
                         void *ctx)
{
    struct walk w = {options, a, each, ctx, CAU_OK};
    enum cau_err err = view_each(v, a, reader, options->kind, visit, &w);
    return w.err != CAU_OK ? w.err : err;
}

struct str export_name(const struct view_record *r)
{
    return r->external_id.len > 0 ? r->external_id : r->id;
}

/* Lines of JSON, or the graph of JSON-LD: one object for each record. */
struct lines {
    const struct export_options *o;
    const struct export_sink *sink;
    struct str base_url;
    struct buf line;
    uint64_t n;
};

static enum cau_err put_line(struct lines *l)
{
    if (l->line.failed)
        return CAU_ERR_MEMORY;
    l->n++;
    return l->sink->put(l->sink->ctx, buf_str(&l->line));
}

static enum cau_err put_form(void *ctx, struct arena *a, const struct view_record *r)
{
    struct lines *l = ctx;
    struct value form;
    enum cau_err err = record_to_form(a, r->kind, r->audience, &r->payload, &form);
    if (err == CAU_OK)
        err = value_set(a, &form, STR("external_id"), value_string(export_name(r)));
    if (err != CAU_OK)
        return err;
    buf_reset(&l->line);
    json_write(&l->line, &form);
    buf_add_char(&l->line, '\n');
    return put_line(l);
}

static enum cau_err put_node(void *ctx, struct arena *a, const struct view_record *r)
{
    struct lines *l = ctx;
    buf_reset(&l->line);
    buf_add(&l->line, l->n > 0 ? STR(",\n") : STR("\n"));
    enum cau_err err = export_jsonld(a, r, l->o->lang, l->base_url, &l->line);
    return err == CAU_OK ? put_line(l) : err;
}

static enum cau_err write_lines(struct node *n, struct view *v, struct arena *a,
                                struct index_reader reader, const struct export_options *o,
                                const struct export_sink *sink, uint64_t *records)
{
    struct buf base = buf_new(NODE_NAME_BYTES_MAX + 20);
    struct lines l = {.o = o, .sink = sink, .line = buf_new((size_t)4 << 20)};
    bool graph = o->format == EXPORT_JSONLD;
    buf_add(&base, STR("https://"));
    buf_add(&base, node_config(n)->name);
    l.base_url = buf_str(&base);
    enum cau_err err = CAU_OK;
    if (graph)
        err = sink->put(sink->ctx, STR("{\"@context\":\"https://schema.org\",\"@graph\":["));
    if (err == CAU_OK)
        err = export_each(v, a, reader, o, graph ? put_node : put_form, &l);
    if (err == CAU_OK && graph)
        err = sink->put(sink->ctx, STR("\n]}\n"));
    if (err == CAU_OK)
        *records = l.n;
    buf_free(&l.line);
    buf_free(&base);
    return err;
}

enum cau_err export_write(struct node *n, struct arena *a, struct index_reader reader,
                          const struct export_options *options, const struct export_sink *sink,
                          uint64_t *records)
{
    uint64_t ignored;
    bool table = options->format == EXPORT_CSV || options->format == EXPORT_XLSX;
    if (table && options->kind == NULL)
        return CAU_ERR_REFUSED;
    struct view *v = view_take(n);
    if (v == NULL)
        return CAU_ERR_IO;
    if (records == NULL)
        records = &ignored;
    bool terms = options->format == EXPORT_TBX || options->format == EXPORT_SKOS;
    bool figures = options->format == EXPORT_SDMX;
    enum cau_err err = figures ? export_sdmx(n, v, a, reader, options, sink, records)
                       : table ? export_table(n, v, a, reader, options, sink, records)
                       : terms ? export_terms(n, v, a, reader, options, sink, records)
                               : write_lines(n, v, a, reader, options, sink, records);
    view_give(n, v);
    return err;
}
