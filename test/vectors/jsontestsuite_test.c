/* JSONTestSuite: what is accepted from outside, and what our own profile makes of the open cases. */
#include "vectors.h"

#define SET "jsontestsuite"

static size_t y_accepted, y_refused, n_refused, i_seen, i_accepted, transforms;

/* y_ files that we refuse: the specification allows it, and we have no use for either. */
static const char *const not_ours[] = {
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};

/* All i_ files, which the specification leaves open: ours says how the profile refuses each. */
static const struct {
    const char *name;
    bool outside; /* accepted from others */
    enum json_why ours;
} open_case[] = {
    {"i_number_double_huge_neg_exp.json", true, JSON_WHY_NUMBER},
    {"i_number_huge_exp.json", false, JSON_WHY_SYNTAX},
    {"i_number_neg_int_huge_exp.json", false, JSON_WHY_SYNTAX},
    {"i_number_pos_double_huge_exp.json", false, JSON_WHY_SYNTAX},
    {"i_number_real_neg_overflow.json", false, JSON_WHY_SYNTAX},
    {"i_number_real_pos_overflow.json", false, JSON_WHY_SYNTAX},
    {"i_number_real_underflow.json", true, JSON_WHY_NUMBER},
    {"i_number_too_big_neg_int.json", false, JSON_WHY_SYNTAX},
    {"i_number_too_big_pos_int.json", false, JSON_WHY_SYNTAX},
    {"i_number_very_big_negative_int.json", false, JSON_WHY_SYNTAX},
    {"i_object_key_lone_2nd_surrogate.json", false, JSON_WHY_SYNTAX},
    {"i_string_1st_surrogate_but_2nd_missing.json", false, JSON_WHY_SYNTAX},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", false, JSON_WHY_SYNTAX},
    {"i_string_UTF-16LE_with_BOM.json", false, JSON_WHY_TEXT},
    {"i_string_UTF-8_invalid_sequence.json", false, JSON_WHY_SYNTAX},
    {"i_string_UTF8_surrogate_U+D800.json", false, JSON_WHY_SYNTAX},
    {"i_string_incomplete_surrogate_and_escape_valid.json", false, JSON_WHY_SYNTAX},
    {"i_string_incomplete_surrogate_pair.json", false, JSON_WHY_SYNTAX},
    {"i_string_incomplete_surrogates_escape_valid.json", false, JSON_WHY_SYNTAX},
    {"i_string_invalid_lonely_surrogate.json", false, JSON_WHY_SYNTAX},
    {"i_string_invalid_surrogate.json", false, JSON_WHY_SYNTAX},
    {"i_string_invalid_utf-8.json", false, JSON_WHY_SYNTAX},
    {"i_string_inverted_surrogates_U+1D11E.json", false, JSON_WHY_SYNTAX},
    {"i_string_iso_latin_1.json", false, JSON_WHY_SYNTAX},
    {"i_string_lone_second_surrogate.json", false, JSON_WHY_SYNTAX},
    {"i_string_lone_utf8_continuation_byte.json", false, JSON_WHY_SYNTAX},
    {"i_string_not_in_unicode_range.json", false, JSON_WHY_SYNTAX},
    {"i_string_overlong_sequence_2_bytes.json", false, JSON_WHY_SYNTAX},
    {"i_string_overlong_sequence_6_bytes.json", false, JSON_WHY_SYNTAX},
    {"i_string_overlong_sequence_6_bytes_null.json", false, JSON_WHY_SYNTAX},
    {"i_string_truncated-utf-8.json", false, JSON_WHY_SYNTAX},
    {"i_string_utf16BE_no_BOM.json", false, JSON_WHY_TEXT},
    {"i_string_utf16LE_no_BOM.json", false, JSON_WHY_TEXT},
    {"i_structure_500_nested_arrays.json", false, JSON_WHY_DEPTH},
    {"i_structure_UTF-8_BOM_empty_object.json", false, JSON_WHY_SYNTAX},
};

static bool accepts(struct str text, enum json_rules rules, struct json_fault *fault)
{
    struct value v;
    return json_read(&vectors_arena, text, VECTORS_BYTES_MAX, rules, &v, fault) == CAU_OK;
}

static bool listed(const char *base, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(base, list[i]) == 0)
            return true;
    return false;
}

static void try_open_case(const char *base, struct str text)
{
    struct json_fault fault;
    for (size_t i = 0; i < countof(open_case); i++) {
        if (strcmp(base, open_case[i].name) != 0)
            continue;
        i_seen++;
        bool outside = accepts(text, JSON_OUTSIDE, &fault);
        i_accepted += outside;
        if (outside != open_case[i].outside)
            fail_msg("%s from outside", base);
        if (accepts(text, JSON_OURS, &fault) || fault.why != open_case[i].ours)
            fail_msg("%s in our profile: %d", base, fault.why);
        return;
    }
    fail_msg("%s is not in the fixture", base);
}

static void parse_one(const char *set, const char *name)
{
    const char *base = strrchr(name, '/') + 1;
    struct str text = vectors_read(set, name);
    struct json_fault fault;
    if (base[0] == 'i') {
        try_open_case(base, text);
        return;
    }
    bool good = accepts(text, JSON_OUTSIDE, &fault);
    bool want = base[0] == 'y' && !listed(base, not_ours, countof(not_ours));
    if (good != want)
        fail_msg("%s", base);
    if (base[0] == 'n')
        n_refused++;
    else if (good)
        y_accepted++;
    else
        y_refused++;
    if (base[0] == 'n' && accepts(text, JSON_OURS, &fault))
        fail_msg("%s in our profile", base);
}

static void parsing(void **state)
{
    (void)state;
    check(vectors_each(SET, "test_parsing", parse_one) == 318);
    printf("vectors/" SET ": y_ %zu of 95 accepted, %zu refused; n_ %zu of 188 refused; "
           "i_ %zu of 35 listed, %zu accepted\n",
           y_accepted, y_refused, n_refused, i_seen, i_accepted);
    check(y_accepted == 91 && y_refused == 4 && n_refused == 188 && i_seen == 35 &&
          i_accepted == 2);
}

/* What is accepted and has no real number is written, read and written again the same. */
static void transform_one(const char *set, const char *name)
{
    struct value v, again;
    struct buf b = buf_new(1 << 20), c = buf_new(1 << 20);
    struct str text = vectors_read(set, name);
    transforms++;
    if (json_read(&vectors_arena, text, 1 << 20, JSON_OUTSIDE, &v, NULL) == CAU_OK &&
        v.type == VALUE_ARRAY && v.n == 1 && v.item[0].type != VALUE_REAL) {
        json_write(&b, &v);
        check(json_read(&vectors_arena, buf_str(&b), 1 << 20, JSON_OUTSIDE, &again, NULL) ==
              CAU_OK);
        json_write(&c, &again);
        check(str_equal(buf_str(&b), buf_str(&c)) && value_equal(&v, &again));
    }
    buf_free(&b);
    buf_free(&c);
}

static void transforming(void **state)
{
    (void)state;
    check(vectors_each(SET, "test_transform", transform_one) == 22);
    printf("vectors/" SET ": %zu of 22 transform files\n", transforms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parsing),
                                       cmocka_unit_test(transforming)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
