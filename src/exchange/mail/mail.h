/* mail.h - reminders by e-mail: the node's settings, one message as bytes, handing it to a server, the thread that does.
 *
 * Outbound only, to the one server that the operator names in the file mail.conf of the node's folder. Messages wait in
 * the database (store/local.h) until the server has taken them: a crash loses none. */
#ifndef CAU_EXCHANGE_MAIL_H
#define CAU_EXCHANGE_MAIL_H

#include "domain/people/remind.h"

#define MAIL_FILE             "mail.conf"
#define MAIL_CONFIG_BYTES_MAX 16384
#define MAIL_SECRET_BYTES_MAX 1024 /* of the password file; its first line counts */
#define MAIL_TRIES_MAX        8
#define MAIL_RETRY_MS                                                                          \
    (5 * 60 * 1000) /* before the second try; three times as long before each later one */
#define MAIL_TICK_MS   (60 * 1000) /* how often the thread looks */
#define MAIL_HOUR_UTC  1           /* digests are made from then on: 8 in Ha Noi, 4 in Moscow */
#define MAIL_CONNECT_S 20
#define MAIL_SEND_S    60

enum mail_tls {
    MAIL_TLS_START, /* starttls: must be offered, and holds */
    MAIL_TLS_FULL,  /* tls: from the first byte */
    MAIL_TLS_NONE,  /* none: without a user only, unless the server is this machine */
};
struct mail_config {
    struct str server; /* host name or address */
    unsigned port;
    enum mail_tls tls;
    struct str user;            /* empty: without signing in */
    struct str password_file;   /* path; with a user */
    struct str from;            /* address */
    struct str site;            /* "https://vn.example": what links in messages begin with */
    unsigned tick_ms, retry_ms; /* of the thread; not in the file */
};
/* Reads settings: lines "server HOST", "port N", "tls starttls|tls|none", "user NAME", "password-file PATH",
 * "from ADDRESS", "site https://HOST"; empty lines and those beginning with # are passed over. server, from and site are
 * needed; port is 587, with tls 465; tls is starttls. Text is borrowed. Errors: SYNTAX (*line is the line, from 1; 0: a
 * needed one is missing, a password would go out in the clear), RANGE (over MAIL_CONFIG_BYTES_MAX). */
enum cau_err mail_config_read(struct str text, struct mail_config *out, size_t *line);
/* The same of the node's file. UNKNOWN: there is none; else what is wrong is in the log. */
enum cau_err mail_config_load(struct arena *a, const struct node *n, struct mail_config *out);

struct mail_message {
    struct str from, to; /* addresses */
    struct str subject;  /* one line of UTF-8 */
    struct str text;     /* UTF-8 */
    struct str id;       /* letters, digits and . - @: "17.1795335300@vn.example" */
    int64_t date_ms;
};
/* Appends the message as RFC 5322 and 2045 want it: plain text, UTF-8, quoted-printable, lines of 76 bytes. Errors:
 * SYNTAX (an address or the id is not plain, or the subject holds a control character: nothing of a user's can begin a
 * header), MEMORY. */
enum cau_err mail_write(struct buf *b, const struct mail_message *message);

/* Hands bytes to the server, in at most MAIL_SEND_S seconds; stop (may be NULL) ends it early when it becomes true.
 * Errors: REFUSED (the server will not take it, ever), IO (not now), UNKNOWN, RANGE (the password file is not there,
 * or too long). */
enum cau_err mail_send(const struct mail_config *config, struct str to, struct str bytes,
                       bool (*stop)(void *ctx), void *ctx);

/* What somebody is written on a day, in his language. Nothing private is named. list: as of remind_person_outside.
 * Errors: MEMORY, IO. */
enum cau_err mail_digest(struct node *n, struct view *v, struct arena *a,
                         const struct index_reader *reader, const struct remind_list *list,
                         int32_t day, enum lang lang, struct str site, struct buf *subject,
                         struct buf *text);

/* The thread: makes the digests of the day, and sends what waits. desk must live until the end. */
struct mail_worker;
enum cau_err mail_worker_start(struct node *n, struct desk *desk,
                               const struct mail_config *config, struct mail_worker **out);
void mail_worker_end(struct mail_worker *w); /* NULL: nothing; what was not sent waits */

#endif
