#include "exchange/paper/session_paper.h"

#include "node_help.h"
#include "test.h"

static struct test_node node;
static struct writer_result mechanism;

static void put(const char *kind, enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&node, kind, audience, json, &out) == CAU_OK);
}

static int start(void **state)
{
    (void)state;
    node = test_make();
    check(test_put(&node, "mechanism", RECORD_PUBLIC,
                   "{'countries':['VN','RU'],'external_id':'m','title':{'ru':'Комиссия',"
                   "'vi':'Ủy ban'}}",
                   &mechanism) == CAU_OK);
    put("session", RECORD_PUBLIC,
        "{'external_id':'s','held_on':'2025-06','mechanism':'m','number':25,'status':'held',"
        "'title':{'vi':'Kỳ họp 25'}}");
    put("organization", RECORD_PUBLIC,
        "{'country':'VN','external_id':'most','name':{'ru':'Миннауки','vi':'Bộ KH&CN'}}");
    put("commitment", RECORD_PUBLIC,
        "{'confirmations':[{'side':'VN','standing':'reported'}],'countries':['VN','RU'],"
        "'due':'2026-03','executors':[{'organization':'elsewhere','role':'contributing',"
        "'side':'RU'}],'external_id':'c-late','force':'requested','owner':'most',"
        "'paragraph':'4.2','requested_by':'VN','session':'s','side':['VN','RU'],"
        "'sources':[{'publisher':'VOV','title':'Tin','url':'https://vov.example/1'}],"
        "'statement':{'vi':'Phía Việt Nam đề nghị <mở rộng>.'},"
        "'statuses':[{'date':'2025-05-01','side':'VN','status':'open'},"
        "{'date':'2026-02-01','note':{'vi':'Đã ký hợp đồng.'},'side':'VN',"
        "'source':'CV 12','status':'done','who':'Vụ HTQT'},"
        "{'date':'2026-02-03','side':'RU','status':'under_way'}],"
        "'title':{'ru':'Просьба расширить','vi':'Đề nghị mở rộng'}}");
    put("commitment", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'c-machine','force':'agreed','mechanism':'m',"
        "'said_on':'2026-01-15','side':['RU'],'title':{'ru':{'from':'vi','origin':'machine',"
        "'text':'Машинный текст'},'vi':'Văn bản gốc'}}");
    put("commitment", RECORD_PARTNER,
        "{'countries':['VN','RU'],'external_id':'c-partner','force':'agreed','mechanism':'m',"
        "'side':['VN'],'title':{'vi':'Chỉ cho đối tác'}}");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_end(&node);
    return 0;
}

/* The table of the mechanism as a file. */
static void make_file(struct node *n, struct index_reader reader, enum lang lang,
                      enum lang second, enum paper_format f, struct buf *out)
{
    struct arena a = arena_new((size_t)16 << 20);
    struct desk *d;
    struct session_table t;
    struct paper p;
    struct view *v = view_take(n);
    check(desk_open(n, &d) == CAU_OK && desk_take(d, v) == CAU_OK);
    struct session_paper ask = {v, node_kinds(n), d, reader, lang, second};
    uint32_t doc = view_find(v, reader, STR("m"));
    int32_t day = desk_days_of(STR("2026-11-22")).first;
    check(session_table_make(&a, d, reader, doc, day, &t) == CAU_OK);
    check(session_paper_make(&a, &ask, &t, &p) == CAU_OK);
    check(paper_write(&p, f, STR(""), out) == CAU_OK);
    desk_give(d);
    desk_close(d);
    view_give(n, v);
    arena_free(&a);
}

static bool has(const struct buf *b, const char *words)
{
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= b->len; i++)
        if (memcmp(b->p + i, words, n) == 0)
            return true;
    return false;
}

static void a_row_says_everything_in_both_languages(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 22);
    make_file(node.n, READER_PUBLIC, LANG_VI, LANG_RU, PAPER_HTML, &b);
    check(has(&b, "Tình hình thực hiện cam kết: Ủy ban") &&
          has(&b, "<strong lang=\"ru\">Ход исполнения договорённостей: Комиссия"));
    check(has(&b, "2 cam kết, trong đó 1 cam kết quá hạn.") &&
          has(&b, "2 договорённости, из них просрочено: 1."));
    check(has(&b, "Phía Việt Nam đề nghị &lt;mở rộng&gt;.")); /* the wording */
    check(has(&b, "Просьба расширить") && has(&b, "(краткое содержание)"));
    check(has(&b, "Đề nghị") && has(&b, "Запрошено")); /* asked for, never agreed */
    check(has(&b, "Theo nguồn công bố, chưa xác nhận"));
    check(has(&b, "Bộ KH&amp;CN") && has(&b, "Миннауки") && has(&b, "elsewhere"));
    check(has(&b, "03.2026") && has(&b, "Quá hạn") && has(&b, "Просрочено"));
    check(has(&b, "Các bên báo cáo khác nhau") && has(&b, "Оценки сторон расходятся"));
    check(has(&b, "Đã ký hợp đồng.") && has(&b, "CV 12") && has(&b, "Vụ HTQT"));
    check(has(&b, "Chưa thực hiện → Đã hoàn thành") && has(&b, "Cam kết mới"));
    check(has(&b, "Kỳ họp thứ 25") && has(&b, "Пункт 4.2") && has(&b, "vov.example/1"));
    check(has(&b, "(Машинный перевод)"));
    check(has(&b, "vn.example/log/public") && !has(&b, "vn.example/log/partner"));
    check(!has(&b, "Chỉ cho đối tác"));
    buf_free(&b);
}

