#include "exchange/paper/bilingual.h"

#include "node_help.h"
#include "test.h"

static struct test_node node;

static int start(void **state)
{
    (void)state;
    struct writer_result out;
    node = test_make();
    check(test_put(&node, "organization", RECORD_PUBLIC,
                   "{'country':'VN','external_id':'most','name':{'ru':'Миннауки','vi':'Bộ'}}",
                   &out) == CAU_OK);
    check(test_put(&node, "organization", RECORD_PUBLIC,
                   "{'country':'VN','external_id':'one','name':{'en':'ISO'}}", &out) == CAU_OK);
    check(test_put(&node, "organization", RECORD_PRIVATE,
                   "{'country':'VN','external_id':'inner','name':{'vi':'Nội bộ'}}",
                   &out) == CAU_OK);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_end(&node);
    return 0;
}

/* What a text says, pieces joined, each that is not Vietnamese with its language before it. */
static void check_text(const struct paper_text *t, const char *expected)
{
    struct buf b = buf_new(4096);
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next) {
        if (x->break_before)
            buf_add_char(&b, '|');
        if (x->lang.len > 0)
            buf_printf(&b, "[%.*s]", STR_ARG(x->lang));
        buf_add(&b, x->text);
    }
    buf_add_char(&b, '\0');
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static struct bilingual begin(struct arena *a, struct paper *p, enum lang second,
                              struct view *v)
{
    *p = paper_new(a, LANG_VI, STR("x"));
    struct bilingual b = bilingual_begin(a, p, LANG_VI, second);
    b.view = v;
    b.reader = READER_PUBLIC;
    b.country_list = kinds_find_list(node_kinds(node.n), STR("country"));
    return b;
}

static void both_languages_in_one_line(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct paper p;
    struct view *v = view_take(node.n);
    struct bilingual b = begin(&a, &p, LANG_RU, v);
    struct paper_text t = {0}, u = {0}, w = {0};
    bilingual_say(&b, &t, "paper.notes", PAPER_ALERT);
    check_text(&t, "Chú thích / [ru]Примечания");
    check(t.first->tone == PAPER_ALERT && t.last->tone == PAPER_ALERT);
    check(str_is(bilingual_head(&b, "paper.notes"), "Chú thích\nПримечания"));
    bilingual_country(&b, &u, STR("RU"), PAPER_PLAIN);
    bilingual_country(&b, &u, STR("RU"), PAPER_PLAIN); /* remembered */
    check_text(&u, "Liên bang Nga / [ru]РоссияLiên bang Nga / [ru]Россия");
    bilingual_remark(&b, &w, STR("nhỏ"), LANG_VI);
    bilingual_remark(&b, &w, STR("мало"), LANG_RU);
    check_text(&w, "|nhỏ|[ru]мало");
    check(b.countries == 1 && b.err == CAU_OK);
    bilingual_end(&b);

    struct paper_text one = {0};
    b = begin(&a, &p, LANG_VI, v);
    bilingual_say(&b, &one, "paper.notes", PAPER_PLAIN);
    check_text(&one, "Chú thích");
    check(b.langs == 1 && str_is(bilingual_head(&b, "paper.notes"), "Chú thích"));
    bilingual_end(&b);
    view_give(node.n, v);
    arena_free(&a);
}

static void names_of_records(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct paper p;
    struct view *v = view_take(node.n);
    struct bilingual b = begin(&a, &p, LANG_RU, v);
    struct paper_text t = {0}, same = {0}, hidden = {0};
    bilingual_link(&b, &t, STR("most"));
    check_text(&t, "[vi]Bộ / [ru]Миннауки");
    bilingual_link(&b, &same, STR("one")); /* one name for both, in its own language */
    check_text(&same, "[en]ISO");
    bilingual_link(&b, &hidden, STR("inner")); /* not for this reader: as it is written */
    check_text(&hidden, "inner");
    check(bilingual_look_up(&b, STR("inner")).id.len == 0);
    for (unsigned i = 0; i < 200; i++) { /* remembered, however many */
        char link[16];
        snprintf(link, sizeof link, "link-%u", i);
        check(str_is(bilingual_look_up(&b, bilingual_keep(&b, str_of(link))).name[1], link));
    }
    check(b.names == 203 && b.err == CAU_OK);
    bilingual_end(&b);
    view_give(node.n, v);
    arena_free(&a);
}

static void dates_as_precise_as_they_are(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20), none = arena_new(16);
    struct paper p;
    struct bilingual b = begin(&a, &p, LANG_RU, NULL);
    check(str_is(bilingual_short_date(&b, STR("2019-03-07")), "07.03.2019"));
    check(str_is(bilingual_short_date(&b, STR("2019-03")), "03.2019"));
    check(str_is(bilingual_short_date(&b, STR("2019")), "2019"));
    check(str_is(bilingual_short_date(&b, STR("sau")), "sau"));
    check(str_is(bilingual_date(&b, LANG_RU, (struct clock_date){1959, 3, 7}),
                 "7 марта 1959 г."));
    bilingual_end(&b);
    b = begin(&none, &p, LANG_RU, NULL);
    check(bilingual_keep(&b, STR("more than sixteen bytes")).p == NULL);
    check(b.err == CAU_ERR_MEMORY);
    bilingual_end(&b);
    arena_free(&a);
    arena_free(&none);
}

/* Only so many countries are remembered; one more is named all the same. */
static void any_number_of_countries(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct paper p;
    struct bilingual b = begin(&a, &p, LANG_VI, NULL);
    check(b.country_list->n > BILINGUAL_COUNTRIES_MAX);
    for (size_t i = 0; i <= BILINGUAL_COUNTRIES_MAX; i++)
        for (unsigned again = 0; again < 2; again++) {
            const struct kind_code *country = &b.country_list->code[i];
            struct paper_text t = {0};
            bilingual_country(&b, &t, country->code, PAPER_PLAIN);
            check(t.first != NULL && str_equal(t.first->text, country->label[LANG_VI]));
            check(b.countries ==
                  (i < BILINGUAL_COUNTRIES_MAX ? i + 1 : BILINGUAL_COUNTRIES_MAX));
        }
    check(b.err == CAU_OK);
    bilingual_end(&b);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_languages_in_one_line),
        cmocka_unit_test(names_of_records),
        cmocka_unit_test(dates_as_precise_as_they_are),
        cmocka_unit_test(any_number_of_countries),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
