/* TMX, TBX, SKOS in RDF/XML: units of texts, each in a language; and the names of CLDR, joined on their type. */
#include "base/utf8.h"
#include "exchange/lexicon/pairs_int.h"

#include <expat.h>
#include <string.h>

enum { PIECE_BYTES = 65536, TAG_BYTES_MAX = 1 << 20, KEY_BYTES_MAX = 200 };

/* What elements are called: a unit holds texts, each in the language of the nearest xml:lang. */
struct form {
    const char *unit[3], *text[3];
};

static const struct form form_of[] = {
    {{"tu", NULL, NULL}, {"seg", NULL, NULL}},
    {{"termEntry", "conceptEntry", NULL}, {"term", NULL, NULL}},
    {{"Concept", "Description", NULL}, {"prefLabel", "altLabel", NULL}},
};

struct xml {
    struct pairs_run *r;
    XML_Parser parser;
    const struct form *form;                        /* NULL: CLDR */
    struct pairs_messages *names;                   /* CLDR */
    enum token_group lang[PAIRS_XML_DEPTH_MAX + 1]; /* of each open element */
    unsigned depth, text_depth, unit_depth; /* where a text and a unit began; 0: outside */
    unsigned hidden;                        /* depth of markup inside a text; 0: none */
    struct arena a;                         /* of a unit */
    struct {
        enum token_group lang;
        struct str text;
    } item[PAIRS_CONCEPT_MAX];
    size_t n, part;
    char key[KEY_BYTES_MAX];
    size_t key_len;
    enum cau_err err;
};

static void stop(struct xml *x, enum cau_err err)
{
    if (x->err == CAU_OK)
        x->err = err;
    XML_StopParser(x->parser, XML_FALSE);
}

static void fail(struct xml *x, enum pairs_why why)
{
    if (x->err == CAU_OK)
        stop(x, pairs_fail(x->r, why, x->part, XML_GetCurrentLineNumber(x->parser)));
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static bool is_one(const char *const name[3], const char *element)
{
    for (size_t i = 0; i < 3 && name[i] != NULL; i++)
        if (strcmp(name[i], element) == 0)
            return true;
    return false;
}

static const char *attribute_of(const char **attribute, const char *name)
{
    for (; attribute[0] != NULL; attribute += 2)
        if (strcmp(attribute[0], name) == 0)
            return attribute[1];
    return NULL;
}

/* "vi", "ru-RU": the language of the tag's first part. */
static enum token_group lang_of(const char *tag)
{
    struct str rest = str_of(tag), first = str_next(&rest, '-');
    return first.len == 2 ? token_group_of(first) : TOKEN_OTHER;
}

/* CLDR: <territory type="VN">Việt Nam</territory>, <annotation cp="x" type="tts">. */
static void start_name(struct xml *x, const char *name, const char **attribute)
{
    const char *type = attribute_of(attribute, "type"), *cp = attribute_of(attribute, "cp");
    bool spoken = cp != NULL && type != NULL && strcmp(type, "tts") == 0;
    if (type == NULL || (cp != NULL && !spoken) || attribute_of(attribute, "alt") != NULL)
        return;
    struct buf key = buf_new(KEY_BYTES_MAX);
    buf_add_word(&key, name);
    buf_add_char(&key, ':');
    buf_add_word(&key, spoken ? cp : type);
    if (!key.failed) {
        memcpy(x->key, key.p, key.len);
        x->key_len = key.len;
        x->text_depth = x->depth;
        buf_reset(&x->r->text);
    }
    buf_free(&key);
}

static void XMLCALL on_start(void *data, const XML_Char *full, const XML_Char **attribute)
{
    struct xml *x = data;
    const char *name = local(full), *tag = attribute_of(attribute, "xml:lang");
    if (x->err != CAU_OK) /* the parser may still hand over what it has begun */
        return;
    if (x->depth == PAIRS_XML_DEPTH_MAX) {
        fail(x, PAIRS_DEPTH);
        return;
    }
    if (tag == NULL)
        tag = attribute_of(attribute, "lang"); /* TMX 1.1 */
    x->lang[x->depth + 1] = tag != NULL ? lang_of(tag) : x->lang[x->depth];
    x->depth++;
    if (x->form == NULL) {
        start_name(x, name, attribute);
    } else if (x->unit_depth == 0 && is_one(x->form->unit, name)) {
        x->unit_depth = x->depth;
        x->n = 0;
        arena_reset(&x->a);
    } else if (x->unit_depth > 0 && x->text_depth == 0 && is_one(x->form->text, name)) {
        x->text_depth = x->depth;
        buf_reset(&x->r->text);
    } else if (x->text_depth > 0 && x->hidden == 0 && x->r->in->reader == PAIRS_TMX &&
               strcmp(name, "hi") != 0 && strcmp(name, "sub") != 0) {
        x->hidden = x->depth; /* codes of another format */
        buf_add_char(&x->r->text, ' ');
    }
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    struct xml *x = data;
    if (x->err == CAU_OK && x->text_depth > 0 && x->hidden == 0 &&
        x->r->text.len <= 4 * PAIRS_TEXT_BYTES_MAX) /* longer ones are passed over anyway */
        buf_add(&x->r->text, (struct str){text, (size_t)len});
}

static enum cau_err put_unit(struct xml *x)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < x->n; i++)
        for (size_t j = i + 1; j < x->n && err == CAU_OK; j++)
            if (x->item[i].lang != x->item[j].lang)
                err = pairs_put_messages(x->r, x->item[i].lang, x->item[i].text,
                                         x->item[j].lang, x->item[j].text);
    return err;
}

