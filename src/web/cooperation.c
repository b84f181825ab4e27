#include "base/clock.h"
#include "web/pages_int.h"
#include "web/present.h"
#include "web/route.h"

/* What the work of two countries together consists of, in the order of an official's year. */
static const struct entry {
    const char *title, *help; /* words */
    const char *kind[2];      /* counted, all of them */
    const char *route;        /* its page; the list of the first kind while there is none */
} entry_list[] = {
    {"cooperation.agreements",
     "cooperation.agreements.help",
     {"agreement", NULL},
     "agreements"},
    {"cooperation.mechanisms", "cooperation.mechanisms.help", {"mechanism", NULL}, NULL},
    {"cooperation.sessions", "cooperation.sessions.help", {"session", NULL}, NULL},
    {"cooperation.commitments", "cooperation.commitments.help", {"commitment", NULL}, NULL},
    {"cooperation.portfolio",
     "cooperation.portfolio.help",
     {"project", "programme"},
     "portfolio"},
    {"cooperation.obstacles", "cooperation.obstacles.help", {"obstacle", NULL}, "obstacles"},
    {"cooperation.figures", "cooperation.figures.help", {"indicator", NULL}, "figures"},
};

static bool has_route(const char *name)
{
    for (size_t i = 0; i < route_count; i++)
        if (str_is(str_of(route_list[i].name), name))
            return true;
    return false;
}

static int64_t count_of(const struct index_result *counted, const char *kind)
{
    for (size_t i = 0; kind != NULL && i < counted->facet_count[INDEX_KIND]; i++)
        if (str_is(counted->facet[INDEX_KIND][i].value, kind))
            return counted->facet[INDEX_KIND][i].n;
    return 0;
}

static void add_entry(struct ask *q, const struct entry *e, const struct index_result *counted)
{
    struct html_map *m = html_item(q->page, "entries");
    bool own = e->route != NULL && has_route(e->route);
    html_text(m, "title", ask_say(q, e->title));
    html_text(m, "help", ask_say(q, e->help));
    html_text(m, "count",
              ask_number(q, count_of(counted, e->kind[0]) + count_of(counted, e->kind[1])));
    html_text(
        m, "address",
        ask_print(q, "/%.*s/%s", STR_ARG(lang_code(q->lang)), own ? e->route : e->kind[0]));
}

/* The report on the last year that is over. */
static void add_report(struct ask *q)
{
    if (!has_route("report"))
        return;
    int year = clock_date_of(clock_now_ms()).year - 1;
    struct html_map *m = html_item(q->page, "entries");
    html_text(m, "title", ask_say(q, "cooperation.report"));
    html_text(m, "help", ask_say(q, "cooperation.report.help"));
    html_text(m, "address", ask_print(q, "/%.*s/report/%d", STR_ARG(lang_code(q->lang)), year));
}

void cooperation_page(struct ask *q)
{
    struct index_result counted;
    struct index_query query = {.reader = q->reader, .facets = true};
    if (index_search(node_index(q->site->node), q->arena, &query, &counted) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "cooperation.title"));
    for (size_t i = 0; i < countof(entry_list); i++)
        add_entry(q, &entry_list[i], &counted);
    add_report(q);
    ask_page(q, "cooperation");
}
