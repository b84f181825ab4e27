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
#include "base/pages.h"
#include "base/sync.h"
#include "index/index.h"
#include "language/token.h"
#include "search_engines.h"

/* ---- us ---- */

static struct index *ours;

enum { BATCH = 120000 }; /* documents handed over at once */

struct record {
    struct index_text text[2];
    struct index_value value[5];
};

static size_t batch_bytes(size_t n)
{
    return n * (sizeof(struct index_doc) + sizeof(struct record));
}

/* n documents from `first` on, in memory of batch_bytes. */
static struct index_doc *make_batch(size_t first, size_t n)
{
    static char year[120][8];
    struct index_doc *batch = pages_grow(NULL, 0, batch_bytes(n));
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
        pages_free(batch, batch_bytes(n));
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
