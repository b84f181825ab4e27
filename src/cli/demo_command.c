/* The demonstration node: demo/ loaded, people to sign in as, one password made for this folder. */
#include "base/asset.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/commands_int.h"
#include "domain/people/people.h"
#include "domain/rule/claim.h"
#include "exchange/import/import.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD_FILE "demo-password"

static const struct {
    const char *name;
    unsigned roles;
    enum lang lang;
    const char *organization; /* external id in demo/: for whom he speaks; NULL: nobody */
} person[] = {
    {"member", LOCAL_MEMBER, LANG_VI, NULL},
    {"editor", LOCAL_EDITOR, LANG_VI, NULL},
    {"adviser", LOCAL_ADVISER, LANG_VI, NULL},
    {"secretary-vn", LOCAL_SECRETARY, LANG_VI, "demo-org-most"},
    {"secretary-ru", LOCAL_SECRETARY, LANG_RU, "demo-org-minobrnauki"},
    {"administrator", LOCAL_ADMINISTRATOR | LOCAL_SECRETARY | LOCAL_OFFICER, LANG_VI, NULL},
};

static bool is_demo_file(const struct asset *file)
{
    return str_starts(file->name, STR("demo/")) && str_ends(file->name, STR(".jsonl"));
}

/* What was loaded: the hash over all demo files; another hash means they are looked at again. */
static struct digest demo_hash(void)
{
    struct digest all = {{0}};
    for (size_t i = 0; i < asset_count; i++)
        if (is_demo_file(&asset_list[i])) {
            struct str part[] = {digest_str(&all), asset_list[i].name, asset_list[i].bytes};
            all = digest_sha256(part, countof(part));
        }
    return all;
}

/* What was done in this folder already, and from what. */
struct done {
    struct str name; /* of the setting */
    struct digest hash;
};

static bool is_done(struct command_call *c, struct node *n, const struct done *d)
{
    struct str was;
    char hex[DIGEST_HEX(32)];
    digest_to_hex(d->hash.b, 32, hex);
    struct view *v = view_take(n);
    enum cau_err err = local_setting_get(view_store(v), c->arena, d->name, &was);
    view_give(n, v);
    return err == CAU_OK && str_equal(was, (struct str){hex, sizeof hex});
}

static enum cau_err note_done(struct store *s, void *arg)
{
    char hex[DIGEST_HEX(32)];
    const struct done *d = arg;
    digest_to_hex(d->hash.b, 32, hex);
    return local_setting_set(s, d->name, (struct str){hex, sizeof hex});
}

static bool load_file(struct command_call *c, struct node *n, const struct asset *file)
{
    struct actor self = actor_operator();
    struct import_options options = {.format = IMPORT_JSONL, .file = str_from(file->name, 5)};
    struct import_outcome out;
    size_t before = c->arena->used;
    enum import_why why = import_run(n, c->arena, &self, file->bytes, &options, NULL, &out);
    if (why != IMPORT_OK || out.refused > 0) {
        log_line(LOG_ERROR, "demo file %.*s: %s, %u rows refused", STR_ARG(file->name),
                 import_why_name(why), out.refused);
        fprintf(stderr, "%.*s\n", STR_ARG(out.report));
    }
    c->arena->used = before;
    return why == IMPORT_OK && out.refused == 0;
}

static enum command_exit load(struct command_call *c, struct node *n)
{
    struct done now = {STR("demo"), demo_hash()};
    if (is_done(c, n, &now))
        return COMMAND_DONE;
    size_t all = 0, done = 0;
    for (size_t i = 0; i < asset_count; i++)
        all += is_demo_file(&asset_list[i]);
    bool good = true;
    for (size_t i = 0; i < asset_count; i++)
        if (is_demo_file(&asset_list[i])) {
            command_progress(c, "cli.demo.loading", done++, all);
            good = load_file(c, n, &asset_list[i]) && good;
        }
    command_progress(c, "cli.demo.loading", all, all);
    command_progress_end(c);
    if (!good)
        return COMMAND_BROKEN;
    enum cau_err err = writer_run(n, note_done, &now);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, "demo");
}

