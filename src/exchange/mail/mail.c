#include "exchange/mail/mail.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

/* ---- settings ---- */

static bool is_host(struct str x)
{
    for (size_t i = 0; i < x.len; i++) {
        char c = x.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && c != '.' && c != '-')
            return false;
    }
    return x.len > 0 && x.len <= 253 && x.p[0] != '-';
}

static bool is_site(struct str x)
{
    struct str host = str_starts(x, STR("https://"))  ? str_from(x, 8)
                      : str_starts(x, STR("http://")) ? str_from(x, 7)
                                                      : (struct str){NULL, 0};
    struct str port = host, name = str_next(&port, ':');
    uint64_t n;
    return is_host(name) && (port.p == NULL || number_read(port, 65535, &n) == CAU_OK);
}

static bool read_tls(struct str x, enum mail_tls *out)
{
    static const char *const name[] = {"starttls", "tls", "none"};
    for (unsigned i = 0; i < countof(name); i++)
        if (str_is(x, name[i])) {
            *out = (enum mail_tls)i;
            return true;
        }
    return false;
}

/* One line "key value"; false when it says nothing that we understand. */
static bool read_line(struct mail_config *c, struct str line)
{
    struct str value = line, key = str_next(&value, ' ');
    uint64_t port = 0;
    value = str_trim(value);
    if (value.len == 0)
        return false;
    if (str_is(key, "server") && is_host(value))
        c->server = value;
    else if (str_is(key, "port") && number_read(value, 65535, &port) == CAU_OK && port > 0)
        c->port = (unsigned)port;
    else if (str_is(key, "user") && utf8_valid(value))
        c->user = value;
    else if (str_is(key, "password-file") && value.p[0] == '/')
        c->password_file = value;
    else if (str_is(key, "from") && remind_address_valid(value))
        c->from = value;
    else if (str_is(key, "site") && is_site(value))
        c->site = value;
    else
        return str_is(key, "tls") && read_tls(value, &c->tls);
    return true;
}

static bool is_this_machine(struct str server)
{
    return str_is(server, "localhost") || str_starts(server, STR("127."));
}

/* Everything that is needed, and no password in the clear. */
static bool is_whole(const struct mail_config *c)
{
    return c->server.len > 0 && c->from.len > 0 && c->site.len > 0 &&
           (c->user.len > 0) == (c->password_file.len > 0) &&
           (c->tls != MAIL_TLS_NONE || c->user.len == 0 || is_this_machine(c->server));
}

enum cau_err mail_config_read(struct str text, struct mail_config *out, size_t *line)
{
    struct mail_config c = {.tick_ms = MAIL_TICK_MS, .retry_ms = MAIL_RETRY_MS};
    *line = 0;
    if (text.len > MAIL_CONFIG_BYTES_MAX)
        return CAU_ERR_RANGE;
    for (size_t n = 1; text.len > 0; n++) {
        struct str one = str_trim(str_next(&text, '\n'));
        if (one.len == 0 || one.p[0] == '#' || read_line(&c, one))
            continue;
        *line = n;
        return CAU_ERR_SYNTAX;
    }
    if (!is_whole(&c))
        return CAU_ERR_SYNTAX;
    if (c.port == 0)
        c.port = c.tls == MAIL_TLS_FULL ? 465 : 587;
    *out = c;
    return CAU_OK;
}

enum cau_err mail_config_load(struct arena *a, const struct node *n, struct mail_config *out)
{
    const char *path;
    struct str text;
    size_t line = 0;
    enum cau_err err = file_path(a, node_dir(n), MAIL_FILE, &path);
    if (err == CAU_OK)
        err = file_read(a, path, MAIL_CONFIG_BYTES_MAX, &text);
    if (err == CAU_ERR_UNKNOWN)
        return err;
    if (err == CAU_OK)
        err = mail_config_read(text, out, &line);
    if (err != CAU_OK && line > 0)
        log_line(LOG_ERROR, MAIL_FILE " line %zu is not understood: no mail is sent", line);
    else if (err != CAU_OK)
        log_line(LOG_ERROR,
                 MAIL_FILE ": %s (server, from, site; user with password-file; no password"
                           " without tls): no mail is sent",
                 cau_err_name(err));
    return err;
}

