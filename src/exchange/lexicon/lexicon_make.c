#include "exchange/lexicon/lexicon_make.h"

#include "base/asset.h"
#include "base/file.h"
#include "exchange/lexicon/lexicon_make_int.h"

#include <string.h>

/* Reading is as long as this share of learning, as far as the bar knows. */
enum { READ_PERMILLE = 300, ALL_PERMILLE = 1000 };

struct making {
    struct arena *a;
    const struct lexicon_make *how;
    struct lexicon_build *build;
    struct lexicon_make_fault *fault;
    const struct manifest_source *source; /* NULL: the program's own */
    unsigned number, weight;
    struct buf seen; /* of the source: hashes of pairs, open addressing, at most half full */
    size_t seen_n;
};

struct str lexicon_make_manifest(void)
{
    const struct asset *file = asset_find(STR("dist/lexicon.manifest"));
    must(file != NULL);
    return file->bytes;
}

static void step(const struct making *m, uint64_t done)
{
    if (m->how->step != NULL)
        m->how->step(m->how->ctx, done, ALL_PERMILLE);
}

static uint64_t *slot_of(struct buf *seen, uint64_t hash)
{
    uint64_t *slot = (void *)seen->p;
    size_t mask = seen->len / sizeof *slot - 1, i = (size_t)hash & mask;
    while (slot[i] != 0 && slot[i] != hash)
        i = (i + 1) & mask;
    return &slot[i];
}

/* True the first time a pair comes within a source. Two pairs of one hash would only cost one of them. */
static enum cau_err is_new(struct making *m, const struct pairs_pair *p, bool *out)
{
    if ((m->seen_n + 1) * 2 * sizeof(uint64_t) > m->seen.len) {
        struct buf wide = buf_new(SIZE_MAX);
        buf_add_zeros(&wide, m->seen.len == 0 ? 65536 : m->seen.len * 2);
        if (wide.failed)
            return CAU_ERR_MEMORY;
        const uint64_t *old = (const void *)m->seen.p;
        for (size_t i = 0; i < m->seen.len / sizeof *old; i++)
            if (old[i] != 0)
                *slot_of(&wide, old[i]) = old[i];
        buf_free(&m->seen);
        m->seen = wide;
    }
    uint64_t hash =
        str_hash(p->x) * 0x9e3779b97f4a7c15u + str_hash(p->y) * 31 + p->x_lang * 4u + p->y_lang;
    uint64_t *slot = slot_of(&m->seen, hash | 1);
    *out = *slot == 0;
    m->seen_n += *out;
    *slot = hash | 1;
    return CAU_OK;
}

static enum cau_err put_pair(void *ctx, const struct pairs_pair *p)
{
    struct making *m = ctx;
    bool fresh;
    enum cau_err err = is_new(m, p, &fresh);
    return err == CAU_OK && fresh ? lexicon_build_pair(m->build, m->number, p->x_lang, p->x,
                                                       p->y_lang, p->y, m->weight)
                                  : err;
}

/* Says what is wrong with a file, or that it is passed over when its source is optional. */
static enum cau_err refuse(struct making *m, const char *path, const char *why, uint64_t line)
{
    struct lexicon_make_fault f = {.source = m->source->name,
                                   .file = str_of(path == NULL ? "" : path),
                                   .why = why,
                                   .line = line};
    if (m->source->optional && path != NULL) {
        if (m->how->passed != NULL)
            m->how->passed(m->how->ctx, &f);
        return CAU_OK;
    }
    *m->fault = f;
    return CAU_ERR_REFUSED;
}

/* A file, mapped and unpacked. */
struct part {
    struct str map, text;
    struct buf space;
};

static enum cau_err open_part(struct part *p, const char *path, const char **why)
{
    *p = (struct part){.space = buf_new(PAIRS_FILE_BYTES_MAX)};
    enum cau_err err = file_map(path, &p->map);
    if (err != CAU_OK) {
        *why = "missing";
        return CAU_ERR_REFUSED;
    }
    err = p->map.len > LEXICON_MAKE_PACKED_MAX ? CAU_ERR_RANGE
                                               : pairs_unpack(&p->space, p->map, &p->text);
    if (err == CAU_ERR_MEMORY)
        return err;
    *why = err == CAU_ERR_RANGE ? "file" : "gzip";
    return err == CAU_OK ? CAU_OK : CAU_ERR_REFUSED;
}

static void close_part(struct part *p)
{
    file_unmap(p->map);
    buf_free(&p->space);
}

