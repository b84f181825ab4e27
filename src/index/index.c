#include "index/index_int.h"

#include "base/file.h"
#include "base/utf8.h"
#include "index/gather_int.h"
#include "index/later_int.h"
#include "index/like_int.h"
#include "index/reason_int.h"
#include "index/save_int.h"
#include "index/stored_int.h"
#include "language/analysis.h"
#include "language/bare.h"

#include <string.h>

enum { PATH_BYTES_MAX = 4096, STEMS_KEPT_MAX = 16 };
#define ANALYSER_VERSION                                                                       \
    5 /* of the rules that make terms; a file of another version is made anew */

/* Made by the first search that asks; searches only read ix. */
struct index_glossary {
    struct sync_mutex lock;
    struct glossary *glossary;
    struct concepts *concepts;
    struct like *like[LIKE_KEPT_MAX];
    struct bare_words *bare;
    struct stem *stem[STEMS_KEPT_MAX];
};

enum cau_err index_bare_words(const struct index *ix, const struct bare_words **out)
{
    enum cau_err err = CAU_OK;
    sync_lock(&ix->glossary->lock);
    if (ix->glossary->bare == NULL && ix->lexicon != NULL)
        err = bare_words_open(ix->lexicon, &ix->glossary->bare);
    *out = ix->glossary->bare;
    sync_unlock(&ix->glossary->lock);
    return err;
}

/* What was worked out for another state of the index goes: it may hold words of what was erased. */
static void drop_stale(const struct index *ix)
{
    struct like *stale[LIKE_KEPT_MAX] = {NULL};
    sync_lock(&ix->glossary->lock);
    for (size_t i = 0; i < LIKE_KEPT_MAX; i++) {
        struct like **kept = &ix->glossary->like[i];
        if (*kept != NULL && (*kept)->generation != ix->generation) {
            stale[i] = *kept;
            *kept = NULL;
        }
    }
    sync_unlock(&ix->glossary->lock);
    for (size_t i = 0; i < LIKE_KEPT_MAX; i++)
        like_drop(stale[i]);
}

struct like *index_take_like(const struct index *ix)
{
    struct like *like = NULL;
    drop_stale(ix);
    sync_lock(&ix->glossary->lock);
    for (size_t i = 0; i < LIKE_KEPT_MAX && like == NULL; i++) {
        like = ix->glossary->like[i];
        ix->glossary->like[i] = NULL;
    }
    sync_unlock(&ix->glossary->lock);
    return like;
}

bool index_give_like(const struct index *ix, struct like *like)
{
    bool taken = false;
    sync_lock(&ix->glossary->lock);
    for (size_t i = 0; i < LIKE_KEPT_MAX && !taken; i++) {
        taken = ix->glossary->like[i] == NULL;
        if (taken)
            ix->glossary->like[i] = like;
    }
    sync_unlock(&ix->glossary->lock);
    return taken;
}

enum cau_err index_take_stem(const struct index *ix, struct stem **out)
{
    struct stem *stem = NULL;
    sync_lock(&ix->glossary->lock);
    for (size_t i = 0; i < STEMS_KEPT_MAX && stem == NULL; i++) {
        stem = ix->glossary->stem[i];
        ix->glossary->stem[i] = NULL;
    }
    sync_unlock(&ix->glossary->lock);
    *out = stem;
    return stem == NULL ? stem_open(out) : CAU_OK;
}

void index_give_stem(const struct index *ix, struct stem *stem)
{
    sync_lock(&ix->glossary->lock);
    for (size_t i = 0; i < STEMS_KEPT_MAX && stem != NULL; i++)
        if (ix->glossary->stem[i] == NULL) {
            ix->glossary->stem[i] = stem;
            stem = NULL;
        }
    sync_unlock(&ix->glossary->lock);
    stem_close(stem);
}

enum cau_err index_concepts(const struct index *ix, const struct concepts **out)
{
    struct index_glossary *g = ix->glossary;
    enum cau_err err = CAU_OK;
    *out = NULL;
    sync_lock(&g->lock);
    if (g->glossary == NULL)
        err = glossary_open_own(&g->glossary);
    if (err == CAU_OK && g->concepts == NULL)
        err = concepts_open(g->glossary, ix->compounds, &g->concepts);
    *out = g->concepts;
    sync_unlock(&g->lock);
    return err;
}

static uint64_t analyser_of(const struct index *ix)
{
    return ANALYSER_VERSION + (compound_version(ix->compounds) << 8);
}

/* size bytes of zeros that buf_drop gives back; NULL when there are none. */
static void *room_for(size_t size)
{
    struct buf b = buf_new(size);
    buf_add_zeros(&b, size);
    return b.p;
}

