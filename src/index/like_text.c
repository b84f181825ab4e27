#include "index/like_int.h"

#include "index/dictionary_int.h"

#include <string.h>

enum {
    Y_SYLLABLE = LIKELIHOOD_ONE / 2, /* of a compound the lexicon does not know */
    Y_ALIKE = LIKELIHOOD_ONE * 3 / 10,
    Y_NEAR = LIKELIHOOD_ONE * 3 / 10,
    CONCEPT_ONE_IN = 50000, /* a concept is not taken to be rarer */
    WEIGHT_COUNTS =
        100, /* so many more times: how rare a word is cannot be seen from few texts */
    WEIGHT_LENGTH = 16, /* of the text for which the weight is worked out */
};
#define BUF_MAX    ((size_t)1 << 32)
#define KEEP_BYTES ((size_t)1 << 34) /* of address space */

enum { BUFS = 19 + INDEX_PARTS * TOKEN_GROUPS + LIKE_GROUPS };

/* All its lists. */
static void list_bufs(struct like *l, struct buf *out[BUFS])
{
    struct buf *all[] = {&l->word,     &l->class,   &l->member,  &l->there,      &l->draft,
                         &l->known,    &l->doc,     &l->concept, &l->of_part[0], &l->of_part[1],
                         &l->list,     &l->seen,    &l->list_of, &l->lists,      &l->tally[0],
                         &l->tally[1], &l->mass[0], &l->mass[1], &l->slots};
    memcpy(out, all, sizeof all);
    out += countof(all);
    for (size_t i = 0; i < (size_t)INDEX_PARTS * TOKEN_GROUPS; i++)
        *out++ = &l->code[i / TOKEN_GROUPS][i % TOKEN_GROUPS];
    for (size_t i = 0; i < LIKE_GROUPS; i++)
        *out++ = &l->own[i];
}

void like_drop(struct like *l)
{
    if (l == NULL)
        return;
    struct buf *all[BUFS];
    list_bufs(l, all);
    for (size_t i = 0; i < countof(all); i++)
        buf_free(all[i]);
    stem_close(l->stem);
    table_free(&l->number);
    arena_free(&l->work);
    arena_free(&l->call);
    struct arena keep = l->keep; /* l lives in it */
    arena_free(&keep);
}

static enum cau_err make(const struct index *ix, const struct concepts *concepts,
                         struct like **out)
{
    struct arena keep = arena_new(KEEP_BYTES);
    struct like *l = arena_zero(&keep, sizeof *l);
    must(l != NULL);
    *l = (struct like){.ix = ix,
                       .concepts = concepts,
                       .generation = ix->generation,
                       .keep = keep,
                       .work = arena_new(KEEP_BYTES),
                       .call = arena_new(KEEP_BYTES),
                       .number = table_new()};
    struct buf *all[BUFS];
    list_bufs(l, all);
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = buf_new(BUF_MAX);
    enum cau_err err = stem_open(&l->stem);
    if (buf_extend(&l->draft, LIKE_TERMS_MAX * 2 * sizeof(struct like_term)) == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK)
        *out = l;
    else
        like_drop(l);
    return err;
}

enum cau_err like_begin(const struct index *ix, const struct concepts *concepts,
                        struct like **out)
{
    struct like *kept = index_take_like(ix);
    if (kept != NULL && kept->generation == ix->generation && kept->concepts == concepts) {
        arena_reset(&kept->call);
        *out = kept;
        return CAU_OK;
    }
    like_drop(kept);
    return make(ix, concepts, out);
}

size_t like_bytes(struct like *l)
{
    struct buf *all[BUFS];
    size_t bytes = l->keep.used + l->number.keys_len;
    list_bufs(l, all);
    for (size_t i = 0; i < countof(all); i++)
        bytes += all[i]->len;
    return bytes;
}

void like_end(struct like *l)
{
    if (like_bytes(l) > LIKE_KEPT_BYTES_MAX || !index_give_like(l->ix, l))
        like_drop(l);
}

/* ---- words ---- */

static enum cau_err number_of(struct like *l, struct str key, const struct like_word *word,
                              uint32_t *out)
{
    bool fresh;
    uint32_t next = (uint32_t)(l->word.len / sizeof *word);
    enum cau_err err = table_intern(&l->number, key, next, out, &fresh);
    if (err != CAU_OK || !fresh)
        return err;
    struct like_word *copy = (void *)buf_extend(&l->word, sizeof *copy);
    buf_add_zeros(&l->there, sizeof(uint64_t));
    if (copy == NULL || l->there.failed)
        return CAU_ERR_MEMORY;
    *copy = *word;
    if (l->concepts != NULL && word->text.len > 0)
        copy->phrase_word = concepts_word(l->concepts, word->text);
    return arena_copy(&l->keep, word->text, &copy->text);
}

