#include "match/name_word.h"

#include "base/buf.h"
#include "base/table.h"
#include "base/utf8.h"
#include "language/fold.h"
#include "language/guess.h"

#include <string.h>

enum { LATIN_ROOT_MIN = 4, CYRILLIC_ROOT_MIN = 4 };

/* What is kept of a word at most, in bytes: itself, its three texts, what it is when no list has it. */
#define KEPT_BYTES                                                                             \
    (sizeof(struct name_word) + sizeof(struct name_unknown) + 3 * TOKEN_BYTES_MAX + 96)
#define WORDS_BYTES (NAME_WORDS_KEPT * (KEPT_BYTES + sizeof(struct name_word *)) + 4096)

struct name_reader {
    const struct vocabulary *v;
    struct stem *stem;
    struct table place; /* of words as they are typed -> place in word */
    struct arena a;     /* all words, and word */
    struct name_word **word;
    size_t n;
};

enum cau_err name_reader_open(const struct vocabulary *v, struct name_reader **out)
{
    struct buf room = buf_new(sizeof(struct name_reader));
    struct name_reader *r = (void *)buf_extend(&room, sizeof *r);
    struct stem *stem;
    if (r == NULL || stem_open(&stem) != CAU_OK) {
        buf_free(&room);
        return CAU_ERR_MEMORY;
    }
    *r = (struct name_reader){
        .v = v, .stem = stem, .place = table_new(), .a = arena_new(WORDS_BYTES)};
    *out = r;
    return CAU_OK;
}

void name_reader_close(struct name_reader *r)
{
    if (r == NULL)
        return;
    stem_close(r->stem);
    table_free(&r->place);
    arena_free(&r->a);
    buf_drop(r);
}

const struct vocabulary *name_reader_vocabulary(const struct name_reader *r)
{
    return r->v;
}

static bool is_capital(struct str typed)
{
    size_t letters = 0;
    while (typed.len > 0) {
        uint32_t c = utf8_next(&typed);
        if (fold_point(c) == c && fold_class(c) != FOLD_DIGIT)
            return false;
        letters++;
    }
    return letters >= 2;
}

/* The arena has room for NAME_WORDS_KEPT words. */
static void *take(struct name_reader *r, size_t size)
{
    void *p = arena_take(&r->a, size);
    must(p != NULL);
    return p;
}

static struct str keep(struct name_reader *r, struct str x)
{
    char *p = take(r, x.len);
    memcpy(p, x.p, x.len);
    return (struct str){p, x.len};
}

static struct name_word *look_at(struct name_reader *r, const struct token *t, struct str typed)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    struct name_word *w = take(r, sizeof *w);
    *w = (struct name_word){.script = t->script, .number = t->number};
    w->form = keep(r, t->form);
    w->points = utf8_count(w->form);
    w->bare = token_bare(w->form, bare, &len) ? keep(r, (struct str){bare, len}) : w->form;
    struct str stem = stem_of(r->stem, w->form, t->script, true);
    stem = stem.p == w->form.p ? stem : keep(r, stem);
    w->known = r->v == NULL ? (struct vocabulary_word){.stem = stem, .bare = w->bare}
                            : vocabulary_word_of(r->v, stem, w->bare);
    w->capital = is_capital(typed);
    w->syllable = r->v != NULL && w->script == TOKEN_LATIN && guess_is_syllable(w->form);
    return r->word[r->n++] = w;
}

static void forget(struct name_reader *r)
{
    table_free(&r->place);
    arena_reset(&r->a);
    r->word = take(r, NAME_WORDS_KEPT * sizeof *r->word);
    r->n = 0;
}

enum { LETTER_BYTES_MAX = 4 }; /* of its index form */

/* A letter of a script that parts no words is a token; two that touch say more than each, and in which order. */
struct letters {
    size_t end; /* of the last one in the text; 0: none */
    size_t at;  /* where it begins */
    bool first; /* none touches it from before */
    char form[LETTER_BYTES_MAX], pair[2 * LETTER_BYTES_MAX];
    size_t len; /* of form */
};

static bool is_letter(const struct token *t)
{
    return t->script == TOKEN_SCRIPT_OTHER && utf8_count(t->form) == 1;
}

/* Makes t the pair that it ends, when a letter touches it from before; true when that was the first, whose place the pair
 * takes. */
static bool join_letters(struct letters *l, struct token *t)
{
    const struct letters was = *l;
    if (!is_letter(t)) {
        l->end = 0;
        return false;
    }
    bool joined = was.end > 0 && was.end == t->at;
    *l = (struct letters){
        .end = t->at + t->len, .at = t->at, .first = !joined, .len = t->form.len};
    must(l->len <= LETTER_BYTES_MAX);
    memcpy(l->form, t->form.p, l->len);
    if (!joined)
        return false;
    memcpy(l->pair, was.form, was.len);
    memcpy(l->pair + was.len, l->form, l->len);
    t->at = was.at;
    t->len = l->end - was.at;
    t->form = (struct str){l->pair, was.len + l->len};
    return was.first;
}

