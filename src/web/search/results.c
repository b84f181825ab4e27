#include "web/search/results.h"

#include "base/number.h"
#include "base/utf8.h"
#include "domain/people/saved.h"
#include "index/missed.h"
#include "language/guess.h"
#include "language/token.h"
#include "web/part/narrow.h"
#include "web/part/present.h"
#include "web/part/reasons.h"
#include "web/search/search.h"

const char *results_column_name(enum index_column column)
{
    static const char *const name[INDEX_COLUMNS] = {"kind", "country", "field",
                                                    "year", "status",  "language"};
    must((unsigned)column < INDEX_COLUMNS);
    return name[column];
}

struct str results_value_label(struct ask *q, enum index_column column, struct str value)
{
    const struct kinds *k = q->site->kinds;
    const struct kind *kind;
    switch (column) {
    case INDEX_KIND:
        kind = kinds_find(k, value);
        return kind == NULL ? value : kind->many[q->lang];
    case INDEX_COUNTRY:
        return present_country(q, value);
    case INDEX_FIELD:
        if (str_ends(value, STR("*"))) {
            struct str whole = present_field_code(q, str_to(value, value.len - 1));
            return ask_fill(q, "search.branch", &whole, 1);
        }
        return present_field_code(q, value);
    case INDEX_STATUS:
        return present_status(q, value);
    case INDEX_LANGUAGE:
        return present_language(q, value);
    default:
        return value;
    }
}

static bool same_filter(const struct index_filter *x, const struct index_filter *y)
{
    return x->column == y->column && str_equal(x->value, y->value);
}

static void add_filter(struct results *r, struct index_filter filter)
{
    if (filter.value.len == 0 || filter.value.len > 32 || r->filters == INDEX_FILTERS_MAX)
        return;
    for (size_t i = 0; i < r->filters; i++)
        if (same_filter(&r->filter[i], &filter))
            return;
    r->filter[r->filters++] = filter;
}

void results_read(const struct ask *q, const struct kind *kind, struct results *out)
{
    results_read_fields(&q->http->query, kind, out);
}

void results_read_fields(const struct http_fields *query, const struct kind *kind,
                         struct results *out)
{
    *out = (struct results){.text = str_trim(http_get(query, "q")), .kind = kind, .page = 1};
    if (kind != NULL)
        add_filter(out, (struct index_filter){INDEX_KIND, kind->name});
    for (size_t i = 0; i < query->n; i++)
        for (unsigned c = kind != NULL; c < INDEX_COLUMNS; c++)
            if (str_is(query->v[i].name, results_column_name((enum index_column)c)))
                add_filter(out, (struct index_filter){(enum index_column)c, query->v[i].value});
    enum lang lang;
    if (lang_read(http_get(query, "query_lang"), &lang))
        out->lang = lang_code(lang);
    if (out->text.len == 0 || str_is(http_get(query, "order"), "newest"))
        out->order = INDEX_NEWEST;
    uint64_t page;
    if (number_read(http_get(query, "page"), RESULTS_PAGES_MAX, &page) == CAU_OK && page > 0)
        out->page = (size_t)page;
}

static void add_pair(struct buf *b, char *mark, const char *name, struct str value)
{
    buf_add_char(b, *mark);
    buf_add_word(b, name);
    buf_add_char(b, '=');
    http_escape(b, value);
    *mark = '&';
}