static enum cau_err make(const char *dir, struct index **out)
{
    static const char name[] = "/search.idx";
    struct index *ix = room_for(sizeof *ix);
    if (ix == NULL)
        return CAU_ERR_MEMORY;
    struct buf path = buf_new(PATH_BYTES_MAX);
    buf_add_word(&path, dir);
    buf_add(&path, (struct str){name, sizeof name}); /* with the NUL */
    ix->path = path.p;
    ix->lock = room_for(sizeof *ix->lock);
    ix->glossary = room_for(sizeof *ix->glossary);
    ix->later = room_for(sizeof *ix->later);
    if (path.failed || ix->lock == NULL || ix->glossary == NULL || ix->later == NULL) {
        buf_free(&path);
        buf_drop(ix->later);
        buf_drop(ix->lock);
        buf_drop(ix->glossary);
        buf_drop(ix);
        return path.failed ? CAU_ERR_IO : CAU_ERR_MEMORY;
    }
    sync_readers_init(ix->lock);
    ix->glossary->lock = (struct sync_mutex)SYNC_MUTEX;
    ix->later->index = ix;
    ix->fresh = fresh_new();
    ix->facets = facets_new();
    ix->place = buf_new((size_t)INDEX_DOC_MAX * sizeof(uint32_t));
    ix->stored = buf_new(INDEX_DOC_BYTES_MAX * 2);
    enum cau_err err = stem_open(&ix->stem);
    if (err == CAU_OK)
        *out = ix;
    else
        index_close(ix);
    return err;
}

enum cau_err index_open(const char *dir, struct index **out, bool *rebuilt)
{
    struct index *ix;
    enum cau_err err = file_make_folder(dir, 0700);
    if (err == CAU_OK)
        err = make(dir, &ix);
    if (err != CAU_OK)
        return err;
    err = compound_open_own(&ix->compounds); /* an empty one has an analyser too */
    if (err == CAU_OK)
        err = file_exists(ix->path) ? save_load(ix, analyser_of(ix)) : CAU_ERR_UNKNOWN;
    if (err != CAU_OK && err != CAU_ERR_UNKNOWN && err != CAU_ERR_CORRUPT) {
        index_close(ix);
        return err;
    }
    *rebuilt = err != CAU_OK;
    *out = ix;
    return CAU_OK;
}

void index_close(struct index *ix)
{
    if (ix == NULL)
        return;
    segment_close(&ix->segment);
    file_unmap(ix->segment.map);
    fresh_free(&ix->fresh);
    later_drop(ix);
    buf_drop(ix->later);
    facets_free(&ix->facets);
    buf_free(&ix->place);
    buf_free(&ix->stored);
    for (size_t i = 0; i < LIKE_KEPT_MAX; i++)
        like_drop(ix->glossary->like[i]);
    for (size_t i = 0; i < STEMS_KEPT_MAX; i++)
        stem_close(ix->glossary->stem[i]);
    bare_words_close(ix->glossary->bare);
    concepts_close(ix->glossary->concepts);
    glossary_close(ix->glossary->glossary);
    buf_drop(ix->glossary);
    compound_close(ix->compounds);
    stem_close(ix->stem);
    sync_readers_end(ix->lock);
    buf_drop(ix->lock);
    buf_drop(ix->path);
    buf_drop(ix);
}

uint64_t index_analyser(const struct index *ix)
{
    return analysis_version(ix->compounds);
}

void index_set_lexicon(struct index *ix, const struct lexicon *lexicon)
{
    sync_write_begin(ix->lock);
    ix->lexicon = lexicon;
    ix->generation++;
    bare_words_close(ix->glossary->bare); /* no search is under way that may ask for it */
    ix->glossary->bare = NULL;
    sync_done(ix->lock);
}

uint64_t index_position(const struct index *ix)
{
    return ix->position;
}

uint32_t index_count(const struct index *ix)
{
    return ix->count;
}

enum cau_err index_check_doc(const struct index_doc *doc)
{
    size_t bytes = 0;
    if (doc->doc >= INDEX_DOC_MAX || doc->audience > INDEX_AUDIENCE_MAX ||
        doc->text_count > INDEX_TEXTS_MAX || doc->value_count > INDEX_VALUES_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < doc->text_count; i++) {
        const struct index_text *t = &doc->text[i];
        bytes += t->text.len;
        if (t->weight < 1 || t->weight > INDEX_WEIGHT_MAX ||
            t->text.len > INDEX_TEXT_BYTES_MAX || bytes > INDEX_DOC_BYTES_MAX)
            return CAU_ERR_RANGE;
        if (!utf8_valid(t->text))
            return CAU_ERR_SYNTAX;
    }
    for (size_t i = 0; i < doc->value_count; i++)
        if (doc->value[i].column >= INDEX_COLUMNS || doc->value[i].value.len == 0 ||
            doc->value[i].value.len > INDEX_VALUE_BYTES_MAX)
            return CAU_ERR_RANGE;
    return CAU_OK;
}

