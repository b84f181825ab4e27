#include "match/identity_int.h"

#include "base/number.h"

#include <string.h>

enum {
    NEAR = 700, /* likeness of two meanings of one group, permille */
    RARITY_MIDDLE =
        2000, /* shared rarity that the levels of the name already count, hundredths of a bit */
    RARITY_MOST = 700,
    MATCHED_LEAST = 500, /* a common institute is not a common name */
    SOUND_SURE = 900,
    SHARE_FLOOR = 400 /* permille: names under it are not alike */
};

static const unsigned share_least[] = {1000, 850, 700, 550, SHARE_FLOOR};

static bool is_optional(const struct identity_view_name *name, size_t unit)
{
    return (name->optional >> unit & 1) != 0;
}

/* What an unmatched unit takes away, by whether both records are of one country, home. */
static int32_t cost_of(const struct identity_view_name *name, size_t unit, uint16_t home)
{
    return home != 0 ? name->unit[unit].home : name->unit[unit].cost;
}

/* Units of a set have one place each. */
static bool same_unit(const struct identity_view_name *a, size_t i,
                      const struct identity_view_name *b, size_t k)
{
    if (!a->foreign && !b->foreign)
        return a->unit[i].term == b->unit[k].term;
    const struct name_unit *x = &a->term[i]->unit, *y = &b->term[k]->unit;
    if (x->meaning.id != 0 || y->meaning.id != 0)
        return x->meaning.id == y->meaning.id;
    return x->len == y->len && memcmp(x->form, y->form, x->len) == 0;
}

/* Words no list has are alike from least on. */
static unsigned unit_likeness(const struct identity_term *x, const struct identity_term *y,
                              unsigned least)
{
    const struct vocabulary_meaning *a = &x->unit.meaning, *b = &y->unit.meaning;
    if (a->id != 0 && b->id != 0)
        return a->group != 0 && a->group == b->group ? NEAR : 0;
    if (a->id == 0 && b->id == 0) {
        unsigned like = name_unit_likeness(&x->unit, &y->unit);
        return like >= least ? like : 0;
    }
    uint16_t meant = a->id != 0 ? a->id : b->id;
    uint16_t may_mean = a->id != 0 ? y->unit.may_mean : x->unit.may_mean;
    return meant == may_mean ? 1000 : name_unit_likeness(&x->unit, &y->unit);
}

/* False: unit_likeness of the two is certainly 0. */
static bool may_meet(const struct identity_likes *x, const struct identity_likes *y)
{
    if (x->id != 0 && y->id != 0)
        return x->group != 0 && x->group == y->group;
    bool meant = x->id != y->id && (x->id != 0 ? x->id == y->may_mean : y->id == x->may_mean);
    return meant || name_may_be_alike(&x->glance, &y->glance);
}

/* Takes out of rest the units of a group that the other name has too: a technical and technological university is a
 * technological one. What they cost. */
static int32_t take_near(const struct identity_view_name *name, uint32_t *rest,
                         const struct identity_view_name *other, uint16_t home)
{
    int32_t cost = 0;
    for (size_t i = 0; i < name->n && (name->groups & other->groups) != 0; i++) {
        uint16_t group = name->unit[i].group;
        for (size_t k = 0; k < other->n && group != 0 && (*rest >> i & 1) != 0; k++)
            if (other->unit[k].group == group) {
                *rest &= ~(1u << i);
                cost += cost_of(name, i, home);
            }
    }
    return cost;
}

enum { NAME_LEVELS = countof(share_least) + 1 }; /* of WEIGH_NAME, without missing */

/* What two names of a pair of records must come to, so that the pair may be kept: the weight that meets, by how much of
 * the names does (a level of WEIGH_NAME). */
struct bar {
    int32_t matched[NAME_LEVELS + 1];
};

/* How names are compared. */
struct how {
    uint16_t home;         /* the country of both records; 0: none */
    unsigned alike;        /* permille from which words no list has are one */
    const struct bar *bar; /* names under it are refused; NULL: none are */
};

