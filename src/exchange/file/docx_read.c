#include "exchange/file/docx_read.h"

#include "base/number.h"
#include "exchange/file/docx_list_int.h"

#include <stdio.h>
#include <string.h>

const char *docx_why_name(enum docx_why why)
{
    static const char *const name[DOCX_WHYS] = {
        "good",         "docx_old",      "docx_not_zip", "docx_damaged", "docx_file_size",
        "docx_entries", "docx_inflated", "docx_ratio",   "docx_doctype", "docx_depth",
        "docx_xml",     "docx_none",     "docx_macros",  "docx_text",    "docx_paragraphs",
        "docx_notes",   "docx_styles",   "docx_lists",   "docx_empty"};
    return name[why];
}

/* A heading's style, or one that is numbered: they are known by ids, which differ between languages of Word. */
struct style {
    struct str id;
    unsigned level;
    uint64_t num; /* of a list; 0: none */
    unsigned item_level;
    struct style *next;
};

struct note {
    uint64_t id;
    bool at_end; /* an endnote: ids of their own */
    struct str text;
    uint32_t number; /* in the order of the text; 0: nothing refers to it */
    struct note *next;
};

struct reading {
    struct ooxml package;
    struct style *style;
    struct note *note;
    size_t styles, notes, numbered, text_bytes;
    struct docx_text text;
    /* the paragraph and the row being read */
    struct buf line, row;
    unsigned skip_at;     /* depth of an element that is passed over; 0: none */
    unsigned inside;      /* paragraphs within one another: text boxes */
    unsigned tables, run; /* open tables; depth of the open run */
    bool properties, in_text, document, some_cell;
    struct docx_lists lists;
    bool item, listed; /* a bullet; the paragraph itself says of which list it is */
    uint64_t num;      /* of its list; 0: none */
    unsigned item_level;
    size_t label; /* bytes of its number */
    unsigned level;
    struct note *into; /* the note being read */
    bool in_notes, end_notes;
    /* the style being read */
    struct style made;
};

/* ---- paragraphs ---- */

/* One line: white space becomes one space, none at the ends. In place. */
static struct str squeeze(struct str text)
{
    char *p = (char *)(uintptr_t)text.p; /* bytes of a buffer of ours */
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool space = (unsigned char)text.p[i] <= ' ';
        if (space && (n == 0 || p[n - 1] == ' '))
            continue;
        p[n++] = space ? ' ' : text.p[i];
    }
    while (n > 0 && p[n - 1] == ' ')
        n--;
    return (struct str){text.p, n};
}

static void write_text(struct ooxml_part *p, struct buf *b, struct str text)
{
    buf_add(b, text);
    if (!b->failed)
        return;
    if (b->len + text.len <= b->max)
        ooxml_stop_memory(p);
    else
        ooxml_stop(p, DOCX_TEXT);
}

static void add_paragraph(struct ooxml_part *p, struct str text, enum docx_type type,
                          unsigned level)
{
    struct reading *r = p->owner;
    if (text.len == 0 || p->stopped)
        return;
    r->text_bytes += text.len;
    if (r->text_bytes > DOCX_READ_TEXT_BYTES_MAX) {
        ooxml_stop(p, DOCX_TEXT);
        return;
    }
    if (r->text.n == DOCX_READ_PARAGRAPHS_MAX) {
        ooxml_stop(p, DOCX_PARAGRAPHS);
        return;
    }
    struct docx_paragraph *one = arena_zero(r->package.a, sizeof *one);
    if (one == NULL || arena_copy(r->package.a, text, &one->text) != CAU_OK) {
        ooxml_stop_memory(p);
        return;
    }
    one->type = type;
    one->level = level;
    if (r->text.last != NULL)
        r->text.last->next = one;
    else
        r->text.first = one;
    r->text.last = one;
    r->text.n++;
}

static void end_paragraph(struct ooxml_part *p, struct reading *r)
{
    bool within = r->inside > 1; /* a text box */
    r->inside -= r->inside > 0;
    if (within || r->into != NULL || r->tables > 0) { /* goes on in what is around it */
        write_text(p, &r->line, STR(" "));
    } else if (!r->in_notes) {
        enum docx_type type = r->level > 0 ? DOCX_HEADING : r->item ? DOCX_ITEM : DOCX_PLAIN;
        struct str text = squeeze(buf_str(&r->line));
        if (text.len > r->label) /* a number alone says nothing */
            add_paragraph(p, text, type, r->level);
        buf_reset(&r->line);
    }
    if (within)
        return;
    r->level = r->item_level = 0;
    r->num = r->label = 0;
    r->item = r->listed = false;
}

