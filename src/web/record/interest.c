/* Expressions of interest: the form, the course with its next step, lists, the funnel. */
#include "domain/report/funnel.h"
#include "web/part/present.h"
#include "web/record/record_int.h"
#include "web/search/results.h"

static const struct kind *interest_kind(const struct ask *q)
{
    return kinds_find(q->site->kinds, STR("interest"));
}

static struct str stage_label(struct ask *q, struct str code)
{
    return present_listed(q, "interest_stage", code);
}

/* The name of an organisation a record links to; "hidden" in words when there is none he may see. */
static struct str name_of(struct ask *q, struct str organization)
{
    struct view_record r;
    uint32_t doc = organization.len == 0 ? 0 : view_find(q->view, q->reader, organization);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &r) != CAU_OK)
        return ask_say(q, organization.len == 0 ? "interest.unnamed" : "record.link_hidden");
    return record_title(r.kind, &r.payload, q->lang).text;
}

/* ---- expressing ---- */

static void show_form(struct ask *q, const struct view_record *r, const char *problem)
{
    ask_title(q, ask_say(q, "interest.title"));
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(q->page, "organization", name_of(q, q->actor.organization));
    html_flag(q->page, "named", interest_addressee(q->view, q->arena, r).len > 0);
    html_text(q->page, "message", ask_form(q, "message"));
    html_text(q->page, "mailbox", ask_form(q, "mailbox"));
    if (problem != NULL)
        html_text(q->page, "problem", ask_say(q, problem));
    ask_token(q, q->page, "token", "interest");
    ask_page(q, "interest");
}

void interest_form(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[1], &r))
        return;
    if (ask_may(q, MAY_INTEREST, r.kind, &r))
        show_form(q, &r, NULL);
    else
        ask_error(q, 403);
}

void interest_save(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    if (!ask_record(q, q->part[1], &r))
        return;
    struct interest_words words = {str_trim(ask_form(q, "message")),
                                   str_trim(ask_form(q, "mailbox")), q->lang};
    enum register_why why =
        interest_express(q->site->node, q->arena, &q->actor, r.id, &words, &out);
    if (why == REGISTER_DONE) {
        struct str id = {out.result.id, RECORD_ID_CHARS};
        bool named = interest_addressee(q->view, q->arena, &r).len > 0;
        ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, id)),
                            named ? "interest" : "interest_unnamed"));
    } else if (why == REGISTER_PROBLEMS || why == REGISTER_STATE) {
        q->answer->status = why == REGISTER_STATE ? 409 : 400;
        show_form(q, &r, why == REGISTER_STATE ? "interest.open" : "interest.bad");
    } else {
        ask_refused(q, why);
    }
}

/* ---- the course ---- */

static const char *const party_name[] = {"", "from", "to", "adviser"};

static void add_steps(struct ask *q, struct html_map *m, enum interest_stage now)
{
    for (unsigned i = 0; i <= INTEREST_CONTRACT; i++) {
        struct html_map *step = html_item(m, "steps");
        html_text(step, "label", stage_label(q, interest_stage_code((enum interest_stage)i)));
        html_flag(step, "done", now != INTEREST_DROPPED && i < (unsigned)now);
        html_flag(step, "now", i == (unsigned)now);
    }
    if (now == INTEREST_DROPPED) {
        struct html_map *step = html_item(m, "steps");
        html_text(step, "label", stage_label(q, interest_stage_code(now)));
        html_flag(step, "now", true);
    }
}

/* What one side noted during one stay in a stage. */
static void add_notes(struct ask *q, struct html_map *cell, const struct value *rows,
                      uint32_t from, uint32_t to, const char *party)
{
    for (uint32_t i = from; i < to; i++) {
        const struct value *row = &rows->item[i];
        if (!str_is(value_get_str(row, "party"), party))
            continue;
        struct html_map *note = html_item(cell, "notes");
        struct record_text text = record_pick(value_get(row, "note"), q->lang);
        html_text(note, "date", ask_date(q, value_get_str(row, "on")));
        html_text(note, "text", text.text);
        if (text.text.len > 0 && !str_equal(text.lang, lang_code(q->lang))) {
            html_text(note, "lang", text.lang);
            html_text(note, "language", present_language(q, text.lang));
        }
    }
}

/* One line for each stay in a stage: what each side noted stands beside what the others did. */
static void add_runs(struct ask *q, struct html_map *m, const struct value *rows,
                     const struct str side[4])
{
    for (uint32_t i = 0, end; rows != NULL && i < rows->n; i = end) {
        struct str stage = value_get_str(&rows->item[i], "stage");
        end = i + 1;
        while (end < rows->n && str_equal(value_get_str(&rows->item[end], "stage"), stage))
            end++;
        struct html_map *run = html_item(m, "runs");
        html_text(run, "stage", stage_label(q, stage));
        html_text(run, "since", ask_date(q, value_get_str(&rows->item[i], "on")));
        for (unsigned p = INTEREST_FROM; p <= INTEREST_ADVISER; p++) {
            struct html_map *cell = html_item(run, "cells");
            html_text(cell, "side", side[p]);
            add_notes(q, cell, rows, i, end, party_name[p]);
        }
    }
}

