/* One entry of a dictionary as pairs: a pair for each word of a sense, and for each phrase with its translation. */
#include "base/utf8.h"
#include "exchange/lexicon/pairs_int.h"
#include "language/fold.h"

#include <string.h>

enum {
    SENSE_WORDS_MAX = 8,
    PHRASE_WORDS_MAX = 16,
    REMARK_BYTES_MAX = 400,
    SOUND_BYTES_MAX = 80
};

/* What the words being collected are. */
enum part { SENSE, PHRASE, LABEL };

struct entry {
    struct pairs_run *r;
    struct str head;
    enum part part;
    struct buf *text; /* of the part so far */
};

/* Without what stands at its ends and is no part of a word. */
static struct str strip(struct str x)
{
    static const char junk[] = " \t\r\n.,;:!?-=+*@\\\"'`~|/";
    while (x.len > 0 && memchr(junk, x.p[0], sizeof junk - 1) != NULL)
        x = str_from(x, 1);
    while (x.len > 0 && memchr(junk, x.p[x.len - 1], sizeof junk - 1) != NULL)
        x.len--;
    return x;
}

/* An English word without "to", "a", "an", "the" before it. */
static struct str without_article(enum token_group lang, struct str x)
{
    static const char *const word[] = {"to ", "a ", "an ", "the "};
    for (size_t i = 0; i < countof(word) && lang == TOKEN_EN; i++)
        if (str_starts(x, str_of(word[i])) && x.len > strlen(word[i]))
            return str_from(x, strlen(word[i]));
    return x;
}

/* The number of a sense or homograph: "I", "IV", "2", "3.", "3)", "а)". */
static bool is_number(struct str word)
{
    size_t i = 0;
    if (word.len > 1 && word.len <= 4 && word.p[word.len - 1] == ')')
        return true;
    while (i < word.len && memchr("IVX", word.p[i], 3) != NULL)
        i++;
    if (i == word.len)
        return word.len > 0;
    for (i = 0; i < word.len && word.p[i] >= '0' && word.p[i] <= '9';)
        i++;
    return i > 0 && (i == word.len || (i + 1 == word.len && word.p[i] == '.'));
}

static size_t count_words(struct str x)
{
    size_t n = 0;
    while (x.len > 0)
        n += str_next(&x, ' ').len > 0;
    return n;
}

/* "see X" and "as X" of the dictionaries we know. */
static bool is_reference(struct str x)
{
    static const char *const word[] = {"xem ", "như ", "see ", "cũng ", "см. "};
    for (size_t i = 0; i < countof(word); i++)
        if (str_starts(x, str_of(word[i])))
            return true;
    return false;
}

static enum cau_err put(const struct entry *e, struct str x, struct str y, size_t words_max)
{
    const enum token_group *lang = e->r->in->lang;
    x = without_article(lang[0], strip(x));
    y = without_article(lang[1], strip(y));
    if (is_reference(y) || count_words(x) > words_max || count_words(y) > words_max)
        return CAU_OK;
    return pairs_put(e->r, lang[0], x, lang[1], y);
}

/* The first byte of a word that begins with a Cyrillic letter; x.len when there is none. *latin: whether a Latin letter
 * stands anywhere. */
static size_t first_cyrillic(struct str x, bool *latin)
{
    struct str rest = x;
    size_t at = x.len;
    bool fresh = true;
    *latin = false;
    while (rest.len > 0) {
        size_t here = x.len - rest.len;
        enum fold_class c = fold_class(utf8_next(&rest));
        *latin = *latin || c == FOLD_LATIN;
        if (c == FOLD_CYRILLIC && fresh && at == x.len)
            at = here;
        fresh = c < FOLD_MARK;
    }
    return at;
}

/* A phrase of the head's language with its translation behind it; true when text is one. */
static bool is_mixed(const struct entry *e, struct str text, struct str *x, struct str *y)
{
    bool latin, more;
    size_t at = first_cyrillic(text, &latin);
    if (e->r->in->reader != PAIRS_MUELLER || !latin)
        return false;
    *x = strip(str_to(text, at));
    *y = strip(str_from(text, at));
    (void)first_cyrillic(*y, &more);
    if (more || x->len == 0 || memchr(x->p, '=', x->len) != NULL)
        *y = (struct str){NULL, 0}; /* of two minds: nothing to learn */
    return true;
}

