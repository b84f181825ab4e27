#include "match/vocabulary.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/table.h"
#include "language/guess.h"
#include "match/name_word.h"

#include <string.h>

enum { PHRASE_BYTES_MAX = 512, PHRASE_KEPT_MAX = 124, BEGINNING = 0, JOINED_MIN = 6 };
#define NONE UINT32_MAX

struct expansion {
    uint16_t id, n;
    uint16_t meaning[VOCABULARY_LONG_MAX];
};

struct place {
    uint16_t id;
    struct skeleton sound;
};

/* What a meaning is made of; n 0: it is one by itself. */
struct composition {
    uint16_t meaning[VOCABULARY_PARTS_MAX]; /* ids */
    uint8_t n;
    uint8_t column; /* of the phrase this comes from */
};

/* In which column of its row a phrase stands; BARE: the Vietnamese one without its marks. */
enum column { COLUMN_BARE, COLUMN_VI, COLUMN_RU, COLUMN_EN };

/* A phrase as it is looked up, kept until all lists have been read. */
struct phrase {
    uint16_t id;
    uint8_t column, len;
    char key[PHRASE_KEPT_MAX];
};

struct vocabulary {
    struct table
        phrase; /* stems or bare forms, joined by spaces -> meaning; BEGINNING of longer ones */
    struct table group;   /* its name -> number */
    struct buf meaning;   /* struct vocabulary_meaning, by id - 1 */
    size_t rows;          /* meanings up to here are rows of names */
    struct buf expansion; /* struct expansion */
    struct buf place;     /* struct place, ascending */
    struct buf made_of;   /* struct composition, by id - 1 */
    struct buf
        phrases; /* while reading: struct phrase of two words and more, Russian and English */
    struct buf bytes; /* this struct's own memory */
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

static enum cau_err keep_phrase(struct vocabulary *v, struct str key, enum column column,
                                uint16_t id)
{
    struct phrase p = {.id = id, .column = (uint8_t)column, .len = (uint8_t)key.len};
    if (key.len > PHRASE_KEPT_MAX)
        return CAU_OK;
    memcpy(p.key, key.p, key.len);
    buf_add(&v->phrases, (struct str){(const char *)&p, sizeof p});
    return v->phrases.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* The first meaning of a phrase keeps it: *had. */
static enum cau_err put_phrase(struct vocabulary *v, struct str key, uint16_t id, uint32_t *had)
{
    enum cau_err err = table_intern(&v->phrase, key, id, had, NULL);
    if (err != CAU_OK || *had != BEGINNING)
        return err;
    *had = id;
    return table_set(&v->phrase, key, id);
}

/* So that a search knows at each word whether a phrase may go on. */
static enum cau_err put_beginnings(struct vocabulary *v, struct str key)
{
    enum cau_err err = CAU_OK;
    uint32_t had;
    for (size_t i = 1; i < key.len && err == CAU_OK; i++)
        if (key.p[i] == ' ')
            err = table_intern(&v->phrase, str_to(key, i), BEGINNING, &had, NULL);
    return err;
}

/* A single syllable without its marks is kept apart from words that are written so: mo is not mở. */
static struct str alone_key(struct str bare, char out[TOKEN_BYTES_MAX + 1])
{
    out[0] = '=';
    memcpy(out + 1, bare.p, bare.len);
    return (struct str){out, bare.len + 1};
}

static bool add_word(char key[PHRASE_BYTES_MAX], size_t *len, struct str word)
{
    if (*len + word.len + 1 > PHRASE_BYTES_MAX)
        return false;
    memcpy(key + *len, word.p, word.len);
    *len += word.len;
    return true;
}

/* Adds a phrase of words that follow each other; the first meaning of a phrase keeps it. */
static enum cau_err add_words(struct vocabulary *v, struct name_word *const *w, size_t words,
                              enum column column, uint16_t id)
{
    bool bare = column == COLUMN_BARE, lost = false;
    char key[PHRASE_BYTES_MAX], alone[TOKEN_BYTES_MAX + 1], joined[PHRASE_BYTES_MAX];
    size_t len = 0, joined_len = 0;
    uint32_t had;
    if (words == 0)
        return CAU_OK;
    if (words > VOCABULARY_WORDS_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < words; i++) {
        struct str word = bare ? w[i]->bare : w[i]->known.stem;
        lost |= bare && word.p != w[i]->form.p;
        if (i > 0)
            key[len++] = ' ';
        if (!add_word(key, &len, word) || !add_word(joined, &joined_len, word))
            return CAU_ERR_RANGE;
    }
    struct str phrase_key = {key, len};
    if (words == 1 && lost)
        return put_phrase(v, alone_key(phrase_key, alone), id, &had);
    enum cau_err err = put_phrase(v, phrase_key, id, &had);
    if (err == CAU_OK)
        err = put_beginnings(v, phrase_key);
    if (err == CAU_OK && had == id && words > 1 && column >= COLUMN_RU)
        err = keep_phrase(v, phrase_key, column, id);
    bool also_joined = bare && words > 1 && joined_len >= JOINED_MIN; /* Thuongmai */
    return err == CAU_OK && also_joined
               ? put_phrase(v, (struct str){joined, joined_len}, id, &had)
               : err;
}

static enum cau_err add_phrase(struct vocabulary *v, struct name_reader *reader,
                               struct str phrase, enum column column, uint16_t id)
{
    struct name_word *w[NAME_WORDS_MAX];
    size_t words = name_words(reader, phrase, w);
    return add_words(v, w, words, column, id);
}

static enum cau_err add_column(struct vocabulary *v, struct name_reader *reader,
                               struct str list, enum column column, uint16_t id)
{
    enum cau_err err = CAU_OK;
    while (list.len > 0 && err == CAU_OK)
        err = add_phrase(v, reader, str_trim(str_next(&list, ';')), column, id);
    return err;
}

/* vi | ru | en: Vietnamese with marks and bare, the others by stems. */
static enum cau_err add_columns(struct vocabulary *v, struct name_reader *reader,
                                struct str row, uint16_t id)
{
    struct str vi = str_next(&row, '|'), ru = str_next(&row, '|'), en = str_next(&row, '|');
    enum cau_err err = add_column(v, reader, vi, COLUMN_VI, id);
    if (err == CAU_OK)
        err = add_column(v, reader, vi, COLUMN_BARE, id);
    if (err == CAU_OK)
        err = add_column(v, reader, ru, COLUMN_RU, id);
    return err == CAU_OK ? add_column(v, reader, en, COLUMN_EN, id) : err;
}

/* short; short = what they stand for, in words that were read before. */
static enum cau_err add_short(struct vocabulary *v, struct name_reader *reader, struct str line)
{
    struct vocabulary_word word[VOCABULARY_WORDS_MAX];
    struct name_word *w[NAME_WORDS_MAX];
    struct str list = str_trim(str_next(&line, '='));
    size_t n = name_words(reader, line, w);
    n = n < VOCABULARY_WORDS_MAX ? n : VOCABULARY_WORDS_MAX;
    for (size_t i = 0; i < n; i++)
        word[i] = vocabulary_word_of(v, w[i]->known.stem, w[i]->bare);
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
        err = add_column(v, reader, list, COLUMN_VI, id);
    if (err == CAU_OK)
        err = add_column(v, reader, list, COLUMN_BARE, id);
    return v->expansion.failed ? CAU_ERR_MEMORY : err;
}

/* The first English name of a row's columns, when it is one word. */
static enum cau_err add_place(struct vocabulary *v, struct str columns, uint16_t id)
{
    str_next(&columns, '|');
    str_next(&columns, '|');
    struct str name = str_trim(str_next(&columns, ';'));
    struct place p = {.id = id, .sound = skeleton_of(name)};
    buf_add(&v->place, (struct str){(const char *)&p, sizeof p});
    return v->place.failed ? CAU_ERR_MEMORY : CAU_OK;
}

static enum cau_err add_row(struct vocabulary *v, struct name_reader *reader,
                            enum vocabulary_part part, struct str line)
{
    uint16_t id;
    if (part == VOCABULARY_SHORT)
        return add_short(v, reader, line);
    if (part == VOCABULARY_LEGAL || part == VOCABULARY_JOINING || part == VOCABULARY_NAMED) {
        enum cau_err err = add_meaning(v, part, (struct str){NULL, 0}, &id);
        if (err == CAU_OK)
            err = add_column(v, reader, line, COLUMN_VI, id);
        return err == CAU_OK ? add_column(v, reader, line, COLUMN_BARE, id) : err;
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
    if (err == CAU_OK && part == VOCABULARY_PLACE)
        err = add_place(v, line, id);
    return err == CAU_OK ? add_columns(v, reader, line, id) : err;
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

static enum cau_err read_names(struct vocabulary *v, struct name_reader *reader,
                               struct str names, size_t *at)
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
            err = part == VOCABULARY_UNKNOWN ? CAU_ERR_SYNTAX : add_row(v, reader, part, line);
    }
    return err;
}

/* Vietnamese terms of one syllable are left out: names are made of such syllables. */
static bool one_syllable(struct str term)
{
    return memchr(term.p, ' ', term.len) == NULL;
}

static enum cau_err add_vietnamese(struct vocabulary *v, struct name_reader *reader,
                                   struct str list, uint16_t id)
{
    struct name_word *w[NAME_WORDS_MAX];
    enum cau_err err = CAU_OK;
    while (list.len > 0 && err == CAU_OK) {
        struct str term = str_trim(str_next(&list, ';'));
        if (term.len == 0 || one_syllable(term))
            continue;
        size_t words = name_words(reader, term, w);
        err = add_words(v, w, words, COLUMN_VI, id);
        if (err == CAU_OK)
            err = add_words(v, w, words, COLUMN_BARE, id);
    }
    return err;
}

/* English terms that could be a Vietnamese syllable are left out too: tan, son. */
static enum cau_err add_english(struct vocabulary *v, struct name_reader *reader,
                                struct str list, uint16_t id)
{
    enum cau_err err = CAU_OK;
    while (list.len > 0 && err == CAU_OK) {
        char form[TOKEN_BYTES_MAX];
        struct str term = str_trim(str_next(&list, ';'));
        for (size_t i = 0; i < term.len && i < sizeof form; i++)
            form[i] = (char)(term.p[i] >= 'A' && term.p[i] <= 'Z' ? term.p[i] + 32 : term.p[i]);
        bool whole = term.len <= sizeof form;
        if (!whole || !guess_is_syllable((struct str){form, term.len}))
            err = add_phrase(v, reader, term, COLUMN_EN, id);
    }
    return err;
}

/* id | ford | grnti | vi | ru | en | broader | related; phrases too long for a name are left out. */
static enum cau_err read_terms(struct vocabulary *v, struct name_reader *reader,
                               struct str terms)
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
        err = add_vietnamese(v, reader, str_next(&line, '|'), id);
        if (err == CAU_OK)
            err = add_column(v, reader, str_next(&line, '|'), COLUMN_RU, id);
        if (err == CAU_OK)
            err = add_english(v, reader, str_next(&line, '|'), id);
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
        .group = table_new(),
        .meaning = buf_new((VOCABULARY_MEANINGS_MAX + 1) * sizeof(struct vocabulary_meaning)),
        .expansion = buf_new((VOCABULARY_SHORTS_MAX + 1) * sizeof(struct expansion)),
        .place = buf_new((VOCABULARY_MEANINGS_MAX + 1) * sizeof(struct place)),
        .made_of = buf_new((VOCABULARY_MEANINGS_MAX + 1) * sizeof(struct composition)),
        .phrases = buf_new((size_t)64 << 20),
        .bytes = bytes};
    *out = v;
    return CAU_OK;
}

