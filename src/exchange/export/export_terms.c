/* The glossary and a node's terms as TBX-Basic (ISO 30042:2019, DCA style) and as SKOS in RDF/XML. */
#include "exchange/export/export_int.h"
#include "language/glossary.h"

#include <string.h>

enum { NAMES_MAX = 40, LINKS_MAX = 64, ID_BYTES_MAX = 128, CONCEPT_BYTES_MAX = 1 << 20 };

/* A concept of either kind: views of the glossary or of a record. */
struct concept {
    struct str id, field;
    struct str name[GLOSSARY_LANGS][NAMES_MAX]; /* the preferred one first */
    size_t names[GLOSSARY_LANGS];
    struct str definition[GLOSSARY_LANGS];
    struct str broader[LINKS_MAX], related[LINKS_MAX]; /* ids */
    size_t broader_n, related_n;
};

struct writing {
    const struct export_options *o;
    const struct export_sink *sink;
    struct view *v;
    struct index_reader reader;
    struct glossary *g;
    struct str node; /* its name */
    struct buf b;
    struct concept c;
    struct arena other; /* of a record that another one names */
    uint64_t n;
};

static void add_text(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (c == '&')
            buf_add_word(b, "&amp;");
        else if (c == '<')
            buf_add_word(b, "&lt;");
        else if (c == '>')
            buf_add_word(b, "&gt;");
        else if (c == '"')
            buf_add_word(b, "&quot;");
        else
            buf_add_char(b, c);
    }
}

/* An id as XML wants it: a letter first, no colon. */
static void add_id(struct buf *b, struct str id)
{
    buf_add_word(b, "c-");
    for (size_t i = 0; i < id.len; i++)
        buf_add_char(b, id.p[i] == ':' ? '-' : id.p[i]);
}

/* A record's address; a concept of the glossary is a part of the scheme. */
static void add_uri(const struct writing *w, struct buf *b, struct str id)
{
    buf_printf(b, "https://%.*s/%s", STR_ARG(w->node),
               str_starts(id, STR("r:")) ? "api/v1/records/" : "terms#");
    add_text(b, id);
}

static void tbx_references(struct buf *b, const char *type, const struct str *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "<ref type=\"%s\" target=\"", type);
        add_id(b, to[i]);
        buf_add_word(b, "\">");
        add_text(b, to[i]);
        buf_add_word(b, "</ref>\n");
    }
}

static void write_tbx(struct buf *b, const struct concept *c)
{
    buf_add_word(b, "<conceptEntry id=\"");
    add_id(b, c->id);
    buf_add_word(b, "\">\n");
    if (c->field.len > 0) {
        buf_add_word(b, "<descrip type=\"subjectField\">FORD ");
        add_text(b, c->field);
        buf_add_word(b, "</descrip>\n");
    }
    tbx_references(b, "crossReference", c->broader, c->broader_n);
    tbx_references(b, "crossReference", c->related, c->related_n);
    for (unsigned l = 0; l < GLOSSARY_LANGS; l++) {
        if (c->names[l] == 0)
            continue;
        buf_printf(b, "<langSec xml:lang=\"%.2s\">", lang_code((enum lang)l).p);
        if (c->definition[l].len > 0) {
            buf_add_word(b, "<descrip type=\"definition\">");
            add_text(b, c->definition[l]);
            buf_add_word(b, "</descrip>");
        }
        for (size_t i = 0; i < c->names[l]; i++) {
            buf_add_word(b, "<termSec><term>");
            add_text(b, c->name[l][i]);
            buf_printf(b,
                       "</term><termNote type=\"administrativeStatus\">%s</termNote></termSec>",
                       i == 0 ? "preferredTerm-admn-sts" : "admittedTerm-admn-sts");
        }
        buf_add_word(b, "</langSec>\n");
    }
    buf_add_word(b, "</conceptEntry>\n");
}

static void skos_links(const struct writing *w, struct buf *b, const char *rel,
                       const struct str *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, "<skos:%s rdf:resource=\"", rel);
        add_uri(w, b, to[i]);
        buf_add_word(b, "\"/>\n");
    }
}

