/* paper_options.h - what all commands that write a paper read and do: --public, --lang, --format, --base and -o. */
#ifndef CAU_CLI_PAPER_OPTIONS_H
#define CAU_CLI_PAPER_OPTIONS_H

#include "cli/command.h"
#include "domain/rule/actor.h"
#include "exchange/paper/paper.h"

#define PAPER_OPTIONS_BYTES_MAX ((size_t)128 << 20) /* of a file */

struct paper_options {
    struct actor who; /* the operator, or nobody with --public */
    enum lang lang;
    enum paper_format format;
    struct str base; /* before addresses of a page; lives as long as the call */
};

/* Says what is wrong; false then. */
bool paper_options_read(const struct command_call *c, struct paper_options *out);
/* The paper in that format at the end of out. Errors: those of paper_write. */
enum cau_err paper_options_write(const struct paper_options *o, const struct paper *p,
                                 struct buf *out);
/* Writes bytes to the file of -o, or to standard output. Errors: IO. */
enum cau_err paper_options_put(const struct command_call *c, struct str bytes);

#endif
