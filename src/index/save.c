#include "index/save_int.h"

#include "base/file.h"
#include "index/later_int.h"
#include "index/range_int.h"
#include "index/sound_int.h"
#include "index/wordlist_int.h"

#include <string.h>

#define BYTES_MAX ((size_t)1 << 40)
#define NO_SLOT   RANGE_NO_SLOT

/* A word with a bag. */
struct bagged {
    uint64_t bag;
    uint32_t term, cell;
};

enum { PART_SLICES = 8 };

/* The words of the living documents in some slots of a part, end to end, and where each ends. */
struct slice {
    size_t part;
    uint32_t from, end; /* slots */
    struct buf words, ends;
};

/* A segment while it is written. */
struct writing {
    const struct index *ix;
    size_t parts; /* of it */
    struct buf out, dictionary, blocks, heads;
    struct buf keys, terms; /* of the block at hand */
    struct buf bag, bag_term;
    uint32_t bag_at[BAG_CELLS + 1];
    struct buf bagged;                /* struct bagged, by ascending term */
    struct buf slot[LATER_PARTS_MAX]; /* uint32_t by old slot: the new one, or NO_SLOT */
    struct buf shape, value;          /* uint32_t by old number: 1 + the new one, or 0 */
    struct buf term[LATER_PARTS_MAX]; /* the same of terms */
    struct segment_header header;
    uint32_t written, block_keys; /* keys: in all, in the block at hand */
    struct term_key last;         /* key written last in the block */
    struct table forms; /* forms written -> number << TOKEN_GROUPS | groups of texts */
    struct sound_writer sounds;
    struct ranges ranges;
    uint64_t list_at; /* bytes of the lists of the terms so far */
    struct slice slice[LATER_PARTS_MAX * PART_SLICES];
    size_t slices;
    struct file_draft draft; /* of the file */
    size_t drafted;          /* bytes of out in it; its header is not the last one */
    enum cau_err draft_err;
    bool failed, odd; /* odd: the parts are to be made one first */
};

