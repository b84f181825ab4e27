/* Imports in the browser: upload, columns, preview, confirm with progress, undo. */
#include "exchange/import/import.h"

#include "base/words.h"
#include "exchange/form/form.h"
#include "record/json.h"
#include "view/writer.h"
#include "web/edit/edit.h"
#include "web/part/present.h"

#include <stdio.h>
#include <unistd.h>

enum {
    LISTED = 100,
    REPORT_SHOWN = 300,
    AT_ONCE_BYTES = 4 << 20, /* smaller files are looked at while the browser waits */
    WAIT_MS = 3000           /* for a task to begin, or a short one to end */
};

static bool allowed(struct ask *q)
{
    if (ask_may(q, MAY_IMPORT, NULL, NULL))
        return true;
    ask_error(q, 403);
    return false;
}

static struct str name_of(struct ask *q, uint32_t id)
{
    char name[IMPORT_NAME_CHARS];
    import_name(id, name);
    return ask_print(q, "%s", name);
}

static struct str address_of(struct ask *q, uint32_t id)
{
    return ask_print(q, "/%.*s/imports/%u", STR_ARG(lang_code(q->lang)), id);
}

/* What a refusal means, in words. */
static struct str why_text(struct ask *q, enum import_why why, const struct import_fault *fault,
                           struct str file)
{
    struct str said = ask_label(q, "import.why.", str_of(import_why_name(why)));
    struct buf b = buf_new(1 << 16);
    words_fill(&b, said, &file, 1);
    if ((why == IMPORT_BAD_FILE || why == IMPORT_BAD_OPTIONS) && fault->code.len > 0) {
        const struct str slot[] = {fault->value, ask_number(q, fault->limit)};
        buf_add_char(&b, ' ');
        if (fault->row > 0 || fault->column.len > 0) {
            const struct str place[] = {ask_number(q, fault->row), fault->column};
            words_fill(&b, ask_say(q, "import.place"), place, countof(place));
            buf_add_char(&b, ' ');
        }
        words_fill(&b, ask_label(q, "problem.", fault->code), slot, countof(slot));
    }
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

static const char *state_name(enum local_import_state state)
{
    static const char *const name[] = {"preview", "running", "done",
                                       "failed",  "undone",  "dropped"};
    must((unsigned)state < countof(name));
    return name[state];
}

/* ---- the list ---- */

static void add_counts(struct ask *q, struct html_map *m, const struct local_import *i)
{
    const struct {
        const char *name;
        uint32_t n;
    } count[] = {{"rows", i->rows}, {"added", i->added},     {"changed", i->changed},
                 {"same", i->same}, {"refused", i->refused}, {"alike", i->alike}};
    for (size_t k = 0; k < countof(count); k++) {
        struct html_map *item = html_item(m, "counts");
        html_text(item, "label", ask_label(q, "import.count.", str_of(count[k].name)));
        html_number(item, "n", count[k].n);
        html_flag(item, "bad", count[k].n > 0 && k == 4);
    }
}

static void add_import(struct ask *q, struct html_map *m, const struct local_import *i)
{
    struct local_user who;
    html_text(m, "name", name_of(q, i->id));
    html_text(m, "address", address_of(q, i->id));
    html_text(m, "file", i->file);
    html_text(m, "state", ask_label(q, "import.state.", str_of(state_name(i->state))));
    html_text(m, "time", ask_time(q, i->made_ms));
    if (i->user == 0)
        html_text(m, "user", ask_say(q, "role.operator"));
    else if (local_user_get(view_store(q->view), q->arena, i->user, &who) == CAU_OK)
        html_text(m, "user", who.display.len > 0 ? who.display : who.name);
    html_number(m, "added", i->added);
    html_number(m, "changed", i->changed);
    html_number(m, "refused", i->refused);
}

static void add_choices(struct ask *q)
{
    const struct kinds *k = q->site->kinds;
    struct str chosen = ask_form(q, "kind"), *profile;
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++) {
        if (str_is(k->kind[i].name, "review") || str_is(k->kind[i].name, "claim"))
            continue; /* made by the rules alone */
        struct html_map *m = html_item(q->page, "kinds");
        html_text(m, "value", k->kind[i].name);
        html_text(m, "label", present_label(q, k->kind[i].many));
        html_flag(m, "chosen", str_equal(chosen, k->kind[i].name));
    }
    if (local_profile_list(view_store(q->view), q->arena, &profile, &n) == CAU_OK)
        for (size_t i = 0; i < n; i++)
            html_text(html_item(q->page, "profiles"), "name", profile[i]);
}

