#include "ledger/note.h"

#include <string.h>

#include "base/digest.h"
#include "base/number.h"
#include "test.h"

#define TEXT "vn.example/log/public\n3\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n"

static struct key_pair log_pair, witness_pair;
static struct note_key log_key, witness_key;
static struct buf signed_note;

static int open_all(void **state)
{
    (void)state;
    static const unsigned char one[KEY_BYTES] = {1}, two[KEY_BYTES] = {2};
    check(key_from_seed(one, &log_pair) == CAU_OK);
    check(key_from_seed(two, &witness_pair) == CAU_OK);
    check(note_key_of(STR("vn.example/log/public"), NOTE_SIGNATURE, &log_pair.public_key,
                      &log_key) == CAU_OK);
    check(note_key_of(STR("ru.example/witness"), NOTE_COSIGNATURE, &witness_pair.public_key,
                      &witness_key) == CAU_OK);
    signed_note = buf_new(NOTE_BYTES_MAX);
    buf_add_word(&signed_note, TEXT "\n");
    note_sign(STR(TEXT), &log_key, &log_pair, &signed_note);
    note_cosign(STR(TEXT), &witness_key, &witness_pair, 1795219200, &signed_note);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    key_drop(&log_pair);
    key_drop(&witness_pair);
    buf_free(&signed_note);
    return 0;
}

static void verifies_the_example_of_the_specification(void **state)
{
    (void)state;
    struct note_key key;
    struct note note;
    struct note_seal seal;
    check(note_read_key(
              STR("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"),
              &key) == CAU_OK);
    check(
        note_read(STR("This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL"
                      "1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
                      "\n"),
                  &note) == CAU_OK);
    check(note_verify(&note, &key, 1, &seal) == CAU_OK && seal.present && seal.time_s == 0);
    check(str_is(note.text, "This is an example message.\n"));
}

