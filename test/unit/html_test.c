#include "web/serve/html.h"

#include "test.h"

#include <string.h>

static unsigned char space[8 << 20];
static struct arena arena;

static enum cau_err load(const char *page, struct html **out, struct html_fault *fault)
{
    static const struct asset other = {{"pages/row.html", 14}, {"<li>{{name}}</li>", 17}};
    const struct asset file[] = {
        {STR("pages/page.html"), str_of(page)}, other, {STR("words/x.mo"), STR("{{")}};
    arena = (struct arena){space, sizeof space, 0};
    return html_load(&arena, file, countof(file), out, fault);
}

/* A page's map with a value of every sort. */
static struct html_map *sample(struct html_model *model)
{
    struct html_map *m = html_begin(model, &arena);
    html_text(m, "evil", STR("<a href='x'>&\"</a>"));
    html_text(m, "script", STR("javascript:alert(1)"));
    html_text(m, "link", STR("https://a.example/?q=1&r=\"2\""));
    html_text(m, "empty", STR(""));
    html_part(m, "made", STR("<b>1 &amp; 2</b>"));
    html_number(m, "count", 51414);
    html_flag(m, "yes", true);
    html_flag(m, "no", false);
    for (int i = 0; i < 2; i++) {
        struct html_map *item = html_item(m, "list");
        html_text(item, "name", i == 0 ? STR("một") : STR("два & 3"));
        html_text(html_item(item, "inner"), "name", STR("in"));
    }
    return m;
}

static void expect(const char *page, const char *result)
{
    struct html *h = NULL;
    struct html_fault fault = {.why = ""};
    assert_int_equal(load(page, &h, &fault), CAU_OK);
    struct html_model model;
    struct html_map *m = sample(&model);
    struct buf b = buf_new(1 << 20);
    check(html_write(h, "page", LANG_EN, m, &b) && !model.failed);
    buf_add_char(&b, '\0');
    assert_string_equal(b.p, result);
    buf_free(&b);
}

static void fills_in_values_escaped_for_their_place(void **state)
{
    (void)state;
    expect("<p>{{evil}}</p>", "<p>&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;</p>");
    expect("<p title=\"{{evil}}\">",
           "<p title=\"&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;\">");
    expect("<a href=\"{{script}}\">", "<a href=\"#\">");
    /* A part that was made before stands where text does, and nowhere else. */
    expect("{{#made}}<p>{{made}}</p>{{/made}}", "<p><b>1 &amp; 2</b></p>");
    expect("<p title=\"{{made}}\">", "<p title=\"\">");
    expect("<a href=\"{{made}}\">", "<a href=\"\">");
    expect("<a href=\"{{link}}\">", "<a href=\"https://a.example/?q=1&amp;r=&quot;2&quot;\">");
    expect("<a href=\"/x?u={{script}}\">", "<a href=\"/x?u=javascript:alert%281%29\">");
    expect("<a href=\"/{{link}}\">",
           "<a href=\"/https:%2F%2Fa.example%2F%3Fq%3D1%26r%3D%222%22\">");
    expect("{{count}}<a title=\"{{count}}\" href=\"/?n={{count}}\">",
           "51,414<a title=\"51414\" href=\"/?n=51414\">");
    expect("{{nothing}}{{! remark }}{{empty}}", "");
}

static void repeats_and_leaves_out(void **state)
{
    (void)state;
    expect("{{#list}}{{name}},{{/list}}", "một,два &amp; 3,");
    expect("{{#list}}{{#inner}}{{name}} {{../name}} {{@count}};{{/inner}}{{/list}}",
           "in một 51,414;in два &amp; 3 51,414;");
    expect("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}N{{/no}}{{#empty}}e{{/empty}}{{^gone}}g{{/"
           "gone}}",
           "yNg");
    expect("<input {{#yes}}checked {{/yes}}{{#no}}disabled {{/no}}>", "<input checked >");
    expect("<p class=\"a{{#yes}} b{{/yes}}\">", "<p class=\"a b\">");
    expect("<ul>\n    {{#list}}\n    {{>row}}\n    {{/list}}\n</ul>",
           "<ul>\n\n<li>một</li>\n\n<li>два &amp; 3</li>\n\n</ul>");
    expect("{{?list}}{{count}}{{#list}}{{name}}{{/list}}{{/list}}{{?no}}n{{/no}}",
           "51,414một"
           "два &amp; 3");
    expect("{{#list}}{{count}}{{/list}}", ""); /* nothing shines in from around */
}