static enum cau_err read_group(struct making *m, const struct lexicon_files *group)
{
    struct part part[PAIRS_PARTS_MAX];
    struct pairs_input in = {
        .reader = m->source->reader, .n = group->n, .columns = m->source->columns};
    const struct pairs_sink sink = {m, put_pair};
    struct pairs_fault fault = {0};
    const char *why = NULL;
    size_t n = 0;
    enum cau_err err = CAU_OK;
    while (n < group->n && err == CAU_OK) {
        err = open_part(&part[n], group->path[n], &why);
        in.text[n] = part[n].text;
        in.lang[n] = group->lang[n];
        n++;
    }
    if (err == CAU_ERR_REFUSED)
        err = refuse(m, group->path[n - 1], why, 0);
    else if (err == CAU_OK) {
        if (m->source->reader >= PAIRS_OVDP && m->source->reader <= PAIRS_DICTIONARY)
            memcpy(in.lang, m->source->lang, sizeof in.lang);
        err = pairs_read(&in, &sink, &fault);
        if (fault.why != PAIRS_GOOD)
            err = refuse(m, group->path[fault.part < n ? fault.part : 0],
                         pairs_why_name(fault.why), fault.line);
    }
    while (n > 0)
        close_part(&part[--n]);
    return err;
}

/* Digests of all files, each once, in the order they are read. */
static enum cau_err digest_files(struct making *m, const struct lexicon_files *group, size_t n,
                                 struct digest *out)
{
    struct buf all = buf_new((size_t)64 << 20);
    enum cau_err err = CAU_OK;
    size_t files = 0;
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        for (size_t k = 0; k < group[i].n && err == CAU_OK; k++) {
            struct str map;
            err = file_map(group[i].path[k], &map);
            if (err != CAU_OK) {
                err = refuse(m, group[i].path[k], "missing", 0);
                continue;
            }
            *out = digest_of(map);
            buf_add(&all, digest_str(out));
            file_unmap(map);
            files++;
        }
    if (all.failed)
        err = CAU_ERR_MEMORY;
    if (files != 1)
        *out = digest_of(buf_str(&all));
    buf_free(&all);
    return err;
}

static enum cau_err read_source(struct making *m, uint64_t from, uint64_t to)
{
    struct lexicon_files *group;
    struct lexicon_build_source added = {.name = m->source->name,
                                         .licence = m->source->licence};
    size_t n, before = m->a->used;
    step(m, from);
    enum cau_err err = lexicon_files_find(m->a, m->how->dir, m->source, &group, &n);
    if (err == CAU_ERR_RANGE)
        return refuse(m, NULL, "many_files", 0);
    if (err != CAU_OK)
        return err;
    if (n == 0)
        return m->source->optional ? CAU_OK : refuse(m, NULL, "missing", 0);
    err = digest_files(m, group, n, &added.hash);
    if (err == CAU_OK && m->source->hashed && !digest_equal(&added.hash, &m->source->hash))
        return refuse(m, NULL, "hash", 0);
    if (err == CAU_OK)
        err = lexicon_build_source(m->build, &added, &m->number);
    m->weight = m->source->weight;
    m->seen_n = 0;
    if (m->seen.len > 0)
        memset(m->seen.p, 0, m->seen.len);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        err = read_group(m, &group[i]);
        step(m, from + (to - from) * (i + 1) / n);
    }
    if (err != CAU_ERR_REFUSED) /* a fault names a path that lies there */
        m->a->used = before;
    return err;
}

/* What the program brings: the first sources of every lexicon. */
enum { OWN_GLOSSARY, OWN_WORDS, OWN_SOURCES };

static struct lexicon_build_source own_source(size_t i)
{
    bool glossary = i == OWN_GLOSSARY;
    return (struct lexicon_build_source){
        .name = glossary ? STR("Cầu glossary") : STR("Cầu words"),
        .licence = STR("Apache-2.0"),
        .hash = lexicon_own_digest(glossary ? "terms/" : "words/")};
}

static enum cau_err read_own(struct making *m)
{
    const struct lexicon_build_source glossary = own_source(OWN_GLOSSARY),
                                      words = own_source(OWN_WORDS);
    const struct pairs_sink sink = {m, put_pair};
    enum cau_err err = lexicon_build_source(m->build, &glossary, &m->number);
    if (err == CAU_OK)
        err = lexicon_own_glossary(m->build);
    if (err == CAU_OK)
        err = lexicon_build_source(m->build, &words, &m->number);
    m->weight = 2; /* texts of our own field */
    if (err == CAU_OK)
        err = lexicon_own_words(&sink);
    return err == CAU_OK ? lexicon_own_terms(m->build, m->how->node) : err;
}

