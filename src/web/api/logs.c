/* The log as C2SP tlog-tiles serves it. Paths: tile/<level>/<index>[.p/<width>], tile/entries/... */
#include "base/number.h"
#include "web/api/api.h"

#include <string.h>

static const char forever[] = "public, max-age=31536000, immutable";

/* Only the public log is for everyone; who may see what stands in another may see its tiles. */
static bool find_log(struct ask *q, enum record_audience *out)
{
    if (record_read_audience(q->part[0], out) &&
        (*out == RECORD_PUBLIC || (q->reader.audiences & 1u << *out) != 0))
        return true;
    ask_error(q, 404);
    return false;
}

void logs_checkpoint(struct ask *q)
{
    enum record_audience audience;
    struct view_log log;
    if (!find_log(q, &audience))
        return;
    if (view_log(q->view, q->arena, audience, &log) != CAU_OK || log.checkpoint.len == 0)
        ask_error(q, 404);
    else
        ask_bytes(q, "text/plain; charset=utf-8", log.checkpoint);
}

/* "x001/x234/067" as 1234067: groups of three digits, all but the last with an x; the one canonical form. */
static bool read_index(const struct str *part, size_t n, uint64_t *out)
{
    uint64_t index = 0;
    if (n == 0 || n > 5)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct str digits = part[i];
        if (i + 1 < n) {
            if (digits.len != 4 || digits.p[0] != 'x')
                return false;
            digits = str_from(digits, 1);
        }
        if (digits.len != 3)
            return false;
        for (size_t k = 0; k < 3; k++) {
            if (digits.p[k] < '0' || digits.p[k] > '9')
                return false;
            index = index * 10 + (uint64_t)(digits.p[k] - '0');
        }
        if (i == 0 && n > 1 && index == 0)
            return false;
    }
    *out = index;
    return true;
}

/* "/log/public/tile/0/x001/067.p/12" */
static bool read_tile(const struct http_path *path, int *level, uint64_t *index,
                      unsigned *width)
{
    struct str part[HTTP_SEGMENTS_MAX];
    uint64_t number = 0;
    size_t n = path->n < 5 ? 0 : path->n - 4;
    for (size_t i = 0; i < n; i++)
        part[i] = path->segment[4 + i];
    if (n == 0)
        return false;
    if (str_is(path->segment[3], "entries"))
        *level = -1;
    else if (number_read(path->segment[3], 63, &number) == CAU_OK)
        *level = (int)number;
    else
        return false;
    *width = 0;
    if (n >= 2 && str_ends(part[n - 2], STR(".p"))) {
        if (number_read(part[n - 1], 255, &number) != CAU_OK || number == 0)
            return false;
        *width = (unsigned)number;
        part[n - 2].len -= 2;
        n--;
    }
    return read_index(part, n, index);
}

void logs_tile(struct ask *q)
{
    enum record_audience audience;
    int level = 0;
    uint64_t index = 0;
    unsigned width = 0;
    struct str tile;
    if (!find_log(q, &audience))
        return;
    enum cau_err err = CAU_ERR_UNKNOWN;
    if (read_tile(&q->http->path, &level, &index, &width))
        err = view_tile(q->view, q->arena, audience, level, index, width, &tile);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_UNKNOWN ? 404 : 500);
        return;
    }
    q->answer->status = 200;
    ask_header(q, "Content-Type", STR("application/octet-stream"));
    ask_header(q, "Cache-Control",
               audience == RECORD_PUBLIC ? str_of(forever) : STR("private, no-cache"));
    buf_add(&q->answer->body, tile);
}

/* Salt and payload of a commitment: what lets anyone check that an entry says what a page shows. */
void logs_payload(struct ask *q)
{
    enum record_audience audience;
    struct digest commitment;
    struct str payload;
    if (!find_log(q, &audience))
        return;
    enum cau_err err = CAU_ERR_UNKNOWN;
    if (digest_from_hex(q->part[1], commitment.b, sizeof commitment.b) == CAU_OK)
        err = view_payload(q->view, q->arena, audience, &commitment, &payload);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_UNKNOWN || err == CAU_ERR_REFUSED ? 404 : 500);
        return;
    }
    ask_bytes(q, "application/octet-stream", payload);
}
