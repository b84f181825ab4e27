/* What a session's page shows beyond its fields: delegations by side, agenda and decisions in the languages side by side,
 * minutes with their hashes and numbered paragraphs. */
#include "domain/rule/minutes.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

enum { COLUMNS_MAX = 4 }; /* languages side by side */

struct str session_page_minutes(const struct value *payload, struct str lang)
{
    const struct value *rows = value_get(payload, "minutes");
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++)
        if (str_equal(value_get_str(&rows->item[i], "language"), lang))
            return record_text_at(value_get(&rows->item[i], "text"), 0).text;
    return (struct str){NULL, 0};
}

static const struct value *rows_of(const struct view_record *r, const char *field)
{
    const struct value *v = value_get(&r->payload, field);
    return v != NULL && v->type == VALUE_ARRAY && v->n > 0 ? v : NULL;
}

/* A link by the name a row has, or its name alone. */
static void add_named(struct ask *q, struct html_map *m, const char *key, struct str to)
{
    if (to.len == 0)
        return;
    struct html_map *link = html_item(m, key);
    if (!present_link(q, link, view_find(q->view, q->reader, to)))
        html_text(link, "title", record_id_valid(to) ? ask_say(q, "record.link_hidden") : to);
}

/* ---- delegations ---- */

static bool side_was_before(const struct value *rows, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (str_equal(value_get_str(&rows->item[k], "side"),
                      value_get_str(&rows->item[i], "side")))
            return true;
    return false;
}

static void add_person(struct ask *q, struct html_map *m, const struct value *row)
{
    struct html_map *one = html_item(m, "people");
    struct record_text office = record_pick(value_get(row, "office"), q->lang);
    html_text(one, "name", value_get_str(row, "person"));
    html_text(one, "role",
              value_get(row, "role") == NULL
                  ? (struct str){NULL, 0}
                  : present_listed(q, "delegation_role", value_get_str(row, "role")));
    html_text(one, "office", office.text);
    if (!str_equal(office.lang, lang_code(q->lang)))
        html_text(one, "lang", office.lang);
    add_named(q, one, "body", value_get_str(row, "organization"));
}

static void add_delegations(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *rows = rows_of(r, "delegations");
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++) {
        if (side_was_before(rows, i))
            continue;
        struct str side = value_get_str(&rows->item[i], "side");
        struct html_map *d = html_item(m, "delegations");
        html_text(d, "side",
                  side.len > 0 ? present_country(q, side) : ask_say(q, "session.others"));
        for (uint32_t k = i; k < rows->n; k++)
            if (str_equal(value_get_str(&rows->item[k], "side"), side))
                add_person(q, d, &rows->item[k]);
    }
}

/* ---- agenda and decisions ---- */

struct columns {
    struct str lang[COLUMNS_MAX];
    size_t n;
};

static void add_column(struct columns *c, struct str lang)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_equal(c->lang[i], lang))
            return;
    if (c->n < COLUMNS_MAX)
        c->lang[c->n++] = lang;
}

/* The languages that the rows are written in: the reader's first, then as they come. */
static struct columns columns_of(struct ask *q, const struct value *rows, const char *text)
{
    struct columns c = {.n = 0};
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < rows->n; i++) {
            const struct value *v = value_get(&rows->item[i], text);
            for (size_t k = 0;; k++) {
                struct record_text t = record_text_at(v, k);
                if (t.text.p == NULL)
                    break;
                if (pass == 1 || str_equal(t.lang, lang_code(q->lang)))
                    add_column(&c, t.lang);
            }
        }
    return c;
}

static struct str text_in(const struct value *v, struct str lang)
{
    for (size_t k = 0;; k++) {
        struct record_text t = record_text_at(v, k);
        if (t.text.p == NULL || str_equal(t.lang, lang))
            return t.text;
    }
}

/* The table `key`: number, the text in each language, and of an agenda who put it and what it is about. */
static void add_table(struct ask *q, struct html_map *m, const char *key,
                      const struct value *rows, const char *text)
{
    if (rows == NULL)
        return;
    struct html_map *table = html_item(m, key);
    struct columns c = columns_of(q, rows, text);
    for (size_t k = 0; k < c.n; k++) {
        struct html_map *head = html_item(table, "heads");
        html_text(head, "label", present_language(q, c.lang[k]));
    }
    for (uint32_t i = 0; i < rows->n; i++) {
        const struct value *row = &rows->item[i];
        struct html_map *line = html_item(table, "rows");
        struct str side = value_get_str(row, "side");
        html_text(line, "number", value_get_str(row, "number"));
        for (size_t k = 0; k < c.n; k++) {
            struct html_map *cell = html_item(line, "cells");
            html_text(cell, "head", present_language(q, c.lang[k]));
            html_text(cell, "lang", c.lang[k]);
            html_text(cell, "text", text_in(value_get(row, text), c.lang[k]));
            if (k == 0)
                add_named(q, cell, "about", value_get_str(row, "about"));
        }
        if (side.len > 0)
            html_text(line, "side", present_country(q, side));
        if (side.len > 0)
            html_flag(table, "sides", true);
    }
}