static void skos_label(struct buf *b, const char *element, unsigned l, struct str text)
{
    buf_printf(b, "<skos:%s xml:lang=\"%.2s\">", element, lang_code((enum lang)l).p);
    add_text(b, text);
    buf_printf(b, "</skos:%s>\n", element);
}

static void write_skos(const struct writing *w, struct buf *b, const struct concept *c)
{
    buf_add_word(b, "<skos:Concept rdf:about=\"");
    add_uri(w, b, c->id);
    buf_printf(b, "\">\n<skos:inScheme rdf:resource=\"https://%.*s/terms\"/>\n",
               STR_ARG(w->node));
    if (c->field.len > 0) {
        buf_add_word(b, "<skos:note>FORD ");
        add_text(b, c->field);
        buf_add_word(b, "</skos:note>\n");
    }
    for (unsigned l = 0; l < GLOSSARY_LANGS; l++) {
        for (size_t i = 0; i < c->names[l]; i++)
            skos_label(b, i == 0 ? "prefLabel" : "altLabel", l, c->name[l][i]);
        if (c->definition[l].len > 0)
            skos_label(b, "definition", l, c->definition[l]);
    }
    skos_links(w, b, "broader", c->broader, c->broader_n);
    skos_links(w, b, "related", c->related, c->related_n);
    buf_add_word(b, "</skos:Concept>\n");
}

static enum cau_err put(struct writing *w)
{
    if (w->b.failed)
        return CAU_ERR_MEMORY;
    enum cau_err err = w->sink->put(w->sink->ctx, buf_str(&w->b));
    buf_reset(&w->b);
    return err;
}

static enum cau_err put_concept(struct writing *w)
{
    if (w->o->format == EXPORT_TBX)
        write_tbx(&w->b, &w->c);
    else
        write_skos(w, &w->b, &w->c);
    w->n++;
    return put(w);
}

static enum cau_err put_glossary(struct writing *w)
{
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; i < glossary_count(w->g) && err == CAU_OK; i++) {
        const struct glossary_concept *g = glossary_concept(w->g, i);
        struct concept *c = &w->c;
        *c = (struct concept){.id = g->id, .field = g->ford};
        for (unsigned l = 0; l < GLOSSARY_LANGS; l++)
            while (c->names[l] < g->term_count[l]) {
                c->name[l][c->names[l]] = g->term[l][c->names[l]];
                c->names[l]++;
            }
        if (g->broader != GLOSSARY_NONE)
            c->broader[c->broader_n++] = glossary_concept(w->g, g->broader)->id;
        for (size_t k = 0; k < g->related_count && k < LINKS_MAX; k++)
            c->related[c->related_n++] = glossary_concept(w->g, g->related[k])->id;
        err = put_concept(w);
    }
    return err;
}

static void add_name(struct concept *c, unsigned l, const struct value *v)
{
    if (v != NULL && v->type == VALUE_STRING && v->string.len > 0 && c->names[l] < NAMES_MAX)
        c->name[l][c->names[l]++] = v->string;
}

/* The value of a language, whether it says where it comes from or not. */
static const struct value *of_lang(const struct value *field, unsigned l)
{
    if (field == NULL || field->type != VALUE_OBJECT)
        return NULL;
    const struct value *v = value_find(field, lang_code((enum lang)l));
    return v != NULL && v->type == VALUE_OBJECT ? value_get(v, "text") : v;
}

/* The id of what a record's link names: a concept of the glossary, or a record the reader may see; empty: neither. */
static struct str id_of(struct writing *w, struct str to)
{
    struct view_record r;
    uint32_t doc;
    if (to.len == 0 || glossary_find(w->g, to) != GLOSSARY_NONE)
        return to;
    doc = view_find(w->v, w->reader, to);
    if (doc == 0 || view_get(w->v, &w->other, w->reader, doc, &r) != CAU_OK)
        return (struct str){NULL, 0};
    return r.id;
}

