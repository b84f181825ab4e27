/* Catalogues of messages, PO and MO: joined on the message, which is English. */
#include "base/utf8.h"
#include "exchange/lexicon/pairs_int.h"

#include <string.h>

#define MO_MAGIC 0x950412DEu

/* Adds a message without what tells one use of it from another (before EOT); what was not translated is not there. */
static enum cau_err add(struct pairs_run *r, struct pairs_messages *m, struct str id,
                        struct str text)
{
    const char *eot = id.len > 0 ? memchr(id.p, 4, id.len) : NULL;
    if (eot != NULL)
        id = str_from(id, (size_t)(eot - id.p) + 1);
    return str_equal(id, text) ? CAU_OK : pairs_add(r, m, id, text);
}

static uint32_t u32(struct str file, size_t at, bool swapped)
{
    unsigned char b[4];
    memcpy(b, file.p + at, 4);
    return swapped ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]
                   : (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

/* String i of a table of lengths and offsets; up to its first NUL: the singular. */
static bool mo_string(struct str file, size_t table, size_t i, bool swapped, struct str *out)
{
    size_t len = u32(file, table + i * 8, swapped), at = u32(file, table + i * 8 + 4, swapped);
    if (at > file.len || len > file.len - at)
        return false;
    *out = (struct str){file.p + at, len};
    const char *nul = len > 0 ? memchr(out->p, 0, len) : NULL;
    if (nul != NULL)
        out->len = (size_t)(nul - out->p);
    return true;
}

/* offset 0 magic / 4 version / 8 number of strings / 12, 16 offsets of the tables of messages and translations. */
static enum cau_err read_mo(struct pairs_run *r, size_t part, struct pairs_messages *m)
{
    struct str file = r->in->text[part], id, text;
    enum cau_err err = CAU_OK;
    if (file.len < 28)
        return pairs_fail(r, PAIRS_DAMAGED, part, 0);
    bool swapped = u32(file, 0, false) != MO_MAGIC;
    if (swapped && u32(file, 0, true) != MO_MAGIC)
        return pairs_fail(r, PAIRS_SHAPE, part, 0);
    size_t n = u32(file, 8, swapped), ids = u32(file, 12, swapped),
           texts = u32(file, 16, swapped);
    if (ids > file.len || texts > file.len || n > (file.len - ids) / 8 ||
        n > (file.len - texts) / 8)
        return pairs_fail(r, PAIRS_DAMAGED, part, 0);
    size_t bytes = 0;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        bool good =
            mo_string(file, ids, i, swapped, &id) && mo_string(file, texts, i, swapped, &text);
        bytes += good ? id.len + text.len : 0;
        if (!good || bytes > file.len * 2) /* no string is part of many */
            return pairs_fail(r, PAIRS_DAMAGED, part, i + 1);
        err = pairs_count(r, part, i + 1);
        /* A few old catalogues are of another charset: those messages are passed over. */
        if (err == CAU_OK && utf8_valid(id) && utf8_valid(text))
            err = add(r, m, id, text);
    }
    return err;
}

/* One message of a PO file being read. */
struct draft {
    struct buf *to; /* where the next quoted line goes; NULL: nowhere */
    struct buf id, text;
    bool fuzzy, open; /* open: msgstr has begun */
    uint64_t line;
};

