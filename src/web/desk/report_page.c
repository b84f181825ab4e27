#include "base/clock.h"
#include "base/number.h"
#include "exchange/paper/report_paper.h"
#include "web/desk/desk_pages.h"
#include "web/part/paper_page.h"
#include "web/part/present.h"
#include "web/serve/kept.h"

enum { YEARS_SHOWN = 150 };

/* The country asked for, else the node's; empty: there is no such code. */
static struct str read_country(struct ask *q)
{
    struct str code = ask_query(q, "country");
    if (code.len == 0)
        code = node_config(q->site->node)->country;
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("country"));
    return list == NULL || kind_find_code(list, code) == NULL ? (struct str){NULL, 0} : code;
}

static bool read_year(struct str text, int *out)
{
    uint64_t year;
    if (number_read(text, REPORT_YEAR_MAX, &year) != CAU_OK || year < REPORT_YEAR_MIN)
        return false;
    *out = (int)year;
    return true;
}

static struct str address_of(struct ask *q, int year, struct str country)
{
    return ask_print(q, "/%.*s/report/%d?country=%.*s", STR_ARG(lang_code(q->lang)), year,
                     STR_ARG(country));
}

void report_choose(struct ask *q)
{
    struct str country = read_country(q);
    struct report_choices choices;
    int year;
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    if (country.len == 0) {
        ask_error(q, 404);
        return;
    }
    if (read_year(ask_query(q, "year"), &year)) {
        ask_go(q, address_of(q, year, country));
        return;
    }
    enum cau_err err =
        report_choose_from(q->arena, d, q->reader, desk_country_of(country), &choices);
    bool dated = err == CAU_OK && choices.dated;
    ask_go(q, address_of(q, dated ? choices.last : clock_date_of(clock_now_ms()).year - 1,
                         country));
}

/* ---- what can be chosen ---- */

static void add_years(struct ask *q, const struct report_choices *choices, int year)
{
    int first = choices->dated && choices->first < year ? choices->first : year;
    int last = choices->dated && choices->last > year ? choices->last : year;
    for (int y = last; y >= first && (last - y < YEARS_SHOWN || y == year); y--) {
        struct html_map *m = html_item(q->page, "years");
        html_text(m, "year", ask_print(q, "%d", y));
        html_flag(m, "chosen", y == year);
    }
}

static void add_country(struct ask *q, struct str code, bool chosen)
{
    struct html_map *m = html_item(q->page, "countries");
    html_text(m, "code", code);
    html_text(m, "label", present_country(q, code));
    html_flag(m, "chosen", chosen);
}

static void add_countries(struct ask *q, const struct report_choices *choices,
                          struct str chosen)
{
    bool found = false;
    for (size_t i = 0; i < choices->n; i++) {
        char space[2];
        struct str code = desk_country(choices->country[i], space);
        bool this = str_equal(code, chosen);
        add_country(q, ask_print(q, "%.*s", STR_ARG(code)), this);
        found = found || this;
    }
    if (!found)
        add_country(q, chosen, true);
}

static void add_choices(struct ask *q, const struct desk *d, struct str country, int year)
{
    struct report_choices choices;
    if (report_choose_from(q->arena, d, q->reader, desk_country_of(country), &choices) !=
        CAU_OK) {
        q->model.failed = true;
        return;
    }
    add_years(q, &choices, year);
    add_countries(q, &choices, country);
}

/* ---- the report ---- */

static bool make_paper(struct ask *q, const struct desk *d, int year, struct str country,
                       struct paper *out)
{
    const struct report_ask ask = {year, desk_country_of(country), &q->actor, q->reader};
    const struct report_paper_from from = {q->view, d, q->site->kinds, q->reader, q->lang};
    struct report r;
    enum cau_err err = report_make(q->view, q->arena, d, q->site->kinds, &ask, &r);
    if (err == CAU_OK)
        err = report_paper(q->arena, &r, &from, out);
    if (err != CAU_OK)
        ask_error(q, err == CAU_ERR_CORRUPT ? 500 : 503);
    return err == CAU_OK;
}

/* The report as a part of the page: kept while the logs stand as they are, for each who sees the same of them and may
 * follow the same interests. */
static bool write_part(struct ask *q, const struct desk *d, int year, struct str country,
                       struct buf *out)
{
    struct str key =
        ask_print(q, "%u %u %u %u %.*s", q->reader.audiences, q->reader.owner, q->actor.roles,
                  q->actor.organization_doc, STR_ARG(address_of(q, year, country)));
    uint64_t version = ask_log_version(q);
    struct paper p;
    if (version != 0 && kept_find(q->site->parts, key, version, out))
        return true;
    if (!make_paper(q, d, year, country, &p))
        return false;
    if (paper_write_part(&p, out) != CAU_OK) {
        ask_error(q, 503);
        return false;
    }
    if (version != 0)
        kept_put(q->site->parts, key, version, buf_str(out));
    return true;
}

static void send_page(struct ask *q, const struct desk *d, int year, struct str country)
{
    struct buf part = buf_new(HTTP_ANSWER_BYTES_MAX);
    const struct str slot[] = {
        kind_code_label(kinds_find_list(q->site->kinds, STR("country")), country, q->lang),
        ask_print(q, "%d", year)};
    if (write_part(q, d, year, country, &part)) {
        ask_title(q, ask_fill(q, "report.title", slot, countof(slot)));
        add_choices(q, d, country, year);
        struct html_map *m = html_item(q->page, "paper");
        html_part(m, "made", buf_str(&part));
        paper_page_formats(q, m, address_of(q, year, country));
        ask_page(q, "report");
    }
    buf_free(&part);
}

void report_page(struct ask *q)
{
    struct str country = read_country(q);
    enum paper_format f;
    struct paper p;
    int year;
    if (country.len == 0 || !read_year(q->part[1], &year)) {
        ask_error(q, 404);
        return;
    }
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    if (!paper_read_format(ask_query(q, "format"), &f))
        send_page(q, d, year, country);
    else if (make_paper(q, d, year, country, &p))
        paper_send(q, &p, f, ask_print(q, "report-%.*s-%d", STR_ARG(country), year));
}
