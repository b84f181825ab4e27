/* What committees work with, written out: cau table. */
#include "cli/commands_int.h"
#include "cli/paper_options.h"
#include "exchange/paper/session_paper.h"

struct wanted {
    struct paper_options paper;
    struct index_reader reader;
    enum lang second;
    bool second_given;
    struct desk_days on; /* not known: the day that fits */
};

static bool read_call(struct command_call *c, struct wanted *w)
{
    const char *second = command_option(c, "second"), *on = command_option(c, "on");
    *w = (struct wanted){.second_given = second != NULL,
                         .on = desk_days_of(on == NULL ? STR("") : str_of(on))};
    if (!paper_options_read(c, &w->paper))
        return false;
    w->reader = actor_reader(&w->paper.who);
    if (second != NULL && !lang_read(str_of(second), &w->second))
        return command_refuse(c, "cli.report_lang", second);
    if (on != NULL && (!desk_known(w->on) || w->on.first != w->on.last))
        return command_refuse(c, "cli.table_day", on);
    return true;
}

static enum cau_err write_table(struct command_call *c, struct node *n, struct view *v,
                                const struct desk *d, const struct wanted *w, struct buf *out)
{
    uint32_t doc = view_find(v, w->reader, str_of(c->word[0]));
    const struct desk_row *row = doc == 0 ? NULL : desk_row(d, w->reader, doc);
    if (row == NULL)
        return CAU_ERR_UNKNOWN;
    struct session_paper ask = {.view = v,
                                .kinds = node_kinds(n),
                                .desk = d,
                                .reader = w->reader,
                                .lang = w->paper.lang,
                                .second = w->second};
    if (!w->second_given)
        ask.second = session_paper_second(d, w->reader, row, w->paper.lang);
    int32_t day = desk_known(w->on) ? w->on.first : session_table_day(row, desk_today());
    struct session_table t;
    struct paper p;
    enum cau_err err = session_table_make(c->arena, d, w->reader, doc, day, &t);
    if (err == CAU_OK)
        err = session_paper_make(c->arena, &ask, &t, &p);
    return err == CAU_OK ? paper_options_write(&w->paper, &p, out) : err;
}

static enum cau_err make(struct command_call *c, struct node *n, const struct wanted *w,
                         struct buf *out)
{
    struct desk *desk = NULL;
    struct view *v = view_take(n);
    enum cau_err err = desk_open(n, &desk);
    if (err == CAU_OK)
        err = desk_take(desk, v);
    if (err == CAU_OK) {
        err = write_table(c, n, v, desk, w, out);
        desk_give(desk);
    }
    desk_close(desk);
    view_give(n, v);
    return err;
}

enum command_exit command_table(struct command_call *c)
{
    const char *path = command_option(c, "o");
    enum command_exit exit = COMMAND_USAGE;
    struct wanted w;
    if (!read_call(c, &w))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    struct buf out = buf_new(PAPER_OPTIONS_BYTES_MAX);
    enum cau_err err = make(c, n, &w, &out);
    bool made = err == CAU_OK;
    if (made)
        err = paper_options_put(c, buf_str(&out));
    buf_free(&out);
    node_close(n);
    if (err == CAU_ERR_UNKNOWN && !made) {
        command_refuse(c, "cli.table_kind", c->word[0]);
        return COMMAND_REFUSED;
    }
    return err == CAU_OK ? COMMAND_DONE
                         : command_error(c, err, path == NULL ? c->word[0] : path);
}
