/* What a browser sends: path, query, form, upload, cookies, header lines; the first byte chooses. */
#include "base/base.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "web/serve/http_parse.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_text(struct str x)
{
    must(x.len == 0 || (utf8_valid(x) && memchr(x.p, '\0', x.len) == NULL));
}

static void must_be_fields(const struct http_fields *f, size_t max)
{
    must(f->n <= max);
    for (size_t i = 0; i < f->n; i++) {
        must_be_text(f->v[i].name);
        must_be_text(f->v[i].value);
    }
}

static void try_path(struct arena *a, struct str x)
{
    struct http_path path;
    if (http_read_path(a, x, &path) != CAU_OK)
        return;
    must(path.n <= HTTP_SEGMENTS_MAX);
    for (size_t i = 0; i < path.n; i++) {
        struct str s = path.segment[i];
        must_be_text(s);
        must(s.len > 0 && !str_is(s, "..") && memchr(s.p, '/', s.len) == NULL);
        struct buf b = buf_new(1 << 20); /* escaped and read again it is the same */
        struct http_path again;
        buf_add_char(&b, '/');
        http_escape(&b, s);
        must(http_read_path(a, buf_str(&b), &again) == CAU_OK && again.n == 1 &&
             str_equal(again.segment[0], s));
        buf_free(&b);
    }
}

static void try_upload(struct arena *a, struct str x)
{
    struct http_fields fields;
    struct http_file file[HTTP_FILES_MAX];
    size_t files = 0;
    struct str body = x, type = str_next(&body, '\n');
    if (http_read_multipart(a, type, body, &fields, file, &files) != CAU_OK)
        return;
    must_be_fields(&fields, HTTP_QUERY_FIELDS_MAX);
    must(files <= HTTP_FILES_MAX);
    for (size_t i = 0; i < files; i++) {
        must_be_text(file[i].name);
        must(file[i].bytes.p >= body.p &&
             file[i].bytes.p + file[i].bytes.len <= body.p + body.len);
    }
}

static void try_head(struct str x)
{
    struct http_head head = {.hosts = 0};
    while (x.len > 0) {
        struct str value = str_next(&x, '\n'), name = str_next(&value, ':');
        http_head_add(&head, name, value);
    }
    if (http_head_good(&head))
        must(head.hosts == 1 && !(head.lengths > 0 && head.encodings > 0));
    enum lang lang;
    (void)http_accept_language(head.accept_language, &lang);
    (void)http_tag_matches(head.if_none_match, STR("\"x\""));
    (void)http_cookie(head.cookie, "cau_session");
    (void)http_same_site(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char space[8 << 20];
    struct arena a = {space, sizeof space, 0};
    if (size == 0)
        return 0;
    struct str x = {(const char *)data + 1, size - 1};
    struct http_fields fields;
    switch (data[0] % 5) {
    case 0:
        try_path(&a, x);
        break;
    case 1:
        if (http_read_query(&a, x, HTTP_QUERY_FIELDS_MAX, &fields) == CAU_OK)
            must_be_fields(&fields, HTTP_QUERY_FIELDS_MAX);
        break;
    case 2:
        if (http_read_form(&a, x, &fields) == CAU_OK)
            must_be_fields(&fields, HTTP_FORM_FIELDS_MAX);
        break;
    case 3:
        try_upload(&a, x);
        break;
    default:
        try_head(x);
    }
    return 0;
}
