#include "base/clock.h"
#include "base/utf8.h"
#include "exchange/paper/paper_int.h"

#include <string.h>

struct paper paper_new(struct arena *a, enum lang lang, struct str title)
{
    return (struct paper){.a = a, .lang = lang, .title = title};
}

static void *take(struct paper *p, size_t size)
{
    void *got = p->failed ? NULL : arena_zero(p->a, size);
    if (got == NULL)
        p->failed = true;
    return got;
}

static void *refuse(struct paper *p)
{
    p->failed = true;
    p->over = true;
    return NULL;
}

struct paper_piece *paper_add(struct paper *p, struct paper_text *to, struct str text)
{
    struct paper_piece *piece = to != NULL ? take(p, sizeof *piece) : NULL;
    if (piece == NULL)
        return NULL;
    piece->text = text;
    /* A note may have put a piece of its own behind the last one. */
    while (to->last != NULL && to->last->next != NULL)
        to->last = to->last->next;
    if (to->last != NULL)
        to->last->next = piece;
    else
        to->first = piece;
    to->last = piece;
    return piece;
}

/* ---- notes ---- */

static uint64_t hash_of(const struct paper_text *t)
{
    uint64_t h = 0;
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next)
        h = (h ^ str_hash(x->text)) * UINT64_C(0x9E3779B97F4A7C15) + str_hash(x->address);
    return h;
}

static bool same_text(const struct paper_text *x, const struct paper_text *y)
{
    const struct paper_piece *i = x->first, *j = y->first;
    while (i != NULL && j != NULL && str_equal(i->text, j->text) &&
           str_equal(i->address, j->address) && str_equal(i->lang, j->lang)) {
        i = i->next;
        j = j->next;
    }
    return i == NULL && j == NULL;
}

/* The slot of a note, or the empty one where it belongs. There is always an empty one. */
static uint32_t *slot_of(const struct paper *p, const struct paper_text *note)
{
    size_t at = hash_of(note) & (p->found_room - 1);
    while (p->found[at] != 0 && !same_text(&p->note[p->found[at] - 1], note))
        at = (at + 1) & (p->found_room - 1);
    return &p->found[at];
}

/* Room for one more note, and twice as many slots. */
static bool make_room(struct paper *p)
{
    if (p->notes < p->notes_room)
        return true;
    size_t room = p->notes_room == 0 ? 64 : 2 * p->notes_room;
    struct paper_text *note = take(p, room * sizeof *note);
    uint32_t *found = take(p, 2 * room * sizeof *found);
    if (note == NULL || found == NULL)
        return false;
    if (p->notes > 0)
        memcpy(note, p->note, p->notes * sizeof *note);
    p->note = note;
    p->notes_room = room;
    p->found = found;
    p->found_room = 2 * room;
    for (size_t i = 0; i < p->notes; i++)
        *slot_of(p, &p->note[i]) = (uint32_t)i + 1;
    return true;
}

/* Puts the mark behind a piece; one that does not follow its other marks stands on an empty piece of its own. */
static void put_mark(struct paper *p, struct paper_piece *behind, uint32_t number)
{
    for (; behind->notes > 0; behind = behind->next) {
        struct paper_piece *next = behind->next;
        if (number - behind->note < behind->notes)
            return; /* it has this one already */
        if (next == NULL || next->text.len > 0 || next->notes == 0)
            break;
    }
    if (behind->notes == 0) {
        behind->note = number;
        behind->notes = 1;
        return;
    }
    if (number == behind->note + behind->notes) {
        behind->notes++;
        return;
    }
    struct paper_piece *mark = take(p, sizeof *mark);
    if (mark == NULL)
        return;
    *mark = (struct paper_piece){.note = number, .notes = 1, .next = behind->next};
    behind->next = mark;
}

uint32_t paper_note(struct paper *p, struct paper_piece *behind, const struct paper_text *note)
{
    if (behind == NULL || p->failed || !make_room(p))
        return 0;
    uint32_t *slot = slot_of(p, note);
    if (*slot == 0 && p->notes == PAPER_NOTES_MAX) {
        refuse(p);
        return 0;
    }
    if (*slot == 0) {
        p->note[p->notes] = *note;
        *slot = (uint32_t)++p->notes;
    }
    uint32_t number = *slot;
    put_mark(p, behind, number);
    return p->failed ? 0 : number;
}

/* ---- blocks ---- */

