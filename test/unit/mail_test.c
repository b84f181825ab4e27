#include "exchange/mail/mail.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/sync.h"
#include "base/utf8.h"
#include "domain/people/people.h"
#include "fixture.h"

#include <arpa/inet.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a very small SMTP server on this machine ---- */

enum { ANSWERS_MAX = 16, DATA_MAX = 65536 };

/* What it says to each RCPT, one after the other; the last one for ever. */
struct smtp {
    int fd;
    unsigned port;
    struct sync_thread thread;
    struct sync_mutex lock;
    const char *answer[ANSWERS_MAX];
    size_t answers;
    atomic_uint asked, taken; /* RCPTs; whole messages */
    char from[300], to[300], auth[300], data[DATA_MAX];
    size_t data_len;
    atomic_bool ending;
};

static bool read_line(int fd, char *line, size_t cap)
{
    size_t n = 0;
    while (n + 1 < cap && recv(fd, line + n, 1, 0) == 1)
        if (line[n++] == '\n') {
            line[n] = '\0';
            return true;
        }
    return false;
}

static void say(int fd, const char *line)
{
    check(send(fd, line, strlen(line), MSG_NOSIGNAL) >= 0);
}

static void take_data(struct smtp *s, int fd)
{
    char line[2000];
    sync_lock(&s->lock);
    s->data_len = 0;
    while (read_line(fd, line, sizeof line) && strcmp(line, ".\r\n") != 0) {
        const char *p = line[0] == '.' ? line + 1 : line;
        size_t n = strlen(p);
        if (s->data_len + n < sizeof s->data)
            memcpy(s->data + s->data_len, p, n);
        s->data_len += n;
    }
    sync_unlock(&s->lock);
    say(fd, "250 taken\r\n");
    atomic_fetch_add(&s->taken, 1);
}

static void keep(struct smtp *s, char to[300], const char *line)
{
    sync_lock(&s->lock);
    snprintf(to, 300, "%.299s", line);
    sync_unlock(&s->lock);
}

static void serve(struct smtp *s, int fd)
{
    char line[2000];
    say(fd, "220 test\r\n");
    while (read_line(fd, line, sizeof line)) {
        if (strncmp(line, "EHLO", 4) == 0) {
            say(fd, "250-test\r\n250 AUTH PLAIN\r\n");
        } else if (strncmp(line, "AUTH", 4) == 0) {
            keep(s, s->auth, line);
            if (strlen(line) <= strlen("AUTH PLAIN\r\n")) {
                say(fd, "334 \r\n");
                check(read_line(fd, line, sizeof line));
                keep(s, s->auth, line);
            }
            say(fd, "235 in\r\n");
        } else if (strncmp(line, "MAIL", 4) == 0) {
            keep(s, s->from, line);
            say(fd, "250 ok\r\n");
        } else if (strncmp(line, "RCPT", 4) == 0) {
            unsigned i = atomic_fetch_add(&s->asked, 1);
            keep(s, s->to, line);
            say(fd, s->answer[i < s->answers ? i : s->answers - 1]);
        } else if (strncmp(line, "DATA", 4) == 0) {
            say(fd, "354 go on\r\n");
            take_data(s, fd);
        } else if (strncmp(line, "QUIT", 4) == 0) {
            say(fd, "221 bye\r\n");
            return;
        } else {
            say(fd, "250 ok\r\n");
        }
    }
}

static void *run_server(void *arg)
{
    struct smtp *s = arg;
    for (;;) {
        int fd = accept(s->fd, NULL, NULL);
        if (atomic_load(&s->ending)) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        if (fd >= 0) {
            serve(s, fd);
            close(fd);
        }
    }
}

static void start_server(struct smtp *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    s->lock = (struct sync_mutex)SYNC_MUTEX;
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    check(s->fd >= 0 && bind(s->fd, (const struct sockaddr *)(const void *)&at, len) == 0);
    check(getsockname(s->fd, (struct sockaddr *)(void *)&at, &len) == 0 &&
          listen(s->fd, 4) == 0);
    s->port = ntohs(at.sin_port);
    check(sync_start(&s->thread, run_server, s) == CAU_OK);
}