/* The properties are read: the number stands before the text. */
static void begin_text(struct ooxml_part *p, struct reading *r)
{
    if (r->num == 0 || r->inside > 1)
        return;
    struct buf number = buf_new(1000);
    if (docx_lists_next(&r->lists, r->num, r->item_level, &number) && !number.failed) {
        write_text(p, &r->line, buf_str(&number));
        write_text(p, &r->line, STR(" "));
        r->label = number.len;
    } else {
        r->item = true;
    }
    buf_free(&number);
}

static void end_cell(struct ooxml_part *p, struct reading *r)
{
    if (r->tables != 1) /* of a table in a cell */
        return;
    struct str text = squeeze(buf_str(&r->line));
    if (text.len > 0) {
        if (r->some_cell)
            write_text(p, &r->row, STR(" | "));
        write_text(p, &r->row, text);
        r->some_cell = true;
    }
    buf_reset(&r->line);
}

static void end_row(struct ooxml_part *p, struct reading *r)
{
    if (r->tables != 1)
        return;
    add_paragraph(p, buf_str(&r->row), DOCX_ROW, 0);
    buf_reset(&r->row);
    r->some_cell = false;
}

/* ---- notes ---- */

static void refer(struct ooxml_part *p, struct reading *r, const char *id, bool at_end)
{
    uint64_t n;
    char mark[16];
    if (id == NULL || number_read(str_of(id), UINT32_MAX, &n) != CAU_OK)
        return;
    for (struct note *note = r->note; note != NULL; note = note->next) {
        if (note->id != n || note->at_end != at_end)
            continue;
        if (note->number == 0)
            note->number = (uint32_t)++r->numbered;
        struct buf b = buf_new(sizeof mark);
        buf_printf(&b, "[%u]", note->number);
        write_text(p, &r->line, buf_str(&b));
        buf_free(&b);
        return;
    }
}

static void begin_note(struct ooxml_part *p, struct reading *r, const char **attribute)
{
    const char *id = ooxml_attribute(attribute, "id"),
               *type = ooxml_attribute(attribute, "type");
    uint64_t n;
    if (type != NULL || id == NULL || number_read(str_of(id), UINT32_MAX, &n) != CAU_OK)
        return; /* the line above the notes */
    if (++r->notes > DOCX_READ_NOTES_MAX) {
        ooxml_stop(p, DOCX_NOTES);
        return;
    }
    struct note *note = arena_zero(r->package.a, sizeof *note);
    if (note == NULL) {
        ooxml_stop_memory(p);
        return;
    }
    *note = (struct note){.id = n, .at_end = r->end_notes, .next = r->note};
    r->note = r->into = note;
}

static void end_note(struct ooxml_part *p, struct reading *r)
{
    struct str text = squeeze(buf_str(&r->line));
    if (r->into == NULL)
        text.len = 0;
    else if (arena_copy(r->package.a, text, &r->into->text) != CAU_OK)
        ooxml_stop_memory(p);
    r->text_bytes += text.len;
    if (r->text_bytes > DOCX_READ_TEXT_BYTES_MAX)
        ooxml_stop(p, DOCX_TEXT);
    buf_reset(&r->line);
    r->into = NULL;
}

/* ---- elements of the text ---- */

static void begin_paragraph_property(struct reading *r, const char *name,
                                     const char **attribute)
{
    const char *value = ooxml_attribute(attribute, "val");
    uint64_t n;
    if (value == NULL || r->inside > 1)
        return;
    if (strcmp(name, "pStyle") == 0) {
        const struct style *s = r->style;
        while (s != NULL && !str_is(s->id, value))
            s = s->next;
        if (s != NULL && r->level == 0)
            r->level = s->level;
        if (s != NULL && !r->listed) {
            r->num = s->num;
            r->item_level = s->item_level;
        }
    } else if (strcmp(name, "numId") == 0) {
        r->listed = true;
        if (number_read(str_of(value), UINT32_MAX, &r->num) != CAU_OK)
            r->num = 0;
    } else if (strcmp(name, "ilvl") == 0) {
        r->listed = true;
        r->item_level = number_read(str_of(value), DOCX_LIST_LEVELS - 1, &n) == CAU_OK
                            ? (unsigned)n
                            : DOCX_LIST_LEVELS;
    } else if (strcmp(name, "outlineLvl") == 0 && number_read(str_of(value), 8, &n) == CAU_OK) {
        r->level = (unsigned)n + 1;
    }
}

