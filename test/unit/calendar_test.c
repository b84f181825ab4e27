#include "exchange/mail/calendar.h"

#include "base/utf8.h"
#include "test.h"

#include <string.h>

static struct buf out;

static void write_one(const struct calendar_entry *e)
{
    buf_reset(&out);
    calendar_begin(&out, STR("Nhắc việc; Cầu, 2026"));
    calendar_add(&out, e);
    calendar_end(&out);
    check(!out.failed);
}

static bool has(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= out.len; i++)
        if (memcmp(out.p + i, text, n) == 0)
            return true;
    return false;
}

/* Every line ends in CR LF, is at most 75 bytes, and holds whole characters; unfolded in place. */
static struct str unfold(void)
{
    static char whole[8192];
    size_t n = 0, start = 0;
    for (size_t i = 0; i < out.len; i++) {
        if (out.p[i] != '\r')
            continue;
        check(i + 1 < out.len && out.p[i + 1] == '\n');
        struct str line = {out.p + start, i - start};
        check(line.len > 0 && line.len <= CALENDAR_LINE_BYTES && utf8_valid(line));
        if (line.p[0] == ' ') {
            n--; /* the line end before it */
            line = str_from(line, 1);
        }
        check(n + line.len + 1 < sizeof whole);
        memcpy(whole + n, line.p, line.len);
        n += line.len;
        whole[n++] = '\n';
        start = i + 2;
    }
    check(start == out.len);
    return (struct str){whole, n};
}

static bool unfolded_has(const char *line)
{
    struct str rest = unfold();
    while (rest.len > 0)
        if (str_is(str_next(&rest, '\n'), line))
            return true;
    return false;
}

static void writes_events_and_tasks(void **state)
{
    (void)state;
    struct calendar_entry e = {.uid = STR("abc@vn.example"),
                               .first = 20788, /* 2026-12-01 */
                               .last = 20789,
                               .stamp_ms = 1795335300000, /* 2026-11-22T08:15:00Z */
                               .sequence = 3,
                               .summary = STR("Kỳ họp"),
                               .address = STR("https://vn.example/vi/r:abc")};
    write_one(&e);
    check(has("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
    check(has("X-WR-CALNAME:Nhắc việc\\; Cầu\\, 2026\r\n"));
    check(has("BEGIN:VEVENT\r\nUID:abc@vn.example\r\nDTSTAMP:20261122T081500Z\r\n"));
    check(has("SEQUENCE:3\r\nDTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261203\r\n"));
    check(has("URL:https://vn.example/vi/r:abc\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    check(!has("DESCRIPTION"));
    e.task = true;
    e.description = STR("Bộ Tài chính");
    write_one(&e);
    check(has("BEGIN:VTODO\r\n") && has("DUE;VALUE=DATE:20261202\r\n") && has("END:VTODO\r\n"));
    check(has("DESCRIPTION:Bộ Tài chính\r\n") && !has("DTSTART"));
    unfold();
}

static void folds_between_characters(void **state)
{
    (void)state;
    char text[400];
    /* Each shift puts the ends of lines at other bytes of the characters. */
    for (size_t shift = 0; shift < 8; shift++) {
        size_t n = 0;
        memset(text, 'x', shift);
        for (n = shift; n + 10 < 300;) {
            memcpy(text + n, "ữж😀", 9);
            n += 9;
        }
        struct calendar_entry e = {.uid = STR("u"), .summary = {text, n}};
        char line[420] = "SUMMARY:";
        memcpy(line + 8, text, n);
        line[8 + n] = '\0';
        write_one(&e);
        check(unfolded_has(line));
    }
}

static void escapes_what_has_a_meaning(void **state)
{
    (void)state;
    struct calendar_entry e = {.uid = STR("u"),
                               .summary = STR("a,b;c\\d\r\nEND:VEVENT\r\n\x01\x7fz")};
    write_one(&e);
    check(unfolded_has("SUMMARY:a\\,b\\;c\\\\d\\nEND:VEVENT\\nz"));
    e.summary = STR("cut \xe1\xbb"); /* never read beyond the text */
    buf_reset(&out);
    calendar_add(&out, &e);
    check(!out.failed);
}

static int start(void **state)
{
    (void)state;
    out = buf_new(1 << 16);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_events_and_tasks),
        cmocka_unit_test(folds_between_characters),
        cmocka_unit_test(escapes_what_has_a_meaning),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
