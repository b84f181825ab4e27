#include "base/decimal.h"

#include <string.h>

/* Takes zeros off: above the highest digit, and behind the last of the fraction. */
static void tidy(struct decimal *x)
{
    unsigned low = 0;
    while (x->n > 0 && x->digit[x->n - 1] == 0)
        x->n--;
    while (low < x->scale && low < x->n && x->digit[low] == 0)
        low++;
    if (x->n == 0) {
        x->negative = false;
        x->scale = 0;
        return;
    }
    if (low > 0)
        memmove(x->digit, x->digit + low, x->n - low);
    x->n -= low;
    x->scale -= low;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "E+9" at the end of a number: the power, and the text without it. */
static enum cau_err read_power(struct str *text, int *power)
{
    struct str rest = *text;
    size_t at = 0;
    *power = 0;
    while (at < rest.len && rest.p[at] != 'e' && rest.p[at] != 'E')
        at++;
    if (at == rest.len)
        return CAU_OK;
    *text = str_to(rest, at);
    rest = str_from(rest, at + 1);
    bool minus = rest.len > 0 && rest.p[0] == '-';
    if (rest.len > 0 && (rest.p[0] == '-' || rest.p[0] == '+'))
        rest = str_from(rest, 1);
    if (rest.len == 0)
        return CAU_ERR_SYNTAX;
    for (size_t i = 0; i < rest.len; i++) {
        if (!is_digit(rest.p[i]))
            return CAU_ERR_SYNTAX;
        *power = *power * 10 + (rest.p[i] - '0');
        if (*power > DECIMAL_DIGITS_MAX)
            return CAU_ERR_RANGE;
    }
    *power = minus ? -*power : *power;
    return CAU_OK;
}

enum cau_err decimal_read(struct str text, struct decimal *out)
{
    struct decimal x = {0};
    int power;
    bool point = false, some = false;
    if (text.len > DECIMAL_READ_CHARS)
        return CAU_ERR_RANGE;
    enum cau_err err = read_power(&text, &power);
    if (err != CAU_OK)
        return err;
    if (text.len > 0 && (text.p[0] == '-' || text.p[0] == '+')) {
        x.negative = text.p[0] == '-';
        text = str_from(text, 1);
    }
    for (size_t i = text.len; i-- > 0;) {
        if (text.p[i] == '.' && !point) {
            point = true;
            x.scale = x.n;
        } else if (is_digit(text.p[i])) {
            x.digit[x.n++] = (unsigned char)(text.p[i] - '0');
            some = true;
        } else {
            return CAU_ERR_SYNTAX;
        }
    }
    if (!some)
        return CAU_ERR_SYNTAX;
    tidy(&x);
    return decimal_shift(&x, power, out) ? CAU_OK : CAU_ERR_RANGE;
}

size_t decimal_write(const struct decimal *x, char out[DECIMAL_CHARS_MAX])
{
    struct decimal t = *x;
    size_t n = 0;
    tidy(&t);
    if (t.negative)
        out[n++] = '-';
    if (t.n <= t.scale)
        out[n++] = '0';
    for (unsigned i = t.n; i > t.scale; i--)
        out[n++] = (char)('0' + t.digit[i - 1]);
    if (t.scale > 0)
        out[n++] = '.';
    for (unsigned i = t.scale; i > 0; i--)
        out[n++] = (char)(i > t.n ? '0' : '0' + t.digit[i - 1]);
    must(n <= DECIMAL_CHARS_MAX);
    return n;
}

struct decimal decimal_of(int64_t value)
{
    struct decimal x = {.negative = value < 0};
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    for (; left > 0; left /= 10)
        x.digit[x.n++] = (unsigned char)(left % 10);
    return x;
}

struct decimal decimal_abs(const struct decimal *x)
{
    struct decimal out = *x;
    out.negative = false;
    return out;
}

/* The digit at a power of ten, which may be beyond what is written. */
static unsigned digit_at(const struct decimal *x, int power)
{
    int i = power + (int)x->scale;
    return i < 0 || i >= (int)x->n ? 0 : x->digit[i];
}

static int top(const struct decimal *x) /* the power just above the highest digit */
{
    return (int)x->n - (int)x->scale;
}

static int larger(int x, int y)
{
    return x > y ? x : y;
}

static int cmp_size(const struct decimal *x, const struct decimal *y)
{
    int low = -larger((int)x->scale, (int)y->scale);
    for (int p = larger(top(x), top(y)); p >= low; p--) {
        unsigned a = digit_at(x, p), b = digit_at(y, p);
        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

int decimal_cmp(const struct decimal *x, const struct decimal *y)
{
    struct decimal a = *x, b = *y;
    tidy(&a);
    tidy(&b);
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? -cmp_size(&a, &b) : cmp_size(&a, &b);
}

/* |x| + |y|, or |x| - |y| when |x| is not the smaller. */
static bool combine(const struct decimal *x, const struct decimal *y, bool minus,
                    struct decimal *out)
{
    struct decimal r = {0};
    int low = -larger((int)x->scale, (int)y->scale), high = larger(top(x), top(y));
    int carry = 0;
    r.scale = (unsigned)-low;
    if (high + 1 - low > DECIMAL_DIGITS_MAX)
        return false;
    for (int p = low; p <= high; p++) {
        int a = (int)digit_at(x, p), b = (int)digit_at(y, p);
        int sum = minus ? a - b - carry : a + b + carry;
        carry = minus ? sum < 0 : sum > 9;
        sum += minus && carry ? 10 : 0;
        r.digit[r.n++] = (unsigned char)(sum % 10);
    }
    must(carry == 0); /* the digit above the highest took it */
    *out = r;
    return true;
}

bool decimal_add(const struct decimal *x, const struct decimal *y, struct decimal *out)
{
    struct decimal r;
    bool same = x->negative == y->negative;
    bool swap = !same && cmp_size(x, y) < 0;
    const struct decimal *a = swap ? y : x, *b = swap ? x : y;
    if (!combine(a, b, !same, &r))
        return false;
    r.negative = a->negative;
    tidy(&r);
    *out = r;
    return true;
}

bool decimal_sub(const struct decimal *x, const struct decimal *y, struct decimal *out)
{
    struct decimal minus = *y;
    minus.negative = !y->negative && y->n > 0;
    return decimal_add(x, &minus, out);
}

bool decimal_shift(const struct decimal *x, int power, struct decimal *out)
{
    struct decimal r = *x;
    if (power < -2 * DECIMAL_DIGITS_MAX || power > 2 * DECIMAL_DIGITS_MAX)
        return false;
    int scale = (int)x->scale - power;
    if (x->n == 0) {
        *out = decimal_of(0);
        return true;
    }
    if (scale < 0) { /* zeros before the point */
        unsigned zeros = (unsigned)-scale;
        if (x->n + zeros > DECIMAL_DIGITS_MAX)
            return false;
        memmove(r.digit + zeros, r.digit, x->n);
        memset(r.digit, 0, zeros);
        r.n = x->n + zeros;
        scale = 0;
    }
    if (scale > DECIMAL_DIGITS_MAX)
        return false;
    r.scale = (unsigned)scale;
    tidy(&r);
    *out = r;
    return true;
}

/* Takes digits off the low end; whether what is left is to grow by one. */
static bool cut(struct decimal *x, unsigned places)
{
    unsigned off = x->scale - places;
    bool up = off <= x->n && off > 0 && x->digit[off - 1] >= 5;
    unsigned gone = off < x->n ? off : x->n;
    memmove(x->digit, x->digit + gone, x->n - gone);
    x->n -= gone;
    x->scale = places;
    return up;
}

static void grow(struct decimal *x)
{
    unsigned i = 0;
    while (i < x->n && x->digit[i] == 9)
        x->digit[i++] = 0;
    if (i < x->n) {
        x->digit[i]++;
        return;
    }
    must(x->n < DECIMAL_DIGITS_MAX); /* a digit was taken off before */
    x->digit[x->n++] = 1;
}

struct decimal decimal_round(const struct decimal *x, unsigned places)
{
    struct decimal r = *x;
    if (x->scale <= places)
        return r;
    if (cut(&r, places))
        grow(&r);
    tidy(&r);
    return r;
}

/* Digits of a remainder, as whole numbers: first the lowest. */
static int cmp_whole(const unsigned char *x, unsigned n, const unsigned char *y, unsigned m)
{
    if (n != m)
        return n < m ? -1 : 1;
    for (unsigned i = n; i-- > 0;)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static void take_away(unsigned char *x, unsigned *n, const unsigned char *y, unsigned m)
{
    int carry = 0;
    for (unsigned i = 0; i < *n; i++) {
        int sum = x[i] - carry - (i < m ? y[i] : 0);
        carry = sum < 0;
        x[i] = (unsigned char)(sum < 0 ? sum + 10 : sum);
    }
    while (*n > 0 && x[*n - 1] == 0)
        (*n)--;
}

bool decimal_div(const struct decimal *x, const struct decimal *y, unsigned places,
                 struct decimal *out)
{
    struct decimal a, q = {.scale = places};
    /* Both as whole numbers, and one digit more than asked for, to round by. */
    if (y->n == 0 || places >= DECIMAL_DIGITS_MAX ||
        !decimal_shift(x, (int)places + 1 + (int)y->scale, &a))
        return false;
    unsigned char left[DECIMAL_DIGITS_MAX + 1];
    unsigned n = 0;
    q.scale = places + 1;
    q.n = top(&a) > 0 ? (unsigned)top(&a) : 0;
    for (unsigned i = q.n; i-- > 0;) {
        memmove(left + 1, left, n);
        left[0] = (unsigned char)digit_at(&a, (int)i);
        n += n > 0 || left[0] > 0;
        q.digit[i] = 0;
        while (cmp_whole(left, n, y->digit, y->n) >= 0) {
            take_away(left, &n, y->digit, y->n);
            q.digit[i]++;
        }
    }
    q.negative = x->negative != y->negative;
    while (q.n > 0 && q.digit[q.n - 1] == 0)
        q.n--;
    *out = decimal_round(&q, places);
    tidy(out);
    return true;
}

bool decimal_percent(const struct decimal *part, const struct decimal *whole, unsigned places,
                     struct decimal *out)
{
    struct decimal hundredfold;
    return decimal_shift(part, 2, &hundredfold) &&
           decimal_div(&hundredfold, whole, places, out);
}

int64_t decimal_int(const struct decimal *x, int64_t limit)
{
    int64_t value = 0;
    must(limit >= 0);
    for (int p = top(x) - 1; p >= 0; p--) {
        int64_t digit = (int64_t)digit_at(x, p);
        if (value > (limit - digit) / 10)
            return x->negative ? -limit : limit;
        value = value * 10 + digit;
    }
    return x->negative ? -value : value;
}
