/* search.c - speed, memory and hits of the index over organisations: search [DOCUMENTS [NAMES.tsv]]; and
 * search make FOLDER DOCUMENTS [NAMES.tsv], which writes them and a log of queries for bench/search_peers.
 *
 * Names are the first column of the file (then country, then types, as in ROR's table of names); the rest up to
 * DOCUMENTS is generated in Vietnamese and Russian. Every speed stands beside its hits: the share of queries
 * whose own document is among the first 20, and the documents found on average. The peer is SQLite's FTS5 with
 * the same names in memory: the best 20 by its rank, the words joined as FTS5 does (all of them); it counts nothing. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "index/index.h"
#include "language/token.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { QUERIES = 2000, NAMES_BYTES_MAX = 1 << 28, TEXT_MAX = 400 };

static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

struct organisation {
    struct str name, country, type, lang;
};

static const char *const vi_type[] = {
    "Viện",     "Trường Đại học", "Trung tâm",       "Công ty TNHH", "Bệnh viện",
    "Tập đoàn", "Học viện",       "Công ty Cổ phần", "Sở",           "Phòng thí nghiệm"};
static const char *const vi_what[] = {
    "Khoa học và Công nghệ", "Năng lượng", "Điện gió",  "Vật liệu mới", "Công nghệ sinh học",
    "Nghiên cứu biển",       "Cơ khí",     "Dầu khí",   "Nông nghiệp",  "Điện tử",
    "Đổi mới sáng tạo",      "Hạt nhân",   "Luyện kim", "Hóa chất",     "Công nghiệp tàu thủy",
    "Giống cây trồng",       "Thủy lợi",   "Xây dựng",  "Y tế",         "Viễn thông"};
static const char *const vi_where[] = {
    "Hà Nội",   "Đà Nẵng",    "Hải Phòng",   "Cần Thơ",   "Huế",        "Nha Trang", "Vũng Tàu",
    "Bắc Ninh", "Quảng Ninh", "Thái Nguyên", "Đồng Nai",  "Bình Dương", "Long An",   "Nghệ An",
    "Cà Mau",   "Đắk Lắk",    "Lâm Đồng",    "Khánh Hòa", "Kiên Giang", "Sơn La"};
static const char *const ru_type[] = {
    "Институт", "Университет", "Научный центр", "Общество с ограниченной ответственностью",
    "Больница", "Корпорация",  "Академия",      "Акционерное общество",
    "Завод",    "Лаборатория"};
static const char *const ru_what[] = {
    "физики твёрдого тела",  "ядерной энергии",      "ветроэнергетики",
    "новых материалов",      "биотехнологии",        "морских исследований",
    "машиностроения",        "нефти и газа",         "сельского хозяйства",
    "электроники",           "тропической медицины", "химической технологии",
    "металлургии",           "космических систем",   "судостроения",
    "прикладной математики", "водных проблем",       "строительства",
    "телекоммуникаций",      "низких температур"};
static const char *const ru_where[] = {
    "Москва",      "Новосибирск", "Казань", "Томск",      "Владивосток", "Самара",   "Пермь",
    "Красноярск",  "Обнинск",     "Дубна",  "Воронеж",    "Челябинск",   "Иркутск",  "Уфа",
    "Калининград", "Мурманск",    "Саров",  "Зеленоград", "Якутск",      "Хабаровск"};
static const char *const ru_who[] = {"Груздева", "Лаврентьева", "Курчатова", "Иоффе",
                                     "Королёва", "Менделеева",  "Вавилова",  "Ландау"};

static struct str name_of(struct arena *a, const char *type, bool named, const char *what,
                          const char *where)
{
    char text[TEXT_MAX];
    struct str out = {NULL, 0};
    int n = snprintf(text, sizeof text, "%s %s%s %s %u", type, named ? "имени " : "", what,
                     where, 1 + roll(9000));
    if (n > 0 && arena_copy(a, (struct str){text, (size_t)n}, &out) != CAU_OK)
        abort();
    return out;
}

static struct organisation generate(struct arena *a, uint32_t i)
{
    static const char *const type[] = {"Education", "Facility", "Company", "Healthcare"};
    struct organisation o = {.type = str_of(type[roll(4)])};
    if (i % 2 == 0) {
        o.lang = STR("vi");
        o.country = STR("VN");
        o.name = name_of(a, vi_type[roll(countof(vi_type))], false,
                         vi_what[roll(countof(vi_what))], vi_where[roll(countof(vi_where))]);
    } else {
        bool named = roll(3) == 0;
        o.lang = STR("ru");
        o.country = STR("RU");
        o.name =
            name_of(a, ru_type[roll(countof(ru_type))], named,
                    named ? ru_who[roll(countof(ru_who))] : ru_what[roll(countof(ru_what))],
                    ru_where[roll(countof(ru_where))]);
    }
    return o;
}

static size_t read_names(struct arena *a, const char *path, struct organisation *out,
                         size_t max)
{
    struct str all, rest;
    size_t n = 0;
    if (file_read(a, path, NAMES_BYTES_MAX, &all) != CAU_OK || !utf8_valid(all)) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    for (rest = all, str_next(&rest, '\n'); rest.len > 0 && n < max;) {
        struct str line = str_next(&rest, '\n'), name = str_next(&line, '\t');
        struct str country = str_next(&line, '\t'), type = str_next(&line, ',');
        if (name.len > 0 && name.len < TEXT_MAX && country.len > 0 && country.len <= 32 &&
            type.len > 0 && type.len <= 32)
            out[n++] = (struct organisation){name, country, type, STR("en")};
    }
    return n;
}

static void put(struct index *ix, const struct organisation *o, uint32_t doc)
{
    char year[8];
    snprintf(year, sizeof year, "%u", 1900 + doc * 7919 % 120);
    struct index_text text[] = {{o->lang, 5, o->name}, {STR("und"), 1, o->country}};
    struct index_value value[] = {{INDEX_KIND, STR("organization")},
                                  {INDEX_COUNTRY, o->country},
                                  {INDEX_STATUS, o->type},
                                  {INDEX_YEAR, str_of(year)},
                                  {INDEX_LANGUAGE, o->lang}};
    struct index_doc d = {.doc = doc,
                          .updated_ms = (int64_t)doc * 1000,
                          .text = text,
                          .text_count = countof(text),
                          .value = value,
                          .value_count = countof(value)};
    if (index_put(ix, &d) != CAU_OK)
        abort();
}

/* Kilobytes of memory this process has, of them its own. */
static void print_memory(const char *what)
{
    char line[256];
    FILE *f = fopen("/proc/self/status", "r");
    printf("%-34s", what);
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, "VmRSS", 5) == 0 || strncmp(line, "RssAnon", 7) == 0)
            printf(" %.*s %ld kB", (int)strcspn(line, ":"), line,
                   strtol(line + strcspn(line, ":") + 1, NULL, 10));
    puts("");
    if (f != NULL)
        fclose(f);
}