struct overlap {
    int32_t matched, left; /* weight */
    unsigned share_permille;
    bool numbers_differ;
    bool conflict; /* both have words of one sort that do not meet */
};

static unsigned share_of(int64_t matched, int64_t left)
{
    return matched <= 0 ? 0 : (unsigned)(matched * 1000 / (matched + left));
}

/* A word of the field that only one name has, where the other has nothing it could be the translation of, makes two
 * bodies: a state university and a state medical university. */
static int32_t lonely(const struct identity_view_name *name, uint32_t rest, int32_t other_left)
{
    int32_t more = 0;
    for (size_t i = 0; i < name->n && other_left == 0; i++)
        if ((rest >> i & 1) != 0 && name->likes[i].part == VOCABULARY_WORD)
            more += name->unit[i].weight;
    return more;
}

/* What sort of evidence a unit is; units of one sort that both names have, and that do not meet, contradict. */
enum sort { SORT_TYPE, SORT_WORD, SORT_PLACE, SORT_LATIN, SORT_CYRILLIC, SORTS };

static enum sort sort_of(const struct identity_likes *u)
{
    switch (u->part) {
    case VOCABULARY_TYPE:
        return SORT_TYPE;
    case VOCABULARY_WORD:
        return SORT_WORD;
    case VOCABULARY_PLACE:
    case VOCABULARY_COUNTRY:
        return SORT_PLACE;
    case VOCABULARY_UNKNOWN:
        return u->glance.cyrillic ? SORT_CYRILLIC : SORT_LATIN;
    default:
        return SORTS;
    }
}

static void sum_left(const struct identity_view_name *name, uint32_t rest, int32_t sum[SORTS])
{
    for (size_t i = 0; i < name->n; i++) {
        enum sort sort = sort_of(&name->likes[i]);
        if ((rest >> i & 1) != 0 && !is_optional(name, i) && sort != SORTS)
            sum[sort] += name->unit[i].weight;
    }
}

static int32_t lesser(int32_t x, int32_t y)
{
    return x < y ? x : y;
}

/* Two names of one language that both have words left speak of two bodies, whatever sorts the words are of: a syllable of
 * a person's name may be a town's. */
static int32_t conflict(const struct identity_view_name *x, uint32_t rest_x,
                        const struct identity_view_name *y, uint32_t rest_y)
{
    static const int32_t permille[SORTS] = {2000, 1000, 2000, 1000, 1000};
    int32_t left_x[SORTS] = {0}, left_y[SORTS] = {0}, sum = 0, all_x = 0, all_y = 0;
    sum_left(x, rest_x, left_x);
    sum_left(y, rest_y, left_y);
    for (int i = 0; i < SORTS; i++) {
        sum += lesser(left_x[i], left_y[i]) * permille[i] / 1000;
        all_x += i == SORT_TYPE ? 0 : left_x[i];
        all_y += i == SORT_TYPE ? 0 : left_y[i];
    }
    int32_t any = x->script == y->script ? lesser(all_x, all_y) : 0;
    return any > sum ? any : sum;
}

/* Two names while their units are matched. */
struct meeting {
    const struct identity_view_name *x, *y;
    const struct how *how;
    unsigned least;          /* permille */
    uint32_t rest_x, rest_y; /* units that nothing has met */
    uint32_t open_x, open_y; /* of these, those that something might meet */
    int32_t matched;
    uint32_t may[NAME_UNITS_MAX]; /* of each unit in open_x: those of y that may be like it */
    bool under_bar;               /* was refused for the bar alone */
};

