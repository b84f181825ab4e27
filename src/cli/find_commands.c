#include "base/clock.h"
#include "base/file.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "domain/rule/actor.h"
#include "index/missed.h"
#include "record/json.h"
#include "view/found.h"

#include <stdio.h>
#include <string.h>

#define BATCH_BYTES_MAX ((size_t)256 << 20)
#define MISSED_SHOWN    8 /* runs of words that met nothing, of one hit */

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
    bool cut;        /* the query was over a limit of index.h */
    char country[2]; /* in capitals, as records have it */
};

/* The option is not given, or names a language we have words in. */
static bool lang_known(struct command_call *c, struct str lang)
{
    enum lang known;
    if (lang.len == 0 || lang_read(lang, &known))
        return true;
    command_say(c, "cli.usage.lang", &lang, 1);
    return false;
}

static struct str capitals(char out[2], struct str country)
{
    for (size_t i = 0; i < country.len && country.len == 2; i++)
        out[i] = (char)(country.p[i] >= 'a' && country.p[i] <= 'z' ? country.p[i] - 'a' + 'A'
                                                                   : country.p[i]);
    return country.len == 2 ? (struct str){out, 2} : country;
}

static bool read_options(struct finding *f)
{
    struct command_call *c = f->call;
    uint64_t limit;
    struct str lang = str_of(command_option(c, "lang")),
               kind = str_of(command_option(c, "kind")),
               country = capitals(f->country, str_of(command_option(c, "country")));
    if (!command_number(c, "limit", INDEX_HITS_MAX, 20, &limit) || !lang_known(c, lang))
        return false;
    struct actor self = actor_operator();
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

/* "missed": the words of the text that met nothing in the record. */
static enum cau_err add_missed(const struct finding *f, struct str text,
                               const struct index_reason *reason, size_t n, struct value *out)
{
    struct arena *a = f->call->arena;
    struct str run[MISSED_SHOWN];
    struct value list = value_array();
    size_t runs = missed_find(a, text, reason, n, NULL, run, MISSED_SHOWN);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < runs && err == CAU_OK; i++)
        err = value_push(a, &list, value_string(run[i]));
    return err == CAU_OK && runs > 0 ? value_set(a, out, STR("missed"), list) : err;
}

static enum cau_err search_value(struct arena *a, struct finding *f,
                                 const struct index_hit *hit, struct value *out)
{
    struct view_record record;
    struct value reasons = value_array();
    enum lang lang = f->call->lang; /* of titles: that of messages, when none was asked for */
    (void)lang_read(f->search.lang, &lang);
    enum cau_err err = view_get(f->view, a, f->search.reader, hit->doc, &record);
    if (err == CAU_OK)
        err = found_record(a, &record, lang, hit->score, out);
    for (size_t i = 0; i < hit->reason_count && err == CAU_OK; i++)
        err = found_reason(a, &hit->reason[i], &reasons);
    if (err == CAU_OK && f->explain)
        err = add_missed(f, f->search.text, hit->reason, hit->reason_count, out);
    return err == CAU_OK && f->explain ? value_set(a, out, STR("reasons"), reasons) : err;
}

/* ---- asking ---- */

static enum cau_err ask_search(struct arena *a, struct finding *f, struct value *hits)
{
    struct index_result result;
    enum cau_err err = index_search(node_index(f->node), a, &f->search, &result);
    f->cut = err == CAU_OK && result.cut;
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
        err = found_match(a, &hit[i], f->call->lang, f->explain, &one);
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

static struct str label(const struct finding *f, const char *prefix, struct str name)
{
    char id[64];
    int n = snprintf(id, sizeof id, "%s%.*s", prefix, STR_ARG(name));
    struct str text = {NULL, 0};
    if (n > 0 && (size_t)n < sizeof id)
        text = words_find(f->call->lang, (struct str){id, (size_t)n});
    return text.p == NULL ? name : text;
}

/* ": " and who says so, in the language of the terminal where it has a name there; nothing without a source. */
static void print_sources(const struct finding *f, struct str sources)
{
    const char *before = ": ";
    while (sources.len > 0) {
        struct str name = str_trim(str_next(&sources, ','));
        printf("%s%.*s", before, STR_ARG(label(f, "source.", name)));
        before = ", ";
    }
}

/* 40 %  плавучие -> Phao (translation: Cầu glossary), or the same field: FORD:2.7 */
static void print_reason(const struct finding *f, const struct value *reason)
{
    const struct value *share = value_get(reason, "share_permille");
    struct str channel = value_get_str(reason, "channel"), text = value_get_str(reason, "text");
    if (share == NULL) {
        struct str fit = label(f, "fit.", channel);
        printf("           %.*s%s%.*s\n", STR_ARG(fit), text.len > 0 ? ": " : "",
               STR_ARG(text));
        return;
    }
    struct str how = label(f, "channel.", channel);
    printf("    %3lld %%  %.*s → %.*s  (%.*s",
           (long long)(value_get_int(reason, "share_permille", 0) + 5) / 10,
           STR_ARG(value_get_str(reason, "query")), STR_ARG(text), STR_ARG(how));
    print_sources(f, value_get_str(reason, "source"));
    puts(")");
}

static void print_hit(const struct finding *f, const struct value *hit)
{
    if (f->json) {
        command_print_json(hit);
        return;
    }
    struct str title = value_get_str(hit, "title"), kind = value_get_str(hit, "kind"),
               band = value_get_str(hit, "band");
    const struct value *reasons = value_get(hit, "reasons"), *missed = value_get(hit, "missed");
    printf("%.*s  %-14.*s %.*s\n", STR_ARG(value_get_str(hit, "id")), STR_ARG(kind),
           STR_ARG(title));
    if (f->explain && band.len > 0)
        printf("           %.*s\n", STR_ARG(label(f, "band.", band)));
    for (uint32_t i = 0; reasons != NULL && i < reasons->n; i++)
        print_reason(f, &reasons->item[i]);
    for (uint32_t i = 0; missed != NULL && i < missed->n; i++)
        printf("           %.*s: %.*s\n", STR_ARG(words(f->call->lang, "cli.find.missed")),
               STR_ARG(missed->item[i].string));
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
    if (f->cut)
        command_say(f->call, "search.cut", NULL, 0);
    if (hits.n == 0)
        command_say(f->call, "search.nothing", NULL, 0);
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
    struct str kind = f->match.kind;
    if (kind.len > 0 && kinds_find(node_kinds(f->node), kind) == NULL) {
        node_close(f->node);
        return command_error(f->call, CAU_ERR_UNKNOWN, command_option(f->call, "kind"));
    }
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
