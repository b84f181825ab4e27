#include "language/token.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

/* All words of text as "place:form", readings with =, parts with ~, divided by spaces. */
static const char *tokens(const char *text)
{
    static char out[2048];
    size_t len = 0;
    struct token_walk w;
    struct token t;
    token_start(&w, str_of(text));
    out[0] = '\0';
    while (token_next(&w, &t)) {
        static const char mark[] = {':', '=', '~'};
        check(t.at + t.len <= strlen(text) && t.form.len > 0 && t.form.len <= TOKEN_BYTES_MAX);
        len += (size_t)snprintf(out + len, sizeof out - len, "%s%u%c%.*s", len == 0 ? "" : " ",
                                t.place, mark[t.role], STR_ARG(t.form));
        check(len < sizeof out);
    }
    return out;
}

static void finds_words(void **state)
{
    (void)state;
    assert_string_equal(tokens("Viện Khoa học, ИНСТИТУТ!"), "0:viện 1:khoa 2:học 3:институт");
    assert_string_equal(tokens(""), "");
    assert_string_equal(tokens(" ,;\u202E\u0301 "), "");
    assert_string_equal(tokens("a\u0301b"), "0:a\u0301b");
    assert_string_equal(tokens("научно-технический"), "0:научно 1:технический");
    assert_string_equal(tokens("中文 mix東"), "0:中 1:文 2:mix 3:東");
    assert_string_equal(tokens("so\u00ADft"), "0:soft");
    assert_string_equal(tokens("R&D, P&ID; NC&PT."), "0:r&d 1:p&id 2:nc&pt");
    assert_string_equal(tokens("a &b cat&d a&cat 1&2 a&2 &a& a&b&c"),
                        "0:a 1:b 2:cat 3:d 4:a 5:cat 6:1 7:2 8:a 9:2 10:a 11:a&b 12:c");
    assert_string_equal(tokens("\u0421arbon"), "0:carbon 0=\u0441arbon");
}

/* A form has one script, wherever it stands: the index works out once what a form is found by. */
static void a_form_has_one_script(void **state)
{
    (void)state;
    static const char *const text[] = {
        "turbines1ж turbines", "điện1ж điện",   "ĐT-1 ĐT1 1-ĐT", "a-\u043Cc a\u043Cc \u043Cc",
        "МС-21 MC-21 мс21",    "al2o3 AL-2-O3", "中1a a1中",     "1.000 1000 12 345 12345",
        "IT-отдел отдел-IT",   "x²ж x2 µm-1 ω1"};
    static struct {
        char form[TOKEN_BYTES_MAX];
        size_t len;
        enum token_script script;
        bool number;
    } seen[200];
    size_t n = 0;
    for (size_t i = 0; i < countof(text); i++) {
        struct token_walk w;
        struct token t;
        token_start(&w, str_of(text[i]));
        while (token_next(&w, &t)) {
            size_t k = 0;
            while (k < n && !str_equal((struct str){seen[k].form, seen[k].len}, t.form))
                k++;
            if (k == n) {
                check(n < countof(seen));
                memcpy(seen[n].form, t.form.p, seen[n].len = t.form.len);
                seen[n].script = t.script;
                seen[n++].number = t.number;
            }
            check(seen[k].script == t.script && seen[k].number == t.number);
        }
    }
    check(n > 20);
}

static void finds_numbers(void **state)
{
    (void)state;
    assert_string_equal(tokens("1,5 1.5"), "0:1.5 1:1.5");
    assert_string_equal(tokens("1.000"), "0:1.000 0=1000");
    assert_string_equal(tokens("1,000,000"), "0:1000000");
    assert_string_equal(tokens("1.000,50"), "0:1 1:000 2:50");
    assert_string_equal(tokens("12 345"), "0:12 0~12345 1:345");
    assert_string_equal(tokens("1\u00A0000\u00A0000"), "0:1 0~1000000 1:000 2:000");
    assert_string_equal(tokens("21.05.2020"), "0:21 1:05 2:2020");
    assert_string_equal(tokens("0,500"), "0:0.500");
    assert_string_equal(tokens("3.14, x."), "0:3.14 1:x");
    assert_string_equal(tokens("5."), "0:5");
    assert_string_equal(tokens("1,5MW"), "0:1 1:5mw 1~5 1~mw");
}

static void finds_models(void **state)
{
    (void)state;
    assert_string_equal(tokens("МС-21"), "0:мс 1:21 1~мс21");
    assert_string_equal(tokens("TBK-2x"), "0:tbk 1:2x 1~2 1~x 1~tbk2x");
    assert_string_equal(tokens("Al₂O₃"), "0:al2o3 0~al 0~2 0~o 0~3");
    assert_string_equal(tokens("e-mail"), "0:e 1:mail 1~email");
    assert_string_equal(tokens("a1b2c3"), "0:a1b2c3"); /* too many parts to be of use */
    assert_string_equal(tokens("x- y"), "0:x 1:y");
}

