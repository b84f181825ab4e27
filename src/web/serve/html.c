#include "web/serve/html_int.h"

#include "base/words.h"
#include "web/serve/http_parse.h"

#include <string.h>

/* ---- data ---- */

enum entry_type { ENTRY_TEXT, ENTRY_NUMBER, ENTRY_FLAG, ENTRY_LIST, ENTRY_PART };

struct entry {
    struct str key;
    enum entry_type type;
    union {
        struct str text;
        int64_t number;
        bool flag;
        struct {
            struct html_map *first, *last;
        } list;
    };
    struct entry *next;
};

struct html_map {
    struct html_model *model;
    struct entry *first, *last;
    struct html_map *next; /* in its list */
};

/* Takes what is given when there is no memory; the model has failed by then and is never written. */
static struct html_map *spare(struct html_model *model)
{
    static struct html_model lost = {.failed = true};
    static struct html_map map = {.model = &lost};
    model->failed = true;
    return &map;
}

static struct html_map *new_map(struct html_model *model)
{
    struct html_map *m =
        model->arena == NULL ? NULL : arena_zero(model->arena, sizeof(struct html_map));
    if (m == NULL)
        return spare(model);
    m->model = model;
    return m;
}

struct html_map *html_begin(struct html_model *model, struct arena *a)
{
    *model = (struct html_model){.arena = a};
    return new_map(model);
}

static struct entry *add_entry(struct html_map *m, const char *key, enum entry_type type)
{
    struct html_model *model = m->model;
    struct entry *e = model->arena == NULL ? NULL : arena_zero(model->arena, sizeof *e);
    if (e == NULL) {
        if (model->arena != NULL)
            model->failed = true;
        return NULL;
    }
    e->key = str_of(key);
    e->type = type;
    if (m->last != NULL)
        m->last->next = e;
    else
        m->first = e;
    m->last = e;
    return e;
}

void html_text(struct html_map *m, const char *key, struct str text)
{
    struct entry *e = add_entry(m, key, ENTRY_TEXT);
    if (e != NULL)
        e->text = text;
}

void html_number(struct html_map *m, const char *key, int64_t value)
{
    struct entry *e = add_entry(m, key, ENTRY_NUMBER);
    if (e != NULL)
        e->number = value;
}

void html_flag(struct html_map *m, const char *key, bool value)
{
    struct entry *e = add_entry(m, key, ENTRY_FLAG);
    if (e != NULL)
        e->flag = value;
}

void html_part(struct html_map *m, const char *key, struct str made)
{
    struct entry *e = add_entry(m, key, ENTRY_PART);
    if (e != NULL)
        e->text = made;
}

static struct entry *find_entry(const struct html_map *m, struct str key)
{
    for (struct entry *e = m->first; e != NULL; e = e->next)
        if (e->key.len == key.len && e->key.p[0] == key.p[0] &&
            memcmp(e->key.p, key.p, key.len) == 0)
            return e;
    return NULL;
}

struct html_map *html_item(struct html_map *m, const char *key)
{
    bool again = m->last != NULL && str_is(m->last->key, key);
    struct entry *e = again ? m->last : find_entry(m, str_of(key));
    if (e == NULL)
        e = add_entry(m, key, ENTRY_LIST);
    if (e == NULL)
        return spare(m->model);
    must(e->type == ENTRY_LIST);
    struct html_map *item = new_map(m->model);
    if (m->model->failed)
        return item;
    if (e->list.last != NULL)
        e->list.last->next = item;
    else
        e->list.first = item;
    e->list.last = item;
    return item;
}

size_t html_count(const struct html_map *m, const char *key)
{
    const struct entry *e = find_entry(m, str_of(key));
    size_t n = 0;
    if (e != NULL && e->type == ENTRY_LIST)
        for (const struct html_map *i = e->list.first; i != NULL; i = i->next)
            n++;
    return n;
}

struct str html_get(const struct html_map *m, const char *key)
{
    const struct entry *e = find_entry(m, str_of(key));
    return e != NULL && e->type == ENTRY_TEXT ? e->text : (struct str){NULL, 0};
}

/* ---- escapes ---- */

void html_escape(struct buf *b, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        struct str entity;
        switch (text.p[i]) {
        case '&':
            entity = STR("&amp;");
            break;
        case '<':
            entity = STR("&lt;");
            break;
        case '>':
            entity = STR("&gt;");
            break;
        case '"':
            entity = STR("&quot;");
            break;
        case '\'':
            entity = STR("&#39;");
            break;
        default:
            continue;
        }
        buf_add(b, (struct str){text.p + from, i - from});
        buf_add(b, entity);
        from = i + 1;
    }
    if (from < text.len)
        buf_add(b, (struct str){text.p + from, text.len - from});
}

static bool starts_with_scheme(struct str x, const char *scheme)
{
    size_t n = strlen(scheme);
    if (x.len <= n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = x.p[i] >= 'A' && x.p[i] <= 'Z' ? (char)(x.p[i] + 32) : x.p[i];
        if (c != scheme[i])
            return false;
    }
    return true;
}

bool html_address_allowed(struct str address)
{
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.p[i] <= 0x20 || address.p[i] == 0x7f || address.p[i] == '\\')
            return false; /* browsers drop or turn these, and then read another address */
    if (address.len == 0)
        return false;
    if (address.p[0] == '/')
        return address.len == 1 || address.p[1] != '/';
    return address.p[0] == '?' || address.p[0] == '#' ||
           starts_with_scheme(address, "https://") || starts_with_scheme(address, "http://") ||
           starts_with_scheme(address, "mailto:");
}

void html_escape_address(struct buf *b, struct str address)
{
    if (html_address_allowed(address))
        html_escape(b, address);
    else
        buf_add_char(b, '#');
}

