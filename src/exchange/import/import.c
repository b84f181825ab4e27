#include "exchange/import/import.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "domain/rule/indicator.h"
#include "domain/rule/need.h"
#include "domain/rule/rules.h"
#include "exchange/import/import_int.h"

#include <stdio.h>
#include <string.h>

const char *import_why_name(enum import_why why)
{
    static const char *const name[IMPORT_WHYS] = {
        "ok",    "not_allowed", "bad_file", "bad_options", "gone",
        "state", "stopped",     "busy",     "full",        "failed"};
    must((unsigned)why < IMPORT_WHYS);
    return name[why];
}

void import_name(uint32_t id, char out[IMPORT_NAME_CHARS])
{
    int n = snprintf(out, IMPORT_NAME_CHARS, "import-%04u", id);
    must(n > 0 && n < IMPORT_NAME_CHARS);
}

uint32_t import_read_name(struct str name)
{
    uint64_t id = 0;
    if (str_starts(name, STR("import-")))
        name = str_from(name, strlen("import-"));
    while (name.len > 1 && name.p[0] == '0')
        name = str_from(name, 1);
    return number_read(name, UINT32_MAX, &id) == CAU_OK ? (uint32_t)id : 0;
}

enum import_why import_why_of(enum cau_err err)
{
    switch (err) {
    case CAU_OK:
        return IMPORT_OK;
    case CAU_ERR_UNKNOWN:
        return IMPORT_GONE;
    case CAU_ERR_BUSY:
        return IMPORT_BUSY;
    case CAU_ERR_FULL:
    case CAU_ERR_CORRUPT: /* the node's state allows no writing */
        return IMPORT_FULL;
    default:
        log_line(LOG_ERROR, "import: %s", cau_err_name(err));
        return IMPORT_FAILED;
    }
}

/* One import at work. */
struct job {
    struct node *n;
    const struct actor *actor;
    const struct import_options *o;
    const struct import_progress *progress;
    struct import_outcome *out;
    size_t all; /* bytes of the file */
    struct arena life, row;
    struct import_source source;
    struct import_match match;
    struct import_report report;
    struct import_writer *writer; /* NULL: only looking */
    struct str name;              /* "import-0007"; empty when only looking */
    struct view *v;
    uint32_t viewed;   /* rows since the view was taken */
    struct table seen; /* external id -> row */
    struct rules_pending pending;
    struct buf payload;
    struct record_problems problems;
    enum import_why why;
    enum cau_err err;
    bool stopped;
};

static void job_open(struct job *j)
{
    j->life = arena_new(IMPORT_LIFE_BYTES);
    j->row = arena_new(IMPORT_ROW_BYTES);
    j->match = import_match_new(j->n, actor_reader(j->actor));
    j->report = import_report_new();
    j->seen = table_new();
    j->pending = rules_pending_new();
    j->payload = buf_new(RECORD_BYTES_MAX + 1);
}

static void job_close(struct job *j)
{
    import_source_close(&j->source);
    import_match_free(&j->match);
    import_report_free(&j->report);
    table_free(&j->seen);
    rules_pending_free(&j->pending);
    buf_free(&j->payload);
    arena_free(&j->row);
    arena_free(&j->life);
}

/* The name of a row in the report: what the form calls it. */
static struct str title_of(const struct job *j, const struct value *form)
{
    const struct kind *kind = kinds_find(node_kinds(j->n), value_get_str(form, "kind"));
    if (kind == NULL)
        return value_get_str(form, "external_id");
    const struct value *title = value_find(form, kind->field[kind->title].name);
    struct str text = value_get_str(form, "external_id");
    for (uint32_t i = 0; title != NULL && title->type == VALUE_OBJECT && i < title->n; i++) {
        const struct value *v = &title->member[i].value;
        if (v->type == VALUE_OBJECT)
            v = value_get(v, "text");
        if (v != NULL && v->type == VALUE_ARRAY && v->n > 0)
            v = &v->item[0];
        if (v != NULL && v->type == VALUE_STRING)
            return v->string;
    }
    return text;
}

