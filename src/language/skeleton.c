#include "language/skeleton.h"

#include "base/number.h"
#include "base/utf8.h"
#include "language/fold.h"

#include <string.h>

/* U+0430..U+044F in Latin letters. */
static const char *const latin_of[32] = {
    "a", "b", "v", "g", "d", "e", "zh", "z",  "i",  "i",   "k", "l", "m", "n", "o",  "p",
    "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sch", "",  "y", "",  "e", "iu", "ia"};

/* A bit for each letter, and two for the sounds J and S; most words lack a letter of most rules. */
#define L(c)     (UINT32_C(1) << ((c) - 'a'))
#define JOINED   (UINT32_C(1) << 26)
#define SIBILANT (UINT32_C(1) << 27)

/* Applied in this order, each to the whole word; from is one letter to three, to one or two. */
static const struct rule {
    const char *from, *to;
    uint32_t needs, gives; /* letters of from, of to */
} rule[] = {{"tch", "J", L('t') | L('c') | L('h'), JOINED},
            {"sch", "S", L('s') | L('c') | L('h'), SIBILANT},
            {"ch", "J", L('c') | L('h'), JOINED},
            {"sh", "S", L('s') | L('h'), SIBILANT},
            {"zh", "J", L('z') | L('h'), JOINED},
            {"kh", "h", L('k') | L('h'), L('h')},
            {"ph", "f", L('p') | L('h'), L('f')},
            {"th", "t", L('t') | L('h'), L('t')},
            {"ck", "k", L('c') | L('k'), L('k')},
            {"ce", "se", L('c') | L('e'), L('s') | L('e')},
            {"ci", "si", L('c') | L('i'), L('s') | L('i')},
            {"cy", "si", L('c') | L('y'), L('s') | L('i')},
            {"qu", "kv", L('q') | L('u'), L('k') | L('v')},
            {"x", "ks", L('x'), L('k') | L('s')},
            {"w", "v", L('w'), L('v')},
            {"y", "i", L('y'), L('i')},
            {"j", "J", L('j'), JOINED},
            {"dJ", "J", L('d') | JOINED, JOINED},
            {"c", "k", L('c'), L('k')},
            {"q", "k", L('q'), L('k')},
            {"ts", "s", L('t') | L('s'), L('s')},
            {"z", "s", L('z'), L('s')},
            {"ie", "i", L('i') | L('e'), L('i')},
            {"ee", "i", L('e'), L('i')},
            {"oo", "u", L('o'), L('u')},
            {"ou", "u", L('o') | L('u'), L('u')},
            {"ei", "i", L('e') | L('i'), L('i')},
            {"ai", "e", L('a') | L('i'), L('e')},
            {"ea", "i", L('e') | L('a'), L('i')}};

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static bool stands_at(const char *p, const char *from, size_t n)
{
    return p[0] == from[0] && (n < 2 || p[1] == from[1]) && (n < 3 || p[2] == from[2]);
}

/* Replaces every from by to, which is never longer by more than one. letters: those that may be in the word. */
static size_t replace(char *p, size_t len, uint32_t *letters, const struct rule *r)
{
    const char *from = r->from, *to = r->to;
    size_t n = from[1] == '\0' ? 1 : from[2] == '\0' ? 2 : 3, m = to[1] == '\0' ? 1 : 2;
    size_t i = 0, out;
    while (i + n <= len && !stands_at(p + i, from, n))
        i++;
    if (i + n > len)
        return len;
    char made[SKELETON_BYTES_MAX * 2];
    for (out = 0; out < i; out++)
        made[out] = p[out];
    *letters |= r->gives;
    while (i < len) {
        bool hit = i + n <= len && stands_at(p + i, from, n);
        made[out++] = hit ? to[0] : p[i];
        if (hit && m == 2)
            made[out++] = to[1];
        i += hit ? n : 1;
    }
    out = out < SKELETON_BYTES_MAX ? out : SKELETON_BYTES_MAX;
    memcpy(p, made, out);
    return out;
}

