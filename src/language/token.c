#include "language/token.h"

#include "base/utf8.h"
#include "language/fold.h"

#include <string.h>

enum {
    NO_POINT = 0,
    TOKEN_SHORT = 2 /* letters on either side of an ampersand that joins them */
};

enum token_group token_group_of(struct str lang)
{
    if (lang.len != 2)
        return TOKEN_OTHER;
    char a = lang.p[0], b = lang.p[1];
    return a == 'v' && b == 'i'   ? TOKEN_VI
           : a == 'r' && b == 'u' ? TOKEN_RU
           : a == 'e' && b == 'n' ? TOKEN_EN
                                  : TOKEN_OTHER;
}

/* The run of a word while it is read: points in index form. */
struct run {
    uint32_t p[TOKEN_POINTS_MAX];
    size_t n, letters, digits;
};

/* The point at *at, which moves behind it; NO_POINT at the end. Zero-width characters are not there. */
static uint32_t take(struct str text, size_t *at, enum fold_class *c)
{
    while (*at < text.len) {
        uint32_t point = (unsigned char)text.p[*at];
        if (point < 0x80) {
            ++*at;
        } else {
            struct str rest = str_from(text, *at);
            point = utf8_next(&rest);
            *at = text.len - rest.len;
        }
        *c = fold_class(point);
        if (*c != FOLD_SKIP)
            return point;
    }
    *c = FOLD_BREAK;
    return NO_POINT;
}

static size_t encode(const uint32_t *p, size_t n, char out[TOKEN_BYTES_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < 0x80)
            out[len++] = (char)p[i];
        else
            len += utf8_put(p[i], out + len);
    }
    return len;
}

/* By the letters of the form alone: it is the same wherever and however the form stands. */
static enum token_script script_of(const uint32_t *p, size_t n)
{
    bool latin = false, letters = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < 0x80) { /* most: in index form there are no capitals */
            latin |= p[i] >= 'a' && p[i] <= 'z';
            continue;
        }
        enum fold_class c = fold_class(p[i]);
        if (c == FOLD_CYRILLIC)
            return TOKEN_CYRILLIC;
        latin |= c == FOLD_LATIN;
        letters |= c > FOLD_DIGIT;
    }
    return latin ? TOKEN_LATIN : letters ? TOKEN_SCRIPT_OTHER : TOKEN_DIGITS;
}

static void add_extra(struct token_walk *w, enum token_role role, enum token_script script,
                      bool number, const char *form, size_t len)
{
    if (w->extra_n == countof(w->extra) || len == 0 || len > TOKEN_BYTES_MAX)
        return;
    struct token_extra *e = &w->extra[w->extra_n++];
    e->role = role;
    e->script = script;
    e->number = number;
    e->len = (uint16_t)len;
    memcpy(e->form, form, len);
}

static void add_points(struct token_walk *w, enum token_role role, bool number,
                       const uint32_t *p, size_t n)
{
    char form[TOKEN_BYTES_MAX];
    add_extra(w, role, script_of(p, n), number, form, encode(p, n, form));
}

/* Words joined without what stands between them. */
static void add_joined(struct token_walk *w)
{
    uint32_t p[TOKEN_POINTS_MAX];
    struct str rest = {w->joined, w->joined_len};
    size_t n = 0;
    while (rest.len > 0)
        p[n++] = utf8_next(&rest);
    add_extra(w, TOKEN_PART, script_of(p, n), w->joined_number, w->joined, w->joined_len);
}

void token_start(struct token_walk *w, struct str text)
{
    w->text = text;
    w->at = w->plain_until = 0;
    w->place = 0;
    w->touches = false;
    w->joined_open = false;
    w->joined_len = 0;
    w->extra_n = w->extra_given = 0;
}

/* Behind an ampersand: are there the last few letters of an abbreviation (R&D, P&ID)? */
static bool ends_abbreviation(struct str text, size_t at)
{
    enum fold_class c;
    size_t n = 0;
    for (; n <= TOKEN_SHORT; n++) {
        take(text, &at, &c);
        if (c < FOLD_LETTER || c == FOLD_IDEOGRAPH)
            break;
    }
    return n > 0 && n <= TOKEN_SHORT && c < FOLD_MARK;
}

/* Reads the letters, marks and digits from w->at on; the first is a point of a word. */
static void read_run(struct token_walk *w, struct run *r)
{
    r->n = r->letters = r->digits = 0;
    bool after_cyrillic = false;
    while (r->n < TOKEN_POINTS_MAX) {
        size_t at = w->at;
        enum fold_class c;
        uint32_t point = take(w->text, &at, &c);
        bool joins = point == '&' && r->n > 0 && r->n <= TOKEN_SHORT && r->letters == r->n &&
                     ends_abbreviation(w->text, at);
        if ((c < FOLD_MARK && !joins) || (c == FOLD_IDEOGRAPH && r->n > 0))
            return;
        w->at = at;
        if (c == FOLD_MARK && after_cyrillic && (point == 0x300 || point == 0x301))
            continue;
        after_cyrillic = c == FOLD_CYRILLIC;
        r->p[r->n++] = fold_point(point);
        r->digits += c == FOLD_DIGIT;
        r->letters += c > FOLD_DIGIT;
        if (c == FOLD_IDEOGRAPH)
            return;
    }
}

