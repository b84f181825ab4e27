#include "exchange/paper/report_paper.h"

#include "base/number.h"
#include "base/words.h"
#include "domain/desk/commitment_state.h"
#include "exchange/paper/report_paper_int.h"

#include <stdlib.h>
#include <string.h>

static const struct str nothing = {NULL, 0};

static void space(struct report_writing *w, struct paper_text *to)
{
    paper_add(w->p, to, STR(" "));
}

/* ---- numbers with their notes ---- */

static struct str list_of(struct report_writing *w, enum desk_kind kind, int year)
{
    return cite_list_address(&w->c, desk_kind_name(kind), w->r->country, year);
}

/* The first records of rows, for a note. */
static struct cite_docs docs_of(struct report_writing *w, const struct report_rows *rows,
                                size_t most, struct str list)
{
    size_t n = rows->n < most ? rows->n : most;
    uint32_t *doc = arena_take(w->a, n * sizeof *doc);
    if (doc == NULL) {
        w->p->failed = true;
        n = 0;
    }
    for (size_t i = 0; i < n; i++)
        doc[i] = rows->row[i]->doc;
    return (struct cite_docs){doc, n, rows->n, list};
}

static void add_docs(struct report_writing *w, struct paper_text *to, const char *id,
                     const struct cite_docs *docs, struct str third)
{
    const struct str slot[] = {cite_number(&w->c, (int64_t)docs->all), w->year, third};
    cite_note(&w->c, cite_sentence(&w->c, to, words(w->p->lang, id), slot, countof(slot), 0),
              docs, nothing);
    space(w, to);
}

/* A sentence with a number of records. */
static void add_number(struct report_writing *w, struct paper_text *to, const char *id,
                       const struct report_rows *rows, struct str list)
{
    struct cite_docs docs = docs_of(w, rows, CITE_NAMED_MAX, list);
    add_docs(w, to, id, &docs, nothing);
}

/* A number in a table, or a dash where nothing is recorded. */
static void add_cell(struct report_writing *w, struct paper_text *cell,
                     const struct report_rows *rows, struct str list)
{
    enum { NAMED = 3 };
    struct cite_docs docs = docs_of(w, rows, NAMED, list);
    if (rows->n == 0)
        paper_add(w->p, cell, cite_say(&w->c, "report.dash"));
    else
        cite_note(&w->c, paper_add(w->p, cell, cite_number(&w->c, (int64_t)rows->n)), &docs,
                  nothing);
}

/* ---- published totals ---- */

/* The number that chooses the form of a word; what is no whole number goes with many. */
static uint64_t form_of(struct str decimal)
{
    uint64_t n;
    return number_read(decimal, UINT32_MAX, &n) == CAU_OK ? n : 5;
}

/* "7", "nearly 60", of a part of the year "2 (May 2019)". */
static struct str value_of(struct report_writing *w, const struct value *row)
{
    struct str value =
        cite_value(&w->c, value_get_str(row, "value"), value_get_str(row, "qualifier"));
    struct str period = value_get_str(row, "period");
    if (period.len <= 4)
        return value;
    return cite_print(&w->c, "%.*s (%.*s)", STR_ARG(value), STR_ARG(cite_date(&w->c, period)));
}

static void add_total(struct report_writing *w, struct paper_text *to, const char *id,
                      const struct report_figure *f)
{
    const struct value *payload = &f->record.payload;
    struct str named = cite_countries(&w->c, value_get(payload, "partners"), nothing);
    if (named.len == 0)
        named = cite_countries(&w->c, value_get(payload, "countries"),
                               (struct str){w->code, sizeof w->code});
    for (size_t i = 0; i < f->n; i++) {
        struct str side = value_get_str(f->value[i], "side");
        const struct str slot[] = {value_of(w, f->value[i]), w->year};
        if (value_get(f->value[i], "target") != NULL)
            continue;
        struct str message =
            words_n(w->p->lang, id, form_of(value_get_str(f->value[i], "value")));
        cite_note_record(&w->c, cite_sentence(&w->c, to, message, slot, countof(slot), 0),
                         f->record.doc, report_figures_standing(w, f->value[i]));
        space(w, to);
        if (side.len == 0)
            continue;
        struct str who = cite_country(&w->c, side);
        paper_add(w->p, to, cite_fill(&w->c, "report.side", &who, 1));
        space(w, to);
    }
    if (named.len == 0)
        return;
    paper_add(w->p, to, cite_fill(&w->c, "report.partners", &named, 1));
    space(w, to);
}

