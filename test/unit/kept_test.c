#include "web/serve/kept.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

enum { PAGE_MAX = 65536 };

static bool has(struct kept *k, const char *address, uint64_t count, const char *page)
{
    struct buf b = buf_new(1 << 20);
    bool found = kept_find(k, str_of(address), count, &b) && str_is(buf_str(&b), page);
    buf_free(&b);
    return found;
}

static void keeps_until_something_changes(void **state)
{
    (void)state;
    struct kept *k = kept_new(PAGE_MAX, 1 << 20);
    check(!has(k, "/vi", 0, ""));
    kept_put(k, STR("/vi"), 7, STR("xin chào"));
    check(has(k, "/vi", 7, "xin chào"));
    check(!has(k, "/vi", 8, "xin chào") && !has(k, "/ru", 7, "xin chào"));
    kept_put(k, STR("/vi"), 8, STR("x"));
    check(has(k, "/vi", 8, "x") && !has(k, "/vi", 7, "x"));
    kept_free(k);
}

static void leaves_out_what_is_too_long(void **state)
{
    (void)state;
    static char text[PAGE_MAX + 2];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = 'a';
    struct kept *k = kept_new(PAGE_MAX, 1 << 20);
    kept_put(k, (struct str){text, KEPT_KEY_MAX}, 1, STR("page"));
    kept_put(k, (struct str){text, KEPT_KEY_MAX + 1}, 1, STR("page"));
    kept_put(k, STR("/long"), 1, (struct str){text, PAGE_MAX + 1});
    struct buf b = buf_new(1 << 20);
    check(kept_find(k, (struct str){text, KEPT_KEY_MAX}, 1, &b));
    check(!kept_find(k, (struct str){text, KEPT_KEY_MAX + 1}, 1, &b));
    check(!kept_find(k, STR("/long"), 1, &b));
    struct buf small = buf_new(3); /* no room: not found rather than cut */
    check(!kept_find(k, (struct str){text, KEPT_KEY_MAX}, 1, &small));
    buf_free(&small);
    buf_free(&b);
    kept_free(k);
}

/* What is kept never takes more than it may: others make room in their turn. */
static void keeps_within_its_room(void **state)
{
    (void)state;
    struct kept *k = kept_new(100, 1000);
    struct buf page = buf_new(1000);
    char address[20], text[101];
    memset(text, 'a', sizeof text);
    size_t there = 0;
    for (unsigned i = 0; i < 200; i++) {
        snprintf(address, sizeof address, "/%u", i);
        kept_put(k, str_of(address), 1, (struct str){text, 100});
        buf_reset(&page);
        check(kept_find(k, str_of(address), 1, &page)); /* the newest one always */
    }
    for (unsigned i = 0; i < 200; i++) {
        snprintf(address, sizeof address, "/%u", i);
        buf_reset(&page);
        there += kept_find(k, str_of(address), 1, &page);
    }
    check(there >= 1 && there <= 10);
    kept_put(k, STR("/long"), 1, (struct str){text, 101});
    buf_reset(&page);
    check(!kept_find(k, STR("/long"), 1, &page));
    buf_free(&page);
    kept_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_until_something_changes),
        cmocka_unit_test(leaves_out_what_is_too_long),
        cmocka_unit_test(keeps_within_its_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
