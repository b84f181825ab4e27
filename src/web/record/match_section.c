#include "web/record/match_section.h"

#include "index/missed.h"
#include "web/part/present.h"
#include "web/part/reasons.h"
#include "web/record/record_int.h"

enum {
    SHARE_MIN_PERMILLE = 5,
};

/* ---- what met nothing ---- */

/* Runs of words of the title that met nothing, each with a way to propose its translation where the hit is in
 * another language. */
static void add_missed(struct ask *q, struct html_map *m, const struct record_text *title,
                       const struct view_record *record, const struct match_hit *hit)
{
    struct str run[MATCH_SECTION_MISSED];
    size_t n = missed_runs(q->arena, title->text, hit->like.met, hit->like.met_count,
                           reasons_little, run, MATCH_SECTION_MISSED);
    bool translate = !str_equal(hit->like.lang, title->lang);
    for (size_t i = 0; i < n; i++) {
        struct html_map *item = html_item(m, "missed");
        html_text(item, "text", run[i]);
        html_text(item, "lang", title->lang);
        if (translate)
            html_text(item, "address", reasons_propose(q, run[i], title->lang, record->id));
    }
}

/* ---- what speaks for it ---- */

/* A pair of words, whatever the channels it met in: told once, as the weightiest of them. */
struct pair {
    const struct index_reason *reason;
    uint32_t share_permille; /* of all its channels */
};

static bool same_words(const struct index_reason *x, const struct index_reason *y)
{
    return str_equal(x->query_word, y->query_word) && str_equal(x->text_word, y->text_word);
}

/* The pairs of a hit that tell a person something, by falling share; how many. Those under half a percent are left out
 * where there are others. */
static size_t find_pairs(const struct match_hit *hit, struct pair out[LIKE_REASONS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < hit->like.reason_count && i < LIKE_REASONS_MAX; i++) {
        const struct index_reason *r = &hit->like.reason[i];
        size_t at = 0;
        while (at < n && !same_words(out[at].reason, r))
            at++;
        if (at == n && !reasons_tell(r))
            continue;
        if (at == n)
            out[n++] = (struct pair){r, 0};
        out[at].share_permille += r->share_permille;
        for (; at > 0 && out[at].share_permille > out[at - 1].share_permille; at--) {
            struct pair lighter = out[at - 1];
            out[at - 1] = out[at];
            out[at] = lighter;
        }
    }
    while (n > 1 && out[n - 1].share_permille < SHARE_MIN_PERMILLE)
        n--;
    return n;
}

static struct str fit_value(struct ask *q, const struct fit_reason *fit)
{
    switch (fit->kind) {
    case FIT_FIELD:
    case FIT_BROAD_FIELD:
        return present_field_code(q, fit->value);
    case FIT_FORM:
        return present_listed(q, "cooperation_form", fit->value);
    case FIT_COUNTRY:
        return present_country(q, fit->value);
    case FIT_READINESS:
    case FIT_KINDS:
        break;
    }
    return fit->value;
}

static void add_fits(struct ask *q, struct html_map *m, const struct match_hit *hit)
{
    for (size_t i = 0; i < hit->fits; i++) {
        struct html_map *item = html_item(m, "fits");
        html_text(item, "label", ask_label(q, "fit.", fit_kind_name(hit->fit[i].kind)));
        html_text(item, "value", fit_value(q, &hit->fit[i]));
    }
}

/* The record's title in the language it was asked with, which is the one that met something; without one, empty. */
static struct record_text title_for(const struct view_record *record,
                                    const struct match_hit *hit)
{
    struct record_text title = {.lang = hit->like.asked_lang};
    enum lang lang;
    if (lang_read(hit->like.asked_lang, &lang))
        title = record_title(record->kind, &record->payload, lang);
    return str_equal(title.lang, hit->like.asked_lang) ? title : (struct record_text){0};
}

static void add_hit(struct ask *q, struct html_map *list, const struct view_record *record,
                    const struct match_hit *hit, const struct pair *pair, size_t pairs)
{
    const struct view_record *r = &hit->record;
    struct html_map *m = html_item(list, "hits");
    struct str country = value_get_str(&r->payload, "country");
    struct record_text title = title_for(record, hit);
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(m, "band", match_band_name(hit->band));
    html_text(m, "band_label", ask_label(q, "band.", match_band_name(hit->band)));
    html_flag(m, "example", value_get(&r->payload, "example") != NULL);
    if (country.len > 0)
        html_text(m, "country", present_country(q, country));
    for (size_t i = 0; i < pairs && i < MATCH_SECTION_REASONS; i++)
        reasons_add(q, m, pair[i].reason, pair[i].share_permille);
    add_fits(q, m, hit);
    /* Organisations and persons say little of themselves: what they leave out is no missing term. */
    bool speaks = !r->kind->personal && !str_is(r->kind->name, "organization");
    if (speaks && title.text.len > 0)
        add_missed(q, m, &title, record, hit);
}

