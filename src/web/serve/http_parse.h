/* http_parse.h - what a browser sends, decoded by us: path, query, forms, uploads, cookies, header lines.
 *
 * Pure: bytes in, views out. Text that comes out is UTF-8 without U+0000; decoded text lives in the arena,
 * the bytes of uploaded files are still the body's. */
#ifndef CAU_WEB_HTTP_PARSE_H
#define CAU_WEB_HTTP_PARSE_H

#include "base/base.h"
#include "base/lang.h"

#define HTTP_TARGET_BYTES_MAX   8192 /* path and query as sent */
#define HTTP_SEGMENTS_MAX       12   /* parts of a path */
#define HTTP_QUERY_FIELDS_MAX   200
#define HTTP_FORM_FIELDS_MAX    20000
#define HTTP_FILES_MAX          4 /* files in one form */
#define HTTP_BOUNDARY_BYTES_MAX 70
#define HTTP_PART_HEAD_MAX      4096 /* bytes of the header lines of one part */

struct http_field {
    struct str name, value;
};

struct http_fields { /* in the order sent; a name may come several times */
    struct http_field *v;
    size_t n;
};
/* The first value of name; {NULL, 0} when it was not sent. */
struct str http_get(const struct http_fields *f, const char *name);
struct str http_find(const struct http_fields *f, struct str name);

struct http_file {
    struct str field;
    struct str name; /* as the browser gave it: for display only, never a path */
    struct str bytes;
};

struct http_path {
    struct str segment[HTTP_SEGMENTS_MAX]; /* "/vi/need/" is "vi", "need" */
    size_t n;
};

/* Splits a target as sent at its first question mark. */
void http_split_target(struct str target, struct str *path, struct str *query);
/* Decodes a path. SYNTAX: no slash in front, an empty part, "." or "..", %2f, %5c, a control character, a bad
 * escape, not UTF-8. RANGE: too many parts. MEMORY. */
enum cau_err http_read_path(struct arena *a, struct str raw, struct http_path *out);
/* Decodes name=value pairs separated by &; + is a space. SYNTAX: bad escape, U+0000, not UTF-8. RANGE: over
 * max pairs. MEMORY. */
enum cau_err http_read_query(struct arena *a, struct str raw, size_t max,
                             struct http_fields *out);
/* The same for a form's body; line ends become single line feeds. */
enum cau_err http_read_form(struct arena *a, struct str body, struct http_fields *out);
/* multipart/form-data: fields, and at most HTTP_FILES_MAX files. Errors: SYNTAX, RANGE, MEMORY. */
enum cau_err http_read_multipart(struct arena *a, struct str content_type, struct str body,
                                 struct http_fields *fields,
                                 struct http_file file[HTTP_FILES_MAX], size_t *files);
/* The value of a cookie in a Cookie header; {NULL, 0} when there is none. */
struct str http_cookie(struct str header, const char *name);
/* The best of our languages in an Accept-Language header; false, *out unchanged, when it names none. */
bool http_accept_language(struct str header, enum lang *out);
/* Whether an If-None-Match header names the tag (with its quotes). */
bool http_tag_matches(struct str header, struct str tag);
/* Appends x as one part of a path or query: everything but unreserved characters and ":" as %XX. */
struct buf;
void http_escape(struct buf *b, struct str x);

#define HTTP_HEADER_BYTES_MAX 32768 /* names and values of all header lines */
#define HTTP_HEADER_LINES_MAX 200

/* What we use of a header block, and whether it may be answered at all (../shared/design/dependencies.md section 3). */
struct http_head {
    struct str host, origin, fetch_site, cookie, accept_language, if_none_match, content_type,
        forwarded_for, forwarded_proto;
    bool chunked, has_length;
    uint64_t length; /* of the body, when has_length */
    unsigned hosts, lengths, encodings;
    bool bad; /* a value we do not accept */
    size_t bytes, lines;
};
/* Adds one header line. */
void http_head_add(struct http_head *h, struct str name, struct str value);
bool http_head_fits(const struct http_head *h); /* it is within both limits */
/* False for what a proxy and we could read differently: not one Host, two lengths, length and chunked
 * together, an encoding other than exactly chunked. */
bool http_head_good(const struct http_head *h);
bool http_has_body(const struct http_head *h);
/* False when another site's page sent the request: Origin is not this host, or the browser says so. */
bool http_same_site(const struct http_head *h);

#endif
