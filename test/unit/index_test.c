#include "index/index.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64];
static struct arena room;

static int open_folder(void **state)
{
    (void)state;
    strncpy(dir, "/tmp/cau-index-XXXXXX", sizeof dir - 1);
    room = arena_new((size_t)64 << 20);
    return mkdtemp(dir) == NULL;
}

static int close_folder(void **state)
{
    (void)state;
    char path[96];
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    arena_free(&room);
    return rmdir(dir);
}

static struct index *open_empty(void)
{
    struct index *ix;
    bool rebuilt = false;
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    check(rebuilt && index_count(ix) == 0 && index_position(ix) == 0);
    return ix;
}

static void put(struct index *ix, uint32_t doc, const char *lang, const char *text)
{
    struct index_text t = {str_of(lang), 5, str_of(text)};
    struct index_value v[] = {{INDEX_KIND, STR("organization")},
                              {INDEX_COUNTRY, doc % 2 == 0 ? STR("VN") : STR("RU")},
                              {INDEX_LANGUAGE, str_of(lang)}};
    struct index_doc d = {.doc = doc,
                          .updated_ms = 1000 + (int64_t)doc,
                          .text = &t,
                          .text_count = 1,
                          .value = v,
                          .value_count = countof(v)};
    check(index_put(ix, &d) == CAU_OK);
}

static struct index_result ask(struct index *ix, const char *text)
{
    struct index_query q = {
        .text = str_of(text), .reader = {1, 0}, .limit = 20, .facets = true, .explain = true};
    struct index_result r;
    check(index_search(ix, &room, &q, &r) == CAU_OK);
    return r;
}

/* The document found first, UINT32_MAX when there is none. */
static uint32_t first(struct index *ix, const char *text)
{
    struct index_result r = ask(ix, text);
    return r.total == 0 ? UINT32_MAX : r.hit[0].doc;
}

static void finds_the_six(void **state)
{
    (void)state;
    struct index *ix = open_empty();
    put(ix, 1, "vi", "Đổi mới sáng tạo");
    put(ix, 2, "vi", "Viện Điện lực");
    put(ix, 3, "ru", "ещё один ёж");
    put(ix, 4, "ru", "Фёдор Достоевский");
    put(ix, 5, "ru", "Тропический центр");
    put(ix, 6, "ru", "материал");
    check(first(ix, "doi") == 1);
    check(first(ix, "dien") == 2);
    check(first(ix, "еще") == 3);
    check(first(ix, "федор") == 4);
    check(first(ix, "тропического") == 5);
    check(first(ix, "centr") == 5);
    check(first(ix, "материалы") == 6);
    check(first(ix, "доствоевский") == 4); /* a typo */
    check(first(ix, "\"мой сад\"") == UINT32_MAX);
    check(first(ix, "\"Tropicheskiy\" ") == 5);
    index_close(ix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_the_six, open_folder, close_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
