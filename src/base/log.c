#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const name[] = {"error", "warning", "info"};
    char when[21] = {0}, text[1024];
    clock_write_time(clock_now_ms(), when);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    fprintf(stderr, "%s %s %s\n", when, name[level], text);
}

const char *cau_err_name(enum cau_err err)
{
    static const char *const name[] = {"OK",      "SYNTAX", "RANGE",  "UNKNOWN",
                                       "REFUSED", "STALE",  "BUSY",   "FULL",
                                       "MEMORY",  "IO",     "CORRUPT"};
    must((size_t)err < countof(name));
    return name[err];
}
