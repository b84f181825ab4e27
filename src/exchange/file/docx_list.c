#include "exchange/file/docx_list_int.h"

#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

/* ---- reading ---- */

struct listing {
    struct docx_lists *all;
    size_t most;
    unsigned too_many;
};

static bool read_id(const char **attribute, const char *name, uint64_t *out)
{
    const char *text = ooxml_attribute(attribute, name);
    return text != NULL && number_read(str_of(text), UINT32_MAX, out) == CAU_OK;
}

static void *one_more(struct ooxml_part *p, struct listing *l, size_t bytes)
{
    if (++l->all->n > l->most) {
        ooxml_stop(p, l->too_many);
        return NULL;
    }
    void *one = arena_zero(p->package->a, bytes);
    if (one == NULL)
        ooxml_stop_memory(p);
    return one;
}

static void begin_list(struct ooxml_part *p, struct listing *l, const char **attribute)
{
    uint64_t id;
    l->all->in_list = NULL;
    struct docx_list *list =
        read_id(attribute, "abstractNumId", &id) ? one_more(p, l, sizeof *list) : NULL;
    if (list == NULL)
        return;
    list->id = id;
    list->next = l->all->list;
    for (size_t i = 0; i < DOCX_LIST_LEVELS; i++)
        list->level[i] = (struct docx_level){1, '1', {NULL, 0}};
    l->all->list = l->all->in_list = list;
}

static void begin_num(struct ooxml_part *p, struct listing *l, const char **attribute)
{
    uint64_t id;
    l->all->in_num = NULL;
    struct docx_num *num =
        read_id(attribute, "numId", &id) ? one_more(p, l, sizeof *num) : NULL;
    if (num == NULL)
        return;
    num->id = id;
    num->next = l->all->num;
    l->all->num = l->all->in_num = num;
}

static char read_format(const char *name)
{
    static const struct {
        const char *name;
        char format;
    } known[] = {{"bullet", '*'},       {"none", '-'},        {"lowerLetter", 'a'},
                 {"upperLetter", 'A'},  {"lowerRoman", 'i'},  {"upperRoman", 'I'},
                 {"russianLower", 'b'}, {"russianUpper", 'B'}};
    for (size_t i = 0; i < countof(known); i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].format;
    return '1';
}

static void read_level(struct ooxml_part *p, struct docx_level *level, const char *name,
                       const char **attribute)
{
    const char *value = ooxml_attribute(attribute, "val");
    uint64_t n;
    if (value == NULL)
        return;
    if (strcmp(name, "start") == 0) {
        if (number_read(str_of(value), DOCX_LIST_NUMBER_MAX, &n) == CAU_OK)
            level->start = (unsigned)n;
    } else if (strcmp(name, "numFmt") == 0) {
        level->format = read_format(value);
    } else if (strcmp(name, "lvlText") == 0 && strlen(value) <= DOCX_LIST_TEXT_BYTES_MAX) {
        if (arena_copy(p->package->a, str_of(value), &level->text) != CAU_OK)
            ooxml_stop_memory(p);
    }
}

static struct docx_list *find_list(const struct docx_lists *all, uint64_t id)
{
    for (struct docx_list *l = all->list; l != NULL; l = l->next)
        if (l->id == id)
            return l;
    return NULL;
}

static void list_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct listing *l = p->state;
    struct docx_lists *all = l->all;
    uint64_t n;
    if (strcmp(name, "abstractNum") == 0) {
        begin_list(p, l, attribute);
    } else if (strcmp(name, "num") == 0) {
        begin_num(p, l, attribute);
    } else if (strcmp(name, "lvl") == 0 || strcmp(name, "lvlOverride") == 0) {
        all->level = read_id(attribute, "ilvl", &n) && n < DOCX_LIST_LEVELS ? (unsigned)n
                                                                            : DOCX_LIST_LEVELS;
    } else if (all->in_num != NULL) {
        if (strcmp(name, "abstractNumId") == 0 && read_id(attribute, "val", &n))
            all->in_num->list = find_list(all, n);
        else if (strcmp(name, "startOverride") == 0 && all->level < DOCX_LIST_LEVELS &&
                 read_id(attribute, "val", &n) && n <= DOCX_LIST_NUMBER_MAX)
            all->in_num->again[all->level] = (unsigned)n + 1;
    } else if (all->in_list != NULL && all->level < DOCX_LIST_LEVELS) {
        read_level(p, &all->in_list->level[all->level], name, attribute);
    }
}