/* Where a document is: 0 nowhere, else 1 + slot with PLACE_FRESH. */
static uint32_t place_of(const struct index *ix, uint32_t doc)
{
    const uint32_t *place = (const void *)ix->place.p;
    return doc < ix->place.len / sizeof *place ? place[doc] : 0;
}

/* Takes the document out. The lock is held. */
static void take_out(struct index *ix, uint32_t doc)
{
    uint32_t place = place_of(ix, doc);
    if (place == 0)
        return;
    bool is_fresh = (place & PLACE_FRESH) != 0;
    uint32_t slot = (place & ~PLACE_FRESH) - 1;
    const struct part *p = index_part(ix, is_fresh ? INDEX_FRESH : INDEX_SEGMENT);
    if (facets_audience(&ix->facets, p->shape[slot]) == 0) {
        struct fresh_tools tools = {ix->stem, ix->compounds};
        uint32_t length[TOKEN_GROUPS];
        fresh_uncount(&ix->fresh, &tools, part_text(p, slot), length);
        for (size_t g = 0; g < TOKEN_GROUPS; g++)
            ix->public_length[g] -= length[g];
    }
    if (is_fresh)
        fresh_kill(&ix->fresh, slot);
    else
        segment_kill(&ix->segment, slot);
    ((uint32_t *)(void *)ix->place.p)[doc] = 0;
    ix->count--;
    ix->changed = true;
    ix->generation++;
}

enum cau_err index_make_place(struct index *ix, uint32_t doc)
{
    size_t have = ix->place.len / sizeof(uint32_t);
    if (doc >= have) /* a little ahead: documents come in rising numbers */
        buf_add_zeros(&ix->place, (doc + 1 - have) * sizeof(uint32_t));
    return ix->place.failed ? CAU_ERR_MEMORY : CAU_OK;
}

void index_take_place(struct index *ix, const struct index_doc *doc, uint32_t slot,
                      const uint32_t length[TOKEN_GROUPS])
{
    take_out(ix, doc->doc);
    for (size_t g = 0; g < TOKEN_GROUPS && doc->audience == 0; g++)
        ix->public_length[g] += length[g];
    ((uint32_t *)(void *)ix->place.p)[doc->doc] = (slot + 1) | PLACE_FRESH;
    ix->count++;
    ix->changed = true;
    ix->generation++;
}

static enum cau_err put(struct index *ix, const struct index_doc *doc)
{
    struct fresh_tools tools = {ix->stem, ix->compounds};
    uint32_t shape, slot, length[TOKEN_GROUPS];
    enum cau_err err = later_join(ix);
    if (err == CAU_OK)
        err = index_make_place(ix, doc->doc);
    if (err == CAU_OK)
        err = facets_intern(&ix->facets, doc, &shape);
    if (err == CAU_OK)
        err = fresh_put(&ix->fresh, &tools, doc, shape, buf_str(&ix->stored), &slot, length);
    if (err == CAU_OK)
        index_take_place(ix, doc, slot, length);
    return err;
}

enum cau_err index_put(struct index *ix, const struct index_doc *doc)
{
    enum cau_err err = index_check_doc(doc);
    if (err != CAU_OK)
        return err;
    buf_reset(&ix->stored);
    stored_write(&ix->stored, doc);
    if (ix->stored.failed)
        return CAU_ERR_MEMORY;
    sync_write_begin(ix->lock);
    err = put(ix, doc);
    ix->generation += err != CAU_OK; /* what was kept of texts in memory may have moved */
    sync_done(ix->lock);
    return err;
}

bool index_wants_save(const struct index *ix)
{
    sync_read_begin(ix->lock); /* a search may be making parts one */
    size_t bytes = later_lists(ix);
    sync_done(ix->lock);
    return bytes / 3 >= ix->fresh.lists.max / 4;
}

void index_remove(struct index *ix, uint32_t doc)
{
    if (place_of(ix, doc) == 0)
        return;
    sync_write_begin(ix->lock);
    (void)later_join(ix); /* it may take the document out by itself; the next save says so */
    take_out(ix, doc);
    sync_done(ix->lock);
}

