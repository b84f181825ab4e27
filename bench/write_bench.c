/* write_bench.c - durable signed records by several clients at once.
 *
 * usage: write_bench FOLDER CLIENTS SECONDS. Each client writes one record at a time through the writer's queue and
 * waits until it is durable, signed, in views and index; prints records a second and the median and 99th wait. */
#include "base/clock.h"
#include "base/sync.h"
#include "domain/rule/register.h"
#include "record/json.h"

#include <stdio.h>
#include <stdlib.h>

enum { CLIENTS_MAX = 256, WAITS_MAX = 1 << 20 };

static struct node *node;
static int64_t end_us;

struct client {
    struct sync_thread thread;
    unsigned number, done;
    uint32_t *wait_us;
};

static void *work(void *arg)
{
    struct client *c = arg;
    struct arena a = arena_new((size_t)64 << 20);
    struct actor self = actor_operator();
    while (clock_monotonic_us() < end_us && c->done < WAITS_MAX) {
        char text[512];
        int n = snprintf(
            text, sizeof text,
            "{\"kind\":\"organization\",\"external_id\":\"w-%u-%u\",\"country\":\"VN\","
            "\"name\":{\"en\":\"Institute number %u of client %u\"},"
            "\"summary\":{\"en\":\"A record that says what such records usually say about an "
            "institute, "
            "its fields, its town and what it is looking for abroad.\"}}",
            c->number, c->done, c->done, c->number);
        struct value form;
        struct register_outcome out;
        int64_t from = clock_monotonic_us();
        must(json_read(&a, (struct str){text, (size_t)n}, 4096, JSON_FORM, &form, NULL) ==
             CAU_OK);
        must(register_save(node, &a, &self, &form, (struct str){NULL, 0}, NULL, &out) ==
             REGISTER_DONE);
        c->wait_us[c->done++] = (uint32_t)(clock_monotonic_us() - from);
        arena_reset(&a);
    }
    arena_free(&a);
    return NULL;
}

static int by_size(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    unsigned clients = argc == 4 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (clients == 0 || clients > CLIENTS_MAX ||
        node_open(argv[1], NODE_WRITE, &node) != CAU_OK) {
        fprintf(stderr, "usage: write_bench FOLDER CLIENTS SECONDS\n");
        return 2;
    }
    static struct client client[CLIENTS_MAX];
    int64_t from_us = clock_monotonic_us();
    end_us = from_us + strtol(argv[3], NULL, 10) * 1000000;
    for (unsigned i = 0; i < clients; i++) {
        client[i].number = i;
        client[i].wait_us = calloc(WAITS_MAX, sizeof *client[i].wait_us);
        must(client[i].wait_us != NULL &&
             sync_start(&client[i].thread, work, &client[i]) == CAU_OK);
    }
    size_t all = 0;
    for (unsigned i = 0; i < clients; i++) {
        sync_join(&client[i].thread);
        all += client[i].done;
    }
    double seconds = (double)(clock_monotonic_us() - from_us) / 1e6;
    uint32_t *wait = calloc(all + 1, sizeof *wait);
    must(wait != NULL);
    size_t n = 0;
    for (unsigned i = 0; i < clients; i++) {
        for (unsigned j = 0; j < client[i].done; j++)
            wait[n++] = client[i].wait_us[j];
        free(client[i].wait_us);
    }
    qsort(wait, all, sizeof *wait, by_size);
    printf("%.0f records/s, p50 %.2f ms, p99 %.2f ms\n", (double)all / seconds,
           wait[all / 2] / 1e3, wait[all * 99 / 100] / 1e3);
    free(wait);
    node_close(node);
    return 0;
}
