/* A lexicon whose bytes are hostile, with a hash that holds: refused, or read without harm. The input is
 * edits of a good file: offset (2 bytes, modulo its length), new byte (1). */
#include "language/lexicon_build.h"
#include "language/lexicon_int.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct lexicon_build *build;
static struct str good;
static char *bytes;

static void make_good(void)
{
    static const char *const row[][3] = {{"gió mạnh", "ветер сильный", "strong wind"},
                                         {"biển lạnh", "холодное море", "cold sea"},
                                         {"gió lạnh", "холодный ветер", "cold wind"}};
    struct lexicon_build_source s = {STR("glossary"), STR("Apache-2.0"), digest_of(STR(""))};
    unsigned number;
    must(lexicon_build_open(NULL, &build) == CAU_OK);
    must(lexicon_build_source(build, &s, &number) == CAU_OK);
    for (size_t i = 0; i < countof(row); i++)
        for (enum token_group x = TOKEN_VI; x < TOKEN_OTHER; x++)
            for (enum token_group y = x + 1; y < TOKEN_OTHER; y++)
                must(lexicon_build_approved(build, 0, x, str_of(row[i][x]), y,
                                            str_of(row[i][y])) == CAU_OK);
    must(lexicon_build_finish(build, NULL, &good) == CAU_OK);
    struct arena a = arena_new(1 << 20); /* for as long as the program lives */
    bytes = arena_take(&a, good.len);
    must(bytes != NULL);
}

static void look_at_all(const struct lexicon *l)
{
    struct lexicon_entry e[LEXICON_KEPT_MAX];
    for (enum token_group from = TOKEN_VI; from < TOKEN_OTHER; from++)
        for (enum token_group to = TOKEN_VI; to < TOKEN_OTHER; to++)
            for (size_t i = 0; i < lexicon_terms(l, from, to); i++)
                must(lexicon_find(l, from, to, lexicon_term(l, from, to, i), e) <=
                     LEXICON_KEPT_MAX);
    for (size_t i = 0; i < lexicon_sources(l); i++)
        must(lexicon_source(l, i).name.len <= LEXICON_TEXT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lexicon *l;
    if (build == NULL)
        make_good();
    memcpy(bytes, good.p, good.len);
    struct str file = {bytes, good.len};
    for (; size >= 3; size -= 3, data += 3)
        bytes[(size_t)(data[0] << 8 | data[1]) % good.len] = (char)data[2];
    struct digest hash = lexicon_hash(file);
    memcpy(bytes + offsetof(struct lexicon_header, hash), &hash, sizeof hash);
    if (lexicon_open(file, &l) == CAU_OK) {
        look_at_all(l);
        lexicon_close(l);
    }
    return 0;
}
