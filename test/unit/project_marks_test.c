#include "web/part/project_marks.h"

#include "test.h"

static struct arena a;

static void set(struct value *v, const char *key, const char *text)
{
    check(value_set(&a, v, str_of(key), value_string(str_of(text))) == CAU_OK);
}

static void an_end_is_not_guessed(void **state)
{
    (void)state;
    struct value v = value_object();
    check(!desk_known(project_bar(&v, 20000).days));
    set(&v, "starts", "2019");
    check(!desk_known(project_bar(&v, 20000).days)); /* nobody says that it goes on */
    set(&v, "status", "under_way");
    struct timeline_mark bar = project_bar(&v, 20000);
    check(bar.look == TIMELINE_OPEN && bar.days.last == 20000);
    check(bar.days.first == desk_days_of(STR("2019")).first);
    set(&v, "ends", "2020");
    bar = project_bar(&v, 20000);
    check(bar.look == TIMELINE_RUN && bar.days.last == desk_days_of(STR("2020")).last);
    set(&v, "ends", "2018"); /* before it began: nothing is drawn backwards */
    bar = project_bar(&v, 20000);
    check(bar.look == TIMELINE_RUN && bar.days.first == bar.days.last);
}

static void a_milestone_is_its_plan_what_happened_and_the_delay(void **state)
{
    (void)state;
    const struct desk_days none = {DESK_NO_DAY, DESK_NO_DAY}, plan = {100, 130},
                           fact = {140, 140};
    struct timeline_mark mark[PROJECT_MARKS];
    struct project_milestone m = {NULL, plan, none, PROJECT_AHEAD, 0};
    project_marks(&m, 50, mark);
    check(!desk_known(mark[0].days) && mark[1].look == TIMELINE_PLANNED);
    check(mark[1].days.first == 100 && !desk_known(mark[2].days));
    m.pace = PROJECT_LATE;
    project_marks(&m, 200, mark);
    check(mark[0].days.first == 130 && mark[0].days.last == 200);
    check(mark[1].look == TIMELINE_LATE);
    m = (struct project_milestone){NULL, plan, fact, PROJECT_DONE_LATE, 10};
    project_marks(&m, 200, mark);
    check(mark[0].look == TIMELINE_DELAY && mark[0].days.last == 140);
    check(mark[2].look == TIMELINE_ACTUAL && mark[2].days.first == 140);
    m.pace = PROJECT_DONE;
    project_marks(&m, 200, mark);
    check(!desk_known(mark[0].days) && mark[1].look == TIMELINE_PLANNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_end_is_not_guessed),
        cmocka_unit_test(a_milestone_is_its_plan_what_happened_and_the_delay),
    };
    a = arena_new((size_t)1 << 20);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
