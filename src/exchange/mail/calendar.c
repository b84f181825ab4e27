#include "exchange/mail/calendar.h"

#include "base/clock.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* A line of the calendar being written: column counts its bytes since the last fold. */
struct line {
    struct buf *b;
    size_t column;
};

static size_t bytes_of_character(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* Adds bytes that belong together, on the next line when there is no room. */
static void put(struct line *l, struct str x)
{
    if (l->column + x.len > CALENDAR_LINE_BYTES) {
        buf_add_word(l->b, "\r\n ");
        l->column = 1;
    }
    buf_add(l->b, x);
    l->column += x.len;
}

static void put_plain(struct line *l, struct str x)
{
    for (size_t i = 0; i < x.len;) {
        size_t n = bytes_of_character((unsigned char)x.p[i]);
        n = n > x.len - i ? x.len - i : n;
        put(l, (struct str){x.p + i, n});
        i += n;
    }
}

static void put_text(struct line *l, struct str x)
{
    for (size_t i = 0; i < x.len;) {
        unsigned char c = (unsigned char)x.p[i];
        size_t n = bytes_of_character(c);
        n = n > x.len - i ? x.len - i : n;
        if (c == '\n')
            put(l, STR("\\n"));
        else if (c == '\\' || c == ';' || c == ',')
            put(l, (struct str){c == '\\' ? "\\\\" : c == ';' ? "\\;" : "\\,", 2});
        else if (c >= 0x20 && c != 0x7f)
            put(l, (struct str){x.p + i, n});
        i += n;
    }
}

static void add_line(struct buf *b, const char *head, struct str value, bool text)
{
    struct line l = {b, 0};
    put_plain(&l, str_of(head));
    if (text)
        put_text(&l, value);
    else
        put_plain(&l, value);
    buf_add_word(b, "\r\n");
}

static void add_day(struct buf *b, const char *head, int32_t day)
{
    struct clock_date d = clock_date_of(day * DAY_MS);
    buf_printf(b, "%s%04d%02d%02d\r\n", head, d.year, d.month, d.day);
}

/* "20261122T081500Z" out of "2026-11-22T08:15:00Z". */
static void add_instant(struct buf *b, const char *head, int64_t ms)
{
    char text[20];
    clock_write_time(ms, text);
    buf_add_word(b, head);
    for (size_t i = 0; i < sizeof text; i++)
        if (text[i] != '-' && text[i] != ':')
            buf_add_char(b, text[i]);
    buf_add_word(b, "\r\n");
}

void calendar_begin(struct buf *b, struct str name)
{
    buf_add_word(b, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Cau//Cau//EN\r\n"
                    "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
    add_line(b, "X-WR-CALNAME:", name, true);
    add_line(b, "NAME:", name, true);
    buf_add_word(b, "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n");
}

void calendar_add(struct buf *b, const struct calendar_entry *e)
{
    const char *kind = e->task ? "VTODO" : "VEVENT";
    buf_printf(b, "BEGIN:%s\r\n", kind);
    add_line(b, "UID:", e->uid, false);
    add_instant(b, "DTSTAMP:", e->stamp_ms);
    add_instant(b, "LAST-MODIFIED:", e->stamp_ms);
    buf_printf(b, "SEQUENCE:%u\r\n", e->sequence);
    if (e->task) {
        add_day(b, "DUE;VALUE=DATE:", e->last);
        buf_add_word(b, "STATUS:NEEDS-ACTION\r\n");
    } else { /* the end is the first day that is no more part of it */
        add_day(b, "DTSTART;VALUE=DATE:", e->first);
        add_day(b, "DTEND;VALUE=DATE:", e->last + 1);
        buf_add_word(b, "TRANSP:TRANSPARENT\r\n");
    }
    add_line(b, "SUMMARY:", e->summary, true);
    if (e->description.len > 0)
        add_line(b, "DESCRIPTION:", e->description, true);
    if (e->address.len > 0)
        add_line(b, "URL:", e->address, false);
    buf_printf(b, "END:%s\r\n", kind);
}

void calendar_end(struct buf *b)
{
    buf_add_word(b, "END:VCALENDAR\r\n");
}
