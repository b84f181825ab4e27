#include "exchange/paper/portrait_paper.h"

#include "base/utf8.h"
#include "base/words.h"
#include "exchange/paper/cite.h"

#include <string.h>

struct drawing {
    const struct portrait *portrait;
    const struct desk *desk;
    struct paper *p;
    struct cite c;
    struct paper_block *table;
    size_t points; /* code points that a text of a record may have here */
};

static const struct str nothing = {NULL, 0};

/* ---- rows ---- */

/* The cell beside a topic. */
static struct paper_text *add_row(struct drawing *d, struct str topic)
{
    struct paper_row *row = paper_row(d->p, d->table);
    if (row == NULL)
        return NULL;
    struct paper_piece *piece = paper_add(d->p, &row->cell[0], topic);
    if (piece != NULL)
        piece->tone = PAPER_STRONG;
    return &row->cell[1];
}

/* A piece on a line of its own where the cell has something already. */
static struct paper_piece *add_line(struct drawing *d, struct paper_text *to, struct str text)
{
    bool first = to == NULL || to->first == NULL;
    struct paper_piece *piece = paper_add(d->p, to, text);
    if (piece != NULL)
        piece->break_before = !first;
    return piece;
}

static void add_small(struct drawing *d, struct paper_text *to, struct str text)
{
    struct paper_piece *piece = text.len == 0 ? NULL : paper_add(d->p, to, text);
    if (piece != NULL)
        piece->tone = PAPER_SMALL;
}

/* The beginning of a longer text, up to the end of a word. */
static struct str clip(struct drawing *d, struct str text, size_t points)
{
    if (utf8_count(text) <= points)
        return text;
    struct str head = utf8_clip(text, points);
    size_t end = head.len;
    while (end > 0 && head.p[end - 1] != ' ')
        end--;
    head = end == 0 ? head : str_trim(str_to(head, end));
    if (str_ends(head, STR(",")))
        head = str_to(head, head.len - 1);
    return cite_print(&d->c, "%.*s…", STR_ARG(head));
}

/* ---- one record on one line: date, title, what there is to say of its kind ---- */

static struct str remark_of(struct drawing *d, const struct cite_record *r)
{
    static const struct {
        const char *kind, *field, *list;
    } said[] = {{"agreement", "agreement_kind", "agreement_kind"},
                {"mechanism", "mechanism_kind", "mechanism_kind"},
                {"commitment", "force", "force"},
                {"obstacle", "status", "obstacle_status"},
                {"project", "status", "programme_status"},
                {"programme", "status", "programme_status"}};
    const struct value *payload = &r->record.payload;
    for (size_t i = 0; i < countof(said); i++) {
        struct str code = value_get_str(payload, said[i].field);
        if (str_is(r->record.kind->name, said[i].kind) && code.len > 0)
            return cite_label(&d->c, said[i].list, code);
    }
    const struct value *country = value_get(payload, "country");
    return cite_countries(&d->c, country, nothing);
}

static struct str date_of(struct drawing *d, const struct cite_record *r)
{
    const struct desk_row *row =
        d->desk == NULL ? NULL : desk_row(d->desk, d->c.reader, r->doc);
    return row == NULL || row->kind == DESK_MECHANISM ? nothing : cite_days(&d->c, row->on);
}

/* A title on a line of its own. */
static struct paper_piece *add_title(struct drawing *d, struct paper_text *to, uint32_t doc)
{
    bool first = to->first == NULL;
    struct paper_piece *title = cite_title(&d->c, to, doc);
    if (title == NULL)
        return NULL;
    title->break_before = !first;
    title->text = clip(d, title->text, PORTRAIT_TITLE_POINTS);
    return title;
}

static void add_record(struct drawing *d, struct paper_text *to, uint32_t doc)
{
    const struct cite_record *r = cite_get(&d->c, doc);
    if (r == NULL)
        return;
    if (add_title(d, to, doc) == NULL)
        return;
    struct str date = date_of(d, r), remark = remark_of(d, r);
    if (date.len > 0)
        add_small(d, to, cite_print(&d->c, ", %.*s", STR_ARG(date)));
    if (remark.len > 0)
        add_small(d, to, cite_print(&d->c, " – %.*s", STR_ARG(remark)));
    if (value_get(&r->record.payload, "example") != NULL)
        add_small(d, to,
                  cite_print(&d->c, " – %.*s", STR_ARG(cite_say(&d->c, "record.example"))));
}

