#include "web/serve/html_int.h"

#include "base/words.h"

#include <string.h>

/* Where the literal markup read so far has led to. */
enum state {
    TEXT,
    OPENED, /* after < */
    TAG,    /* in a tag, between attributes */
    NAME,   /* of an attribute */
    BEFORE, /* after = */
    VALUE,  /* in double quotes */
    CLOSED, /* after </ */
    BANG,   /* <! ... > */
    SCRIPT, /* inside <script> or <style>: literals only */
    TROUBLE,
};

enum attribute { PLAIN, ADDRESS, FORBIDDEN };

struct markup {
    enum state state;
    char name[24]; /* of the tag or attribute now being read, lower case, cut */
    size_t name_len;
    bool raw_next; /* the tag is script or style */
    enum attribute attribute;
    enum { NOTHING, LITERAL_FIRST, VALUE_FIRST } begun; /* of the attribute's value */
};

struct reader {
    struct arena *arena;
    const struct html *html;
    struct html_template *template;
    size_t cap;
    struct str rest;
    struct markup markup;
    struct markup around[HTML_DEPTH_MAX]; /* as the open sections found it */
    size_t section[HTML_DEPTH_MAX];       /* their parts */
    unsigned depth;
    const char *why;
    enum cau_err err;
};

static bool fail(struct reader *r, const char *why)
{
    if (r->err == CAU_OK) {
        r->err = CAU_ERR_SYNTAX;
        r->why = why;
    }
    return false;
}

static bool name_is(const struct markup *m, const char *word)
{
    return str_is((struct str){m->name, m->name_len}, word);
}

static void name_begin(struct markup *m)
{
    m->name_len = 0;
}

static void name_add(struct markup *m, char c)
{
    if (m->name_len < sizeof m->name)
        m->name[m->name_len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static enum attribute attribute_of(const struct markup *m)
{
    static const char *const address[] = {"href",   "src",        "action",     "formaction",
                                          "cite",   "data",       "poster",     "ping",
                                          "srcset", "xlink:href", "background", "manifest"};
    static const char *const forbidden[] = {"style", "srcdoc", "http-equiv", "nonce"};
    for (size_t i = 0; i < countof(address); i++)
        if (name_is(m, address[i]))
            return ADDRESS;
    for (size_t i = 0; i < countof(forbidden); i++)
        if (name_is(m, forbidden[i]))
            return FORBIDDEN;
    return m->name_len >= 2 && m->name[0] == 'o' && m->name[1] == 'n' ? FORBIDDEN : PLAIN;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void tag_ends(struct markup *m)
{
    m->state = m->raw_next ? SCRIPT : TEXT;
    m->raw_next = false;
}

static void step_tag(struct markup *m, char c)
{
    switch (m->state) {
    case OPENED:
        if (c == '/')
            m->state = CLOSED;
        else if (c == '!')
            m->state = BANG;
        else if (is_letter(c) || (c >= '0' && c <= '9') || c == '-')
            name_add(m, c);
        else {
            m->raw_next = name_is(m, "script") || name_is(m, "style");
            if (m->name_len == 0)
                m->state = TROUBLE;
            else if (c == '>')
                tag_ends(m);
            else
                m->state = is_space(c) || c == '/' ? TAG : TROUBLE;
        }
        break;
    case TAG:
        name_begin(m);
        if (c == '>')
            tag_ends(m);
        else if (is_letter(c)) {
            m->state = NAME;
            name_add(m, c);
        } else if (!is_space(c) && c != '/')
            m->state = TROUBLE;
        break;
    case NAME:
        if (c == '=') {
            m->attribute = attribute_of(m);
            m->state = BEFORE;
        } else if (c == '>')
            tag_ends(m);
        else if (is_space(c))
            m->state = TAG;
        else
            name_add(m, c);
        break;
    default:
        m->state = TROUBLE;
    }
}

static void step(struct markup *m, char c)
{
    switch (m->state) {
    case TEXT:
    case SCRIPT: /* ends at the next tag: our scripts are files of their own, and empty here */
        if (c == '<') {
            m->state = OPENED;
            name_begin(m);
        }
        break;
    case BEFORE:
        m->state = c == '"' ? VALUE : TROUBLE;
        m->begun = NOTHING;
        break;
    case VALUE:
        if (c == '"')
            m->state = TAG;
        else if (m->begun == NOTHING)
            m->begun = LITERAL_FIRST;
        break;
    case CLOSED:
    case BANG:
        if (c == '>')
            m->state = TEXT;
        break;
    case OPENED:
    case TAG:
    case NAME:
    case TROUBLE:
        step_tag(m, c);
    }
}

static struct html_part *add_part(struct reader *r, enum html_what what)
{
    if (r->template->parts == r->cap) {
        r->err = CAU_ERR_RANGE;
        return NULL;
    }
    struct html_part *part = &r->template->part[r->template->parts++];
    *part = (struct html_part){.what = what};
    return part;
}

/* Literal markup with each line end and the indentation after it made one line feed. */
static bool add_literal(struct reader *r, struct str text)
{
    if (text.len == 0)
        return true;
    char *p = arena_take(r->arena, text.len);
    struct html_part *part = add_part(r, HTML_LITERAL);
    if (p == NULL || part == NULL)
        return fail(r, "too long");
    size_t n = 0;
    bool fresh = false; /* at the beginning of a line */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        step(&r->markup, c);
        if (r->markup.state == TROUBLE)
            return fail(r, "markup is not understood");
        if (fresh && is_space(c))
            continue;
        fresh = c == '\n';
        p[n++] = c;
    }
    part->literal = (struct str){p, n};
    return true;
}

static bool read_key(struct reader *r, struct str text, struct html_key *out)
{
    *out = (struct html_key){.scope = HTML_HERE};
    if (str_starts(text, STR("@"))) {
        out->scope = HTML_PAGE;
        text = str_from(text, 1);
    }
    while (out->scope != HTML_PAGE && str_starts(text, STR("../"))) {
        out->scope = HTML_AROUND;
        out->up++;
        text = str_from(text, 3);
    }
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.p[i]) && text.p[i] != '_' &&
            !(text.p[i] >= '0' && text.p[i] <= '9'))
            return fail(r, "not a name");
    out->name = text;
    return (text.len > 0 && text.len <= HTML_NAME_BYTES_MAX) || fail(r, "not a name");
}

