/* Executes test/roles.table over HTTP: every role, kind, action and audience. */
#include "test.h"

#include "base/file.h"
#include "base/number.h"
#include "domain/people/saved.h"
#include "domain/rule/claim.h"
#include "domain/rule/confirm.h"
#include "domain/rule/may.h"
#include "domain/rule/need.h"
#include "store/attachment.h"
#include "store/sql.h"
#include "web/server.h"
#include "web_help.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#define TABLE     "test/roles.table"
#define PASSWORD  "a long password"
#define WHO_MAX   16
#define DO_MAX    300
#define RULES_MAX 600
#define WORDS_MAX 30
#define KINDS_MAX 64
#define VICTIM    "victim" /* a user that others change */
/* SHA-256 of "Boats.": the minutes of every session. */
#define FILE_HASH "ada8d0b5a6464096cad932aa46b57c2518755e6f62529f6eb2ed0705170036f6"

enum answer { YES, NO, HID, IN, ANSWERS };
static const char *const answer_name[ANSWERS] = {"yes", "no", "hid", "in"};

struct doing { /* what an action is */
    struct str action, route, more;
    enum http_method method;
};
struct rule {
    struct str kinds; /* names with spaces between; "*", "-" */
    struct str action, audience;
    enum answer answer[WHO_MAX];
};
struct who {
    struct str name;
    int fd;
    char token[64];
    unsigned char form_key[32];
};

static struct server *server;
static struct who who[WHO_MAX];
static struct doing doing[DO_MAX];
static struct rule rule[RULES_MAX];
static size_t who_count, do_count, rule_count, asked, wrong;
static struct buf got; /* the body of the last answer */
static struct arena a; /* the table, and what is made of it */

/* Records to ask for: of every kind, in every audience; all belong to the organisation of `member`. */
static char record[KINDS_MAX][RECORD_AUDIENCES][RECORD_ID_CHARS + 1];
static char commitment[RECORD_AUDIENCES][65]; /* of some payload in each log */
static uint64_t log_size[RECORD_AUDIENCES];
static char claim[RECORD_ID_CHARS + 1]; /* an open one */

/* ---- the table ---- */

static size_t split(struct str line, struct str word[WORDS_MAX])
{
    size_t n = 0;
    for (struct str rest = line; rest.len > 0;) {
        struct str one = str_next(&rest, ' ');
        if (one.len > 0) {
            check(n < WORDS_MAX);
            word[n++] = one;
        }
    }
    return n;
}

static enum answer read_answer(struct str x)
{
    for (unsigned i = 0; i < ANSWERS; i++)
        if (str_is(x, answer_name[i]))
            return (enum answer)i;
    fail_msg("no answer: %.*s", STR_ARG(x));
    return NO;
}

static void read_line(struct str line, struct str *kinds)
{
    struct str word[WORDS_MAX];
    size_t n = split(line, word);
    if (str_is(word[0], "do")) {
        check(n >= 4 && n <= 5 && do_count < DO_MAX);
        check(str_is(word[2], "GET") || str_is(word[2], "POST"));
        doing[do_count++] =
            (struct doing){.action = word[1],
                           .route = word[3],
                           .more = n == 5 ? word[4] : STR(""),
                           .method = str_is(word[2], "GET") ? HTTP_GET : HTTP_POST};
    } else if (str_is(word[0], "who")) {
        who_count = n - 1;
        check(who_count <= WHO_MAX);
        for (size_t i = 0; i < who_count; i++)
            who[i] = (struct who){.name = word[i + 1], .fd = -1};
    } else if (str_is(word[0], "kinds")) {
        *kinds = str_trim(str_from(line, 5));
    } else {
        check(rule_count < RULES_MAX);
        if (n != who_count + 2)
            fail_msg("not a line of %zu answers: %.*s", who_count, STR_ARG(line));
        struct rule *r = &rule[rule_count++];
        *r = (struct rule){*kinds, word[0], word[1], {YES}};
        for (size_t i = 0; i < who_count; i++)
            r->answer[i] = read_answer(word[i + 2]);
    }
}

