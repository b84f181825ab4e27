#include "index/like_int.h"

#include "base/utf8.h"
#include "language/lexicon_build.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[64];
static struct arena room;
static struct lexicon_build *build;
static struct lexicon *lexicon;
static struct index *ix;

static void approve(const char *vi, const char *ru)
{
    check(lexicon_build_approved(build, 0, TOKEN_VI, str_of(vi), TOKEN_RU, str_of(ru)) ==
          CAU_OK);
}

static int open_all(void **state)
{
    (void)state;
    struct lexicon_build_source own = {.name = STR("glossary"), .licence = STR("own")};
    unsigned number;
    struct str file;
    bool rebuilt;
    strncpy(dir, "/tmp/cau-like-XXXXXX", sizeof dir - 1);
    room = arena_new((size_t)64 << 20);
    check(mkdtemp(dir) != NULL);
    check(lexicon_build_open(NULL, &build) == CAU_OK);
    check(lexicon_build_source(build, &own, &number) == CAU_OK);
    approve("thép", "сталь");
    approve("gió", "ветер");
    approve("biển", "море");
    approve("móng", "фундамент");
    check(lexicon_build_finish(build, NULL, &file) == CAU_OK);
    check(lexicon_open(file, &lexicon) == CAU_OK);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    index_set_lexicon(ix, lexicon);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    char path[96];
    index_close(ix);
    lexicon_close(lexicon);
    lexicon_build_close(build);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    arena_free(&room);
    return rmdir(dir);
}

static void put(uint32_t doc, unsigned audience, const char *lang, const char *text)
{
    struct index_text t = {str_of(lang), 5, str_of(text)};
    struct index_value v[] = {{INDEX_KIND, STR("offer")}, {INDEX_LANGUAGE, str_of(lang)}};
    struct index_doc d = {.doc = doc,
                          .audience = audience,
                          .text = &t,
                          .text_count = 1,
                          .value = v,
                          .value_count = countof(v)};
    check(index_put(ix, &d) == CAU_OK);
}

static void put_all(void)
{
    put(1, 0, "ru", "Фундаменты в море: ветер и волны");
    put(2, 0, "ru", "Сталь и прокат");
    put(3, 0, "vi", "Móng cho gió ngoài biển");
    put(4, 0, "vi", "Bánh mì và cà phê");
    put(5, 0, "en", "Steel 316L and 15 MW");
}

static struct like_hit *ask(const char *lang, const char *text, unsigned audiences, size_t *n)
{
    struct index_text t = {str_of(lang), 1, str_of(text)};
    struct like_query q = {.text = &t,
                           .text_count = 1,
                           .reader = {audiences, 0},
                           .except = UINT32_MAX,
                           .limit = 10,
                           .explain = true};
    struct like_hit *hit;
    check(index_like(ix, &room, &q, &hit, n) == CAU_OK);
    return hit;
}

static const struct like_hit *find(const struct like_hit *hit, size_t n, uint32_t doc)
{
    for (size_t i = 0; i < n; i++)
        if (hit[i].doc == doc)
            return &hit[i];
    return NULL;
}

static void meets_across_languages_and_says_why(void **state)
{
    (void)state;
    size_t n;
    put_all();
    const struct like_hit *hit = ask("vi", "Cần móng cho gió trên biển", 1, &n);
    const struct like_hit *ru = find(hit, n, 1), *vi = find(hit, n, 3);
    check(ru != NULL && vi != NULL && find(hit, n, 4) == NULL);
    check(str_is(ru->lang, "ru") && ru->reason_count >= 3);
    uint32_t sum = 0;
    bool wind = false;
    for (size_t i = 0; i < ru->reason_count; i++) {
        const struct index_reason *r = &ru->reason[i];
        sum += r->share_permille;
        wind = wind || (str_is(r->query_word, "gió") && str_is(r->text_word, "ветер") &&
                        r->channel == INDEX_TRANSLATION && str_is(r->sources, "glossary"));
        check(i == 0 || ru->reason[i - 1].share_permille >= r->share_permille);
    }
    check(wind && sum <= 1000 && sum > 900);
}

/* Of a long text the weightiest pairs are told, but every word that met something is known. */
static void tells_what_met_beyond_the_reasons(void **state)
{
    (void)state;
    static const char words[] = "alder birch cedar dogwood ebony fir gum hazel iroko juniper "
                                "kapok larch maple neem oak pine quince rowan spruce teak";
    size_t n;
    put_all();
    put(7, 0, "en", words);
    const struct like_hit *hit = ask("en", words, 1, &n), *same = find(hit, n, 7);
    check(same != NULL && same->reason_count == LIKE_REASONS_MAX && same->met_count >= 20);
    check(str_is(same->lang, "en") && str_is(same->asked_lang, "en"));
    for (size_t i = 0; i < same->reason_count; i++)
        check(str_equal(same->met[i], same->reason[i].query_word));
    index_remove(ix, 7);
}

/* How alike a text and a document are; 0 when it is not found. */
static uint32_t likeness(const char *lang, const char *text, unsigned audiences, uint32_t doc)
{
    size_t n;
    const struct like_hit *hit = ask(lang, text, audiences, &n);
    hit = find(hit, n, doc);
    return hit == NULL ? 0 : hit->likeness;
}

