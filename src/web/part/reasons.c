#include "web/part/reasons.h"

#include "base/asset.h"
#include "base/utf8.h"
#include "exchange/lexicon/lexicon_make.h"
#include "language/fold.h"
#include "web/part/present.h"

enum { SHORT_POINTS = 2, SOURCES_BYTES_MAX = 1 << 12 };

/* ---- words that say nothing alone ---- */

bool reasons_little(struct str word)
{
    const struct asset *list = asset_find(STR("pages/little-words.txt"));
    must(list != NULL);
    for (struct str rest = list->bytes; rest.len > 0;) {
        struct str line = str_next(&rest, '\n');
        while (line.len > 0)
            if (fold_same(str_next(&line, ' '), word))
                return true;
    }
    return false;
}

bool reasons_tell(const struct index_reason *r)
{
    size_t x = utf8_count(r->query_word), y = utf8_count(r->text_word);
    if (x <= 1 || y <= 1 || (x <= SHORT_POINTS && y <= SHORT_POINTS))
        return false;
    return !reasons_little(r->query_word) && !reasons_little(r->text_word);
}

/* ---- who says so ---- */

struct str reasons_sources(struct ask *q, const struct index_reason *r)
{
    struct buf b = buf_new(SOURCES_BYTES_MAX);
    for (struct str rest = r->sources; rest.len > 0;) {
        struct str name = str_trim(str_next(&rest, ','));
        if (b.len > 0)
            buf_add(&b, STR(", "));
        buf_add(&b, ask_label(q, "source.", name));
    }
    struct str out = b.failed ? r->sources : ask_keep(q, &b);
    buf_free(&b);
    return out;
}

/* Of the terms that have both words the best one, which anybody may read. */
struct str reasons_term(struct ask *q, const struct index_reason *r)
{
    const struct str none = {NULL, 0};
    bool own = false;
    for (struct str rest = r->sources; rest.len > 0;)
        own = own || str_is(str_trim(str_next(&rest, ',')), LEXICON_MAKE_TERMS);
    if (!own)
        return none;
    struct actor anyone = actor_anonymous();
    const struct index_filter filter[] = {{INDEX_KIND, STR("term")}};
    struct index_query query = {
        .text = ask_print(q, "%.*s %.*s", STR_ARG(r->query_word), STR_ARG(r->text_word)),
        .reader = actor_reader(&anyone),
        .filter = filter,
        .filter_count = 1,
        .limit = 1};
    struct index_result found;
    struct view_record record;
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK ||
        found.hit_count == 0 ||
        view_get(q->view, q->arena, query.reader, found.hit[0].doc, &record) != CAU_OK)
        return none;
    return present_address(q, record.id);
}

void reasons_add(struct ask *q, struct html_map *to, const struct index_reason *r,
                 uint32_t share_permille)
{
    struct html_map *m = html_item(to, "reasons");
    html_text(m, "query_word", r->query_word);
    html_text(m, "text_word", r->text_word);
    html_text(m, "text_lang", r->text_lang);
    html_number(m, "share", (share_permille + 5) / 10);
    html_text(m, "channel", ask_label(q, "channel.", index_channel_name(r->channel)));
    html_text(m, "sources", reasons_sources(q, r));
    html_text(m, "term", reasons_term(q, r));
}

/* ---- what is missing ---- */

struct str reasons_propose(struct ask *q, struct str text, struct str lang, struct str record)
{
    struct buf b = buf_new(REASONS_PROPOSE_BYTES_MAX);
    http_escape(&b, text);
    struct str out = {NULL, 0};
    if (!b.failed)
        out =
            ask_print(q, "/%.*s/terms/new?lang=%.*s%s%.*s&word=%.*s",
                      STR_ARG(lang_code(q->lang)), STR_ARG(lang),
                      record.len > 0 ? "&record=" : "", STR_ARG(record), STR_ARG(buf_str(&b)));
    buf_free(&b);
    return out;
}
