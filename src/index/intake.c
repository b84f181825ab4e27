#include "index/intake_int.h"

#include "index/stored_int.h"
#include "index/wordlist_int.h"

#include <string.h>

/* A syllable not yet cut into compounds. */
struct open_word {
    uint32_t form; /* term */
    struct wordlist_word word;
};

/* What is being read into the index, or out of its counts. */
struct intake {
    struct fresh *f;
    const struct fresh_tools *tools;
    bool adds; /* postings and tokens are written; else counts are taken back */
    bool is_public;
    uint32_t slot;
    uint64_t length[TOKEN_GROUPS];
    struct open_word open[COMPOUND_SYLLABLES_MAX];
    size_t open_n;
    uint32_t text_words,
        words_end; /* of the word list: words of the text so far, where the last ended */
    enum token_group group;
    unsigned weight;
    bool begins;        /* no word of the text at hand yet */
    size_t first_token; /* where the tokens of the document begin */
};

static void touch(struct intake *in, uint32_t term)
{
    if (term == UINT32_MAX)
        return;
    struct fresh_term *t = fresh_term(in->f, term);
    if (in->adds) {
        fresh_post(in->f, t, in->slot << POSTING_GROUP_BITS | (uint32_t)in->group, in->weight);
        t->groups |= 1u << in->group;
    }
    if (in->is_public)
        t->public[in->group] += in->adds ? (int64_t)in->weight : -(int64_t)in->weight;
}

static uint32_t intern_kind(struct fresh *f, enum term_kind kind, struct str text)
{
    struct term_key key;
    bool added;
    term_make(&key, kind, text);
    return fresh_intern(f, term_str(&key), &added);
}

/* A form seen for the first time: its stem, bare form, sound and token are worked out once. */
static void derive(struct intake *in, uint32_t term, const struct token *word)
{
    struct fresh *f = in->f;
    struct str form = word->form;
    char bare_bytes[TOKEN_BYTES_MAX];
    size_t bare_len = 0;
    struct str bare = form;
    uint32_t bare_term = 0, stem_term = 0;
    if (word->script == TOKEN_LATIN && token_bare(form, bare_bytes, &bare_len)) {
        bare = (struct str){bare_bytes, bare_len};
        bare_term = intern_kind(f, TERM_BARE, bare) + 1;
    }
    struct str stem = stem_of(in->tools->stem, form, word->script, true);
    if (!str_equal(stem, form))
        stem_term = intern_kind(f, TERM_STEM, stem) + 1;
    uint32_t token = part_token(stem, bare), own = part_token(form, bare);
    struct term_key sound;
    bool added;
    if (!word->number && term_make_sound(&sound, form))
        fresh_intern(f, term_str(&sound), &added);
    struct fresh_term *t = fresh_term(f, term);
    t->stem = stem_term;
    t->bare = bare_term;
    t->token = token;
    t->own = own;
}

static void list_word(struct intake *in, struct wordlist_word word)
{
    if (!in->adds || in->text_words == WORDLIST_TEXT_MAX)
        return;
    word.begins = in->text_words++ == 0;
    word.group = in->group;
    wordlist_put(&in->f->word, &word, in->words_end);
    in->words_end = word.at + word.len;
}

/* A compound counts under its form and, for those who type no marks, under its bare form. */
static uint32_t take_compound(struct intake *in, struct str compound)
{
    struct term_key key;
    bool added;
    term_make(&key, TERM_COMPOUND, compound);
    uint32_t term = fresh_intern(in->f, term_str(&key), &added);
    if (term == UINT32_MAX)
        return term;
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    if (added && token_bare(compound, bare, &len)) {
        uint32_t bare_term = intern_kind(in->f, TERM_COMPOUND, (struct str){bare, len}) + 1;
        fresh_term(in->f, term)->bare = bare_term;
    }
    uint32_t bare_term = fresh_term(in->f, term)->bare;
    touch(in, term);
    if (bare_term != 0)
        touch(in, bare_term - 1);
    return term;
}

static void cut_once(struct intake *in)
{
    struct str form[COMPOUND_SYLLABLES_MAX];
    char compound[COMPOUND_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < in->open_n; i++)
        form[i] = str_from(fresh_key(in->f, in->open[i].form), 1);
    size_t n = compound_match(in->tools->compounds, form, in->open_n, compound, &len);
    struct wordlist_word word = in->open[0].word;
    if (n > 1) {
        const struct wordlist_word *last = &in->open[n - 1].word;
        word.term = take_compound(in, (struct str){compound, len});
        word.len = last->at + last->len - word.at;
        word.digits = false;
    }
    if (word.term != UINT32_MAX)
        list_word(in, word);
    in->open_n -= n;
    memmove(in->open, in->open + n, in->open_n * sizeof *in->open);
}

static void cut_all(struct intake *in)
{
    while (in->open_n > 0)
        cut_once(in);
}

static void take_syllable(struct intake *in, const struct open_word *open, bool touches)
{
    if (!touches)
        cut_all(in);
    if (in->open_n == COMPOUND_SYLLABLES_MAX)
        cut_once(in);
    in->open[in->open_n++] = *open;
}

