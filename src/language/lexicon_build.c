#include "language/lexicon_build_int.h"

#include "language/analysis.h"
#include "language/lexicon_tables_int.h"
#include "language/lexicon_train_int.h"

#include <string.h>

enum { TEXT_PAIRS = 3, ARENA_BYTES = 64 << 20 };

/* The two languages of each kind of pair; the same order as in pair_of(). */
static const struct {
    unsigned x, y;
} side[TEXT_PAIRS] = {{TOKEN_VI, TOKEN_RU}, {TOKEN_VI, TOKEN_EN}, {TOKEN_RU, TOKEN_EN}};

/* A text as numbers of terms. */
struct numbers {
    uint32_t v[LEXICON_SENTENCE_MAX];
    size_t n; /* 0 when there is none, or too many */
};

/* The last text of a language: rows of three languages come as three pairs. */
struct last_text {
    struct buf text;
    struct numbers numbers;
};

struct lexicon_build {
    const struct compound_list *compounds;
    struct stem *stem;
    struct arena arena;
    struct tables_words words[LEXICON_LANGUAGES];
    struct last_text last[LEXICON_LANGUAGES];
    struct train_texts texts[TEXT_PAIRS];
    struct buf approved[LEXICON_TABLES];
    struct lexicon_source source[LEXICON_SOURCES_MAX];
    struct buf source_text[LEXICON_SOURCES_MAX]; /* name and licence */
    unsigned sources;
    struct buf link[LEXICON_TABLES], file;
};

enum cau_err lexicon_build_open(const struct compound_list *compounds,
                                struct lexicon_build **out)
{
    struct buf room = buf_new(sizeof(struct lexicon_build));
    buf_add_zeros(&room, sizeof(struct lexicon_build));
    if (room.failed)
        return CAU_ERR_MEMORY;
    struct lexicon_build *b = (void *)room.p;
    b->compounds = compounds;
    enum cau_err err = stem_open(&b->stem);
    if (err != CAU_OK) {
        buf_free(&room);
        return err;
    }
    b->arena = arena_new(ARENA_BYTES);
    for (size_t i = 0; i < LEXICON_LANGUAGES; i++) {
        b->words[i] = (struct tables_words){.number = table_new(), .place = buf_new(SIZE_MAX)};
        b->last[i].text = buf_new(SIZE_MAX);
    }
    for (size_t i = 0; i < TEXT_PAIRS; i++)
        b->texts[i].bytes = buf_new(SIZE_MAX);
    for (size_t i = 0; i < LEXICON_TABLES; i++)
        b->approved[i] = b->link[i] = buf_new(SIZE_MAX);
    for (size_t i = 0; i < LEXICON_SOURCES_MAX; i++)
        b->source_text[i] = buf_new(2 * LEXICON_TEXT_MAX);
    b->file = buf_new(SIZE_MAX);
    *out = b;
    return CAU_OK;
}

void lexicon_build_close(struct lexicon_build *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < LEXICON_LANGUAGES; i++) {
        table_free(&b->words[i].number);
        buf_free(&b->words[i].place);
        buf_free(&b->last[i].text);
    }
    for (size_t i = 0; i < TEXT_PAIRS; i++)
        buf_free(&b->texts[i].bytes);
    for (size_t i = 0; i < LEXICON_TABLES; i++) {
        buf_free(&b->approved[i]);
        buf_free(&b->link[i]);
    }
    for (size_t i = 0; i < LEXICON_SOURCES_MAX; i++)
        buf_free(&b->source_text[i]);
    buf_free(&b->file);
    arena_free(&b->arena);
    stem_close(b->stem);
    buf_drop(b);
}

enum cau_err lexicon_build_source(struct lexicon_build *b,
                                  const struct lexicon_build_source *source, unsigned *number)
{
    if (b->sources == LEXICON_SOURCES_MAX || source->name.len > LEXICON_TEXT_MAX ||
        source->licence.len > LEXICON_TEXT_MAX)
        return CAU_ERR_RANGE;
    struct buf *text = &b->source_text[b->sources];
    buf_reset(text);
    buf_add(text, source->name);
    buf_add(text, source->licence);
    if (text->failed)
        return CAU_ERR_MEMORY;
    struct str all = buf_str(text);
    b->source[b->sources] = (struct lexicon_source){.name = str_to(all, source->name.len),
                                                    .licence = str_from(all, source->name.len),
                                                    .hash = source->hash};
    *number = b->sources++;
    return CAU_OK;
}