/* What the lexicon is made of, as far as the program brings it. */
static struct digest lexicon_hash(void)
{
    static const char *const head[] = {"terms/", "words/", "kinds/", "dist/"};
    struct digest all = {{0}};
    for (size_t i = 0; i < asset_count; i++)
        for (size_t k = 0; k < countof(head); k++)
            if (str_starts(asset_list[i].name, str_of(head[k]))) {
                struct str part[] = {digest_str(&all), asset_list[i].bytes};
                all = digest_sha256(part, countof(part));
            }
    return all;
}

/* Makes the lexicon the first time, and when the program brings another glossary; the node is opened again with it. */
static enum command_exit learn(struct command_call *c, struct node **n, const char *dir)
{
    struct done now = {STR("demo-lexicon"), lexicon_hash()};
    const char *path;
    enum cau_err err = file_path(c->arena, dir, "lexicon.bin", &path);
    if (err == CAU_OK && file_exists(path) && is_done(c, *n, &now))
        return COMMAND_DONE;
    enum command_exit exit =
        err == CAU_OK ? command_make_lexicon(c, *n, dir) : command_error(c, err, dir);
    if (exit != COMMAND_DONE)
        return exit;
    err = writer_run(*n, note_done, &now);
    node_close(*n);
    *n = NULL;
    if (err == CAU_OK)
        err = node_open(dir, NODE_WRITE, n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, dir);
}

/* The password of this demonstration: kept in its folder, so that a second start prints the same. */
static enum cau_err demo_password(struct command_call *c, const char *dir, struct str *out)
{
    const char *path;
    enum cau_err err = file_path(c->arena, dir, PASSWORD_FILE, &path);
    if (err == CAU_OK)
        err = file_read(c->arena, path, 100, out);
    if (err != CAU_ERR_UNKNOWN)
        return err;
    unsigned char secret[10];
    char text[DIGEST_BASE32(10)];
    digest_random(secret, sizeof secret);
    digest_to_base32(secret, sizeof secret, text);
    err = file_write(path, (struct str){text, sizeof text}, 0600);
    return err == CAU_OK ? arena_copy(c->arena, (struct str){text, sizeof text}, out) : err;
}

static enum cau_err add_people(struct command_call *c, struct node *n, struct str password)
{
    struct actor self = actor_operator();
    for (size_t i = 0; i < countof(person); i++) {
        struct local_user user;
        uint32_t id;
        struct register_outcome out;
        struct str name = str_of(person[i].name);
        struct view *v = view_take(n);
        enum cau_err err = local_user_find(view_store(v), c->arena, name, &user);
        view_give(n, v);
        if (err == CAU_ERR_UNKNOWN &&
            people_add(n, c->arena, &self, name, name, password, person[i].roles,
                       person[i].lang, &id, &out) != REGISTER_DONE)
            return CAU_ERR_IO;
        if (err != CAU_OK && err != CAU_ERR_UNKNOWN)
            return err;
    }
    return CAU_OK;
}

/* A claim of his, confirmed by the operator: the way every user comes to speak for an organisation. */
static enum cau_err let_speak(struct command_call *c, struct node *n, const char *name,
                              const char *organization)
{
    struct local_user user;
    struct view_record r;
    struct register_outcome out;
    struct actor self = actor_operator();
    struct view *v = view_take(n);
    enum cau_err err = local_user_find(view_store(v), c->arena, str_of(name), &user);
    uint32_t doc = view_find(v, actor_reader(&self), str_of(organization));
    if (err == CAU_OK)
        err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, c->arena, actor_reader(&self), doc, &r);
    view_give(n, v);
    if (err != CAU_OK || user.organization.len > 0)
        return err;
    struct actor claimant = {.user = user.id, .roles = user.roles};
    enum register_why why =
        claim_file(n, c->arena, &claimant, r.id, (struct str){NULL, 0}, LANG_EN, &out);
    if (why != REGISTER_DONE)
        return CAU_ERR_REFUSED;
    struct str claim;
    err = arena_copy(c->arena, (struct str){out.result.id, RECORD_ID_CHARS}, &claim);
    if (err == CAU_OK && claim_decide(n, c->arena, &self, claim, true, &out) != REGISTER_DONE)
        err = CAU_ERR_REFUSED;
    return err;
}

