/* cau report year YYYY: the annual report of a country, written out. */
#include "base/number.h"
#include "cli/commands_int.h"
#include "cli/paper_options.h"
#include "exchange/paper/report_paper.h"

#include <string.h>

struct wanted {
    struct paper_options paper;
    struct report_ask ask;
};

/* What was asked for, but for the country, which may be the node's. */
static bool read_call(struct command_call *c, struct wanted *w)
{
    uint64_t year = 0;
    if (strcmp(c->word[0], "year") != 0)
        return command_refuse(c, "cli.report_what", c->word[0]);
    if (number_read(str_of(c->word[1]), REPORT_YEAR_MAX, &year) != CAU_OK ||
        year < REPORT_YEAR_MIN)
        return command_refuse(c, "cli.report_year", c->word[1]);
    if (!paper_options_read(c, &w->paper))
        return false;
    const struct actor *who = &w->paper.who;
    w->ask = (struct report_ask){.year = (int)year, .actor = who, .reader = actor_reader(who)};
    return true;
}

/* ---- as JSON: one object a number ---- */

/* {"what","records":[ids],"recorded":n}; at most REPORT_IDS ids. */
static enum cau_err print_count(struct arena *a, const struct desk *d, const char *what,
                                const struct report_rows *rows)
{
    enum { REPORT_IDS = 100 };
    struct value line = value_object(), ids = value_array();
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < rows->n && i < REPORT_IDS && err == CAU_OK; i++)
        err = value_push(a, &ids, value_string(desk_name(d, rows->row[i]->self)));
    if (err == CAU_OK)
        err = value_set(a, &line, STR("what"), value_string(str_of(what)));
    if (err == CAU_OK)
        err = value_set(a, &line, STR("recorded"), value_integer((int64_t)rows->n));
    if (err == CAU_OK)
        err = value_set(a, &line, STR("records"), ids);
    if (err == CAU_OK)
        command_print_json(&line);
    return err;
}

/* {"what","reported":the row of the indicator,"record","title","partners","sources"} for each value. */
static enum cau_err print_figure(struct arena *a, const struct report_figure *f)
{
    static const char *const field[] = {"title", "unit", "partners", "countries", "sources"};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->n && err == CAU_OK; i++) {
        struct value line = value_object();
        err = value_set(a, &line, STR("what"),
                        value_string(value_get_str(&f->record.payload, "measure")));
        if (err == CAU_OK)
            err = value_set(a, &line, STR("reported"), *f->value[i]);
        if (err == CAU_OK)
            err = value_set(a, &line, STR("record"), value_string(f->record.id));
        for (size_t j = 0; j < countof(field) && err == CAU_OK; j++) {
            const struct value *v = value_get(&f->record.payload, field[j]);
            if (v != NULL)
                err = value_set(a, &line, str_of(field[j]), *v);
        }
        if (err == CAU_OK)
            command_print_json(&line);
    }
    return err;
}

static enum cau_err print_json(struct arena *a, const struct desk *d, const struct report *r)
{
    static const char *const name[REPORT_COUNTS] = {"agreements_signed",
                                                    "joint_committee_sessions",
                                                    "intergovernmental_sessions",
                                                    "other_sessions",
                                                    "begun",
                                                    "completed",
                                                    "running",
                                                    "commitments",
                                                    "kept",
                                                    "overdue",
                                                    "obstacles_filed",
                                                    "obstacles_answered",
                                                    "unanswered",
                                                    "withdrawn",
                                                    "examples"};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < REPORT_COUNTS && err == CAU_OK; i++)
        err = print_count(a, d, name[i], &r->count[i]);
    for (size_t i = 0; i <= REPORT_MEASURES && err == CAU_OK; i++) {
        const struct report_figures *list = i < REPORT_MEASURES ? &r->total[i] : &r->figures;
        for (size_t j = 0; j < list->n && err == CAU_OK; j++)
            err = print_figure(a, &list->figure[j]);
    }
    return err;
}

/* ---- as a paper ---- */

static enum cau_err make(struct command_call *c, struct node *n, const struct wanted *w,
                         struct buf *out)
{
    struct desk *desk = NULL;
    struct report report;
    struct paper paper;
    struct view *v = view_take(n);
    enum cau_err err = desk_open(n, &desk);
    if (err == CAU_OK)
        err = desk_take(desk, v);
    if (err == CAU_OK) {
        struct report_paper_from from = {v, desk, node_kinds(n), w->ask.reader, w->paper.lang};
        err = report_make(v, c->arena, desk, node_kinds(n), &w->ask, &report);
        if (err == CAU_OK && command_flag(c, "json"))
            err = print_json(c->arena, desk, &report);
        else if (err == CAU_OK)
            err = report_paper(c->arena, &report, &from, &paper);
        if (err == CAU_OK && !command_flag(c, "json"))
            err = paper_options_write(&w->paper, &paper, out);
        desk_give(desk);
    }
    desk_close(desk);
    view_give(n, v);
    return err;
}

enum command_exit command_report(struct command_call *c)
{
    const char *country = command_option(c, "country"), *path = command_option(c, "o");
    enum command_exit exit = COMMAND_USAGE;
    struct wanted w;
    if (!read_call(c, &w))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    const struct kind_list *countries = kinds_find_list(node_kinds(n), STR("country"));
    struct str code = country == NULL ? node_config(n)->country : str_of(country);
    if (countries == NULL || kind_find_code(countries, code) == NULL) {
        node_close(n);
        command_refuse(c, "cli.report_country", country);
        return COMMAND_USAGE;
    }
    w.ask.country = desk_country_of(code);
    struct buf out = buf_new(PAPER_OPTIONS_BYTES_MAX);
    enum cau_err err = make(c, n, &w, &out);
    if (err == CAU_OK && out.len > 0)
        err = paper_options_put(c, buf_str(&out));
    buf_free(&out);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE
                         : command_error(c, err, path == NULL ? c->word[1] : path);
}