static void tell_faults(struct job *j, const struct import_row *row)
{
    bool has_form = row->form.type == VALUE_OBJECT;
    struct str title = has_form ? title_of(j, &row->form) : (struct str){NULL, 0};
    for (size_t i = 0; i < row->faults; i++)
        import_report_fault(&j->report, &row->fault[i], row->warning[i], title);
}

static void refuse_row(struct import_row *row, const char *code, struct str column,
                       struct str value)
{
    import_row_fault(
        row, (struct import_fault){.code = str_of(code), .column = column, .value = value},
        false);
}

/* What the check of the form found, with the headings of the file where there are any. */
static void refuse_problems(struct job *j, struct import_row *row)
{
    for (size_t i = 0; i < j->problems.n; i++) {
        const struct record_problem *p = &j->problems.v[i];
        struct import_fault fault = {.column = p->place,
                                     .code = str_of(record_code_name(p->code)),
                                     .value = p->value,
                                     .limit = p->limit};
        size_t column =
            j->source.has_form ? form_column_of(&j->source.form, p->place) : CELL_COLUMNS_MAX;
        if (column < CELL_COLUMNS_MAX)
            fault.column = j->source.form.column[column].head;
        import_row_fault(row, fault, false);
    }
}

static const struct import_choice *choice_of(const struct job *j, uint32_t row)
{
    size_t low = 0, high = j->o->choice_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (j->o->choice[mid].row < row)
            low = mid + 1;
        else
            high = mid;
    }
    return low < j->o->choice_count && j->o->choice[low].row == row ? &j->o->choice[low] : NULL;
}

/* A text that one person may not publish alone waits for its review. */
static enum cau_err hold_back(struct job *j, struct record_form *form)
{
    if (!need_is(form->kind) || j->actor->is_operator)
        return CAU_OK;
    form->audience = RECORD_PRIVATE;
    form->audience_given = true;
    return value_set(&j->row, &form->payload, STR("publication"),
                     value_string(STR("submitted")));
}

static void collect(void *ctx, const struct import_group *g)
{
    struct job *j = ctx;
    j->out->added += (uint32_t)g->count[IMPORT_ADDED];
    j->out->changed += (uint32_t)g->count[IMPORT_CHANGED];
    j->out->refused += (uint32_t)g->refused_n;
    for (size_t i = 0; i < g->refused_n; i++) {
        struct import_fault fault = {.row = g->refused[i], .code = str_of(g->refused_code[i])};
        import_report_fault(&j->report, &fault, false, (struct str){NULL, 0});
    }
}

/* Counts the row, and hands it to the writer when there is one. old: the record it changes, or NULL. */
static bool put(struct job *j, struct import_row *row, const struct record_form *form,
                const struct view_record *old)
{
    enum import_count count = old == NULL ? IMPORT_ADDED : IMPORT_CHANGED;
    buf_reset(&j->payload);
    j->err = register_payload(&j->row, j->actor, form, j->name, &j->payload);
    if (j->err == CAU_ERR_RANGE) {
        j->err = CAU_OK;
        import_row_fault(
            row, (struct import_fault){.code = STR("too_big"), .limit = RECORD_BYTES_MAX},
            false);
        return true;
    }
    if (j->err != CAU_OK)
        return false;
    if (j->writer == NULL) {
        *(count == IMPORT_ADDED ? &j->out->added : &j->out->changed) += 1;
        return true;
    }
    struct import_group *g = import_writer_group(j->writer, j->payload.len, collect, j);
    if (g == NULL) {
        j->err = import_writer_error(j->writer);
        return false;
    }
    bool narrower = old != NULL && form->audience > old->audience && !need_is(form->kind);
    struct import_item *item = &g->item[g->items++];
    *item = (struct import_item){row->number, count, g->n, narrower ? 2 : 1};
    if (narrower) /* the wider log forgets it in the same group */
        import_group_add(g, &(struct writer_change){.op = WRITER_REDACT,
                                                    .id = old->id,
                                                    .audience = old->audience,
                                                    .after = &old->leaf,
                                                    .why = STR("narrowed")});
    struct writer_change change = {.op = WRITER_PUT,
                                   .kind = form->kind,
                                   .audience = form->audience,
                                   .payload = buf_str(&j->payload),
                                   .organization = j->actor->organization};
    if (old != NULL) {
        change.id = old->id;
        change.after = narrower ? NULL : &old->leaf;
    }
    import_group_add(g, &change);
    g->at = row->at;
    return true;
}

