/* What committees work with, written out: cau table. */
#include "cli/commands_int.h"
#include "domain/actor.h"
#include "exchange/session_paper.h"

#include <stdio.h>
#include <string.h>

#define DESK_FILE_BYTES_MAX ((size_t)256 << 20)

struct wanted {
    struct index_reader reader;
    enum lang lang, second;
    bool second_given;
    struct desk_days on; /* not known: the day that fits */
    enum paper_format format;
};

static bool refuse(struct command_call *c, const char *id, const char *text)
{
    struct str slot = str_of(text);
    command_say(c, id, &slot, 1);
    return false;
}

static bool read_call(struct command_call *c, struct wanted *w)
{
    const char *format = command_option(c, "format"), *lang = command_option(c, "lang"),
               *second = command_option(c, "second"), *on = command_option(c, "on");
    struct actor who = command_flag(c, "public") ? actor_anonymous() : actor_operator();
    *w = (struct wanted){.reader = actor_reader(&who),
                         .lang = c->lang,
                         .second_given = second != NULL,
                         .on = desk_days_of(on == NULL ? STR("") : str_of(on)),
                         .format = PAPER_HTML};
    if (lang != NULL && !lang_read(str_of(lang), &w->lang))
        return refuse(c, "cli.report_lang", lang);
    if (second != NULL && !lang_read(str_of(second), &w->second))
        return refuse(c, "cli.report_lang", second);
    if (on != NULL && (!desk_known(w->on) || w->on.first != w->on.last))
        return refuse(c, "cli.table_day", on);
    if (format != NULL && !paper_read_format(str_of(format), &w->format))
        return refuse(c, "cli.usage.format", format);
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
                                .lang = w->lang,
                                .second = w->second};
    if (!w->second_given)
        ask.second = session_paper_second(d, w->reader, row, w->lang);
    int32_t day = desk_known(w->on) ? w->on.first : session_table_day(row, desk_today());
    struct session_table t;
    struct paper p;
    enum cau_err err = session_table_make(c->arena, d, w->reader, doc, day, &t);
    if (err == CAU_OK)
        err = session_paper_make(c->arena, &ask, &t, &p);
    return err == CAU_OK ? paper_write(&p, w->format, STR(""), out) : err;
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

static enum cau_err put(const char *path, struct str bytes)
{
    FILE *f = path == NULL || strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (f == NULL)
        return CAU_ERR_IO;
    enum cau_err err = fwrite(bytes.p, 1, bytes.len, f) == bytes.len ? CAU_OK : CAU_ERR_IO;
    if (f == stdout)
        return fflush(f) == 0 ? err : CAU_ERR_IO;
    return fclose(f) == 0 ? err : CAU_ERR_IO;
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
    struct buf out = buf_new(DESK_FILE_BYTES_MAX);
    enum cau_err err = make(c, n, &w, &out);
    bool made = err == CAU_OK;
    if (made)
        err = put(path, buf_str(&out));
    buf_free(&out);
    node_close(n);
    if (err == CAU_ERR_UNKNOWN && !made) {
        refuse(c, "cli.table_kind", c->word[0]);
        return COMMAND_REFUSED;
    }
    return err == CAU_OK ? COMMAND_DONE
                         : command_error(c, err, path == NULL ? c->word[0] : path);
}
