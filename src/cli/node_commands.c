#include "base/number.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "domain/people/people.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_PORT = 8080 };

struct str command_password(struct command_call *c)
{
    const char *given = command_option(c, "password");
    if (given != NULL && strcmp(given, "-") != 0)
        return str_of(given);
    if (given == NULL && !isatty(0))
        return (struct str){NULL, 0};
    if (isatty(0))
        command_say(c, "cli.password", NULL, 0);
    static char line[1100];
    if (fgets(line, sizeof line, stdin) == NULL)
        return (struct str){NULL, 0};
    struct str text = str_of(line);
    while (text.len > 0 && (text.p[text.len - 1] == '\n' || text.p[text.len - 1] == '\r'))
        text.len--;
    return text;
}

/* What a refusal of domain/ means, in words, with the first problem's place. */
static enum command_exit refused(struct command_call *c, enum register_why why,
                                 const struct register_outcome *out)
{
    char id[64];
    if (why == REGISTER_PROBLEMS && out->problems.n > 0) {
        const struct record_problem *p = &out->problems.v[0];
        char limit[24];
        int n = snprintf(limit, sizeof limit, "%lld", (long long)p->limit);
        const struct str slot[] = {p->place, p->value, {limit, (size_t)n}};
        snprintf(id, sizeof id, "problem.%s", record_code_name(p->code));
        fprintf(stderr, "%.*s: ", STR_ARG(p->place));
        struct buf b = buf_new(4096);
        words_fill(&b, words(c->lang, id), slot + 1, 2);
        fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&b)));
        buf_free(&b);
    } else {
        snprintf(id, sizeof id, "refusal.%s", register_why_name(why));
        command_say(c, id, NULL, 0);
    }
    return why == REGISTER_FAILED ? COMMAND_BROKEN : COMMAND_REFUSED;
}

/* The first administrator, when a name and a password were given. */
static enum command_exit add_first(struct command_call *c, const char *dir, enum lang lang)
{
    const char *name = command_option(c, "user");
    struct str password = name == NULL ? (struct str){NULL, 0} : command_password(c);
    if (name == NULL || password.len == 0) {
        command_say(c, "cli.init.no_user", NULL, 0);
        return COMMAND_DONE;
    }
    struct node *n;
    enum cau_err err = node_open(dir, NODE_WRITE, &n);
    if (err != CAU_OK)
        return command_error(c, err, dir);
    struct actor self = actor_operator();
    struct register_outcome out;
    uint32_t id;
    enum register_why why = people_add(n, c->arena, &self, str_of(name), str_of(name), password,
                                       LOCAL_ADMINISTRATOR, lang, &id, &out);
    node_close(n);
    return why == REGISTER_DONE ? COMMAND_DONE : refused(c, why, &out);
}

enum command_exit command_init(struct command_call *c)
{
    const char *dir = c->word[0], *name = command_option(c, "name");
    const char *country = command_option(c, "country"), *lang = command_option(c, "lang");
    struct node_config config = {str_of(name), str_of(country), LANG_EN};
    if (name == NULL || country == NULL ||
        (lang != NULL && !lang_read(str_of(lang), &config.lang))) {
        command_say(c, "cli.init.needs", NULL, 0);
        return COMMAND_USAGE;
    }
    enum cau_err err = node_create(dir, &config);
    struct str slot = str_of(dir);
    if (err == CAU_ERR_REFUSED) {
        command_say(c, "cli.init.not_empty", &slot, 1);
        return COMMAND_REFUSED;
    }
    if (err != CAU_OK)
        return command_error(c, err, err == CAU_ERR_SYNTAX ? name : dir);
    command_say(c, "cli.init.done", &slot, 1);
    return add_first(c, dir, config.lang);
}

/* "HOST:PORT", "PORT" or "[v6]:PORT". */
static bool read_listen(struct command_call *c, const char *text, const char **host,
                        uint64_t *port)
{
    *host = "127.0.0.1";
    *port = DEFAULT_PORT;
    if (text == NULL)
        return true;
    const char *colon = strrchr(text, ':');
    if (number_read(str_of(colon == NULL ? text : colon + 1), UINT16_MAX, port) != CAU_OK)
        return false;
    if (colon != NULL) {
        struct str name = {text, (size_t)(colon - text)}, copy;
        if (name.len > 2 && name.p[0] == '[' && name.p[name.len - 1] == ']')
            name = (struct str){name.p + 1, name.len - 2};
        if (arena_copy(c->arena, name, &copy) != CAU_OK)
            return false;
        *host = copy.p;
    }
    return true;
}

enum command_exit command_serve_node(struct command_call *c, struct node *n,
                                     const struct server_options *options)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    must(pthread_sigmask(SIG_BLOCK, &ends, NULL) ==
         0); /* before any thread: they all inherit it */
    struct server *server;
    const char *host = options->host;
    enum cau_err err = server_start(n, options, &server);
    if (err != CAU_OK) {
        struct str slot = str_of(host);
        command_say(c, err == CAU_ERR_BUSY ? "cli.serve.taken" : "cli.serve.failed", &slot, 1);
        return COMMAND_REFUSED;
    }
    bool v6 = strchr(host, ':') != NULL;
    printf("http://%s%s%s:%u/\n", v6 ? "[" : "", host, v6 ? "]" : "", server_port(server));
    fflush(stdout);
    int got;
    sigwait(&ends, &got);
    server_stop(server);
    return COMMAND_DONE;
}