/* What only the rules set is not in a file of anyone but the operator. */
static void refuse_rule_fields(struct job *j, struct import_row *row, const struct kind *kind)
{
    for (uint32_t i = 0; i < row->form.n && !j->actor->is_operator; i++) {
        const struct kind_field *field = kind_find_field(kind, row->form.member[i].key);
        if (field != NULL && field->rule && row->form.member[i].value.type != VALUE_NULL)
            refuse_row(row, record_code_name(RECORD_BY_RULE), field->name, STR(""));
    }
}

/* After record_check, whose answer is in j->err: what it and the rules of kinds found refuses the row. */
static void check_rules(struct job *j, struct import_row *row, const struct view_record *old,
                        struct record_form *form)
{
    if (j->err == CAU_OK)
        j->err = rules_apply(
            j->v, &j->row,
            (struct rules_input){.old = old, .pending = &j->pending, .imported = true}, form,
            &j->problems);
    if (j->err == CAU_OK && !row->refused)
        j->err = rules_pending_add(&j->pending, form);
    if (j->err == CAU_ERR_SYNTAX) {
        j->err = CAU_OK;
        refuse_problems(j, row);
    }
}

static struct str unit_of(const struct job *j, const struct value *payload)
{
    return record_pick(value_get(payload, "unit"), node_config(j->n)->lang).text;
}

/* The form of a record we have, with what the row says of it. A row may name few fields: only both together have to
 * be whole. False on an error; the row may be refused. */
static bool join_record(struct job *j, struct import_row *row, const struct view_record *old,
                        struct record_form *form)
{
    struct value merged;
    bool join = j->source.format != IMPORT_JSONL;
    j->err = import_merge(&j->row, old, &row->form, join, &merged);
    /* A choice may have said that it is this record: its own name in the source stays. A record without one was
     * named by its id (exchange/export/export.h), and goes on without. */
    if (j->err == CAU_OK && old->external_id.len > 0)
        j->err =
            value_set(&j->row, &merged, STR("external_id"), value_string(old->external_id));
    else if (j->err == CAU_OK && str_equal(value_get_str(&merged, "external_id"), old->id))
        value_remove(&merged, "external_id");
    struct record_rules rules = {.compose = j->source.compose, .all_fields = true};
    if (j->err == CAU_OK)
        j->err = record_check(&j->row, node_kinds(j->n), &merged, rules, form, &j->problems);
    check_rules(j, row, old, form);
    if (j->err == CAU_OK && !row->refused &&
        indicator_unit_changes(&old->payload, &form->payload))
        refuse_row(row, record_code_name(RECORD_UNIT_CHANGES), STR("unit"),
                   unit_of(j, &form->payload));
    return j->err == CAU_OK;
}

