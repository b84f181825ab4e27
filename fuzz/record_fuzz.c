/* A line of an import: what is accepted must be written canonically, be read back the same, and as a
 * form again give the same payload. The first byte chooses the rules. */
#include "record/json.h"
#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count_text(void *ctx, struct str lang, unsigned weight, struct str text)
{
    must(lang.len > 0 && weight > 0 && text.len > 0);
    ++*(size_t *)ctx;
}

static void count_facet(void *ctx, enum kind_facet facet, struct str value)
{
    must(facet != KIND_FACET_NONE && value.len > 0);
    ++*(size_t *)ctx;
}

static void count_language(void *ctx, struct str lang)
{
    must(lang.len > 0);
    ++*(size_t *)ctx;
}

/* Everything that reads a payload. */
static void use(struct arena *a, const struct kind *kind, const struct value *payload)
{
    static struct record_link link[RECORD_LINKS_MAX];
    static struct record_change change[64];
    size_t n = 0;
    struct record_sink sink = {&n, count_text, count_facet, count_language};
    record_walk(kind, payload, &sink);
    must(record_links(kind, payload, link, RECORD_LINKS_MAX) <= RECORD_LINKS_MAX);
    struct value none = value_object();
    must(record_diff(a, payload, payload, change, 64, &n) == CAU_OK && n == 0);
    must(record_diff(a, &none, payload, change, 64, &n) == CAU_OK &&
         (n > 0) == (payload->n > 0));
    record_title(kind, payload, LANG_VI);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept, a;
    static struct kinds kinds;
    static struct record_problems problems;
    if (a.base == NULL) {
        kept = arena_new((size_t)32 << 20);
        a = arena_new((size_t)256 << 20);
        must(kinds_load(&kept, &kinds, NULL) == CAU_OK);
    }
    a.used = 0;
    struct record_rules rules = {size > 0 && (data[0] & 1) != 0,
                                 size > 0 && (data[0] & 2) != 0};
    struct str text = {(const char *)data + (size > 0), size - (size > 0)};
    struct value form, read, back;
    if (json_read(&a, text, (size_t)1 << 20, JSON_FORM, &form, NULL) != CAU_OK)
        return 0;
    struct record_form first, again;
    enum cau_err err = record_check(&a, &kinds, &form, rules, &first, &problems);
    if (err != CAU_OK) {
        must(err == CAU_ERR_SYNTAX && problems.n > 0);
        return 0;
    }
    must(problems.n == 0);
    struct buf b = buf_new(RECORD_BYTES_MAX);
    must(record_write(&b, &first.payload) == CAU_OK);
    must(json_read_canonical(&a, buf_str(&b), RECORD_BYTES_MAX, &read, NULL) == CAU_OK);
    buf_free(&b);
    must(value_equal(&read, &first.payload));
    must(record_to_form(&a, first.kind, first.audience, &read, &back) == CAU_OK);
    rules.compose = false;
    must(record_check(&a, &kinds, &back, rules, &again, &problems) == CAU_OK);
    must(again.kind == first.kind && again.audience == first.audience);
    must(value_equal(&again.payload, &first.payload));
    use(&a, first.kind, &first.payload);
    return 0;
}
