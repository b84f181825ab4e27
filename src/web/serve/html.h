/* html.h - page skeletons (pages/ *.html) and the data that fills them; escapes by context, always.
 *
 * The language of a skeleton, between double braces:
 *   name  ../name  @name      the text or number of name in this map, the one around it, the page's own
 *   #name ... /name           for each item of a list; once for a text, a number not 0, a true flag
 *   ^name ... /name           when there is none of it
 *   ?name ... /name           once, when there is any of it
 *   >name                     the skeleton pages/name.html, with this map
 *   w:id  w:id name name      the words of an id, its places {0} {1} filled with the names
 *   n:id name name            the same with the plural form for the number of the first name
 *   ! remark
 * Inside a tag a section holds whole attributes and ends in a space: <input {{#on}}checked {{/on}}>.
 * Where a value stands decides how it is escaped: text and attributes; a whole address (schemes by a list);
 * one part of an address. Any other place (tag and attribute names, script, style, on...) is refused when the
 * skeleton is read, as are sections that do not leave the markup as they found it. Raw output does not exist. */
#ifndef CAU_WEB_HTML_H
#define CAU_WEB_HTML_H

#include "base/asset.h"
#include "base/buf.h"
#include "base/lang.h"

#define HTML_TEMPLATES_MAX 256
#define HTML_PARTS_MAX     4096 /* pieces of one skeleton */
#define HTML_DEPTH_MAX                                                                         \
    24 /* sections and skeletons within one another, in reading and in writing */
#define HTML_SLOTS_MAX      4 /* places filled in one message */
#define HTML_NAME_BYTES_MAX 64

/* ---- data ---- */

struct html_model { /* of one page; begin with html_begin */
    struct arena *arena;
    bool failed; /* the arena was full: the page must not be sent */
};
struct html_map;

/* The page's own map, empty. Never NULL: without memory a map that swallows what it is given. */
struct html_map *html_begin(struct html_model *model, struct arena *a);
/* Set a name. key is a C string of ours, text is borrowed: both live as long as the model. Given twice, the
 * first counts. A text {NULL, 0} or empty counts as not there. */
void html_text(struct html_map *m, const char *key, struct str text);
void html_number(struct html_map *m, const char *key, int64_t value);
void html_flag(struct html_map *m, const char *key, bool value);
/* Adds an item to the list of that name (which begins with it) and returns it; never NULL. */
struct html_map *html_item(struct html_map *m, const char *key);
/* A part of a page whose markup was made by html_write or by a writer that escapes as it does (exchange/paper/paper_html.c): it
 * is written as it is where text stands, and nowhere else. made is borrowed. Never text of a record or a reader. */
void html_part(struct html_map *m, const char *key, struct str made);
/* How many items the list has. */
size_t html_count(const struct html_map *m, const char *key);
/* The text of a name in this map; {NULL, 0} when it has none. For tests. */
struct str html_get(const struct html_map *m, const char *key);

/* ---- skeletons ---- */

struct html;

struct html_fault {
    struct str file; /* asset name */
    size_t line;     /* from 1 */
    const char *why;
};

/* Reads the skeletons among the n files (pages/NAME.html); the others are passed over. Everything lives in a;
 * text is borrowed from the files. Errors: SYNTAX, RANGE (fault says where), MEMORY. */
enum cau_err html_load(struct arena *a, const struct asset *file, size_t n, struct html **out,
                       struct html_fault *fault);
/* Appends the skeleton `name` (it must be there) filled with the page's map in a language. False: the markup
 * would be deeper than HTML_DEPTH_MAX, or out has failed. */
bool html_write(const struct html *h, const char *name, enum lang lang,
                const struct html_map *map, struct buf *out);

/* The escapes, each for one kind of place; for tests and the fuzzer. */
void html_escape(struct buf *b, struct str text);
void html_escape_address(struct buf *b, struct str address); /* "#" when it is not allowed */
bool html_address_allowed(
    struct str address); /* / ? # http https mailto, nothing to fool a browser */

#endif