/* How a value that stands here is escaped. */
static bool find_place(struct reader *r, enum html_place *out)
{
    struct markup *m = &r->markup;
    *out = HTML_IN_TEXT;
    if (m->state == TEXT)
        return true;
    if (m->state != VALUE || m->attribute == FORBIDDEN)
        return fail(r, "no value may stand here");
    if (m->attribute == ADDRESS) {
        if (m->begun == VALUE_FIRST)
            return fail(r, "an address that begins with a value has no other value");
        *out = m->begun == LITERAL_FIRST ? HTML_IN_PART : HTML_IN_ADDRESS;
    } else {
        *out = HTML_IN_ATTRIBUTE;
    }
    if (m->begun == NOTHING)
        m->begun = VALUE_FIRST;
    return true;
}

static bool add_value(struct reader *r, struct str text)
{
    enum html_place place;
    struct html_key key;
    if (!find_place(r, &place) || !read_key(r, text, &key))
        return false;
    struct html_part *part = add_part(r, HTML_VALUE);
    if (part == NULL)
        return false;
    part->place = place;
    part->key = key;
    return true;
}

static bool add_plain_words(struct reader *r, const char *id, struct html_part *part)
{
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct buf b = buf_new(1 << 20);
        html_escape(&b, words((enum lang)lang, id));
        enum cau_err err =
            b.failed ? CAU_ERR_MEMORY : arena_copy(r->arena, buf_str(&b), &part->words[lang]);
        buf_free(&b);
        if (err != CAU_OK)
            return fail(r, "no memory");
    }
    return true;
}

static bool add_words(struct reader *r, struct str text, bool plural)
{
    enum html_place place;
    struct str id_text = str_next(&text, ' '), id;
    if (!find_place(r, &place))
        return false;
    if (place != HTML_IN_TEXT && place != HTML_IN_ATTRIBUTE)
        return fail(r, "words are no address");
    struct html_part *part = add_part(r, plural ? HTML_PLURAL : HTML_MESSAGE);
    if (part == NULL || arena_copy(r->arena, id_text, &id) != CAU_OK)
        return fail(r, "no memory");
    if (text.len == 0 && !plural) {
        part->what = HTML_WORDS;
        return add_plain_words(r, id.p, part);
    }
    part->message.id = id.p;
    part->message.slot = arena_take(r->arena, HTML_SLOTS_MAX * sizeof(struct html_key));
    while (text.len > 0 && part->message.slot != NULL) {
        struct str name = str_next(&text, ' ');
        if (part->message.slots == HTML_SLOTS_MAX)
            return fail(r, "too many places");
        if (!read_key(r, name, &part->message.slot[part->message.slots++]))
            return false;
    }
    return part->message.slots > 0 || fail(r, "a plural needs a number");
}

static bool open_section(struct reader *r, struct str text, enum html_what what)
{
    struct html_key key;
    struct markup *m = &r->markup;
    if (m->state != TEXT && m->state != TAG && !(m->state == VALUE && m->attribute == PLAIN))
        return fail(r, "no section may stand here");
    if (r->depth == HTML_DEPTH_MAX)
        return fail(r, "too deep");
    if (!read_key(r, text, &key))
        return false;
    struct html_part *part = add_part(r, what);
    if (part == NULL)
        return false;
    part->key = key;
    r->section[r->depth] = r->template->parts - 1;
    r->around[r->depth++] = *m;
    return true;
}

