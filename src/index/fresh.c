#include "index/fresh_int.h"

#include "index/stored_int.h"
#include "index/wordlist_int.h"

#include <string.h>

enum { CLASS_BYTES = 8 };
#define BYTES_MAX ((size_t)1 << 40)

static struct fresh_term *term_at(const struct fresh *f, uint32_t term)
{
    return (struct fresh_term *)(void *)f->term.p + term;
}

static struct str key_of(const void *ctx, uint32_t term)
{
    return fresh_key(ctx, term);
}

struct fresh fresh_new(void)
{
    struct fresh f = {.terms = table_new(), .order = order_new(key_of)};
    struct buf *all[] = {&f.doc,      &f.shape, &f.owner,   &f.updated_ms, &f.length,
                         &f.token_at, &f.token, &f.text_at, &f.text,       &f.word_at,
                         &f.word,     &f.dead,  &f.term,    &f.lists};
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = buf_new(BYTES_MAX);
    return f;
}

void fresh_free(struct fresh *f)
{
    struct buf *all[] = {&f->doc,      &f->shape, &f->owner,   &f->updated_ms, &f->length,
                         &f->token_at, &f->token, &f->text_at, &f->text,       &f->word_at,
                         &f->word,     &f->dead,  &f->term,    &f->lists};
    for (size_t i = 0; i < countof(all); i++)
        buf_free(all[i]);
    table_free(&f->terms);
    order_free(&f->order);
}

uint32_t fresh_terms(const struct fresh *f)
{
    return (uint32_t)(f->term.len / sizeof(struct fresh_term));
}

struct str fresh_key(const struct fresh *f, uint32_t term)
{
    const struct fresh_term *t = term_at(f, term);
    return (struct str){f->terms.keys + t->key_at, t->key_len};
}

void fresh_term_of(const struct fresh *f, uint32_t term, struct part_term *out)
{
    const struct fresh_term *t = term_at(f, term);
    *out = (struct part_term){.groups = t->groups,
                              .number = term + 1,
                              .share = UINT32_MAX,
                              .list = {.last = t->last, .count = t->count}};
    memcpy(out->count, t->public, sizeof out->count);
    if (t->list_len > 0) {
        out->list.p = (const unsigned char *)f->lists.p + t->list_at;
        out->list.end = out->list.p + t->list_len;
    }
}

bool fresh_find(const struct fresh *f, struct str key, struct part_term *out)
{
    uint32_t term = table_get(&f->terms, key, UINT32_MAX);
    if (term >= fresh_terms(f)) /* none, or memory ended while it was made */
        return false;
    fresh_term_of(f, term, out);
    return true;
}

/* A block of the class, from the free ones or new; offset + 1, or 0 when memory ends. */
static uint32_t take_block(struct fresh *f, uint32_t class)
{
    uint32_t at = f->free_at[class];
    if (at != 0) {
        memcpy(&f->free_at[class], f->lists.p + at - 1, sizeof at);
        return at;
    }
    size_t fresh_at = f->lists.len;
    if (fresh_at > UINT32_MAX - ((size_t)CLASS_BYTES << class) - 1 ||
        buf_extend(&f->lists, (size_t)CLASS_BYTES << class) == NULL)
        return 0;
    return (uint32_t)fresh_at + 1;
}

static void give_block(struct fresh *f, uint32_t class, uint32_t at)
{
    memcpy(f->lists.p + at, &f->free_at[class], sizeof at);
    f->free_at[class] = at + 1;
}

static void append_bytes(struct fresh *f, struct fresh_term *t, const unsigned char *bytes,
                         size_t n)
{
    size_t cap = t->list_class == 0 ? 0 : (size_t)CLASS_BYTES << (t->list_class - 1);
    if (t->list_len + n > cap) {
        uint32_t class = cap == 0 ? 0 : t->list_class;
        while (((size_t)CLASS_BYTES << class) < t->list_len + n)
            class ++;
        uint32_t at = class < FRESH_CLASSES ? take_block(f, class) : 0;
        if (at == 0) {
            f->failed = true;
            return;
        }
        memcpy(f->lists.p + at - 1, f->lists.p + t->list_at, t->list_len);
        if (cap > 0)
            give_block(f, t->list_class - 1, t->list_at);
        t->list_at = at - 1;
        t->list_class = class + 1;
    }
    memcpy(f->lists.p + t->list_at + t->list_len, bytes, n);
    t->list_len += (uint32_t)n;
}