enum cau_err like_number_of_text(struct like *l, struct str text, uint32_t *out)
{
    struct like_word word = {.text = text};
    for (size_t i = 0; i < text.len; i++) {
        word.compound = word.compound || text.p[i] == '_';
        word.number = word.number || (text.p[i] >= '0' && text.p[i] <= '9');
    }
    char bytes[TOKEN_BYTES_MAX];
    size_t len;
    word.marked = text.len > TOKEN_BYTES_MAX || token_bare(text, bytes, &len);
    return number_of(l, text, &word, out);
}

enum cau_err like_number_of_concept(struct like *l, uint32_t concept, uint32_t *out)
{
    char key[1 + sizeof concept] = {1}; /* no term begins so */
    struct like_word word = {.concept = concept};
    memcpy(key + 1, &concept, sizeof concept);
    return number_of(l, (struct str){key, sizeof key}, &word, out);
}

/* ---- what stands for a word ---- */

static void add_member(struct like *l, uint32_t word, uint32_t y, enum index_channel channel,
                       uint32_t sources)
{
    struct like_member *m = (void *)buf_extend(&l->member, sizeof *m);
    if (m != NULL)
        *m = (struct like_member){word, y, channel, sources};
}

static size_t members(const struct like *l)
{
    return l->member.len / sizeof(struct like_member);
}

/* What the lexicon says of term, each y times share; a word that is a member since first is not given twice. */
static enum cau_err add_translations(struct like *l, size_t first, struct str term,
                                     unsigned from, unsigned to, uint32_t share,
                                     enum index_channel channel)
{
    struct lexicon_entry entry[LEXICON_KEPT_MAX];
    const struct lexicon *lexicon = l->ix->lexicon;
    size_t n = from == to ? lexicon_alike(lexicon, (enum token_group)from, term, entry)
                          : lexicon_find(lexicon, (enum token_group)from, (enum token_group)to,
                                         term, entry);
    for (size_t i = 0; i < n; i++) {
        uint32_t word, y = (uint32_t)((uint64_t)entry[i].y * share / UINT16_MAX);
        enum cau_err err = like_number_of_text(l, entry[i].term, &word);
        if (err != CAU_OK)
            return err;
        bool known = false;
        for (size_t k = first; k < members(l) && !known; k++)
            known = like_member_at(l, k)->word == word;
        if (!known)
            add_member(l, word, y == 0 ? 1 : y, channel, entry[i].sources);
    }
    return CAU_OK;
}

/* What the words of a bare form stand for, each with its share of weight. */
static enum cau_err add_bare(struct like *l, size_t first, struct str form, unsigned to,
                             uint32_t weight)
{
    struct dictionary_bare bare[BARE_WORDS_MAX];
    size_t n = dictionary_bare(l->ix, l->bare, form, bare);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        uint32_t word, share = (uint32_t)((uint64_t)bare[i].share * weight / LIKELIHOOD_ONE);
        share = share > 0 ? share : 1;
        if (to != TOKEN_VI) {
            err = add_translations(l, first, bare[i].term, TOKEN_VI, to, share,
                                   INDEX_TRANSLATION);
            continue;
        }
        err = like_number_of_text(l, bare[i].term, &word);
        add_member(l, word, share, INDEX_BARE, 0);
    }
    return err;
}

/* A Vietnamese word without marks stands for all words that have them. */
static enum cau_err stand_for_bare(struct like *l, uint32_t number, unsigned to)
{
    size_t first = members(l);
    struct like_word word = *like_word_at(l, number); /* the list may move */
    enum cau_err err = add_bare(l, first, word.text, to, LIKELIHOOD_ONE);
    bool found = members(l) > first;
    for (struct str rest = word.text; !found && word.compound && rest.len > 0 && err == CAU_OK;)
        err = add_bare(l, first, str_next(&rest, '_'), to, Y_SYLLABLE);
    if (members(l) == first)
        add_member(l, number, LIKELIHOOD_ONE, INDEX_SAME, 0);
    return err;
}

static enum cau_err stand_for_word(struct like *l, uint32_t number, unsigned from, unsigned to)
{
    if (from == LIKE_BARE && to == LIKE_BARE) {
        add_member(l, number, LIKELIHOOD_ONE, INDEX_SAME, 0);
        return CAU_OK;
    }
    if (from == LIKE_BARE && !like_word_at(l, number)->number && to != TOKEN_OTHER)
        return stand_for_bare(l, number, to);
    if (from == LIKE_BARE)
        from = TOKEN_OTHER;
    size_t first = members(l);
    struct like_word word = *like_word_at(l, number); /* the list may move */
    enum cau_err err = CAU_OK;
    if (from == to)
        add_member(l, number, LIKELIHOOD_ONE, INDEX_SAME, 0);
    if (!word.number && from != TOKEN_OTHER && to != TOKEN_OTHER)
        err = add_translations(l, first, word.text, from, to,
                               from == to ? Y_ALIKE : LIKELIHOOD_ONE,
                               from == to ? INDEX_ALIKE : INDEX_TRANSLATION);
    struct str rest = word.text;
    while (err == CAU_OK && word.compound && from != to && rest.len > 0 &&
           (members(l) == first || rest.p != word.text.p))
        err = add_translations(l, first, str_next(&rest, '_'), from, to, Y_SYLLABLE,
                               INDEX_SYLLABLE);
    if (members(l) == first) /* names, numbers, models are the same in every language */
        add_member(l, number, LIKELIHOOD_ONE, INDEX_SAME, 0);
    return err;
}

