/* full_disk.c - a disk that fills up at any write, or fails to sync, leaves nothing half done. */
#include <sys/wait.h>

#include "disk_vfs.h"
#include "node_help.h"

static void must_be(bool good, const char *what, long at)
{
    if (good)
        return;
    printf("full_disk: %s, failing at write %ld\n", what, at);
    exit(1);
}

/* A group of three: a new record, a version of another in a second log, a redaction. */
static enum cau_err write_group(struct test_node *t, const struct writer_result *old,
                                const struct writer_result *gone, struct writer_result r[3])
{
    struct writer_change c[3] = {
        test_change(t, "product", RECORD_PUBLIC, "{'external_id':'new','title':{'vi':'Máy'}}"),
        test_change(t, "product", RECORD_PRIVATE, "{'title':{'vi':'Máy riêng'}}"),
        {.op = WRITER_REDACT, .audience = RECORD_PUBLIC, .why = STR("erasure")}};
    c[1].id = (struct str){old->id, sizeof old->id};
    c[2].id = (struct str){gone->id, sizeof gone->id};
    return writer_put(t->n, c, 3, r);
}

/* Fails from the at-th operation on; true while the scenario was hit. */
static bool scenario(long at)
{
    struct test_node t = test_make();
    struct writer_result old, gone, r[3];
    struct view_record record;
    struct test_faults f;
    must_be(test_put(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &old) == CAU_OK,
            "first write", at);
    must_be(test_put(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &gone) == CAU_OK,
            "second write", at);
    must_be(writer_settle(t.n, 5000) == CAU_OK, "settle", at);
    disk_reset(t.dir);
    test_reopen(&t);
    sync_lock(&disk.lock);
    disk.failed = 0;
    disk.fail_at = disk.operations + at;
    sync_unlock(&disk.lock);
    enum cau_err err = write_group(&t, &old, &gone, r);
    writer_settle(t.n, 20);
    sync_lock(&disk.lock);
    bool hit = disk.failed > 0;
    disk.fail_at = 0;
    sync_unlock(&disk.lock);
    must_be(err == CAU_OK || (hit && (err == CAU_ERR_FULL || err == CAU_ERR_IO)),
            "another error", at);
    must_be(node_state(t.n) == NODE_NORMAL, "state", at);
    struct view *v = view_take(t.n);
    bool first = view_find(v, READER_ALL, STR("new")) != 0;
    must_be(view_get(v, &t.a, READER_ALL, old.doc, &record) == CAU_OK, "get", at);
    bool second = record.audience == RECORD_PRIVATE;
    must_be(view_get(v, &t.a, READER_ALL, gone.doc, &record) == CAU_OK, "get", at);
    bool third = record.redacted;
    view_give(t.n, v);
    bool want = err == CAU_OK;
    must_be(first == want && second == want && third == want, "half done", at);
    if (err != CAU_OK) /* with room again the same is done */
        must_be(write_group(&t, &old, &gone, r) == CAU_OK, "no recovery", at);
    must_be(writer_settle(t.n, 5000) == CAU_OK, "no checkpoint", at);
    test_close(&t);
    disk_reset(NULL);
    if (test_check(t.dir, &f) != CAU_OK) {
        printf("%s", f.text);
        must_be(false, "check", at);
    }
    test_end(&t);
    return hit;
}

/* A failed sync ends the process, and what was acknowledged before is there afterwards. */
static void failed_sync(void)
{
    struct test_node t = test_make();
    struct writer_result r;
    struct test_faults f;
    int status = 0;
    must_be(test_put(&t, "product", RECORD_PUBLIC, "{'external_id':'a','title':{'vi':'Máy'}}",
                     &r) == CAU_OK,
            "first write", 0);
    test_close(&t);
    pid_t pid = fork();
    if (pid == 0) {
        disk_reset(t.dir);
        test_open(&t, NODE_WRITE);
        sync_lock(&disk.lock);
        disk.fail_sync = true;
        sync_unlock(&disk.lock);
        test_put(&t, "product", RECORD_PUBLIC, "{'external_id':'b','title':{'vi':'Máy'}}", &r);
        _exit(0); /* acknowledged or refused: both are wrong */
    }
    must_be(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 3,
            "the process outlived a failed fsync", 0);
    test_open(&t, NODE_WRITE);
    struct view *v = view_take(t.n);
    must_be(view_find(v, READER_PUBLIC, STR("a")) != 0, "lost", 0);
    view_give(t.n, v);
    test_close(&t);
    must_be(test_check(t.dir, &f) == CAU_OK, "check", 0);
    test_end(&t);
}

int main(void)
{
    long at = 1;
    disk_install();
    failed_sync();
    while (scenario(at))
        at++;
    printf("full_disk: %ld failing writes, nothing half done\n", at - 1);
    return at > 10 ? 0 : 1;
}
