/* steps.h - small numbers added up one by one, eight at once. */
#ifndef CAU_BASE_STEPS_H
#define CAU_BASE_STEPS_H

#include "base/base.h"

/* Of eight steps of 1 or 2 bytes each (little-endian): out[2 i] is start and all steps up to step i, modulo 2^32;
 * out[2 i + 1] is other. */
void steps_eight(const unsigned char *step, unsigned bytes, uint32_t start, uint32_t other,
                 uint32_t out[16]);
/* The same one by one: what the other is tested against. */
void steps_eight_plain(const unsigned char *step, unsigned bytes, uint32_t start,
                       uint32_t other, uint32_t out[16]);

#endif
