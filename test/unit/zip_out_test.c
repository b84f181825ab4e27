#include "exchange/file/zip_out.h"

#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

/* Reads a part with libzip, which checks its sum. */
static bool reads(struct str file, const char *name, struct str expected)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(file.p, file.len, 0, &error);
    zip_t *z = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (z == NULL)
        return false;
    zip_file_t *f = zip_fopen(z, name, 0);
    struct buf got = buf_new(expected.len + 1);
    char space[4096];
    zip_int64_t n = -1;
    while (f != NULL && (n = zip_fread(f, space, sizeof space)) > 0)
        buf_add(&got, (struct str){space, (size_t)n});
    bool same = n == 0 && str_equal(buf_str(&got), expected);
    if (f != NULL)
        zip_fclose(f);
    zip_discard(z);
    buf_free(&got);
    return same;
}

/* Text that repeats near and far, and bytes that do not. */
static void fill(struct buf *b, size_t bytes, unsigned kind)
{
    uint32_t x = 12345 + kind;
    while (b->len < bytes) {
        x = x * 1664525 + 1013904223;
        if (kind == 0)
            buf_add_char(b, (char)(x >> 24));
        else if (kind == 1)
            buf_add_char(b, 'a');
        else
            buf_printf(b, "<w:p><w:t>%u</w:t></w:p>", x >> (kind < 20 ? kind : 20));
    }
}

static void others_read_what_it_writes(void **state)
{
    (void)state;
    static const size_t size[] = {0, 1, 2, 3, 4, 257, 258, 259, 1000, 32767, 32769, 300000};
    for (size_t i = 0; i < countof(size); i++)
        for (unsigned kind = 0; kind < 24; kind += kind < 3 ? 1 : 7) {
            struct buf bytes = buf_new(1 << 20), out = buf_new(1 << 22),
                       again = buf_new(1 << 22);
            fill(&bytes, size[i], kind);
            buf_add(&again, STR("before"));
            struct zip_out z = zip_out_begin(&out), y = zip_out_begin(&again);
            zip_out_add(&z, "a/first.xml", STR("<first/>"));
            zip_out_add(&z, "second.bin", buf_str(&bytes));
            zip_out_add(&y, "a/first.xml", STR("<first/>"));
            zip_out_add(&y, "second.bin", buf_str(&bytes));
            check(zip_out_end(&z) == CAU_OK && zip_out_end(&y) == CAU_OK);
            check(reads(buf_str(&out), "a/first.xml", STR("<first/>")));
            check(reads(buf_str(&out), "second.bin", buf_str(&bytes)));
            check(str_equal(buf_str(&out), str_from(buf_str(&again), 6)));
            check(size[i] < 1000 || kind == 0 || out.len < size[i] / 4 * 3); /* it is packed */
            buf_free(&bytes);
            buf_free(&out);
            buf_free(&again);
        }
}

/* A name is ours, never from outside: one byte over is a mistake of the program, and stops it. */
static void names_have_a_limit(void **state)
{
    (void)state;
    char name[ZIP_OUT_NAME_MAX + 2];
    memset(name, 'n', sizeof name);
    name[ZIP_OUT_NAME_MAX] = '\0';
    struct buf out = buf_new(1 << 16);
    struct zip_out z = zip_out_begin(&out);
    zip_out_add(&z, name, STR("x"));
    check(zip_out_end(&z) == CAU_OK && reads(buf_str(&out), name, STR("x")));
    buf_free(&out);
    name[ZIP_OUT_NAME_MAX] = 'n';
    name[ZIP_OUT_NAME_MAX + 1] = '\0';
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        out = buf_new(1 << 16);
        z = zip_out_begin(&out);
        zip_out_add(&z, name, STR("x"));
        _exit(0);
    }
    int how = 0;
    check(child > 0 && waitpid(child, &how, 0) == child);
    check(!WIFEXITED(how) || WEXITSTATUS(how) != 0);
}

static void limits_hold(void **state)
{
    (void)state;
    struct buf out = buf_new(1 << 20);
    struct zip_out z = zip_out_begin(&out);
    for (unsigned i = 0; i < ZIP_OUT_PARTS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "part-%u", i);
        zip_out_add(&z, name, STR("x"));
    }
    check(!z.failed);
    zip_out_add(&z, "one-more", STR("x"));
    check(zip_out_end(&z) == CAU_ERR_RANGE);
    buf_free(&out);

    struct buf small = buf_new(40);
    z = zip_out_begin(&small);
    zip_out_add(&z, "name", STR("more bytes than there is room for in forty bytes"));
    check(zip_out_end(&z) == CAU_ERR_MEMORY);
    buf_free(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_read_what_it_writes),
        cmocka_unit_test(names_have_a_limit),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
