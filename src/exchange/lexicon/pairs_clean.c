/* What is for machines in a message, taken out. */
#include "exchange/lexicon/pairs.h"

#include <string.h>

enum { TAG_BYTES_MAX = 300, NAME_BYTES_MAX = 60 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of text up to and with end, when it comes within max bytes; else 0. */
static size_t until(struct str text, char end, size_t max)
{
    for (size_t i = 0; i < text.len && i < max; i++)
        if (text.p[i] == end)
            return i + 1;
    return 0;
}

/* The length of a printf directive at text ("%-10.3lu", "%1$s", "%(name)s", "%{x}", "%1"); 0: none. */
static size_t directive(struct str text)
{
    size_t i = 1;
    if (text.len < 2)
        return 0;
    if (text.p[1] == '%')
        return 2;
    if (text.p[1] == '{')
        return until(text, '}', NAME_BYTES_MAX);
    if (text.p[1] == '(') {
        i = until(text, ')', NAME_BYTES_MAX);
        if (i == 0)
            return 0;
    }
    size_t digits = i;
    while (i < text.len && (is_digit(text.p[i]) || strchr("$#+-.*'", text.p[i]) != NULL))
        i++;
    while (i < text.len && strchr("hlLqjzt", text.p[i]) != NULL)
        i++;
    if (i < text.len && strchr("diouxXeEfFgGaAcsSpnm", text.p[i]) != NULL &&
        (i + 1 == text.len || !is_letter(text.p[i + 1])))
        return i + 1;
    return i > digits && is_digit(text.p[i - 1]) ? i : 0; /* %1: Qt */
}

/* "<b>", "</a>", "<ahelp hid="...">": a letter or slash behind the bracket. */
static size_t tag(struct str text)
{
    if (text.len < 3 || !(is_letter(text.p[1]) || text.p[1] == '/' || text.p[1] == '!'))
        return 0;
    return until(text, '>', TAG_BYTES_MAX);
}

/* "&amp;" "&#160;": its length, and what it stands for. */
static size_t entity(struct str text, char *stands)
{
    static const struct {
        const char *name;
        char stands;
    } known[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                 {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
    for (size_t i = 0; i < countof(known); i++)
        if (str_starts(text, str_of(known[i].name))) {
            *stands = known[i].stands;
            return strlen(known[i].name);
        }
    *stands = ' ';
    size_t n = text.len > 2 && text.p[1] == '#' ? until(text, ';', 10) : 0;
    return n;
}

/* A mark of the key that chooses the item: before a letter, and the only one of its kind or at the head of a word;
 * "(_F)" goes whole. */
static size_t accelerator(struct str text, size_t i, size_t count)
{
    char c = text.p[i];
    if (c != '_' && c != '&' && c != '~')
        return 0;
    if (i + 1 == text.len || !(is_letter(text.p[i + 1]) || is_digit(text.p[i + 1])))
        return 0;
    bool head = i == 0 || !(is_letter(text.p[i - 1]) || is_digit(text.p[i - 1]));
    return count == 1 || head ? 1 : 0;
}

static bool is_hot_key(struct str text)
{
    return text.len >= 4 && text.p[0] == '(' && strchr("_&~", text.p[1]) != NULL &&
           is_letter(text.p[2]) && text.p[3] == ')';
}

/* "${name}", "$(ARG1)", "$[officename]", "{0}". */
static size_t place(struct str text)
{
    if (text.p[0] == '{' && text.len > 2 && (is_digit(text.p[1]) || is_letter(text.p[1])))
        return until(text, '}', NAME_BYTES_MAX);
    if (text.p[0] != '$' || text.len < 3)
        return 0;
    char end = text.p[1] == '{' ? '}' : text.p[1] == '(' ? ')' : text.p[1] == '[' ? ']' : 0;
    return end == 0 ? 0 : until(text, end, NAME_BYTES_MAX);
}

/* How many bytes at text are for machines; 0: none. They become *stands (0: nothing at all). */
static size_t machine(struct str text, size_t at, const size_t count[256], char *stands)
{
    struct str rest = str_from(text, at);
    size_t n = 0;
    *stands = ' ';
    switch (rest.p[0]) {
    case '%':
        return directive(rest);
    case '<':
        return tag(rest);
    case '$':
    case '{':
        return place(rest);
    case '(':
        *stands = 0;
        return is_hot_key(rest) ? 4 : 0;
    case '&':
        n = entity(rest, stands);
        if (n > 0)
            return n;
        *stands = 0;
        return accelerator(text, at, count['&']);
    case '_':
    case '~':
        *stands = 0;
        return accelerator(text, at, count[(unsigned char)rest.p[0]]);
    default:
        return 0;
    }
}

static void add(struct buf *out, size_t from, char c)
{
    bool space = c == ' ' || (unsigned char)c < 0x20 || c == 0x7F;
    if (!space)
        buf_add_char(out, c);
    else if (out->len > from && out->p[out->len - 1] != ' ')
        buf_add_char(out, ' ');
}

void pairs_clean(struct buf *out, struct str text)
{
    size_t from = out->len, count[256] = {0};
    for (size_t i = 0; i < text.len; i++)
        count[(unsigned char)text.p[i]]++;
    for (size_t i = 0; i < text.len && !out->failed;) {
        char stands;
        size_t n = machine(text, i, count, &stands);
        if (n > 0 && stands != 0)
            add(out, from, stands);
        else if (n == 0)
            add(out, from, text.p[i]);
        i += n > 0 ? n : 1;
    }
    static const struct str dots = {"…", sizeof "…" - 1};
    while (out->len > from) {
        struct str now = str_from(buf_str(out), from);
        if (str_ends(now, dots))
            out->len -= dots.len;
        else if (strchr(" :.", now.p[now.len - 1]) != NULL)
            out->len--;
        else
            break;
    }
}
