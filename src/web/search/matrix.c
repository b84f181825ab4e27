#include "web/search/matrix.h"

#include "base/clock.h"
#include "web/part/present.h"
#include "web/search/search.h"

static const struct column {
    const char *kind;
    unsigned side;
    enum matrix_column answer;
    const char *word; /* its heading, with the country */
} column_list[MATRIX_COLUMNS] = {
    [MATRIX_NEEDS_A] = {"need", 0, MATRIX_OFFERS_B, "matrix.needs"},
    [MATRIX_OFFERS_B] = {"offer", 1, MATRIX_COLUMNS, "matrix.offers"},
    [MATRIX_NEEDS_B] = {"need", 1, MATRIX_OFFERS_A, "matrix.needs"},
    [MATRIX_OFFERS_A] = {"offer", 0, MATRIX_COLUMNS, "matrix.offers"},
    [MATRIX_ORGANIZATIONS_A] = {"organization", 0, MATRIX_COLUMNS, "matrix.organizations"},
    [MATRIX_ORGANIZATIONS_B] = {"organization", 1, MATRIX_COLUMNS, "matrix.organizations"},
    [MATRIX_EXPERTS_A] = {"person", 0, MATRIX_COLUMNS, "matrix.experts"},
    [MATRIX_EXPERTS_B] = {"person", 1, MATRIX_COLUMNS, "matrix.experts"},
};

const char *matrix_kind(enum matrix_column column)
{
    must((unsigned)column < MATRIX_COLUMNS);
    return column_list[column].kind;
}

unsigned matrix_side(enum matrix_column column)
{
    must((unsigned)column < MATRIX_COLUMNS);
    return column_list[column].side;
}

enum matrix_column matrix_answer(enum matrix_column column)
{
    must((unsigned)column < MATRIX_COLUMNS);
    return column_list[column].answer;
}

bool matrix_is_gap(const struct matrix_row *row, enum matrix_column column)
{
    for (unsigned c = 0; c < MATRIX_COLUMNS; c++)
        if (column_list[c].answer == column && row->n[c] > 0 && row->n[column] == 0)
            return true;
    return false;
}

/* ---- counting ---- */

/* The search behind a cell; the numbers and the links are both made of it. */
static struct results search_of(struct ask *q, const struct str country[2],
                                const struct matrix_row *row, enum matrix_column column)
{
    struct results r = {.kind = kinds_find(q->site->kinds, str_of(matrix_kind(column))),
                        .order = INDEX_NEWEST,
                        .page = 1};
    r.filter[r.filters++] = (struct index_filter){INDEX_KIND, r.kind->name};
    r.filter[r.filters++] = (struct index_filter){INDEX_COUNTRY, country[matrix_side(column)]};
    if (row->field != NULL)
        r.filter[r.filters++] = (struct index_filter){
            INDEX_FIELD,
            ask_print(q, "FORD:%.*s%s", STR_ARG(row->field->code), row->broad ? "*" : "")};
    return r;
}

struct str matrix_address(struct ask *q, const struct matrix *m, const struct matrix_row *row,
                          enum matrix_column column)
{
    struct results r = search_of(q, m->country, row, column);
    return results_address(q, &r, NULL, NULL, 1);
}

static enum cau_err search(struct ask *q, const struct results *r, bool facets,
                           struct index_result *out)
{
    struct index_filter filter[INDEX_FILTERS_MAX];
    struct index_query query = {.reader = q->reader,
                                .filter = filter,
                                .filter_count = results_filters(q, r, filter),
                                .facets = facets};
    return index_search(node_index(q->site->node), q->arena, &query, out);
}

/* The count of a field among the facets; false when it is not there but might be: their list was cut. */
static bool find_facet(const struct index_result *found, struct str field, uint32_t *n)
{
    *n = 0;
    for (size_t i = 0; i < found->facet_count[INDEX_FIELD]; i++)
        if (str_starts(found->facet[INDEX_FIELD][i].value, STR("FORD:")) &&
            str_equal(str_from(found->facet[INDEX_FIELD][i].value, 5), field)) {
            *n = found->facet[INDEX_FIELD][i].n;
            return true;
        }
    return found->facet_count[INDEX_FIELD] < INDEX_FACET_VALUES_MAX;
}

