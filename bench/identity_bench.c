/* identity_bench.c - duplicates among many organisations: how fast, and how many of the known ones.
 *
 *   identity_bench make FILE [RECORDS DUPLICATES NAMES.tsv]   writes a corpus: id, original (0: none), country, city, names
 *                                                             with "|" between; the same one every time
 *   identity_bench run FILE [default-weights]                 finds its pairs; seconds, recall, precision
 *
 * Names are the first column of NAMES.tsv (ROR's table of names) for less than half of the records, the rest is
 * generated in Vietnamese and Russian, most with an English name. A duplicate is another record changed as people
 * change names: a typo, no marks, another alphabet, a word less, a legal form more, another order, another language. */
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/table.h"
#include "base/utf8.h"
#include "language/fold.h"
#include "match/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILE_MAX = 1 << 28, WORDS_MAX = 40, REAL_SHARE = 43 /* percent */ };

static uint64_t seed = 88172645463325252u;

static uint32_t roll(size_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)((seed >> 20) % n);
}

/* ---- making a corpus ---- */

static const char *const type[][3] = {
    {"Viện", "Институт", "Institute"},     {"Trường Đại học", "Университет", "University"},
    {"Trung tâm", "Центр", "Centre"},      {"Công ty TNHH", "ООО", "LLC"},
    {"Bệnh viện", "Больница", "Hospital"}, {"Tập đoàn", "Корпорация", "Corporation"},
    {"Học viện", "Академия", "Academy"},   {"Công ty Cổ phần", "АО", "JSC"},
    {"Nhà máy", "Завод", "Factory"},       {"Phòng thí nghiệm", "Лаборатория", "Laboratory"}};
static const char *const what[][3] = {
    {"Khoa học và Công nghệ", "науки и технологии", "Science and Technology"},
    {"Năng lượng", "энергетики", "Energy"},
    {"Vật liệu", "материалов", "Materials"},
    {"Công nghệ sinh học", "биотехнологии", "Biotechnology"},
    {"Nghiên cứu biển", "морских исследований", "Marine Research"},
    {"Cơ khí", "машиностроения", "Mechanical Engineering"},
    {"Dầu khí", "нефти и газа", "Oil and Gas"},
    {"Nông nghiệp", "сельского хозяйства", "Agriculture"},
    {"Điện tử", "электроники", "Electronics"},
    {"Hạt nhân", "ядерной физики", "Nuclear Physics"},
    {"Luyện kim", "металлургии", "Metallurgy"},
    {"Hóa học", "химии", "Chemistry"},
    {"Thủy lợi", "водных ресурсов", "Water Resources"},
    {"Xây dựng", "строительства", "Construction"},
    {"Y học", "медицины", "Medicine"},
    {"Viễn thông", "телекоммуникаций", "Telecommunications"},
    {"Giao thông", "транспорта", "Transport"},
    {"Địa chất", "геологии", "Geology"},
    {"Kinh tế", "экономики", "Economics"},
    {"Thực phẩm", "пищевой промышленности", "Food Industry"}};
static const char *const vi_where[][2] = {
    {"Hà Nội", "Hanoi"},      {"Đà Nẵng", "Da Nang"},   {"Hải Phòng", "Hai Phong"},
    {"Cần Thơ", "Can Tho"},   {"Huế", "Hue"},           {"Nha Trang", "Nha Trang"},
    {"Vũng Tàu", "Vung Tau"}, {"Bắc Ninh", "Bac Ninh"}, {"Quảng Ninh", "Quang Ninh"},
    {"Đồng Nai", "Dong Nai"}, {"Long An", "Long An"},   {"Nghệ An", "Nghe An"},
    {"Cà Mau", "Ca Mau"},     {"Lâm Đồng", "Lam Dong"}, {"Khánh Hòa", "Khanh Hoa"}};
