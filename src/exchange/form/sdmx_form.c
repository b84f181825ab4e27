/* A series as the import form of an indicator. */
#include "exchange/form/sdmx_int.h"

#include "base/number.h"

struct making {
    const struct sdmx *x;
    const struct sdmx_series *s;
    struct arena *a;
    enum cau_err err;
};

static void set(struct making *m, struct value *object, const char *key, struct value item)
{
    if (m->err == CAU_OK)
        m->err = value_set(m->a, object, str_of(key), item);
}

static void set_str(struct making *m, struct value *object, const char *key, struct str text)
{
    if (text.len > 0)
        set(m, object, key, value_string(text));
}

static void push(struct making *m, struct value *array, struct value item)
{
    if (m->err == CAU_OK)
        m->err = value_push(m->a, array, item);
}

static void set_lang(struct making *m, struct value *object, struct str lang, struct str text)
{
    if (text.len > 0 && m->err == CAU_OK)
        m->err = value_set(m->a, object, lang, value_string(text));
}

/* A label in three languages, for a code of a list; false: the list does not have it. */
static bool add_labels(struct making *m, const char *list, struct str code, struct value *text)
{
    const struct kind_list *l = kinds_find_list(m->x->form->kinds, str_of(list));
    const struct kind_code *c = l == NULL ? NULL : kind_find_code(l, code);
    for (unsigned lang = 0; c != NULL && lang < LANG_COUNT; lang++)
        set_lang(m, text, lang_code((enum lang)lang), c->label[lang]);
    return c != NULL;
}

/* ---- title ---- */

/* "GDP - Viet Nam - Russian Federation" in the language of the first part. */
static struct str with_countries(struct making *m, struct str title, struct str lang_tag)
{
    const struct kind_list *list = kinds_find_list(m->x->form->kinds, STR("country"));
    struct str out = title, code[] = {m->s->area, m->s->partner};
    enum lang lang = LANG_EN;
    (void)lang_read(lang_tag, &lang);
    struct buf b = buf_new(4096);
    buf_add(&b, title);
    for (size_t i = 0; i < countof(code); i++)
        if (code[i].len > 0) {
            buf_add(&b, STR(" \xE2\x80\x93 "));
            buf_add(&b, kind_code_label(list, code[i], lang));
        }
    if (m->err == CAU_OK)
        m->err = b.failed ? CAU_ERR_MEMORY : arena_copy(m->a, buf_str(&b), &out);
    buf_free(&b);
    return out;
}

/* The title of the file's own: by language, else a label, else the code or the heading. */
static struct value own_title(struct making *m)
{
    const struct sdmx_series *s = m->s;
    struct value text = value_object();
    for (unsigned lang = 0; lang < LANG_COUNT; lang++)
        set_lang(m, &text, lang_code((enum lang)lang), s->title[lang]);
    struct str plain = s->title[LANG_COUNT].len > 0 ? s->title[LANG_COUNT]
                       : s->label.len > 0           ? s->label
                                                    : s->subject;
    /* "Value" says nothing: then the file's name does. */
    if (m->x->table && (str_is(plain, "Value") || str_is(plain, "value")))
        plain = sdmx_stem(m->x->file);
    if (text.n == 0)
        set_lang(m, &text, STR("und"), plain.len > 0 ? plain : s->key);
    return text;
}

static void set_title(struct making *m, struct value *form)
{
    const struct value *fixed = value_get(&m->x->form->fixed, "title");
    struct value own = own_title(m), out = value_object();
    if (sdmx_is_own(m->s->structure)) {
        bool named = value_get(&own, "und") == NULL;
        if (named)
            set(m, form, "title", own);
        return;
    }
    const struct value *from = fixed != NULL && fixed->type == VALUE_OBJECT ? fixed : &own;
    for (uint32_t i = 0; i < from->n; i++) {
        struct str lang = from->member[i].key;
        const struct value *text = &from->member[i].value;
        if (text->type == VALUE_STRING)
            set_lang(m, &out, lang, with_countries(m, text->string, lang));
    }
    set(m, form, "title", out);
}

/* ---- unit, countries, sources ---- */

