#include "view/node_int.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "language/lexicon.h"
#include "ledger/note.h"
#include "store/ckpt.h"
#include "view/feed_int.h"
#include "view/writer_int.h"

#define LIFE_BYTES ((size_t)64 << 20) /* of which only what is used takes room */

/* ---- what every open node knows ---- */

enum cau_err node_set_paths(struct node *n, const char *dir)
{
    struct str copy;
    enum cau_err err = arena_copy(&n->life, str_of(dir), &copy);
    if (err != CAU_OK)
        return err;
    n->dir = copy.p;
    struct {
        const char *name, **path;
    } file[] = {{"main.db", &n->main_path}, {"ckpt.db", &n->ckpt_path},
                {"keys.db", &n->keys_path}, {"node.key", &n->node_key_path},
                {"index", &n->index_path},  {"lexicon.bin", &n->lexicon_path}};
    for (size_t i = 0; i < countof(file) && err == CAU_OK; i++)
        err = file_path(&n->life, n->dir, file[i].name, file[i].path);
    return err;
}

static enum cau_err get_setting(struct node *n, struct store *s, struct str name,
                                struct str *out)
{
    enum cau_err err = local_setting_get(s, &n->life, name, out);
    return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
}

static enum cau_err get_key(struct node *n, struct store *s, struct str name,
                            struct key_public *out)
{
    struct str hex;
    enum cau_err err = get_setting(n, s, name, &hex);
    if (err == CAU_OK && digest_from_hex(hex, out->b, sizeof out->b) != CAU_OK)
        err = CAU_ERR_CORRUPT;
    return err;
}

static enum cau_err copy_buf(struct arena *a, struct buf *b, struct str *out)
{
    enum cau_err err = b->failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(b), out);
    buf_free(b);
    return err;
}

static enum cau_err set_origin(struct node *n, int i)
{
    struct buf origin = buf_new(LEAF_ORIGIN_MAX), key = buf_new(1024);
    struct note_key note;
    leaf_write_origin(n->config.name, record_audience_name((enum record_audience)i), &origin);
    enum cau_err err = copy_buf(&n->life, &origin, &n->origin[i]);
    if (err == CAU_OK &&
        note_key_of(n->origin[i], NOTE_SIGNATURE, &n->log_key, &note) != CAU_OK)
        err = CAU_ERR_CORRUPT;
    if (err == CAU_OK)
        note_write_key(&note, &key);
    enum cau_err copied = copy_buf(&n->life, &key, &n->verifier_key[i]);
    return err == CAU_OK ? copied : err;
}

enum cau_err node_load(struct node *n, struct store *s)
{
    struct str lang, org;
    enum cau_err err = get_setting(n, s, STR("node.name"), &n->config.name);
    if (err == CAU_OK)
        err = get_setting(n, s, STR("node.country"), &n->config.country);
    if (err == CAU_OK)
        err = get_setting(n, s, STR("node.lang"), &lang);
    if (err == CAU_OK)
        err = get_setting(n, s, STR("node.organization"), &org);
    if (err == CAU_OK)
        err = get_key(n, s, STR("node.log_key"), &n->log_key);
    if (err == CAU_OK)
        err = get_key(n, s, STR("node.organization_key"), &n->organization_key);
    if (err == CAU_OK &&
        (!lang_read(lang, &n->config.lang) || leaf_read_org(org, &n->organization) != CAU_OK))
        err = CAU_ERR_CORRUPT;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = set_origin(n, i);
    return err;
}

/* ---- how the logs stand ---- */

static enum cau_err root_at(struct store *s, uint32_t log, uint64_t size, struct digest *out)
{
    struct entries_reader with = {.store = s, .log = log};
    struct tree_reader reader = entries_tree_reader(&with);
    if (size == 0) {
        *out = tree_empty_root();
        return CAU_OK;
    }
    return tree_root_again(&reader, size, size, out);
}

static enum cau_err log_health(struct node *n, struct store *s, const struct ckpt_last *last,
                               uint32_t id, struct tree *tree, enum node_state *out)
{
    struct arena a = arena_new(1 << 16);
    struct entries_log log;
    struct digest root;
    enum cau_err err = entries_get_log(s, &a, id, &log);
    if (err == CAU_OK && !str_equal(log.origin, n->origin[id - 1]))
        err = CAU_ERR_CORRUPT;
    enum cau_err held = err == CAU_OK ? entries_load_tree(s, &log, tree) : CAU_OK;
    if (err == CAU_OK && held == CAU_OK && log.size >= last->size) {
        held = root_at(s, id, last->size, &root);
        if (held == CAU_OK && !digest_equal(&root, &last->root))
            held = CAU_ERR_CORRUPT;
    }
    if (err == CAU_OK && held != CAU_OK && held != CAU_ERR_CORRUPT)
        err = held;
    if (err == CAU_OK && (held == CAU_ERR_CORRUPT || log.state == ENTRIES_DAMAGED))
        *out = NODE_DAMAGED;
    else if (err == CAU_OK && log.size < last->size && *out == NODE_NORMAL)
        *out = NODE_ROLLED_BACK;
    arena_free(&a);
    return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
}

