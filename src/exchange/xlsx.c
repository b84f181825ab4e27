#include "exchange/xlsx.h"

#include "base/utf8.h"
#include "exchange/xlsx_int.h"

#include <string.h>

const char *xlsx_why_name(enum xlsx_why why)
{
    static const char *const name[XLSX_WHYS] = {
        "good",         "xlsx_old",         "xlsx_not_zip",  "xlsx_damaged", "xlsx_file_size",
        "xlsx_entries", "xlsx_inflated",    "xlsx_ratio",    "xlsx_doctype", "xlsx_depth",
        "xlsx_xml",     "xlsx_no_workbook", "xlsx_no_sheet", "xlsx_cells",   "xlsx_strings",
        "cell_too_big", "too_many_columns", "xlsx_sheets",   "xlsx_styles",  "xlsx_shape"};
    return name[why];
}

void xlsx_stop(struct xlsx_part *p, enum xlsx_why why)
{
    if (!p->stopped)
        p->why = why;
    p->stopped = true;
    XML_StopParser(p->parser, XML_FALSE);
}

const char *xlsx_attribute(const char **attribute, const char *name)
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
    struct xlsx_part *p = data;
    if (p->stopped) /* the parser may still hand over what it has begun */
        return;
    if (++p->depth > XLSX_DEPTH_MAX)
        xlsx_stop(p, XLSX_DEPTH);
    else
        p->start(p, local_name(name), attribute);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct xlsx_part *p = data;
    if (p->stopped)
        return;
    p->depth--;
    p->end(p, local_name(name));
}

static void XMLCALL on_text(void *data, const XML_Char *text, int len)
{
    struct xlsx_part *p = data;
    if (!p->stopped && p->text != NULL)
        p->text(p, (struct str){text, (size_t)len});
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    xlsx_stop(data, XLSX_DOCTYPE);
}

/* The limits on what came out of the archive so far: of the entry and of all. */
static enum xlsx_why weigh(const struct xlsx *x, uint64_t packed)
{
    if (x->inflated > XLSX_INFLATED_BYTES_MAX)
        return XLSX_INFLATED;
    uint64_t file_most = (uint64_t)x->bytes.len * XLSX_RATIO_MAX + XLSX_RATIO_FREE_BYTES;
    uint64_t part_most = packed * XLSX_RATIO_MAX + XLSX_RATIO_FREE_BYTES;
    return x->inflated > file_most || x->part_done > part_most ? XLSX_RATIO : XLSX_GOOD;
}

static void parse_piece(struct xlsx_part *p, int len)
{
    enum XML_Status status = XML_ParseBuffer(p->parser, len, len == 0);
    if (p->stopped)
        return;
    if (status != XML_STATUS_OK) {
        p->memory = XML_GetErrorCode(p->parser) == XML_ERROR_NO_MEMORY;
        p->why = XLSX_XML;
        p->stopped = true;
        return;
    }
    XML_Index at = XML_GetCurrentByteIndex(p->parser);
    if (at >= 0 && p->x->part_done > (uint64_t)at + XLSX_TOKEN_BYTES_MAX + XLSX_PIECE_BYTES)
        xlsx_stop(p, XLSX_XML);
}

static void parse_all(struct xlsx_part *p, zip_file_t *file, uint64_t packed)
{
    for (int64_t len = 1; len > 0 && !p->stopped;) {
        void *space = XML_GetBuffer(p->parser, XLSX_PIECE_BYTES);
        if (space == NULL) {
            p->memory = true;
            return;
        }
        len = zip_fread(file, space, XLSX_PIECE_BYTES);
        if (len < 0) {
            xlsx_stop(p, XLSX_DAMAGED);
            return;
        }
        p->x->inflated += (uint64_t)len;
        p->x->part_done += (uint64_t)len;
        enum xlsx_why heavy = weigh(p->x, packed);
        if (heavy != XLSX_GOOD) {
            xlsx_stop(p, heavy);
            return;
        }
        parse_piece(p, (int)len);
    }
}

