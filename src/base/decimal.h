/* decimal.h - decimal numbers kept exactly as they are written; nothing is ever rounded unless a function says so.
 *
 * A number is digits and how many of them stand behind the point: 5.980 is 5980 with scale 3. The digits come first the
 * lowest; there are none above the highest that is not 0, so zero has none, and it is never negative. */
#ifndef CAU_BASE_DECIMAL_H
#define CAU_BASE_DECIMAL_H

#include "base/base.h"

#define DECIMAL_DIGITS_MAX 120
#define DECIMAL_CHARS_MAX  (DECIMAL_DIGITS_MAX + 3) /* sign, zero, point */
#define DECIMAL_READ_CHARS 60                       /* of a text that is read */

struct decimal {
    bool negative;
    unsigned n, scale; /* scale <= DECIMAL_DIGITS_MAX; n may be less than scale: 0.05 */
    unsigned char digit[DECIMAL_DIGITS_MAX]; /* 0..9 */
};

/* Reads "-12.50", also as other programs write it: "+5", ".5", "007", "1.2E+9".
 * Errors: SYNTAX; RANGE (over DECIMAL_READ_CHARS, or more digits than fit once it is written out). *out unchanged. */
enum cau_err decimal_read(struct str text, struct decimal *out);
/* The shortest text: no zeros at the end of the fraction, "0" for zero. Characters written. */
size_t decimal_write(const struct decimal *x, char out[DECIMAL_CHARS_MAX]);
struct decimal decimal_of(int64_t value);

int decimal_cmp(const struct decimal *x, const struct decimal *y); /* <0, 0, >0 */
struct decimal decimal_abs(const struct decimal *x);
/* x + y, x - y. False, *out unchanged: more digits than fit. */
bool decimal_add(const struct decimal *x, const struct decimal *y, struct decimal *out);
bool decimal_sub(const struct decimal *x, const struct decimal *y, struct decimal *out);
/* x times ten to the power. False, *out unchanged: more digits than fit. */
bool decimal_shift(const struct decimal *x, int power, struct decimal *out);
/* x with at most so many digits behind the point, rounded half away from zero. */
struct decimal decimal_round(const struct decimal *x, unsigned places);
/* x / y rounded half away from zero to so many places. False, *out unchanged: y is 0, or too many digits. */
bool decimal_div(const struct decimal *x, const struct decimal *y, unsigned places,
                 struct decimal *out);
/* part / whole in per cent. As decimal_div. */
bool decimal_percent(const struct decimal *part, const struct decimal *whole, unsigned places,
                     struct decimal *out);
/* x without its fraction, kept within +-limit (limit >= 0). */
int64_t decimal_int(const struct decimal *x, int64_t limit);

#endif
