#include "exchange/form/form.h"

#include "base/country.h"
#include "base/utf8.h"
#include "exchange/form/form_words.h"
#include "language/fold.h"
#include "record/json.h"
#include "record/record.h"

#include <string.h>

/* The spaces of words: headings, languages; choices have the name of their list. */
#define HEADS     STR("*head")
#define LANGUAGES STR("*language")
#define KINDS     STR(FORM_KINDS)

static bool is_space(uint32_t point)
{
    return point <= ' ' || point == 0xA0 || point == 0x3000 ||
           (point >= 0x2000 && point <= 0x200B) || point == 0x202F || point == 0xFEFF;
}

struct str form_trim(struct str text)
{
    while (text.len > 0) {
        struct str rest = text;
        if (!is_space(utf8_next(&rest)))
            break;
        text = rest;
    }
    for (size_t n = text.len; n > 0; n = text.len) {
        do
            n--;
        while (n > 0 && ((unsigned char)text.p[n] & 0xC0) == 0x80);
        struct str last = str_from(text, n);
        if (!is_space(utf8_next(&last)))
            break;
        text = str_to(text, n);
    }
    return text;
}

/* Without the marks people put around headings: "Tên (*):", "№ п/п", "[email]". */
static struct str bare_ends(struct str text)
{
    static const char around[] = "*:()[]{}\"'.,;-_#?!/ \n\t";
    while (text.len > 0 && strchr(around, text.p[0]) != NULL)
        text = str_from(text, 1);
    while (text.len > 0 && strchr(around, text.p[text.len - 1]) != NULL)
        text = str_to(text, text.len - 1);
    return text;
}

enum cau_err form_key(struct arena *a, struct str space, struct str word, struct str *out)
{
    struct str folded;
    *out = (struct str){NULL, 0};
    if (word.len > FORM_HEAD_BYTES_MAX ||
        memchr(word.p == NULL ? "" : word.p, 0, word.len) != NULL)
        return CAU_OK;
    enum cau_err err = utf8_nfc(a, word, &folded);
    if (err == CAU_OK)
        err = fold_text(a, folded, &folded);
    if (err == CAU_OK)
        err = fold_bare(a, folded, &folded);
    if (err != CAU_OK)
        return err == CAU_ERR_RANGE ? CAU_OK : err;
    folded = bare_ends(form_trim(folded));
    if (folded.len == 0)
        return CAU_OK;
    char *key = arena_take(a, space.len + 1 + folded.len);
    if (key == NULL)
        return CAU_ERR_MEMORY;
    if (space.len > 0)
        memcpy(key, space.p, space.len);
    key[space.len] = '\n';
    size_t n = space.len + 1;
    for (size_t i = 0; i < folded.len;
         i++) { /* a line break or an underscore is a space to the eye */
        char c = folded.p[i] == '\n' || folded.p[i] == '\t' || folded.p[i] == '_' ? ' '
                                                                                  : folded.p[i];
        if (c != ' ' || key[n - 1] != ' ')
            key[n++] = c;
    }
    *out = (struct str){key, n};
    return CAU_OK;
}

/* Notes a word; what was there first stays. */
static enum cau_err learn(struct form *f, struct arena *a, struct str space, struct str word,
                          size_t value)
{
    struct str key;
    size_t before = a->used;
    uint32_t had;
    enum cau_err err = form_key(a, space, word, &key);
    if (err == CAU_OK && key.len > 0)
        err = table_intern(&f->words, key, (uint32_t)value, &had, NULL);
    a->used = before; /* the table has its own copy */
    return err;
}

/* Notes each of the words a label of kinds/heading.list or kinds/synonym.list gives, with ";" between. */
static enum cau_err learn_all(struct form *f, struct arena *a, struct str space,
                              const struct kind_code *code, size_t value)
{
    enum cau_err err = CAU_OK;
    for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++)
        for (struct str rest = code->label[lang]; rest.len > 0 && err == CAU_OK;)
            err = learn(f, a, space, str_next(&rest, ';'), value);
    return err;
}

/* Targets. */

