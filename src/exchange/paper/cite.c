#include "exchange/paper/cite.h"

#include "base/words.h"

#include <stdarg.h>
#include <string.h>

#define SLOTS (CITE_RECORDS_MAX * 2) /* half of them stay empty */

struct cite cite_new(struct paper *p, struct view *v, const struct kinds *kinds,
                     struct index_reader reader)
{
    struct cite c = {.paper = p, .view = v, .kinds = kinds, .reader = reader};
    c.slot = arena_zero(p->a, SLOTS * sizeof *c.slot);
    if (c.slot == NULL)
        p->failed = true;
    return c;
}

/* ---- texts ---- */

static struct str keep(struct cite *c, struct buf *b)
{
    struct str out = {NULL, 0};
    if (b->failed || arena_copy(c->paper->a, buf_str(b), &out) != CAU_OK)
        c->paper->failed = true;
    buf_free(b);
    return out;
}

struct str cite_print(struct cite *c, const char *format, ...)
{
    struct str out = {NULL, 0};
    va_list list;
    va_start(list, format);
    if (arena_print(c->paper->a, &out, format, list) != CAU_OK)
        c->paper->failed = true;
    va_end(list);
    return out;
}

static struct str fill(struct cite *c, struct str message, const struct str *slot, size_t n)
{
    struct buf b = buf_new(1 << 20);
    words_fill(&b, message, slot, n);
    return keep(c, &b);
}

struct str cite_fill(struct cite *c, const char *id, const struct str *slot, size_t n)
{
    return fill(c, words(c->paper->lang, id), slot, n);
}

struct str cite_fill_n(struct cite *c, const char *id, uint64_t count, const struct str *slot,
                       size_t n)
{
    return fill(c, words_n(c->paper->lang, id, count), slot, n);
}

struct str cite_say(const struct cite *c, const char *id)
{
    return words(c->paper->lang, id);
}

struct str cite_number(struct cite *c, int64_t value)
{
    struct buf b = buf_new(64);
    words_number(&b, c->paper->lang, value);
    return keep(c, &b);
}

static struct str date_text(struct cite *c, struct clock_date date)
{
    struct buf b = buf_new(256);
    words_date(&b, c->paper->lang, date);
    return keep(c, &b);
}

struct str cite_date(struct cite *c, struct str iso)
{
    struct clock_date date;
    return clock_read_date(iso, &date) == CAU_OK ? date_text(c, date) : iso;
}

struct str cite_days(struct cite *c, struct desk_days days)
{
    if (!desk_known(days))
        return (struct str){NULL, 0};
    struct clock_date date = desk_date(days.first);
    if (days.last - days.first > 31)
        date.month = 0;
    if (days.last != days.first)
        date.day = 0;
    return date_text(c, date);
}

struct str cite_label(const struct cite *c, const char *list, struct str code)
{
    return kind_code_label(kinds_find_list(c->kinds, str_of(list)), code, c->paper->lang);
}

struct str cite_label_at(const struct cite *c, const char *list, unsigned place)
{
    const struct kind_list *l = kinds_find_list(c->kinds, str_of(list));
    return l == NULL || place >= l->n ? (struct str){NULL, 0}
                                      : l->code[place].label[c->paper->lang];
}

struct str cite_country(struct cite *c, struct str code)
{
    struct str label = cite_label(c, "country", code), own = label;
    if (label.p == code.p && arena_copy(c->paper->a, code, &own) != CAU_OK)
        c->paper->failed = true; /* in no list: the code, which need not live */
    return own;
}

struct str cite_countries(struct cite *c, const struct value *codes, struct str but)
{
    struct buf b = buf_new(1 << 16);
    bool many = codes != NULL && codes->type == VALUE_ARRAY;
    uint32_t n = many ? codes->n : codes != NULL && codes->type == VALUE_STRING ? 1 : 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str code = many ? codes->item[i].string : codes->string;
        if (str_equal(code, but))
            continue;
        if (b.len > 0)
            buf_add_word(&b, ", ");
        buf_add(&b, cite_label(c, "country", code));
    }
    return keep(c, &b);
}

struct str cite_value(struct cite *c, struct str decimal, struct str qualifier)
{
    static const struct {
        const char *code, *id;
    } list[] = {{"about", "cite.about"},
                {"nearly", "cite.nearly"},
                {"over", "cite.over"},
                {"up_to", "cite.up_to"}};
    struct buf b = buf_new(256);
    words_decimal(&b, c->paper->lang, decimal);
    struct str value = keep(c, &b);
    for (size_t i = 0; i < countof(list); i++)
        if (str_is(qualifier, list[i].code))
            return cite_fill(c, list[i].id, &value, 1);
    return value;
}

/* ---- records ---- */

