#include "web/home/home.h"
#include "base/number.h"
#include "web/part/present.h"

enum { NEW_ROWS = 6, FIGURES = 6, INDICATORS_READ = 60 };

void home_root(struct ask *q)
{
    q->answer->status = 303;
    ask_header(q, "Location", ask_print(q, "/%.*s/", STR_ARG(lang_code(q->lang))));
    ask_header(q, "Vary", STR("Accept-Language"));
    ask_header(q, "Cache-Control", STR("no-cache"));
}

static uint32_t count_of(const struct index_result *r, struct str kind)
{
    for (size_t i = 0; i < r->facet_count[INDEX_KIND]; i++)
        if (str_equal(r->facet[INDEX_KIND][i].value, kind))
            return r->facet[INDEX_KIND][i].n;
    return 0;
}

/* The kinds of a section that have records, or all of them. */
static void add_kinds(struct ask *q, struct html_map *section, struct str name,
                      const struct index_result *counted, bool all)
{
    const struct kinds *k = q->site->kinds;
    for (size_t i = 0; i < k->n; i++) {
        uint32_t n = count_of(counted, k->kind[i].name);
        if (!str_equal(k->kind[i].section, name) || (n == 0 && !all))
            continue;
        struct html_map *m = html_item(section, "kinds");
        html_text(m, "name", k->kind[i].name);
        html_text(m, "label", present_label(q, k->kind[i].many));
        html_text(m, "help", present_label(q, k->kind[i].help));
        html_number(m, "count", n);
        html_flag(m, "create", ask_may(q, MAY_CREATE, &k->kind[i], NULL));
    }
}

static bool add_sections(struct ask *q, bool all)
{
    struct index_result counted;
    struct index_query query = {.reader = q->reader, .facets = true};
    if (index_search(node_index(q->site->node), q->arena, &query, &counted) != CAU_OK)
        return false;
    const struct kind_list *sections = kinds_find_list(q->site->kinds, STR("section"));
    for (size_t i = 0; sections != NULL && i < sections->n; i++) {
        struct html_map *m = html_item(q->page, "sections");
        html_text(m, "label", sections->code[i].label[q->lang]);
        add_kinds(q, m, sections->code[i].code, &counted, all);
        html_flag(m, "some", html_count(m, "kinds") > 0);
    }
    html_number(q->page, "total", counted.total);
    return true;
}

static bool add_new(struct ask *q)
{
    struct index_result found;
    struct index_query query = {.reader = q->reader, .order = INDEX_NEWEST, .limit = NEW_ROWS};
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK)
        return false;
    for (size_t i = 0; i < found.hit_count; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, found.hit[i].doc, &r) != CAU_OK)
            continue;
        struct html_map *m = html_item(q->page, "fresh");
        present_title(q, m, r.kind, &r.payload);
        html_text(m, "address", present_address(q, r.id));
        html_text(m, "kind", present_label(q, r.kind->label));
        html_text(m, "time", ask_time(q, r.time_ms));
        html_flag(m, "example", value_get(&r.payload, "example") != NULL);
    }
    return true;
}

/* ---- figures: the newest values of indicators, each with the side that states it ---- */

struct figure {
    struct view_record record;
    struct str period; /* the newest that is no target */
};

static struct str newest_period(const struct value *values)
{
    struct str newest = {NULL, 0};
    for (uint32_t i = 0; values != NULL && values->type == VALUE_ARRAY && i < values->n; i++) {
        struct str period = value_get_str(&values->item[i], "period");
        if (value_get(&values->item[i], "target") == NULL && str_cmp(period, newest) > 0)
            newest = period;
    }
    return newest;
}

/* Keeps the FIGURES newest, newest first. */
static size_t keep_newest(struct figure *list, size_t n, const struct figure *f)
{
    size_t at = n;
    while (at > 0 && str_cmp(list[at - 1].period, f->period) < 0)
        at--;
    if (at == FIGURES)
        return n;
    for (size_t i = n < FIGURES ? n : FIGURES - 1; i > at; i--)
        list[i] = list[i - 1];
    list[at] = *f;
    return n < FIGURES ? n + 1 : n;
}

static void add_value(struct ask *q, struct html_map *figure, const struct value *row)
{
    const struct kind *kind = kinds_find(q->site->kinds, STR("indicator"));
    const struct kind_field *values = kind_find_field(kind, STR("values"));
    struct html_map *m = html_item(figure, "values");
    struct str side = value_get_str(row, "side"), qualifier = value_get_str(row, "qualifier");
    html_text(m, "value", ask_decimal(q, value_get_str(row, "value")));
    if (side.len > 0)
        html_text(m, "side", present_country(q, side));
    if (qualifier.len > 0 && values != NULL)
        html_text(m, "qualifier", present_listed(q, "qualifier", qualifier));
    html_text(m, "source", value_get_str(row, "source"));
}

static void add_figure(struct ask *q, const struct figure *f)
{
    struct html_map *m = html_item(q->page, "figures");
    const struct value *values = value_get(&f->record.payload, "values");
    present_title(q, m, f->record.kind, &f->record.payload);
    html_text(m, "address", present_address(q, f->record.id));
    html_text(m, "period", ask_date(q, f->period));
    html_text(m, "unit", record_pick(value_get(&f->record.payload, "unit"), q->lang).text);
    for (uint32_t i = 0; i < values->n; i++)
        if (str_equal(value_get_str(&values->item[i], "period"), f->period) &&
            value_get(&values->item[i], "target") == NULL)
            add_value(q, m, &values->item[i]);
    present_sources(q, m, &f->record.payload);
}

static bool add_figures(struct ask *q)
{
    struct index_filter filter = {INDEX_KIND, STR("indicator")};
    struct index_query query = {.reader = q->reader,
                                .filter = &filter,
                                .filter_count = 1,
                                .order = INDEX_NEWEST,
                                .limit = INDICATORS_READ};
    struct index_result found;
    struct figure list[FIGURES];
    size_t n = 0;
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK)
        return false;
    for (size_t i = 0; i < found.hit_count; i++) {
        struct figure f;
        if (view_get(q->view, q->arena, q->reader, found.hit[i].doc, &f.record) != CAU_OK)
            continue;
        f.period = newest_period(value_get(&f.record.payload, "values"));
        if (f.period.len > 0)
            n = keep_newest(list, n, &f);
    }
    for (size_t i = 0; i < n; i++)
        add_figure(q, &list[i]);
    return true;
}

void home_page(struct ask *q)
{
    ask_title(q, ask_say(q, "home.title"));
    if (add_sections(q, false) && add_new(q) && add_figures(q))
        ask_page(q, "home");
    else
        ask_error(q, 503);
}

void home_browse(struct ask *q)
{
    ask_title(q, ask_say(q, "browse.title"));
    if (add_sections(q, true))
        ask_page(q, "browse");
    else
        ask_error(q, 503);
}
