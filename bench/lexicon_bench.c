/* Learning a lexicon: seconds, sizes, and what stands for some words.
 *
 *   build/bench/lexicon_bench PAIRS.tsv OUT [LANG WORD]...
 *
 * A line of PAIRS.tsv is source, language, language, weight (0: approved), text, text. */
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "language/analysis.h"
#include "language/lexicon_build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct compound_list *compounds;
static struct stem *stem;
static struct str known[LEXICON_SOURCES_MAX];
static unsigned sources;

static unsigned source_of(struct lexicon_build *b, struct str name)
{
    unsigned number = 0;
    for (unsigned i = 0; i < sources; i++)
        if (str_equal(known[i], name))
            return i;
    known[sources++] = name;
    struct lexicon_build_source s = {name, STR("?"), digest_of(name)};
    must(lexicon_build_source(b, &s, &number) == CAU_OK);
    return number;
}

static void read_pairs(struct lexicon_build *b, struct str tsv)
{
    while (tsv.len > 0) {
        struct str line = str_next(&tsv, '\n'), f[6];
        uint64_t weight;
        for (size_t i = 0; i < countof(f); i++)
            f[i] = str_next(&line, '\t');
        if (f[5].len == 0)
            continue;
        unsigned source = source_of(b, f[0]);
        enum token_group x = token_group_of(f[1]), y = token_group_of(f[2]);
        must(number_read(f[3], 16, &weight) == CAU_OK);
        must((weight == 0 ? lexicon_build_approved(b, 0, x, f[4], y, f[5])
                          : lexicon_build_pair(b, source, x, f[4], y, f[5],
                                               (unsigned)weight)) == CAU_OK);
    }
}

static void show(const struct lexicon *l, const char *lang, const char *word)
{
    static const char *const tag[] = {"vi", "ru", "en"};
    struct arena a = arena_new(1 << 20);
    struct analysis_term *term;
    size_t n;
    enum token_group from = token_group_of(str_of(lang));
    must(analysis_of(&a, stem, compounds, from, str_of(word), &term, &n) == CAU_OK);
    for (size_t i = 0; i < n; i++)
        for (enum token_group to = TOKEN_VI; to < TOKEN_OTHER; to++) {
            struct lexicon_entry e[LEXICON_KEPT_MAX];
            size_t found = lexicon_find(l, from, to, term[i].term, e);
            if (to == from)
                continue;
            printf("%s %.*s > %s (%zu):", lang, STR_ARG(term[i].term), tag[to], found);
            for (size_t k = 0; k < found && k < 10; k++) {
                printf(" %.*s %.3f", STR_ARG(e[k].term), e[k].y / 65535.);
                for (unsigned s = 0; k < 2 && s < sources; s++)
                    if (e[k].sources >> s & 1)
                        printf("%c%.*s", e[k].sources & ((1u << s) - 1) ? '+' : '/',
                               STR_ARG(known[s]));
            }
            printf("\n");
        }
    arena_free(&a);
}

static int64_t since(int64_t *at)
{
    int64_t now = clock_monotonic_us(), ms = (now - *at) / 1000;
    *at = now;
    return ms;
}

int main(int argc, char **argv)
{
    struct str tsv, file;
    struct lexicon_build *b;
    struct lexicon *l;
    if (argc < 3 || file_map(argv[1], &tsv) != CAU_OK)
        return 2;
    must(stem_open(&stem) == CAU_OK && compound_open_own(&compounds) == CAU_OK);
    int64_t at = clock_monotonic_us();
    must(lexicon_build_open(compounds, &b) == CAU_OK);
    read_pairs(b, tsv);
    printf("read %ld ms\n", (long)since(&at));
    must(lexicon_build_finish(b, NULL, &file) == CAU_OK);
    printf("learnt %ld ms, %zu bytes\n", (long)since(&at), file.len);
    must(lexicon_open(file, &l) == CAU_OK);
    printf("opened %ld ms\n", (long)since(&at));
    must(file_write(argv[2], file, 0644) == CAU_OK);
    for (int i = 3; i + 1 < argc; i += 2)
        show(l, argv[i], argv[i + 1]);
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("memory %ld KiB\n", use.ru_maxrss);
    lexicon_close(l);
    lexicon_build_close(b);
    compound_close(compounds);
    stem_close(stem);
    file_unmap(tsv);
    return 0;
}
