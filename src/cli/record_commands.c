#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "cli/commands_int.h"
#include "domain/actor.h"
#include "exchange/export.h"
#include "record/json.h"
#include "view/view.h"

#include <stdio.h>
#include <string.h>

#define BATCH_BYTES_MAX ((size_t)256 << 20)

/* A search as the options say it; text is set for each query. */
static bool read_query(struct command_call *c, struct index_query *q,
                       struct index_filter filter[2])
{
    uint64_t limit;
    if (!command_number(c, "limit", INDEX_HITS_MAX, 20, &limit))
        return false;
    struct actor self = actor_operator();
    *q = (struct index_query){.lang = str_of(command_option(c, "lang")),
                              .reader = actor_reader(&self),
                              .filter = filter,
                              .limit = (size_t)limit,
                              .explain = command_flag(c, "explain")};
    if (command_option(c, "kind") != NULL)
        filter[q->filter_count++] =
            (struct index_filter){INDEX_KIND, str_of(command_option(c, "kind"))};
    if (command_option(c, "country") != NULL)
        filter[q->filter_count++] =
            (struct index_filter){INDEX_COUNTRY, str_of(command_option(c, "country"))};
    return true;
}

static enum cau_err add_reasons(struct arena *a, const struct index_hit *hit, struct value *out)
{
    struct value list = value_array();
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < hit->reason_count && err == CAU_OK; i++) {
        const struct index_reason *r = &hit->reason[i];
        struct value one = value_object();
        err = value_set(a, &one, STR("query"), value_string(r->query_word));
        if (err == CAU_OK)
            err = value_set(a, &one, STR("text"), value_string(r->text_word));
        if (err == CAU_OK)
            err = value_set(a, &one, STR("share_permille"), value_integer(r->share_permille));
        if (err == CAU_OK)
            err = value_set(a, &one, STR("channel"),
                            value_string(index_channel_name(r->channel)));
        if (err == CAU_OK && r->sources.len > 0)
            err = value_set(a, &one, STR("source"), value_string(r->sources));
        if (err == CAU_OK)
            err = value_push(a, &list, one);
    }
    return err == CAU_OK ? value_set(a, out, STR("reasons"), list) : err;
}

static enum cau_err hit_value(struct arena *a, struct view *v, const struct index_query *q,
                              const struct index_hit *hit, struct value *out)
{
    struct view_record r;
    enum lang lang = LANG_EN;
    (void)lang_read(q->lang, &lang);
    enum cau_err err = view_get(v, a, q->reader, hit->doc, &r);
    if (err != CAU_OK)
        return err;
    struct record_text title = record_title(r.kind, &r.payload, lang);
    *out = value_object();
    err = value_set(a, out, STR("id"), value_string(r.id));
    if (err == CAU_OK && r.external_id.len > 0)
        err = value_set(a, out, STR("external_id"), value_string(r.external_id));
    if (err == CAU_OK)
        err = value_set(a, out, STR("kind"), value_string(r.kind->name));
    if (err == CAU_OK)
        err = value_set(a, out, STR("lang"),
                        value_string(title.lang.p == NULL ? STR("und") : title.lang));
    if (err == CAU_OK)
        err = value_set(a, out, STR("title"),
                        value_string(title.text.p == NULL ? r.id : title.text));
    if (err == CAU_OK)
        err = value_set(a, out, STR("score"), value_integer(hit->score));
    return err == CAU_OK && q->explain ? add_reasons(a, hit, out) : err;
}

