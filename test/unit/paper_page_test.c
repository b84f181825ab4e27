#include "web/part/paper_page.h"

#include "test.h"
#include "web_help.h"

static bool has(const struct buf *page, const char *words)
{
    return test_find(buf_str(page), 0, words) < page->len;
}

static struct paper sample(struct ask *q)
{
    const struct paper_column column[] = {{.head = STR("№"), .width = 10},
                                          {.head = STR("Что <сделано>"), .width = 90}};
    struct paper p = paper_new(q->arena, q->lang, STR("Отчёт & таблица"));
    struct paper_text note = {0};
    p.landscape = true;
    p.subtitle = STR("На 22 ноября 2026 г.");
    paper_add(&p, &note, STR("VEN-2020"))->address = STR("https://ven.example/a");
    paper_heading(&p, 2, STR("Итого"));
    struct paper_text *para = paper_paragraph(&p);
    paper_note(&p, paper_add(&p, para, STR("Семь документов")), &note);
    paper_note(&p, paper_add(&p, para, STR(", снова семь")), &note);
    struct paper_block *list = paper_list(&p, 1);
    paper_add(&p, &list->item[0], STR("первое\nвторое"));
    struct paper_block *t = paper_table(&p, column, 2, STR("Сроки"));
    t->anchor = STR("terms");
    paper_row(&p, t)->head = true;
    paper_add(&p, &t->row->cell[0], STR("Просрочено"))->tone = PAPER_ALERT;
    struct paper_row *r = paper_row(&p, t);
    paper_add(&p, &r->cell[0], STR("1"))->address = STR("/ru/r:1");
    struct paper_piece *vi = paper_add(&p, &r->cell[1], STR("Cam kết"));
    vi->lang = STR("vi");
    vi->address = STR("javascript:alert(1)");
    paper_add(&p, &p.foot, STR("vn.example/public 42"));
    check(!p.failed);
    return p;
}

/* The page has everything of the paper, escaped, and links both ways between text and notes. */
static void paper_in_a_page(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_RU);
    struct paper p = sample(q);
    ask_title(q, p.title);
    struct html_map *m = html_item(q->page, "paper");
    paper_page_fill(q, m, &p);
    paper_page_formats(q, m, STR("/ru/r:1/table?second=vi"));
    struct buf out = buf_new(1 << 20);
    check(html_write(q->site->html, "office", q->lang, q->page, &out) && !q->model.failed);
    check(has(&out, "Отчёт &amp; таблица") && has(&out, "Что &lt;сделано&gt;"));
    check(has(&out, "<a class=\"govuk-link\" id=\"mark-1\" href=\"#note-1\""));
    check(
        has(&out, "<li id=\"note-1\"><a class=\"govuk-link\" href=\"https://ven.example/a\">"));
    check(has(&out, "href=\"#mark-1\"") && has(&out, "первое<br>второе"));
    check(has(&out, "<th scope=\"rowgroup\" colspan=\"2\"") && has(&out, "cau-alert"));
    check(has(&out, "<span lang=\"vi\">Cam kết</span>") && !has(&out, "javascript:"));
    check(has(&out, "id=\"terms\"") && has(&out, "<col width=\"10.0%\">"));
    check(has(&out, "href=\"/ru/r:1/table?second=vi&amp;format=docx\""));
    check(has(&out, "cau-office--wide") && has(&out, "data-label=\"Что &lt;сделано&gt;\""));
    size_t first = test_find(buf_str(&out), 0, "id=\"mark-1\"");
    check(test_find(buf_str(&out), first + 1, "id=\"mark-1\"") == out.len); /* once in a page */
    buf_free(&out);
    test_answered(&web);
}

static void papers_are_sent(void **state)
{
    (void)state;
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        struct ask *q = test_ask(&web, LANG_RU);
        struct paper p = sample(q);
        paper_send(q, &p, (enum paper_format)f, STR("table"));
        check(q->answer->status == 200 && q->answer->body.len > 100);
        bool named = false;
        for (size_t i = 0; i < q->answer->headers; i++)
            named |= test_find(q->answer->header[i].value, 0, "filename=\"table.") <
                     q->answer->header[i].value.len;
        check(named);
        test_answered(&web);
    }
    struct ask *q = test_ask(&web, LANG_RU);
    struct paper p = sample(q);
    p.failed = true;
    paper_send(q, &p, PAPER_CSV, STR("table"));
    check(q->answer->status == 503);
    paper_page_fill(q, html_item(q->page, "paper"), &p);
    check(q->model.failed);
    test_answered(&web);
}

/* A paper as CSV: its title, and as many bytes as n in one text that it only views. */
static struct paper of_bytes(struct ask *q, struct str bytes)
{
    struct paper p = paper_new(q->arena, q->lang, STR("T"));
    const struct paper_column column[] = {{.head = STR("C"), .width = 1}};
    struct paper_row *row = paper_row(&p, paper_table(&p, column, 1, STR("T")));
    paper_add(&p, &row->cell[0], bytes);
    return p;
}

static void a_file_too_big_is_refused(void **state)
{
    (void)state;
    size_t room = PAPER_PAGE_BYTES_MAX;
    char *bytes = malloc(room);
    check(bytes != NULL);
    memset(bytes, 'x', room);
    struct ask *q = test_ask(&web, LANG_RU);
    struct paper p = of_bytes(q, STR("x"));
    paper_send(q, &p, PAPER_CSV, STR("table"));
    size_t around = q->answer->body.len - 1; /* all but the text */
    test_answered(&web);
    for (size_t more = 0; more < 2; more++) {
        q = test_ask(&web, LANG_RU);
        p = of_bytes(q, (struct str){bytes, room - around + more});
        paper_send(q, &p, PAPER_CSV, STR("table"));
        check(q->answer->status == (more ? 413 : 200));
        check(more || q->answer->body.len == room);
        test_answered(&web);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paper_in_a_page),
        cmocka_unit_test(papers_are_sent),
        cmocka_unit_test(a_file_too_big_is_refused),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
