#include "domain/rule/indicator.h"

#include <stdlib.h>

static enum indicator_precision precision_of(struct str code)
{
    static const char *const name[] = {"exact", "about", "nearly", "over", "up_to"};
    for (size_t i = 0; i < countof(name); i++)
        if (str_is(code, name[i]))
            return (enum indicator_precision)i;
    return INDICATOR_EXACT;
}

static bool is_target(const struct value *row)
{
    const struct value *v = value_get(row, "target");
    return v != NULL && v->type == VALUE_TRUE;
}

static bool read_value(const struct value *row, size_t at, struct indicator_value *out)
{
    *out = (struct indicator_value){.period = value_get_str(row, "period"),
                                    .text = value_get_str(row, "value"),
                                    .side = value_get_str(row, "side"),
                                    .precision = precision_of(value_get_str(row, "qualifier")),
                                    .target = is_target(row),
                                    .standing = value_get_str(row, "standing"),
                                    .source = value_get_str(row, "source"),
                                    .note = value_get(row, "note"),
                                    .row = at};
    return out->period.len > 0 && decimal_read(out->text, &out->number) == CAU_OK;
}

/* ---- sides ---- */

static size_t side_of(const struct indicator *x, struct str country)
{
    size_t i = 0;
    while (i < x->sides && !str_equal(x->side[i].country, country))
        i++;
    return i; /* x->sides: none */
}

static struct indicator_side *add_side(struct indicator *x, struct str country)
{
    size_t i = side_of(x, country);
    if (country.len == 0 || (i == x->sides && i == INDICATOR_SIDES_MAX))
        return NULL;
    if (i == x->sides)
        x->side[x->sides++] = (struct indicator_side){.country = country};
    return &x->side[i];
}

static void find_sides(struct indicator *x, const struct value *payload)
{
    const struct value *countries = value_get(payload, "countries");
    const struct value *said = value_get(payload, "definitions");
    if (countries != NULL && countries->type == VALUE_ARRAY && countries->n == 2)
        for (uint32_t i = 0; i < 2; i++)
            if (countries->item[i].type == VALUE_STRING)
                (void)add_side(x, countries->item[i].string);
    for (uint32_t i = 0; said != NULL && said->type == VALUE_ARRAY && i < said->n; i++) {
        struct indicator_side *s = add_side(x, value_get_str(&said->item[i], "side"));
        if (s != NULL && s->definition == NULL)
            s->definition = value_get(&said->item[i], "definition");
    }
    for (size_t i = 0; i < x->values; i++) {
        struct indicator_side *s = add_side(x, x->value[i].side);
        if (s != NULL)
            s->states = true;
    }
}

/* ---- periods ---- */

/* "2024-06" before "2024" before "2023": newest first, what is in a year before the year. */
static int cmp_period(struct str x, struct str y)
{
    return -str_cmp(x, y);
}

static int by_period(const void *x, const void *y)
{
    const struct indicator_value *const *a = x, *const *b = y;
    int order = cmp_period((*a)->period, (*b)->period);
    return order != 0 ? order : ((*a)->row > (*b)->row) - ((*a)->row < (*b)->row);
}

static bool equal(const struct indicator_value *x, const struct indicator_value *y)
{
    return decimal_cmp(&x->number, &y->number) == 0 && x->precision == y->precision;
}

/* Puts a figure behind those of its cell; false when it contradicts the first of them. */
static bool put(struct indicator_value **cell, struct indicator_value *v)
{
    struct indicator_value **end = cell;
    while (*end != NULL)
        end = &(*end)->other;
    *end = v;
    return equal(*cell, v);
}

static bool is_bound(const struct indicator_value *v)
{
    return v->precision == INDICATOR_OVER || v->precision == INDICATOR_UP_TO;
}

static bool agree(const struct indicator_value *v)
{
    for (const struct indicator_value *w = v->other; w != NULL; w = w->other)
        if (!equal(v, w))
            return false;
    return true;
}