static void read_table(void)
{
    struct str text, kinds = STR("");
    check(file_read(&a, TABLE, 1 << 20, &text) == CAU_OK);
    while (text.len > 0) {
        struct str line = str_trim(str_next(&text, '\n'));
        if (line.len > 0 && line.p[0] != '#')
            read_line(line, &kinds);
    }
}

static bool names(struct str list, struct str name)
{
    while (list.len > 0)
        if (str_equal(str_next(&list, ' '), name))
            return true;
    return false;
}

/* The rule of a kind; one that names the kind goes before one of all kinds. NULL: none. */
static const struct rule *find_rule(struct str kind, struct str action, struct str audience)
{
    const struct rule *found = NULL;
    for (size_t i = 0; i < rule_count; i++) {
        const struct rule *r = &rule[i];
        bool named = names(r->kinds, kind);
        if (str_equal(r->action, action) && str_equal(r->audience, audience) &&
            (named || (found == NULL && str_is(r->kinds, "*"))))
            found = r;
    }
    return found;
}

/* ---- a node with people and records ---- */

static void keep_id(char to[RECORD_ID_CHARS + 1], const struct register_outcome *out)
{
    memcpy(to, out->result.id, RECORD_ID_CHARS);
    to[RECORD_ID_CHARS] = '\0';
}

static uint32_t add_user(const char *name, unsigned roles)
{
    struct actor boss = actor_operator();
    struct register_outcome out;
    uint32_t id;
    check(people_add(web.node.n, &a, &boss, str_of(name), STR(""), STR(PASSWORD), roles,
                     LANG_EN, &id, &out) == REGISTER_DONE);
    return id;
}

/* Says that the user speaks for an organisation; leaves the claim open, or has it confirmed. */
static void file_claim(uint32_t user, const char *organization, bool confirm,
                       char id[RECORD_ID_CHARS + 1])
{
    struct actor self = {.user = user}, boss = actor_operator();
    struct register_outcome out;
    check(claim_file(web.node.n, &a, &self, str_of(organization), STR("We are it."), LANG_EN,
                     &out) == REGISTER_DONE);
    keep_id(id, &out);
    if (confirm)
        check(claim_decide(web.node.n, &a, &boss, str_of(id), true, &out) == REGISTER_DONE);
}

/* What the canonical payload of a record may be: a text that was published, or waits for the second person; an
 * interest of its owner; what committees decided, of the node's side. */
static const char *payload_of(const struct kind *kind, enum record_audience audience,
                              struct str owner)
{
    static char text[200];
    if (str_is(kind->name, "interest")) {
        snprintf(text, sizeof text,
                 "{\"from\":\"%.*s\",\"stage\":\"contact\",\"title\":{\"en\":\"Boat\"}}",
                 STR_ARG(owner));
        return text;
    }
    if (str_is(kind->name, "session"))
        return "{\"countries\":[\"VN\"],\"minutes\":[{\"hash\":\"" FILE_HASH
               "\",\"language\":\"en\",\"text\":"
               "{\"en\":\"Boats.\"}}],\"title\":{\"en\":\"Boat\"}}";
    if (need_is(kind)) {
        snprintf(
            text, sizeof text,
            "{\"organization\":\"%.*s\",\"publication\":\"%s\",\"title\":{\"en\":\"Boat\"}}",
            STR_ARG(owner), audience == RECORD_PRIVATE ? "submitted" : "published");
        return text;
    }
    if (str_is(kind->name, "commitment")) {
        snprintf(text, sizeof text,
                 "{\"countries\":[\"VN\"],\"owner\":\"%.*s\",\"side\":[\"VN\"],"
                 "\"title\":{\"en\":\"Boat\"}}",
                 STR_ARG(owner));
        return text;
    }
    if (confirm_has(kind))
        return "{\"countries\":[\"VN\"],\"title\":{\"en\":\"Boat\"}}";
    if (str_is(kind->name, "organization"))
        return "{\"country\":\"VN\",\"name\":{\"en\":[\"Boat\"]}}";
    if (kind_find_field(kind, STR("title")) != NULL)
        return "{\"title\":{\"en\":\"Boat\"}}";
    bool named = kind_find_field(kind, STR("name")) != NULL;
    return named ? "{\"name\":{\"en\":[\"Boat\"]}}" : "{\"clarity\":1}";
}

