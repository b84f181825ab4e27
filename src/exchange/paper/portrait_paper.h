/* portrait_paper.h - a portrait as a paper: one table of a topic and what is known of it, short enough for one A4 page. */
#ifndef CAU_EXCHANGE_PORTRAIT_PAPER_H
#define CAU_EXCHANGE_PORTRAIT_PAPER_H

#include "domain/desk/portrait.h"
#include "exchange/paper/paper.h"

#define PORTRAIT_TITLE_POINTS                                                                  \
    90 /* code points of a title, and of a text in a row of a record */
#define PORTRAIT_PROSE_POINTS 330 /* of a longer text */
#define PORTRAIT_VALUES_MAX   4   /* values of one field, rows of one table */

struct portrait_paper_from {
    struct view *view;
    const struct desk *desk;
    const struct kinds *kinds;
    struct index_reader reader; /* the same as the portrait's */
    enum lang lang;
};

/* Each makes the paper of a portrait; everything lives in a. Errors: MEMORY, and those of view_get of the record. */
enum cau_err portrait_paper_country(struct arena *a, const struct portrait *portrait,
                                    const struct portrait_paper_from *from, uint16_t country,
                                    struct paper *out);
/* code: of list `ford` ("2.7"). */
enum cau_err portrait_paper_field(struct arena *a, const struct portrait *portrait,
                                  const struct portrait_paper_from *from, struct str code,
                                  struct paper *out);
enum cau_err portrait_paper_record(struct arena *a, const struct portrait *portrait,
                                   const struct portrait_paper_from *from, uint32_t doc,
                                   struct paper *out);
/* Whether there are portraits of records of a kind. */
bool portrait_paper_has(const struct kind *kind);

#endif