static void meet_equal(struct meeting *m)
{
    const struct identity_view_name *x = m->x, *y = m->y;
    bool foreign = x->foreign || y->foreign;
    uint32_t rest_x = (uint32_t)((1u << x->n) - 1), rest_y = (uint32_t)((1u << y->n) - 1);
    for (size_t i = 0; i < x->n && (foreign || (x->terms & y->terms) != 0); i++) {
        if (!foreign && (y->terms >> x->unit[i].term % 64 & 1) == 0)
            continue;
        for (size_t k = 0; k < y->n; k++)
            if ((rest_y >> k & 1) != 0 && same_unit(x, i, y, k)) {
                rest_x &= ~(1u << i);
                rest_y &= ~(1u << k);
                m->matched += x->unit[i].weight;
                break;
            }
    }
    m->rest_x = rest_x;
    m->rest_y = rest_y;
}

static int32_t costs(const struct identity_view_name *name, uint32_t units, uint16_t home)
{
    int32_t sum = 0;
    for (; units != 0; units &= units - 1)
        sum += cost_of(name, number_lowest_bit(units), home);
    return sum;
}

static int32_t weights(const struct identity_view_name *name, uint32_t units)
{
    int32_t sum = 0;
    for (; units != 0; units &= units - 1)
        sum += name->unit[number_lowest_bit(units)].weight;
    return sum;
}

static uint8_t name_level(unsigned share)
{
    uint8_t level = 1;
    while (level < NAME_LEVELS && share < share_least[level - 1])
        level++;
    return level;
}

/* Whether names of which matched meets and left does not could be wanted. */
static bool is_enough(struct meeting *m, int32_t matched, int32_t left)
{
    /* As share_of and name_level say, without a division: this is asked of most pairs of names. */
    int64_t all = (int64_t)matched + left, share = (int64_t)matched * 1000;
    if (matched <= 0 || share < m->least * all)
        return false;
    size_t level = 1;
    while (level < NAME_LEVELS && share < share_least[level - 1] * all)
        level++;
    m->under_bar = m->how->bar != NULL && matched < m->how->bar->matched[level];
    return !m->under_bar;
}

/* Whether they could be, if all that is open met; units of a group that the other has too may cost nothing. */
static bool could_be_enough(struct meeting *m, int32_t *left)
{
    const struct identity_view_name *x = m->x, *y = m->y;
    int32_t of_x = weights(x, m->open_x), of_y = weights(y, m->open_y);
    *left = costs(x, m->rest_x & ~m->open_x, m->how->home) +
            costs(y, m->rest_y & ~m->open_y, m->how->home);
    return is_enough(m, m->matched + lesser(of_x, of_y), *left);
}

/* The units of rest whose group the other name has. */
static uint32_t near_of(const struct identity_view_name *name, uint32_t rest, uint64_t groups)
{
    uint32_t out = 0;
    for (; (name->groups & groups) != 0 && rest != 0; rest &= rest - 1) {
        unsigned i = number_lowest_bit(rest);
        out |= (uint32_t)((identity_bit(name->unit[i].group) & groups) != 0) << i;
    }
    return out;
}

/* Leaves open what something may really meet; fills may. */
static void look_closer(struct meeting *m)
{
    uint32_t may_x = 0, may_y = 0;
    for (uint32_t rest = m->open_x; rest != 0; rest &= rest - 1) {
        unsigned i = number_lowest_bit(rest);
        uint32_t may = 0;
        for (uint32_t others = m->open_y; others != 0; others &= others - 1) {
            unsigned k = number_lowest_bit(others);
            may |= (uint32_t)may_meet(&m->x->likes[i], &m->y->likes[k]) << k;
        }
        m->may[i] = may;
        may_x |= (uint32_t)(may != 0) << i;
        may_y |= may;
    }
    m->open_x = may_x;
    m->open_y = may_y;
}