/* The next session of a mechanism, where it is known. */
static void add_next_session(struct drawing *d, struct paper_text *to, uint32_t doc)
{
    const struct cite_record *r = cite_get(&d->c, doc);
    if (r == NULL)
        return;
    struct str on = value_get_str(&r->record.payload, "next_on"),
               host = value_get_str(&r->record.payload, "next_host");
    if (on.len == 0 && host.len == 0)
        return;
    const struct str slot[] = {
        on.len > 0 ? cite_date(&d->c, on) : cite_say(&d->c, "report.not_stated"),
        host.len > 0 ? cite_country(&d->c, host) : cite_say(&d->c, "report.not_stated")};
    add_small(d, to, cite_fill(&d->c, "portrait.next", slot, countof(slot)));
}

static void add_more(struct drawing *d, struct paper_text *to, uint32_t more, struct str list)
{
    struct str n = cite_number(&d->c, more);
    if (more == 0)
        return;
    struct paper_piece *piece = add_line(d, to, cite_fill(&d->c, "cite.more", &n, 1));
    if (piece == NULL)
        return;
    piece->tone = PAPER_SMALL;
    piece->address = list;
}

/* A list with its heading and how many more there are; nothing where there is none. */
static struct paper_text *add_list(struct drawing *d, enum portrait_topic topic,
                                   struct str name, struct str list)
{
    const struct portrait_list *of = &d->portrait->list[topic];
    struct paper_text *to = of->n == 0 ? NULL : add_row(d, name);
    for (size_t i = 0; to != NULL && i < of->n; i++) {
        add_record(d, to, of->doc[i]);
        if (topic == PORTRAIT_MECHANISMS)
            add_next_session(d, to, of->doc[i]);
    }
    if (to != NULL)
        add_more(d, to, of->all - (uint32_t)of->n, list);
    return to;
}

/* ---- commitments by state, and figures ---- */

static void add_states(struct drawing *d, struct str list)
{
    struct str name = cite_say(&d->c, "portrait.commitments");
    if (d->portrait->list[PORTRAIT_COMMITMENTS].all == 0)
        return;
    struct paper_text *to = add_row(d, name);
    bool first = true;
    for (unsigned i = 0; i < COMMITMENT_STATUSES && to != NULL; i++) {
        if (d->portrait->state[i] == 0)
            continue;
        struct str label = cite_label_at(&d->c, "commitment_status", i);
        struct str n = cite_number(&d->c, d->portrait->state[i]);
        if (!first)
            paper_add(d->p, to, STR("; "));
        paper_add(d->p, to, cite_print(&d->c, "%.*s: %.*s", STR_ARG(label), STR_ARG(n)));
        first = false;
    }
    const struct portrait_list *of = &d->portrait->list[PORTRAIT_COMMITMENTS];
    for (size_t i = 0; to != NULL && i < of->n; i++)
        add_record(d, to, of->doc[i]);
    if (to != NULL)
        add_more(d, to, of->all - (uint32_t)of->n, list);
}

