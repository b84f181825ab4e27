#include "exchange/file/jsonl.h"

#include <string.h>

const char *jsonl_why_name(enum jsonl_why why)
{
    static const char *const name[] = {"good", "item_too_big", "json_array"};
    return name[why];
}

static void pass(struct jsonl *r, size_t n)
{
    r->rest = str_from(r->rest, n);
    r->at += n;
}

static void pass_space(struct jsonl *r)
{
    size_t n = 0;
    while (n < r->rest.len && memchr(" \t\r\n", r->rest.p[n], 4) != NULL)
        n++;
    pass(r, n);
}

struct jsonl jsonl_open(struct str text)
{
    struct jsonl r = {.rest = text};
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        pass(&r, 3);
    struct jsonl look = r;
    pass_space(&look);
    if (look.rest.len > 0 && look.rest.p[0] == '[') {
        r = look;
        pass(&r, 1);
        r.array = true;
    }
    return r;
}

static bool next_line(struct jsonl *r, struct jsonl_item *out)
{
    while (r->rest.len > 0) {
        const char *end = memchr(r->rest.p, '\n', r->rest.len);
        size_t n = end != NULL ? (size_t)(end - r->rest.p) : r->rest.len;
        struct str line = str_trim(str_to(r->rest, n));
        pass(r, end != NULL ? n + 1 : n);
        r->row++;
        if (line.len == 0)
            continue;
        *out = (struct jsonl_item){r->row, line,
                                   line.len > JSONL_ITEM_BYTES_MAX ? JSONL_ITEM : JSONL_GOOD};
        return true;
    }
    return false;
}

/* Length of the value at the head of text: to the comma or bracket behind it; brackets and strings inside are
 * counted, all else is left to the reader of the value. */
static size_t value_length(struct str text)
{
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        switch (text.p[i]) {
        case '"':
            for (i++; i < text.len && text.p[i] != '"'; i++)
                i += text.p[i] == '\\';
            break;
        case '[':
        case '{':
            depth++;
            break;
        case ']':
        case '}':
            if (depth == 0)
                return i;
            depth--;
            break;
        case ',':
            if (depth == 0)
                return i;
            break;
        default:
            break;
        }
    }
    return text.len;
}

static bool lost(struct jsonl *r, struct jsonl_item *out)
{
    r->closed = true;
    pass(r, r->rest.len);
    *out = (struct jsonl_item){++r->row, {NULL, 0}, JSONL_ARRAY};
    return true;
}

static bool next_element(struct jsonl *r, struct jsonl_item *out)
{
    pass_space(r);
    if (r->row == 0 && !r->closed && r->rest.len > 0 &&
        r->rest.p[0] == ']') { /* an empty array */
        r->closed = true;
        pass(r, 1);
        pass_space(r);
    }
    if (r->closed)
        return r->rest.len > 0 ? lost(r, out) : false;
    size_t n = value_length(r->rest);
    struct str item = str_trim(str_to(r->rest, n));
    pass(r, n);
    if (item.len == 0 || r->rest.len == 0 || r->rest.p[0] == '}')
        return lost(r, out);
    r->closed = r->rest.p[0] == ']';
    pass(r, 1);
    *out = (struct jsonl_item){++r->row, item,
                               item.len > JSONL_ITEM_BYTES_MAX ? JSONL_ITEM : JSONL_GOOD};
    return true;
}

bool jsonl_next(struct jsonl *r, struct jsonl_item *out)
{
    return r->array ? next_element(r, out) : next_line(r, out);
}
