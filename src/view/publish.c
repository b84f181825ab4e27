#include "view/writer_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

static bool log_due(const struct writer_log *log)
{
    return log->size > log->published;
}

bool publish_due(const struct writer *w)
{
    for (int i = 0; i < NODE_LOGS; i++)
        if (log_due(&w->log[i]))
            return true;
    return false;
}

/* The root of a log by the second way: a new connection, leaves hashed again, recursion over tiles. */
static enum cau_err compute_again(struct store *fresh, const struct writer_log *log)
{
    struct entries_reader with = {.store = fresh, .log = log->id, .fresh = true};
    struct tree_reader reader = entries_tree_reader(&with);
    struct digest root;
    enum cau_err err = tree_root_again(&reader, log->published, log->size, &root);
    if (err == CAU_OK && !digest_equal(&root, &log->root))
        err = CAU_ERR_CORRUPT;
    return err;
}

static enum cau_err compute_all(struct writer *w)
{
    struct store *fresh = NULL;
    enum cau_err err = store_open(w->n->main_path, STORE_MAIN, STORE_READ, &fresh);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        if (log_due(&w->log[i]))
            err = compute_again(fresh, &w->log[i]);
    store_close(fresh);
    return err;
}

/* What an earlier turn has swapped but could not sign is not swapped again. */
static enum cau_err swap(struct writer *w)
{
    struct ckpt_change change[NODE_LOGS];
    size_t n = 0;
    for (int i = 0; i < NODE_LOGS; i++) {
        const struct writer_log *log = &w->log[i];
        if (log->size > log->signed_size)
            change[n++] =
                (struct ckpt_change){{w->n->origin[i], log->signed_size, log->signed_root},
                                     {w->n->origin[i], log->size, log->root}};
        else if (!digest_equal(&log->root, &log->signed_root))
            return CAU_ERR_STALE;
    }
    enum cau_err err = n == 0 ? CAU_OK : ckpt_swap(w->ckpt, change, n);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) {
        w->log[i].signed_size = w->log[i].size;
        w->log[i].signed_root = w->log[i].root;
    }
    return err;
}

static enum cau_err sign(struct writer *w, int i)
{
    struct writer_log *log = &w->log[i];
    struct checkpoint c = {.origin = w->n->origin[i], .size = log->size, .root = log->root};
    struct buf note = buf_new(NOTE_BYTES_MAX), text = buf_new(NOTE_BYTES_MAX);
    struct note_key key;
    checkpoint_write(&c, &text);
    enum cau_err err = note_key_of(c.origin, NOTE_SIGNATURE, &w->log_key.public_key, &key);
    if (err == CAU_OK) {
        buf_add(&note, buf_str(&text));
        buf_add_char(&note, '\n');
        note_sign(buf_str(&text), &key, &w->log_key, &note);
        err = note.failed || text.failed ? CAU_ERR_MEMORY : CAU_OK;
    }
    if (err == CAU_OK)
        err = entries_add_checkpoint(w->db, log->id,
                                     &(struct entries_checkpoint){.size = log->size,
                                                                  .root = log->root,
                                                                  .note = buf_str(&note),
                                                                  .signed_ms = clock_now_ms()});
    buf_free(&note);
    buf_free(&text);
    return err;
}

static enum cau_err sign_all(struct writer *w)
{
    enum cau_err err = store_begin(w->db);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        if (log_due(&w->log[i]))
            err = sign(w, i);
    if (err == CAU_OK)
        return store_commit(w->db);
    store_undo(w->db);
    return err;
}

static void damaged(struct writer *w, const char *what)
{
    log_line(LOG_ERROR, "writer: %s; the node signs nothing and only reads from now on", what);
    writer_set_state(w, NODE_DAMAGED);
    if (store_begin(w->db) != CAU_OK)
        return;
    enum cau_err err = CAU_OK;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = entries_set_state(w->db, w->log[i].id, ENTRIES_DAMAGED);
    if (err != CAU_OK || store_commit(w->db) != CAU_OK)
        store_undo(w->db);
}

/* ckpt.db is durable before a signature exists. When signing fails after that, or the process ends, the same
 * bytes are signed the next time: that gives the same signature. */
enum cau_err publish(struct writer *w)
{
    int state = atomic_load(&w->n->state);
    if (state == NODE_DAMAGED || state == NODE_ROLLED_BACK)
        return CAU_ERR_CORRUPT;
    enum cau_err err = compute_all(w);
    if (err == CAU_ERR_CORRUPT)
        damaged(w, "the log's hashes do not hold when computed again");
    if (err == CAU_OK)
        err = swap(w);
    if (err == CAU_ERR_STALE)
        damaged(w, "ckpt.db knows another state of the log");
    if (err == CAU_OK)
        err = sign_all(w);
    if (err != CAU_OK && err != w->unpublished) /* once, not at every new attempt */
        log_line(LOG_ERROR, "writer: no checkpoint: %s", cau_err_name(err));
    w->unpublished = err;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        w->log[i].published = w->log[i].size;
    return err;
}