/* How often a concept is named, at most: by each of its phrases as often as its rarest word. */
static uint64_t count_concept(const struct like *l, uint32_t concept)
{
    uint64_t n = 0;
    for (unsigned g = 0; g < GLOSSARY_LANGS; g++) {
        struct concept_phrase phrase[GLOSSARY_TERMS_MAX];
        size_t phrases = concepts_phrases(l->concepts, concept, (enum token_group)g, phrase);
        for (size_t i = 0; i < phrases; i++) {
            uint64_t least = UINT64_MAX;
            for (size_t k = 0; k < phrase[i].n && least > 0; k++) {
                uint64_t one = dictionary_count(l->ix, (enum token_group)g, phrase[i].term[k]);
                least = one < least ? one : least;
            }
            n += least;
        }
    }
    return n;
}

static enum cau_err stand_for_concept(struct like *l, uint32_t number)
{
    uint32_t concept = like_word_at(l, number)->concept;
    size_t n;
    const uint32_t *near = concepts_near(l->concepts, concept, &n);
    enum cau_err err = CAU_OK;
    add_member(l, number, LIKELIHOOD_ONE, INDEX_CONCEPT, LEXICON_GLOSSARY);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        uint32_t word;
        err = like_number_of_concept(l, near[i], &word);
        add_member(l, word, Y_NEAR, INDEX_RELATED, LEXICON_GLOSSARY);
    }
    return err;
}

/* The weighted count of a class, y with 16 fractional bits, and the length of the texts it was counted in. */
static void count_class(const struct like *l, const struct like_class *c, bool concept,
                        unsigned to, uint64_t *count, uint64_t *length)
{
    int64_t all = 0;
    *count = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        const struct like_member *m = like_member_at(l, c->first + i);
        const struct like_word *w = like_word_at(l, m->word);
        *count += m->y * (concept ? count_concept(l, w->concept)
                                  : dictionary_count(l->ix, (enum token_group)to, w->text));
        if (!concept)
            *count += likelihood_usual(
                m->y, lexicon_share(l->ix->lexicon, (enum token_group)to, w->text));
    }
    for (unsigned g = 0; g < TOKEN_GROUPS; g++)
        if (concept ? g < GLOSSARY_LANGS : g == to)
            all += l->ix->public_length[g];
    *length = all < 0 ? 0 : (uint64_t)all;
    if (!concept && lexicon_has_shares(l->ix->lexicon, (enum token_group)to))
        *length += LIKELIHOOD_USUAL;
    uint64_t least = concept ? *length / CONCEPT_ONE_IN * LIKELIHOOD_ONE : 0;
    *count = *count < least ? least : *count;
}

/* What a word weighs in its own language: what it would bring in a short text, in eights of a bit. */
static uint32_t weight_of(uint64_t count, uint64_t length)
{
    uint64_t rarity =
        likelihood_rarity(count + (uint64_t)WEIGHT_COUNTS * LIKELIHOOD_ONE, length) * 3 / 8;
    return likelihood_score((1u << 24) / WEIGHT_LENGTH, rarity) / 8;
}

static enum cau_err make_class(struct like *l, uint32_t number, unsigned from, unsigned to,
                               struct like_class *out)
{
    bool concept = like_word_at(l, number)->text.len == 0;
    struct like_class c = {.first = (uint32_t)members(l)};
    uint64_t count, length;
    enum cau_err err =
        concept ? stand_for_concept(l, number) : stand_for_word(l, number, from, to);
    if (err != CAU_OK)
        return err;
    c.n = (uint32_t)members(l) - c.first;
    c.concept = concept;
    if (c.n == 1 && !l->member.failed) {
        const struct like_member *m = like_member_at(l, c.first);
        c.alone = m->word == number && m->y == LIKELIHOOD_ONE;
    }
    count_class(l, &c, concept, to == LIKE_BARE ? TOKEN_VI : to, &count, &length);
    c.weight = weight_of(count, length);
    c.rarity = likelihood_rarity(count, length) * 3 / 8; /* lambda is .2 here, .4 there */
    c.rarity = c.rarity < 1 ? 1 : c.rarity;
    *out = c;
    return CAU_OK;
}

