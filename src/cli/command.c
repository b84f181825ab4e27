#include "cli/command.h"

#include "base/number.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "record/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 32) /* of address space; a command takes what it needs */

static const struct command command[] = {
    {"init", "name= country= lang= user= password=", 1, 1, command_init},
    {"demo", "port= dir= load-only", 0, 0, command_demo},
    {"serve", "listen= threads= behind-proxy", 0, 0, command_serve},
    {"import", "format= kind= map= set= charset= as= dry-run refused=", 1, COMMAND_WORDS_MAX,
     command_import},
    {"undo", "as=", 1, 1, command_undo},
    {"search", "lang= kind= country= limit= explain batch=", 0, COMMAND_WORDS_MAX,
     command_search},
    {"match", "text= lang= kind= country= limit= explain batch=", 0, 1, command_match},
    {"show", "version= lang=", 1, 1, command_show},
    {"history", "", 1, 1, command_history},
    {"proof", "o= version=", 1, 1, command_proof},
    {"export", "kind= format= o= public", 0, 0, command_export},
    {"report", "country= lang= format= o= base= public", 2, 2, command_report},
    {"table", "lang= second= on= format= o= public", 1, 1, command_table},
    {"duplicates", "kind= lang= limit= default-weights", 0, 0, command_duplicates},
    {"lexicon", "manifest= data= add= reader= lang= licence=", 1, COMMAND_WORDS_MAX,
     command_lexicon},
    {"verify", "key=", 0, 1, command_verify},
    {"rebuild", "", 0, 0, command_rebuild},
    {"check", "", 0, 0, command_check},
    {"user", "display= password= roles= lang= inactive", 1, 2, command_user},
    {"backup", "", 1, 1, command_backup},
    {"restore", "keys= confirm", 0, 1, command_restore},
};

static enum lang message_lang(void)
{
    static const char *const name[] = {"CAU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < countof(name); i++) {
        struct str value = str_of(getenv(name[i]));
        enum lang lang;
        if (value.len >= 2 && lang_read(str_to(value, 2), &lang))
            return lang;
        if (value.len > 0)
            break;
    }
    return LANG_EN;
}

void command_say(const struct command_call *c, const char *id, const struct str *slot, size_t n)
{
    struct buf b = buf_new(1 << 16);
    words_fill(&b, words(c->lang, id), slot, n);
    fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&b)));
    buf_free(&b);
}

bool command_refuse(const struct command_call *c, const char *id, const char *word)
{
    struct str slot = str_of(word);
    command_say(c, id, &slot, 1);
    return false;
}

enum command_exit command_error(const struct command_call *c, enum cau_err err,
                                const char *place)
{
    static const char *const id[] = {
        "cli.error.ok",      "cli.error.syntax", "cli.error.range",  "cli.error.unknown",
        "cli.error.refused", "cli.error.stale",  "cli.error.busy",   "cli.error.full",
        "cli.error.memory",  "cli.error.io",     "cli.error.corrupt"};
    must((size_t)err < countof(id));
    struct str slot = str_of(place);
    command_say(c, id[err], &slot, 1);
    return err == CAU_ERR_CORRUPT || err == CAU_ERR_IO ? COMMAND_BROKEN : COMMAND_REFUSED;
}

FILE *command_output(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
}

enum cau_err command_output_end(FILE *f, enum cau_err err)
{
    if (f == NULL)
        return err;
    bool out = f == stdout ? fflush(f) == 0 : fclose(f) == 0;
    return err == CAU_OK && !out ? CAU_ERR_IO : err;
}

const char *command_option(const struct command_call *c, const char *name)
{
    for (size_t i = 0; i < c->option_count; i++)
        if (strcmp(c->option[i].name, name) == 0)
            return c->option[i].value;
    return NULL;
}

bool command_flag(const struct command_call *c, const char *name)
{
    for (size_t i = 0; i < c->option_count; i++)
        if (strcmp(c->option[i].name, name) == 0)
            return true;
    return false;
}

bool command_number(const struct command_call *c, const char *name, uint64_t max, uint64_t none,
                    uint64_t *out)
{
    const char *text = command_option(c, name);
    *out = none;
    if (text == NULL || number_read(str_of(text), max, out) == CAU_OK)
        return true;
    const struct str slot[] = {str_of(name), str_of(text)};
    command_say(c, "cli.usage.number", slot, countof(slot));
    return false;
}

void command_print(struct str line)
{
    fwrite(line.p, 1, line.len, stdout);
    fputc('\n', stdout);
}

void command_print_json(const struct value *value)
{
    struct buf b = buf_new((size_t)64 << 20);
    json_write(&b, value);
    command_print(buf_str(&b));
    buf_free(&b);
}

const char *command_node_dir(const struct command_call *c)
{
    const char *dir = command_option(c, "node");
    if (dir == NULL)
        dir = getenv("CAU_NODE");
    return dir == NULL || *dir == '\0' ? "./node" : dir;
}