/* A term that may stand in a table: one of the language's own script. What all languages write alike (numbers,
 * models, Latin words in a Russian text) is met without a lexicon. */
static bool is_good(enum token_group lang, const struct analysis_term *t)
{
    return !t->number && t->script == (lang == TOKEN_RU ? TOKEN_CYRILLIC : TOKEN_LATIN);
}

static enum cau_err number_of(struct tables_words *w, enum token_group lang,
                              const struct analysis_term *t, uint32_t *out)
{
    bool added;
    enum cau_err err = table_intern(&w->number, t->term, w->n, out, &added);
    if (err != CAU_OK || !added)
        return err;
    struct tables_word word = {w->number.keys_len - t->term.len, (uint32_t)t->term.len,
                               is_good(lang, t), 0};
    buf_add(&w->place, (struct str){(const char *)&word, sizeof word});
    if (w->place.failed)
        return CAU_ERR_MEMORY;
    return ++w->n > LEXICON_TERMS_MAX ? CAU_ERR_RANGE : CAU_OK;
}

/* A text long enough to be a sentence, and not an entry or a label, shows how common its words are. */
static void count_running(struct tables_words *w, const struct numbers *text)
{
    struct tables_word *word = (void *)w->place.p;
    for (size_t i = 0; i < text->n; i++)
        word[text->v[i]].running++;
    w->running += text->n;
}

static enum cau_err analyse(struct lexicon_build *b, enum token_group lang, struct str text,
                            struct numbers *out)
{
    struct analysis_term *term;
    size_t n;
    arena_reset(&b->arena);
    enum cau_err err = analysis_of(&b->arena, b->stem, b->compounds, lang, text, &term, &n);
    out->n = 0;
    for (size_t i = 0; err == CAU_OK && i < n; i++) {
        if (term[i].script == TOKEN_DIGITS)
            continue;
        if (out->n == LEXICON_SENTENCE_MAX) {
            out->n = 0;
            break;
        }
        err = number_of(&b->words[lang], lang, &term[i], &out->v[out->n++]);
    }
    if (err == CAU_OK && out->n >= LEXICON_RUNNING_TERMS)
        count_running(&b->words[lang], out);
    return err;
}

/* The numbers of a text; *out lies in b. */
static enum cau_err numbers_of(struct lexicon_build *b, enum token_group lang, struct str text,
                               const struct numbers **out)
{
    struct last_text *last = &b->last[lang];
    *out = &last->numbers;
    if (text.len == 0) {
        static const struct numbers none;
        *out = &none;
        return CAU_OK;
    }
    if (str_equal(text, buf_str(&last->text)))
        return CAU_OK;
    buf_reset(&last->text);
    enum cau_err err = analyse(b, lang, text, &last->numbers);
    if (err != CAU_OK)
        return err;
    buf_add(&last->text, text);
    return last->text.failed ? CAU_ERR_MEMORY : CAU_OK;
}

static unsigned pair_of(enum token_group x, enum token_group y)
{
    return (unsigned)(x + y) - 1; /* vi ru: 0 + 1, vi en: 0 + 2, ru en: 1 + 2 */
}

static enum cau_err add_pair(struct lexicon_build *b, unsigned source, unsigned weight,
                             enum token_group x_lang, const struct numbers *x,
                             enum token_group y_lang, const struct numbers *y)
{
    struct train_texts *t = &b->texts[pair_of(x_lang, y_lang)];
    if (x->n == 0 || y->n == 0)
        return CAU_OK;
    if (t->pairs == LEXICON_PAIRS_MAX)
        return CAU_ERR_RANGE;
    b->source[source].pairs++;
    bool good = x_lang < y_lang ? train_add(t, source, weight, x->v, x->n, y->v, y->n)
                                : train_add(t, source, weight, y->v, y->n, x->v, x->n);
    return good ? CAU_OK : CAU_ERR_MEMORY;
}

