#include "base/file.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void writes_reads_locks(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-file-XXXXXX";
    check(mkdtemp(dir) != NULL);
    struct arena a = arena_new(1 << 20);
    const char *path;
    struct str got = STR("old");
    check(file_path(&a, dir, "f", &path) == CAU_OK);
    check(file_read(&a, path, 10, &got) == CAU_ERR_UNKNOWN && str_is(got, "old"));
    check(file_stamp(path) == 0);
    check(file_write(path, STR("hallo"), 0600) == CAU_OK);
    uint64_t stamp = file_stamp(path);
    check(stamp != 0 && file_stamp(path) == stamp);
    check(file_write(path, STR("hello"), 0600) == CAU_OK);
    check(file_stamp(path) != stamp);
    check(file_read(&a, path, 4, &got) == CAU_ERR_RANGE);
    check(file_read(&a, path, 5, &got) == CAU_OK && str_is(got, "hello"));
    struct str map;
    check(file_map(path, &map) == CAU_OK && str_is(map, "hello"));
    file_unmap(map);
    int fd, other;
    const char *lock;
    check(file_path(&a, dir, "lock", &lock) == CAU_OK);
    check(file_lock(lock, &fd) == CAU_OK && file_lock(lock, &other) == CAU_ERR_BUSY);
    close(fd);
    check(file_make_folder(dir, 0700) == CAU_OK && file_make_folder(path, 0700) == CAU_ERR_IO);
    check(file_scratch(&a, dir, &fd) == CAU_OK && file_append(fd, STR("one")) == CAU_OK);
    char back[4] = "";
    check(file_append(fd, STR("")) == CAU_OK && pread(fd, back, 3, 0) == 3);
    check(str_is((struct str){back, 3}, "one"));
    file_drop(fd);
    file_drop(-1);
    check(file_append(fd, STR("x")) == CAU_ERR_IO); /* closed */
    check(file_scratch(&a, "/nowhere", &fd) == CAU_ERR_UNKNOWN);
    uint64_t left, all;
    check(file_room(dir, &left, &all) == CAU_OK && left <= all);
    unlink(path);
    unlink(lock);
    check(rmdir(dir) == 0);
    arena_free(&a);
}

static void writes_in_pieces(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-file-XXXXXX";
    check(mkdtemp(dir) != NULL);
    struct arena a = arena_new(1 << 20);
    const char *path, *part;
    struct file_draft d;
    struct str got;
    check(file_path(&a, dir, "f", &path) == CAU_OK);
    check(file_path(&a, dir, "f.part", &part) == CAU_OK);
    check(file_draft_open(&d, path, 0600) == CAU_OK);
    check(file_draft_write(&d, 3, STR("lo!")) == CAU_OK);
    check(file_draft_write(&d, 0, STR("hel")) == CAU_OK);
    check(file_exists(part) && !file_exists(path));
    check(file_draft_end(&d) == CAU_OK && !file_exists(part));
    check(file_read(&a, path, 10, &got) == CAU_OK && str_is(got, "hello!"));
    check(file_draft_open(&d, path, 0600) == CAU_OK);
    check(file_draft_write(&d, 0, STR("other")) == CAU_OK);
    file_draft_drop(&d);
    check(!file_exists(part));
    check(file_read(&a, path, 10, &got) == CAU_OK && str_is(got, "hello!"));
    check(file_draft_open(&d, path, 0600) == CAU_OK);
    check(file_draft_write(&d, 0, STR("soon")) == CAU_OK);
    check(file_draft_swap(&d) == CAU_OK && !file_exists(part));
    check(file_read(&a, path, 10, &got) == CAU_OK && str_is(got, "soon"));
    check(file_draft_open(&d, "/nowhere/f", 0600) == CAU_ERR_IO);
    char longest[FILE_PATH_MAX];
    memset(longest, 'x', sizeof longest);
    longest[FILE_PATH_MAX - sizeof ".part" + 1] =
        '\0'; /* one step over: no room for its ending */
    check(file_draft_open(&d, longest, 0600) == CAU_ERR_IO);
    unlink(path);
    check(rmdir(dir) == 0);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(writes_reads_locks),
                                       cmocka_unit_test(writes_in_pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