/* One query of a batch: {"key","hits","ms"}; ms counts the search and the reading of the hits. */
static enum cau_err answer(struct command_call *c, struct node *n, struct view *v,
                           struct str key, const struct index_query *q)
{
    struct index_result result;
    struct value all = value_object(), hits = value_array();
    int64_t start_us = clock_monotonic_us();
    enum cau_err err = index_search(node_index(n), c->arena, q, &result);
    for (size_t i = 0; err == CAU_OK && i < result.hit_count; i++) {
        struct value hit;
        err = hit_value(c->arena, v, q, &result.hit[i], &hit);
        if (err == CAU_OK)
            err = value_push(c->arena, &hits, hit);
        else if (err == CAU_ERR_UNKNOWN) /* gone since the index was asked */
            err = CAU_OK;
    }
    int64_t took_us = clock_monotonic_us() - start_us;
    if (err == CAU_OK)
        err = value_set(c->arena, &all, STR("hits"), hits);
    if (err == CAU_OK)
        err = value_set(c->arena, &all, STR("key"), value_string(key));
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

static enum command_exit search_batch(struct command_call *c, struct node *n,
                                      struct index_query *q)
{
    const char *path = command_option(c, "batch");
    struct str text;
    enum cau_err err = file_read(c->arena, path, BATCH_BYTES_MAX, &text);
    q->any = true; /* texts to be ranked against, not words that must all be there */
    struct view *v = view_take(n);
    size_t before = c->arena->used;
    while (err == CAU_OK && text.len > 0) {
        struct str line = str_next(&text, '\n');
        if (line.len > 0 && line.p[line.len - 1] == '\r')
            line.len--;
        if (line.len == 0)
            continue;
        struct str key = str_next(&line, '\t');
        q->lang = str_next(&line, '\t');
        q->text = line;
        err = answer(c, n, v, key, q);
        c->arena->used = before;
    }
    view_give(n, v);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, path);
}

static enum command_exit search_once(struct command_call *c, struct node *n,
                                     struct index_query *q)
{
    struct buf text = buf_new(1 << 20);
    for (size_t i = 0; i < c->word_count; i++) {
        buf_add_word(&text, i == 0 ? "" : " ");
        buf_add_word(&text, c->word[i]);
    }
    q->text = buf_str(&text);
    struct index_result result = {0};
    enum cau_err err = index_search(node_index(n), c->arena, q, &result);
    if (err == CAU_OK && result.total == 0) { /* not all words together: the best of any */
        q->any = true;
        err = index_search(node_index(n), c->arena, q, &result);
    }
    struct view *v = view_take(n);
    for (size_t i = 0; err == CAU_OK && i < result.hit_count; i++) {
        struct value hit;
        err = hit_value(c->arena, v, q, &result.hit[i], &hit);
        if (err == CAU_OK && (command_flag(c, "json") || q->explain)) {
            command_print_json(&hit);
        } else if (err == CAU_OK) {
            struct str title = value_get_str(&hit, "title"), kind = value_get_str(&hit, "kind");
            printf("%.*s  %-14.*s %.*s\n", STR_ARG(value_get_str(&hit, "id")), STR_ARG(kind),
                   STR_ARG(title));
        } else if (err == CAU_ERR_UNKNOWN) {
            err = CAU_OK;
        }
    }
    view_give(n, v);
    buf_free(&text);
    if (err != CAU_OK)
        return command_error(c, err, "search");
    return result.total > 0 ? COMMAND_DONE : COMMAND_REFUSED;
}

enum command_exit command_search(struct command_call *c)
{
    struct index_query q;
    struct index_filter filter[2];
    enum command_exit exit = COMMAND_USAGE;
    if (!read_query(c, &q, filter))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    exit = command_option(c, "batch") != NULL ? search_batch(c, n, &q) : search_once(c, n, &q);
    node_close(n);
    return exit;
}

/* The version of a record that --version names: its number, counted over all logs from 1, oldest first. */
static enum cau_err get_version(struct command_call *c, struct view *v,
                                struct index_reader reader, uint32_t doc, uint64_t number,
                                struct view_record *out)
{
    if (number == 0)
        return view_get(v, c->arena, reader, doc, out);
    struct view_version *version;
    size_t n;
    enum cau_err err = view_history(v, c->arena, reader, doc, &version, &n);
    if (err != CAU_OK)
        return err;
    if (number > n)
        return CAU_ERR_UNKNOWN;
    const struct view_version *w = &version[n - number];
    return view_get_version(v, c->arena, reader, doc, w->audience, w->n, out);
}

enum command_exit command_show(struct command_call *c)
{
    uint64_t number;
    enum command_exit exit = COMMAND_USAGE;
    if (!command_number(c, "version", VIEW_HISTORY_MAX, 0, &number))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct actor self = actor_operator();
    struct index_reader reader = actor_reader(&self);
    struct view *v = view_take(n);
    struct view_record r;
    uint32_t doc = view_find(v, reader, str_of(c->word[0]));
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : get_version(c, v, reader, doc, number, &r);
    struct value form;
    if (err == CAU_OK)
        err = record_to_form(c->arena, r.kind, r.audience, &r.payload, &form);
    if (err == CAU_OK)
        err = value_set(c->arena, &form, STR("id"), value_string(r.id));
    if (err == CAU_OK)
        command_print_json(&form);
    view_give(n, v);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, c->word[0]);
}

