#include "record/json.h"
#include "test.h"

#include <string.h>

static unsigned char space[1 << 16];

static const char *const good[] = {
    "{}",
    "[]",
    "0",
    "-12",
    "9007199254740991",
    "true",
    "false",
    "null",
    "\"\"",
    "\"Viện Vật lý\"",
    "\"a\\\"b\\\\c\\n\\r\\t/\"",
    "{\"a\":[1,[2,{\"b\":\"x\"}],\"\\n\"],\"b\":{\"c\":true},\"d\":[{},[]]}",
    "[1,2,3,4,5,6,7,8,9,10]",
    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}",
    "[[[[[[[[1]]]]]]]]",
};

static void reads_what_the_strict_reader_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(good); i++) {
        struct arena a = {space, sizeof space, 0};
        struct value strict, stored;
        struct str text = str_of(good[i]);
        check(json_read_stored(&a, text, &stored) == CAU_OK);
        if (text.p[0] != '{' && text.p[0] != '[')
            continue; /* the strict one takes only these as a whole text */
        check(json_read_canonical(&a, text, 1000, &strict, NULL) == CAU_OK);
        check(value_equal(&strict, &stored));
    }
}

static void refuses_every_beginning(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(good); i++)
        for (size_t len = 0; len < strlen(good[i]); len++) {
            struct arena a = {space, sizeof space, 0};
            struct value v = {.type = VALUE_REAL};
            char part[200];
            memcpy(part, good[i], len); /* so that a read past the end is seen */
            enum cau_err err = json_read_stored(&a, (struct str){part, len}, &v);
            bool number = len > 0 && part[len - 1] >= '0' && part[len - 1] <= '9' &&
                          part[0] != '"' && part[0] != '{' && part[0] != '[';
            check(number ? err == CAU_OK : err == CAU_ERR_SYNTAX && v.type == VALUE_REAL);
        }
}

static void refuses_what_was_never_written(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " {}",
                                      "{} ",
                                      "{\"a\":1,}",
                                      "[1,]",
                                      "{\"b\":1,\"a\":2}",
                                      "{\"a\":1,\"a\":2}",
                                      "01",
                                      "-",
                                      "\"\\x\"",
                                      "\"\\u0041\"",
                                      "\"\\u0001\"",
                                      "tru",
                                      "{a:1}",
                                      "]"};
    for (size_t i = 0; i < countof(bad); i++) {
        struct arena a = {space, sizeof space, 0};
        struct value v;
        check(json_read_stored(&a, str_of(bad[i]), &v) == CAU_ERR_SYNTAX);
    }
    struct arena a = {space, sizeof space, 0};
    struct value v;
    check(json_read_stored(&a, STR("[[[[[[[[[1]]]]]]]]]"), &v) == CAU_ERR_RANGE); /* one over */
    a.cap = 16;
    check(json_read_stored(&a, STR("[1]"), &v) == CAU_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_strict_reader_reads),
        cmocka_unit_test(refuses_every_beginning),
        cmocka_unit_test(refuses_what_was_never_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