enum kind { WORD, PAIR, PREFIX, TYPO, BARE, CYRILLIC, FILTER, EXPLAIN, ALL, PAGE, KINDS };
static const char *const kind_name[KINDS] = {
    "one word",           "two words",          "beginning",         "one typo",
    "without marks",      "Cyrillic, one typo", "two words, filter", "two words, reasons",
    "everything, facets", "one kind, page 50"};

/* The words of a name of at least four letters. */
static size_t long_words(struct str name, struct str *out, size_t max)
{
    struct token_walk walk;
    struct token t;
    size_t n = 0;
    token_start(&walk, name);
    while (token_next(&walk, &t))
        if (t.role == TOKEN_MAIN && !t.number && n < max && utf8_count(t.form) >= 3)
            out[n++] = str_to(str_from(name, t.at), t.len);
    return n;
}

static void spoil(char *p, size_t *len)
{
    size_t at = 1 + roll((uint32_t)*len - 2);
    switch (roll(3)) {
    case 0: /* a letter is missing */
        memmove(p + at, p + at + 1, --*len - at);
        break;
    case 1: /* two change places */
        if (at + 1 < *len) {
            char c = p[at];
            p[at] = p[at + 1];
            p[at + 1] = c;
        }
        break;
    default: /* another */
        p[at] = (char)('a' + roll(26));
    }
}

static bool is_ascii(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if ((unsigned char)x.p[i] >= 0x80)
            return false;
    return true;
}

/* Makes a query of the kind from the name; false when the name does not give one. */
static bool make_query(enum kind kind, const struct organisation *o, struct buf *out)
{
    struct str word[16];
    size_t n = long_words(o->name, word, countof(word));
    buf_reset(out);
    if (kind == ALL || kind == PAGE)
        return true;
    if ((kind == CYRILLIC) != str_is(o->lang, "ru") || (kind == BARE && !str_is(o->lang, "vi")))
        return false;
    size_t want = kind == WORD || kind == PREFIX ? 1 : kind == BARE ? 3 : 2;
    if (n < want)
        return false;
    size_t first = roll((uint32_t)(n - want + 1));
    for (size_t i = 0; i < want; i++) {
        struct str w = word[first + i];
        char bytes[TEXT_MAX];
        size_t len = w.len;
        memcpy(bytes, w.p, w.len);
        if (kind == PREFIX && i + 1 == want)
            len = utf8_clip(w, 3 + roll(3)).len;
        if (kind == TYPO && i == 0) {
            if (w.len < 6 || !is_ascii(w))
                return false;
            spoil(bytes, &len);
        }
        if (i > 0)
            buf_add_char(out, ' ');
        if (kind == BARE) {
            struct token_walk walk;
            struct token t;
            token_start(&walk, w);
            if (!token_next(&walk, &t))
                return false;
            if (!token_bare(t.form, bytes, &len)) {
                len = t.form.len;
                memcpy(bytes, t.form.p, len);
            }
        }
        buf_add(out, (struct str){bytes, len});
    }
    if (kind == CYRILLIC) /* another ending */
        buf_add_word(out, "а ");
    else if (kind != PREFIX)
        buf_add_char(out, ' ');
    return true;
}

