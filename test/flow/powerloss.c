/* powerloss.c - what was acknowledged survives a power loss: `powerloss [images]`, 100 when not said.
 *
 * Two threads write to a node on a disk that forgets (disk_vfs.h). At random operations the disk is copied as
 * a power loss may leave it; each copy is opened, and must hold all that had been acknowledged by then, no
 * checkpoint that was released may be ahead of ckpt.db, and the whole must pass the check. The control with
 * synchronous=NORMAL must lose something, or the test could not see a loss. */
#include "disk_vfs.h"
#include "node_help.h"

#define IMAGES_A_RUN 20
#define ACKS_MAX     20000

struct ack {
    uint32_t doc, n;
    enum record_audience audience;
    struct digest leaf;
};

struct image {
    char dir[64];
    size_t acks;          /* acknowledged before */
    uint64_t signed_size; /* released before, of the public log */
};

struct run {
    struct test_node t;
    struct ack ack[ACKS_MAX];
    atomic_size_t acks;
    atomic_uint_least64_t signed_size;
    atomic_bool done;
    struct image image[IMAGES_A_RUN];
    size_t images, want;
    long next; /* operation before which the next image is taken */
};

static void take_image(void *ctx)
{
    struct run *r = ctx;
    if (r->images == r->want || disk.operations < r->next)
        return;
    struct image *m = &r->image[r->images];
    char command[300], from[40];
    memcpy(from, r->t.dir, sizeof from); /* a short name ended by NULs */
    from[sizeof from - 1] = '\0';
    snprintf(m->dir, sizeof m->dir, "%s-%zu", from, r->images);
    m->acks = atomic_load(&r->acks);
    m->signed_size = atomic_load(&r->signed_size);
    snprintf(command, sizeof command, "mkdir '%s' && cp '%s/node.key' '%s'", m->dir, from,
             m->dir);
    if (system(command) != 0)
        abort();
    disk_image(m->dir, (enum disk_loss)(rand() % 4));
    r->images++;
    r->next = disk.operations + 1 + rand() % 200;
}

static void *write_on(void *arg)
{
    struct run *r = arg;
    unsigned seed = (unsigned)(uintptr_t)&seed;
    while (!atomic_load(&r->done)) {
        struct writer_change c[8];
        struct writer_result result[8];
        size_t n = rand_r(&seed) % 3 == 0 ? countof(c) : 1;
        enum record_audience audience = (enum record_audience)(rand_r(&seed) % 3);
        for (size_t i = 0; i < n; i++)
            c[i] = (struct writer_change){
                .kind = kinds_find(node_kinds(r->t.n), STR("product")),
                .audience = audience,
                .payload = STR("{\"title\":{\"ru\":\"Прибор для измерения вибрации\"}}")};
        if (writer_put(r->t.n, c, n, result) != CAU_OK)
            abort();
        sync_lock(&disk.lock); /* an image sees either all of this or nothing */
        size_t at = atomic_load(&r->acks);
        for (size_t i = 0; i < n && at + i < ACKS_MAX; i++)
            r->ack[at + i] = (struct ack){result[i].doc, result[i].n, audience, result[i].leaf};
        atomic_store(&r->acks, at + n < ACKS_MAX ? at + n : ACKS_MAX);
        bool over = r->images == r->want || at + n >= ACKS_MAX;
        sync_unlock(&disk.lock);
        if (over)
            atomic_store(&r->done, true);
    }
    return NULL;
}

static void *look_on(void *arg)
{
    struct run *r = arg;
    struct arena a = arena_new(1 << 20);
    while (!atomic_load(&r->done)) {
        struct view_log log;
        struct view *v = view_take(r->t.n);
        if (view_log(v, &a, RECORD_PUBLIC, &log) == CAU_OK)
            atomic_store(&r->signed_size, log.signed_size);
        view_give(r->t.n, v);
        arena_reset(&a);
        usleep(300);
    }
    arena_free(&a);
    return NULL;
}

