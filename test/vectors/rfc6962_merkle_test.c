/* transparency-dev/merkle: proofs good and spoilt, each with its verdict. */
#include "base/number.h"
#include "ledger/tree.h"
#include "vectors.h"

#define SET "rfc6962-merkle"

static size_t agreed;

/* A hash of the case. Some are words ("don't care") and stand for any hash: their own. */
static bool hash_of(struct str base64, struct digest *out)
{
    struct str bytes = vectors_base64(base64);
    *out = digest_of(bytes);
    if (bytes.len == sizeof out->b)
        memcpy(out->b, bytes.p, sizeof out->b);
    return bytes.len > 0;
}

static bool proof_of(const struct value *c, struct digest hash[256], size_t *n)
{
    const struct value *list = value_get(c, "proof");
    *n = list != NULL && list->type == VALUE_ARRAY ? list->n : 0;
    check(*n <= 256);
    for (size_t i = 0; i < *n; i++)
        if (!hash_of(list->item[i].string, &hash[i]))
            return false;
    return true;
}

static bool wants_error(const struct value *c)
{
    return value_get(c, "wantErr")->type == VALUE_TRUE;
}

static uint64_t size_of(const struct value *c, const char *key)
{
    int64_t n = value_get_int(c, key, -1);
    check(n >= 0);
    return (uint64_t)n;
}

/* An index over 2^53 is no number of ours: it is taken out of the text before that is read. */
static struct value read_case(const char *set, const char *name, uint64_t *index)
{
    static const char member[] = "\"leafIdx\": ";
    struct str text = vectors_read(set, name);
    struct buf b = buf_new(text.len + 1);
    size_t at = 0;
    while (at < text.len && !str_starts(str_from(text, at), str_of(member)))
        at++;
    if (at == text.len)
        return vectors_parse(text);
    at += sizeof member - 1;
    struct str rest = str_from(text, at);
    check(number_read(str_next(&rest, ','), UINT64_MAX, index) == CAU_OK);
    buf_add(&b, str_to(text, at));
    buf_add_word(&b, "0,");
    buf_add(&b, rest);
    struct value v = vectors_parse(buf_str(&b));
    buf_free(&b);
    return v;
}

static void inclusion(const char *set, const char *name)
{
    uint64_t index = 0;
    struct value c = read_case(set, name, &index);
    struct digest leaf, root, hash[256];
    size_t n;
    bool good =
        hash_of(value_get_str(&c, "leafHash"), &leaf) &&
        hash_of(value_get_str(&c, "root"), &root) && proof_of(&c, hash, &n) &&
        tree_check_inclusion(&leaf, index, size_of(&c, "treeSize"), hash, n, &root) == CAU_OK;
    if (good == wants_error(&c))
        fail_msg("%s", name);
    agreed++;
}

static void consistency(const char *set, const char *name)
{
    struct value c = vectors_json(set, name);
    struct digest before, root, hash[256];
    size_t n;
    bool good = hash_of(value_get_str(&c, "root1"), &before) &&
                hash_of(value_get_str(&c, "root2"), &root) && proof_of(&c, hash, &n) &&
                tree_check_consistency(size_of(&c, "size1"), &before, size_of(&c, "size2"),
                                       &root, hash, n) == CAU_OK;
    if (good == wants_error(&c))
        fail_msg("%s", name);
    agreed++;
}

static void all_inclusion(void **state)
{
    (void)state;
    agreed = 0;
    check(vectors_each(SET, "testdata/inclusion", inclusion) == 98);
    printf("vectors/" SET ": inclusion %zu of 98\n", agreed);
}

static void all_consistency(void **state)
{
    (void)state;
    agreed = 0;
    check(vectors_each(SET, "testdata/consistency", consistency) == 98);
    printf("vectors/" SET ": consistency %zu of 98\n", agreed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_inclusion),
                                       cmocka_unit_test(all_consistency)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
