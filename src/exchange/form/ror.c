#include "exchange/form/ror.h"

#include "base/utf8.h"
#include "record/json.h"

#include <string.h>

#define ROR_ADDRESS "https://ror.org/"

/* One record being read. The first error stays; after it nothing is done any more. */
struct reading {
    struct arena *a;
    const struct kind_list *language;
    struct ror_note *note;
    enum cau_err err;
    const char *place; /* of a SYNTAX */
};

static void refuse(struct reading *r, const char *place)
{
    if (r->err == CAU_OK) {
        r->err = CAU_ERR_SYNTAX;
        r->place = place;
    }
}

static void set(struct reading *r, struct value *object, const char *key, struct value item)
{
    if (r->err == CAU_OK)
        r->err = value_set(r->a, object, str_of(key), item);
}

static void set_str(struct reading *r, struct value *object, const char *key, struct str text)
{
    if (text.len > 0)
        set(r, object, key, value_string(text));
}

static void push(struct reading *r, struct value *array, struct value item)
{
    if (r->err == CAU_OK)
        r->err = value_push(r->a, array, item);
}

/* Sets a list, or null when it is empty. */
static void set_list(struct reading *r, struct value *object, const char *key,
                     struct value list)
{
    set(r, object, key, list.n > 0 ? list : (struct value){.type = VALUE_NULL});
}

static bool is(const struct value *v, enum value_type type)
{
    return v != NULL && v->type == type;
}

/* The items of a member that is a list; none when it is missing or null. */
static const struct value *list_of(struct reading *r, const struct value *object,
                                   const char *key)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *v = value_get(object, key);
    if (v == NULL || v->type == VALUE_NULL)
        return &none;
    if (v->type != VALUE_ARRAY) {
        refuse(r, key);
        return &none;
    }
    return v;
}

static struct str composed(struct reading *r, struct str text)
{
    text = str_trim(text);
    struct str nfc = text;
    if (r->err == CAU_OK)
        r->err = utf8_nfc(r->a, text, &nfc);
    if (nfc.p != text.p)
        r->note->composed = true;
    return nfc;
}

static struct str lower(struct reading *r, struct str text)
{
    bool upper = false;
    for (size_t i = 0; i < text.len; i++)
        upper = upper || (text.p[i] >= 'A' && text.p[i] <= 'Z');
    struct str out;
    if (!upper)
        return text;
    char *p = arena_take(r->a, text.len);
    if (p == NULL) {
        r->err = CAU_ERR_MEMORY;
        return text;
    }
    for (size_t i = 0; i < text.len; i++)
        p[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + 32 : text.p[i]);
    out = (struct str){p, text.len};
    return out;
}

/* Names, in the order in which they shall stand. */
enum rank { DISPLAY, LABEL, ALIAS, ACRONYM, RANKS };

struct name {
    struct str text, lang;
    enum rank rank;
};

struct names {
    struct name v[ROR_NAMES_MAX];
    size_t n;
};

static struct str language_of(struct reading *r, const struct value *lang)
{
    bool known = is(lang, VALUE_STRING) && kind_find_code(r->language, lang->string) != NULL;
    return known ? lang->string : STR("und");
}

static void add_name(struct reading *r, struct names *names, const struct value *text,
                     struct str lang, enum rank rank)
{
    if (!is(text, VALUE_STRING)) {
        refuse(r, "names");
        return;
    }
    struct str clean = composed(r, text->string);
    if (clean.len == 0)
        return;
    for (size_t i = 0; i < names->n; i++)
        if (str_equal(names->v[i].text, clean) && str_equal(names->v[i].lang, lang)) {
            if (rank < names->v[i].rank)
                names->v[i].rank = rank;
            return;
        }
    if (names->n < ROR_NAMES_MAX)
        names->v[names->n++] = (struct name){clean, lang, rank};
    else
        refuse(r, "names");
}