/* The units of rest that something in the other name's rest might meet; meant: what one has, the other may mean. */
static uint32_t open_of(const struct identity_view_name *name, uint32_t rest,
                        const struct identity_view_name *other, uint32_t other_rest, bool meant)
{
    uint32_t words = other->words & other_rest, cyrillic = other->cyrillic;
    uint32_t longs = other->longs & other_rest, open = 0;
    if (meant)
        return rest;
    open |= (name->groups & other->groups) != 0 ? name->grouped : 0;
    open |= (other->places & other_rest) != 0 ? name->words : 0;
    open |= words != 0 ? name->places : 0;
    open |= (words & cyrillic) != 0 ? name->words & ~name->cyrillic : 0;
    open |= (words & ~cyrillic) != 0 ? name->words & name->cyrillic : 0;
    open |= (longs & cyrillic) != 0 ? name->longs & name->cyrillic : 0;
    open |= (longs & ~cyrillic) != 0 ? name->longs & ~name->cyrillic : 0;
    return open & rest;
}

/* False: what is wanted is certainly not reached, whatever the likeness of what may be alike. */
static bool could_reach(struct meeting *m)
{
    const struct identity_view_name *x = m->x, *y = m->y;
    bool meant = (x->ids & y->means) != 0 || (y->ids & x->means) != 0;
    m->open_x = open_of(x, m->rest_x, y, m->rest_y, meant);
    m->open_y = open_of(y, m->rest_y, x, m->rest_x, meant);
    if ((m->rest_x & ~m->open_x & x->numbers) != 0 &&
        (m->rest_y & ~m->open_y & y->numbers) != 0)
        return false; /* two numbers that differ */
    int32_t left;
    if (!could_be_enough(m, &left))
        return false;
    look_closer(m);
    uint32_t near_x = near_of(x, m->rest_x, y->groups),
             near_y = near_of(y, m->rest_y, x->groups);
    int32_t of_x = weights(x, m->open_x), of_y = weights(y, m->open_y);
    uint32_t sure_x = m->rest_x & ~m->open_x & ~near_x,
             sure_y = m->rest_y & ~m->open_y & ~near_y;
    int32_t matched = m->matched + lesser(of_x, of_y);
    left = costs(x, sure_x, m->how->home) + costs(y, sure_y, m->how->home);
    return is_enough(m, matched, left) &&
           is_enough(m, matched, left + conflict(x, sure_x, y, sure_y));
}

/* Each unit left with the most alike of what is left; *left_x and *left_y are what the rest costs. */
static void meet_alike(struct meeting *m, int32_t *left_x, int32_t *left_y)
{
    const struct identity_view_name *x = m->x, *y = m->y;
    for (uint32_t open = m->open_x; open != 0; open &= open - 1) {
        unsigned i = number_lowest_bit(open), best = 0, with = 0;
        for (uint32_t may = m->may[i] & m->rest_y; may != 0; may &= may - 1) {
            unsigned k = number_lowest_bit(may);
            unsigned like = unit_likeness(x->term[i], y->term[k], m->how->alike);
            if (like > best) {
                best = like;
                with = k;
            }
        }
        if (best == 0)
            continue;
        int32_t credit = 1000 - ((int32_t)(1000 - best) * 6 / 5);
        m->matched += lesser(x->unit[i].weight, y->unit[with].weight) * credit / 1000;
        *left_x -= cost_of(x, i, m->how->home) * credit / 1000;
        *left_y -= cost_of(y, with, m->how->home) * credit / 1000;
        m->rest_x &= ~(1u << i);
        m->rest_y &= ~(1u << with);
    }
}

/* Units matched one to one: equal ones first, then each with the most alike of what is left. False when less than least
 * of the names meets, or how's bar is not reached: *under_bar. */
