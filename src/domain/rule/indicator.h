/* indicator.h - a series of figures as two or more sides state it: who says what for which period, how far apart they
 * are, and how targets compare with what came. All arithmetic is decimal and exact; what is rounded is said so.
 *
 * The rules:
 *   A figure belongs to a period as precise as it was stated: "2024" is compared with "2024", never with "2024-06".
 *   The gap of a period is the highest less the lowest of the sides' figures, of those that are no targets; its share is
 *   the gap in per cent of the higher figure (the larger in size), so that neither side is the measure of the other,
 *   rounded to one place, and is not given where the figures differ in sign.
 *   A gap is given only between figures that stand for a number: "over 40" has none ("about" and "nearly" have one, and
 *   it is approximate too).
 *   A figure whose side is not named takes part in no gap.
 *   The unit is the record's and the same for all; it may not change while figures stay. */
#ifndef CAU_DOMAIN_INDICATOR_H
#define CAU_DOMAIN_INDICATOR_H

#include "base/decimal.h"
#include "record/record.h"

#define INDICATOR_VALUES_MAX 2000 /* as kinds/indicator.kind has it */
#define INDICATOR_SIDES_MAX                                                                    \
    60 /* with figures or definitions; those of further sides count as unnamed */
#define INDICATOR_SHARE_PLACES 1

enum indicator_precision { /* the codes of list qualifier, in their order */
                           INDICATOR_EXACT,
                           INDICATOR_ABOUT,
                           INDICATOR_NEARLY,
                           INDICATOR_OVER,
                           INDICATOR_UP_TO,
};

struct indicator_value {
    struct str period, text, side; /* side empty: the source does not say whose it is */
    struct decimal number;
    enum indicator_precision precision;
    bool target;
    struct str standing, source;   /* may be empty */
    const struct value *note;      /* a text; NULL: none */
    size_t row;                    /* its place in the field `values`, from 0 */
    struct indicator_value *other; /* the next of the same period, side and kind */
};

struct indicator_side {
    struct str country;
    const struct value *definition; /* a text; NULL: not stated */
    bool states;                    /* has a figure */
};

enum indicator_gap_what {
    INDICATOR_GAP_NONE,  /* fewer than two sides have a figure */
    INDICATOR_GAP_FOUND, /* size and, where there is one, share */
    INDICATOR_GAP_BOUND, /* a figure is a bound: "over", "up to" */
    INDICATOR_GAP_TWICE, /* a side has two differing figures */
};
struct indicator_gap {
    enum indicator_gap_what what;
    bool approximate, has_share;
    size_t high, low;                   /* sides */
    struct decimal size, share_percent; /* never negative */
};

struct indicator_period {
    struct str period;
    /* One for each side and a last one for figures of no side: the first figure, or NULL. */
    struct indicator_value **actual, **target;
    struct indicator_gap gap;
};

struct indicator {
    struct indicator_value
        *value; /* in the order of the record; those that do not read are left out */
    size_t values;
    struct indicator_side
        *side; /* the two countries of a bilateral series, then who states or defines */
    size_t sides;
    bool unnamed, targets; /* some figures are of no side; some are targets */
    size_t twice; /* figures that contradict another of the same side, period and kind */
    struct indicator_period
        *period; /* newest first; of a year and its months the months first */
    size_t periods;
};

/* Reads a payload of kind indicator; text is borrowed from it. Errors: MEMORY. */
enum cau_err indicator_read(struct arena *a, const struct value *payload,
                            struct indicator *out);

/* A target and what came of it. */
enum indicator_outcome {
    INDICATOR_AHEAD, /* no figure of its period yet: actual is the newest before, or NULL */
    INDICATOR_MET,   /* "over" and "up to" say which way is meant */
    INDICATOR_NOT_MET,
    INDICATOR_COMPARED, /* the difference only: the source does not say which way is meant */
};
struct indicator_goal {
    const struct indicator_value *target, *actual; /* of the same side, else of no side */
    enum indicator_outcome outcome;
    bool has_difference;
    struct decimal difference; /* actual less target */
};
/* One for each target, in the order of the record. Errors: MEMORY. */
enum cau_err indicator_goals(struct arena *a, const struct indicator *x,
                             struct indicator_goal **out, size_t *n);

/* The newest figure of a side (x->sides: of no side) that is no target; NULL: none. */
const struct indicator_value *indicator_newest(const struct indicator *x, size_t side);

/* What the rules ask of a record that is being saved; other kinds pass. old: its newest version; NULL: a new record. Two
 * differing figures of one side for one period are refused (TWO_VALUES, at the second); `latest` becomes the newest
 * period, of targets only where there is nothing else. A figure that old does not have as confirmed is "reported", whatever
 * the form says: only its side confirms it (domain/rule/indicator_confirm.h). *good is false when problems has more than
 * before. Errors: MEMORY. */
enum cau_err indicator_settle(struct arena *a, const struct value *old,
                              struct record_form *form, struct record_problems *problems,
                              bool *good);

/* Whether the unit differs (no language in common says the same, or the code of the unit is another) while a figure of
 * old stays in fresh. Payloads of kind indicator. */
bool indicator_unit_changes(const struct value *old, const struct value *fresh);

/* Joins figures of another source with those we have, by period, side and kind: a figure that is here already takes the
 * new value, others are added behind. An equal one stays as it is, with its standing. Errors: MEMORY. */
enum cau_err indicator_join(struct arena *a, const struct value *old, const struct value *fresh,
                            struct value *out);

#endif