/* "Publisher, “Title”, 22 April 2020": what is known of it. */
static struct str source_text(struct cite *c, const struct value *source)
{
    const struct str title = value_get_str(source, "title");
    const struct str part[] = {value_get_str(source, "publisher"),
                               title.len > 0 ? cite_fill(c, "cite.title", &title, 1) : title,
                               cite_date(c, value_get_str(source, "date"))};
    struct buf b = buf_new(1 << 16);
    for (size_t i = 0; i < countof(part); i++) {
        if (part[i].len > 0 && b.len > 0)
            buf_add_word(&b, ", ");
        buf_add(&b, part[i]);
    }
    if (b.len == 0)
        buf_add(&b, value_get_str(source, "url"));
    return keep(c, &b);
}

static const struct value *sources_of(const struct cite_record *r)
{
    const struct value *sources = value_get(&r->record.payload, "sources");
    return sources != NULL && sources->type == VALUE_ARRAY && sources->n > 0 ? sources : NULL;
}

static struct str source_line(struct cite *c, const struct cite_record *r)
{
    const struct value *sources = sources_of(r);
    struct buf b = buf_new(1 << 18);
    for (uint32_t i = 0; sources != NULL && i < sources->n && i < CITE_SOURCES_MAX; i++) {
        if (i > 0)
            buf_add_word(&b, "; ");
        buf_add(&b, source_text(c, &sources->item[i]));
    }
    return keep(c, &b);
}

static void read_record(struct cite *c, uint32_t doc, struct cite_record *out)
{
    out->doc = doc;
    out->there = view_get(c->view, c->paper->a, c->reader, doc, &out->record) == CAU_OK;
    c->read++;
    if (!out->there)
        return;
    if (out->record.time_ms > c->newest_ms)
        c->newest_ms = out->record.time_ms;
    struct str lang = lang_code(c->paper->lang);
    out->title = record_title(out->record.kind, &out->record.payload, c->paper->lang);
    if (out->title.text.len == 0)
        out->title = (struct record_text){.text = cite_say(c, "record.untitled"), .lang = lang};
    out->address = cite_print(c, "/%.*s/%.*s", STR_ARG(lang), STR_ARG(out->record.id));
    out->source = source_line(c, out);
}

const struct cite_record *cite_get(struct cite *c, uint32_t doc)
{
    if (c->paper->failed || doc == 0)
        return NULL;
    size_t at = (doc * UINT64_C(0x9E3779B97F4A7C15) >> 32) % SLOTS;
    while (c->slot[at].doc != 0 && c->slot[at].doc != doc)
        at = (at + 1) % SLOTS;
    if (c->slot[at].doc == 0) {
        if (c->read == CITE_RECORDS_MAX)
            return NULL;
        read_record(c, doc, &c->slot[at]);
    }
    return c->slot[at].there ? &c->slot[at] : NULL;
}

struct paper_piece *cite_title(struct cite *c, struct paper_text *to, uint32_t doc)
{
    const struct cite_record *r = cite_get(c, doc);
    struct paper_piece *piece = r == NULL ? NULL : paper_add(c->paper, to, r->title.text);
    if (piece == NULL)
        return NULL;
    piece->address = r->address;
    if (!str_equal(r->title.lang, lang_code(c->paper->lang)))
        piece->lang = r->title.lang;
    return piece;
}

struct paper_piece *cite_sentence(struct cite *c, struct paper_text *to, struct str message,
                                  const struct str *slot, size_t n, unsigned strong)
{
    size_t at = 0;
    must(strong < n);
    while (at + 2 < message.len &&
           !(message.p[at] == '{' && message.p[at + 1] == '0' + (char)strong &&
             message.p[at + 2] == '}'))
        at++;
    if (at + 2 >= message.len)
        return paper_add(c->paper, to, fill(c, message, slot, n));
    if (at > 0)
        paper_add(c->paper, to, fill(c, str_to(message, at), slot, n));
    struct paper_piece *piece = paper_add(c->paper, to, slot[strong]);
    if (piece != NULL)
        piece->tone = PAPER_STRONG;
    if (at + 3 < message.len)
        paper_add(c->paper, to, fill(c, str_from(message, at + 3), slot, n));
    return piece;
}

/* ---- notes ---- */

static void add_sources(struct cite *c, struct paper_text *to, const struct cite_record *r)
{
    const struct value *sources = sources_of(r);
    if (sources == NULL)
        paper_add(c->paper, to,
                  cite_say(c, value_get(&r->record.payload, "example") != NULL
                                  ? "cite.example"
                                  : "cite.no_source"));
    else
        paper_add(c->paper, to, cite_say(c, "cite.source"));
    for (uint32_t i = 0; sources != NULL && i < sources->n && i < CITE_SOURCES_MAX; i++) {
        paper_add(c->paper, to, i == 0 ? STR(" ") : STR("; "));
        struct paper_piece *piece = paper_add(c->paper, to, source_text(c, &sources->item[i]));
        if (piece != NULL)
            piece->address = value_get_str(&sources->item[i], "url");
    }
    if (sources != NULL && sources->n > CITE_SOURCES_MAX) {
        struct str more = cite_number(c, sources->n - CITE_SOURCES_MAX);
        paper_add(c->paper, to, cite_fill(c, "cite.more_sources", &more, 1));
        paper_add(c->paper, to, STR("."));
    } else if (sources != NULL && !str_ends(r->source, STR(".")))
        paper_add(c->paper, to, STR(".")); /* a date in Russian has one */
}