static struct indicator_gap find_gap(const struct indicator *x,
                                     struct indicator_value *const *actual)
{
    struct indicator_gap gap = {.what = INDICATOR_GAP_FOUND};
    const struct indicator_value *high = NULL, *low = NULL;
    size_t n = 0;
    for (size_t i = 0; i < x->sides; i++) {
        const struct indicator_value *v = actual[i];
        if (v == NULL)
            continue;
        n++;
        if (!agree(v))
            gap.what = INDICATOR_GAP_TWICE;
        else if (is_bound(v) && gap.what == INDICATOR_GAP_FOUND)
            gap.what = INDICATOR_GAP_BOUND;
        gap.approximate = gap.approximate || v->precision != INDICATOR_EXACT;
        if (high == NULL || decimal_cmp(&v->number, &high->number) > 0) {
            high = v;
            gap.high = i;
        }
        if (low == NULL || decimal_cmp(&v->number, &low->number) < 0) {
            low = v;
            gap.low = i;
        }
    }
    if (n < 2 || gap.what != INDICATOR_GAP_FOUND)
        return (struct indicator_gap){.what = n < 2 ? INDICATOR_GAP_NONE : gap.what};
    if (!decimal_sub(&high->number, &low->number, &gap.size))
        return (struct indicator_gap){.what = INDICATOR_GAP_NONE};
    struct decimal a = decimal_abs(&high->number), b = decimal_abs(&low->number);
    bool same_sign = high->number.negative == low->number.negative;
    gap.has_share = same_sign && decimal_percent(&gap.size, decimal_cmp(&a, &b) < 0 ? &b : &a,
                                                 INDICATOR_SHARE_PLACES, &gap.share_percent);
    return gap;
}

static enum cau_err add_period(struct arena *a, struct indicator *x, struct str period)
{
    size_t cells = x->sides + 1;
    struct indicator_period *p = &x->period[x->periods];
    struct indicator_value **cell = arena_zero(a, 2 * cells * sizeof *cell);
    if (cell == NULL)
        return CAU_ERR_MEMORY;
    *p = (struct indicator_period){.period = period, .actual = cell, .target = cell + cells};
    x->periods++;
    return CAU_OK;
}

static enum cau_err find_periods(struct arena *a, struct indicator *x)
{
    struct indicator_value **order = arena_take(a, (x->values + 1) * sizeof *order);
    x->period = arena_take(a, (x->values + 1) * sizeof *x->period);
    if (order == NULL || x->period == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < x->values; i++)
        order[i] = &x->value[i];
    qsort(order, x->values, sizeof *order, by_period);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < x->values && err == CAU_OK; i++) {
        struct indicator_value *v = order[i];
        if (i == 0 || !str_equal(order[i - 1]->period, v->period))
            err = add_period(a, x, v->period);
        if (err != CAU_OK)
            break;
        struct indicator_period *p = &x->period[x->periods - 1];
        size_t side = side_of(x, v->side);
        x->unnamed = x->unnamed || side == x->sides;
        x->targets = x->targets || v->target;
        if (!put(v->target ? &p->target[side] : &p->actual[side], v))
            x->twice++;
    }
    for (size_t i = 0; i < x->periods && err == CAU_OK; i++)
        x->period[i].gap = find_gap(x, x->period[i].actual);
    return err;
}

