/* Which record a row is about: what it looks like, and what comes of joining the two. */
#include "domain/rule/alike.h"
#include "domain/rule/indicator.h"
#include "exchange/form/form_words.h"
#include "exchange/import/import_int.h"

#include <string.h>

enum { LOOKED_AT = 20, SCORE_LEAST = -3000 };

struct import_match import_match_new(struct node *n, struct index_reader reader)
{
    return (struct import_match){.n = n, .reader = reader};
}

void import_match_free(struct import_match *m)
{
    identity_close(m->set);
    vocabulary_close(m->vocabulary);
    *m = (struct import_match){.n = m->n, .reader = m->reader};
}

static enum cau_err sweep(struct import_match *m, struct view *v, const struct kind *kind)
{
    enum cau_err err = CAU_OK;
    identity_close(m->set);
    m->set = NULL;
    m->swept = NULL;
    if (m->vocabulary == NULL)
        err = vocabulary_open(&m->vocabulary);
    if (err == CAU_OK)
        err = alike_set(v, m->reader, kind, m->vocabulary, false, &m->set);
    if (err == CAU_OK)
        m->swept = kind;
    return err;
}

/* What a hit says to the person who imports; NULL: too little. Titles of other kinds must be the same: many needs
 * speak of one thing. */
static const char *why_of(const struct kind *kind, const struct identity_score *score)
{
    const uint8_t *level = score->levels.level;
    bool alike = level[WEIGH_COUNTRY] != 2 && score->band != IDENTITY_DIFFERENT;
    if (level[WEIGH_IDENTIFIER] == 1)
        return "identifier";
    if (alike && level[WEIGH_NAME] == 1)
        return "name";
    if (alike && alike_is(kind))
        return "alike";
    return level[WEIGH_DOMAIN] == 1 ? "domain" : NULL;
}

static struct str value_of(const char *why, const struct identity_facts *f,
                           const struct identity_hit *hit, struct str domain)
{
    if (strcmp(why, "identifier") == 0 && f->identifiers > 0)
        return f->identifier[hit->score.identifier_x];
    if (strcmp(why, "domain") == 0)
        return domain;
    return f->names > hit->score.name_x ? f->name[hit->score.name_x] : (struct str){NULL, 0};
}

enum cau_err import_match_find(struct import_match *m, struct view *v, struct arena *a,
                               const struct kind *kind, const struct value *payload,
                               struct import_like out[IMPORT_ALIKE_MAX], size_t *n)
{
    struct identity_hit hit[LOOKED_AT];
    size_t hits = 0, found = 0;
    enum cau_err err = m->swept == kind ? CAU_OK : sweep(m, v, kind);
    struct identity_facts *f = arena_take(a, sizeof *f);
    if (err == CAU_OK && f == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK && identity_count(m->set) > 0) {
        identity_facts_of(kind, 0, payload, f);
        err = identity_find(m->set, f, SCORE_LEAST, hit, LOOKED_AT, &hits);
    }
    for (size_t i = 0; err == CAU_OK && i < hits && found < IMPORT_ALIKE_MAX; i++) {
        const char *why = why_of(kind, &hit[i].score);
        struct str domain =
            f->domains > 0 ? f->domain[hit[i].score.domain_x] : (struct str){NULL, 0};
        if (why != NULL)
            out[found++] =
                (struct import_like){hit[i].doc, why, value_of(why, f, &hit[i], domain)};
    }
    if (err == CAU_OK)
        *n = found;
    return err;
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
    case KIND_ROWS: /* figures of an indicator; other rows have nothing to be known by */
        return str_is(field->name, "values") ? indicator_join(a, old, fresh, out) : CAU_OK;
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
