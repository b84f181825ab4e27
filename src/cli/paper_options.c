#include "cli/paper_options.h"

bool paper_options_read(const struct command_call *c, struct paper_options *out)
{
    const char *format = command_option(c, "format"), *lang = command_option(c, "lang"),
               *base = command_option(c, "base");
    *out = (struct paper_options){.who = command_flag(c, "public") ? actor_anonymous()
                                                                   : actor_operator(),
                                  .lang = c->lang,
                                  .format = PAPER_HTML,
                                  .base = base == NULL ? (struct str){NULL, 0} : str_of(base)};
    if (lang != NULL && !lang_read(str_of(lang), &out->lang))
        return command_refuse(c, "cli.report_lang", lang);
    if (format != NULL && !paper_read_format(str_of(format), &out->format))
        return command_refuse(c, "cli.usage.format", format);
    return true;
}

enum cau_err paper_options_write(const struct paper_options *o, const struct paper *p,
                                 struct buf *out)
{
    return paper_write(p, o->format, o->base, out);
}

enum cau_err paper_options_put(const struct command_call *c, struct str bytes)
{
    FILE *f = command_output(command_option(c, "o"));
    if (f == NULL)
        return CAU_ERR_IO;
    bool whole = fwrite(bytes.p, 1, bytes.len, f) == bytes.len;
    return command_output_end(f, whole ? CAU_OK : CAU_ERR_IO);
}