/* The row is about a record we have. */
static bool change_record(struct job *j, struct import_row *row, uint32_t doc)
{
    struct view_record old;
    struct record_form form;
    struct record_change change[IMPORT_CHANGES_MAX];
    size_t n = 0;
    j->err = view_get(j->v, &j->row, actor_reader(j->actor), doc, &old);
    if (j->err != CAU_OK)
        return false;
    struct str kind = value_get_str(&row->form, "kind");
    if (kinds_find(node_kinds(j->n), kind) == NULL)
        refuse_row(row, record_code_name(RECORD_UNKNOWN_KIND), STR("kind"), kind);
    else if (kinds_find(node_kinds(j->n), kind) != old.kind)
        refuse_row(row, "taken", STR("external_id"), old.external_id);
    else if (!may(j->actor, MAY_EDIT, old.kind, &old))
        refuse_row(row, "not_allowed", STR(""), old.external_id);
    else
        refuse_rule_fields(j, row, old.kind);
    if (row->refused)
        return true;
    if (!join_record(j, row, &old, &form) || row->refused)
        return j->err == CAU_OK;
    j->err = record_diff(&j->row, &old.payload, &form.payload, change, countof(change), &n);
    if (j->err != CAU_OK)
        return false;
    if (n == 0 && form.audience == old.audience) {
        j->out->same++;
        return true;
    }
    j->err = hold_back(j, &form);
    if (j->err != CAU_OK)
        return false;
    import_report_begin(&j->report, "changed", row->number);
    import_report_str(&j->report, "id", old.id);
    import_report_str(&j->report, "title", title_of(j, &row->form));
    import_report_changes(&j->report, change, n < countof(change) ? n : countof(change));
    import_report_end(&j->report);
    return put(j, row, &form, &old);
}

static bool tell_alike(struct job *j, const struct import_row *row,
                       const struct import_like *like, size_t n)
{
    for (size_t i = 0; i < n && j->err == CAU_OK; i++) {
        struct view_record other;
        enum cau_err err = view_get(j->v, &j->row, actor_reader(j->actor), like[i].doc, &other);
        if (err == CAU_ERR_UNKNOWN)
            continue;
        j->err = err;
        if (err != CAU_OK)
            break;
        import_report_begin(&j->report, "alike", row->number);
        import_report_str(&j->report, "id", other.id);
        import_report_str(&j->report, "title", title_of(j, &row->form));
        import_report_str(
            &j->report, "other",
            record_title(other.kind, &other.payload, node_config(j->n)->lang).text);
        import_report_str(&j->report, "why", str_of(like[i].why));
        import_report_str(&j->report, "value", like[i].value);
        import_report_end(&j->report);
    }
    return j->err == CAU_OK;
}

/* The row is a record we do not have. alone: a choice has said so. */
static bool add_record(struct job *j, struct import_row *row, bool alone)
{
    struct record_form form;
    struct import_like like[IMPORT_ALIKE_MAX];
    size_t n = 0;
    struct record_rules rules = {.compose = j->source.compose,
                                 .all_fields = j->actor->is_operator};
    j->err = record_check(&j->row, node_kinds(j->n), &row->form, rules, &form, &j->problems);
    check_rules(j, row, NULL, &form);
    if (j->err == CAU_OK && row->refused)
        return true;
    if (j->err == CAU_OK && !may(j->actor, MAY_CREATE, form.kind, NULL)) {
        refuse_row(row, "not_allowed", STR("kind"), form.kind->name);
        return true;
    }
    if (j->err == CAU_OK)
        j->err = hold_back(j, &form);
    if (j->err == CAU_OK && !alone)
        j->err =
            import_match_find(&j->match, j->v, &j->row, form.kind, &form.payload, like, &n);
    if (j->err != CAU_OK)
        return false;
    j->out->alike += n > 0;
    return tell_alike(j, row, like, n) && put(j, row, &form, NULL);
}

