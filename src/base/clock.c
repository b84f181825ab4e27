#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static _Atomic int64_t fake_ms;

static int64_t read_us(clockid_t id)
{
    struct timespec t;
    must(clock_gettime(id, &t) == 0);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_now_ms(void)
{
    int64_t fake = atomic_load(&fake_ms);
    return fake != 0 ? fake : read_us(CLOCK_REALTIME) / 1000;
}

void clock_set_ms(int64_t now)
{
    atomic_store(&fake_ms, now);
}

int64_t clock_monotonic_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

static int digits(struct str x, size_t at, size_t n)
{
    int value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (x.p[i] < '0' || x.p[i] > '9')
            return -1;
        value = value * 10 + (x.p[i] - '0');
    }
    return value;
}

enum cau_err clock_read_date(struct str x, struct clock_date *out)
{
    if ((x.len != 4 && x.len != 7 && x.len != 10) || (x.len > 4 && x.p[4] != '-') ||
        (x.len > 7 && x.p[7] != '-'))
        return CAU_ERR_SYNTAX;
    struct clock_date d = {digits(x, 0, 4), x.len > 4 ? digits(x, 5, 2) : 0,
                           x.len > 7 ? digits(x, 8, 2) : 0};
    if (d.year < 0 || d.month < 0 || d.day < 0)
        return CAU_ERR_SYNTAX;
    if (d.year < 1 || d.year > 2999 || (x.len > 4 && (d.month < 1 || d.month > 12)) ||
        (x.len > 7 && (d.day < 1 || d.day > days_in(d.year, d.month))))
        return CAU_ERR_RANGE;
    *out = d;
    return CAU_OK;
}

/* Days since 1970-01-01 and back, after the usual era arithmetic with the year starting in March. */
static int64_t days_of(struct clock_date d)
{
    int month = d.month == 0 ? 1 : d.month, day = d.day == 0 ? 1 : d.day;
    int64_t y = d.year - (month <= 2);
    int64_t era = y / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t clock_ms_of(struct clock_date d)
{
    return days_of(d) * 86400000;
}

struct clock_date clock_date_of(int64_t ms)
{
    must(ms >= CLOCK_MS_MIN);
    int64_t z = (ms - CLOCK_MS_MIN) / 86400000 + 306; /* days since 0000-03-01 */
    int64_t era = z / 146097, of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153;
    int month = (int)(m < 10 ? m + 3 : m - 9);
    return (struct clock_date){(int)(year + era * 400 + (month <= 2)), month,
                               (int)(of_year - (153 * m + 2) / 5 + 1)};
}

size_t clock_write_date(struct clock_date d, char out[CLOCK_DATE_CHARS])
{
    char text[40];
    int n = d.month == 0 ? snprintf(text, sizeof text, "%04d", d.year)
            : d.day == 0
                ? snprintf(text, sizeof text, "%04d-%02d", d.year, d.month)
                : snprintf(text, sizeof text, "%04d-%02d-%02d", d.year, d.month, d.day);
    must(n > 0 && n <= CLOCK_DATE_CHARS);
    memcpy(out, text, (size_t)n);
    return (size_t)n;
}

struct clock_date clock_add_months(struct clock_date d, int months)
{
    int at = d.year * 12 + (d.month == 0 ? 1 : d.month) - 1 + months;
    struct clock_date out = {at / 12, at % 12 + 1, d.day};
    if (out.day > days_in(out.year, out.month))
        out.day = days_in(out.year, out.month);
    return out;
}

void clock_write_time(int64_t ms, char out[20])
{
    char text[64];
    int s = (int)(ms / 1000 % 86400);
    struct clock_date d = clock_date_of(ms);
    int n = snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month,
                     d.day, s / 3600, s / 60 % 60, s % 60);
    must(n == 20);
    memcpy(out, text, 20);
}