void vocabulary_close(struct vocabulary *v)
{
    if (v == NULL)
        return;
    table_free(&v->phrase);
    table_free(&v->group);
    buf_free(&v->meaning);
    buf_free(&v->expansion);
    buf_free(&v->place);
    buf_free(&v->made_of);
    buf_free(&v->phrases);
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

/* ---- what meanings are made of ---- */

static struct composition *composition_at(const struct vocabulary *v, size_t i)
{
    return (struct composition *)(void *)v->made_of.p + i;
}

/* The meanings of key's words, when all have one, by shorter phrases; n 0: they have not. */
static void cut_phrase(const struct vocabulary *v, const struct phrase *p,
                       struct composition *out)
{
    struct vocabulary_word word[VOCABULARY_WORDS_MAX];
    size_t n = 0, words;
    out->n = 0;
    for (struct str rest = {p->key, p->len}; rest.len > 0 && n < VOCABULARY_WORDS_MAX; n++) {
        struct str one = str_next(&rest, ' ');
        word[n] = vocabulary_word_of(v, one, one);
    }
    for (size_t i = 0; i < n; i += words) {
        struct vocabulary_meaning m;
        size_t most = i > 0 ? n - i : n - 1;
        words = vocabulary_match(v, word + i, most, &m);
        bool part = words > 0 && m.part >= VOCABULARY_TYPE && m.part < VOCABULARY_SHORT;
        bool fits = m.id != p->id && out->n < VOCABULARY_PARTS_MAX;
        if (words == 0 || m.part == VOCABULARY_SHORT || (part && !fits)) {
            out->n = 0;
            return;
        }
        if (part)
            out->meaning[out->n++] = m.id;
    }
    out->column = p->column;
}

/* Parts that are made of others give way to them, one level. */
static void flatten(const struct vocabulary *v, struct composition *c)
{
    struct composition flat = {.column = c->column};
    for (size_t i = 0; i < c->n; i++) {
        const struct composition *inner = composition_at(v, c->meaning[i] - 1u);
        bool apart = inner->n > 0 && inner != c;
        const uint16_t *from = apart ? inner->meaning : &c->meaning[i];
        size_t n = apart ? inner->n : 1;
        for (size_t k = 0; k < n; k++) {
            if (flat.n == VOCABULARY_PARTS_MAX)
                return;
            flat.meaning[flat.n++] = from[k];
        }
    }
    *c = flat;
}

/* A common word keeps its meaning, which says little, beside the places in it: the university of a city. */
static void keep_places(const struct vocabulary *v, uint16_t id, struct composition *c)
{
    struct composition out = {.column = c->column, .meaning = {id}, .n = 1};
    for (size_t i = 0; i < c->n && out.n < VOCABULARY_PARTS_MAX; i++)
        if (meaning_at(v, c->meaning[i] - 1u)->part == VOCABULARY_PLACE)
            out.meaning[out.n++] = c->meaning[i];
    *c = out;
}

/* Each type and word of the field is made of what the words of one of its phrases mean: the first that can be taken
 * apart, English before Russian. Vietnamese words of several syllables are seldom what their syllables say. */
static enum cau_err compose(struct vocabulary *v)
{
    enum { LEVELS = 3 };
    const struct phrase *p = (const void *)v->phrases.p;
    size_t n = v->phrases.len / sizeof *p, all = vocabulary_count(v);
    buf_add_zeros(&v->made_of, all * sizeof(struct composition));
    if (v->made_of.failed)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        struct composition c, *had = composition_at(v, p[i].id - 1u);
        enum vocabulary_part part = meaning_at(v, p[i].id - 1u)->part;
        bool common = part == VOCABULARY_COMMON;
        bool apart = common || part == VOCABULARY_TYPE || part == VOCABULARY_WORD;
        if (!apart || had->column >= p[i].column)
            continue;
        cut_phrase(v, &p[i], &c);
        if (common)
            keep_places(v, p[i].id, &c);
        if (c.n > 1)
            *had = c;
    }
    for (int level = 0; level < LEVELS; level++)
        for (size_t i = 0; i < all; i++)
            flatten(v, composition_at(v, i));
    buf_free(&v->phrases);
    return CAU_OK;
}