/* Digits from at on, at most cap of them into p; how many, *end behind them. */
static size_t read_digits(struct str text, size_t at, uint32_t *p, size_t cap, size_t *end)
{
    size_t n = 0;
    *end = at;
    for (;;) {
        enum fold_class c;
        uint32_t point = take(text, &at, &c);
        if (c != FOLD_DIGIT || n == cap)
            return c >= FOLD_MARK ? 0 : n; /* a letter touches: no group of a number */
        p[n++] = fold_point(point);
        *end = at;
    }
}

/* r holds digits and a point or comma and more digits follow: takes them in. 1,5 and 1.5 are 1.5; groups
 * of three are also, or (with more than one) only, a whole number. What is neither, such as a date, is left
 * as it is: words of digits. */
static void read_number(struct token_walk *w, struct run *r)
{
    uint32_t p[TOKEN_POINTS_MAX], separator = NO_POINT;
    size_t n = r->n, at = w->at, groups = 0, last = 0;
    memcpy(p, r->p, r->n * sizeof *p);
    bool threes = r->n <= 3 && r->p[0] != '0', same = true;
    if (n >= TOKEN_POINTS_MAX - 1)
        return;
    for (;;) {
        enum fold_class c;
        size_t next = at, end;
        uint32_t point = take(w->text, &next, &c);
        if (point != '.' && point != ',')
            break;
        size_t got = read_digits(w->text, next, p + n, TOKEN_POINTS_MAX - 1 - n, &end);
        if (got == 0) /* also: too many */
            break;
        same = same && (separator == NO_POINT || separator == point);
        separator = point;
        threes = threes && got == 3;
        n += last = got;
        at = end;
        groups++;
    }
    if (groups == 0 || (groups > 1 && !(threes && same))) {
        w->plain_until = groups > 1 ? at : w->plain_until;
        return;
    }
    w->at = at;
    if (groups > 1 || threes) {
        if (groups == 1)
            add_points(w, TOKEN_READING, true, p, n);
        memcpy(r->p, p, n * sizeof *p);
        r->n = n;
    }
    if (groups == 1) {
        memmove(p + n - last + 1, p + n - last, last * sizeof *p);
        p[n - last] = '.';
        memcpy(r->p, p, (n + 1) * sizeof *p);
        r->n = n + 1;
    }
    r->digits = r->n;
}

/* r holds one to three digits: with groups of three behind single spaces it is also one number. */
static void read_spaced(struct token_walk *w, const struct run *r)
{
    uint32_t p[TOKEN_POINTS_MAX];
    size_t n = r->n, at = w->at;
    memcpy(p, r->p, r->n * sizeof *p);
    for (;;) {
        enum fold_class c;
        size_t next = at, end;
        take(w->text, &next, &c);
        if (c != FOLD_SPACE || n + 4 > TOKEN_POINTS_MAX ||
            read_digits(w->text, next, p + n, 4, &end) != 3)
            break;
        n += 3;
        at = end;
    }
    if (n > r->n)
        add_points(w, TOKEN_PART, true, p, n);
}

/* al2o3: al, 2, o, 3. */
static void add_parts(struct token_walk *w, const struct run *r)
{
    size_t start[5] = {0}, n = 1;
    for (size_t i = 1; i < r->n; i++) {
        bool was = r->p[i - 1] >= '0' && r->p[i - 1] <= '9',
             is = r->p[i] >= '0' && r->p[i] <= '9';
        if (was != is) {
            if (n == 4)
                return;
            start[n++] = i;
        }
    }
    start[n] = r->n;
    for (size_t i = 0; i < n && n > 1; i++) {
        const uint32_t *p = r->p + start[i];
        bool digits = *p >= '0' && *p <= '9';
        add_points(w, TOKEN_PART, digits, p, start[i + 1] - start[i]);
    }
}

/* After a word: does a dash or an apostrophe join the next one to it? */
static bool joins_next(const struct token_walk *w)
{
    enum fold_class c, after;
    size_t at = w->at;
    take(w->text, &at, &c);
    if (c != FOLD_DASH && c != FOLD_APOSTROPHE)
        return false;
    take(w->text, &at, &after);
    return after >= FOLD_DIGIT && after != FOLD_IDEOGRAPH;
}

static void join(struct token_walk *w, const struct token *word, size_t points)
{
    if (!w->joined_open) {
        w->joined_len = w->joined_points = 0;
        w->joined_at = word->at;
        w->joined_number = w->joined_short = false;
    }
    if (w->joined_points + points <= TOKEN_POINTS_MAX) {
        memcpy(w->joined + w->joined_len, word->form.p, word->form.len);
        w->joined_len += word->form.len;
    }
    w->joined_points += points;
    w->joined_number |= word->number;
    w->joined_short |= points <= 2;
    bool was_open = w->joined_open;
    w->joined_open = joins_next(w);
    if (was_open && !w->joined_open && w->joined_points <= TOKEN_POINTS_MAX &&
        (w->joined_number || w->joined_short))
        add_joined(w);
}