/* What publications state, then what is recorded one by one: two numbers. */
static void add_both(struct report_writing *w, enum report_measure measure,
                     enum report_count count, enum desk_kind kind)
{
    static const struct {
        const char *total, *none;
    } word[REPORT_MEASURES] = {
        [REPORT_MEASURE_AGREEMENTS] = {"report.total.agreements", "report.none.agreements"},
        [REPORT_MEASURE_JOINT_COMMITTEES] = {"report.total.joint", "report.none.joint"},
        [REPORT_MEASURE_COMMISSIONS] = {"report.total.commissions", "report.none.commissions"},
    };
    const struct report_figures *list = &w->r->total[measure];
    struct paper_text *to = paper_paragraph(w->p);
    for (size_t i = 0; i < list->n; i++)
        add_total(w, to, word[measure].total, &list->figure[i]);
    if (list->n == 0) {
        paper_add(w->p, to, cite_say(&w->c, word[measure].none));
        space(w, to);
    }
    add_number(w, to, "report.recorded", &w->r->count[count], list_of(w, kind, w->r->year));
}

/* ---- what publications say without a date ---- */

static void add_titles(struct report_writing *w, struct paper_text *to, const char *label,
                       const struct report_rows *rows)
{
    enum { SHOWN = 20 };
    paper_add(w->p, to, cite_say(&w->c, label));
    for (size_t i = 0; i < rows->n && i < SHOWN; i++) {
        paper_add(w->p, to, i == 0 ? STR(" ") : STR("; "));
        cite_note_record(&w->c, cite_title(&w->c, to, rows->row[i]->doc), rows->row[i]->doc,
                         nothing);
    }
    if (rows->n > SHOWN) {
        struct str more = cite_number(&w->c, (int64_t)(rows->n - SHOWN));
        paper_add(w->p, to, STR(". "));
        paper_add(w->p, to, cite_fill(&w->c, "cite.more", &more, 1));
    } else {
        paper_add(w->p, to, STR("."));
    }
    space(w, to);
}

static void add_undated(struct report_writing *w, enum report_undated first,
                        enum report_undated last)
{
    static const char *const label[REPORT_UNDATED] = {
        [REPORT_UNDATED_COMPLETED] = "report.undated.completed",
        [REPORT_UNDATED_UNDER_WAY] = "report.undated.under_way",
        [REPORT_UNDATED_AGREEMENTS] = "report.undated.agreements",
        [REPORT_UNDATED_MULTILATERAL] = "report.undated.multilateral",
    };
    struct paper_text *to = NULL;
    for (unsigned i = first; i <= (unsigned)last; i++) {
        if (w->r->undated[i].n == 0)
            continue;
        if (to == NULL) {
            const struct str slot[] = {w->year, cite_print(&w->c, "%d", w->r->year + 1)};
            to = paper_paragraph(w->p);
            paper_add(w->p, to, cite_fill(&w->c, "report.undated", slot, countof(slot)));
            space(w, to);
        }
        add_titles(w, to, label[i], &w->r->undated[i]);
    }
}

/* ---- sections ---- */

static bool group(struct report_writing *w, enum report_count count, enum report_by by,
                  struct report_group **out, size_t *n)
{
    if (report_group(w->a, w->desk, w->r, count, by, out, n) == CAU_OK)
        return true;
    w->p->failed = true;
    return false;
}

