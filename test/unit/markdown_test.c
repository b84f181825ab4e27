#include "web/part/markdown.h"

#include "base/asset.h"
#include "test.h"

#include <string.h>

static unsigned char space[16 << 20];

/* What the skeleton pages/blocks.html makes of a text. */
static void expect(const char *text, const char *html)
{
    struct arena a = {space, sizeof space, 0};
    struct html *h;
    struct html_fault fault;
    struct html_model model;
    const struct asset *file[] = {asset_find(STR("pages/blocks.html")),
                                  asset_find(STR("pages/line.html"))};
    struct asset list[] = {*file[0], *file[1]};
    check(html_load(&a, list, 2, &h, &fault) == CAU_OK);
    struct html_map *page = html_begin(&model, &a);
    check(markdown_write(&a, page, page, str_of(text)) == CAU_OK && !model.failed);
    struct buf b = buf_new(1 << 20);
    check(html_write(h, "blocks", LANG_EN, page, &b));
    struct buf bare = buf_new(1 << 20); /* classes are the style sheet's affair */
    for (size_t i = 0; i < b.len; i++) {
        if (strncmp(b.p + i, " class=\"", 8) == 0)
            i = (size_t)(strchr(b.p + i + 8, '"') - b.p) + 1;
        if (i < b.len && b.p[i] != '\n')
            buf_add_char(&bare, b.p[i]);
    }
    buf_add_char(&bare, '\0');
    assert_string_equal(bare.p, html);
    buf_free(&bare);
    buf_free(&b);
}

static void reads_blocks(void **state)
{
    (void)state;
    expect("# A\n\n## B *c*\ntext\nmore\n",
           "<h1>A</h1><h2 id=\"s1\">B <em>c</em></h2><p>text more</p>");
    expect("* one\n  more\n* two\n", "<ul><li><p>one more</p></li><li><p>two</p></li></ul>");
    expect("1. a\n\n   b\n2. c\n", "<ol><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>");
    expect("| h | **i** |\n|---|---|\n| 1 | 2 |\n",
           "<div><table><thead><tr><th scope=\"col\">h</th><th "
           "scope=\"col\"><strong>i</strong></th>"
           "</tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></div>");
    expect("```\na <b>\n```\nend", "<pre tabindex=\"0\">a &lt;b&gt;</pre><p>end</p>");
}

static void reads_lines(void **state)
{
    (void)state;
    expect("a **b** `c*` [d](https://e.example) f_g * h",
           "<p>a <strong>b</strong> <code>c*</code> <a href=\"https://e.example\">d</a> f_g * "
           "h</p>");
    expect("[x](javascript:alert)", "<p><a href=\"#\">x</a></p>");
    expect("<script>&", "<p>&lt;script&gt;&amp;</p>");
    expect("a **b", "<p>a **b</p>");
}

static void keeps_its_limits(void **state)
{
    (void)state;
    static char text[MARKDOWN_BYTES_MAX + 1];
    struct arena a = {space, sizeof space, 0}, none = {space, 512, 0};
    struct html_model model;
    struct html_map *m = html_begin(&model, &a);
    check(markdown_write(&a, m, m, (struct str){text, sizeof text}) == CAU_ERR_RANGE);
    m = html_begin(&model, &none);
    memset(text, 'a', 2000);
    check(markdown_write(&none, m, m, (struct str){text, 2000}) == CAU_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_blocks),
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(keeps_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
