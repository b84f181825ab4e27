/* The parts of a workbook that a sheet refers to: shared strings and styles. */
#include "exchange/file/xlsx_int.h"

#include "base/number.h"

#include <string.h>

struct strings {
    bool in_item, in_text, in_hint; /* si, t, rPh */
    size_t from;                    /* where the string begins */
};

static void strings_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct strings *s = p->state;
    (void)attribute;
    if (strcmp(name, "si") == 0) {
        *s = (struct strings){.in_item = true, .from = xlsx_of(p)->string.len};
    } else if (strcmp(name, "rPh") == 0) {
        s->in_hint = true;
    } else if (strcmp(name, "t") == 0) {
        s->in_text = s->in_item && !s->in_hint;
    }
}

static void strings_text(struct ooxml_part *p, struct str text)
{
    struct strings *s = p->state;
    struct buf *b = &xlsx_of(p)->string;
    if (!s->in_text)
        return;
    buf_add(b, text);
    if (b->failed) {
        p->memory = b->len + text.len <= b->max;
        ooxml_stop(p, XLSX_STRINGS);
    } else if (b->len - s->from > 12 * XLSX_CELL_POINTS_MAX) { /* before undoing escapes */
        ooxml_stop(p, XLSX_CELL_TEXT);
    }
}

static void strings_end(struct ooxml_part *p, const char *name)
{
    struct strings *s = p->state;
    struct xlsx *x = xlsx_of(p);
    if (strcmp(name, "t") == 0)
        s->in_text = false;
    else if (strcmp(name, "rPh") == 0)
        s->in_hint = false;
    if (strcmp(name, "si") != 0 || !s->in_item)
        return;
    s->in_item = false;
    if (!xlsx_unescape(&x->string, s->from)) {
        ooxml_stop(p, XLSX_CELL_TEXT);
        return;
    }
    uint32_t end = (uint32_t)x->string.len;
    buf_add(&x->end, (struct str){(const char *)&end, sizeof end});
    if (x->end.failed) {
        p->memory = x->end.len + sizeof end <= x->end.max;
        ooxml_stop(p, XLSX_STRINGS);
    }
}

enum cau_err xlsx_read_strings(struct xlsx *x, struct xlsx_fault *fault)
{
    struct strings s = {0};
    struct ooxml_part p = {
        .state = &s, .start = strings_start, .end = strings_end, .text = strings_text};
    return xlsx_run(x, &p, x->strings_part, fault);
}

/* Formats 14 to 22, 27 to 36 and 50 to 58 are built in and show a day (18 to 21 only a time). */
static bool built_in_date(uint64_t id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
           (id >= 50 && id <= 54) || id == 57 || id == 58;
}

bool xlsx_format_is_date(const char *code)
{
    bool day = false, month = false, clock = false;
    for (const char *c = code; *c != 0 && *c != ';'; c++) { /* the form of positive numbers */
        if (*c == '"' || *c == '[') {
            const char *end = strchr(c + 1, *c == '"' ? '"' : ']');
            if (end == NULL)
                break;
            c = end;
        } else if (*c == '\\' || *c == '_' || *c == '*') {
            if (c[1] == 0)
                break;
            c++;
        } else {
            day = day || strchr("yYdD", *c) != NULL;
            month = month || strchr("mM", *c) != NULL;
            clock = clock || strchr("hHsS", *c) != NULL;
        }
    }
    return day || (month && !clock);
}

struct styles {
    bool in_cells; /* cellXfs */
    unsigned char date_format[XLSX_FORMAT_ID_MAX / 8 + 1];
};

static void add_format(struct ooxml_part *p, struct styles *s, const char **attribute)
{
    const char *id = ooxml_attribute(attribute, "numFmtId");
    const char *code = ooxml_attribute(attribute, "formatCode");
    uint64_t n;
    if (id == NULL || code == NULL)
        return;
    if (number_read(str_of(id), XLSX_FORMAT_ID_MAX, &n) != CAU_OK)
        ooxml_stop(p, XLSX_STYLES);
    else if (xlsx_format_is_date(code))
        s->date_format[n / 8] |= (unsigned char)(1u << n % 8);
}

static void add_style(struct ooxml_part *p, struct styles *s, const char **attribute)
{
    struct xlsx *x = xlsx_of(p);
    if (x->style_count == XLSX_STYLES_MAX) {
        ooxml_stop(p, XLSX_STYLES);
        return;
    }
    const char *id = ooxml_attribute(attribute, "numFmtId");
    uint64_t n = 0;
    if (id != NULL && number_read(str_of(id), XLSX_FORMAT_ID_MAX, &n) != CAU_OK) {
        ooxml_stop(p, XLSX_STYLES);
        return;
    }
    if (built_in_date(n) || (s->date_format[n / 8] >> n % 8 & 1) != 0)
        x->date_style[x->style_count / 8] |= (unsigned char)(1u << x->style_count % 8);
    x->style_count++;
}

static void styles_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct styles *s = p->state;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = true;
    else if (strcmp(name, "numFmt") == 0)
        add_format(p, s, attribute);
    else if (strcmp(name, "xf") == 0 && s->in_cells)
        add_style(p, s, attribute);
}

static void styles_end(struct ooxml_part *p, const char *name)
{
    struct styles *s = p->state;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
}

enum cau_err xlsx_read_styles(struct xlsx *x, struct xlsx_fault *fault)
{
    struct styles *s = arena_zero(x->a, sizeof *s);
    x->date_style = arena_zero(x->a, XLSX_STYLES_MAX / 8);
    if (s == NULL || x->date_style == NULL)
        return CAU_ERR_MEMORY;
    struct ooxml_part p = {.state = s, .start = styles_start, .end = styles_end};
    return xlsx_run(x, &p, x->styles_part, fault);
}