static enum cau_err fail(struct xlsx *x, struct xlsx_fault *fault, enum xlsx_why why,
                         struct str part)
{
    *fault = (struct xlsx_fault){.why = why};
    (void)arena_copy(x->a, part, &fault->part); /* a full arena costs only the name */
    return CAU_ERR_SYNTAX;
}

enum cau_err xlsx_run(struct xlsx *x, struct xlsx_part *p, struct str name,
                      struct xlsx_fault *fault)
{
    char path[XLSX_NAME_BYTES_MAX + 1];
    zip_stat_t stat;
    must(name.len <= XLSX_NAME_BYTES_MAX);
    memcpy(path, name.p, name.len);
    path[name.len] = 0;
    if (zip_stat(x->zip, path, 0, &stat) != 0)
        return fail(x, fault, XLSX_DAMAGED, name);
    zip_file_t *file = zip_fopen_index(x->zip, stat.index, 0);
    if (file == NULL)
        return fail(x, fault, XLSX_DAMAGED, name);

    p->x = x;
    p->parser = XML_ParserCreate(NULL);
    x->part_done = 0;
    x->part_all = stat.size;
    if (p->parser == NULL) {
        p->memory = true;
    } else {
        XML_SetUserData(p->parser, p);
        XML_SetElementHandler(p->parser, on_start, on_end);
        XML_SetCharacterDataHandler(p->parser, on_text);
        XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
        /* What an entry says of its packed size is no more than the file has. */
        uint64_t packed = stat.comp_size < x->bytes.len ? stat.comp_size : x->bytes.len;
        parse_all(p, file, packed);
        XML_ParserFree(p->parser);
        p->parser = NULL;
    }
    zip_fclose(file);
    if (p->memory)
        return CAU_ERR_MEMORY;
    return p->why != XLSX_GOOD ? fail(x, fault, p->why, name) : CAU_OK;
}

