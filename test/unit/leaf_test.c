#include "ledger/leaf.h"

#include <string.h>

#include "base/number.h"
#include "ledger/tree.h"
#include "test.h"

static struct key_pair pair;
static struct buf text; /* the last leaf signed */

static int open_all(void **state)
{
    (void)state;
    static const unsigned char seed[KEY_BYTES] = {1, 2, 3};
    text = buf_new(LEAF_BYTES_MAX);
    return key_from_seed(seed, &pair) == CAU_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    key_drop(&pair);
    buf_free(&text);
    return 0;
}

static struct leaf common(enum leaf_op op)
{
    struct leaf x = {.op = op,
                     .node = STR("vn.example"),
                     .aud = STR("public"),
                     .t = 1795219200000,
                     .org = {{0x31, 0x38, 0x96}}};
    return x;
}

static struct leaf put(uint64_t n)
{
    struct leaf x = common(LEAF_PUT);
    x.rid = (struct leaf_id){{0x4f, 0xd7}};
    x.kind = STR("offer/1");
    x.n = n;
    x.has_commit = true;
    x.commit = digest_of(STR("payload"));
    x.plen = 1834;
    if (n > 1)
        x.prev = digest_of(STR("before"));
    return x;
}

static struct leaf claim(void)
{
    struct leaf x = put(1);
    x.op = LEAF_CLAIM;
    x.claim = LEAF_NOT_SAME_AS;
    x.about = (struct leaf_about){
        .leaf = digest_of(STR("seen")), .origin = STR("ru.example/log/public.2"), .rid = {{8}}};
    return x;
}

static struct leaf of_op(enum leaf_op op)
{
    struct leaf x = common(op);
    switch (op) {
    case LEAF_PUT:
        return put(412);
    case LEAF_CLAIM:
        return claim();
    case LEAF_ACK:
        x.about = claim().about;
        break;
    case LEAF_FORK:
        x.last = (struct leaf_last){STR("vn.example/log/public"), digest_of(STR("r")), 70000};
        break;
    case LEAF_KEY:
        x.act = LEAF_REVOKE;
        x.use = LEAF_USE_WITNESS;
        x.key = pair.public_key;
        break;
    case LEAF_REDACT:
        x.rid = (struct leaf_id){{0x4f, 0xd7}};
        x.upto = 3;
        x.why = STR("lost");
        break;
    case LEAF_SCHEMA:
        x.hash = digest_of(STR("kind"));
        break;
    case LEAF_ORG:
        break;
    }
    return x;
}

static struct str sign(struct leaf x)
{
    buf_reset(&text);
    check(leaf_sign(&x, &pair, &text) == CAU_OK);
    return buf_str(&text);
}

static enum cau_err sign_fails(struct leaf x)
{
    struct buf b = buf_new(LEAF_BYTES_MAX);
    struct leaf before = x;
    enum cau_err err = leaf_sign(&x, &pair, &b);
    check(b.len == 0 && !b.failed && memcmp(&x.sig, &before.sig, sizeof x.sig) == 0);
    buf_free(&b);
    return err;
}

static void reads_what_it_writes(void **state)
{
    (void)state;
    for (unsigned op = LEAF_ACK; op <= LEAF_SCHEMA; op++) {
        struct str bytes = sign(of_op((enum leaf_op)op));
        struct leaf y;
        check(leaf_read(bytes, &y) == CAU_OK && y.op == (enum leaf_op)op);
        check(leaf_verify(&y, &pair.public_key) == CAU_OK);
        struct buf again = buf_new(LEAF_BYTES_MAX);
        check(leaf_write(&y, &again) == CAU_OK && str_equal(bytes, buf_str(&again)));
        buf_free(&again);
    }
}

static void keeps_every_field(void **state)
{
    (void)state;
    struct leaf x = claim(), y;
    x.n = 2;
    x.prev = digest_of(STR("before"));
    check(leaf_read(sign(x), &y) == CAU_OK);
    check(str_is(y.node, "vn.example") && str_is(y.aud, "public") && y.t == x.t);
    check(y.n == 2 && digest_equal(&y.prev, &x.prev) && digest_equal(&y.commit, &x.commit));
    check(y.has_commit && y.plen == 1834 && str_is(y.kind, "offer/1"));
    check(leaf_id_equal(&y.rid, &x.rid) && leaf_id_equal(&y.org, &x.org));
    check(y.claim == LEAF_NOT_SAME_AS && leaf_id_equal(&y.about.rid, &x.about.rid));
    check(str_is(y.about.origin, "ru.example/log/public.2"));
    check(digest_equal(&y.about.leaf, &x.about.leaf));
    check(leaf_read(sign(of_op(LEAF_FORK)), &y) == CAU_OK);
    check(y.last.size == 70000 && str_is(y.last.origin, "vn.example/log/public"));
    check(leaf_read(sign(of_op(LEAF_KEY)), &y) == CAU_OK);
    check(y.act == LEAF_REVOKE && y.use == LEAF_USE_WITNESS && y.from_index == 0);
    check(memcmp(y.key.b, pair.public_key.b, sizeof y.key.b) == 0);
    check(leaf_read(sign(of_op(LEAF_REDACT)), &y) == CAU_OK);
    check(y.upto == 3 && str_is(y.why, "lost"));
}