static void list_end(struct ooxml_part *p, const char *name)
{
    struct docx_lists *all = ((struct listing *)p->state)->all;
    if (strcmp(name, "abstractNum") == 0)
        all->in_list = NULL;
    else if (strcmp(name, "num") == 0)
        all->in_num = NULL;
    else if (strcmp(name, "lvl") == 0 || strcmp(name, "lvlOverride") == 0)
        all->level = DOCX_LIST_LEVELS;
}

enum cau_err docx_lists_read(struct ooxml *o, struct str part, size_t most, unsigned too_many,
                             struct docx_lists *out, struct ooxml_fault *fault)
{
    struct listing l = {out, most, too_many};
    struct ooxml_part p = {.state = &l, .start = list_start, .end = list_end};
    out->level = DOCX_LIST_LEVELS;
    return ooxml_run(o, &p, part, fault);
}

/* ---- counting ---- */

static void write_roman(struct buf *b, unsigned n, bool upper)
{
    static const struct {
        unsigned value;
        const char *lower, *upper;
    } sign[] = {{1000, "m", "M"}, {900, "cm", "CM"}, {500, "d", "D"}, {400, "cd", "CD"},
                {100, "c", "C"},  {90, "xc", "XC"},  {50, "l", "L"},  {40, "xl", "XL"},
                {10, "x", "X"},   {9, "ix", "IX"},   {5, "v", "V"},   {4, "iv", "IV"},
                {1, "i", "I"}};
    for (size_t i = 0; i < countof(sign); i++)
        for (; n >= sign[i].value; n -= sign[i].value)
            buf_add_word(b, upper ? sign[i].upper : sign[i].lower);
}

/* a .. z, aa, bb ..: the letters once more for each round. */
static void write_letters(struct buf *b, unsigned n, struct str letters)
{
    size_t count = utf8_count(letters), rounds = (n - 1) / count + 1;
    struct str rest = letters, one = letters;
    for (size_t i = 0; i <= (n - 1) % count; i++) {
        one = rest;
        (void)utf8_next(&rest);
        one.len -= rest.len;
    }
    for (size_t i = 0; i < rounds && i < 8; i++)
        buf_add(b, one);
}

static void write_number(struct buf *b, unsigned n, char format)
{
    if (n == 0 || format == '1')
        buf_add_u64(b, n);
    else if (format == 'i' || format == 'I')
        write_roman(b, n, format == 'I');
    else if (format == 'a' || format == 'A')
        write_letters(b, n,
                      format == 'a' ? STR("abcdefghijklmnopqrstuvwxyz")
                                    : STR("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    else
        write_letters(b, n,
                      format == 'b' ? STR("абвгдежзиклмнопрстуфхцчшщэюя")
                                    : STR("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"));
}

/* "%1.%2." with the numbers of the levels. */
static void write_item(struct buf *b, const struct docx_list *l, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned at = text.p[i] == '%' && i + 1 < text.len
                          ? (unsigned)(unsigned char)text.p[i + 1] - '1'
                          : DOCX_LIST_LEVELS;
        if (at >= DOCX_LIST_LEVELS) {
            buf_add_char(b, text.p[i]);
            continue;
        }
        const struct docx_level *level = &l->level[at];
        char format = level->format == '*' || level->format == '-' ? '1' : level->format;
        write_number(b, l->count[at] == 0 ? level->start : l->count[at] - 1, format);
        i++;
    }
}

bool docx_lists_next(struct docx_lists *all, uint64_t num, unsigned level, struct buf *b)
{
    struct docx_num *use = all->num;
    while (use != NULL && use->id != num)
        use = use->next;
    if (use == NULL || use->list == NULL || level >= DOCX_LIST_LEVELS)
        return false;
    struct docx_list *l = use->list;
    struct docx_level *of = &l->level[level];
    if (use->again[level] > 0) {
        l->count[level] = use->again[level];
        use->again[level] = 0;
    } else if (l->count[level] == 0) {
        l->count[level] = of->start + 1;
    } else if (l->count[level] <= DOCX_LIST_NUMBER_MAX) {
        l->count[level]++;
    }
    for (unsigned i = level + 1; i < DOCX_LIST_LEVELS; i++)
        l->count[i] = 0;
    if (of->format == '*' || of->text.len == 0)
        return false;
    write_item(b, l, of->text);
    return true;
}