/* The value of the four hexadecimal digits of _xHHHH_ at p (7 bytes); -1 when it is none. */
static int escape_at(const char *p)
{
    if (p[0] != '_' || (p[1] != 'x' && p[1] != 'X') || p[6] != '_')
        return -1;
    int value = 0;
    for (size_t i = 2; i < 6; i++) {
        char c = p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value >= 0xD800 && value <= 0xDFFF ? -1 : value;
}

bool xlsx_unescape(struct buf *b, size_t from)
{
    if (b->failed)
        return true; /* told by who looks at the buffer */
    size_t to = from;
    for (size_t i = from; i < b->len;) {
        int point = b->len - i >= 7 ? escape_at(b->p + i) : -1;
        if (point < 0) {
            b->p[to++] = b->p[i++];
            continue;
        }
        char utf8[4];
        size_t n = utf8_put((uint32_t)point, utf8);
        memcpy(b->p + to, utf8, n); /* shorter than what it stands for */
        to += n;
        i += 7;
    }
    b->len = to;
    return utf8_count(str_from(buf_str(b), from)) <= XLSX_CELL_POINTS_MAX;
}

/* Relations: which part is what. */
struct relation {
    struct str id, type, target; /* target is the name in the archive */
    struct relation *next;
};

struct relations {
    struct str folder; /* of the part they belong to, with its slash */
    struct relation *first;
    size_t n;
};

/* Joins folder and target, undoes "..", and refuses what leaves the archive. */
static bool resolve(struct arena *a, struct str folder, struct str target, struct str *out)
{
    if (target.len > 0 && target.p[0] == '/') {
        folder = STR("");
        target = str_from(target, 1);
    }
    if (folder.len + target.len > XLSX_NAME_BYTES_MAX || target.len == 0)
        return false;
    char path[XLSX_NAME_BYTES_MAX];
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

static void relation_start(struct xlsx_part *p, const char *name, const char **attribute)
{
    struct relations *all = p->state;
    const char *id = xlsx_attribute(attribute, "Id");
    const char *type = xlsx_attribute(attribute, "Type");
    const char *target = xlsx_attribute(attribute, "Target");
    const char *mode = xlsx_attribute(attribute, "TargetMode");
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL ||
        (mode != NULL && strcmp(mode, "External") == 0))
        return;
    if (++all->n > XLSX_ENTRIES_MAX) {
        xlsx_stop(p, XLSX_ENTRIES);
        return;
    }
    struct relation *r = arena_zero(p->x->a, sizeof *r);
    if (r == NULL || arena_copy(p->x->a, str_of(id), &r->id) != CAU_OK ||
        arena_copy(p->x->a, str_of(type), &r->type) != CAU_OK) {
        p->memory = true;
        xlsx_stop(p, XLSX_XML);
        return;
    }
    if (!resolve(p->x->a, all->folder, str_of(target), &r->target))
        return; /* points outside: nobody will follow it */
    r->next = all->first;
    all->first = r;
}

static void nothing_ends(struct xlsx_part *p, const char *name)
{
    (void)p, (void)name;
}

static const struct relation *relation_of_type(const struct relations *all, const char *end)
{
    for (const struct relation *r = all->first; r != NULL; r = r->next)
        if (str_ends(r->type, str_of(end)))
            return r;
    return NULL;
}

static const struct relation *relation_of_id(const struct relations *all, struct str id)
{
    for (const struct relation *r = all->first; r != NULL; r = r->next)
        if (str_equal(r->id, id))
            return r;
    return NULL;
}

static bool is_true(const char *word)
{
    return word != NULL && (strcmp(word, "1") == 0 || strcmp(word, "true") == 0);
}

static void add_sheet(struct xlsx_part *p, const char *name, const char *state, struct str part)
{
    struct xlsx *x = p->x;
    if (x->sheet_count == XLSX_SHEETS_MAX) {
        xlsx_stop(p, XLSX_SHEETS);
        return;
    }
    struct str label = str_of(name);
    if (label.len > XLSX_NAME_BYTES_MAX)
        label = utf8_clip(label, XLSX_NAME_BYTES_MAX / 4);
    struct xlsx_sheet *s = &x->sheet[x->sheet_count];
    if (arena_copy(x->a, label, &s->name) != CAU_OK) {
        p->memory = true;
        xlsx_stop(p, XLSX_XML);
        return;
    }
    s->hidden = state != NULL && strcmp(state, "visible") != 0;
    x->sheet_part[x->sheet_count++] = part;
}

static void workbook_start(struct xlsx_part *p, const char *name, const char **attribute)
{
    if (strcmp(name, "workbookPr") == 0)
        p->x->epoch_1904 = is_true(xlsx_attribute(attribute, "date1904"));
    if (strcmp(name, "sheet") != 0)
        return;
    const char *label = xlsx_attribute(attribute, "name");
    const char *id = xlsx_attribute(attribute, "id"); /* r:id; sheetId is another word */
    const struct relation *r = id != NULL ? relation_of_id(p->state, str_of(id)) : NULL;
    /* A sheet of charts or macros is no table. */
    if (label != NULL && r != NULL && str_ends(r->type, STR("/worksheet")))
        add_sheet(p, label, xlsx_attribute(attribute, "state"), r->target);
}

static struct str folder_of(struct str part)
{
    size_t n = part.len;
    while (n > 0 && part.p[n - 1] != '/')
        n--;
    return str_to(part, n);
}

static enum cau_err read_relations(struct xlsx *x, struct str of, struct relations *out,
                                   struct xlsx_fault *fault)
{
    out->folder = folder_of(of);
    struct buf name = buf_new(XLSX_NAME_BYTES_MAX);
    buf_add(&name, out->folder);
    buf_add(&name, STR("_rels/"));
    buf_add(&name, str_from(of, out->folder.len));
    buf_add(&name, STR(".rels"));
    struct xlsx_part p = {.state = out, .start = relation_start, .end = nothing_ends};
    enum cau_err err = name.failed ? fail(x, fault, XLSX_NO_WORKBOOK, of)
                                   : xlsx_run(x, &p, buf_str(&name), fault);
    buf_free(&name);
    return err;
}

static enum cau_err read_workbook(struct xlsx *x, struct xlsx_fault *fault)
{
    struct relations top = {.n = 0}, inner = {.n = 0};
    if (zip_name_locate(x->zip, "_rels/.rels", 0) < 0)
        return fail(x, fault, XLSX_NO_WORKBOOK, STR("_rels/.rels"));
    enum cau_err err = read_relations(x, STR(""), &top, fault);
    if (err != CAU_OK)
        return err;
    const struct relation *workbook = relation_of_type(&top, "/officeDocument");
    if (workbook == NULL)
        return fail(x, fault, XLSX_NO_WORKBOOK, STR("_rels/.rels"));
    err = read_relations(x, workbook->target, &inner, fault);
    if (err != CAU_OK)
        return err;
    struct xlsx_part p = {.state = &inner, .start = workbook_start, .end = nothing_ends};
    err = xlsx_run(x, &p, workbook->target, fault);
    if (err != CAU_OK)
        return err;
    const struct relation *strings = relation_of_type(&inner, "/sharedStrings");
    const struct relation *styles = relation_of_type(&inner, "/styles");
    x->strings_part = strings != NULL ? strings->target : (struct str){NULL, 0};
    x->styles_part = styles != NULL ? styles->target : (struct str){NULL, 0};
    return x->sheet_count > 0 ? CAU_OK : fail(x, fault, XLSX_NO_WORKBOOK, workbook->target);
}

static enum cau_err open_zip(struct xlsx *x, struct xlsx_fault *fault)
{
    if (x->bytes.len > XLSX_FILE_BYTES_MAX)
        return fail(x, fault, XLSX_FILE_SIZE, STR(""));
    if (str_starts(x->bytes, STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return fail(x, fault, XLSX_OLD, STR(""));
    if (!str_starts(x->bytes,
                    STR("PK"))) /* the library takes an empty file for an empty archive */
        return fail(x, fault, XLSX_NOT_ZIP, STR(""));
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(x->bytes.p, x->bytes.len, 0, &error);
    if (source != NULL)
        x->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (source != NULL && x->zip == NULL)
        zip_source_free(source);
    bool memory = zip_error_code_zip(&error) == ZIP_ER_MEMORY;
    zip_error_fini(&error);
    if (x->zip == NULL)
        return memory ? CAU_ERR_MEMORY : fail(x, fault, XLSX_NOT_ZIP, STR(""));
    if (zip_get_num_entries(x->zip, 0) > XLSX_ENTRIES_MAX)
        return fail(x, fault, XLSX_ENTRIES, STR(""));
    return CAU_OK;
}

enum cau_err xlsx_open(struct arena *a, struct str bytes, struct xlsx **out,
                       struct xlsx_fault *fault)
{
    struct xlsx *x = arena_zero(a, sizeof *x);
    if (x == NULL)
        return CAU_ERR_MEMORY;
    *x = (struct xlsx){.a = a,
                       .bytes = bytes,
                       .string = buf_new(XLSX_STRING_BYTES_MAX),
                       .end = buf_new(XLSX_STRINGS_MAX * sizeof(uint32_t))};
    enum cau_err err = open_zip(x, fault);
    if (err == CAU_OK)
        err = read_workbook(x, fault);
    if (err == CAU_OK && x->styles_part.len > 0)
        err = xlsx_read_styles(x, fault);
    if (err == CAU_OK && x->strings_part.len > 0)
        err = xlsx_read_strings(x, fault);
    if (err != CAU_OK) {
        xlsx_close(x);
        return err;
    }
    x->inflated_by_open = x->inflated;
    *out = x;
    return CAU_OK;
}

void xlsx_close(struct xlsx *x)
{
    if (x == NULL)
        return;
    if (x->zip != NULL)
        zip_discard(x->zip);
    buf_free(&x->string);
    buf_free(&x->end);
}

const struct xlsx_sheet *xlsx_sheets(const struct xlsx *x, size_t *n)
{
    *n = x->sheet_count;
    return x->sheet;
}

void xlsx_progress(const struct xlsx *x, uint64_t *done, uint64_t *all)
{
    *done = x->part_done;
    *all = x->part_all > x->part_done ? x->part_all : x->part_done;
}