/* One search counts the fields of a column; first levels, where a record with two fields counts once, need their own. */
static enum cau_err count_column(struct ask *q, const struct str country[2],
                                 enum matrix_column column, struct matrix_row *row, size_t rows)
{
    struct index_result all, one;
    struct results r = search_of(q, country, &row[0], column);
    enum cau_err err = search(q, &r, true, &all);
    if (err != CAU_OK)
        return err;
    row[0].n[column] = all.total;
    for (size_t i = 1; i < rows && err == CAU_OK && all.total > 0; i++) {
        if (!row[i].broad && find_facet(&all, row[i].field->code, &row[i].n[column]))
            continue;
        r = search_of(q, country, &row[i], column);
        err = search(q, &r, false, &one);
        if (err == CAU_OK)
            row[i].n[column] = one.total;
    }
    return err;
}

enum cau_err matrix_count(struct ask *q, const struct str country[2], struct matrix *out)
{
    const struct kind_list *ford = kinds_find_list(q->site->kinds, STR("ford"));
    size_t rows = 1 + (ford == NULL ? 0 : ford->n);
    struct matrix_row *row = arena_zero(q->arena, rows * sizeof *row);
    if (row == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 1; i < rows; i++) {
        struct str code = ford->code[i - 1].code;
        row[i].field = &ford->code[i - 1];
        (void)str_next(&code, '.');
        row[i].broad = code.p == NULL;
    }
    enum cau_err err = CAU_OK;
    for (unsigned c = 0; c < MATRIX_COLUMNS && err == CAU_OK; c++)
        err = count_column(q, country, (enum matrix_column)c, row, rows);
    if (err == CAU_OK)
        *out = (struct matrix){{country[0], country[1]}, row, rows};
    return err;
}

/* ---- which countries ---- */

/* Countries by falling number of records this reader may see. */
static void find_countries(struct ask *q, struct index_result *out)
{
    struct index_query query = {.reader = q->reader, .facets = true};
    if (index_search(node_index(q->site->node), q->arena, &query, out) != CAU_OK)
        *out = (struct index_result){0};
}

static void choose(struct ask *q, const struct index_result *found, struct str country[2])
{
    struct str own = node_config(q->site->node)->country;
    if (country[0].len == 0 && !str_equal(own, country[1]))
        country[0] = own;
    for (unsigned side = 0; side < 2; side++)
        for (size_t i = 0; country[side].len == 0 && i < found->facet_count[INDEX_COUNTRY]; i++)
            if (!str_equal(found->facet[INDEX_COUNTRY][i].value, country[1 - side]))
                country[side] = found->facet[INDEX_COUNTRY][i].value;
    /* An empty register: the two countries it is for first. */
    if (country[1].len == 0)
        country[1] = str_is(country[0], "RU") ? STR("VN") : STR("RU");
    if (country[0].len == 0)
        country[0] = str_is(country[1], "RU") ? STR("VN") : STR("RU");
}

static bool read_countries(struct ask *q, const struct index_result *found,
                           struct str country[2])
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("country"));
    country[0] = ask_query(q, "a");
    country[1] = ask_query(q, "b");
    choose(q, found, country);
    return kind_find_code(list, country[0]) != NULL &&
           kind_find_code(list, country[1]) != NULL && !str_equal(country[0], country[1]);
}

bool matrix_read(struct ask *q, struct str country[2])
{
    struct index_result found;
    find_countries(q, &found);
    return read_countries(q, &found, country);
}

/* ---- the page ---- */

static void add_choice(struct ask *q, const char *key, const struct index_result *found,
                       struct str chosen)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("country"));
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        bool here = str_equal(list->code[i].code, chosen);
        for (size_t j = 0; !here && j < found->facet_count[INDEX_COUNTRY]; j++)
            here = str_equal(found->facet[INDEX_COUNTRY][j].value, list->code[i].code);
        if (!here)
            continue;
        struct html_map *m = html_item(q->page, key);
        html_text(m, "code", list->code[i].code);
        html_text(m, "label", list->code[i].label[q->lang]);
        html_flag(m, "chosen", str_equal(list->code[i].code, chosen));
    }
}

