#include "language/bare.h"

#include "base/table.h"

#include <string.h>

#define ARENA_BYTES ((size_t)1 << 32) /* of address space */

struct bare_words {
    struct arena a;
    struct table first; /* bare form -> 1 + a term of it */
    struct bare_word *word;
    uint32_t *next; /* 1 + the next term of the same bare form; 0: none */
};

enum cau_err bare_words_open(const struct lexicon *l, struct bare_words **out)
{
    struct arena a = arena_new(ARENA_BYTES);
    struct bare_words *b = arena_zero(&a, sizeof *b);
    size_t n = lexicon_terms(l, TOKEN_VI, TOKEN_EN);
    must(b != NULL);
    *b = (struct bare_words){.a = a, .first = table_new()};
    b->word = arena_take(&b->a, n * sizeof *b->word);
    b->next = arena_zero(&b->a, n * sizeof *b->next);
    enum cau_err err = b->word == NULL || b->next == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        struct lexicon_entry entry[LEXICON_KEPT_MAX];
        struct str term = lexicon_term(l, TOKEN_VI, TOKEN_EN, i);
        char bytes[TOKEN_BYTES_MAX];
        size_t len;
        if (term.len > TOKEN_BYTES_MAX)
            continue;
        struct str bare = token_bare(term, bytes, &len) ? (struct str){bytes, len} : term;
        b->word[i] = (struct bare_word){
            term, (uint32_t)(lexicon_find(l, TOKEN_VI, TOKEN_EN, term, entry) +
                             lexicon_find(l, TOKEN_VI, TOKEN_RU, term, entry))};
        b->next[i] = table_get(&b->first, bare, 0);
        err = table_set(&b->first, bare, (uint32_t)i + 1);
    }
    if (err == CAU_OK)
        *out = b;
    else
        bare_words_close(b);
    return err;
}

void bare_words_close(struct bare_words *b)
{
    if (b == NULL)
        return;
    table_free(&b->first);
    struct arena a = b->a; /* b lives in it */
    arena_free(&a);
}

static bool comes_before(const struct bare_word *x, const struct bare_word *y)
{
    return x->known != y->known ? x->known > y->known : str_cmp(x->term, y->term) < 0;
}

size_t bare_words_find(const struct bare_words *b, struct str bare,
                       struct bare_word out[BARE_WORDS_MAX])
{
    size_t n = 0;
    for (uint32_t at = b == NULL ? 0 : table_get(&b->first, bare, 0); at != 0;
         at = b->next[at - 1]) {
        struct bare_word w = b->word[at - 1];
        if (n == BARE_WORDS_MAX && !comes_before(&w, &out[n - 1]))
            continue;
        size_t place = n < BARE_WORDS_MAX ? n++ : n - 1;
        for (; place > 0 && comes_before(&w, &out[place - 1]); place--)
            out[place] = out[place - 1];
        out[place] = w;
    }
    return n;
}
