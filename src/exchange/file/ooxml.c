#include "exchange/file/ooxml_int.h"

#include "base/buf.h"

#include <string.h>

void ooxml_stop(struct ooxml_part *p, unsigned why)
{
    if (!p->stopped)
        p->why = why;
    p->stopped = true;
    XML_StopParser(p->parser, XML_FALSE);
}

void ooxml_stop_memory(struct ooxml_part *p)
{
    p->memory = true;
    ooxml_stop(p, OOXML_XML);
}

const char *ooxml_attribute(const char **attribute, const char *name)
{
    for (; attribute[0] != NULL; attribute += 2) {
        const char *colon = strchr(attribute[0], ':');
        if (strcmp(attribute[0], name) == 0 || (colon != NULL && strcmp(colon + 1, name) == 0))
            return attribute[1];
    }
    return NULL;
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **attribute)
{
    struct ooxml_part *p = data;
    if (p->stopped) /* the parser may still hand over what it has begun */
        return;
    if (++p->depth > p->package->limits.depth)
        ooxml_stop(p, OOXML_DEPTH);
    else
        p->start(p, local_name(name), attribute);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct ooxml_part *p = data;
    if (p->stopped)
        return;
    p->depth--;
    if (p->end != NULL)
        p->end(p, local_name(name));
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    struct ooxml_part *p = data;
    if (!p->stopped && p->text != NULL)
        p->text(p, (struct str){text, (size_t)len});
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    ooxml_stop(data, OOXML_DOCTYPE);
}

/* The limits on what came out of the archive so far: of the entry and of all. */
static enum ooxml_why weigh(const struct ooxml *o, uint64_t packed)
{
    if (o->inflated > o->limits.inflated_bytes)
        return OOXML_INFLATED;
    uint64_t file_most = (uint64_t)o->bytes.len * OOXML_RATIO_MAX + OOXML_RATIO_FREE_BYTES;
    uint64_t part_most = packed * OOXML_RATIO_MAX + OOXML_RATIO_FREE_BYTES;
    return o->inflated > file_most || o->part_done > part_most ? OOXML_RATIO : OOXML_GOOD;
}

static void parse_piece(struct ooxml_part *p, int len)
{
    enum XML_Status status = XML_ParseBuffer(p->parser, len, len == 0);
    if (p->stopped)
        return;
    if (status != XML_STATUS_OK) {
        p->memory = XML_GetErrorCode(p->parser) == XML_ERROR_NO_MEMORY;
        p->why = OOXML_XML;
        p->stopped = true;
        return;
    }
    XML_Index at = XML_GetCurrentByteIndex(p->parser);
    if (at >= 0 &&
        p->package->part_done > (uint64_t)at + OOXML_TOKEN_BYTES_MAX + OOXML_PIECE_BYTES)
        ooxml_stop(p, OOXML_XML);
}

static void parse_all(struct ooxml_part *p, zip_file_t *file, uint64_t packed)
{
    struct ooxml *o = p->package;
    for (int64_t len = 1; len > 0 && !p->stopped;) {
        void *space = XML_GetBuffer(p->parser, OOXML_PIECE_BYTES);
        if (space == NULL) {
            p->memory = true;
            return;
        }
        len = zip_fread(file, space, OOXML_PIECE_BYTES);
        if (len < 0) {
            ooxml_stop(p, OOXML_DAMAGED);
            return;
        }
        o->inflated += (uint64_t)len;
        o->part_done += (uint64_t)len;
        enum ooxml_why heavy = weigh(o, packed);
        if (heavy != OOXML_GOOD) {
            ooxml_stop(p, heavy);
            return;
        }
        parse_piece(p, (int)len);
    }
}

enum cau_err ooxml_fail(struct ooxml *o, struct ooxml_fault *fault, unsigned why,
                        struct str part)
{
    *fault = (struct ooxml_fault){.why = why};
    (void)arena_copy(o->a, part, &fault->part); /* a full arena costs only the name */
    return CAU_ERR_SYNTAX;
}

enum cau_err ooxml_run(struct ooxml *o, struct ooxml_part *p, struct str name,
                       struct ooxml_fault *fault)
{
    char path[OOXML_NAME_BYTES_MAX + 1];
    zip_stat_t stat;
    must(name.len <= OOXML_NAME_BYTES_MAX);
    memcpy(path, name.p, name.len);
    path[name.len] = 0;
    if (zip_stat(o->zip, path, 0, &stat) != 0)
        return ooxml_fail(o, fault, OOXML_DAMAGED, name);
    zip_file_t *file = zip_fopen_index(o->zip, stat.index, 0);
    if (file == NULL)
        return ooxml_fail(o, fault, OOXML_DAMAGED, name);

    p->package = o;
    p->parser = XML_ParserCreate(NULL);
    o->part_done = 0;
    o->part_all = stat.size;
    if (p->parser == NULL) {
        p->memory = true;
    } else {
        XML_SetUserData(p->parser, p);
        XML_SetElementHandler(p->parser, on_start, on_end);
        XML_SetCharacterDataHandler(p->parser, on_text);
        XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
        /* What an entry says of its packed size is no more than the file has. */
        uint64_t packed = stat.comp_size < o->bytes.len ? stat.comp_size : o->bytes.len;
        parse_all(p, file, packed);
        XML_ParserFree(p->parser);
        p->parser = NULL;
    }
    zip_fclose(file);
    if (p->memory)
        return CAU_ERR_MEMORY;
    return p->why != OOXML_GOOD ? ooxml_fail(o, fault, p->why, name) : CAU_OK;
}