/* The form of ../shared/design/ledger.md, section 3, byte for byte but for the signature. */
static void writes_the_documented_form(void **state)
{
    (void)state;
    static const char line[] =
        "{\"aud\":\"public\",\"by\":\"k:7b3e40952556265ee70fd2c8fc5b0bad\","
        "\"commit\":\"kZoJ_PsFcx_VjhWZ8RgF1ZTi_XWDVVZCgLRFmzAmid8\",\"kind\":\"offer/1\","
        "\"n\":412,\"node\":\"vn.example\",\"op\":\"put\","
        "\"org\":\"o:ge4vfxl3hv5dx7gqplskpofpim\",\"plen\":1834,"
        "\"prev\":\"T9Jqz-fyZqtb8pd97KrbdZef1f5swDCZ3jtPtjlZGVQ\","
        "\"rid\":\"r:j4l274jnyhtxathigyx7j763va\","
        "\"sig\":\"1Z6usQmh15-UMss5QKEtf-FCr8ohe5txoXh7PJgRIYnOzMjtIvGlpRknmXlys7JyRsAHFiEzdsFs"
        "3joS-dNB0g\",\"t\":1795219200000,\"v\":1}";
    struct leaf x;
    check(leaf_read(STR(line), &x) == CAU_OK);
    struct buf b = buf_new(LEAF_BYTES_MAX);
    check(leaf_write(&x, &b) == CAU_OK && str_equal(buf_str(&b), STR(line)));
    buf_free(&b);
    struct digest one = leaf_hash(STR(line)), two = tree_leaf_hash(STR(line));
    check(digest_equal(&one, &two));
}

/* Replaces the first `from` by `to` in the leaf x and reads it. */
static enum cau_err read_changed(struct leaf x, const char *from, const char *to)
{
    struct str s = sign(x);
    struct buf b = buf_new(2 * LEAF_BYTES_MAX);
    size_t at = 0;
    while (at + strlen(from) <= s.len && !str_starts(str_from(s, at), str_of(from)))
        at++;
    check(at + strlen(from) <= s.len);
    buf_add(&b, str_to(s, at));
    buf_add_word(&b, to);
    buf_add(&b, str_from(s, at + strlen(from)));
    struct leaf y = {.n = 77};
    enum cau_err err = leaf_read(buf_str(&b), &y);
    check(err == CAU_OK || y.n == 77);
    buf_free(&b);
    return err;
}

