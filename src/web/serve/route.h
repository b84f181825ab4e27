/* route.h - one address of the site, and what it needs; routes.h has all of them. */
#ifndef CAU_WEB_ROUTE_H
#define CAU_WEB_ROUTE_H

#include "web/serve/http.h"

struct ask;

enum route_flag {
    ROUTE_BARE = 1,    /* no database, no session, no page: files, health */
    ROUTE_DATA = 2,    /* an answer for programs: errors are JSON */
    ROUTE_SIGNED = 4,  /* for signed-in people */
    ROUTE_TOKEN = 8,   /* a form: carries the session's token for this route */
    ROUTE_UPLOAD = 16, /* a body of up to SITE_UPLOAD_BYTES_MAX, of who may import */
    ROUTE_SLOW = 32,   /* a worker answers, as every POST */
    ROUTE_KEPT =
        64, /* shows what is in views and index, and the address: kept for anonymous readers */
    ROUTE_OPEN =
        128, /* for pages of any origin, so the reader is always anonymous: no cookie is looked at */
    ROUTE_MINUTES = 256, /* a body of up to SITE_MINUTES_BYTES_MAX, of who keeps sessions */
};

struct route {
    const char *name; /* what tokens are bound to; the same for GET and POST of one page */
    enum http_method method;
    /* Parts of the path; :lang :kind :record :number :text are places, :text.name a named one, * the rest. */
    const char *pattern;
    unsigned flags;
    void (*answer)(struct ask *q);
    const char *summary; /* word id for the API's description; NULL: not part of it */
};

#endif