static void stop_server(struct smtp *s)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)s->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    atomic_store(&s->ending, true);
    int fd = socket(AF_INET, SOCK_STREAM, 0); /* wakes it */
    check(connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at) == 0);
    sync_join(&s->thread);
    close(fd);
    close(s->fd);
}

static struct mail_config config_of(const struct smtp *s)
{
    return (struct mail_config){.server = STR("127.0.0.1"),
                                .port = s->port,
                                .tls = MAIL_TLS_NONE,
                                .from = STR("cau@vn.example"),
                                .site = STR("https://vn.example"),
                                .tick_ms = 10,
                                .retry_ms = 60000};
}

/* ---- settings ---- */

static const char good[] = "# mail of the ministry\n"
                           "server mail.vn.example\r\n"
                           "\n"
                           "user  cau\n"
                           "password-file /etc/cau/mail\n"
                           "from cau@vn.example\n"
                           "site https://vn.example";

static void reads_settings(void **state)
{
    (void)state;
    struct mail_config c;
    size_t line;
    check(mail_config_read(str_of(good), &c, &line) == CAU_OK);
    check(str_is(c.server, "mail.vn.example") && c.port == 587 && c.tls == MAIL_TLS_START);
    check(str_is(c.user, "cau") && str_is(c.password_file, "/etc/cau/mail"));
    check(str_is(c.site, "https://vn.example") && c.tick_ms == MAIL_TICK_MS);
    check(mail_config_read(STR("server m.vn\nfrom a@b.vn\nsite http://x:8080\ntls tls"), &c,
                           &line) == CAU_OK);
    check(c.port == 465 && c.tls == MAIL_TLS_FULL && c.user.len == 0);
    check(mail_config_read(STR("server m.vn\nfrom a@b.vn\nsite https://x\ntls none\nport 25"),
                           &c, &line) == CAU_OK &&
          c.port == 25);
}

static void refuses_bad_settings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line; /* 0: something is missing */
    } bad[] = {
        {"", 0},
        {"server m.vn\nfrom a@b.vn", 0},
        {"from a@b.vn\nsite https://x", 0},
        {"server m.vn\nsite https://x", 0},
        {"server m.vn\nfrom a@b.vn\nsite https://x\nuser u", 0},
        {"server m.vn\nfrom a@b.vn\nsite https://x\npassword-file /p", 0},
        {"server m.vn\nfrom a@b.vn\nsite https://x\nuser u\npassword-file /p\ntls none", 0},
        {"server m.vn/x", 1},
        {"server m.vn\nport 0", 2},
        {"server m.vn\nport 65536", 2},
        {"tls ssl", 1},
        {"from a@b", 1},
        {"site ftp://x", 1},
        {"site https://x/y", 1},
        {"site https://x y", 1},
        {"password-file mail", 1},
        {"server", 1},
        {"sender a@b.vn", 1},
    };
    struct mail_config c = {.port = 7};
    size_t line;
    for (size_t i = 0; i < countof(bad); i++)
        check(mail_config_read(str_of(bad[i].text), &c, &line) == CAU_ERR_SYNTAX &&
              line == bad[i].line);
    static char big[MAIL_CONFIG_BYTES_MAX + 1];
    memset(big, '\n', sizeof big);
    check(mail_config_read((struct str){big, sizeof big}, &c, &line) == CAU_ERR_RANGE);
    check(c.port == 7); /* what is refused changes nothing */
    check(mail_config_read(STR("server 127.0.0.1\nfrom a@b.vn\nsite https://x\nuser u\n"
                               "password-file /p\ntls none"),
                           &c, &line) == CAU_OK); /* on this machine nobody listens */
}

/* ---- a message ---- */

static const struct mail_message hello = {
    .from = {"cau@vn.example", 14},
    .to = {"lan@most.gov.vn", 15},
    .subject = {"Cầu: 3 việc", 14},
    .text = {"Đã quá hạn\n= 1 \n", 20},
    .id = {"17.5@vn.example", 15},
    .date_ms = 1795335300000, /* 2026-11-22T08:15:00Z */
};

static bool has(struct str x, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= x.len; i++)
        if (memcmp(x.p + i, word, n) == 0)
            return true;
    return false;
}

