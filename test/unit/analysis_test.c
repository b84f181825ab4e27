#include "language/analysis.h"

#include "base/buf.h"

#include "test.h"

static struct stem *stem;
static struct compound_list *compounds;

/* The terms of text with spaces between. */
static void check_terms(enum token_group lang, const char *text, const char *expected)
{
    struct arena a = arena_new(1 << 20);
    struct analysis_term *term;
    size_t n;
    struct buf b = buf_new(4096);
    check(analysis_of(&a, stem, compounds, lang, str_of(text), &term, &n) == CAU_OK);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, term[i].term);
        check(term[i].at + term[i].len <= str_of(text).len);
    }
    buf_add_char(&b, '\0');
    assert_string_equal(b.p, expected);
    buf_free(&b);
    arena_free(&a);
}

static void stems_by_script_and_language(void **state)
{
    (void)state;
    check_terms(TOKEN_EN, "Floating foundations, 15 MW", "float foundat 15 mw");
    check_terms(TOKEN_RU, "плавучие фундаменты foundations", "плавуч фундамент foundations");
    check_terms(TOKEN_EN, "материалы Materials", "материал materi");
    check_terms(TOKEN_VI, "materials материала", "materials материал");
    check_terms(TOKEN_OTHER, "foundations материала", "foundations материал");
    check_terms(TOKEN_EN, "", "");
    check_terms(TOKEN_EN, "МС-21, Al2O3, 1,5", "мс 21 al2o3 1.5"); /* parts are no words */
}

static void joins_vietnamese_words(void **state)
{
    (void)state;
    check_terms(TOKEN_VI, "Điện gió ngoài khơi", "điện_gió ngoài_khơi");
    check_terms(TOKEN_VI, "điện, gió ngoài  khơi xa", "điện gió ngoài_khơi xa");
    check_terms(TOKEN_VI, "móng nổi cho điện gió ngoài", "móng nổi cho điện_gió ngoài");
    check_terms(TOKEN_VI, "lò phản ứng phản ứng", "lò_phản_ứng phản ứng");
    check_terms(TOKEN_VI, "dien gio", "dien_gio");
    check_terms(TOKEN_EN, "điện gió", "điện gió");
}

static void says_where_terms_stand(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct analysis_term *term;
    size_t n;
    struct str text = STR("Về điện  gió 2");
    check(analysis_of(&a, stem, compounds, TOKEN_VI, text, &term, &n) == CAU_OK && n == 3);
    check(str_equal(str_to(str_from(text, term[1].at), term[1].len), STR("điện  gió")));
    check(term[1].compound && term[1].script == TOKEN_LATIN && !term[1].number);
    check(!term[0].compound && term[2].number && term[2].script == TOKEN_DIGITS);
    arena_free(&a);
}

static void version_follows_the_list(void **state)
{
    (void)state;
    check(analysis_version(NULL) == ANALYSIS_VERSION);
    check(analysis_version(compounds) != analysis_version(NULL));
}

static void keeps_to_its_limits(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)64 << 20);
    struct buf b = buf_new((size_t)1 << 20);
    struct analysis_term *term = NULL;
    size_t n = 7;
    for (size_t i = 0; i <= ANALYSIS_TERMS_MAX; i++)
        buf_add_word(&b, "x ");
    check(analysis_of(&a, stem, compounds, TOKEN_EN, buf_str(&b), &term, &n) == CAU_OK);
    check(n == ANALYSIS_TERMS_MAX);
    for (size_t cap = 0; cap < 4096; cap += 16) { /* a full arena, wherever it ends */
        struct arena small = {a.base, cap, 0};
        enum cau_err err =
            analysis_of(&small, stem, compounds, TOKEN_VI, STR("lò phản ứng"), &term, &n);
        check(err == CAU_ERR_MEMORY || (err == CAU_OK && n == 1));
        check(cap > 0 || err == CAU_ERR_MEMORY);
    }
    buf_free(&b);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stems_by_script_and_language),
        cmocka_unit_test(joins_vietnamese_words),
        cmocka_unit_test(says_where_terms_stand),
        cmocka_unit_test(version_follows_the_list),
        cmocka_unit_test(keeps_to_its_limits),
    };
    if (stem_open(&stem) != CAU_OK || compound_open(&compounds) != CAU_OK ||
        compound_add(compounds, STR("điện gió\nngoài khơi\nlò phản ứng")) != CAU_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    compound_close(compounds);
    stem_close(stem);
    return failed;
}