void match_section_list(struct ask *q, struct html_map *m, const struct view_record *record,
                        struct str heading, const struct match_hit *hit, size_t n)
{
    struct html_map *list = NULL;
    for (size_t i = 0; i < n; i++) {
        struct pair pair[LIKE_REASONS_MAX];
        size_t pairs = find_pairs(&hit[i], pair);
        if (pairs == 0) /* no reason, no rank */
            continue;
        if (list == NULL) {
            list = html_item(m, "matches");
            html_text(list, "heading", heading);
        }
        add_hit(q, list, record, &hit[i], pair, pairs);
    }
}

/* ---- the lists of a page ---- */

static void add_list(struct ask *q, const struct view_record *record, struct str kind,
                     struct str country, struct str heading)
{
    struct match_query query = {.doc = record->doc,
                                .kind = kind,
                                .country = country,
                                .reader = q->reader,
                                .limit = MATCH_SECTION_HITS,
                                .explain = true};
    struct match_hit *hit;
    size_t n = 0, kept = 0;
    if (view_match(q->view, q->arena, &query, &hit, &n) != CAU_OK)
        return; /* the page says all else */
    /* Who is not asked for by name must fit well. */
    bool answers = str_is(kind, "offer") || str_is(kind, "need");
    for (size_t i = 0; i < n; i++)
        if (answers || hit[i].band != MATCH_WEAK)
            hit[kept++] = hit[i];
    match_section_list(q, q->page, record, heading, hit, kept);
}

/* Partners of an organisation: in the countries, its own left out, that have most organisations. */
static void add_partners(struct ask *q, const struct view_record *record)
{
    const struct index_filter filter = {INDEX_KIND, STR("organization")};
    struct index_query query = {
        .reader = q->reader, .filter = &filter, .filter_count = 1, .facets = true};
    struct index_result found;
    struct str own = value_get_str(&record->payload, "country");
    size_t shown = 0;
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK)
        return;
    for (size_t i = 0; i < found.facet_count[INDEX_COUNTRY]; i++) {
        struct str code = found.facet[INDEX_COUNTRY][i].value;
        if (str_equal(code, own) || shown++ >= MATCH_SECTION_COUNTRIES)
            continue;
        struct str name = present_country(q, code);
        add_list(q, record, STR("organization"), code, ask_fill(q, "match.partners", &name, 1));
    }
}

/* What is looked for, by the kind of record it is to fit. */
static const struct wanted {
    const char *kind, *wanted, *heading;
} wanted[] = {
    {"need", "offer", "match.offers"},   {"need", "organization", "match.organizations"},
    {"need", "person", "match.experts"}, {"offer", "need", "match.needs"},
    {"product", "need", "match.needs"},  {"obstacle", "offer", "match.offers"},
};

bool match_section_has(const struct view_record *record)
{
    if (record->withdrawn || record->redacted)
        return false;
    for (size_t i = 0; i < countof(wanted); i++)
        if (str_is(record->kind->name, wanted[i].kind))
            return true;
    return str_is(record->kind->name, "organization");
}

void match_section_add(struct ask *q, const struct view_record *record)
{
    if (!match_section_has(record))
        return;
    for (size_t i = 0; i < countof(wanted); i++)
        if (str_is(record->kind->name, wanted[i].kind))
            add_list(q, record, str_of(wanted[i].wanted), (struct str){NULL, 0},
                     ask_say(q, wanted[i].heading));
    if (str_is(record->kind->name, "organization"))
        add_partners(q, record);
}

/* A page of its own: comparing texts across languages takes longer than showing a record. */
void match_page(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[1], &r))
        return;
    ask_title(q, ask_say(q, "match.title"));
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r.kind, &r.payload);
    html_text(m, "address", present_address(q, r.id));
    html_text(m, "kind", present_label(q, r.kind->label));
    match_section_add(q, &r);
    ask_page(q, "match");
}