static void show_list(struct ask *q, struct str problem)
{
    struct local_import *list;
    size_t n = 0;
    if (local_import_list(view_store(q->view), q->arena, LISTED, &list, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "imports.title"));
    html_text(q->page, "problem", problem);
    add_choices(q);
    for (size_t i = 0; i < n; i++)
        if (list[i].state != LOCAL_IMPORT_DROPPED)
            add_import(q, html_item(q->page, "imports"), &list[i]);
    ask_token(q, q->page, "token", "upload");
    ask_page(q, "imports");
}

void intake_list(struct ask *q)
{
    if (allowed(q))
        show_list(q, (struct str){NULL, 0});
}

/* ---- one import ---- */

static bool find_import(struct ask *q, struct local_import *out)
{
    uint32_t id = import_read_name(q->part[1]);
    if (!allowed(q))
        return false;
    if (id != 0 && local_import_get(view_store(q->view), q->arena, id, out) == CAU_OK)
        return true;
    ask_error(q, 404);
    return false;
}

/* The same import as it is now, in a snapshot of its own. */
static bool read_again(struct ask *q, uint32_t id, struct local_import *out)
{
    struct view *v = view_take(q->site->node);
    enum cau_err err = local_import_get(view_store(v), q->arena, id, out);
    view_give(q->site->node, v);
    return err == CAU_OK;
}

struct waiting {
    struct local_import import;
};

static enum cau_err forget_preview(struct store *s, void *arg)
{
    struct waiting *w = arg;
    w->import.ended_ms = 0;
    w->import.rows = w->import.added = w->import.changed = w->import.same = 0;
    w->import.refused = w->import.alike = 0;
    w->import.report = STR("[]");
    return local_import_set(s, &w->import);
}

/* Looks at the file: at once when it is small, else by the worker while a page waits. */
static void look(struct ask *q, uint32_t id, size_t bytes, const struct import_options *options)
{
    struct import_outcome out;
    struct waiting w;
    if (bytes > AT_ONCE_BYTES && read_again(q, id, &w.import)) {
        if (writer_run(q->site->node, forget_preview, &w) != CAU_OK ||
            import_worker_put(q->site->imports, IMPORT_TASK_PREVIEW, id, &q->actor, options) !=
                CAU_OK) {
            ask_error(q, 503);
            return;
        }
        ask_go(q, address_of(q, id));
        return;
    }
    enum import_why why =
        import_preview(q->site->node, q->arena, &q->actor, id, options, NULL, &out);
    if (why == IMPORT_OK) {
        ask_go(q, address_of(q, id));
        return;
    }
    q->answer->status = 400;
    show_list(q, why_text(q, why, &out.fault, options == NULL ? STR("") : options->file));
}

void intake_upload(struct ask *q)
{
    struct import_options options = {.file = STR("")};
    struct import_columns columns;
    uint32_t id = 0;
    if (!allowed(q))
        return;
    if (q->http->files == 0 || q->http->file[0].bytes.len == 0) {
        q->answer->status = 400;
        show_list(q, ask_say(q, "imports.no_file"));
        return;
    }
    options.file = q->http->file[0].name;
    options.kind = ask_form(q, "kind");
    options.profile = ask_form(q, "profile");
    options.compose = true;
    enum import_why why =
        import_keep(q->site->node, q->arena, &q->actor, q->http->file[0].bytes, &options, &id);
    if (why == IMPORT_OK)
        why = import_look_columns(q->site->node, q->arena, q->http->file[0].bytes, id, &options,
                                  &columns);
    if (why == IMPORT_OK && columns.n > 0 && options.profile.len == 0)
        ask_go(q, ask_print(q, "%.*s/columns", STR_ARG(address_of(q, id))));
    else if (why == IMPORT_OK)
        look(q, id, q->http->file[0].bytes.len, &options);
    else {
        q->answer->status = why == IMPORT_NOT_ALLOWED ? 403 : 400;
        show_list(q, why_text(q, why, &columns.fault, options.file));
        if (id != 0)
            (void)import_drop(q->site->node, q->arena, &q->actor, id);
    }
}

