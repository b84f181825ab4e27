/* RFC 8785: the writer against the author's files; our profile refuses all six. */
#include "vectors.h"

#define SET "rfc8785"

static const struct {
    const char *name;
    bool integers;     /* all numbers are written as integers */
    enum json_why why; /* why our profile refuses the input */
} file[] = {
    {"arrays", true, JSON_WHY_KEY},      {"french", true, JSON_WHY_KEY},
    {"structures", false, JSON_WHY_KEY}, {"unicode", true, JSON_WHY_KEY},
    {"values", false, JSON_WHY_NUMBER},  {"weird", true, JSON_WHY_KEY},
};

static bool has_real(const struct value *v)
{
    if (v->type == VALUE_REAL)
        return true;
    if (v->type == VALUE_ARRAY)
        for (uint32_t i = 0; i < v->n; i++)
            if (has_real(&v->item[i]))
                return true;
    if (v->type == VALUE_OBJECT)
        for (uint32_t i = 0; i < v->n; i++)
            if (has_real(&v->member[i].value))
                return true;
    return false;
}

static void writes_the_canonical_form(void **state)
{
    (void)state;
    size_t same = 0, refused = 0;
    for (size_t i = 0; i < countof(file); i++) {
        char name[128];
        snprintf(name, sizeof name, "testdata/input/%s.json", file[i].name);
        struct value v = vectors_json(SET, name);
        check(has_real(&v) == !file[i].integers); /* what the writer must never be given */
        if (!file[i].integers) {
            refused++;
            continue;
        }
        struct buf b = buf_new(1 << 20);
        json_write(&b, &v);
        snprintf(name, sizeof name, "testdata/output/%s.json", file[i].name);
        check(str_equal(buf_str(&b), vectors_read(SET, name)));
        same++;
        buf_free(&b);
    }
    printf("vectors/" SET ": %zu of 4 the same, %zu of 2 refused\n", same, refused);
    check(same == 4 && refused == 2);
}

static void our_profile_refuses_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < countof(file); i++) {
        char name[128];
        struct value v;
        struct json_fault fault;
        snprintf(name, sizeof name, "testdata/input/%s.json", file[i].name);
        check(json_read(&vectors_arena, vectors_read(SET, name), 1 << 20, JSON_OURS, &v,
                        &fault) == CAU_ERR_SYNTAX);
        assert_int_equal(fault.why, file[i].why);
    }
    printf("vectors/" SET ": 6 of 6 refused by our profile\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_the_canonical_form),
                                       cmocka_unit_test(our_profile_refuses_all)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