static void add_record(const struct kind *kind, enum record_audience audience, struct str owner,
                       char id[RECORD_ID_CHARS + 1])
{
    struct writer_change change = {.kind = kind,
                                   .audience = audience,
                                   .organization = owner,
                                   .payload = str_of(payload_of(kind, audience, owner))};
    struct register_outcome out;
    check(writer_put(web.node.n, &change, 1, &out.result) == CAU_OK);
    keep_id(id, &out);
}

static enum cau_err keep_file(struct store *s, void *arg)
{
    (void)arg;
    return attachment_put(s, STR("text/plain; charset=utf-8"), STR("Boats."), 1);
}

static void add_records(void)
{
    const struct kinds *k = node_kinds(web.node.n);
    size_t home = (size_t)(kinds_find(k, STR("organization")) - k->kind);
    check(k->n <= KINDS_MAX);
    check(writer_run(web.node.n, keep_file, NULL) == CAU_OK);
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++)
        add_record(&k->kind[home], (enum record_audience)i, STR(""), record[home][i]);
    struct str owner = str_of(record[home][RECORD_PUBLIC]);
    for (size_t i = 0; i < k->n; i++)
        for (unsigned j = 0; i != home && j < RECORD_AUDIENCES; j++)
            add_record(&k->kind[i], (enum record_audience)j, owner, record[i][j]);
    char foreign[RECORD_ID_CHARS + 1], filed[RECORD_ID_CHARS + 1];
    add_record(&k->kind[home], RECORD_PUBLIC, STR(""), foreign);
    for (size_t i = 1; i < who_count; i++) {
        unsigned roles = 0;
        char name[40];
        snprintf(name, sizeof name, "%.*s", STR_ARG(who[i].name));
        bool member = str_is(who[i].name, "member"), other = str_is(who[i].name, "other");
        if (!member && !other && !str_is(who[i].name, "user"))
            check(people_read_roles(who[i].name, &roles) == CAU_OK);
        uint32_t user = add_user(name, roles);
        if (member || other)
            file_claim(user, member ? record[home][RECORD_PUBLIC] : foreign, true, filed);
    }
    struct actor victim = {.user = add_user(VICTIM, 0)};
    struct register_outcome out;
    uint32_t search;
    file_claim(victim.user, foreign, false, claim);
    check(saved_add(web.node.n, &victim, STR("Boats"), STR("q=boat"), LANG_EN, &search, &out) ==
              REGISTER_DONE &&
          search == 1); /* {number} is 1 everywhere */
}

/* The size of each log, all in one tile, and one commitment of it. */
static void look_at_logs(void)
{
    struct view *v = view_take(web.node.n);
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++) {
        struct view_log log;
        check(view_log(v, &a, (enum record_audience)i, &log) == CAU_OK);
        log_size[i] = log.signed_size;
        check(log_size[i] > 0 && log_size[i] < 256);
    }
    struct digest d;
    struct str payload;
    struct sql q = sql_start(view_store(v), "SELECT commitment FROM payload", SQL_NO_ARGS);
    while (sql_next(&q) && sql_digest(&q, 0, &d) == CAU_OK)
        for (unsigned i = 0; i < RECORD_AUDIENCES; i++)
            for (size_t b = 0; b < sizeof d.b && view_payload(v, &a, (enum record_audience)i,
                                                              &d, &payload) == CAU_OK;
                 b++)
                snprintf(commitment[i] + 2 * b, 3, "%02x", d.b[b]);
    check(sql_end(&q) == CAU_OK);
    view_give(web.node.n, v);
}