static const char *const ru_where[][2] = {
    {"Москва", "Moscow"},    {"Новосибирск", "Novosibirsk"}, {"Казань", "Kazan"},
    {"Томск", "Tomsk"},      {"Владивосток", "Vladivostok"}, {"Самара", "Samara"},
    {"Пермь", "Perm"},       {"Красноярск", "Krasnoyarsk"},  {"Обнинск", "Obninsk"},
    {"Воронеж", "Voronezh"}, {"Челябинск", "Chelyabinsk"},   {"Иркутск", "Irkutsk"},
    {"Уфа", "Ufa"},          {"Мурманск", "Murmansk"},       {"Хабаровск", "Khabarovsk"}};
static const char *const vi_part[][2] = {
    {"Hồng", "Hong"},     {"Phúc", "Phuc"},   {"Minh", "Minh"}, {"Đại", "Dai"},
    {"Thịnh", "Thinh"},   {"Hưng", "Hung"},   {"Tân", "Tan"},   {"Lộc", "Loc"},
    {"Quang", "Quang"},   {"Thành", "Thanh"}, {"Vĩnh", "Vinh"}, {"Phát", "Phat"},
    {"Hòa", "Hoa"},       {"Kim", "Kim"},     {"Nhật", "Nhat"}, {"Sơn", "Son"},
    {"Trường", "Truong"}, {"Gia", "Gia"},     {"Bảo", "Bao"},   {"Khang", "Khang"},
    {"Đức", "Duc"},       {"Việt", "Viet"},   {"Tiến", "Tien"}, {"Duy", "Duy"},
    {"Anh", "Anh"}};
static const char *const ru_part[][2] = {
    {"Бер", "Ber"}, {"ков", "kov"}, {"лад", "lad"}, {"мир", "mir"}, {"ста", "sta"},
    {"нор", "nor"}, {"гор", "gor"}, {"вол", "vol"}, {"дан", "dan"}, {"рус", "rus"},
    {"зар", "zar"}, {"тем", "tem"}, {"кар", "kar"}, {"бор", "bor"}, {"лев", "lev"},
    {"пол", "pol"}, {"сев", "sev"}, {"том", "tom"}, {"нев", "nev"}, {"мал", "mal"}};

struct corpus_row {
    uint32_t original;
    struct str country, city, name[3];
    size_t names;
};

static struct str keep(struct arena *a, const char *text)
{
    struct str out = {NULL, 0};
    if (arena_copy(a, str_of(text), &out) != CAU_OK)
        abort();
    return out;
}

static struct corpus_row generate(struct arena *a)
{
    char local[400], en[400], own[2][80];
    bool vi = roll(2) == 0;
    size_t t = roll(countof(type)), w = roll(countof(what));
    size_t p = roll(vi ? countof(vi_part) : countof(ru_part)),
           o = roll(vi ? countof(vi_part) : countof(ru_part)),
           z = roll(vi ? countof(vi_part) : countof(ru_part));
    size_t c = roll(vi ? countof(vi_where) : countof(ru_where));
    for (int k = 0; k < 2; k++)
        snprintf(own[k], sizeof own[k], vi ? "%s %s %s" : "%s%s%s",
                 vi ? vi_part[p][k] : ru_part[p][k], vi ? vi_part[o][k] : ru_part[o][k],
                 vi ? vi_part[z][k] : ru_part[z][k]);
    const char *city = vi ? vi_where[c][0] : ru_where[c][0];
    snprintf(local, sizeof local, vi ? "%s %s %s %s" : "%s %s «%s» %s", type[t][vi ? 0 : 1],
             what[w][vi ? 0 : 1], own[0], roll(3) == 0 ? "" : city);
    snprintf(en, sizeof en, "%s %s %s of %s", own[1], what[w][2], type[t][2],
             vi ? vi_where[c][1] : ru_where[c][1]);
    struct corpus_row r = {.country = vi ? STR("VN") : STR("RU"), .city = str_of(city)};
    r.name[r.names++] = keep(a, local);
    if (roll(3) != 0)
        r.name[r.names++] = keep(a, en);
    return r;
}

static size_t split(struct str text, struct str *word)
{
    size_t n = 0;
    while (text.len > 0 && n < WORDS_MAX) {
        struct str w = str_next(&text, ' ');
        if (w.len > 0)
            word[n++] = w;
    }
    return n;
}