static void add_choice(struct ask *q, struct html_map *form, struct str value, struct str label)
{
    struct html_map *m = html_item(form, "choices");
    struct str given = ask_form(q, "stage");
    html_text(m, "value", value);
    html_text(m, "label", label);
    html_flag(m, "chosen",
              given.len > 0 ? str_equal(given, value) : html_count(form, "choices") == 1);
}

static void add_reasons(struct ask *q, struct html_map *form)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("drop_reason"));
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct html_map *m = html_item(form, "reasons");
        html_text(m, "value", list->code[i].code);
        html_text(m, "label", list->code[i].label[q->lang]);
        html_flag(m, "chosen", str_equal(list->code[i].code, ask_form(q, "reason")));
    }
}

/* The stages that may follow, and the possibility to note only. */
static void add_form(struct ask *q, struct html_map *m, const struct view_record *r,
                     enum interest_stage now)
{
    struct html_map *form = html_item(m, "form");
    html_text(form, "address", present_address(q, r->id));
    html_text(form, "after", ask_hex(q, &r->leaf));
    html_text(form, "note", ask_form(q, "note"));
    html_text(form, "problem", html_get(q->page, "step_problem"));
    for (unsigned i = 0; i < INTEREST_STAGES; i++) {
        struct str code = interest_stage_code((enum interest_stage)i),
                   label = stage_label(q, code);
        if (interest_may_become(now, (enum interest_stage)i))
            add_choice(q, form, code, label);
    }
    add_choice(q, form, interest_stage_code(now), ask_say(q, "interest.only_note"));
    if (interest_may_become(now, INTEREST_DROPPED))
        add_reasons(q, form);
    else
        html_text(form, "ended", interest_stage_code(now));
    ask_token(q, form, "token", "step");
}

void interest_add_course(struct ask *q, const struct view_record *r)
{
    enum interest_stage now;
    if (r->kind != interest_kind(q) || r->redacted ||
        !interest_read_stage(value_get_str(&r->payload, "stage"), &now))
        return;
    struct html_map *m = html_item(q->page, "course");
    const struct kind_list *parties = kinds_find_list(q->site->kinds, STR("interest_party"));
    const struct str side[4] = {
        [INTEREST_FROM] = name_of(q, value_get_str(&r->payload, "from")),
        [INTEREST_TO] = name_of(q, value_get_str(&r->payload, "to")),
        [INTEREST_ADVISER] = kind_code_label(parties, STR("adviser"), q->lang)};
    const struct value *rows = value_get(&r->payload, "history");
    for (unsigned p = INTEREST_FROM; p <= INTEREST_ADVISER; p++)
        html_text(html_item(m, "sides"), "name", side[p]);
    add_steps(q, m, now);
    add_runs(q, m, rows != NULL && rows->type == VALUE_ARRAY ? rows : NULL, side);
    if (!r->withdrawn && ask_may(q, MAY_FOLLOW, r->kind, r))
        add_form(q, m, r, now);
}

void interest_step_save(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    struct digest after;
    struct interest_step step = {.reason = ask_form(q, "reason"),
                                 .note = str_trim(ask_form(q, "note")),
                                 .lang = q->lang};
    if (!ask_record(q, q->part[1], &r))
        return;
    if (digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK)
        step.after = &after;
    if (!interest_read_stage(ask_form(q, "stage"), &step.stage)) {
        ask_error(q, 400);
        return;
    }
    enum register_why why =
        interest_move(q->site->node, q->arena, &q->actor, r.id, &step, &out);
    if (why == REGISTER_DONE) {
        ask_go(q, ask_print(q, "%.*s?done=step", STR_ARG(present_address(q, r.id))));
        return;
    }
    if (why != REGISTER_PROBLEMS && why != REGISTER_CHANGED) {
        ask_refused(q, why);
        return;
    }
    const char *problem = why == REGISTER_CHANGED                     ? "interest.changed"
                          : str_is(out.problems.v[0].place, "reason") ? "interest.no_reason"
                          : out.problems.v[0].code == RECORD_REQUIRED ? "interest.no_note"
                                                                      : "interest.long_note";
    q->answer->status = why == REGISTER_CHANGED ? 409 : 400;
    html_text(q->page, "step_problem", ask_say(q, problem));
    record_page_show(q);
}

/* ---- lists ---- */

void interest_add_list(struct ask *q, struct html_map *m, uint32_t doc)
{
    uint32_t *list;
    size_t n = 0;
    if (interest_list(q->view, q->arena, &q->actor, doc, &list, &n) != CAU_OK)
        return;
    for (size_t i = n; i > 0; i--) { /* newest first */
        struct index_reader reader;
        struct view_record r;
        if (!interest_reader(q->view, q->arena, &q->actor, list[i - 1], &reader) ||
            view_get(q->view, q->arena, reader, list[i - 1], &r) != CAU_OK)
            continue;
        struct html_map *item = html_item(m, "interests");
        present_title(q, item, r.kind, &r.payload);
        html_text(item, "address", present_address(q, r.id));
        html_text(item, "stage", stage_label(q, value_get_str(&r.payload, "stage")));
        html_text(item, "from", name_of(q, value_get_str(&r.payload, "from")));
        html_text(item, "to", name_of(q, value_get_str(&r.payload, "to")));
        html_text(item, "time", ask_time(q, r.time_ms));
    }
}

