#include "view/facts_int.h"

#include <string.h>

#include "base/number.h"

#define VALUE_BYTES_MAX 32 /* of a facet's value, as index.h says */

/* Lists that grow at the end of an arena. */
struct collect {
    struct arena *a;
    struct facts *f;
    size_t text_room, value_room;
    bool full;
};

static void *grown(struct arena *a, void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    size_t more = *room == 0 ? 16 : *room * 2;
    void *wide = arena_take(a, more * size);
    if (wide == NULL)
        return NULL;
    if (n > 0)
        memcpy(wide, list, n * size);
    *room = more;
    return wide;
}

static void add_text(void *ctx, struct str lang, unsigned weight, struct str text)
{
    struct collect *c = ctx;
    struct index_text *list =
        grown(c->a, c->f->text, c->f->text_count, &c->text_room, sizeof *list);
    if (list == NULL) {
        c->full = true;
        return;
    }
    c->f->text = list;
    list[c->f->text_count++] = (struct index_text){lang, weight, text};
}

static void add_value(struct collect *c, enum index_column column, struct str value)
{
    if (value.len == 0 || value.len > VALUE_BYTES_MAX)
        return;
    struct index_value *list =
        grown(c->a, c->f->value, c->f->value_count, &c->value_room, sizeof *list);
    if (list == NULL) {
        c->full = true;
        return;
    }
    c->f->value = list;
    list[c->f->value_count++] = (struct index_value){column, value};
}

static void add_facet(void *ctx, enum kind_facet facet, struct str value)
{
    static const enum index_column column[] = {[KIND_FACET_YEAR] = INDEX_YEAR,
                                               [KIND_FACET_STATUS] = INDEX_STATUS,
                                               [KIND_FACET_COUNTRY] = INDEX_COUNTRY,
                                               [KIND_FACET_FIELD] = INDEX_FIELD};
    if (facet != KIND_FACET_NONE)
        add_value(ctx, column[facet], value);
}

static void add_language(void *ctx, struct str lang)
{
    add_value(ctx, INDEX_LANGUAGE, lang);
}

uint32_t facts_import(struct str name)
{
    if (!str_starts(name, STR("import-")))
        return 0;
    struct str digits = str_from(name, 7);
    while (digits.len > 1 && digits.p[0] == '0')
        digits = str_from(digits, 1);
    uint64_t n = 0;
    return number_read(digits, UINT32_MAX, &n) == CAU_OK ? (uint32_t)n : 0;
}

/* Who an owner named in the payload is. Not for organisations, which are their own, nor for persons: that
 * somebody works there gives the organisation no right to his private record. */
static struct str belongs_to(const struct kind *kind, const struct value *payload)
{
    if (kind->personal || str_is(kind->name, "organization"))
        return (struct str){NULL, 0};
    static const char *const owner[] = {"organization", "owner", "from"}; /* of an interest */
    struct str name = {NULL, 0};
    for (size_t i = 0; i < countof(owner) && name.len == 0; i++)
        name = value_get_str(payload, owner[i]);
    return name;
}

enum cau_err facts_of(struct arena *a, const struct kind *kind, const struct value *payload,
                      bool texts, struct facts *out)
{
    struct facts f = {.external = value_get_str(payload, "external_id"),
                      .publication = value_get_str(payload, "publication"),
                      .belongs = belongs_to(kind, payload),
                      .withdrawn = value_get(payload, "withdrawn") != NULL};
    f.import = facts_import(value_get_str(value_get(payload, "audit"), "import"));
    struct record_link link[RECORD_LINKS_MAX];
    f.link_count = record_links(kind, payload, link, countof(link));
    f.link = arena_take(a, f.link_count * sizeof *link);
    if (f.link == NULL)
        return CAU_ERR_MEMORY;
    memcpy(f.link, link, f.link_count * sizeof *link);
    if (texts) {
        struct collect c = {.a = a, .f = &f};
        struct record_sink sink = {&c, add_text, add_facet, add_language};
        add_value(&c, INDEX_KIND, kind->name);
        record_walk(kind, payload, &sink);
        if (c.full)
            return CAU_ERR_MEMORY;
    }
    *out = f;
    return CAU_OK;
}