/* "nearly 6,000,000,000 (Russian Federation)" of the newest period; the other of two sides as not stated. */
static void add_newest(struct drawing *d, struct paper_text *to, const struct value *payload)
{
    const struct value *rows = value_get(payload, "values"),
                       *countries = value_get(payload, "countries");
    struct str newest = value_get_str(payload, "latest");
    bool sided = false, stated[2] = {false, false};
    bool two = countries != NULL && countries->type == VALUE_ARRAY && countries->n == 2;
    add_small(d, to, cite_print(&d->c, ", %.*s", STR_ARG(cite_date(&d->c, newest))));
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        const struct value *row = &rows->item[i];
        struct str side = value_get_str(row, "side");
        if (!str_equal(value_get_str(row, "period"), newest))
            continue;
        struct str value =
            cite_value(&d->c, value_get_str(row, "value"), value_get_str(row, "qualifier"));
        struct str who =
            side.len > 0 ? cite_country(&d->c, side) : cite_say(&d->c, "report.whose");
        paper_add(d->p, to, cite_print(&d->c, "; %.*s (%.*s)", STR_ARG(value), STR_ARG(who)));
        sided = sided || (side.len > 0 && value_get(row, "target") == NULL);
        for (uint32_t k = 0; two && k < 2; k++)
            stated[k] = stated[k] || str_equal(countries->item[k].string, side);
    }
    for (uint32_t k = 0; two && sided && k < 2; k++) {
        if (stated[k])
            continue;
        struct str who = cite_country(&d->c, countries->item[k].string);
        struct str none = cite_say(&d->c, "report.not_stated");
        paper_add(d->p, to, cite_print(&d->c, "; %.*s (%.*s)", STR_ARG(none), STR_ARG(who)));
    }
    struct str unit = record_pick(value_get(payload, "unit"), d->p->lang).text;
    if (unit.len > 0)
        add_small(d, to, cite_print(&d->c, ", %.*s", STR_ARG(unit)));
}

static void add_figures(struct drawing *d, struct str list)
{
    const struct portrait_list *of = &d->portrait->list[PORTRAIT_FIGURES];
    struct paper_text *to = of->n == 0 ? NULL : add_row(d, cite_say(&d->c, "portrait.figures"));
    for (size_t i = 0; to != NULL && i < of->n; i++) {
        const struct cite_record *r = cite_get(&d->c, of->doc[i]);
        if (r == NULL || add_title(d, to, of->doc[i]) == NULL)
            continue;
        add_newest(d, to, &r->record.payload);
    }
    if (to != NULL)
        add_more(d, to, of->all - (uint32_t)of->n, list);
}

static struct str tally_label(struct drawing *d, struct str code)
{
    if (str_starts(code, STR("FORD:")))
        return cite_label(&d->c, "ford", str_from(code, 5));
    return cite_country(&d->c, code);
}

static void add_tallies(struct drawing *d, struct str name)
{
    struct paper_text *to = d->portrait->tallies == 0 ? NULL : add_row(d, name);
    for (size_t i = 0; to != NULL && i < d->portrait->tallies; i++) {
        const struct portrait_tally *t = &d->portrait->tally[i];
        const struct str slot[] = {tally_label(d, t->code),
                                   cite_number(&d->c, t->organizations),
                                   cite_number(&d->c, t->needs), cite_number(&d->c, t->offers)};
        add_line(d, to, cite_fill(&d->c, "portrait.tally", slot, countof(slot)));
    }
}

/* ---- fields of a record ---- */

static void add_comma(struct drawing *d, struct paper_text *to, uint32_t i)
{
    if (i > 0)
        paper_add(d->p, to, STR(", "));
}

static void add_linked(struct drawing *d, struct paper_text *to, struct str name)
{
    uint32_t doc = view_find(d->c.view, d->c.reader, name);
    struct paper_piece *title = doc == 0 ? NULL : cite_title(&d->c, to, doc);
    if (title != NULL) {
        title->text = clip(d, title->text, PORTRAIT_TITLE_POINTS);
        return;
    }
    if (record_id_valid(name)) /* hidden, or gone */
        paper_add(d->p, to, cite_say(&d->c, "record.link_hidden"));
    else
        paper_add(d->p, to, name);
}

static struct str money_text(struct drawing *d, const struct value *v)
{
    struct buf b = buf_new(256);
    struct str amount = {NULL, 0};
    words_decimal(&b, d->p->lang, value_get_str(v, "amount"));
    if (b.failed || arena_copy(d->p->a, buf_str(&b), &amount) != CAU_OK)
        d->p->failed = true;
    buf_free(&b);
    return cite_print(&d->c, "%.*s\xC2\xA0%.*s", STR_ARG(amount),
                      STR_ARG(value_get_str(v, "currency")));
}

static void add_value(struct drawing *d, struct paper_text *to, const struct kind_field *f,
                      const struct value *v);

