/* bilingual.h - texts of a paper in one language or in two: words, labels, dates, names of records.
 *
 * What is made lives in the arena. The first fault stays in err; what is made after it is empty or missing. */
#ifndef CAU_EXCHANGE_BILINGUAL_H
#define CAU_EXCHANGE_BILINGUAL_H

#include "base/clock.h"
#include "base/table.h"
#include "exchange/paper/paper.h"
#include "view/view.h"

#define BILINGUAL_LANGUAGES 2
#define BILINGUAL_COUNTRIES_MAX                                                                \
    64 /* whose names are remembered; others are looked up each time */

struct bilingual_name { /* of a record that is linked to, or of a country */
    struct str id;      /* record id; of a country its code; empty: the record is not here */
    struct str name[BILINGUAL_LANGUAGES], lang[BILINGUAL_LANGUAGES];
};

struct bilingual {
    struct arena *a;
    struct paper *p;
    enum lang lang[BILINGUAL_LANGUAGES];
    size_t langs;      /* 1 or 2 */
    struct view *view; /* for names of records; set by whoever uses them, as the next two */
    struct index_reader reader;
    const struct kind_list *country_list;
    struct table known; /* a link -> its place in named + 1 */
    struct bilingual_name *named;
    size_t names, names_room;
    struct bilingual_name country[BILINGUAL_COUNTRIES_MAX];
    size_t countries;
    enum cau_err err;
};

/* second the same as lang: one language. Ended by bilingual_end. */
struct bilingual bilingual_begin(struct arena *a, struct paper *p, enum lang lang,
                                 enum lang second);
void bilingual_end(struct bilingual *b);

/* ---- texts ---- */

struct str bilingual_keep(struct bilingual *b, struct str text); /* a copy */
/* A message with its places filled (words_fill). */
struct str bilingual_fill(struct bilingual *b, struct str message, const struct str *slot,
                          size_t n);
/* The words of an id in both languages, one under the other: for headings of columns. */
struct str bilingual_head(struct bilingual *b, const char *id);
struct str bilingual_date(struct bilingual *b, enum lang lang, struct clock_date d);
/* 07.03.2019, 03.2019 or 2019: as every side writes it; iso itself when it is no date. */
struct str bilingual_short_date(struct bilingual *b, struct str iso);

/* ---- pieces; each may be NULL when the paper has failed ---- */

struct paper_piece *bilingual_add(struct bilingual *b, struct paper_text *to, struct str text,
                                  enum lang lang);
struct paper_piece *bilingual_tone(struct bilingual *b, struct paper_text *to, struct str text,
                                   enum lang lang, enum paper_tone tone);
void bilingual_break(struct paper_piece *x); /* it begins a new line */
/* A small line of its own. */
void bilingual_remark(struct bilingual *b, struct paper_text *to, struct str text,
                      enum lang lang);
/* In both languages in one line, "Quá hạn / Просрочено": words of an id, the label of a code, a country. The first piece. */
struct paper_piece *bilingual_say(struct bilingual *b, struct paper_text *to, const char *id,
                                  enum paper_tone tone);
struct paper_piece *bilingual_label(struct bilingual *b, struct paper_text *to,
                                    const struct kind_list *list, struct str code,
                                    enum paper_tone tone);
struct paper_piece *bilingual_country(struct bilingual *b, struct paper_text *to,
                                      struct str code, enum paper_tone tone);

/* ---- records ---- */

/* The names of what a link means, looked up once; the link itself when it is not here for this reader. */
struct bilingual_name bilingual_look_up(struct bilingual *b, struct str link);
/* Its name in each language; once when they are the same. */
void bilingual_link(struct bilingual *b, struct paper_text *to, struct str link);

#endif
