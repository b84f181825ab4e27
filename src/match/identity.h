/* identity.h - which records are about one organisation or person, in whatever script: candidates, score, reasons.
 *
 * A set holds what identity needs of every record of one kind that one reader may see. It is filled once
 * (identity_add), closed (identity_ready), and then only read: by any number of threads. */
#ifndef CAU_MATCH_IDENTITY_H
#define CAU_MATCH_IDENTITY_H

#include "base/buf.h"
#include "match/vocabulary.h"
#include "match/weigh.h"
#include "record/record.h"

#define IDENTITY_RECORDS_MAX ((size_t)4 << 20)
#define IDENTITY_NAMES_MAX   60 /* of one record; the others are not looked at */
#define IDENTITY_VALUES_MAX  20 /* of its identifiers, domains, cities, types each */
#define IDENTITY_BLOCK_MAX   80 /* records that share a key and are compared because of it */
#define IDENTITY_HITS_MAX    100
#define IDENTITY_PAIRS_MAX   ((size_t)1 << 26) /* candidates of one run */
#define IDENTITY_DOMAIN_FEW  3 /* records that share a domain which is still one body's */

/* What is compared of one record. Text is borrowed. */
struct identity_facts {
    uint32_t doc;
    struct str name[IDENTITY_NAMES_MAX];
    size_t names;
    struct str country; /* code; may be empty */
    struct str city[IDENTITY_VALUES_MAX];
    size_t cities;
    struct str scheme[IDENTITY_VALUES_MAX], identifier[IDENTITY_VALUES_MAX];
    size_t identifiers;
    struct str domain[IDENTITY_VALUES_MAX]; /* hosts, without "www." */
    size_t domains;
    struct str type[IDENTITY_VALUES_MAX];
    size_t types;
    uint32_t year; /* 0: not known */
};
/* Of a payload: the title's names, country, city, identifiers, domains, websites, types, established. */
void identity_facts_of(const struct kind *kind, uint32_t doc, const struct value *payload,
                       struct identity_facts *out);

/* The host of an address, without "www."; the year of a date, 0 when it has none. */
struct str identity_host_of(struct str url);
uint32_t identity_year_of(struct str date);

enum identity_band { IDENTITY_DIFFERENT, IDENTITY_REVIEW, IDENTITY_SAME, IDENTITY_BANDS };
const char *identity_band_name(enum identity_band band); /* "different" "review" "same" */

struct identity_score {
    int32_t
        score; /* hundredths of a bit: log-odds that the two are one, given how many there are */
    enum identity_band band;
    struct weigh_levels levels;
    int32_t weight[WEIGH_FIELDS]; /* of each field, hundredths of a bit */
    int32_t rarity; /* how rare the shared words of the names are; a part of score */
    int32_t
        rival; /* of identity_pairs: nothing else is near, or something is nearer; a part of score */
    uint8_t name_x, name_y; /* the two names that are most alike: places in the facts */
    bool
        names_differ; /* both names have a word of one sort (a place, a name in one script) that the other lacks */
    uint8_t identifier_x, domain_x; /* of x, where one is equal */
    uint16_t share_permille;        /* of the two names' units, by rarity, that they share */
};
/* Something that both say speaks against them being one: words of the names, identifier, domain, year, city, country. */
bool identity_contradicts(const struct identity_score *score);
/* Beside the names an identifier, a domain or a city agrees: names of persons are never enough. */
bool identity_has_second(const struct identity_score *score);

struct identity_pair {
    uint32_t x, y; /* documents, x < y */
    struct identity_score score;
};
struct identity_hit {
    uint32_t doc;
    struct identity_score score;
};

struct identity;
/* An empty set. persons: names are of persons, and never enough by themselves. v is borrowed. Errors: MEMORY. */
enum cau_err identity_open(const struct vocabulary *v, bool persons, struct identity **out);
void identity_close(struct identity *s); /* NULL is allowed */
/* Errors: RANGE (IDENTITY_RECORDS_MAX), MEMORY. */
enum cau_err identity_add(struct identity *s, const struct identity_facts *facts);
/* Reads the names, by as many threads as there are processors; nothing is found before. pairs_only: identity_find will
 * not be asked, and what it needs is not made. Errors: MEMORY, RANGE. */
enum cau_err identity_ready(struct identity *s, bool pairs_only);
size_t identity_count(const struct identity *s);

/* The records most like facts, by falling score, then document; facts->doc itself is left out. Only those with a
 * score of at least least. n_max: at most IDENTITY_HITS_MAX. Errors: MEMORY. */
enum cau_err identity_find(const struct identity *s, const struct identity_facts *facts,
                           int32_t least, struct identity_hit *out, size_t n_max, size_t *n);
/* How alike two records are that may be in no set; rarity and prior are those of the set. Errors: MEMORY. */
enum cau_err identity_compare(const struct identity *s, const struct identity_facts *x,
                              const struct identity_facts *y, struct identity_score *out);

struct identity_run {
    bool learn; /* weights of the lesser fields from these records; else the default table */
    void (*progress)(void *ctx, uint64_t done, uint64_t all); /* may be NULL */
    void *ctx;
    uint64_t candidates;      /* out: pairs that were compared */
    struct weigh_table table; /* out: what they were weighed with */
};
/* All pairs of band review and same: struct identity_pair in out, by falling score, then documents.
 * Errors: RANGE (IDENTITY_PAIRS_MAX candidates), MEMORY. */
enum cau_err identity_pairs(const struct identity *s, struct identity_run *run,
                            struct buf *out);

#endif