/* ---- writing ---- */

struct scope {
    const struct html_map *map;
    const struct scope *around;
    const struct html_map *page;
    unsigned depth;
};

struct writer {
    struct buf *out;
    enum lang lang;
    bool failed;
};

const struct html_template *html_find(const struct html *h, struct str name)
{
    for (size_t i = 0; i < h->n; i++)
        if (str_equal(h->template[i].name, name))
            return &h->template[i];
    return NULL;
}

static const struct entry *look_up(const struct scope *s, const struct html_key *key)
{
    if (key->scope == HTML_PAGE)
        return find_entry(s->page, key->name);
    for (unsigned i = 0; i < key->up && s->around != NULL; i++)
        s = s->around;
    return find_entry(s->map, key->name);
}

static bool is_there(const struct entry *e)
{
    if (e == NULL)
        return false;
    switch (e->type) {
    case ENTRY_TEXT:
    case ENTRY_PART:
        return e->text.len > 0;
    case ENTRY_NUMBER:
        return e->number != 0;
    case ENTRY_FLAG:
        return e->flag;
    case ENTRY_LIST:
        return e->list.first != NULL;
    }
    return false;
}

static void write_entry(struct writer *w, const struct entry *e, enum html_place place)
{
    if (e == NULL)
        return;
    if (e->type == ENTRY_NUMBER && place == HTML_IN_TEXT)
        words_number(w->out, w->lang,
                     e->number); /* digits, spaces, points: nothing to escape */
    else if (e->type == ENTRY_NUMBER)
        buf_add_int(w->out, e->number);
    else if (e->type == ENTRY_TEXT && (place == HTML_IN_TEXT || place == HTML_IN_ATTRIBUTE))
        html_escape(w->out, e->text);
    else if (e->type == ENTRY_TEXT && place == HTML_IN_ADDRESS)
        html_escape_address(w->out, e->text);
    else if (e->type == ENTRY_TEXT)
        http_escape(w->out, e->text);
    else if (e->type == ENTRY_PART && place == HTML_IN_TEXT)
        buf_add(w->out, e->text);
}

/* A message with its places filled; the pieces of the message and the values are escaped one by one. */
static void write_message(struct writer *w, const struct html_part *part, const struct scope *s)
{
    const struct entry *slot[HTML_SLOTS_MAX] = {NULL};
    for (size_t i = 0; i < part->message.slots; i++)
        slot[i] = look_up(s, &part->message.slot[i]);
    struct str text;
    if (part->what == HTML_PLURAL) {
        uint64_t n = slot[0] != NULL && slot[0]->type == ENTRY_NUMBER && slot[0]->number > 0
                         ? (uint64_t)slot[0]->number
                         : 0;
        text = words_n(w->lang, part->message.id, n);
    } else {
        text = words(w->lang, part->message.id);
    }
    size_t from = 0;
    for (size_t i = 0; i + 2 < text.len; i++) {
        size_t place = (size_t)(text.p[i + 1] - '0');
        if (text.p[i] != '{' || text.p[i + 2] != '}' || place >= part->message.slots)
            continue;
        html_escape(w->out, (struct str){text.p + from, i - from});
        if (slot[place] != NULL)
            write_entry(w, slot[place], HTML_IN_TEXT);
        else if (part->what == HTML_PLURAL && place == 0)
            buf_add_char(w->out, '0');
        i += 2;
        from = i + 1;
    }
    html_escape(w->out, str_from(text, from));
}

static void write_parts(struct writer *w, const struct html_template *t, size_t from, size_t to,
                        const struct scope *s);

static void write_section(struct writer *w, const struct html_template *t, size_t at,
                          const struct scope *s)
{
    const struct html_part *part = &t->part[at];
    const struct entry *e = look_up(s, &part->key);
    if (is_there(e) == (part->what == HTML_UNLESS))
        return;
    if (part->what != HTML_SECTION || e->type != ENTRY_LIST) {
        struct scope same = *s;
        same.depth++;
        write_parts(w, t, at + 1, part->end, &same);
        return;
    }
    for (const struct html_map *item = e->list.first; item != NULL; item = item->next) {
        struct scope inner = {item, s, s->page, s->depth + 1};
        write_parts(w, t, at + 1, part->end, &inner);
    }
}

static void write_parts(struct writer *w, const struct html_template *t, size_t from, size_t to,
                        const struct scope *s)
{
    if (s->depth > HTML_DEPTH_MAX) {
        w->failed = true;
        return;
    }
    for (size_t i = from; i < to && !w->failed; i++) {
        const struct html_part *part = &t->part[i];
        switch (part->what) {
        case HTML_LITERAL:
            buf_add(w->out, part->literal);
            break;
        case HTML_VALUE:
            write_entry(w, look_up(s, &part->key), part->place);
            break;
        case HTML_WORDS:
            buf_add(w->out, part->words[w->lang]);
            break;
        case HTML_MESSAGE:
        case HTML_PLURAL:
            write_message(w, part, s);
            break;
        case HTML_SECTION:
        case HTML_UNLESS:
        case HTML_WHEN:
            write_section(w, t, i, s);
            i = part->end - 1;
            break;
        case HTML_PARTIAL: {
            struct scope inner = *s;
            inner.depth++;
            write_parts(w, part->partial, 0, part->partial->parts, &inner);
        }
        }
    }
}

bool html_write(const struct html *h, const char *name, enum lang lang,
                const struct html_map *map, struct buf *out)
{
    const struct html_template *t = html_find(h, str_of(name));
    must(t != NULL);
    struct writer w = {.out = out, .lang = lang};
    struct scope page = {.map = map, .page = map};
    write_parts(&w, t, 0, t->parts, &page);
    return !w.failed && !out->failed;
}
