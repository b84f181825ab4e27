#include "view/node_int.h"

#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "store/ckpt.h"
#include "view/create_int.h"

static bool is_country(struct str x)
{
    return x.len == 2 && x.p[0] >= 'A' && x.p[0] <= 'Z' && x.p[1] >= 'A' && x.p[1] <= 'Z';
}

/* True when the folder can be read and nothing is in it. */
static bool is_empty(const char *dir)
{
    DIR *d = opendir(dir);
    if (d == NULL)
        return false;
    bool empty = true;
    for (struct dirent *e; empty && (e = readdir(d)) != NULL;)
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    closedir(d);
    return empty;
}

enum cau_err create_folder(struct node *n, const char *dir)
{
    enum cau_err err = file_make_folder(dir, 0700);
    if (err == CAU_OK && !is_empty(dir))
        err = CAU_ERR_REFUSED;
    return err == CAU_OK ? node_set_paths(n, dir) : err;
}

static enum cau_err set_hex(struct store *s, struct str name, const struct key_public *key)
{
    char hex[DIGEST_HEX(KEY_BYTES)];
    digest_to_hex(key->b, sizeof key->b, hex);
    return local_setting_set(s, name, (struct str){hex, sizeof hex});
}

struct pairs {
    struct key_pair identity, log, organization;
};

static enum cau_err make_pairs(struct pairs *k)
{
    enum cau_err err = key_make(&k->log);
    return err == CAU_OK ? key_make(&k->organization) : err;
}

static void drop_pairs(struct pairs *k)
{
    key_drop(&k->identity);
    key_drop(&k->log);
    key_drop(&k->organization);
}

/* The identity key signs once, here; identity.key is then for a stick or paper, not for the server. */
static enum cau_err make_identity(struct node *n, struct pairs *k)
{
    unsigned char seed[KEY_BYTES];
    char hex[DIGEST_HEX(KEY_BYTES) + 1];
    const char *path;
    digest_random(seed, sizeof seed);
    enum cau_err err = file_path(&n->life, n->dir, "identity.key", &path);
    if (err == CAU_OK)
        err = key_from_seed(seed, &k->identity);
    digest_to_hex(seed, sizeof seed, hex);
    hex[sizeof hex - 1] = '\n';
    if (err == CAU_OK)
        err = file_write(path, (struct str){hex, sizeof hex}, 0600);
    explicit_bzero(seed, sizeof seed);
    explicit_bzero(hex, sizeof hex);
    return err;
}

static enum cau_err make_keys(struct node *n, const struct pairs *k)
{
    struct store *s = NULL;
    struct keys_node key;
    enum cau_err err = keys_make_node(n->node_key_path, &key);
    if (err == CAU_OK)
        err = store_open(n->keys_path, STORE_KEYS, STORE_MAKE, &s);
    if (err == CAU_OK)
        err = store_begin(s);
    if (err == CAU_OK)
        err = keys_add(s, &key, STR("log"), &k->log);
    if (err == CAU_OK)
        err = keys_add(s, &key, STR("org"), &k->organization);
    if (err == CAU_OK)
        err = store_commit(s);
    store_close(s);
    keys_forget(&key);
    return err;
}

static enum cau_err set_config(struct store *s, const struct node_config *c,
                               const struct pairs *k)
{
    char org[LEAF_ID_CHARS];
    struct leaf_id id = leaf_id_make();
    leaf_write_org(&id, org);
    enum cau_err err = local_setting_set(s, STR("node.name"), c->name);
    if (err == CAU_OK)
        err = local_setting_set(s, STR("node.country"), c->country);
    if (err == CAU_OK)
        err = local_setting_set(s, STR("node.lang"), lang_code(c->lang));
    if (err == CAU_OK)
        err = local_setting_set(s, STR("node.organization"), (struct str){org, sizeof org});
    if (err == CAU_OK)
        err = set_hex(s, STR("node.log_key"), &k->log.public_key);
    if (err == CAU_OK)
        err = set_hex(s, STR("node.organization_key"), &k->organization.public_key);
    return err == CAU_OK ? set_hex(s, STR("node.identity_key"), &k->identity.public_key) : err;
}

static enum cau_err make_logs(struct node *n, struct store *s)
{
    enum cau_err err = CAU_OK;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) {
        struct entries_log log = {.id = node_log((enum record_audience)i),
                                  .origin = n->origin[i],
                                  .node = n->config.name,
                                  .audience = record_audience_name((enum record_audience)i)};
        err = entries_make_log(s, &log);
    }
    return err;
}

static enum cau_err make_main(struct node *n, const struct node_config *config,
                              const struct pairs *k)
{
    struct store *s = NULL;
    enum cau_err err = store_open(n->main_path, STORE_MAIN, STORE_MAKE, &s);
    if (err == CAU_OK)
        err = store_begin(s);
    if (err == CAU_OK)
        err = set_config(s, config, k);
    if (err == CAU_OK)
        err = node_load(n, s);
    if (err == CAU_OK)
        err = make_logs(n, s);
    if (err == CAU_OK)
        err = store_commit(s);
    store_close(s);
    return err;
}

enum cau_err create_ckpt(struct node *n, const struct ckpt_last *last, size_t count)
{
    struct store *s = NULL;
    enum cau_err err = store_open(n->ckpt_path, STORE_CKPT, STORE_MAKE, &s);
    if (err == CAU_OK && count > 0)
        err = ckpt_set(s, last, count);
    store_close(s);
    return err;
}

static enum cau_err make_files(struct node *n, const struct node_config *config,
                               struct pairs *k)
{
    struct ckpt_last last[NODE_LOGS];
    enum cau_err err = make_identity(n, k);
    if (err == CAU_OK)
        err = make_keys(n, k);
    if (err == CAU_OK)
        err = make_main(n, config, k);
    for (int i = 0; i < NODE_LOGS; i++)
        last[i] = (struct ckpt_last){n->origin[i], 0, tree_empty_root()};
    return err == CAU_OK ? create_ckpt(n, last, NODE_LOGS) : err;
}

enum cau_err node_create(const char *dir, const struct node_config *config)
{
    if (config->name.len > NODE_NAME_BYTES_MAX || !leaf_node_valid(config->name) ||
        !is_country(config->country) || config->lang >= LANG_COUNT)
        return CAU_ERR_SYNTAX;
    struct node n = {.life = arena_new(1 << 20), .lock = -1};
    struct pairs k = {0};
    struct node *open = NULL;
    enum cau_err err = create_folder(&n, dir);
    if (err == CAU_OK)
        err = make_pairs(&k);
    if (err == CAU_OK)
        err = make_files(&n, config, &k);
    if (err == CAU_OK) /* the first leaves: keys and kinds, and their checkpoint */
        err = node_open_with(dir, NODE_WRITE, NULL, &k.identity, &open);
    node_close(open);
    drop_pairs(&k);
    arena_free(&n.life);
    return err;
}
