#include "base/clock.h"
#include "base/file.h"
#include "cli/commands_int.h"
#include "domain/actor.h"
#include "record/json.h"
#include "view/match.h"

#include <stdio.h>
#include <string.h>

#define BATCH_BYTES_MAX ((size_t)256 << 20)

/* A search or a match, as the options say it. */
struct finding {
    struct command_call *call;
    struct node *node;
    struct view *view;
    bool matches; /* else searches */
    struct index_query search;
    struct index_filter filter[2];
    struct match_query match;
    bool json, explain;
};

static bool read_options(struct finding *f)
{
    struct command_call *c = f->call;
    uint64_t limit;
    if (!command_number(c, "limit", INDEX_HITS_MAX, 20, &limit))
        return false;
    struct actor self = actor_operator();
    struct str lang = str_of(command_option(c, "lang")),
               kind = str_of(command_option(c, "kind")),
               country = str_of(command_option(c, "country"));
    f->json = command_flag(c, "json");
    f->explain = command_flag(c, "explain");
    f->match = (struct match_query){.lang = lang,
                                    .kind = kind,
                                    .country = country,
                                    .reader = actor_reader(&self),
                                    .limit = (size_t)limit,
                                    .explain = f->explain};
    f->search = (struct index_query){.lang = lang,
                                     .reader = f->match.reader,
                                     .filter = f->filter,
                                     .limit = (size_t)limit,
                                     .explain = f->explain};
    if (kind.len > 0)
        f->filter[f->search.filter_count++] = (struct index_filter){INDEX_KIND, kind};
    if (country.len > 0)
        f->filter[f->search.filter_count++] = (struct index_filter){INDEX_COUNTRY, country};
    return true;
}

/* ---- what is printed ---- */

static enum cau_err set_text(struct arena *a, struct value *out, const char *key,
                             struct str text)
{
    return text.len == 0 ? CAU_OK : value_set(a, out, str_of(key), value_string(text));
}

static enum cau_err add_reason(struct arena *a, const struct index_reason *r,
                               struct value *list)
{
    struct value one = value_object();
    enum cau_err err = set_text(a, &one, "query", r->query_word);
    if (err == CAU_OK)
        err = set_text(a, &one, "text", r->text_word);
    if (err == CAU_OK)
        err = value_set(a, &one, STR("share_permille"), value_integer(r->share_permille));
    if (err == CAU_OK)
        err = set_text(a, &one, "channel", index_channel_name(r->channel));
    if (err == CAU_OK)
        err = set_text(a, &one, "source", r->sources);
    return err == CAU_OK ? value_push(a, list, one) : err;
}

static enum cau_err add_fit(struct arena *a, const struct fit_reason *r, struct value *list)
{
    struct value one = value_object();
    enum cau_err err = set_text(a, &one, "channel", fit_kind_name(r->kind));
    if (err == CAU_OK)
        err = set_text(a, &one, "text", r->value);
    if (err == CAU_OK)
        err = value_set(a, &one, STR("points"), value_integer(r->points));
    return err == CAU_OK ? value_push(a, list, one) : err;
}

/* "id" to "score" of a hit; its language is that of the text given, or of the title. */
static enum cau_err hit_value(struct arena *a, const struct view_record *r, struct str lang,
                              int64_t score, struct value *out)
{
    enum lang wanted = LANG_EN;
    (void)lang_read(lang, &wanted);
    struct record_text title = record_title(r->kind, &r->payload, wanted);
    *out = value_object();
    enum cau_err err = set_text(a, out, "id", r->id);
    if (err == CAU_OK)
        err = set_text(a, out, "external_id", r->external_id);
    if (err == CAU_OK)
        err = set_text(a, out, "kind", r->kind->name);
    if (err == CAU_OK)
        err = set_text(a, out, "lang", title.lang.p == NULL ? STR("und") : title.lang);
    if (err == CAU_OK)
        err = set_text(a, out, "title", title.text.p == NULL ? r->id : title.text);
    return err == CAU_OK ? value_set(a, out, STR("score"), value_integer(score)) : err;
}