static void join(struct buf *b, const struct str *word, size_t n, size_t without)
{
    for (size_t i = 0; i < n; i++) {
        if (i == without)
            continue;
        if (b->len > 0)
            buf_add_char(b, ' ');
        buf_add(b, word[i]);
    }
}

/* One letter gone, or two changed places, in a word of five letters or more. */
static void with_typo(struct buf *b, struct str text)
{
    struct str word[WORDS_MAX];
    size_t n = split(text, word), which = n == 0 ? 0 : roll(n);
    for (size_t i = 0; i < n && utf8_count(word[which]) < 5; i++)
        which = (which + 1) % n;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(b, ' ');
        struct str rest = word[i];
        size_t points = utf8_count(rest),
               gone = i == which && points >= 5 ? 1 + roll(points - 2) : SIZE_MAX;
        for (size_t at = 0; rest.len > 0; at++) {
            struct str one = rest;
            utf8_next(&rest);
            if (at != gone)
                buf_add(b, str_to(one, one.len - rest.len));
        }
    }
}

/* Vietnamese without marks, Russian in Latin letters. */
static void in_latin(struct buf *b, struct str text)
{
    static const char *const latin[32] = {"a",  "b",    "v", "g", "d", "e",  "zh", "z",
                                          "i",  "y",    "k", "l", "m", "n",  "o",  "p",
                                          "r",  "s",    "t", "u", "f", "kh", "ts", "ch",
                                          "sh", "shch", "",  "y", "",  "e",  "yu", "ya"};
    while (text.len > 0) {
        char out[4];
        uint32_t c = fold_bare_point(fold_point(utf8_next(&text)));
        if (c >= 0x430 && c <= 0x44F)
            buf_add_word(b, latin[c - 0x430]);
        else
            buf_add(b, (struct str){out, utf8_put(c, out)});
    }
}

static struct str changed(struct arena *a, const struct corpus_row *r, unsigned how)
{
    struct buf b = buf_new(4000);
    struct str word[WORDS_MAX], name = r->name[0];
    size_t n = split(name, word);
    switch (how) {
    case 0:
        with_typo(&b, name);
        break;
    case 1:
        in_latin(&b, name);
        break;
    case 2:
        join(&b, word, n, n < 4 ? SIZE_MAX : 1 + roll(n - 1));
        break;
    case 3:
        buf_add(&b, name);
        buf_add_word(&b, str_is(r->country, "VN")   ? " TNHH"
                         : str_is(r->country, "RU") ? " (ФГБУ)"
                                                    : " Ltd.");
        break;
    case 4:
        for (size_t i = n; i > 0; i--) {
            buf_add(&b, word[i - 1]);
            buf_add_char(&b, i > 1 ? ' ' : '.');
        }
        break;
    default: /* another language, where the record has one */
        buf_add(&b, r->names > 1 ? r->name[1] : name);
    }
    struct str out = {NULL, 0};
    if (b.failed || arena_copy(a, str_trim(buf_str(&b)), &out) != CAU_OK)
        abort();
    buf_free(&b);
    return out;
}

static size_t read_real(struct arena *a, const char *path, struct corpus_row *out, size_t max)
{
    struct str all;
    size_t n = 0;
    if (path == NULL || file_read(a, path, FILE_MAX, &all) != CAU_OK)
        return 0;
    for (str_next(&all, '\n'); all.len > 0 && n < max;) {
        struct str line = str_next(&all, '\n'), name = str_next(&line, '\t'),
                   country = str_next(&line, '\t'), text;
        if (name.len == 0 || country.len == 0 || !utf8_valid(name) ||
            memchr(name.p, '|', name.len) != NULL || utf8_nfc(a, name, &text) != CAU_OK)
            continue;
        out[n++] = (struct corpus_row){
            .country = country.len == 2 ? country : STR(""), .name = {text}, .names = 1};
    }
    return n;
}

