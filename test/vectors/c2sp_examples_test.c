/* The notes inside the C2SP specifications: one verifies, all keep their bytes, none passes without
 * its key. */
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/witness.h"
#include "vectors.h"

#define SET  "c2sp-examples"
#define VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

static const char *const page[] = {
    "signed-note.md", "tlog-checkpoint.md", "tlog-cosignature.md", "tlog-witness.md",
    "tlog-mirror.md", "tlog-policy.md",     "tlog-proof.md",       "tlog-tiles.md"};

/* Code of a page, without the four spaces or the fences around it. */
struct code {
    struct buf text;
    bool fenced, open;
};

/* Takes the next block of code; false at the end of the page. */
static bool next_code(struct str *rest, struct code *c)
{
    buf_reset(&c->text);
    while (rest->len > 0) {
        struct str before = *rest, line = str_next(rest, '\n');
        if (str_starts(line, STR("```"))) {
            c->open = !c->open;
            if (!c->open)
                return true;
        } else if (c->open) {
            buf_add(&c->text, line);
            buf_add_char(&c->text, '\n');
        } else if (str_starts(line, STR("    "))) {
            buf_add(&c->text, str_from(line, 4));
            buf_add_char(&c->text, '\n');
        } else if (c->text.len > 0 && line.len > 0) {
            *rest = before;
            break;
        } else if (c->text.len > 0) {
            buf_add_char(&c->text, '\n');
        }
    }
    while (str_ends(buf_str(&c->text), STR("\n\n")))
        c->text.len--;
    return c->text.len > 0;
}

static bool contains(struct str x, const char *word)
{
    for (size_t i = 0; i + strlen(word) <= x.len; i++)
        if (str_starts(str_from(x, i), str_of(word)))
            return true;
    return false;
}

static void keeps_its_bytes(const struct note *note, struct str bytes)
{
    struct buf b = buf_new(NOTE_BYTES_MAX);
    buf_add(&b, note->text);
    buf_add_char(&b, '\n');
    for (size_t i = 0; i < note->n; i++) {
        buf_add_word(&b, "— ");
        buf_add(&b, note->line[i].name);
        buf_add_char(&b, ' ');
        buf_add(&b, note->line[i].base64);
        buf_add_char(&b, '\n');
    }
    check(str_equal(buf_str(&b), bytes));
    struct checkpoint c;
    if (checkpoint_read(note->text, &c) == CAU_OK) {
        buf_reset(&b);
        checkpoint_write(&c, &b);
        check(str_equal(buf_str(&b), note->text));
    }
    buf_free(&b);
}

static size_t notes, requests, verified;

static void try_request(struct str bytes)
{
    static struct witness_request r;
    if (!str_starts(bytes, STR("old ")) || witness_read(bytes, &r) != CAU_OK)
        return;
    struct buf b = buf_new(WITNESS_BODY_MAX);
    witness_write(r.old_size, &r.proof, r.bytes, &b);
    check(str_equal(buf_str(&b), bytes));
    check(witness_decide(&r, NULL) == WITNESS_UNKNOWN);
    buf_free(&b);
    requests++;
}

static void try_code(struct str bytes)
{
    struct note_key key;
    struct note note;
    struct note_seal seal;
    if (!contains(bytes, "\n\n— ") || contains(bytes, "[...]"))
        return; /* no note, or not a whole one */
    try_request(bytes);
    check(note_read_key(STR(VKEY), &key) == CAU_OK);
    check(note_read(bytes, &note) == CAU_OK);
    keeps_its_bytes(&note, bytes);
    notes++;
    if (str_is(note.text, "This is an example message.\n")) {
        check(note_verify(&note, &key, 1, &seal) == CAU_OK);
        verified++;
    } else {
        check(note_verify(&note, &key, 1, &seal) == CAU_ERR_REFUSED);
    }
}

static void examples(void **state)
{
    (void)state;
    struct code c = {.text = buf_new(1 << 20)};
    for (size_t i = 0; i < countof(page); i++) {
        struct str rest = vectors_read(SET, page[i]);
        c.open = false;
        while (next_code(&rest, &c))
            try_code(buf_str(&c.text));
    }
    buf_free(&c.text);
    printf("vectors/" SET ": %zu whole notes, %zu verified, %zu requests\n", notes, verified,
           requests);
    check(verified == 1 && requests == 1 && notes == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
