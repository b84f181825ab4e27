#include "index/wordlist_int.h"

#include "test.h"

#include <string.h>

static const struct wordlist_word some[] = {
    {0, 3, 5, TOKEN_VI, false, true},
    {4000000000u, 9, 1, TOKEN_VI, true, false},
    {7, 2, 12, TOKEN_VI, false, false}, /* before the one before it */
    {129, 300000, 0, TOKEN_OTHER, false, true},
    {5, (1u << 28) - 1, 3, TOKEN_OTHER, true, false},
};

static size_t write_some(struct buf *b)
{
    uint32_t end = 0;
    for (size_t i = 0; i < countof(some); i++) {
        wordlist_put(b, &some[i], end);
        end = some[i].at + some[i].len;
    }
    check(!b->failed);
    return b->len;
}

static void reads_what_was_written(void **state)
{
    (void)state;
    struct buf b = buf_new(1000);
    struct wordlist_walk walk;
    struct wordlist_word word;
    write_some(&b);
    wordlist_start(&walk, buf_str(&b));
    for (size_t i = 0; i < countof(some); i++) {
        check(wordlist_next(&walk, &word));
        check(word.term == some[i].term && word.at == some[i].at && word.len == some[i].len);
        check(word.group == some[i].group && word.digits == some[i].digits &&
              word.begins == some[i].begins);
    }
    check(!wordlist_next(&walk, &word) && !wordlist_next(&walk, &word));
    wordlist_start(&walk, (struct str){NULL, 0});
    check(!wordlist_next(&walk, &word));
    buf_free(&b);
}

/* Whatever the bytes: words within bounds, and an end. */
static void bad_bytes_end_a_list(void **state)
{
    (void)state;
    struct buf b = buf_new(1000);
    size_t n = write_some(&b);
    for (size_t at = 0; at < n; at++)
        for (unsigned to = 0; to < 256; to += 5) {
            char bytes[200];
            struct wordlist_walk walk;
            struct wordlist_word word;
            size_t words = 0;
            memcpy(bytes, b.p, n);
            bytes[at] = (char)to;
            for (wordlist_start(&walk, (struct str){bytes, n - at % 3});
                 wordlist_next(&walk, &word); words++)
                check(word.at < 1u << 28 && word.len < 1u << 28 && word.group < TOKEN_GROUPS);
            check(words <= n);
        }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_was_written),
                                       cmocka_unit_test(bad_bytes_end_a_list)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