/* What is wrong with an image: lost acknowledgements, and 1 more for each broken promise. */
static size_t verify(struct run *r, const struct image *m)
{
    struct test_node t = {.a = arena_new((size_t)16 << 20)};
    struct test_faults f;
    struct view_record record;
    struct view_log log;
    size_t bad = 0;
    memcpy(t.dir, m->dir, sizeof t.dir);
    if (node_open_with(t.dir, NODE_WRITE, NULL, NULL, &t.n) != CAU_OK)
        return 1;
    bad += node_state(t.n) != NODE_NORMAL;
    struct view *v = view_take(t.n);
    for (size_t i = 0; i < m->acks; i++) {
        const struct ack *k = &r->ack[i];
        t.a.used = 0;
        bad += view_get_version(v, &t.a, READER_ALL, k->doc, k->audience, k->n, &record) !=
                   CAU_OK ||
               !digest_equal(&record.leaf, &k->leaf);
    }
    bad += view_log(v, &t.a, RECORD_PUBLIC, &log) != CAU_OK || log.size < m->signed_size;
    view_give(t.n, v);
    test_close(&t);
    if (test_check(t.dir, &f) != CAU_OK) {
        printf("%s", f.text);
        bad++;
    }
    arena_free(&t.a);
    return bad;
}

/* One node and up to IMAGES_A_RUN images; how many of them broke a promise. */
static size_t run(size_t images, bool weak, size_t *acks)
{
    static struct run r;
    memset(&r, 0, sizeof r);
    r.t = test_make();
    test_close(&r.t);
    char real[100];
    snprintf(real, sizeof real, "%s", r.t.dir);
    disk_reset(real);
    /* What is there already is durable. */
    const char *const name[] = {"main.db", "ckpt.db", "keys.db"};
    for (size_t i = 0; i < countof(name); i++) {
        char path[200];
        struct str bytes;
        snprintf(path, sizeof path, "%s/%s", real, name[i]);
        struct disk_shadow *s = disk_take(path);
        if (s == NULL || file_map(path, &bytes) != CAU_OK)
            abort();
        buf_add(&s->durable, bytes);
        file_unmap(bytes);
    }
    r.t.hook.checkpoint_ms = 3;
    r.t.hook.weak_sync = weak;
    r.want = images;
    test_open(&r.t, NODE_WRITE);
    sync_lock(&disk.lock);
    r.next = disk.operations + rand() % 100;
    disk.before = take_image;
    disk.ctx = &r;
    sync_unlock(&disk.lock);
    struct sync_thread thread[3];
    if (sync_start(&thread[0], write_on, &r) != CAU_OK ||
        sync_start(&thread[1], write_on, &r) != CAU_OK ||
        sync_start(&thread[2], look_on, &r) != CAU_OK)
        abort();
    for (size_t i = 0; i < countof(thread); i++)
        sync_join(&thread[i]);
    sync_lock(&disk.lock);
    disk.before = NULL;
    sync_unlock(&disk.lock);
    test_close(&r.t);
    disk_reset(NULL);
    size_t bad = 0;
    for (size_t i = 0; i < r.images; i++) {
        bad += verify(&r, &r.image[i]) > 0;
        test_remove(r.image[i].dir);
    }
    *acks += atomic_load(&r.acks);
    test_end(&r.t);
    return bad;
}

int main(int argc, char **argv)
{
    size_t images = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
    size_t bad = 0, control = 0, acks = 0, ignored = 0;
    srand(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1);
    disk_install();
    for (size_t done = 0; done < images; done += IMAGES_A_RUN)
        bad += run(images - done < IMAGES_A_RUN ? images - done : IMAGES_A_RUN, false, &acks);
    control = run(IMAGES_A_RUN, true, &ignored);
    printf(
        "powerloss: %zu images, %zu acknowledged, %zu broken; control with NORMAL: %zu of %d "
        "broken\n",
        images, acks, bad, control, IMAGES_A_RUN);
    return bad == 0 && control > 0 && acks > 0 ? 0 : 1;
}
