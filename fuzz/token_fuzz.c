/* Words: they lie in the text in order, their forms are UTF-8 within limits, and so are their stems. */
#include "base/utf8.h"
#include "language/compound.h"
#include "language/guess.h"
#include "language/stem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct stem *stem;
static struct compound_list *list;

static void check_token(const struct token *t, struct str text, size_t *behind)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    must(t->at <= text.len && t->len <= text.len - t->at && t->len > 0);
    must(t->form.len > 0 && t->form.len <= TOKEN_BYTES_MAX && utf8_valid(t->form));
    if (t->role == TOKEN_MAIN) {
        must(t->at >= *behind);
        *behind = t->at + t->len;
    }
    must(!token_bare(t->form, bare, &len) || (len <= t->form.len && len > 0));
    struct str s = stem_of(stem, t->form, t->script, true);
    must(s.len > 0 && s.len <= TOKEN_BYTES_MAX && utf8_valid(s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    if (size > 4096 || !utf8_valid(text))
        return 0;
    if (stem == NULL)
        must(stem_open(&stem) == CAU_OK);
    struct token_walk walk;
    struct token t;
    size_t behind = 0, n = 0;
    uint32_t place = 0;
    token_start(&walk, text);
    while (token_next(&walk, &t)) {
        check_token(&t, text, &behind);
        must(t.place == place || (t.role == TOKEN_MAIN && t.place == place + 1));
        place = t.place;
        n++;
    }
    must(n <= size * 8);
    must(guess_lang(text, LANG_EN) < LANG_COUNT);
    must(compound_open(&list) == CAU_OK);
    must(compound_add(list, text) == CAU_OK);
    compound_close(list);
    return 0;
}
