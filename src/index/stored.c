#include "index/stored_int.h"

#include "base/utf8.h"

#include <string.h>

static char *put_text(char *p, enum token_group group, const struct index_text *t)
{
    *p++ = (char)group;
    *p++ = (char)t->weight;
    size_t len = t->text.len;
    for (; len >= 128; len >>= 7)
        *p++ = (char)(len | 128);
    *p++ = (char)len;
    for (size_t i = 0; i < t->text.len && t->text.len < 16; i++)
        p[i] = t->text.p[i];
    if (t->text.len >= 16)
        memcpy(p, t->text.p, t->text.len);
    return p + t->text.len;
}

void stored_write(struct buf *b, const struct index_doc *doc)
{
    unsigned groups = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < doc->text_count; i++) {
        groups |= 1u << token_group_of(doc->text[i].lang);
        bytes += doc->text[i].text.len + 2 + (63 + 6) / 7;
    }
    char *p = buf_extend(b, bytes);
    for (int group = 0; group < TOKEN_GROUPS && p != NULL; group++)
        for (size_t i = 0; i < doc->text_count && (groups >> group & 1) != 0; i++)
            if ((int)token_group_of(doc->text[i].lang) == group)
                p = put_text(p, (enum token_group)group, &doc->text[i]);
    if (p != NULL && bytes > 0)
        b->len = (size_t)(p - b->p);
}

void stored_start(struct stored_walk *w, struct str stored)
{
    w->rest = stored;
    w->text = 0;
    w->checked = false;
    token_start(&w->words, (struct str){NULL, 0});
}

/* Begins the next text; false when there is none. */
bool stored_next_text(struct stored_walk *w)
{
    while (w->rest.len >= 3) {
        const unsigned char *p = (const unsigned char *)w->rest.p;
        size_t at = 2, len = 0;
        for (unsigned shift = 0; shift < 28 && at < w->rest.len; shift += 7) {
            len |= (size_t)(p[at] & 127) << shift;
            if (p[at++] < 128)
                break;
        }
        if (p[0] >= TOKEN_GROUPS || len > w->rest.len - at)
            return false;
        struct str text = str_to(str_from(w->rest, at), len);
        w->group = (enum token_group)p[0];
        w->weight = p[1];
        w->rest = str_from(w->rest, at + len);
        w->text++;
        if (w->checked || utf8_valid(text)) {
            token_start(&w->words, text);
            return true;
        }
    }
    return false;
}

bool stored_next(struct stored_walk *w, struct token *out)
{
    while (!token_next(&w->words, out))
        if (!stored_next_text(w))
            return false;
    return true;
}
