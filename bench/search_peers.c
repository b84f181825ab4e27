/* search_peers.c - search by us and by others over the same names and queries, in turns, in one run.
 *
 *   search_peers FOLDER [PASSES]       the table; FOLDER was filled by: search make FOLDER DOCUMENTS [NAMES.tsv]
 *   search_peers FOLDER size           our index alone: bytes, opening, memory
 *   search_peers FOLDER build [TIMES]  our index built and saved again and again: the clock, processor time of all threads
 *
 * Peers: SQLite FTS5 (a file, its pages in memory), Sphinx (searchd behind a socket file), Groonga (a process behind
 * pipes); those that are not installed are skipped visibly. All give the numbers of the best 20. Facets are counted
 * by country and type; we always count all our columns. Sphinx is given our folding of letters as its charset_table. */
#define _GNU_SOURCE /* memmem */
#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"
#include "base/sync.h"
#include "index/index.h"
#include "language/fold.h"
#include "language/token.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LIMIT = 20,
    SET_MAX = 1000,
    PASSES_MAX = 15,
    FACET_QUERIES = 400, /* the slowest peers need tens of milliseconds for one */
    WINDOW_US = 2000000,
    LINE_MAX_BYTES = 1 << 20,
    FILE_MAX_BYTES = 1 << 30
};

struct doc {
    struct str lang, country, type, name;
};
struct query {
    struct str kind, text;
    uint32_t doc;
    bool filtered, begins; /* the last word is the beginning of one */
};
struct answer {
    uint32_t doc[SET_MAX];
    size_t n;
};

static char dir[200];
static struct doc *doc;
static size_t docs;
static struct query *query;
static size_t queries;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const char *in_dir(const char *name)
{
    static char path[8][400];
    static unsigned turn;
    char *p = path[turn++ % countof(path)];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    return p;
}

static void stop(const char *what)
{
    fprintf(stderr, "search_peers: %s\n", what);
    exit(1);
}

static FILE *open_file(const char *path, const char *how)
{
    FILE *f = fopen(path, how);
    if (f == NULL)
        stop(path);
    return f;
}

static void read_files(struct arena *a)
{
    struct str all;
    uint64_t n;
    if (file_read(a, in_dir("docs.tsv"), FILE_MAX_BYTES, &all) != CAU_OK)
        stop("no docs.tsv: search make FOLDER DOCUMENTS");
    for (size_t i = 0; i < all.len; i++)
        docs += all.p[i] == '\n';
    doc = arena_take(a, docs * sizeof *doc);
    for (size_t i = 0; i < docs; i++) {
        struct str line = str_next(&all, '\n');
        str_next(&line, '\t');
        doc[i].lang = str_next(&line, '\t');
        doc[i].country = str_next(&line, '\t');
        doc[i].type = str_next(&line, '\t');
        doc[i].name = line;
    }
    if (file_read(a, in_dir("queries.tsv"), FILE_MAX_BYTES, &all) != CAU_OK)
        stop("no queries.tsv");
    query = arena_take(a, all.len / 4 * sizeof *query);
    while (all.len > 0) {
        struct str line = str_next(&all, '\n');
        struct query *q = &query[queries];
        q->kind = str_next(&line, '\t');
        if (number_read(str_next(&line, '\t'), docs - 1, &n) != CAU_OK || line.len == 0)
            stop("bad queries.tsv");
        q->doc = (uint32_t)n;
        q->text = line;
        q->begins = line.p[line.len - 1] != ' ';
        q->filtered = str_is(q->kind, "two words, filter");
        queries++;
    }
}

/* Numbers for the peers, which count numbers faster than words. */
static unsigned code(struct str x)
{
    return (unsigned)(str_hash(x) % 1000003) + 1;
}

static void add(struct answer *out, uint64_t n)
{
    if (out->n < SET_MAX)
        out->doc[out->n++] = (uint32_t)n;
}

/* The words, each between the signs, with a star after the last when it is a beginning. Signs inside words become spaces. */
static void words(const struct query *q, char *out, size_t max, const char *sign_around)
{
    size_t n = 0;
    out[0] = '\0';
    for (struct str rest = str_trim(q->text); rest.len > 0 && n + 500 < max;) {
        char clean[400];
        struct str word = str_next(&rest, ' ');
        size_t len = word.len < sizeof clean ? word.len : sizeof clean;
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)word.p[i];
            bool sign = c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
                        (c > 'z' && c < 0x80);
            clean[i] = sign ? ' ' : word.p[i];
        }
        n += (size_t)snprintf(out + n, max - n, "%s%.*s%s%s ", sign_around, (int)len, clean,
                              sign_around, rest.len == 0 && q->begins ? "*" : "");
    }
}

/* ---- us ---- */

static struct index *ours;

enum { BATCH = 120000 }; /* documents handed over at once */

struct record {
    struct index_text text[2];
    struct index_value value[5];
};

