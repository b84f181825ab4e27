#include "store/local.h"

#include "store/sql.h"

/* ---- users ---- */

static bool name_valid(struct str x)
{
    if (x.len < 2 || x.len > LOCAL_NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < x.len; i++) {
        char c = x.p[i];
        bool first = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!first && (i == 0 || (c != '.' && c != '_' && c != '@' && c != '-')))
            return false;
    }
    return true;
}

enum cau_err local_user_add(struct store *s, const struct local_user *u, uint32_t *id)
{
    int64_t n = 0;
    if (!name_valid(u->name))
        return CAU_ERR_RANGE;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM user", SQL_NO_ARGS, &n);
    if (err == CAU_OK && n >= LOCAL_USERS_MAX)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK)
        err = sql_do(
            s,
            "INSERT INTO user(name, display, password, roles, organization, lang, active,"
            " made_ms) VALUES(?,?,?,?,?,?,?,?)",
            SQL_ARGS(sql_of_text(u->name), sql_of_text(u->display), sql_of_text(u->password),
                     sql_of_int(u->roles), sql_of_text(u->organization), sql_of_text(u->lang),
                     sql_of_int(u->active), sql_of_int(u->made_ms)));
    if (err == CAU_OK)
        *id = (uint32_t)sql_last_id(s);
    return err;
}

enum cau_err local_user_set(struct store *s, const struct local_user *u)
{
    enum cau_err err = sql_do(
        s,
        "UPDATE user SET display = ?, password = ?, roles = ?, organization = ?, lang = ?,"
        " active = ?, made_ms = ? WHERE id = ?",
        SQL_ARGS(sql_of_text(u->display), sql_of_text(u->password), sql_of_int(u->roles),
                 sql_of_text(u->organization), sql_of_text(u->lang), sql_of_int(u->active),
                 sql_of_int(u->made_ms), sql_of_int(u->id)));
    return err == CAU_OK && sql_changed(s) != 1 ? CAU_ERR_UNKNOWN : err;
}

#define USER_COLUMNS                                                                           \
    "SELECT id, roles, active, made_ms, name, display, password, organization, lang FROM "     \
    "user "

/* Copies the texts of columns first.. in order. */
static enum cau_err copy_texts(struct arena *a, const struct sql *q, int first,
                               struct str *const *part, int n)
{
    enum cau_err err = CAU_OK;
    for (int i = 0; i < n && err == CAU_OK; i++)
        err = arena_copy(a, sql_bytes(q, first + i), part[i]);
    return err;
}

static enum cau_err read_user(struct arena *a, const struct sql *q, struct local_user *out)
{
    *out = (struct local_user){.id = (uint32_t)sql_int(q, 0),
                               .roles = (unsigned)sql_int(q, 1),
                               .active = sql_int(q, 2) != 0,
                               .made_ms = sql_int(q, 3)};
    struct str *part[] = {&out->name, &out->display, &out->password, &out->organization,
                          &out->lang};
    return copy_texts(a, q, 4, part, countof(part));
}

static enum cau_err one_user(struct sql q, struct arena *a, struct local_user *out)
{
    struct local_user u;
    if (sql_next(&q))
        q.err = read_user(a, &q, &u);
    else if (q.err == CAU_OK)
        q.err = CAU_ERR_UNKNOWN;
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = u;
    return err;
}

enum cau_err local_user_find(struct store *s, struct arena *a, struct str name,
                             struct local_user *out)
{
    return one_user(sql_start(s, USER_COLUMNS "WHERE name = ?", SQL_ARGS(sql_of_text(name))), a,
                    out);
}

enum cau_err local_user_get(struct store *s, struct arena *a, uint32_t id,
                            struct local_user *out)
{
    return one_user(sql_start(s, USER_COLUMNS "WHERE id = ?", SQL_ARGS(sql_of_int(id))), a,
                    out);
}

