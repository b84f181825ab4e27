#include "base/lang.h"

static const struct str code_of[LANG_COUNT] = {{"vi", 2}, {"ru", 2}, {"en", 2}};

struct str lang_code(enum lang lang)
{
    must((unsigned)lang < LANG_COUNT);
    return code_of[lang];
}

bool lang_read(struct str code, enum lang *out)
{
    for (unsigned i = 0; i < LANG_COUNT; i++)
        if (str_equal(code, code_of[i])) {
            *out = (enum lang)i;
            return true;
        }
    return false;
}