size_t vocabulary_made_of(const struct vocabulary *v, struct vocabulary_meaning meaning,
                          struct vocabulary_meaning out[VOCABULARY_PARTS_MAX])
{
    if (meaning.id == 0)
        return 0;
    const struct composition *c = composition_at(v, meaning.id - 1u);
    for (size_t i = 0; i < c->n; i++)
        out[i] = *meaning_at(v, c->meaning[i] - 1u);
    return c->n;
}

/* Reads names, then each text of terms[0..n). */
static enum cau_err read_all(struct str names, const struct str *terms, size_t n,
                             struct vocabulary **out, size_t *line)
{
    struct vocabulary *v = NULL;
    struct name_reader *reader = NULL;
    *line = 0;
    enum cau_err err = make(&v);
    if (err == CAU_OK)
        err = name_reader_open(NULL, &reader);
    if (err == CAU_OK)
        err = read_names(v, reader, names, line);
    if (err == CAU_OK)
        v->rows = vocabulary_count(v);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = read_terms(v, reader, terms[i]);
    if (err == CAU_OK)
        err = compose(v);
    name_reader_close(reader);
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

struct vocabulary_word vocabulary_word_of(const struct vocabulary *v, struct str stem,
                                          struct str bare)
{
    uint32_t begins = table_get(&v->phrase, stem, NONE);
    bool same = str_equal(stem, bare);
    return (struct vocabulary_word){.stem = stem,
                                    .bare = bare,
                                    .stem_begins = begins,
                                    .bare_begins =
                                        same ? begins : table_get(&v->phrase, bare, NONE)};
}

/* The longest phrases at the head of w[0..n), by stems or bare forms: a row of names, a concept of the glossary. */
struct found {
    size_t row_words, concept_words;
    uint32_t row, concept;
};

static void find(const struct vocabulary *v, const struct vocabulary_word *w, size_t n,
                 bool bare, struct found *out)
{
    char key[PHRASE_BYTES_MAX];
    size_t len = 0;
    uint32_t id = bare ? w[0].bare_begins : w[0].stem_begins;
    n = n < VOCABULARY_WORDS_MAX ? n : VOCABULARY_WORDS_MAX;
    for (size_t words = 1; words <= n && id != NONE; words++) {
        struct str word = bare ? w[words - 1].bare : w[words - 1].stem;
        if (len + word.len + 1 > sizeof key)
            return;
        if (words > 1)
            key[len++] = ' ';
        memcpy(key + len, word.p, word.len);
        len += word.len;
        if (words > 1)
            id = table_get(&v->phrase, (struct str){key, len}, NONE);
        if (id == NONE) /* no phrase begins so */
            return;
        if (id != BEGINNING && id <= v->rows && words > out->row_words) {
            out->row = id;
            out->row_words = words;
        } else if (id != BEGINNING && id > v->rows && words > out->concept_words) {
            out->concept = id;
            out->concept_words = words;
        }
    }
}

size_t vocabulary_match(const struct vocabulary *v, const struct vocabulary_word *w, size_t n,
                        struct vocabulary_meaning *out)
{
    struct found found = {.row_words = 0};
    char key[TOKEN_BYTES_MAX + 1];
    if (n == 0)
        return 0;
    find(v, w, n, false, &found);
    find(v, w, n, true, &found);
    if (found.row_words == 0 && found.concept_words == 0 && w[0].alone) {
        uint32_t id = table_get(&v->phrase, alone_key(w[0].bare, key), NONE);
        found.row = id == NONE ? 0 : id;
        found.row_words = id != NONE;
    }
    size_t words = found.row_words > 0 ? found.row_words : found.concept_words;
    if (words > 0)
        *out = *meaning_at(v, (found.row_words > 0 ? found.row : found.concept) - 1);
    return words;
}

struct vocabulary_meaning vocabulary_unmarked(const struct vocabulary *v, struct str bare)
{
    char key[TOKEN_BYTES_MAX + 1];
    uint32_t id =
        bare.len > TOKEN_BYTES_MAX ? NONE : table_get(&v->phrase, alone_key(bare, key), NONE);
    return id == NONE ? (struct vocabulary_meaning){.id = 0} : *meaning_at(v, id - 1);
}

struct skeleton vocabulary_sound(const struct vocabulary *v, struct vocabulary_meaning meaning)
{
    const struct place *p = (const void *)v->place.p;
    size_t low = 0, high = v->place.len / sizeof *p;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p[middle].id == meaning.id)
            return p[middle].sound;
        if (p[middle].id < meaning.id)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct skeleton){.len = 0};
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