enum cau_err node_health(struct node *n, struct store *s, struct store *ckpt, atomic_int *out)
{
    struct ckpt_last last[NODE_LOGS];
    enum node_state state = NODE_NORMAL;
    enum cau_err err = CAU_OK;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) { /* before the logs: they may grow */
        err = ckpt == NULL ? CAU_ERR_UNKNOWN : ckpt_get(ckpt, n->origin[i], &last[i]);
        if (err == CAU_ERR_UNKNOWN) {
            last[i] = (struct ckpt_last){.root = tree_empty_root()};
            state = NODE_ROLLED_BACK;
            err = CAU_OK;
        }
    }
    struct arena a = arena_new(sizeof(struct tree) + 64);
    struct tree *tree = arena_take(&a, sizeof *tree);
    must(tree != NULL);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = log_health(n, s, &last[i], node_log((enum record_audience)i), tree, &state);
    arena_free(&a);
    if (err == CAU_OK)
        atomic_store(out, (int)state);
    return err;
}

/* ---- opening ---- */

static enum cau_err load_kinds(struct node *n)
{
    struct kind_fault fault;
    enum cau_err err = kinds_load(&n->life, &n->kinds, &fault);
    if (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE) {
        log_line(LOG_ERROR, "%.*s:%zu: %.*s", STR_ARG(fault.file), fault.line,
                 STR_ARG(fault.word));
        err = CAU_ERR_CORRUPT;
    }
    return err;
}

static enum cau_err load_config(struct node *n)
{
    struct store *s = NULL;
    enum cau_err err = store_open(n->main_path, STORE_MAIN, STORE_READ, &s);
    if (err == CAU_OK)
        err = node_load(n, s);
    store_close(s);
    return err;
}

enum cau_err node_read_lexicon(const struct node *n, uint64_t analyser, struct arena *own,
                               struct lexicon **out)
{
    struct str file;
    struct lexicon *lexicon;
    *out = NULL;
    enum cau_err err = file_read(own, n->lexicon_path, LEXICON_BYTES_MAX, &file);
    if (err == CAU_ERR_UNKNOWN)
        return CAU_OK;
    if (err == CAU_OK)
        err = lexicon_open(file, &lexicon);
    if (err == CAU_OK && lexicon_analyser(lexicon) != analyser) {
        lexicon_close(lexicon);
        err = CAU_ERR_CORRUPT;
    }
    if (err == CAU_OK)
        *out = lexicon;
    return err;
}

/* Whether the file is at fault, and stays so until it is another one; else only the moment was. */
static bool file_at_fault(enum cau_err err)
{
    return err == CAU_ERR_CORRUPT || err == CAU_ERR_RANGE;
}

static void say_unusable(const struct node *n, enum cau_err err)
{
    if (err == n->lexicon_err)
        return;
    log_line(LOG_WARN, "%s is not used: %s%s", n->lexicon_path, cau_err_name(err),
             err == CAU_ERR_CORRUPT
                 ? ": it is damaged or of another version, cau lexicon build makes it again"
                 : "");
}

static void use_lexicon(struct node *n, struct lexicon *lexicon, struct arena *own)
{
    struct lexicon *old = n->lexicon;
    index_set_lexicon(n->index, lexicon); /* no search uses the old one from here on */
    lexicon_close(old);
    arena_free(&n->lexicon_bytes);
    n->lexicon = lexicon;
    n->lexicon_bytes = *own;
    sync_lock(&n->pool);
    n->lexicon_turns++;
    sync_unlock(&n->pool);
}

/* A node without a lexicon searches each language by its own words; one that is damaged, or that was made when words
 * were cut in another way, is said, and not used. */
enum cau_err node_open_lexicon(struct node *n)
{
    struct arena own = arena_new(NODE_LEXICON_ROOM);
    struct lexicon *lexicon = NULL;
    n->lexicon_stamp = file_stamp(n->lexicon_path);
    enum cau_err err = node_read_lexicon(n, index_analyser(n->index), &own, &lexicon);
    if (err != CAU_OK)
        say_unusable(n, err);
    if (err != CAU_OK && !file_at_fault(err))
        n->lexicon_stamp = NODE_LEXICON_AGAIN;
    n->lexicon_err = err;
    if (err == CAU_OK && (lexicon != NULL || n->lexicon != NULL))
        use_lexicon(n, lexicon, &own);
    else
        arena_free(&own);
    return err == CAU_ERR_MEMORY ? err : CAU_OK;
}

static enum cau_err open_index(struct node *n)
{
    bool rebuilt = false; /* then its position is 0, and it is fed everything */
    enum cau_err err = index_open(n->index_path, &n->index, &rebuilt);
    return err == CAU_OK ? node_open_lexicon(n) : err;
}