static void learn_step(void *ctx, unsigned done_permille)
{
    step(ctx, READ_PERMILLE + (uint64_t)(ALL_PERMILLE - READ_PERMILLE) * done_permille / 1000);
}

static enum cau_err read_all(struct making *m)
{
    const struct manifest *list = m->how->manifest;
    enum cau_err err = read_own(m);
    for (size_t i = 0; i < list->n && err == CAU_OK; i++) {
        m->source = &list->source[i];
        err = read_source(m, i * READ_PERMILLE / list->n, (i + 1) * READ_PERMILLE / list->n);
    }
    return err;
}

enum cau_err lexicon_make(struct arena *a, const struct lexicon_make *how, const char *path,
                          struct lexicon_make_fault *fault)
{
    struct making m = {.a = a, .how = how, .fault = fault, .seen = buf_new(SIZE_MAX)};
    struct compound_list *compounds;
    enum cau_err err = compound_open_own(&compounds);
    if (err != CAU_OK)
        return err;
    err = lexicon_build_open(compounds, &m.build);
    if (err == CAU_OK)
        err = read_all(&m);
    buf_free(&m.seen);
    struct str file;
    const struct lexicon_progress progress = {.step = learn_step, .ctx = &m};
    if (err == CAU_OK)
        err = lexicon_build_finish(m.build, &progress, &file);
    if (err == CAU_OK && file.len > LEXICON_BYTES_MAX)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK)
        err = file_write(path, file, 0600);
    lexicon_build_close(m.build);
    compound_close(compounds);
    return err;
}

/* ---- what has changed since ---- */

/* The source of lexicon that the manifest brought under this name; their number when there is none. */
static size_t learnt_at(const struct lexicon *lexicon, struct str name)
{
    size_t i = OWN_SOURCES, n = lexicon_sources(lexicon);
    while (i < n && !str_equal(lexicon_source(lexicon, i).name, name))
        i++;
    return i;
}

/* NULL when the source is in the lexicon as the manifest has it, or not there and not asked for. */
static enum cau_err source_changed(struct arena *a, const struct lexicon_make *how,
                                   const struct manifest_source *s,
                                   const struct lexicon *lexicon, const char **why)
{
    struct lexicon_files *group;
    size_t at = learnt_at(lexicon, s->name), before = a->used, n = 0;
    *why = NULL;
    if (at < lexicon_sources(lexicon)) {
        struct digest hash = lexicon_source(lexicon, at).hash;
        *why = s->hashed && !digest_equal(&hash, &s->hash) ? "hash_changed" : NULL;
        return CAU_OK;
    }
    enum cau_err err = s->optional ? lexicon_files_find(a, how->dir, s, &group, &n) : CAU_OK;
    if (err == CAU_OK && (!s->optional || n > 0))
        *why = "added";
    a->used = before;
    return err;
}

static bool manifest_names(const struct manifest *m, struct str name)
{
    for (size_t i = 0; i < m->n; i++)
        if (str_equal(m->source[i].name, name))
            return true;
    return false;
}

enum cau_err lexicon_make_changed(struct arena *a, const struct lexicon_make *how,
                                  const struct lexicon *lexicon, struct lexicon_make_fault *out)
{
    enum cau_err err = CAU_OK;
    *out = (struct lexicon_make_fault){.why = NULL};
    for (size_t i = 0; i < OWN_SOURCES && out->why == NULL; i++) {
        struct lexicon_build_source own = own_source(i);
        struct digest hash = i < lexicon_sources(lexicon) ? lexicon_source(lexicon, i).hash
                                                          : (struct digest){{0}};
        *out = (struct lexicon_make_fault){
            .source = own.name, .why = digest_equal(&hash, &own.hash) ? NULL : "own_changed"};
    }
    for (size_t i = 0; i < how->manifest->n && err == CAU_OK && out->why == NULL; i++) {
        const struct manifest_source *s = &how->manifest->source[i];
        out->source = s->name;
        err = source_changed(a, how, s, lexicon, &out->why);
    }
    for (size_t i = OWN_SOURCES; i < lexicon_sources(lexicon) && out->why == NULL; i++) {
        out->source = lexicon_source(lexicon, i).name;
        out->why = str_is(out->source, LEXICON_MAKE_TERMS) ||
                           manifest_names(how->manifest, out->source)
                       ? NULL
                       : "withdrawn";
    }
    return err;
}