static void add_heads(struct ask *q, const struct matrix *m)
{
    for (unsigned c = 0; c < MATRIX_COLUMNS; c++) {
        struct html_map *head = html_item(q->page, "heads");
        html_text(head, "label", ask_say(q, column_list[c].word));
        html_text(head, "country", present_country(q, m->country[column_list[c].side]));
        html_flag(head, "first", c % 2 == 0);
    }
}

static void add_cell(struct ask *q, struct html_map *row, const struct matrix *m,
                     const struct matrix_row *r, enum matrix_column c)
{
    struct html_map *cell = html_item(row, "cells");
    struct str country = present_country(q, m->country[matrix_side(c)]);
    html_text(cell, "head",
              ask_print(q, "%.*s · %.*s", STR_ARG(ask_say(q, column_list[c].word)),
                        STR_ARG(country)));
    html_flag(cell, "first", c % 2 == 0);
    html_flag(cell, "gap", matrix_is_gap(r, c));
    if (r->n[c] == 0)
        return;
    html_text(cell, "number", ask_number(q, r->n[c]));
    html_text(cell, "address", matrix_address(q, m, r, c));
}

static bool is_empty(const struct matrix_row *row)
{
    for (unsigned c = 0; c < MATRIX_COLUMNS; c++)
        if (row->n[c] > 0)
            return false;
    return true;
}

/* Rows without a single record are left out unless they are asked for. */
static void add_rows(struct ask *q, const struct matrix *m, bool all)
{
    size_t left_out = 0;
    for (size_t i = 0; i < m->rows; i++) {
        const struct matrix_row *r = &m->row[i];
        if (i > 0 && !all && is_empty(r)) {
            left_out++;
            continue;
        }
        struct html_map *row = html_item(q->page, "rows");
        html_text(row, "label",
                  r->field == NULL ? ask_say(q, "matrix.all") : r->field->label[q->lang]);
        html_flag(row, "broad", r->broad);
        html_flag(row, "sum", r->field == NULL);
        if (r->field != NULL)
            html_text(row, "portrait",
                      ask_print(q, "/%.*s/portrait/field/%.*s", STR_ARG(lang_code(q->lang)),
                                STR_ARG(r->field->code)));
        for (unsigned c = 0; c < MATRIX_COLUMNS; c++)
            add_cell(q, row, m, r, (enum matrix_column)c);
    }
    html_number(q->page, "left_out", (int64_t)left_out);
}

void matrix_page(struct ask *q)
{
    struct str country[2];
    struct index_result found;
    struct matrix m;
    bool all = str_is(ask_query(q, "all"), "1");
    find_countries(q, &found);
    ask_title(q, ask_say(q, "matrix.title"));
    bool good = read_countries(q, &found, country);
    add_choice(q, "countries_a", &found, country[0]);
    add_choice(q, "countries_b", &found, country[1]);
    if (!good) {
        q->answer->status = 400;
        html_text(q->page, "problem", ask_say(q, "matrix.problem"));
        ask_page(q, "matrix");
        return;
    }
    if (matrix_count(q, country, &m) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    struct str name[] = {present_country(q, country[0]), present_country(q, country[1])};
    html_text(q->page, "caption", ask_fill(q, "matrix.caption", name, 2));
    html_text(q->page, "a", name[0]);
    html_text(q->page, "b", name[1]);
    html_text(q->page, "day", ask_time(q, clock_now_ms()));
    struct str query = ask_print(q, "a=%.*s&b=%.*s", STR_ARG(country[0]), STR_ARG(country[1]));
    html_text(
        q->page, "all_address",
        ask_print(q, "/%.*s/matrix?%.*s&all=1", STR_ARG(lang_code(q->lang)), STR_ARG(query)));
    html_text(q->page, "data_address",
              ask_print(q, "/api/v1/matrix?%.*s&lang=%.*s", STR_ARG(query),
                        STR_ARG(lang_code(q->lang))));
    add_heads(q, &m);
    add_rows(q, &m, all);
    for (unsigned side = 0; side < 2; side++) {
        struct html_map *portrait = html_item(q->page, "portraits");
        html_text(portrait, "country", name[side]);
        html_text(portrait, "address",
                  ask_print(q, "/%.*s/portrait/country/%.*s", STR_ARG(lang_code(q->lang)),
                            STR_ARG(country[side])));
    }
    ask_page(q, "matrix");
}