/* ---- minutes ---- */

static void add_paragraphs(struct ask *q, struct html_map *m, const struct view_record *r,
                           struct str lang, bool may_commit)
{
    struct str rest = session_page_minutes(&r->payload, lang);
    int64_t n = 0;
    while (rest.len > 0) {
        struct str line = str_trim(str_next(&rest, '\n'));
        if (line.len == 0)
            continue;
        struct html_map *p = html_item(m, "paragraphs");
        html_text(p, "n", ask_print(q, "%lld", (long long)++n));
        html_text(p, "text", line);
        html_text(p, "id", ask_print(q, "%.*s-%lld", STR_ARG(lang), (long long)n));
        if (may_commit)
            html_text(p, "make",
                      ask_print(q, "%.*s/minutes/%.*s/%lld", STR_ARG(present_address(q, r->id)),
                                STR_ARG(lang), (long long)n));
    }
    html_number(m, "count", n);
}

void session_page_add_file(struct ask *q, struct html_map *m, const struct view_record *r,
                           struct str hex)
{
    struct digest hash;
    struct attachment found;
    enum minutes_media media;
    html_text(m, "hash", hex);
    if (digest_from_hex(hex, hash.b, sizeof hash.b) != CAU_OK)
        return;
    if (attachment_find(view_store(q->view), q->arena, &hash, &found) != CAU_OK ||
        !minutes_read_media(found.media, &media)) {
        html_flag(m, "missing", true);
        return;
    }
    html_text(m, "file",
              ask_print(q, "%.*s/file/%.*s", STR_ARG(present_address(q, r->id)), STR_ARG(hex)));
    html_text(m, "suffix", str_of(minutes_suffix(media)));
    html_text(m, "kilobytes", ask_number(q, (int64_t)((found.size + 1023) / 1024)));
}

static void add_minutes(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *rows = rows_of(r, "minutes");
    const struct kind *commitment = kinds_find(q->site->kinds, STR("commitment"));
    bool may_commit = q->signed_in && !r->withdrawn && ask_may(q, MAY_CREATE, commitment, NULL);
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++) {
        const struct value *row = &rows->item[i];
        struct html_map *one = html_item(m, "minutes");
        struct str lang = value_get_str(row, "language");
        html_text(one, "lang", lang);
        html_text(one, "language", present_language(q, lang));
        if (value_get(row, "signed") != NULL)
            html_text(one, "signed", ask_date(q, value_get_str(row, "signed")));
        html_text(one, "href", value_get_str(row, "address"));
        if (value_get(row, "hash") != NULL)
            session_page_add_file(q, one, r, value_get_str(row, "hash"));
        html_flag(one, "own", str_equal(lang, lang_code(q->lang)));
        add_paragraphs(q, one, r, lang, may_commit);
    }
}

bool session_page_shows(const struct kind *kind, const struct kind_field *f)
{
    static const char *const shown[] = {"delegations", "agenda", "decisions", "minutes"};
    for (size_t i = 0; str_is(kind->name, "session") && i < countof(shown); i++)
        if (str_is(f->name, shown[i]))
            return true;
    return false;
}

void session_page_add(struct ask *q, const struct view_record *r)
{
    if (!str_is(r->kind->name, "session") || r->redacted)
        return;
    struct html_map *m = html_item(q->page, "session");
    add_delegations(q, m, r);
    add_table(q, m, "agenda", rows_of(r, "agenda"), "item");
    add_table(q, m, "decisions", rows_of(r, "decisions"), "decision");
    add_minutes(q, m, r);
    html_text(m, "address", present_address(q, r->id));
    html_flag(m, "planned",
              !r->withdrawn && value_get(&r->payload, "mechanism") != NULL &&
                  str_is(value_get_str(&r->payload, "status"), "planned"));
    html_flag(m, "can_put", q->signed_in && !r->withdrawn && ask_may(q, MAY_EDIT, r->kind, r));
}