/* The columns of one row, a comma between. */
static void add_columns(struct drawing *d, struct paper_text *to, const struct kind_field *f,
                        const struct value *row)
{
    bool first = true;
    for (size_t i = 0; i < f->column_count; i++) {
        const struct value *v = value_find(row, f->column[i].name);
        if (v == NULL)
            continue;
        if (!first)
            paper_add(d->p, to, STR(", "));
        if (f->column[i].type == KIND_DATE)
            add_small(d, to,
                      cite_print(&d->c, "%.*s: ", STR_ARG(f->column[i].label[d->p->lang])));
        add_value(d, to, &f->column[i], v);
        first = false;
    }
}

static void add_rows(struct drawing *d, struct paper_text *to, const struct kind_field *f,
                     const struct value *v)
{
    size_t points = d->points;
    d->points = PORTRAIT_TITLE_POINTS;
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n && i < PORTRAIT_VALUES_MAX; i++) {
        if (i > 0)
            add_line(d, to, STR(""));
        add_columns(d, to, f, &v->item[i]);
    }
    d->points = points;
    if (v->type == VALUE_ARRAY && v->n > PORTRAIT_VALUES_MAX)
        add_more(d, to, v->n - PORTRAIT_VALUES_MAX, nothing);
}

static void add_text(struct drawing *d, struct paper_text *to, const struct value *v)
{
    struct record_text t = record_pick(v, d->p->lang);
    struct paper_piece *piece = paper_add(d->p, to, clip(d, t.text, d->points));
    if (piece != NULL && !str_equal(t.lang, lang_code(d->p->lang)))
        piece->lang = t.lang;
}

/* The first name in each language, one a line. */
static void add_names(struct drawing *d, struct paper_text *to, const struct value *v)
{
    for (size_t i = 0; i < PORTRAIT_VALUES_MAX; i++) {
        struct record_text t = record_text_at(v, i);
        if (t.text.len == 0)
            return;
        struct paper_piece *piece = add_line(d, to, t.text);
        if (piece != NULL && !str_equal(t.lang, lang_code(d->p->lang)))
            piece->lang = t.lang;
    }
    if (v->type == VALUE_OBJECT && v->n > PORTRAIT_VALUES_MAX)
        add_more(d, to, v->n - PORTRAIT_VALUES_MAX, nothing);
}

static void add_identifiers(struct drawing *d, struct paper_text *to, const struct value *v)
{
    for (uint32_t i = 0; v->type == VALUE_OBJECT && i < v->n && i < PORTRAIT_VALUES_MAX; i++) {
        const struct value *x = &v->member[i].value;
        struct str label = cite_label(&d->c, "identifier", v->member[i].key);
        if (x->type == VALUE_ARRAY && x->n > 0)
            x = &x->item[0];
        if (x->type != VALUE_STRING)
            continue;
        add_comma(d, to, i);
        paper_add(d->p, to,
                  cite_print(&d->c, "%.*s: %.*s", STR_ARG(label), STR_ARG(x->string)));
    }
    if (v->type == VALUE_OBJECT && v->n > PORTRAIT_VALUES_MAX)
        add_more(d, to, v->n - PORTRAIT_VALUES_MAX, nothing);
}

static void add_single(struct drawing *d, struct paper_text *to, const struct kind_field *f,
                       const struct value *v)
{
    const struct kind_code *code =
        f->list == NULL || v->type != VALUE_STRING ? NULL : kind_find_code(f->list, v->string);
    if (f->type == KIND_MONEY)
        paper_add(d->p, to, money_text(d, v));
    else if (v->type == VALUE_INTEGER)
        paper_add(d->p, to, cite_number(&d->c, v->integer));
    else if (v->type != VALUE_STRING)
        return;
    else if (f->type == KIND_DATE)
        paper_add(d->p, to, cite_date(&d->c, v->string));
    else if (f->type == KIND_LINK)
        add_linked(d, to, v->string);
    else if (f->type == KIND_CODES)
        paper_add(d->p, to, tally_label(d, v->string));
    else
        paper_add(d->p, to, code != NULL ? code->label[d->p->lang] : v->string);
}

