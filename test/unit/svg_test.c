#include "web/part/svg.h"

#include "test.h"
#include "web_help.h"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    arena = arena_new((size_t)64 << 20);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct html_model model;

static struct svg begin(struct html_map **page)
{
    const struct svg_frame frame = {"c1", "cau-x", 200, STR("Trade <2024>"), STR("A \"gap\"")};
    arena_reset(&arena);
    *page = html_begin(&model, &arena);
    return svg_begin(*page, "svg", &arena, &frame);
}

/* The drawing as the skeleton of the program writes it. */
static struct str written(const struct html_map *page, struct buf *out)
{
    struct html *h;
    struct html_fault fault;
    const struct asset *skeleton = asset_find(STR("pages/svg.html"));
    check(skeleton != NULL);
    const struct asset file[] = {*skeleton,
                                 {STR("pages/x.html"), STR("{{#svg}}{{>svg}}{{/svg}}")}};
    check(html_load(&arena, file, 2, &h, &fault) == CAU_OK);
    *out = buf_new((size_t)16 << 20);
    check(html_write(h, "x", LANG_EN, page, out) && !model.failed);
    return buf_str(out);
}

static bool has(struct str page, const char *word)
{
    return test_find(page, 0, word) < page.len;
}

static void every_text_is_escaped_and_nothing_is_styled(void **state)
{
    (void)state;
    struct html_map *page;
    struct buf out;
    struct svg s = begin(&page);
    svg_line(&s, "cau-svg__axis", (struct svg_place){0, 10}, (struct svg_place){1000, 10});
    svg_box(&s, "a", (struct svg_place){125, 4}, 333, 12);
    svg_mark(&s, SVG_DIAMOND, "b", (struct svg_place){-5, 4}, STR("5 < 6"));
    svg_text(&s, "c", (struct svg_place){500, 4}, -8, SVG_END, STR("</text><script>"));
    struct str x = written(page, &out);
    check(has(x, "<title id=\"c1-title\">Trade &lt;2024&gt;</title>"));
    check(has(x, "<desc id=\"c1-text\">A &quot;gap&quot;</desc>"));
    check(has(x, "x1=\"0.0%\" y1=\"10\" x2=\"100.0%\" y2=\"10\"/>"));
    check(has(x, "<rect class=\"a\" x=\"12.5%\" y=\"4\" width=\"33.3%\" height=\"12\"/>"));
    check(has(x, "x=\"-0.5%\"") && has(x, "<title>5 &lt; 6</title>"));
    check(has(x, "dx=\"-8\" text-anchor=\"end\">&lt;/text&gt;&lt;script&gt;</text>"));
    check(!has(x, "<script") && !has(x, "style="));
    buf_free(&out);
}

static void too_many_marks_are_left_off(void **state)
{
    (void)state;
    struct html_map *page;
    struct svg s = begin(&page);
    for (size_t i = 0; i <= SVG_MARKS_MAX; i++)
        svg_box(&s, "a", (struct svg_place){0, 0}, 1, 1);
    check(s.marks == SVG_MARKS_MAX && !model.failed);
    check(html_count(page, "svg") == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_escaped_and_nothing_is_styled),
        cmocka_unit_test(too_many_marks_are_left_off),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