static void keys_have_one_text(void **state)
{
    (void)state;
    struct buf b = buf_new(1024);
    const struct note_key *both[] = {&log_key, &witness_key};
    for (size_t i = 0; i < 2; i++) {
        struct note_key back;
        buf_reset(&b);
        note_write_key(both[i], &b);
        check(note_read_key(buf_str(&b), &back) == CAU_OK && back.id == both[i]->id);
        check(back.type == both[i]->type && str_equal(back.name, both[i]->name));
        b.p[both[i]->name.len + 1] = b.p[both[i]->name.len + 1] == '0' ? '1' : '0';
        check(note_read_key(buf_str(&b), &back) == CAU_ERR_SYNTAX); /* id is not the computed */
    }
    struct note_key x;
    check(note_read_key(STR("a+00000000"), &x) == CAU_ERR_SYNTAX);
    check(note_read_key(STR("a+00000000+"), &x) == CAU_ERR_SYNTAX);
    check(note_read_key(STR("a+0000000G+AAAA"), &x) == CAU_ERR_SYNTAX);
    check(note_read_key(STR("a+00000000+AQ"), &x) == CAU_ERR_SYNTAX);
    check(note_read_key(STR("a+00000000+AQAA"), &x) == CAU_ERR_SYNTAX);
    check(note_read_key(STR("a+00000000+BQAA"), &x) == CAU_ERR_UNKNOWN); /* type 5 */
    check(note_read_key(
              STR("a+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), &x) ==
          CAU_ERR_UNKNOWN); /* longer than an Ed25519 key */
    check(note_read_key(STR("a+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), &x) ==
          CAU_ERR_REFUSED); /* not a point of the group */
    check(note_key_of(STR("a b"), NOTE_SIGNATURE, &log_pair.public_key, &x) == CAU_ERR_SYNTAX);
    buf_free(&b);
}

static void names_have_rules(void **state)
{
    (void)state;
    static char name[NOTE_NAME_MAX + 1];
    memset(name, 'n', sizeof name);
    check(note_name_valid((struct str){name, NOTE_NAME_MAX}));
    check(!note_name_valid((struct str){name, NOTE_NAME_MAX + 1}));
    static const char *const bad[] = {
        "",          "a b",          "a+b",          "a\tb",          "a\nb",
        "a\xc2\xa0", "\xe3\x80\x80", "\xe2\x80\xa8", "a\xe2\x80\x83", "\xe1\x9a\x80",
        "\xc2\x85",  "\xff"};
    for (size_t i = 0; i < countof(bad); i++)
        check(!note_name_valid(str_of(bad[i])));
    check(note_name_valid(STR("cầu.example/nhật-ký")));
}

static void signs_and_verifies(void **state)
{
    (void)state;
    struct note note;
    const struct note_key both[] = {witness_key, log_key};
    struct note_seal seal[2];
    check(note_read(buf_str(&signed_note), &note) == CAU_OK && note.n == 2);
    check(str_is(note.text, TEXT) && str_starts(note.tail, STR("— vn.example/log/public ")));
    check(note_verify(&note, both, 2, seal) == CAU_OK);
    check(seal[0].present && seal[0].time_s == 1795219200);
    check(seal[1].present && seal[1].time_s == 0);
    check(note_verify(&note, both, 1, seal) == CAU_OK); /* the other line is a stranger's */
    check(note_verify(&note, both, 0, seal) == CAU_ERR_REFUSED);
    check(note_verify(&note, both, NOTE_KEYS_MAX + 1, seal) == CAU_ERR_RANGE);

    struct note_key renamed; /* the same key under another name is another key */
    check(note_key_of(STR("vn.example/log/other"), NOTE_SIGNATURE, &log_pair.public_key,
                      &renamed) == CAU_OK);
    check(note_verify(&note, &renamed, 1, seal) == CAU_ERR_REFUSED);
    renamed = log_key; /* name and id of a known key, signed by somebody else */
    renamed.key = witness_pair.public_key;
    check(note_verify(&note, &renamed, 1, seal) == CAU_ERR_CORRUPT);
}

static void one_bad_line_spoils_the_note(void **state)
{
    (void)state;
    const struct note_key both[] = {witness_key, log_key};
    struct note_seal seal[2];
    struct note note;
    struct buf b = buf_new(NOTE_BYTES_MAX);
    buf_add(&b, buf_str(&signed_note));
    size_t refused = 0;
    for (size_t i = 0; i < b.len; i++) { /* no changed byte goes unseen by both keys */
        b.p[i] = (char)(b.p[i] ^ 1);
        bool good = note_read(buf_str(&b), &note) == CAU_OK &&
                    note_verify(&note, both, 2, seal) == CAU_OK && seal[0].present &&
                    seal[1].present;
        check(!good);
        refused++;
        b.p[i] = (char)(b.p[i] ^ 1);
    }
    check(refused == b.len);
    note_cosign(STR(TEXT), &witness_key, &witness_pair, 1795219201, &b); /* twice: the later */
    check(note_read(buf_str(&b), &note) == CAU_OK && note.n == 3);
    check(note_verify(&note, both, 2, seal) == CAU_OK && seal[0].time_s == 1795219201);
    note_sign(STR("else\n"), &log_key, &log_pair,
              &b); /* good line, then a bad one by one key */
    check(note_read(buf_str(&b), &note) == CAU_OK && note.n == 4);
    check(note_verify(&note, both, 2, seal) == CAU_ERR_CORRUPT);
    check(note_verify(&note, both, 1, seal) == CAU_OK);
    buf_free(&b);
}

static void refuses_other_forms(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n— a AAAAAAAA\n",
        "text\n\n— a AAAAAAAAAAAA",
        "text\n\n— a AAAAAAAAAAAA\n\n",
        "text\n\n- a AAAAAAAAAAAA\n",
        "text\n\n—a AAAAAAAAAAAA\n",
        "text\n\n— AAAAAAAAAAAA\n",
        "text\n\n—  AAAAAAAAAAAA\n",
        "text\n\n— a  AAAAAAAAAAAA\n",
        "text\n\n— a+b AAAAAAAAAAAA\n",
        "text\n\n— a AAAAAAAAAAA\n",
        "text\n\n— a AAAAAAAA\n",
        "text\n\n— a AAAA====AAAA\n",
        "text\n\n— a AAAAAAAA====\n",
        "text\n\n— a AAAAAAAA_AAA\n",
        "text\n\n— a AAAAAAAAAAAA \n",
        "text\n\n— a AAAAAAAAAAAA\r\n",
        "te\txt\n\n— a AAAAAAAAAAAA\n",
        "te\xff\n\n— a AAAAAAAAAAAA\n",
        "text\n\n— a AAAAAAAAAAAA\n— b\n",
        "text\n\n\xe2\x80\x94\xc2\xa0z AAAAAAAAAAAA\n",
    };
    struct note note = {.n = 7};
    for (size_t i = 0; i < countof(bad); i++)
        check(note_read(str_of(bad[i]), &note) == CAU_ERR_SYNTAX);
    check(note.n == 7);
    check(note_read(STR("text\n\n— a AAAAAAAAAAAA\n"), &note) == CAU_OK && note.n == 1);
    check(note_read(STR("a\n\nb\n\n— a AAAAAAAAAAA=\n"), &note) == CAU_OK);
    check(str_is(note.text, "a\n\nb\n")); /* up to the last empty line */
    check(note_read((struct str){"te\0t\n\n— a AAAAAAAAAAAA\n", 24}, &note) == CAU_ERR_SYNTAX);
}

static void notes_have_limits(void **state)
{
    (void)state;
    struct note note;
    struct buf b = buf_new(NOTE_BYTES_MAX + 1);
    buf_add_word(&b, "text\n\n");
    for (size_t i = 0; i < NOTE_LINES_MAX; i++)
        buf_add_word(&b, "— a AAAAAAAAAAAA\n");
    check(note_read(buf_str(&b), &note) == CAU_OK && note.n == NOTE_LINES_MAX);
    buf_add_word(&b, "— a AAAAAAAAAAAA\n");
    check(note_read(buf_str(&b), &note) == CAU_ERR_RANGE);
    buf_reset(&b);
    while (b.len < NOTE_BYTES_MAX - 21)
        buf_add_char(&b, 'x');
    buf_add_word(&b, "\n\n— a AAAAAAAAAAAA\n");
    check(b.len == NOTE_BYTES_MAX && note_read(buf_str(&b), &note) == CAU_OK);
    b.p[0] = '\n';
    buf_add_char(&b, '\n');
    check(note_read(buf_str(&b), &note) == CAU_ERR_RANGE);
    buf_free(&b);
}

/* As signatures after quantum computers will be: a stranger's long line is passed over. */
static void a_line_may_have_5_kilobytes(void **state)
{
    (void)state;
    struct note note;
    struct note_seal seal;
    struct buf b = buf_new(NOTE_BYTES_MAX);
    buf_add(&b, buf_str(&signed_note));
    buf_add_word(&b, "— pq.example ");
    for (size_t i = 0; i < 1250; i++)
        buf_add_word(&b, "BQAA");
    buf_add_char(&b, '\n');
    check(note_read(buf_str(&b), &note) == CAU_OK && note.n == 3);
    check(note_verify(&note, &log_key, 1, &seal) == CAU_OK);
    buf_free(&b);
}

/* A cosignature of "x" made by hand, so that its time can be wrong under a good signature. */
static enum cau_err verify_time(uint64_t time_s)
{
    struct buf message = buf_new(256), b = buf_new(1024);
    buf_add_word(&message, "cosignature/v1\ntime ");
    buf_add_u64(&message, time_s);
    buf_add_word(&message, "\nx\n");
    unsigned char raw[4 + 8 + KEY_SIG_BYTES];
    struct key_sig sig = key_sign(&witness_pair, buf_str(&message));
    number_put_be32(raw, witness_key.id);
    number_put_be64(raw + 4, time_s);
    memcpy(raw + 12, sig.b, sizeof sig.b);
    buf_add_word(&b, "x\n\n— ru.example/witness ");
    char *p = buf_extend(&b, DIGEST_BASE64(sizeof raw));
    digest_to_base64(raw, sizeof raw, p);
    buf_add_char(&b, '\n');
    struct note note;
    struct note_seal seal;
    check(note_read(buf_str(&b), &note) == CAU_OK);
    enum cau_err err = note_verify(&note, &witness_key, 1, &seal);
    check(err != CAU_OK || seal.time_s == time_s);
    buf_free(&message);
    buf_free(&b);
    return err;
}

static void times_have_a_limit(void **state)
{
    (void)state;
    check(verify_time(1795219200) == CAU_OK);
    check(verify_time(INT64_MAX) == CAU_OK);
    check(verify_time((uint64_t)INT64_MAX + 1) == CAU_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verifies_the_example_of_the_specification),
        cmocka_unit_test(keys_have_one_text),
        cmocka_unit_test(names_have_rules),
        cmocka_unit_test(signs_and_verifies),
        cmocka_unit_test(one_bad_line_spoils_the_note),
        cmocka_unit_test(refuses_other_forms),
        cmocka_unit_test(notes_have_limits),
        cmocka_unit_test(a_line_may_have_5_kilobytes),
        cmocka_unit_test(times_have_a_limit)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