static bool close_section(struct reader *r, struct str text)
{
    struct html_key key;
    if (r->depth == 0 || !read_key(r, text, &key))
        return fail(r, "closes nothing");
    struct html_part *part = &r->template->part[r->section[--r->depth]];
    const struct markup *before = &r->around[r->depth], *now = &r->markup;
    if (!str_equal(part->key.name, key.name) || part->key.scope != key.scope)
        return fail(r, "closes another section");
    if (before->state != now->state || before->raw_next != now->raw_next ||
        (now->state == VALUE && before->attribute != now->attribute))
        return fail(r, "the section leaves the markup changed");
    part->end = r->template->parts;
    return true;
}

static bool add_partial(struct reader *r, struct str text)
{
    const struct html_template *partial = html_find(r->html, text);
    if (r->markup.state != TEXT)
        return fail(r, "no skeleton may stand here");
    if (partial == NULL)
        return fail(r, "no such skeleton");
    struct html_part *part = add_part(r, HTML_PARTIAL);
    if (part == NULL)
        return false;
    part->partial = partial;
    return true;
}

static bool read_tag(struct reader *r, struct str text)
{
    if (text.len == 0)
        return fail(r, "empty braces");
    switch (text.p[0]) {
    case '!':
        return true;
    case '#':
        return open_section(r, str_from(text, 1), HTML_SECTION);
    case '^':
        return open_section(r, str_from(text, 1), HTML_UNLESS);
    case '?':
        return open_section(r, str_from(text, 1), HTML_WHEN);
    case '/':
        return close_section(r, str_from(text, 1));
    case '>':
        return add_partial(r, str_from(text, 1));
    default:
        if (str_starts(text, STR("w:")))
            return add_words(r, str_from(text, 2), false);
        if (str_starts(text, STR("n:")))
            return add_words(r, str_from(text, 2), true);
        return add_value(r, text);
    }
}

static size_t find_pair(struct str x, char c)
{
    for (size_t i = 0; i + 1 < x.len; i++)
        if (x.p[i] == c && x.p[i + 1] == c)
            return i;
    return x.len;
}

static bool read_template(struct reader *r)
{
    r->rest = r->template->source;
    while (r->rest.len > 0) {
        size_t at = find_pair(r->rest, '{');
        if (!add_literal(r, str_to(r->rest, at)))
            return false;
        if (at == r->rest.len)
            break;
        struct str inner = str_from(r->rest, at + 2);
        r->rest = inner; /* where a fault is said to be */
        size_t end = find_pair(inner, '}');
        if (end == inner.len)
            return fail(r, "braces do not close");
        if (!read_tag(r, str_to(inner, end)))
            return false;
        r->rest = str_from(inner, end + 2);
    }
    if (r->depth > 0)
        return fail(r, "a section is not closed");
    return r->markup.state == TEXT || fail(r, "a tag is not closed");
}

static size_t line_of(struct str source, struct str rest)
{
    size_t line = 1;
    for (size_t i = 0; i < source.len - rest.len; i++)
        line += source.p[i] == '\n';
    return line;
}

static bool is_skeleton(const struct asset *file)
{
    return str_starts(file->name, STR("pages/")) && str_ends(file->name, STR(".html"));
}

enum cau_err html_load(struct arena *a, const struct asset *file, size_t n, struct html **out,
                       struct html_fault *fault)
{
    struct html *h = arena_zero(a, sizeof *h);
    if (h != NULL)
        h->template = arena_zero(a, HTML_TEMPLATES_MAX * sizeof *h->template);
    if (h == NULL || h->template == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if (!is_skeleton(&file[i]))
            continue;
        if (h->n == HTML_TEMPLATES_MAX)
            return CAU_ERR_RANGE;
        struct str name = str_from(file[i].name, 6);
        h->template[h->n++] =
            (struct html_template){.name = str_to(name, name.len - 5), .source = file[i].bytes};
    }
    /* One long run of parts at the arena's end would do; a fixed room is enough and simpler. */
    struct html_part *room = arena_take(a, HTML_PARTS_MAX * sizeof *room);
    for (size_t i = 0; i < h->n && room != NULL; i++) {
        struct html_template *t = &h->template[i];
        t->part = room;
        struct reader r = {.arena = a, .html = h, .template = t, .cap = HTML_PARTS_MAX};
        if (!read_template(&r)) {
            *fault = (struct html_fault){t->name, line_of(t->source, r.rest), r.why};
            return r.err;
        }
        struct html_part *kept = arena_take(a, t->parts * sizeof *kept);
        if (kept == NULL)
            return CAU_ERR_MEMORY;
        memcpy(kept, room, t->parts * sizeof *kept);
        t->part = kept;
    }
    if (room == NULL)
        return CAU_ERR_MEMORY;
    *out = h;
    return CAU_OK;
}
