/* node_help.h - a throw-away node for tests: made, written to, removed. */
#ifndef CAU_TEST_NODE_HELP_H
#define CAU_TEST_NODE_HELP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "view/node_int.h"
#include "view/view.h"
#include "view/writer.h"

#define READER_PUBLIC ((struct index_reader){1, 0})
#define READER_ALL    ((struct index_reader){7, 0})

struct test_node {
    char dir[64];
    struct node_hook hook;
    struct node *n;
    struct arena a;
};

static inline void test_open(struct test_node *t, enum node_mode mode)
{
    if (node_open_with(t->dir, mode, &t->hook, NULL, &t->n) != CAU_OK)
        abort();
}

/* A fresh node, open for writing; checkpoints come at once. */
static inline struct test_node test_make(void)
{
    struct test_node t = {.dir = "/tmp/cau-node-XXXXXX",
                          .hook = {.checkpoint_ms = 1},
                          .a = arena_new((size_t)64 << 20)};
    struct node_config config = {STR("vn.example"), STR("VN"), LANG_VI};
    if (mkdtemp(t.dir) == NULL || node_create(t.dir, &config) != CAU_OK)
        abort();
    test_open(&t, NODE_WRITE);
    return t;
}

static inline void test_close(struct test_node *t)
{
    node_close(t->n);
    t->n = NULL;
}

static inline void test_reopen(struct test_node *t)
{
    test_close(t);
    test_open(t, NODE_WRITE);
}

static inline void test_remove(const char *dir)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        abort();
}

static inline void test_end(struct test_node *t)
{
    node_close(t->n);
    test_remove(t->dir);
    arena_free(&t->a);
}

static inline const struct kind *test_kind(struct test_node *t, const char *name)
{
    return kinds_find(node_kinds(t->n), str_of(name));
}

/* A change of a kind whose payload is JSON with ' in place of ". */
static inline struct writer_change test_change(struct test_node *t, const char *kind,
                                               enum record_audience audience, const char *json)
{
    struct str payload;
    if (arena_copy(&t->a, str_of(json), &payload) != CAU_OK)
        abort();
    char *p = (char *)(uintptr_t)payload.p;
    for (size_t i = 0; i < payload.len; i++)
        if (p[i] == '\'')
            p[i] = '"';
    return (struct writer_change){
        .kind = test_kind(t, kind), .audience = audience, .payload = payload};
}

static inline enum cau_err test_put(struct test_node *t, const char *kind,
                                    enum record_audience audience, const char *json,
                                    struct writer_result *out)
{
    struct writer_change c = test_change(t, kind, audience, json);
    return writer_put(t->n, &c, 1, out);
}

/* Records 0..n-1 of a kind, in as few groups as may be; # in json is the record's number. */
static inline void test_put_each(struct test_node *t, const char *kind,
                                 enum record_audience audience, const char *json, unsigned n)
{
    struct writer_change *change = calloc(WRITER_GROUP_MAX, sizeof *change);
    struct writer_result *result = calloc(WRITER_GROUP_MAX, sizeof *result);
    size_t before = t->a.used;
    for (unsigned done = 0; done < n; t->a.used = before) {
        size_t group = 0;
        for (; done < n && group < WRITER_GROUP_MAX; group++, done++) {
            char text[1000];
            size_t len = 0;
            for (const char *p = json; *p != 0 && len < sizeof text - 12; p++)
                len += *p == '#' ? (size_t)snprintf(text + len, 12, "%u", done)
                                 : (text[len] = *p, (size_t)1);
            text[len] = 0;
            change[group] = test_change(t, kind, audience, text);
        }
        if (change == NULL || result == NULL ||
            writer_put(t->n, change, group, result) != CAU_OK)
            abort();
    }
    free(change);
    free(result);
}

/* Another version of what out names. */
static inline enum cau_err test_again(struct test_node *t, const char *kind,
                                      enum record_audience audience, const char *json,
                                      struct writer_result *out)
{
    struct writer_change c = test_change(t, kind, audience, json);
    struct writer_result was = *out;
    c.id = (struct str){was.id, sizeof was.id};
    return writer_put(t->n, &c, 1, out);
}

static inline enum cau_err test_redact(struct test_node *t, enum record_audience audience,
                                       struct writer_result *out)
{
    struct writer_result was = *out;
    struct writer_change c = {.op = WRITER_REDACT,
                              .id = {was.id, sizeof was.id},
                              .audience = audience,
                              .why = STR("erasure")};
    return writer_put(t->n, &c, 1, out);
}

/* What node_check says: codes and places, one a line. */
struct test_faults {
    char text[4000];
    size_t n;
};

static inline void test_note_fault(void *ctx, const char *what, struct str where)
{
    struct test_faults *f = ctx;
    size_t used = strlen(f->text);
    snprintf(f->text + used, sizeof f->text - used, "%s %.*s\n", what, STR_ARG(where));
    f->n++;
}

static inline enum cau_err test_check(const char *dir, struct test_faults *f)
{
    memset(f, 0, sizeof *f);
    struct node_check check = {.ctx = f, .fault = test_note_fault};
    return node_check(dir, &check);
}

#endif