static void add_value(struct drawing *d, struct paper_text *to, const struct kind_field *f,
                      const struct value *v)
{
    if (f->type == KIND_ROWS) {
        add_rows(d, to, f, v);
    } else if (f->type == KIND_TEXT || f->type == KIND_PROSE) {
        add_text(d, to, v);
    } else if (f->type == KIND_NAMES) {
        add_names(d, to, v);
    } else if (f->type == KIND_IDENTIFIERS) {
        add_identifiers(d, to, v);
    } else if (v->type != VALUE_ARRAY) {
        add_single(d, to, f, v);
    } else {
        for (uint32_t i = 0; i < v->n && i < PORTRAIT_VALUES_MAX; i++) {
            add_comma(d, to, i);
            add_single(d, to, f, &v->item[i]);
        }
        if (v->n > PORTRAIT_VALUES_MAX)
            add_more(d, to, v->n - PORTRAIT_VALUES_MAX, nothing);
    }
}

static const struct shown {
    const char *kind, *field[18];
} shown_list[] = {
    {"organization",
     {"name", "types", "summary", "country", "city", "established", "identifiers", "fields",
      "capabilities", "websites"}},
    {"project",
     {"summary", "status", "owner", "partners", "countries", "basis", "decisions", "mechanism",
      "programme", "site", "capacity", "starts", "ends", "milestones", "money", "people",
      "risks"}},
    {"programme",
     {"summary", "programme_kind", "status", "organization", "partners", "countries", "basis",
      "mechanism", "starts", "ends", "audience", "quotas", "money", "lessons"}},
};

static const struct shown *shown_of(const struct kind *kind)
{
    for (size_t i = 0; i < countof(shown_list); i++)
        if (str_is(kind->name, shown_list[i].kind))
            return &shown_list[i];
    return NULL;
}

bool portrait_paper_has(const struct kind *kind)
{
    return shown_of(kind) != NULL;
}

/* ---- papers ---- */

static struct drawing begin(struct arena *a, const struct portrait *portrait,
                            const struct portrait_paper_from *from, struct paper *out)
{
    *out = paper_new(a, from->lang, nothing);
    return (struct drawing){.points = PORTRAIT_PROSE_POINTS,
                            .portrait = portrait,
                            .desk = from->desk,
                            .p = out,
                            .c = cite_new(out, from->view, from->kinds, from->reader)};
}

static void begin_table(struct drawing *d)
{
    const struct paper_column column[] = {{cite_say(&d->c, "portrait.topic"), 2, false},
                                          {cite_say(&d->c, "portrait.known"), 8, false}};
    d->table = paper_table(d->p, column, countof(column), nothing);
}

static enum cau_err end(struct drawing *d)
{
    if (d->table != NULL && d->table->rows == 0)
        paper_add(d->p, paper_paragraph(d->p), cite_say(&d->c, "portrait.nothing"));
    cite_foot(&d->c);
    d->p->made_ms = d->c.newest_ms;
    return d->p->failed ? CAU_ERR_MEMORY : CAU_OK;
}

static struct str list_at(struct drawing *d, const char *kind, uint16_t country)
{
    return cite_list_address(&d->c, str_of(kind), country, 0);
}

enum cau_err portrait_paper_country(struct arena *a, const struct portrait *portrait,
                                    const struct portrait_paper_from *from, uint16_t country,
                                    struct paper *out)
{
    struct drawing d = begin(a, portrait, from, out);
    char space[2];
    out->title = cite_country(&d.c, desk_country(country, space));
    out->subtitle = cite_say(&d.c, "portrait.country");
    begin_table(&d);
    struct paper_text *to =
        add_list(&d, PORTRAIT_AGREEMENTS, cite_say(&d.c, "portrait.agreements"),
                 list_at(&d, "agreement", country));
    if (to != NULL && portrait->in_force > 0) {
        struct str n = cite_number(&d.c, portrait->in_force);
        add_small(&d, to, STR(" "));
        add_small(&d, to, cite_fill(&d.c, "portrait.in_force", &n, 1));
    }
    add_list(&d, PORTRAIT_MECHANISMS, cite_say(&d.c, "portrait.mechanisms"),
             list_at(&d, "mechanism", country));
    add_states(&d, list_at(&d, "commitment", country));
    add_list(&d, PORTRAIT_WORK, cite_say(&d.c, "portrait.work"),
             list_at(&d, "project", country));
    add_list(&d, PORTRAIT_OBSTACLES, cite_say(&d.c, "portrait.obstacles"),
             list_at(&d, "obstacle", country));
    add_figures(&d, list_at(&d, "indicator", country));
    add_tallies(&d, cite_say(&d.c, "portrait.by_field"));
    add_list(&d, PORTRAIT_NEEDS, cite_say(&d.c, "portrait.needs"),
             list_at(&d, "need", country));
    add_list(&d, PORTRAIT_OFFERS, cite_say(&d.c, "portrait.offers"),
             list_at(&d, "offer", country));
    return end(&d);
}