static enum rank rank_of(const struct value *types)
{
    static const char *const word[RANKS] = {"ror_display", "label", "alias", "acronym"};
    for (enum rank rank = DISPLAY; rank < RANKS; rank++)
        for (uint32_t i = 0; is(types, VALUE_ARRAY) && i < types->n; i++)
            if (is(&types->item[i], VALUE_STRING) && str_is(types->item[i].string, word[rank]))
                return rank;
    return ALIAS;
}

static void collect_names(struct reading *r, const struct value *record, struct names *names)
{
    const struct value *v2 = list_of(r, record, "names");
    for (uint32_t i = 0; i < v2->n; i++)
        add_name(r, names, value_get(&v2->item[i], "value"),
                 language_of(r, value_get(&v2->item[i], "lang")),
                 rank_of(value_get(&v2->item[i], "types")));
    const struct value *v1 = value_get(record, "name");
    if (v1 == NULL)
        return;
    add_name(r, names, v1, STR("und"), DISPLAY);
    const struct value *labels = list_of(r, record, "labels");
    for (uint32_t i = 0; i < labels->n; i++)
        add_name(r, names, value_get(&labels->item[i], "label"),
                 language_of(r, value_get(&labels->item[i], "iso639")), LABEL);
    const struct value *aliases = list_of(r, record, "aliases");
    for (uint32_t i = 0; i < aliases->n; i++)
        add_name(r, names, &aliases->item[i], STR("und"), ALIAS);
    const struct value *acronyms = list_of(r, record, "acronyms");
    for (uint32_t i = 0; i < acronyms->n; i++)
        add_name(r, names, &acronyms->item[i], STR("und"), ACRONYM);
}

static void read_names(struct reading *r, const struct value *record, struct value *form)
{
    struct names names = {.n = 0};
    collect_names(r, record, &names);
    if (names.n == 0)
        refuse(r, "names");
    struct value by_lang = value_object();
    bool taken[ROR_NAMES_MAX] = {false};
    for (size_t first = 0; first < names.n; first++) {
        if (taken[first])
            continue;
        struct str lang = names.v[first].lang;
        struct value list = value_array();
        for (enum rank rank = DISPLAY; rank < RANKS; rank++)
            for (size_t i = first; i < names.n; i++)
                if (names.v[i].rank == rank && str_equal(names.v[i].lang, lang)) {
                    push(r, &list, value_string(names.v[i].text));
                    taken[i] = true;
                }
        if (r->err == CAU_OK)
            r->err = value_set(r->a, &by_lang, lang, list);
    }
    set(r, form, "name", by_lang);
}

static void read_types(struct reading *r, const struct value *record, struct value *form)
{
    static const char *const ours[][2] = {{"education", "university"},
                                          {"healthcare", "hospital"},
                                          {"company", "enterprise"},
                                          {"funder", "fund"}};
    const struct value *types = list_of(r, record, "types");
    struct value list = value_array();
    for (uint32_t i = 0; i < types->n; i++) {
        if (!is(&types->item[i], VALUE_STRING)) {
            refuse(r, "types");
            return;
        }
        struct str type = lower(r, types->item[i].string);
        for (size_t k = 0; k < countof(ours); k++)
            if (str_is(type, ours[k][0]))
                type = str_of(ours[k][1]);
        push(r, &list, value_string(type));
    }
    set_list(r, form, "types", list);
}