/* n documents from `first` on, freed with one call. */
static struct index_doc *make_batch(size_t first, size_t n)
{
    static char year[120][8];
    struct index_doc *batch = malloc(n * (sizeof *batch + sizeof(struct record)));
    struct record *record = (void *)(batch + n);
    if (batch == NULL)
        stop("memory");
    for (unsigned i = 0; i < countof(year); i++)
        snprintf(year[i], sizeof year[i], "%u", 1900 + i);
    for (size_t k = 0; k < n; k++) {
        size_t i = first + k;
        record[k] =
            (struct record){{{doc[i].lang, 5, doc[i].name}, {STR("und"), 1, doc[i].country}},
                            {{INDEX_KIND, STR("organization")},
                             {INDEX_COUNTRY, doc[i].country},
                             {INDEX_STATUS, doc[i].type},
                             {INDEX_YEAR, str_of(year[i * 7919 % 120])},
                             {INDEX_LANGUAGE, doc[i].lang}}};
        batch[k] = (struct index_doc){.doc = (uint32_t)i,
                                      .updated_ms = (int64_t)i * 1000,
                                      .text = record[k].text,
                                      .text_count = countof(record[k].text),
                                      .value = record[k].value,
                                      .value_count = countof(record[k].value)};
    }
    return batch;
}

static bool our_build(void)
{
    bool rebuilt;
    file_remove(in_dir("ours/search.idx"));
    if (index_open(in_dir("ours"), &ours, &rebuilt) != CAU_OK)
        stop("index");
    for (size_t done = 0; done < docs;) {
        size_t n = docs - done < BATCH ? docs - done : BATCH;
        struct index_doc *batch = make_batch(done, n);
        if (index_put_all(ours, batch, n) != CAU_OK)
            stop("index_put_all");
        free(batch);
        done += n;
    }
    if (index_save(ours, 1) != CAU_OK)
        stop("index_save");
    return true;
}

static void *our_open(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (a == NULL)
        stop("memory");
    *a = arena_new((size_t)256 << 20);
    return a;
}

static void our_close(void *session)
{
    arena_free(session);
    free(session);
}

static void our_ask(void *session, const struct query *q, bool facets, size_t limit,
                    struct answer *out)
{
    struct index_filter filter[] = {{INDEX_COUNTRY, doc[q->doc].country},
                                    {INDEX_STATUS, doc[q->doc].type}};
    struct index_query ask = {.text = q->text,
                              .reader = {1, 0},
                              .filter = filter,
                              .filter_count = q->filtered ? countof(filter) : 0,
                              .limit = limit,
                              .facets = facets};
    struct index_result r;
    arena_reset(session);
    if (index_search(ours, session, &ask, &r) != CAU_OK)
        stop("index_search");
    for (size_t i = 0; i < r.hit_count; i++)
        add(out, r.hit[i].doc);
}

/* ---- SQLite FTS5 ---- */

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
}

