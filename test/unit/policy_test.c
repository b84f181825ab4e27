#include "ledger/policy.h"

#include <string.h>

#include "test.h"

enum { KEYS = POLICY_LOGS_MAX + POLICY_WITNESSES_MAX + 2 };

static char vkey[KEYS][128]; /* even: signature, odd: cosignature */
static struct policy policy;
static size_t line;

static int open_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < KEYS; i++) {
        unsigned char seed[KEY_BYTES] = {(unsigned char)(i + 1)};
        struct key_pair pair;
        struct note_key key;
        struct buf b = buf_new(sizeof vkey[0]);
        check(key_from_seed(seed, &pair) == CAU_OK);
        check(note_key_of(STR("o"), i % 2 == 0 ? NOTE_SIGNATURE : NOTE_COSIGNATURE,
                          &pair.public_key, &key) == CAU_OK);
        note_write_key(&key, &b);
        memcpy(vkey[i], b.p, b.len);
        buf_free(&b);
        key_drop(&pair);
    }
    return 0;
}

/* Reads a text in which each of @A @B ... stands for a verifier key. */
static enum cau_err read_text(const char *text)
{
    struct buf b = buf_new(POLICY_BYTES_MAX + 100);
    static char kept[POLICY_BYTES_MAX + 100];
    for (; *text != '\0'; text++) {
        if (*text == '@')
            buf_add_word(&b, vkey[*++text - 'A']);
        else
            buf_add_char(&b, *text);
    }
    if (b.len > 0)
        memcpy(kept, b.p, b.len);
    enum cau_err err = policy_read((struct str){kept, b.len}, &policy, &line);
    buf_free(&b);
    return err;
}

#define TWO_SIDES                                                                              \
    "# the example of the specification\n"                                                     \
    "log @A https://vn.example/\n\n"                                                           \
    " witness\tX1  @B https://x1.example/ \n"                                                  \
    "witness X2 @D\nwitness X3 @F\n"                                                           \
    "group X-witnesses 2 X1 X2 X3\n"                                                           \
    "witness Y1 @H\nwitness Y2 @J\n"                                                           \
    "group Y-witnesses any Y1 Y2\n"                                                            \
    "group X-and-Y all X-witnesses Y-witnesses\n"

/* Seals of the log, X1 X2 X3 Y1 Y2 as digits. */
static bool holds(const char *digits, const char *origin)
{
    struct note_seal seal[NOTE_KEYS_MAX] = {{0}};
    struct note_key key[NOTE_KEYS_MAX];
    check(policy_keys(&policy, key) == strlen(digits));
    for (size_t i = 0; digits[i] != '\0'; i++)
        seal[i].present = digits[i] == '1';
    return policy_holds(&policy, str_of(origin), seal);
}

static void decides_by_groups(void **state)
{
    (void)state;
    check(read_text(TWO_SIDES "quorum X-and-Y\n") == CAU_OK);
    check(policy.logs == 1 && policy.members == 8);
    check(str_is(policy.log[0].url, "https://vn.example/"));
    check(str_is(policy.member[0].url, "https://x1.example/") &&
          policy.member[1].url.p == NULL);
    check(holds("111010", "o") && holds("101101", "o") && holds("111111", "o"));
    check(!holds("110010", "o")); /* one X only */
    check(!holds("111100", "o")); /* no Y */
    check(!holds("011111", "o")); /* not the log */
    check(!holds("111111", "p")); /* another origin */
    check(read_text(TWO_SIDES "quorum Y2\n") == CAU_OK);
    check(holds("100001", "o") && !holds("111110", "o"));
    check(read_text(TWO_SIDES "quorum none\n") == CAU_OK);
    check(holds("100000", "o") && !holds("000000", "o"));
}

static void refuses(const char *text, enum cau_err want, size_t where)
{
    struct policy before = policy;
    assert_int_equal(read_text(text), want);
    assert_int_equal(line, where);
    check(memcmp(&before, &policy, sizeof policy) == 0);
}

