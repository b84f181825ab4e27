#include "exchange/file/xlsx.h"

#include "base/utf8.h"
#include "exchange/file/xlsx_int.h"

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

static enum cau_err tell(enum cau_err err, const struct ooxml_fault *from,
                         struct xlsx_fault *fault)
{
    if (err == CAU_ERR_SYNTAX)
        *fault = (struct xlsx_fault){.why = (enum xlsx_why)from->why, .part = from->part};
    return err;
}

static enum cau_err fail(struct xlsx *x, struct xlsx_fault *fault, enum xlsx_why why,
                         struct str part)
{
    struct ooxml_fault f;
    return tell(ooxml_fail(&x->package, &f, why, part), &f, fault);
}

enum cau_err xlsx_run(struct xlsx *x, struct ooxml_part *p, struct str name,
                      struct xlsx_fault *fault)
{
    struct ooxml_fault f;
    p->owner = x;
    return tell(ooxml_run(&x->package, p, name, &f), &f, fault);
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

static bool is_true(const char *word)
{
    return word != NULL && (strcmp(word, "1") == 0 || strcmp(word, "true") == 0);
}

static void add_sheet(struct ooxml_part *p, const char *name, const char *state,
                      struct str part)
{
    struct xlsx *x = xlsx_of(p);
    if (x->sheet_count == XLSX_SHEETS_MAX) {
        ooxml_stop(p, XLSX_SHEETS);
        return;
    }
    struct str label = str_of(name);
    if (label.len > XLSX_NAME_BYTES_MAX)
        label = utf8_clip(label, XLSX_NAME_BYTES_MAX / 4);
    struct xlsx_sheet *s = &x->sheet[x->sheet_count];
    if (arena_copy(x->a, label, &s->name) != CAU_OK) {
        ooxml_stop_memory(p);
        return;
    }
    s->hidden = state != NULL && strcmp(state, "visible") != 0;
    x->sheet_part[x->sheet_count++] = part;
}

static void workbook_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    if (strcmp(name, "workbookPr") == 0)
        xlsx_of(p)->epoch_1904 = is_true(ooxml_attribute(attribute, "date1904"));
    if (strcmp(name, "sheet") != 0)
        return;
    const char *label = ooxml_attribute(attribute, "name");
    const char *id = ooxml_attribute(attribute, "id"); /* r:id; sheetId is another word */
    const struct ooxml_relation *r = id != NULL ? ooxml_of_id(p->state, str_of(id)) : NULL;
    /* A sheet of charts or macros is no table. */
    if (label != NULL && r != NULL && str_ends(r->type, STR("/worksheet")))
        add_sheet(p, label, ooxml_attribute(attribute, "state"), r->target);
}

static enum cau_err read_workbook(struct xlsx *x, struct xlsx_fault *fault)
{
    struct ooxml_relations top = {.n = 0}, inner = {.n = 0};
    struct ooxml_fault f;
    if (!ooxml_has(&x->package, "_rels/.rels"))
        return fail(x, fault, XLSX_NO_WORKBOOK, STR("_rels/.rels"));
    enum cau_err err = tell(ooxml_read_relations(&x->package, STR(""), &top, &f), &f, fault);
    if (err != CAU_OK)
        return err;
    const struct ooxml_relation *workbook = ooxml_of_type(&top, "/officeDocument");
    if (workbook == NULL)
        return fail(x, fault, XLSX_NO_WORKBOOK, STR("_rels/.rels"));
    err = tell(ooxml_read_relations(&x->package, workbook->target, &inner, &f), &f, fault);
    if (err != CAU_OK)
        return err;
    struct ooxml_part p = {.state = &inner, .start = workbook_start};
    err = xlsx_run(x, &p, workbook->target, fault);
    if (err != CAU_OK)
        return err;
    const struct ooxml_relation *strings = ooxml_of_type(&inner, "/sharedStrings");
    const struct ooxml_relation *styles = ooxml_of_type(&inner, "/styles");
    x->strings_part = strings != NULL ? strings->target : (struct str){NULL, 0};
    x->styles_part = styles != NULL ? styles->target : (struct str){NULL, 0};
    return x->sheet_count > 0 ? CAU_OK : fail(x, fault, XLSX_NO_WORKBOOK, workbook->target);
}

enum cau_err xlsx_open(struct arena *a, struct str bytes, struct xlsx **out,
                       struct xlsx_fault *fault)
{
    struct xlsx *x = arena_zero(a, sizeof *x);
    if (x == NULL)
        return CAU_ERR_MEMORY;
    static const struct ooxml_limits limits = {XLSX_FILE_BYTES_MAX, XLSX_INFLATED_BYTES_MAX,
                                               XLSX_DEPTH_MAX};
    struct ooxml_fault f;
    *x = (struct xlsx){.a = a,
                       .string = buf_new(XLSX_STRING_BYTES_MAX),
                       .end = buf_new(XLSX_STRINGS_MAX * sizeof(uint32_t))};
    enum cau_err err = tell(ooxml_open(&x->package, a, bytes, limits, &f), &f, fault);
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
    x->inflated_by_open = x->package.inflated;
    *out = x;
    return CAU_OK;
}

void xlsx_close(struct xlsx *x)
{
    if (x == NULL)
        return;
    ooxml_close(&x->package);
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
    *done = x->package.part_done;
    *all =
        x->package.part_all > x->package.part_done ? x->package.part_all : x->package.part_done;
}
