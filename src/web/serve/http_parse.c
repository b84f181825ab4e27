#include "web/serve/http_parse.h"

#include "base/buf.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

struct str http_find(const struct http_fields *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_equal(f->v[i].name, name))
            return f->v[i].value;
    return (struct str){NULL, 0};
}

struct str http_get(const struct http_fields *f, const char *name)
{
    return http_find(f, str_of(name));
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct decoding {
    bool plus;  /* + is a space */
    bool path;  /* no slash, backslash or control character may come out */
    bool lines; /* CR LF and CR become LF */
};

/* Decodes %XX of raw into a. */
static enum cau_err decode(struct arena *a, struct str raw, struct decoding how,
                           struct str *out)
{
    char *p = arena_take(a, raw.len + 1);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.p[i];
        bool escaped = c == '%';
        if (escaped) {
            int high = i + 2 < raw.len ? hex_digit(raw.p[i + 1]) : -1;
            int low = i + 2 < raw.len ? hex_digit(raw.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return CAU_ERR_SYNTAX;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && how.plus) {
            c = ' ';
        }
        if (c == '\0')
            return CAU_ERR_SYNTAX;
        if (how.path && ((unsigned char)c < 0x20 || c == 0x7f || c == '/' || c == '\\'))
            return CAU_ERR_SYNTAX;
        if (how.lines && c == '\n' && n > 0 && p[n - 1] == '\r')
            p[n - 1] = '\n';
        else
            p[n++] = c;
    }
    for (size_t i = 0; how.lines && i < n; i++)
        if (p[i] == '\r')
            p[i] = '\n';
    p[n] = '\0';
    struct str text = {p, n};
    if (!utf8_valid(text))
        return CAU_ERR_SYNTAX;
    *out = text;
    return CAU_OK;
}

void http_split_target(struct str target, struct str *path, struct str *query)
{
    struct str rest = target;
    *path = str_next(&rest, '?');
    *query = rest;
}

enum cau_err http_read_path(struct arena *a, struct str raw, struct http_path *out)
{
    struct http_path path = {.n = 0};
    if (raw.len == 0 || raw.p[0] != '/')
        return CAU_ERR_SYNTAX;
    struct str rest = str_from(raw, 1);
    while (rest.len > 0) {
        struct str part = str_next(&rest, '/');
        if (part.len == 0)
            return CAU_ERR_SYNTAX;
        if (path.n == HTTP_SEGMENTS_MAX)
            return CAU_ERR_RANGE;
        struct str *segment = &path.segment[path.n];
        enum cau_err err = decode(a, part, (struct decoding){.path = true}, segment);
        if (err != CAU_OK)
            return err;
        if (str_is(*segment, ".") || str_is(*segment, ".."))
            return CAU_ERR_SYNTAX;
        path.n++;
    }
    *out = path;
    return CAU_OK;
}

static enum cau_err read_pairs(struct arena *a, struct str raw, size_t max, struct decoding how,
                               struct http_fields *out)
{
    size_t n = raw.len > 0;
    for (size_t i = 0; i < raw.len; i++)
        n += raw.p[i] == '&';
    if (n > max)
        return CAU_ERR_RANGE;
    struct http_fields fields = {arena_take(a, n * sizeof *fields.v), 0};
    if (fields.v == NULL)
        return CAU_ERR_MEMORY;
    for (struct str rest = raw; rest.len > 0;) {
        struct str value = str_next(&rest, '&'), name = str_next(&value, '=');
        if (name.len == 0 && value.len == 0)
            continue;
        struct http_field *field = &fields.v[fields.n];
        enum cau_err err = decode(a, name, how, &field->name);
        if (err == CAU_OK)
            err = decode(a, value, how, &field->value);
        if (err != CAU_OK)
            return err;
        fields.n++;
    }
    *out = fields;
    return CAU_OK;
}

enum cau_err http_read_query(struct arena *a, struct str raw, size_t max,
                             struct http_fields *out)
{
    return read_pairs(a, raw, max, (struct decoding){.plus = true}, out);
}

enum cau_err http_read_form(struct arena *a, struct str body, struct http_fields *out)
{
    return read_pairs(a, body, HTTP_FORM_FIELDS_MAX,
                      (struct decoding){.plus = true, .lines = true}, out);
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '\'' || c == '(' || c == ')' || c == '+' || c == ',' ||
           c == '.' || c == '/' || c == ':' || c == '=' || c == '?';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_word(struct str x, const char *word) /* without regard to case */
{
    size_t n = strlen(word);
    if (x.len != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(x.p[i]) != word[i])
            return false;
    return true;
}

/* The value of parameter name in `type; name=value; name="value"`; {NULL, 0} when it is not there. */
static struct str parameter(struct str header, const char *name)
{
    (void)str_next(&header, ';');
    while (header.len > 0) {
        header = str_trim(header);
        size_t i = 0;
        while (i < header.len && header.p[i] != '=' && header.p[i] != ';')
            i++;
        struct str key = str_trim(str_to(header, i));
        struct str rest = i < header.len && header.p[i] == '=' ? str_from(header, i + 1)
                                                               : str_from(header, i);
        struct str value;
        if (rest.len > 0 && rest.p[0] == '"') {
            rest = str_from(rest, 1);
            const char *end = memchr(rest.p, '"', rest.len);
            if (end == NULL)
                return (struct str){NULL, 0};
            value = str_to(rest, (size_t)(end - rest.p));
            rest = str_from(rest, value.len + 1);
            (void)str_next(&rest, ';');
        } else {
            value = str_trim(str_next(&rest, ';'));
        }
        if (same_word(key, name))
            return value;
        header = rest;
    }
    return (struct str){NULL, 0};
}

/* The first place of needle in x at or after from; x.len when there is none. */
static size_t find_bytes(struct str x, size_t from, struct str needle)
{
    while (from < x.len && x.len - from >= needle.len) {
        const char *p = memchr(x.p + from, needle.p[0], x.len - from - needle.len + 1);
        if (p == NULL)
            return x.len;
        from = (size_t)(p - x.p);
        if (memcmp(p, needle.p, needle.len) == 0)
            return from;
        from++;
    }
    return x.len;
}

/* The Content-Disposition line of a part's head. */
static struct str disposition(struct str head)
{
    while (head.len > 0) {
        struct str line = str_next(&head, '\n'), value = line, name = str_next(&value, ':');
        if (same_word(str_trim(name), "content-disposition"))
            return str_trim(value);
    }
    return (struct str){NULL, 0};
}

struct multipart {
    struct arena *arena;
    struct http_field *field;
    size_t fields;
    struct http_file *file;
    size_t files;
};

static enum cau_err take_part(struct multipart *m, struct str part)
{
    size_t end = find_bytes(part, 0, STR("\r\n\r\n"));
    if (end == part.len || end > HTTP_PART_HEAD_MAX)
        return CAU_ERR_SYNTAX;
    struct str line = disposition(str_to(part, end)), bytes = str_from(part, end + 4);
    struct str name = parameter(line, "name"), file_name = parameter(line, "filename");
    struct str kind = str_next(&line, ';');
    if (!same_word(str_trim(kind), "form-data") || name.p == NULL)
        return CAU_ERR_SYNTAX;
    struct decoding plain = {.lines = true};
    /* Browsers write a quote in a name as %22, so one decoder serves; a lone % in a name is refused. */
    enum cau_err err = decode(m->arena, name, plain, &name);
    if (err != CAU_OK)
        return err;
    if (file_name.p != NULL) {
        if (m->files == HTTP_FILES_MAX)
            return CAU_ERR_RANGE;
        if (!utf8_valid(file_name) || memchr(file_name.p, '\0', file_name.len) != NULL)
            return CAU_ERR_SYNTAX;
        m->file[m->files++] = (struct http_file){name, file_name, bytes};
        return CAU_OK;
    }
    if (m->fields == HTTP_QUERY_FIELDS_MAX)
        return CAU_ERR_RANGE;
    if (!utf8_valid(bytes) || memchr(bytes.p, '\0', bytes.len) != NULL)
        return CAU_ERR_SYNTAX;
    m->field[m->fields++] = (struct http_field){name, bytes};
    return CAU_OK;
}

enum cau_err http_read_multipart(struct arena *a, struct str content_type, struct str body,
                                 struct http_fields *fields,
                                 struct http_file file[HTTP_FILES_MAX], size_t *files)
{
    struct str boundary = parameter(content_type, "boundary");
    if (boundary.len == 0 || boundary.len > HTTP_BOUNDARY_BYTES_MAX)
        return CAU_ERR_SYNTAX;
    char mark[HTTP_BOUNDARY_BYTES_MAX + 4] = "\r\n--";
    for (size_t i = 0; i < boundary.len; i++) {
        if (!is_word_char(boundary.p[i]))
            return CAU_ERR_SYNTAX;
        mark[4 + i] = boundary.p[i];
    }
    struct str stop = {mark, 4 + boundary.len};
    struct multipart m = {.arena = a, .file = file};
    m.field = arena_take(a, HTTP_QUERY_FIELDS_MAX * sizeof *m.field);
    if (m.field == NULL)
        return CAU_ERR_MEMORY;
    if (!str_starts(body, str_from(stop, 2))) /* the first mark has no line before it */
        return CAU_ERR_SYNTAX;
    size_t at = stop.len - 2;
    for (;;) {
        struct str rest = str_from(body, at);
        if (str_starts(rest, STR("--")))
            break;
        if (!str_starts(rest, STR("\r\n")))
            return CAU_ERR_SYNTAX;
        size_t end = find_bytes(body, at, stop);
        if (end == body.len)
            return CAU_ERR_SYNTAX;
        if (end < at + 2) /* the mark follows the mark: a part without a head */
            return CAU_ERR_SYNTAX;
        enum cau_err err = take_part(&m, (struct str){body.p + at + 2, end - at - 2});
        if (err != CAU_OK)
            return err;
        at = end + stop.len;
    }
    *fields = (struct http_fields){m.field, m.fields};
    *files = m.files;
    return CAU_OK;
}

struct str http_cookie(struct str header, const char *name)
{
    while (header.len > 0) {
        struct str value = str_trim(str_next(&header, ';')), key = str_next(&value, '=');
        if (str_is(key, name))
            return value;
    }
    return (struct str){NULL, 0};
}

/* "0.8" as 800; anything else than a number from 0 to 1 counts as 0. */
static unsigned quality(struct str q)
{
    if (q.len == 0 || q.len > 5 || (q.p[0] != '0' && q.p[0] != '1'))
        return 0;
    unsigned value = q.p[0] == '1' ? 1000 : 0, unit = 100;
    for (size_t i = 2; i < q.len; i++, unit /= 10) {
        if (q.p[1] != '.' || q.p[i] < '0' || q.p[i] > '9')
            return 0;
        value += (unsigned)(q.p[i] - '0') * unit;
    }
    return value > 1000 ? 1000 : value;
}

bool http_accept_language(struct str header, enum lang *out)
{
    unsigned best = 0;
    while (header.len > 0) {
        struct str q = str_trim(str_next(&header, ','));
        struct str tag = str_trim(str_next(&q, ';'));
        q = str_trim(q);
        unsigned weight = q.p == NULL                ? 1000
                          : str_starts(q, STR("q=")) ? quality(str_from(q, 2))
                                                     : 0;
        enum lang lang;
        if (tag.len >= 2 && (tag.len == 2 || tag.p[2] == '-')) {
            char code[2] = {lower(tag.p[0]), lower(tag.p[1])};
            if (weight > best && lang_read((struct str){code, 2}, &lang)) {
                best = weight;
                *out = lang;
            }
        }
    }
    return best > 0;
}

bool http_tag_matches(struct str header, struct str tag)
{
    while (header.len > 0) {
        struct str one = str_trim(str_next(&header, ','));
        if (str_starts(one, STR("W/")))
            one = str_from(one, 2);
        if (str_equal(one, tag) || str_is(one, "*"))
            return true;
    }
    return false;
}

void http_escape(struct buf *b, struct str x)
{
    static const char digit[] = "0123456789ABCDEF";
    for (size_t i = 0; i < x.len; i++) {
        unsigned char c = (unsigned char)x.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' ||
                     c == ':';
        if (plain) {
            buf_add_char(b, (char)c);
        } else {
            const char escaped[3] = {'%', digit[c >> 4], digit[c & 15]};
            buf_add(b, (struct str){escaped, 3});
        }
    }
}

/* Letters, digits and . - : [ ] of a name or address with an optional port. */
static bool good_host(struct str host)
{
    for (size_t i = 0; i < host.len; i++) {
        char c = lower(host.p[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
              c == ':' || c == '[' || c == ']' || c == '_'))
            return false;
    }
    return host.len > 0 && host.len <= 260;
}

static void add_length(struct http_head *h, struct str value)
{
    h->lengths++;
    h->has_length = true;
    uint64_t length = 0;
    if (number_read(value, NUMBER_INTEGER_MAX, &length) != CAU_OK)
        h->bad = true;
    h->length = length;
}

void http_head_add(struct http_head *h, struct str name, struct str value)
{
    value = str_trim(value);
    h->bytes += name.len + value.len;
    h->lines++;
    if (same_word(name, "host")) {
        h->hosts++;
        h->host = value;
        h->bad |= !good_host(value);
    } else if (same_word(name, "content-length")) {
        add_length(h, value);
    } else if (same_word(name, "transfer-encoding")) {
        h->encodings++;
        h->chunked = same_word(value, "chunked");
        h->bad |= !h->chunked;
    } else if (same_word(name, "origin")) {
        h->origin = value;
    } else if (same_word(name, "sec-fetch-site")) {
        h->fetch_site = value;
    } else if (same_word(name, "cookie")) {
        h->cookie = value;
    } else if (same_word(name, "accept-language")) {
        h->accept_language = value;
    } else if (same_word(name, "if-none-match")) {
        h->if_none_match = value;
    } else if (same_word(name, "content-type")) {
        h->content_type = value;
    } else if (same_word(name, "x-forwarded-for")) {
        h->forwarded_for = value;
    } else if (same_word(name, "x-forwarded-proto")) {
        h->forwarded_proto = value;
    }
}

bool http_head_fits(const struct http_head *h)
{
    return h->bytes <= HTTP_HEADER_BYTES_MAX && h->lines <= HTTP_HEADER_LINES_MAX;
}

bool http_head_good(const struct http_head *h)
{
    return !h->bad && h->hosts == 1 && h->lengths <= 1 && h->encodings <= 1 &&
           !(h->lengths == 1 && h->encodings == 1);
}

bool http_has_body(const struct http_head *h)
{
    return h->chunked || (h->has_length && h->length > 0);
}

bool http_same_site(const struct http_head *h)
{
    if (h->origin.p != NULL) {
        struct str origin = h->origin;
        if (str_starts(origin, STR("https://")))
            origin = str_from(origin, 8);
        else if (str_starts(origin, STR("http://")))
            origin = str_from(origin, 7);
        else
            return false;
        return str_equal(origin, h->host);
    }
    return h->fetch_site.p == NULL || str_is(h->fetch_site, "same-origin") ||
           str_is(h->fetch_site, "none");
}