/* A language that has no text is said to be missing; a wider reader is told of the other log. */
static void nothing_is_missing_in_silence(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 22);
    make_file(node.n, READER_ALL, LANG_RU, LANG_EN, PAPER_HTML, &b);
    check(has(&b, "Нет текста на английском языке") && has(&b, "No English text"));
    check(has(&b, "Нет текста на русском языке"));
    check(has(&b, "vn.example/log/public") && has(&b, "vn.example/log/partner"));
    check(has(&b, "<span lang=\"vi\">Chỉ cho đối tác</span>")); /* what there is */
    buf_reset(&b);
    make_file(node.n, READER_PUBLIC, LANG_VI, LANG_VI, PAPER_HTML, &b);
    check(!has(&b, "lang=\"ru\"") && !has(&b, "Просрочено")); /* one language only */
    buf_free(&b);
}

/* A copy of the log gives the same table, byte for byte, in every format. */
static void the_same_from_a_copy(void **state)
{
    (void)state;
    char dir[96], file[96];
    struct buf here[PAPER_FORMATS], there = buf_new(1 << 22);
    snprintf(dir, sizeof dir, "%s-copy", node.dir);
    snprintf(file, sizeof file, "%s.backup", node.dir);
    for (unsigned i = 0; i < 500; i++) { /* until everything is signed */
        struct arena a = arena_new(1 << 20);
        struct view_log log;
        struct view *v = view_take(node.n);
        check(view_log(v, &a, RECORD_PUBLIC, &log) == CAU_OK);
        bool all = log.size == log.signed_size;
        check(view_log(v, &a, RECORD_PARTNER, &log) == CAU_OK);
        all = all && log.size == log.signed_size;
        view_give(node.n, v);
        arena_free(&a);
        if (all)
            break;
        usleep(10000);
    }
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        here[f] = buf_new(1 << 22);
        make_file(node.n, READER_ALL, LANG_VI, LANG_RU, (enum paper_format)f, &here[f]);
    }
    check(node_backup(node.dir, file) == CAU_OK);
    check(node_restore(file, dir, node.dir) == CAU_OK);
    struct node *copy;
    check(node_open(dir, NODE_READ, &copy) == CAU_OK);
    clock_set_ms(INT64_C(1900000000000)); /* another day */
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        buf_reset(&there);
        make_file(copy, READER_ALL, LANG_VI, LANG_RU, (enum paper_format)f, &there);
        check(there.len > 500 && str_equal(buf_str(&there), buf_str(&here[f])));
        buf_free(&here[f]);
    }
    clock_set_ms(0);
    node_close(copy);
    test_remove(dir);
    test_remove(file);
    buf_free(&there);
}

static void which_second_language(void **state)
{
    (void)state;
    struct desk *d;
    struct view *v = view_take(node.n);
    check(desk_open(node.n, &d) == CAU_OK && desk_take(d, v) == CAU_OK);
    const struct desk_row *r = desk_row(d, READER_PUBLIC, mechanism.doc);
    check(session_paper_second(d, READER_PUBLIC, r, LANG_VI) == LANG_RU);
    check(session_paper_second(d, READER_PUBLIC, r, LANG_RU) == LANG_VI);
    check(session_paper_second(d, READER_PUBLIC, r, LANG_EN) == LANG_VI);
    desk_give(d);
    desk_close(d);
    view_give(node.n, v);
}

static void a_full_arena(void **state)
{
    (void)state;
    struct desk *d;
    struct view *v = view_take(node.n);
    struct arena a = arena_new(1 << 20);
    struct session_table t;
    check(desk_open(node.n, &d) == CAU_OK && desk_take(d, v) == CAU_OK);
    check(session_table_make(&a, d, READER_ALL, mechanism.doc, 20000, &t) == CAU_OK);
    struct session_paper ask = {v, node_kinds(node.n), d, READER_ALL, LANG_VI, LANG_RU};
    for (size_t room = 100; room < 20000; room += 700) {
        struct arena small = arena_new(room);
        struct paper p;
        struct buf out = buf_new(1 << 22);
        enum cau_err err = session_paper_make(&small, &ask, &t, &p);
        check(err == CAU_ERR_MEMORY || err == CAU_OK);
        check(err != CAU_OK || (paper_write_csv(&p, &out) == CAU_OK) == !p.failed);
        buf_free(&out);
        arena_free(&small);
    }
    desk_give(d);
    desk_close(d);
    view_give(node.n, v);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_everything_in_both_languages),
        cmocka_unit_test(nothing_is_missing_in_silence),
        cmocka_unit_test(the_same_from_a_copy),
        cmocka_unit_test(which_second_language),
        cmocka_unit_test(a_full_arena),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
