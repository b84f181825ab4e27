/* fixture.h - a throw-away node for tests, and short ways to write and read in it. */
#ifndef CAU_TEST_FIXTURE_H
#define CAU_TEST_FIXTURE_H

#include "domain/desk/desk.h"
#include "domain/rule/register.h"
#include "record/json.h"
#include "test.h"
#include "view/node.h"
#include "view/view.h"
#include "view/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    char dir[64];
    struct node *node;
    struct arena arena;
};

static inline void fixture_open(struct fixture *f)
{
    const struct node_config config = {STR("test.cau.example"), STR("VN"), LANG_EN};
    f->arena = arena_new((size_t)256 << 20);
    snprintf(f->dir, sizeof f->dir, "/tmp/cau-test-XXXXXX");
    check(mkdtemp(f->dir) != NULL);
    check(node_create(f->dir, &config) == CAU_OK);
    check(node_open(f->dir, NODE_WRITE, &f->node) == CAU_OK);
}

static inline void fixture_close(struct fixture *f)
{
    char command[128];
    if (f->node != NULL)
        node_close(f->node);
    arena_free(&f->arena);
    snprintf(command, sizeof command, "rm -r '%s'", f->dir);
    check(system(command) == 0);
}

/* The import form that a JSON text stands for. */
static inline struct value fixture_form(struct fixture *f, const char *json)
{
    struct value form;
    check(json_read(&f->arena, str_of(json), 1 << 20, JSON_FORM, &form, NULL) == CAU_OK);
    return form;
}

/* Saves a form as actor does; what came of it, the new id in *id (copied into the arena) when done. */
static inline enum register_why fixture_save(struct fixture *f, const struct actor *actor,
                                             const char *json, struct str old_id,
                                             struct str *id)
{
    struct register_outcome out;
    struct value form = fixture_form(f, json);
    enum register_why why = register_save(f->node, &f->arena, actor, &form, old_id, NULL, &out);
    if (why == REGISTER_DONE && id != NULL)
        check(arena_copy(&f->arena, (struct str){out.result.id, RECORD_ID_CHARS}, id) ==
              CAU_OK);
    return why;
}

/* The newest version a reader may see. */
static inline enum cau_err fixture_get(struct fixture *f, const struct actor *actor,
                                       struct str id, struct view_record *out)
{
    struct view *v = view_take(f->node);
    struct index_reader reader = actor_reader(actor);
    uint32_t doc = view_find(v, reader, id);
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, &f->arena, reader, doc, out);
    view_give(f->node, v);
    return err;
}

/* Takes the desk as the node stands now; desk_give ends it. */
static inline struct desk *fixture_desk(struct fixture *f, struct desk *desk)
{
    struct view *v = view_take(f->node);
    check(desk_take(desk, v) == CAU_OK);
    view_give(f->node, v);
    return desk;
}

#endif