static enum cau_err end_text(struct xml *x)
{
    struct str text = buf_str(&x->r->text), kept, key;
    enum token_group lang = x->lang[x->depth];
    x->text_depth = x->hidden = 0;
    if (x->form == NULL) {
        enum cau_err err = arena_copy(x->r->a, text, &kept);
        if (err == CAU_OK)
            err = arena_copy(x->r->a, (struct str){x->key, x->key_len}, &key);
        if (err == CAU_OK)
            err = pairs_count(x->r, x->part, XML_GetCurrentLineNumber(x->parser));
        return err == CAU_OK ? pairs_add(x->r, x->names, key, kept) : err;
    }
    if (lang == TOKEN_OTHER || text.len == 0 || x->n == PAIRS_CONCEPT_MAX)
        return CAU_OK;
    enum cau_err err = arena_copy(&x->a, text, &kept);
    if (err == CAU_OK) {
        x->item[x->n].lang = lang;
        x->item[x->n++].text = kept;
    }
    return err;
}

static void XMLCALL on_end(void *data, const XML_Char *full)
{
    struct xml *x = data;
    enum cau_err err = CAU_OK;
    (void)full;
    if (x->err != CAU_OK)
        return;
    if (x->depth == x->hidden) {
        x->hidden = 0;
    } else if (x->text_depth == x->depth) {
        err = end_text(x);
    } else if (x->unit_depth == x->depth) {
        x->unit_depth = 0;
        err = pairs_count(x->r, x->part, XML_GetCurrentLineNumber(x->parser));
        if (err == CAU_OK)
            err = put_unit(x);
    }
    x->depth--;
    if (err != CAU_OK)
        stop(x, err);
}

/* A document type may be named, as TMX does; one that declares something is refused, and nothing outside is read. */
static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public;
    if (internal != 0)
        fail(data, PAIRS_DOCTYPE);
}

static void parse(struct xml *x, struct str text)
{
    for (size_t at = 0; x->err == CAU_OK;) {
        size_t n = text.len - at < PIECE_BYTES ? text.len - at : PIECE_BYTES;
        bool last = at + n == text.len;
        enum XML_Status status = XML_Parse(x->parser, text.p + at, (int)n, last);
        if (x->err != CAU_OK)
            return;
        if (status != XML_STATUS_OK) {
            if (XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
                stop(x, CAU_ERR_MEMORY);
            else
                fail(x, PAIRS_XML);
            return;
        }
        at += n;
        XML_Index behind = XML_GetCurrentByteIndex(x->parser);
        if (behind >= 0 && at > (size_t)behind + TAG_BYTES_MAX)
            fail(x, PAIRS_XML); /* a tag that never ends */
        if (last)
            return;
    }
}

static enum cau_err read_part(struct pairs_run *r, size_t part, struct pairs_messages *names)
{
    struct xml x = {.r = r,
                    .parser = XML_ParserCreate("UTF-8"),
                    .form = names != NULL ? NULL : &form_of[r->in->reader - PAIRS_TMX],
                    .names = names,
                    .a = arena_new((size_t)16 << 20),
                    .part = part};
    x.lang[0] = TOKEN_OTHER;
    if (x.parser != NULL) {
        XML_SetUserData(x.parser, &x);
        XML_SetElementHandler(x.parser, on_start, on_end);
        XML_SetCharacterDataHandler(x.parser, on_text);
        XML_SetStartDoctypeDeclHandler(x.parser, on_doctype);
        parse(&x, r->in->text[part]);
        XML_ParserFree(x.parser);
    } else {
        x.err = CAU_ERR_MEMORY;
    }
    arena_free(&x.a);
    return x.err;
}

enum cau_err pairs_xml(struct pairs_run *r)
{
    struct pairs_messages names[PAIRS_PARTS_MAX] = {{NULL, 0, 0}};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < r->in->n && err == CAU_OK; i++)
        err = read_part(r, i, r->in->reader == PAIRS_CLDR ? &names[i] : NULL);
    return err == CAU_OK && r->in->reader == PAIRS_CLDR ? pairs_join(r, names) : err;
}