static enum cau_err add_target(struct form *f, struct arena *a, const struct kind_field *field,
                               const struct kind_field *part, struct str key)
{
    if (f->target_count == FORM_TARGETS_MAX)
        return CAU_OK; /* the checked kinds have far fewer */
    struct str end = part != NULL ? part->name : key;
    struct str to = field->name;
    if (end.len > 0) {
        char *p = arena_take(a, field->name.len + 1 + end.len);
        if (p == NULL)
            return CAU_ERR_MEMORY;
        memcpy(p, field->name.p, field->name.len);
        p[field->name.len] = '.';
        memcpy(p + field->name.len + 1, end.p, end.len);
        to = (struct str){p, field->name.len + 1 + end.len};
    }
    f->target[f->target_count++] = (struct form_target){to, field, part, key};
    return CAU_OK;
}

static enum cau_err add_codes(struct form *f, struct arena *a, const struct kind_field *field,
                              const struct kind_list *list)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; list != NULL && i < list->n && err == CAU_OK; i++)
        err = add_target(f, a, field, NULL, list->code[i].code);
    return err;
}

static enum cau_err add_parts(struct form *f, struct arena *a, const struct kind_field *field)
{
    static const struct {
        enum kind_type type;
        struct str key;
    } member[] = {{KIND_MONEY, {"amount", 6}},
                  {KIND_MONEY, {"currency", 8}},
                  {KIND_PLACE, {"latitude", 8}},
                  {KIND_PLACE, {"longitude", 9}}};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(member) && err == CAU_OK; i++)
        if (field->type == member[i].type)
            err = add_target(f, a, field, NULL, member[i].key);
    if (err != CAU_OK)
        return err;
    switch (field->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES: /* the three of the interface; others are found by form_find_target */
        for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++)
            err = add_target(f, a, field, NULL, lang_code((enum lang)lang));
        return err;
    case KIND_IDENTIFIERS:
        return add_codes(f, a, field, kinds_find_list(f->kinds, STR("identifier")));
    case KIND_CODES:
        return add_codes(f, a, field, kinds_find_list(f->kinds, STR("scheme")));
    case KIND_RELATIONS:
        return add_codes(f, a, field, field->column[0].list);
    case KIND_SOURCES:
    case KIND_ROWS:
        for (size_t i = 0; i < field->column_count && err == CAU_OK; i++)
            err = add_target(f, a, field, &field->column[i], (struct str){NULL, 0});
        return err;
    default:
        return CAU_OK;
    }
}

static enum cau_err add_targets(struct form *f, struct arena *a)
{
    f->target = arena_take(a, FORM_TARGETS_MAX * sizeof *f->target);
    if (f->target == NULL)
        return CAU_ERR_MEMORY;
    static const struct str own[] = {{"kind", 4}, {"visibility", 10}};
    for (size_t i = 0; i < countof(own); i++)
        f->target[f->target_count++] = (struct form_target){.to = own[i]};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->kind->n && err == CAU_OK; i++)
        err = add_target(f, a, &f->kind->field[i], NULL, (struct str){NULL, 0});
    for (size_t i = 0; i < f->kind->n && err == CAU_OK; i++)
        err = add_parts(f, a, &f->kind->field[i]);
    return err;
}

static const struct kind_code *label_of(const struct form *f, const struct form_target *t)
{
    const char *list = t->field == NULL                     ? NULL
                       : t->field->type == KIND_IDENTIFIERS ? "identifier"
                       : t->field->type == KIND_CODES       ? "scheme"
                                                            : NULL;
    const struct kind_list *codes =
        list != NULL ? kinds_find_list(f->kinds, str_of(list)) : NULL;
    return codes != NULL && t->key.len > 0 ? kind_find_code(codes, t->key) : NULL;
}

/* Headings: targets, then labels, then the other words; what comes first wins. */
static enum cau_err learn_heads(struct form *f, struct arena *a)
{
    const struct kind_list *others = kinds_find_list(f->kinds, STR("heading"));
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->target_count && err == CAU_OK; i++)
        err = learn(f, a, HEADS, f->target[i].to, i);
    for (size_t i = 0; i < f->target_count && err == CAU_OK; i++) {
        const struct form_target *t = &f->target[i];
        const struct kind_code *code = label_of(f, t);
        for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++)
            if (code != NULL)
                err = learn(f, a, HEADS, code->label[lang], i);
            else if (t->field != NULL && t->part == NULL && t->key.len == 0)
                err = learn(f, a, HEADS, t->field->label[lang], i);
    }
    for (size_t k = 0; others != NULL && k < others->n && err == CAU_OK; k++)
        for (size_t i = 0; i < f->target_count && err == CAU_OK; i++)
            if (str_equal(f->target[i].to, others->code[k].code))
                err = learn_all(f, a, HEADS, &others->code[k], i);
    return err;
}