/* ---- options as they are kept (exchange/import/import.h says what they mean) ---- */

static void read_options(struct ask *q, const struct local_import *import,
                         struct import_options *out)
{
    struct value v;
    struct str delimiter;
    *out = (struct import_options){.file = import->file, .compose = true};
    if (json_read(q->arena, import->options, LOCAL_PROFILE_BYTES_MAX * 4, JSON_OUTSIDE, &v,
                  NULL) != CAU_OK)
        return;
    (void)import_read_format(value_get_str(&v, "format"), &out->format);
    (void)charset_read(value_get_str(&v, "charset"), &out->charset);
    out->kind = value_get_str(&v, "kind");
    out->profile = value_get_str(&v, "profile");
    out->mapping = value_get_str(&v, "mapping");
    out->sheet = value_get_str(&v, "sheet");
    out->save_as = value_get_str(&v, "save_as");
    delimiter = value_get_str(&v, "delimiter");
    out->delimiter = delimiter.len == 1 ? delimiter.p[0] : 0;
}

/* ---- columns ---- */

/* "name.vi" as "Tên tổ chức · Tiếng Việt". */
static struct str target_label(struct ask *q, const struct form_target *t)
{
    if (t->field == NULL)
        return ask_label(q, "import.target.", t->to);
    struct str label = present_label(q, t->field->label), more = t->key;
    if (t->part != NULL)
        label = ask_print(q, "%.*s · %.*s", STR_ARG(label),
                          STR_ARG(present_label(q, t->part->label)));
    if (more.len == 0)
        return label;
    switch (t->field->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        more = present_language(q, more);
        break;
    case KIND_IDENTIFIERS:
        more = present_listed(q, "identifier", more);
        break;
    case KIND_RELATIONS:
        more = present_listed(q, "relation", more);
        break;
    case KIND_CODES:
        break;
    default:
        more = ask_label(q, "part.", more);
    }
    return ask_print(q, "%.*s · %.*s", STR_ARG(label), STR_ARG(more));
}

static void add_targets(struct ask *q, struct html_map *m, const struct form *form,
                        struct str chosen)
{
    for (size_t i = 0; i < form->target_count; i++) {
        struct html_map *option = html_item(m, "options");
        html_text(option, "value", form->target[i].to);
        html_text(option, "label", target_label(q, &form->target[i]));
        html_flag(option, "chosen", str_equal(form->target[i].to, chosen));
    }
}

static void add_columns(struct ask *q, const struct import_columns *columns,
                        const struct form *form)
{
    for (size_t i = 0; i < columns->n; i++) {
        const struct import_column *c = &columns->column[i];
        struct html_map *m = html_item(q->page, "columns");
        html_text(m, "n", ask_print(q, "%zu", i));
        html_text(m, "head", c->head.len > 0 ? c->head : ask_print(q, "%zu", i + 1));
        html_flag(m, "found", c->to.len > 0);
        for (size_t k = 0; k < IMPORT_SAMPLES; k++)
            if (c->sample[k].len > 0)
                html_text(html_item(m, "samples"), "text", c->sample[k]);
        add_targets(q, m, form, c->to);
    }
    for (size_t i = 0; columns->sheet_count > 1 && i < columns->sheet_count; i++)
        html_text(html_item(q->page, "sheets"), "name", columns->sheet[i]);
    html_flag(q->page, "csv", columns->format == IMPORT_CSV);
    for (unsigned c = 0; c < CHARSETS; c++) {
        struct html_map *m = html_item(q->page, "charsets");
        struct str name = str_of(charset_name((enum charset)c));
        html_text(m, "name", name);
        html_text(m, "label", ask_label(q, "import.charset.", name));
        html_flag(m, "chosen", columns->charset == (enum charset)c);
    }
}

