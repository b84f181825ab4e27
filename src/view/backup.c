#include "base/file.h"
#include "view/create_int.h"

enum cau_err node_backup(const char *dir, const char *file)
{
    struct node *n = NULL;
    struct store *s = NULL;
    enum cau_err err = node_prepare(dir, NODE_READ, &n);
    if (err != CAU_OK)
        return err;
    err = store_open(n->main_path, STORE_MAIN, STORE_READ, &s);
    if (err == CAU_OK)
        err = store_backup(s, file);
    store_close(s);
    node_release(n);
    return err;
}

static enum cau_err copy_file(struct node *n, const char *from_dir, const char *name,
                              const char *to)
{
    const char *from;
    struct str bytes;
    enum cau_err err = file_path(&n->life, from_dir, name, &from);
    if (err == CAU_OK)
        err = file_map(from, &bytes);
    if (err != CAU_OK)
        return err;
    err = file_write(to, bytes, 0600);
    file_unmap(bytes);
    return err;
}

/* keys.db may be in use: copied as a reader of it. */
static enum cau_err copy_keys(struct node *n, const char *keys_dir)
{
    const char *from;
    struct store *s = NULL;
    enum cau_err err = copy_file(n, keys_dir, "node.key", n->node_key_path);
    if (err == CAU_OK)
        err = file_path(&n->life, keys_dir, "keys.db", &from);
    if (err == CAU_OK)
        err = store_open(from, STORE_KEYS, STORE_READ, &s);
    if (err == CAU_OK)
        err = store_backup(s, n->keys_path);
    store_close(s);
    return err;
}

/* The keys must be those of the log, else the node would sign what nobody can verify. */
static enum cau_err check_keys(struct node *n)
{
    struct store *s = NULL;
    struct keys_node key;
    struct key_pair pair = {0};
    enum cau_err err = keys_read_node(n->node_key_path, &key);
    if (err == CAU_OK)
        err = store_open(n->keys_path, STORE_KEYS, STORE_READ, &s);
    if (err == CAU_OK)
        err = keys_get(s, &key, STR("log"), &pair);
    if (err == CAU_OK) {
        struct key_id x = key_id_of(&pair.public_key), y = key_id_of(&n->log_key);
        err = key_id_equal(&x, &y) ? CAU_OK : CAU_ERR_CORRUPT;
    }
    key_drop(&pair);
    keys_forget(&key);
    store_close(s);
    return err;
}

static enum cau_err check_main(struct node *n)
{
    struct store *s = NULL;
    enum cau_err err = store_open(n->main_path, STORE_MAIN, STORE_WRITE, &s);
    if (err == CAU_OK)
        err = node_load(n, s);
    store_close(s);
    return err;
}

enum cau_err node_restore(const char *file, const char *dir, const char *keys_dir)
{
    struct str bytes;
    struct node n = {.life = arena_new(1 << 20), .lock = -1};
    enum cau_err err = create_folder(&n, dir);
    if (err == CAU_OK)
        err = file_map(file, &bytes);
    if (err == CAU_OK) {
        err = file_write(n.main_path, bytes, 0600);
        file_unmap(bytes);
    }
    if (err == CAU_OK)
        err = check_main(&n);
    if (err == CAU_OK)
        err = copy_keys(&n, keys_dir);
    if (err == CAU_OK)
        err = check_keys(&n);
    if (err == CAU_OK) /* knows of no log: rolled back until somebody vouches for it */
        err = create_ckpt(&n, NULL, 0);
    arena_free(&n.life);
    return err;
}

static enum cau_err last_of(struct node *n, struct store *s, struct store *ckpt, int i,
                            struct ckpt_last *out)
{
    struct ckpt_last known;
    struct entries_log log;
    enum cau_err err = ckpt_get(ckpt, n->origin[i], &known);
    if (err == CAU_OK)
        return CAU_ERR_REFUSED;
    if (err == CAU_ERR_UNKNOWN)
        err = entries_get_log(s, &n->life, node_log((enum record_audience)i), &log);
    if (err == CAU_OK)
        *out = (struct ckpt_last){n->origin[i], log.size, log.root};
    return err;
}

enum cau_err node_confirm(const char *dir)
{
    struct node *n = NULL;
    struct store *s = NULL, *ckpt = NULL;
    struct ckpt_last last[NODE_LOGS];
    enum cau_err err = node_prepare(dir, NODE_WRITE, &n);
    if (err != CAU_OK)
        return err;
    err = store_open(n->main_path, STORE_MAIN, STORE_READ, &s);
    if (err == CAU_OK)
        err = store_open(n->ckpt_path, STORE_CKPT,
                         file_exists(n->ckpt_path) ? STORE_WRITE : STORE_MAKE, &ckpt);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = last_of(n, s, ckpt, i, &last[i]);
    if (err == CAU_OK)
        err = ckpt_set(ckpt, last, NODE_LOGS);
    store_close(ckpt);
    store_close(s);
    node_release(n);
    return err;
}