static int compare_times(const void *x, const void *y)
{
    const double *a = x, *b = y;
    return (*a > *b) - (*a < *b);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* FTS5 over the same names. */
static sqlite3 *peer;
static sqlite3_stmt *peer_query;

static void build_peer(const struct organisation *o, uint32_t docs)
{
    sqlite3_stmt *add;
    double start = now_us();
    if (sqlite3_open(":memory:", &peer) != SQLITE_OK ||
        sqlite3_exec(peer,
                     "CREATE VIRTUAL TABLE t USING fts5(name, content='',"
                     " tokenize=\"unicode61 remove_diacritics 2\"); BEGIN",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(peer, "INSERT INTO t(rowid, name) VALUES (?, ?)", -1, &add, NULL) !=
            SQLITE_OK)
        exit(1);
    for (uint32_t i = 0; i < docs; i++) {
        sqlite3_bind_int64(add, 1, i);
        sqlite3_bind_text(add, 2, o[i].name.p, (int)o[i].name.len, SQLITE_STATIC);
        if (sqlite3_step(add) != SQLITE_DONE || sqlite3_reset(add) != SQLITE_OK)
            exit(1);
    }
    sqlite3_finalize(add);
    sqlite3_exec(peer, "COMMIT; INSERT INTO t(t) VALUES ('optimize')", NULL, NULL, NULL);
    printf("FTS5: built in %.3f s\n", (now_us() - start) / 1e6);
    if (sqlite3_prepare_v2(peer, "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 20",
                           -1, &peer_query, NULL) != SQLITE_OK)
        exit(1);
}

/* Asks the peer; true when doc is among its answers. */
static bool ask_peer(struct str text, uint32_t doc, size_t *found)
{
    char match[4200];
    size_t n = 0;
    bool hit = false, begins = text.len > 0 && text.p[text.len - 1] != ' ';
    for (struct str rest = str_trim(text); rest.len > 0 && n < 4000;) {
        struct str word = str_next(&rest, ' ');
        n += (size_t)snprintf(match + n, sizeof match - n, "\"%.*s\"%s ", STR_ARG(word),
                              rest.len == 0 && begins ? "*" : "");
    }
    sqlite3_bind_text(peer_query, 1, match, (int)n, SQLITE_STATIC);
    while (sqlite3_step(peer_query) == SQLITE_ROW) {
        hit = hit || sqlite3_column_int64(peer_query, 0) == (sqlite3_int64)doc;
        ++*found;
    }
    sqlite3_reset(peer_query);
    return hit;
}

/* Asks us; true when doc is among the answers. */
static bool ask_us(struct index *ix, struct arena *a, const struct index_query *q, uint32_t doc,
                   size_t *found)
{
    struct index_result r;
    bool hit = false;
    arena_reset(a);
    if (index_search(ix, a, q, &r) != CAU_OK)
        abort();
    *found += r.total;
    for (size_t i = 0; i < r.hit_count; i++)
        hit = hit || r.hit[i].doc == doc;
    return hit;
}

/* ix NULL: the peer. */
static void measure(struct index *ix, const struct organisation *o, uint32_t docs,
                    enum kind kind, bool facets)
{
    static double time[QUERIES];
    struct arena a = arena_new((size_t)256 << 20);
    struct buf text = buf_new(4096);
    size_t n = 0, hits = 0, found = 0, tries = 0;
    seed = 88172645463325252u + (uint64_t)kind;
    for (; n < QUERIES && tries < QUERIES * 100; tries++) {
        uint32_t doc = roll(docs);
        if (!make_query(kind, &o[doc], &text))
            continue;
        struct index_filter filter[] = {{INDEX_COUNTRY, o[doc].country},
                                        {INDEX_STATUS, o[doc].type}};
        struct index_filter page[] = {{INDEX_KIND, STR("organization")}};
        struct index_query q = {.text = buf_str(&text),
                                .reader = {1, 0},
                                .filter = kind == PAGE ? page : filter,
                                .filter_count = kind == FILTER ? 2 : kind == PAGE,
                                .offset = kind == PAGE ? 1000 : 0,
                                .limit = 20,
                                .facets = facets,
                                .explain = kind == EXPLAIN};
        double start = now_us();
        hits += ix == NULL ? ask_peer(q.text, doc, &found) : ask_us(ix, &a, &q, doc, &found);
        time[n++] = now_us() - start;
    }
    if (n > 0) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += time[i];
        qsort(time, n, sizeof *time, compare_times);
        printf(
            "%-5s%-20s %7.1f us p50 %8.1f us p99 %8.1f us mean  hit@20 %.3f  found %8.1f%s\n",
            ix == NULL ? "FTS5" : "", kind_name[kind], time[n / 2], time[n * 99 / 100],
            sum / (double)n, (double)hits / (double)n, (double)found / (double)n,
            facets ? "  with facets" : "");
    }
    buf_free(&text);
    arena_free(&a);
}

static void measure_all(struct index *ix, const struct organisation *o, uint32_t docs)
{
    for (int kind = 0; kind < KINDS; kind++) {
        if (kind < ALL)
            measure(ix, o, docs, (enum kind)kind, false);
        if (kind != TYPO && kind != EXPLAIN)
            measure(ix, o, docs, (enum kind)kind, true);
        if (peer != NULL && kind < FILTER)
            measure(NULL, o, docs, (enum kind)kind, false);
    }
}

static FILE *create(const char *dir, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "w");
    if (f == NULL) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
    return f;
}

