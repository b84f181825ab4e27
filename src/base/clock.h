/* clock.h - time and dates. Instants are UTC milliseconds since 1970. */
#ifndef CAU_BASE_CLOCK_H
#define CAU_BASE_CLOCK_H

#include "base/base.h"

int64_t clock_now_ms(void);       /* the wall clock, or what clock_set_ms said */
void clock_set_ms(int64_t now);   /* tests only: a fake clock; 0 returns to the real one */
int64_t clock_monotonic_us(void); /* for measuring; never a date */

/* A date as precise as it is known: month and day are 0 when they are not. Gregorian. */
struct clock_date {
    int year, month, day;
};
#define CLOCK_DATE_CHARS 10
#define CLOCK_MS_MIN     (INT64_C(-719162) * 86400000) /* of 0001-01-01 */

/* Reads "2019", "2019-03" or "2019-03-07" (years 0001 to 2999). Errors: SYNTAX (form), RANGE (no such day). */
enum cau_err clock_read_date(struct str x, struct clock_date *out);
struct clock_date clock_date_of(int64_t ms); /* UTC day of an instant, from CLOCK_MS_MIN */
int64_t clock_ms_of(struct clock_date d);    /* its first millisecond, UTC */
size_t clock_write_date(struct clock_date d,
                        char out[CLOCK_DATE_CHARS]); /* ISO form; characters written */
/* months after d (day clipped to the month's last). */
struct clock_date clock_add_months(struct clock_date d, int months);
/* "2026-11-21T08:15:00Z" of an instant: 20 characters. */
void clock_write_time(int64_t ms, char out[20]);

#endif