/* An import as it stands after a preview; a new one for each request, for some of them end it. */
static uint32_t keep_import(void)
{
    const struct str file = STR("country;name\nVN;Boat\nXX;Raft\n");
    struct import_options options = {.file = STR("x.csv"), .kind = STR("organization")};
    struct actor boss = actor_operator();
    struct import_outcome out;
    uint32_t id = 0;
    check(import_keep(web.node.n, &a, &boss, file, &options, &id) == IMPORT_OK);
    check(import_preview(web.node.n, &a, &boss, id, NULL, NULL, &out) == IMPORT_OK);
    return id;
}

/* ---- a browser ---- */

static int open_connection(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(server_port(server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval wait = {30, 0};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at) == 0);
    check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
    return fd;
}

static struct str header_of(struct str head, const char *name)
{
    size_t at = test_find(head, 0, name);
    struct str rest = str_from(head, at == head.len ? at : at + strlen(name));
    return str_trim(str_to(rest, test_find(rest, 0, "\r\n")));
}

/* Reads one answer; its head and then its body are in got. false: the connection had ended. */
static bool receive(int fd, struct str *head, struct str *body)
{
    size_t end = 0;
    uint64_t length = 0;
    char part[16384];
    buf_reset(&got);
    for (;;) {
        ssize_t n = recv(fd, part, sizeof part, 0);
        if (n <= 0)
            return false;
        buf_add(&got, (struct str){part, (size_t)n});
        end = test_find(buf_str(&got), 0, "\r\n\r\n");
        if (end == got.len)
            continue;
        *head = str_to(buf_str(&got), end + 2);
        struct str said = header_of(*head, "\r\nContent-Length:");
        check(said.len == 0 || number_read(said, UINT32_MAX, &length) == CAU_OK);
        if (got.len >= end + 4 + length)
            break;
    }
    *body = str_from(buf_str(&got), end + 4);
    return true;
}

/* Sends a request of w and gives the status; where a redirection leads is in *location. */
static unsigned ask_for(struct who *w, enum http_method method, const char *path,
                        const char *body, struct str *location, struct str *text)
{
    char request[4096];
    struct str head;
    int n = snprintf(request, sizeof request,
                     "%s %s HTTP/1.1\r\nHost: a.example\r\nCookie: " SITE_COOKIE "=%.64s\r\n",
                     method == HTTP_GET ? "GET" : "POST", path, w->token);
    if (method == HTTP_POST)
        n += snprintf(request + n, sizeof request - (size_t)n,
                      "Content-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: %zu\r\n",
                      strlen(body));
    n += snprintf(request + n, sizeof request - (size_t)n, "\r\n%s", body);
    check(n > 0 && (size_t)n < sizeof request);
    for (int tries = 0; tries < 2; tries++) { /* an idle connection may have been closed */
        if (w->fd < 0)
            w->fd = open_connection();
        if (send(w->fd, request, (size_t)n, MSG_NOSIGNAL) == n && receive(w->fd, &head, text)) {
            uint64_t status = 0;
            struct str line = head;
            (void)str_next(&line, ' ');
            check(number_read(str_to(line, 3), 999, &status) == CAU_OK);
            *location = header_of(head, "\r\nLocation:");
            struct str session = header_of(head, "\r\nSet-Cookie: " SITE_COOKIE "=");
            if (session.len > 64 && status == 303 && session.p[0] != ';')
                memcpy(w->token, session.p, sizeof w->token);
            if (str_is(header_of(head, "\r\nConnection:"), "close")) {
                close(w->fd);
                w->fd = -1;
            }
            return (unsigned)status;
        }
        close(w->fd);
        w->fd = -1;
    }
    fail_msg("no answer to %s", path);
    return 0;
}