/* docs.tsv: number, language, country, type, name. queries.tsv: kind, number of the document it was made from, text;
 * kinds take turns, and a text that ends in a space does not end in the beginning of a word. */
static int make(int argc, char **argv)
{
    uint32_t docs = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    struct arena a = arena_new((size_t)4 << 30);
    struct organisation *o = arena_take(&a, docs * sizeof *o);
    if (docs == 0 || o == NULL)
        return 2;
    size_t n = argc > 4 ? read_names(&a, argv[4], o, docs) : 0;
    FILE *f = create(argv[2], "docs.tsv");
    for (; n < docs; n++)
        o[n] = generate(&a, (uint32_t)n);
    for (uint32_t i = 0; i < docs; i++)
        fprintf(f, "%u\t%.*s\t%.*s\t%.*s\t%.*s\n", i, STR_ARG(o[i].lang), STR_ARG(o[i].country),
                STR_ARG(o[i].type), STR_ARG(o[i].name));
    fclose(f);
    f = create(argv[2], "queries.tsv");
    struct buf text = buf_new(4096);
    for (uint32_t i = 0, tries = 0; i < QUERIES && tries < QUERIES * 100; tries++) {
        enum kind kind = (enum kind)(i % EXPLAIN);
        uint32_t doc = roll(docs);
        if (!make_query(kind, &o[doc], &text))
            continue;
        fprintf(f, "%s\t%u\t%.*s\n", kind_name[kind], doc, STR_ARG(buf_str(&text)));
        i++;
    }
    fclose(f);
    buf_free(&text);
    arena_free(&a);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "make") == 0)
        return make(argc, argv);
    uint32_t docs = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 120000;
    struct arena a = arena_new((size_t)4 << 30);
    struct organisation *o = arena_take(&a, docs * sizeof *o);
    char dir[] = "/tmp/cau-bench-XXXXXX";
    if (docs == 0 || o == NULL || mkdtemp(dir) == NULL)
        return 2;
    size_t n = argc > 2 ? read_names(&a, argv[2], o, docs) : 0;
    for (; n < docs; n++)
        o[n] = generate(&a, (uint32_t)n);
    struct index *ix;
    bool rebuilt;
    print_memory("before");
    if (index_open(dir, &ix, &rebuilt) != CAU_OK)
        return 1;
    print_memory("empty index open");
    double start = now_us();
    for (uint32_t i = 0; i < docs; i++)
        put(ix, &o[i], i);
    double built = now_us() - start;
    printf("%u documents put in %.3f s, %.2f us each\n", docs, built / 1e6, built / docs);
    print_memory("all in memory");
    measure_all(ix, o, docs);
    start = now_us();
    if (index_save(ix, 1) != CAU_OK)
        return 1;
    printf("saved in %.3f s\n", (now_us() - start) / 1e6);
    print_memory("saved");
    index_close(ix);
    start = now_us();
    if (index_open(dir, &ix, &rebuilt) != CAU_OK || rebuilt)
        return 1;
    printf("opened in %.3f s\n", (now_us() - start) / 1e6);
    print_memory("opened");
    build_peer(o, docs);
    measure_all(ix, o, docs);
    print_memory("after all queries");
    index_close(ix);
    char path[96];
    snprintf(path, sizeof path, "%s/search.idx", dir);
    struct str map;
    if (file_map(path, &map) == CAU_OK) {
        printf("file: %zu bytes, %zu a document\n", map.len, map.len / docs);
        file_unmap(map);
    }
    unlink(path);
    rmdir(dir);
    return 0;
}