static enum cau_err check_query(const struct index_query *query)
{
    if (query->limit > INDEX_HITS_MAX || query->offset > INDEX_DOC_MAX ||
        query->filter_count > INDEX_FILTERS_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < query->filter_count; i++)
        if (query->filter[i].column >= INDEX_COLUMNS)
            return CAU_ERR_RANGE;
    return utf8_valid(query->text) ? CAU_OK : CAU_ERR_SYNTAX;
}

/* At most INDEX_QUERY_BYTES_MAX, cut where a word ends. */
static struct str clip(struct str text, bool *cut)
{
    *cut = text.len > INDEX_QUERY_BYTES_MAX;
    if (!*cut)
        return text;
    size_t n = INDEX_QUERY_BYTES_MAX;
    while (n > 0 && text.p[n] != ' ')
        n--;
    if (n == 0) /* one long run: at a character */
        for (n = INDEX_QUERY_BYTES_MAX; ((unsigned char)text.p[n] & 0xC0) == 0x80;)
            n--;
    return str_to(text, n);
}

static enum cau_err explain(const struct index *ix, struct arena *a, const struct plan *plan,
                            const struct gather_result *found, struct index_hit *hit)
{
    struct reasons *reasons;
    enum cau_err err = reasons_open(a, ix, plan, &reasons);
    if (err != CAU_OK)
        return err;
    for (size_t i = 0; i < found->hits && err == CAU_OK; i++)
        err = reasons_of(reasons, &found->hit[i], &hit[i].reason, &hit[i].reason_count);
    reasons_close(reasons);
    return err;
}

/* Words that were found, but never together, may have been mistyped: once more, wider. */
static enum cau_err gather_wider(const struct index *ix, struct arena *a,
                                 const struct index_query *query, struct plan *plan,
                                 struct gather_result *found)
{
    enum cau_err err = gather(ix, a, query, plan, found);
    if (err != CAU_OK || found->total > 0 || !plan->all || plan->n == 0)
        return err;
    if (query->filter_count > 0) { /* are they only filtered away? */
        struct index_query bare = *query;
        struct gather_result any;
        bare.filter_count = bare.offset = bare.limit = 0;
        bare.facets = false;
        err = gather(ix, a, &bare, plan, &any);
        if (err != CAU_OK || any.total > 0)
            return err;
    }
    err = expand_widen(ix, a, query, plan);
    return err == CAU_OK && plan->widened ? gather(ix, a, query, plan, found) : err;
}

static enum cau_err search(const struct index *ix, struct arena *a,
                           const struct index_query *query, struct str text,
                           struct index_result *out)
{
    struct plan plan = {.cut = out->cut};
    struct gather_result found = {0};
    enum cau_err err = expand(ix, a, query, text, &plan);
    bool nothing = err == CAU_OK && plan.n == 0 && str_trim(text).len > 0; /* only signs */
    if (err == CAU_OK && !nothing)
        err = gather_wider(ix, a, query, &plan, &found);
    if (err != CAU_OK)
        return err;
    struct index_hit *hit = arena_zero(a, found.hits * sizeof *hit);
    if (hit == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < found.hits; i++)
        hit[i] = (struct index_hit){.doc = found.hit[i].doc, .score = found.hit[i].score};
    if (query->explain && plan.n > 0)
        err = explain(ix, a, &plan, &found, hit);
    *out = (struct index_result){.total = found.total,
                                 .hit = hit,
                                 .hit_count = found.hits,
                                 .lang = query->lang.len > 0 ? query->lang
                                         : plan.told         ? lang_code(plan.lang)
                                                             : (struct str){NULL, 0},
                                 .cut = plan.cut};
    for (size_t c = 0; c < INDEX_COLUMNS; c++) {
        out->facet[c] = found.facet[c];
        out->facet_count[c] = found.facet_count[c];
    }
    return err;
}

enum cau_err index_search(const struct index *ix, struct arena *a,
                          const struct index_query *query, struct index_result *out)
{
    struct index_result result = {0};
    struct str text, composed;
    enum cau_err err = check_query(query);
    if (err != CAU_OK)
        return err;
    text = clip(query->text, &result.cut);
    err = utf8_nfc(a, text, &composed);
    if (err == CAU_OK)
        err = arena_copy(a, composed, &text);
    if (err != CAU_OK)
        return err;
    later_read_begin(ix);
    err = search(ix, a, query, text, &result);
    sync_done(ix->lock);
    if (err == CAU_OK)
        *out = result;
    return err;
}

enum cau_err index_save(struct index *ix, uint64_t position)
{
    enum cau_err err = save_write(ix, analyser_of(ix), position);
    sync_read_begin(ix->lock);
    drop_stale(ix);
    sync_done(ix->lock);
    return err;
}
