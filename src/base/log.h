/* log.h - one line to standard error for the operator: time, level, words for a system log. */
#ifndef CAU_BASE_LOG_H
#define CAU_BASE_LOG_H

#include "base/base.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO };

/* One line in English for the operator's log, not for a reader; no text of a user may be in it. */
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *cau_err_name(enum cau_err err); /* "SYNTAX", "RANGE", ...: the stable code */

#endif
