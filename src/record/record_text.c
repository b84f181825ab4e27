#include "record/record_int.h"

#include "base/utf8.h"

/* White space, or a space of no width. Joiners are not: they change the letters beside them. */
static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

/* U+202A-202E, U+2066-2069: embeddings, overrides and isolates. */
static bool turns_text(uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* The last code point of text (not empty) and where it begins. */
static uint32_t last_point(struct str text, size_t *at)
{
    size_t i = text.len - 1;
    while (i > 0 && ((unsigned char)text.p[i] & 0xC0) == 0x80)
        i--;
    *at = i;
    struct str point = str_from(text, i);
    return utf8_next(&point);
}

struct str record_trim(struct str text)
{
    while (text.len > 0) {
        struct str rest = text;
        if (!is_space(utf8_next(&rest)))
            break;
        text = rest;
    }
    size_t at;
    while (text.len > 0 && is_space(last_point(text, &at)))
        text = str_to(text, at);
    return text;
}

bool record_breaks_line(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n' || c == '\r')
            return true;
        if (c != 0xE2) /* of U+2000 to U+2FFF */
            continue;
        struct str point = str_from(text, i);
        uint32_t wide = utf8_next(&point);
        if (wide == 0x2028 || wide == 0x2029 || turns_text(wide))
            return true;
    }
    return false;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Labels between dots: letters, digits, hyphens and anything beyond ASCII; none of them empty. */
static bool is_host(struct str host)
{
    if (host.len == 0)
        return false;
    while (host.p != NULL) {
        struct str label = str_next(&host, '.');
        if (label.len == 0 || label.p[0] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!is_letter_or_digit(label.p[i]) && label.p[i] != '-' && label.p[i] != '_' &&
                (unsigned char)label.p[i] < 0x80)
                return false;
    }
    return true;
}

/* "[2001:db8::1]" */
static bool is_bracketed(struct str host)
{
    if (host.len < 4 || host.p[0] != '[' || host.p[host.len - 1] != ']')
        return false;
    for (size_t i = 1; i + 1 < host.len; i++)
        if (!is_letter_or_digit(host.p[i]) && host.p[i] != ':' && host.p[i] != '.')
            return false;
    return true;
}

/* host or host:port. A name or password before an @ is refused: it makes a link look like another. */
static bool is_authority(struct str text)
{
    size_t colon = text.len;
    while (colon > 0 && text.p[colon - 1] >= '0' && text.p[colon - 1] <= '9')
        colon--;
    if (colon > 0 && colon < text.len && text.p[colon - 1] == ':' && text.len - colon <= 5)
        text = str_to(text, colon - 1);
    return is_bracketed(text) || is_host(text);
}

bool record_is_url(struct str text)
{
    if (text.len > RECORD_URL_BYTES_MAX)
        return false;
    struct str rest = text;
    while (rest.len > 0) {
        uint32_t c = utf8_next(&rest);
        if (c < 0x20 || is_space(c) || turns_text(c) || c == '"' || c == '<' || c == '>' ||
            c == '\\' || c == 0x7F)
            return false;
    }
    struct str plain = STR("http://"), safe = STR("https://");
    if (!str_starts(text, plain) && !str_starts(text, safe))
        return false;
    rest = str_from(text, str_starts(text, safe) ? safe.len : plain.len);
    size_t end = 0;
    while (end < rest.len && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#')
        end++;
    return is_authority(str_to(rest, end));
}

bool record_is_email(struct str text)
{
    struct str domain = text, local = str_next(&domain, '@');
    if (text.len > RECORD_EMAIL_BYTES_MAX || local.len == 0 || local.len > 64)
        return false;
    struct str rest = text;
    while (rest.len > 0) {
        uint32_t c = utf8_next(&rest);
        if (is_space(c) || turns_text(c))
            return false;
    }
    struct str part = local;
    while (part.p != NULL)
        if (str_next(&part, '.').len == 0)
            return false;
    static const char refused[] = "\"(),:;<>[\\]";
    for (size_t i = 0; i < local.len; i++)
        for (const char *r = refused; *r != '\0'; r++)
            if (local.p[i] == *r)
                return false;
    struct str after_dot = domain;
    str_next(&after_dot, '.');
    return after_dot.len > 0 && is_host(domain);
}

enum cau_err record_set_text(struct arena *a, struct value *object, const char *key,
                             enum lang lang, struct str text)
{
    struct value v = value_object();
    if (text.len == 0)
        return CAU_OK;
    enum cau_err err = value_set(a, &v, lang_code(lang), value_string(text));
    return err == CAU_OK ? value_set(a, object, str_of(key), v) : err;
}
