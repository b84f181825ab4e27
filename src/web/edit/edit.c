#include "web/edit/edit.h"
#include "domain/rule/need.h"
#include "domain/rule/rules.h"
#include "web/part/controls.h"
#include "web/part/present.h"
#include "web/record/record_pages.h"

/* What is being edited, and as what. */
struct edit {
    const struct kind *kind;
    bool fresh;
    struct view_record record; /* when not fresh: the newest version */
    struct value form;         /* what the controls show */
    struct record_problems problems;
    struct digest after; /* the version the form was made from */
    bool conflict;       /* somebody changed the record meanwhile */
};

static bool find_record(struct ask *q, struct edit *e)
{
    uint32_t doc = view_find(q->view, q->reader, q->part[1]);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &e->record) != CAU_OK ||
        e->record.redacted) {
        ask_error(q, 404);
        return false;
    }
    e->kind = e->record.kind;
    if (!ask_may(q, MAY_EDIT, e->kind, &e->record)) {
        ask_error(q, 403);
        return false;
    }
    return true;
}

static bool find_kind(struct ask *q, struct edit *e)
{
    e->fresh = true;
    e->kind = kinds_find(q->site->kinds, q->part[1]);
    if (ask_may(q, MAY_CREATE, e->kind, NULL))
        return true;
    ask_error(q, 403);
    return false;
}

static void add_audiences(struct ask *q, const struct edit *e)
{
    struct str now = value_get_str(&e->form, "visibility");
    if (now.len == 0)
        now = e->kind->personal && e->fresh ? STR("private")
              : e->fresh                    ? STR("public")
                                            : record_audience_name(e->record.audience);
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++) {
        struct str name = record_audience_name((enum record_audience)i);
        struct html_map *m = html_item(q->page, "audiences");
        html_text(m, "value", name);
        html_text(m, "label", ask_label(q, "audience.", name));
        html_text(m, "hint", ask_label(q, "audience.hint.", name));
        html_flag(m, "chosen", str_equal(name, now));
    }
}

/* Somebody else's version beside what was written here: nothing is lost, nothing overwritten unseen. */
static void add_conflict(struct ask *q, const struct edit *e)
{
    struct value theirs;
    struct record_change change[100];
    size_t n = 0;
    html_flag(q->page, "conflict", true);
    if (record_to_form(q->arena, e->kind, e->record.audience, &e->record.payload, &theirs) !=
            CAU_OK ||
        record_diff(q->arena, &theirs, &e->form, change, countof(change), &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n && i < countof(change); i++) {
        const struct kind_field *f = present_field_of(e->kind, change[i].place);
        if ((f != NULL && f->rule) || str_is(change[i].place, "visibility"))
            continue;
        struct html_map *m = html_item(q->page, "differences");
        html_text(m, "place", present_place(q, e->kind, change[i].place));
        html_text(m, "theirs", present_plain(q, f, change[i].old));
        html_text(m, "mine", present_plain(q, f, change[i].new));
    }
}

static void show(struct ask *q, const struct edit *e)
{
    struct controls form = {.kind = obstacle_shown_kind(q, e->kind),
                            .value = &e->form,
                            .problems = &e->problems,
                            .find = ask_form(q, "find"),
                            .more = ask_form(q, "more")};
    bool reviewed = need_is(e->kind);
    struct str slot = present_label(q, e->kind->label);
    html_text(q->page, "action",
              e->fresh ? ask_print(q, "/%.*s/%.*s/new", STR_ARG(lang_code(q->lang)),
                                   STR_ARG(e->kind->name))
                       : q->http->target);
    ask_title(q, ask_fill(q, e->fresh ? "edit.new.title" : "edit.title", &slot, 1));
    html_text(q->page, "kind_name", e->kind->name);
    html_text(q->page, "kind_many", present_label(q, e->kind->many));
    html_text(q->page, "lead", present_label(q, e->kind->help));
    html_flag(q->page, "reviewed", reviewed);
    html_flag(q->page, "personal", e->kind->personal);
    if (!e->fresh) {
        struct html_map *m = html_item(q->page, "record");
        present_title(q, m, e->kind, &e->record.payload);
        html_text(m, "address", present_address(q, e->record.id));
        html_text(q->page, "after", ask_hex(q, &e->after));
    }
    if (!reviewed)
        add_audiences(q, e);
    if (e->conflict)
        add_conflict(q, e);
    controls_write(q, q->page, &form);
    ask_token(q, q->page, "token", e->fresh ? "new" : "edit");
    ask_page(q, "edit");
}

/* What a new record of the kind begins with, where nothing else was said. */
static void set_first(struct ask *q, struct edit *e, const char *field, struct str text)
{
    if (text.len > 0 && kind_find_field(e->kind, str_of(field)) != NULL &&
        value_get(&e->form, field) == NULL &&
        value_set(q->arena, &e->form, str_of(field), value_string(text)) != CAU_OK)
        q->model.failed = true;
}

void edit_new_with(struct ask *q, const struct kind *kind, const struct http_fields *given)
{
    struct edit e = {.fresh = true, .kind = kind, .form = value_object()};
    if (!ask_may(q, MAY_CREATE, kind, NULL)) {
        ask_error(q, 403);
        return;
    }
    if (given->n > 0 &&
        controls_read_from(q, kind, given, NULL, &e.form, &e.problems) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    e.problems.n = 0; /* nobody has filled it in yet */
    set_first(q, &e, "organization", q->actor.organization);
    set_first(q, &e, "country", node_config(q->site->node)->country);
    show(q, &e);
}

void edit_new(struct ask *q)
{
    edit_new_with(q, kinds_find(q->site->kinds, q->part[1]), &q->http->query);
}

void edit_change(struct ask *q)
{
    struct edit e = {.fresh = false};
    if (!find_record(q, &e))
        return;
    e.after = e.record.leaf;
    if (record_to_form(q->arena, e.kind, e.record.audience, &e.record.payload, &e.form) !=
        CAU_OK)
        ask_error(q, 503);
    else
        show(q, &e);
}

/* Saved: on to the record, or first to the second person. */
static void saved(struct ask *q, const struct register_outcome *saved_as)
{
    struct str id = {saved_as->result.id, RECORD_ID_CHARS}, kept = {NULL, 0};
    const char *done = "saved";
    if (arena_copy(q->arena, id, &kept) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    if (str_is(ask_form(q, "action"), "submit")) {
        struct register_outcome out;
        enum register_why why =
            need_submit(q->site->node, q->arena, &q->actor, kept, &saved_as->result.leaf, &out);
        done = why == REGISTER_DONE ? "submitted" : "saved";
    }
    ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, kept)), done));
}