/* ---- a message ---- */

/* Bytes of a subject in one encoded word: with "Subject: =?UTF-8?B?" and "?=" they fill 73 of the 76 that a line may
 * have. */
enum { WORD_BYTES = 39, QP_COLUMNS = 76 };

static bool is_plain_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && c != '.' && c != '-' && c != '@')
            return false;
    }
    return id.len > 0 && id.len <= 300;
}

static bool has_control(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if ((unsigned char)x.p[i] < 0x20 || x.p[i] == 0x7f)
            return true;
    return false;
}

/* "Subject: =?UTF-8?B?...?=" in words of whole characters, each on its line. */
static void add_subject(struct buf *b, struct str subject)
{
    char text[DIGEST_BASE64(WORD_BYTES)];
    buf_add_word(b, "Subject:");
    while (subject.len > 0) {
        size_t n = subject.len < WORD_BYTES ? subject.len : WORD_BYTES;
        while (n < subject.len && n > 0 && ((unsigned char)subject.p[n] & 0xc0) == 0x80)
            n--;
        must(n > 0); /* the text is UTF-8 */
        digest_to_base64(subject.p, n, text);
        buf_add_word(b, " =?UTF-8?B?");
        buf_add(b, (struct str){text, DIGEST_BASE64(n)});
        buf_add_word(b, "?=\r\n");
        subject = str_from(subject, n);
    }
}

static void add_date(struct buf *b, int64_t ms)
{
    static const char *const day[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct clock_date d = clock_date_of(ms);
    char text[20];
    clock_write_time(ms, text); /* 2026-11-22T08:15:00Z */
    buf_printf(b, "Date: %s, %d %s %d %.8s +0000\r\n", day[(ms / 86400000) % 7], d.day,
               month[d.month - 1], d.year, text + 11);
}

static void add_quoted(struct buf *b, struct str text)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t column = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool ends = i + 1 == text.len || text.p[i + 1] == '\n' || text.p[i + 1] == '\r';
        bool plain = (c > 0x20 && c < 0x7f && c != '=') || (c == ' ' && !ends);
        if (c == '\r')
            continue;
        if (c == '\n') {
            buf_add_word(b, "\r\n");
            column = 0;
            continue;
        }
        if (column + (plain ? 1 : 3) > QP_COLUMNS - 1) {
            buf_add_word(b, "=\r\n");
            column = 0;
        }
        if (plain)
            buf_add_char(b, (char)c);
        else {
            buf_add_char(b, '=');
            buf_add_char(b, hex[c >> 4]);
            buf_add_char(b, hex[c & 15]);
        }
        column += plain ? 1 : 3;
    }
    if (column > 0)
        buf_add_word(b, "\r\n");
}

enum cau_err mail_write(struct buf *b, const struct mail_message *m)
{
    if (!remind_address_valid(m->from) || !remind_address_valid(m->to) || !is_plain_id(m->id) ||
        m->subject.len == 0 || has_control(m->subject) || !utf8_valid(m->subject) ||
        !utf8_valid(m->text) || m->date_ms < 0)
        return CAU_ERR_SYNTAX;
    buf_printf(b, "From: <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(m->from), STR_ARG(m->to));
    add_subject(b, m->subject);
    add_date(b, m->date_ms);
    buf_printf(b, "Message-ID: <%.*s>\r\n", STR_ARG(m->id));
    buf_add_word(b, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: quoted-printable\r\n"
                    "Auto-Submitted: auto-generated\r\n\r\n");
    add_quoted(b, m->text);
    return b->failed ? CAU_ERR_MEMORY : CAU_OK;
}
