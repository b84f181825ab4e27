#include "match/vocabulary.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/table.h"
#include "language/token.h"

#include <string.h>

enum { PHRASE_BYTES_MAX = 512, NONE = UINT32_MAX, JOINED_MIN = 6 };

struct expansion {
    uint16_t id, n;
    uint16_t meaning[VOCABULARY_LONG_MAX];
};

struct vocabulary {
    struct table phrase;  /* stems or bare forms, joined by spaces -> meaning */
    struct table first;   /* first word of a phrase -> words of the longest that begins so */
    struct table group;   /* its name -> number */
    struct buf meaning;   /* struct vocabulary_meaning, by id - 1 */
    size_t rows;          /* meanings up to here are rows of names */
    struct buf expansion; /* struct expansion */
    struct buf bytes;     /* this struct's own memory */
};

static const char *const part_name[VOCABULARY_PARTS] = {
    "", "legal", "joining", "named", "type", "common", "word", "place", "country", "short"};

static struct vocabulary_meaning *meaning_at(const struct vocabulary *v, size_t i)
{
    must((i + 1) * sizeof(struct vocabulary_meaning) <= v->meaning.len);
    return (struct vocabulary_meaning *)(void *)v->meaning.p + i;
}

static enum cau_err add_meaning(struct vocabulary *v, enum vocabulary_part part,
                                struct str group, uint16_t *id)
{
    size_t n = vocabulary_count(v) + 1;
    struct vocabulary_meaning m = {.id = (uint16_t)n, .part = part};
    if (n > VOCABULARY_MEANINGS_MAX)
        return CAU_ERR_RANGE;
    if (group.len > 0) {
        uint32_t number;
        enum cau_err err =
            table_intern(&v->group, group, (uint32_t)v->group.n + 1, &number, NULL);
        if (err != CAU_OK)
            return err;
        if (number > VOCABULARY_GROUPS_MAX)
            return CAU_ERR_RANGE;
        m.group = (uint16_t)number;
    }
    buf_add(&v->meaning, (struct str){(const char *)&m, sizeof m});
    *id = m.id;
    return v->meaning.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* Adds a phrase of words that follow each other; the first meaning of a phrase keeps it. */
static enum cau_err add_phrase(struct vocabulary *v, struct stem *stem, struct str phrase,
                               bool bare, uint16_t id)
{
    char key[PHRASE_BYTES_MAX];
    size_t len = 0, words = 0;
    struct token_walk walk;
    struct token t;
    char joined[PHRASE_BYTES_MAX];
    size_t joined_len = 0;
    for (token_start(&walk, phrase); token_next(&walk, &t);) {
        char form[TOKEN_BYTES_MAX];
        struct str word = t.form;
        size_t n;
        if (t.role != TOKEN_MAIN)
            continue;
        if (!bare)
            word = stem_of(stem, t.form, t.script, true);
        else if (token_bare(t.form, form, &n))
            word = (struct str){form, n};
        if (++words > VOCABULARY_WORDS_MAX || len + word.len + 1 > sizeof key)
            return CAU_ERR_RANGE;
        if (words > 1)
            key[len++] = ' ';
        memcpy(key + len, word.p, word.len);
        len += word.len;
        memcpy(joined + joined_len, word.p, word.len);
        joined_len += word.len;
    }
    struct str rest = {key, len}, head = str_next(&rest, ' ');
    uint32_t had;
    if (words == 0)
        return CAU_OK;
    enum cau_err err = table_intern(&v->phrase, (struct str){key, len}, id, &had, NULL);
    if (err == CAU_OK && table_get(&v->first, head, 0) < words)
        err = table_set(&v->first, head, (uint32_t)words);
    if (err == CAU_OK && bare && words > 1 &&
        table_get(&v->first, (struct str){joined, joined_len}, 0) == 0)
        err = table_set(&v->first, (struct str){joined, joined_len}, 1);
    bool also_joined = bare && words > 1 && joined_len >= JOINED_MIN; /* Thuongmai */
    return err == CAU_OK && also_joined
               ? table_intern(&v->phrase, (struct str){joined, joined_len}, id, &had, NULL)
               : err;
}

static enum cau_err add_column(struct vocabulary *v, struct stem *stem, struct str list,
                               bool bare, uint16_t id)
{
    enum cau_err err = CAU_OK;
    while (list.len > 0 && err == CAU_OK)
        err = add_phrase(v, stem, str_trim(str_next(&list, ';')), bare, id);
    return err;
}

/* vi | ru | en: Vietnamese with marks and bare, the others by stems. */
static enum cau_err add_columns(struct vocabulary *v, struct stem *stem, struct str row,
                                uint16_t id)
{
    struct str vi = str_next(&row, '|'), ru = str_next(&row, '|'), en = str_next(&row, '|');
    enum cau_err err = add_column(v, stem, vi, false, id);
    if (err == CAU_OK)
        err = add_column(v, stem, vi, true, id);
    if (err == CAU_OK)
        err = add_column(v, stem, ru, false, id);
    return err == CAU_OK ? add_column(v, stem, en, false, id) : err;
}

/* short; short = what they stand for, in words that were read before. */
static enum cau_err add_short(struct vocabulary *v, struct stem *stem, struct str line)
{
    struct vocabulary_word word[VOCABULARY_WORDS_MAX];
    char space[VOCABULARY_WORDS_MAX][2][TOKEN_BYTES_MAX];
    struct str list = str_trim(str_next(&line, '='));
    struct token_walk walk;
    struct token t;
    size_t n = 0;
    for (token_start(&walk, line); token_next(&walk, &t) && n < VOCABULARY_WORDS_MAX;) {
        size_t len;
        if (t.role != TOKEN_MAIN)
            continue;
        word[n].bare = (struct str){space[n][1], t.form.len};
        memcpy(space[n][1], t.form.p, t.form.len);
        if (token_bare((struct str){space[n][1], t.form.len}, space[n][0], &len)) {
            memcpy(space[n][1], space[n][0], len);
            word[n].bare.len = len;
        }
        struct str stem_form = stem_of(stem, t.form, t.script, true);
        memcpy(space[n][0], stem_form.p, stem_form.len);
        word[n].stem = (struct str){space[n][0], stem_form.len};
        n++;
    }
    struct expansion e = {.id = (uint16_t)(vocabulary_count(v) + 1)};
    for (size_t i = 0; i < n;) {
        struct vocabulary_meaning m;
        size_t words = vocabulary_match(v, word + i, n - i, &m);
        if (words == 0 || m.part == VOCABULARY_SHORT || e.n == VOCABULARY_LONG_MAX)
            return CAU_ERR_SYNTAX;
        if (m.part >= VOCABULARY_TYPE)
            e.meaning[e.n++] = m.id;
        i += words;
    }
    if (v->expansion.len / sizeof e >= VOCABULARY_SHORTS_MAX)
        return CAU_ERR_RANGE;
    uint16_t id;
    enum cau_err err = add_meaning(v, VOCABULARY_SHORT, (struct str){NULL, 0}, &id);
    buf_add(&v->expansion, (struct str){(const char *)&e, sizeof e});
    if (err == CAU_OK)
        err = add_column(v, stem, list, false, id);
    if (err == CAU_OK)
        err = add_column(v, stem, list, true, id);
    return v->expansion.failed ? CAU_ERR_MEMORY : err;
}

static enum cau_err add_row(struct vocabulary *v, struct stem *stem, enum vocabulary_part part,
                            struct str line)
{
    uint16_t id;
    if (part == VOCABULARY_SHORT)
        return add_short(v, stem, line);
    if (part == VOCABULARY_LEGAL || part == VOCABULARY_JOINING || part == VOCABULARY_NAMED) {
        enum cau_err err = add_meaning(v, part, (struct str){NULL, 0}, &id);
        if (err == CAU_OK)
            err = add_column(v, stem, line, false, id);
        return err == CAU_OK ? add_column(v, stem, line, true, id) : err;
    }
    size_t bars = 0;
    for (size_t i = 0; i < line.len; i++)
        bars += line.p[i] == '|';
    if (bars != 3)
        return CAU_ERR_SYNTAX;
    struct str group = str_trim(str_next(&line, '|'));
    if (str_is(group, "-"))
        group = (struct str){NULL, 0};
    enum cau_err err = add_meaning(v, part, group, &id);
    return err == CAU_OK ? add_columns(v, stem, line, id) : err;
}

static bool read_part(struct str line, enum vocabulary_part *part)
{
    struct str name = str_trim(str_from(line, 5));
    for (int i = 1; i < VOCABULARY_PARTS; i++)
        if (str_is(name, part_name[i])) {
            *part = (enum vocabulary_part)i;
            return true;
        }
    return false;
}

static enum cau_err read_names(struct vocabulary *v, struct stem *stem, struct str names,
                               size_t *at)
{
    enum vocabulary_part part = VOCABULARY_UNKNOWN;
    enum cau_err err = CAU_OK;
    for (*at = 0; names.len > 0 && err == CAU_OK; ++*at) {
        v->rows = vocabulary_count(v);
        struct str line = str_trim(str_next(&names, '\n'));
        if (line.len == 0 || line.p[0] == '#')
            continue;
        if (str_starts(line, STR("part ")))
            err = read_part(line, &part) ? CAU_OK : CAU_ERR_SYNTAX;
        else
            err = part == VOCABULARY_UNKNOWN ? CAU_ERR_SYNTAX : add_row(v, stem, part, line);
    }
    return err;
}

/* Vietnamese terms of one syllable are left out: names are made of such syllables. */
static bool one_syllable(struct str term)
{
    return memchr(term.p, ' ', term.len) == NULL;
}

static enum cau_err add_vietnamese(struct vocabulary *v, struct stem *stem, struct str list,
                                   uint16_t id)
{
    enum cau_err err = CAU_OK;
    while (list.len > 0 && err == CAU_OK) {
        struct str term = str_trim(str_next(&list, ';'));
        if (term.len == 0 || one_syllable(term))
            continue;
        err = add_phrase(v, stem, term, false, id);
        if (err == CAU_OK)
            err = add_phrase(v, stem, term, true, id);
    }
    return err;
}

/* id | ford | grnti | vi | ru | en | broader | related; phrases too long for a name are left out. */
static enum cau_err read_terms(struct vocabulary *v, struct stem *stem, struct str terms)
{
    enum cau_err err = CAU_OK;
    while (terms.len > 0 && err == CAU_OK) {
        struct str line = str_trim(str_next(&terms, '\n'));
        uint16_t id;
        if (line.len == 0 || line.p[0] == '#')
            continue;
        for (int column = 0; column < 3; column++)
            str_next(&line, '|');
        err = add_meaning(v, VOCABULARY_WORD, (struct str){NULL, 0}, &id);
        if (err != CAU_OK)
            return err;
        err = add_vietnamese(v, stem, str_next(&line, '|'), id);
        if (err == CAU_OK)
            err = add_column(v, stem, str_next(&line, '|'), false, id);
        if (err == CAU_OK)
            err = add_column(v, stem, str_next(&line, '|'), false, id);
        err = err == CAU_ERR_RANGE ? CAU_OK : err;
    }
    return err;
}

static enum cau_err make(struct vocabulary **out)
{
    struct buf bytes = buf_new(sizeof(struct vocabulary));
    buf_add_zeros(&bytes, sizeof(struct vocabulary));
    if (bytes.failed)
        return CAU_ERR_MEMORY;
    struct vocabulary *v = (void *)bytes.p;
    *v = (struct vocabulary){
        .phrase = table_new(),
        .first = table_new(),
        .group = table_new(),
        .meaning = buf_new((VOCABULARY_MEANINGS_MAX + 1) * sizeof(struct vocabulary_meaning)),
        .expansion = buf_new((VOCABULARY_SHORTS_MAX + 1) * sizeof(struct expansion)),
        .bytes = bytes};
    *out = v;
    return CAU_OK;
}

void vocabulary_close(struct vocabulary *v)
{
    if (v == NULL)
        return;
    table_free(&v->phrase);
    table_free(&v->first);
    table_free(&v->group);
    buf_free(&v->meaning);
    buf_free(&v->expansion);
    struct buf bytes = v->bytes;
    buf_free(&bytes);
}

size_t vocabulary_count(const struct vocabulary *v)
{
    return v->meaning.len / sizeof(struct vocabulary_meaning);
}

uint16_t vocabulary_group(const struct vocabulary *v, struct str name)
{
    return (uint16_t)table_get(&v->group, name, 0);
}

/* Reads names, then each text of terms[0..n). */
static enum cau_err read_all(struct str names, const struct str *terms, size_t n,
                             struct vocabulary **out, size_t *line)
{
    struct vocabulary *v = NULL;
    struct stem *stem = NULL;
    *line = 0;
    enum cau_err err = make(&v);
    if (err == CAU_OK)
        err = stem_open(&stem);
    if (err == CAU_OK)
        err = read_names(v, stem, names, line);
    if (err == CAU_OK)
        v->rows = vocabulary_count(v);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = read_terms(v, stem, terms[i]);
    stem_close(stem);
    if (err == CAU_OK)
        *out = v;
    else
        vocabulary_close(v);
    return err;
}

enum cau_err vocabulary_read(struct str names, struct str terms, struct vocabulary **out,
                             size_t *line)
{
    return read_all(names, &terms, 1, out, line);
}

enum cau_err vocabulary_open(struct vocabulary **out)
{
    enum { FILES_MAX = 500 };
    const struct asset *names = asset_find(STR("terms/organizations.names"));
    struct str terms[FILES_MAX];
    size_t n = 0, line;
    must(names != NULL);
    for (size_t i = 0; i < asset_count && n < FILES_MAX; i++)
        if (str_starts(asset_list[i].name, STR("terms/")) &&
            str_ends(asset_list[i].name, STR(".terms")))
            terms[n++] = asset_list[i].bytes;
    return read_all(names->bytes, terms, n, out, &line);
}

static uint32_t find(const struct vocabulary *v, const struct vocabulary_word *w, size_t n,
                     bool bare)
{
    char key[PHRASE_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        struct str word = bare ? w[i].bare : w[i].stem;
        if (len + word.len + 1 > sizeof key)
            return NONE;
        if (i > 0)
            key[len++] = ' ';
        memcpy(key + len, word.p, word.len);
        len += word.len;
    }
    return table_get(&v->phrase, (struct str){key, len}, NONE);
}

size_t vocabulary_match(const struct vocabulary *v, const struct vocabulary_word *w, size_t n,
                        struct vocabulary_meaning *out)
{
    size_t concept_words = 0;
    uint32_t concept = NONE;
    size_t by_stem = n == 0 ? 0 : table_get(&v->first, w[0].stem, 0),
           by_bare = n == 0 ? 0 : table_get(&v->first, w[0].bare, 0);
    size_t longest = by_stem > by_bare ? by_stem : by_bare;
    for (size_t words = n < longest ? n : longest; words > 0; words--) {
        uint32_t id = words <= by_stem ? find(v, w, words, false) : NONE;
        if (id == NONE && words <= by_bare)
            id = find(v, w, words, true);
        if (id != NONE && id <= v->rows) {
            *out = *meaning_at(v, id - 1);
            return words;
        }
        if (id != NONE && concept == NONE) {
            concept = id;
            concept_words = words;
        }
    }
    if (concept != NONE)
        *out = *meaning_at(v, concept - 1);
    return concept_words;
}

size_t vocabulary_long(const struct vocabulary *v, struct vocabulary_meaning meaning,
                       struct vocabulary_meaning out[VOCABULARY_LONG_MAX])
{
    const struct expansion *e = (const void *)v->expansion.p;
    size_t n = v->expansion.len / sizeof *e;
    for (size_t i = 0; i < n; i++)
        if (e[i].id == meaning.id) {
            for (size_t k = 0; k < e[i].n; k++)
                out[k] = *meaning_at(v, e[i].meaning[k] - 1u);
            return e[i].n;
        }
    return 0;
}
