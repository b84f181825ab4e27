/* Dictionaries: lines of head, tab, entry; dictd (an index in text) and StarDict (one in binary). */
#include "base/number.h"
#include "base/utf8.h"
#include "exchange/lexicon/pairs_int.h"

#include <string.h>

enum { WIKTIONARY_COLUMN = 3, ENTRY_BYTES_MAX = 1 << 20, STARDICT_HEAD_MAX = 256 };
enum { ENTRY_SHARED_MAX = 16 }; /* heads that an entry has on average */

static enum cau_err read_lines(struct pairs_run *r)
{
    struct str rest = r->in->text[0], line;
    uint64_t number = 0;
    enum cau_err err = CAU_OK;
    while (rest.len > 0 && err == CAU_OK) {
        err = pairs_line(r, 0, &rest, &number, &line);
        if (err == CAU_OK)
            err = pairs_count(r, 0, number);
        if (err != CAU_OK || line.len == 0 || line.p[0] == '#')
            continue;
        struct str head = str_next(&line, '\t');
        for (int i = 1; i < WIKTIONARY_COLUMN && r->in->reader == PAIRS_WIKTIONARY; i++)
            (void)str_next(&line, '\t');
        if (line.p == NULL)
            err = pairs_fail(r, PAIRS_SHAPE, 0, number);
        else if (r->in->reader != PAIRS_WIKTIONARY ||
                 number > 1) /* its first line names columns */
            err = pairs_entry(r, head, line);
    }
    return err;
}

/* The entry at a place of the file. Its first line repeats the head. */
static enum cau_err put_entry(struct pairs_run *r, struct str head, uint64_t at, uint64_t len,
                              uint64_t line)
{
    struct str text = r->in->text[0];
    r->bytes += len;
    if (at > text.len || len > text.len - at || len > ENTRY_BYTES_MAX ||
        r->bytes / ENTRY_SHARED_MAX > text.len)
        return pairs_fail(r, PAIRS_DAMAGED, 1, line);
    struct str body = str_to(str_from(text, (size_t)at), (size_t)len);
    if (!utf8_valid(head) || !utf8_valid(body)) /* an offset inside a character */
        return pairs_fail(r, PAIRS_ENCODING, 1, line);
    if (str_starts(head, STR("00-database")) || str_starts(head, STR("00database")) ||
        str_starts(head, STR("_")))
        return CAU_OK;
    if (str_starts(body, head))
        body = str_from(body, head.len);
    return pairs_entry(r, head, body);
}

/* dictd's numbers: base 64, most significant digit first. */
static bool read_base64(struct str text, uint64_t *out)
{
    static const char digit[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    *out = 0;
    if (text.len == 0 || text.len > 6)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        const char *at = memchr(digit, text.p[i], sizeof digit - 1);
        if (at == NULL)
            return false;
        *out = *out * 64 + (uint64_t)(at - digit);
    }
    return true;
}

static enum cau_err read_dictd(struct pairs_run *r)
{
    struct str rest = r->in->text[1], line;
    uint64_t number = 0, at, len;
    enum cau_err err = CAU_OK;
    while (rest.len > 0 && err == CAU_OK) {
        err = pairs_line(r, 1, &rest, &number, &line);
        if (err == CAU_OK)
            err = pairs_count(r, 1, number);
        if (err != CAU_OK || line.len == 0)
            continue;
        struct str head = str_next(&line, '\t'), from = str_next(&line, '\t');
        if (!read_base64(from, &at) || !read_base64(str_next(&line, '\t'), &len))
            err = pairs_fail(r, PAIRS_SHAPE, 1, number);
        else
            err = put_entry(r, head, at, len, number);
    }
    return err;
}

static enum cau_err read_stardict(struct pairs_run *r)
{
    struct str rest = r->in->text[1];
    uint64_t number = 0;
    enum cau_err err = CAU_OK;
    while (rest.len > 0 && err == CAU_OK) {
        size_t most = rest.len < STARDICT_HEAD_MAX ? rest.len : STARDICT_HEAD_MAX;
        const char *end = memchr(rest.p, 0, most);
        number++;
        if (end == NULL || rest.len - (size_t)(end - rest.p) < 9)
            return pairs_fail(r, PAIRS_DAMAGED, 1, number);
        struct str head = str_to(rest, (size_t)(end - rest.p));
        const unsigned char *place = (const unsigned char *)end + 1;
        err = pairs_count(r, 1, number);
        if (err == CAU_OK)
            err = put_entry(r, head, number_be32(place), number_be32(place + 4), number);
        rest = str_from(rest, head.len + 9);
    }
    return err;
}

enum cau_err pairs_dictionary(struct pairs_run *r)
{
    if (r->in->n == 1)
        return read_lines(r);
    /* A line of dictd's index ends with a line feed and has no NUL. */
    struct str index = r->in->text[1];
    bool text = index.len == 0 || memchr(index.p, 0, index.len) == NULL;
    return text ? read_dictd(r) : read_stardict(r);
}