static void finish_word(struct token_walk *w, struct run *r, struct token *out)
{
    uint32_t typed[TOKEN_POINTS_MAX];
    size_t n = r->n;
    memcpy(typed, r->p, n * sizeof *typed);
    if (r->digits != r->n && fold_word(r->p, r->n))
        add_points(w, TOKEN_READING, r->digits > 0, typed, n);
    out->script = script_of(r->p, r->n);
    out->number = r->digits > 0;
    out->form = (struct str){w->form, encode(r->p, r->n, w->form)};
    if (r->digits > 0 && r->letters > 0)
        add_parts(w, r);
}

/* Moves to the next point of a word; false at the end. */
static bool find_word(struct token_walk *w)
{
    while (w->at < w->text.len) {
        size_t at = w->at;
        enum fold_class c;
        take(w->text, &at, &c);
        if (c >= FOLD_DIGIT)
            return true;
        w->touches = w->touches && (c == FOLD_SPACE || c == FOLD_DASH);
        w->at = at;
    }
    return false;
}

static bool next_extra(struct token_walk *w, struct token *out)
{
    if (w->extra_given == w->extra_n) {
        w->extra_given = w->extra_n = 0;
        return false;
    }
    const struct token_extra *e = &w->extra[w->extra_given++];
    *out = w->last;
    out->role = e->role;
    out->script = e->script;
    out->number = e->number;
    out->form = (struct str){e->form, e->len};
    return true;
}

bool token_next(struct token_walk *w, struct token *out)
{
    if (next_extra(w, out))
        return true;
    if (!find_word(w))
        return false;
    struct run r;
    *out = (struct token){.at = w->at, .place = w->place++, .touches = w->touches};
    read_run(w, &r);
    if (r.letters == 0 && r.digits == r.n && out->at >= w->plain_until) {
        size_t end = w->at;
        read_number(w, &r);
        if (w->at == end && r.n <= 3 && r.p[0] != '0')
            read_spaced(w, &r);
    }
    out->len = w->at - out->at;
    finish_word(w, &r, out);
    join(w, out, r.n);
    w->touches = true;
    w->last = *out;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A byte of a word, or perhaps one: beyond ASCII is not looked at. */
static bool is_wordly(char c)
{
    return is_digit(c) || ((unsigned char)c | 32u) - 'a' < 26u || (unsigned char)c >= 0x80;
}

/* May digits go on behind a run of digits that ends at `at`? */
static bool number_goes_on(struct str text, size_t at, size_t digits)
{
    char c = text.p[at];
    if (c == '.' || c == ',')
        return true;
    return digits <= 3 && at + 1 < text.len && is_wordly(text.p[at + 1]) &&
           (is_digit(text.p[at + 1]) || (unsigned char)text.p[at + 1] >= 0x80);
}

bool token_plain(struct token_walk *w, struct str *raw)
{
    if (w->extra_given != w->extra_n || w->joined_open)
        return false;
    size_t at = w->at, digits = 0;
    for (; at < w->text.len && !is_wordly(w->text.p[at]); at++)
        if (w->text.p[at] != ' ') {
            enum fold_class c = fold_class((unsigned char)w->text.p[at]);
            w->touches = w->touches && (c == FOLD_SPACE || c == FOLD_DASH);
        }
    size_t end = w->at = at;
    for (; end < w->text.len && end - at <= TOKEN_PLAIN_MAX && is_wordly(w->text.p[end]); end++)
        digits += is_digit(w->text.p[end]);
    *raw = (struct str){w->text.p + at, end - at};
    if (end == at || end - at > TOKEN_PLAIN_MAX || (digits > 0 && digits < end - at))
        return false;
    if (end == w->text.len)
        return true;
    if (digits > 0 && number_goes_on(w->text, end, digits))
        return false;
    if (w->text.p[end] == ' ')
        return true;
    enum fold_class c = fold_class((unsigned char)w->text.p[end]);
    return c != FOLD_DASH && c != FOLD_APOSTROPHE && w->text.p[end] != '&';
}

bool token_was_plain(const struct token_walk *w, struct str raw)
{
    bool digits_apart = w->last.number && !is_digit(raw.p[0]); /* not those token_plain minds */
    return w->extra_n == 0 && !w->joined_open && !digits_apart && w->last.len == raw.len &&
           w->text.p + w->last.at == raw.p;
}

void token_pass(struct token_walk *w, struct str raw)
{
    w->at += raw.len;
    w->place++;
    w->touches = true;
}

bool token_bare(struct str form, char out[TOKEN_BYTES_MAX], size_t *len)
{
    must(form.len <= TOKEN_BYTES_MAX);
    bool changed = false;
    size_t n = 0;
    while (form.len > 0) {
        uint32_t point = utf8_next(&form), bare = fold_bare_point(point);
        changed = changed || point != bare;
        n += utf8_put(bare, out + n);
    }
    *len = changed ? n : 0;
    return changed;
}