static void read_place(struct reading *r, const struct value *record, struct value *form)
{
    const struct value null = {.type = VALUE_NULL};
    const struct value *locations = list_of(r, record, "locations");
    const struct value *v1 = list_of(r, record, "addresses");
    const struct value *at = locations->n > 0 ? &locations->item[0]
                             : v1->n > 0      ? &v1->item[0]
                                              : NULL;
    const struct value *details = value_get(at, "geonames_details");
    if (details != NULL)
        at = details;

    struct str country = value_get_str(at, "country_code");
    if (country.len == 0)
        country = value_get_str(at, "country");
    if (country.len == 0)
        country = value_get_str(value_get(record, "country"), "country_code");
    struct str city = value_get_str(at, "name");
    if (city.len == 0)
        city = value_get_str(value_get(at, "geonames_city"), "city");
    if (city.len == 0)
        city = value_get_str(at, "city");
    city = composed(r, city);

    struct value city_text = value_object();
    set_str(r, &city_text, "en", city);
    set(r, form, "city", city.len > 0 ? city_text : null);
    set(r, form, "country", country.len > 0 ? value_string(country) : null);

    const struct value *latitude = value_get(at, "lat"), *longitude = value_get(at, "lng");
    bool known = latitude != NULL && latitude->type != VALUE_NULL && longitude != NULL &&
                 longitude->type != VALUE_NULL;
    struct value place = value_object();
    if (known) {
        set(r, &place, "latitude", *latitude);
        set(r, &place, "longitude", *longitude);
    }
    set(r, form, "coordinates", known ? place : null);
}

/* The preferred value of an identifier, else the first; {NULL, 0} when there is none. */
static struct str preferred(const struct value *id)
{
    if (is(id, VALUE_STRING))
        return id->string;
    struct str best = value_get_str(id, "preferred");
    const struct value *all = value_get(id, "all");
    if (best.len > 0)
        return best;
    if (is(all, VALUE_STRING))
        return all->string;
    bool some = is(all, VALUE_ARRAY) && all->n > 0 && all->item[0].type == VALUE_STRING;
    return some ? all->item[0].string : (struct str){NULL, 0};
}

static void add_identifier(struct reading *r, struct value *out, struct str type,
                           const struct value *id)
{
    static const char *const known[] = {"wikidata", "isni", "grid", "fundref"};
    type = lower(r, type);
    for (size_t i = 0; i < countof(known); i++)
        if (str_is(type, known[i]))
            set_str(r, out, known[i], str_trim(preferred(id)));
}

static void read_identifiers(struct reading *r, const struct value *record, struct value *form)
{
    struct value out = value_object();
    set_str(r, &out, "ror", value_get_str(record, "id"));
    const struct value *ids = value_get(record, "external_ids");
    for (uint32_t i = 0; is(ids, VALUE_ARRAY) && i < ids->n; i++)
        add_identifier(r, &out, value_get_str(&ids->item[i], "type"), &ids->item[i]);
    for (uint32_t i = 0; is(ids, VALUE_OBJECT) && i < ids->n; i++)
        add_identifier(r, &out, ids->member[i].key, &ids->member[i].value);
    set(r, form, "identifiers", out);
}

static void add_source(struct reading *r, struct value *list, const char *publisher,
                       struct str url, struct str date)
{
    struct value source = value_object();
    set_str(r, &source, "publisher", str_of(publisher));
    set_str(r, &source, "url", url);
    set_str(r, &source, "date", date);
    push(r, list, source);
}

static void read_addresses(struct reading *r, const struct value *record, struct value *form)
{
    struct value websites = value_array(), domains = value_array(), sources = value_array();
    struct str date = value_get_str(record, "last_modified");
    if (date.len == 0)
        date = value_get_str(value_get(value_get(record, "admin"), "last_modified"), "date");
    add_source(r, &sources, "Research Organization Registry", value_get_str(record, "id"),
               date);

    const struct value *links = list_of(r, record, "links");
    struct str wikipedia = str_trim(value_get_str(record, "wikipedia_url"));
    for (uint32_t i = 0; i < links->n; i++) {
        const struct value *link = &links->item[i];
        bool plain = link->type == VALUE_STRING;
        struct str url = str_trim(plain ? link->string : value_get_str(link, "value"));
        if (!plain && str_is(value_get_str(link, "type"), "wikipedia"))
            wikipedia = url;
        else if (url.len > 0)
            push(r, &websites, value_string(url));
    }
    if (wikipedia.len > 0)
        add_source(r, &sources, "Wikipedia", wikipedia, (struct str){NULL, 0});

    const struct value *names = list_of(r, record, "domains");
    for (uint32_t i = 0; i < names->n; i++)
        push(r, &domains, names->item[i]);
    set_list(r, form, "websites", websites);
    set_list(r, form, "domains", domains);
    set(r, form, "sources", sources);
}