static void add32(struct buf *b, uint32_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static void add64(struct buf *b, uint64_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static uint32_t *numbers(const struct buf *b)
{
    return (void *)b->p;
}

/* The next section begins here, at a multiple of 8. */
static void begin(struct writing *w, enum segment_section section)
{
    buf_add_zeros(&w->out, (8 - w->out.len % 8) % 8);
    w->header.section[section] = w->out.len;
}

/* New numbers for the living slots: those of the segment first, in their old order. */
static void number_slots(struct writing *w)
{
    for (size_t part = 0; part < w->parts; part++) {
        const struct part *p = later_part(w->ix, part);
        for (uint32_t slot = 0; slot < p->n; slot++) {
            bool dead = part_is_dead(p, slot);
            add32(&w->slot[part], dead ? NO_SLOT : w->header.slots++);
        }
        w->failed = w->failed || w->slot[part].failed;
    }
}

/* New numbers for the shapes and values that living documents have, in the old order. */
static void number_facets(struct writing *w)
{
    const struct facets *f = &w->ix->facets;
    buf_add_zeros(&w->shape, facets_shapes(f) * sizeof(uint32_t));
    buf_add_zeros(&w->value, facets_values(f) * sizeof(uint32_t));
    w->failed = w->failed || w->shape.failed || w->value.failed;
    if (w->failed)
        return;
    uint32_t *shape = numbers(&w->shape), *value = numbers(&w->value);
    for (size_t part = 0; part < w->parts; part++) {
        const struct part *p = later_part(w->ix, part);
        for (uint32_t slot = 0; slot < p->n; slot++)
            if (!part_is_dead(p, slot))
                shape[p->shape[slot]] = 1;
    }
    for (uint32_t i = 0; i < facets_shapes(f); i++) {
        size_t n;
        const uint16_t *v = facets_of_shape(f, i, &n);
        if (shape[i] == 0)
            continue;
        shape[i] = ++w->header.shapes;
        for (size_t k = 0; k < n; k++)
            value[v[k]] = 1;
    }
    for (uint32_t i = 0; i < facets_values(f); i++)
        if (value[i] != 0)
            value[i] = ++w->header.values;
}

/* What a column holds of a living slot. */
static void write_column(struct writing *w, enum segment_section section, const struct part *p,
                         uint32_t slot)
{
    switch (section) {
    case SEGMENT_DOC:
        add32(&w->out, p->doc[slot]);
        break;
    case SEGMENT_SHAPE:
        add32(&w->out, numbers(&w->shape)[p->shape[slot]] - 1);
        break;
    case SEGMENT_OWNER:
        add32(&w->out, p->owner[slot]);
        break;
    case SEGMENT_UPDATED:
        add64(&w->out, (uint64_t)p->updated_ms[slot]);
        break;
    case SEGMENT_LENGTH:
        buf_add(&w->out, (struct str){(const char *)(p->length + (size_t)slot * TOKEN_GROUPS),
                                      TOKEN_GROUPS * sizeof(uint16_t)});
        break;
    case SEGMENT_TOKEN: {
        size_t n;
        const uint32_t *token = part_tokens(p, slot, &n);
        buf_add(&w->out, (struct str){(const char *)token, n * sizeof *token});
        break;
    }
    case SEGMENT_TEXT:
        buf_add(&w->out, part_text(p, slot));
        break;
    default:
        must(false);
    }
}

static void write_section(struct writing *w, enum segment_section section)
{
    begin(w, section);
    for (size_t part = 0; part < w->parts; part++) {
        const struct part *p = later_part(w->ix, part);
        for (uint32_t slot = 0; slot < p->n; slot++)
            if (numbers(&w->slot[part])[slot] != NO_SLOT)
                write_column(w, section, p, slot);
    }
}

/* Where the tokens and texts of each slot begin, and where the last ends. */
static void write_starts(struct writing *w, enum segment_section section)
{
    uint64_t at = 0;
    begin(w, section);
    for (size_t part = 0; part < w->parts; part++) {
        const struct part *p = later_part(w->ix, part);
        for (uint32_t slot = 0; slot < p->n; slot++) {
            if (numbers(&w->slot[part])[slot] == NO_SLOT)
                continue;
            size_t tokens;
            part_tokens(p, slot, &tokens);
            if (section == SEGMENT_TOKEN_AT)
                add32(&w->out, (uint32_t)at);
            else
                add64(&w->out, at);
            at += section == SEGMENT_TOKEN_AT ? tokens : part_text(p, slot).len;
        }
    }
    if (section == SEGMENT_TOKEN_AT)
        add32(&w->out, (uint32_t)at);
    else
        add64(&w->out, at);
    if (section == SEGMENT_TOKEN_AT && at > UINT32_MAX)
        w->out.failed = true; /* w->failed is the other thread's */
}

static void write_columns(struct writing *w)
{
    write_section(w, SEGMENT_DOC);
    write_section(w, SEGMENT_SHAPE);
    write_section(w, SEGMENT_OWNER);
    write_section(w, SEGMENT_UPDATED);
    write_section(w, SEGMENT_LENGTH);
    write_starts(w, SEGMENT_TOKEN_AT);
    write_section(w, SEGMENT_TOKEN);
    write_starts(w, SEGMENT_TEXT_AT);
    write_section(w, SEGMENT_TEXT);
}

static void write_values(struct writing *w)
{
    const struct facets *f = &w->ix->facets;
    const uint32_t *value = numbers(&w->value);
    uint32_t at = 0;
    begin(w, SEGMENT_VALUE_AT);
    for (uint32_t i = 0; i < facets_values(f); i++)
        if (value[i] != 0) {
            add32(&w->out, at);
            at += (uint32_t)facets_value(f, i).len;
        }
    add32(&w->out, at);
    begin(w, SEGMENT_VALUE_TEXT);
    for (uint32_t i = 0; i < facets_values(f); i++)
        if (value[i] != 0)
            buf_add(&w->out, facets_value(f, i));
    begin(w, SEGMENT_VALUE_COLUMN);
    for (uint32_t i = 0; i < facets_values(f); i++)
        if (value[i] != 0)
            buf_add_char(&w->out, (char)facets_column(f, i));
}

static void write_shapes(struct writing *w)
{
    const struct facets *f = &w->ix->facets;
    const uint32_t *shape = numbers(&w->shape);
    uint32_t at = 0;
    size_t n;
    begin(w, SEGMENT_SHAPE_AT);
    for (uint32_t i = 0; i < facets_shapes(f); i++)
        if (shape[i] != 0) {
            add32(&w->out, at);
            facets_of_shape(f, i, &n);
            at += (uint32_t)n;
        }
    add32(&w->out, at);
    begin(w, SEGMENT_SHAPE_VALUE);
    for (uint32_t i = 0; i < facets_shapes(f); i++) {
        const uint16_t *value = facets_of_shape(f, i, &n);
        for (size_t k = 0; shape[i] != 0 && k < n; k++) {
            uint16_t number = (uint16_t)(numbers(&w->value)[value[k]] - 1);
            buf_add(&w->out, (struct str){(const char *)&number, sizeof number});
        }
    }
    begin(w, SEGMENT_SHAPE_AUDIENCE);
    for (uint32_t i = 0; i < facets_shapes(f); i++)
        if (shape[i] != 0)
            buf_add_char(&w->out, (char)facets_audience(f, i));
}

/* The block's keys, then its terms. */
static void end_block(struct writing *w)
{
    range_number(&w->dictionary, w->keys.len);
    buf_add(&w->dictionary, buf_str(&w->keys));
    buf_add(&w->dictionary, buf_str(&w->terms));
    w->failed = w->failed || w->keys.failed || w->terms.failed;
    buf_reset(&w->keys);
    buf_reset(&w->terms);
    w->block_keys = 0;
}

static void write_key(struct writing *w, struct str key, size_t list_at)
{
    size_t shared = 0;
    if (w->block_keys == SEGMENT_BLOCK)
        end_block(w);
    if (w->block_keys == 0) {
        add64(&w->blocks, w->dictionary.len);
        add64(&w->blocks, list_at);
        add64(&w->heads, segment_head(key));
        w->header.blocks++;
    } else {
        while (shared < key.len && shared < w->last.len && key.p[shared] == w->last.p[shared])
            shared++;
    }
    range_number(&w->keys, shared);
    range_number(&w->keys, key.len - shared);
    buf_add(&w->keys, str_from(key, shared));
    memcpy(w->last.p, key.p, key.len);
    w->last.len = key.len;
    w->written++;
    w->block_keys++;
}

/* By cell, and in each as they come. */
static void make_bags(struct writing *w)
{
    const struct bagged *b = (const void *)w->bagged.p;
    size_t n = w->bagged.len / sizeof *b;
    uint32_t *at = w->bag_at, next[BAG_CELLS];
    for (size_t i = 0; i < n; i++)
        at[b[i].cell + 1]++;
    for (size_t cell = 0; cell < BAG_CELLS; cell++) {
        at[cell + 1] += at[cell];
        next[cell] = at[cell];
    }
    uint64_t *bags = (void *)buf_extend(&w->bag, n * sizeof *bags);
    uint32_t *terms = (void *)buf_extend(&w->bag_term, n * sizeof *terms);
    for (size_t i = 0; i < n && bags != NULL && terms != NULL; i++) {
        uint32_t place = next[b[i].cell]++;
        bags[place] = b[i].bag;
        terms[place] = b[i].term;
    }
    w->failed = w->failed || bags == NULL || terms == NULL || w->bagged.failed;
}

static void add_bags(struct writing *w)
{
    begin(w, SEGMENT_BAG_AT);
    buf_add(&w->out, (struct str){(const char *)w->bag_at, sizeof w->bag_at});
    begin(w, SEGMENT_BAG);
    buf_add(&w->out, buf_str(&w->bag));
    begin(w, SEGMENT_BAG_TERM);
    buf_add(&w->out, buf_str(&w->bag_term));
}

static void add_sounds(struct writing *w)
{
    begin(w, SEGMENT_SOUND_AT);
    w->failed = !sound_end(&w->sounds, &w->out) || w->failed;
    begin(w, SEGMENT_SOUND);
    buf_add(&w->out, buf_str(&w->sounds.record));
}

static void take_term(struct writing *w, const struct range *r, const struct range_term *t,
                      const uint32_t *number_in, struct str said)
{
    struct str key = {r->keys.p + t->key_at, t->key_len};
    unsigned groups = t->groups;
    uint32_t none;
    if (key.p[0] == TERM_SOUND) {
        struct str form = key, sound = str_next(&form, '\t');
        uint32_t number = table_get(&w->forms, form, 0);
        groups = number & ((1u << TOKEN_GROUPS) - 1);
        if (groups == 0)
            return; /* its form stood only in what was taken out */
        sound_add(&w->sounds, str_from(sound, 1), said, number >> TOKEN_GROUPS, groups);
    }
    if (key.p[0] == TERM_FORM &&
        (w->written >> (32 - TOKEN_GROUPS) != 0 ||
         table_intern(&w->forms, str_from(key, 1), w->written << TOKEN_GROUPS | groups, &none,
                      NULL) != CAU_OK))
        w->failed = true;
    struct bagged b = {t->bag, w->written, t->cell};
    if (t->cell < BAG_CELLS)
        buf_add(&w->bagged, (struct str){(const char *)&b, sizeof b});
    write_key(w, key, w->list_at);
    for (size_t part = 0; part < w->parts; part++)
        if (number_in[part] != 0)
            numbers(&w->term[part])[number_in[part] - 1] = w->written;
    if (key.p[0] == TERM_SOUND) { /* no postings, no bytes of them, no share, no counts */
        const char bytes[] = {0, 0, (char)(groups << TOKEN_GROUPS),
                              (char)posting_share_code(1)};
        buf_add(&w->terms, (struct str){bytes, sizeof bytes});
    } else {
        buf_add(&w->terms, said);
    }
    w->list_at += t->list_len;
}

/* What take_term looks up for a term soon to come. */
static void fetch_form(const struct writing *w, const struct range *r,
                       const struct range_term *t)
{
    struct str form = {r->keys.p + t->key_at, t->key_len};
    if (form.p[0] == TERM_SOUND)
        str_next(&form, '\t');
    else if (form.p[0] == TERM_FORM)
        form = str_from(form, 1);
    else
        return;
    table_fetch(&w->forms, form);
}

static void take_range(struct writing *w, const struct range *r)
{
    enum { AHEAD = 8 };
    const struct range_term *t = (const void *)r->term.p;
    const uint32_t *number = (const void *)r->number.p;
    size_t n = r->term.len / sizeof *t, said = 0;
    w->failed = w->failed || r->failed;
    w->odd = w->odd || r->odd;
    for (size_t i = 0; i < n && !w->failed; i++) {
        if (n - i > AHEAD)
            fetch_form(w, r, &t[i + AHEAD]);
        take_term(w, r, &t[i], number + i * w->parts,
                  (struct str){r->said.p + said, t[i].said_len});
        said += t[i].said_len;
    }
}

static void write_dictionary(struct writing *w)
{
    buf_add_zeros(&w->term[INDEX_SEGMENT],
                  (size_t)w->ix->segment.header.blocks * SEGMENT_BLOCK * sizeof(uint32_t));
    buf_add_zeros(&w->term[INDEX_FRESH], fresh_terms(&w->ix->fresh) * sizeof(uint32_t));
    for (size_t i = 0; i < w->ix->later->n; i++)
        buf_add_zeros(&w->term[INDEX_PARTS + i],
                      fresh_terms(&w->ix->later->part[i]) * sizeof(uint32_t));
    for (size_t part = 0; part < w->parts; part++)
        w->failed = w->failed || w->term[part].failed;
    for (size_t i = 0; i < w->ranges.n && !w->failed; i++)
        take_range(w, &w->ranges.range[i]);
    if (w->block_keys > 0)
        end_block(w);
    add64(&w->blocks, w->dictionary.len);
    add64(&w->blocks, w->list_at);
}

static void add_dictionary(struct writing *w)
{
    begin(w, SEGMENT_BLOCKS);
    buf_add(&w->out, buf_str(&w->blocks));
    begin(w, SEGMENT_HEADS);
    buf_add(&w->out, buf_str(&w->heads));
    begin(w, SEGMENT_DICTIONARY);
    buf_add(&w->out, buf_str(&w->dictionary));
    begin(w, SEGMENT_LISTS);
    for (size_t i = 0; i < w->ranges.n; i++)
        buf_add(&w->out, buf_str(&w->ranges.range[i].lists));
    w->failed = w->failed || w->blocks.failed || w->heads.failed || w->dictionary.failed;
}

/* The words of a slot with the new numbers of their terms. */
static void write_words(const struct writing *w, struct slice *s, uint32_t slot)
{
    struct wordlist_walk walk;
    struct wordlist_word word;
    const uint32_t *term = numbers(&w->term[s->part]);
    size_t terms = w->term[s->part].len / sizeof *term;
    uint32_t end = 0;
    bool begins = false; /* a first word that is gone hands it on */
    wordlist_start(&walk, part_words(later_part(w->ix, s->part), slot));
    while (wordlist_next(&walk, &word)) {
        begins = begins || word.begins;
        if (word.term >= terms || term[word.term] == 0)
            continue; /* only in a damaged file */
        word.term = term[word.term] - 1;
        word.begins = begins;
        begins = false;
        wordlist_put(&s->words, &word, end);
        end = word.at + word.len;
    }
}

static void write_slice(const struct writing *w, struct slice *s)
{
    for (uint32_t slot = s->from; slot < s->end; slot++)
        if (numbers(&w->slot[s->part])[slot] != NO_SLOT) {
            write_words(w, s, slot);
            add64(&s->ends, s->words.len);
        }
}

/* The slots of each part in runs of about as many. */
static void cut_slices(struct writing *w)
{
    for (size_t part = 0; part < w->parts; part++) {
        uint32_t n = later_part(w->ix, part)->n;
        for (uint64_t i = 0; i < PART_SLICES; i++)
            w->slice[w->slices++] = (struct slice){.part = part,
                                                   .from = (uint32_t)(n * i / PART_SLICES),
                                                   .end = (uint32_t)(n * (i + 1) / PART_SLICES),
                                                   .words = buf_new_large(BYTES_MAX),
                                                   .ends = buf_new_large(BYTES_MAX)};
    }
}

static void add_wordlists(struct writing *w)
{
    uint64_t at = 0;
    begin(w, SEGMENT_WORD_AT);
    add64(&w->out, at);
    for (size_t i = 0; i < w->slices; i++) {
        const struct slice *s = &w->slice[i];
        const uint64_t *end = (const void *)s->ends.p;
        for (size_t k = 0; k < s->ends.len / sizeof *end; k++)
            add64(&w->out, at + end[k]);
        at += s->words.len;
        w->failed = w->failed || s->words.failed || s->ends.failed;
    }
    begin(w, SEGMENT_WORD);
    for (size_t i = 0; i < w->slices; i++)
        buf_add(&w->out, buf_str(&w->slice[i].words));
}

/* What out got since the last time goes into the file, while others make what comes behind it. */
static void draft_out(struct writing *w)
{
    if (w->draft_err == CAU_OK && !w->out.failed)
        w->draft_err =
            file_draft_write(&w->draft, w->drafted, str_from(buf_str(&w->out), w->drafted));
    w->drafted = w->out.len;
}

/* The first sections, and the dictionary: neither needs the other. */
static void make_half(void *writing, size_t i)
{
    struct writing *w = writing;
    if (i == 0) {
        write_dictionary(w);
        return;
    }
    write_columns(w);
    write_values(w);
    write_shapes(w);
    draft_out(w);
}

/* What needs the numbers of the terms, and the file. */
enum { REST_DRAFT, REST_BAGS, REST_SLICES };
static void make_rest(void *writing, size_t i)
{
    struct writing *w = writing;
    if (i == REST_DRAFT)
        draft_out(w);
    else if (i == REST_BAGS)
        make_bags(w);
    else
        write_slice(w, &w->slice[i - REST_SLICES]);
}

static void make_sections(struct writing *w)
{
    const uint32_t *slot[LATER_PARTS_MAX];
    for (size_t part = 0; part < w->parts; part++)
        slot[part] = numbers(&w->slot[part]);
    ranges_open(&w->ranges, w->ix, slot);
    sync_share(ranges_fill, &w->ranges, w->ranges.n);
    sync_share(make_half, w, 2);
    w->failed = w->failed || w->out.failed;
    if (w->failed || w->odd)
        return;
    add_dictionary(w);
    cut_slices(w);
    sync_share(make_rest, w, w->slices + REST_SLICES);
    if (w->failed)
        return;
    add_wordlists(w);
    add_bags(w);
    add_sounds(w);
}

static void write_all(struct writing *w, uint64_t analyser, uint64_t position)
{
    struct segment_header *h = &w->header;
    buf_add_zeros(&w->out, sizeof *h);
    number_slots(w);
    number_facets(w);
    if (w->failed)
        return;
    make_sections(w);
    w->failed = w->failed || w->out.failed;
    if (w->failed || w->odd)
        return;
    memcpy(h->magic, SEGMENT_MAGIC, sizeof h->magic);
    h->analyser = analyser;
    h->position = position;
    h->bytes = w->out.len;
    memcpy(h->public_length, w->ix->public_length, sizeof h->public_length);
    memcpy(w->out.p, h, sizeof *h);
    h->checksum = segment_checksum(str_from(buf_str(&w->out), SEGMENT_SUMMED));
    memcpy(w->out.p, h, sizeof *h);
    draft_out(w);
    if (w->draft_err == CAU_OK)
        w->draft_err = file_draft_write(&w->draft, 0, str_to(buf_str(&w->out), sizeof *h));
}

/* The file takes its place, or is dropped. */
static enum cau_err end_draft(struct writing *w)
{
    enum cau_err err = w->failed ? CAU_ERR_MEMORY : w->odd ? CAU_ERR_BUSY : w->draft_err;
    if (err == CAU_OK)
        return file_draft_swap(&w->draft); /* its checksum tells of a torn one: 0009 */
    file_draft_drop(&w->draft);
    return err;
}

/* Errors: BUSY: the parts are to be made one first. */
static enum cau_err write_file(const struct index *ix, uint64_t analyser, uint64_t position)
{
    struct writing w = {
        .ix = ix, .parts = later_parts(ix), .forms = table_new(), .sounds = sound_writer_new()};
    struct buf *all[] = {&w.out, &w.dictionary, &w.blocks, &w.heads, &w.keys,  &w.terms,
                         &w.bag, &w.bag_term,   &w.shape,  &w.value, &w.bagged};
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = buf_new_large(BYTES_MAX);
    for (size_t i = 0; i < w.parts; i++)
        w.slot[i] = w.term[i] = buf_new_large(BYTES_MAX);
    enum cau_err err = file_draft_open(&w.draft, ix->path, 0600);
    if (err == CAU_OK) {
        write_all(&w, analyser, position);
        err = end_draft(&w);
    }
    for (size_t i = 0; i < countof(all); i++)
        buf_free(all[i]);
    for (size_t i = 0; i < w.parts; i++) {
        buf_free(&w.slot[i]);
        buf_free(&w.term[i]);
    }
    table_free(&w.forms);
    sound_writer_free(&w.sounds);
    ranges_close(&w.ranges);
    for (size_t i = 0; i < w.slices; i++) {
        buf_free(&w.slice[i].words);
        buf_free(&w.slice[i].ends);
    }
    return err;
}

/* What is read from a file, until it takes the place of what there was. */
struct loaded {
    struct segment segment;
    struct facets facets;
    struct buf place;
};

static void drop(struct loaded *l)
{
    facets_free(&l->facets);
    buf_free(&l->place);
    segment_close(&l->segment);
    file_unmap(l->segment.map);
}

/* Where each document is; none may be there twice. */
static enum cau_err find_places(struct loaded *l)
{
    const struct part *p = &l->segment.part;
    uint32_t most = 0;
    for (uint32_t slot = 0; slot < p->n; slot++)
        most = p->doc[slot] >= most ? p->doc[slot] + 1 : most;
    buf_add_zeros(&l->place, most * sizeof(uint32_t));
    if (l->place.failed)
        return CAU_ERR_MEMORY;
    uint32_t *place = numbers(&l->place);
    for (uint32_t slot = 0; slot < p->n; slot++) {
        if (place[p->doc[slot]] != 0)
            return CAU_ERR_CORRUPT;
        place[p->doc[slot]] = slot + 1;
    }
    return CAU_OK;
}

static enum cau_err load(const char *path, uint64_t analyser, struct loaded *out)
{
    struct loaded l = {.facets = facets_new(),
                       .place = buf_new((size_t)INDEX_DOC_MAX * sizeof(uint32_t))};
    struct str map;
    enum cau_err err = file_map(path, &map);
    if (err != CAU_OK)
        return err;
    err = segment_open(map, analyser, &l.segment, &l.facets);
    if (err == CAU_OK)
        err = find_places(&l);
    l.segment.map = map;
    if (err == CAU_OK) {
        file_unload(map); /* checking it has read all of it */
        *out = l;
    } else {
        drop(&l);
    }
    return err;
}

/* What was loaded takes the place of all there was. */
static void take_over(struct index *ix, struct loaded *l)
{
    struct fresh empty = fresh_new();
    sync_write_begin(ix->lock);
    struct loaded old = {ix->segment, ix->facets, ix->place};
    struct fresh fresh = ix->fresh; /* only now: a reader may have made parts one */
    ix->segment = l->segment;
    ix->facets = l->facets;
    ix->place = l->place;
    ix->fresh = empty;
    later_drop(ix);
    ix->count = l->segment.part.n;
    memcpy(ix->public_length, l->segment.header.public_length, sizeof ix->public_length);
    ix->position = l->segment.header.position;
    ix->changed = false;
    ix->generation++;
    sync_done(ix->lock);
    drop(&old);
    fresh_free(&fresh);
}

enum cau_err save_load(struct index *ix, uint64_t analyser)
{
    struct loaded l;
    enum cau_err err = load(ix->path, analyser, &l);
    if (err == CAU_OK)
        take_over(ix, &l);
    return err;
}

static enum cau_err join_and_write(struct index *ix, uint64_t analyser, uint64_t position)
{
    sync_write_begin(ix->lock);
    enum cau_err err = later_join(ix);
    if (ix->fresh.failed) /* a search may have made them one, and memory ended there */
        err = CAU_ERR_MEMORY;
    sync_done(ix->lock);
    return err == CAU_OK ? write_file(ix, analyser, position) : err;
}

/* Parts that are to come are written as they are; while that lasts nobody makes them one. */
static enum cau_err write_parts(struct index *ix, uint64_t analyser, uint64_t position)
{
    sync_read_begin(ix->lock);
    bool apart = ix->later->n > 0 && !ix->fresh.failed;
    enum cau_err err = apart ? write_file(ix, analyser, position) : CAU_ERR_BUSY;
    sync_done(ix->lock);
    return err == CAU_ERR_BUSY ? join_and_write(ix, analyser, position) : err;
}

enum cau_err save_write(struct index *ix, uint64_t analyser, uint64_t position)
{
    if (ix->fresh.failed) /* some of it may be missing */
        return CAU_ERR_MEMORY;
    if (!ix->changed && ix->segment.map.len > 0 && ix->position == position)
        return CAU_OK;
    enum cau_err err = write_parts(ix, analyser, position);
    if (err != CAU_OK)
        return err == CAU_ERR_FULL || err == CAU_ERR_MEMORY ? err : CAU_ERR_IO;
    err = save_load(ix, analyser);
    return err == CAU_OK || err == CAU_ERR_MEMORY ? err : CAU_ERR_IO;
}
