#include "index/term_int.h"

#include <string.h>

void term_make(struct term_key *out, enum term_kind kind, struct str text)
{
    must(text.len < TERM_BYTES_MAX);
    out->p[0] = (char)kind;
    memcpy(out->p + 1, text.p, text.len);
    out->len = text.len + 1;
}

bool term_make_sound(struct term_key *out, struct str form)
{
    struct skeleton s = skeleton_of(form);
    char sound[SKELETON_BYTES_MAX];
    size_t n = s.len == 0 ? 0 : skeleton_key(&s, sound);
    if (n == 0 || n + form.len + 2 > TERM_BYTES_MAX)
        return false;
    out->p[0] = (char)TERM_SOUND;
    memcpy(out->p + 1, sound, n);
    out->p[1 + n] = '\t';
    memcpy(out->p + 2 + n, form.p, form.len);
    out->len = n + form.len + 2;
    return true;
}

struct str term_str(const struct term_key *k)
{
    return (struct str){k->p, k->len};
}