static enum cau_err learn_kinds(struct form *f, struct arena *a)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->kinds->n && err == CAU_OK; i++) {
        const struct kind *k = &f->kinds->kind[i];
        err = learn(f, a, KINDS, k->name, i);
        for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++)
            err = learn(f, a, KINDS, k->label[lang], i);
    }
    return err;
}

/* Choices: codes, labels, and the other words for a code of any list. */
static enum cau_err learn_list(struct form *f, struct arena *a, struct str space,
                               const struct kind_list *list)
{
    const struct kind_list *others = kinds_find_list(f->kinds, STR("synonym"));
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < list->n && err == CAU_OK; i++) {
        f->choice[f->choice_count] = list->code[i].code;
        size_t at = f->choice_count++;
        err = learn(f, a, space, list->code[i].code, at);
        for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++)
            err = learn(f, a, space, list->code[i].label[lang], at);
        const struct kind_code *more =
            others != NULL ? kind_find_code(others, list->code[i].code) : NULL;
        char three[4];
        if (more != NULL && err == CAU_OK)
            err = learn_all(f, a, space, more, at);
        if (err == CAU_OK && str_is(list->name, "country") &&
            country_three(list->code[i].code, three))
            err = learn(f, a, space, str_of(three), at);
    }
    return err;
}

