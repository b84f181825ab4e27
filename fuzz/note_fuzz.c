/* Notes, verifier keys, checkpoints, cosignatures, add-checkpoint requests: what is accepted is
 * written again the same, and the witness's decision never breaks its own rules. */
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct note_key known[2];

static void open_keys(void)
{
    static struct key_pair pair[2];
    if (pair[0].secret != NULL)
        return;
    static const unsigned char seed[2][KEY_BYTES] = {{1}, {2}};
    for (size_t i = 0; i < 2; i++)
        must(key_from_seed(seed[i], &pair[i]) == CAU_OK);
    must(note_key_of(STR("vn.example/log/public"), NOTE_SIGNATURE, &pair[0].public_key,
                     &known[0]) == CAU_OK);
    must(note_key_of(STR("ru.example/witness"), NOTE_COSIGNATURE, &pair[1].public_key,
                     &known[1]) == CAU_OK);
}

static void check_checkpoint(struct str text)
{
    struct checkpoint c;
    if (checkpoint_read(text, &c) != CAU_OK)
        return;
    struct buf b = buf_new(text.len + 1);
    checkpoint_write(&c, &b);
    must(str_equal(buf_str(&b), text));
    buf_free(&b);
}

static void check_note(struct str bytes)
{
    struct note note;
    if (note_read(bytes, &note) != CAU_OK)
        return;
    must(note.n >= 1 && note.n <= NOTE_LINES_MAX && str_ends(note.text, STR("\n")));
    struct buf b = buf_new(bytes.len + 1);
    buf_add(&b, note.text);
    buf_add_char(&b, '\n');
    for (size_t i = 0; i < note.n; i++) {
        buf_add_word(&b, "\xe2\x80\x94 ");
        buf_add(&b, note.line[i].name);
        buf_add_char(&b, ' ');
        buf_add(&b, note.line[i].base64);
        buf_add_char(&b, '\n');
    }
    must(str_equal(buf_str(&b), bytes));
    buf_free(&b);
    struct note_seal seal[2];
    enum cau_err err = note_verify(&note, known, 2, seal);
    must(err != CAU_OK || seal[0].present || seal[1].present);
    check_checkpoint(note.text);
}

static void check_request(struct str body)
{
    static struct witness_request r;
    if (witness_read(body, &r) != CAU_OK)
        return;
    struct buf b = buf_new(WITNESS_BODY_MAX);
    witness_write(r.old_size, &r.proof, r.bytes, &b);
    must(str_equal(buf_str(&b), body));
    buf_free(&b);
    struct witness_log log = {known, 1, r.old_size, r.checkpoint.root};
    if (witness_decide(&r, &log) == WITNESS_COSIGN)
        must(r.old_size <= r.checkpoint.size);
    log.size = 3;
    must(witness_decide(&r, &log) != WITNESS_COSIGN || r.old_size == 3);
    must(witness_decide(&r, NULL) == WITNESS_UNKNOWN);
}

static void check_key(struct str vkey)
{
    struct note_key key;
    if (note_read_key(vkey, &key) != CAU_OK)
        return;
    struct buf b = buf_new(vkey.len + 1);
    note_write_key(&key, &b);
    must(str_equal(buf_str(&b), vkey));
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    open_keys();
    check_note(bytes);
    check_checkpoint(bytes);
    check_request(bytes);
    check_key(bytes);
    return 0;
}