static void append_posting(struct fresh *f, struct fresh_term *t, uint32_t id, uint32_t weight)
{
    if (t->last.weight > 0 && t->last.id == id) {
        uint32_t sum = t->last.weight + weight;
        t->last.weight = sum < POSTING_WEIGHT_MAX ? sum : POSTING_WEIGHT_MAX;
        return;
    }
    if (t->last.weight > 0) {
        unsigned char bytes[10];
        size_t n = posting_encode(t->last.id - t->last_encoded, t->last.weight, bytes);
        append_bytes(f, t, bytes, n);
        t->last_encoded = t->last.id;
    }
    t->last = (struct posting){id, weight};
    t->count++;
}

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
};

static void touch(struct intake *in, uint32_t term)
{
    if (term == UINT32_MAX)
        return;
    struct fresh_term *t = term_at(in->f, term);
    if (in->adds) {
        append_posting(in->f, t, in->slot << POSTING_GROUP_BITS | (uint32_t)in->group,
                       in->weight);
        t->groups |= 1u << in->group;
    }
    if (in->is_public)
        t->public[in->group] += in->adds ? (int64_t)in->weight : -(int64_t)in->weight;
}

/* The term of a key, made when it is new; UINT32_MAX when memory ends (then f has failed). */
static uint32_t intern(struct fresh *f, struct str key, bool *added)
{
    uint32_t term, next = fresh_terms(f);
    if (table_intern(&f->terms, key, next, &term, added) != CAU_OK) {
        f->failed = true;
        return UINT32_MAX;
    }
    if (!*added)
        return term;
    struct fresh_term *t = (void *)buf_extend(&f->term, sizeof *t);
    if (t == NULL) {
        f->failed = true;
        return UINT32_MAX;
    }
    *t = (struct fresh_term){.key_at = f->terms.keys_len - key.len,
                             .key_len = (uint32_t)key.len};
    f->failed = !order_add(&f->order, f, term);
    return term;
}

