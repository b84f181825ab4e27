#include "web/part/markdown.h"

#include <stdio.h>
#include <string.h>

struct reading {
    struct arena *a;
    struct html_map *page;
    unsigned headings;
    bool full;
};

/* ---- in a line ---- */

static size_t find(struct str x, size_t from, const char *mark)
{
    size_t n = strlen(mark);
    for (size_t i = from; i + n <= x.len; i++)
        if (memcmp(x.p + i, mark, n) == 0)
            return i;
    return x.len;
}

static struct html_map *add_span(struct html_map *m, struct str text)
{
    struct html_map *span = html_item(m, "spans");
    html_text(span, "text", text);
    return span;
}

/* What lies between two marks at the front of x, with its length marks included; 0: not so. */
static size_t between(struct str x, const char *mark, struct str *inner)
{
    size_t n = strlen(mark), end = x.len;
    if (x.len > n && memcmp(x.p, mark, n) == 0)
        end = find(x, n, mark);
    if (end >= x.len || end == n)
        return 0;
    *inner = (struct str){x.p + n, end - n};
    return end + n;
}

/* "[text](address)" at the front of x; its length, or 0. */
static size_t link_at(struct str x, struct str *text, struct str *address)
{
    if (x.len == 0 || x.p[0] != '[')
        return 0;
    size_t close = find(x, 1, "](");
    size_t end = close == x.len ? x.len : find(x, close, ")");
    if (end >= x.len)
        return 0;
    *text = (struct str){x.p + 1, close - 1};
    *address = (struct str){x.p + close + 2, end - close - 2};
    return end + 1;
}

static void add_line(struct html_map *m, struct str line)
{
    size_t from = 0, i = 0;
    while (i < line.len) {
        struct str rest = str_from(line, i), inner, address = {NULL, 0};
        const char *how = "code";
        size_t n = between(rest, "`", &inner);
        if (n == 0) {
            how = "strong";
            n = between(rest, "**", &inner);
        }
        if (n == 0) {
            how = "em";
            n = between(rest, "*", &inner);
        }
        if (n == 0)
            n = link_at(rest, &inner, &address);
        if (n == 0) {
            i++;
            continue;
        }
        if (i > from)
            add_span(m, (struct str){line.p + from, i - from});
        struct html_map *span = add_span(m, inner);
        if (address.p != NULL)
            html_text(span, "href", address);
        else
            html_flag(span, how, true);
        i += n;
        from = i;
    }
    if (from < line.len)
        add_span(m, str_from(line, from));
}

/* ---- lines ---- */

static struct str take_line(struct str *rest)
{
    struct str line = str_next(rest, '\n');
    if (str_ends(line, STR("\r")))
        line.len--;
    return line;
}

static size_t indent_of(struct str line)
{
    size_t n = 0;
    while (n < line.len && line.p[n] == ' ')
        n++;
    return n;
}

static bool is_blank(struct str line)
{
    return indent_of(line) == line.len;
}

/* How far the text of a list item stands behind its mark; 0: not an item. */
static size_t item_width(struct str line, bool *ordered)
{
    size_t i = 0;
    if (str_starts(line, STR("* ")) || str_starts(line, STR("- "))) {
        *ordered = false;
        return 2;
    }
    while (i < line.len && i < 3 && line.p[i] >= '0' && line.p[i] <= '9')
        i++;
    if (i == 0 || i + 1 >= line.len || line.p[i] != '.' || line.p[i + 1] != ' ')
        return 0;
    *ordered = true;
    return i + 2;
}

static bool begins_block(struct str line)
{
    bool ordered;
    return is_blank(line) || line.p[0] == '#' || line.p[0] == '|' ||
           str_starts(line, STR("```")) || item_width(line, &ordered) > 0;
}

/* ---- blocks ---- */

static void read_blocks(struct reading *r, struct html_map *m, struct str text, unsigned depth);

static void read_heading(struct reading *r, struct html_map *m, struct str line)
{
    static const char *const level[] = {"title", "heading", "subheading"};
    size_t n = 0;
    while (n < line.len && n < 3 && line.p[n] == '#')
        n++;
    struct str text = str_trim(str_from(line, n));
    struct html_map *heading = html_item(html_item(m, "blocks"), level[n - 1]);
    add_line(heading, text);
    if (n != 2)
        return;
    char id[24];
    int len = snprintf(id, sizeof id, "s%u", ++r->headings);
    struct str copy = {NULL, 0};
    r->full = arena_copy(r->a, (struct str){id, (size_t)len}, &copy) != CAU_OK || r->full;
    html_text(heading, "id", copy);
    struct html_map *entry = html_item(r->page, "contents");
    html_text(entry, "id", copy);
    html_text(entry, "text", text);
}