static void add_agreements(struct report_writing *w)
{
    const struct paper_column column[] = {{cite_say(&w->c, "report.kind"), 4, false},
                                          {cite_say(&w->c, "report.documents"), 1, true}};
    struct report_group *by_kind;
    size_t n;
    paper_heading(w->p, 2, cite_say(&w->c, "report.agreements"));
    add_both(w, REPORT_MEASURE_AGREEMENTS, REPORT_AGREEMENTS, DESK_AGREEMENT);
    add_undated(w, REPORT_UNDATED_AGREEMENTS, REPORT_UNDATED_AGREEMENTS);
    if (w->r->count[REPORT_AGREEMENTS].n == 0 ||
        !group(w, REPORT_AGREEMENTS, REPORT_BY_TYPE, &by_kind, &n))
        return;
    struct paper_block *t =
        paper_table(w->p, column, countof(column), cite_say(&w->c, "report.by_kind"));
    for (size_t i = 0; i < n && !w->p->failed; i++) {
        struct paper_row *row = paper_row(w->p, t);
        struct str label = cite_label_at(&w->c, "agreement_kind", by_kind[i].key);
        if (row == NULL)
            return;
        paper_add(w->p, &row->cell[0],
                  label.len > 0 ? label : cite_say(&w->c, "report.not_stated"));
        add_cell(w, &row->cell[1], &by_kind[i].rows, list_of(w, DESK_AGREEMENT, w->r->year));
    }
}

/* What a table of at most REPORT_PAPER_ROWS_MAX rows leaves off. */
static void add_left_off(struct report_writing *w, size_t n)
{
    struct str more = cite_number(&w->c, (int64_t)n);
    if (n > 0)
        paper_add(w->p, paper_paragraph(w->p), cite_fill(&w->c, "cite.more", &more, 1));
}

/* *rows goes on counting what there is no room for. */
static void add_mechanism_rows(struct report_writing *w, struct paper_block *t,
                               enum report_count count, size_t *rows)
{
    struct report_group *by;
    size_t n;
    if (!group(w, count, REPORT_BY_MECHANISM, &by, &n))
        return;
    for (size_t i = 0; i < n && !w->p->failed; i++) {
        if (++*rows > REPORT_PAPER_ROWS_MAX)
            continue;
        struct paper_row *row = paper_row(w->p, t);
        const struct cite_record *r = cite_get(&w->c, by[i].key);
        if (row == NULL)
            return;
        if (cite_title(&w->c, &row->cell[0], by[i].key) == NULL)
            paper_add(w->p, &row->cell[0], cite_say(&w->c, "report.not_stated"));
        if (r != NULL) {
            paper_add(w->p, &row->cell[1],
                      cite_label(&w->c, "mechanism_kind",
                                 value_get_str(&r->record.payload, "mechanism_kind")));
            paper_add(w->p, &row->cell[2],
                      cite_countries(&w->c, value_get(&r->record.payload, "countries"),
                                     (struct str){w->code, sizeof w->code}));
        }
        add_cell(w, &row->cell[3], &by[i].rows, list_of(w, DESK_SESSION, w->r->year));
    }
}

static void add_sessions(struct report_writing *w)
{
    const struct report_rows *count = w->r->count;
    const struct paper_column column[] = {{cite_say(&w->c, "report.mechanism"), 5, false},
                                          {cite_say(&w->c, "report.kind"), 3, false},
                                          {cite_say(&w->c, "report.partner"), 3, false},
                                          {cite_say(&w->c, "report.sessions_n"), 1, true}};
    size_t rows = 0;
    paper_heading(w->p, 2, cite_say(&w->c, "report.sessions"));
    add_both(w, REPORT_MEASURE_JOINT_COMMITTEES, REPORT_JOINT_COMMITTEES, DESK_SESSION);
    add_both(w, REPORT_MEASURE_COMMISSIONS, REPORT_COMMISSIONS, DESK_SESSION);
    if (count[REPORT_OTHER_SESSIONS].n > 0)
        add_number(w, paper_paragraph(w->p), "report.other_sessions",
                   &count[REPORT_OTHER_SESSIONS], list_of(w, DESK_SESSION, w->r->year));
    add_undated(w, REPORT_UNDATED_MULTILATERAL, REPORT_UNDATED_MULTILATERAL);
    if (count[REPORT_JOINT_COMMITTEES].n + count[REPORT_COMMISSIONS].n +
            count[REPORT_OTHER_SESSIONS].n ==
        0)
        return;
    struct paper_block *t =
        paper_table(w->p, column, countof(column), cite_say(&w->c, "report.by_mechanism"));
    add_mechanism_rows(w, t, REPORT_JOINT_COMMITTEES, &rows);
    add_mechanism_rows(w, t, REPORT_COMMISSIONS, &rows);
    add_mechanism_rows(w, t, REPORT_OTHER_SESSIONS, &rows);
    add_left_off(w, rows > REPORT_PAPER_ROWS_MAX ? rows - REPORT_PAPER_ROWS_MAX : 0);
}