static bool fts_build(void)
{
    sqlite3 *db;
    sqlite3_stmt *name, *row;
    file_remove(in_dir("fts.db"));
    if (sqlite3_open(in_dir("fts.db"), &db) != SQLITE_OK)
        stop("fts.db");
    run_sql(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                "CREATE VIRTUAL TABLE t USING fts5(name, content='',"
                " tokenize=\"unicode61 remove_diacritics 2\");"
                "CREATE TABLE d(id INTEGER PRIMARY KEY, country INT, type INT); BEGIN");
    sqlite3_prepare_v2(db, "INSERT INTO t(rowid, name) VALUES (?, ?)", -1, &name, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO d VALUES (?, ?, ?)", -1, &row, NULL);
    for (size_t i = 0; i < docs; i++) {
        sqlite3_bind_int64(name, 1, (sqlite3_int64)i);
        sqlite3_bind_text(name, 2, doc[i].name.p, (int)doc[i].name.len, SQLITE_STATIC);
        sqlite3_bind_int64(row, 1, (sqlite3_int64)i);
        sqlite3_bind_int64(row, 2, code(doc[i].country));
        sqlite3_bind_int64(row, 3, code(doc[i].type));
        if (sqlite3_step(name) != SQLITE_DONE || sqlite3_step(row) != SQLITE_DONE)
            stop(sqlite3_errmsg(db));
        sqlite3_reset(name);
        sqlite3_reset(row);
    }
    sqlite3_finalize(name);
    sqlite3_finalize(row);
    run_sql(db, "COMMIT; INSERT INTO t(t) VALUES ('optimize')");
    sqlite3_close(db);
    return true;
}

struct fts {
    sqlite3 *db;
    sqlite3_stmt *best, *filtered, *facet[2], *filtered_facet[2];
};

static void *fts_open(void)
{
    struct fts *f = calloc(1, sizeof *f);
    if (f == NULL ||
        sqlite3_open_v2(in_dir("fts.db"), &f->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        stop("fts.db");
    run_sql(f->db, "PRAGMA cache_size=-400000; PRAGMA mmap_size=1000000000");
    const struct {
        sqlite3_stmt **s;
        const char *sql;
    } all[] = {
        {&f->best, "SELECT rowid FROM t WHERE t MATCH ?1 ORDER BY rank LIMIT ?4"},
        {&f->filtered, "SELECT t.rowid FROM t JOIN d ON d.id = t.rowid WHERE t MATCH ?1 AND "
                       "country = ?2 AND type = ?3 ORDER BY rank LIMIT ?4"},
        {&f->facet[0], "SELECT country, count(*) FROM t JOIN d ON d.id = t.rowid WHERE t MATCH "
                       "?1 GROUP BY 1"},
        {&f->facet[1], "SELECT type, count(*) FROM t JOIN d ON d.id = t.rowid WHERE t MATCH ?1 "
                       "GROUP BY 1"},
        {&f->filtered_facet[0],
         "SELECT country, count(*) FROM t JOIN d ON d.id = t.rowid WHERE "
         "t MATCH ?1 AND country = ?2 AND type = ?3 GROUP BY 1"},
        {&f->filtered_facet[1], "SELECT type, count(*) FROM t JOIN d ON d.id = t.rowid WHERE t "
                                "MATCH ?1 AND country = ?2 AND type = ?3 GROUP BY 1"}};
    for (size_t i = 0; i < countof(all); i++)
        if (sqlite3_prepare_v2(f->db, all[i].sql, -1, all[i].s, NULL) != SQLITE_OK)
            stop(sqlite3_errmsg(f->db));
    return f;
}

static void fts_close(void *session)
{
    struct fts *f = session;
    sqlite3_stmt *all[] = {f->best,     f->filtered,          f->facet[0],
                           f->facet[1], f->filtered_facet[0], f->filtered_facet[1]};
    for (size_t i = 0; i < countof(all); i++)
        sqlite3_finalize(all[i]);
    sqlite3_close(f->db);
    free(f);
}

static void fts_run(sqlite3_stmt *s, const struct query *q, size_t limit, struct answer *out)
{
    char match[4200];
    words(q, match, sizeof match, "\"");
    sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC);
    if (q->filtered) {
        sqlite3_bind_int64(s, 2, code(doc[q->doc].country));
        sqlite3_bind_int64(s, 3, code(doc[q->doc].type));
    }
    if (out != NULL)
        sqlite3_bind_int64(s, 4, (sqlite3_int64)limit);
    int got;
    while ((got = sqlite3_step(s)) == SQLITE_ROW)
        if (out != NULL)
            add(out, (uint64_t)sqlite3_column_int64(s, 0));
    if (got != SQLITE_DONE)
        stop(match);
    sqlite3_reset(s);
}

static void fts_ask(void *session, const struct query *q, bool facets, size_t limit,
                    struct answer *out)
{
    struct fts *f = session;
    fts_run(q->filtered ? f->filtered : f->best, q, limit, out);
    for (int i = 0; i < 2 && facets; i++)
        fts_run(q->filtered ? f->filtered_facet[i] : f->facet[i], q, limit, NULL);
}

/* ---- programs ---- */

static pid_t started[16];
static size_t started_n;

/* Starts a program, its standard input and output at fd[0] (or quiet when fd is NULL). */
static pid_t start(char *const argv[], int fd[2])
{
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    if (fd != NULL && (pipe(in) != 0 || pipe(out) != 0))
        stop("pipe");
    pid_t pid = fork();
    if (pid == 0) {
        FILE *log = freopen(in_dir("peer.log"), "a", stderr);
        if (log == NULL || dup2(fd == NULL ? fileno(log) : out[1], 1) < 0 ||
            (fd != NULL && dup2(in[0], 0) < 0))
            _exit(126);
        for (int i = 3; i < 64; i++)
            close(i);
        execvp(argv[0], argv);
        _exit(127);
    }
    if (pid < 0)
        stop("fork");
    if (fd != NULL) {
        close(in[0]);
        close(out[1]);
        fd[0] = out[0];
        fd[1] = in[1];
    }
    return pid;
}

static int finish(pid_t pid)
{
    int status = -1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void end_started(void)
{
    for (size_t i = 0; i < started_n; i++) {
        kill(started[i], SIGTERM);
        finish(started[i]);
    }
    started_n = 0;
}

static bool installed(const char *program)
{
    char path[100];
    snprintf(path, sizeof path, "/usr/bin/%s", program);
    return access(path, X_OK) == 0;
}

/* ---- Sphinx, by the protocol of MySQL 4.1 ---- */

static void sphinx_letters(FILE *f)
{
    fputs("  charset_table = 0..9, A..Z->a..z, a..z, U+410..U+42F->U+430..U+44F, U+430..U+44F, "
          "U+401->U+435, U+451->U+435",
          f);
    for (uint32_t c = 0xC0; c <= 0x1EFF; c++) {
        uint32_t bare = fold_bare_point(fold_point(c));
        if ((c < 0x250 || c >= 0x1E00) && bare >= 'a' && bare <= 'z')
            fprintf(f, ", U+%X->%c", c, (char)bare);
    }
    fputs("\n", f);
}

static bool sphinx_build(void)
{
    if (!installed("searchd") || !installed("indexer"))
        return false;
    end_started();
    FILE *f = open_file(in_dir("sphinx.conf"), "w");
    fprintf(
        f,
        "source s {\n  type = tsvpipe\n  tsvpipe_command = cat %s/sphinx.tsv\n"
        "  tsvpipe_field = name\n  tsvpipe_attr_uint = country\n  tsvpipe_attr_uint = type\n}\n"
        "index t {\n  source = s\n  path = %s/sphinx\n  dict = keywords\n"
        "  min_prefix_len = 2\n",
        dir, dir);
    sphinx_letters(f);
    fprintf(
        f,
        "}\nindexer {\n  mem_limit = 512M\n}\nsearchd {\n  listen = %s/sphinx.sock:mysql41\n"
        "  log = %s/sphinx.log\n  pid_file = %s/sphinx.pid\n  binlog_path =\n  workers = "
        "threads\n}\n",
        dir, dir, dir);
    fclose(f);
    f = open_file(in_dir("sphinx.tsv"), "w");
    for (size_t i = 0; i < docs; i++)
        fprintf(f, "%zu\t%.*s\t%u\t%u\n", i + 1, STR_ARG(doc[i].name), code(doc[i].country),
                code(doc[i].type));
    fclose(f);
    char conf[400];
    snprintf(conf, sizeof conf, "%s", in_dir("sphinx.conf"));
    char *const index[] = {(char[]){"indexer"}, (char[]){"-c"}, conf, (char[]){"t"}, NULL};
    if (finish(start(index, NULL)) != 0)
        stop("indexer failed (peer.log)");
    return true;
}

static void sphinx_serve(void)
{
    char conf[400];
    snprintf(conf, sizeof conf, "%s", in_dir("sphinx.conf"));
    file_remove(in_dir("sphinx.sock")); /* of a run before this one */
    char *const serve[] = {(char[]){"searchd"}, (char[]){"-c"}, conf, (char[]){"--nodetach"},
                           NULL};
    started[started_n++] = start(serve, NULL);
    for (int i = 0; i < 200 && !file_exists(in_dir("sphinx.sock")); i++)
        usleep(50000);
}

struct packet {
    FILE *in;
    int fd;
    unsigned char *p;
    size_t len;
};

static void take_packet(struct packet *c)
{
    unsigned char head[4];
    if (fread(head, 1, 4, c->in) != 4)
        stop("searchd closed");
    c->len = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16;
    if (c->len > LINE_MAX_BYTES || fread(c->p, 1, c->len, c->in) != c->len)
        stop("searchd closed");
    c->p[c->len] = '\0';
    if (c->len > 9 && c->p[0] == 0xFF)
        stop((char *)c->p + 9);
}

static void give_packet(struct packet *c, unsigned number, const void *body, size_t len)
{
    char all[8200];
    if (len + 4 > sizeof all)
        stop("long query");
    all[0] = (char)(len & 255);
    all[1] = (char)(len >> 8 & 255);
    all[2] = (char)(len >> 16);
    all[3] = (char)number;
    memcpy(all + 4, body, len);
    if (write(c->fd, all, len + 4) != (ssize_t)(len + 4))
        stop("searchd closed");
}

static void *sphinx_open(void)
{
    if (started_n == 0)
        sphinx_serve();
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", in_dir("sphinx.sock"));
    struct packet *c = calloc(1, sizeof *c);
    if (c == NULL || (c->p = calloc(1, LINE_MAX_BYTES + 1)) == NULL)
        stop("memory");
    c->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
        stop("searchd does not answer");
    c->in = fdopen(c->fd, "r");
    take_packet(c);
    /* PROTOCOL_41, SECURE_CONNECTION, MULTI_STATEMENTS, MULTI_RESULTS; UTF-8; no user, no password */
    char hello[34] = {0, (char)0x82, 3, 0, 0, 0, 0, 1, 33};
    give_packet(c, 1, hello, sizeof hello);
    take_packet(c);
    return c;
}

static void sphinx_close(void *session)
{
    struct packet *c = session;
    fclose(c->in);
    free(c->p);
    free(c);
}

static void sphinx_ask(void *session, const struct query *q, bool facets, size_t limit,
                       struct answer *out)
{
    struct packet *c = session;
    char sql[6000], match[4200], only[100] = "";
    words(q, match, sizeof match, "");
    if (q->filtered)
        snprintf(only, sizeof only, " AND country=%u AND type=%u", code(doc[q->doc].country),
                 code(doc[q->doc].type));
    int n = snprintf(sql, sizeof sql, "\x03SELECT id FROM t WHERE MATCH('%s')%s LIMIT %zu%s",
                     match, only, limit, facets ? " FACET country FACET type" : "");
    give_packet(c, 0, sql, (size_t)n);
    for (int set = 0, more = 1; more; set++) {
        take_packet(c);
        for (unsigned i = c->p[0] + 1u; i > 0; i--) /* columns and the end of them */
            take_packet(c);
        for (;;) {
            take_packet(c);
            if (c->p[0] == 0xFE && c->len < 9)
                break;
            if (set == 0)
                add(out, strtoull((char *)c->p + 1, NULL, 10) - 1);
        }
        more = c->len >= 5 && (c->p[3] & 8);
    }
}

/* ---- Groonga ---- */

struct pipe {
    FILE *in, *out;
    pid_t pid;
    char *line;
};

static void *groonga_start(bool create)
{
    struct pipe *p = calloc(1, sizeof *p);
    int fd[2];
    if (p == NULL || (p->line = calloc(1, LINE_MAX_BYTES)) == NULL)
        stop("memory");
    char db[400];
    snprintf(db, sizeof db, "%s", in_dir("groonga/db"));
    char *const make[] = {(char[]){"groonga"}, (char[]){"-n"}, db, NULL};
    char *const open[] = {(char[]){"groonga"}, db, NULL};
    p->pid = start(create ? make : open, fd);
    p->in = fdopen(fd[0], "r");
    p->out = fdopen(fd[1], "w");
    return p;
}

static void groonga_close(void *session)
{
    struct pipe *p = session;
    fclose(p->out);
    fclose(p->in);
    finish(p->pid);
    free(p->line);
    free(p);
}

static const char *groonga_say(struct pipe *p, const char *command)
{
    if (command != NULL)
        fprintf(p->out, "%s\n", command);
    fflush(p->out);
    if (fgets(p->line, LINE_MAX_BYTES, p->in) == NULL || strncmp(p->line, "[[0,", 4) != 0)
        stop(p->line);
    return p->line;
}

static bool groonga_build(void)
{
    if (!installed("groonga"))
        return false;
    char command[500];
    snprintf(command, sizeof command, "rm -rf '%s/groonga' && mkdir '%s/groonga'", dir, dir);
    if (system(command) != 0)
        stop("groonga folder");
    struct pipe *p = groonga_start(true);
    static const char *const before[] = {"table_create C TABLE_HASH_KEY UInt32",
                                         "table_create T TABLE_HASH_KEY UInt32",
                                         "table_create D TABLE_PAT_KEY UInt32",
                                         "column_create D name COLUMN_SCALAR ShortText",
                                         "column_create D country COLUMN_SCALAR C",
                                         "column_create D type COLUMN_SCALAR T"};
    for (size_t i = 0; i < countof(before); i++)
        groonga_say(p, before[i]);
    fputs("load --table D --columns _key,name,country,type\n[", p->out);
    for (size_t i = 0; i < docs; i++) {
        fprintf(p->out, "%s\n[%zu,\"", i > 0 ? "," : "", i);
        for (size_t k = 0; k < doc[i].name.len; k++)
            fprintf(p->out, "%s%c", strchr("\"\\", doc[i].name.p[k]) != NULL ? "\\" : "",
                    doc[i].name.p[k]);
        fprintf(p->out, "\",%u,%u]", code(doc[i].country), code(doc[i].type));
    }
    fputs("\n]\n", p->out);
    groonga_say(p, NULL);
    groonga_say(p, "table_create W TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram "
                   "--normalizer NormalizerAuto");
    groonga_say(p, "column_create W names COLUMN_INDEX|WITH_POSITION D name");
    groonga_say(p, "column_create C d COLUMN_INDEX D country");
    groonga_say(p, "column_create T d COLUMN_INDEX D type");
    groonga_close(p);
    return true;
}

static void *groonga_open(void)
{
    return groonga_start(false);
}

static void groonga_ask(void *session, const struct query *q, bool facets, size_t limit,
                        struct answer *out)
{
    char command[6000], match[4200], only[100] = "";
    words(q, match, sizeof match, "");
    if (q->filtered)
        snprintf(only, sizeof only, " --filter 'country == %u && type == %u'",
                 code(doc[q->doc].country), code(doc[q->doc].type));
    snprintf(command, sizeof command,
             "select D --match_columns name --query '%s'%s --sort_keys -_score --limit %zu "
             "--output_columns _key%s",
             match, only, limit, facets ? " --drilldown country,type" : "");
    const char *p = strstr(groonga_say(session, command), "\"UInt32\"]]");
    for (p = p == NULL ? "" : p + 10; p[0] == ',' && p[1] == '[' && p[2] != '[';) {
        char *end;
        add(out, strtoull(p + 2, &end, 10));
        p = end + 1;
    }
}

/* ---- measuring ---- */

static struct engine {
    const char *name;
    bool (*build)(void); /* false: it is not installed */
    void *(*open)(void);
    void (*close)(void *session);
    void (*ask)(void *session, const struct query *q, bool facets, size_t limit,
                struct answer *out);
    const char *files; /* of the shell, in the folder */
    bool absent;
    void *session;
    double build_s[PASSES_MAX], p50[PASSES_MAX], p99[PASSES_MAX], rate[PASSES_MAX],
        facet50[PASSES_MAX], facet99[PASSES_MAX], typo99[PASSES_MAX], exact50[PASSES_MAX],
        exact99[PASSES_MAX];    /* without the queries with a typo */
    double hits[16], asked[16]; /* by kind */
} engine[] = {
    {.name = "Cầu",
     .build = our_build,
     .open = our_open,
     .close = our_close,
     .ask = our_ask,
     .files = "ours/*"},
    {.name = "SQLite FTS5",
     .build = fts_build,
     .open = fts_open,
     .close = fts_close,
     .ask = fts_ask,
     .files = "fts.db"},
    {.name = "Sphinx",
     .build = sphinx_build,
     .open = sphinx_open,
     .close = sphinx_close,
     .ask = sphinx_ask,
     .files = "sphinx.sp*"},
    {.name = "Groonga",
     .build = groonga_build,
     .open = groonga_open,
     .close = groonga_close,
     .ask = groonga_ask,
     .files = "groonga/*"},
};

static size_t kind_of(struct str kind) /* the kinds come in turns: the first of them names it */
{
    for (size_t i = 0; i < 16 && i < queries; i++)
        if (str_equal(query[i].kind, kind))
            return i;
    return 15;
}

static int compare_times(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static double part(double *v, size_t n, size_t permille)
{
    qsort(v, n, sizeof *v, compare_times);
    return n == 0 ? 0 : v[n * permille / 1000];
}

static void ask_all(struct engine *e, size_t pass)
{
    double *time = calloc(queries, sizeof *time), *typo = calloc(queries, sizeof *typo),
           *exact = calloc(queries, sizeof *exact);
    size_t typos = 0, exacts = 0;
    struct answer got;
    if (time == NULL || typo == NULL || exact == NULL)
        stop("memory");
    for (size_t i = 0; i < queries; i++) {
        got.n = 0;
        double from = now_us();
        e->ask(e->session, &query[i], false, LIMIT, &got);
        time[i] = now_us() - from;
        size_t kind = kind_of(query[i].kind), k = 0;
        if (str_is(query[i].kind, "one typo"))
            typo[typos++] = time[i];
        else if (!str_is(query[i].kind, "Cyrillic, one typo"))
            exact[exacts++] = time[i];
        while (k < got.n && got.doc[k] != query[i].doc)
            k++;
        e->hits[kind] += k < got.n;
        e->asked[kind]++;
    }
    e->p50[pass] = part(time, queries, 500);
    e->p99[pass] = part(time, queries, 990);
    e->exact50[pass] = part(exact, exacts, 500);
    e->exact99[pass] = part(exact, exacts, 990);
    e->typo99[pass] = part(typo, typos, 990);
    size_t n = queries < FACET_QUERIES ? queries : FACET_QUERIES;
    for (size_t i = 0; i < n; i++) {
        got.n = 0;
        double from = now_us();
        e->ask(e->session, &query[i], true, LIMIT, &got);
        time[i] = now_us() - from;
    }
    e->facet50[pass] = part(time, n, 500);
    e->facet99[pass] = part(time, n, 990);
    free(time);
    free(typo);
    free(exact);
}

struct runner {
    struct sync_thread thread;
    const struct engine *engine;
    void *session;
    size_t first, done;
};

static void *run_queries(void *arg)
{
    struct runner *r = arg;
    struct answer got;
    double end = now_us() + WINDOW_US;
    for (size_t i = r->first; now_us() < end; i = (i + 2) % queries, r->done++) {
        got.n = 0;
        r->engine->ask(r->session, &query[i], false, LIMIT, &got);
    }
    return NULL;
}

static double two_threads(const struct engine *e)
{
    struct runner r[2];
    double from = now_us();
    for (size_t i = 0; i < 2; i++) {
        r[i] = (struct runner){.engine = e, .session = e->open(), .first = i};
        if (sync_start(&r[i].thread, run_queries, &r[i]) != CAU_OK)
            stop("thread");
    }
    for (size_t i = 0; i < 2; i++)
        sync_join(&r[i].thread);
    double seconds = (now_us() - from) / 1e6;
    for (size_t i = 0; i < 2; i++)
        e->close(r[i].session);
    return (double)(r[0].done + r[1].done) / seconds;
}

/* ---- queries without marks: whose words all stand in a name, whatever its marks ---- */

static void bare_words(struct str text, struct buf *out)
{
    struct token_walk walk;
    struct token t;
    buf_reset(out);
    buf_add_char(out, ' ');
    for (token_start(&walk, text); token_next(&walk, &t);) {
        char bytes[TOKEN_BYTES_MAX];
        size_t len;
        if (t.role != TOKEN_MAIN)
            continue;
        if (token_bare(t.form, bytes, &len))
            buf_add(out, (struct str){bytes, len});
        else
            buf_add(out, t.form);
        buf_add_char(out, ' ');
    }
}

static bool has_all(struct str name, struct str asked)
{
    char word[300];
    for (str_next(&asked, ' '); asked.len > 0;) {
        struct str one = str_next(&asked, ' ');
        int n = snprintf(word, sizeof word, " %.*s ", STR_ARG(one));
        if (memmem(name.p, name.len, word, (size_t)n) == NULL)
            return false;
    }
    return true;
}

/* The share of queries without marks whose answer has every name it should have, and that of those with no other. */
static void print_sets(struct arena *a)
{
    struct buf b = buf_new(1 << 16);
    struct str *name = arena_take(a, docs * sizeof *name);
    size_t asked = 0, complete[countof(engine)] = {0}, same[countof(engine)] = {0};
    unsigned char *wanted = arena_zero(a, docs);
    if (name == NULL || wanted == NULL)
        stop("memory");
    for (size_t i = 0; i < docs; i++) {
        bare_words(doc[i].name, &b);
        if (arena_copy(a, buf_str(&b), &name[i]) != CAU_OK)
            stop("memory");
    }
    for (size_t i = 0; i < queries && asked < 100; i++) {
        if (!str_is(query[i].kind, "without marks"))
            continue;
        size_t all = 0;
        bare_words(query[i].text, &b);
        for (size_t k = 0; k < docs; k++)
            all += wanted[k] = has_all(name[k], buf_str(&b));
        if (all >= SET_MAX)
            continue;
        asked++;
        for (size_t e = 0; e < countof(engine); e++) {
            struct answer got = {.n = 0};
            size_t right = 0;
            if (engine[e].absent)
                continue;
            engine[e].ask(engine[e].session, &query[i], false, SET_MAX, &got);
            for (size_t k = 0; k < got.n; k++)
                right += wanted[got.doc[k]];
            complete[e] += right == all;
            same[e] += right == all && got.n == all;
        }
    }
    printf("\nVietnamese without marks, %zu queries: answers that hold every name whose words "
           "are the same without "
           "marks (and nothing else):",
           asked);
    for (size_t e = 0; e < countof(engine); e++)
        if (!engine[e].absent)
            printf(" %s %zu (%zu);", engine[e].name, complete[e], same[e]);
    puts("");
    buf_free(&b);
}

static long long bytes_of(const char *files)
{
    char command[600];
    long long n = 0;
    snprintf(command, sizeof command, "cat '%s'/%s | wc -c", dir, files);
    FILE *f = popen(command, "r");
    if (f == NULL || fscanf(f, "%lld", &n) != 1)
        n = 0;
    if (f != NULL)
        pclose(f);
    return n;
}

/* The middle of the passes; how far they lie apart goes to *spread, in percent, when it is more. */
static double middle(const double *v, size_t passes, double *spread)
{
    double s[PASSES_MAX];
    memcpy(s, v, passes * sizeof *s);
    qsort(s, passes, sizeof *s, compare_times);
    double m = s[passes / 2], apart = m > 0 ? (s[passes - 1] - s[0]) / m * 100 : 0;
    if (spread != NULL && apart > *spread)
        *spread = apart;
    return m;
}

static void print_table(size_t passes)
{
    puts("| | build s | file MB | p50 ms | p99 ms | without typos p50 / p99 ms | q/s, two "
         "threads | two facets p50 / p99 ms "
         "| one "
         "typo p99 ms | passes differ by |\n| --- | --- | --- | --- | --- | --- | --- | --- | "
         "--- |");
    for (size_t i = 0; i < countof(engine); i++) {
        struct engine *e = &engine[i];
        double spread = 0;
        if (e->absent) {
            printf("| %s | SKIP: not installed |\n", e->name);
            continue;
        }
        double least = e->build_s[0], build = middle(e->build_s, passes, NULL);
        for (size_t k = 1; k < passes; k++)
            least = e->build_s[k] < least ? e->build_s[k] : least;
        printf("| %s | %.2f (least %.2f) | %.1f ", e->name, build, least,
               (double)bytes_of(e->files) / 1e6);
        printf("| %.3f ", middle(e->p50, passes, &spread) / 1e3);
        printf("| %.2f ", middle(e->p99, passes, &spread) / 1e3);
        printf("| %.3f / ", middle(e->exact50, passes, &spread) / 1e3);
        printf("%.2f ", middle(e->exact99, passes, &spread) / 1e3);
        printf("| %.0f ", middle(e->rate, passes, &spread));
        printf("| %.3f / ", middle(e->facet50, passes, &spread) / 1e3);
        printf("%.2f ", middle(e->facet99, passes, &spread) / 1e3);
        printf("| %.2f | %.0f %% |\n", middle(e->typo99, passes, &spread) / 1e3, spread);
    }
    printf("\n| hit@20 |");
    for (size_t k = 0; k < 16 && kind_of(query[k].kind) == k; k++)
        printf(" %.*s |", STR_ARG(query[k].kind));
    puts("");
    for (size_t i = 0; i < countof(engine); i++) {
        if (engine[i].absent)
            continue;
        printf("| %s |", engine[i].name);
        for (size_t k = 0; k < 16 && engine[i].asked[k] > 0; k++)
            printf(" %.3f |", engine[i].hits[k] / engine[i].asked[k]);
        puts("");
    }
}

/* A row of the goals of ../shared/design/performance.md: ours beside a peer's, both better when less, or else when more. */
static void print_goal(const char *measure, double us, double peer, const char *unit,
                       double goal, bool less)
{
    double ratio = peer > 0 ? us / peer : 0;
    bool reached = less ? ratio <= goal : ratio >= goal;
    printf("| %s | %.3f %s | %.3f %s | %.3f (goal %.3f) | %s |\n", measure, us, unit, peer,
           unit, ratio, goal,
           peer <= 0 ? "SKIP: no peer"
           : reached ? "reached"
                     : "not reached");
}

static void print_goals(size_t passes)
{
    const struct engine *us = &engine[0], *fts5 = &engine[1], *sphinx = &engine[2],
                        *groonga = &engine[3];
    puts("\n| measure | ours | peer | ratio | result |\n| --- | --- | --- | --- | --- |");
    print_goal("search p50 / FTS5", middle(us->p50, passes, NULL) / 1e3,
               middle(fts5->p50, passes, NULL) / 1e3, "ms", 1.0 / 6, true);
    print_goal("search p99 / Sphinx", middle(us->p99, passes, NULL) / 1e3,
               middle(sphinx->p99, passes, NULL) / 1e3, "ms", 1.0 / 4, true);
    print_goal("queries a second, two threads / Sphinx", middle(us->rate, passes, NULL),
               middle(sphinx->rate, passes, NULL), "", 8, false);
    print_goal("two facets p99 / Groonga", middle(us->facet99, passes, NULL) / 1e3,
               middle(groonga->facet99, passes, NULL) / 1e3, "ms", 1.0 / 8, true);
    print_goal("index build / Sphinx", middle(us->build_s, passes, NULL),
               middle(sphinx->build_s, passes, NULL), "s", 1.0 / 2, true);
    printf("| one typo, p99 | %.3f ms | - | goal 2 ms | %s |\n\n",
           middle(us->typo99, passes, NULL) / 1e3,
           middle(us->typo99, passes, NULL) <= 2000 ? "reached" : "not reached");
}

static void compare(struct arena *a, size_t passes)
{
    for (size_t pass = 0; pass < passes; pass++)
        for (size_t i = 0; i < countof(engine); i++) {
            if (ours != NULL && engine[i].build == our_build)
                index_close(ours);
            double from = now_us();
            engine[i].absent = !engine[i].build();
            engine[i].build_s[pass] = (now_us() - from) / 1e6;
        }
    for (size_t i = 0; i < countof(engine); i++)
        if (!engine[i].absent)
            engine[i].session = engine[i].open();
    for (size_t pass = 0; pass < passes; pass++)
        for (size_t i = 0; i < countof(engine); i++)
            if (!engine[i].absent) {
                ask_all(&engine[i], pass);
                engine[i].rate[pass] = two_threads(&engine[i]);
            }
    print_table(passes);
    print_goals(passes);
    print_sets(a);
    for (size_t i = 0; i < countof(engine); i++)
        if (!engine[i].absent)
            engine[i].close(engine[i].session);
    end_started();
    index_close(ours);
}

/* ---- our index alone ---- */

static long memory_kb(const char *which)
{
    char line[256];
    long kb = 0;
    FILE *f = open_file("/proc/self/status", "r");
    while (fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, which, strlen(which)) == 0)
            kb = strtol(line + strlen(which) + 1, NULL, 10);
    fclose(f);
    return kb;
}

/* Another process makes the index; this one opens it, so that its memory is that of a node after a start. */
static void size_alone(struct arena *a)
{
    pid_t pid = fork();
    if (pid == 0) {
        read_files(a);
        double from = now_us();
        our_build();
        printf("%zu documents put and saved in %.2f s\n", docs, (now_us() - from) / 1e6);
        fflush(stdout);
        _exit(0);
    }
    if (pid < 0 || finish(pid) != 0)
        stop("building");
    bool rebuilt;
    long rss = memory_kb("VmRSS"), own = memory_kb("RssAnon");
    double from = now_us();
    if (index_open(in_dir("ours"), &ours, &rebuilt) != CAU_OK || rebuilt)
        stop("opening");
    double opened = now_us() - from;
    long rss_open = memory_kb("VmRSS") - rss, own_open = memory_kb("RssAnon") - own;
    read_files(a);
    rss = memory_kb("VmRSS") - rss_open;
    own = memory_kb("RssAnon") - own_open;
    engine[0].session = our_open();
    ask_all(&engine[0], 0);
    printf("file %.1f MB, %.0f bytes a document; opened in %.1f ms, %.1f MB resident, of them "
           "its own %.1f\n",
           (double)bytes_of("ours/*") / 1e6, (double)bytes_of("ours/*") / (double)docs,
           opened / 1e3, (double)rss_open / 1e3, (double)own_open / 1e3);
    printf("after %zu queries and %d with facets: %.1f MB resident, of them its own %.1f; p50 "
           "%.3f ms, p99 %.2f ms, "
           "facets p99 %.2f ms\n",
           queries, FACET_QUERIES, (double)(memory_kb("VmRSS") - rss) / 1e3,
           (double)(memory_kb("RssAnon") - own) / 1e3, engine[0].p50[0] / 1e3,
           engine[0].p99[0] / 1e3, engine[0].facet99[0] / 1e3);
    our_close(engine[0].session);
    index_close(ours);
}

static void build_alone(struct arena *a, size_t times)
{
    read_files(a);
    for (size_t i = 0; i < times; i++) {
        clock_t used = clock();
        double from = now_us();
        our_build();
        printf("built and saved in %.3f s, %.3f s of processor time\n", (now_us() - from) / 1e6,
               (double)(clock() - used) / CLOCKS_PER_SEC);
        index_close(ours);
    }
}

int main(int argc, char **argv)
{
    struct arena a = arena_new((size_t)4 << 30);
    atexit(end_started);
    if (argc < 2 || strlen(argv[1]) > 90)
        stop("usage: search_peers FOLDER [PASSES|size|build [TIMES]]");
    snprintf(dir, sizeof dir, "%s", argv[1]);
    if (file_make_folder(in_dir("ours"), 0700) != CAU_OK)
        stop("folder");
    if (argc > 2 && strcmp(argv[2], "size") == 0) {
        size_alone(&a);
    } else if (argc > 2 && strcmp(argv[2], "build") == 0) {
        build_alone(&a, argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    } else {
        size_t passes = argc > 2 ? strtoul(argv[2], NULL, 10) : 3;
        read_files(&a);
        compare(&a, passes < 1 || passes > PASSES_MAX ? 3 : passes);
    }
    arena_free(&a);
    return 0;
}