static void read_code(struct html_map *m, struct str *rest)
{
    struct str first = {rest->p, 0};
    while (rest->len > 0) {
        struct str line = take_line(rest);
        if (str_starts(line, STR("```")))
            break;
        first.len = (size_t)(line.p + line.len - first.p);
    }
    html_text(html_item(html_item(m, "blocks"), "code"), "text", first);
}

static bool is_rule(struct str line) /* |---|---| */
{
    for (size_t i = 0; i < line.len; i++)
        if (line.p[i] != '|' && line.p[i] != '-' && line.p[i] != ':' && line.p[i] != ' ')
            return false;
    return true;
}

static void read_row(struct html_map *table, const char *key, struct str line)
{
    struct html_map *row = html_item(table, key);
    line = str_trim(line);
    if (str_ends(line, STR("|")))
        line.len--;
    line = str_from(line, line.len > 0);
    while (line.p != NULL)
        add_line(html_item(row, "cells"), str_trim(str_next(&line, '|')));
}

static void read_table(struct html_map *m, struct str line, struct str *rest)
{
    struct html_map *table = html_item(html_item(m, "blocks"), "table");
    read_row(table, "head", line);
    while (rest->len > 0 && rest->p[0] == '|') {
        line = take_line(rest);
        if (!is_rule(line))
            read_row(table, "rows", line);
    }
}

/* One item: its first line behind the mark, and the lines below that stand as far in, or go on. */
static void read_item(struct reading *r, struct html_map *list, struct str line, size_t width,
                      struct str *rest, unsigned depth)
{
    struct buf b = buf_new(MARKDOWN_BYTES_MAX);
    struct str text = {NULL, 0};
    buf_add(&b, str_from(line, width));
    while (rest->len > 0) {
        struct str after = *rest, next = take_line(&after);
        bool inside = indent_of(next) >= width;
        if (is_blank(next)) {
            struct str peek = after;
            if (indent_of(take_line(&peek)) < width || is_blank(after))
                break;
        } else if (!inside && begins_block(next)) {
            break;
        }
        buf_add_char(&b, '\n');
        buf_add(&b, is_blank(next) ? next : str_from(next, inside ? width : 0));
        *rest = after;
    }
    r->full = b.failed || arena_copy(r->a, buf_str(&b), &text) != CAU_OK || r->full;
    buf_free(&b);
    if (text.p != NULL)
        read_blocks(r, html_item(list, "items"), text, depth + 1);
}

static void read_list(struct reading *r, struct html_map *m, struct str line, struct str *rest,
                      unsigned depth)
{
    bool ordered = false, same = false;
    size_t width = item_width(line, &ordered);
    struct html_map *list = html_item(html_item(m, "blocks"), ordered ? "numbers" : "points");
    read_item(r, list, line, width, rest, depth);
    for (;;) {
        struct str after = *rest;
        line = take_line(&after);
        if (is_blank(line) && after.len > 0)
            line = take_line(&after);
        width = item_width(line, &same);
        if (width == 0 || same != ordered)
            return;
        *rest = after;
        read_item(r, list, line, width, rest, depth);
    }
}

static void read_paragraph(struct reading *r, struct html_map *m, struct str line,
                           struct str *rest)
{
    struct buf b = buf_new(MARKDOWN_BYTES_MAX);
    struct str text = {NULL, 0};
    buf_add(&b, line);
    while (rest->len > 0) {
        struct str after = *rest, next = take_line(&after);
        if (begins_block(next))
            break;
        buf_add_char(&b, ' ');
        buf_add(&b, str_trim(next));
        *rest = after;
    }
    r->full = b.failed || arena_copy(r->a, buf_str(&b), &text) != CAU_OK || r->full;
    buf_free(&b);
    add_line(html_item(html_item(m, "blocks"), "paragraph"), text);
}

static void read_blocks(struct reading *r, struct html_map *m, struct str text, unsigned depth)
{
    bool ordered;
    while (text.len > 0 && !r->full) {
        struct str line = take_line(&text);
        if (is_blank(line))
            continue;
        line = str_from(line, indent_of(line));
        if (line.p[0] == '#')
            read_heading(r, m, line);
        else if (str_starts(line, STR("```")))
            read_code(m, &text);
        else if (line.p[0] == '|')
            read_table(m, line, &text);
        else if (depth < MARKDOWN_DEPTH_MAX && item_width(line, &ordered) > 0)
            read_list(r, m, line, &text, depth);
        else
            read_paragraph(r, m, line, &text);
    }
}

enum cau_err markdown_write(struct arena *a, struct html_map *page, struct html_map *m,
                            struct str text)
{
    struct reading r = {.a = a, .page = page};
    if (text.len > MARKDOWN_BYTES_MAX)
        return CAU_ERR_RANGE;
    read_blocks(&r, m, text, 0);
    return r.full ? CAU_ERR_MEMORY : CAU_OK;
}
