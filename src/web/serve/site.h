/* site.h - the web site of a node: what all pages share, and one request being answered. */
#ifndef CAU_WEB_SITE_H
#define CAU_WEB_SITE_H

#include "base/sync.h"
#include "domain/desk/desk.h"
#include "domain/people/people.h"
#include "domain/rule/actor.h"
#include "domain/rule/register.h"
#include "exchange/import/import.h"
#include "view/node.h"
#include "view/view.h"
#include "web/serve/html.h"
#include "web/serve/http.h"

#define SITE_ARENA_BYTES      ((size_t)16 << 20)
#define SITE_FORM_BYTES_MAX   ((size_t)1 << 20)
#define SITE_UPLOAD_BYTES_MAX ((size_t)64 << 20)
#define SITE_MINUTES_BYTES_MAX                                                                 \
    (((size_t)16 << 20) + SITE_FORM_BYTES_MAX) /* a file of the store's largest, and its form */
#define SITE_KEPT_BYTES_MAX  ((size_t)65536)   /* of one page that is kept */
#define SITE_KEPT_TOTAL_MAX  ((size_t)16 << 20)
#define SITE_PART_BYTES_MAX  ((size_t)8 << 20) /* of one part that is kept */
#define SITE_PARTS_TOTAL_MAX ((size_t)48 << 20)
#define SITE_PARTS_MAX       4 /* places in one route */
#define SITE_TOKEN_CHARS     43
#define SITE_COOKIE          "cau_session"

struct site {
    struct arena arena;
    struct node *node;
    const struct kinds *kinds;
    const struct html *html;
    const char *notice; /* a word id, or NULL */
    struct people_gate *gate;
    struct import_worker *imports;
    struct kept *kept;  /* whole pages of readers who are not signed in */
    struct kept *parts; /* long parts of pages, by who may see what is in them */
    struct alike_sets *alike;
    struct desk *desk;
    struct mail_worker *mail;       /* NULL: the node sends no mail */
    struct sync_thread desk_filler; /* reads the desk once, so that no reader waits for it */
    bool desk_filling;
    char version[16]; /* of the assets, part of their addresses */
    struct str robots;
};

struct route;

/* One request being answered. Lives on the thread's stack; what it points to lives in the request's arena. */
struct ask {
    struct site *site;
    struct http_request *http;
    struct http_answer *answer;
    struct arena *arena;
    const struct route *route;
    struct str part[SITE_PARTS_MAX]; /* what stands in the route's places, in their order */
    enum lang lang;
    struct view *view; /* one snapshot; NULL on routes without one */
    bool desk_taken;
    bool signed_in;
    struct local_user user;
    unsigned char form_key[32];
    struct actor actor;
    struct index_reader reader;
    struct index_reader record_reader; /* of the one record that ask_record has found */
    struct html_model model;
    struct html_map *page; /* the page's own map */
};

/* Loads the skeletons and starts the import worker. Errors: SYNTAX (a skeleton: in the log), MEMORY, IO. */
enum cau_err site_open(struct site *s, struct node *n, const char *notice);
void site_close(struct site *s);

/* ---- texts in the request's arena; without memory the page fails as a whole ---- */

struct str ask_print(struct ask *q, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* "https://host" as the asker knows this node. */
struct str ask_origin(struct ask *q);
struct str ask_keep(struct ask *q, const struct buf *b); /* a copy of what b holds */
/* The words of an id with n places filled. */
struct str ask_fill(struct ask *q, const char *id, const struct str *slot, size_t n);
struct str ask_say(struct ask *q, const char *id); /* without places */
/* The words of an id made of a prefix and a name ("problem.", "too_long"); name itself when there are none. */
struct str ask_label(struct ask *q, const char *prefix, struct str name);
struct str ask_number(struct ask *q, int64_t value);
struct str ask_decimal(struct ask *q, struct str decimal);
struct str ask_date(struct ask *q, struct str iso); /* iso itself when it is no date */
struct str ask_time(struct ask *q, int64_t ms);
struct str ask_hex(struct ask *q, const struct digest *d);

/* ---- answers ---- */

/* The header lines of a page. */
void ask_page_head(struct ask *q);
/* Writes the page's map through a skeleton; status 200 when none is set. */
void ask_page(struct ask *q, const char *skeleton);
void ask_go(struct ask *q, struct str address); /* 303 */
/* A page (or JSON on API routes) that says what is wrong; words: error.<status>.title and .text. */
void ask_error(struct ask *q, unsigned status);
/* The page for a refusal of the rules that no form can show. */
void ask_refused(struct ask *q, enum register_why why);
/* Text or bytes; static ones live for ever. tag: an ETag without quotes, or empty. */
void ask_bytes(struct ask *q, const char *type, struct str bytes);
void ask_static(struct ask *q, const char *type, struct str bytes, const char *cache);
/* True when the reader has this version: then the answer is 304 and complete. */
bool ask_unchanged(struct ask *q, struct str tag);
void ask_header(struct ask *q, const char *name, struct str value);
/* Asks the browser to save the answer under that name (letters of ASCII only). */
void ask_attachment(struct ask *q, struct str name);

/* ---- common parts of a page ---- */

void ask_begin_page(
    struct ask *q); /* the map with what head and foot need; routes with a page */
void ask_title(struct ask *q, struct str title);
/* A green box at the next page: ?done=<what>; words: done.<what>. */
struct str ask_query(const struct ask *q, const char *name);
struct str ask_form(const struct ask *q, const char *name);
/* The desk as of the request's view or later, until the request ends. NULL: the answer is made already. */
const struct desk *ask_desk(struct ask *q);
/* A number that changes whenever a log or its checkpoint does, for parts that are kept; 0: not known. */
uint64_t ask_log_version(struct ask *q);
bool ask_may(const struct ask *q, enum may_action action, const struct kind *kind,
             const struct view_record *record);

/* The newest version of the record the address names; else the answer is a 404. What else is read of this record
 * (versions, proofs) is read as record_reader, who may be more than reader: an expression of interest is there for
 * the other side too (domain/rule/interest.h). */
bool ask_record(struct ask *q, struct str id, struct view_record *out);

/* The token a form of that route must carry: HMAC-SHA-256 with the session's key. */
void ask_token(struct ask *q, struct html_map *m, const char *key, const char *route_name);
bool site_token_good(const unsigned char form_key[32], const char *route_name,
                     struct str token);

#endif
