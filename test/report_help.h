/* report_help.h - a throw-away node with the facts of demo/ and a desk of it, for tests of reports and portraits. */
#ifndef CAU_TEST_REPORT_HELP_H
#define CAU_TEST_REPORT_HELP_H

#include "base/asset.h"
#include "domain/desk/desk.h"
#include "exchange/import/import.h"
#include "node_help.h"

struct test_report {
    struct test_node node;
    struct desk *desk;
    struct view *view;
    struct actor actor;
};

static inline void test_load(struct test_node *t, struct str name)
{
    const struct asset *file = asset_find(name);
    struct actor self = actor_operator();
    struct import_options options = {.format = IMPORT_JSONL, .file = STR("demo.jsonl")};
    struct import_outcome out;
    size_t before = t->a.used;
    if (file == NULL ||
        import_run(t->n, &t->a, &self, file->bytes, &options, NULL, &out) != IMPORT_OK ||
        out.refused > 0)
        abort();
    t->a.used = before;
}

/* Takes a view and the desk again: what was written since is seen. */
static inline void test_report_take(struct test_report *t)
{
    t->view = view_take(t->node.n);
    if (desk_take(t->desk, t->view) != CAU_OK)
        abort();
}

static inline void test_report_give(struct test_report *t)
{
    desk_give(t->desk);
    view_give(t->node.n, t->view);
}

static inline void test_report_open(struct test_report *t)
{
    t->actor = actor_operator();
    if (desk_open(t->node.n, &t->desk) != CAU_OK)
        abort();
    test_report_take(t);
}

/* With the facts; the view and the desk are held. */
static inline struct test_report test_report_make(void)
{
    struct test_report t = {.node = test_make()};
    test_load(&t.node, STR("demo/facts.jsonl"));
    test_report_open(&t);
    return t;
}

static inline void test_report_end(struct test_report *t)
{
    test_report_give(t);
    desk_close(t->desk);
    test_end(&t->node);
}

#endif