static bool overlap_of(const struct identity_view_name *x, const struct identity_view_name *y,
                       const struct how *how, unsigned least, struct overlap *out,
                       bool *under_bar)
{
    struct meeting m;
    m.x = x;
    m.y = y;
    m.how = how;
    m.least = least;
    m.matched = 0;
    m.under_bar = false;
    meet_equal(&m);
    bool could = could_reach(&m);
    *under_bar |= m.under_bar;
    if (!could)
        return false;
    bool number_x = (m.rest_x & x->numbers) != 0;
    int32_t left_x = costs(x, m.rest_x, how->home), left_y = costs(y, m.rest_y, how->home);
    meet_alike(&m, &left_x, &left_y);
    out->numbers_differ = number_x && (m.rest_y & y->numbers) != 0;
    out->matched = m.matched;
    int32_t near_x = take_near(x, &m.rest_x, y, how->home);
    int32_t near_y = take_near(y, &m.rest_y, x, how->home);
    left_x -= near_x;
    left_y -= near_y;
    int32_t against = conflict(x, m.rest_x, y, m.rest_y);
    out->conflict = against > 0;
    out->left = left_x + left_y + lonely(x, m.rest_x, left_y) + lonely(y, m.rest_y, left_x) +
                against + (near_x + near_y) / 2;
    out->share_permille = share_of(out->matched, out->left);
    if (out->numbers_differ && out->share_permille >= SHARE_FLOOR)
        out->share_permille = SHARE_FLOOR - 1;
    return out->share_permille >= least;
}

/* As the names are, or, of two languages, taken apart: what is more alike. One language has one word for it. */
static bool overlap_either(const struct identity_view_name *x,
                           const struct identity_view_name *y, const struct how *how,
                           unsigned least, struct overlap *out, bool *under_bar)
{
    struct overlap apart;
    bool found = overlap_of(x, y, how, least, out, under_bar);
    bool apart_differs = x->script != y->script && (x->apart != NULL || y->apart != NULL);
    if (!apart_differs || (found && out->share_permille == 1000))
        return found;
    unsigned more = found ? out->share_permille + 1 : least;
    if (!overlap_of(identity_apart(x), identity_apart(y), how, more, &apart, under_bar))
        return found;
    *out = apart;
    return true;
}

static bool lists_meet(const uint64_t *x, size_t n, const uint64_t *y, size_t m)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++)
            if (x[i] == y[k])
                return true;
    return false;
}

/* A scheme that both name with different values, and none that both name with one. */
static uint8_t identifier_level(const struct identity_view *x, const struct identity_view *y,
                                uint8_t *with)
{
    bool contradicts = false;
    for (size_t i = 0; i < x->identifiers; i++)
        for (size_t k = 0; k < y->identifiers; k++) {
            if (x->identifier[i] == y->identifier[k]) {
                *with = (uint8_t)i;
                return 1;
            }
            contradicts |= x->scheme[i] == y->scheme[k];
        }
    return contradicts ? 2 : 0;
}

static uint8_t domain_level(const struct identity *s, const struct identity_view *x,
                            const struct identity_view *y, uint8_t *with)
{
    uint8_t level = x->domains > 0 && y->domains > 0 ? 3 : 0;
    for (size_t i = 0; i < x->domains; i++)
        for (size_t k = 0; k < y->domains; k++)
            if (x->domain[i] == y->domain[k]) {
                struct str key = {(const char *)&x->domain[i], sizeof x->domain[i]};
                bool few = table_get(&s->domains, key, 0) <= IDENTITY_DOMAIN_FEW;
                *with = few || level == 3 ? (uint8_t)i : *with;
                level = few || level == 1 ? 1 : 2;
            }
    return level;
}

static uint8_t list_level(const uint64_t *x, size_t n, const uint64_t *y, size_t m)
{
    return n == 0 || m == 0 ? 0 : lists_meet(x, n, y, m) ? 1 : 2;
}

static uint8_t year_level(uint32_t x, uint32_t y)
{
    uint32_t apart = x > y ? x - y : y - x;
    return x == 0 || y == 0 ? 0 : apart == 0 ? 1 : apart <= 2 ? 2 : 3;
}

static bool acronyms_meet(const struct identity_view_name *x,
                          const struct identity_view_name *y)
{
    return (x->is_acronym || y->is_acronym) && x->acronym != 0 && x->acronym == y->acronym;
}