static enum cau_err search_value(struct arena *a, struct finding *f,
                                 const struct index_hit *hit, struct value *out)
{
    struct view_record record;
    struct value reasons = value_array();
    enum cau_err err = view_get(f->view, a, f->search.reader, hit->doc, &record);
    if (err == CAU_OK)
        err = hit_value(a, &record, f->search.lang, hit->score, out);
    for (size_t i = 0; i < hit->reason_count && err == CAU_OK; i++)
        err = add_reason(a, &hit->reason[i], &reasons);
    return err == CAU_OK && f->explain ? value_set(a, out, STR("reasons"), reasons) : err;
}

/* The score of a match is its likeness, 0 to 65536. */
static enum cau_err match_value(struct arena *a, struct finding *f, const struct match_hit *hit,
                                struct value *out)
{
    struct value reasons = value_array();
    enum cau_err err = hit_value(a, &hit->record, hit->like.lang, hit->like.likeness, out);
    if (err == CAU_OK)
        err = value_set(a, out, STR("rank"), value_integer(hit->rank));
    if (err == CAU_OK)
        err = set_text(a, out, "band", match_band_name(hit->band));
    for (size_t i = 0; i < hit->like.reason_count && err == CAU_OK; i++)
        err = add_reason(a, &hit->like.reason[i], &reasons);
    for (size_t i = 0; i < hit->fits && err == CAU_OK; i++)
        err = add_fit(a, &hit->fit[i], &reasons);
    return err == CAU_OK && f->explain ? value_set(a, out, STR("reasons"), reasons) : err;
}

/* ---- asking ---- */

static enum cau_err ask_search(struct arena *a, struct finding *f, struct value *hits)
{
    struct index_result result;
    enum cau_err err = index_search(node_index(f->node), a, &f->search, &result);
    for (size_t i = 0; err == CAU_OK && i < result.hit_count; i++) {
        struct value hit;
        err = search_value(a, f, &result.hit[i], &hit);
        if (err == CAU_OK)
            err = value_push(a, hits, hit);
        else if (err == CAU_ERR_UNKNOWN) /* gone since the index was asked */
            err = CAU_OK;
    }
    return err;
}

static enum cau_err ask_match(struct arena *a, struct finding *f, struct value *hits)
{
    struct match_hit *hit;
    size_t n;
    enum cau_err err = view_match(f->view, a, &f->match, &hit, &n);
    for (size_t i = 0; err == CAU_OK && i < n; i++) {
        struct value one;
        err = match_value(a, f, &hit[i], &one);
        if (err == CAU_OK)
            err = value_push(a, hits, one);
    }
    return err;
}

static enum cau_err ask(struct finding *f, struct str lang, struct str text, struct value *hits)
{
    struct arena *a = f->call->arena;
    *hits = value_array();
    f->search.lang = f->match.lang = lang;
    f->search.text = f->match.text = text;
    return f->matches ? ask_match(a, f, hits) : ask_search(a, f, hits);
}

/* One query of a batch: {"key","hits","ms"}; ms counts the search and the reading of the hits. */
static enum cau_err answer(struct finding *f, struct str key, struct str lang, struct str text)
{
    struct arena *a = f->call->arena;
    struct value all = value_object(), hits;
    int64_t start_us = clock_monotonic_us();
    enum cau_err err = ask(f, lang, text, &hits);
    int64_t took_us = clock_monotonic_us() - start_us;
    if (err == CAU_OK)
        err = value_set(a, &all, STR("hits"), hits);
    if (err == CAU_OK)
        err = value_set(a, &all, STR("key"), value_string(key));
    if (err != CAU_OK)
        return err;
    struct buf b = buf_new((size_t)64 << 20);
    json_write(&b, &all);
    b.len--; /* a time is a fraction, which canonical JSON does not have */
    buf_printf(&b, ",\"ms\":%lld.%03lld}", (long long)(took_us / 1000),
               (long long)(took_us % 1000));
    command_print(buf_str(&b));
    buf_free(&b);
    return CAU_OK;
}