enum cau_err portrait_paper_field(struct arena *a, const struct portrait *portrait,
                                  const struct portrait_paper_from *from, struct str code,
                                  struct paper *out)
{
    struct drawing d = begin(a, portrait, from, out);
    out->title = cite_label(&d.c, "ford", code);
    out->subtitle = cite_say(&d.c, "portrait.field");
    begin_table(&d);
    add_tallies(&d, cite_say(&d.c, "portrait.by_country"));
    add_list(&d, PORTRAIT_NEEDS, cite_say(&d.c, "portrait.needs"), nothing);
    add_list(&d, PORTRAIT_OFFERS, cite_say(&d.c, "portrait.offers"), nothing);
    add_list(&d, PORTRAIT_ORGANIZATIONS, cite_say(&d.c, "portrait.organizations"), nothing);
    add_list(&d, PORTRAIT_WORK, cite_say(&d.c, "portrait.work"), nothing);
    add_list(&d, PORTRAIT_AGREEMENTS, cite_say(&d.c, "portrait.agreements"), nothing);
    return end(&d);
}

static void add_fields(struct drawing *d, const struct cite_record *r)
{
    const struct shown *shown = shown_of(r->record.kind);
    for (size_t i = 0; shown != NULL && shown->field[i] != NULL; i++) {
        const struct kind_field *f = kind_find_field(r->record.kind, str_of(shown->field[i]));
        const struct value *v = value_get(&r->record.payload, shown->field[i]);
        struct paper_text *to =
            f == NULL || v == NULL ? NULL : add_row(d, f->label[d->p->lang]);
        if (to != NULL)
            add_value(d, to, f, v);
    }
}

enum cau_err portrait_paper_record(struct arena *a, const struct portrait *portrait,
                                   const struct portrait_paper_from *from, uint32_t doc,
                                   struct paper *out)
{
    struct drawing d = begin(a, portrait, from, out);
    const struct cite_record *r = cite_get(&d.c, doc);
    if (r == NULL)
        return out->failed ? CAU_ERR_MEMORY : CAU_ERR_UNKNOWN;
    out->title = r->title.text;
    out->subtitle = r->record.kind->label[from->lang];
    begin_table(&d);
    add_fields(&d, r);
    add_states(&d, nothing);
    add_list(&d, PORTRAIT_OBSTACLES, cite_say(&d.c, "portrait.obstacles"), nothing);
    add_list(&d, PORTRAIT_OFFERS, cite_say(&d.c, "portrait.offers"), nothing);
    add_list(&d, PORTRAIT_NEEDS, cite_say(&d.c, "portrait.needs"), nothing);
    add_list(&d, PORTRAIT_AGREEMENTS, cite_say(&d.c, "portrait.agreements"), nothing);
    add_list(&d, PORTRAIT_WORK, cite_say(&d.c, "portrait.work"), nothing);
    add_list(&d, PORTRAIT_PARTNERS, cite_say(&d.c, "portrait.partners"), nothing);
    struct paper_text *unseen =
        portrait->unseen == 0 ? NULL : add_row(&d, cite_say(&d.c, "portrait.unseen"));
    if (unseen != NULL)
        add_small(&d, unseen, cite_number(&d.c, portrait->unseen));
    struct paper_text *sources =
        r->source.len == 0 ? NULL : add_row(&d, cite_say(&d.c, "record.sources"));
    if (sources != NULL)
        add_small(&d, sources, clip(&d, r->source, PORTRAIT_PROSE_POINTS));
    return end(&d);
}
