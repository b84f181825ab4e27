/* peer_fts5.c - the peer of the import figure: SQLite with FTS5 loads the same JSON lines.
 *
 * usage: peer_fts5 FILE.jsonl DATABASE. One transaction, synchronous=FULL: a table with the JSON and its key
 * columns, and an FTS5 table (unicode61) over all names, places and addresses. SQLite's own JSON functions. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *db;

static void run(const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, error);
        exit(1);
    }
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
    return statement;
}

static void step(sqlite3_stmt *statement, const char *line, size_t len)
{
    sqlite3_bind_text(statement, 1, line, (int)len, SQLITE_STATIC);
    if (sqlite3_step(statement) != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
    sqlite3_reset(statement);
}

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL;
    if (in == NULL || sqlite3_open(argv[2], &db) != SQLITE_OK) {
        fprintf(stderr, "usage: peer_fts5 FILE.jsonl DATABASE\n");
        return 2;
    }
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE org(id TEXT PRIMARY KEY, status TEXT, country TEXT, city TEXT, "
        "established INTEGER, json TEXT)");
    run("CREATE INDEX org_country ON org(country)");
    run("CREATE VIRTUAL TABLE words USING fts5(names, city, links, tokenize='unicode61 "
        "remove_diacritics 2')");
    run("BEGIN");
    sqlite3_stmt *org = prepare(
        "INSERT INTO org SELECT json_extract(?1,'$.id'), json_extract(?1,'$.status'),"
        " json_extract(?1,'$.locations[0].country'), json_extract(?1,'$.locations[0].name'),"
        " json_extract(?1,'$.established'), ?1");
    sqlite3_stmt *words =
        prepare("INSERT INTO words SELECT (SELECT group_concat(json_extract(value,'$.value'),' "
                "') FROM json_each(?1,'$.names')),"
                " json_extract(?1,'$.locations[0].name'),"
                " (SELECT group_concat(json_extract(value,'$.value'),' ') FROM "
                "json_each(?1,'$.links'))");
    char *line = NULL;
    size_t cap = 0, rows = 0;
    for (ssize_t len; (len = getline(&line, &cap, in)) > 0; rows++) {
        step(org, line, (size_t)len - 1);
        step(words, line, (size_t)len - 1);
    }
    sqlite3_finalize(org);
    sqlite3_finalize(words);
    run("COMMIT");
    sqlite3_close(db);
    clock_gettime(CLOCK_MONOTONIC, &to);
    free(line);
    fclose(in);
    double s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("%zu rows %.3f s\n", rows, s);
    return 0;
}