/* A word is what its typed bytes say, wherever it stands: those read before are known by these. */
size_t name_words(struct name_reader *r, struct str text, struct name_word *out[NAME_WORDS_MAX])
{
    struct token_walk walk;
    struct token t;
    struct str raw;
    struct letters letters = {.end = 0};
    size_t n = 0;
    if (r->word == NULL || r->n + 2 * NAME_WORDS_MAX > NAME_WORDS_KEPT)
        forget(r); /* of a pair the first letter is looked at too */
    for (token_start(&walk, text); n < NAME_WORDS_MAX;) {
        bool within = letters.end > 0 && letters.end == walk.at;
        uint32_t at = !within && token_plain(&walk, &raw)
                          ? table_get(&r->place, raw, UINT32_MAX)
                          : UINT32_MAX;
        if (at != UINT32_MAX) {
            token_pass(&walk, raw);
            out[n++] = r->word[at];
            letters.end = 0;
            continue;
        }
        if (!token_next(&walk, &t))
            break;
        if (t.role != TOKEN_MAIN)
            continue;
        n -= join_letters(&letters, &t);
        struct str typed = str_to(str_from(text, t.at), t.len);
        bool added = false;
        if (table_intern(&r->place, typed, (uint32_t)r->n, &at, &added) != CAU_OK || added)
            out[n++] = look_at(r, &t, typed);
        else
            out[n++] = r->word[at];
    }
    return n;
}

/* ---- words no list has ---- */

/* Endings of names; those of cases that names of bodies do not stand in are left, as Росатом ends in one. */
static const char *const cyrillic_case[] = {
    "ого", "его", "ому", "ему", "ий", "ый", "ой", "ая", "яя", "ое", "ее", "ые", "ие",
    "ую",  "ей",  "а",   "я",   "о",  "е",  "ы",  "и",  "й",  "у",  "ю",  "ь",  "э"};
/* The shortest first, then what is left of a longer one: Казанский, Бакинский. */
static const char *const cyrillic_adjective[] = {"ск", "цк"};
static const char *const cyrillic_longer[] = {"ин", "ов", "ев", "ан", "ян", "ен"};
static const char *const latin_case[] = {"iy", "yi", "ii", "ij", "yy", "y",
                                         "i",  "a",  "o",  "e",  "s"};
static const char *const latin_adjective[] = {"ian", "ean", "an", "ese", "ish", "sk", "sky"};

/* Without the first of the endings that leaves min letters. */
static struct str cut(struct str word, const char *const *ending, size_t n, size_t min)
{
    for (size_t i = 0; i < n; i++) {
        struct str tail = str_of(ending[i]);
        if (str_ends(word, tail) && utf8_count(str_to(word, word.len - tail.len)) >= min)
            return str_to(word, word.len - tail.len);
    }
    return word;
}

static struct str cut_case(struct str word, bool cyrillic)
{
    return cyrillic ? cut(word, cyrillic_case, countof(cyrillic_case), CYRILLIC_ROOT_MIN)
                    : cut(word, latin_case, countof(latin_case), LATIN_ROOT_MIN);
}

static void find_roots(struct str root, struct name_unit *u)
{
    struct str shorter =
        u->cyrillic
            ? cut(root, cyrillic_adjective, countof(cyrillic_adjective), CYRILLIC_ROOT_MIN)
            : cut(root, latin_adjective, countof(latin_adjective), LATIN_ROOT_MIN);
    if (shorter.len == root.len)
        return;
    u->root[0] = skeleton_of(shorter);
    struct str least =
        cut(shorter, cyrillic_longer, countof(cyrillic_longer), CYRILLIC_ROOT_MIN);
    if (u->cyrillic && least.len < shorter.len)
        u->root[1] = skeleton_of(least);
}

static void unknown_unit(const struct vocabulary *v, const struct name_word *w,
                         struct name_unit *u)
{
    u->cyrillic = w->script == TOKEN_CYRILLIC;
    struct str word = w->script == TOKEN_LATIN ? w->bare : w->form;
    bool letters = !w->number && (u->cyrillic || w->script == TOKEN_LATIN);
    struct str root = letters ? cut_case(word, u->cyrillic) : word;
    u->len = (uint8_t)(root.len < NAME_FORM_MAX ? root.len : NAME_FORM_MAX);
    memcpy(u->form, root.p, u->len);
    if (v != NULL && w->script == TOKEN_LATIN)
        u->may_mean = vocabulary_unmarked(v, w->form).id;
    if (!letters)
        return;
    u->sound = skeleton_of(root);
    if (u->sound.len == 0)
        u->sound = skeleton_of(word);
    find_roots(root, u);
}

const struct name_unknown *name_word_unknown(struct name_reader *r, struct name_word *w)
{
    if (w->unknown != NULL)
        return w->unknown;
    struct name_unknown *u = take(r, sizeof *u);
    *u = (struct name_unknown){.parts = 0};
    unknown_unit(r->v, w, &u->unit);
    if (r->v != NULL && !w->number)
        u->parts = inflect_meanings(r->v, w->script == TOKEN_LATIN ? w->bare : w->form,
                                    w->known.stem, w->script, u->part);
    return w->unknown = u;
}