/* A main word, as its form. */
static void take_main(struct intake *in, uint32_t term, enum token_script script, uint32_t at,
                      uint32_t len, bool touches)
{
    const struct fresh_term *t = fresh_term(in->f, term);
    bool stemmed = script == TOKEN_CYRILLIC || in->group == TOKEN_EN;
    uint32_t stem = stemmed ? t->stem : 0;
    if (in->adds) {
        uint32_t token = stemmed ? t->token : t->own;
        if (in->begins && in->f->token.len > in->first_token)
            buf_add_zeros(&in->f->token, sizeof token); /* between two texts */
        in->begins = false;
        buf_add(&in->f->token, (struct str){(const char *)&token, sizeof token});
    }
    in->length[in->group] += in->weight;
    struct open_word open = {term,
                             {.term = stem != 0 ? stem - 1 : term,
                              .at = at,
                              .len = len,
                              .digits = script == TOKEN_DIGITS}};
    if (in->group == TOKEN_VI && in->tools->compounds != NULL)
        take_syllable(in, &open, touches);
    else
        list_word(in, open.word);
}

/* A form, and what else it is found by. */
static void touch_form(struct intake *in, uint32_t term, enum token_script script)
{
    const struct fresh_term *t = fresh_term(in->f, term);
    uint32_t bare = t->bare, stem = t->stem;
    touch(in, term);
    if (bare != 0)
        touch(in, bare - 1);
    if (stem != 0 && (script == TOKEN_CYRILLIC || in->group == TOKEN_EN))
        touch(in, stem - 1);
}

static uint32_t take_word(struct intake *in, const struct token *word, uint32_t at)
{
    struct term_key key;
    bool added;
    term_make(&key, TERM_FORM, word->form);
    uint32_t term = fresh_intern(in->f, term_str(&key), &added);
    if (term == UINT32_MAX)
        return term;
    if (added)
        derive(in, term, word);
    touch_form(in, term, word->script);
    if (word->role == TOKEN_MAIN)
        take_main(in, term, word->script, at, (uint32_t)word->len, word->touches);
    return term;
}

/* What seen says of a run of a text's bytes: the form and script of the one word it is. */
enum { SCRIPT_BITS = 2, SEEN_ODD = -1, SEEN_NOT = -2 };
_Static_assert(TOKEN_SCRIPT_OTHER < 1 << SCRIPT_BITS, "scripts share a number with a term");

static void remember(struct intake *in, struct str raw, uint32_t term, enum token_script script)
{
    uint32_t seen = (uint32_t)SEEN_ODD;
    if (term < (uint32_t)SEEN_NOT >> SCRIPT_BITS)
        seen = term << SCRIPT_BITS | (uint32_t)script;
    if (in->f->seen.n >= INTAKE_SEEN_MAX)
        table_free(&in->f->seen);
    if (table_set(&in->f->seen, raw, seen) != CAU_OK)
        in->f->failed = true;
}

/* The words of a text. Most were seen before and are known by their bytes. */
static void take_text(struct intake *in, struct token_walk *w, uint32_t start)
{
    struct token word;
    struct str raw;
    while (!in->f->failed) {
        bool plain = token_plain(w, &raw);
        uint32_t seen =
            plain ? table_get(&in->f->seen, raw, (uint32_t)SEEN_NOT) : (uint32_t)SEEN_ODD;
        if (seen < (uint32_t)SEEN_NOT) {
            enum token_script script = (enum token_script)(seen & ((1u << SCRIPT_BITS) - 1));
            touch_form(in, seen >> SCRIPT_BITS, script);
            take_main(in, seen >> SCRIPT_BITS, script, start + (uint32_t)w->at,
                      (uint32_t)raw.len, w->touches);
            token_pass(w, raw);
            continue;
        }
        if (!token_next(w, &word))
            return;
        uint32_t term = take_word(in, &word, start + (uint32_t)word.at);
        if (seen == (uint32_t)SEEN_NOT && term != UINT32_MAX)
            remember(in, raw, token_was_plain(w, raw) ? term : UINT32_MAX, word.script);
    }
}

static void take_texts(struct intake *in, struct str stored)
{
    struct stored_walk walk;
    stored_start(&walk, stored);
    walk.checked = in->adds;
    while (!in->f->failed && stored_next_text(&walk)) {
        in->group = walk.group;
        in->weight = walk.weight;
        in->text_words = 0;
        in->begins = true;
        take_text(in, &walk.words, (uint32_t)(walk.words.text.p - stored.p));
        if (!in->f->failed)
            cut_all(in);
    }
}

void intake_add(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                uint32_t slot, bool is_public, uint64_t length[TOKEN_GROUPS])
{
    struct intake in = {.f = f,
                        .tools = tools,
                        .adds = true,
                        .is_public = is_public,
                        .slot = slot,
                        .first_token = f->token.len};
    take_texts(&in, stored);
    memcpy(length, in.length, sizeof in.length);
}

void intake_uncount(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                    uint64_t length[TOKEN_GROUPS])
{
    struct intake in = {.f = f, .tools = tools, .is_public = true};
    take_texts(&in, stored);
    memcpy(length, in.length, sizeof in.length);
}