struct str results_address(struct ask *q, const struct results *r,
                           const struct index_filter *add, const struct index_filter *without,
                           size_t page)
{
    struct buf b = buf_new(1 << 16);
    char mark = '?';
    buf_add_char(&b, '/');
    buf_add(&b, lang_code(q->lang));
    buf_add_char(&b, '/');
    buf_add(&b, r->kind != NULL ? r->kind->name : STR("search"));
    if (r->text.len > 0)
        add_pair(&b, &mark, "q", r->text);
    if (r->text.len > 0 && r->lang.len > 0)
        add_pair(&b, &mark, "query_lang", r->lang);
    if (r->text.len > 0 && r->order == INDEX_NEWEST)
        add_pair(&b, &mark, "order", STR("newest"));
    for (size_t i = r->kind != NULL; i < r->filters; i++)
        if (without == NULL || !same_filter(&r->filter[i], without))
            add_pair(&b, &mark, results_column_name(r->filter[i].column), r->filter[i].value);
    if (add != NULL)
        add_pair(&b, &mark, results_column_name(add->column), add->value);
    if (page > 1)
        add_pair(&b, &mark, "page", ask_print(q, "%zu", page));
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str results_query(struct ask *q, const struct results *r)
{
    struct results plain = *r;
    plain.kind = NULL;
    plain.order = INDEX_BEST;
    struct str address = results_address(q, &plain, NULL, NULL, 1);
    (void)str_next(&address, '?');
    return address;
}

struct str results_words(struct ask *q, const struct results *r)
{
    struct buf b = buf_new(1 << 16);
    if (r->text.len > 0)
        buf_add(&b, ask_fill(q, "search.quoted", &r->text, 1));
    for (size_t i = 0; i < r->filters; i++) {
        if (b.len > 0)
            buf_add_word(&b, " · ");
        buf_add(&b, results_value_label(q, r->filter[i].column, r->filter[i].value));
    }
    struct str out = b.len == 0 ? ask_say(q, "saved.everything") : ask_keep(q, &b);
    buf_free(&b);
    return out;
}

/* Adds the codes of a branch: "FORD:2*" is FORD:2, FORD:2.1 and so on; FORD is the one scheme with levels. */
static size_t add_branch(struct ask *q, struct str branch, size_t n,
                         struct index_filter out[INDEX_FILTERS_MAX])
{
    struct str top = str_to(branch, branch.len - 1), scheme = str_next(&top, ':');
    const struct kind_list *list =
        str_is(scheme, "FORD") ? kinds_find_list(q->site->kinds, STR("ford")) : NULL;
    for (size_t i = 0; list != NULL && i < list->n && n < INDEX_FILTERS_MAX; i++) {
        struct str c = list->code[i].code;
        if (str_starts(c, top) && (c.len == top.len || c.p[top.len] == '.'))
            out[n++] =
                (struct index_filter){INDEX_FIELD, ask_print(q, "FORD:%.*s", STR_ARG(c))};
    }
    return n;
}

size_t results_filters(struct ask *q, const struct results *r,
                       struct index_filter out[INDEX_FILTERS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < r->filters && n < INDEX_FILTERS_MAX; i++) {
        const struct index_filter *f = &r->filter[i];
        size_t before = n;
        if (f->column == INDEX_FIELD && str_ends(f->value, STR("*")))
            n = add_branch(q, f->value, n, out);
        if (n == before) /* one code, or a branch of nothing we know */
            out[n++] = *f;
    }
    return n;
}

enum cau_err results_find(struct ask *q, const struct results *r, size_t rows,
                          struct index_result *out)
{
    struct index_filter filter[INDEX_FILTERS_MAX];
    size_t filters = results_filters(q, r, filter);
    struct index_query query = {
        .text = r->text,
        .lang = r->lang,
        .reader = q->reader,
        .filter = filter,
        .filter_count = filters,
        .order = r->order,
        .offset = (r->page - 1) * rows,
        .limit = rows,
        .facets = true,
        .explain = r->text.len > 0,
    };
    return index_search(node_index(q->site->node), q->arena, &query, out);
}

/* ---- the page ---- */

static const struct index_filter *find_filter(const struct results *r,
                                              const struct index_filter *filter)
{
    for (size_t i = 0; i < r->filters; i++)
        if (same_filter(&r->filter[i], filter))
            return &r->filter[i];
    return NULL;
}

static void add_facet(struct ask *q, const struct results *r, const struct index_result *found,
                      enum index_column column)
{
    struct html_map *facet = NULL;
    for (size_t i = 0; i < found->facet_count[column] && i < RESULTS_FACET_LISTED; i++) {
        const struct index_facet *f = &found->facet[column][i];
        struct index_filter filter = {column, f->value};
        if (find_filter(r, &filter) != NULL || f->n == 0)
            continue;
        if (facet == NULL) {
            facet =
                narrow_facet(q, ask_label(q, "facet.", str_of(results_column_name(column))));
        }
        narrow_value(facet, results_value_label(q, column, f->value), f->n,
                     results_address(q, r, &filter, NULL, 1));
    }
}

static void add_filters(struct ask *q, const struct results *r)
{
    for (size_t i = 0; i < r->filters; i++) {
        const struct index_filter *f = &r->filter[i];
        if (i > 0 || r->kind == NULL) {
            narrow_chip(q, ask_label(q, "facet.", str_of(results_column_name(f->column))),
                        results_value_label(q, f->column, f->value),
                        results_address(q, r, NULL, f, 1));
            /* The search form carries the filters on. */
            struct html_map *m = html_item(q->page, "hidden");
            html_text(m, "name", str_of(results_column_name(f->column)));
            html_text(m, "value", f->value);
        }
    }
}

/* 1 ... 4 [5] 6 ... 50 */
static void add_pages(struct ask *q, const struct results *r, size_t pages)
{
    size_t last = 0;
    for (size_t i = 1; i <= pages; i++) {
        if (i != 1 && i != pages && (i + 1 < r->page || i > r->page + 1))
            continue;
        struct html_map *m = html_item(q->page, "pages");
        html_flag(m, "gap", last != 0 && i > last + 1);
        html_text(m, "number", ask_print(q, "%zu", i));
        html_flag(m, "current", i == r->page);
        html_text(m, "address", results_address(q, r, NULL, NULL, i));
        last = i;
    }
    if (r->page > 1)
        html_text(q->page, "previous", results_address(q, r, NULL, NULL, r->page - 1));
    if (r->page < pages)
        html_text(q->page, "next", results_address(q, r, NULL, NULL, r->page + 1));
}

/* Pairs that tell a person nothing ("cho", "for") are left out where others are. */
static void add_reasons(struct ask *q, struct html_map *row, const struct index_hit *hit)
{
    bool tells = false;
    for (size_t i = 0; i < hit->reason_count; i++)
        tells = tells || reasons_tell(&hit->reason[i]);
    for (size_t i = 0, shown = 0; i < hit->reason_count && shown < RESULTS_REASONS; i++) {
        const struct index_reason *reason = &hit->reason[i];
        if (tells && !reasons_tell(reason))
            continue;
        shown++;
        reasons_add(q, row, reason, reason->share_permille);
    }
}

/* The language of some words of the query. What is written in Cyrillic shows it itself; of Latin letters the whole query,
 * or its reader's choice, tells more than the few words alone. */
static enum lang words_lang(struct ask *q, struct str words, struct str of_query)
{
    enum lang own = guess_lang(words, q->lang), whole;
    if (!lang_read(of_query, &whole) || own == LANG_RU || whole == LANG_RU)
        return own;
    return whole;
}

/* What of the query met nothing in this record. A translation may be missing where the record has no title in the
 * language of those words; else it just does not speak of them. */
static void add_missed(struct ask *q, struct html_map *row, const struct results *r,
                       struct str of_query, const struct index_hit *hit,
                       const struct view_record *record)
{
    struct str run[RESULTS_MISSED];
    size_t n = missed_find(q->arena, r->text, hit->reason, hit->reason_count, reasons_little,
                           run, RESULTS_MISSED);
    for (size_t i = 0; i < n; i++) {
        struct html_map *m = html_item(row, "missed");
        enum lang lang = words_lang(q, run[i], of_query);
        struct record_text title = record_title(record->kind, &record->payload, lang);
        html_text(m, "text", run[i]);
        html_text(m, "lang", lang_code(lang));
        if (!str_equal(title.lang, lang_code(lang)))
            html_text(m, "address", reasons_propose(q, run[i], lang_code(lang), record->id));
    }
}

/* A query of everything that found nothing: a few words may be a term that has no translation yet; a sentence, or what
 * has no letters of the three languages, is none. */
static bool may_be_term(const struct results *r)
{
    size_t words = 0, named = 0;
    struct token_walk walk;
    struct token t;
    if (r->filters > 0 || utf8_count(r->text) > RESULTS_TERM_POINTS_MAX)
        return false;
    token_start(&walk, r->text);
    while (token_next(&walk, &t))
        if (t.role == TOKEN_MAIN) {
            words++;
            named += !t.number && (t.script == TOKEN_LATIN || t.script == TOKEN_CYRILLIC);
        }
    return named > 0 && words <= RESULTS_TERM_WORDS_MAX;
}

static void add_rows(struct ask *q, const struct results *r, const struct index_result *found)
{
    for (size_t i = 0; i < found->hit_count; i++) {
        struct view_record record;
        if (view_get(q->view, q->arena, q->reader, found->hit[i].doc, &record) != CAU_OK)
            continue; /* changed between index and view: it will be there or gone next time */
        struct html_map *row = html_item(q->page, "rows");
        present_row(q, row, &record);
        add_reasons(q, row, &found->hit[i]);
        if (r->text.len > 0)
            add_missed(q, row, r, found->lang, &found->hit[i], &record);
    }
}

static void add_head(struct ask *q, const struct results *r)
{
    if (r->kind == NULL) {
        ask_title(q, ask_say(q, "search.title"));
        html_text(q->page, "action", ask_print(q, "/%.*s/search", STR_ARG(lang_code(q->lang))));
        return;
    }
    ask_title(q, present_label(q, r->kind->many));
    html_text(q->page, "lead", present_label(q, r->kind->help));
    html_text(q->page, "kind_name", r->kind->name);
    html_text(q->page, "action",
              ask_print(q, "/%.*s/%.*s", STR_ARG(lang_code(q->lang)), STR_ARG(r->kind->name)));
    if (ask_may(q, MAY_CREATE, r->kind, NULL))
        html_text(q->page, "create",
                  ask_print(q, "/%.*s/%.*s/new", STR_ARG(lang_code(q->lang)),
                            STR_ARG(r->kind->name)));
}

/* The language of the words: what was guessed, and the three to choose from. */
static void add_language(struct ask *q, const struct results *r, struct str told)
{
    struct html_map *guess = html_item(q->page, "query_langs");
    struct str name = told.len > 0 ? present_language(q, told) : told;
    html_text(guess, "label",
              r->lang.len == 0 && told.len > 0 ? ask_fill(q, "search.guessed", &name, 1)
                                               : ask_say(q, "search.guess"));
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct html_map *m = html_item(q->page, "query_langs");
        struct str code = lang_code((enum lang)lang);
        html_text(m, "value", code);
        html_text(m, "label", present_language(q, code));
        html_flag(m, "current", str_equal(r->lang, code));
    }
}