static void writes_a_message(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20);
    struct mail_message m = hello;
    m.subject = STR("Cầu: 3 việc");
    m.text = STR("Đã quá hạn\n= 1 \nend");
    check(mail_write(&b, &m) == CAU_OK);
    check(has(buf_str(&b), "From: <cau@vn.example>\r\nTo: <lan@most.gov.vn>\r\nSubject: "
                           "=?UTF-8?B?Q+G6p3U6IDMgdmnhu4dj?=\r\n"));
    check(has(buf_str(&b), "Date: Sun, 22 Nov 2026 08:15:00 +0000\r\n"));
    check(has(buf_str(&b), "Message-ID: <17.5@vn.example>\r\n"));
    check(has(buf_str(&b), "Content-Type: text/plain; charset=utf-8\r\n"));
    check(has(buf_str(&b), "\r\n\r\n=C4=90=C3=A3 qu=C3=A1 h=E1=BA=A1n\r\n=3D 1=20\r\nend\r\n"));
    buf_free(&b);
}

/* Lines are short and of ASCII; the text comes back whole. */
static void lines_are_short(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20);
    char subject[300], text[3000], back[3000];
    struct mail_message m = hello;
    for (size_t shift = 0; shift < 4; shift++) {
        size_t n = shift, k = shift, at = 0;
        memset(subject, 'x', sizeof subject);
        memset(text, 'x', sizeof text);
        for (; n + 3 < 200; n += 3)
            memcpy(subject + n, "ữ", 3);
        for (; k + 5 < 2000; k += 5)
            memcpy(text + k, "ж = ", 5);
        m.subject = (struct str){subject, n};
        m.text = (struct str){text, k};
        buf_reset(&b);
        check(mail_write(&b, &m) == CAU_OK);
        bool body = false;
        for (struct str rest = buf_str(&b); rest.len > 0;) {
            struct str line = str_next(&rest, '\n');
            check(line.len > 0 && line.len <= 77 && line.p[line.len - 1] == '\r');
            line.len--;
            for (size_t i = 0; i < line.len; i++)
                check((unsigned char)line.p[i] >= 0x20 && (unsigned char)line.p[i] < 0x7f);
            for (size_t i = 0; body && i < line.len; i++) {
                unsigned x = (unsigned char)line.p[i];
                if (x == '=' && i + 1 == line.len)
                    break;
                if (x == '=') {
                    check(sscanf(line.p + i + 1, "%2X", &x) == 1);
                    i += 2;
                }
                check(at < sizeof back);
                back[at++] = (char)x;
            }
            body = body || line.len == 0;
        }
        check(at == k && memcmp(back, text, k) == 0);
    }
    buf_free(&b);
}

static void nothing_begins_a_header(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20);
    static const char *const bad[] = {"a@b.vn\r\nBcc: x@y.ru", "a@b.vn\n", "a b@c.vn", "",
                                      "a@b.vn>, <x@y.ru"};
    for (size_t i = 0; i < countof(bad); i++) {
        struct mail_message m = hello;
        m.to = str_of(bad[i]);
        check(mail_write(&b, &m) == CAU_ERR_SYNTAX);
        m = hello;
        m.from = str_of(bad[i]);
        check(mail_write(&b, &m) == CAU_ERR_SYNTAX);
    }
    static const char *const line[] = {"", "a\r\nBcc: x@y.ru", "a\nb", "a\tb", "a\x7f", "\xff"};
    for (size_t i = 0; i < countof(line); i++) {
        struct mail_message m = hello;
        m.subject = str_of(line[i]);
        check(mail_write(&b, &m) == CAU_ERR_SYNTAX);
    }
    struct mail_message m = hello;
    m.id = STR("a>\r\nX: y");
    check(mail_write(&b, &m) == CAU_ERR_SYNTAX);
    check(b.len == 0);
    buf_free(&b);
}

/* ---- sending ---- */

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