static void show_columns(struct ask *q, const struct local_import *import,
                         const struct import_options *options)
{
    struct import_columns columns;
    struct form *form = arena_zero(q->arena, sizeof *form);
    enum import_why why = import_look_columns(q->site->node, q->arena, (struct str){NULL, 0},
                                              import->id, options, &columns);
    if (why != IMPORT_OK || form == NULL) {
        q->answer->status = 400;
        show_list(q, why_text(q, why, &columns.fault, import->file));
        return;
    }
    const struct kind *kind = kinds_find(q->site->kinds, options->kind);
    if (kind == NULL || form_open(q->arena, q->site->kinds, kind, q->lang, form) != CAU_OK) {
        q->answer->status = 400;
        show_list(q, ask_say(q, "imports.no_kind"));
        return;
    }
    ask_title(q, ask_say(q, "import.columns.title"));
    add_import(q, html_item(q->page, "import"), import);
    html_text(q->page, "kind_label", present_label(q, kind->many));
    add_columns(q, &columns, form);
    form_close(form);
    ask_token(q, q->page, "token", "columns");
    ask_page(q, "import_columns");
}

void intake_columns(struct ask *q)
{
    struct local_import import;
    struct import_options options;
    if (!find_import(q, &import))
        return;
    if (import.state != LOCAL_IMPORT_PREVIEW) {
        ask_go(q, address_of(q, import.id));
        return;
    }
    read_options(q, &import, &options);
    show_columns(q, &import, &options);
}

