/* Saved searches: the page of a person's own, and the feed of one of them. */
#include "domain/people/saved.h"

#include "base/clock.h"
#include "base/number.h"
#include "web/part/present.h"
#include "web/search/results.h"
#include "web/search/search.h"

enum { FEED_ENTRIES = 50 };

/* The search that was saved, as its reader may ask it; filter is where its filters go. */
static enum cau_err read_search(struct ask *q, struct str saved, struct index_reader reader,
                                struct results *r,
                                struct index_filter filter[INDEX_FILTERS_MAX],
                                struct index_query *query)
{
    struct http_fields fields;
    enum cau_err err = http_read_query(q->arena, saved, HTTP_QUERY_FIELDS_MAX, &fields);
    if (err != CAU_OK)
        return err;
    results_read_fields(&fields, NULL, r);
    *query = (struct index_query){.text = r->text,
                                  .lang = r->lang,
                                  .reader = reader,
                                  .filter = filter,
                                  .filter_count = results_filters(q, r, filter)};
    return CAU_OK;
}

/* ---- the page ---- */

static void add_fresh(struct ask *q, struct html_map *m, const struct saved_news *news)
{
    html_number(m, "new", news->n);
    html_flag(m, "more", news->more);
    for (size_t i = 0; i < news->docs; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, news->doc[i], &r) != CAU_OK)
            continue;
        struct html_map *fresh = html_item(m, "fresh");
        present_title(q, fresh, r.kind, &r.payload);
        html_text(fresh, "address", present_address(q, r.id));
        html_text(fresh, "kind", present_label(q, r.kind->label));
    }
}

static void add_search(struct ask *q, const struct local_search *s, struct str feed)
{
    struct html_map *m = html_item(q->page, "searches");
    struct results r;
    struct index_filter filter[INDEX_FILTERS_MAX];
    struct index_query query;
    struct saved_news news;
    html_text(m, "id", ask_print(q, "%u", s->id));
    html_text(m, "name", s->name);
    html_text(m, "seen", ask_time(q, s->seen_ms));
    html_flag(m, "has_feed", s->has_feed);
    if (feed.len > 0)
        html_text(html_item(m, "feed"), "address", feed);
    enum cau_err err = read_search(q, s->query, q->reader, &r, filter, &query);
    struct str words = err == CAU_OK ? results_words(q, &r) : (struct str){NULL, 0};
    if (!str_equal(words, s->name)) /* who gave it no name of its own needs not read it twice */
        html_text(m, "words", words);
    if (err == CAU_OK)
        err = saved_news(q->site->node, q->view, q->arena, s, &query, &news);
    if (err == CAU_OK)
        add_fresh(q, m, &news);
    html_flag(m, "broken", err != CAU_OK);
}

/* feed_of: the search whose new feed address is shown, this once; 0 for none. */
static void show(struct ask *q, uint32_t feed_of, struct str feed)
{
    struct local_search *list;
    size_t n = 0;
    if (local_search_list(view_store(q->view), q->arena, q->user.id, &list, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "saved.title"));
    for (size_t i = 0; i < n; i++)
        add_search(q, &list[i], list[i].id == feed_of ? feed : (struct str){NULL, 0});
    if (n == LOCAL_SEARCHES_MAX)
        html_number(q->page, "limit", LOCAL_SEARCHES_MAX);
    ask_token(q, q->page, "token_open", "search-open");
    ask_token(q, q->page, "token_feed", "search-feed");
    ask_token(q, q->page, "token_drop", "search-drop");
    ask_page(q, "searches");
}

void saved_list(struct ask *q)
{
    show(q, 0, (struct str){NULL, 0});
}

static void go_back(struct ask *q, const char *done)
{
    ask_go(q,
           ask_print(q, "/%.*s/account/searches?done=%s", STR_ARG(lang_code(q->lang)), done));
}

void saved_keep(struct ask *q)
{
    struct results r;
    struct index_filter filter[INDEX_FILTERS_MAX];
    struct index_query query;
    struct register_outcome out;
    uint32_t id = 0;
    /* What is kept is what we read of it, not what was sent. */
    if (read_search(q, ask_form(q, "query"), q->reader, &r, filter, &query) != CAU_OK) {
        ask_error(q, 400);
        return;
    }
    enum register_why why = saved_add(q->site->node, &q->actor, ask_form(q, "name"),
                                      results_query(q, &r), q->lang, &id, &out);
    if (why == REGISTER_DONE) {
        go_back(q, "search_saved");
    } else if (why == REGISTER_PROBLEMS || why == REGISTER_STATE) {
        q->answer->status = why == REGISTER_STATE ? 409 : 400;
        struct str most =
            ask_number(q, why == REGISTER_STATE ? LOCAL_SEARCHES_MAX : SAVED_NAME_POINTS_MAX);
        html_text(
            q->page, "problem",
            ask_fill(q, why == REGISTER_STATE ? "saved.too_many" : "saved.bad_name", &most, 1));
        show(q, 0, (struct str){NULL, 0});
    } else {
        ask_refused(q, why);
    }
}

static uint32_t id_of(const struct ask *q)
{
    uint64_t n = 0;
    return number_read(q->part[1], UINT32_MAX, &n) == CAU_OK ? (uint32_t)n : 0;
}