enum cau_err lexicon_build_pair(struct lexicon_build *b, unsigned source,
                                enum token_group x_lang, struct str x, enum token_group y_lang,
                                struct str y, unsigned weight)
{
    const struct numbers *x_numbers, *y_numbers;
    must(source < b->sources && weight >= 1 && weight <= 16);
    must(x_lang < TOKEN_OTHER && y_lang < TOKEN_OTHER && x_lang != y_lang);
    enum cau_err err = numbers_of(b, x_lang, x, &x_numbers);
    if (err == CAU_OK)
        err = numbers_of(b, y_lang, y, &y_numbers);
    return err == CAU_OK ? add_pair(b, source, weight, x_lang, x_numbers, y_lang, y_numbers)
                         : err;
}

static void approve(struct lexicon_build *b, unsigned source, enum token_group from, uint32_t q,
                    enum token_group to, uint32_t d)
{
    struct tables_approval a = {q, d, source};
    buf_add(&b->approved[lexicon_table(from, to)], (struct str){(const char *)&a, sizeof a});
}

enum cau_err lexicon_build_approved(struct lexicon_build *b, unsigned source,
                                    enum token_group x_lang, struct str x,
                                    enum token_group y_lang, struct str y)
{
    enum cau_err err =
        lexicon_build_pair(b, source, x_lang, x, y_lang, y, LEXICON_APPROVED_WEIGHT);
    const struct numbers *one = &b->last[x_lang].numbers, *other = &b->last[y_lang].numbers;
    if (err != CAU_OK || x.len == 0 || y.len == 0 || one->n != 1 || other->n != 1)
        return err;
    approve(b, source, x_lang, one->v[0], y_lang, other->v[0]);
    approve(b, source, y_lang, other->v[0], x_lang, one->v[0]);
    return b->approved[lexicon_table(x_lang, y_lang)].failed ||
                   b->approved[lexicon_table(y_lang, x_lang)].failed
               ? CAU_ERR_MEMORY
               : CAU_OK;
}

/* Where each step of the work stands in 0..1000: pairs of texts by their cells, then the tables. */
static unsigned permille_before(const struct lexicon_build *b, size_t step)
{
    size_t all = 1, before = 0;
    for (size_t i = 0; i < TEXT_PAIRS; i++) {
        all += b->texts[i].cells;
        before += i < step ? b->texts[i].cells : 0;
    }
    return (unsigned)(before * 950 / all);
}

enum cau_err lexicon_build_finish_with(struct lexicon_build *b, unsigned threads,
                                       size_t slots_max,
                                       const struct lexicon_progress *progress,
                                       struct str *file)
{
    enum cau_err err = b->sources == 0 ? CAU_ERR_RANGE : CAU_OK;
    for (size_t i = 0; i < TEXT_PAIRS && err == CAU_OK; i++) {
        struct train_input in = {.texts = &b->texts[i],
                                 .terms = {b->words[side[i].x].n, b->words[side[i].y].n},
                                 .sources = b->sources,
                                 .threads = threads,
                                 .slots_max = slots_max,
                                 .progress = progress,
                                 .from_permille = permille_before(b, i),
                                 .to_permille = permille_before(b, i + 1)};
        struct buf link[2] = {buf_new(SIZE_MAX), buf_new(SIZE_MAX)};
        err = train(&in, link);
        for (size_t k = 0; k < 2; k++) {
            unsigned from = k == 0 ? side[i].x : side[i].y, to = k == 0 ? side[i].y : side[i].x;
            buf_free(&b->link[lexicon_table(from, to)]);
            b->link[lexicon_table(from, to)] = link[k];
        }
    }
    if (err != CAU_OK)
        return err;
    struct tables_input in = {.words = b->words,
                              .link = b->link,
                              .approved = b->approved,
                              .source = b->source,
                              .sources = b->sources,
                              .analyser = analysis_version(b->compounds),
                              .progress = progress,
                              .from_permille = permille_before(b, TEXT_PAIRS),
                              .to_permille = 1000};
    buf_free(&b->file);
    err = tables_write(&in, &b->file);
    if (err != CAU_OK)
        return err;
    if (progress != NULL && progress->step != NULL)
        progress->step(progress->ctx, 1000);
    *file = buf_str(&b->file);
    return CAU_OK;
}

enum cau_err lexicon_build_finish(struct lexicon_build *b,
                                  const struct lexicon_progress *progress, struct str *file)
{
    return lexicon_build_finish_with(b, 2, TRAIN_SLOTS_MAX, progress, file);
}