/* The mapping as it was chosen: {"kind","lang","columns":[{"head","to"}]}. */
static struct str read_mapping(struct ask *q, const struct import_columns *columns,
                               struct str kind)
{
    struct buf b = buf_new(FORM_MAPPING_BYTES_MAX);
    buf_add_word(&b, "{\"columns\":[");
    for (size_t i = 0; i < columns->n; i++) {
        char name[32];
        snprintf(name, sizeof name, "column%zu", i);
        buf_add_word(&b, i > 0 ? ",{\"head\":" : "{\"head\":");
        json_write_string(&b, columns->column[i].head);
        buf_add_word(&b, ",\"to\":");
        json_write_string(&b, ask_form(q, name));
        buf_add_char(&b, '}');
    }
    buf_add_word(&b, "],\"kind\":");
    json_write_string(&b, kind);
    buf_add_word(&b, ",\"lang\":");
    json_write_string(&b, lang_code(q->lang));
    buf_add_char(&b, '}');
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

void intake_look(struct ask *q)
{
    struct local_import import;
    struct import_options options;
    struct import_columns columns;
    if (!find_import(q, &import))
        return;
    read_options(q, &import, &options);
    bool again = str_is(ask_form(q, "action"), "again");
    if (ask_form(q, "sheet").len > 0)
        options.sheet = ask_form(q, "sheet");
    (void)charset_read(ask_form(q, "charset"), &options.charset);
    if (again) { /* another sheet or character set: the columns are proposed anew */
        options.mapping = options.profile = (struct str){NULL, 0};
        show_columns(q, &import, &options);
        return;
    }
    enum import_why why = import_look_columns(q->site->node, q->arena, (struct str){NULL, 0},
                                              import.id, &options, &columns);
    if (why != IMPORT_OK) {
        q->answer->status = 400;
        show_list(q, why_text(q, why, &columns.fault, import.file));
        return;
    }
    options.mapping = read_mapping(q, &columns, options.kind);
    options.profile = (struct str){NULL, 0};
    options.save_as = str_trim(ask_form(q, "save_as"));
    look(q, import.id, 0, &options);
}

/* ---- preview, progress, result ---- */

/* What a message of the report is about; the order of the page. */
static const char *const sort_name[] = {"refused", "alike", "changed", "warning", "skipped"};

static void add_alike(struct ask *q, struct html_map *m, const struct value *item)
{
    struct str other = value_get_str(item, "id");
    struct html_map *link = html_item(m, "other");
    html_text(m, "row", ask_print(q, "%lld", (long long)value_get_int(item, "row", 0)));
    html_text(m, "other_id", other);
    (void)present_link(q, link, view_find(q->view, q->reader, other));
}

static void add_report(struct ask *q, const struct local_import *import)
{
    struct value report;
    int64_t more = 0;
    struct html_map *sort[countof(sort_name)] = {NULL};
    size_t shown[countof(sort_name)] = {0};
    if (json_read(q->arena, import->report, LOCAL_REPORT_BYTES_MAX + 1, JSON_OUTSIDE, &report,
                  NULL) != CAU_OK ||
        report.type != VALUE_ARRAY)
        return;
    for (uint32_t i = 0; i < report.n; i++) {
        const struct value *item = &report.item[i];
        struct str what = value_get_str(item, "what");
        more += value_get_int(item, "left_off", 0);
        for (size_t s = 0; s < countof(sort_name); s++) {
            if (!str_is(what, sort_name[s]) || shown[s]++ >= REPORT_SHOWN)
                continue;
            struct buf b = buf_new(1 << 16);
            if (sort[s] == NULL) {
                sort[s] = html_item(q->page, sort_name[s]);
                html_text(sort[s], "label", ask_label(q, "import.sort.", str_of(sort_name[s])));
            }
            struct html_map *m = html_item(sort[s], "items");
            import_say(&b, q->lang, item);
            html_text(m, "text", ask_keep(q, &b));
            buf_free(&b);
            if (s == 1 && import->state == LOCAL_IMPORT_PREVIEW)
                add_alike(q, m, item);
        }
    }
    for (size_t s = 0; s < countof(sort_name); s++)
        more += shown[s] > REPORT_SHOWN ? (int64_t)(shown[s] - REPORT_SHOWN) : 0;
    html_number(q->page, "left_off", more);
}

/* done of all: how far it is, where that is known. */
static void add_progress(struct ask *q, uint64_t done, uint64_t all)
{
    html_flag(q->page, "refresh", true);
    html_flag(q->page, "busy", true);
    if (all > 0) {
        html_number(q->page, "progress", (int64_t)done);
        html_number(q->page, "progress_all", (int64_t)all);
    }
}

static void show_import(struct ask *q, const struct local_import *i)
{
    bool looking = i->state == LOCAL_IMPORT_PREVIEW && i->ended_ms == 0;
    uint64_t done = 0, all = 0;
    bool waits = import_worker_at(q->site->imports, i->id, &done, &all);
    bool over = i->state == LOCAL_IMPORT_DONE || i->state == LOCAL_IMPORT_FAILED;
    if (i->state == LOCAL_IMPORT_RUNNING) { /* counted in rows; an undo counts records */
        done = i->done;
        all = i->rows;
    } else if (!over) {
        all = 0;
    }
    ask_title(q, name_of(q, i->id));
    struct html_map *m = html_item(q->page, "import");
    add_import(q, m, i);
    html_text(q->page, "address", address_of(q, i->id));
    if (looking || waits || i->state == LOCAL_IMPORT_RUNNING) {
        add_progress(q, done, all);
    } else {
        add_counts(q, q->page, i);
        add_report(q, i);
    }
    struct import_options options;
    read_options(q, i, &options);
    html_flag(q->page, "preview", i->state == LOCAL_IMPORT_PREVIEW && !looking && !waits);
    html_flag(q->page, "something", i->added + i->changed > 0);
    html_flag(q->page, "table", options.kind.len > 0);
    html_flag(q->page, "failed", i->state == LOCAL_IMPORT_FAILED);
    html_flag(q->page, "running", i->state == LOCAL_IMPORT_RUNNING || (waits && over));
    html_flag(q->page, "undoing", waits && over);
    html_flag(q->page, "can_undo", !waits && over);
    html_flag(q->page, "some_refused",
              i->refused > 0 && i->upload.len > 0 && i->state != LOCAL_IMPORT_DROPPED);
    ask_token(q, q->page, "token_confirm", "confirm");
    ask_token(q, q->page, "token_drop", "drop");
    ask_token(q, q->page, "token_undo", "undo");
    ask_token(q, q->page, "token_stop", "stop");
    ask_token(q, q->page, "token_choose", "choose");
    ask_page(q, "import");
}

void intake_show(struct ask *q)
{
    struct local_import import;
    if (find_import(q, &import))
        show_import(q, &import);
}

/* ---- what to do with it ---- */

/* Gives the task a moment, so that the next page shows it already. */
static void start(struct ask *q, const struct local_import *was, enum import_task task)
{
    if (import_worker_put(q->site->imports, task, was->id, &q->actor, NULL) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    struct local_import now = *was;
    for (unsigned ms = 0; ms < WAIT_MS && now.state == was->state; ms += 50) {
        usleep(50000);
        if (!read_again(q, was->id, &now))
            break;
    }
    ask_go(q, address_of(q, was->id)); /* which knows what the worker is at */
}

void intake_confirm(struct ask *q)
{
    struct local_import import;
    if (!find_import(q, &import))
        return;
    if (import.state != LOCAL_IMPORT_PREVIEW)
        ask_go(q, address_of(q, import.id));
    else
        start(q, &import, IMPORT_TASK_CONFIRM);
}

void intake_undo(struct ask *q)
{
    struct local_import import;
    if (!find_import(q, &import))
        return;
    if (import.state != LOCAL_IMPORT_DONE && import.state != LOCAL_IMPORT_FAILED)
        ask_go(q, address_of(q, import.id));
    else
        start(q, &import, IMPORT_TASK_UNDO);
}

void intake_stop(struct ask *q)
{
    struct local_import import;
    if (!find_import(q, &import))
        return;
    import_worker_stop_task(q->site->imports, import.id);
    ask_go(q, address_of(q, import.id));
}

void intake_drop(struct ask *q)
{
    struct local_import import;
    if (!find_import(q, &import))
        return;
    enum import_why why = import_drop(q->site->node, q->arena, &q->actor, import.id);
    if (why == IMPORT_OK || why == IMPORT_STATE)
        ask_go(q,
               ask_print(q, "/%.*s/imports?done=import_dropped", STR_ARG(lang_code(q->lang))));
    else
        ask_error(q, 503);
}

/* Rows that look like records we have: "row.17" = "same" "different" "later", "id.17" the record. */
void intake_choose(struct ask *q)
{
    struct local_import import;
    struct import_options options;
    const struct http_fields *form = &q->http->form;
    if (!find_import(q, &import))
        return;
    read_options(q, &import, &options);
    struct import_choice *choice = arena_take(q->arena, IMPORT_CHOICES_MAX * sizeof *choice);
    size_t n = 0;
    for (size_t i = 0; choice != NULL && i < form->n && n < IMPORT_CHOICES_MAX; i++) {
        struct str row = form->v[i].name, what = form->v[i].value;
        uint32_t number = str_starts(row, STR("row.")) ? import_read_name(str_from(row, 4)) : 0;
        if (number == 0 || (n > 0 && number <= choice[n - 1].row))
            continue; /* rows come in their order, each once */
        choice[n].row = number;
        choice[n].id = (struct str){NULL, 0};
        if (str_is(what, "different")) {
            choice[n++].what = IMPORT_DIFFERENT;
        } else if (str_is(what, "later")) {
            choice[n++].what = IMPORT_LATER;
        } else if (record_id_valid(what)) {
            choice[n].id = what;
            choice[n++].what = IMPORT_SAME;
        }
    }
    options.choice = choice;
    options.choice_count = n;
    look(q, import.id, 0, &options);
}

static enum cau_err put(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->failed ? CAU_ERR_RANGE : CAU_OK;
}

void intake_refused(struct ask *q)
{
    struct local_import import;
    if (!find_import(q, &import))
        return;
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX);
    struct import_sink sink = {&b, put};
    enum import_why why = import_refused(q->site->node, q->arena, (struct str){NULL, 0},
                                         import.id, q->lang, &sink);
    if (why != IMPORT_OK) {
        ask_error(q, why == IMPORT_GONE ? 404 : 500);
    } else {
        ask_attachment(q, ask_print(q, "%.*s-refused.csv", STR_ARG(name_of(q, import.id))));
        ask_bytes(q, "text/csv; charset=utf-8", buf_str(&b));
    }
    buf_free(&b);
}