static void refuses_other_forms(void **state)
{
    (void)state;
    check(read_changed(put(2), "\"n\":2", "\"n\":2") == CAU_OK);
    static const char *const pair_of[][2] = {
        {"{\"aud", "{ \"aud"},
        {",\"kind", ", \"kind"},
        {"\"n\":2", "\"n\": 2"},
        {"\"n\":2", "\"n\":02"},
        {"\"n\":2", "\"n\":-2"},
        {"\"n\":2", "\"n\":2.0"},
        {"\"n\":2", "\"n\":2e0"},
        {"\"n\":2", "\"n\":\"2\""},
        {"\"n\":2", "\"n\":2,\"n\":2"},
        {"\"n\":2", "\"m\":1,\"n\":2"},
        {"\"n\":2,", ""},
        {"\"n\":2", "\"n\":1"},
        {"public", "p\\u0075blic"},
        {"public", "PUBLIC"},
        {"\"v\":1", "\"v\":2"},
        {"\"v\":1", "\"v\":1,\"why\":\"lost\""},
        {"\"v\":1}", "\"v\":1} "},
        {"\"v\":1}", "\"v\":1}}"},
        {"\"v\":1}", "\"v\":1"},
        {"\"op\":\"put\"", "\"op\":\"redact\""},
        {"\"op\":\"put\"", "\"op\":\"PUT\""},
        {"\"op\":\"put\"", "\"op\":\"put"},
        {"\"by\":\"k:", "\"by\":\"r:"},
        {"\"rid\":\"r:", "\"rid\":\"o:"},
        {"\"org\":\"o:", "\"org\":\"r:"},
        {"offer/1", "offer"},
        {"offer/1", "offer/0"},
        {"offer/1", "offer/01"},
        {"offer/1", "offer/1000"},
        {"offer/1", "Offer/1"},
        {"offer/1", "/1"},
        {"vn.example", "vn..example"},
        {"vn.example", "-vn.example"},
        {"vn.example", "vn-.example"},
        {"vn.example", "vn.example."},
        {"vn.example", "vn.exam ple"},
        {"vn.example", "vn.exam\xc3\xa9"},
        {"vn.example", ""},
        {"\"public\"", "\"public.1\""},
        {"\"public\"", "\"public.02\""},
        {"\"public\"", "\"public.1000\""},
        {"\"public\"", "\"partners\""}, /* plen only in public */
    };
    for (size_t i = 0; i < countof(pair_of); i++)
        check(read_changed(put(2), pair_of[i][0], pair_of[i][1]) == CAU_ERR_SYNTAX);
    check(read_changed(put(1), "\"plen\":1834,", "") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_REDACT), "lost", "Lost") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_REDACT), "\"upto\":3", "\"upto\":0") == CAU_ERR_RANGE);
    check(read_changed(of_op(LEAF_KEY), "revoke", "add") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_KEY), "witness", "wetness") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_ACK), "{\"leaf", "{,\"leaf") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_ACK), "/log/", "/tile/") == CAU_ERR_SYNTAX);
    check(read_changed(of_op(LEAF_FORK), "/log/", "/log") == CAU_ERR_SYNTAX);
    check(read_changed(claim(), "not_same_as", "not_same") == CAU_ERR_SYNTAX);
    struct leaf x;
    check(leaf_read((struct str){NULL, 0}, &x) == CAU_ERR_SYNTAX);
}

static void values_have_limits(void **state)
{
    (void)state;
    struct leaf x = put(2);
    x.n = (uint64_t)NUMBER_INTEGER_MAX;
    sign(x);
    x.n++;
    check(sign_fails(x) == CAU_ERR_RANGE);
    check(read_changed(put(2), "\"n\":2", "\"n\":9007199254740992") == CAU_ERR_RANGE);
    x = put(1);
    x.t = 0;
    check(sign_fails(x) == CAU_ERR_RANGE);
    x.t = NUMBER_INTEGER_MAX + 1;
    check(sign_fails(x) == CAU_ERR_RANGE);
    x = put(1);
    x.plen = PAYLOAD_BYTES_MAX;
    sign(x);
    x.plen++;
    check(sign_fails(x) == CAU_ERR_RANGE);
    x = put(1);
    x.has_commit = false;
    check(sign_fails(x) == CAU_ERR_SYNTAX);
    x = claim();
    x.has_commit = false; /* a claim without text */
    sign(x);
    x = of_op(LEAF_FORK);
    x.last.size = (uint64_t)NUMBER_INTEGER_MAX + 1;
    check(sign_fails(x) == CAU_ERR_RANGE);
    x = of_op(LEAF_KEY);
    x.from_index = (uint64_t)NUMBER_INTEGER_MAX + 1;
    check(sign_fails(x) == CAU_ERR_RANGE);
    x.from_index = 0;
    x.key = (struct key_public){{0}};
    check(sign_fails(x) == CAU_ERR_REFUSED);

    static char name[LEAF_NODE_MAX + 1];
    memset(name, 'a', sizeof name);
    check(leaf_node_valid((struct str){name, LEAF_NODE_MAX}));
    check(!leaf_node_valid((struct str){name, LEAF_NODE_MAX + 1}));
    check(leaf_audience_valid((struct str){name, LEAF_WORD_MAX}));
    check(!leaf_audience_valid((struct str){name, LEAF_WORD_MAX + 1}));
    x = of_op(LEAF_REDACT);
    x.why = (struct str){name, LEAF_WORD_MAX + 1};
    check(sign_fails(x) == CAU_ERR_SYNTAX);
    static char large[LEAF_BYTES_MAX + 1];
    check(leaf_read((struct str){large, LEAF_BYTES_MAX}, &x) == CAU_ERR_SYNTAX);
    check(leaf_read((struct str){large, LEAF_BYTES_MAX + 1}, &x) == CAU_ERR_RANGE);

    struct buf full = buf_new(100); /* the caller's limit */
    buf_add_word(&full, "ab");
    x = put(1);
    check(leaf_sign(&x, &pair, &full) == CAU_ERR_RANGE && full.len == 2 && !full.failed);
    full.failed = true;
    check(leaf_write(&x, &full) == CAU_ERR_RANGE);
    buf_free(&full);
}

