/* desk_pages.h - the pages of cooperation as a whole: desk, tables, agendas, reports, portraits. Each answers one
 * request; routes.c has checked what the route's flags ask for. */
#ifndef CAU_WEB_DESK_PAGES_H
#define CAU_WEB_DESK_PAGES_H

#include "web/serve/site.h"

/* desk_page.c */
void desk_page(struct ask *q);

/* cooperation.c */
void cooperation_page(struct ask *q); /* the way to all pages of committees and projects */

/* agreements.c */
void agreements_page(struct ask *q);

/* portfolio_page.c */
void portfolio_page(struct ask *q);

/* figures_page.c */
void figures_page(struct ask *q);

/* status_table.c */
void status_table_page(struct ask *q);

/* agenda_page.c */
void agenda_page(struct ask *q);
void agenda_save(struct ask *q); /* the draft into the session */

/* report_page.c */
void report_page(struct ask *q); /* the annual report of a country */
void report_choose(
    struct ask *q); /* sends to it, as the form says, or to the newest year there is */

/* portrait_page.c */
void portrait_country(struct ask *q);
void portrait_field(struct ask *q);
void portrait_record(struct ask *q); /* other kinds: sends to the record */

#endif
