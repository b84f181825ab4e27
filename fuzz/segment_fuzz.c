/* A segment whose bytes are hostile, with a checksum that holds: refused, or read without harm. The input is
 * edits of a good file: offset (4 bytes), new byte (1). At offset BY_HAND the first byte says
 * which of segment_damage.h. */
#include "index/like_int.h"
#include "index/save_int.h"
#include "segment_damage.h"

#include <sanitizer/lsan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ANALYSER = 7, BYTES_MAX = 1 << 20 };
#define BY_HAND UINT32_MAX

static struct index *ix;
static struct arena room;
static char *good, bytes[BYTES_MAX];
static size_t len;
static struct segment sound; /* of the good file */

static void put(uint32_t doc, const char *lang, const char *text)
{
    struct index_text t = {str_of(lang), 5, str_of(text)};
    struct index_value v = {INDEX_COUNTRY, doc % 2 ? STR("RU") : STR("VN")};
    struct index_doc d = {doc, doc % 5 == 0, 0, doc, &t, 1, &v, 1};
    must(index_put(ix, &d) == CAU_OK);
}

static void build(void)
{
    /* in memory where there is such a folder: each save waits for the disk */
    static char memory[] = "/dev/shm/cau-fuzz-XXXXXX", disk[] = "/tmp/cau-fuzz-XXXXXX";
    char *dir = mkdtemp(memory) != NULL ? memory : mkdtemp(disk);
    bool rebuilt;
    room = arena_new((size_t)256 << 20);
    must(dir != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < 200; i++) {
        char text
            [200]; /* many words: they fill more blocks than one page of memory holds numbers for */
        snprintf(text, sizeof text,
                 i % 2 ? "Институт материалов word%u прибор%u"
                       : "Viện Công nghệ điện gió word%u máy%u",
                 i, i / 2);
        put(i, i % 2 ? "ru" : "vi", text);
    }
    must(save_write(ix, ANALYSER, 3) == CAU_OK);
    len = ix->segment.map.len;
    must(len <= BYTES_MAX);
    struct str copy;
    must(arena_copy(&room, ix->segment.map, &copy) == CAU_OK);
    good = (char *)(uintptr_t)copy.p;
    struct facets none = facets_new();
    must(segment_open(copy, ANALYSER, &sound, &none) == CAU_OK);
    facets_free(&none);
    const struct concepts
        *concepts; /* kept in an arena, into which who looks for leaks does not look */
    __lsan_disable();
    must(index_concepts(ix, &concepts) == CAU_OK);
    __lsan_enable();
}

static void search_all(size_t used)
{
    static const char *const text[] = {"",
                                       "điện gió",
                                       "институт материала",
                                       "\"cong nghe\"",
                                       "matre",
                                       "vien cong nghe dien gio abc",
                                       "институтт",
                                       "v"};
    for (size_t i = 0; i < countof(text); i++) {
        struct index_query q = {.text = str_of(text[i]),
                                .reader = {1, 0},
                                .limit = 20,
                                .facets = true,
                                .explain = true};
        struct index_result r;
        struct str word[5];
        size_t n;
        room.used = used;
        must(index_search(ix, &room, &q, &r) == CAU_OK);
        must(index_suggest(ix, &room, q.reader, q.text, 5, word, &n) == CAU_OK);
    }
}

static void match_all(size_t used)
{
    static const struct index_text text[] = {
        {{"vi", 2}, 1, {"Viện Công nghệ điện gió word6", 38}},
        {{"ru", 2}, 1, {"Институт материалов word7", 43}}};
    struct like_query q = {.text = text,
                           .text_count = countof(text),
                           .reader = {1, 0},
                           .except = UINT32_MAX,
                           .limit = 10,
                           .explain = true};
    struct like_hit *hit;
    size_t n;
    room.used = used;
    must(index_like(ix, &room, &q, &hit, &n) == CAU_OK);
    like_drop(index_take_like(ix)); /* likewise */
}

/* Of the good file. */
static void damage(unsigned char which)
{
    if (which == 0)
        damage_blocks(bytes);
    else
        damage_keys(bytes, &sound, which == 1 ? TERM_SOUND : TERM_FORM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 5) /* no edit: the good file */
        return 0;
    if (ix == NULL)
        build();
    size_t used = room.used;
    memcpy(bytes, good, len);
    for (size_t i = 0; i + 5 <= size; i += 5) {
        uint32_t at;
        memcpy(&at, data + i, sizeof at);
        if (i == 0 && at == BY_HAND)
            damage(data[i + 4]);
        else
            bytes[at % len] = (char)data[i + 4];
    }
    struct segment_header h;
    memcpy(&h, bytes, sizeof h);
    h.checksum = segment_checksum((struct str){bytes + SEGMENT_SUMMED, len - SEGMENT_SUMMED});
    memcpy(bytes, &h, sizeof h);
    FILE *f = fopen(ix->path, "wb");
    must(f != NULL && fwrite(bytes, 1, len, f) == len && fclose(f) == 0);
    enum cau_err err = save_load(ix, ANALYSER);
    must(err == CAU_OK || err == CAU_ERR_CORRUPT);
    if (err == CAU_OK) {
        search_all(used);
        match_all(used);
        put(3, "en", "replaced");
        index_remove(ix, 4);
        search_all(used);
        must(save_write(ix, ANALYSER, 4) == CAU_OK);
        match_all(used);
    }
    room.used = used;
    return 0;
}