static void hands_it_over(void **state)
{
    (void)state;
    static struct smtp s = {.answer = {"250 ok\r\n", "451 later\r\n", "550 nobody\r\n"},
                            .answers = 3};
    start_server(&s);
    struct mail_config c = config_of(&s);
    struct str bytes = STR("Subject: x\r\n\r\n.a dot\r\n");
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, NULL, NULL) == CAU_OK);
    check(strcmp(s.from, "MAIL FROM:<cau@vn.example>\r\n") == 0);
    check(strcmp(s.to, "RCPT TO:<lan@most.gov.vn>\r\n") == 0);
    check(s.data_len == bytes.len && memcmp(s.data, bytes.p, bytes.len) == 0);
    check(s.auth[0] == '\0');
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, NULL, NULL) == CAU_ERR_IO);
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, NULL, NULL) == CAU_ERR_REFUSED);
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, at_once, NULL) == CAU_ERR_IO);
    c.tls = MAIL_TLS_START; /* which it does not offer: nothing is said in the clear */
    unsigned before = atomic_load(&s.asked);
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, NULL, NULL) == CAU_ERR_IO);
    check(atomic_load(&s.asked) == before);
    stop_server(&s);
    c.tls = MAIL_TLS_NONE; /* nobody is there */
    check(mail_send(&c, STR("lan@most.gov.vn"), bytes, NULL, NULL) == CAU_ERR_IO);
}

static void signs_in(void **state)
{
    (void)state;
    static struct smtp s = {.answer = {"250 ok\r\n"}, .answers = 1};
    char path[] = "/tmp/cau-mail-XXXXXX";
    int fd = mkstemp(path);
    check(fd >= 0 && write(fd, "secret\n", 7) == 7);
    close(fd);
    start_server(&s);
    struct mail_config c = config_of(&s);
    c.user = STR("cau");
    c.password_file = str_of(path);
    check(mail_send(&c, STR("lan@most.gov.vn"), STR("x\r\n"), NULL, NULL) == CAU_OK);
    check(strstr(s.auth, "AGNhdQBzZWNyZXQ=") != NULL); /* "\0cau\0secret" */
    static char big[MAIL_SECRET_BYTES_MAX + 1];
    memset(big, 's', sizeof big);
    check(file_write(path, (struct str){big, sizeof big}, 0600) == CAU_OK);
    check(mail_send(&c, STR("lan@most.gov.vn"), STR("x\r\n"), NULL, NULL) == CAU_ERR_RANGE);
    file_remove(path);
    check(mail_send(&c, STR("lan@most.gov.vn"), STR("x\r\n"), NULL, NULL) == CAU_ERR_UNKNOWN);
    stop_server(&s);
}

/* ---- the thread ---- */

static struct fixture f;

static uint32_t add_user(const char *name, enum lang lang, const char *address,
                         enum remind_often often)
{
    struct register_outcome out;
    struct actor boss = actor_operator();
    uint32_t id;
    check(people_add(f.node, &f.arena, &boss, str_of(name), str_of(name),
                     STR("a long password"), LOCAL_SECRETARY, lang, &id,
                     &out) == REGISTER_DONE);
    struct actor self = {.user = id, .roles = LOCAL_SECRETARY};
    check(remind_set(f.node, &self, str_of(address), often, &out) == REGISTER_DONE);
    return id;
}

static void save(const char *title, const char *due, const char *visibility)
{
    char form[500];
    struct actor boss = actor_operator();
    snprintf(form, sizeof form,
             "{\"kind\":\"commitment\",\"title\":{\"en\":\"%s\"},\"side\":[\"VN\"],"
             "\"due\":\"%s\",\"visibility\":\"%s\"}",
             title, due, visibility);
    check(fixture_save(&f, &boss, form, (struct str){NULL, 0}, NULL) == REGISTER_DONE);
}

/* The message that waits; its id 0: none. */
static struct local_mail waiting(void)
{
    struct local_mail m = {.id = 0};
    struct view *v = view_take(f.node);
    enum cau_err err = local_mail_next(view_store(v), &f.arena, INT64_MAX, &m);
    check(err == CAU_OK || err == CAU_ERR_UNKNOWN);
    view_give(f.node, v);
    return err == CAU_OK ? m : (struct local_mail){.id = 0};
}

static bool reaches(atomic_uint *count, unsigned n)
{
    for (int i = 0; i < 6000 && atomic_load(count) < n; i++)
        usleep(10000);
    return atomic_load(count) >= n;
}

/* Until the thread has noted what came of its try. */
static void settle(uint32_t tries)
{
    for (int i = 0; i < 500; i++) {
        struct local_mail m = waiting();
        if (m.id == 0 || m.tries >= tries)
            return;
        usleep(10000);
    }
    fail();
}

