#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "domain/rule/actor.h"
#include "ledger/proof.h"
#include "store/store.h"
#include "view/view.h"
#include "view/writer.h"

#include <stdio.h>
#include <string.h>

enum { TRIES = 20, TRY_WAIT_MS = 100 };

/* The proof of the newest version, or of the one numbered --version (as `cau history` counts). */
static enum cau_err find_proof(struct command_call *c, struct node *n, uint64_t number,
                               struct str *out)
{
    struct actor self = actor_operator();
    struct index_reader reader = actor_reader(&self);
    struct view *v = view_take(n);
    struct view_version *version = NULL;
    size_t count = 0;
    uint32_t doc = view_find(v, reader, str_of(c->word[0]));
    enum cau_err err =
        doc == 0 ? CAU_ERR_UNKNOWN : view_history(v, c->arena, reader, doc, &version, &count);
    if (err == CAU_OK && (count == 0 || number > count))
        err = CAU_ERR_UNKNOWN;
    if (err == CAU_OK) {
        const struct view_version *w = &version[number == 0 ? 0 : count - number];
        err = view_proof(v, c->arena, reader, doc, w->audience, w->n, out);
    }
    view_give(n, v);
    return err;
}

enum command_exit command_proof(struct command_call *c)
{
    uint64_t number;
    enum command_exit exit = COMMAND_USAGE;
    if (!command_number(c, "version", VIEW_HISTORY_MAX, 0, &number))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct str proof = {NULL, 0};
    enum cau_err err = find_proof(c, n, number, &proof);
    const char *path = command_option(c, "o");
    if (err == CAU_OK && path != NULL)
        err = file_write(path, proof, 0644);
    else if (err == CAU_OK)
        fwrite(proof.p, 1, proof.len, stdout);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, c->word[0]);
}

/* The key that is trusted: --key, or that of the node at hand for the log the proof speaks of. */
static enum cau_err trusted_key(struct command_call *c, struct str note, struct str *vkey)
{
    const char *given = command_option(c, "key");
    if (given != NULL) {
        *vkey = str_of(given);
        return CAU_OK;
    }
    struct node *n;
    enum cau_err err = node_open(command_node_dir(c), NODE_READ, &n);
    if (err != CAU_OK)
        return err;
    struct view *v = view_take(n);
    err = CAU_ERR_UNKNOWN;
    for (enum record_audience a = RECORD_PUBLIC; a < RECORD_AUDIENCES && err == CAU_ERR_UNKNOWN;
         a++) {
        struct view_log log;
        struct str rest = note;
        if (view_log(v, c->arena, a, &log) == CAU_OK &&
            str_equal(str_next(&rest, '\n'), log.origin)) {
            *vkey = log.verifier_key;
            err = CAU_OK;
        }
    }
    view_give(n, v);
    node_close(n);
    return err;
}

static void print_line(struct command_call *c, const char *id, struct str value)
{
    struct buf b = buf_new(8192);
    words_fill(&b, words(c->lang, id), &value, 1);
    command_print(buf_str(&b));
    buf_free(&b);
}

static void print_result(struct command_call *c, const struct proof *p,
                         const struct proof_result *r)
{
    char entry[DIGEST_HEX(32)], number[24];
    struct buf when = buf_new(64);
    digest_to_hex(r->leaf_hash.b, 32, entry);
    int n = snprintf(number, sizeof number, "%llu", (unsigned long long)p->index);
    words_time(&when, c->lang, r->leaf.t);
    print_line(c, "cli.verify.log", r->checkpoint.origin);
    print_line(c, "cli.verify.index", (struct str){number, (size_t)n});
    print_line(c, "cli.verify.entry", (struct str){entry, sizeof entry});
    print_line(c, "cli.verify.time", buf_str(&when));
    print_line(c, "cli.verify.kind", r->leaf.kind);
    if (r->extra.has_payload)
        command_print(r->extra.payload);
    else
        command_print(words(c->lang, "cli.verify.no_payload"));
    buf_free(&when);
}

/* The nodes's own folder without a file: the same as check. */
enum command_exit command_verify(struct command_call *c)
{
    if (c->word_count == 0)
        return command_check(c);
    struct str bytes, vkey = {NULL, 0};
    struct proof p;
    enum cau_err err = file_read(c->arena, c->word[0], PROOF_BYTES_MAX, &bytes);
    if (err == CAU_OK)
        err = proof_read(c->arena, bytes, &p);
    if (err != CAU_OK)
        return command_error(c, err, c->word[0]);
    if (trusted_key(c, p.note, &vkey) != CAU_OK) {
        command_say(c, "cli.verify.no_key", NULL, 0);
        return COMMAND_USAGE;
    }
    struct note_key key;
    err = note_read_key(vkey, &key);
    if (err != CAU_OK)
        return command_error(c, err, command_option(c, "key"));
    struct note_seal seal;
    struct proof_result result;
    memset(&result, 0, sizeof result);
    enum proof_fault fault = proof_verify(&p, &key, 1, &seal, &result);
    if (fault == PROOF_GOOD) {
        command_say(c, "cli.verify.good", NULL, 0);
        print_result(c, &p, &result);
        return COMMAND_DONE;
    }
    static const char *const id[] = {
        "cli.verify.good",   "cli.verify.extra", "cli.verify.leaf",
        "cli.verify.note",   "cli.verify.seal",  "cli.verify.unknown",
        "cli.verify.origin", "cli.verify.path",  "cli.verify.payload"};
    must((size_t)fault < countof(id));
    command_say(c, id[fault], NULL, 0);
    return COMMAND_BROKEN;
}

struct shown {
    struct command_call *call;
    const char *id;
    size_t faults;
};

static void show_step(void *ctx, uint64_t done, uint64_t all)
{
    struct shown *s = ctx;
    command_progress(s->call, s->id, done, all);
}

static void show_fault(void *ctx, const char *what, struct str where)
{
    struct shown *s = ctx;
    char id[64];
    snprintf(id, sizeof id, "cli.check.%s", what);
    struct buf b = buf_new(8192);
    struct str message = words_find(s->call->lang, str_of(id));
    s->faults++;
    words_fill(&b, message.p == NULL ? str_of(what) : message, &where, 1);
    command_print(buf_str(&b));
    buf_free(&b);
}

enum command_exit command_rebuild(struct command_call *c)
{
    struct shown shown = {.call = c, .id = "cli.rebuild.progress"};
    struct node_progress progress = {&shown, show_step};
    enum cau_err err = node_rebuild(command_node_dir(c), &progress);
    command_progress_end(c);
    if (err != CAU_OK)
        return command_error(c, err, command_node_dir(c));
    command_say(c, "cli.rebuild.done", NULL, 0);
    return COMMAND_DONE;
}

enum command_exit command_check(struct command_call *c)
{
    struct shown shown = {.call = c, .id = "cli.check.progress"};
    struct node_check check = {&shown, show_fault, {&shown, show_step}};
    bool fixed;
    struct str version = str_of(store_version(&fixed));
    command_say(c, fixed ? "cli.check.sqlite" : "cli.check.sqlite_old", &version, 1);
    enum cau_err err = node_check(command_node_dir(c), &check);
    command_progress_end(c);
    if (err == CAU_OK || err == CAU_ERR_CORRUPT)
        command_say_old_lexicon(c, command_node_dir(c));
    if (err == CAU_OK) {
        command_say(c, "cli.check.good", NULL, 0);
        return COMMAND_DONE;
    }
    if (err == CAU_ERR_CORRUPT && shown.faults > 0)
        return COMMAND_BROKEN;
    return command_error(c, err, command_node_dir(c));
}
