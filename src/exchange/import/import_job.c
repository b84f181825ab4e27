#include "domain/rule/indicator.h"
#include "domain/rule/need.h"
#include "exchange/import/import_int.h"

void import_job_open(struct import_job *j)
{
    j->life = arena_new(IMPORT_LIFE_BYTES);
    j->row = arena_new(IMPORT_ROW_BYTES);
    j->match = import_match_new(j->n, actor_reader(j->actor));
    j->report = import_report_new();
    j->seen = table_new();
    j->pending = rules_pending_new();
    j->payload = buf_new(RECORD_BYTES_MAX + 1);
}

void import_job_close(struct import_job *j)
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
static struct str title_of(const struct import_job *j, const struct value *form)
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

static void tell_faults(struct import_job *j, const struct import_row *row)
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
static void refuse_problems(struct import_job *j, struct import_row *row)
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

static const struct import_choice *choice_of(const struct import_job *j, uint32_t row)
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
static enum cau_err hold_back(struct import_job *j, struct record_form *form)
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
    struct import_job *j = ctx;
    j->out->added += (uint32_t)g->count[IMPORT_ADDED];
    j->out->changed += (uint32_t)g->count[IMPORT_CHANGED];
    j->out->refused += (uint32_t)g->refused_n;
    for (size_t i = 0; i < g->refused_n; i++) {
        struct import_fault fault = {.row = g->refused[i], .code = str_of(g->refused_code[i])};
        import_report_fault(&j->report, &fault, false, (struct str){NULL, 0});
    }
}

/* Counts the row, and hands it to the writer when there is one. old: the record it changes, or NULL. */
static bool put(struct import_job *j, struct import_row *row, const struct record_form *form,
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
static void refuse_rule_fields(struct import_job *j, struct import_row *row,
                               const struct kind *kind)
{
    for (uint32_t i = 0; i < row->form.n && !j->actor->is_operator; i++) {
        const struct kind_field *field = kind_find_field(kind, row->form.member[i].key);
        if (field != NULL && field->rule && row->form.member[i].value.type != VALUE_NULL)
            refuse_row(row, record_code_name(RECORD_BY_RULE), field->name, STR(""));
    }
}

/* After record_check, whose answer is in j->err: what it and the rules of kinds found refuses the row. */
static void check_rules(struct import_job *j, struct import_row *row,
                        const struct view_record *old, struct record_form *form)
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

static struct str unit_of(const struct import_job *j, const struct value *payload)
{
    return record_pick(value_get(payload, "unit"), node_config(j->n)->lang).text;
}

/* The form of a record we have, with what the row says of it. A row may name few fields: only both together have to
 * be whole. False on an error; the row may be refused. */
static bool join_record(struct import_job *j, struct import_row *row,
                        const struct view_record *old, struct record_form *form)
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
static bool change_record(struct import_job *j, struct import_row *row, uint32_t doc)
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

static bool tell_alike(struct import_job *j, const struct import_row *row,
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
static bool add_record(struct import_job *j, struct import_row *row, bool alone)
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
static bool add_or_choose(struct import_job *j, struct import_row *row)
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

static bool take_form(struct import_job *j, struct import_row *row)
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

static bool show(struct import_job *j, size_t at)
{
    if (j->progress != NULL && j->progress->step != NULL &&
        !j->progress->step(j->progress->ctx, at, j->all, j->out))
        j->stopped = true;
    return !j->stopped;
}

/* A new snapshot now and then: one kept for long makes the database's log grow. */
static bool renew_view(struct import_job *j)
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
    struct import_job *j = ctx;
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
static void warn_columns(struct import_job *j)
{
    for (size_t i = 0; j->source.has_form && i < j->source.form.n; i++) {
        const struct form_column *c = &j->source.form.column[i];
        struct import_fault fault = {
            .row = j->source.head_row, .column = c->head, .code = STR("column_left_out")};
        if (c->target.to.len == 0 && c->head.len > 0)
            import_report_fault(&j->report, &fault, true, (struct str){NULL, 0});
    }
}

enum import_why import_job_work(struct import_job *j)
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
