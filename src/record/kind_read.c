#include "record/kind_int.h"

#include "base/number.h"

#include <string.h>

enum { KIND_MAJOR_MAX = 999, KIND_ORDER_MAX = 100000, KIND_SEARCH_MAX = 15 };

/* What may stand at the head of a line. A block has each at most once. */
enum attribute {
    MAJOR,
    ORDER,
    SECTION,
    TITLE,
    SCHEMA,
    PERSONAL,
    MANY_VI,
    MANY_RU,
    MANY_EN,
    TYPE,
    REQUIRED,
    RULE,
    LIMIT,
    MOST,
    SEARCH,
    FACET,
    CARD,
    MANY,
    VI,
    RU,
    EN,
    HELP_VI,
    HELP_RU,
    HELP_EN,
    ATTRIBUTES
};

enum { OF_KIND = 1, OF_FIELD = 2, OF_COLUMN = 4 };

static const struct {
    const char *word;
    unsigned of;
    bool bare; /* stands alone */
} attributes[] = {
    [MAJOR] = {"major", OF_KIND, false},
    [ORDER] = {"order", OF_KIND, false},
    [SECTION] = {"section", OF_KIND, false},
    [TITLE] = {"title", OF_KIND, false},
    [SCHEMA] = {"schema", OF_KIND, false},
    [PERSONAL] = {"personal", OF_KIND, true},
    [MANY_VI] = {"many.vi", OF_KIND, false},
    [MANY_RU] = {"many.ru", OF_KIND, false},
    [MANY_EN] = {"many.en", OF_KIND, false},
    [TYPE] = {"type", OF_FIELD | OF_COLUMN, false},
    [REQUIRED] = {"required", OF_FIELD | OF_COLUMN, true},
    [RULE] = {"rule", OF_FIELD, true},
    [LIMIT] = {"limit", OF_FIELD | OF_COLUMN, false},
    [MOST] = {"most", OF_FIELD | OF_COLUMN, false},
    [SEARCH] = {"search", OF_FIELD | OF_COLUMN, false},
    [FACET] = {"facet", OF_FIELD | OF_COLUMN, false},
    [CARD] = {"card", OF_FIELD, true},
    [MANY] = {"many", OF_FIELD | OF_COLUMN, true},
    [VI] = {"vi", OF_KIND | OF_FIELD | OF_COLUMN, false},
    [RU] = {"ru", OF_KIND | OF_FIELD | OF_COLUMN, false},
    [EN] = {"en", OF_KIND | OF_FIELD | OF_COLUMN, false},
    [HELP_VI] = {"help.vi", OF_KIND | OF_FIELD | OF_COLUMN, false},
    [HELP_RU] = {"help.ru", OF_KIND | OF_FIELD | OF_COLUMN, false},
    [HELP_EN] = {"help.en", OF_KIND | OF_FIELD | OF_COLUMN, false},
};
_Static_assert(countof(attributes) == ATTRIBUTES, "every attribute has its word");

/* The file being read. */
struct kind_file {
    struct kind_reader *r;
    struct kind_lines l;
    bool more; /* l stands on a line not yet taken */
    struct kind kind;
    struct kind_field field[KIND_FIELDS_MAX];
};

/* One block: its attributes, and the line it began on. */
struct block {
    size_t line;
    bool has[ATTRIBUTES];
    struct str value[ATTRIBUTES];
    size_t at[ATTRIBUTES]; /* line */
};

static enum cau_err refuse(struct kind_file *f, size_t line, struct str word)
{
    return kind_refuse(f->r, f->l.file, line, word);
}

static enum cau_err refuse_attribute(struct kind_file *f, const struct block *b,
                                     enum attribute x)
{
    return refuse(f, b->has[x] ? b->at[x] : b->line, str_of(attributes[x].word));
}

