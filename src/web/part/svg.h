/* svg.h - drawings in pages: lines, boxes, marks and words, listed in the page's map and written by the skeleton
 * pages/svg.html, so that every text passes through the one escape and the page keeps its strict policy (no style
 * attributes, no script). Looks are classes of pages/cau.css.
 *
 * Across, places are permille of the drawing's width; down, they are CSS pixels. The drawing is as wide as its place on
 * the page, and its words keep their size at 360 pixels and on paper: nothing is scaled. Words too many for a narrow
 * screen are given the class "cau-svg__spare" as well and are not shown there.
 *
 * In a skeleton: {{#chart}}{{>svg}}{{/chart}}, after svg_begin(m, "chart", ...). The drawing is one image to a screen
 * reader, with a title and a description; what it shows stands in a table beside it, which is the data. */
#ifndef CAU_WEB_SVG_H
#define CAU_WEB_SVG_H

#include "web/serve/html.h"

#define SVG_MARKS_MAX 20000 /* of one drawing; more are left off */

struct svg_frame {
    const char *id; /* unique on its page; letters, digits, hyphens */
    const char *class;
    int height_px;
    struct str title, text; /* in the reader's language: what it is, and what is to be seen */
};
struct svg {
    struct html_map *map;
    struct arena *arena;
    size_t marks;
};
struct svg_place {
    int x_permille, y_px;
};
enum svg_shape { /* told apart without colour; 11 px */
                 SVG_DOT,
                 SVG_SQUARE,
                 SVG_DIAMOND,
                 SVG_TRIANGLE,
                 SVG_CROSS,
                 SVG_BAR,
                 SVG_SHAPES,
};
enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* Begins a drawing as the item `key` of a page's map. Texts are borrowed as html_text borrows. Without memory the page
 * fails as a whole, as with html_*. */
struct svg svg_begin(struct html_map *m, const char *key, struct arena *a,
                     const struct svg_frame *frame);
/* Classes are C strings of ours that live as long as the page. Each is painted over those before it. */
void svg_line(struct svg *s, const char *class, struct svg_place from, struct svg_place to);
void svg_box(struct svg *s, const char *class, struct svg_place corner, int width_permille,
             int height_px);
/* A shape about a place; hint is shown by browsers that point at it, and may be empty. */
void svg_mark(struct svg *s, enum svg_shape shape, const char *class, struct svg_place at,
              struct str hint);
/* Words whose baseline is at a place, shifted by so many pixels. */
void svg_text(struct svg *s, const char *class, struct svg_place at, int shift_px,
              enum svg_anchor anchor, struct str text);

#endif
