/* The thread that writes people's digests and hands waiting mail to the server, so that no request waits for it. */
#include "base/clock.h"
#include "base/log.h"
#include "base/sync.h"
#include "base/words.h"
#include "domain/rule/actor.h"
#include "exchange/mail/mail.h"
#include "view/writer.h"

#include <stdatomic.h>
#include <stdio.h>

enum { PEOPLE_AT_ONCE = 100, MAIL_BYTES = 1 << 20 };
#define WORKER_ARENA_BYTES ((size_t)32 << 20)

/* ---- what is written ---- */

static void add_words(struct buf *b, struct str message, const struct str *slot, size_t n)
{
    words_fill(b, message, slot, n);
}

static void add_number_words(struct buf *b, enum lang lang, const char *id, int64_t n)
{
    struct buf number = buf_new(64);
    words_number(&number, lang, n);
    struct str slot = buf_str(&number);
    add_words(b, words_n(lang, id, (uint64_t)n), &slot, 1);
    buf_free(&number);
}

static void add_item(struct buf *b, const struct view_record *r, const struct remind *it,
                     int32_t day, enum lang lang, struct str site)
{
    static const char *const what[REMIND_WHATS] = {
        "remind.what.commitment", "remind.what.obstacle", "remind.what.session",
        "remind.what.agreement"};
    buf_add_word(b, "- ");
    buf_add(b, record_title(r->kind, &r->payload, lang).text);
    buf_add_word(b, "\n  ");
    buf_add(b, words(lang, what[it->what]));
    buf_add_word(b, ": ");
    words_date(b, lang, desk_date(it->due));
    if (it->due != day && (it->due > day || it->what != REMIND_SESSION)) {
        buf_add_word(b, " (");
        add_number_words(b, lang, it->due < day ? "obstacle.over" : "obstacle.left",
                         it->due < day ? day - it->due : it->due - day);
        buf_add_char(b, ')');
    }
    buf_printf(b, "\n  %.*s/%.*s/%.*s\n\n", STR_ARG(site), STR_ARG(lang_code(lang)),
               STR_ARG(r->id));
}