static void begin_inside_run(struct ooxml_part *p, struct reading *r, const char *name,
                             const char **attribute)
{
    if (strcmp(name, "tab") == 0 || strcmp(name, "br") == 0 || strcmp(name, "cr") == 0 ||
        strcmp(name, "ptab") == 0)
        write_text(p, &r->line, STR(" "));
    else if (strcmp(name, "noBreakHyphen") == 0)
        write_text(p, &r->line, STR("\xE2\x80\x91"));
    else if (strcmp(name, "footnoteReference") == 0)
        refer(p, r, ooxml_attribute(attribute, "id"), false);
    else if (strcmp(name, "endnoteReference") == 0)
        refer(p, r, ooxml_attribute(attribute, "id"), true);
}

static bool is_passed_over(const char *name)
{
    static const char *const passed[] = {"del", "moveFrom",  "Fallback",
                                         "rPr", "pPrChange", "sectPr"};
    for (size_t i = 0; i < countof(passed); i++)
        if (strcmp(name, passed[i]) == 0)
            return true;
    return false;
}

static void text_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct reading *r = p->owner;
    if (p->depth == 1)
        r->document = strcmp(name, "document") == 0;
    if (r->skip_at > 0)
        return;
    if (is_passed_over(name)) {
        r->skip_at = p->depth;
    } else if (r->properties) {
        begin_paragraph_property(r, name, attribute);
    } else if (strcmp(name, "pPr") == 0) {
        r->properties = true;
    } else if (strcmp(name, "p") == 0) {
        r->inside++;
    } else if (strcmp(name, "t") == 0) {
        r->in_text = true;
    } else if (strcmp(name, "r") == 0) {
        r->run++;
    } else if (strcmp(name, "tbl") == 0) {
        r->tables++;
    } else if (strcmp(name, "footnote") == 0 || strcmp(name, "endnote") == 0) {
        begin_note(p, r, attribute);
    } else if (r->run > 0) {
        begin_inside_run(p, r, name, attribute);
    }
}

static void text_end(struct ooxml_part *p, const char *name)
{
    struct reading *r = p->owner;
    if (r->skip_at > 0) {
        if (p->depth + 1 == r->skip_at)
            r->skip_at = 0;
    } else if (strcmp(name, "pPr") == 0) {
        r->properties = false;
        begin_text(p, r);
    } else if (strcmp(name, "t") == 0) {
        r->in_text = false;
    } else if (strcmp(name, "r") == 0) {
        r->run -= r->run > 0;
    } else if (strcmp(name, "p") == 0) {
        end_paragraph(p, r);
    } else if (strcmp(name, "tc") == 0) {
        end_cell(p, r);
    } else if (strcmp(name, "tr") == 0) {
        end_row(p, r);
    } else if (strcmp(name, "tbl") == 0) {
        r->tables -= r->tables > 0;
    } else if (strcmp(name, "footnote") == 0 || strcmp(name, "endnote") == 0) {
        end_note(p, r);
    }
}

static void text_text(struct ooxml_part *p, struct str text)
{
    struct reading *r = p->owner;
    if (r->in_text && r->skip_at == 0)
        write_text(p, &r->line, text);
}

/* ---- styles ---- */

static unsigned level_of_name(const char *name)
{
    static const char heading[] = "heading ";
    if (strcmp(name, "Title") == 0)
        return 1;
    for (size_t i = 0; i < sizeof heading - 1; i++)
        if ((name[i] | 0x20) != heading[i])
            return 0;
    char digit = name[sizeof heading - 1];
    return digit >= '1' && digit <= '9' && name[sizeof heading] == 0 ? (unsigned)(digit - '0')
                                                                     : 0;
}

