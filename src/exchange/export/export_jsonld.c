/* A record in the words of schema.org. */
#include "base/clock.h"
#include "exchange/export/export_int.h"
#include "record/json.h"

#include <string.h>

struct making {
    struct arena *a;
    const struct view_record *r;
    enum lang lang;
    struct value node;
    enum cau_err err;
};

static void set(struct making *m, struct value *object, const char *key, struct value v)
{
    bool empty = v.type == VALUE_NULL || (v.type == VALUE_STRING && v.string.len == 0) ||
                 ((v.type == VALUE_ARRAY || v.type == VALUE_OBJECT) && v.n == 0);
    if (m->err == CAU_OK && !empty)
        m->err = value_set(m->a, object, str_of(key), v);
}

static void push(struct making *m, struct value *list, struct value v)
{
    if (m->err == CAU_OK)
        m->err = value_push(m->a, list, v);
}

static struct value object_of(struct making *m, const char *type)
{
    struct value v = value_object();
    set(m, &v, "@type", value_string(str_of(type)));
    return v;
}

/* Texts with their language tags; `und` has none. */
static void add_texts(struct making *m, struct value *list, const struct value *by_lang)
{
    for (uint32_t i = 0; by_lang != NULL && by_lang->type == VALUE_OBJECT && i < by_lang->n;
         i++) {
        const struct value *v = &by_lang->member[i].value;
        const struct value *text = v->type == VALUE_OBJECT ? value_get(v, "text") : v;
        uint32_t n = text != NULL && text->type == VALUE_ARRAY ? text->n : 1;
        for (uint32_t k = 0; text != NULL && k < n; k++) {
            struct value tagged = value_object();
            set(m, &tagged, "@value", text->type == VALUE_ARRAY ? text->item[k] : *text);
            if (!str_is(by_lang->member[i].key, "und"))
                set(m, &tagged, "@language", value_string(by_lang->member[i].key));
            push(m, list, tagged);
        }
    }
}

static void set_texts(struct making *m, const char *key, const struct value *by_lang)
{
    struct value list = value_array();
    add_texts(m, &list, by_lang);
    set(m, &m->node, key, list);
}

static struct value property(struct making *m, struct str id, struct value v)
{
    struct value p = object_of(m, "PropertyValue");
    set(m, &p, "propertyID", value_string(id));
    set(m, &p, "value", v);
    return p;
}

static struct value identifiers(struct making *m, const struct value *ids)
{
    struct value list = value_array();
    for (uint32_t i = 0; i < ids->n; i++)
        push(m, &list, property(m, ids->member[i].key, ids->member[i].value));
    return list;
}

static void set_place(struct making *m, const struct value *place)
{
    struct value geo = object_of(m, "GeoCoordinates");
    set(m, &geo, "latitude", value_string(value_get_str(place, "latitude")));
    set(m, &geo, "longitude", value_string(value_get_str(place, "longitude")));
    set(m, &m->node, "geo", geo);
}

static void set_address(struct making *m)
{
    struct value address = object_of(m, "PostalAddress"), city = value_array();
    add_texts(m, &city, value_get(&m->r->payload, "city"));
    set(m, &address, "addressLocality", city);
    set(m, &address, "addressCountry", value_string(value_get_str(&m->r->payload, "country")));
    if (address.n > 1)
        set(m, &m->node, "address", address);
}

/* The words of schema.org for relations it has; the others stand as properties. */
static void add_relations(struct making *m, const struct value *links, struct value *properties)
{
    static const char *const known[][2] = {{"parent", "parentOrganization"},
                                           {"child", "subOrganization"},
                                           {"member_of", "memberOf"},
                                           {"part_of", "isPartOf"}};
    for (size_t k = 0; k < countof(known); k++) {
        struct value list = value_array();
        for (uint32_t i = 0; i < links->n; i++) {
            struct value target = value_object();
            if (!str_is(value_get_str(&links->item[i], "rel"), known[k][0]))
                continue;
            set(m, &target, "@id", value_string(value_get_str(&links->item[i], "to")));
            set(m, &target, "name", value_string(value_get_str(&links->item[i], "label")));
            push(m, &list, target);
        }
        set(m, &m->node, known[k][1], list);
    }
    for (uint32_t i = 0; i < links->n; i++) {
        struct str rel = value_get_str(&links->item[i], "rel"),
                   to = value_get_str(&links->item[i], "to");
        bool done = false;
        for (size_t k = 0; k < countof(known); k++)
            done = done || str_is(rel, known[k][0]);
        if (!done)
            push(m, properties,
                 property(
                     m, rel,
                     value_string(to.len > 0 ? to : value_get_str(&links->item[i], "label"))));
    }
}

