/* home.h - the front door: first page, all kinds, help, and the files of the site. Each answers one
 * request; routes.c has checked what the route's flags ask for. */
#ifndef CAU_WEB_HOME_H
#define CAU_WEB_HOME_H

#include "web/serve/site.h"

/* home.c */
void home_root(struct ask *q); /* sends to the reader's language */
void home_page(struct ask *q);
void home_browse(struct ask *q); /* all kinds with their counts */

/* about.c */
void about_page(struct ask *q);
void about_accessibility(struct ask *q);
void about_help(struct ask *q);

/* files.c */
void files_asset(struct ask *q);
void files_robots(struct ask *q);
void files_health(struct ask *q);
void files_icon(struct ask *q);

#endif
