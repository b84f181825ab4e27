/* kill.c - what was acknowledged survives kill -9: `kill [cycles]`, 50 when not said. */
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/sync.h"
#include "node_help.h"

#define WRITERS 3

/* What the child tells its parent after each acknowledgement; less than PIPE_BUF, so written whole. */
struct told {
    char id[RECORD_ID_CHARS];
    uint32_t doc, n;
    enum record_audience audience;
    struct digest leaf;
};

struct child {
    struct test_node t;
    int pipe;
    unsigned seed;
};

static void tell(struct child *c, const struct writer_result *r, enum record_audience audience)
{
    struct told told = {.doc = r->doc, .n = r->n, .audience = audience, .leaf = r->leaf};
    memcpy(told.id, r->id, sizeof told.id);
    if (write(c->pipe, &told, sizeof told) != sizeof told)
        _exit(9);
}

static void *write_for_ever(void *arg)
{
    struct child *c = arg;
    unsigned seed = c->seed;
    struct writer_change change[20];
    struct writer_result r[20];
    for (;;) {
        size_t n = rand_r(&seed) % 4 == 0 ? 20 : 1;
        enum record_audience audience = (enum record_audience)(rand_r(&seed) % 3);
        for (size_t i = 0; i < n; i++)
            change[i] = (struct writer_change){
                .kind = kinds_find(node_kinds(c->t.n), STR("product")),
                .audience = audience,
                .payload = STR("{\"title\":{\"vi\":\"Máy đo địa chấn biển\"}}")};
        if (writer_put(c->t.n, change, n, r) != CAU_OK)
            _exit(8);
        for (size_t i = 0; i < n; i++)
            tell(c, &r[i], audience);
        change[0].id = (struct str){r[0].id, sizeof r[0].id};
        change[0].after = &r[0].leaf;
        if (writer_put(c->t.n, change, 1, r + 1) != CAU_OK)
            _exit(7);
        tell(c, &r[1], audience);
    }
    return NULL;
}

static void be_child(struct test_node *t, int pipe, unsigned seed)
{
    struct child c[WRITERS];
    struct sync_thread thread[WRITERS];
    struct test_node mine = *t;
    test_open(&mine, NODE_WRITE);
    for (unsigned i = 0; i < WRITERS; i++) {
        c[i] = (struct child){mine, pipe, seed + i};
        if (sync_start(&thread[i], write_for_ever, &c[i]) != CAU_OK)
            _exit(6);
    }
    for (;;)
        pause();
}

static bool is_there(struct test_node *t, struct view *v, const struct told *told)
{
    struct view_record record;
    t->a.used = 0;
    return view_find(v, READER_ALL, (struct str){told->id, sizeof told->id}) == told->doc &&
           view_get_version(v, &t->a, READER_ALL, told->doc, told->audience, told->n,
                            &record) == CAU_OK &&
           digest_equal(&record.leaf, &told->leaf);
}

/* One life and death; how many acknowledgements were lost. */
static size_t cycle(struct test_node *t, unsigned seed, size_t *acknowledged)
{
    int pipes[2], status;
    if (pipe(pipes) != 0)
        abort();
    pid_t pid = fork();
    if (pid == 0) {
        close(pipes[0]);
        be_child(t, pipes[1], seed);
    }
    close(pipes[1]);
    struct told *told = NULL;
    size_t n = 0, room = 0;
    /* The pipe holds 64 KiB: it is emptied while the child lives. */
    int64_t end = clock_monotonic_us() + 20000 + (int64_t)(seed * 7919 % 150) * 1000;
    bool killed = false;
    for (;;) {
        if (n == room) {
            room = room == 0 ? 1024 : room * 2;
            told = realloc(told, room * sizeof *told);
            if (told == NULL)
                abort();
        }
        if (!killed && clock_monotonic_us() >= end) {
            kill(pid, SIGKILL);
            killed = true;
        }
        if (read(pipes[0], &told[n], sizeof *told) != sizeof *told)
            break;
        n++;
    }
    if (!killed) /* the child ended by itself: its status says why */
        kill(pid, SIGKILL);
    close(pipes[0]);
    if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status)) {
        printf("the writer failed: status %d\n", status);
        exit(1);
    }
    test_open(t, NODE_WRITE);
    size_t lost = 0;
    struct view *v = view_take(t->n);
    for (size_t i = 0; i < n; i++)
        lost += !is_there(t, v, &told[i]);
    int64_t docs = 0; /* the index has caught up with every record */
    if (sql_get_int(view_store(v), "SELECT count(*) FROM record", SQL_NO_ARGS, &docs) !=
            CAU_OK ||
        index_count(node_index(t->n)) != docs)
        lost++;
    view_give(t->n, v);
    if (node_state(t->n) != NODE_NORMAL)
        lost++;
    test_close(t);
    free(told);
    *acknowledged += n;
    return lost;
}

int main(int argc, char **argv)
{
    unsigned cycles = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 50;
    struct test_node t = test_make();
    struct test_faults f;
    size_t acknowledged = 0, lost = 0;
    test_close(&t);
    t.hook.checkpoint_ms = 20;
    for (unsigned i = 1; i <= cycles && lost == 0; i++) {
        lost += cycle(&t, i, &acknowledged);
        if (i % 10 == 0 || i == cycles) {
            if (test_check(t.dir, &f) != CAU_OK) {
                printf("after cycle %u:\n%s", i, f.text);
                lost++;
            }
        }
    }
    printf("kill: %u cycles, %zu acknowledged, %zu lost\n", cycles, acknowledged, lost);
    test_end(&t);
    return lost == 0 && acknowledged > 0 ? 0 : 1;
}
