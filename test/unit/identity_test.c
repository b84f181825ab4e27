#include "match/identity_int.h"

#include "record/json.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static struct vocabulary *v;

static int open_all(void **state)
{
    (void)state;
    return vocabulary_open(&v) == CAU_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    vocabulary_close(v);
    return 0;
}

static struct identity_facts facts(uint32_t doc, const char *name, const char *country)
{
    return (struct identity_facts){
        .doc = doc, .name = {str_of(name)}, .names = 1, .country = str_of(country)};
}

static struct identity *set_of(const struct identity_facts *f, size_t n, bool persons)
{
    struct identity *s;
    check(identity_open(v, persons, &s) == CAU_OK);
    for (size_t i = 0; i < n; i++)
        check(identity_add(s, &f[i]) == CAU_OK);
    check(identity_ready(s, false) == CAU_OK && identity_count(s) == n);
    return s;
}

static void meets_across_scripts(void **state)
{
    (void)state;
    const struct identity_facts f[] = {
        facts(10, "Kuban State Technological University", "RU"),
        facts(11, "Кубанский государственный технологический университет", "RU"),
        facts(12, "Kuban State Medical University", "RU"),
        facts(13, "Trường Đại học Giao thông vận tải", "VN"),
        facts(14, "University of Transport and Communications", "VN"),
        facts(15, "City Hospital No. 40", "RU"),
        facts(16, "Городская больница № 41", "RU")};
    struct identity *s = set_of(f, countof(f), false);
    struct identity_run run = {.learn = true};
    struct buf out = buf_new(1 << 20);
    check(identity_pairs(s, &run, &out) == CAU_OK);
    const struct identity_pair *p = (const void *)out.p;
    size_t same = 0;
    for (size_t i = 0; i < out.len / sizeof *p; i++) {
        check(p[i].x < p[i].y && (i == 0 || p[i - 1].score.score >= p[i].score.score));
        if (p[i].score.band != IDENTITY_SAME)
            continue;
        same++;
        check((p[i].x == 10 && p[i].y == 11) || (p[i].x == 13 && p[i].y == 14));
        int32_t sum =
            p[i].score.rarity + p[i].score.rival; /* the reasons and the prior are the score */
        for (int k = 0; k < WEIGH_FIELDS; k++)
            sum += p[i].score.weight[k];
        check(sum - 1200 == p[i].score.score); /* 1 in 4096 */
    }
    check(same == 2);
    buf_free(&out);

    struct identity_hit hit[5];
    size_t n;
    struct identity_facts ask = facts(0, "Кубанский гос. технологический ун-т", "RU");
    check(identity_find(s, &ask, -10000, hit, countof(hit), &n) == CAU_OK);
    check(n >= 2 && hit[0].score.score >= hit[1].score.score);
    check(hit[0].doc == 10 || hit[0].doc == 11);
    check(identity_find(s, &f[0], 0, hit, countof(hit), &n) == CAU_OK);
    for (size_t i = 0; i < n; i++)
        check(hit[i].doc != 10); /* never itself */
    identity_close(s);
}

/* A name of common words alone is no evidence between two records, and is found by who asks for it. */
static void who_asks_by_name_finds_it(void **state)
{
    (void)state;
    const struct identity_facts f[] = {
        facts(1, "Bộ Y tế", "VN"),
        facts(2, "Viện Hàn lâm Khoa học và Công nghệ Việt Nam", "VN"),
        facts(3, "Russian Academy of Sciences", "RU"), facts(4, "VNU-HCM", "VN"),
        facts(5, "Ministry of Health", "KH")};
    struct identity *s = set_of(f, countof(f), false);
    for (size_t i = 0; i < countof(f); i++) {
        struct identity_facts ask = {.name = {f[i].name[0]}, .names = 1};
        struct identity_hit hit[5];
        size_t n = 0, k = 0;
        check(identity_find(s, &ask, -1200, hit, countof(hit), &n) == CAU_OK);
        while (k < n && hit[k].doc != f[i].doc)
            k++;
        check(k < n && hit[k].score.share_permille == 1000);
        check(hit[k].score.levels.level[WEIGH_NAME] == 1);
    }
    struct identity_run run = {.learn = false};
    struct buf out = buf_new(1 << 20);
    check(identity_pairs(s, &run, &out) == CAU_OK && out.len == 0);
    buf_free(&out);
    identity_close(s);
}

