/* local.h - state of this node alone, never exchanged: users, sessions, imports, profiles, saved searches, settings.
 *
 * Functions that write are called on the writer thread only (view/writer.h, writer_run); the others on any
 * connection. Text given is copied; text returned lives in the arena. */
#ifndef CAU_STORE_LOCAL_H
#define CAU_STORE_LOCAL_H

#include "base/base.h"

#define LOCAL_USERS_MAX         100000
#define LOCAL_NAME_BYTES_MAX    100
#define LOCAL_REPORT_BYTES_MAX  ((size_t)8 << 20) /* of one import */
#define LOCAL_PROFILE_BYTES_MAX 65536

#define LOCAL_SEARCHES_MAX           50 /* of one user */
#define LOCAL_SEARCH_NAME_BYTES_MAX  400
#define LOCAL_SEARCH_QUERY_BYTES_MAX 8000

struct store;

/* What a person may be; bits of local_user.roles. A signed-in user without any is a reader. */
enum local_role {
    LOCAL_MEMBER = 1,
    LOCAL_EDITOR = 2,
    LOCAL_ADVISER = 4,
    LOCAL_SECRETARY = 8,
    LOCAL_OFFICER = 16,
    LOCAL_REVIEWER = 32,
    LOCAL_ADMINISTRATOR = 64,
};

struct local_user {
    uint32_t id;             /* from 1 */
    struct str name;         /* signs in with it: [a-z0-9][a-z0-9._@-]{1,99} */
    struct str display;      /* shown to signed-in people */
    struct str password;     /* argon2id string; empty: cannot sign in */
    unsigned roles;          /* bits of enum local_role */
    struct str organization; /* record id he speaks for; empty: none */
    struct str lang;         /* "vi" "ru" "en" */
    bool active;
    int64_t made_ms;
};
/* Errors: REFUSED (name taken), RANGE (too many users, name too long), IO, FULL. */
enum cau_err local_user_add(struct store *s, const struct local_user *user, uint32_t *id);
enum cau_err local_user_set(struct store *s,
                            const struct local_user *user); /* all but id and name; UNKNOWN */
enum cau_err local_user_find(struct store *s, struct arena *a, struct str name,
                             struct local_user *out);
enum cau_err local_user_get(struct store *s, struct arena *a, uint32_t id,
                            struct local_user *out);
enum cau_err local_user_list(struct store *s, struct arena *a, struct local_user **out,
                             size_t *n); /* by name */

/* A session is known by the SHA-256 of its token. */
struct local_session {
    unsigned char token_hash[32];
    unsigned char form_key[32]; /* key of the tokens in forms */
    uint32_t user;
    int64_t made_ms, seen_ms;
};
enum cau_err local_session_add(struct store *s, const struct local_session *session);
enum cau_err local_session_find(struct store *s, const unsigned char token_hash[32],
                                struct local_session *out);
enum cau_err local_session_seen(struct store *s, const unsigned char token_hash[32],
                                int64_t seen_ms);
enum cau_err local_session_remove(struct store *s, const unsigned char token_hash[32]);
enum cau_err local_session_remove_user(struct store *s, uint32_t user);
enum cau_err local_session_sweep(struct store *s, int64_t made_before_ms,
                                 int64_t seen_before_ms);

enum local_import_state {
    LOCAL_IMPORT_PREVIEW, /* looked at, nothing written */
    LOCAL_IMPORT_RUNNING,
    LOCAL_IMPORT_DONE,
    LOCAL_IMPORT_FAILED,
    LOCAL_IMPORT_UNDONE,
    LOCAL_IMPORT_DROPPED, /* a preview that nobody wanted */
};
struct local_import {
    uint32_t id;        /* shown as import-0007 */
    uint32_t user;      /* 0: the operator at the command line */
    struct str file;    /* its name as given, for display only */
    struct str upload;  /* hex SHA-256 of the bytes; the file in the node's folder upload/ */
    struct str options; /* JSON: format, kind, profile, mapping */
    enum local_import_state state;
    uint32_t rows, added, changed, same, refused, alike; /* alike: look like a record we have */
    uint32_t done;                                       /* rows worked on so far */
    struct str report; /* JSON array of problems and likenesses, see exchange/import/import.h */
    int64_t made_ms, ended_ms;
};
enum cau_err local_import_add(struct store *s, const struct local_import *import, uint32_t *id);
/* All but id and made_ms; an empty report leaves the one that is there. Errors: UNKNOWN, RANGE (report). */
enum cau_err local_import_set(struct store *s, const struct local_import *import);
enum cau_err local_import_get(struct store *s, struct arena *a, uint32_t id,
                              struct local_import *out);