/* ---- relations ---- */

/* Joins folder and target, undoes "..", and refuses what leaves the archive. */
static bool resolve(struct arena *a, struct str folder, struct str target, struct str *out)
{
    if (target.len > 0 && target.p[0] == '/') {
        folder = STR("");
        target = str_from(target, 1);
    }
    if (folder.len + target.len > OOXML_NAME_BYTES_MAX || target.len == 0)
        return false;
    char path[OOXML_NAME_BYTES_MAX];
    size_t len = folder.len;
    memcpy(path, folder.p, folder.len);
    while (target.len > 0) {
        struct str step = str_next(&target, '/');
        if (str_is(step, "..")) {
            if (len == 0)
                return false;
            for (len--; len > 0 && path[len - 1] != '/';)
                len--;
        } else if (!str_is(step, ".")) {
            memcpy(path + len, step.p, step.len);
            len += step.len;
            if (target.len > 0)
                path[len++] = '/';
        }
    }
    return arena_copy(a, (struct str){path, len}, out) == CAU_OK;
}

static void relation_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct ooxml_relations *all = p->state;
    struct arena *a = p->package->a;
    const char *id = ooxml_attribute(attribute, "Id");
    const char *type = ooxml_attribute(attribute, "Type");
    const char *target = ooxml_attribute(attribute, "Target");
    const char *mode = ooxml_attribute(attribute, "TargetMode");
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL ||
        (mode != NULL && strcmp(mode, "External") == 0))
        return;
    if (++all->n > OOXML_ENTRIES_MAX) {
        ooxml_stop(p, OOXML_ENTRIES);
        return;
    }
    struct ooxml_relation *r = arena_zero(a, sizeof *r);
    if (r == NULL || arena_copy(a, str_of(id), &r->id) != CAU_OK ||
        arena_copy(a, str_of(type), &r->type) != CAU_OK) {
        ooxml_stop_memory(p);
        return;
    }
    if (!resolve(a, all->folder, str_of(target), &r->target))
        return; /* points outside: nobody will follow it */
    r->next = all->first;
    all->first = r;
}

static struct str folder_of(struct str part)
{
    size_t n = part.len;
    while (n > 0 && part.p[n - 1] != '/')
        n--;
    return str_to(part, n);
}

enum cau_err ooxml_read_relations(struct ooxml *o, struct str of, struct ooxml_relations *out,
                                  struct ooxml_fault *fault)
{
    *out = (struct ooxml_relations){.folder = folder_of(of)};
    struct buf name = buf_new(OOXML_NAME_BYTES_MAX);
    buf_add(&name, out->folder);
    buf_add(&name, STR("_rels/"));
    buf_add(&name, str_from(of, out->folder.len));
    buf_add(&name, STR(".rels"));
    struct ooxml_part p = {.state = out, .start = relation_start};
    enum cau_err err = name.failed ? ooxml_fail(o, fault, OOXML_NO_MAIN, of)
                                   : ooxml_run(o, &p, buf_str(&name), fault);
    buf_free(&name);
    return err;
}

const struct ooxml_relation *ooxml_of_type(const struct ooxml_relations *all, const char *end)
{
    for (const struct ooxml_relation *r = all->first; r != NULL; r = r->next)
        if (str_ends(r->type, str_of(end)))
            return r;
    return NULL;
}

const struct ooxml_relation *ooxml_of_id(const struct ooxml_relations *all, struct str id)
{
    for (const struct ooxml_relation *r = all->first; r != NULL; r = r->next)
        if (str_equal(r->id, id))
            return r;
    return NULL;
}

/* ---- the archive ---- */

bool ooxml_has(const struct ooxml *o, const char *part)
{
    return zip_name_locate(o->zip, part, 0) >= 0;
}

enum cau_err ooxml_open(struct ooxml *o, struct arena *a, struct str bytes,
                        struct ooxml_limits limits, struct ooxml_fault *fault)
{
    *o = (struct ooxml){.a = a, .bytes = bytes, .limits = limits};
    if (bytes.len > limits.file_bytes)
        return ooxml_fail(o, fault, OOXML_FILE_SIZE, STR(""));
    if (str_starts(bytes, STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return ooxml_fail(o, fault, OOXML_OLD, STR(""));
    if (!str_starts(bytes,
                    STR("PK"))) /* the library takes an empty file for an empty archive */
        return ooxml_fail(o, fault, OOXML_NOT_ZIP, STR(""));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.len, 0, &error);
    if (source != NULL)
        o->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (source != NULL && o->zip == NULL)
        zip_source_free(source);
    bool memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_error_fini(&error);
    if (o->zip == NULL)
        return memory ? CAU_ERR_MEMORY : ooxml_fail(o, fault, OOXML_NOT_ZIP, STR(""));
    if (zip_get_num_entries(o->zip, 0) <= OOXML_ENTRIES_MAX)
        return CAU_OK;
    ooxml_close(o);
    return ooxml_fail(o, fault, OOXML_ENTRIES, STR(""));
}

void ooxml_close(struct ooxml *o)
{
    if (o->zip != NULL)
        zip_discard(o->zip);
    o->zip = NULL;
}
