/* cite.h - how a paper speaks of records: titles with links, numbers with a note that names the records behind them and
 * their sources, codes, dates and countries in the paper's language, and the foot that says which log it was made from.
 *
 * Records are read once each. What is returned lives in the paper's arena; without memory the paper fails as a whole. */
#ifndef CAU_EXCHANGE_CITE_H
#define CAU_EXCHANGE_CITE_H

#include "domain/desk/desk.h"
#include "exchange/paper/paper.h"

#define CITE_RECORDS_MAX 1000 /* read for one paper; what comes after them is not named */
#define CITE_SOURCES_MAX 3    /* of one record in a note */
#define CITE_NAMED_MAX   10   /* records named in one note */

struct cite_record {
    uint32_t doc; /* 0: an empty slot */
    bool there;   /* else it is not there for this reader */
    struct view_record record;
    struct record_text title;
    struct str address; /* "/vi/r:..." */
    struct str source;  /* its sources as one line */
};

struct cite {
    struct paper *paper;
    struct view *view;
    const struct kinds *kinds;
    struct index_reader reader;
    struct cite_record *slot; /* found by document */
    size_t read;
    int64_t newest_ms; /* of the versions read; 0: none */
};

struct cite cite_new(struct paper *p, struct view *v, const struct kinds *kinds,
                     struct index_reader reader);

/* ---- texts ---- */

struct str cite_print(struct cite *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The words of an id with their places filled; the second in its form for count. */
struct str cite_fill(struct cite *c, const char *id, const struct str *slot, size_t n);
struct str cite_fill_n(struct cite *c, const char *id, uint64_t count, const struct str *slot,
                       size_t n);
struct str cite_say(const struct cite *c, const char *id);
struct str cite_number(struct cite *c, int64_t value);
struct str cite_date(struct cite *c, struct str iso); /* iso itself when it is no date */
struct str cite_days(struct cite *c,
                     struct desk_days days); /* as precise as known; empty: none */
struct str cite_country(struct cite *c, struct str code);
/* Names of countries, ", " between; of a list of codes or one. */
struct str cite_countries(struct cite *c, const struct value *codes, struct str but);
/* The label of a code of a list; of one by its place, empty when there is none. */
struct str cite_label(const struct cite *c, const char *list, struct str code);
struct str cite_label_at(const struct cite *c, const char *list, unsigned place);
/* A decimal with its qualifier ("nearly 60"), as a code of list qualifier or empty. */
struct str cite_value(struct cite *c, struct str decimal, struct str qualifier);

/* ---- records ---- */

/* NULL: not there for this reader, or too many were read. */
const struct cite_record *cite_get(struct cite *c, uint32_t doc);
/* Adds the title as a link, in its language; NULL as cite_get. */
struct paper_piece *cite_title(struct cite *c, struct paper_text *to, uint32_t doc);
/* Adds a message with its places filled, place `strong` set off: returns that piece, for its note. */
struct paper_piece *cite_sentence(struct cite *c, struct paper_text *to, struct str message,
                                  const struct str *slot, size_t n, unsigned strong);

/* Records behind a number: the first of all, in the order they are named. */
struct cite_docs {
    const uint32_t *doc;
    size_t n, all;   /* all >= n */
    struct str list; /* address of a list of them, or empty */
};
/* Puts a note behind a number: the records with their sources, how many more there are and where they are listed; words of
 * their own (remark, may be empty) come first. No record: says so. */
void cite_note(struct cite *c, struct paper_piece *behind, const struct cite_docs *docs,
               struct str remark);
/* A note for a value of a record: its title, its sources and a remark. */
void cite_note_record(struct cite *c, struct paper_piece *behind, uint32_t doc,
                      struct str remark);
/* "/vi/agreement?country=VN&year=2019"; country and year may be 0. */
struct str cite_list_address(struct cite *c, struct str kind, uint16_t country, int year);

/* The foot: origin, size and root of each log the reader sees, as the newest signed checkpoint states them. */
void cite_foot(struct cite *c);

#endif