static uint32_t intern_kind(struct fresh *f, enum term_kind kind, struct str text)
{
    struct term_key key;
    bool added;
    term_make(&key, kind, text);
    return intern(f, term_str(&key), &added);
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
    uint32_t token = part_token(stem, bare);
    struct term_key sound;
    bool added;
    if (!word->number && term_make_sound(&sound, form))
        intern(f, term_str(&sound), &added);
    struct fresh_term *t = term_at(f, term);
    t->stem = stem_term;
    t->bare = bare_term;
    t->token = token;
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
    uint32_t term = intern(in->f, term_str(&key), &added);
    if (term == UINT32_MAX)
        return term;
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    if (added && token_bare(compound, bare, &len)) {
        uint32_t bare_term = intern_kind(in->f, TERM_COMPOUND, (struct str){bare, len}) + 1;
        term_at(in->f, term)->bare = bare_term;
    }
    uint32_t bare_term = term_at(in->f, term)->bare;
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

static void take_word(struct intake *in, const struct token *word, uint32_t at)
{
    struct term_key key;
    bool added;
    term_make(&key, TERM_FORM, word->form);
    uint32_t term = intern(in->f, term_str(&key), &added);
    if (term == UINT32_MAX)
        return;
    if (added)
        derive(in, term, word);
    touch(in, term);
    const struct fresh_term *t = term_at(in->f, term);
    uint32_t bare = t->bare, token = t->token;
    bool stemmed = word->script == TOKEN_CYRILLIC || in->group == TOKEN_EN;
    uint32_t stem = stemmed ? t->stem : 0;
    if (bare != 0)
        touch(in, bare - 1);
    if (stem != 0)
        touch(in, stem - 1);
    if (word->role != TOKEN_MAIN)
        return;
    in->length[in->group] += in->weight;
    if (in->adds) {
        if (!stemmed)
            token = part_token_half(word->form) << 16 | (token & 0xFFFF);
        buf_add(&in->f->token, (struct str){(const char *)&token, sizeof token});
    }
    struct open_word open = {term,
                             {.term = stem != 0 ? stem - 1 : term,
                              .at = at,
                              .len = (uint32_t)word->len,
                              .digits = word->script == TOKEN_DIGITS}};
    if (in->group == TOKEN_VI && in->tools->compounds != NULL)
        take_syllable(in, &open, word->touches);
    else
        list_word(in, open.word);
}

static void take_texts(struct intake *in, struct str stored)
{
    struct stored_walk walk;
    struct token word;
    size_t text = 0;
    stored_start(&walk, stored);
    while (!in->f->failed && stored_next(&walk, &word)) {
        if (walk.text != text) {
            cut_all(in);
            if (text != 0 && in->adds)
                buf_add_zeros(&in->f->token, sizeof(uint32_t));
            text = walk.text;
            in->group = walk.group;
            in->weight = walk.weight;
            in->text_words = 0;
        }
        take_word(in, &word, (uint32_t)(walk.words.text.p + word.at - stored.p));
    }
    if (!in->f->failed)
        cut_all(in);
}

static void add32(struct buf *b, uint32_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static void add64(struct buf *b, uint64_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static void renew_part(struct fresh *f)
{
    f->part = (struct part){.n = (uint32_t)(f->doc.len / sizeof(uint32_t)),
                            .doc = (const void *)f->doc.p,
                            .shape = (const void *)f->shape.p,
                            .owner = (const void *)f->owner.p,
                            .updated_ms = (const void *)f->updated_ms.p,
                            .length = (const void *)f->length.p,
                            .token_at = (const void *)f->token_at.p,
                            .token = (const void *)f->token.p,
                            .text_at = (const void *)f->text_at.p,
                            .text = f->text.p,
                            .word_at = (const void *)f->word_at.p,
                            .word = f->word.p,
                            .dead = (const void *)f->dead.p,
                            .dead_words = (uint32_t)(f->dead.len / sizeof(uint64_t))};
}

static bool all_good(const struct fresh *f)
{
    return !(f->failed || f->doc.failed || f->shape.failed || f->owner.failed ||
             f->updated_ms.failed || f->length.failed || f->token_at.failed ||
             f->token.failed || f->text_at.failed || f->text.failed || f->word_at.failed ||
             f->word.failed);
}

enum cau_err fresh_put(struct fresh *f, const struct fresh_tools *tools,
                       const struct index_doc *doc, uint32_t shape, struct str stored,
                       uint32_t *slot, uint32_t length[TOKEN_GROUPS])
{
    struct intake in = {.f = f,
                        .tools = tools,
                        .adds = true,
                        .is_public = doc->audience == 0,
                        .slot = f->part.n};
    if (in.slot >= PART_SLOTS_MAX || f->token.len / 4 > UINT32_MAX - INDEX_DOC_BYTES_MAX * 2)
        return CAU_ERR_RANGE;
    if (f->failed)
        return CAU_ERR_MEMORY;
    if (in.slot == 0) {
        add32(&f->token_at, 0);
        add64(&f->text_at, 0);
        add64(&f->word_at, 0);
    }
    take_texts(&in, stored);
    add32(&f->doc, doc->doc);
    add32(&f->shape, shape);
    add32(&f->owner, doc->owner);
    add64(&f->updated_ms, (uint64_t)doc->updated_ms);
    for (size_t g = 0; g < TOKEN_GROUPS; g++) {
        uint64_t n = in.length[g] < PART_LENGTH_MAX ? in.length[g] : PART_LENGTH_MAX;
        uint16_t capped = (uint16_t)n;
        buf_add(&f->length, (struct str){(const char *)&capped, sizeof capped});
        length[g] = capped;
    }
    add32(&f->token_at, (uint32_t)(f->token.len / sizeof(uint32_t)));
    buf_add(&f->text, stored);
    add64(&f->text_at, f->text.len);
    add64(&f->word_at, f->word.len);
    if (!all_good(f)) {
        f->failed = true;
        return CAU_ERR_MEMORY;
    }
    renew_part(f);
    *slot = in.slot;
    return CAU_OK;
}

void fresh_uncount(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                   uint32_t length[TOKEN_GROUPS])
{
    struct intake in = {.f = f, .tools = tools, .is_public = true};
    take_texts(&in, stored);
    for (size_t g = 0; g < TOKEN_GROUPS; g++)
        length[g] = (uint32_t)(in.length[g] < PART_LENGTH_MAX ? in.length[g] : PART_LENGTH_MAX);
}

void fresh_kill(struct fresh *f, uint32_t slot)
{
    must(slot < f->part.n);
    size_t words = slot / 64 + 1, have = f->dead.len / sizeof(uint64_t);
    if (have < words)
        buf_add_zeros(&f->dead, (words - have) * sizeof(uint64_t));
    must(!f->dead.failed);
    uint64_t *dead = (void *)f->dead.p;
    dead[slot / 64] |= UINT64_C(1) << slot % 64;
    f->dead_count++;
    renew_part(f);
}
