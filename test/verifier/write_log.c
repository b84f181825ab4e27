/* write_log DIR SIZE OLD: writes a log of SIZE signed leaves into the folder DIR as a node serves
 * it, and as DIR/earlier the checkpoint it had at OLD. Prints the log's verifier key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#define NODE   "vn.example"
#define ORIGIN NODE "/log/public"

struct log {
    const char *dir;
    struct tree tree;
    struct buf bundle; /* of the entries in the last, partial tile */
    struct key_pair pair;
    struct note_key key;
};

static _Noreturn void stop(const char *what)
{
    fprintf(stderr, "write_log: %s\n", what);
    exit(3);
}

/* Writes DIR/name with the folders that are in it. */
static void save(const struct log *log, struct str name, struct str content)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%.*s", log->dir, STR_ARG(name));
    if (n < 0 || (size_t)n >= sizeof path)
        stop("path too long");
    for (char *cut = path + strlen(log->dir); (cut = strchr(cut + 1, '/')) != NULL;) {
        *cut = '\0';
        if (file_make_folder(path, 0755) != CAU_OK)
            stop("cannot make a folder");
        *cut = '/';
    }
    if (file_write(path, content, 0644) != CAU_OK)
        stop("cannot write a file");
}

static void save_tile(const struct log *log, struct tile_name name, struct str content)
{
    struct buf b = buf_new(256);
    tile_write_name(&name, &b);
    save(log, buf_str(&b), content);
    buf_free(&b);
}

static enum cau_err full_tile(void *with, unsigned level, uint64_t n,
                              const struct digest hash[TREE_TILE_HASHES])
{
    struct log *log = with;
    save_tile(log, (struct tile_name){false, level, n, TREE_TILE_HASHES},
              (struct str){(const char *)hash, TREE_TILE_BYTES});
    if (level == 0) {
        save_tile(log, (struct tile_name){true, 0, n, TREE_TILE_HASHES}, buf_str(&log->bundle));
        buf_reset(&log->bundle);
    }
    return CAU_OK;
}

static void append(struct log *log, uint64_t i)
{
    struct leaf x = {.op = LEAF_PUT,
                     .node = STR(NODE),
                     .aud = STR("public"),
                     .t = 1795219200000 + (int64_t)i,
                     .rid = leaf_id_make(),
                     .kind = STR("offer/1"),
                     .n = 1,
                     .has_commit = true,
                     .plen = 2};
    struct digest r;
    struct buf b = buf_new(LEAF_BYTES_MAX);
    digest_random(r.b, sizeof r.b);
    x.commit = leaf_commit(&r, STR("{}"));
    if (leaf_sign(&x, &log->pair, &b) != CAU_OK)
        stop("cannot sign a leaf");
    struct digest hash = leaf_hash(buf_str(&b));
    const struct tree_sink sink = {full_tile, log};
    if (tile_add_entry(buf_str(&b), &log->bundle) != CAU_OK ||
        tree_append(&log->tree, &hash, 1, &sink) != CAU_OK)
        stop("cannot append");
    buf_free(&b);
}

static void publish(struct log *log, const char *name)
{
    for (unsigned level = 0; level < TREE_LEVELS_MAX; level++) {
        struct str edge = tree_edge(&log->tree, level);
        unsigned width = (unsigned)(edge.len / sizeof(struct digest));
        uint64_t n = log->tree.size >> (8 * level) >> 8;
        if (width > 0)
            save_tile(log, (struct tile_name){false, level, n, width}, edge);
        if (width > 0 && level == 0)
            save_tile(log, (struct tile_name){true, 0, n, width}, buf_str(&log->bundle));
    }
    struct buf text = buf_new(1024), note = buf_new(NOTE_BYTES_MAX);
    struct checkpoint c = {
        .origin = STR(ORIGIN), .size = log->tree.size, .root = tree_root(&log->tree)};
    checkpoint_write(&c, &text);
    buf_add(&note, buf_str(&text));
    buf_add_char(&note, '\n');
    note_sign(buf_str(&text), &log->key, &log->pair, &note);
    save(log, str_of(name), buf_str(&note));
    buf_free(&text);
    buf_free(&note);
}

int main(int argc, char **argv)
{
    static struct log log;
    uint64_t size, old;
    if (argc != 4 || number_read(str_of(argv[2]), 10000000, &size) != CAU_OK ||
        number_read(str_of(argv[3]), size, &old) != CAU_OK)
        stop("usage: write_log DIR SIZE OLD");
    log.dir = argv[1];
    log.bundle = buf_new(TILE_BUNDLE_BYTES_MAX);
    tree_clear(&log.tree);
    if (key_self_test() != CAU_OK || key_make(&log.pair) != CAU_OK ||
        note_key_of(STR(ORIGIN), NOTE_SIGNATURE, &log.pair.public_key, &log.key) != CAU_OK)
        stop("no key");
    for (uint64_t i = 0; i < old; i++)
        append(&log, i);
    publish(&log, "earlier");
    for (uint64_t i = old; i < size; i++)
        append(&log, i);
    publish(&log, "checkpoint");

    struct buf vkey = buf_new(1024);
    note_write_key(&log.key, &vkey);
    printf("%.*s\n", STR_ARG(buf_str(&vkey)));
    buf_free(&vkey);
    buf_free(&log.bundle);
    key_drop(&log.pair);
    return 0;
}
