/* Every string of the big list of naughty strings through every type of text a record has: it comes
 * back as the same characters, or it is refused with a code. */
#include "base/file.h"
#include "base/utf8.h"
#include "record/json.h"
#include "record/record.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

#define PATH "../shared/vectors/naughty-strings/blns.json"

static struct arena kept, a; /* the strings; one string's work */
static struct value list;
static struct kinds kinds;
static struct record_problems problems;
static size_t same, trimmed, empty, refused[RECORD_CODES];

static void set(struct value *object, const char *key, struct value item)
{
    check(value_set(&a, object, str_of(key), item) == CAU_OK);
}

/* A form with text as the only value of one field; *place is where it stands. */
static struct value form_with(unsigned type, struct str text, const char **place)
{
    struct value form = value_object(), words = value_object(), title = value_object();
    set(&form, "kind", value_string(type == KIND_NAMES ? STR("person") : STR("need")));
    set(&title, "en", value_string(STR("a title")));
    if (type == KIND_NAMES)
        set(&form, "consent", value_string(STR("public_card")));
    set(&form, type == KIND_NAMES ? "name" : "title", title);
    set(&words, "en", value_string(text));
    *place = type == KIND_NAMES ? "name" : type == KIND_TEXT ? "title" : "summary";
    if (type == KIND_LINE)
        *place = "external_id";
    set(&form, *place, type == KIND_LINE ? value_string(text) : words);
    return form;
}

static bool is_space(uint32_t c)
{
    return c <= ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
           c == 0xFEFF;
}

static bool all_space(struct str x)
{
    while (x.len > 0)
        if (!is_space(utf8_next(&x)))
            return false;
    return true;
}

/* Checks that got is text but for white space at its ends. */
static void check_same(struct str text, struct str got)
{
    size_t at = 0;
    while (at + got.len <= text.len && memcmp(text.p + at, got.p, got.len) != 0)
        at++;
    check(at + got.len <= text.len);
    check(all_space(str_to(text, at)) && all_space(str_from(text, at + got.len)));
    same += got.len == text.len;
    trimmed += got.len != text.len;
}

static struct str value_of(const struct value *payload, const char *place)
{
    const struct value *v = value_get(payload, place);
    return v != NULL && v->type == VALUE_STRING ? v->string : record_pick(v, LANG_EN).text;
}

static void one_way(unsigned type, struct str text, bool compose)
{
    struct record_rules rules = {.compose = compose};
    struct record_form made, again;
    struct value read, back;
    const char *place;
    a.used = 0;
    struct value form = form_with(type, text, &place);
    enum cau_err err = record_check(&a, &kinds, &form, rules, &made, &problems);
    if (err == CAU_ERR_SYNTAX) {
        bool missing = problems.v[0].code == RECORD_REQUIRED; /* nothing but white space */
        check(problems.n == 1 && str_starts(problems.v[0].place, str_of(place)));
        check(!missing || all_space(text));
        empty += missing;
        refused[problems.v[0].code] += !missing;
        return;
    }
    check(err == CAU_OK);
    struct str got = value_of(&made.payload, place), composed = text;
    if (got.p == NULL) {
        check(all_space(text));
        empty++;
        return;
    }
    if (compose)
        check(utf8_nfc(&a, text, &composed) == CAU_OK);
    check_same(composed, got);

    struct buf b = buf_new(RECORD_BYTES_MAX);
    check(record_write(&b, &made.payload) == CAU_OK);
    check(json_read_canonical(&a, buf_str(&b), RECORD_BYTES_MAX, &read, NULL) == CAU_OK);
    check(str_equal(value_of(&read, place), got));
    check(record_to_form(&a, made.kind, RECORD_PUBLIC, &read, &back) == CAU_OK);
    check(record_check(&a, &kinds, &back, (struct record_rules){0}, &again, &problems) ==
          CAU_OK);
    check(value_equal(&again.payload, &made.payload));
    buf_free(&b);
}

static void every_string_comes_back_or_is_refused(void **state)
{
    (void)state;
    static const unsigned types[] = {KIND_TEXT, KIND_PROSE, KIND_NAMES, KIND_LINE};
    for (unsigned compose = 0; compose < 2; compose++) {
        same = trimmed = empty = 0;
        memset(refused, 0, sizeof refused);
        for (uint32_t i = 0; i < list.n; i++)
            for (size_t t = 0; t < countof(types); t++)
                one_way(types[t], list.item[i].string, compose != 0);
        print_message("%u strings, 4 types, %s: %zu the same, %zu trimmed, %zu empty", list.n,
                      compose ? "composing" : "as they are", same, trimmed, empty);
        size_t sum = same + trimmed + empty;
        for (unsigned c = 0; c < RECORD_CODES; c++) {
            sum += refused[c];
            if (refused[c] > 0)
                print_message(", %zu %s", refused[c], record_code_name((enum record_code)c));
        }
        print_message("\n");
        check(sum == (size_t)list.n * countof(types));
        check(refused[RECORD_NOT_NFC] == 0 || !compose);
    }
}

int main(void)
{
    struct str text;
    struct kind_fault fault;
    kept = arena_new((size_t)64 << 20);
    a = arena_new((size_t)64 << 20);
    if (!file_exists(PATH)) {
        printf("SKIP vectors/naughty-strings: not present\n");
        return 0;
    }
    if (file_read(&kept, PATH, (size_t)1 << 20, &text) != CAU_OK ||
        json_read(&kept, text, text.len, JSON_OUTSIDE, &list, NULL) != CAU_OK ||
        kinds_load(&kept, &kinds, &fault) != CAU_OK)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_string_comes_back_or_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
