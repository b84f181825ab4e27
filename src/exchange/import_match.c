/* Which record a row is about: what it looks like, and what comes of joining the two. */
#include "exchange/form_int.h"
#include "exchange/import_int.h"

#include <string.h>

enum { NAME_BYTES_MIN = 8 }; /* of one word; shorter ones are acronyms, which many share */

struct import_evidence {
    uint32_t doc; /* the first record that has it */
    uint32_t n;   /* records that have it */
};

struct import_match import_match_new(struct node *n, struct index_reader reader)
{
    return (struct import_match){
        .n = n, .reader = reader, .known = table_new(), .evidence = buf_new((size_t)1 << 30)};
}

void import_match_free(struct import_match *m)
{
    table_free(&m->known);
    buf_free(&m->evidence);
}

/* Goes through everything of a payload that makes records alike, strongest first: kind of evidence, key of the table,
 * and how it is shown. */
struct walk {
    struct arena *a;
    enum cau_err err;
    void (*each)(struct walk *w, const char *why, struct str key, struct str shown);
    struct import_match *m;
    uint32_t doc;
    struct import_like *like;
    size_t n;
};

static void tell(struct walk *w, const char *why, struct str head, struct str tail,
                 struct str shown)
{
    if (w->err != CAU_OK || tail.len == 0)
        return;
    char *key = arena_take(w->a, head.len + 1 + tail.len);
    if (key == NULL) {
        w->err = CAU_ERR_MEMORY;
        return;
    }
    memcpy(key, head.p, head.len);
    key[head.len] = '=';
    memcpy(key + head.len + 1, tail.p, tail.len);
    w->each(w, why, (struct str){key, head.len + 1 + tail.len}, shown);
}

static void walk_identifiers(struct walk *w, const struct value *ids)
{
    for (uint32_t i = 0; ids != NULL && ids->type == VALUE_OBJECT && i < ids->n; i++)
        if (ids->member[i].value.type == VALUE_STRING)
            tell(w, "identifier", ids->member[i].key, ids->member[i].value.string,
                 ids->member[i].value.string);
}

static void walk_name(struct walk *w, struct str country, const struct value *name)
{
    struct str key;
    if (name->type == VALUE_OBJECT)
        name = value_get(name, "text");
    if (name == NULL || name->type != VALUE_STRING || w->err != CAU_OK)
        return;
    w->err = form_key(w->a, country, name->string, &key);
    bool long_enough = key.len > country.len + 1 + NAME_BYTES_MIN;
    bool words =
        key.len > 0 && memchr(key.p + country.len + 1, ' ', key.len - country.len - 1) != NULL;
    if (w->err == CAU_OK && (long_enough || words))
        tell(w, "name", STR("name"), key, name->string);
}

static void walk_names(struct walk *w, struct str country, const struct value *by_lang)
{
    for (uint32_t i = 0; by_lang != NULL && by_lang->type == VALUE_OBJECT && i < by_lang->n;
         i++) {
        const struct value *names = &by_lang->member[i].value;
        if (names->type != VALUE_ARRAY)
            walk_name(w, country, names);
        for (uint32_t k = 0; names->type == VALUE_ARRAY && k < names->n; k++)
            walk_name(w, country, &names->item[k]);
    }
}

/* The host of an address, without "www.". */
static struct str host_of(struct str url)
{
    struct str rest = url;
    for (size_t i = 0; i + 3 <= url.len; i++)
        if (memcmp(url.p + i, "://", 3) == 0) {
            rest = str_from(url, i + 3);
            break;
        }
    size_t n = 0;
    while (n < rest.len && memchr("/?#:", rest.p[n], 4) == NULL)
        n++;
    rest = str_to(rest, n);
    return str_starts(rest, STR("www.")) ? str_from(rest, 4) : rest;
}

static void walk_domains(struct walk *w, const struct value *list)
{
    for (uint32_t i = 0; list != NULL && list->type == VALUE_ARRAY && i < list->n; i++)
        if (list->item[i].type == VALUE_STRING) {
            struct str host = host_of(list->item[i].string);
            tell(w, "domain", STR("domain"), host, host);
        }
}

static void walk_payload(struct walk *w, const struct kind *kind, const struct value *payload)
{
    walk_identifiers(w, value_get(payload, "identifiers"));
    walk_names(w, value_get_str(payload, "country"),
               value_find(payload, kind->field[kind->title].name));
    walk_domains(w, value_get(payload, "domains"));
    walk_domains(w, value_get(payload, "websites"));
}

static struct import_evidence *evidence_at(struct import_match *m, uint32_t at)
{
    must(((size_t)at + 1) * sizeof(struct import_evidence) <= m->evidence.len);
    return (struct import_evidence *)(void *)(m->evidence.p +
                                              at * sizeof(struct import_evidence));
}

static void learn(struct walk *w, const char *why, struct str key, struct str shown)
{
    (void)why, (void)shown;
    struct import_match *m = w->m;
    uint32_t at, fresh = (uint32_t)(m->evidence.len / sizeof(struct import_evidence));
    bool added;
    w->err = table_intern(&m->known, key, fresh, &at, &added);
    if (w->err != CAU_OK)
        return;
    if (added) {
        struct import_evidence e = {w->doc, 1};
        buf_add(&m->evidence, (struct str){(const char *)&e, sizeof e});
        w->err = m->evidence.failed ? CAU_ERR_MEMORY : CAU_OK;
    } else if (evidence_at(m, at)->doc != w->doc) {
        evidence_at(m, at)->n++;
    }
}