/* Latin letters of the form, 0 when there are too many or something else is among them. */
static size_t spell(struct str form, char out[SKELETON_BYTES_MAX], size_t *points)
{
    size_t len = 0;
    for (*points = 0; form.len > 0; ++*points) {
        if (form.p[0] >= 'a' && form.p[0] <= 'z' && len < SKELETON_BYTES_MAX) {
            out[len++] = form.p[0];
            form = (struct str){form.p + 1, form.len - 1};
            continue;
        }
        uint32_t c = fold_bare_point(utf8_next(&form));
        char one[2] = {(char)c, '\0'};
        const char *letters = c >= 'a' && c <= 'z'       ? one
                              : c >= 0x430 && c <= 0x44F ? latin_of[c - 0x430]
                              : c == 0x456 || c == 0x457 ? "i"
                              : c == 0x454               ? "e"
                              : c == 0x491               ? "g"
                                                         : NULL;
        if (letters == NULL)
            return 0;
        for (; *letters != '\0'; letters++) {
            if (len == SKELETON_BYTES_MAX)
                return 0;
            out[len++] = *letters;
        }
    }
    return len;
}

static uint32_t sound_bit(char c)
{
    return c == 'J' ? JOINED : c == 'S' ? SIBILANT : L(c);
}

struct skeleton skeleton_of(struct str form)
{
    struct skeleton s = {0};
    size_t points, len = spell(form, s.p, &points);
    if (len == 0 || points < SKELETON_POINTS_MIN)
        return (struct skeleton){0};
    uint32_t letters = 0;
    for (size_t i = 0; i < len; i++)
        letters |= L(s.p[i]);
    for (size_t i = 0; i < countof(rule); i++)
        if ((letters & rule[i].needs) == rule[i].needs)
            len = replace(s.p, len, &letters, &rule[i]);
    size_t out = 0;
    for (size_t i = 0; i < len; i++)
        if (out == 0 || s.p[out - 1] != s.p[i])
            s.p[out++] = s.p[i];
    s.len = (unsigned char)out;
    for (size_t i = 0; i < out; i++)
        if (!is_vowel(s.p[i]))
            s.consonants |= sound_bit(s.p[i]);
    return s;
}

size_t skeleton_key(const struct skeleton *s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s->len; i++)
        if (i == 0 || !is_vowel(s->p[i]))
            out[n++] = s->p[i];
    return n;
}

static void add_key(struct skeleton_keys *out, const char *key, size_t len, char tail)
{
    char *p = out->bytes[out->n];
    memcpy(p, key, len);
    if (tail != '\0')
        p[len++] = tail;
    out->key[out->n++] = (struct str){p, len};
}

void skeleton_keys(const struct skeleton *s, struct skeleton_keys *out)
{
    char key[SKELETON_BYTES_MAX];
    size_t n = skeleton_key(s, key);
    out->n = 0;
    if (n == 0)
        return;
    add_key(out, key, n, '\0');
    if (n > 1)
        add_key(out, key, n - 1, '\0');
    for (const char *tail = "skvnJ"; *tail != '\0'; tail++)
        add_key(out, key, n, *tail);
}

unsigned skeleton_likeness(const struct skeleton *x, const struct skeleton *y)
{
    unsigned row[SKELETON_BYTES_MAX + 1]; /* distances in halves */
    size_t longer = x->len > y->len ? x->len : y->len;
    if (longer == 0)
        return 0;
    for (unsigned j = 0; j <= y->len; j++)
        row[j] = 2 * j;
    for (size_t i = 0; i < x->len; i++) {
        unsigned before = row[0];
        row[0] = 2 * ((unsigned)i + 1);
        for (size_t j = 0; j < y->len; j++) {
            char a = x->p[i], b = y->p[j];
            unsigned swap = before + (a == b ? 0u : is_vowel(a) && is_vowel(b) ? 1u : 2u);
            before = row[j + 1];
            unsigned gap = (row[j] < before ? row[j] : before) + 2;
            row[j + 1] = swap < gap ? swap : gap;
        }
    }
    return 1000 - (unsigned)(row[y->len] * 500 / longer);
}

unsigned skeleton_most_of(unsigned len_x, uint32_t consonants_x, unsigned len_y,
                          uint32_t consonants_y)
{
    unsigned longer = len_x > len_y ? len_x : len_y;
    unsigned shorter = len_x > len_y ? len_y : len_x;
    unsigned of_x = number_count_bits(consonants_x & ~consonants_y);
    unsigned of_y = number_count_bits(consonants_y & ~consonants_x);
    unsigned steps = of_x > of_y ? of_x : of_y;
    if (longer == 0)
        return 0;
    steps = steps > longer - shorter ? steps : longer - shorter;
    return 1000 - steps * 1000 / longer;
}

unsigned skeleton_likeness_most(const struct skeleton *x, const struct skeleton *y)
{
    return skeleton_most_of(x->len, x->consonants, y->len, y->consonants);
}