/* Reads the lines below the head of a block, up to an empty line or the next head. */
static enum cau_err read_block(struct kind_file *f, unsigned of, struct block *out)
{
    *out = (struct block){.line = f->l.line};
    while ((f->more = kind_lines_next(&f->l)) && !f->l.after_gap) {
        if (str_is(f->l.word, "field") || str_is(f->l.word, "column"))
            break;
        unsigned x = 0;
        while (x < ATTRIBUTES && !str_is(f->l.word, attributes[x].word))
            x++;
        if (x == ATTRIBUTES || (attributes[x].of & of) == 0 || out->has[x] ||
            attributes[x].bare != (f->l.value.len == 0))
            return refuse(f, f->l.line, f->l.word);
        out->has[x] = true;
        out->value[x] = f->l.value;
        out->at[x] = f->l.line;
    }
    return CAU_OK;
}

/* A number from 1 to max; *out unchanged when the block has none. */
static enum cau_err read_number(struct kind_file *f, const struct block *b, enum attribute x,
                                uint32_t max, uint32_t *out)
{
    uint64_t value = 0;
    if (!b->has[x])
        return CAU_OK;
    enum cau_err err = number_read(b->value[x], max, &value);
    if (err == CAU_ERR_RANGE || (err == CAU_OK && value == 0))
        return kind_over(f->r, f->l.file, b->at[x], b->value[x]);
    if (err != CAU_OK)
        return refuse(f, b->at[x], b->value[x]);
    *out = (uint32_t)value;
    return CAU_OK;
}

/* Three labels, or none where they may be missing. */
static enum cau_err read_labels(struct kind_file *f, const struct block *b,
                                enum attribute first, bool required, struct str out[LANG_COUNT])
{
    bool any = required;
    for (unsigned i = 0; i < LANG_COUNT; i++)
        any = any || b->has[first + i];
    for (unsigned i = 0; any && i < LANG_COUNT; i++) {
        if (!b->has[first + i])
            return refuse_attribute(f, b, first + i);
        out[i] = b->value[first + i];
    }
    return CAU_OK;
}

/* Built-in columns. */
static const struct kind_field source_columns[] = {
    {.name = {"publisher", 9}, .type = KIND_LINE, .limit = 300},
    {.name = {"title", 5}, .type = KIND_LINE, .limit = 500},
    {.name = {"date", 4}, .type = KIND_DATE},
    {.name = {"url", 3}, .type = KIND_URL},
    {.name = {"note", 4}, .type = KIND_LINE, .limit = 1000},
};

static enum cau_err add_relation_columns(struct kind_file *f, struct kind_field *out)
{
    struct kind_field *column = arena_zero(f->r->a, 3 * sizeof *column);
    if (column == NULL)
        return CAU_ERR_MEMORY;
    column[0] = (struct kind_field){
        .name = STR("rel"), .type = KIND_CHOICE, .required = true, .list = out->list};
    column[1] = (struct kind_field){.name = STR("to"), .type = KIND_LINK};
    column[2] = (struct kind_field){.name = STR("label"), .type = KIND_LINE, .limit = 300};
    out->list = NULL;
    out->column = column;
    out->column_count = 3;
    return CAU_OK;
}

static bool read_type(struct str word, enum kind_type *out)
{
    for (unsigned i = 0; i <= KIND_ROWS; i++)
        if (str_equal(word, kind_type_name((enum kind_type)i))) {
            *out = (enum kind_type)i;
            return true;
        }
    return false;
}

static enum cau_err read_targets(struct kind_file *f, size_t line, struct str names,
                                 struct kind_field *out)
{
    while (names.len > 0) {
        struct str name = str_next(&names, ' ');
        names = str_trim(names);
        if (!kind_has_file(f->r, name, STR(".kind")) || str_is(name, "common"))
            return refuse(f, line, name);
        if (out->target_count == KIND_TARGETS_MAX)
            return kind_over(f->r, f->l.file, line, name);
        out->target[out->target_count++] = name;
    }
    return CAU_OK;
}