static void sign_in(struct who *w)
{
    char body[200];
    struct str location, text;
    struct local_user user;
    memset(w->token, '0', sizeof w->token);
    if (str_is(w->name, "reader"))
        return;
    snprintf(body, sizeof body, "name=%.*s&password=" PASSWORD, STR_ARG(w->name));
    for (char *p = body; *p != '\0'; p++)
        *p = *p == ' ' ? '+' : *p;
    check(ask_for(w, HTTP_POST, "/en/sign-in", body, &location, &text) == 303);
    struct view *v = view_take(web.node.n);
    check(people_session(web.node.n, v, &a, (struct str){w->token, sizeof w->token}, &user,
                         w->form_key) == CAU_OK);
    view_give(web.node.n, v);
}

/* ---- a request of the table ---- */

struct cell {
    const struct rule *rule;
    const struct doing *doing;
    struct who *who;
    const struct kind *kind; /* NULL: the rule is of no kind */
    unsigned audience;
};

static const char *audience_of(const struct cell *c)
{
    static const char *const name[] = {"public", "partner", "private"};
    return name[c->audience];
}

static struct str kind_name(const struct cell *c)
{
    return c->kind == NULL ? STR("organization") : c->kind->name;
}

static const char *record_of(const struct cell *c)
{
    const struct kinds *k = node_kinds(web.node.n);
    const struct kind *kind = kinds_find(k, kind_name(c));
    return record[kind - k->kind][c->audience];
}

/* What stands in the place of a route, by the route. */
static void add_place(struct buf *b, const struct cell *c, struct str place)
{
    struct str route = c->doing->route;
    if (str_is(place, "*"))
        buf_printf(b, "entries/000.p/%u", (unsigned)log_size[c->audience]);
    else if (place.p[0] != ':')
        buf_add(b, place);
    else if (str_starts(place, STR(":lang")))
        buf_add_word(b, "en");
    else if (str_starts(place, STR(":record")))
        buf_add_word(b, record_of(c));
    else if (str_is(place, ":kind"))
        buf_add(b, kind_name(c));
    else if (str_is(place, ":number.year"))
        buf_add_word(b, "2019");
    else if (str_is(place, ":text.country"))
        buf_add_word(b, "VN");
    else if (str_is(place, ":text.field"))
        buf_add_word(b, "2.7");
    else if (str_starts(place, STR(":number")))
        buf_add_word(b, "1");
    else if (str_is(place, ":text.commitment"))
        buf_add_word(b, commitment[c->audience]);
    else if (str_is(route, "user") || str_is(route, "user-password"))
        buf_add_word(b, VICTIM);
    else if (str_is(route, "asset"))
        buf_add_word(b, str_ends(buf_str(b), STR("asset/")) ? web.site.version : "govuk.css");
    else if (str_is(route, "minutes-commit"))
        buf_add_word(b, "en");
    else if (str_is(route, "file"))
        buf_add_word(b, FILE_HASH);
    else if (str_is(c->rule->action, "import"))
        buf_add_u64(b, keep_import());
    else
        buf_add_word(b, audience_of(c));
}

/* "kind={kind}" with its places filled. */
static void add_more(struct buf *b, const struct cell *c)
{
    for (struct str rest = c->doing->more; rest.len > 0;) {
        size_t at = test_find(rest, 0, "{");
        buf_add(b, str_to(rest, at));
        if (at == rest.len)
            return;
        rest = str_from(rest, at + 1);
        struct str name = str_next(&rest, '}');
        if (str_is(name, "kind"))
            buf_add(b, kind_name(c));
        else if (str_is(name, "audience"))
            buf_add_word(b, audience_of(c));
        else if (str_is(name, "claim"))
            buf_add_word(b, claim);
        else if (str_is(name, "record"))
            buf_add_word(b, record_of(c));
        else if (str_is(name, "password"))
            buf_add_word(b, "a+long+password");
        else if (str_is(name, "name"))
            buf_add(b, str_is(c->who->name, "reader") ? STR(VICTIM) : c->who->name);
        else
            fail_msg("no such place: %.*s", STR_ARG(name));
    }
}