static void words_in_the_readers_language(void **state)
{
    (void)state;
    expect("{{w:date.of.1}}", "January");
    expect("<a title=\"{{w:date.of.1}}\">", "<a title=\"January\">");
    expect("{{w:date.day count evil script}}",
           "javascript:alert(1) &lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt; 51,414");
}

static void refuse(const char *page, const char *why, size_t line)
{
    struct html *h = NULL;
    struct html_fault fault = {.why = ""};
    assert_int_equal(load(page, &h, &fault), CAU_ERR_SYNTAX);
    assert_string_equal(fault.why, why);
    assert_int_equal(fault.line, line);
    check(h == NULL);
}

static void refuses_values_in_dangerous_places(void **state)
{
    (void)state;
    const char *const no = "no value may stand here";
    refuse("<p>\n<p onclick=\"{{evil}}\">", no, 2);
    refuse("<p style=\"{{evil}}\">", no, 1);
    refuse("<script>{{evil}}</script>", no, 1);
    refuse("<style>{{evil}}</style>", no, 1);
    refuse("<{{evil}}>", no, 1);
    refuse("<p {{evil}}=\"x\">", no, 1);
    refuse("<p class={{evil}}>", no, 1);
    refuse("<!-- {{evil}} -->", no, 1);
    refuse("<p class='x'>", "markup is not understood", 1);
    refuse("<a href=\"{{link}}{{link}}\">",
           "an address that begins with a value has no other value", 1);
    refuse("<a href=\"{{#yes}}{{link}}{{/yes}}\">", "no section may stand here", 1);
    refuse("<a href=\"{{w:date.of.1}}\">", "words are no address", 1);
}

static void refuses_skeletons_that_do_not_close(void **state)
{
    (void)state;
    refuse("{{#yes}}", "a section is not closed", 1);
    refuse("{{/yes}}", "closes nothing", 1);
    refuse("{{#yes}}{{/no}}", "closes another section", 1);
    refuse("<{{#yes}}p {{/yes}}>", "no section may stand here", 1);
    refuse("<p {{#yes}}checked{{/yes}}x>", "the section leaves the markup changed", 1);
    refuse("{{#yes}}<p{{/yes}}>", "the section leaves the markup changed", 1);
    refuse("{{yes", "braces do not close", 1);
    refuse("{{}}", "empty braces", 1);
    refuse("{{a-b}}", "not a name", 1);
    refuse("{{>gone}}", "no such skeleton", 1);
    refuse("<p", "a tag is not closed", 1);
}

static void stops_at_its_limits(void **state)
{
    (void)state;
    struct html *h = NULL;
    struct html_fault fault;
    static char deep[(HTML_DEPTH_MAX + 1) * 8 + 1];
    for (size_t i = 0; i <= HTML_DEPTH_MAX; i++)
        memcpy(deep + i * 8, "{{#yes}}", 8);
    check(load(deep, &h, &fault) == CAU_ERR_SYNTAX && strcmp(fault.why, "too deep") == 0);
    static char many[(HTML_PARTS_MAX + 1) * 5 + 1];
    for (size_t i = 0; i <= HTML_PARTS_MAX; i++)
        memcpy(many + i * 5, "{{a}}", 5);
    check(load(many, &h, &fault) == CAU_ERR_RANGE);
    many[HTML_PARTS_MAX * 5] = '\0';
    check(load(many, &h, &fault) == CAU_OK);

    check(load("{{>page}}", &h, &fault) == CAU_OK); /* a skeleton within itself, for ever */
    struct html_model model;
    struct html_map *m = sample(&model);
    struct buf b = buf_new(1 << 10);
    check(!html_write(h, "page", LANG_VI, m, &b));
    buf_free(&b);
}

static void swallows_data_without_memory(void **state)
{
    (void)state;
    struct arena none = {space, 200, 0};
    struct html_model model;
    struct html_map *m = html_begin(&model, &none);
    for (int i = 0; i < 10; i++)
        html_text(html_item(m, "list"), "name", STR("x"));
    check(model.failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_values_escaped_for_their_place),
        cmocka_unit_test(repeats_and_leaves_out),
        cmocka_unit_test(words_in_the_readers_language),
        cmocka_unit_test(refuses_values_in_dangerous_places),
        cmocka_unit_test(refuses_skeletons_that_do_not_close),
        cmocka_unit_test(stops_at_its_limits),
        cmocka_unit_test(swallows_data_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