static struct paper_block *add_block(struct paper *p, enum paper_block_type type)
{
    struct paper_block *b = take(p, sizeof *b);
    if (b == NULL)
        return NULL;
    b->type = type;
    if (p->last != NULL)
        p->last->next = b;
    else
        p->block = b;
    p->last = b;
    return b;
}

struct paper_text *paper_heading(struct paper *p, unsigned level, struct str text)
{
    must(level == 2 || level == 3);
    struct paper_block *b = add_block(p, PAPER_HEADING);
    if (b == NULL)
        return NULL;
    b->level = level;
    paper_add(p, &b->text, text);
    return &b->text;
}

struct paper_text *paper_paragraph(struct paper *p)
{
    struct paper_block *b = add_block(p, PAPER_PARAGRAPH);
    return b == NULL ? NULL : &b->text;
}

struct paper_block *paper_list(struct paper *p, size_t items)
{
    if (items > PAPER_ROWS_MAX)
        return refuse(p);
    struct paper_block *b = add_block(p, PAPER_LIST);
    if (b == NULL)
        return NULL;
    b->item = take(p, items * sizeof *b->item);
    b->items = b->item == NULL ? 0 : items;
    return p->failed ? NULL : b;
}

struct paper_block *paper_table(struct paper *p, const struct paper_column *column,
                                size_t columns, struct str caption)
{
    must(columns > 0);
    if (columns > PAPER_COLUMNS_MAX)
        return refuse(p);
    struct paper_block *b = add_block(p, PAPER_TABLE);
    if (b == NULL)
        return NULL;
    b->column = take(p, columns * sizeof *b->column);
    if (b->column == NULL)
        return NULL;
    memcpy(b->column, column, columns * sizeof *b->column);
    b->columns = columns;
    if (caption.len > 0)
        paper_add(p, &b->text, caption);
    return p->failed ? NULL : b;
}

struct paper_row *paper_row(struct paper *p, struct paper_block *table)
{
    if (table == NULL)
        return NULL;
    if (table->rows == PAPER_ROWS_MAX)
        return refuse(p);
    struct paper_row *r = take(p, sizeof *r);
    struct paper_text *cell = take(p, table->columns * sizeof *cell);
    if (cell == NULL)
        return NULL;
    r->cell = cell;
    if (table->last_row != NULL)
        table->last_row->next = r;
    else
        table->row = r;
    table->last_row = r;
    table->rows++;
    return r;
}

/* ---- formats ---- */