static void one_changed_bit_is_found(void **state)
{
    (void)state;
    struct str s = sign(put(2));
    struct buf b = buf_new(LEAF_BYTES_MAX);
    buf_add(&b, s);
    for (size_t i = 0; i < b.len * 8; i++) {
        struct leaf y;
        b.p[i / 8] = (char)(b.p[i / 8] ^ (1 << i % 8));
        check(leaf_read(buf_str(&b), &y) != CAU_OK ||
              leaf_verify(&y, &pair.public_key) == CAU_ERR_CORRUPT);
        b.p[i / 8] = (char)(b.p[i / 8] ^ (1 << i % 8));
    }
    struct leaf y;
    check(leaf_read(buf_str(&b), &y) == CAU_OK);
    struct key_pair other;
    check(key_make(&other) == CAU_OK);
    check(leaf_verify(&y, &other.public_key) == CAU_ERR_CORRUPT);
    key_drop(&other);
    buf_free(&b);
}

static void commits_to_a_payload(void **state)
{
    (void)state;
    struct digest r = digest_of(STR("random"));
    struct buf b = buf_new(1024);
    buf_add(&b, (struct str){"cau/commit/v1", 14}); /* with its NUL */
    buf_add(&b, digest_str(&r));
    buf_add_word(&b, "{}");
    struct digest want = digest_of(buf_str(&b)), got = leaf_commit(&r, STR("{}"));
    check(digest_equal(&want, &got));
    buf_free(&b);
}

static void names_logs(void **state)
{
    (void)state;
    struct str node, aud;
    check(leaf_read_origin(STR("vn.example/log/asia-3.12"), &node, &aud) == CAU_OK);
    check(str_is(node, "vn.example") && str_is(aud, "asia-3.12"));
    check(str_is(leaf_audience_base(aud), "asia-3") &&
          str_is(leaf_audience_base(STR("public")), "public"));
    struct buf b = buf_new(256);
    leaf_write_origin(node, aud, &b);
    check(str_is(buf_str(&b), "vn.example/log/asia-3.12"));
    buf_free(&b);
    check(leaf_read_origin(STR("vn.example"), &node, &aud) == CAU_ERR_SYNTAX);
    check(leaf_read_origin(STR("vn.example/log/"), &node, &aud) == CAU_ERR_SYNTAX);
    check(leaf_read_origin(STR("/log/public"), &node, &aud) == CAU_ERR_SYNTAX);
    check(leaf_read_origin(STR("vn.example/log/public/x"), &node, &aud) == CAU_ERR_SYNTAX);
}

static void ids_have_one_text(void **state)
{
    (void)state;
    struct leaf_id id = leaf_id_make(), back;
    struct key_id key = key_id_of(&pair.public_key), key_back;
    char x[LEAF_ID_CHARS], k[LEAF_KEY_CHARS];
    leaf_write_rid(&id, x);
    check(x[0] == 'r' && leaf_read_rid((struct str){x, sizeof x}, &back) == CAU_OK);
    check(leaf_id_equal(&id, &back));
    check(leaf_read_org((struct str){x, sizeof x}, &back) == CAU_ERR_SYNTAX);
    check(leaf_read_rid((struct str){x, sizeof x - 1}, &back) == CAU_ERR_SYNTAX);
    leaf_write_org(&id, x);
    check(x[0] == 'o' && leaf_read_org((struct str){x, sizeof x}, &back) == CAU_OK);
    x[LEAF_ID_CHARS - 1] = 'b'; /* unused bits not zero */
    check(leaf_read_org((struct str){x, sizeof x}, &back) == CAU_ERR_SYNTAX);
    leaf_write_key(&key, k);
    check(leaf_read_key((struct str){k, sizeof k}, &key_back) == CAU_OK);
    check(key_id_equal(&key, &key_back));
    k[0] = 'r';
    check(leaf_read_key((struct str){k, sizeof k}, &key_back) == CAU_ERR_SYNTAX);
    struct leaf_id other = leaf_id_make();
    check(!leaf_id_equal(&id, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_it_writes),
                                       cmocka_unit_test(keeps_every_field),
                                       cmocka_unit_test(writes_the_documented_form),
                                       cmocka_unit_test(refuses_other_forms),
                                       cmocka_unit_test(values_have_limits),
                                       cmocka_unit_test(one_changed_bit_is_found),
                                       cmocka_unit_test(commits_to_a_payload),
                                       cmocka_unit_test(names_logs),
                                       cmocka_unit_test(ids_have_one_text)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