/* "text", "choice LIST", "link KIND KIND" */
static enum cau_err read_type_line(struct kind_file *f, const struct block *b,
                                   struct kind_field *out)
{
    struct str rest = b->value[TYPE], word = str_next(&rest, ' ');
    size_t line = b->at[TYPE];
    rest = str_trim(rest);
    if (!b->has[TYPE] || !read_type(word, &out->type))
        return refuse(f, b->has[TYPE] ? line : b->line, b->has[TYPE] ? word : STR("type"));
    if (out->type == KIND_LINK)
        return read_targets(f, line, rest, out);

    struct str list = out->type == KIND_CHOICE        ? rest
                      : out->type == KIND_MONEY       ? STR("currency")
                      : out->type == KIND_CODES       ? STR("scheme")
                      : out->type == KIND_IDENTIFIERS ? STR("identifier")
                      : out->type == KIND_RELATIONS   ? STR("relation")
                                                      : (struct str){NULL, 0};
    if (out->type != KIND_CHOICE && rest.len > 0)
        return refuse(f, line, rest);
    if (list.p != NULL || out->type == KIND_CHOICE) {
        out->list = kinds_find_list(f->r->kinds, list);
        if (out->list == NULL)
            return refuse(f, line, list.len > 0 ? list : word);
    }
    if (out->type == KIND_SOURCES) {
        out->column = source_columns;
        out->column_count = countof(source_columns);
    }
    return out->type == KIND_RELATIONS ? add_relation_columns(f, out) : CAU_OK;
}

static bool is_list(enum kind_type type)
{
    return type == KIND_CODES || type == KIND_IDENTIFIERS || type == KIND_NAMES ||
           type == KIND_SOURCES || type == KIND_RELATIONS || type == KIND_ROWS;
}

static bool is_textual(enum kind_type type)
{
    return type == KIND_TEXT || type == KIND_PROSE || type == KIND_NAMES || type == KIND_LINE;
}

static bool may_be_searched(enum kind_type type)
{
    return is_textual(type) || type == KIND_URL || type == KIND_EMAIL || type == KIND_CODES ||
           type == KIND_IDENTIFIERS;
}

/* An attribute that the type has no use for is a mistake of who wrote it. */
static enum cau_err check_use(struct kind_file *f, const struct block *b,
                              const struct kind_field *x)
{
    if (x->many && (is_list(x->type) || x->type == KIND_FLAG))
        return refuse_attribute(f, b, MANY);
    if (x->limit != 0 && !is_textual(x->type) && x->type != KIND_INTEGER)
        return refuse_attribute(f, b, LIMIT);
    if (x->most != 0 && !x->many && !is_list(x->type))
        return refuse_attribute(f, b, MOST);
    if (x->search != 0 && !may_be_searched(x->type))
        return refuse_attribute(f, b, SEARCH);
    bool fits =
        x->facet == KIND_FACET_NONE ||
        (x->facet == KIND_FACET_YEAR && (x->type == KIND_DATE || x->type == KIND_INTEGER)) ||
        (x->facet == KIND_FACET_STATUS && x->type == KIND_CHOICE) ||
        (x->facet == KIND_FACET_COUNTRY && x->type == KIND_CHOICE) ||
        (x->facet == KIND_FACET_FIELD && x->type == KIND_CODES);
    return fits ? CAU_OK : refuse_attribute(f, b, FACET);
}

static enum cau_err read_facet(struct kind_file *f, const struct block *b,
                               struct kind_field *out)
{
    static const char *const word[] = {"", "year", "status", "country", "field"};
    if (!b->has[FACET])
        return CAU_OK;
    for (unsigned i = KIND_FACET_YEAR; i <= KIND_FACET_FIELD; i++)
        if (str_is(b->value[FACET], word[i])) {
            out->facet = (enum kind_facet)i;
            return CAU_OK;
        }
    return refuse(f, b->at[FACET], b->value[FACET]);
}