static const struct route *route_of(const struct doing *d)
{
    for (size_t i = 0; i < routes_count; i++)
        if (routes_list[i].method == d->method && str_is(d->route, routes_list[i].name))
            return &routes_list[i];
    fail_msg("no such route: %.*s", STR_ARG(d->route));
    return NULL;
}

static void add_token(struct buf *b, const struct cell *c)
{
    struct ask *q = test_ask(&web, LANG_EN);
    q->signed_in = true;
    memcpy(q->form_key, c->who->form_key, sizeof q->form_key);
    ask_token(q, q->page, "token", route_of(c->doing)->name);
    buf_add_word(b, "token=");
    buf_add(b, html_get(q->page, "token"));
    test_answered(&web);
}

static enum answer meaning(const struct cell *c, unsigned status, struct str location)
{
    bool post = c->doing->method == HTTP_POST, anonymous = str_is(c->who->name, "reader");
    if (status == 404)
        return HID;
    if (status == 303 && !post && test_find(location, 0, "/sign-in?back=") < location.len)
        return IN;
    if (status == 403 || status == 413) /* 413: of who may not upload not a byte is read */
        return post && anonymous ? IN : NO;
    check(status == 200 || status == 303 || status == 400 || status == 409);
    return YES;
}

/* What a list, a search or a file of a kind shows is what the reader may see, and nothing else. */
static void check_found(const struct cell *c, struct str text)
{
    struct cell at = *c;
    for (at.audience = 0; at.audience < RECORD_AUDIENCES; at.audience++) {
        const struct rule *see = find_rule(c->kind->name, STR("see"), str_of(audience_of(&at)));
        bool found = test_find(text, 0, record_of(&at)) < text.len;
        bool may_see = see->answer[c->who - who] == YES;
        if (found != may_see) {
            print_message("%.*s of %.*s: %.*s %s a %s record\n", STR_ARG(c->doing->route),
                          STR_ARG(c->kind->name), STR_ARG(c->who->name),
                          found ? "finds" : "does not find", audience_of(&at));
            wrong++;
        }
    }
}

static void run_cell(const struct cell *c)
{
    struct buf path = buf_new(4000), body = buf_new(4000);
    struct str location, text;
    size_t used = a.used;
    for (struct str rest = str_of(route_of(c->doing)->pattern); rest.len > 0;) {
        buf_add_char(&path, '/');
        add_place(&path, c, str_next(&rest, '/'));
    }
    if (path.len == 0)
        buf_add_char(&path, '/');
    if (c->doing->method == HTTP_POST) {
        add_token(&body, c);
        if (c->doing->more.len > 0)
            buf_add_char(&body, '&');
        add_more(&body, c);
    } else if (c->doing->more.len > 0) {
        buf_add_char(&path, '?');
        add_more(&path, c);
    }
    buf_add_char(&path, '\0');
    buf_add_char(&body, '\0');
    unsigned status = ask_for(c->who, c->doing->method, path.p, body.p, &location, &text);
    enum answer said = meaning(c, status, location), want = c->rule->answer[c->who - who];
    asked++;
    if (said != want) {
        wrong++;
        print_message("%.*s: %s %s: %u, %s, but the table says %s\n", STR_ARG(c->who->name),
                      c->doing->method == HTTP_GET ? "GET" : "POST", path.p, status,
                      answer_name[said], answer_name[want]);
    }
    if (c->kind != NULL && str_is(c->rule->action, "find"))
        check_found(c, text);
    if (str_is(c->doing->route, "sign-out") || str_is(c->doing->route, "sign-in"))
        sign_in(c->who);
    a.used = used;
    buf_free(&path);
    buf_free(&body);
}

