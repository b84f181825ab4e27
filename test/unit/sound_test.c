#include "index/sound_int.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAMES = 1500, ASKED = 300, BYTES = 32 };

static uint64_t seed = 88172645463325252u;
static char name[NAMES][BYTES];
static struct index *ix;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

/* Few syllables, so that many sound alike, in Latin or Cyrillic letters. */
static void make_name(char *out)
{
    static const char *const part[2][8] = {{"gru", "zde", "v", "la", "ren", "tie", "sho", "ka"},
                                           {"гру", "зде", "в", "ла", "рен", "тье", "шо", "ка"}};
    size_t script = roll(2), n = 2 + roll(3), len = 0;
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(out + len, BYTES - len, "%s", part[script][roll(8)]);
}

static int compare(const void *x, const void *y)
{
    return strcmp(x, y);
}

static void build(const char *dir)
{
    bool rebuilt;
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < NAMES; i++) {
        make_name(name[i]);
        struct index_text t = {i % 2 ? STR("ru") : STR("en"), 1, str_of(name[i])};
        struct index_doc d = {.doc = i, .text = &t, .text_count = 1};
        check(index_put(ix, &d) == CAU_OK);
        if (i == NAMES / 2)
            check(index_save(ix, 1) == CAU_OK);
    }
    qsort(name, NAMES, sizeof *name, compare);
}

/* All names, compared one by one, key by key: just what the walk gives, in its order. */
static void check_walk(const char *asked)
{
    struct skeleton s = skeleton_of(str_of(asked));
    struct skeleton_keys keys = {.n = 0};
    struct sound_walk w;
    const struct sound *got;
    if (s.len > 0)
        skeleton_keys(&s, &keys);
    sound_start(&w, ix, str_of(asked), (1 << TOKEN_GROUPS) - 1);
    for (size_t k = 0; k < keys.n; k++)
        for (size_t i = 0; i < NAMES; i++) {
            char key[SKELETON_BYTES_MAX];
            struct skeleton other = skeleton_of(str_of(name[i]));
            if (other.len == 0 || (i > 0 && strcmp(name[i], name[i - 1]) == 0) ||
                !str_equal((struct str){key, skeleton_key(&other, key)}, keys.key[k]) ||
                skeleton_likeness(&s, &other) < SKELETON_ACCEPT)
                continue;
            struct dictionary_term term;
            check((got = sound_next(&w)) != NULL &&
                  got->likeness == skeleton_likeness(&s, &other));
            check(got->key.p[0] == TERM_FORM &&
                  str_is(str_from(term_str(&got->key), 1), name[i]));
            check(dictionary_find(ix, term_str(&got->key), &term));
            for (int part = 0; part < INDEX_PARTS; part++)
                check(got->term.in[part].list.count == term.in[part].list.count &&
                      got->term.in[part].number == term.in[part].number);
        }
    check(sound_next(&w) == NULL);
}

static void hears_what_a_plain_search_hears(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-index-XXXXXX", path[64], asked[BYTES];
    struct sound_walk w;
    check(mkdtemp(dir) != NULL);
    build(dir);
    for (int i = 0; i < ASKED; i++) {
        make_name(asked);
        check_walk(i % 2 ? asked : name[roll(NAMES)]);
    }
    check(index_save(ix, 2) == CAU_OK && fresh_terms(&ix->fresh) == 0); /* all in the file */
    for (int i = 0; i < ASKED; i++)
        check_walk(name[roll(NAMES)]);
    sound_start(&w, ix, STR("gruzdev"), 1 << TOKEN_VI); /* no such texts */
    check(sound_next(&w) == NULL);
    index_close(ix);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    check(unlink(path) == 0 && rmdir(dir) == 0);
}

static void ends_at_what_is_not_well_formed(void **state)
{
    (void)state;
    static const unsigned char record[] = {1, 'g', 4, 'g', 'a', 'g', 'a', 15, 9, 9, 9};
    static const uint32_t at[] = {1, 1};
    struct index *empty;
    struct sound_walk w;
    char dir[] = "/tmp/cau-index-XXXXXX";
    bool rebuilt;
    check(mkdtemp(dir) != NULL && index_open(dir, &empty, &rebuilt) == CAU_OK);
    empty->segment.sound_at = at;
    empty->segment.sound_slots = countof(at);
    for (size_t len = 0; len <= sizeof record; len++) {
        empty->segment.sound = (struct str){(const char *)record, len};
        sound_start(&w, empty, STR("gaga"), 15);
        check(sound_next(&w) == NULL);
    }
    index_close(empty);
    check(rmdir(dir) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hears_what_a_plain_search_hears),
                                       cmocka_unit_test(ends_at_what_is_not_well_formed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