void saved_open(struct ask *q)
{
    struct local_search s;
    struct results r;
    struct index_filter filter[INDEX_FILTERS_MAX];
    struct index_query query;
    if (local_search_get(view_store(q->view), q->arena, q->user.id, id_of(q), &s) != CAU_OK ||
        read_search(q, s.query, q->reader, &r, filter, &query) != CAU_OK) {
        ask_error(q, 404);
        return;
    }
    enum register_why why = saved_look(q->site->node, &q->actor, s.id);
    if (why != REGISTER_DONE) {
        ask_refused(q, why);
        return;
    }
    r.order = INDEX_NEWEST;
    ask_go(q, results_address(q, &r, NULL, NULL, 1));
}

void saved_drop(struct ask *q)
{
    enum register_why why = saved_remove(q->site->node, &q->actor, id_of(q));
    if (why == REGISTER_DONE)
        go_back(q, "search_removed");
    else
        ask_refused(q, why);
}

/* ---- feeds ---- */

void saved_change_feed(struct ask *q)
{
    char token[SAVED_TOKEN_CHARS];
    uint32_t id = id_of(q);
    bool make = str_is(ask_form(q, "what"), "make");
    enum register_why why = make ? saved_feed(q->site->node, &q->actor, id, token)
                                 : saved_feed_stop(q->site->node, &q->actor, id);
    if (why != REGISTER_DONE) {
        ask_refused(q, why);
    } else if (!make) {
        go_back(q, "feed_stopped");
    } else {
        /* A view of after the change; the address is shown on this answer and never again. */
        view_give(q->site->node, q->view);
        q->view = view_take(q->site->node);
        show(q, id,
             ask_print(q, "%.*s/feed/%.*s", STR_ARG(ask_origin(q)), (int)sizeof token, token));
    }
}

static void add_element(struct buf *b, const char *name, struct str text)
{
    buf_printf(b, "<%s>", name);
    html_escape(b, text);
    buf_printf(b, "</%s>\n", name);
}

static void add_time(struct buf *b, const char *name, int64_t ms)
{
    char text[20];
    clock_write_time(ms, text);
    add_element(b, name, (struct str){text, sizeof text});
}

static void add_entry(struct ask *q, struct buf *b, const struct view_record *r)
{
    struct record_text title = record_title(r->kind, &r->payload, q->lang);
    struct str site = ask_origin(q);
    buf_add_word(b, "<entry>\n");
    buf_add_word(b, "<title xml:lang=\"");
    html_escape(b, title.lang);
    buf_add_word(b, "\">");
    html_escape(b, title.text);
    buf_add_word(b, "</title>\n");
    add_element(b, "id",
                ask_print(q, "tag:%.*s,2026:%.*s", STR_ARG(node_config(q->site->node)->name),
                          STR_ARG(r->id)));
    add_time(b, "published", r->made_ms);
    add_time(b, "updated", r->time_ms);
    buf_add_word(b, "<category term=\"");
    html_escape(b, r->kind->name);
    buf_add_word(b, "\" label=\"");
    html_escape(b, present_label(q, r->kind->label));
    buf_add_word(b, "\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"");
    html_escape(b, ask_print(q, "%.*s%.*s", STR_ARG(site), STR_ARG(present_address(q, r->id))));
    buf_add_word(b, "\"/>\n</entry>\n");
}

/* RFC 4287; the newest records first. Whoever has the address sees it: nothing private is in it. */
static void write_feed(struct ask *q, const struct local_search *s,
                       const struct index_result *found, struct index_reader reader)
{
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX), entries = buf_new(HTTP_ANSWER_BYTES_MAX);
    int64_t updated = s->made_ms;
    for (size_t i = 0; i < found->hit_count; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, reader, found->hit[i].doc, &r) != CAU_OK)
            continue;
        updated = r.time_ms > updated ? r.time_ms : updated;
        add_entry(q, &entries, &r);
    }
    struct str node = node_config(q->site->node)->name;
    buf_add_word(&b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                     "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    buf_add(&b, lang_code(q->lang));
    buf_add_word(&b, "\">\n");
    add_element(&b, "title", ask_print(q, "%.*s · Cầu", STR_ARG(s->name)));
    add_element(&b, "id", ask_print(q, "tag:%.*s,2026:search-%u", STR_ARG(node), s->id));
    add_time(&b, "updated", updated);
    buf_add_word(&b, "<author>");
    add_element(&b, "name", node);
    buf_add_word(&b, "</author>\n");
    buf_add(&b, buf_str(&entries));
    buf_add_word(&b, "</feed>\n");
    if (b.failed || entries.failed || q->model.failed)
        ask_error(q, 503);
    else
        ask_bytes(q, "application/atom+xml; charset=utf-8", buf_str(&b));
    buf_free(&b);
    buf_free(&entries);
}

void saved_atom(struct ask *q)
{
    struct local_search s;
    struct index_reader reader;
    struct results r;
    struct index_filter filter[INDEX_FILTERS_MAX];
    struct index_query query;
    struct index_result found;
    if (saved_of_feed(q->view, q->arena, q->part[0], &s, &reader) != CAU_OK ||
        read_search(q, s.query, reader, &r, filter, &query) != CAU_OK) {
        ask_error(q, 404);
        return;
    }
    (void)lang_read(s.lang, &q->lang);
    query.order = INDEX_NEWEST;
    query.limit = FEED_ENTRIES;
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK)
        ask_error(q, 503);
    else
        write_feed(q, &s, &found, reader);
}
