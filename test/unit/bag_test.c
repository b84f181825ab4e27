#include "index/bag_int.h"

#include "base/utf8.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

struct letters {
    uint32_t p[TOKEN_POINTS_MAX + 4];
    size_t n;
};

static uint32_t letter(void)
{
    static const uint32_t some[] = {'a', 'b', 'e', 'n', 0x111, 0x1EC7, 0x436, 0x44F, 'z'};
    return some[roll(countof(some))];
}

/* Insertion, deletion, change, neighbours in the wrong order. */
static void edit(struct letters *l)
{
    size_t at = roll((uint32_t)l->n);
    switch (roll(4)) {
    case 0:
        memmove(l->p + at + 1, l->p + at, (l->n - at) * sizeof *l->p);
        l->p[at] = letter();
        l->n++;
        break;
    case 1:
        memmove(l->p + at, l->p + at + 1, (l->n - at - 1) * sizeof *l->p);
        l->n--;
        break;
    case 2:
        l->p[at] = letter();
        break;
    default:
        if (at + 1 < l->n) {
            uint32_t one = l->p[at];
            l->p[at] = l->p[at + 1];
            l->p[at + 1] = one;
        }
    }
}

static uint64_t bag(const struct letters *l, size_t *n)
{
    char text[sizeof l->p];
    size_t len = 0;
    for (size_t i = 0; i < l->n; i++)
        len += utf8_put(l->p[i], text + len);
    return bag_of((struct str){text, len}, n);
}

static void edits_change_few_bits(void **state)
{
    (void)state;
    size_t far = 0, n;
    for (int i = 0; i < 20000; i++) {
        struct letters word = {.n = 3 + roll(20)}, other;
        for (size_t k = 0; k < word.n; k++)
            word.p[k] = letter();
        uint64_t asked = bag(&word, &n);
        check(n == word.n);
        other = word;
        edit(&other);
        check(bag_near(asked, bag(&other, &n), 1) && bag_near(asked, bag(&other, &n), 2));
        edit(&other);
        check(bag_near(asked, bag(&other, &n), 2));
        for (int more = 0; more < 12 && other.n > 1; more++)
            edit(&other);
        far += other.n > 3 && !bag_near(asked, bag(&other, &n), 1);
    }
    check(far > 10000); /* else it would keep nothing out */
}

static void limits(void **state)
{
    (void)state;
    char text[TOKEN_POINTS_MAX + 1];
    size_t n;
    memset(text, 'a', sizeof text);
    check(bag_of((struct str){text, TOKEN_POINTS_MAX}, &n) != 0 && n == TOKEN_POINTS_MAX);
    check(bag_of((struct str){text, TOKEN_POINTS_MAX + 1}, &n) == 0 && n == 0);
    check(bag_of((struct str){text, 0}, &n) == 0 && n == 0);
    check(bag_cell((char)TERM_FORM, TOKEN_POINTS_MAX) == BAG_CELLS - 1);
    check(bag_cell((char)TERM_BARE, 0) == 0 && bag_cell((char)TERM_STEM, 3) == BAG_CELLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edits_change_few_bits),
                                       cmocka_unit_test(limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