static void style_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct reading *r = p->owner;
    const char *id = ooxml_attribute(attribute, "styleId"),
               *value = ooxml_attribute(attribute, "val");
    uint64_t n;
    if (strcmp(name, "style") == 0) {
        r->made = (struct style){.level = 0};
        if (++r->styles > DOCX_READ_STYLES_MAX)
            ooxml_stop(p, DOCX_STYLES);
        else if (id != NULL && arena_copy(r->package.a, str_of(id), &r->made.id) != CAU_OK)
            ooxml_stop_memory(p);
    } else if (value == NULL) {
        return;
    } else if (strcmp(name, "name") == 0 && r->made.level == 0) {
        r->made.level = level_of_name(value);
    } else if (strcmp(name, "outlineLvl") == 0 && number_read(str_of(value), 8, &n) == CAU_OK) {
        r->made.level = (unsigned)n + 1;
    } else if (strcmp(name, "numId") == 0 &&
               number_read(str_of(value), UINT32_MAX, &n) == CAU_OK) {
        r->made.num = n;
    } else if (strcmp(name, "ilvl") == 0 &&
               number_read(str_of(value), DOCX_LIST_LEVELS - 1, &n) == CAU_OK) {
        r->made.item_level = (unsigned)n;
    }
}

static void style_end(struct ooxml_part *p, const char *name)
{
    struct reading *r = p->owner;
    if (strcmp(name, "style") != 0 || r->made.id.len == 0 ||
        (r->made.level == 0 && r->made.num == 0))
        return;
    struct style *s = arena_zero(r->package.a, sizeof *s);
    if (s == NULL) {
        ooxml_stop_memory(p);
        return;
    }
    *s = r->made;
    s->next = r->style;
    r->style = s;
    r->made = (struct style){.level = 0};
}

/* ---- the file ---- */

static bool has_word(const char *text, const char *word)
{
    return text != NULL && strstr(text, word) != NULL;
}

static void types_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    const char *type = ooxml_attribute(attribute, "ContentType");
    (void)name;
    if (has_word(type, "macroEnabled") || has_word(type, "vbaProject") ||
        has_word(type, "activeX"))
        ooxml_stop(p, DOCX_MACROS);
}

/* Macros stay macros whatever the list of types says of them. */
static bool has_macros(const struct ooxml *o)
{
    zip_int64_t n = zip_get_num_entries(o->zip, 0);
    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(o->zip, (zip_uint64_t)i, 0);
        if (has_word(name, "vbaProject") || has_word(name, "vbaData") ||
            has_word(name, "activeX/"))
            return true;
    }
    return false;
}

static enum cau_err read_part(struct reading *r, const struct ooxml_relation *part,
                              struct ooxml_part handlers, struct ooxml_fault *fault)
{
    handlers.owner = r;
    return part == NULL ? CAU_OK : ooxml_run(&r->package, &handlers, part->target, fault);
}

static const struct ooxml_part text_handlers = {
    .start = text_start, .end = text_end, .text = text_text};

static enum cau_err read_notes(struct reading *r, const struct ooxml_relations *all,
                               struct ooxml_fault *fault)
{
    r->in_notes = true;
    enum cau_err err = read_part(r, ooxml_of_type(all, "/footnotes"), text_handlers, fault);
    r->end_notes = true;
    if (err == CAU_OK)
        err = read_part(r, ooxml_of_type(all, "/endnotes"), text_handlers, fault);
    r->in_notes = false;
    buf_reset(&r->line);
    return err;
}

/* The notes that the text refers to, as paragraphs behind it. */
static enum cau_err add_notes(struct reading *r, struct ooxml_fault *fault)
{
    struct note **in_order = arena_zero(r->package.a, (r->numbered + 1) * sizeof *in_order);
    if (in_order == NULL)
        return CAU_ERR_MEMORY;
    for (struct note *n = r->note; n != NULL; n = n->next)
        in_order[n->number] = n;
    for (size_t i = 1; i <= r->numbered; i++) {
        struct docx_paragraph *one = arena_zero(r->package.a, sizeof *one);
        struct buf b = buf_new(DOCX_READ_TEXT_BYTES_MAX + 16);
        buf_printf(&b, "[%zu] ", i);
        buf_add(&b, in_order[i]->text);
        bool bad = one == NULL || b.failed ||
                   arena_copy(r->package.a, buf_str(&b), &one->text) != CAU_OK;
        buf_free(&b);
        if (bad)
            return CAU_ERR_MEMORY;
        one->type = DOCX_NOTE;
        if (r->text.n++ == DOCX_READ_PARAGRAPHS_MAX)
            return ooxml_fail(&r->package, fault, DOCX_PARAGRAPHS, STR(""));
        r->text.last->next = one; /* a note stands in a paragraph, so there is one */
        r->text.last = one;
    }
    return CAU_OK;
}