static void refuses_what_is_not_allowed(void **state)
{
    (void)state;
    refuses("", CAU_ERR_SYNTAX, 1);
    refuses("log @A\n", CAU_ERR_SYNTAX, 2);
    refuses("quorum none", CAU_ERR_SYNTAX, 1);
    refuses("quorum none\nquorum none\n", CAU_ERR_REFUSED, 2);
    refuses("quorum w\nwitness w @B\n", CAU_ERR_UNKNOWN, 1);
    refuses("quorum none x\n", CAU_ERR_SYNTAX, 1);
    refuses("quorum\n", CAU_ERR_SYNTAX, 1);
    refuses("Quorum none\n", CAU_ERR_SYNTAX, 1);
    refuses("quorum none\r\n", CAU_ERR_SYNTAX, 1);
    refuses("log @A\nlog @A\n", CAU_ERR_REFUSED, 2);
    refuses("log @B\n", CAU_ERR_UNKNOWN, 1); /* a witness's key */
    refuses("log @A url more\n", CAU_ERR_SYNTAX, 1);
    refuses("log\n", CAU_ERR_SYNTAX, 1);
    refuses("witness\n", CAU_ERR_SYNTAX, 1);
    refuses("witness w\n", CAU_ERR_SYNTAX, 1);
    refuses("witness w @A\n", CAU_ERR_UNKNOWN, 1);
    refuses("witness none @B\n", CAU_ERR_REFUSED, 1);
    refuses("witness w @B\nwitness w @D\n", CAU_ERR_REFUSED, 2);
    refuses("witness w @B\nwitness v @B\n", CAU_ERR_REFUSED, 2);
    refuses("witness w @B\ngroup g any\n", CAU_ERR_SYNTAX, 2);
    refuses("witness w @B\ngroup g 0 w\n", CAU_ERR_SYNTAX, 2);
    refuses("witness w @B\ngroup g 2 w\n", CAU_ERR_SYNTAX, 2);
    refuses("witness w @B\ngroup g 01 w\n", CAU_ERR_SYNTAX, 2);
    refuses("witness w @B\ngroup w any w\n", CAU_ERR_REFUSED, 2);
    refuses("witness w @B\ngroup g any v\n", CAU_ERR_UNKNOWN, 2);
    refuses("witness w @B\ngroup g any g\n", CAU_ERR_UNKNOWN, 2);
    refuses("witness w @B\ngroup g any w w\n", CAU_ERR_REFUSED, 2);
    refuses("witness w @B\ngroup g any w\ngroup h any w\n", CAU_ERR_REFUSED, 3);
    refuses("group\n", CAU_ERR_SYNTAX, 1);
}

/* Adds lines "<head><i> <key of i><tail>". */
static void add_lines(struct buf *b, const char *head, size_t n, size_t first_key)
{
    for (size_t i = 0; i < n; i++) {
        buf_add_word(b, head);
        if (first_key % 2 == 1) {
            buf_add_u64(b, i);
            buf_add_char(b, ' ');
        }
        buf_add_word(b, vkey[first_key + 2 * i]);
        buf_add_char(b, '\n');
    }
}

static void policies_have_limits(void **state)
{
    (void)state;
    struct buf b = buf_new(POLICY_BYTES_MAX + 1);
    add_lines(&b, "log ", POLICY_LOGS_MAX, 0);
    add_lines(&b, "witness w", POLICY_WITNESSES_MAX, 1);
    for (size_t i = 0; i < POLICY_GROUPS_MAX; i++)
        buf_printf(&b, "group g%zu all w%zu\n", i, i);
    size_t full = b.len;
    buf_add_word(&b, "quorum g31\n");
    check(policy_read(buf_str(&b), &policy, &line) == CAU_OK);
    check(policy.logs == 32 && policy.members == 64);
    struct note_key key[NOTE_KEYS_MAX];
    check(policy_keys(&policy, key) == 64);
    b.len = full;
    buf_printf(&b, "log %s\n", vkey[64]);
    check(policy_read(buf_str(&b), &policy, &line) == CAU_ERR_RANGE && line == 97);
    b.len = full;
    buf_printf(&b, "witness w32 %s\n", vkey[65]);
    check(policy_read(buf_str(&b), &policy, &line) == CAU_ERR_RANGE);
    b.len = full;
    buf_add_word(&b, "group g32 any g31\n");
    check(policy_read(buf_str(&b), &policy, &line) == CAU_ERR_RANGE);
    b.len = full;
    buf_add_word(&b, "quorum none\n#");
    while (b.len < POLICY_BYTES_MAX - 1)
        buf_add_char(&b, 'x');
    buf_add_char(&b, '\n');
    check(policy_read(buf_str(&b), &policy, &line) == CAU_OK);
    buf_add_char(&b, '\n');
    check(policy_read(buf_str(&b), &policy, &line) == CAU_ERR_RANGE && line == 0);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(decides_by_groups),
                                       cmocka_unit_test(refuses_what_is_not_allowed),
                                       cmocka_unit_test(policies_have_limits)};
    return cmocka_run_group_tests(tests, open_all, NULL);
}