/* A field or a column; f stands on its head. */
static enum cau_err read_field(struct kind_file *f, unsigned of, struct kind_field *out)
{
    struct kind_field x = {.name = f->l.value};
    struct block b;
    bool taken = of == OF_FIELD && (str_is(x.name, "kind") || str_is(x.name, "visibility") ||
                                    str_is(x.name, "audit"));
    if (!kind_is_name(x.name) || taken)
        return refuse(f, f->l.line, x.name.len > 0 ? x.name : f->l.word);
    enum cau_err err = read_block(f, of, &b);
    if (err == CAU_OK)
        err = read_type_line(f, &b, &x);
    if (err == CAU_OK)
        err = read_number(f, &b, LIMIT, UINT32_MAX, &x.limit);
    if (err == CAU_OK)
        err = read_number(f, &b, MOST, KIND_MOST_MAX, &x.most);
    if (err == CAU_OK)
        err = read_number(f, &b, SEARCH, KIND_SEARCH_MAX, &x.search);
    if (err == CAU_OK)
        err = read_facet(f, &b, &x);
    if (err == CAU_OK)
        err = read_labels(f, &b, VI, true, x.label);
    if (err == CAU_OK)
        err = read_labels(f, &b, HELP_VI, false, x.help);
    if (err != CAU_OK)
        return err;
    x.required = b.has[REQUIRED];
    x.rule = b.has[RULE];
    x.card = b.has[CARD];
    x.many = b.has[MANY];
    if (of == OF_COLUMN &&
        (x.type == KIND_ROWS || x.type == KIND_SOURCES || x.type == KIND_RELATIONS))
        return refuse_attribute(f, &b, TYPE);
    err = check_use(f, &b, &x);
    if (err == CAU_OK)
        *out = x;
    return err;
}

static const struct kind_field *find(const struct kind_field *x, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(x[i].name, name))
            return &x[i];
    return NULL;
}

/* A copy of n fields in the arena; NULL when it is full. */
static struct kind_field *keep(struct kind_file *f, const struct kind_field *x, size_t n)
{
    struct kind_field *copy = arena_take(f->r->a, n * sizeof *copy);
    if (copy != NULL && n > 0)
        memcpy(copy, x, n * sizeof *copy);
    return copy;
}

/* The columns that follow a rows field, which began on line. */
static enum cau_err read_columns(struct kind_file *f, size_t line, struct kind_field *rows)
{
    struct kind_field column[KIND_COLUMNS_MAX];
    size_t n = 0;
    while (f->more && str_is(f->l.word, "column")) {
        if (find(column, n, f->l.value) != NULL)
            return refuse(f, f->l.line, f->l.value);
        if (n == KIND_COLUMNS_MAX)
            return kind_over(f->r, f->l.file, f->l.line, f->l.value);
        enum cau_err err = read_field(f, OF_COLUMN, &column[n]);
        if (err != CAU_OK)
            return err;
        n++;
    }
    if (n == 0)
        return refuse(f, line, STR("column"));
    rows->column = keep(f, column, n);
    rows->column_count = n;
    return rows->column == NULL ? CAU_ERR_MEMORY : CAU_OK;
}

static enum cau_err read_fields(struct kind_file *f)
{
    struct kind *k = &f->kind;
    while (f->more) {
        size_t line = f->l.line;
        if (!str_is(f->l.word, "field"))
            return refuse(f, line, f->l.word);
        if (find(f->field, k->n, f->l.value) != NULL)
            return refuse(f, line, f->l.value);
        if (k->n == KIND_FIELDS_MAX)
            return kind_over(f->r, f->l.file, line, f->l.value);
        struct kind_field *field = &f->field[k->n];
        enum cau_err err = read_field(f, OF_FIELD, field);
        if (err == CAU_OK && field->type == KIND_ROWS)
            err = read_columns(f, line, field);
        if (err != CAU_OK)
            return err;
        k->n++;
    }
    return CAU_OK;
}