static void identifiers_decide(void **state)
{
    (void)state;
    struct identity_facts f[] = {facts(1, "Alpha", "VN"), facts(2, "Beta", "VN"),
                                 facts(3, "Nova Works", "VN"), facts(4, "Nova Works", "VN")};
    for (size_t i = 0; i < countof(f); i++) {
        f[i].scheme[0] = STR("ror");
        f[i].identifier[0] = i < 2 ? STR("r1") : i == 2 ? STR("r2") : STR("r3");
        f[i].identifiers = 1;
    }
    struct identity *s = set_of(f, countof(f), false);
    struct identity_score score;
    check(identity_compare(s, &f[0], &f[1], &score) == CAU_OK);
    check(score.band == IDENTITY_SAME && score.levels.level[WEIGH_IDENTIFIER] == 1);
    check(identity_compare(s, &f[2], &f[3], &score) == CAU_OK);
    check(score.band != IDENTITY_SAME && score.levels.level[WEIGH_IDENTIFIER] == 2 &&
          score.levels.level[WEIGH_NAME] == 1);
    identity_close(s);
}

static void persons_need_something_else(void **state)
{
    (void)state;
    struct identity_facts f[] = {
        facts(1, "Nguyễn Đình Chiểu", ""), facts(2, "Nguyen Dinh Chieu", ""),
        facts(3, "Nguyễn Đình Chiểu", ""), facts(4, "Chieu Nguyen Dinh", "")};
    for (size_t i = 2; i < 4; i++) {
        f[i].city[0] = STR("Huế");
        f[i].cities = 1;
    }
    struct identity *s = set_of(f, countof(f), true);
    struct identity_score score;
    check(identity_compare(s, &f[0], &f[1], &score) == CAU_OK);
    check(score.band == IDENTITY_DIFFERENT);
    check(identity_compare(s, &f[2], &f[3], &score) == CAU_OK);
    check(score.band != IDENTITY_DIFFERENT);
    identity_close(s);
}

/* The same records in another order give the same pairs. */
static void order_does_not_matter(void **state)
{
    (void)state;
    enum { N = 300 };
    static struct identity_facts f[N];
    static char name[N][64];
    static const char *const what[] = {"Institute of Physics", "Viện Hóa học", "Завод турбин",
                                       "University"};
    for (uint32_t i = 0; i < N; i++) {
        snprintf(name[i], sizeof name[i], "%s Zarya%c %u", what[i % 4], 'a' + (int)(i % 7),
                 i % 50);
        f[i] = facts(i + 1, name[i], i % 2 == 0 ? "VN" : "RU");
    }
    struct buf one = buf_new(1 << 24), other = buf_new(1 << 24);
    struct identity_run run = {.learn = true};
    struct identity *s = set_of(f, N, false);
    check(identity_pairs(s, &run, &one) == CAU_OK && run.candidates > 0);
    check(identity_pairs(s, &run, &other) == CAU_OK);
    check(one.len > 0 && str_equal(buf_str(&one), buf_str(&other)));
    identity_close(s);
    for (size_t i = 0; i < N / 2; i++) {
        struct identity_facts swap = f[i];
        f[i] = f[N - 1 - i];
        f[N - 1 - i] = swap;
    }
    s = set_of(f, N, false);
    buf_reset(&other);
    run.learn = false;
    check(identity_pairs(s, &run, &other) == CAU_OK);
    buf_reset(&one);
    identity_close(s);
    s = set_of(f, N, false);
    check(identity_pairs(s, &run, &one) == CAU_OK);
    check(str_equal(buf_str(&one), buf_str(&other)));
    identity_close(s);
    buf_free(&one);
    buf_free(&other);
}

/* More names than are read in one round, of several tasks each: every one is found as itself. */
static void many_are_read(void **state)
{
    (void)state;
    enum { MANY = 4200 };
    static char name[MANY][40];
    static struct identity_facts f[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(name[i], sizeof name[i], "Zavod Kar%c%c%c%c", 'a' + i % 26, 'b' + i / 26 % 17,
                 'a' + i / 442 % 10, i % 3 == 0 ? 'n' : 'd');
        f[i] = facts(i + 1, name[i], i % 2 == 0 ? "RU" : "VN");
        f[i].city[0] = i % 5 == 0 ? STR("Huế") : STR("Томск");
        f[i].cities = i % 7 != 0;
    }
    struct identity *s = set_of(f, MANY, false);
    for (uint32_t i = 0; i < MANY; i += 13) {
        struct identity_facts ask = f[i];
        struct identity_hit hit[1];
        size_t n;
        ask.doc = 0;
        check(identity_find(s, &ask, -10000, hit, 1, &n) == CAU_OK && n == 1);
        check(hit[0].score.share_permille == 1000);
        check(strcmp(name[hit[0].doc - 1], name[i]) == 0);
    }
    identity_close(s);
}

