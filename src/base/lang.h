/* lang.h - the three languages of the interface. Texts of records may be in others too. */
#ifndef CAU_BASE_LANG_H
#define CAU_BASE_LANG_H

#include "base/base.h"

enum lang { LANG_VI, LANG_RU, LANG_EN, LANG_COUNT };

struct str lang_code(enum lang lang);            /* "vi" "ru" "en" */
bool lang_read(struct str code, enum lang *out); /* false, *out unchanged, for anything else */

#endif
