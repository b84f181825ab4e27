/* The figures of indicators in the annual report: each side's, what is not stated, and how far apart they are. */
#include "domain/rule/indicator.h"
#include "exchange/paper/report_paper_int.h"

static const struct str nothing = {NULL, 0};

struct str report_figures_standing(struct report_writing *w, const struct value *row)
{
    struct str code = value_get_str(row, "standing"), from = value_get_str(row, "source");
    struct str standing = cite_label(&w->c, "standing", code.len > 0 ? code : STR("reported"));
    return from.len > 0 ? cite_print(&w->c, "%.*s. %.*s.", STR_ARG(standing), STR_ARG(from))
                        : cite_print(&w->c, "%.*s.", STR_ARG(standing));
}

enum { FIGURE_TITLE, FIGURE_PERIOD, FIGURE_SIDE, FIGURE_VALUE, FIGURE_UNIT, FIGURE_COLUMNS };

static struct paper_row *figure_row(struct report_writing *w, struct paper_block *t,
                                    const struct report_figure *f, struct str period,
                                    struct str side)
{
    struct paper_row *row = paper_row(w->p, t);
    if (row == NULL)
        return NULL;
    struct record_text unit = record_pick(value_get(&f->record.payload, "unit"), w->p->lang);
    cite_title(&w->c, &row->cell[FIGURE_TITLE], f->record.doc);
    paper_add(w->p, &row->cell[FIGURE_PERIOD], cite_date(&w->c, period));
    paper_add(w->p, &row->cell[FIGURE_SIDE],
              side.len > 0 ? cite_country(&w->c, side) : cite_say(&w->c, "report.whose"));
    paper_add(w->p, &row->cell[FIGURE_UNIT], unit.text);
    return row;
}

static void add_value(struct report_writing *w, struct paper_block *t,
                      const struct report_figure *f, const struct value *value)
{
    struct paper_row *row =
        figure_row(w, t, f, value_get_str(value, "period"), value_get_str(value, "side"));
    struct str text =
        cite_value(&w->c, value_get_str(value, "value"), value_get_str(value, "qualifier"));
    if (row == NULL)
        return;
    struct paper_piece *piece = paper_add(w->p, &row->cell[FIGURE_VALUE], text);
    cite_note_record(&w->c, piece, f->record.doc, report_figures_standing(w, value));
    if (value_get(value, "target") == NULL)
        return;
    piece = paper_add(w->p, &row->cell[FIGURE_VALUE], cite_say(&w->c, "report.target"));
    if (piece != NULL)
        piece->break_before = true;
}

static bool stated_by(const struct report_figure *f, struct str period, struct str side)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_equal(value_get_str(f->value[i], "period"), period) &&
            str_equal(value_get_str(f->value[i], "side"), side) &&
            value_get(f->value[i], "target") == NULL)
            return true;
    return false;
}

/* Where one side of two states a value for a period, the other one's is "not stated", never nought. */
static void add_missing(struct report_writing *w, struct paper_block *t,
                        const struct report_figure *f, size_t i)
{
    const struct value *countries = value_get(&f->record.payload, "countries");
    struct str period = value_get_str(f->value[i], "period"),
               side = value_get_str(f->value[i], "side");
    bool two = countries != NULL && countries->type == VALUE_ARRAY && countries->n == 2;
    bool last = true;
    for (size_t j = i + 1; j < f->n; j++)
        last = last && !str_equal(value_get_str(f->value[j], "period"), period);
    if (!two || !last || side.len == 0 || value_get(f->value[i], "target") != NULL)
        return;
    for (uint32_t k = 0; k < 2; k++) {
        struct str other = countries->item[k].string;
        if (stated_by(f, period, other))
            continue;
        struct paper_row *row = figure_row(w, t, f, period, other);
        if (row != NULL)
            paper_add(w->p, &row->cell[FIGURE_VALUE], cite_say(&w->c, "report.not_stated"));
    }
}

/* How far apart the sides are for a period, behind its last value. */
static void add_gap(struct report_writing *w, struct paper_block *t,
                    const struct report_figure *f, const struct indicator *x, size_t i)
{
    char space[DECIMAL_CHARS_MAX];
    struct str period = value_get_str(f->value[i], "period"), size = {NULL, 0};
    for (size_t j = i + 1; j < f->n; j++)
        if (str_equal(value_get_str(f->value[j], "period"), period))
            return;
    for (size_t k = 0; k < x->periods; k++) {
        const struct indicator_gap *gap = &x->period[k].gap;
        if (!str_equal(x->period[k].period, period) || gap->what != INDICATOR_GAP_FOUND)
            continue;
        struct paper_row *row = figure_row(w, t, f, period, nothing);
        if (row == NULL)
            return;
        row->cell[FIGURE_SIDE] = (struct paper_text){NULL, NULL};
        paper_add(w->p, &row->cell[FIGURE_SIDE], cite_say(&w->c, "report.gap"));
        size = (struct str){space, decimal_write(&gap->size, space)};
        size = cite_value(&w->c, size, gap->approximate ? STR("about") : nothing);
        cite_note_record(&w->c, paper_add(w->p, &row->cell[FIGURE_VALUE], size), f->record.doc,
                         cite_say(&w->c, "report.gap.note"));
    }
}

static void add_figure(struct report_writing *w, struct paper_block *t,
                       const struct report_figure *f)
{
    struct indicator x;
    if (indicator_read(w->a, &f->record.payload, &x) != CAU_OK) {
        w->p->failed = true;
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        add_value(w, t, f, f->value[i]);
        add_missing(w, t, f, i);
        add_gap(w, t, f, &x, i);
    }
}

void report_figures_add(struct report_writing *w)
{
    const struct report_figures *list = &w->r->figures;
    const struct paper_column column[FIGURE_COLUMNS] = {
        [FIGURE_TITLE] = {cite_say(&w->c, "report.indicator"), 5, false},
        [FIGURE_PERIOD] = {cite_say(&w->c, "report.period"), 2, false},
        [FIGURE_SIDE] = {cite_say(&w->c, "report.according"), 3, false},
        [FIGURE_VALUE] = {cite_say(&w->c, "report.value"), 3, true},
        [FIGURE_UNIT] = {cite_say(&w->c, "report.unit"), 2, false},
    };
    paper_heading(w->p, 2, cite_say(&w->c, "report.figures"));
    if (list->n == 0) {
        paper_add(w->p, paper_paragraph(w->p),
                  cite_fill(&w->c, "report.no_figures", &w->year, 1));
        return;
    }
    struct paper_block *t =
        paper_table(w->p, column, FIGURE_COLUMNS, cite_say(&w->c, "report.figures.caption"));
    for (size_t i = 0; i < list->n && !w->p->failed; i++)
        add_figure(w, t, &list->figure[i]);
    if (list->more > 0) {
        struct str more = cite_number(&w->c, (int64_t)list->more);
        paper_add(w->p, paper_paragraph(w->p), cite_fill(&w->c, "cite.more", &more, 1));
    }
}