static void tells_what_touches(void **state)
{
    (void)state;
    struct token_walk w;
    struct token t;
    const bool expected[] = {false, true, true, false, true};
    token_start(&w, STR("một hai  ba, bốn-năm"));
    for (size_t i = 0; i < countof(expected); i++) {
        check(token_next(&w, &t));
        check(t.touches == expected[i]);
    }
    check(!token_next(&w, &t));
}

static void says_script_and_group(void **state)
{
    (void)state;
    struct token_walk w;
    struct token t;
    const enum token_script expected[] = {TOKEN_LATIN, TOKEN_CYRILLIC, TOKEN_DIGITS,
                                          TOKEN_SCRIPT_OTHER};
    token_start(&w, STR("đo мир 15 अब"));
    for (size_t i = 0; i < countof(expected); i++)
        check(token_next(&w, &t) && t.script == expected[i] &&
              t.number == (t.script == TOKEN_DIGITS));
    check(token_group_of(STR("vi")) == TOKEN_VI && token_group_of(STR("ru")) == TOKEN_RU);
    check(token_group_of(STR("en")) == TOKEN_EN && token_group_of(STR("und")) == TOKEN_OTHER);
}

static void makes_bare_forms(void **state)
{
    (void)state;
    char out[TOKEN_BYTES_MAX];
    size_t len = 7;
    check(token_bare(STR("điện"), out, &len) && str_is((struct str){out, len}, "dien"));
    check(!token_bare(STR("dien"), out, &len) && len == 0);
    check(!token_bare(STR("мир"), out, &len));
}

/* What token_plain says of text, where it stands then, and whether token_next agrees. */
static void check_plain(const char *text, bool plain, const char *run)
{
    struct token_walk w;
    struct token t;
    struct str raw;
    token_start(&w, str_of(text));
    check(token_plain(&w, &raw) == plain);
    if (!plain)
        return;
    check(str_is(raw, run) && w.text.p + w.at == raw.p);
    check(token_next(&w, &t) && token_was_plain(&w, raw));
    size_t behind = w.at;
    token_start(&w, str_of(text));
    check(token_plain(&w, &raw));
    token_pass(&w, raw);
    check(w.at == behind && w.place == 1 && w.touches);
}

static void knows_plain_words(void **state)
{
    (void)state;
    check_plain("Viện Khoa", true, "Viện");
    check_plain(" (институт)", true, "институт");
    check_plain("2020, 3", false, "");
    check_plain("2020 345", true, "2020");
    check_plain("12 345", false, "");
    check_plain("12 x", true, "12");
    check_plain("12", true, "12");
    check_plain("1.5", false, "");
    check_plain("e-mail", false, "");
    check_plain("al2o3", false, "");
    char run[TOKEN_PLAIN_MAX + 2];
    memset(run, 'a', sizeof run);
    run[sizeof run - 1] = '\0'; /* one step over */
    check_plain(run, false, "");
    check_plain("", false, "");
    check_plain(" ,", false, "");
    static const char *const odd[] = {"“a”", "中文", "so\u00ADft\u00AD",
                                      "₂",   "—",    "\u0421arbon"};
    for (size_t i = 0; i < countof(odd); i++) {
        struct token_walk w;
        struct token t;
        struct str raw;
        token_start(&w, str_of(odd[i]));
        check(token_plain(&w, &raw) && (!token_next(&w, &t) || !token_was_plain(&w, raw)));
    }
}

static void cuts_long_words(void **state)
{
    (void)state;
    char text[TOKEN_POINTS_MAX * 2 + 2];
    struct token_walk w;
    struct token t;
    memset(text, 'a', sizeof text);
    token_start(&w, (struct str){text, TOKEN_POINTS_MAX});
    check(token_next(&w, &t) && t.len == TOKEN_POINTS_MAX && !token_next(&w, &t));
    token_start(&w, (struct str){text, TOKEN_POINTS_MAX + 1}); /* one step over */
    check(token_next(&w, &t) && t.len == TOKEN_POINTS_MAX);
    check(token_next(&w, &t) && t.len == 1 && t.place == 1 && !token_next(&w, &t));
    memset(text, '7', sizeof text);
    text[TOKEN_POINTS_MAX] = '.';
    token_start(&w, (struct str){text, sizeof text});
    size_t n = 0;
    while (token_next(&w, &t))
        n += t.role == TOKEN_MAIN;
    check(n == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_words),        cmocka_unit_test(a_form_has_one_script),
        cmocka_unit_test(finds_numbers),      cmocka_unit_test(finds_models),
        cmocka_unit_test(tells_what_touches), cmocka_unit_test(says_script_and_group),
        cmocka_unit_test(makes_bare_forms),   cmocka_unit_test(cuts_long_words),
        cmocka_unit_test(knows_plain_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
