/* identity_int.h - how a set of identity.h lies in memory; what its parts say to each other. */
#ifndef CAU_MATCH_IDENTITY_INT_H
#define CAU_MATCH_IDENTITY_INT_H

#include "base/sort.h"
#include "base/table.h"
#include "match/identity.h"
#include "match/name.h"

/* A unit that names are made of, once for the whole set. */
struct identity_term {
    int32_t weight; /* rarity in hundredths of a bit */
    struct name_unit unit;
    uint32_t count; /* records that have it */
    uint32_t last;  /* record counted last, plus 1 */
    uint64_t hash;  /* of the unit: identity_hash_term */
    uint64_t
        sound; /* what two spellings of one name share: of its sound's key; else of the unit */
};

struct identity_name {
    uint32_t at; /* of its units in unit */
    uint32_t record;
    uint64_t text_at; /* in text, until it is read */
    uint16_t text_len;
    uint8_t n; /* units */
    uint8_t
        apart; /* units behind them: the same name taken apart; 0: no meaning is made of others */
    uint8_t place;  /* in the facts */
    uint8_t script; /* enum name_script */
    bool is_acronym;
    uint64_t acronym; /* hash; 0: none */
};

struct identity_list { /* of hashes */
    uint32_t at;
    uint16_t n;
};

struct identity_record {
    uint32_t doc, name_at;
    uint16_t names;
    uint16_t country; /* two letters; 0: none */
    uint16_t home;    /* the country's group in the vocabulary; 0: none */
    uint32_t year;
    struct identity_list city, scheme, identifier, domain, type;
};

struct identity {
    const struct vocabulary *v;
    bool persons, pairs_only;
    struct name_reader *reader; /* of cities */
    struct table terms;         /* of units -> place in term */
    struct table domains;       /* of hosts -> place in domain_count */
    struct table cities;        /* of texts -> place in city, until the set is ready */
    struct buf city;            /* uint64_t: what is compared of each */
    struct buf text;            /* of names, until the set is ready */
    struct buf term;            /* struct identity_term */
    struct buf unit;            /* uint32_t: place in term, twice; plus 1 when optional */
    struct buf name;            /* struct identity_name */
    struct buf record;          /* struct identity_record */
    struct buf pointer; /* const struct identity_term *: those of unit, once the set is ready */
    struct buf weighed; /* struct identity_unit, likewise */
    struct buf likes;   /* struct identity_likes, likewise */
    struct buf view;    /* struct identity_view_name: of each name, then of those taken apart */
    struct buf hash;    /* uint64_t: what lists show */
    struct buf block; /* struct sort_item: what pairs are found by, ascending, and the record */
    struct buf
        posting; /* struct sort_item: terms and sounds of names, likewise, for one record against all */
    int32_t prior; /* hundredths of a bit */
    struct weigh_table table;
};

/* Of a unit of a name, what comparing looks at first; they lie side by side for a name's units. */
struct identity_unit {
    uint32_t term;  /* its place in the set; not of foreign names */
    int16_t weight; /* of the unit's term */
    int16_t cost;   /* what it takes away where nothing meets it */
    int16_t
        home; /* the same where both records are of the name's country, which it may as well not say */
    uint16_t group; /* of its meaning */
};

/* And what is looked at next. */
struct identity_likes {
    struct name_glance glance;
    uint16_t id, group, may_mean; /* of its meaning, as in the term */
    uint8_t part;                 /* enum vocabulary_part */
};

/* Names as they are compared: of a set, or of facts that are in none. */
struct identity_view_name {
    const struct identity_term *const *term;
    const struct identity_unit *unit;
    const struct identity_likes *likes; /* of each unit */
    uint64_t terms;    /* a bit for each unit, by its place in the set; not of foreign ones */
    uint64_t groups;   /* a bit for each unit's group, by identity_bit */
    uint64_t ids;      /* likewise: for each unit's meaning */
    uint64_t means;    /* likewise: for what each unit may mean */
    uint32_t optional; /* a bit for each unit */
    uint32_t grouped;  /* likewise: of a group */
    uint32_t places;   /* likewise: has a meaning, and a sound */
    uint32_t words;    /* likewise: has a sound, and no meaning */
    uint32_t longs;    /* of these: those that a word of their script may be like */
    uint32_t cyrillic; /* of these: those in Cyrillic letters */
    uint32_t numbers;  /* likewise: a word no list has that begins with a digit */
    bool foreign; /* has units that may not be in the set: equal ones may lie in two places */
    uint8_t n, place, script;
    bool is_acronym;
    uint64_t acronym;
    const struct identity_view_name *apart; /* the same name taken apart; NULL: as it is */
};
struct identity_view {
    const struct identity_view_name *name;
    size_t n;
    uint16_t country, home;
    uint32_t year;
    const uint64_t *city, *scheme, *identifier, *domain, *type;
    uint16_t cities, identifiers, domains, types;
};
static inline const struct identity_view_name *
identity_apart(const struct identity_view_name *name)
{
    return name->apart != NULL ? name->apart : name;
}

