#include "index/missed.h"

#include "base/utf8.h"
#include "language/token.h"

struct forms {
    struct str *v;
    size_t n;
};

/* The words as the tokens of a text are written. False: no room, or too many. */
static bool read_forms(struct arena *a, const struct str *word, size_t n, struct forms *f)
{
    size_t most = 0; /* a byte stands in its word, a part of it, a reading and a joined form */
    for (size_t i = 0; i < n && most < MISSED_FORMS_MAX; i++)
        most += 4 * word[i].len;
    most = most < MISSED_FORMS_MAX ? most : MISSED_FORMS_MAX;
    *f = (struct forms){arena_take(a, (most + 1) * sizeof *f->v), 0};
    for (size_t i = 0; f->v != NULL && i < n; i++) {
        struct token_walk walk;
        struct token t;
        token_start(&walk, word[i]);
        while (token_next(&walk, &t)) {
            if (f->n == most || arena_copy(a, t.form, &f->v[f->n]) != CAU_OK)
                return false;
            f->n++;
        }
    }
    return f->v != NULL;
}

static bool has_form(const struct forms *f, struct str form)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_equal(f->v[i], form))
            return true;
    return false;
}

size_t missed_runs(struct arena *a, struct str text, const struct str *met, size_t n,
                   bool (*little)(struct str word), struct str *run, size_t max)
{
    size_t before = a->used, runs = 0, begin = 0, end = 0, words = 0;
    struct forms forms;
    struct token_walk walk;
    struct token t = {.len = 0};
    token_start(&walk, text);
    for (bool more = read_forms(a, met, n, &forms); more;) {
        more = token_next(&walk, &t);
        if (more && t.role != TOKEN_MAIN)
            continue;
        bool missed = more && !t.number && !has_form(&forms, t.form) &&
                      (little == NULL || !little(t.form));
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

size_t missed_find(struct arena *a, struct str text, const struct index_reason *reason,
                   size_t n, bool (*little)(struct str word), struct str *run, size_t max)
{
    size_t before = a->used, runs = 0;
    struct str *met = arena_take(a, (n + 1) * sizeof *met);
    for (size_t i = 0; met != NULL && i < n; i++)
        met[i] = reason[i].query_word;
    if (met != NULL)
        runs = missed_runs(a, text, met, n, little, run, max);
    a->used = before;
    return runs;
}