struct sweep {
    struct import_match *m;
    struct arena *a;
    enum cau_err err;
};

static bool sweep_one(void *ctx, const struct view_record *record)
{
    struct sweep *s = ctx;
    struct walk w = {.a = s->a, .each = learn, .m = s->m, .doc = record->doc};
    if (!record->redacted && !record->withdrawn)
        walk_payload(&w, record->kind, &record->payload);
    s->err = w.err;
    return s->err == CAU_OK;
}

static enum cau_err sweep(struct import_match *m, struct view *v, struct arena *a,
                          const struct kind *kind)
{
    table_free(&m->known);
    buf_reset(&m->evidence);
    struct sweep s = {m, a, CAU_OK};
    enum cau_err err = view_each(v, a, m->reader, kind, sweep_one, &s);
    m->swept = err == CAU_OK && s.err == CAU_OK ? kind : NULL;
    return err == CAU_OK ? s.err : err;
}

static void look_up(struct walk *w, const char *why, struct str key, struct str shown)
{
    uint32_t at = table_get(&w->m->known, key, FORM_NONE);
    if (at == FORM_NONE || w->n == IMPORT_ALIKE_MAX)
        return;
    const struct import_evidence *e = evidence_at(w->m, at);
    if (e->n > IMPORT_DOMAIN_SHARED && strcmp(why, "domain") == 0)
        return;
    for (size_t i = 0; i < w->n; i++)
        if (w->like[i].doc == e->doc)
            return;
    w->like[w->n++] = (struct import_like){e->doc, why, shown};
}

enum cau_err import_match_find(struct import_match *m, struct view *v, struct arena *a,
                               const struct kind *kind, const struct value *payload,
                               struct import_like out[IMPORT_ALIKE_MAX], size_t *n)
{
    if (m->swept != kind) {
        enum cau_err err = sweep(m, v, a, kind);
        if (err != CAU_OK)
            return err;
    }
    struct walk w = {.a = a, .each = look_up, .m = m, .like = out};
    if (m->known.n > 0)
        walk_payload(&w, kind, payload);
    *n = w.n;
    return w.err;
}

/* ---- joining ---- */

static enum cau_err join_members(struct arena *a, const struct value *old,
                                 const struct value *fresh, struct value *out)
{
    struct value joined;
    enum cau_err err = value_copy(a, old, &joined);
    for (uint32_t i = 0; i < fresh->n && err == CAU_OK; i++)
        err = value_set(a, &joined, fresh->member[i].key, fresh->member[i].value);
    if (err == CAU_OK)
        *out = joined;
    return err;
}

static bool has_member(const struct value *list, const char *key, struct str value)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_equal(value_get_str(&list->item[i], key), value))
            return true;
    return false;
}

/* What the file says of a relation's code, or a source's publisher, replaces what we had of it; the rest stays. */
static enum cau_err join_rows(struct arena *a, const char *key, const struct value *old,
                              const struct value *fresh, struct value *out)
{
    struct value joined = value_array();
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; i < old->n && err == CAU_OK; i++)
        if (!has_member(fresh, key, value_get_str(&old->item[i], key)))
            err = value_push(a, &joined, old->item[i]);
    for (uint32_t i = 0; i < fresh->n && err == CAU_OK; i++)
        err = value_push(a, &joined, fresh->item[i]);
    if (err == CAU_OK)
        *out = joined;
    return err;
}

static enum cau_err join_field(struct arena *a, const struct kind_field *field,
                               const struct value *old, const struct value *fresh,
                               struct value *out)
{
    *out = *fresh;
    if (field == NULL || old == NULL || old->type != fresh->type)
        return CAU_OK;
    switch (field->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
    case KIND_IDENTIFIERS:
        return fresh->type == VALUE_OBJECT ? join_members(a, old, fresh, out) : CAU_OK;
    case KIND_RELATIONS:
        return join_rows(a, "rel", old, fresh, out);
    case KIND_SOURCES:
        return join_rows(a, "publisher", old, fresh, out);
    default:
        return CAU_OK;
    }
}

/* A record that an import had withdrawn comes back when a file brings it again; what a person withdrew does not. */
static void bring_back(struct value *payload, const struct value *form)
{
    struct str why = value_get_str(payload, "withdrawn");
    const struct value *said = value_get(form, "withdrawn");
    bool undone = str_is(why, "import_undone");
    bool source = str_is(why, "source_withdrawn") && said != NULL && said->type == VALUE_NULL;
    if (undone || source)
        value_remove(payload, "withdrawn");
}

enum cau_err import_merge(struct arena *a, const struct view_record *old,
                          const struct value *form, bool join, struct value *out)
{
    struct value merged;
    enum cau_err err = record_to_form(a, old->kind, old->audience, &old->payload, &merged);
    if (err == CAU_OK)
        bring_back(&merged, form);
    for (uint32_t i = 0; i < form->n && err == CAU_OK; i++) {
        struct str key = form->member[i].key;
        struct value v = form->member[i].value;
        if (v.type == VALUE_NULL &&
            (value_find(&merged, key) == NULL || str_is(key, "withdrawn")))
            continue;
        if (join)
            err = join_field(a, kind_find_field(old->kind, key), value_find(&old->payload, key),
                             &v, &v);
        if (err == CAU_OK)
            err = value_set(a, &merged, key, v);
    }
    if (err == CAU_OK)
        *out = merged;
    return err;
}