static void read_relations(struct reading *r, const struct value *record, struct value *form)
{
    const struct value *relations = list_of(r, record, "relationships");
    struct value links = value_array();
    bool children = relations->n <= ROR_LINKS_MAX;
    r->note->children_left_out = !children;
    for (uint32_t i = 0; i < relations->n && r->err == CAU_OK; i++) {
        const struct value *from = &relations->item[i];
        struct str rel = lower(r, value_get_str(from, "type"));
        if (rel.len == 0 || value_get_str(from, "id").len == 0)
            refuse(r, "relationships");
        if (!children && str_is(rel, "child"))
            continue;
        struct value link = value_object();
        set_str(r, &link, "rel", rel);
        set_str(r, &link, "to", value_get_str(from, "id"));
        set_str(r, &link, "label", composed(r, value_get_str(from, "label")));
        push(r, &links, link);
    }
    set_list(r, form, "links", links);
}

/* The year as a date of four digits; whatever else stands there goes on as it is and is refused by the form. */
static void read_established(struct reading *r, const struct value *record, struct value *form)
{
    const struct value *year = value_get(record, "established");
    struct value date = {.type = VALUE_NULL};
    if (is(year, VALUE_INTEGER) && year->integer >= 0 && year->integer <= 9999) {
        char *text = arena_take(r->a, 4);
        if (text == NULL) {
            r->err = CAU_ERR_MEMORY;
            return;
        }
        int64_t left = year->integer;
        for (size_t i = 4; i-- > 0; left /= 10)
            text[i] = (char)('0' + left % 10);
        date = value_string((struct str){text, 4});
    } else if (year != NULL) {
        date = *year;
    }
    set(r, form, "established", date);
}

static void read_status(struct reading *r, const struct value *record, struct value *form)
{
    struct str status = lower(r, value_get_str(record, "status"));
    if (status.len == 0)
        refuse(r, "status");
    set_str(r, form, "status", status);
    set(r, form, "withdrawn",
        str_is(status, "withdrawn") ? value_string(STR("source_withdrawn"))
                                    : (struct value){.type = VALUE_NULL});
}

bool ror_is(const struct value *record)
{
    return str_starts(value_get_str(record, "id"), STR(ROR_ADDRESS)) &&
           (value_get(record, "names") != NULL || value_get(record, "name") != NULL);
}

enum cau_err ror_read(struct arena *a, const struct kinds *kinds, const struct value *record,
                      struct value *form, struct ror_note *note, struct str *place)
{
    struct ror_note noted = {0};
    struct reading r = {
        .a = a, .language = kinds_find_list(kinds, STR("language")), .note = &noted};
    must(r.language != NULL);
    struct value out = value_object();
    if (!str_starts(value_get_str(record, "id"), STR(ROR_ADDRESS)))
        refuse(&r, "id");
    set_str(&r, &out, "kind", STR("organization"));
    set_str(&r, &out, "external_id", value_get_str(record, "id"));
    read_names(&r, record, &out);
    read_types(&r, record, &out);
    read_place(&r, record, &out);
    read_identifiers(&r, record, &out);
    read_addresses(&r, record, &out);
    read_relations(&r, record, &out);
    read_established(&r, record, &out);
    read_status(&r, record, &out);
    if (r.err == CAU_ERR_SYNTAX)
        *place = str_of(r.place);
    if (r.err != CAU_OK)
        return r.err == CAU_ERR_RANGE ? CAU_ERR_SYNTAX : r.err; /* a text too long to compose */
    *form = out;
    *note = noted;
    return CAU_OK;
}
