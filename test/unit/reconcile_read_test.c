#include "web/api/reconcile_read.h"

#include "base/buf.h"
#include "test.h"

#include <string.h>

static struct arena a;
static struct reconcile_batch batch;
static struct reconcile_extension extension;

static enum cau_err queries(const char *text)
{
    return reconcile_read_queries(&a, str_of(text), &batch);
}

static enum cau_err extend(const char *text)
{
    return reconcile_read_extension(&a, str_of(text), &extension);
}

static void a_batch_is_read(void **state)
{
    (void)state;
    check(queries("{\"q1\":{\"query\":\"Vie\xCC\xA3\xCC\x82n\",\"type\":\"organization\"},"
                  "\"q0\":{\"type\":[\"a\",\"b\"],\"limit\":300,\"type_strict\":\"any\","
                  "\"properties\":[{\"pid\":\"country\",\"v\":[\"VN\",{\"id\":\"RU\","
                  "\"name\":\"Russia\"},7,true,1.5]}]}}") == CAU_OK);
    check(batch.n == 2 && str_is(batch.query[0].key, "q0"));
    const struct reconcile_query *q = &batch.query[0];
    check(q->types == 2 && q->limit == RECONCILE_LIMIT_MAX && q->properties == 1);
    check(q->property[0].values == 3 && str_is(q->property[0].value[1], "RU") &&
          str_is(q->property[0].value[2], "7"));
    q = &batch.query[1];
    check(str_is(q->text, "Vi\xE1\xBB\x87n")); /* composed */
    check(q->limit == RECONCILE_LIMIT && q->types == 1);
    check(queries("{}") == CAU_OK && batch.n == 0);
}

static void what_is_no_query_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{",
        "{\"q\":1}",
        "{\"q\":{}}",
        "{\"q\":{\"limit\":1}}",
        "{\"q\":{\"properties\":[]}}",
        "{\"q\":{\"query\":7}}",
        "{\"q\":{\"query\":\"a\",\"limit\":0}}",
        "{\"q\":{\"query\":\"a\",\"limit\":\"5\"}}",
        "{\"q\":{\"query\":\"a\",\"type\":7}}",
        "{\"q\":{\"query\":\"a\",\"other\":7}}",
        "{\"q\":{\"query\":\"a\",\"type_strict\":\"none\"}}",
        "{\"q\":{\"query\":\"a\",\"properties\":[{\"pid\":\"x\"}]}}",
        "{\"q\":{\"query\":\"a\",\"properties\":[{\"v\":\"x\"}]}}",
        "{\"q\":{\"query\":\"a\",\"properties\":[{\"pid\":\"x\",\"v\":"
        "{\"name\":\"y\"}}]}}"};
    for (size_t i = 0; i < countof(bad); i++)
        check(queries(bad[i]) == CAU_ERR_SYNTAX);
}

/* head, then n times one (with a number where it has #), then tail. */
static const char *many(const char *head, const char *one, size_t n, const char *tail)
{
    static struct buf b;
    buf_free(&b);
    b = buf_new(3 * RECONCILE_BYTES_MAX);
    buf_add_word(&b, head);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(&b, ',');
        for (const char *p = one; *p != '\0'; p++)
            if (*p == '#')
                buf_add_u64(&b, i);
            else
                buf_add_char(&b, *p);
    }
    buf_add_word(&b, tail);
    buf_add_char(&b, '\0');
    check(!b.failed);
    return b.p;
}

static void limits(void **state)
{
    (void)state;
    check(queries(many("{", "\"q#\":{\"query\":\"a\"}", RECONCILE_QUERIES_MAX, "}")) == CAU_OK);
    check(queries(many("{", "\"q#\":{\"query\":\"a\"}", RECONCILE_QUERIES_MAX + 1, "}")) ==
          CAU_ERR_RANGE);
    check(queries(many("{\"q\":{\"query\":\"", "", 1, "\"}}")) == CAU_OK);
    char text[RECONCILE_TEXT_BYTES_MAX + 40] = "{\"q\":{\"query\":\"";
    size_t len = strlen(text);
    memset(text + len, 'x', RECONCILE_TEXT_BYTES_MAX + 1);
    memcpy(text + len + RECONCILE_TEXT_BYTES_MAX + 1, "\"}}", 4);
    check(queries(text) == CAU_ERR_RANGE);
    const char *types = "{\"q\":{\"query\":\"a\",\"type\":[";
    check(queries(many(types, "\"t\"", RECONCILE_TYPES_MAX, "]}}")) == CAU_OK);
    check(queries(many(types, "\"t\"", RECONCILE_TYPES_MAX + 1, "]}}")) == CAU_ERR_RANGE);
    const char *properties = "{\"q\":{\"query\":\"a\",\"properties\":[";
    check(queries(many(properties, "{\"pid\":\"p\",\"v\":\"x\"}", RECONCILE_PROPERTIES_MAX,
                       "]}}")) == CAU_OK);
    check(queries(many(properties, "{\"pid\":\"p\",\"v\":\"x\"}", RECONCILE_PROPERTIES_MAX + 1,
                       "]}}")) == CAU_ERR_RANGE);
    const char *values = "{\"q\":{\"query\":\"a\",\"properties\":[{\"pid\":\"p\",\"v\":[";
    check(queries(many(values, "\"x\"", RECONCILE_VALUES_MAX, "]}]}}")) == CAU_OK);
    check(queries(many(values, "\"x\"", RECONCILE_VALUES_MAX + 1, "]}]}}")) == CAU_ERR_RANGE);
    check(extend(many("{\"properties\":[],\"ids\":[", "\"#\"", RECONCILE_IDS_MAX, "]}")) ==
          CAU_OK);
    check(extend(many("{\"properties\":[],\"ids\":[", "\"#\"", RECONCILE_IDS_MAX + 1, "]}")) ==
          CAU_ERR_RANGE);
    check(extend(many("{\"ids\":[],\"properties\":[", "{\"id\":\"x\"}",
                      RECONCILE_PROPERTIES_MAX + 1, "]}")) == CAU_ERR_RANGE);
    check(queries(many("{\"q\":{\"query\":\"a\"}}", " ", RECONCILE_BYTES_MAX / 2, "")) ==
          CAU_ERR_RANGE); /* too long as a whole */
}

static void an_extension_is_read(void **state)
{
    (void)state;
    check(extend("{\"ids\":[\"a\",\"b\"],\"properties\":[{\"id\":\"x\",\"settings\":{}}]}") ==
          CAU_OK);
    check(extension.ids == 2 && extension.properties == 1 && str_is(extension.id[1], "b"));
    check(extend("{\"ids\":[]}") == CAU_ERR_SYNTAX);
    check(extend("{\"ids\":{},\"properties\":[]}") == CAU_ERR_SYNTAX);
    check(extend("{\"ids\":[7],\"properties\":[]}") == CAU_ERR_SYNTAX);
    check(extend("{\"ids\":[],\"properties\":[\"x\"]}") == CAU_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_read), cmocka_unit_test(what_is_no_query_is_refused),
        cmocka_unit_test(limits), cmocka_unit_test(an_extension_is_read)};
    a = arena_new((size_t)256 << 20);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