static bool same_sources(const struct cite_record *const *r, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (!str_equal(r[i]->source, r[0]->source) ||
            (value_get(&r[i]->record.payload, "example") == NULL) !=
                (value_get(&r[0]->record.payload, "example") == NULL))
            return false;
    return true;
}

/* Titles one after another, then their source where it is the same for all; else each with its own. */
static void add_records(struct cite *c, struct paper_text *to,
                        const struct cite_record *const *r, size_t n)
{
    bool same = same_sources(r, n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            paper_add(c->paper, to, same ? STR("; ") : STR(" "));
        cite_title(c, to, r[i]->record.doc);
        if (same && i + 1 < n)
            continue;
        paper_add(c->paper, to, STR(". "));
        add_sources(c, to, r[i]);
    }
}

void cite_note(struct cite *c, struct paper_piece *behind, const struct cite_docs *docs,
               struct str remark)
{
    const struct cite_record *named[CITE_NAMED_MAX];
    struct paper_text note = {NULL, NULL};
    size_t n = 0;
    for (size_t i = 0; i < docs->n && n < CITE_NAMED_MAX; i++) {
        named[n] = cite_get(c, docs->doc[i]);
        n += named[n] != NULL;
    }
    if (remark.len > 0) {
        paper_add(c->paper, &note, remark);
        paper_add(c->paper, &note, STR(" "));
    }
    if (docs->all == 0)
        paper_add(c->paper, &note, cite_say(c, "cite.none"));
    else if (n > 0)
        add_records(c, &note, named, n);
    if (docs->all > n) {
        struct str more = cite_number(c, (int64_t)(docs->all - n));
        if (n > 0)
            paper_add(c->paper, &note, STR(" "));
        paper_add(c->paper, &note, cite_fill(c, "cite.more", &more, 1));
    }
    if (docs->list.len > 0 && docs->all != n) {
        struct paper_piece *link;
        paper_add(c->paper, &note, STR(" "));
        link = paper_add(c->paper, &note, cite_say(c, "cite.list"));
        if (link != NULL)
            link->address = docs->list;
    }
    paper_note(c->paper, behind, &note);
}

void cite_note_record(struct cite *c, struct paper_piece *behind, uint32_t doc,
                      struct str remark)
{
    const struct cite_docs docs = {.doc = &doc, .n = 1, .all = 1};
    cite_note(c, behind, &docs, remark);
}

struct str cite_list_address(struct cite *c, struct str kind, uint16_t country, int year)
{
    char space[2];
    struct str code = desk_country(country, space), lang = lang_code(c->paper->lang);
    struct buf b = buf_new(256);
    buf_printf(&b, "/%.*s/%.*s", STR_ARG(lang), STR_ARG(kind));
    if (code.len > 0)
        buf_printf(&b, "?country=%.*s", STR_ARG(code));
    if (year != 0)
        buf_printf(&b, "%cyear=%d", code.len > 0 ? '&' : '?', year);
    return keep(c, &b);
}

/* ---- the foot ---- */

/* The lines of a checkpoint: origin, size, root. */
static void add_log(struct cite *c, const struct view_log *log)
{
    struct str rest = log->checkpoint;
    bool stated = rest.len > 0;
    (void)str_next(&rest, '\n');
    (void)str_next(&rest, '\n');
    const struct str slot[] = {log->origin, cite_number(c, (int64_t)log->size),
                               cite_number(c, (int64_t)log->signed_size),
                               str_next(&rest, '\n')};
    bool whole = log->signed_size == log->size;
    struct paper_piece *piece = paper_add(c->paper, &c->paper->foot,
                                          cite_fill(c,
                                                    !stated ? "cite.foot.unsigned"
                                                    : whole ? "cite.foot.signed"
                                                            : "cite.foot.behind",
                                                    slot, countof(slot)));
    if (piece != NULL)
        piece->break_before = true;
}

void cite_foot(struct cite *c)
{
    paper_add(c->paper, &c->paper->foot, cite_say(c, "cite.foot"));
    for (unsigned i = 0; i < RECORD_AUDIENCES && !c->paper->failed; i++) {
        struct view_log log;
        bool sees = (c->reader.audiences & 1u << i) != 0;
        if (sees && view_log(c->view, c->paper->a, (enum record_audience)i, &log) == CAU_OK &&
            log.size > 0)
            add_log(c, &log);
    }
}