static const struct {
    const char *name, *type;
} format_list[PAPER_FORMATS] = {
    [PAPER_HTML] = {"html", "text/html; charset=utf-8"},
    [PAPER_DOCX] = {"docx",
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    [PAPER_XLSX] = {"xlsx",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    [PAPER_CSV] = {"csv", "text/csv; charset=utf-8"},
};

const char *paper_format_name(enum paper_format f)
{
    must((unsigned)f < PAPER_FORMATS);
    return format_list[f].name;
}

bool paper_read_format(struct str name, enum paper_format *out)
{
    for (unsigned f = 0; f < PAPER_FORMATS; f++)
        if (str_is(name, format_list[f].name)) {
            *out = (enum paper_format)f;
            return true;
        }
    return false;
}

const char *paper_media_type(enum paper_format f)
{
    must((unsigned)f < PAPER_FORMATS);
    return format_list[f].type;
}

/* ---- what the writers share ---- */

enum cau_err paper_state(const struct paper *p)
{
    return !p->failed ? CAU_OK : p->over ? CAU_ERR_RANGE : CAU_ERR_MEMORY;
}

bool paper_line(struct str *rest, struct str *line)
{
    if (rest->p == NULL)
        return false;
    *line = str_next(rest, '\n');
    if (line->len > 0 && line->p[line->len - 1] == '\r')
        line->len--;
    return true;
}

/* Not in XML 1.0, or embedding, override and isolate of a direction: these reach beyond the text they stand in. */
static bool is_left_out(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F) ||
           (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static void put_point(struct buf *b, uint32_t c, bool escape)
{
    char bytes[4];
    if (is_left_out(c))
        return;
    if (escape && c == '&')
        buf_add(b, STR("&amp;"));
    else if (escape && c == '<')
        buf_add(b, STR("&lt;"));
    else if (escape && c == '>')
        buf_add(b, STR("&gt;"));
    else if (escape && c == '"')
        buf_add(b, STR("&quot;"));
    else
        buf_add(b, (struct str){bytes, utf8_put(c, bytes)});
}

/* A byte that ends a run of text copied as it is: what is escaped, controls, and the first byte of every character that
 * may be left out (C2: U+0080 to 00BF, E2: U+2000 to 2FFF, EF: U+F000 to FFFF). */
static bool is_special(unsigned char c)
{
    return c < 0x20 || c == '&' || c == '<' || c == '>' || c == '"' || c == 0x7F || c == 0xC2 ||
           c == 0xE2 || c == 0xEF;
}

static void put_text(struct buf *b, struct str text, bool escape)
{
    bool valid = utf8_valid(text);
    while (text.len > 0) {
        size_t plain = 0;
        while (plain < text.len && !is_special((unsigned char)text.p[plain]) &&
               (valid || (unsigned char)text.p[plain] < 0x80))
            plain++;
        if (plain > 0)
            buf_add(b, str_to(text, plain));
        text = str_from(text, plain);
        if (text.len == 0)
            break;
        if (valid) {
            put_point(b, utf8_next(&text), escape);
            continue;
        }
        unsigned char c = (unsigned char)text.p[0];
        put_point(b, c < 0x80 ? c : 0xFFFD, escape);
        text = str_from(text, 1);
    }
}

void paper_escape(struct buf *b, struct str text)
{
    put_text(b, text, true);
}

void paper_clean(struct buf *b, struct str text)
{
    put_text(b, text, false);
}

void paper_plain(struct buf *b, const struct paper_text *t)
{
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next) {
        if (x->break_before && x != t->first)
            buf_add_char(b, '\n');
        paper_clean(b, x->text);
        for (uint32_t i = 0; i < x->notes; i++)
            buf_printf(b, " [%u]", x->note + i);
    }
}

struct str paper_lang(const struct paper *p, struct str lang)
{
    bool good = lang.len >= 2 && lang.len <= 8;
    for (size_t i = 0; good && i < lang.len; i++)
        good = lang.p[i] >= 'a' && lang.p[i] <= 'z';
    return good ? lang : lang_code(p->lang);
}

static bool is_plain_address(struct str address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.p[i] <= ' ' || address.p[i] == 0x7F || address.p[i] == '\\')
            return false; /* browsers drop or turn these */
    return utf8_valid(address);
}

bool paper_is_web(struct str address)
{
    return (str_starts(address, STR("https://")) || str_starts(address, STR("http://"))) &&
           is_plain_address(address);
}

bool paper_is_here(struct str address)
{
    return address.len > 1 && address.p[0] == '/' && address.p[1] != '/' &&
           is_plain_address(address);
}

void paper_shares(const struct paper_block *table, unsigned share[PAPER_COLUMNS_MAX])
{
    uint64_t sum = 0, given = 0, before = 0;
    size_t with = 0;
    for (size_t i = 0; i < table->columns; i++) {
        given += table->column[i].width;
        with += table->column[i].width > 0;
    }
    uint64_t other = with > 0 ? (given + with - 1) / with : 1; /* a column without: the mean */
    for (size_t i = 0; i < table->columns; i++)
        sum += table->column[i].width > 0 ? table->column[i].width : other;
    for (size_t i = 0; i < table->columns; i++) {
        uint64_t upto = before + (table->column[i].width > 0 ? table->column[i].width : other);
        share[i] = (unsigned)(upto * 1000 / sum - before * 1000 / sum);
        before = upto;
    }
}

void paper_core(struct buf *b, const struct paper *p)
{
    char time[20];
    clock_write_time(p->made_ms, time);
    buf_add(b,
            STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/"
                "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>"));
    paper_escape(b, p->title);
    buf_printf(b,
               "</dc:title><dc:language>%.*s</dc:language><dcterms:created "
               "xsi:type=\"dcterms:W3CDTF\">%.20s</dcterms:created></cp:coreProperties>\n",
               STR_ARG(lang_code(p->lang)), time);
}

enum cau_err paper_write(const struct paper *p, enum paper_format f, struct str base,
                         struct buf *out)
{
    switch (f) {
    case PAPER_DOCX:
        return paper_write_docx(p, out);
    case PAPER_XLSX:
        return paper_write_xlsx(p, out);
    case PAPER_CSV:
        return paper_write_csv(p, out);
    default:
        return paper_write_html(p, base, out);
    }
}
