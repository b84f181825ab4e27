/* What a lexicon learns from the program and the node: the glossary, terms of the node, words of the interface. */
#include "base/asset.h"
#include "domain/rule/actor.h"
#include "exchange/lexicon/lexicon_make_int.h"
#include "language/glossary.h"
#include "view/view.h"

#include <string.h>

static enum cau_err approve(void *ctx, const struct glossary_pair *p)
{
    return lexicon_build_approved(ctx, 0, p->x_lang, p->x, p->y_lang, p->y);
}

enum cau_err lexicon_own_glossary(struct lexicon_build *b)
{
    struct glossary *g;
    enum cau_err err = glossary_open_own(&g);
    if (err != CAU_OK)
        return err;
    for (uint32_t i = 0; i < glossary_count(g) && err == CAU_OK; i++)
        err = glossary_pairs(g, i, approve, b);
    glossary_close(g);
    return err;
}

/* ---- terms of the node ---- */

/* They are gone through twice: for the digest that their source has, and for their pairs. */
struct terms {
    struct lexicon_build *b; /* NULL: the first time */
    unsigned source;
    uint64_t pairs;
    struct digest digest;
    enum cau_err err;
};

static enum cau_err take_pair(struct terms *t, const struct glossary_pair *p)
{
    if (t->b != NULL)
        return lexicon_build_approved(t->b, t->source, p->x_lang, p->x, p->y_lang, p->y);
    const struct str part[] = {digest_str(&t->digest), p->x, STR("\n"), p->y};
    t->digest = digest_sha256(part, countof(part));
    t->pairs++;
    return CAU_OK;
}

/* The i-th term of a language: a name of the record, or the only one. */
static struct str name_at(const struct value *names, enum token_group lang, uint32_t i)
{
    const struct value *of = value_get(names, lang_code((enum lang)lang).p);
    if (of != NULL && of->type == VALUE_OBJECT)
        of = value_get(of, "text");
    if (of != NULL && of->type == VALUE_ARRAY)
        of = i < of->n ? &of->item[i] : NULL;
    else if (i > 0)
        of = NULL;
    return of != NULL && of->type == VALUE_STRING ? of->string : (struct str){NULL, 0};
}

static enum cau_err take_term(struct terms *t, const struct value *names)
{
    enum cau_err err = CAU_OK;
    struct str p, q;
    for (unsigned x = TOKEN_VI; x <= TOKEN_EN; x++)
        for (unsigned y = x + 1; y <= TOKEN_EN; y++)
            for (uint32_t i = 0; (p = name_at(names, (enum token_group)x, i)).len > 0; i++)
                for (uint32_t k = 0;
                     (q = name_at(names, (enum token_group)y, k)).len > 0 && err == CAU_OK; k++)
                    err = take_pair(t, &(struct glossary_pair){(enum token_group)x,
                                                               (enum token_group)y, p, q});
    return err;
}

static bool visit(void *ctx, const struct view_record *r)
{
    struct terms *t = ctx;
    struct str status = value_get_str(&r->payload, "status");
    const struct value *names = value_get(&r->payload, "name");
    if (r->withdrawn || r->redacted || str_is(status, "proposed") ||
        str_is(status, "rejected") || names == NULL || names->type != VALUE_OBJECT)
        return true;
    t->err = take_term(t, names);
    return t->err == CAU_OK;
}

static enum cau_err visit_all(struct view *v, const struct kind *kind, struct terms *t)
{
    struct actor anyone = actor_anonymous();
    struct arena a = arena_new((size_t)64 << 20);
    enum cau_err err = view_each(v, &a, actor_reader(&anyone), kind, visit, t);
    arena_free(&a);
    return t->err != CAU_OK ? t->err : err;
}