/* Newest first, without reports. */
enum cau_err local_import_list(struct store *s, struct arena *a, size_t max,
                               struct local_import **out, size_t *n);

/* Column mappings by name: JSON text. */
enum cau_err local_profile_set(struct store *s, struct str name, struct str json);
enum cau_err local_profile_get(struct store *s, struct arena *a, struct str name,
                               struct str *json);
enum cau_err local_profile_list(struct store *s, struct arena *a, struct str **names,
                                size_t *n);

/* A search somebody wants to see again, with what has come since. Every function but the last looks at the
 * searches of one user only: those of others are UNKNOWN. */
struct local_search {
    uint32_t id, user;
    struct str name;
    struct str query;         /* words and filters as in an address: "q=...&kind=need" */
    struct str lang;          /* "vi" "ru" "en" */
    int64_t made_ms, seen_ms; /* saved; looked at last */
    unsigned audiences;       /* what its owner might see then: struct index_reader, */
    struct str
        organization; /* with the record id of his organisation in place of its document */
    bool has_feed;
};
/* Errors: RANGE (LOCAL_SEARCHES_MAX, a name or query too long). */
enum cau_err local_search_add(struct store *s, const struct local_search *search, uint32_t *id);
enum cau_err local_search_list(struct store *s, struct arena *a, uint32_t user,
                               struct local_search **out, size_t *n); /* oldest first */
enum cau_err local_search_get(struct store *s, struct arena *a, uint32_t user, uint32_t id,
                              struct local_search *out);
/* Sets seen_ms, audiences and organization of search->user's search->id. */
enum cau_err local_search_seen(struct store *s, const struct local_search *search);
/* The SHA-256 of the feed's token; NULL: it has no feed any more. */
enum cau_err local_search_feed(struct store *s, uint32_t user, uint32_t id,
                               const unsigned char token_hash[32]);
enum cau_err local_search_remove(struct store *s, uint32_t user, uint32_t id);
enum cau_err local_search_of_feed(struct store *s, struct arena *a,
                                  const unsigned char token_hash[32], struct local_search *out);

/* How a user is reminded (domain/people/remind.h). */
#define LOCAL_ADDRESS_BYTES_MAX 254
struct local_reminder {
    uint32_t user;
    struct str address; /* of e-mail; may be empty */
    unsigned often;     /* enum remind_often */
    bool has_calendar;
    int32_t sent_day; /* days since 1970 when it was last looked whether to write; 0: never */
};
/* Who never said anything has an empty one. */
enum cau_err local_reminder_get(struct store *s, struct arena *a, uint32_t user,
                                struct local_reminder *out);
/* Sets address and often. Errors: RANGE (address too long). */
enum cau_err local_reminder_set(struct store *s, const struct local_reminder *reminder);
enum cau_err local_reminder_sent(struct store *s, uint32_t user, int32_t day);
/* The SHA-256 of the calendar's token; NULL: it has none any more. */
enum cau_err local_reminder_calendar(struct store *s, uint32_t user,
                                     const unsigned char token_hash[32]);
enum cau_err local_reminder_of_calendar(struct store *s, const unsigned char token_hash[32],
                                        uint32_t *user);
/* Users that want mail and were not written to on or after that day, at most max, by number. */
enum cau_err local_reminder_wanted(struct store *s, struct arena *a, int32_t day, size_t max,
                                   struct local_reminder **out, size_t *n);

/* Mail that waits to be handed to the server (exchange/mail/mail.h). */
#define LOCAL_MAILS_MAX        10000
#define LOCAL_MAIL_BYTES_MAX   262144 /* of one text */
#define LOCAL_MAIL_SUBJECT_MAX 1000   /* bytes */
struct local_mail {
    uint32_t id;
    struct str to, subject, text;
    int64_t made_ms, next_ms; /* not before that is it tried (again) */
    uint32_t tries;           /* so far */
};
/* Errors: RANGE (the queue is full, a text too long). */
enum cau_err local_mail_add(struct store *s, const struct local_mail *mail);
/* The one that may be tried now and has waited longest. Errors: UNKNOWN (none). */
enum cau_err local_mail_next(struct store *s, struct arena *a, int64_t now_ms,
                             struct local_mail *out);
enum cau_err local_mail_again(struct store *s, uint32_t id, int64_t next_ms); /* one try more */
enum cau_err local_mail_remove(struct store *s, uint32_t id);

enum cau_err local_setting_set(struct store *s, struct str name, struct str value);
enum cau_err local_setting_get(struct store *s, struct arena *a, struct str name,
                               struct str *value); /* UNKNOWN */

#endif