/* ---- the funnel ---- */

/* The search for interests that stand in a stage, in a field when there is one. Only staff find them there: the other
 * side of an interest reads it without finding it. */
static struct str stage_address(struct ask *q, enum interest_stage stage, struct str field)
{
    struct results r = {.kind = interest_kind(q), .order = INDEX_NEWEST, .page = 1};
    if ((q->reader.audiences >> RECORD_PRIVATE & 1) == 0)
        return (struct str){NULL, 0};
    r.filter[r.filters++] = (struct index_filter){INDEX_KIND, r.kind->name};
    r.filter[r.filters++] = (struct index_filter){INDEX_STATUS, interest_stage_code(stage)};
    if (field.len > 0)
        r.filter[r.filters++] = (struct index_filter){INDEX_FIELD, field};
    return results_address(q, &r, NULL, NULL, 1);
}

static void add_stages(struct ask *q, const struct funnel *f)
{
    for (unsigned i = 0; i < INTEREST_STAGES; i++) {
        const struct funnel_stage *s = &f->stage[i];
        struct html_map *m = html_item(q->page, "stages");
        html_text(m, "label", stage_label(q, interest_stage_code((enum interest_stage)i)));
        html_text(m, "now", ask_number(q, s->now));
        html_text(m, "reached", ask_number(q, s->reached));
        if (s->now > 0)
            html_text(m, "address",
                      stage_address(q, (enum interest_stage)i, (struct str){NULL, 0}));
        if (s->stays > 0) {
            html_text(m, "days", ask_number(q, s->median_days));
            html_text(m, "stays", ask_number(q, s->stays));
        }
    }
}

static struct str pair_label(struct ask *q, struct str code)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("country"));
    struct str second = code, first = str_next(&second, '-');
    if (first.len == 0)
        return ask_say(q, "funnel.no_country");
    struct str name = kind_code_label(list, first, q->lang);
    if (second.len == 0)
        return name;
    return ask_print(q, "%.*s – %.*s", STR_ARG(name),
                     STR_ARG(kind_code_label(list, second, q->lang)));
}

static void add_table(struct ask *q, const struct funnel_row *row, size_t n, bool fields)
{
    struct html_map *m = html_item(q->page, "tables");
    html_text(m, "caption", ask_say(q, fields ? "funnel.fields" : "funnel.pairs"));
    html_text(m, "first", ask_say(q, fields ? "matrix.field" : "funnel.pair"));
    for (unsigned c = 0; c < INTEREST_STAGES; c++)
        html_text(html_item(m, "heads"), "label",
                  stage_label(q, interest_stage_code((enum interest_stage)c)));
    for (size_t i = 0; i < n; i++) {
        struct html_map *line = html_item(m, "rows");
        struct str field = ask_print(q, "FORD:%.*s", STR_ARG(row[i].code));
        html_text(line, "label",
                  !fields                ? pair_label(q, row[i].code)
                  : row[i].code.len == 0 ? ask_say(q, "funnel.no_field")
                                         : present_field_code(q, field));
        for (unsigned c = 0; c < INTEREST_STAGES; c++) {
            struct html_map *cell = html_item(line, "cells");
            html_text(cell, "head",
                      stage_label(q, interest_stage_code((enum interest_stage)c)));
            html_text(cell, "number", ask_number(q, row[i].n[c]));
            html_flag(cell, "some", row[i].n[c] > 0);
            if (fields && row[i].code.len > 0 && row[i].n[c] > 0)
                html_text(cell, "address",
                          stage_address(q, (enum interest_stage)c,
                                        ask_print(q, "%.*s*", STR_ARG(field))));
        }
    }
}

void interest_funnel(struct ask *q)
{
    struct funnel f;
    const struct kind_list *reasons = kinds_find_list(q->site->kinds, STR("drop_reason"));
    enum cau_err err = funnel_count(q->view, q->arena, q->site->kinds, &q->actor, &f);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_REFUSED ? 403 : 503);
        return;
    }
    ask_title(q, ask_say(q, "funnel.title"));
    html_flag(q->page, "all", (q->reader.audiences >> RECORD_PRIVATE & 1) != 0);
    html_number(q->page, "total", f.total);
    add_stages(q, &f);
    if (f.fields > 0)
        add_table(q, f.field, f.fields, true);
    if (f.pairs > 0)
        add_table(q, f.pair, f.pairs, false);
    for (size_t i = 0; i < f.reasons; i++) {
        struct html_map *m = html_item(q->page, "reasons");
        html_text(m, "label", kind_code_label(reasons, f.reason[i].code, q->lang));
        html_text(m, "number", ask_number(q, f.reason[i].total));
    }
    ask_page(q, "funnel");
}