static void set_sources(struct making *m, const struct value *sources)
{
    struct value list = value_array();
    for (uint32_t i = 0; i < sources->n; i++) {
        struct value work = object_of(m, "CreativeWork");
        set(m, &work, "publisher", value_string(value_get_str(&sources->item[i], "publisher")));
        set(m, &work, "name", value_string(value_get_str(&sources->item[i], "title")));
        set(m, &work, "url", value_string(value_get_str(&sources->item[i], "url")));
        set(m, &work, "datePublished", value_string(value_get_str(&sources->item[i], "date")));
        push(m, &list, work);
    }
    set(m, &m->node, "citation", list);
}

/* A field that schema.org has no word for: its label in the reader's language, its value as it is. */
static void add_property(struct making *m, const struct kind_field *field,
                         const struct value *v, struct value *properties)
{
    struct value p = property(m, field->name, (struct value){.type = VALUE_NULL});
    struct value texts = value_array();
    bool text =
        field->type == KIND_TEXT || field->type == KIND_PROSE || field->type == KIND_NAMES;
    if (text)
        add_texts(m, &texts, v);
    set(m, &p, "name", value_string(field->label[m->lang]));
    set(m, &p, "value", text ? texts : *v);
    push(m, properties, p);
}

static bool is_known(struct str name)
{
    static const char *const known[] = {"city", "country", "audit", "external_id"};
    for (size_t i = 0; i < countof(known); i++)
        if (str_is(name, known[i]))
            return true;
    return false;
}

static void add_field(struct making *m, const struct kind_field *field, const struct value *v,
                      struct value *properties)
{
    static const char *const direct[][2] = {
        {"websites", "url"},    {"mailbox", "email"},    {"established", "foundingDate"},
        {"fields", "keywords"}, {"starts", "startDate"}, {"ends", "endDate"}};
    for (size_t i = 0; i < countof(direct); i++)
        if (str_is(field->name, direct[i][0])) {
            set(m, &m->node, direct[i][1], *v);
            return;
        }
    if (str_equal(field->name, m->r->kind->field[m->r->kind->title].name))
        set_texts(m, "name", v);
    else if (str_is(field->name, "summary"))
        set_texts(m, "description", v);
    else if (field->type == KIND_IDENTIFIERS)
        set(m, &m->node, "identifier", identifiers(m, v));
    else if (field->type == KIND_PLACE)
        set_place(m, v);
    else if (field->type == KIND_RELATIONS)
        add_relations(m, v, properties);
    else if (field->type == KIND_SOURCES)
        set_sources(m, v);
    else if (!is_known(field->name))
        add_property(m, field, v, properties);
}

enum cau_err export_jsonld(struct arena *a, const struct view_record *record, enum lang lang,
                           struct str base_url, struct buf *out)
{
    struct making m = {.a = a, .r = record, .lang = lang, .node = value_object()};
    struct value properties = value_array();
    struct buf id = buf_new(1000);
    struct str url = STR("");
    buf_add(&id, base_url);
    buf_add(&id, STR("/api/v1/records/"));
    buf_add(&id, record->id);
    m.err = id.failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(&id), &url);
    buf_free(&id);
    char changed[20];
    clock_write_time(record->time_ms, changed);
    struct str type = record->kind->schema.len > 0 ? record->kind->schema : STR("Thing");
    set(&m, &m.node, "@id", value_string(url));
    set(&m, &m.node, "@type", value_string(type));
    if (str_starts(record->external_id, STR("http")))
        set(&m, &m.node, "sameAs", value_string(record->external_id));
    for (uint32_t i = 0; i < record->payload.n && m.err == CAU_OK; i++) {
        const struct value_member *field = &record->payload.member[i];
        const struct kind_field *f = kind_find_field(record->kind, field->key);
        if (f != NULL)
            add_field(&m, f, &field->value, &properties);
    }
    set_address(&m);
    push(&m, &properties,
         property(&m, STR("dateModified"), value_string((struct str){changed, 20})));
    set(&m, &m.node, "additionalProperty", properties);
    if (m.err == CAU_OK)
        json_write(out, &m.node);
    return m.err;
}