enum cau_err indicator_read(struct arena *a, const struct value *payload, struct indicator *out)
{
    const struct value *rows = value_get(payload, "values");
    size_t n = rows != NULL && rows->type == VALUE_ARRAY ? rows->n : 0;
    struct indicator x = {.value = arena_take(a, (n + 1) * sizeof *x.value),
                          .side = arena_take(a, INDICATOR_SIDES_MAX * sizeof *x.side)};
    if (x.value == NULL || x.side == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        x.values += read_value(&rows->item[i], i, &x.value[x.values]);
    find_sides(&x, payload);
    enum cau_err err = find_periods(a, &x);
    if (err == CAU_OK)
        *out = x;
    return err;
}

const struct indicator_value *indicator_newest(const struct indicator *x, size_t side)
{
    for (size_t i = 0; i < x->periods; i++)
        if (x->period[i].actual[side] != NULL)
            return x->period[i].actual[side];
    return NULL;
}

/* ---- targets ---- */

static enum indicator_outcome judge(const struct indicator_value *target,
                                    const struct indicator_value *actual)
{
    int order = decimal_cmp(&actual->number, &target->number);
    if (target->precision == INDICATOR_OVER && actual->precision == INDICATOR_OVER)
        return order >= 0 ? INDICATOR_MET : INDICATOR_COMPARED;
    if (target->precision == INDICATOR_UP_TO && actual->precision == INDICATOR_UP_TO)
        return order <= 0 ? INDICATOR_MET : INDICATOR_COMPARED;
    if (actual->precision != INDICATOR_EXACT || !is_bound(target))
        return INDICATOR_COMPARED;
    bool met = target->precision == INDICATOR_OVER ? order > 0 : order <= 0;
    return met ? INDICATOR_MET : INDICATOR_NOT_MET;
}

static struct indicator_goal goal_of(const struct indicator *x,
                                     const struct indicator_value *target)
{
    size_t side = side_of(x, target->side);
    struct indicator_goal g = {.target = target, .outcome = INDICATOR_AHEAD};
    for (size_t i = 0; i < x->periods; i++) {
        const struct indicator_period *p = &x->period[i];
        if (cmp_period(p->period, target->period) < 0)
            continue; /* later than the target */
        g.actual = p->actual[side] != NULL ? p->actual[side] : p->actual[x->sides];
        if (g.actual == NULL)
            continue;
        if (str_equal(p->period, target->period))
            g.outcome = judge(target, g.actual);
        g.has_difference = decimal_sub(&g.actual->number, &target->number, &g.difference);
        break;
    }
    return g;
}

enum cau_err indicator_goals(struct arena *a, const struct indicator *x,
                             struct indicator_goal **out, size_t *n)
{
    struct indicator_goal *goal = arena_take(a, (x->values + 1) * sizeof *goal);
    size_t found = 0;
    if (goal == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < x->values; i++)
        if (x->value[i].target)
            goal[found++] = goal_of(x, &x->value[i]);
    *out = goal;
    *n = found;
    return CAU_OK;
}

/* ---- what a record may not say ---- */

static enum cau_err tell_twice(struct arena *a, const struct indicator_value *v,
                               struct record_problems *problems)
{
    struct buf b = buf_new(64);
    struct str place = {NULL, 0};
    buf_add(&b, STR("values["));
    buf_add_u64(&b, v->row);
    buf_add(&b, STR("].value"));
    enum cau_err err = b.failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(&b), &place);
    buf_free(&b);
    if (err == CAU_OK)
        record_problem_add(problems,
                           (struct record_problem){place, RECORD_TWO_VALUES, v->text, 0});
    return err;
}

static enum cau_err tell_all_twice(struct arena *a, const struct indicator_value *first,
                                   struct record_problems *problems, bool *good)
{
    enum cau_err err = CAU_OK;
    if (first == NULL || agree(first))
        return err;
    *good = false;
    for (const struct indicator_value *v = first->other; v != NULL && err == CAU_OK;
         v = v->other)
        if (!equal(first, v))
            err = tell_twice(a, v, problems);
    return err;
}

static struct str latest_of(const struct indicator *x)
{
    bool actual = false;
    for (size_t i = 0; i < x->values; i++)
        actual = actual || !x->value[i].target;
    for (size_t i = 0; i < x->periods; i++)
        for (size_t s = 0; s <= x->sides; s++)
            if (x->period[i].actual[s] != NULL || (!actual && x->period[i].target[s] != NULL))
                return x->period[i].period;
    return (struct str){NULL, 0};
}

/* ---- another version, another source ---- */

static struct str text_in(const struct value *text, struct str lang)
{
    const struct value *v = value_find(text, lang);
    if (v != NULL && v->type == VALUE_OBJECT)
        v = value_get(v, "text");
    return v != NULL && v->type == VALUE_STRING ? v->string : (struct str){NULL, 0};
}

static bool same_unit(const struct value *old, const struct value *fresh)
{
    struct str was = value_get_str(old, "unit_code"), is = value_get_str(fresh, "unit_code");
    if (was.len > 0 && is.len > 0)
        return str_equal(was, is);
    const struct value *x = value_get(old, "unit"), *y = value_get(fresh, "unit");
    if (x == NULL || y == NULL || x->type != VALUE_OBJECT)
        return true; /* nothing was said before, or is now */
    for (uint32_t i = 0; i < x->n; i++) {
        struct str lang = x->member[i].key;
        struct str before = text_in(x, lang), now = text_in(y, lang);
        if (before.len > 0 && str_equal(before, now))
            return true;
    }
    return false;
}