/* Whether both have names that are written alike. */
static bool have_one_script(const struct identity_view *x, const struct identity_view *y)
{
    unsigned of_x = 0, of_y = 0;
    for (size_t i = 0; i < x->n; i++)
        of_x |= 1u << x->name[i].script;
    for (size_t i = 0; i < y->n; i++)
        of_y |= 1u << y->name[i].script;
    return (of_x & of_y) != 0;
}

/* The most alike of the two records' names; true when there is one. Where names of one script can be compared, sounds of
 * two scripts must be nearly the same to say more than these. */
static bool best_over(const struct identity_view *x, const struct identity_view *y,
                      const struct bar *bar, struct overlap *best, struct identity_score *out,
                      bool *under_bar)
{
    int64_t most = -1;
    bool comparable = have_one_script(x, y);
    for (size_t i = 0; i < x->n; i++) {
        const struct identity_view_name *a = &x->name[i];
        for (size_t k = 0; k < y->n; k++) {
            const struct identity_view_name *b = &y->name[k];
            struct overlap o;
            unsigned least =
                best->share_permille > SHARE_FLOOR ? best->share_permille - 1 : SHARE_FLOOR;
            struct how how = {.home = x->home == y->home ? x->home : 0,
                              .alike = comparable && a->script != b->script ? SOUND_SURE : 0,
                              .bar = bar};
            /* Who asks for a name is shown who has it, however common its words are (Bộ Y tế). */
            bool asked = a->foreign && !b->foreign;
            if (!overlap_either(a, b, &how, least, &o, under_bar) ||
                (o.matched < MATCHED_LEAST && !(asked && o.share_permille == 1000)))
                continue;
            int64_t good = (int64_t)o.share_permille * 100000 + o.matched;
            if (good > most) {
                most = good;
                *best = o;
                out->name_x = a->place;
                out->name_y = b->place;
            }
        }
    }
    return most >= 0;
}

/* The same, of all names; false: there are none over the bar, and the pair is not wanted. */
static bool best_names(const struct identity_view *x, const struct identity_view *y,
                       const struct bar *bar, struct overlap *best, struct identity_score *out)
{
    bool under_bar = false;
    bool found = best_over(x, y, bar, best, out, &under_bar);
    if (bar == NULL || (found && !under_bar))
        return true;
    if (!found)
        return false;
    *best = (struct overlap){.share_permille = 0};
    return best_over(x, y, NULL, best, out, &under_bar); /* some were not looked at */
}

static bool have_acronyms(const struct identity_view *x, const struct identity_view *y)
{
    for (size_t i = 0; i < x->n; i++)
        for (size_t k = 0; k < y->n && x->name[i].acronym != 0; k++)
            if (acronyms_meet(&x->name[i], &y->name[k]))
                return true;
    return false;
}

/* A part of the score: how rare what meets is, at a level of WEIGH_NAME. */
static int32_t rarity_of(int32_t matched, uint8_t level)
{
    return lesser((matched - RARITY_MIDDLE) / (level == 1 ? 4 : 2), RARITY_MOST);
}

/* What rarity_of is not reached under. */
static int32_t matched_for(int32_t rarity, uint8_t level)
{
    return rarity > RARITY_MOST ? INT32_MAX
                                : RARITY_MIDDLE + (rarity - 1) * (level == 1 ? 4 : 2);
}

/* What names must come to for a score of least, when the other fields come to before. False: nothing, or the name is not
 * all that counts. */
static bool set_bar(const struct weigh_table *table, int32_t before, int32_t least,
                    struct bar *out)
{
    const int32_t *weight = table->weight[WEIGH_NAME];
    if (least == INT32_MIN || before + weight[NAME_LEVELS] >= least)
        return false;
    out->matched[NAME_LEVELS] = INT32_MAX;
    for (uint8_t level = NAME_LEVELS - 1; level > 0; level--)
        out->matched[level] =
            lesser(matched_for(least - before - weight[level], level), out->matched[level + 1]);
    return true;
}

