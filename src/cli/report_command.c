/* cau report year YYYY: the annual report of a country, written out. */
#include "base/file.h"
#include "base/number.h"
#include "cli/commands_int.h"
#include "exchange/report_paper.h"

#include <stdio.h>
#include <string.h>

#define REPORT_BYTES_MAX ((size_t)256 << 20)

struct wanted {
    struct report_ask ask;
    struct actor who;
    enum lang lang;
    enum paper_format format;
    struct str base;
};

static bool refuse(struct command_call *c, const char *id, const char *text)
{
    struct str slot = str_of(text);
    command_say(c, id, &slot, 1);
    return false;
}

/* What was asked for, but for the country, which may be the node's. */
static bool read_call(struct command_call *c, struct wanted *w)
{
    const char *format = command_option(c, "format"), *lang = command_option(c, "lang");
    const char *base = command_option(c, "base");
    uint64_t year = 0;
    w->lang = c->lang;
    w->format = PAPER_HTML;
    w->base = base == NULL ? (struct str){NULL, 0} : str_of(base);
    w->who = command_flag(c, "public") ? actor_anonymous() : actor_operator();
    if (strcmp(c->word[0], "year") != 0)
        return refuse(c, "cli.report_what", c->word[0]);
    if (number_read(str_of(c->word[1]), REPORT_YEAR_MAX, &year) != CAU_OK ||
        year < REPORT_YEAR_MIN)
        return refuse(c, "cli.report_year", c->word[1]);
    if (lang != NULL && !lang_read(str_of(lang), &w->lang))
        return refuse(c, "cli.report_lang", lang);
    if (format != NULL && !paper_read_format(str_of(format), &w->format))
        return refuse(c, "cli.usage.format", format);
    w->ask = (struct report_ask){
        .year = (int)year, .actor = &w->who, .reader = actor_reader(&w->who)};
    return true;
}

static enum cau_err write_paper(const struct paper *p, const struct wanted *w, struct buf *out)
{
    switch (w->format) {
    case PAPER_DOCX:
        return paper_write_docx(p, out);
    case PAPER_XLSX:
        return paper_write_xlsx(p, out);
    case PAPER_CSV:
        return paper_write_csv(p, out);
    default:
        return paper_write_html(p, w->base, out);
    }
}

static enum cau_err make(struct command_call *c, struct node *n, const struct wanted *w,
                         struct buf *out)
{
    struct desk *desk = NULL;
    struct report report;
    struct paper paper;
    struct view *v = view_take(n);
    enum cau_err err = desk_open(n, &desk);
    if (err == CAU_OK)
        err = desk_take(desk, v);
    if (err == CAU_OK) {
        struct report_paper_from from = {v, desk, node_kinds(n), w->ask.reader, w->lang};
        err = report_make(v, c->arena, desk, node_kinds(n), &w->ask, &report);
        if (err == CAU_OK)
            err = report_paper(c->arena, &report, &from, &paper);
        if (err == CAU_OK)
            err = write_paper(&paper, w, out);
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

enum command_exit command_report(struct command_call *c)
{
    const char *country = command_option(c, "country"), *path = command_option(c, "o");
    enum command_exit exit = COMMAND_USAGE;
    struct wanted w;
    if (!read_call(c, &w))
        return exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    const struct kind_list *countries = kinds_find_list(node_kinds(n), STR("country"));
    struct str code = country == NULL ? node_config(n)->country : str_of(country);
    if (countries == NULL || kind_find_code(countries, code) == NULL) {
        node_close(n);
        refuse(c, "cli.report_country", country);
        return COMMAND_USAGE;
    }
    w.ask.country = desk_country_of(code);
    struct buf out = buf_new(REPORT_BYTES_MAX);
    enum cau_err err = make(c, n, &w, &out);
    if (err == CAU_OK)
        err = put(path, buf_str(&out));
    buf_free(&out);
    node_close(n);
    return err == CAU_OK ? COMMAND_DONE
                         : command_error(c, err, path == NULL ? c->word[1] : path);
}