static enum cau_err add_common(struct kind_file *f)
{
    struct kind *k = &f->kind;
    for (size_t i = 0; i < f->r->common_count; i++) {
        const struct kind_field *common = &f->r->common[i];
        const struct kind_field *own = find(f->field, k->n, common->name);
        if (own != NULL && own->type != common->type)
            return refuse(f, f->l.line, own->name);
        if (own != NULL)
            continue;
        if (k->n == KIND_FIELDS_MAX)
            return kind_over(f->r, f->l.file, f->l.line, common->name);
        f->field[k->n++] = *common;
    }
    return CAU_OK;
}

static enum cau_err find_title(struct kind_file *f, const struct block *b)
{
    struct kind *k = &f->kind;
    const struct kind_field *title = find(f->field, k->n, b->value[TITLE]);
    if (title == NULL || (title->type != KIND_TEXT && title->type != KIND_NAMES) || title->many)
        return refuse_attribute(f, b, TITLE);
    k->title = (size_t)(title - f->field);
    return CAU_OK;
}

/* "offer/1" */
static enum cau_err name_major(struct kind_file *f, struct str *out)
{
    struct str name = f->kind.name;
    char *p = arena_take(f->r->a, name.len + 4);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    memcpy(p, name.p, name.len);
    size_t len = name.len;
    p[len++] = '/';
    for (unsigned scale = 100, major = f->kind.major; scale > 0; scale /= 10)
        if (major >= scale)
            p[len++] = (char)('0' + major / scale % 10);
    *out = (struct str){p, len};
    return CAU_OK;
}

/* The first block; f stands on its head, "kind NAME". */
static enum cau_err read_kind(struct kind_file *f, struct block *b)
{
    struct kind *k = &f->kind;
    k->name = kind_file_stem(f->l.file, STR(".kind"));
    if (!str_is(f->l.word, "kind"))
        return refuse(f, f->l.line, STR("kind"));
    if (!str_equal(f->l.value, k->name))
        return refuse(f, f->l.line, f->l.value);
    enum cau_err err = read_block(f, OF_KIND, b);
    if (err == CAU_OK && !b->has[MAJOR])
        err = refuse_attribute(f, b, MAJOR);
    if (err == CAU_OK)
        err = read_number(f, b, MAJOR, KIND_MAJOR_MAX, &k->major);
    if (err == CAU_OK)
        err = read_number(f, b, ORDER, KIND_ORDER_MAX, &k->order);
    if (err == CAU_OK)
        err = read_labels(f, b, VI, true, k->label);
    if (err == CAU_OK)
        err = read_labels(f, b, MANY_VI, true, k->many);
    if (err == CAU_OK)
        err = read_labels(f, b, HELP_VI, false, k->help);
    if (err != CAU_OK)
        return err;
    k->section = b->value[SECTION];
    k->schema = b->value[SCHEMA];
    k->personal = b->has[PERSONAL];
    if (b->has[SECTION] &&
        kind_find_code(kinds_find_list(f->r->kinds, STR("section")), k->section) == NULL)
        return refuse(f, b->at[SECTION], k->section);
    return name_major(f, &k->name_major);
}

enum cau_err kind_read(struct kind_reader *r, const struct asset *file, struct kind *out)
{
    struct kind_file f = {.r = r, .l = kind_lines_of(file)};
    struct block head;
    f.more = kind_lines_next(&f.l);
    enum cau_err err = read_kind(&f, &head);
    if (err == CAU_OK)
        err = read_fields(&f);
    if (err == CAU_OK && !str_is(f.kind.name, "common")) {
        err = add_common(&f);
        if (err == CAU_OK)
            err = find_title(&f, &head);
    }
    if (err != CAU_OK)
        return err;
    f.kind.field = keep(&f, f.field, f.kind.n);
    f.kind.hash = digest_of(file->bytes);
    if (f.kind.field == NULL)
        return CAU_ERR_MEMORY;
    *out = f.kind;
    return CAU_OK;
}
