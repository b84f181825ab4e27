#include "domain/desk/commitment_state.h"

static const char *const force_code[COMMITMENT_FORCES] = {
    "requested",    "proposed", "stated_intention", "consented_to_consider",
    "would_direct", "agreed",   "directed"};

struct str commitment_force_code(enum commitment_force force)
{
    must((unsigned)force < COMMITMENT_FORCES);
    return str_of(force_code[force]);
}

bool commitment_read_force(struct str code, enum commitment_force *out)
{
    for (unsigned i = 0; i < COMMITMENT_FORCES; i++)
        if (str_is(code, force_code[i])) {
            *out = (enum commitment_force)i;
            return true;
        }
    return false;
}

bool commitment_is_agreed(unsigned type)
{
    return type == COMMITMENT_AGREED || type == COMMITMENT_DIRECTED;
}

static const char *const status_code[COMMITMENT_STATUSES] = {"open",  "under_way", "done",
                                                             "moved", "dropped",   "disputed"};

struct str commitment_status_code(enum commitment_status status)
{
    must((unsigned)status < COMMITMENT_STATUSES);
    return str_of(status_code[status]);
}

bool commitment_read_status(struct str code, enum commitment_status *out)
{
    for (unsigned i = 0; i < COMMITMENT_STATUSES; i++)
        if (str_is(code, status_code[i])) {
            *out = (enum commitment_status)i;
            return true;
        }
    return false;
}

bool commitment_closes(enum commitment_status status)
{
    return status == COMMITMENT_DONE || status == COMMITMENT_MOVED ||
           status == COMMITMENT_DROPPED;
}

/* ---- what the words amount to ---- */

static bool has_side(const uint16_t *side, size_t n, uint16_t wanted)
{
    for (size_t i = 0; i < n; i++)
        if (side[i] == wanted)
            return true;
    return false;
}

static const struct desk_status *word_of(const struct desk_status *word, size_t words,
                                         uint16_t side)
{
    for (size_t i = 0; i < words; i++)
        if (word[i].side == side)
            return &word[i];
    return NULL;
}

static bool is_carried(const uint16_t *acts, size_t n, const struct desk_status *word,
                       size_t words)
{
    for (size_t i = 0; i < words; i++)
        if (word[i].status == COMMITMENT_MOVED && (n == 0 || has_side(acts, n, word[i].side)))
            return true;
    return false;
}

enum commitment_status commitment_overall(const uint16_t *acts, size_t n,
                                          const struct desk_status *word, size_t words)
{
    if (is_carried(acts, n, word, words))
        return COMMITMENT_MOVED;
    if (words == 0)
        return COMMITMENT_OPEN;
    for (size_t i = 0; i < words; i++)
        if (word[i].status >= COMMITMENT_DISPUTED || word[i].status != word[0].status)
            return COMMITMENT_DISPUTED;
    enum commitment_status said = (enum commitment_status)word[0].status;
    for (size_t i = 0; i < n && commitment_closes(said); i++)
        if (word_of(word, words, acts[i]) == NULL)
            return COMMITMENT_UNDER_WAY;
    return said;
}

enum commitment_status commitment_state(const struct desk *d, const struct desk_row *r)
{
    must(r->kind == DESK_COMMITMENT);
    return commitment_overall(desk_sides(d, r), r->sides, desk_statuses(d, r), r->statuses);
}

/* ---- what follows from it ---- */

bool commitment_closed(const struct desk *d, const struct desk_row *r)
{
    return commitment_closes(commitment_state(d, r));
}

bool commitment_differs(const struct desk *d, const struct desk_row *r)
{
    return commitment_state(d, r) == COMMITMENT_DISPUTED;
}

bool commitment_overdue(const struct desk *d, const struct desk_row *r, int32_t day)
{
    return desk_known(r->due) && r->due.last < day && !commitment_closed(d, r);
}

bool commitment_overdue_by(const struct desk *d, const struct desk_row *r, uint16_t side,
                           int32_t day)
{
    const struct desk_status *word = commitment_word(d, r, side);
    bool acts = r->sides > 0 ? has_side(desk_sides(d, r), r->sides, side)
                             : desk_has_country(d, r, side);
    bool closed = word != NULL && commitment_closes((enum commitment_status)word->status);
    return acts && !closed && commitment_overdue(d, r, day);
}

bool commitment_due_within(const struct desk *d, const struct desk_row *r, int32_t day,
                           int32_t days)
{
    return desk_known(r->due) && r->due.last >= day &&
           (int64_t)r->due.last <= (int64_t)day + days && !commitment_closed(d, r);
}

const struct desk_status *commitment_word(const struct desk *d, const struct desk_row *r,
                                          uint16_t side)
{
    return word_of(desk_statuses(d, r), r->statuses, side);
}

bool commitment_only_reported(const struct desk *d, const struct desk_row *r)
{
    const struct desk_standing *standing = desk_standings(d, r);
    for (size_t i = 0; i < r->standings; i++)
        if (!standing[i].confirmed)
            return true;
    return false;
}