/* Of a group or a meaning. */
static inline uint64_t identity_bit(uint16_t group)
{
    return group == 0 ? 0 : (uint64_t)1 << group % 64;
}

static inline const struct identity_term *identity_term_at(const struct identity *s, size_t i)
{
    return (const struct identity_term *)(const void *)s->term.p + i;
}
static inline const struct identity_record *identity_record_at(const struct identity *s,
                                                               size_t i)
{
    return (const struct identity_record *)(const void *)s->record.p + i;
}
static inline const uint64_t *identity_hashes(const struct identity *s,
                                              struct identity_list list)
{
    return (const uint64_t *)(const void *)s->hash.p + list.at;
}

#define IDENTITY_OPTIONAL_PERMILLE                                                             \
    100 /* of its weight, that an optional unit costs which nothing meets */
#define IDENTITY_SAME_LEAST   100  /* score from which a pair is one */
#define IDENTITY_REVIEW_LEAST -250 /* from which a person should look */

/* ---- identity.c ---- */
/* Everything of facts but the names, as a view; its lists lie in a. Errors: MEMORY. */
enum cau_err identity_facts_view(const struct identity *s, struct name_reader *reader,
                                 struct arena *a, const struct identity_facts *f,
                                 struct identity_view *out);
struct identity_view identity_view_of(const struct identity *s, size_t record);
/* The key of a unit in the set's table; out needs NAME_FORM_MAX + 8. Returns its length. */
size_t identity_unit_key(const struct name_unit *u, char *out);
int32_t identity_weight(const struct identity *s, enum vocabulary_part part, uint32_t count);
/* Fills what name's units, likes and masks say of its terms, in a record of home; unit and likes are for name->n of them. */
void identity_weigh_units(struct identity_view_name *name, uint16_t home,
                          struct identity_unit *unit, struct identity_likes *likes);

/* ---- identity_read.c ---- */
/* Reads the texts of all names and gives their units places in the set, in order. Errors: MEMORY, RANGE. */
enum cau_err identity_read_names(struct identity *s);

/* ---- identity_block.c: which pairs are looked at ---- */
/* pairs_only: no postings are made. */
enum cau_err identity_make_blocks(struct identity *s, bool pairs_only);
void identity_hash_term(struct identity_term *term); /* fills hash and sound */
/* Keys that find names with these units. */
#define IDENTITY_KEYS_MAX 24
size_t identity_name_keys(const struct identity_view_name *name,
                          uint64_t out[IDENTITY_KEYS_MAX]);
/* Keys of the names that have term, or, asking, that have a word of its sound. */
#define IDENTITY_POSTING_KEYS_MAX (3 + SKELETON_KEYS_MAX)
size_t identity_posting_keys(const struct identity_term *term, bool asking,
                             uint64_t out[IDENTITY_POSTING_KEYS_MAX]);
/* Keys of identifiers, domains and acronyms. */
#define IDENTITY_OTHER_KEYS_MAX (2 * IDENTITY_VALUES_MAX + IDENTITY_NAMES_MAX)
size_t identity_other_keys(const struct identity_view *x,
                           uint64_t out[IDENTITY_OTHER_KEYS_MAX]);
/* A record in a block that is not too big; the block's records lie side by side, ascending, and so a pair of them is
 * compared while both are near. */
struct identity_member {
    uint32_t record;
    uint32_t end; /* of its block: the place behind the last */
    uint64_t
        first[2]; /* a bit for each member behind it: the two are together in no block before */
};
/* The pairs of records that share a block, each once. */
struct identity_candidates {
    struct buf pair;   /* uint64_t: x << 32 | y, x < y, ascending */
    struct buf member; /* struct identity_member: the same pairs, block by block */
};
/* Errors: RANGE (IDENTITY_PAIRS_MAX), MEMORY. */
enum cau_err identity_candidates_open(const struct identity *s,
                                      struct identity_candidates *out);
void identity_candidates_close(struct identity_candidates *c);

/* ---- identity_score.c: how a pair is scored ---- */
enum identity_band identity_band_of(const struct identity_score *score);
/* False, *out unchanged, when the score would certainly be under least. */
bool identity_score(const struct identity *s, const struct weigh_table *table,
                    const struct identity_view *x, const struct identity_view *y, int32_t least,
                    struct identity_score *out);

#endif
