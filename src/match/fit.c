#include "match/fit.h"

#include <string.h>

static const int32_t points[FIT_KINDS] = {[FIT_FIELD] = 1000,
                                          [FIT_BROAD_FIELD] = 300,
                                          [FIT_FORM] = 200,
                                          [FIT_READINESS] = 200,
                                          [FIT_COUNTRY] = 100};

struct str fit_kind_name(enum fit_kind kind)
{
    static const char *const name[FIT_KINDS] = {[FIT_FIELD] = "field",
                                                [FIT_BROAD_FIELD] = "broad_field",
                                                [FIT_FORM] = "form",
                                                [FIT_READINESS] = "readiness",
                                                [FIT_COUNTRY] = "country"};
    must(kind < FIT_KINDS);
    return str_of(name[kind]);
}

static void add(struct fit_reason *out, size_t *n, enum fit_kind kind, struct str value)
{
    if (*n < FIT_REASONS_MAX)
        out[(*n)++] = (struct fit_reason){kind, value, points[kind]};
}

/* A code up to its first point: "FORD:2" of "FORD:2.7". */
static struct str first_level(struct str code)
{
    const char *point = code.len > 0 ? memchr(code.p, '.', code.len) : NULL;
    return point == NULL ? code : str_to(code, (size_t)(point - code.p));
}

/* The nearest two codes decide: several shared ones say no more than one. */
static void add_fields(const struct fit_facts *x, const struct fit_facts *y,
                       struct fit_reason *out, size_t *n)
{
    const struct str *broad = NULL;
    for (size_t i = 0; i < y->fields; i++)
        for (size_t k = 0; k < x->fields; k++) {
            if (str_equal(y->field[i], x->field[k])) {
                add(out, n, FIT_FIELD, y->field[i]);
                return;
            }
            if (str_equal(first_level(y->field[i]), first_level(x->field[k])))
                broad = &y->field[i];
        }
    if (broad != NULL)
        add(out, n, FIT_BROAD_FIELD, first_level(*broad));
}

static void add_form(const struct fit_facts *x, const struct fit_facts *y,
                     struct fit_reason *out, size_t *n)
{
    for (size_t i = 0; i < y->forms; i++)
        for (size_t k = 0; k < x->forms; k++)
            if (str_equal(y->form[i], x->form[k])) {
                add(out, n, FIT_FORM, y->form[i]);
                return;
            }
}

static bool is_over(const struct fit_facts *x, struct str today)
{
    size_t n = x->last_date.len < today.len ? x->last_date.len : today.len;
    return n > 0 && str_cmp(str_to(x->last_date, n), str_to(today, n)) < 0;
}

bool fit_of(const struct fit_facts *asked, const struct fit_facts *given, struct str today,
            struct fit_reason out[FIT_REASONS_MAX], size_t *n)
{
    static const char digit[] = "0123456789";
    *n = 0;
    if (is_over(asked, today) || is_over(given, today))
        return false;
    add_fields(asked, given, out, n);
    add_form(asked, given, out, n);
    if (asked->readiness > 0 && given->readiness >= asked->readiness && given->readiness <= 9)
        add(out, n, FIT_READINESS, (struct str){digit + given->readiness, 1});
    if (asked->country.len > 0 && given->country.len > 0 &&
        !str_equal(asked->country, given->country))
        add(out, n, FIT_COUNTRY, given->country);
    return true;
}
