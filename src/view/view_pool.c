/* The views of a node: made, lent to whoever reads, taken back; and brought up to the log and the lexicon when they are lent. */
#include "view/view_int.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "view/feed_int.h"
#include "view/writer.h"

struct view *view_make(struct node *n, struct store *s)
{
    struct view *v = arena_zero(&n->life, sizeof *v);
    if (v == NULL)
        return NULL;
    v->n = n;
    v->s = s;
    apply_begin(&v->look, n, s, s, NULL);
    return v;
}

static struct view *open_view(struct node *n)
{
    struct store *s = NULL;
    enum cau_err err = store_open(n->main_path, STORE_MAIN, STORE_READ, &s);
    struct view *v = err == CAU_OK ? view_make(n, s) : NULL;
    if (v == NULL) {
        log_line(LOG_ERROR, "view: no connection: %s",
                 cau_err_name(err == CAU_OK ? CAU_ERR_MEMORY : err));
        store_close(s);
    }
    return v;
}

/* A node that only reads brings its index up to what others have written. */
static void follow(struct node *n)
{
    if (n->feed == NULL || store_begin_read(n->feed->s) != CAU_OK)
        return;
    enum cau_err err = feed_follow(n->feed, NULL);
    if (err != CAU_OK)
        log_line(LOG_WARN, "index: not up to date: %s", cau_err_name(err));
    store_undo(n->feed->s);
}

/* A lexicon that was built meanwhile is taken into use, by one thread; the others do not wait for it. */
static void follow_lexicon(struct node *n)
{
    int64_t now_us = clock_monotonic_us();
    sync_lock(&n->pool);
    bool look = !n->lexicon_busy && now_us - n->lexicon_looked_us >= NODE_LEXICON_LOOK_US;
    if (look) {
        n->lexicon_looked_us = now_us;
        n->lexicon_busy = true;
    }
    sync_unlock(&n->pool);
    if (!look)
        return;
    if (file_stamp(n->lexicon_path) != n->lexicon_stamp)
        (void)node_open_lexicon(n); /* without memory for it the one in use stays */
    sync_lock(&n->pool);
    n->lexicon_busy = false;
    sync_unlock(&n->pool);
}

uint64_t view_turn(struct node *n)
{
    follow_lexicon(n);
    sync_lock(&n->pool);
    uint64_t turns = n->lexicon_turns;
    sync_unlock(&n->pool);
    return writer_count(n) + turns;
}

struct view *view_take(struct node *n)
{
    struct view *v = NULL;
    bool wait = false;
    follow_lexicon(n);
    sync_lock(&n->pool);
    follow(n);
    if (n->idle != NULL) {
        v = n->idle;
        n->idle = v->next;
    } else if (n->views < NODE_VIEWS_MAX && (v = open_view(n)) != NULL) {
        n->views++;
    } else if (n->views > 0) {
        n->waiting++;
        wait = true;
    }
    sync_unlock(&n->pool);
    if (wait)
        v = sync_queue_take(&n->given, -1);
    if (v != NULL && store_begin_read(v->s) != CAU_OK) {
        view_give(n, v);
        v = NULL;
    }
    return v;
}

void view_give(struct node *n, struct view *v)
{
    if (v == NULL)
        return;
    store_undo(v->s);
    sync_lock(&n->pool);
    bool wanted = n->waiting > 0;
    if (wanted) {
        n->waiting--;
    } else {
        v->next = n->idle;
        n->idle = v;
    }
    sync_unlock(&n->pool);
    if (wanted)
        must(sync_queue_put(&n->given, v, 0) == CAU_OK);
}

void view_close_all(struct node *n)
{
    for (struct view *v = n->idle; v != NULL; v = v->next) {
        store_close(v->s);
        store_close(v->keys);
        n->views--;
    }
    must(n->views == 0);
    n->idle = NULL;
}

const struct node *view_node(const struct view *v)
{
    return v->n;
}

struct store *view_store(struct view *v)
{
    return v->s;
}