/* For a signed-in person: keep this search. */
static void add_save(struct ask *q, const struct results *r)
{
    if (!q->signed_in)
        return;
    struct html_map *m = html_item(q->page, "save");
    struct str words = results_words(q, r);
    html_text(m, "query", results_query(q, r));
    html_text(m, "name", utf8_clip(words, SAVED_NAME_POINTS_MAX));
    html_number(m, "name_max", SAVED_NAME_POINTS_MAX);
    ask_token(q, m, "token", "searches");
}

static void show(struct ask *q, const struct kind *kind)
{
    struct results r;
    struct index_result found;
    results_read(q, kind, &r);
    if (results_find(q, &r, RESULTS_ROWS, &found) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    size_t pages = (found.total + RESULTS_ROWS - 1) / RESULTS_ROWS;
    if (found.hit_count == 0 && found.total > 0) { /* behind the last page: the last */
        r.page = pages < RESULTS_PAGES_MAX ? pages : RESULTS_PAGES_MAX;
        if (results_find(q, &r, RESULTS_ROWS, &found) != CAU_OK) {
            ask_error(q, 503);
            return;
        }
    }
    add_head(q, &r);
    html_text(q->page, "text", r.text);
    html_flag(q->page, "newest", r.text.len > 0 && r.order == INDEX_NEWEST);
    html_number(q->page, "total", found.total);
    html_flag(q->page, "some", found.total > 0);
    html_flag(q->page, "empty", r.text.len == 0 && r.filters == (kind != NULL));
    html_flag(q->page, "cut", found.cut);
    if (r.text.len > 0)
        add_language(q, &r, found.lang);
    if (found.total == 0 && may_be_term(&r))
        html_text(q->page, "propose",
                  reasons_propose(q, r.text, found.lang, (struct str){NULL, 0}));
    add_filters(q, &r);
    add_save(q, &r);
    for (unsigned c = kind != NULL; c < INDEX_COLUMNS; c++)
        add_facet(q, &r, &found, (enum index_column)c);
    add_rows(q, &r, &found);
    html_flag(q->page, "deep", pages > RESULTS_PAGES_MAX);
    if (pages > 1)
        add_pages(q, &r, pages > RESULTS_PAGES_MAX ? RESULTS_PAGES_MAX : pages);
    ask_page(q, "results");
}

void results_search(struct ask *q)
{
    show(q, NULL);
}

void results_kind(struct ask *q)
{
    show(q, kinds_find(q->site->kinds, q->part[1]));
}