static enum cau_err flush_sense(const struct entry *e)
{
    struct str text = buf_str(e->text), x, y;
    enum cau_err err = CAU_OK;
    while (text.len > 0 && err == CAU_OK) {
        struct str sense = str_next(&text, ';');
        if (is_mixed(e, sense, &x, &y)) {
            err = put(e, x, y, PHRASE_WORDS_MAX);
            continue;
        }
        while (sense.len > 0 && err == CAU_OK)
            err = put(e, e->head, str_next(&sense, ','), SENSE_WORDS_MAX);
    }
    return err;
}

static enum cau_err flush(struct entry *e, enum part next)
{
    enum cau_err err = CAU_OK;
    if (e->text->failed)
        return CAU_ERR_MEMORY;
    if (e->part == SENSE) {
        err = flush_sense(e);
    } else if (e->part == PHRASE) {
        struct str y = buf_str(e->text), x = str_next(&y, '+');
        err = put(e, x, str_next(&y, ';'), PHRASE_WORDS_MAX);
    }
    buf_reset(e->text);
    e->part = next;
    return err;
}

/* Bytes of text up to and with close, which is at most max bytes away; 1 when there is none: the sign alone goes. */
static size_t remark(struct str text, char close, size_t max)
{
    for (size_t i = 1; i < text.len && i < max; i++)
        if (text.p[i] == close)
            return i + 1;
    return 1;
}

/* body without remarks, phonetics and markup. */
static void without_remarks(struct buf *out, struct str body)
{
    static const char open[] = "([{<", close[] = ")]}>";
    for (size_t i = 0; i < body.len;) {
        struct str rest = str_from(body, i);
        const char *kind = memchr(open, rest.p[0], sizeof open - 1);
        size_t n = 0;
        if (kind != NULL)
            n = remark(rest, close[kind - open], REMARK_BYTES_MAX);
        else if (rest.p[0] == '/' && i > 0 && body.p[i - 1] == ' ')
            n = remark(rest, '/', SOUND_BYTES_MAX);
        if (n == 0)
            buf_add_char(out, body.p[i]);
        i += n > 0 ? n : 1;
    }
}

static enum cau_err add_word(struct entry *e, struct str word)
{
    bool ovdp = e->r->in->reader == PAIRS_OVDP;
    enum cau_err err = CAU_OK;
    if (word.len == 0)
        return CAU_OK;
    if (ovdp && word.p[0] == '=') {
        err = flush(e, PHRASE);
        word = str_from(word, 1);
    } else if (ovdp && (word.p[0] == '*' || word.p[0] == '@')) {
        return flush(e, LABEL);
    } else if (ovdp && word.p[0] == '-') {
        err = flush(e, SENSE);
        word = str_from(word, 1);
    } else if (e->r->in->reader == PAIRS_MUELLER && word.p[0] == '_') {
        return CAU_OK;
    }
    struct str core = word;
    while (core.len > 0 && memchr(";,", core.p[core.len - 1], 2) != NULL)
        core.len--;
    if (e->part == SENSE && is_number(core)) {
        buf_add_char(e->text, ';');
        return err;
    }
    buf_add(e->text, word);
    buf_add_char(e->text, ' ');
    return err;
}

enum cau_err pairs_entry(struct pairs_run *r, struct str head, struct str body)
{
    struct entry e = {r, str_trim(head), SENSE, &r->clean[0]};
    buf_reset(&r->text);
    buf_reset(e.text);
    without_remarks(&r->text, body);
    if (r->text.failed)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (struct str rest = buf_str(&r->text); rest.len > 0 && err == CAU_OK;) {
        size_t n = 0;
        while (n < rest.len && memchr(" \t\r\n", rest.p[n], 4) == NULL)
            n++;
        err = add_word(&e, str_to(rest, n));
        if (n < rest.len && rest.p[n] == '\n' && r->in->reader == PAIRS_DICTIONARY)
            buf_add_char(e.text, ';'); /* a sense a line */
        rest = str_from(rest, n < rest.len ? n + 1 : n);
    }
    return err == CAU_OK ? flush(&e, SENSE) : err;
}