static int make(int argc, char **argv)
{
    size_t records = argc > 3 ? strtoull(argv[3], NULL, 10) : 120000;
    size_t twins = argc > 4 ? strtoull(argv[4], NULL, 10) : records / 12;
    struct arena a = arena_new((size_t)2 << 30);
    struct corpus_row *row = arena_zero(&a, (records + 1) * sizeof *row);
    FILE *f = fopen(argv[2], "w");
    if (row == NULL || f == NULL || twins * 2 > records)
        return 1;
    size_t n = read_real(&a, argc > 5 ? argv[5] : NULL, row, records * REAL_SHARE / 100);
    while (n < records - twins)
        row[n++] = generate(&a);
    for (size_t i = 0; i < twins; i++) {
        size_t of = (size_t)(i * 2654435761u % (records - twins));
        row[n] = (struct corpus_row){.original = (uint32_t)of + 1, .country = row[of].country};
        if (roll(2) == 0)
            row[n].city = row[of].city;
        row[n].name[0] = changed(&a, &row[of], (unsigned)i % 6);
        row[n++].names = 1;
    }
    for (size_t i = 0; i < n; i++) {
        fprintf(f, "%zu\t%u\t%.*s\t%.*s\t", i + 1, row[i].original, STR_ARG(row[i].country),
                STR_ARG(row[i].city));
        for (size_t k = 0; k < row[i].names; k++)
            fprintf(f, "%s%.*s", k > 0 ? "|" : "", STR_ARG(row[i].name[k]));
        fputc('\n', f);
    }
    return fclose(f) == 0 ? 0 : 1;
}

/* ---- finding its pairs ---- */

static bool read_line(struct str line, struct identity_facts *f, uint32_t *original)
{
    uint64_t id, of;
    memset(f, 0, sizeof *f);
    if (number_read(str_next(&line, '\t'), UINT32_MAX, &id) != CAU_OK ||
        number_read(str_next(&line, '\t'), UINT32_MAX, &of) != CAU_OK)
        return false;
    f->doc = (uint32_t)id;
    *original = (uint32_t)of;
    f->country = str_next(&line, '\t');
    struct str city = str_next(&line, '\t');
    if (city.len > 0)
        f->city[f->cities++] = city;
    while (line.len > 0 && f->names < IDENTITY_NAMES_MAX)
        f->name[f->names++] = str_next(&line, '|');
    return true;
}

static double since(int64_t from_us)
{
    return (double)(clock_monotonic_us() - from_us) / 1e6;
}

static void judge(const char *label, const struct buf *pairs, enum identity_band least,
                  const uint32_t *original, size_t twins)
{
    const struct identity_pair *p = (const void *)pairs->p;
    size_t right = 0, all = 0;
    for (size_t i = 0; i < pairs->len / sizeof *p; i++) {
        if (p[i].score.band < least)
            continue;
        all++;
        right += original[p[i].x] == p[i].y || original[p[i].y] == p[i].x;
    }
    printf("%s: recall %.3f precision %.3f (%zu pairs)\n", label, (double)right / (double)twins,
           all == 0 ? 1 : (double)right / (double)all, all);
}

/* Every step-th pair of band same that is not known, with the lines of the corpus: for a look at what goes wrong. */
static void show_wrong(const struct buf *pairs, const uint32_t *original,
                       const struct str *line)
{
    const struct identity_pair *p = (const void *)pairs->p;
    size_t shown = 0;
    for (size_t i = 0; i < pairs->len / sizeof *p && shown < 40; i += 97) {
        if (p[i].score.band != IDENTITY_SAME || original[p[i].x] == p[i].y ||
            original[p[i].y] == p[i].x)
            continue;
        printf("%d share %u: %.*s = %.*s\n", p[i].score.score, p[i].score.share_permille,
               STR_ARG(line[p[i].x]), STR_ARG(line[p[i].y]));
        shown++;
    }
}

/* Recall and precision of band same by how much of the names meets: where a user may draw the line. */
static void curve(const struct buf *pairs, const uint32_t *original, size_t twins)
{
    static const unsigned share[] = {1000, 980, 950, 900, 850, 800, 700, 550, 0};
    const struct identity_pair *p = (const void *)pairs->p;
    size_t n = pairs->len / sizeof *p;
    for (size_t k = 0; k < countof(share); k++) {
        size_t all = 0, right = 0;
        for (size_t i = 0; i < n; i++) {
            if (p[i].score.band != IDENTITY_SAME || p[i].score.share_permille < share[k])
                continue;
            all++;
            right += original[p[i].x] == p[i].y || original[p[i].y] == p[i].x;
        }
        printf("band same, share >= %u: recall %.3f precision %.3f (%zu pairs)\n", share[k],
               (double)right / (double)twins, all == 0 ? 1 : (double)right / (double)all, all);
    }
}