/* As for a text with marks, each word by its form without. */
static enum cau_err make_bare_class(struct like *l, uint32_t number, unsigned from,
                                    struct like_class *out)
{
    struct like_class c, marked;
    enum cau_err err = like_class_of(l, number, from, TOKEN_VI, &marked);
    c = marked;
    c.first = (uint32_t)members(l);
    c.alone = false;
    for (uint32_t i = 0; i < marked.n && err == CAU_OK; i++) {
        struct like_member m = *like_member_at(l, marked.first + i);
        struct str term = like_word_at(l, m.word)->text;
        char bytes[TOKEN_BYTES_MAX];
        size_t len;
        if (term.len <= TOKEN_BYTES_MAX && token_bare(term, bytes, &len))
            err = like_number_of_text(l, (struct str){bytes, len}, &m.word);
        add_member(l, m.word, m.y, m.channel, m.sources);
    }
    *out = c;
    return err;
}

/* Remembers a class of a word in its own language where it is quickly found again. */
static enum cau_err keep_own(struct like *l, uint32_t number, unsigned group,
                             const struct like_class *c)
{
    struct buf *own = &l->own[group];
    size_t have = own->len / sizeof *c;
    if (number >= have)
        buf_add_zeros(own, (number + 1 - have + have / 2) * sizeof *c);
    if (own->failed)
        return CAU_ERR_MEMORY;
    ((struct like_class *)(void *)own->p)[number] = *c;
    return CAU_OK;
}

enum cau_err like_class_of(struct like *l, uint32_t number, unsigned from, unsigned to,
                           struct like_class *out)
{
    if (from == to && like_own_class(l, number, from, out))
        return CAU_OK;
    bool concept = like_word_at(l, number)->text.len == 0;
    unsigned at = concept ? 0 : from * LIKE_GROUPS + to; /* a concept has no language */
    uint32_t known = like_word_at(l, number)->class_at[at];
    if (known == 0) {
        struct like_class c;
        enum cau_err err = !concept && to == LIKE_BARE && from != LIKE_BARE
                               ? make_bare_class(l, number, from, &c)
                               : make_class(l, number, from, to, &c);
        if (err != CAU_OK)
            return err;
        buf_add(&l->class, (struct str){(const char *)&c, sizeof c});
        if (l->class.failed || l->member.failed)
            return CAU_ERR_MEMORY;
        known = (uint32_t)(l->class.len / sizeof c);
        like_word_at(l, number)->class_at[at] = known;
    }
    *out = ((const struct like_class *)(const void *)l->class.p)[known - 1];
    return from == to ? keep_own(l, number, from, out) : CAU_OK;
}

/* ---- the score ---- */

void like_set_there(struct like *l, const struct like_side *y)
{
    uint64_t *there = (void *)l->there.p;
    l->stamp++;
    for (size_t i = 0; i < y->n; i++)
        there[y->term[i].word] = (uint64_t)l->stamp << 32 | i;
}

enum cau_err like_score(struct like *l, const struct like_side *x, const struct like_side *y,
                        enum like_scale scale, int64_t *score, struct like_part *part,
                        size_t *parts)
{
    bool same = like_group_of(x) == like_group_of(y);
    int64_t sum = 0;
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) { /* classes first: they may bring new words */
        struct like_class c;
        if (same && x->term[i].alone)
            continue;
        enum cau_err err =
            like_class_of(l, x->term[i].word, like_group_of(x), like_group_of(y), &c);
        if (err != CAU_OK)
            return err;
    }
    like_set_there(l, y);
    for (size_t i = 0; i < x->n; i++) {
        const struct like_term *t = &x->term[i];
        struct like_class c;
        uint64_t mass = 0, most = 0;
        struct like_part one = {.asked = t};
        if (same && t->alone && like_place_of(l, t->word) == SIZE_MAX)
            continue;
        enum cau_err err = like_class_of(l, t->word, like_group_of(x), like_group_of(y), &c);
        must(err == CAU_OK);
        for (uint32_t k = 0; k < c.n; k++) {
            const struct like_member *m = like_member_at(l, c.first + k);
            size_t at = like_place_of(l, m->word);
            if (at == SIZE_MAX)
                continue;
            uint64_t more = (uint64_t)m->y * y->term[at].times / LIKELIHOOD_ONE;
            mass += more;
            if (more > most) {
                most = more;
                one.found = &y->term[at];
                one.channel = m->channel;
                one.sources = m->sources;
            }
        }
        if (mass == 0)
            continue;
        one.score = like_weighed(like_contribution(mass, y, c.rarity), t, scale);
        sum += one.score;
        if (part != NULL && one.score > 0)
            part[n++] = one;
    }
    *score = sum;
    if (part != NULL)
        *parts = n;
    return CAU_OK;
}
