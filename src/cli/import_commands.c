#include "base/file.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "exchange/form/form.h"
#include "exchange/import/import.h"
#include "record/json.h"
#include "view/view.h"

#include <stdio.h>
#include <string.h>

enum { REPORT_LINES_SHOWN = 40 };

/* The operator, or the person named by --as: then the two-person rule holds for him. */
static bool read_actor(struct command_call *c, struct node *n, struct actor *out)
{
    const char *name = command_option(c, "as");
    *out = actor_operator();
    if (name == NULL)
        return true;
    struct local_user user = {0};
    struct view *v = view_take(n);
    enum cau_err err = local_user_find(view_store(v), c->arena, str_of(name), &user);
    if (err == CAU_OK)
        *out = actor_of(v, &user);
    view_give(n, v);
    if (err != CAU_OK)
        (void)command_error(c, err, name);
    return err == CAU_OK;
}

static bool show_step(void *ctx, uint64_t done, uint64_t all,
                      const struct import_outcome *so_far)
{
    const struct command_call *c = ctx;
    bool undo = strcmp(c->command->name, "undo") == 0;
    (void)so_far;
    command_progress(c, undo ? "cli.undo.progress" : "cli.import.progress", done, all);
    return true;
}

static enum cau_err outcome_value(struct arena *a, enum import_why why,
                                  const struct import_outcome *o, const char *file,
                                  struct value *out)
{
    struct str name = {NULL, 0};
    enum cau_err err = CAU_OK;
    if (o->id != 0) {
        char text[IMPORT_NAME_CHARS];
        import_name(o->id, text);
        err = arena_copy(a, str_of(text), &name);
    }
    const struct {
        const char *key;
        struct value value;
    } member[] = {
        {"result", value_string(str_of(import_why_name(why)))},
        {"import", value_string(name)},
        {"file", value_string(str_of(file))},
        {"rows", value_integer(o->rows)},
        {"added", value_integer(o->added)},
        {"changed", value_integer(o->changed)},
        {"same", value_integer(o->same)},
        {"refused", value_integer(o->refused)},
        {"alike", value_integer(o->alike)},
        {"skipped", value_integer(o->skipped)},
    };
    *out = value_object();
    for (size_t i = 0; i < countof(member) && err == CAU_OK; i++)
        if (member[i].value.type != VALUE_STRING || member[i].value.string.len > 0)
            err = value_set(a, out, str_of(member[i].key), member[i].value);
    struct value report;
    if (err == CAU_OK && o->report.len > 0 &&
        json_read(a, o->report, LOCAL_REPORT_BYTES_MAX, JSON_FORM, &report, NULL) == CAU_OK)
        err = value_set(a, out, STR("report"), report);
    return err;
}

/* The report in words, the first lines of it. */
static void say_report(struct command_call *c, struct str json)
{
    struct value report;
    if (json.len == 0 ||
        json_read(c->arena, json, LOCAL_REPORT_BYTES_MAX, JSON_FORM, &report, NULL) != CAU_OK)
        return;
    struct buf b = buf_new(1 << 16);
    for (uint32_t i = 0; i < report.n && i < REPORT_LINES_SHOWN; i++) {
        if (value_get_int(&report.item[i], "row", 0) == 0 &&
            str_is(value_get_str(&report.item[i], "what"), "refused"))
            continue; /* the file itself: a message, see below */
        buf_reset(&b);
        buf_add_word(&b, "  ");
        import_say(&b, c->lang, &report.item[i]);
        command_print(buf_str(&b));
    }
    buf_reset(&b);
    buf_add_u64(&b, report.n);
    struct str all = buf_str(&b);
    if (report.n > REPORT_LINES_SHOWN)
        command_say(c, "cli.import.more", &all, 1);
    buf_free(&b);
}

static void say_counts(struct command_call *c, const char *id, const struct import_outcome *o,
                       const char *file)
{
    const uint32_t count[] = {o->rows, o->added, o->changed, o->same, o->refused, o->alike};
    struct str slot[countof(count) + 2] = {str_of(file)};
    char name[IMPORT_NAME_CHARS] = "-";
    if (o->id != 0)
        import_name(o->id, name);
    for (size_t i = 0; i < countof(count); i++) {
        struct buf b = buf_new(64);
        words_number(&b, c->lang, count[i]);
        must(arena_copy(c->arena, buf_str(&b), &slot[i + 1]) == CAU_OK);
        buf_free(&b);
    }
    slot[countof(count) + 1] = str_of(name);
    struct buf line = buf_new(4096);
    words_fill(&line, words(c->lang, id), slot, countof(slot));
    command_print(buf_str(&line));
    buf_free(&line);
}

static enum command_exit tell(struct command_call *c, enum import_why why,
                              const struct import_outcome *o, const char *file,
                              const char *counts_id)
{
    command_progress_end(c);
    if (command_flag(c, "json")) {
        struct value all;
        enum cau_err err = outcome_value(c->arena, why, o, file, &all);
        if (err != CAU_OK)
            return command_error(c, err, file);
        command_print_json(&all);
    } else {
        if (o->rows > 0)
            say_counts(c, counts_id, o, file);
        say_report(c, o->report);
    }
    if (why == IMPORT_OK)
        return COMMAND_DONE;
    char id[64];
    snprintf(id, sizeof id, "import.why.%s", import_why_name(why));
    const struct str slot[] = {str_of(file), o->fault.code, o->fault.column, o->fault.value};
    command_say(c, id, slot, countof(slot));
    if (o->fault.code.len > 0) {
        struct buf b = buf_new(4096);
        struct value fault = value_object();
        if (value_set(c->arena, &fault, STR("what"), value_string(STR("refused"))) == CAU_OK &&
            value_set(c->arena, &fault, STR("row"), value_integer(o->fault.row)) == CAU_OK &&
            value_set(c->arena, &fault, STR("column"), value_string(o->fault.column)) ==
                CAU_OK &&
            value_set(c->arena, &fault, STR("code"), value_string(o->fault.code)) == CAU_OK &&
            value_set(c->arena, &fault, STR("value"), value_string(o->fault.value)) == CAU_OK &&
            value_set(c->arena, &fault, STR("limit"), value_integer(o->fault.limit)) == CAU_OK)
            import_say(&b, c->lang, &fault);
        fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&b)));
        buf_free(&b);
    }
    return why == IMPORT_FAILED ? COMMAND_BROKEN : COMMAND_REFUSED;
}