static enum cau_err learn_choices(struct form *f, struct arena *a)
{
    const struct kind_list *languages = kinds_find_list(f->kinds, STR("language"));
    size_t all = languages != NULL ? languages->n : 0;
    for (size_t i = 0; i < f->kinds->list_count; i++)
        all += f->kinds->list[i].n;
    f->choice = arena_take(a, (all + 1) * sizeof *f->choice);
    if (f->choice == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = languages != NULL ? learn_list(f, a, LANGUAGES, languages) : CAU_OK;
    for (size_t i = 0; i < f->kinds->list_count && err == CAU_OK; i++)
        err = learn_list(f, a, f->kinds->list[i].name, &f->kinds->list[i]);
    return err;
}

enum cau_err form_open(struct arena *a, const struct kinds *kinds, const struct kind *kind,
                       enum lang lang, struct form *out)
{
    memset(out, 0, sizeof *out);
    out->kinds = kinds;
    out->kind = kind;
    out->lang = lang;
    out->fixed = value_object();
    out->words = table_new();
    enum cau_err err = add_targets(out, a);
    if (err == CAU_OK)
        err = learn_heads(out, a);
    if (err == CAU_OK)
        err = learn_kinds(out, a);
    if (err == CAU_OK)
        err = learn_choices(out, a);
    if (err != CAU_OK)
        form_close(out);
    return err;
}

void form_close(struct form *f)
{
    table_free(&f->words);
}

enum cau_err form_find_code(const struct form *f, struct arena *a, const struct kind_list *list,
                            struct str text, struct str *code)
{
    struct str key;
    *code = (struct str){NULL, 0};
    const struct kind_code *exact = kind_find_code(list, text);
    if (exact != NULL) {
        *code = exact->code;
        return CAU_OK;
    }
    enum cau_err err = form_key(a, list->name, text, &key);
    uint32_t at =
        err == CAU_OK && key.len > 0 ? table_get(&f->words, key, FORM_NONE) : FORM_NONE;
    if (at != FORM_NONE)
        *code = f->choice[at];
    return err;
}

bool form_find_target(const struct form *f, struct str to, struct form_target *out)
{
    if (to.len == 0) {
        *out = (struct form_target){.to = STR("")};
        return true;
    }
    for (size_t i = 0; i < f->target_count; i++)
        if (str_equal(f->target[i].to, to)) {
            *out = f->target[i];
            return true;
        }
    struct str key = to, name = str_next(&key, '.'); /* a text in another language */
    const struct kind_field *field = kind_find_field(f->kind, name);
    const struct kind_list *languages = kinds_find_list(f->kinds, STR("language"));
    const struct kind_code *tag = languages != NULL ? kind_find_code(languages, key) : NULL;
    if (field == NULL || tag == NULL ||
        (field->type != KIND_TEXT && field->type != KIND_PROSE && field->type != KIND_NAMES))
        return false;
    *out = (struct form_target){to, field, NULL, tag->code};
    return true;
}

/* Headings. */

static enum cau_err look_up(const struct form *f, struct arena *a, struct str space,
                            struct str word, uint32_t *at)
{
    struct str key;
    enum cau_err err = form_key(a, space, word, &key);
    *at = err == CAU_OK && key.len > 0 ? table_get(&f->words, key, FORM_NONE) : FORM_NONE;
    return err;
}

/* Cuts a language off the end of a heading: "Tên (vi)", "name_ru", "Title - English". */
static enum cau_err cut_language(const struct form *f, struct arena *a, struct str *head,
                                 struct str *lang)
{
    struct str text = form_trim(*head);
    *lang = (struct str){NULL, 0};
    for (size_t n = 1; n < text.len; n++) { /* the longest end first */
        if (strchr("([-_./,: ", text.p[n]) == NULL)
            continue;
        uint32_t at;
        enum cau_err err = look_up(f, a, LANGUAGES, str_from(text, n), &at);
        if (err != CAU_OK)
            return err;
        if (at != FORM_NONE) {
            *lang = f->choice[at];
            *head = str_to(text, n);
            return CAU_OK;
        }
    }
    return CAU_OK;
}

static enum cau_err understand(const struct form *f, struct arena *a, struct str head,
                               struct form_target *out)
{
    uint32_t at;
    struct str lang = {NULL, 0};
    *out = (struct form_target){.to = STR("")};
    enum cau_err err = look_up(f, a, HEADS, head, &at);
    if (err != CAU_OK || at != FORM_NONE) {
        if (err == CAU_OK)
            *out = f->target[at];
        return err;
    }
    for (unsigned cuts = 0; cuts < 2 && err == CAU_OK && at == FORM_NONE; cuts++) {
        struct str again; /* "Tên tiếng Nga (ru)" says it twice */
        err = cut_language(f, a, &head, &again);
        if (err != CAU_OK || again.len == 0 || (cuts > 0 && !str_equal(again, lang)))
            return err;
        lang = again;
        err = look_up(f, a, HEADS, head, &at);
    }
    if (err != CAU_OK || at == FORM_NONE)
        return err;
    struct buf to = buf_new(200);
    buf_add(&to, f->target[at].to);
    buf_add_char(&to, '.');
    buf_add(&to, lang);
    struct str copy = STR("");
    err = to.failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(&to), &copy);
    buf_free(&to);
    if (err == CAU_OK)
        (void)form_find_target(f, copy, out); /* a field without languages: not understood */
    return err;
}

enum cau_err form_propose(struct form *f, struct arena *a, const struct cell *head, size_t n,
                          size_t *understood)
{
    size_t known = 0;
    must(n <= CELL_COLUMNS_MAX);
    for (size_t i = 0; i < n; i++) {
        struct str text = form_trim(head[i].text);
        bool fit = text.len <= FORM_HEAD_BYTES_MAX &&
                   (text.len == 0 || memchr(text.p, 0, text.len) == NULL);
        f->column[i].head = fit ? text : STR("");
        enum cau_err err = understand(f, a, f->column[i].head, &f->column[i].target);
        if (err != CAU_OK)
            return err;
        known += f->column[i].target.to.len > 0;
    }
    f->n = n;
    *understood = known;
    return CAU_OK;
}

/* Mappings. */

/* What is written again as JSON holds no reals; the depth is bounded by the reader. */
static bool has_real(const struct value *v)
{
    bool found = v->type == VALUE_REAL;
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n; i++)
        found = found || has_real(&v->item[i]);
    for (uint32_t i = 0; v->type == VALUE_OBJECT && i < v->n; i++)
        found = found || has_real(&v->member[i].value);
    return found;
}

