#include "base/country.h"

#include <string.h>
#include <unicode/uloc.h>

bool country_three(struct str two, char out[4])
{
    char locale[] = "und_XX";
    if (two.len != 2)
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (two.p[i] < 'A' || two.p[i] > 'Z')
            return false;
        locale[4 + i] = two.p[i];
    }
    const char *three = uloc_getISO3Country(locale);
    if (strlen(three) != 3)
        return false;
    memcpy(out, three, 4);
    return true;
}
