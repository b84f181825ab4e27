#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "cli/commands_int.h"
#include "domain/rule/actor.h"
#include "exchange/export/export.h"
#include "record/json.h"
#include "view/view.h"

#include <stdio.h>

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
        command_refuse(c, "cli.usage.format", format);
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
        out = command_output(path);
        struct export_sink sink = {out, put_bytes};
        err = out == NULL
                  ? CAU_ERR_IO
                  : export_write(n, c->arena, actor_reader(&who), &options, &sink, NULL);
    }
    err = command_output_end(out, err);
    node_close(n);
    if (err == CAU_ERR_REFUSED) {
        command_say(c, "cli.export_kind", NULL, 0);
        return COMMAND_USAGE;
    }
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, path == NULL ? kind : path);
}
