#include "domain/desk/commitment_state.h"

#include "test.h"

/* A desk of one row, made by hand: what the functions under test read of it. */
struct desk {
    uint16_t country[3], side[3];
    struct desk_status status[3];
    struct desk_standing standing[3];
};

const uint16_t *desk_countries(const struct desk *d, const struct desk_row *r)
{
    (void)r;
    return d->country;
}

const uint16_t *desk_sides(const struct desk *d, const struct desk_row *r)
{
    (void)r;
    return d->side;
}

const struct desk_status *desk_statuses(const struct desk *d, const struct desk_row *r)
{
    (void)r;
    return d->status;
}

const struct desk_standing *desk_standings(const struct desk *d, const struct desk_row *r)
{
    (void)r;
    return d->standing;
}

bool desk_has_country(const struct desk *d, const struct desk_row *r, uint16_t country)
{
    for (size_t i = 0; i < r->countries; i++)
        if (d->country[i] == country)
            return true;
    return false;
}

bool desk_known(struct desk_days d)
{
    return d.first != DESK_NO_DAY;
}

enum { VN = 'V' * 256 + 'N', RU = 'R' * 256 + 'U', BY = 'B' * 256 + 'Y', DUE = 20000 };

static struct desk desk = {.country = {VN, RU}};

/* Words as "VN:done RU:open"; sides that act as "VN RU". */
static uint16_t side_of(struct str x)
{
    return (uint16_t)((unsigned char)x.p[0] * 256 + (unsigned char)x.p[1]);
}

static struct desk_row row(const char *acts, const char *words)
{
    struct desk_row r = {.kind = DESK_COMMITMENT, .countries = 2, .due = {DUE - 30, DUE}};
    for (struct str rest = str_of(acts); rest.len > 0;)
        desk.side[r.sides++] = side_of(str_next(&rest, ' '));
    for (struct str rest = str_of(words); rest.len > 0; r.statuses++) {
        struct str one = str_next(&rest, ' ');
        enum commitment_status status;
        check(commitment_read_status(str_from(one, 3), &status));
        desk.status[r.statuses] =
            (struct desk_status){.side = side_of(one), .status = (uint8_t)status};
    }
    return r;
}

static void the_words_of_the_sides_make_the_state(void **state)
{
    (void)state;
    static const struct {
        const char *acts, *words, *state;
    } want[] = {
        {"RU", "", "open"},
        {"RU", "RU:under_way", "under_way"},
        {"RU", "RU:done", "done"},
        {"RU", "VN:under_way", "under_way"},
        {"RU", "VN:done", "under_way"}, /* the side that acts said nothing yet */
        {"RU", "VN:dropped", "under_way"},
        {"RU", "RU:done VN:done", "done"},
        {"RU", "RU:done VN:open", "disputed"},
        {"RU", "RU:open VN:under_way", "disputed"},
        {"RU", "RU:done VN:dropped", "disputed"},
        {"RU", "VN:disputed", "disputed"},
        {"RU", "VN:disputed RU:disputed", "disputed"},
        {"RU", "RU:moved", "moved"},
        {"RU", "RU:moved VN:under_way", "moved"}, /* the course goes on elsewhere */
        {"RU", "RU:moved VN:disputed", "moved"},
        {"RU", "VN:moved", "under_way"}, /* not the side that acts */
        {"VN RU", "VN:moved RU:open", "moved"},
        {"VN RU", "VN:done", "under_way"},
        {"VN RU", "RU:dropped", "under_way"},
        {"VN RU", "VN:open", "open"},
        {"VN RU", "RU:done VN:done", "done"},
        {"", "", "open"},
        {"", "VN:done", "done"}, /* nobody is named: any side's word counts */
        {"", "VN:done RU:open", "disputed"},
        {"", "VN:moved RU:open", "moved"},
    };
    for (size_t i = 0; i < countof(want); i++) {
        struct desk_row r = row(want[i].acts, want[i].words);
        enum commitment_status got = commitment_state(&desk, &r);
        struct str code = commitment_status_code(got);
        if (!str_is(code, want[i].state))
            fail_msg("%s | %s -> %.*s", want[i].acts, want[i].words, STR_ARG(code));
        check(commitment_differs(&desk, &r) == str_is(code, "disputed"));
        bool closed = str_is(code, "done") || str_is(code, "dropped") || str_is(code, "moved");
        check(commitment_closed(&desk, &r) == closed);
        check(commitment_overdue(&desk, &r, DUE + 1) == !closed);
        check(commitment_due_within(&desk, &r, DUE, 0) == !closed);
    }
}

