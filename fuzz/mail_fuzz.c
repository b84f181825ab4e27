/* What becomes a mail or a calendar: whatever the address, subject and text are, nothing of them begins a header or a
 * property, lines are short and of ASCII (in a calendar of whole characters). Also the settings of mail. */
#include "base/utf8.h"
#include "exchange/mail/calendar.h"
#include "exchange/mail/mail.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_message(struct str bytes)
{
    static const char *const head[] = {
        "From: ",       "To: ",           "Subject: ",    " =?UTF-8?B?",      "Date: ",
        "Message-ID: ", "MIME-Version: ", "Content-Type", "Content-Transfer", "Auto-Submitted"};
    bool body = false;
    while (bytes.len > 0) {
        struct str line = str_next(&bytes, '\n');
        must(line.len > 0 && line.p[line.len - 1] == '\r');
        line.len--;
        must(line.len <= 320); /* only From, To and Message-ID hold what cannot be folded */
        for (size_t i = 0; i < line.len; i++)
            must(line.p[i] >= 0x20 && line.p[i] < 0x7f);
        bool known = body || line.len == 0;
        for (size_t i = 0; i < countof(head) && !known; i++)
            known = str_starts(line, str_of(head[i]));
        must(known && (!body || line.len <= 76));
        body = body || line.len == 0;
    }
    must(body);
}

static void check_calendar(struct str bytes)
{
    size_t begins = 0;
    while (bytes.len > 0) {
        struct str line = str_next(&bytes, '\n');
        must(line.len > 1 && line.p[line.len - 1] == '\r' &&
             line.len - 1 <= CALENDAR_LINE_BYTES);
        must(utf8_valid(str_to(line, line.len - 1)));
        begins += str_starts(line, STR("BEGIN:"));
    }
    must(begins == 2);
}

/* The part before the next NUL. */
static struct str take(struct str *rest)
{
    struct str part = str_next(rest, '\0');
    return part.p == NULL ? STR("") : part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, whole = rest;
    struct mail_config config;
    size_t line;
    if (mail_config_read(whole, &config, &line) == CAU_OK)
        must(remind_address_valid(config.from) && config.server.len > 0 && config.port > 0 &&
             config.port <= 65535);
    struct str to = take(&rest), subject = take(&rest), text = take(&rest);
    struct buf b = buf_new((size_t)4 << 20);
    struct mail_message m = {.from = STR("cau@vn.example"),
                             .to = to,
                             .subject = subject,
                             .text = text,
                             .id = STR("1.2@vn.example")};
    if (mail_write(&b, &m) == CAU_OK)
        check_message(buf_str(&b));
    m.to = STR("lan@vn.example");
    buf_reset(&b);
    if (mail_write(&b, &m) == CAU_OK)
        check_message(buf_str(&b));
    if (utf8_valid(subject) && utf8_valid(text)) {
        struct calendar_entry e = {.uid = STR("u@vn.example"),
                                   .summary = subject,
                                   .description = text,
                                   .task = size % 2 == 0};
        buf_reset(&b);
        calendar_begin(&b, subject);
        calendar_add(&b, &e);
        calendar_end(&b);
        check_calendar(buf_str(&b));
    }
    buf_free(&b);
    return 0;
}
