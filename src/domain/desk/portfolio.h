/* portfolio.h - projects and programmes of a node as of a day: how many by mechanism, state and country, and which are
 * late. */
#ifndef CAU_DOMAIN_PORTFOLIO_H
#define CAU_DOMAIN_PORTFOLIO_H

#include "domain/desk/desk.h"

struct portfolio {
    const struct desk *desk;
    struct index_reader reader;
    const struct kind_list *states; /* list programme_status */
    uint16_t home;                  /* the node's country: not counted as a partner */
    int32_t day;
};

#define PORTFOLIO_ANY UINT32_MAX
struct portfolio_filter { /* each PORTFOLIO_ANY, or a key as in portfolio_count */
    uint32_t country, state, mechanism;
    bool late; /* only those */
};

struct portfolio_count {
    uint32_t
        key; /* a country of the desk; place in the list of states, DESK_NO_CODE: not said; the document of a
                   * mechanism, 0: none */
    uint32_t n;
};
struct portfolio_counts {
    struct portfolio_count *country;   /* most first, then by key */
    struct portfolio_count *state;     /* in the order of the list */
    struct portfolio_count *mechanism; /* most first, then by document; 0 last */
    size_t countries, states, mechanisms;
    uint32_t total; /* that fit the whole filter */
    uint32_t late;  /* of those that fit but for `late` */
};

/* Walks projects, then programmes; *at begins at 0. NULL at the end. */
const struct desk_row *portfolio_next(const struct portfolio *p, size_t *at, bool *programmes);

/* It goes on, and its end or the plan of its next milestone has passed. */
bool portfolio_late(const struct portfolio *p, const struct desk_row *row);
bool portfolio_fits(const struct portfolio *p, const struct desk_row *row,
                    const struct portfolio_filter *filter);
/* Each dimension is counted under the filters of the others. Errors: MEMORY. */
enum cau_err portfolio_count(struct arena *a, const struct portfolio *p,
                             const struct portfolio_filter *filter,
                             struct portfolio_counts *out);

#endif
