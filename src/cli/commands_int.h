/* commands_int.h - the commands, by the file they live in. */
#ifndef CAU_CLI_COMMANDS_INT_H
#define CAU_CLI_COMMANDS_INT_H

#include "cli/command.h"
#include "web/server.h"

/* node_commands.c: a node comes, runs, is kept */
enum command_exit command_init(struct command_call *c);
enum command_exit command_serve(struct command_call *c);
enum command_exit command_user(struct command_call *c);
enum command_exit command_backup(struct command_call *c);
enum command_exit command_restore(struct command_call *c);
/* lexicon_command.c */
enum command_exit command_lexicon(struct command_call *c);
/* Makes the lexicon of the node in folder dir, with its terms, and says so. */
enum command_exit command_make_lexicon(struct command_call *c, struct node *n, const char *dir);
/* Says when the lexicon of the node in folder node_dir was learnt from other sources than its manifest and this program
 * now name, or when that manifest cannot be read. */
void command_say_old_lexicon(struct command_call *c, const char *node_dir);
/* demo_command.c */
enum command_exit command_demo(struct command_call *c);
/* find_commands.c: what is like words, a text, a record */
enum command_exit command_search(struct command_call *c);
enum command_exit command_match(struct command_call *c);
/* record_commands.c: reading records */
enum command_exit command_show(struct command_call *c);
enum command_exit command_history(struct command_call *c);
enum command_exit command_export(struct command_call *c);
/* report_command.c */
enum command_exit command_report(struct command_call *c);
/* desk_commands.c: what committees work with, written out */
enum command_exit command_table(struct command_call *c);
/* duplicates_command.c */
enum command_exit command_duplicates(struct command_call *c);
/* import_commands.c */
enum command_exit command_import(struct command_call *c);
enum command_exit command_undo(struct command_call *c);
/* proof_commands.c */
enum command_exit command_proof(struct command_call *c);
enum command_exit command_verify(struct command_call *c);
enum command_exit command_rebuild(struct command_call *c);
enum command_exit command_check(struct command_call *c);

/* Serves an open node until a signal ends it; prints the address. */
enum command_exit command_serve_node(struct command_call *c, struct node *n,
                                     const struct server_options *options);
/* The password of --password, or the first line of standard input when that is a terminal or "-"; {NULL, 0}: none. */
struct str command_password(struct command_call *c);

#endif