static void nothing_in_nothing_out(void **state)
{
    (void)state;
    struct identity *s = set_of(NULL, 0, false);
    struct identity_facts f = facts(0, "", ""), many = {.doc = 1};
    struct identity_hit hit[1];
    struct identity_run run = {.learn = true};
    struct buf out = buf_new(100);
    size_t n = 7;
    check(identity_find(s, &f, 0, hit, 1, &n) == CAU_OK && n == 0);
    check(identity_pairs(s, &run, &out) == CAU_OK && out.len == 0);
    for (; many.names < IDENTITY_NAMES_MAX; many.names++)
        many.name[many.names] = STR("Viện Hàn lâm Khoa học và Công nghệ");
    check(identity_find(s, &many, 0, hit, 1, &n) == CAU_OK && n == 0);
    identity_close(s);
    identity_close(NULL);
}

static void facts_of_a_payload(void **state)
{
    (void)state;
    static unsigned char space[1 << 20];
    struct arena a = {space, sizeof space, 0};
    struct value payload;
    static struct identity_facts f;
    struct kind_field field[1] = {{.name = STR("name")}};
    struct kind kind = {.name = STR("organization"), .field = field, .title = 0};
    check(
        json_read(&a,
                  STR("{\"city\":{\"vi\":\"Hà Nội\"},\"country\":\"VN\",\"domains\":[\"a.vn\"],"
                      "\"established\":\"1956-01\",\"identifiers\":{\"ror\":\"x\"},"
                      "\"name\":{\"en\":[\"A\",{\"text\":\"B\",\"origin\":\"human\"}],\"vi\":"
                      "\"C\"},\"types\":[\"university\"],"
                      "\"websites\":[\"https://www.b.vn:80/x\",\"http://a.vn\"]}"),
                  1 << 20, JSON_FORM, &payload, NULL) == CAU_OK);
    identity_facts_of(&kind, 5, &payload, &f);
    check(f.doc == 5 && f.names == 3 && str_is(f.name[1], "B") && str_is(f.country, "VN"));
    check(f.domains == 2 && str_is(f.domain[1], "b.vn") && f.year == 1956);
    check(f.identifiers == 1 && str_is(f.scheme[0], "ror") && f.types == 1 && f.cities == 1);
}

/* How many pairs n records of one name are. */
static size_t pairs_of_one_name(uint32_t n)
{
    static struct identity_facts f[IDENTITY_BLOCK_MAX + 1];
    struct identity_run run = {.learn = false};
    struct buf out = buf_new((size_t)1 << 24);
    for (uint32_t i = 0; i < n; i++)
        f[i] = facts(i + 1, "Zhukovsky Aerohydrodynamic Institute", "RU");
    struct identity *s = set_of(f, n, false);
    check(identity_pairs(s, &run, &out) == CAU_OK);
    size_t pairs = out.len / sizeof(struct identity_pair);
    buf_free(&out);
    identity_close(s);
    return pairs;
}

/* A key that more records share is none to compare them by; a set takes no more records than it may. */
static void limits(void **state)
{
    (void)state;
    check(pairs_of_one_name(IDENTITY_BLOCK_MAX) > 0);
    check(pairs_of_one_name(IDENTITY_BLOCK_MAX + 1) == 0);
    struct identity_facts one = facts(1, "Institute of Physics", "RU");
    struct identity *s;
    check(identity_open(v, false, &s) == CAU_OK && identity_add(s, &one) == CAU_OK);
    size_t size = s->record.len, more = (IDENTITY_RECORDS_MAX - 2) * size;
    check(buf_extend(&s->record, more) != NULL); /* as if they had been added */
    check(identity_add(s, &one) == CAU_OK && identity_count(s) == IDENTITY_RECORDS_MAX);
    check(identity_add(s, &one) == CAU_ERR_RANGE); /* one step over */
    s->record.len = size;
    identity_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(meets_across_scripts),
                                       cmocka_unit_test(who_asks_by_name_finds_it),
                                       cmocka_unit_test(identifiers_decide),
                                       cmocka_unit_test(persons_need_something_else),
                                       cmocka_unit_test(order_does_not_matter),
                                       cmocka_unit_test(nothing_in_nothing_out),
                                       cmocka_unit_test(facts_of_a_payload),
                                       cmocka_unit_test(many_are_read),
                                       cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