static uint64_t add_number(uint64_t sum, int64_t x)
{
    return (sum ^ (uint64_t)x) * 0x100000001b3u;
}

/* A sum of all that is said of all pairs, in order: two builds that find the same print the same. */
static uint64_t sum_of(const struct buf *pairs)
{
    const struct identity_pair *p = (const void *)pairs->p;
    uint64_t sum = 0xcbf29ce484222325u;
    for (size_t i = 0; i < pairs->len / sizeof *p; i++) {
        const struct identity_score *s = &p[i].score;
        const int64_t said[] = {p[i].x,          p[i].y,          s->score,
                                s->band,         s->rarity,       s->rival,
                                s->name_x,       s->name_y,       s->domain_x,
                                s->identifier_x, s->names_differ, s->share_permille};
        for (size_t k = 0; k < countof(said); k++)
            sum = add_number(sum, said[k]);
        for (size_t k = 0; k < WEIGH_FIELDS; k++)
            sum = add_number(add_number(sum, s->levels.level[k]), s->weight[k]);
    }
    return sum;
}

/* Processor time of all threads, in microseconds. */
static int64_t used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int run(int argc, char **argv)
{
    struct arena a = arena_new((size_t)1 << 30);
    struct str all;
    struct vocabulary *v;
    struct identity *s;
    struct buf pairs = buf_new((size_t)8 << 30);
    struct identity_run how = {.learn = argc < 4};
    static struct identity_facts f;
    size_t twins = 0, lines = 1;
    if (file_read(&a, argv[2], FILE_MAX, &all) != CAU_OK)
        return 1;
    for (size_t i = 0; i < all.len; i++)
        lines += all.p[i] == '\n';
    uint32_t *original = arena_zero(&a, (lines + 2) * sizeof *original), of;
    struct str *text = arena_zero(&a, (lines + 2) * sizeof *text);
    int64_t start = clock_monotonic_us(), used_before = used();
    if (original == NULL || text == NULL || vocabulary_open(&v) != CAU_OK ||
        identity_open(v, false, &s) != CAU_OK)
        return 1;
    double words = since(start);
    while (all.len > 0) {
        struct str line = str_next(&all, '\n');
        if (!read_line(line, &f, &of) || f.doc > lines)
            continue;
        text[f.doc] = line;
        original[f.doc] = of;
        twins += of != 0;
        if (identity_add(s, &f) != CAU_OK)
            return 1;
    }
    double added = since(start);
    if (identity_ready(s, true) != CAU_OK)
        return 1;
    double ready = since(start);
    if (identity_pairs(s, &how, &pairs) != CAU_OK)
        return 1;
    printf(
        "%.2f s, %.2f s of processor time: words %.2f, set %.2f, names and blocks %.2f, %llu "
        "candidates "
        "%.2f\n",
        since(start), (double)(used() - used_before) / 1e6, words, added - words, ready - added,
        (unsigned long long)how.candidates, since(start) - ready);
    printf("sum of %zu pairs: %016llx\n", pairs.len / sizeof(struct identity_pair),
           (unsigned long long)sum_of(&pairs));
    judge("same", &pairs, IDENTITY_SAME, original, twins);
    judge("same and review", &pairs, IDENTITY_REVIEW, original, twins);
    curve(&pairs, original, twins);
    if (argc > 4)
        show_wrong(&pairs, original, text);
    identity_close(s);
    vocabulary_close(v);
    buf_free(&pairs);
    arena_free(&a);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "make") == 0)
        return make(argc, argv);
    if (argc >= 3 && strcmp(argv[1], "run") == 0)
        return run(argc, argv);
    fprintf(stderr, "identity_bench make FILE [RECORDS DUPLICATES NAMES.tsv] | run FILE\n");
    return 2;
}
