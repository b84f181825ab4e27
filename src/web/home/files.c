#include "base/asset.h"
#include "web/home/home.h"

static const struct served {
    struct str name, asset; /* as in addresses, as in the program */
    const char *type;
} served[] = {
    {{"govuk.css", 9}, {"asset/govuk.css", 15}, "text/css; charset=utf-8"},
    {{"cau.css", 7}, {"pages/cau.css", 13}, "text/css; charset=utf-8"},
    {{"cau.svg", 7}, {"pages/cau.svg", 13}, "image/svg+xml"},
    {{"inter-latin.woff2", 17}, {"asset/inter-latin.woff2", 23}, "font/woff2"},
    {{"inter-latin-ext.woff2", 21}, {"asset/inter-latin-ext.woff2", 27}, "font/woff2"},
    {{"inter-vietnamese.woff2", 22}, {"asset/inter-vietnamese.woff2", 28}, "font/woff2"},
    {{"inter-cyrillic.woff2", 20}, {"asset/inter-cyrillic.woff2", 26}, "font/woff2"},
};

static void serve(struct ask *q, struct str name, const char *cache)
{
    for (size_t i = 0; i < countof(served); i++) {
        const struct asset *file =
            str_equal(served[i].name, name) ? asset_find(served[i].asset) : NULL;
        if (file == NULL)
            continue;
        ask_static(q, served[i].type, file->bytes, cache);
        return;
    }
    ask_error(q, 404);
}

/* The version is in the address: what it names never changes. */
void files_asset(struct ask *q)
{
    if (str_is(q->part[0], q->site->version))
        serve(q, q->part[1], "public, max-age=31536000, immutable");
    else
        ask_error(q, 404);
}

void files_icon(struct ask *q)
{
    serve(q, STR("cau.svg"), "public, max-age=86400");
}

void files_robots(struct ask *q)
{
    ask_static(q, "text/plain; charset=utf-8",
               STR("User-agent: *\n"
                   "Disallow: /vi/search\nDisallow: /ru/search\nDisallow: /en/search\n"
                   "Disallow: /vi/sign-in\nDisallow: /ru/sign-in\nDisallow: /en/sign-in\n"),
               "public, max-age=86400");
}

/* For a supervisor or a proxy: 200 while the node writes, 503 while it only reads. */
void files_health(struct ask *q)
{
    static const char *const state[] = {[NODE_NORMAL] = "ok\n",
                                        [NODE_ROLLED_BACK] = "rolled back\n",
                                        [NODE_DAMAGED] = "damaged\n",
                                        [NODE_FULL] = "full\n"};
    enum node_state now = node_state(q->site->node);
    q->answer->status = now == NODE_NORMAL ? 200 : 503;
    ask_bytes(q, "text/plain; charset=utf-8", str_of(state[now]));
}