static bool read_options(struct command_call *c, struct import_options *o)
{
    const char *format = command_option(c, "format"), *charset = command_option(c, "charset");
    *o = (struct import_options){.kind = str_of(command_option(c, "kind")),
                                 .profile = str_of(command_option(c, "map"))};
    struct str bad = {NULL, 0};
    const char *set = command_option(c, "set");
    if (set != NULL) { /* a mapping that only says what every row has */
        struct str kind = o->kind.len > 0 ? o->kind : STR("indicator");
        struct buf b = buf_new(FORM_MAPPING_BYTES_MAX);
        buf_printf(&b, "{\"kind\":\"%.*s\",\"fixed\":%s}", STR_ARG(kind), set);
        if (b.failed || arena_copy(c->arena, buf_str(&b), &o->mapping) != CAU_OK)
            bad = STR("--set");
        buf_free(&b);
    }
    if (format != NULL && !import_read_format(str_of(format), &o->format))
        bad = str_of(format);
    if (charset != NULL && !charset_read(str_of(charset), &o->charset))
        bad = str_of(charset);
    if (bad.p != NULL)
        command_say(c, "cli.usage.format", &bad, 1);
    return bad.p == NULL;
}

static enum cau_err put_bytes(void *ctx, struct str bytes)
{
    return fwrite(bytes.p, 1, bytes.len, ctx) == bytes.len ? CAU_OK : CAU_ERR_IO;
}

/* The refused rows as a table the sender can mend and send again. */
static enum command_exit write_refused(struct command_call *c, struct node *n, struct str bytes,
                                       const struct import_outcome *o)
{
    const char *path = command_option(c, "refused");
    if (path == NULL || o->refused == 0)
        return COMMAND_DONE;
    FILE *f = fopen(path, "wb");
    if (f == NULL)
        return command_error(c, CAU_ERR_IO, path);
    struct import_sink sink = {f, put_bytes};
    enum import_why why = import_refused(n, c->arena, bytes, o->id, c->lang, &sink);
    bool closed = fclose(f) == 0;
    return why == IMPORT_OK && closed ? COMMAND_DONE : command_error(c, CAU_ERR_IO, path);
}

static enum command_exit import_file(struct command_call *c, struct node *n,
                                     const struct actor *actor, struct import_options options,
                                     const char *path)
{
    struct str bytes;
    enum cau_err err = strcmp(path, "-") == 0
                           ? file_read(c->arena, path, IMPORT_BYTES_MAX, &bytes)
                           : file_map(path, &bytes);
    if (err != CAU_OK)
        return command_error(c, err, path);
    const char *slash = strrchr(path, '/');
    options.file = str_of(slash == NULL ? path : slash + 1);
    struct import_progress progress = {c, show_step};
    struct import_outcome out;
    bool dry = command_flag(c, "dry-run");
    enum import_why why =
        dry ? import_look(n, c->arena, actor, bytes, &options, &progress, &out)
            : import_run(n, c->arena, actor, bytes, &options, &progress, &out);
    enum command_exit exit =
        tell(c, why, &out, path, dry ? "cli.import.would" : "cli.import.did");
    if (exit == COMMAND_DONE)
        exit = write_refused(c, n, bytes, &out);
    if (strcmp(path, "-") != 0)
        file_unmap(bytes);
    return exit;
}

enum command_exit command_import(struct command_call *c)
{
    struct import_options options;
    enum command_exit exit = COMMAND_USAGE;
    if (!read_options(c, &options))
        return exit;
    struct node *n =
        command_open(c, command_flag(c, "dry-run") ? NODE_READ : NODE_WRITE, &exit);
    if (n == NULL)
        return exit;
    struct actor actor;
    exit = read_actor(c, n, &actor) ? COMMAND_DONE : COMMAND_REFUSED;
    for (size_t i = 0; i < c->word_count && exit == COMMAND_DONE; i++) {
        size_t before = c->arena->used;
        exit = import_file(c, n, &actor, options, c->word[i]);
        c->arena->used = before;
    }
    node_close(n);
    return exit;
}

enum command_exit command_undo(struct command_call *c)
{
    enum command_exit exit;
    uint32_t id = import_read_name(str_of(c->word[0]));
    if (id == 0)
        return command_error(c, CAU_ERR_UNKNOWN, c->word[0]);
    struct node *n = command_open(c, NODE_WRITE, &exit);
    if (n == NULL)
        return exit;
    struct actor actor;
    exit = COMMAND_REFUSED;
    if (read_actor(c, n, &actor)) {
        struct import_progress progress = {c, show_step};
        struct import_outcome out;
        enum import_why why = import_undo(n, c->arena, &actor, id, &progress, &out);
        exit = tell(c, why, &out, c->word[0], "cli.import.undone");
    }
    node_close(n);
    return exit;
}