static void add_work(struct report_writing *w)
{
    struct paper_text *to;
    struct str list = list_of(w, DESK_PROJECT, 0);
    paper_heading(w->p, 2, cite_say(&w->c, "report.work"));
    to = paper_paragraph(w->p);
    add_number(w, to, "report.begun", &w->r->count[REPORT_BEGUN], list);
    add_number(w, to, "report.completed", &w->r->count[REPORT_COMPLETED], list);
    add_number(w, to, "report.running", &w->r->count[REPORT_RUNNING], list);
    add_undated(w, REPORT_UNDATED_COMPLETED, REPORT_UNDATED_UNDER_WAY);
}

/* The rows of one type; both lists are in the order they came in. */
static struct report_rows of_type(struct report_writing *w, enum report_count count,
                                  unsigned type)
{
    const struct report_rows *all = &w->r->count[count];
    struct report_rows some = {arena_take(w->a, all->n * sizeof(const struct desk_row *)), 0};
    if (some.row == NULL)
        w->p->failed = true;
    for (size_t i = 0; i < all->n && some.row != NULL; i++)
        if (all->row[i]->type == type)
            some.row[some.n++] = all->row[i];
    return some;
}

static void add_force_row(struct report_writing *w, struct paper_block *t, unsigned type,
                          struct str label)
{
    static const enum report_count count[] = {REPORT_COMMITMENTS, REPORT_KEPT, REPORT_OVERDUE};
    struct report_rows rows[countof(count)];
    size_t some = 0;
    for (size_t i = 0; i < countof(count); i++) {
        rows[i] = of_type(w, count[i], type);
        some += rows[i].n;
    }
    struct paper_row *row = some == 0 ? NULL : paper_row(w->p, t);
    if (row == NULL)
        return;
    paper_add(w->p, &row->cell[0], label);
    for (size_t i = 0; i < countof(count); i++)
        add_cell(w, &row->cell[i + 1], &rows[i],
                 list_of(w, DESK_COMMITMENT, i == 0 ? w->r->year : 0));
}

static struct report_rows agreed_of(struct report_writing *w)
{
    const struct report_rows *all = &w->r->count[REPORT_COMMITMENTS];
    struct report_rows some = {arena_take(w->a, all->n * sizeof(const struct desk_row *)), 0};
    if (some.row == NULL)
        w->p->failed = true;
    for (size_t i = 0; i < all->n && some.row != NULL; i++)
        if (commitment_is_agreed(all->row[i]->type))
            some.row[some.n++] = all->row[i];
    return some;
}

static void add_commitments(struct report_writing *w)
{
    const struct report_rows *count = w->r->count;
    const struct paper_column column[] = {{cite_say(&w->c, "report.force"), 3, false},
                                          {cite_say(&w->c, "report.made_n"), 1, true},
                                          {cite_say(&w->c, "report.kept_n"), 1, true},
                                          {cite_say(&w->c, "report.overdue_n"), 1, true}};
    struct report_rows agreed = agreed_of(w);
    struct str all = list_of(w, DESK_COMMITMENT, 0);
    paper_heading(w->p, 2, cite_say(&w->c, "report.commitments"));
    struct paper_text *to = paper_paragraph(w->p);
    if (count[REPORT_COMMITMENTS].n + count[REPORT_KEPT].n + count[REPORT_OVERDUE].n == 0) {
        add_number(w, to, "report.recorded", &count[REPORT_COMMITMENTS], all);
        return;
    }
    add_number(w, to, "report.made", &count[REPORT_COMMITMENTS],
               list_of(w, DESK_COMMITMENT, w->r->year));
    add_number(w, to, "report.agreed", &agreed, list_of(w, DESK_COMMITMENT, w->r->year));
    add_number(w, to, "report.kept", &count[REPORT_KEPT], all);
    add_number(w, to, "report.overdue", &count[REPORT_OVERDUE], all);
    struct paper_block *t =
        paper_table(w->p, column, countof(column), cite_say(&w->c, "report.by_force"));
    for (unsigned i = 0; i < COMMITMENT_FORCES; i++)
        add_force_row(w, t, i, cite_label_at(&w->c, "force", i));
    add_force_row(w, t, DESK_NO_CODE, cite_say(&w->c, "report.not_stated"));
}