static enum command_exit find_batch(struct finding *f)
{
    struct command_call *c = f->call;
    const char *path = command_option(c, "batch");
    struct str text;
    enum cau_err err = file_read(c->arena, path, BATCH_BYTES_MAX, &text);
    f->search.any = true; /* texts to be ranked against, not words that must all be there */
    size_t before = c->arena->used;
    while (err == CAU_OK && text.len > 0) {
        struct str line = str_next(&text, '\n');
        if (line.len > 0 && line.p[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0)
            continue;
        struct str key = str_next(&line, '\t'), lang = str_next(&line, '\t');
        err = answer(f, key, lang, line);
        c->arena->used = before;
    }
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, path);
}

static void print_hit(const struct finding *f, const struct value *hit)
{
    if (f->json || f->explain) {
        command_print_json(hit);
        return;
    }
    struct str title = value_get_str(hit, "title"), kind = value_get_str(hit, "kind");
    printf("%.*s  %-14.*s %.*s\n", STR_ARG(value_get_str(hit, "id")), STR_ARG(kind),
           STR_ARG(title));
}

static enum command_exit find_once(struct finding *f, struct str text)
{
    struct str lang = f->search.lang;
    struct value hits;
    enum cau_err err = ask(f, lang, text, &hits);
    if (err == CAU_OK && hits.n == 0 &&
        !f->matches) { /* not all words together: the best of any */
        f->search.any = true;
        err = ask(f, lang, text, &hits);
    }
    if (err != CAU_OK)
        return command_error(f->call, err, f->matches ? "match" : "search");
    for (uint32_t i = 0; i < hits.n; i++)
        print_hit(f, &hits.item[i]);
    return hits.n > 0 ? COMMAND_DONE : COMMAND_REFUSED;
}

/* All words of the call, with spaces between. */
static struct str words_given(const struct command_call *c, struct buf *text)
{
    for (size_t i = 0; i < c->word_count; i++) {
        buf_add_word(text, i == 0 ? "" : " ");
        buf_add_word(text, c->word[i]);
    }
    return buf_str(text);
}

static enum command_exit find(struct finding *f, struct str text)
{
    enum command_exit exit = COMMAND_USAGE;
    f->node = command_open(f->call, NODE_READ, &exit);
    if (f->node == NULL)
        return exit;
    f->view = view_take(f->node);
    if (f->matches && f->call->word_count > 0)
        f->match.doc = view_find(f->view, f->match.reader, text);
    if (command_option(f->call, "batch") != NULL)
        exit = find_batch(f);
    else if (f->matches && f->call->word_count > 0 && f->match.doc == 0)
        exit = command_error(f->call, CAU_ERR_UNKNOWN, f->call->word[0]);
    else
        exit = find_once(f, text);
    view_give(f->node, f->view);
    node_close(f->node);
    return exit;
}

enum command_exit command_search(struct command_call *c)
{
    struct finding f = {.call = c};
    struct buf text = buf_new(1 << 20);
    enum command_exit exit = read_options(&f) ? find(&f, words_given(c, &text)) : COMMAND_USAGE;
    buf_free(&text);
    return exit;
}

enum command_exit command_match(struct command_call *c)
{
    struct finding f = {.call = c, .matches = true};
    const char *text = command_option(c, "text");
    int ways = (c->word_count > 0) + (text != NULL) + (command_option(c, "batch") != NULL);
    if (ways != 1 || !read_options(&f))
        return COMMAND_USAGE;
    return find(&f, str_of(text != NULL ? text : c->word_count > 0 ? c->word[0] : NULL));
}