static void set_unit(struct making *m, struct value *form)
{
    const struct sdmx_series *s = m->s;
    struct value text = value_object();
    for (unsigned lang = 0; lang < LANG_COUNT; lang++)
        set_lang(m, &text, lang_code((enum lang)lang), s->unit_text[lang]);
    if (text.n == 0 && s->unit.len > 0 && !add_labels(m, "unit", s->unit, &text) &&
        !add_labels(m, "currency", s->unit, &text))
        set_lang(m, &text, STR("und"), s->unit_label.len > 0 ? s->unit_label : s->unit);
    set_str(m, form, "unit_code", s->unit);
    if (text.n > 0)
        set(m, form, "unit", text);
}

static void set_countries(struct making *m, struct value *form)
{
    struct value list = value_array();
    if (m->s->area.len > 0)
        push(m, &list, value_string(m->s->area));
    if (m->s->partner.len > 0)
        push(m, &list, value_string(m->s->partner));
    if (list.n > 0)
        set(m, form, "countries", list);
}

/* "ILO:DF_EMP(1.0)": the agency publishes it; of a table the file is all that is known. */
static void set_sources(struct making *m, struct value *form)
{
    struct value list = value_array(), source = value_object();
    struct str rest = m->s->structure, agency = str_next(&rest, ':');
    if (sdmx_is_own(m->s->structure))
        return;
    if (rest.len > 0)
        set_str(m, &source, "publisher", agency);
    set_str(m, &source, "title", m->s->structure.len > 0 ? m->s->structure : m->x->file);
    push(m, &list, source);
    if (source.n > 0)
        set(m, form, "sources", list);
}

/* ---- figures ---- */

static struct value row_of(struct making *m, const struct sdmx_figure *f)
{
    struct value row = value_object(), note = value_object();
    set_str(m, &row, "period", f->period);
    set_str(m, &row, "value", f->value);
    set_str(m, &row, "side", f->side);
    set_str(m, &row, "qualifier", f->qualifier);
    set_str(m, &row, "source", f->source);
    set_str(m, &row, "standing", STR("reported"));
    if (f->target)
        set(m, &row, "target", value_true());
    if (f->note.len > 0)
        set_lang(m, &note, STR("und"), f->note);
    else if (f->status.len > 0)
        (void)add_labels(m, "observation_status", f->status, &note);
    if (note.n > 0)
        set(m, &row, "note", note);
    return row;
}

static void set_values(struct making *m, struct value *form)
{
    struct value list = value_array();
    for (uint32_t at = m->s->first; at != 0 && m->err == CAU_OK;) {
        const struct sdmx_figure *f = &m->x->figure[at - 1];
        push(m, &list, row_of(m, f));
        at = f->next;
    }
    set(m, form, "values", list);
}

enum cau_err sdmx_form(const struct sdmx *x, struct arena *a, size_t series, struct value *out)
{
    must(series < x->series_n);
    struct making m = {.x = x, .s = &x->series[series], .a = a};
    struct value form = value_object();
    int64_t decimals;
    set_str(&m, &form, "kind", STR("indicator"));
    set_str(&m, &form, "external_id", m.s->key);
    set_title(&m, &form);
    set_unit(&m, &form);
    set_countries(&m, &form);
    set_sources(&m, &form);
    set_str(&m, &form, "measure", m.s->topic);
    if (number_read_int(m.s->decimals, &decimals) == CAU_OK && decimals >= 0 && decimals <= 9)
        set(&m, &form, "decimals", value_integer(decimals));
    set_values(&m, &form);
    /* What was said of the whole file goes before what the file leaves to guess: its sources, its unit in words. */
    for (uint32_t i = 0; i < x->form->fixed.n && m.err == CAU_OK; i++) {
        const struct value_member *f = &x->form->fixed.member[i];
        bool ours = str_is(f->key, "external_id") || str_is(f->key, "title") ||
                    str_is(f->key, "values") || str_is(f->key, "kind");
        if (!ours)
            m.err = value_set(a, &form, f->key, f->value);
    }
    if (m.err == CAU_OK)
        *out = form;
    return m.err;
}