static void try_save(struct ask *q, struct edit *e)
{
    struct register_outcome out;
    struct str id = e->fresh ? (struct str){NULL, 0} : e->record.id;
    enum register_why why = register_save(q->site->node, q->arena, &q->actor, &e->form, id,
                                          e->fresh ? NULL : &e->after, &out);
    switch (why) {
    case REGISTER_DONE:
        saved(q, &out);
        return;
    case REGISTER_SAME:
        if (str_is(ask_form(q, "action"), "submit")) {
            review_submit(q);
            return;
        }
        ask_go(q, ask_print(q, "%.*s?done=same", STR_ARG(present_address(q, id))));
        return;
    case REGISTER_PROBLEMS:
        e->problems = out.problems;
        q->answer->status = 400;
        break;
    case REGISTER_TAKEN:
        e->problems.n = 0;
        html_text(q->page, "problem", ask_say(q, "refusal.taken"));
        q->answer->status = 409;
        break;
    case REGISTER_CHANGED:
        e->conflict = true;
        e->record = out.current;
        e->after = out.current.leaf;
        q->answer->status = 409;
        break;
    case REGISTER_BUSY:
    case REGISTER_FULL:
        html_text(q->page, "problem", ask_label(q, "refusal.", str_of(register_why_name(why))));
        q->answer->status = 503;
        break;
    default:
        ask_refused(q, why);
        return;
    }
    show(q, e);
}

/* The rules' own problems beside those of links, so that nobody corrects a form twice. */
static void add_problems(struct ask *q, struct edit *e)
{
    struct record_problems *more = arena_take(q->arena, sizeof *more);
    struct record_form checked;
    const struct record_rules rules = {.compose = true};
    if (more == NULL)
        return;
    if (record_check(q->arena, q->site->kinds, &e->form, rules, &checked, more) == CAU_OK)
        (void)rules_apply(q->view, q->arena,
                          (struct rules_input){.old = e->fresh ? NULL : &e->record}, &checked,
                          more);
    for (size_t i = 0; i < more->n; i++)
        record_problem_add(&e->problems, more->v[i]);
}

/* Reads what was sent; a button that only asks for another row or for candidates saves nothing. */
static void take(struct ask *q, struct edit *e)
{
    const struct value *old = e->fresh ? NULL : &e->record.payload;
    bool only_asks = ask_form(q, "find").len > 0 || ask_form(q, "more").len > 0;
    enum cau_err err =
        controls_read(q, obstacle_shown_kind(q, e->kind), old, &e->form, &e->problems);
    if (err != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    if (only_asks) {
        e->problems.n = 0;
        show(q, e);
    } else if (e->problems.n > 0) {
        add_problems(q, e);
        q->answer->status = 400;
        show(q, e);
    } else {
        try_save(q, e);
    }
}

void edit_save_new(struct ask *q)
{
    struct edit e = {.fresh = true};
    if (find_kind(q, &e))
        take(q, &e);
}

void edit_save_change(struct ask *q)
{
    struct edit e = {.fresh = false};
    if (!find_record(q, &e))
        return;
    if (digest_from_hex(ask_form(q, "after"), e.after.b, sizeof e.after.b) != CAU_OK)
        e.after = e.record.leaf;
    take(q, &e);
}