enum cau_err mail_digest(struct node *n, struct view *v, struct arena *a,
                         const struct index_reader *reader, const struct remind_list *list,
                         int32_t day, enum lang lang, struct str site, struct buf *subject,
                         struct buf *text)
{
    static const char *const title[REMIND_WHENS] = {"remind.overdue", "remind.week",
                                                    "remind.month", "remind.later"};
    enum remind_when last = REMIND_WHENS;
    const struct str slot = node_config(n)->name;
    add_number_words(subject, lang, "mail.subject", (int64_t)(list->n + list->more));
    for (size_t i = 0; i < list->n; i++) {
        struct view_record r;
        size_t before = a->used;
        enum cau_err err = view_get(v, a, *reader, list->v[i].doc, &r);
        enum remind_when when = remind_when_of(list->v[i].end, day);
        if (err == CAU_ERR_UNKNOWN) /* it has gone since */
            continue;
        if (err != CAU_OK)
            return err;
        if (when != last)
            buf_printf(text, "%.*s\n\n", STR_ARG(words(lang, title[when])));
        last = when;
        add_item(text, &r, &list->v[i], day, lang, site);
        a->used = before;
    }
    if (list->more > 0) {
        add_number_words(text, lang, "remind.more", (int64_t)list->more);
        buf_add_word(text, "\n\n");
    }
    add_words(text, words(lang, "mail.why"), &slot, 1);
    buf_printf(text, "\n%.*s/%.*s/account#reminders\n", STR_ARG(site),
               STR_ARG(lang_code(lang)));
    return subject->failed || text->failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* ---- the thread ---- */

struct mail_worker {
    struct node *n;
    struct desk *desk;
    struct mail_config config;
    struct arena own;        /* of this struct and the settings */
    struct arena a;          /* of what is being done */
    struct sync_queue alarm; /* closed when the thread is to end */
    void *slot[1];
    struct sync_thread thread;
    atomic_bool ending;
};

static bool is_ending(void *ctx)
{
    struct mail_worker *w = ctx;
    return atomic_load(&w->ending);
}

/* Somebody's digest goes into the queue, if this is his day; in the same transaction he has been looked at. */
struct writing {
    uint32_t user;
    int32_t day;
    struct local_mail mail; /* text empty: none today */
};

static enum cau_err write_step(struct store *s, void *arg)
{
    const struct writing *x = arg;
    enum cau_err err = x->mail.text.len == 0 ? CAU_OK : local_mail_add(s, &x->mail);
    return err == CAU_OK ? local_reminder_sent(s, x->user, x->day) : err;
}

static enum cau_err compose(struct mail_worker *w, struct view *v,
                            const struct local_reminder *wish, int32_t day, struct buf *subject,
                            struct buf *text)
{
    struct local_user user;
    struct remind_list list;
    enum lang lang = LANG_EN;
    enum cau_err err = local_user_get(view_store(v), &w->a, wish->user, &user);
    if (err != CAU_OK || !user.active)
        return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
    struct actor actor = actor_of(v, &user);
    struct remind_person inside = remind_person_of(v, &w->a, w->n, &actor),
                         person = remind_person_outside(&inside);
    (void)lang_read(user.lang, &lang);
    err = desk_take(w->desk, v);
    if (err != CAU_OK)
        return err;
    err = remind_find(w->desk, v, &w->a, &person, day, REMIND_MONTH_DAYS, &list);
    desk_give(w->desk);
    if (err == CAU_OK && remind_is_day((enum remind_often)wish->often, &list, day))
        err = mail_digest(w->n, v, &w->a, &person.reader, &list, day, lang, w->config.site,
                          subject, text);
    return err;
}

static void write_one(struct mail_worker *w, const struct local_reminder *wish, int32_t day)
{
    struct buf subject = buf_new(LOCAL_MAIL_SUBJECT_MAX), text = buf_new(LOCAL_MAIL_BYTES_MAX);
    struct view *v = view_take(w->n);
    enum cau_err err = compose(w, v, wish, day, &subject, &text);
    view_give(w->n, v);
    struct writing x = {.user = wish->user,
                        .day = day,
                        .mail = {.to = wish->address,
                                 .subject = buf_str(&subject),
                                 .text = buf_str(&text),
                                 .made_ms = clock_now_ms(),
                                 .next_ms = clock_now_ms()}};
    if (err == CAU_OK)
        err = writer_run(w->n, write_step, &x);
    if (err != CAU_OK)
        log_line(LOG_WARN, "digest of user %u not written: %s", wish->user, cau_err_name(err));
    buf_free(&subject);
    buf_free(&text);
}

static void write_digests(struct mail_worker *w)
{
    int64_t now = clock_now_ms();
    int32_t day = desk_day_of_ms(now);
    struct local_reminder *list = NULL;
    size_t n = 0;
    if (now - (int64_t)day * 86400000 < (int64_t)MAIL_HOUR_UTC * 3600000)
        return;
    struct view *v = view_take(w->n);
    enum cau_err err =
        local_reminder_wanted(view_store(v), &w->a, day, PEOPLE_AT_ONCE, &list, &n);
    view_give(w->n, v);
    if (err != CAU_OK) {
        log_line(LOG_WARN, "digests: %s", cau_err_name(err));
        return;
    }
    for (size_t i = 0; i < n && !is_ending(w); i++) {
        size_t before = w->a.used;
        write_one(w, &list[i], day);
        w->a.used = before;
    }
}

/* What becomes of a message in the queue after a try. */
struct tried {
    const struct local_mail *mail;
    int64_t next_ms; /* 0: it leaves the queue */
};

static enum cau_err tried_step(struct store *s, void *arg)
{
    const struct tried *t = arg;
    return t->next_ms == 0 ? local_mail_remove(s, t->mail->id)
                           : local_mail_again(s, t->mail->id, t->next_ms);
}

static enum cau_err try_to_send(struct mail_worker *w, const struct local_mail *mail)
{
    char id[340];
    struct buf bytes = buf_new(MAIL_BYTES);
    int n = snprintf(id, sizeof id, "%u.%lld@%.*s", mail->id, (long long)mail->made_ms,
                     STR_ARG(node_config(w->n)->name));
    struct mail_message m = {.from = w->config.from,
                             .to = mail->to,
                             .subject = mail->subject,
                             .text = mail->text,
                             .id = {id, (size_t)n},
                             .date_ms = mail->made_ms};
    enum cau_err err = mail_write(&bytes, &m);
    if (err == CAU_OK)
        err = mail_send(&w->config, mail->to, buf_str(&bytes), is_ending, w);
    else
        err = CAU_ERR_REFUSED;
    buf_free(&bytes);
    return err;
}

/* False: nothing waits, or the queue cannot be worked on now. */
static bool send_one(struct mail_worker *w)
{
    struct local_mail mail;
    size_t before = w->a.used;
    struct view *v = view_take(w->n);
    enum cau_err err = local_mail_next(view_store(v), &w->a, clock_now_ms(), &mail);
    view_give(w->n, v);
    if (err != CAU_OK)
        return false;
    err = try_to_send(w, &mail);
    if (is_ending(w) && err != CAU_OK) /* broken off: that was no try */
        return false;
    struct tried t = {.mail = &mail};
    int64_t delay = w->config.retry_ms;
    for (uint32_t i = 0; i < mail.tries; i++)
        delay *= 3;
    if (err != CAU_OK && err != CAU_ERR_REFUSED && mail.tries + 1 < MAIL_TRIES_MAX)
        t.next_ms = clock_now_ms() + delay;
    else if (err != CAU_OK)
        log_line(LOG_ERROR, "mail %u given up after %u tries: %s", mail.id, mail.tries + 1,
                 cau_err_name(err));
    err = writer_run(w->n, tried_step, &t);
    w->a.used = before;
    return err == CAU_OK;
}

static void *run(void *arg)
{
    struct mail_worker *w = arg;
    while (!is_ending(w)) {
        arena_reset(&w->a);
        /* A node that cannot note what was sent sends nothing, or it would send it again. */
        if (node_state(w->n) == NODE_NORMAL) {
            write_digests(w);
            while (!is_ending(w) && send_one(w))
                continue;
        }
        (void)sync_queue_take(&w->alarm, (int)w->config.tick_ms);
    }
    return NULL;
}

static enum cau_err copy_config(struct arena *a, const struct mail_config *from,
                                struct mail_config *to)
{
    *to = *from;
    struct str *part[] = {&to->server, &to->user, &to->password_file, &to->from, &to->site};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(part) && err == CAU_OK; i++)
        err = arena_copy(a, *part[i], part[i]);
    return err;
}

enum cau_err mail_worker_start(struct node *n, struct desk *desk,
                               const struct mail_config *config, struct mail_worker **out)
{
    struct arena own = arena_new(1 << 20);
    struct mail_worker *w = arena_zero(&own, sizeof *w);
    enum cau_err err = w == NULL ? CAU_ERR_MEMORY : copy_config(&own, config, &w->config);
    if (err != CAU_OK) {
        arena_free(&own);
        return err;
    }
    w->n = n;
    w->desk = desk;
    w->own = own;
    w->a = arena_new(WORKER_ARENA_BYTES);
    sync_queue_init(&w->alarm, w->slot, countof(w->slot));
    err = sync_start(&w->thread, run, w);
    if (err == CAU_OK) {
        *out = w;
        return CAU_OK;
    }
    sync_queue_end(&w->alarm);
    arena_free(&w->a);
    own = w->own;
    arena_free(&own);
    return err;
}

void mail_worker_end(struct mail_worker *w)
{
    if (w == NULL)
        return;
    atomic_store(&w->ending, true);
    sync_queue_close(&w->alarm);
    sync_join(&w->thread);
    sync_queue_end(&w->alarm);
    struct arena own = w->own;
    arena_free(&w->a);
    arena_free(&own);
}