static enum command_exit let_all_speak(struct command_call *c, struct node *n)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(person) && err == CAU_OK; i++)
        if (person[i].organization != NULL)
            err = let_speak(c, n, person[i].name, person[i].organization);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, "demo");
}

static enum command_exit prepare(struct command_call *c, const char *dir, struct node **out,
                                 struct str *password)
{
    const struct node_config config = {STR("demo.cau.example"), STR("VN"), LANG_VI};
    enum cau_err err = node_open(dir, NODE_WRITE, out);
    if (err == CAU_ERR_UNKNOWN) {
        err = node_create(dir, &config);
        if (err == CAU_OK)
            err = node_open(dir, NODE_WRITE, out);
    }
    struct str slot = str_of(dir);
    if (err == CAU_ERR_BUSY || err == CAU_ERR_REFUSED) {
        command_say(c, err == CAU_ERR_BUSY ? "cli.node_busy" : "cli.init.not_empty", &slot, 1);
        return COMMAND_REFUSED;
    }
    if (err != CAU_OK)
        return command_error(c, err, dir);
    err = demo_password(c, dir, password);
    if (err == CAU_OK)
        err = add_people(c, *out, *password);
    enum command_exit exit = err == CAU_OK ? load(c, *out) : command_error(c, err, dir);
    if (exit == COMMAND_DONE)
        exit = let_all_speak(c, *out);
    if (exit == COMMAND_DONE)
        exit = learn(c, out, dir);
    if (exit != COMMAND_DONE)
        node_close(*out);
    return exit;
}

/* Removes the files and folders of a throw-away node; only below the folder we made ourselves. */
static void remove_folder(struct arena *a, const char *dir)
{
    DIR *d = opendir(dir);
    for (struct dirent *e = d == NULL ? NULL : readdir(d); e != NULL; e = readdir(d)) {
        const char *path;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            file_path(a, dir, e->d_name, &path) != CAU_OK)
            continue;
        if (unlink(path) != 0)
            remove_folder(a, path); /* at most as deep as a node's folder: 2 */
    }
    if (d != NULL)
        closedir(d);
    rmdir(dir);
}

enum command_exit command_demo(struct command_call *c)
{
    uint64_t port;
    if (!command_number(c, "port", UINT16_MAX, 8080, &port))
        return COMMAND_USAGE;
    char temporary[] = "/tmp/cau-demo-XXXXXX";
    const char *dir = command_option(c, "dir");
    bool throw_away = dir == NULL;
    if (throw_away)
        dir = mkdtemp(temporary);
    if (dir == NULL)
        return command_error(c, CAU_ERR_IO, temporary);
    struct node *n = NULL;
    struct str password;
    enum command_exit exit = prepare(c, dir, &n, &password);
    if (exit == COMMAND_DONE) {
        if (!command_flag(c, "load-only")) {
            for (size_t i = 0; i < countof(person); i++) {
                const struct str slot[] = {str_of(person[i].name), password};
                command_say(c, "cli.demo.sign_in", slot, countof(slot));
            }
            struct server_options options = {
                .host = "127.0.0.1", .port = (uint16_t)port, .notice = "demo.notice"};
            exit = command_serve_node(c, n, &options);
        }
        node_close(n);
    }
    if (throw_away)
        remove_folder(c->arena, dir);
    return exit;
}