struct node *command_open(struct command_call *c, enum node_mode mode, enum command_exit *exit)
{
    struct node *n = NULL;
    const char *dir = command_node_dir(c);
    enum cau_err err = node_open(dir, mode, &n);
    if (err == CAU_OK)
        return n;
    struct str slot = str_of(dir);
    if (err == CAU_ERR_UNKNOWN || err == CAU_ERR_BUSY) {
        command_say(c, err == CAU_ERR_UNKNOWN ? "cli.no_node" : "cli.node_busy", &slot, 1);
        *exit = COMMAND_REFUSED;
    } else {
        *exit = command_error(c, err, dir);
    }
    return NULL;
}

void command_progress(const struct command_call *c, const char *id, uint64_t done, uint64_t all)
{
    enum { CELLS = 30 };
    if (!isatty(2) || all == 0)
        return;
    size_t full = (size_t)(done >= all ? CELLS : done * CELLS / all);
    fprintf(stderr, "\r%.*s [%.*s%.*s] %3u %%", STR_ARG(words(c->lang, id)), (int)full,
            "##############################", (int)(CELLS - full),
            "..............................", (unsigned)(done >= all ? 100 : done * 100 / all));
}

void command_progress_end(const struct command_call *c)
{
    (void)c;
    if (isatty(2))
        fputc('\n', stderr);
}

/* "name=" or "name" within a list separated by spaces; *takes_value tells which. */
static bool knows_option(const char *options, struct str name, bool *takes_value)
{
    for (struct str rest = str_of(options); rest.len > 0;) {
        struct str one = str_next(&rest, ' ');
        *takes_value = one.len > 0 && one.p[one.len - 1] == '=';
        if (*takes_value)
            one.len--;
        if (str_equal(one, name))
            return true;
    }
    return false;
}

static const char *terminated(struct arena *a, struct str text)
{
    struct str copy;
    must(arena_copy(a, text, &copy) == CAU_OK);
    return copy.p;
}

/* Reads one option at argv[*at] (--name value, --name=value, -o value). */
static bool read_option(struct command_call *c, char **argv, int argc, int *at)
{
    struct str value = str_from(str_of(argv[*at]), argv[*at][1] == '-' ? 2 : 1);
    struct str name = str_next(&value, '=');
    bool takes = false;
    if (c->option_count == COMMAND_OPTIONS_MAX ||
        (!knows_option(c->command->options, name, &takes) &&
         !knows_option("node= json help", name, &takes)) ||
        (!takes && value.p != NULL) || (takes && value.p == NULL && *at + 1 == argc)) {
        struct str slot = str_of(argv[*at]);
        command_say(c, "cli.usage.option", &slot, 1);
        return false;
    }
    if (takes && value.p == NULL)
        value = str_of(argv[++*at]);
    c->option[c->option_count++] = (struct command_option){
        terminated(c->arena, name), takes ? terminated(c->arena, value) : NULL};
    return true;
}

static void print_help(enum lang lang, const struct command *one)
{
    char id[64];
    snprintf(id, sizeof id, "cli.help.%s", one == NULL ? "all" : one->name);
    command_print(words(lang, id));
}

static enum command_exit usage(enum lang lang, const struct command *one)
{
    char id[64];
    snprintf(id, sizeof id, "cli.help.%s", one == NULL ? "all" : one->name);
    fprintf(stderr, "%.*s\n", STR_ARG(words(lang, id)));
    return COMMAND_USAGE;
}

static enum command_exit run(struct command_call *c, int argc, char **argv)
{
    const char **word = arena_take(c->arena, (size_t)argc * sizeof *word);
    must(word != NULL);
    bool only_words = false;
    for (int i = 2; i < argc; i++) {
        bool option = !only_words && argv[i][0] == '-' && argv[i][1] != '\0';
        if (option && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (option && !read_option(c, argv, argc, &i))
            return usage(c->lang, c->command);
        else if (!option)
            word[c->word_count++] = argv[i];
    }
    c->word = word;
    if (command_flag(c, "help")) {
        print_help(c->lang, c->command);
        return COMMAND_DONE;
    }
    if (c->word_count < c->command->words_min || c->word_count > c->command->words_max)
        return usage(c->lang, c->command);
    enum command_exit exit = c->command->run(c);
    return exit == COMMAND_USAGE ? usage(c->lang, c->command) : exit;
}

int command_main(int argc, char **argv)
{
    enum lang lang = message_lang();
    const char *name = argc < 2 ? "" : argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_help(lang, NULL);
        return COMMAND_DONE;
    }
    for (size_t i = 0; i < countof(command); i++)
        if (strcmp(name, command[i].name) == 0) {
            struct arena a = arena_new(ARENA_BYTES);
            struct command_call call = {.command = &command[i], .arena = &a, .lang = lang};
            enum command_exit exit = run(&call, argc, argv);
            arena_free(&a);
            if (fflush(stdout) != 0 && exit == COMMAND_DONE)
                exit = COMMAND_BROKEN;
            return (int)exit;
        }
    return (int)usage(lang, NULL);
}