static bool unquote(struct buf *out, struct str x)
{
    if (x.len < 2 || x.p[0] != '"' || x.p[x.len - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < x.len; i++) {
        if (x.p[i] != '\\') {
            buf_add_char(out, x.p[i]);
            continue;
        }
        if (++i + 1 == x.len)
            return false;
        char c = x.p[i];
        buf_add_char(out, c == 'n' || c == 't' || c == 'r' ? ' ' : c);
    }
    return true;
}

static enum cau_err finish(struct pairs_run *r, struct draft *d, struct pairs_messages *m,
                           size_t part)
{
    enum cau_err err = CAU_OK;
    if (d->open && !d->fuzzy && d->id.len > 0 && d->text.len > 0) {
        struct str id, text;
        err = pairs_count(r, part, d->line);
        if (err == CAU_OK)
            err = arena_copy(r->a, buf_str(&d->id), &id);
        if (err == CAU_OK)
            err = arena_copy(r->a, buf_str(&d->text), &text);
        if (err == CAU_OK)
            err = add(r, m, id, text);
    }
    buf_reset(&d->id);
    buf_reset(&d->text);
    d->open = d->fuzzy = false;
    d->to = NULL;
    return err;
}

/* What a line says goes to d; false when it is of no known form. */
static bool read_po_line(struct draft *d, struct str line)
{
    static const struct str id = {"msgid ", 6}, text = {"msgstr ", 7},
                            first = {"msgstr[0] ", 10};
    struct str quoted = line;
    if (str_starts(line, id)) {
        d->to = &d->id;
        quoted = str_from(line, id.len);
    } else if (str_starts(line, text) || str_starts(line, first)) {
        d->to = &d->text;
        d->open = true;
        quoted = str_from(line, line.p[6] == '[' ? first.len : text.len);
    } else if (str_starts(line, STR("msg"))) { /* context, plural, further forms */
        d->to = NULL;
        return memchr(line.p, '"', line.len) != NULL;
    } else if (line.p[0] != '"') {
        return false;
    }
    return d->to == NULL || unquote(d->to, str_trim(quoted));
}

static enum cau_err read_po(struct pairs_run *r, size_t part, struct pairs_messages *m)
{
    struct str rest = r->in->text[part], line;
    struct draft d = {.id = buf_new(PAIRS_LINE_BYTES_MAX),
                      .text = buf_new(PAIRS_LINE_BYTES_MAX)};
    uint64_t number = 0;
    enum cau_err err = CAU_OK;
    while (rest.len > 0 && err == CAU_OK) {
        err = pairs_line(r, part, &rest, &number, &line);
        line = str_trim(line);
        bool fresh = line.len == 0 || line.p[0] == '#' || str_starts(line, STR("msgctxt")) ||
                     str_starts(line, STR("msgid "));
        if (err == CAU_OK && fresh && d.open)
            err = finish(r, &d, m, part);
        if (err != CAU_OK || line.len == 0)
            continue;
        if (line.p[0] == '#') {
            d.fuzzy = d.fuzzy ||
                      (str_starts(line, STR("#,")) && pairs_find(line, 0, "fuzzy") < line.len);
            continue;
        }
        d.line = number;
        if (!read_po_line(&d, line))
            err = pairs_fail(r, PAIRS_SHAPE, part, number);
        else if (d.id.failed || d.text.failed)
            err = pairs_fail(r, PAIRS_LINE, part, number);
    }
    if (err == CAU_OK && !d.open && d.id.len > 0)
        err = pairs_fail(r, PAIRS_DAMAGED, part,
                         number); /* ends between a message and its text */
    if (err == CAU_OK)
        err = finish(r, &d, m, part);
    buf_free(&d.id);
    buf_free(&d.text);
    return err;
}

enum cau_err pairs_catalogue(struct pairs_run *r)
{
    struct pairs_messages m[PAIRS_PARTS_MAX] = {{NULL, 0, 0}};
    enum cau_err err = CAU_OK;
    bool english = true; /* the messages themselves */
    for (size_t i = 0; i < r->in->n && err == CAU_OK; i++) {
        err = r->in->reader == PAIRS_MO ? read_mo(r, i, &m[i]) : read_po(r, i, &m[i]);
        english = english && r->in->lang[i] != TOKEN_EN;
    }
    for (size_t part = 0; part < r->in->n && english; part++)
        for (size_t i = 0; i < m[part].n && err == CAU_OK; i++)
            err = pairs_put_messages(r, TOKEN_EN, m[part].v[i].id, r->in->lang[part],
                                     m[part].v[i].text);
    return err == CAU_OK ? pairs_join(r, m) : err;
}
