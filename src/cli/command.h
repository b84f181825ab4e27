/* command.h - one command of `cau`: its arguments, and how it answers. */
#ifndef CAU_CLI_COMMAND_H
#define CAU_CLI_COMMAND_H

#include "base/base.h"
#include "base/buf.h"
#include "base/lang.h"
#include "record/value.h"
#include "view/node.h"

#include <stdio.h>

#define COMMAND_WORDS_MAX   4096 /* files, words of a query */
#define COMMAND_OPTIONS_MAX 16

enum command_exit { COMMAND_DONE, COMMAND_REFUSED, COMMAND_USAGE, COMMAND_BROKEN };

struct command_option {
    const char *name;  /* without the dashes */
    const char *value; /* NULL: a flag */
};

/* A call as it was typed. Everything lives as long as the program. */
struct command_call {
    const struct command *command;
    struct arena *arena;
    enum lang lang;          /* of messages: CAU_LANG, LC_ALL, LC_MESSAGES, LANG; else en */
    const char *const *word; /* what is not an option */
    size_t word_count;
    struct command_option option[COMMAND_OPTIONS_MAX];
    size_t option_count;
};

/* A command: help is cli.help.<name> in words/. options: names separated by spaces, with "=" behind those that take
 * a value; node, json and help are understood by all. */
struct command {
    const char *name, *options;
    size_t words_min, words_max;
    enum command_exit (*run)(struct command_call *call);
};

const char *command_option(const struct command_call *c,
                           const char *name); /* its value; NULL */
bool command_flag(const struct command_call *c, const char *name);
/* The number of an option within 0..max, or none when it was not given. Says what is wrong; false then. */
bool command_number(const struct command_call *c, const char *name, uint64_t max, uint64_t none,
                    uint64_t *out);

/* A message to standard error, filled from words; at most WORDS_SLOTS_MAX slots. */
void command_say(const struct command_call *c, const char *id, const struct str *slot,
                 size_t n);
/* The same, filled from one word; false, so that readers of options can return it. */
bool command_refuse(const struct command_call *c, const char *id, const char *word);
/* The same for an error of ours: cli.error.<code>, with a place. Returns the exit code that fits. */
enum command_exit command_error(const struct command_call *c, enum cau_err err,
                                const char *place);
/* The file of an option, for writing: standard output when path is NULL or "-". NULL: it cannot be written. */
FILE *command_output(const char *path);
/* Ends it; err, or IO when not everything got out. f may be NULL. */
enum cau_err command_output_end(FILE *f, enum cau_err err);
/* One JSON object, or text, as a line to standard output. */
void command_print_json(const struct value *value);
void command_print(struct str line);

/* Opens the node named by --node, $CAU_NODE or ./node, or says why not (*exit). */
struct node *command_open(struct command_call *c, enum node_mode mode, enum command_exit *exit);
const char *command_node_dir(const struct command_call *c);

/* A line that shows how far long work is, on a terminal only; ended by command_progress_end. */
void command_progress(const struct command_call *c, const char *id, uint64_t done,
                      uint64_t all);
void command_progress_end(const struct command_call *c);

/* Reads argv, runs the command; the exit code. */
int command_main(int argc, char **argv);

#endif
