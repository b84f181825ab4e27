#include "base/asset.h"
#include "web/home/home.h"
#include "web/part/markdown.h"

/* What anyone may see of a log; the private one is named and counted for staff only. */
static bool shows_log(const struct ask *q, enum record_audience audience)
{
    return audience == RECORD_PUBLIC ||
           (audience == RECORD_PARTNER ? q->signed_in : ask_may(q, MAY_STAFF, NULL, NULL));
}

static void add_log(struct ask *q, enum record_audience audience)
{
    struct view_log log;
    if (view_log(q->view, q->arena, audience, &log) != CAU_OK)
        return;
    struct html_map *m = html_item(q->page, "logs");
    struct str name = record_audience_name(audience);
    html_text(m, "name", name);
    html_text(m, "label", ask_label(q, "about.log.", name));
    html_flag(m, "public", audience == RECORD_PUBLIC);
    html_text(m, "origin", log.origin);
    html_text(m, "size", ask_number(q, (int64_t)log.size));
    html_text(m, "signed_size", ask_number(q, (int64_t)log.signed_size));
    html_text(m, "time", ask_time(q, log.signed_ms));
    html_text(m, "checkpoint", log.checkpoint);
    html_text(m, "key", log.verifier_key);
    struct digest d = digest_of(log.verifier_key);
    html_text(m, "fingerprint", ask_hex(q, &d));
}

void about_page(struct ask *q)
{
    const struct node_config *config = node_config(q->site->node);
    const struct kind_list *countries = kinds_find_list(q->site->kinds, STR("country"));
    ask_title(q, ask_say(q, "about.title"));
    html_text(q->page, "country", kind_code_label(countries, config->country, q->lang));
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++)
        if (shows_log(q, (enum record_audience)i))
            add_log(q, (enum record_audience)i);
    ask_page(q, "about");
}

void about_accessibility(struct ask *q)
{
    ask_title(q, ask_say(q, "accessibility.title"));
    ask_page(q, "accessibility");
}

void about_help(struct ask *q)
{
    static const struct str name[LANG_COUNT] = {
        {"docs/vi/guide.md", 16}, {"docs/ru/guide.md", 16}, {"docs/en/guide.md", 16}};
    const struct asset *guide = asset_find(name[q->lang]);
    ask_title(q, ask_say(q, "help.title"));
    if (guide == NULL ||
        markdown_write(q->arena, q->page, html_item(q->page, "guide"), guide->bytes) != CAU_OK)
        ask_error(q, 500);
    else
        ask_page(q, "help");
}