/* A reading node follows the log, at every view taken. */
static enum cau_err open_reader(struct node *n)
{
    struct store *s = NULL, *ckpt = NULL;
    struct feed *feed = arena_zero(&n->life, sizeof *feed);
    if (feed == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = store_open(n->ckpt_path, STORE_CKPT, STORE_READ, &ckpt);
    if (err == CAU_OK || err == CAU_ERR_UNKNOWN)
        err = store_open(n->main_path, STORE_MAIN, STORE_READ, &s);
    if (err == CAU_OK)
        err = node_health(n, s, ckpt, &n->state);
    store_close(ckpt);
    if (err != CAU_OK) {
        store_close(s);
        return err;
    }
    struct store *keys = NULL;
    if (n->has_key && store_open(n->keys_path, STORE_KEYS, STORE_READ, &keys) != CAU_OK)
        keys = NULL; /* what is sealed is not indexed then */
    feed_begin(feed, n, s, keys);
    n->feed = feed;
    err = store_begin_read(s);
    if (err == CAU_OK)
        err = feed_follow(feed, NULL);
    store_undo(s);
    return err == CAU_ERR_CORRUPT ? CAU_OK : err; /* the index stays as far as it came */
}

void node_release(struct node *n)
{
    if (n->feed != NULL) {
        store_close(n->feed->s);
        store_close(n->feed->keys);
        feed_end(n->feed);
    }
    if (n->index != NULL)
        index_close(n->index);
    lexicon_close(n->lexicon);
    arena_free(&n->lexicon_bytes);
    if (n->lock >= 0)
        close(n->lock);
    keys_forget(&n->key);
    sync_queue_end(&n->given);
    struct arena life = n->life; /* n lives in it */
    arena_free(&life);
}

static enum cau_err prepare(struct node *n, const char *dir)
{
    const char *lock;
    enum cau_err err = node_set_paths(n, dir);
    if (err == CAU_OK && !file_exists(n->main_path))
        err = CAU_ERR_UNKNOWN;
    if (err == CAU_OK)
        err = file_path(&n->life, dir, "lock", &lock);
    if (err == CAU_OK && n->mode == NODE_WRITE)
        err = file_lock(lock, &n->lock);
    if (err == CAU_OK)
        err = load_kinds(n);
    if (err == CAU_OK)
        err = load_config(n);
    if (err != CAU_OK)
        return err;
    n->has_key = keys_read_node(n->node_key_path, &n->key) == CAU_OK;
    return n->has_key || n->mode == NODE_READ ? CAU_OK : CAU_ERR_CORRUPT;
}

enum cau_err node_prepare(const char *dir, enum node_mode mode, struct node **out)
{
    if (key_self_test() != CAU_OK) {
        log_line(LOG_ERROR, "libsodium does not verify as it must: no node is opened");
        return CAU_ERR_CORRUPT;
    }
    struct arena life = arena_new(LIFE_BYTES);
    struct node *n = arena_zero(&life, sizeof *n);
    must(n != NULL);
    n->life = life;
    n->mode = mode;
    n->lock = -1;
    n->pool = (struct sync_mutex)SYNC_MUTEX;
    sync_queue_init(&n->given, n->given_slot, NODE_VIEWS_MAX);
    enum cau_err err = prepare(n, dir);
    if (err != CAU_OK)
        node_release(n);
    else
        *out = n;
    return err;
}

enum cau_err node_open_with(const char *dir, enum node_mode mode, const struct node_hook *hook,
                            const struct key_pair *identity, struct node **out)
{
    struct node *n = NULL;
    enum cau_err err = node_prepare(dir, mode, &n);
    if (err != CAU_OK)
        return err;
    if (hook != NULL)
        n->hook = *hook;
    err = open_index(n);
    if (err == CAU_OK)
        err = mode == NODE_WRITE ? writer_start(n, identity) : open_reader(n);
    if (err != CAU_OK)
        node_release(n);
    else
        *out = n;
    return err;
}

enum cau_err node_open(const char *dir, enum node_mode mode, struct node **out)
{
    return node_open_with(dir, mode, NULL, NULL, out);
}

void node_close(struct node *n)
{
    if (n == NULL)
        return;
    view_close_all(n);
    if (n->writer != NULL)
        writer_stop(n);
    node_release(n);
}

enum node_state node_state(const struct node *n)
{
    return (enum node_state)atomic_load(&n->state);
}

const char *node_dir(const struct node *n)
{
    return n->dir;
}

const struct node_config *node_config(const struct node *n)
{
    return &n->config;
}

const struct kinds *node_kinds(const struct node *n)
{
    return &n->kinds;
}

const struct index *node_index(const struct node *n)
{
    return n->index;
}

bool node_lexicon_unusable(const struct node *n)
{
    return file_at_fault(n->lexicon_err);
}
