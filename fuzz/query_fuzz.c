/* Queries of any bytes: an answer within limits or a refusal, the same twice, its shares at most the whole. */
#include "base/utf8.h"
#include "index/index.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct index *ix;
static struct arena room;

static void put(uint32_t doc, const char *lang, const char *text, unsigned audience)
{
    struct index_text t = {str_of(lang), 5, str_of(text)};
    struct index_value v[] = {{INDEX_COUNTRY, doc % 2 ? STR("RU") : STR("VN")},
                              {INDEX_YEAR, STR("2019")}};
    struct index_doc d = {doc, audience, doc % 3, doc, &t, 1, v, 2};
    must(index_put(ix, &d) == CAU_OK);
}

static void build(void)
{
    static char dir[] = "/tmp/cau-fuzz-XXXXXX";
    bool rebuilt;
    room = arena_new((size_t)64 << 20);
    must(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    put(1, "vi", "Viện Công nghệ điện gió ngoài khơi", 0);
    put(2, "ru", "Институт материалов и тропический центр, Алексей Груздев", 0);
    put(3, "en", "Institute of offshore wind technologies TBK-2 1,000", 0);
    put(4, "vi", "Đổi mới sáng tạo", 1);
    must(index_save(ix, 1) == CAU_OK);
    put(5, "en", "Gruzdev and Gruzdiev 1.5 MW", 0);
    put(2, "ru", "материалы и каналы", 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (ix == NULL)
        build();
    if (size < 2 || size > 20000)
        return 0;
    struct index_filter filter = {INDEX_COUNTRY, STR("RU")};
    struct index_query q = {.text = {(const char *)data + 2, size - 2},
                            .reader = {data[0] & 3, data[0] >> 6},
                            .filter = &filter,
                            .filter_count = data[1] & 1,
                            .order = data[1] & 2 ? INDEX_NEWEST : INDEX_BEST,
                            .limit = data[1] >> 4,
                            .facets = (data[1] & 4) != 0,
                            .explain = (data[1] & 8) != 0};
    struct index_result x = {0}, y = {0};
    struct str word[5];
    size_t n;
    arena_reset(&room);
    enum cau_err err = index_search(ix, &room, &q, &x);
    must((err == CAU_OK) == utf8_valid(q.text) && (err == CAU_OK || err == CAU_ERR_SYNTAX));
    must(index_search(ix, &room, &q, &y) == err);
    must(x.total == y.total && x.hit_count == y.hit_count && x.hit_count <= q.limit);
    for (size_t i = 0; i < x.hit_count; i++) {
        uint32_t sum = 0;
        must(x.hit[i].doc == y.hit[i].doc && x.hit[i].score == y.hit[i].score);
        for (size_t k = 0; k < x.hit[i].reason_count; k++)
            sum += x.hit[i].reason[k].share_permille;
        must(sum <= 1000);
    }
    must(index_suggest(ix, &room, q.reader, q.text, 5, word, &n) == CAU_OK && n <= 5);
    return 0;
}