static void the_same_both_ways(void **state)
{
    (void)state;
    static const char *const x = "Móng cho gió ngoài biển";
    put_all();
    uint32_t there = likeness("vi", x, 1, 1);
    check(there > 0 && likeness("ru", "Фундаменты в море: ветер и волны", 1, 3) == there);
    check(likeness("vi", x, 1, 3) > 65536 * 98 / 100); /* itself */
}

static void typed_without_marks(void **state)
{
    (void)state;
    put_all();
    check(likeness("vi", "Can mong, gio, bien", 1, 1) > 0); /* the Russian one */
    uint32_t bare = likeness("vi", "Mong, gio, bien", 1, 3);
    check(bare > 65536 / 8 && likeness("vi", "Mong, gio, bien", 1, 4) < bare / 4);
}

static void what_is_hidden_changes_nothing(void **state)
{
    (void)state;
    size_t n, m;
    put_all();
    struct like_hit *before = ask("vi", "Móng cho gió và thép", 1, &n);
    put(6, 2, "ru", "Сталь, сталь и фундамент: тайна");
    struct like_hit *after = ask("vi", "Móng cho gió và thép", 1, &m);
    check(n == m);
    for (size_t i = 0; i < n; i++)
        check(before[i].doc == after[i].doc && before[i].likeness == after[i].likeness &&
              before[i].rank == after[i].rank);
    check(likeness("vi", "thép và móng", 5, 6) > 0);
    index_remove(ix, 6);
    check(likeness("vi", "thép và móng", 5, 6) == 0);
}

static void models_and_numbers_are_the_same_everywhere(void **state)
{
    (void)state;
    size_t n;
    put_all();
    const struct like_hit *hit = ask("ru", "нужна 316L, 15", 1, &n);
    hit = find(hit, n, 5);
    check(hit != NULL && hit->reason_count >= 2 && hit->reason[0].channel == INDEX_SAME);
}

static void limits(void **state)
{
    (void)state;
    struct index_text t = {STR("vi"), 1, STR("thép")};
    struct like_query q = {
        .text = &t, .text_count = 1, .reader = {1, 0}, .limit = INDEX_HITS_MAX + 1};
    struct like_hit *hit;
    size_t n;
    check(index_like(ix, &room, &q, &hit, &n) == CAU_ERR_RANGE);
    q.limit = 10;
    t.text = STR("\xff");
    check(index_like(ix, &room, &q, &hit, &n) == CAU_ERR_SYNTAX);
    t.text = STR("!? ...");
    check(index_like(ix, &room, &q, &hit, &n) == CAU_OK && n == 0);
    q.text_count = 0;
    check(index_like(ix, &room, &q, &hit, &n) == CAU_OK && n == 0);
    /* A text over every limit: what is over is left out. */
    size_t long_len = (size_t)LIKE_TERMS_MAX * 40;
    char *text = arena_take(&room, long_len);
    for (size_t i = 0; i < long_len; i++)
        text[i] = i % 9 == 8 ? ' ' : (char)('a' + (i * i / 7 + i / 9) % 26);
    t.text = (struct str){text, long_len};
    q.text_count = 1;
    put_all();
    check(index_like(ix, &room, &q, &hit, &n) == CAU_OK);
}

/* Contexts are kept for the next call, LIKE_KEPT_MAX of them, and no longer than what they were made from. */
static void keeps_no_more_than_it_may(void **state)
{
    (void)state;
    struct like *kept, *all[LIKE_KEPT_MAX + 1];
    size_t n;
    ask("vi", "Cần móng cho gió trên biển", 1, &n);
    check((kept = index_take_like(ix)) != NULL && index_give_like(ix, kept));
    put(40, 0, "en", "A word to be erased");
    check(index_take_like(ix) == NULL);
    ask("vi", "Cần móng cho gió trên biển", 1, &n);
    index_remove(ix, 40);
    check(index_save(ix, 1) == CAU_OK && index_take_like(ix) == NULL);
    for (size_t i = 0; i < countof(all); i++)
        check(like_begin(ix, NULL, &all[i]) == CAU_OK);
    for (size_t i = 0; i < countof(all); i++)
        like_end(all[i]); /* the last, one over, is dropped */
    for (size_t i = 0; i < LIKE_KEPT_MAX; i++)
        check((all[i] = index_take_like(ix)) != NULL);
    check(index_take_like(ix) == NULL);
    for (size_t i = 1; i < LIKE_KEPT_MAX; i++)
        like_drop(all[i]);
    check(like_bytes(all[0]) > 0 && like_bytes(all[0]) < LIKE_KEPT_BYTES_MAX);
    check(buf_extend(&all[0]->lists, LIKE_KEPT_BYTES_MAX - like_bytes(all[0])) != NULL);
    like_end(all[0]);
    check((all[0] = index_take_like(ix)) != NULL);
    check(buf_extend(&all[0]->seen, 1) != NULL); /* one step over, in another list */
    like_end(all[0]);
    check(index_take_like(ix) == NULL);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(meets_across_languages_and_says_why),
        cmocka_unit_test(tells_what_met_beyond_the_reasons),
        cmocka_unit_test(the_same_both_ways),
        cmocka_unit_test(typed_without_marks),
        cmocka_unit_test(what_is_hidden_changes_nothing),
        cmocka_unit_test(models_and_numbers_are_the_same_everywhere),
        cmocka_unit_test(limits),
        cmocka_unit_test(keeps_no_more_than_it_may),
    };
    return cmocka_run_group_tests(test, open_all, close_all);
}