/* The row names no record we have, but a choice may. */
static bool add_or_choose(struct job *j, struct import_row *row)
{
    const struct import_choice *choice = choice_of(j, row->number);
    if (choice == NULL || choice->what == IMPORT_DIFFERENT)
        return add_record(j, row, choice != NULL);
    if (choice->what == IMPORT_LATER) {
        j->out->skipped++;
        import_report_begin(&j->report, "skipped", row->number);
        import_report_str(&j->report, "title", title_of(j, &row->form));
        import_report_str(&j->report, "code", STR("later"));
        import_report_end(&j->report);
        return true;
    }
    uint32_t doc = view_find(j->v, actor_reader(j->actor), choice->id);
    if (doc != 0)
        return change_record(j, row, doc);
    refuse_row(row, "gone", STR(""), choice->id);
    return true;
}

static bool take_form(struct job *j, struct import_row *row)
{
    struct str external_id = str_trim(value_get_str(&row->form, "external_id"));
    uint32_t before = external_id.len > 0 ? table_get(&j->seen, external_id, 0) : 0;
    if (before != 0) {
        struct import_fault fault = {.code = STR("external_id_twice"),
                                     .column = STR("external_id"),
                                     .value = external_id,
                                     .limit = before};
        import_row_fault(row, fault, false);
        return true;
    }
    uint32_t doc = view_find(j->v, actor_reader(j->actor), external_id);
    bool go_on = doc != 0 ? change_record(j, row, doc) : add_or_choose(j, row);
    if (go_on && !row->refused && external_id.len > 0)
        j->err = table_set(&j->seen, external_id, row->number);
    return go_on && j->err == CAU_OK;
}

static bool show(struct job *j, size_t at)
{
    if (j->progress != NULL && j->progress->step != NULL &&
        !j->progress->step(j->progress->ctx, at, j->all, j->out))
        j->stopped = true;
    return !j->stopped;
}

/* A new snapshot now and then: one kept for long makes the database's log grow. */
static bool renew_view(struct job *j)
{
    if (j->v != NULL && ++j->viewed < IMPORT_STEP_ROWS)
        return true;
    view_give(j->n, j->v);
    j->v = view_take(j->n);
    j->viewed = 0;
    j->err = j->v == NULL ? CAU_ERR_IO : CAU_OK;
    return j->v != NULL;
}

static bool take_row(void *ctx, struct import_row *row)
{
    struct job *j = ctx;
    if (++j->out->rows > IMPORT_ROWS_MAX) {
        j->out->rows--;
        j->out->fault = (struct import_fault){
            .row = row->number, .code = STR("too_many_rows"), .limit = IMPORT_ROWS_MAX};
        j->why = IMPORT_BAD_FILE;
        return false;
    }
    if (!renew_view(j))
        return false;
    bool go_on = row->refused || take_form(j, row);
    if (!go_on)
        return false;
    if (row->refused)
        j->out->refused++;
    if (row->faults > 0)
        tell_faults(j, row);
    return j->out->rows % IMPORT_STEP_ROWS != 0 || show(j, row->at);
}

/* Columns that nobody understood are left out, and said so. */
static void warn_columns(struct job *j)
{
    for (size_t i = 0; j->source.has_form && i < j->source.form.n; i++) {
        const struct form_column *c = &j->source.form.column[i];
        struct import_fault fault = {
            .row = j->source.head_row, .column = c->head, .code = STR("column_left_out")};
        if (c->target.to.len == 0 && c->head.len > 0)
            import_report_fault(&j->report, &fault, true, (struct str){NULL, 0});
    }
}

static enum import_why work(struct job *j)
{
    warn_columns(j);
    enum import_why why = import_source_each(&j->source, &j->row, take_row, j, &j->out->fault);
    view_give(j->n, j->v);
    j->v = NULL;
    if (j->writer != NULL) {
        import_writer_end(j->writer, collect, j);
        if (j->err == CAU_OK)
            j->err = import_writer_error(j->writer);
    }
    (void)show(j, j->all);
    if (j->err != CAU_OK)
        return import_why_of(j->err);
    if (j->why != IMPORT_OK)
        return j->why;
    return j->stopped && why == IMPORT_OK ? IMPORT_STOPPED : why;
}