static enum cau_err wrong(struct str *place, const char *what)
{
    *place = str_of(what);
    return CAU_ERR_SYNTAX;
}

static enum cau_err read_columns(struct form *f, const struct value *columns, struct str *place)
{
    for (uint32_t k = 0; k < columns->n; k++) {
        const struct value *c = &columns->item[k];
        const struct value *head = value_get(c, "head"), *to = value_get(c, "to");
        struct form_target target;
        if (head == NULL || head->type != VALUE_STRING)
            return wrong(place, "columns.head");
        if (to == NULL || to->type != VALUE_STRING ||
            !form_find_target(f, to->string, &target)) {
            *place = to != NULL && to->type == VALUE_STRING ? to->string : STR("columns.to");
            return CAU_ERR_SYNTAX;
        }
        for (size_t i = 0; i < f->n; i++)
            if (str_equal(f->column[i].head, form_trim(head->string)))
                f->column[i].target = target;
    }
    return CAU_OK;
}

enum cau_err form_read_mapping(struct form *f, struct arena *a, struct str json,
                               const struct cell *head, size_t n, struct str *place)
{
    struct value all;
    size_t understood;
    enum cau_err err = json_read(a, json, FORM_MAPPING_BYTES_MAX, JSON_FORM, &all, NULL);
    if (err == CAU_ERR_SYNTAX || (err == CAU_OK && all.type != VALUE_OBJECT))
        return wrong(place, "mapping");
    if (err == CAU_OK)
        err = form_propose(f, a, head, n, &understood);
    if (err != CAU_OK)
        return err;
    struct str lang = value_get_str(&all, "lang");
    if (lang.len > 0 && !lang_read(lang, &f->lang))
        return wrong(place, "lang");
    const struct value *fixed = value_get(&all, "fixed"), *columns = value_get(&all, "columns");
    for (uint32_t i = 0; fixed != NULL && fixed->type == VALUE_OBJECT && i < fixed->n; i++) {
        struct str key = fixed->member[i].key;
        if (!str_is(key, "visibility") && kind_find_field(f->kind, key) == NULL) {
            *place = key;
            return CAU_ERR_SYNTAX;
        }
    }
    if (fixed != NULL && (fixed->type != VALUE_OBJECT || has_real(fixed)))
        return wrong(place, "fixed");
    if (fixed != NULL)
        f->fixed = *fixed;
    if (columns == NULL)
        return CAU_OK;
    return columns->type == VALUE_ARRAY ? read_columns(f, columns, place)
                                        : wrong(place, "columns");
}

struct str form_mapping_kind(struct arena *a, struct str json)
{
    struct value all;
    if (json_read(a, json, FORM_MAPPING_BYTES_MAX, JSON_FORM, &all, NULL) != CAU_OK)
        return (struct str){NULL, 0};
    return value_get_str(&all, "kind");
}

void form_write_mapping(struct buf *b, const struct form *f)
{
    buf_add_word(b, "{\"kind\":");
    json_write_string(b, f->kind->name);
    buf_add_word(b, ",\"lang\":");
    json_write_string(b, lang_code(f->lang));
    buf_add_word(b, ",\"columns\":[");
    for (size_t i = 0; i < f->n; i++) {
        buf_add_word(b, i > 0 ? ",{\"head\":" : "{\"head\":");
        json_write_string(b, f->column[i].head);
        buf_add_word(b, ",\"to\":");
        json_write_string(b, f->column[i].target.to);
        buf_add_char(b, '}');
    }
    buf_add_char(b, ']');
    if (f->fixed.n > 0) {
        buf_add_word(b, ",\"fixed\":");
        json_write(b, &f->fixed);
    }
    buf_add_char(b, '}');
}

/* The last part of a place is cut off until a column fits: "name.vi[0]" -> "name.vi" -> "name". */
size_t form_column_of(const struct form *f, struct str place)
{
    while (place.len > 0) {
        for (size_t i = 0; i < f->n; i++)
            if (f->column[i].target.to.len > 0 && str_equal(f->column[i].target.to, place))
                return i;
        size_t n = place.len - 1;
        while (n > 0 && place.p[n] != '.' && place.p[n] != '[')
            n--;
        place = str_to(place, n);
    }
    return CELL_COLUMNS_MAX;
}