static void run_rule(const struct rule *r, const struct kind *kind)
{
    struct cell c = {.rule = r, .kind = kind};
    enum record_audience audience = RECORD_PUBLIC;
    size_t ways = 0;
    check(str_is(r->audience, "-") || record_read_audience(r->audience, &audience));
    c.audience = audience;
    for (size_t i = 0; i < do_count; i++) {
        if (!str_equal(doing[i].action, r->action))
            continue;
        ways++;
        c.doing = &doing[i];
        for (size_t w = 0; w < who_count; w++) {
            c.who = &who[w];
            run_cell(&c);
        }
    }
    if (ways == 0)
        fail_msg("nothing is done for %.*s", STR_ARG(r->action));
}

/* ---- the tests ---- */

static void nothing_is_missing(void **state)
{
    (void)state;
    const struct kinds *k = node_kinds(web.node.n);
    static const char *const each[] = {"see", "change"};
    for (size_t i = 0; i < routes_count; i++) {
        bool listed = false;
        for (size_t d = 0; d < do_count; d++)
            listed = listed || route_of(&doing[d]) == &routes_list[i];
        if (!listed)
            fail_msg("route %s is not in " TABLE, routes_list[i].name);
    }
    for (size_t i = 0; i < k->n; i++) {
        if (find_rule(k->kind[i].name, STR("create"), STR("-")) == NULL)
            fail_msg("kind %.*s is not in " TABLE, STR_ARG(k->kind[i].name));
        for (size_t j = 0; j < countof(each); j++)
            for (unsigned at = 0; at < RECORD_AUDIENCES; at++)
                check(find_rule(k->kind[i].name, str_of(each[j]),
                                record_audience_name((enum record_audience)at)) != NULL);
        size_t groups = 0;
        for (size_t r = 0; r < rule_count; r++)
            groups += str_is(rule[r].action, "create") && names(rule[r].kinds, k->kind[i].name);
        check(groups == 1);
    }
    for (size_t i = 0; i < rule_count; i++)
        for (struct str rest = rule[i].kinds; rest.len > 0;) {
            struct str name = str_next(&rest, ' ');
            check(str_is(name, "*") || str_is(name, "-") || kinds_find(k, name) != NULL);
        }
}

static void nobody_does_what_no_kind_allows(void **state)
{
    (void)state;
    for (size_t i = 0; i < rule_count; i++)
        if (str_is(rule[i].kinds, "-"))
            run_rule(&rule[i], NULL);
    assert_int_equal(wrong, 0);
}

static void every_kind_answers_as_the_table_says(void **state)
{
    (void)state;
    const struct kinds *k = node_kinds(web.node.n);
    for (size_t i = 0; i < k->n; i++)
        for (size_t r = 0; r < rule_count; r++)
            if (find_rule(k->kind[i].name, rule[r].action, rule[r].audience) == &rule[r])
                run_rule(&rule[r], &k->kind[i]);
    print_message("%zu requests\n", asked);
    assert_int_equal(wrong, 0);
}

static int start(void **state)
{
    (void)state;
    a = arena_new((size_t)256 << 20);
    got = buf_new((size_t)64 << 20);
    test_web_make(&web);
    read_table();
    add_records();
    check(writer_settle(web.node.n, 20000) == CAU_OK); /* proofs need a checkpoint */
    look_at_logs();
    struct server_options options = {.host = "127.0.0.1"};
    if (server_start(web.node.n, &options, &server) != CAU_OK)
        return -1;
    for (size_t i = 0; i < who_count; i++)
        sign_in(&who[i]);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < who_count; i++)
        if (who[i].fd >= 0)
            close(who[i].fd);
    server_stop(server);
    test_web_end(&web);
    buf_free(&got);
    arena_free(&a);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_missing),
        cmocka_unit_test(nobody_does_what_no_kind_allows),
        cmocka_unit_test(every_kind_answers_as_the_table_says),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