enum command_exit command_serve(struct command_call *c)
{
    const char *host;
    uint64_t port, threads;
    enum command_exit exit = COMMAND_USAGE;
    if (!read_listen(c, command_option(c, "listen"), &host, &port) ||
        !command_number(c, "threads", SERVER_THREADS_MAX, 0, &threads)) {
        command_say(c, "cli.serve.listen", NULL, 0);
        return exit;
    }
    struct node *n = command_open(c, NODE_WRITE, &exit);
    if (n == NULL)
        return exit;
    struct server_options options = {.host = host,
                                     .port = (uint16_t)port,
                                     .threads = (unsigned)threads,
                                     .behind_proxy = command_flag(c, "behind-proxy")};
    /* As views and index: what can be derived again is, before anyone is served. Without it the node serves all the same. */
    if (node_lexicon_unusable(n))
        (void)command_make_lexicon(c, n, command_node_dir(c));
    exit = command_serve_node(c, n, &options);
    node_close(n);
    return exit;
}

static enum command_exit user_list(struct command_call *c)
{
    enum command_exit exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct local_user *user = NULL;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err = local_user_list(view_store(v), c->arena, &user, &count);
    for (size_t i = 0; err == CAU_OK && i < count; i++) {
        struct buf b = buf_new(4096);
        people_write_roles(&b, user[i].roles);
        printf("%.*s\t%.*s\t%.*s\t%s\n", STR_ARG(user[i].name), STR_ARG(user[i].display),
               STR_ARG(buf_str(&b)), user[i].active ? "active" : "inactive");
        buf_free(&b);
    }
    view_give(n, v);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, "user");
}

static enum register_why change_user(struct command_call *c, struct node *n, const char *what,
                                     struct str name, struct register_outcome *out)
{
    struct actor self = actor_operator();
    unsigned roles = 0;
    enum lang lang = c->lang;
    uint32_t id;
    struct str list = str_of(command_option(c, "roles"));
    if (people_read_roles(list, &roles) != CAU_OK) {
        out->problems.n = 1;
        out->problems.v[0] =
            (struct record_problem){STR("roles"), RECORD_UNKNOWN_CODE, list, 0};
        return REGISTER_PROBLEMS;
    }
    (void)lang_read(str_of(command_option(c, "lang")), &lang);
    if (strcmp(what, "password") == 0)
        return people_set_password(n, c->arena, &self, name, command_password(c), out);
    if (strcmp(what, "role") == 0)
        return people_set_roles(n, c->arena, &self, name, roles, !command_flag(c, "inactive"),
                                out);
    return people_add(n, c->arena, &self, name, str_of(command_option(c, "display")),
                      command_password(c), roles, lang, &id, out);
}

enum command_exit command_user(struct command_call *c)
{
    const char *what = c->word[0];
    if (strcmp(what, "list") == 0 && c->word_count == 1)
        return user_list(c);
    bool known =
        strcmp(what, "add") == 0 || strcmp(what, "password") == 0 || strcmp(what, "role") == 0;
    if (!known || c->word_count != 2)
        return COMMAND_USAGE;
    enum command_exit exit;
    struct node *n = command_open(c, NODE_WRITE, &exit);
    if (n == NULL)
        return exit;
    struct register_outcome out;
    memset(&out, 0, sizeof out);
    enum register_why why = change_user(c, n, what, str_of(c->word[1]), &out);
    node_close(n);
    return why == REGISTER_DONE ? COMMAND_DONE : refused(c, why, &out);
}

enum command_exit command_backup(struct command_call *c)
{
    enum cau_err err = node_backup(command_node_dir(c), c->word[0]);
    struct str slot = str_of(c->word[0]);
    if (err != CAU_OK)
        return command_error(c, err, c->word[0]);
    command_say(c, "cli.backup.done", &slot, 1);
    return COMMAND_DONE;
}

/* The operator's word that nothing newer than the restored log was ever published. */
static enum command_exit confirm(struct command_call *c)
{
    enum cau_err err = node_confirm(command_node_dir(c));
    struct str slot = str_of(command_node_dir(c));
    if (err != CAU_OK)
        return command_error(c, err, command_node_dir(c));
    command_say(c, "cli.restore.confirmed", &slot, 1);
    return COMMAND_DONE;
}

enum command_exit command_restore(struct command_call *c)
{
    const char *keys = command_option(c, "keys");
    if (c->word_count == 0 && command_flag(c, "confirm"))
        return confirm(c);
    if (keys == NULL || c->word_count == 0) {
        command_say(c, "cli.restore.keys", NULL, 0);
        return COMMAND_USAGE;
    }
    enum cau_err err = node_restore(c->word[0], command_node_dir(c), keys);
    struct str slot = str_of(command_node_dir(c));
    if (err != CAU_OK)
        return command_error(c, err, c->word[0]);
    command_say(c, "cli.restore.done", &slot, 1);
    return command_flag(c, "confirm") ? confirm(c) : COMMAND_DONE;
}