static void writes_sends_and_tries_again(void **state)
{
    (void)state;
    static struct smtp s = {.answer = {"451 later\r\n", "250 ok\r\n"}, .answers = 2};
    int64_t monday = clock_ms_of((struct clock_date){2026, 11, 23});
    struct desk *desk;
    struct mail_worker *w;
    fixture_open(&f);
    check(desk_open(f.node, &desk) == CAU_OK);
    clock_set_ms(monday);
    save("Name the experts", "2026-11-30", "public");
    save("Late already", "2026-11-01", "public");
    save("A private matter", "2026-11-30", "private");
    add_user("weekly", LANG_EN, "weekly@vn.example", REMIND_WEEKLY);
    start_server(&s);
    struct mail_config c = config_of(&s);
    check(mail_worker_start(f.node, desk, &c, &w) == CAU_OK);
    usleep(100000);
    check(waiting().id == 0); /* before the hour nothing is written */
    clock_set_ms(monday + 3600000 * MAIL_HOUR_UTC);
    check(reaches(&s.asked, 1));
    settle(1);
    struct local_mail m = waiting();
    check(m.id != 0 && m.tries == 1 && m.next_ms == clock_now_ms() + 60000);
    check(str_is(m.subject, "Cầu: 2 reminders"));
    check(has(m.text, "Overdue\n\n- Late already\n  Due: 1 November 2026 (22 days overdue)\n"));
    check(has(m.text, "- Name the experts\n") && has(m.text, "https://vn.example/en/r:"));
    check(!has(m.text, "private")); /* mail travels in the open */
    usleep(50000);
    check(atomic_load(&s.asked) == 1); /* not before its time */
    clock_set_ms(clock_now_ms() + 60000);
    check(reaches(&s.taken, 1));
    settle(99);
    check(waiting().id == 0);
    check(strcmp(s.to, "RCPT TO:<weekly@vn.example>\r\n") == 0);
    check(has((struct str){s.data, s.data_len}, "Message-ID: <1."));
    usleep(50000);
    check(atomic_load(&s.asked) == 2); /* once a day at most */
    mail_worker_end(w);
    stop_server(&s);
    desk_close(desk);
    clock_set_ms(0);
    fixture_close(&f);
}

static void gives_up_in_the_end(void **state)
{
    (void)state;
    static struct smtp s = {.answer = {"451 later\r\n"}, .answers = 1};
    int64_t day = clock_ms_of((struct clock_date){2026, 11, 24}) + 12 * 3600000;
    struct desk *desk;
    struct mail_worker *w;
    fixture_open(&f);
    check(desk_open(f.node, &desk) == CAU_OK);
    clock_set_ms(day);
    save("Bàn giao", "2026-11-24", "public");
    add_user("daily", LANG_VI, "daily@vn.example", REMIND_DAILY);
    add_user("weekly", LANG_RU, "weekly@vn.example", REMIND_WEEKLY); /* no Monday */
    start_server(&s);
    struct mail_config c = config_of(&s);
    check(mail_worker_start(f.node, desk, &c, &w) == CAU_OK);
    int64_t delay = c.retry_ms;
    for (uint32_t i = 1; i <= MAIL_TRIES_MAX; i++) {
        check(reaches(&s.asked, i));
        settle(i);
        struct local_mail m = waiting();
        check(i == MAIL_TRIES_MAX ? m.id == 0 : m.next_ms == clock_now_ms() + delay);
        check(m.id == 0 || str_is(m.to, "daily@vn.example"));
        if (i + 1 == MAIL_TRIES_MAX) /* the next day's digest would mix in */
            check(people_set_roles(f.node, &f.arena, &(struct actor){.is_operator = true},
                                   STR("daily"), 0, false,
                                   &(struct register_outcome){0}) == REGISTER_DONE);
        clock_set_ms(clock_now_ms() + delay);
        delay *= 3;
    }
    mail_worker_end(w);
    mail_worker_end(NULL);
    stop_server(&s);
    desk_close(desk);
    clock_set_ms(0);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_settings),
        cmocka_unit_test(refuses_bad_settings),
        cmocka_unit_test(writes_a_message),
        cmocka_unit_test(lines_are_short),
        cmocka_unit_test(nothing_begins_a_header),
        cmocka_unit_test(hands_it_over),
        cmocka_unit_test(signs_in),
        cmocka_unit_test(writes_sends_and_tries_again),
        cmocka_unit_test(gives_up_in_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
