/* present.h - records as data for pages: titles, names, rows of lists in the reader's language. */
#ifndef CAU_WEB_PRESENT_H
#define CAU_WEB_PRESENT_H

#include "web/serve/site.h"

#define PRESENT_SNIPPET_POINTS 220 /* code points of a text in a result row */

/* "title", and when it is not the reader's language "title_lang" and "title_language" (its name). */
void present_title(struct ask *q, struct html_map *m, const struct kind *kind,
                   const struct value *payload);
/* A text by that name in the reader's language; when it has another, KEY_lang and KEY_language too. key: a short C string
 * of ours. Nothing when there is none. */
void present_text(struct ask *q, struct html_map *m, const char *key,
                  const struct value *value);
/* Under those keys which language a text is in, and its name, when it is not the reader's. */
void present_mark(struct ask *q, struct html_map *m, const char *lang_key, const char *name_key,
                  struct str lang);
/* Whether a field is texts by language. */
bool present_is_text(enum kind_type type);
/* "/vi/r:..." */
struct str present_address(struct ask *q, struct str id);
/* The name of a language in the reader's language; of a code that is in no list, the code. */
struct str present_language(struct ask *q, struct str code);
/* The label of a code of a list of kinds/; of a code that is not in it, the code. */
struct str present_listed(struct ask *q, const char *list, struct str code);
/* The name of a country by its code, and of a country of the desk; the code of such a country. */
struct str present_country(struct ask *q, struct str code);
struct str present_side(struct ask *q, uint16_t country);
struct str present_side_code(struct ask *q, uint16_t country);
/* Days as precise as they are: a day, a month, a year; empty when not known. */
struct str present_days(struct ask *q, struct desk_days days);
/* The label of a place in a list of kinds/; empty for DESK_NO_CODE. */
struct str present_code(struct ask *q, const char *list, unsigned place);
/* The label of a field code "FORD:2.7". */
struct str present_field_code(struct ask *q, struct str code);
/* The label of a status code, whatever kind it is of. */
struct str present_status(struct ask *q, struct str code);
/* A day counted from 1970-01-01, in words. */
struct str present_day(struct ask *q, int32_t day);
struct str present_label(const struct ask *q, const struct str label[LANG_COUNT]);

/* A row of a list: title, kind, address, country, card fields, beginning of its text, state. */
void present_row(struct ask *q, struct html_map *m, const struct view_record *record);
#define PRESENT_FOUND_MAX 8
/* Records of a kind found by what was written where a link is wanted: "searched", and the list "found" with "title"
 * "title_lang" "value" (the record id) "n". */
void present_found(struct ask *q, struct html_map *m, struct str kind, struct str text);
/* A link to a record: "title" "title_lang" "address" "kind"; false when the reader may not see it. */
bool present_link(struct ask *q, struct html_map *m, uint32_t doc);
/* The list "sources" of a record; "no_sources" when it should have some, "tells_sources" when there is either to say. */
void present_sources(struct ask *q, struct html_map *m, const struct value *payload);
/* A value on one line of text, as a comparison shows it. */
struct str present_plain(struct ask *q, const struct kind_field *field,
                         const struct value *value);
/* The label of a place ("title.ru", "milestones[2].date") in the reader's language. */
struct str present_place(struct ask *q, const struct kind *kind, struct str place);
/* The field of such a place, a column of rows included; NULL when there is none. */
const struct kind_field *present_field_of(const struct kind *kind, struct str place);
/* Who acted: the name of a user for signed-in readers, else his role. */
struct str present_author(struct ask *q, uint32_t user, struct str role);

#endif
