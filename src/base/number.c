#include "base/number.h"

bool number_add(size_t x, size_t y, size_t *out)
{
    return x <= SIZE_MAX - y && (*out = x + y, true);
}

bool number_mul(size_t x, size_t y, size_t *out)
{
    return (y == 0 || x <= SIZE_MAX / y) && (*out = x * y, true);
}

enum cau_err number_read(struct str x, uint64_t max, uint64_t *out)
{
    if (x.len == 0 || (x.p[0] == '0' && x.len > 1))
        return CAU_ERR_SYNTAX;
    uint64_t value = 0;
    bool over = false;
    for (size_t i = 0; i < x.len; i++) {
        if (x.p[i] < '0' || x.p[i] > '9')
            return CAU_ERR_SYNTAX;
        uint64_t digit = (uint64_t)(x.p[i] - '0');
        over = over || value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (over || value > max)
        return CAU_ERR_RANGE;
    *out = value;
    return CAU_OK;
}

enum cau_err number_read_int(struct str x, int64_t *out)
{
    bool minus = x.len > 0 && x.p[0] == '-';
    uint64_t size = 0;
    enum cau_err err = number_read(minus ? str_from(x, 1) : x, NUMBER_INTEGER_MAX, &size);
    if (err != CAU_OK)
        return err;
    if (minus && size == 0)
        return CAU_ERR_SYNTAX;
    *out = minus ? -(int64_t)size : (int64_t)size;
    return CAU_OK;
}

static bool all_digits(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if (x.p[i] < '0' || x.p[i] > '9')
            return false;
    return x.len > 0;
}

bool number_is_decimal(struct str x)
{
    if (x.len == 0 || x.len > 40)
        return false;
    struct str fraction = x.p[0] == '-' ? str_from(x, 1) : x;
    struct str whole = str_next(&fraction, '.');
    return all_digits(whole) && (whole.len == 1 || whole.p[0] != '0') &&
           (fraction.p == NULL || all_digits(fraction));
}

enum cau_err number_read_fixed(struct str x, unsigned places, int64_t *out)
{
    if (!number_is_decimal(x))
        return CAU_ERR_SYNTAX;
    bool minus = x.p[0] == '-';
    struct str fraction = minus ? str_from(x, 1) : x;
    struct str whole = str_next(&fraction, '.');
    int64_t value = 0;
    for (size_t i = 0; i < whole.len + places; i++) {
        size_t f = i - whole.len;
        char c = i < whole.len ? whole.p[i] : f < fraction.len ? fraction.p[f] : '0';
        if (value > (INT64_MAX - 9) / 10)
            return CAU_ERR_RANGE;
        value = value * 10 + (c - '0');
    }
    value += fraction.len > places && fraction.p[places] >= '5';
    *out = minus ? -value : value;
    return CAU_OK;
}

uint32_t number_be32(const unsigned char p[4])
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

uint64_t number_be64(const unsigned char p[8])
{
    return (uint64_t)number_be32(p) << 32 | number_be32(p + 4);
}

void number_put_be32(unsigned char p[4], uint32_t value)
{
    for (int i = 3; i >= 0; i--, value >>= 8)
        p[i] = (unsigned char)value;
}

void number_put_be64(unsigned char p[8], uint64_t value)
{
    number_put_be32(p, (uint32_t)(value >> 32));
    number_put_be32(p + 4, (uint32_t)value);
}