static void a_month_is_over_after_its_last_day(void **state)
{
    (void)state;
    struct desk_row r = row("RU", "VN:open");
    check(!commitment_overdue(&desk, &r, DUE - 30));
    check(!commitment_overdue(&desk, &r, DUE));
    check(commitment_overdue(&desk, &r, DUE + 1));
    check(commitment_due_within(&desk, &r, DUE - 30, 30));
    check(!commitment_due_within(&desk, &r, DUE - 31, 30));
    check(!commitment_due_within(&desk, &r, DUE + 1, 30)); /* overdue is another list */
    check(commitment_due_within(&desk, &r, DUE, INT32_MAX));
    r.due = (struct desk_days){DESK_NO_DAY, DESK_NO_DAY};
    check(!commitment_overdue(&desk, &r, DUE + 1) &&
          !commitment_due_within(&desk, &r, DUE, INT32_MAX));
}

static void each_side_is_late_for_itself(void **state)
{
    (void)state;
    struct desk_row r = row("VN RU", "VN:done");
    check(!commitment_overdue_by(&desk, &r, VN, DUE + 1));
    check(commitment_overdue_by(&desk, &r, RU, DUE + 1));
    check(!commitment_overdue_by(&desk, &r, RU, DUE));
    check(!commitment_overdue_by(&desk, &r, BY, DUE + 1));
    check(commitment_word(&desk, &r, VN)->status == COMMITMENT_DONE);
    check(commitment_word(&desk, &r, RU) == NULL);
    r = row("RU", "");
    check(!commitment_overdue_by(&desk, &r, VN, DUE + 1));
    r = row("", ""); /* nobody is named: every side concerned */
    check(commitment_overdue_by(&desk, &r, VN, DUE + 1) &&
          commitment_overdue_by(&desk, &r, RU, DUE + 1) &&
          !commitment_overdue_by(&desk, &r, BY, DUE + 1));
}

static void a_request_is_never_agreed(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COMMITMENT_FORCES; i++)
        check(commitment_is_agreed(i) == (i == COMMITMENT_AGREED || i == COMMITMENT_DIRECTED));
    check(!commitment_is_agreed(DESK_NO_CODE) && !commitment_is_agreed(COMMITMENT_FORCES));
}

static void reported_until_every_side_confirms(void **state)
{
    (void)state;
    struct desk_row r = row("RU", "");
    check(!commitment_only_reported(&desk, &r));
    r.standings = 2;
    desk.standing[0] = (struct desk_standing){VN, true};
    desk.standing[1] = (struct desk_standing){RU, false};
    check(commitment_only_reported(&desk, &r));
    desk.standing[1].confirmed = true;
    check(!commitment_only_reported(&desk, &r));
}

static void codes_stand_in_the_order_of_their_lists(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)64 << 20);
    struct kinds kinds;
    check(kinds_load(&a, &kinds, NULL) == CAU_OK);
    const struct kind_list *forces = kinds_find_list(&kinds, STR("force")),
                           *statuses = kinds_find_list(&kinds, STR("commitment_status"));
    enum commitment_force force;
    enum commitment_status status;
    check(forces->n == COMMITMENT_FORCES && statuses->n == COMMITMENT_STATUSES);
    for (unsigned i = 0; i < COMMITMENT_FORCES; i++)
        check(str_equal(forces->code[i].code, commitment_force_code(i)) &&
              commitment_read_force(forces->code[i].code, &force) && force == i);
    for (unsigned i = 0; i < COMMITMENT_STATUSES; i++)
        check(str_equal(statuses->code[i].code, commitment_status_code(i)) &&
              commitment_read_status(statuses->code[i].code, &status) && status == i);
    check(!commitment_read_force(STR("done"), &force) &&
          !commitment_read_status(STR("agreed"), &status));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_of_the_sides_make_the_state),
        cmocka_unit_test(a_month_is_over_after_its_last_day),
        cmocka_unit_test(each_side_is_late_for_itself),
        cmocka_unit_test(a_request_is_never_agreed),
        cmocka_unit_test(reported_until_every_side_confirms),
        cmocka_unit_test(codes_stand_in_the_order_of_their_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
