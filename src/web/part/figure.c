#include "web/part/figure.h"

#include "base/words.h"

static struct str in_words(struct ask *q, const struct decimal *x)
{
    char text[DECIMAL_CHARS_MAX];
    return ask_decimal(q, ask_print(q, "%.*s", (int)decimal_write(x, text), text));
}

struct str figure_number(struct ask *q, const struct decimal *x)
{
    return in_words(q, x);
}

int figure_scale(const struct decimal *max)
{
    static const int scale[] = {12, 9, 6};
    struct decimal size = decimal_abs(max), one = decimal_of(1), power;
    for (size_t i = 0; i < countof(scale); i++)
        if (decimal_shift(&one, scale[i], &power) && decimal_cmp(&size, &power) >= 0)
            return scale[i];
    return 0;
}

struct str figure_scale_name(struct ask *q, int scale)
{
    switch (scale) {
    case 6:
        return ask_say(q, "figure.million");
    case 9:
        return ask_say(q, "figure.billion");
    case 12:
        return ask_say(q, "figure.trillion");
    default:
        return (struct str){NULL, 0};
    }
}

struct str figure_scaled(struct ask *q, const struct decimal *x, int scale)
{
    struct decimal scaled;
    if (!decimal_shift(x, -scale, &scaled))
        return in_words(q, x);
    scaled = decimal_round(&scaled, FIGURE_PLACES);
    return in_words(q, &scaled);
}

struct str figure_short(struct ask *q, const struct decimal *x)
{
    int scale = figure_scale(x);
    struct str number = figure_scaled(q, x, scale), name = figure_scale_name(q, scale);
    return name.len == 0 ? number
                         : ask_print(q, "%.*s\xC2\xA0%.*s", STR_ARG(number), STR_ARG(name));
}

struct str figure_said(struct ask *q, enum indicator_precision precision, struct str number)
{
    switch (precision) {
    case INDICATOR_ABOUT:
        return ask_fill(q, "figure.about", &number, 1);
    case INDICATOR_NEARLY:
        return ask_fill(q, "figure.nearly", &number, 1);
    case INDICATOR_OVER:
        return ask_fill(q, "figure.over", &number, 1);
    case INDICATOR_UP_TO:
        return ask_fill(q, "figure.up_to", &number, 1);
    case INDICATOR_EXACT:
        break;
    }
    return number;
}

struct str figure_difference(struct ask *q, const struct decimal *x)
{
    struct str number = in_words(q, x);
    return x->negative || x->n == 0 ? number : ask_print(q, "+%.*s", STR_ARG(number));
}