static bool same_cell(const struct value *x, const struct value *y)
{
    return str_equal(value_get_str(x, "period"), value_get_str(y, "period")) &&
           str_equal(value_get_str(x, "side"), value_get_str(y, "side")) &&
           is_target(x) == is_target(y);
}

static bool same_figure(const struct value *x, const struct value *y)
{
    struct indicator_value a, b;
    return read_value(x, 0, &a) && read_value(y, 0, &b) && equal(&a, &b);
}

static const struct value *rows_of(const struct value *payload)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *rows = value_get(payload, "values");
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : &none;
}

bool indicator_unit_changes(const struct value *old, const struct value *fresh)
{
    const struct value *was = rows_of(old), *is = rows_of(fresh);
    if (same_unit(old, fresh))
        return false;
    for (uint32_t i = 0; i < was->n; i++)
        for (uint32_t k = 0; k < is->n; k++)
            if (same_cell(&was->item[i], &is->item[k]) &&
                same_figure(&was->item[i], &is->item[k]))
                return true;
    return false;
}

enum cau_err indicator_join(struct arena *a, const struct value *old, const struct value *fresh,
                            struct value *out)
{
    struct value joined = value_array();
    enum cau_err err = CAU_OK;
    bool *taken = arena_zero(a, fresh->n + 1);
    if (taken == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < old->n && err == CAU_OK; i++) {
        struct value row = old->item[i];
        for (uint32_t k = 0; k < fresh->n; k++)
            if (!taken[k] && same_cell(&row, &fresh->item[k])) {
                row = same_figure(&row, &fresh->item[k]) ? row : fresh->item[k];
                taken[k] = true;
                break;
            }
        err = value_push(a, &joined, row);
    }
    for (uint32_t k = 0; k < fresh->n && err == CAU_OK; k++)
        if (!taken[k])
            err = value_push(a, &joined, fresh->item[k]);
    if (err == CAU_OK)
        *out = joined;
    return err;
}

/* ---- saving: all of it ---- */

static bool is_confirmed(const struct value *row)
{
    return str_is(value_get_str(row, "standing"), "confirmed");
}

static bool was_confirmed(const struct value *old, const struct value *row)
{
    for (uint32_t i = 0; i < old->n; i++)
        if (is_confirmed(&old->item[i]) && same_cell(&old->item[i], row) &&
            same_figure(&old->item[i], row))
            return true;
    return false;
}

/* No form confirms: what a side has not confirmed is only reported. */
static enum cau_err keep_standing(struct arena *a, const struct value *old,
                                  struct value *payload)
{
    const struct value *rows = rows_of(payload);
    struct value kept;
    bool some = false;
    for (uint32_t i = 0; i < rows->n; i++)
        some = some ||
               (is_confirmed(&rows->item[i]) && !was_confirmed(rows_of(old), &rows->item[i]));
    if (!some)
        return CAU_OK;
    enum cau_err err = value_copy(a, rows, &kept);
    for (uint32_t i = 0; i < kept.n && err == CAU_OK; i++)
        if (is_confirmed(&kept.item[i]) && !was_confirmed(rows_of(old), &kept.item[i]))
            err = value_set(a, &kept.item[i], STR("standing"), value_string(STR("reported")));
    return err == CAU_OK ? value_set(a, payload, STR("values"), kept) : err;
}

enum cau_err indicator_settle(struct arena *a, const struct value *old,
                              struct record_form *form, struct record_problems *problems,
                              bool *good)
{
    struct indicator x;
    *good = true;
    if (!str_is(form->kind->name, "indicator"))
        return CAU_OK;
    enum cau_err err = keep_standing(a, old, &form->payload);
    if (err == CAU_OK)
        err = indicator_read(a, &form->payload, &x);
    for (size_t i = 0; err == CAU_OK && x.twice > 0 && i < x.periods; i++)
        for (size_t s = 0; s <= x.sides && err == CAU_OK; s++) {
            err = tell_all_twice(a, x.period[i].actual[s], problems, good);
            if (err == CAU_OK)
                err = tell_all_twice(a, x.period[i].target[s], problems, good);
        }
    struct str latest = err == CAU_OK ? latest_of(&x) : (struct str){NULL, 0};
    if (latest.len > 0)
        err = value_set(a, &form->payload, STR("latest"), value_string(latest));
    return err;
}
