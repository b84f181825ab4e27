#include "index/stored_int.h"

#include "base/utf8.h"

void stored_write(struct buf *b, const struct index_doc *doc)
{
    for (int group = 0; group < TOKEN_GROUPS; group++)
        for (size_t i = 0; i < doc->text_count; i++) {
            const struct index_text *t = &doc->text[i];
            if ((int)token_group_of(t->lang) != group)
                continue;
            buf_add_char(b, (char)group);
            buf_add_char(b, (char)t->weight);
            size_t len = t->text.len;
            for (; len >= 128; len >>= 7)
                buf_add_char(b, (char)(len | 128));
            buf_add_char(b, (char)len);
            buf_add(b, t->text);
        }
}

void stored_start(struct stored_walk *w, struct str stored)
{
    w->rest = stored;
    w->text = 0;
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
        if (utf8_valid(text)) {
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
