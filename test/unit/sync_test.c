#include "base/sync.h"
#include "test.h"

static void *giver(void *arg)
{
    struct sync_queue *q = arg;
    static int item[1000];
    for (int i = 0; i < 1000; i++) {
        item[i] = i;
        must(sync_queue_put(q, &item[i], 5000) == CAU_OK);
    }
    sync_queue_close(q);
    return NULL;
}

static void queue_keeps_order_and_its_limit(void **state)
{
    (void)state;
    void *slot[2];
    struct sync_queue q;
    int one = 1;
    sync_queue_init(&q, slot, 2);
    check(sync_queue_put(&q, &one, 0) == CAU_OK && sync_queue_put(&q, &one, 0) == CAU_OK);
    check(sync_queue_put(&q, &one, 5) == CAU_ERR_BUSY);
    check(sync_queue_take(&q, 0) != NULL && sync_queue_take(&q, 0) != NULL);
    check(sync_queue_take(&q, 5) == NULL);

    struct sync_thread t;
    check(sync_start(&t, giver, &q) == CAU_OK);
    int n = 0;
    for (const int *p; (p = sync_queue_take(&q, -1)) != NULL; n++)
        check(*p == n);
    check(n == 1000);
    sync_join(&t);
    check(sync_queue_put(&q, &one, 0) == CAU_ERR_REFUSED);
    sync_queue_end(&q);
}

static void count_task(void *ctx, size_t task)
{
    unsigned *done = ctx;
    done[task]++; /* each its own */
}

static void note_place(void *ctx, size_t place, size_t task)
{
    size_t *last = ctx; /* of each place: the task it had last, plus 1 */
    check(place < SYNC_SHARED_MAX && last[place] < task + 1);
    last[place] = task + 1;
}

static void each_thread_has_a_place(void **state)
{
    (void)state;
    size_t last[SYNC_SHARED_MAX] = {0}, most = 0;
    sync_share_places(note_place, last, 1000);
    for (size_t i = 0; i < SYNC_SHARED_MAX; i++)
        most = last[i] > most ? last[i] : most;
    check(most == 1000);
}

static void shares_tasks(void **state)
{
    (void)state;
    static unsigned done[1000];
    sync_share(count_task, done, 0);
    check(done[0] == 0);
    sync_share(count_task, done, countof(done));
    for (size_t i = 0; i < countof(done); i++)
        check(done[i] == 1);
    check(sync_cores() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(queue_keeps_order_and_its_limit),
                                       cmocka_unit_test(each_thread_has_a_place),
                                       cmocka_unit_test(shares_tasks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
