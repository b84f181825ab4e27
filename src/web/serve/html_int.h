/* html_int.h - a skeleton taken apart: what html_read.c makes and html.c writes. */
#ifndef CAU_WEB_HTML_INT_H
#define CAU_WEB_HTML_INT_H

#include "web/serve/html.h"

enum html_place { /* where a value stands */
                  HTML_IN_TEXT,
                  HTML_IN_ATTRIBUTE, /* the same characters are escaped; a number is digits only */
                  HTML_IN_ADDRESS, /* a whole address */
                  HTML_IN_PART,    /* one part of an address that begins with a literal */
};

enum html_what {
    HTML_LITERAL,
    HTML_VALUE,
    HTML_WORDS,   /* of each language, escaped already */
    HTML_MESSAGE, /* with places to fill */
    HTML_PLURAL,
    HTML_SECTION, /* up to part `end` */
    HTML_UNLESS,
    HTML_WHEN, /* once, whatever it is */
    HTML_PARTIAL,
};

enum html_scope { HTML_HERE, HTML_AROUND, HTML_PAGE };

struct html_key {
    struct str name;
    enum html_scope scope;
    unsigned up; /* how far around */
};

struct html_part {
    enum html_what what;
    enum html_place place;
    union {
        struct str literal;
        struct html_key key; /* of a value or section */
        struct str words[LANG_COUNT];
        struct {
            const char *id;
            struct html_key *slot;
            size_t slots;
        } message;
        const struct html_template *partial;
    };
    size_t end; /* of a section: the part after it */
};

struct html_template {
    struct str name;
    struct str source;
    struct html_part *part;
    size_t parts;
};

struct html {
    struct html_template *template;
    size_t n;
};

/* The template of that name; NULL when there is none. */
const struct html_template *html_find(const struct html *h, struct str name);

#endif