static enum cau_err version_value(struct arena *a, const struct view_version *version,
                                  size_t number, struct value *out)
{
    char *time = arena_take(a, 20), *leaf = arena_take(a, DIGEST_HEX(32)),
         *by = arena_take(a, 16);
    if (time == NULL || leaf == NULL || by == NULL)
        return CAU_ERR_MEMORY;
    clock_write_time(version->time_ms, time);
    digest_to_hex(version->leaf.b, 32, leaf);
    int len = snprintf(by, 16, "u%u", version->user);
    *out = value_object();
    const struct {
        const char *key;
        struct value value;
    } member[] = {
        {"version", value_integer((int64_t)number)},
        {"time", value_string((struct str){time, 20})},
        {"visibility", value_string(record_audience_name(version->audience))},
        {"index", value_integer((int64_t)version->seq)},
        {"entry", value_string((struct str){leaf, DIGEST_HEX(32)})},
        {"by", value_string(version->user == 0 ? STR("") : (struct str){by, (size_t)len})},
        {"role", value_string(version->role)},
        {"import", value_string(version->import)},
    };
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(member) && err == CAU_OK; i++)
        if (member[i].value.type != VALUE_STRING || member[i].value.string.len > 0)
            err = value_set(a, out, str_of(member[i].key), member[i].value);
    if (err == CAU_OK && version->redacted)
        err = value_set(a, out, STR("redacted"), value_true());
    return err;
}

enum command_exit command_history(struct command_call *c)
{
    enum command_exit exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct actor self = actor_operator();
    struct index_reader reader = actor_reader(&self);
    struct view *v = view_take(n);
    struct view_version *version = NULL;
    size_t count = 0;
    uint32_t doc = view_find(v, reader, str_of(c->word[0]));
    enum cau_err err =
        doc == 0 ? CAU_ERR_UNKNOWN : view_history(v, c->arena, reader, doc, &version, &count);
    for (size_t i = 0; i < count && err == CAU_OK; i++) {
        struct value line;
        err = version_value(c->arena, &version[i], count - i, &line);
        if (err == CAU_OK)
            command_print_json(&line);
    }
    view_give(n, v);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, c->word[0]);
}

static enum cau_err put_bytes(void *ctx, struct str bytes)
{
    return fwrite(bytes.p, 1, bytes.len, ctx) == bytes.len ? CAU_OK : CAU_ERR_IO;
}

enum command_exit command_export(struct command_call *c)
{
    enum command_exit exit = COMMAND_USAGE;
    const char *format = command_option(c, "format"), *kind = command_option(c, "kind");
    const char *path = command_option(c, "o");
    struct export_options options = {.lang = c->lang};
    if (!export_read_format(str_of(format == NULL ? "jsonl" : format), &options.format)) {
        struct str slot = str_of(format);
        command_say(c, "cli.usage.format", &slot, 1);
        return exit;
    }
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct actor who = command_flag(c, "public") ? actor_anonymous() : actor_operator();
    options.kind = kind == NULL ? NULL : kinds_find(node_kinds(n), str_of(kind));
    enum cau_err err = kind != NULL && options.kind == NULL ? CAU_ERR_UNKNOWN : CAU_OK;
    FILE *out = NULL;
    if (err == CAU_OK) {
        out = path == NULL || strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
        struct export_sink sink = {out, put_bytes};
        err = out == NULL
                  ? CAU_ERR_IO
                  : export_write(n, c->arena, actor_reader(&who), &options, &sink, NULL);
    }
    if (out != NULL && out != stdout && fclose(out) != 0 && err == CAU_OK)
        err = CAU_ERR_IO;
    node_close(n);
    if (err == CAU_ERR_REFUSED) {
        command_say(c, "cli.export_kind", NULL, 0);
        return COMMAND_USAGE;
    }
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, path == NULL ? kind : path);
}
