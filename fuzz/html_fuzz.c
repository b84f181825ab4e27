/* A value in every place of a page never breaks out of it; a skeleton of any bytes is read or refused. */
#include "web/serve/html.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char page[] =
    "<p title=\"{{v}}\">{{v}}</p><a href=\"{{v}}\">x</a><a href=\"/a?b={{v}}\">y</a>"
    "{{#l}}<i class=\"a {{v}}\">{{v}}</i>{{/l}}";

/* The page as it must be: between these literals only escaped text may stand. */
static const char *const literal[] = {
    "<p title=\"", "\">", "</p><a href=\"", "\">x</a><a href=\"/a?b=", "\">y</a><i class=\"a ",
    "\">",         "</i>"};

static bool is_safe(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if (x.p[i] == '<' || x.p[i] == '>' || x.p[i] == '"' || x.p[i] == '\'')
            return false;
    return true;
}

static size_t find(struct str x, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= x.len; i++)
        if (memcmp(x.p + i, word, n) == 0)
            return i;
    return x.len;
}

static void check_page(struct str out)
{
    for (size_t i = 0; i < countof(literal); i++) {
        size_t at = find(out, literal[i]);
        must(at < out.len);
        must(is_safe(str_to(out, at)));
        if (i == 3) { /* what stood in href: an address of the list, or # */
            struct str href = str_to(out, at);
            must(href.len > 0 && (href.p[0] == '#' || href.p[0] == '/' || href.p[0] == '?' ||
                                  (href.p[0] | 32) == 'h' || (href.p[0] | 32) == 'm'));
            must(!str_starts(href, STR("//")));
        }
        out = str_from(out, at + strlen(literal[i]));
    }
    must(out.len == 0);
}

static void try_value(struct arena *a, struct str value)
{
    struct html *h;
    struct html_fault fault;
    const struct asset file = {STR("pages/page.html"), {page, sizeof page - 1}};
    must(html_load(a, &file, 1, &h, &fault) == CAU_OK);
    struct html_model model;
    struct html_map *m = html_begin(&model, a);
    html_text(m, "v", value);
    html_text(html_item(m, "l"), "v", value);
    struct buf b = buf_new(16 << 20);
    must(html_write(h, "page", LANG_EN, m, &b));
    check_page(buf_str(&b));
    buf_free(&b);
}

static void try_skeleton(struct arena *a, struct str text)
{
    struct html *h;
    struct html_fault fault;
    const struct asset file = {STR("pages/page.html"), text};
    if (html_load(a, &file, 1, &h, &fault) != CAU_OK)
        return;
    struct html_model model;
    struct html_map *m = html_begin(&model, a);
    html_text(m, "a", STR("<\">'"));
    html_flag(m, "f", true);
    html_text(html_item(m, "l"), "a", STR("x"));
    struct buf b = buf_new(1 << 20);
    (void)html_write(h, "page", LANG_RU, m, &b);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char space[16 << 20];
    struct arena a = {space, sizeof space, 0};
    if (size == 0)
        return 0;
    struct str x = {(const char *)data + 1, size - 1};
    if (data[0] % 2 == 0)
        try_value(&a, x);
    else
        try_skeleton(&a, x);
    return 0;
}
