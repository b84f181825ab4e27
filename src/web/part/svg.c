#include "web/part/svg.h"

#include "base/buf.h"

struct svg svg_begin(struct html_map *m, const char *key, struct arena *a,
                     const struct svg_frame *frame)
{
    struct svg s = {.map = html_item(m, key), .arena = a};
    html_text(s.map, "id", str_of(frame->id));
    html_text(s.map, "class", str_of(frame->class));
    html_number(s.map, "height", frame->height_px);
    html_text(s.map, "title", frame->title);
    html_text(s.map, "text", frame->text);
    return s;
}

/* "12.5%": a share of the width, which a length in permille is not. */
static void set_share(struct svg *s, struct html_map *m, const char *key, int permille)
{
    struct buf b = buf_new(32);
    struct str text = {NULL, 0};
    int64_t size = permille < 0 ? -(int64_t)permille : permille;
    if (permille < 0)
        buf_add_char(&b, '-');
    buf_add_int(&b, size / 10);
    buf_add_char(&b, '.');
    buf_add_int(&b, size % 10);
    buf_add_char(&b, '%');
    /* An arena without room for this has none for the item either, and then the page fails. */
    if (!b.failed)
        (void)arena_copy(s->arena, buf_str(&b), &text);
    html_text(m, key, text);
    buf_free(&b);
}

/* The next thing to be drawn; NULL when there are too many. */
static struct html_map *add(struct svg *s, const char *what, const char *class,
                            struct svg_place at)
{
    if (s->marks == SVG_MARKS_MAX)
        return NULL;
    s->marks++;
    struct html_map *m = html_item(s->map, "marks");
    html_flag(m, what, true);
    html_text(m, "class", str_of(class));
    set_share(s, m, "x", at.x_permille);
    html_number(m, "y", at.y_px);
    return m;
}

void svg_line(struct svg *s, const char *class, struct svg_place from, struct svg_place to)
{
    struct html_map *m = add(s, "line", class, from);
    if (m == NULL)
        return;
    set_share(s, m, "x2", to.x_permille);
    html_number(m, "y2", to.y_px);
}

void svg_box(struct svg *s, const char *class, struct svg_place corner, int width_permille,
             int height_px)
{
    struct html_map *m = add(s, "box", class, corner);
    if (m == NULL)
        return;
    set_share(s, m, "width", width_permille);
    html_number(m, "height", height_px);
}

void svg_mark(struct svg *s, enum svg_shape shape, const char *class, struct svg_place at,
              struct str hint)
{
    static const char *const path[SVG_SHAPES] = {
        [SVG_DOT] = "M-5,0a5,5 0 1,0 10,0a5,5 0 1,0 -10,0z",
        [SVG_SQUARE] = "M-5,-5h10v10h-10z",
        [SVG_DIAMOND] = "M0,-6l6,6l-6,6l-6,-6z",
        [SVG_TRIANGLE] = "M0,-6l6,11h-12z",
        [SVG_CROSS] = "M-5,-5l10,10M-5,5l10,-10",
        [SVG_BAR] = "M0,-8v16",
    };
    must((unsigned)shape < SVG_SHAPES);
    struct html_map *m = add(s, "mark", class, at);
    if (m == NULL)
        return;
    html_text(m, "path", str_of(path[shape]));
    html_text(m, "hint", hint);
}

void svg_text(struct svg *s, const char *class, struct svg_place at, int shift_px,
              enum svg_anchor anchor, struct str text)
{
    static const char *const name[] = {"start", "middle", "end"};
    must((unsigned)anchor < countof(name));
    struct html_map *m = add(s, "words", class, at);
    if (m == NULL)
        return;
    html_number(m, "shift", shift_px);
    html_text(m, "anchor", str_of(name[anchor]));
    html_text(m, "text", text);
}
