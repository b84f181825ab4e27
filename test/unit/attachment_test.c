#include "store/attachment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sql.h"
#include "store_help.h"

static struct digest hash_of(struct str x)
{
    return digest_sha256(&x, 1);
}

static void keeps_a_file_by_its_hash(void **state)
{
    (void)state;
    struct box b = box_make();
    const struct str text = STR("Biên bản\n\0x");
    struct digest hash = hash_of(text), other = hash_of(STR("other"));
    struct attachment found = {.size = 77};
    struct buf out = buf_new(1000);
    check(attachment_find(b.s, &b.a, &hash, &found) == CAU_ERR_UNKNOWN && found.size == 77);
    check(attachment_read(b.s, &hash, &out) == CAU_ERR_UNKNOWN && out.len == 0);
    check(attachment_put(b.s, STR("text/plain"), text, 5) == CAU_OK);
    check(attachment_find(b.s, &b.a, &hash, &found) == CAU_OK);
    check(found.size == text.len && found.made_ms == 5 && str_is(found.media, "text/plain"));
    check(attachment_read(b.s, &hash, &out) == CAU_OK && str_equal(buf_str(&out), text));
    check(attachment_find(b.s, &b.a, &other, &found) == CAU_ERR_UNKNOWN);
    buf_free(&out);
    out = buf_new(3);
    check(attachment_read(b.s, &hash, &out) == CAU_ERR_MEMORY);
    buf_free(&out);
    box_end(&b);
}

/* Two take it, one lets go: it stays for the other. */
static void goes_with_its_last_use(void **state)
{
    (void)state;
    struct box b = box_make();
    struct digest hash = hash_of(STR("x"));
    struct attachment found;
    check(attachment_put(b.s, STR("text/plain"), STR("x"), 1) == CAU_OK);
    check(attachment_put(b.s, STR("text/plain"), STR("x"), 2) == CAU_OK);
    check(attachment_drop(b.s, &hash) == CAU_OK);
    check(attachment_find(b.s, &b.a, &hash, &found) == CAU_OK && found.made_ms == 1);
    check(attachment_drop(b.s, &hash) == CAU_OK);
    check(attachment_find(b.s, &b.a, &hash, &found) == CAU_ERR_UNKNOWN);
    check(attachment_drop(b.s, &hash) == CAU_OK);
    for (int i = 0; i < 2; i++)
        check(attachment_put(b.s, STR("text/plain"), STR("x"), 3) == CAU_OK);
    check(attachment_erase(b.s, &hash) == CAU_OK);
    check(attachment_find(b.s, &b.a, &hash, &found) == CAU_ERR_UNKNOWN);
    box_end(&b);
}

static void sizes_are_limited(void **state)
{
    (void)state;
    struct box b = box_make();
    char *big = arena_zero(&b.a, ATTACHMENT_BYTES_MAX + 1);
    const struct str media = STR("application/pdf");
    check(attachment_put(b.s, media, (struct str){big, ATTACHMENT_BYTES_MAX + 1}, 1) ==
          CAU_ERR_RANGE);
    check(attachment_put(b.s, media, (struct str){big, ATTACHMENT_BYTES_MAX}, 1) == CAU_OK);
    check(attachment_put(b.s, media, STR(""), 1) == CAU_ERR_RANGE);
    check(attachment_put(b.s, STR(""), STR("x"), 1) == CAU_ERR_RANGE);
    check(attachment_put(b.s, (struct str){big, ATTACHMENT_MEDIA_BYTES_MAX + 1}, STR("x"), 1) ==
          CAU_ERR_RANGE);
    box_end(&b);
}

static void count_bad(void *ctx, const struct digest *hash)
{
    struct digest x = hash_of(STR("x"));
    check(digest_equal(hash, &x));
    ++*(int *)ctx;
}

static void a_changed_byte_is_found(void **state)
{
    (void)state;
    struct box b = box_make();
    struct digest hash = hash_of(STR("x"));
    struct buf out = buf_new(100);
    int bad = 0;
    check(attachment_put(b.s, STR("text/plain"), STR("x"), 1) == CAU_OK);
    check(attachment_put(b.s, STR("text/plain"), STR("y"), 1) == CAU_OK);
    check(attachment_check(b.s, count_bad, &bad) == CAU_OK && bad == 0);
    check(sql_do(b.s, "UPDATE attachment SET bytes = x'7a' WHERE hash = ?",
                 SQL_ARGS(sql_of_digest(&hash))) == CAU_OK);
    check(attachment_read(b.s, &hash, &out) == CAU_ERR_CORRUPT && out.len == 0);
    check(attachment_check(b.s, count_bad, &bad) == CAU_OK && bad == 1);
    buf_free(&out);
    box_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_a_file_by_its_hash),
        cmocka_unit_test(goes_with_its_last_use),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(a_changed_byte_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