static enum cau_err read_document(struct reading *r, struct ooxml_fault *fault)
{
    struct ooxml *o = &r->package;
    struct ooxml_relations top, inner = {.n = 0};
    struct ooxml_part types = {.start = types_start};
    if (has_macros(o))
        return ooxml_fail(o, fault, DOCX_MACROS, STR(""));
    if (!ooxml_has(o, "_rels/.rels") || !ooxml_has(o, "[Content_Types].xml"))
        return ooxml_fail(o, fault, DOCX_NO_DOCUMENT, STR(""));
    enum cau_err err = ooxml_run(o, &types, STR("[Content_Types].xml"), fault);
    if (err == CAU_OK)
        err = ooxml_read_relations(o, STR(""), &top, fault);
    if (err != CAU_OK)
        return err;
    const struct ooxml_relation *document = ooxml_of_type(&top, "/officeDocument");
    if (document == NULL)
        return ooxml_fail(o, fault, DOCX_NO_DOCUMENT, STR(""));
    char name[OOXML_NAME_BYTES_MAX * 2];
    struct str folder = document->target;
    while (folder.len > 0 && folder.p[folder.len - 1] != '/')
        folder.len--;
    int n = snprintf(name, sizeof name, "%.*s_rels/%.*s.rels", STR_ARG(folder),
                     STR_ARG(str_from(document->target, folder.len)));
    if (n > 0 && (size_t)n < sizeof name && ooxml_has(o, name)) /* a plain one has none */
        err = ooxml_read_relations(o, document->target, &inner, fault);
    if (err == CAU_OK)
        err = read_part(r, ooxml_of_type(&inner, "/styles"),
                        (struct ooxml_part){.start = style_start, .end = style_end}, fault);
    const struct ooxml_relation *lists = ooxml_of_type(&inner, "/numbering");
    if (err == CAU_OK && lists != NULL)
        err = docx_lists_read(o, lists->target, DOCX_READ_LISTS_MAX, DOCX_LISTS, &r->lists,
                              fault);
    if (err == CAU_OK)
        err = read_notes(r, &inner, fault);
    if (err == CAU_OK)
        err = read_part(r, document, text_handlers, fault);
    if (err == CAU_OK && !r->document)
        err = ooxml_fail(o, fault, DOCX_NO_DOCUMENT, document->target);
    if (err == CAU_OK && r->text.n == 0)
        err = ooxml_fail(o, fault, DOCX_EMPTY, document->target);
    return err == CAU_OK ? add_notes(r, fault) : err;
}

enum cau_err docx_read(struct arena *a, struct str bytes, struct docx_text *out,
                       struct docx_fault *fault)
{
    static const struct ooxml_limits limits = {
        DOCX_READ_FILE_BYTES_MAX, DOCX_READ_INFLATED_BYTES_MAX, DOCX_READ_DEPTH_MAX};
    struct ooxml_fault f = {.why = OOXML_GOOD};
    struct reading *r = arena_zero(a, sizeof *r);
    if (r == NULL)
        return CAU_ERR_MEMORY;
    r->line = buf_new(DOCX_READ_TEXT_BYTES_MAX);
    r->row = buf_new(DOCX_READ_TEXT_BYTES_MAX);
    enum cau_err err = ooxml_open(&r->package, a, bytes, limits, &f);
    if (err == CAU_OK)
        err = read_document(r, &f);
    ooxml_close(&r->package);
    buf_free(&r->line);
    buf_free(&r->row);
    if (err == CAU_OK)
        *out = r->text;
    else if (err == CAU_ERR_SYNTAX)
        *fault = (struct docx_fault){(enum docx_why)f.why, f.part};
    return err;
}

void docx_write_prose(const struct docx_text *text, struct buf *b)
{
    for (const struct docx_paragraph *p = text->first; p != NULL; p = p->next) {
        if (p != text->first)
            buf_add_char(b, '\n');
        if (p->type == DOCX_ITEM)
            buf_add(b, STR("\xE2\x80\x93 "));
        buf_add(b, p->text);
    }
}