enum cau_err local_user_list(struct store *s, struct arena *a, struct local_user **out,
                             size_t *n)
{
    int64_t count = 0;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM user", SQL_NO_ARGS, &count);
    if (err != CAU_OK)
        return err;
    struct local_user *list = arena_take(a, (size_t)count * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    size_t i = 0;
    struct sql q =
        sql_start(s, USER_COLUMNS "ORDER BY name LIMIT ?", SQL_ARGS(sql_of_int(count)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = read_user(a, &q, &list[i++]);
    err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = i;
    }
    return err;
}

/* ---- sessions ---- */

static struct str bytes_of(const unsigned char b[32])
{
    return (struct str){(const char *)b, 32};
}

enum cau_err local_session_add(struct store *s, const struct local_session *x)
{
    return sql_do(s, "INSERT INTO session VALUES(?,?,?,?,?)",
                  SQL_ARGS(sql_of_blob(bytes_of(x->token_hash)),
                           sql_of_blob(bytes_of(x->form_key)), sql_of_int(x->user),
                           sql_of_int(x->made_ms), sql_of_int(x->seen_ms)));
}

enum cau_err local_session_find(struct store *s, const unsigned char token_hash[32],
                                struct local_session *out)
{
    struct local_session x;
    struct digest hash, key;
    struct sql q = sql_start(s,
                             "SELECT token_hash, form_key, user, made_ms, seen_ms FROM session"
                             " WHERE token_hash = ?",
                             SQL_ARGS(sql_of_blob(bytes_of(token_hash))));
    if (sql_next(&q)) {
        x.user = (uint32_t)sql_int(&q, 2);
        x.made_ms = sql_int(&q, 3);
        x.seen_ms = sql_int(&q, 4);
        if (sql_digest(&q, 0, &hash) == CAU_OK && sql_digest(&q, 1, &key) == CAU_OK)
            for (size_t i = 0; i < 32; i++) {
                x.token_hash[i] = hash.b[i];
                x.form_key[i] = key.b[i];
            }
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = x;
    return err;
}

enum cau_err local_session_seen(struct store *s, const unsigned char token_hash[32],
                                int64_t seen_ms)
{
    return sql_do(s, "UPDATE session SET seen_ms = ? WHERE token_hash = ?",
                  SQL_ARGS(sql_of_int(seen_ms), sql_of_blob(bytes_of(token_hash))));
}

enum cau_err local_session_remove(struct store *s, const unsigned char token_hash[32])
{
    return sql_do(s, "DELETE FROM session WHERE token_hash = ?",
                  SQL_ARGS(sql_of_blob(bytes_of(token_hash))));
}

enum cau_err local_session_remove_user(struct store *s, uint32_t user)
{
    return sql_do(s, "DELETE FROM session WHERE user = ?", SQL_ARGS(sql_of_int(user)));
}

enum cau_err local_session_sweep(struct store *s, int64_t made_before_ms,
                                 int64_t seen_before_ms)
{
    return sql_do(s, "DELETE FROM session WHERE made_ms < ? OR seen_ms < ?",
                  SQL_ARGS(sql_of_int(made_before_ms), sql_of_int(seen_before_ms)));
}

/* ---- imports ---- */

static enum cau_err set_report(struct store *s, uint32_t id, struct str report)
{
    if (report.len == 0)
        return CAU_OK;
    return sql_do(s, "INSERT OR REPLACE INTO import_report VALUES(?,?)",
                  SQL_ARGS(sql_of_int(id), sql_of_text(report)));
}

enum cau_err local_import_add(struct store *s, const struct local_import *x, uint32_t *id)
{
    if (x->report.len > LOCAL_REPORT_BYTES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = sql_do(
        s,
        "INSERT INTO import(user, file, upload, options, state, count_rows, added, changed,"
        " same, refused, alike, done, made_ms, ended_ms) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        SQL_ARGS(sql_of_int(x->user), sql_of_text(x->file), sql_of_text(x->upload),
                 sql_of_text(x->options), sql_of_int(x->state), sql_of_int(x->rows),
                 sql_of_int(x->added), sql_of_int(x->changed), sql_of_int(x->same),
                 sql_of_int(x->refused), sql_of_int(x->alike), sql_of_int(x->done),
                 sql_of_int(x->made_ms), sql_of_int(x->ended_ms)));
    if (err != CAU_OK)
        return err;
    uint32_t made = (uint32_t)sql_last_id(s);
    err = set_report(s, made, x->report);
    if (err == CAU_OK)
        *id = made;
    return err;
}

enum cau_err local_import_set(struct store *s, const struct local_import *x)
{
    if (x->report.len > LOCAL_REPORT_BYTES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = sql_do(
        s,
        "UPDATE import SET user = ?, file = ?, upload = ?, options = ?, state = ?,"
        " count_rows = ?, added = ?, changed = ?, same = ?, refused = ?, alike = ?, done = ?,"
        " ended_ms = ? WHERE id = ?",
        SQL_ARGS(sql_of_int(x->user), sql_of_text(x->file), sql_of_text(x->upload),
                 sql_of_text(x->options), sql_of_int(x->state), sql_of_int(x->rows),
                 sql_of_int(x->added), sql_of_int(x->changed), sql_of_int(x->same),
                 sql_of_int(x->refused), sql_of_int(x->alike), sql_of_int(x->done),
                 sql_of_int(x->ended_ms), sql_of_int(x->id)));
    if (err == CAU_OK && sql_changed(s) != 1)
        err = CAU_ERR_UNKNOWN;
    return err == CAU_OK ? set_report(s, x->id, x->report) : err;
}

#define IMPORT_COLUMNS                                                                         \
    "SELECT id, user, state, count_rows, added, changed, same, refused, alike, done, made_ms," \
    " ended_ms, file, upload, options FROM import "

static enum cau_err read_import(struct arena *a, const struct sql *q, struct local_import *out)
{
    *out = (struct local_import){.id = (uint32_t)sql_int(q, 0),
                                 .user = (uint32_t)sql_int(q, 1),
                                 .state = (enum local_import_state)sql_int(q, 2),
                                 .made_ms = sql_int(q, 10),
                                 .ended_ms = sql_int(q, 11)};
    uint32_t *count[] = {&out->rows,    &out->added, &out->changed, &out->same,
                         &out->refused, &out->alike, &out->done};
    for (int i = 0; i < (int)countof(count); i++)
        *count[i] = (uint32_t)sql_int(q, 3 + i);
    struct str *part[] = {&out->file, &out->upload, &out->options};
    return copy_texts(a, q, 12, part, countof(part));
}

enum cau_err local_import_get(struct store *s, struct arena *a, uint32_t id,
                              struct local_import *out)
{
    struct local_import x;
    struct sql q = sql_start(s, IMPORT_COLUMNS "WHERE id = ?", SQL_ARGS(sql_of_int(id)));
    if (sql_next(&q))
        q.err = read_import(a, &q, &x);
    else if (q.err == CAU_OK)
        q.err = CAU_ERR_UNKNOWN;
    enum cau_err err = sql_end(&q);
    if (err != CAU_OK)
        return err;
    err = sql_get_bytes(s, a, "SELECT report FROM import_report WHERE import = ?",
                        SQL_ARGS(sql_of_int(id)), &x.report);
    if (err != CAU_OK && err != CAU_ERR_UNKNOWN) /* one without a report has no row */
        return err;
    *out = x;
    return CAU_OK;
}

enum cau_err local_import_list(struct store *s, struct arena *a, size_t max,
                               struct local_import **out, size_t *n)
{
    int64_t count = 0;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM import", SQL_NO_ARGS, &count);
    if (err != CAU_OK)
        return err;
    if ((uint64_t)count > max)
        count = (int64_t)max;
    struct local_import *list = arena_take(a, (size_t)count * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    size_t i = 0;
    struct sql q =
        sql_start(s, IMPORT_COLUMNS "ORDER BY id DESC LIMIT ?", SQL_ARGS(sql_of_int(count)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = read_import(a, &q, &list[i++]);
    err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = i;
    }
    return err;
}

/* ---- saved searches ---- */

enum cau_err local_search_add(struct store *s, const struct local_search *x, uint32_t *id)
{
    int64_t n = 0;
    if (x->name.len > LOCAL_SEARCH_NAME_BYTES_MAX ||
        x->query.len > LOCAL_SEARCH_QUERY_BYTES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM search WHERE user = ?",
                                   SQL_ARGS(sql_of_int(x->user)), &n);
    if (err == CAU_OK && n >= LOCAL_SEARCHES_MAX)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK)
        err = sql_do(s,
                     "INSERT INTO search(user, name, query, lang, made_ms, seen_ms, audiences,"
                     " organization) VALUES(?,?,?,?,?,?,?,?)",
                     SQL_ARGS(sql_of_int(x->user), sql_of_text(x->name), sql_of_text(x->query),
                              sql_of_text(x->lang), sql_of_int(x->made_ms),
                              sql_of_int(x->seen_ms), sql_of_int(x->audiences),
                              sql_of_text(x->organization)));
    if (err == CAU_OK)
        *id = (uint32_t)sql_last_id(s);
    return err;
}

#define SEARCH_COLUMNS                                                                         \
    "SELECT id, user, made_ms, seen_ms, audiences, feed IS NOT NULL, name, query, lang,"       \
    " organization FROM search "

static enum cau_err read_search(struct arena *a, const struct sql *q, struct local_search *out)
{
    *out = (struct local_search){.id = (uint32_t)sql_int(q, 0),
                                 .user = (uint32_t)sql_int(q, 1),
                                 .made_ms = sql_int(q, 2),
                                 .seen_ms = sql_int(q, 3),
                                 .audiences = (unsigned)sql_int(q, 4),
                                 .has_feed = sql_int(q, 5) != 0};
    struct str *part[] = {&out->name, &out->query, &out->lang, &out->organization};
    return copy_texts(a, q, 6, part, countof(part));
}

static enum cau_err one_search(struct sql q, struct arena *a, struct local_search *out)
{
    struct local_search x;
    if (sql_next(&q))
        q.err = read_search(a, &q, &x);
    else if (q.err == CAU_OK)
        q.err = CAU_ERR_UNKNOWN;
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = x;
    return err;
}

enum cau_err local_search_list(struct store *s, struct arena *a, uint32_t user,
                               struct local_search **out, size_t *n)
{
    struct local_search *list = arena_take(a, LOCAL_SEARCHES_MAX * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    size_t i = 0;
    struct sql q = sql_start(s, SEARCH_COLUMNS "WHERE user = ? ORDER BY id LIMIT ?",
                             SQL_ARGS(sql_of_int(user), sql_of_int(LOCAL_SEARCHES_MAX)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = read_search(a, &q, &list[i++]);
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = i;
    }
    return err;
}

enum cau_err local_search_get(struct store *s, struct arena *a, uint32_t user, uint32_t id,
                              struct local_search *out)
{
    return one_search(sql_start(s, SEARCH_COLUMNS "WHERE user = ? AND id = ?",
                                SQL_ARGS(sql_of_int(user), sql_of_int(id))),
                      a, out);
}

static enum cau_err changed_one(struct store *s, enum cau_err err)
{
    return err == CAU_OK && sql_changed(s) != 1 ? CAU_ERR_UNKNOWN : err;
}

enum cau_err local_search_seen(struct store *s, const struct local_search *x)
{
    return changed_one(
        s,
        sql_do(s,
               "UPDATE search SET seen_ms = ?, audiences = ?, organization = ?"
               " WHERE user = ? AND id = ?",
               SQL_ARGS(sql_of_int(x->seen_ms), sql_of_int(x->audiences),
                        sql_of_text(x->organization), sql_of_int(x->user), sql_of_int(x->id))));
}

enum cau_err local_search_feed(struct store *s, uint32_t user, uint32_t id,
                               const unsigned char token_hash[32])
{
    struct str hash = {NULL, 0};
    if (token_hash != NULL)
        hash = bytes_of(token_hash);
    return changed_one(
        s, sql_do(s, "UPDATE search SET feed = ? WHERE user = ? AND id = ?",
                  SQL_ARGS(sql_or_null(sql_of_blob(hash)), sql_of_int(user), sql_of_int(id))));
}

enum cau_err local_search_remove(struct store *s, uint32_t user, uint32_t id)
{
    return changed_one(s, sql_do(s, "DELETE FROM search WHERE user = ? AND id = ?",
                                 SQL_ARGS(sql_of_int(user), sql_of_int(id))));
}

enum cau_err local_search_of_feed(struct store *s, struct arena *a,
                                  const unsigned char token_hash[32], struct local_search *out)
{
    return one_search(sql_start(s, SEARCH_COLUMNS "WHERE feed = ?",
                                SQL_ARGS(sql_of_blob(bytes_of(token_hash)))),
                      a, out);
}

/* ---- reminders ---- */

#define REMINDER_COLUMNS                                                                       \
    "SELECT user, often, sent_day, calendar IS NOT NULL, address FROM reminder "

static enum cau_err read_reminder(struct arena *a, const struct sql *q,
                                  struct local_reminder *out)
{
    *out = (struct local_reminder){.user = (uint32_t)sql_int(q, 0),
                                   .often = (unsigned)sql_int(q, 1),
                                   .sent_day = (int32_t)sql_int(q, 2),
                                   .has_calendar = sql_int(q, 3) != 0};
    return arena_copy(a, sql_bytes(q, 4), &out->address);
}

enum cau_err local_reminder_get(struct store *s, struct arena *a, uint32_t user,
                                struct local_reminder *out)
{
    struct local_reminder x = {.user = user};
    struct sql q = sql_start(s, REMINDER_COLUMNS "WHERE user = ?", SQL_ARGS(sql_of_int(user)));
    if (sql_next(&q))
        q.err = read_reminder(a, &q, &x);
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = x;
    return err;
}

enum cau_err local_reminder_set(struct store *s, const struct local_reminder *x)
{
    if (x->address.len > LOCAL_ADDRESS_BYTES_MAX)
        return CAU_ERR_RANGE;
    return sql_do(s,
                  "INSERT INTO reminder(user, address, often, sent_day) VALUES(?,?,?,0)"
                  " ON CONFLICT(user) DO UPDATE SET address = excluded.address,"
                  " often = excluded.often",
                  SQL_ARGS(sql_of_int(x->user), sql_of_text(x->address), sql_of_int(x->often)));
}

enum cau_err local_reminder_sent(struct store *s, uint32_t user, int32_t day)
{
    return changed_one(s, sql_do(s, "UPDATE reminder SET sent_day = ? WHERE user = ?",
                                 SQL_ARGS(sql_of_int(day), sql_of_int(user))));
}

enum cau_err local_reminder_calendar(struct store *s, uint32_t user,
                                     const unsigned char token_hash[32])
{
    struct str hash = {NULL, 0};
    if (token_hash != NULL)
        hash = bytes_of(token_hash);
    return sql_do(s,
                  "INSERT INTO reminder(user, address, often, sent_day, calendar)"
                  " VALUES(?,'',0,0,?) ON CONFLICT(user) DO UPDATE SET"
                  " calendar = excluded.calendar",
                  SQL_ARGS(sql_of_int(user), sql_or_null(sql_of_blob(hash))));
}

enum cau_err local_reminder_of_calendar(struct store *s, const unsigned char token_hash[32],
                                        uint32_t *user)
{
    int64_t found = 0;
    enum cau_err err = sql_get_int(s, "SELECT user FROM reminder WHERE calendar = ?",
                                   SQL_ARGS(sql_of_blob(bytes_of(token_hash))), &found);
    if (err == CAU_OK)
        *user = (uint32_t)found;
    return err;
}

enum cau_err local_reminder_wanted(struct store *s, struct arena *a, int32_t day, size_t max,
                                   struct local_reminder **out, size_t *n)
{
    struct local_reminder *list = arena_take(a, max * sizeof *list);
    size_t i = 0;
    if (list == NULL)
        return CAU_ERR_MEMORY;
    struct sql q = sql_start(s,
                             REMINDER_COLUMNS
                             "WHERE often > 0 AND address <> '' AND sent_day < ? ORDER BY user"
                             " LIMIT ?",
                             SQL_ARGS(sql_of_int(day), sql_of_int((int64_t)max)));
    while (q.err == CAU_OK && i < max && sql_next(&q))
        q.err = read_reminder(a, &q, &list[i++]);
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK) {
        *out = list;
        *n = i;
    }
    return err;
}

/* ---- mail ---- */

enum cau_err local_mail_add(struct store *s, const struct local_mail *x)
{
    int64_t n = 0;
    if (x->to.len > LOCAL_ADDRESS_BYTES_MAX || x->subject.len > LOCAL_MAIL_SUBJECT_MAX ||
        x->text.len > LOCAL_MAIL_BYTES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM mail", SQL_NO_ARGS, &n);
    if (err == CAU_OK && n >= LOCAL_MAILS_MAX)
        err = CAU_ERR_RANGE;
    if (err != CAU_OK)
        return err;
    return sql_do(s,
                  "INSERT INTO mail(address, subject, text, made_ms, next_ms, tries)"
                  " VALUES(?,?,?,?,?,0)",
                  SQL_ARGS(sql_of_text(x->to), sql_of_text(x->subject), sql_of_text(x->text),
                           sql_of_int(x->made_ms), sql_of_int(x->next_ms)));
}

enum cau_err local_mail_next(struct store *s, struct arena *a, int64_t now_ms,
                             struct local_mail *out)
{
    struct local_mail x = {.id = 0};
    struct sql q = sql_start(s,
                             "SELECT id, made_ms, next_ms, tries, address, subject, text FROM"
                             " mail WHERE next_ms <= ? ORDER BY next_ms, id LIMIT 1",
                             SQL_ARGS(sql_of_int(now_ms)));
    if (sql_next(&q)) {
        x.id = (uint32_t)sql_int(&q, 0);
        x.made_ms = sql_int(&q, 1);
        x.next_ms = sql_int(&q, 2);
        x.tries = (uint32_t)sql_int(&q, 3);
        struct str *part[] = {&x.to, &x.subject, &x.text};
        q.err = copy_texts(a, &q, 4, part, countof(part));
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = x;
    return err;
}

enum cau_err local_mail_again(struct store *s, uint32_t id, int64_t next_ms)
{
    return changed_one(s,
                       sql_do(s, "UPDATE mail SET next_ms = ?, tries = tries + 1 WHERE id = ?",
                              SQL_ARGS(sql_of_int(next_ms), sql_of_int(id))));
}

enum cau_err local_mail_remove(struct store *s, uint32_t id)
{
    return changed_one(s, sql_do(s, "DELETE FROM mail WHERE id = ?", SQL_ARGS(sql_of_int(id))));
}

/* ---- profiles and settings ---- */

enum cau_err local_profile_set(struct store *s, struct str name, struct str json)
{
    if (name.len == 0 || name.len > LOCAL_NAME_BYTES_MAX || json.len > LOCAL_PROFILE_BYTES_MAX)
        return CAU_ERR_RANGE;
    return sql_do(s, "INSERT OR REPLACE INTO profile VALUES(?,?)",
                  SQL_ARGS(sql_of_text(name), sql_of_text(json)));
}

enum cau_err local_profile_get(struct store *s, struct arena *a, struct str name,
                               struct str *json)
{
    return sql_get_bytes(s, a, "SELECT json FROM profile WHERE name = ?",
                         SQL_ARGS(sql_of_text(name)), json);
}

enum cau_err local_profile_list(struct store *s, struct arena *a, struct str **names, size_t *n)
{
    int64_t count = 0;
    enum cau_err err = sql_get_int(s, "SELECT count(*) FROM profile", SQL_NO_ARGS, &count);
    if (err != CAU_OK)
        return err;
    struct str *list = arena_take(a, (size_t)count * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    size_t i = 0;
    struct sql q = sql_start(s, "SELECT name FROM profile ORDER BY name LIMIT ?",
                             SQL_ARGS(sql_of_int(count)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = arena_copy(a, sql_bytes(&q, 0), &list[i++]);
    err = sql_end(&q);
    if (err == CAU_OK) {
        *names = list;
        *n = i;
    }
    return err;
}

enum cau_err local_setting_set(struct store *s, struct str name, struct str value)
{
    if (name.len == 0 || name.len > LOCAL_NAME_BYTES_MAX || value.len > LOCAL_PROFILE_BYTES_MAX)
        return CAU_ERR_RANGE;
    return sql_do(s, "INSERT OR REPLACE INTO setting VALUES(?,?)",
                  SQL_ARGS(sql_of_text(name), sql_of_text(value)));
}

enum cau_err local_setting_get(struct store *s, struct arena *a, struct str name,
                               struct str *value)
{
    return sql_get_bytes(s, a, "SELECT value FROM setting WHERE name = ?",
                         SQL_ARGS(sql_of_text(name)), value);
}
