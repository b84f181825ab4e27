#include "index/missed.h"

#include "base/utf8.h"
#include "language/token.h"

struct forms {
    struct str v[MISSED_FORMS_MAX];
    size_t n;
};

/* The words of the reasons as the tokens of a text are written. */
static struct forms *forms_of(struct arena *a, const struct index_reason *reason, size_t n)
{
    struct forms *f = arena_zero(a, sizeof *f);
    for (size_t i = 0; f != NULL && i < n; i++) {
        struct token_walk walk;
        struct token t;
        token_start(&walk, reason[i].query_word);
        while (f->n < MISSED_FORMS_MAX && token_next(&walk, &t))
            if (arena_copy(a, t.form, &f->v[f->n]) == CAU_OK)
                f->n++;
    }
    return f;
}

static bool has_form(const struct forms *f, struct str form)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_equal(f->v[i], form))
            return true;
    return false;
}

size_t missed_find(struct arena *a, struct str text, const struct index_reason *reason,
                   size_t n, bool (*little)(struct str word), struct str *run, size_t max)
{
    size_t before = a->used, runs = 0, begin = 0, end = 0, words = 0;
    const struct forms *met = forms_of(a, reason, n);
    struct token_walk walk;
    struct token t = {.len = 0};
    token_start(&walk, text);
    for (bool more = met != NULL; more;) {
        more = token_next(&walk, &t);
        if (more && t.role != TOKEN_MAIN)
            continue;
        bool missed =
            more && !t.number && !has_form(met, t.form) && (little == NULL || !little(t.form));
        bool joins = missed && t.touches && words < MISSED_WORDS_MAX;
        if (words > 0 && !joins) {
            struct str one = {text.p + begin, end - begin};
            if (runs < max && utf8_count(one) >= MISSED_POINTS_MIN)
                run[runs++] = one;
            words = 0;
        }
        if (missed) {
            begin = words++ == 0 ? t.at : begin;
            end = t.at + t.len;
        }
    }
    a->used = before;
    return runs;
}
