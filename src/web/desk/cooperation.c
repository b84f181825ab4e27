#include "web/desk/desk_pages.h"
#include "web/part/present.h"

/* What the work of two countries together consists of, in the order of an official's year. */
static const struct entry {
    const char *title, *help; /* words */
    const char *address;      /* after the language */
    const char *kind[2];      /* counted, all of them; NULL: none */
} entry_list[] = {
    {"cooperation.agreements",
     "cooperation.agreements.help",
     "agreements",
     {"agreement", NULL}},
    {"cooperation.mechanisms", "cooperation.mechanisms.help", "mechanism", {"mechanism", NULL}},
    {"cooperation.sessions", "cooperation.sessions.help", "session", {"session", NULL}},
    {"cooperation.commitments",
     "cooperation.commitments.help",
     "commitment",
     {"commitment", NULL}},
    {"cooperation.portfolio",
     "cooperation.portfolio.help",
     "portfolio",
     {"project", "programme"}},
    {"cooperation.obstacles", "cooperation.obstacles.help", "obstacles", {"obstacle", NULL}},
    {"cooperation.figures", "cooperation.figures.help", "figures", {"indicator", NULL}},
    {"cooperation.report", "cooperation.report.help", "report", {NULL, NULL}},
};

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
    html_text(m, "title", ask_say(q, e->title));
    html_text(m, "help", ask_say(q, e->help));
    html_text(m, "address", ask_print(q, "/%.*s/%s", STR_ARG(lang_code(q->lang)), e->address));
    if (e->kind[0] != NULL)
        html_text(m, "count",
                  ask_number(q, count_of(counted, e->kind[0]) + count_of(counted, e->kind[1])));
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
    ask_page(q, "cooperation");
}