bool identity_contradicts(const struct identity_score *x)
{
    const uint8_t *level = x->levels.level;
    return x->names_differ || level[WEIGH_IDENTIFIER] == 2 || level[WEIGH_DOMAIN] == 3 ||
           level[WEIGH_YEAR] == 3 || level[WEIGH_CITY] == 2 || level[WEIGH_COUNTRY] == 2;
}

/* Alike, and nothing that both say speaks against it; else a person looks. */
static bool is_sure(const struct identity_score *x)
{
    return x->levels.level[WEIGH_IDENTIFIER] == 1 ||
           (!identity_contradicts(x) && x->score >= IDENTITY_SAME_LEAST);
}

enum identity_band identity_band_of(const struct identity_score *score)
{
    return is_sure(score)                          ? IDENTITY_SAME
           : score->score >= IDENTITY_REVIEW_LEAST ? IDENTITY_REVIEW
                                                   : IDENTITY_DIFFERENT;
}

bool identity_has_second(const struct identity_score *x)
{
    const uint8_t *level = x->levels.level;
    return level[WEIGH_IDENTIFIER] == 1 || level[WEIGH_DOMAIN] == 1 || level[WEIGH_CITY] == 1;
}

bool identity_score(const struct identity *s, const struct weigh_table *table,
                    const struct identity_view *x, const struct identity_view *y, int32_t least,
                    struct identity_score *out)
{
    struct identity_score r = {.score = s->prior};
    uint8_t *level = r.levels.level;
    level[WEIGH_IDENTIFIER] = identifier_level(x, y, &r.identifier_x);
    level[WEIGH_DOMAIN] = domain_level(s, x, y, &r.domain_x);
    level[WEIGH_COUNTRY] = x->country == 0 || y->country == 0 ? 0
                           : x->country == y->country         ? 1
                                                              : 2;
    level[WEIGH_CITY] = list_level(x->city, x->cities, y->city, y->cities);
    level[WEIGH_TYPE] = list_level(x->type, x->types, y->type, y->types);
    level[WEIGH_YEAR] = year_level(x->year, y->year);
    int32_t before = weigh_sum(table, &r.levels) + s->prior;
    if (before + table->weight[WEIGH_NAME][1] + table->weight[WEIGH_ACRONYM][1] + RARITY_MOST <
        least)
        return false;
    struct overlap best = {.share_permille = 0};
    struct bar bar;
    level[WEIGH_ACRONYM] = have_acronyms(x, y);
    bool barred = level[WEIGH_ACRONYM] == 0 && level[WEIGH_IDENTIFIER] != 1 &&
                  set_bar(table, before, lesser(least, IDENTITY_SAME_LEAST), &bar);
    if (!best_names(x, y, barred ? &bar : NULL, &best, &r))
        return false;
    level[WEIGH_NAME] = name_level(best.share_permille);
    /* A name that is an acronym and the name it stands for are one evidence: the better counts. */
    if (level[WEIGH_ACRONYM] == 1 && level[WEIGH_NAME] < NAME_LEVELS)
        level[WEIGH_ACRONYM] = 0;
    if (level[WEIGH_ACRONYM] == 1)
        level[WEIGH_NAME] = 0;
    if (level[WEIGH_NAME] >= 1 && level[WEIGH_NAME] < NAME_LEVELS)
        r.rarity = rarity_of(best.matched, level[WEIGH_NAME]);
    r.share_permille = (uint16_t)best.share_permille;
    r.names_differ = best.conflict && level[WEIGH_NAME] != 0;
    r.score = weigh_sum(table, &r.levels) + r.rarity + s->prior;
    for (int f = 0; f < WEIGH_FIELDS; f++)
        r.weight[f] = table->weight[f][level[f]];
    if (s->persons && !identity_has_second(&r) && r.score >= IDENTITY_REVIEW_LEAST)
        r.score = IDENTITY_REVIEW_LEAST - 1;
    r.band = identity_band_of(&r);
    if (r.score < least && r.band != IDENTITY_SAME)
        return false;
    *out = r;
    return true;
}