enum cau_err lexicon_own_terms(struct lexicon_build *b, struct node *node)
{
    const struct kind *kind = node == NULL ? NULL : kinds_find(node_kinds(node), STR("term"));
    if (kind == NULL)
        return CAU_OK;
    struct terms t = {.b = NULL};
    struct view *v = view_take(node);
    enum cau_err err = v == NULL ? CAU_ERR_IO : visit_all(v, kind, &t);
    if (err == CAU_OK && t.pairs > 0) {
        const struct lexicon_build_source source = {.name = STR(LEXICON_MAKE_TERMS),
                                                    .licence = STR("of each record"),
                                                    .hash = t.digest};
        err = lexicon_build_source(b, &source, &t.source);
        t.b = b;
        if (err == CAU_OK)
            err = visit_all(v, kind, &t);
    }
    if (v != NULL)
        view_give(node, v);
    return err;
}

/* ---- words of the program ---- */

/* Kind files have "PLACE.vi text", "PLACE.ru text", "PLACE.en text" on lines of their own; the words before the last
 * dot are the same for the three, which stand together. */
static void add_label(struct str text[3], struct buf *rows, struct str line)
{
    struct str value = line, key = str_next(&value, ' ');
    for (unsigned l = 0; l < 3; l++) {
        struct str code = lang_code((enum lang)l);
        bool of = str_equal(key, code) ||
                  (key.len > 3 && key.p[key.len - 3] == '.' && str_ends(key, code));
        if (!of)
            continue;
        text[l] = value;
        if (l != LANG_EN || text[LANG_VI].len == 0 || text[LANG_RU].len == 0)
            return;
        for (unsigned k = 0; k < 3; k++) {
            buf_add(rows, text[k]);
            buf_add_char(rows, k < 2 ? '\t' : '\n');
            text[k] = (struct str){NULL, 0};
        }
    }
}

/* Lists have "code | vi | ru | en". */
static void add_code(struct buf *rows, struct str line)
{
    struct str text[4];
    for (unsigned i = 0; i < 4; i++)
        text[i] = str_trim(str_next(&line, '|'));
    for (unsigned i = 1; i < 4 && text[3].len > 0; i++) {
        buf_add(rows, text[i]);
        buf_add_char(rows, i < 3 ? '\t' : '\n');
    }
}

static void add_labels(struct buf *rows, struct str file)
{
    struct str text[3] = {{NULL, 0}};
    while (file.len > 0) {
        struct str line = str_trim(str_next(&file, '\n'));
        if (line.len == 0 || line.p[0] == '#')
            continue;
        if (memchr(line.p, '|', line.len) != NULL)
            add_code(rows, line);
        else
            add_label(text, rows, line);
    }
}

enum cau_err lexicon_own_words(const struct pairs_sink *sink)
{
    struct pairs_input messages = {
        .reader = PAIRS_MO, .n = 3, .lang = {TOKEN_VI, TOKEN_RU, TOKEN_EN}};
    struct pairs_fault fault;
    static const char *const name[] = {"words/vi.mo", "words/ru.mo", "words/en.mo"};
    for (size_t i = 0; i < countof(name); i++) {
        const struct asset *file = asset_find(str_of(name[i]));
        must(file != NULL);
        messages.text[i] = file->bytes;
    }
    enum cau_err err = pairs_read(&messages, sink, &fault);
    if (err != CAU_OK)
        return err;
    struct buf rows = buf_new((size_t)16 << 20);
    for (size_t i = 0; i < asset_count; i++)
        if (str_starts(asset_list[i].name, STR("kinds/")))
            add_labels(&rows, asset_list[i].bytes);
    struct pairs_input labels = {
        .reader = PAIRS_TSV, .text = {buf_str(&rows)}, .n = 1, .columns = STR("vi ru en")};
    err = rows.failed ? CAU_ERR_MEMORY : pairs_read(&labels, sink, &fault);
    buf_free(&rows);
    return err;
}

struct digest lexicon_own_digest(const char *folder)
{
    struct digest all = {{0}};
    for (size_t i = 0; i < asset_count; i++)
        if (str_starts(asset_list[i].name, str_of(folder))) {
            struct str part[] = {digest_str(&all), asset_list[i].name, asset_list[i].bytes};
            all = digest_sha256(part, countof(part));
        }
    return all;
}
