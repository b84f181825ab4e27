#include "domain/rule/consent.h"

#include "base/clock.h"

static bool covers(struct str scope, enum record_audience audience)
{
    return str_is(scope, "public_card") ||
           (audience == RECORD_PARTNER && str_is(scope, "may_be_asked"));
}

/* A date as precise as it is known: "2026" is over when the year is. */
static bool is_past(struct str date)
{
    char text[CLOCK_DATE_CHARS];
    size_t n = clock_write_date(clock_date_of(clock_now_ms()), text);
    return date.len > 0 && str_cmp(date, str_to((struct str){text, n}, date.len)) < 0;
}

static bool refuse(struct record_problems *problems, const char *field, enum record_code code,
                   struct str value)
{
    record_problem_add(problems, (struct record_problem){str_of(field), code, value, 0});
    return false;
}

bool consent_check(const struct record_form *form, struct record_problems *problems)
{
    if (!form->kind->personal || form->audience == RECORD_PRIVATE)
        return true;
    struct str scope = value_get_str(&form->payload, "consent");
    struct str until = value_get_str(&form->payload, "consent_until");
    if (!covers(scope, form->audience))
        return refuse(problems, "consent", RECORD_NO_CONSENT, scope);
    if (value_get_str(&form->payload, "consented").len == 0)
        return refuse(problems, "consented", RECORD_NO_CONSENT, STR(""));
    if (is_past(until))
        return refuse(problems, "consent_until", RECORD_CONSENT_OVER, until);
    return true;
}