static void add_obstacles(struct report_writing *w)
{
    const struct report_rows *count = w->r->count;
    struct str all = list_of(w, DESK_OBSTACLE, 0);
    paper_heading(w->p, 2, cite_say(&w->c, "report.obstacles"));
    struct paper_text *to = paper_paragraph(w->p);
    if (count[REPORT_OBSTACLES].n + count[REPORT_ANSWERED].n + count[REPORT_UNANSWERED].n ==
        0) {
        add_number(w, to, "report.recorded", &count[REPORT_OBSTACLES], all);
        return;
    }
    add_number(w, to, "report.filed", &count[REPORT_OBSTACLES],
               list_of(w, DESK_OBSTACLE, w->r->year));
    add_number(w, to, "report.answered", &count[REPORT_ANSWERED], all);
    add_number(w, to, "report.unanswered", &count[REPORT_UNANSWERED], all);
}

static void add_interests(struct report_writing *w)
{
    const struct report_interests *x = &w->r->interests;
    const struct cite_docs begun = {x->begun.doc, x->begun.n, x->begun.all, nothing};
    paper_heading(w->p, 2, cite_say(&w->c, "report.interests"));
    struct paper_text *to = paper_paragraph(w->p);
    if (!x->may) {
        paper_add(w->p, to, cite_say(&w->c, "report.interests.hidden"));
        return;
    }
    add_docs(w, to, "report.interests.begun", &begun, nothing);
    for (unsigned i = INTEREST_CONTACT; i < INTEREST_STAGES; i++) {
        const struct report_docs *r = &x->reached[i];
        const struct cite_docs docs = {r->doc, r->n, r->all, nothing};
        if (docs.all > 0)
            add_docs(w, to, "report.interests.reached", &docs,
                     cite_label(&w->c, "interest_stage",
                                interest_stage_code((enum interest_stage)i)));
    }
}

/* ---- partners ---- */

enum { PARTNER_COUNTS = 6 };
static const enum report_count partner_count[PARTNER_COUNTS] = {
    REPORT_AGREEMENTS, REPORT_JOINT_COMMITTEES, REPORT_COMMISSIONS, REPORT_OTHER_SESSIONS,
    REPORT_BEGUN,      REPORT_COMMITMENTS};

struct partner {
    uint32_t key;
    size_t sum;
    struct report_rows rows[PARTNER_COUNTS];
};

