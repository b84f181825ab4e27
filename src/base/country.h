/* country.h - codes of ISO 3166-1. */
#ifndef CAU_BASE_COUNTRY_H
#define CAU_BASE_COUNTRY_H

#include "base/base.h"

/* The code of three letters for one of two ("VN" -> "VNM", with a NUL behind it). False, out unchanged: there is none. */
bool country_three(struct str two, char out[4]);

#endif