static void add_links(struct writing *w, const struct view_record *r)
{
    struct record_link link[LINKS_MAX];
    struct concept *c = &w->c;
    size_t n = record_links(r->kind, &r->payload, link, LINKS_MAX);
    arena_reset(&w->other);
    for (size_t i = 0; i < n && i < LINKS_MAX; i++) {
        struct str id = id_of(w, link[i].to);
        if (id.len > 0 && str_is(link[i].rel, "broader"))
            c->broader[c->broader_n++] = id;
        else if (id.len > 0 && str_is(link[i].rel, "related"))
            c->related[c->related_n++] = id;
    }
}

static enum cau_err put_record(void *ctx, struct arena *a, const struct view_record *r)
{
    struct writing *w = ctx;
    struct concept *c = &w->c;
    (void)a;
    if (str_is(value_get_str(&r->payload, "status"), "rejected"))
        return CAU_OK;
    *c = (struct concept){.id = r->id};
    for (unsigned l = 0; l < GLOSSARY_LANGS; l++) {
        const struct value *name = of_lang(value_get(&r->payload, "name"), l);
        const struct value *definition = of_lang(value_get(&r->payload, "definition"), l);
        for (uint32_t i = 0; name != NULL && name->type == VALUE_ARRAY && i < name->n; i++)
            add_name(c, l, &name->item[i]);
        add_name(c, l, name);
        if (definition != NULL && definition->type == VALUE_STRING)
            c->definition[l] = definition->string;
    }
    add_links(w, r);
    return put_concept(w);
}

static void write_head(struct writing *w)
{
    buf_add_word(&w->b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (w->o->format == EXPORT_TBX)
        buf_printf(&w->b,
                   "<tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"en\" "
                   "xmlns=\"urn:iso:std:iso:30042:ed-2\">\n<tbxHeader><fileDesc><titleStmt>"
                   "<title>%.*s</title></titleStmt><sourceDesc><p>https://%.*s/</p>"
                   "</sourceDesc></fileDesc></tbxHeader>\n<text><body>\n",
                   STR_ARG(w->node), STR_ARG(w->node));
    else
        buf_printf(&w->b,
                   "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
                   "xmlns:skos=\"http://www.w3.org/2004/02/skos/core#\">\n"
                   "<skos:ConceptScheme rdf:about=\"https://%.*s/terms\"/>\n",
                   STR_ARG(w->node));
}

enum cau_err export_terms(struct node *n, struct view *v, struct arena *a,
                          struct index_reader reader, const struct export_options *options,
                          const struct export_sink *sink, uint64_t *records)
{
    struct export_options terms = *options;
    terms.kind = kinds_find(node_kinds(n), STR("term"));
    if (terms.kind == NULL || (options->kind != NULL && options->kind != terms.kind))
        return CAU_ERR_REFUSED;
    struct writing *w = arena_zero(a, sizeof *w);
    if (w == NULL)
        return CAU_ERR_MEMORY;
    *w = (struct writing){.o = &terms,
                          .sink = sink,
                          .v = v,
                          .reader = reader,
                          .node = node_config(n)->name,
                          .b = buf_new(CONCEPT_BYTES_MAX),
                          .other = arena_new(EXPORT_RECORD_BYTES)};
    enum cau_err err = glossary_open_own(&w->g);
    if (err == CAU_OK) {
        write_head(w);
        err = put(w);
    }
    if (err == CAU_OK)
        err = put_glossary(w);
    if (err ==
        CAU_OK) { /* the records' arena is one of their own: a is given back between them */
        struct arena one = arena_new(EXPORT_RECORD_BYTES);
        err = export_each(v, &one, reader, &terms, put_record, w);
        arena_free(&one);
    }
    buf_add_word(&w->b,
                 options->format == EXPORT_TBX ? "</body></text></tbx>\n" : "</rdf:RDF>\n");
    if (err == CAU_OK)
        err = put(w);
    if (err == CAU_OK)
        *records = w->n;
    buf_free(&w->b);
    arena_free(&w->other);
    glossary_close(w->g);
    return err;
}