static enum import_why open_source(struct job *j, struct str bytes)
{
    if (!may(j->actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    j->all = bytes.len;
    enum import_why why =
        import_source_open(j->n, &j->life, bytes, j->o, &j->source, &j->out->fault);
    return why;
}

/* Faults point into arenas that go: their text is copied. */
static void keep_outcome(struct job *j, struct arena *a, enum import_why *why)
{
    struct import_fault *f = &j->out->fault;
    if (f->code.len > 0)
        import_report_fault(&j->report, f, false, (struct str){NULL, 0});
    enum cau_err err = arena_copy(a, f->code, &f->code);
    if (err == CAU_OK)
        err = arena_copy(a, f->column, &f->column);
    if (err == CAU_OK)
        err = arena_copy(a, f->value, &f->value);
    if (err == CAU_OK)
        err = import_report_close(&j->report, a, &j->out->report);
    if (err != CAU_OK) {
        *f = (struct import_fault){.row = f->row};
        *why = *why == IMPORT_OK ? import_why_of(err) : *why;
    }
}

enum import_why import_look(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            const struct import_progress *progress, struct import_outcome *out)
{
    *out = (struct import_outcome){0};
    struct job j = {.n = n, .actor = actor, .o = options, .progress = progress, .out = out};
    job_open(&j);
    enum import_why why = open_source(&j, bytes);
    if (why == IMPORT_OK)
        why = work(&j);
    keep_outcome(&j, a, &why);
    job_close(&j);
    return why;
}

/* ---- local state, on the writer's thread ---- */

struct adding {
    const struct local_import *import;
    uint32_t id;
};

static enum cau_err add_import(struct store *s, void *arg)
{
    struct adding *x = arg;
    return local_import_add(s, x->import, &x->id);
}

static enum cau_err set_import(struct store *s, void *arg)
{
    return local_import_set(s, arg);
}

enum cau_err import_set(struct node *n, struct local_import *import)
{
    return writer_run(n, set_import, import);
}

struct profile {
    struct str name, json;
};

static enum cau_err set_profile(struct store *s, void *arg)
{
    const struct profile *p = arg;
    return local_profile_set(s, p->name, p->json);
}

static enum cau_err save_profile(struct job *j)
{
    if (j->o->save_as.len == 0 || !j->source.has_form)
        return CAU_OK;
    struct buf json = buf_new(LOCAL_PROFILE_BYTES_MAX);
    form_write_mapping(&json, &j->source.form);
    struct profile p = {j->o->save_as, buf_str(&json)};
    enum cau_err err = json.failed ? CAU_ERR_RANGE : writer_run(j->n, set_profile, &p);
    buf_free(&json);
    return err;
}

enum cau_err import_get(struct node *n, struct arena *a, uint32_t id, struct local_import *out)
{
    struct view *v = view_take(n);
    enum cau_err err = v == NULL ? CAU_ERR_IO : local_import_get(view_store(v), a, id, out);
    view_give(n, v);
    return err;
}

static enum local_import_state state_after(enum import_why why)
{
    return why == IMPORT_OK ? LOCAL_IMPORT_DONE : LOCAL_IMPORT_FAILED;
}

static void copy_counts(struct local_import *to, const struct import_outcome *from)
{
    to->rows = from->rows;
    to->added = from->added;
    to->changed = from->changed;
    to->same = from->same;
    to->refused = from->refused;
    to->alike = from->alike;
    to->report = from->report;
}

/* Runs an import that stands in local_import: its row is brought up to date whatever comes of it. */
static enum import_why run_kept(struct job *j, struct arena *a, struct str bytes,
                                struct local_import *import)
{
    char name[IMPORT_NAME_CHARS];
    import_name(import->id, name);
    j->name = str_of(name);
    j->out->id = import->id;
    enum import_why why = open_source(j, bytes);
    enum cau_err err = why == IMPORT_OK ? save_profile(j) : CAU_OK;
    import->state = LOCAL_IMPORT_RUNNING;
    import->added = import->changed = import->refused = 0;
    if (why == IMPORT_OK && err == CAU_OK)
        err = import_set(j->n, import);
    if (why == IMPORT_OK && err == CAU_OK)
        err = import_writer_start(j->n, &j->life, import, &j->writer);
    if (why == IMPORT_OK)
        why = err == CAU_OK ? work(j) : import_why_of(err);
    keep_outcome(j, a, &why);
    import->state = state_after(why);
    import->ended_ms = clock_now_ms();
    copy_counts(import, j->out);
    err = import_set(j->n, import);
    return why == IMPORT_OK ? import_why_of(err) : why;
}

static enum cau_err add_new(struct node *n, struct local_import *import)
{
    struct adding x = {.import = import};
    enum cau_err err = writer_run(n, add_import, &x);
    import->id = x.id;
    return err;
}

/* A new import: options are kept with it. */
static enum cau_err begin_import(struct node *n, const struct actor *actor, struct str upload,
                                 const struct import_options *o, enum local_import_state state,
                                 struct buf *options, struct local_import *out)
{
    import_options_write(options, o);
    *out = (struct local_import){.user = actor->user,
                                 .file = o->file,
                                 .upload = upload,
                                 .options = buf_str(options),
                                 .state = state,
                                 .made_ms = clock_now_ms()};
    return options->failed ? CAU_ERR_RANGE : add_new(n, out);
}

enum import_why import_run(struct node *n, struct arena *a, const struct actor *actor,
                           struct str bytes, const struct import_options *options,
                           const struct import_progress *progress, struct import_outcome *out)
{
    *out = (struct import_outcome){0};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    struct job j = {.n = n, .actor = actor, .o = options, .progress = progress, .out = out};
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    struct local_import import;
    job_open(&j);
    enum cau_err err =
        begin_import(n, actor, STR(""), options, LOCAL_IMPORT_RUNNING, &json, &import);
    enum import_why why = err == CAU_OK ? run_kept(&j, a, bytes, &import) : import_why_of(err);
    job_close(&j);
    buf_free(&json);
    return why;
}

/* ---- in steps ---- */

/* The file with the bytes of an upload; its name is their SHA-256. */
static enum cau_err upload_path(struct node *n, struct arena *a, struct str hash,
                                const char **out)
{
    const char *folder;
    char name[DIGEST_HEX(32) + 1];
    if (hash.len != DIGEST_HEX(32))
        return CAU_ERR_UNKNOWN;
    memcpy(name, hash.p, hash.len);
    name[hash.len] = 0;
    enum cau_err err = file_path(a, node_dir(n), "upload", &folder);
    if (err == CAU_OK)
        err = file_make_folder(folder, 0700);
    return err == CAU_OK ? file_path(a, folder, name, out) : err;
}

enum cau_err import_open_upload(struct node *n, struct arena *a, struct str hash,
                                struct str *out)
{
    const char *path;
    enum cau_err err = upload_path(n, a, hash, &path);
    return err == CAU_OK ? file_map(path, out) : err;
}

enum import_why import_keep(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            uint32_t *id)
{
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    if (bytes.len == 0 || bytes.len > IMPORT_BYTES_MAX)
        return IMPORT_BAD_FILE;
    char hex[DIGEST_HEX(32)];
    struct digest hash = digest_of(bytes);
    digest_to_hex(hash.b, sizeof hash.b, hex);
    struct str upload = {hex, sizeof hex};
    const char *path;
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    struct local_import import;
    enum cau_err err = upload_path(n, a, upload, &path);
    if (err == CAU_OK && !file_exists(path))
        err = file_write(path, bytes, 0600);
    if (err == CAU_OK)
        err = begin_import(n, actor, upload, options, LOCAL_IMPORT_PREVIEW, &json, &import);
    buf_free(&json);
    if (err == CAU_OK)
        *id = import.id;
    return import_why_of(err);
}

/* A kept import with its file and options. */
struct kept {
    struct local_import import;
    struct import_options options;
    struct str bytes;
    struct buf json;
};

static enum import_why open_kept(struct node *n, struct arena *a, uint32_t id,
                                 const struct import_options *options, struct kept *k)
{
    *k = (struct kept){.json = buf_new(IMPORT_OPTION_BYTES)};
    enum cau_err err = import_get(n, a, id, &k->import);
    if (err != CAU_OK)
        return import_why_of(err);
    if (k->import.state != LOCAL_IMPORT_PREVIEW)
        return IMPORT_STATE;
    if (options == NULL)
        err = import_options_read(a, k->import.options, &k->options);
    else
        k->options = *options;
    k->options.file = k->import.file;
    if (err == CAU_OK)
        err = import_open_upload(n, a, k->import.upload, &k->bytes);
    if (err != CAU_OK || options == NULL)
        return import_why_of(err);
    import_options_write(&k->json, options);
    k->import.options = buf_str(&k->json);
    return k->json.failed ? IMPORT_BAD_OPTIONS : IMPORT_OK;
}

static void close_kept(struct kept *k)
{
    file_unmap(k->bytes);
    buf_free(&k->json);
}

enum import_why import_preview(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_options *options,
                               const struct import_progress *progress,
                               struct import_outcome *out)
{
    struct kept k;
    *out = (struct import_outcome){.id = id};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum import_why why = open_kept(n, a, id, options, &k);
    if (why == IMPORT_OK) {
        why = import_look(n, a, actor, k.bytes, &k.options, progress, out);
        out->id = id;
        copy_counts(&k.import, out);
        k.import.ended_ms = clock_now_ms();
        enum cau_err err = import_set(n, &k.import);
        why = why == IMPORT_OK ? import_why_of(err) : why;
    }
    close_kept(&k);
    return why;
}

enum import_why import_confirm(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_progress *progress,
                               struct import_outcome *out)
{
    struct kept k;
    *out = (struct import_outcome){.id = id};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum import_why why = open_kept(n, a, id, NULL, &k);
    if (why == IMPORT_OK) {
        struct job j = {
            .n = n, .actor = actor, .o = &k.options, .progress = progress, .out = out};
        job_open(&j);
        why = run_kept(&j, a, k.bytes, &k.import);
        job_close(&j);
    }
    close_kept(&k);
    return why;
}

/* Whether another import has the same bytes. */
static bool is_shared(struct node *n, struct arena *a, const struct local_import *import)
{
    struct local_import *list;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err =
        v == NULL ? CAU_ERR_IO : local_import_list(view_store(v), a, SIZE_MAX, &list, &count);
    view_give(n, v);
    for (size_t i = 0; err == CAU_OK && i < count; i++)
        if (list[i].id != import->id && list[i].state != LOCAL_IMPORT_DROPPED &&
            str_equal(list[i].upload, import->upload))
            return true;
    return err != CAU_OK;
}

enum import_why import_drop(struct node *n, struct arena *a, const struct actor *actor,
                            uint32_t id)
{
    struct local_import import;
    const char *path;
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum cau_err err = import_get(n, a, id, &import);
    if (err == CAU_OK && import.state != LOCAL_IMPORT_PREVIEW)
        return IMPORT_STATE;
    bool shared = err == CAU_OK && is_shared(n, a, &import);
    if (err == CAU_OK)
        err = upload_path(n, a, import.upload, &path);
    if (err == CAU_OK && !shared)
        file_remove(path);
    import.state = LOCAL_IMPORT_DROPPED;
    import.ended_ms = clock_now_ms();
    import.report = STR("[]"); /* it may show what was in the file */
    return import_why_of(err == CAU_OK ? import_set(n, &import) : err);
}