static int by_sum(const void *x, const void *y)
{
    const struct partner *a = x, *b = y;
    if (a->sum != b->sum)
        return a->sum < b->sum ? 1 : -1;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* All partners with their rows; NULL without memory. */
static struct partner *find_partners(struct report_writing *w, size_t *n)
{
    struct report_group *by[PARTNER_COUNTS];
    size_t groups[PARTNER_COUNTS], room = 0, some = 0;
    for (size_t i = 0; i < PARTNER_COUNTS; i++) {
        if (!group(w, partner_count[i], REPORT_BY_PARTNER, &by[i], &groups[i]))
            return NULL;
        room += groups[i];
    }
    struct partner *list = arena_zero(w->a, room * sizeof *list);
    if (list == NULL) {
        w->p->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < PARTNER_COUNTS; i++)
        for (size_t j = 0; j < groups[i]; j++) {
            size_t at = 0;
            while (at < some && list[at].key != by[i][j].key)
                at++;
            some += at == some;
            list[at].key = by[i][j].key;
            list[at].rows[i] = by[i][j].rows;
            list[at].sum += by[i][j].rows.n;
        }
    if (some > 1)
        qsort(list, some, sizeof *list, by_sum);
    *n = some;
    return list;
}

static void add_partners(struct report_writing *w)
{
    static const enum desk_kind kind[PARTNER_COUNTS] = {DESK_AGREEMENT, DESK_SESSION,
                                                        DESK_SESSION,   DESK_SESSION,
                                                        DESK_PROJECT,   DESK_COMMITMENT};
    const struct paper_column column[] = {
        {cite_say(&w->c, "report.partner"), 2, false},
        {cite_say(&w->c, "report.documents"), 2, true},
        {cite_say(&w->c, "report.joint_n"), 2, true},
        {cite_say(&w->c, "report.commissions_n"), 2, true},
        {cite_say(&w->c, "report.other_n"), 2, true},
        {cite_say(&w->c, "report.begun_n"), 2, true},
        {cite_say(&w->c, "report.made_n"), 2, true},
    };
    size_t n = 0;
    struct partner *list = find_partners(w, &n);
    if (list == NULL || n == 0)
        return;
    paper_heading(w->p, 2, cite_say(&w->c, "report.by_partner"));
    struct paper_block *t = paper_table(w->p, column, countof(column),
                                        cite_say(&w->c, "report.by_partner.caption"));
    for (size_t i = 0; i < n && i < REPORT_PAPER_ROWS_MAX && !w->p->failed; i++) {
        char space[2];
        struct str code = desk_country((uint16_t)list[i].key, space);
        struct paper_row *row = paper_row(w->p, t);
        struct paper_piece *name =
            row == NULL ? NULL : paper_add(w->p, &row->cell[0], cite_country(&w->c, code));
        if (name == NULL)
            return;
        name->address = cite_print(&w->c, "/%.*s/portrait/country/%.*s",
                                   STR_ARG(lang_code(w->p->lang)), STR_ARG(code));
        for (size_t j = 0; j < PARTNER_COUNTS; j++)
            add_cell(w, &row->cell[j + 1], &list[i].rows[j],
                     cite_list_address(&w->c, desk_kind_name(kind[j]), (uint16_t)list[i].key,
                                       w->r->year));
    }
    add_left_off(w, n > REPORT_PAPER_ROWS_MAX ? n - REPORT_PAPER_ROWS_MAX : 0);
}

/* ---- the paper ---- */

static void add_remarks(struct report_writing *w)
{
    const struct report_rows *withdrawn = &w->r->count[REPORT_WITHDRAWN],
                             *examples = &w->r->count[REPORT_EXAMPLES];
    if (examples->n > 0)
        add_number(w, paper_paragraph(w->p), "report.examples", examples, nothing);
    if (withdrawn->n > 0)
        add_number(w, paper_paragraph(w->p), "report.withdrawn", withdrawn, nothing);
    if (w->r->undated_left > 0) {
        struct str left = cite_number(&w->c, (int64_t)w->r->undated_left);
        paper_add(w->p, paper_paragraph(w->p),
                  cite_fill(&w->c, "report.undated_left", &left, 1));
    }
}

static void add_small(struct report_writing *w, struct str text)
{
    struct paper_piece *piece = paper_add(w->p, paper_paragraph(w->p), text);
    if (piece != NULL)
        piece->tone = PAPER_SMALL;
}

/* The newest record may be older than the year's end: then the year is told as far as it has gone. */
static void add_lead(struct report_writing *w)
{
    struct clock_date newest = clock_date_of(w->r->newest_ms);
    add_small(w, cite_say(&w->c, "report.method"));
    if (w->r->newest_ms == 0 || newest.year > w->r->year)
        return;
    int32_t day = desk_day_of_ms(w->r->newest_ms);
    struct str date = cite_days(&w->c, (struct desk_days){day, day});
    add_small(w, cite_fill(&w->c, "report.not_over", &date, 1));
}

enum cau_err report_paper(struct arena *a, const struct report *r,
                          const struct report_paper_from *from, struct paper *out)
{
    *out = paper_new(a, from->lang, nothing);
    struct report_writing w = {.a = a,
                               .r = r,
                               .desk = from->desk,
                               .p = out,
                               .c = cite_new(out, from->view, from->kinds, from->reader)};
    w.year = cite_print(&w.c, "%d", r->year);
    w.country = cite_country(&w.c, desk_country(r->country, w.code));
    const struct str slot[] = {w.country, w.year};
    out->title = cite_fill(&w.c, "report.title", slot, countof(slot));
    out->subtitle = cite_say(&w.c, "report.subtitle");
    out->made_ms = r->newest_ms;
    add_lead(&w);
    add_agreements(&w);
    add_sessions(&w);
    add_work(&w);
    add_commitments(&w);
    add_obstacles(&w);
    add_interests(&w);
    report_figures_add(&w);
    add_partners(&w);
    add_remarks(&w);
    cite_foot(&w.c);
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}
