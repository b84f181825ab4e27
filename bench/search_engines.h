/* search_engines.h - the peers of search_peers: SQLite FTS5, Sphinx, Groonga. Each is built from the names (NAME_build: false
 * when it is not installed), opened, asked, closed; those that are programs run beside us. */
#ifndef CAU_BENCH_SEARCH_ENGINES_H
#define CAU_BENCH_SEARCH_ENGINES_H

#include "base/buf.h"
#include "language/fold.h"
#include "search_set.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

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

#endif
