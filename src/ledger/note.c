#include "ledger/note.h"

#include <string.h>

#include "base/digest.h"
#include "base/number.h"
#include "base/utf8.h"
#include "ledger/line_int.h"

#define DASH      "\xe2\x80\x94 " /* em dash and space: every signature line begins so */
#define ID_BYTES  4
#define ID_CHARS  8 /* of base64, that hold the id */
#define TIME_MAX  ((uint64_t)INT64_MAX)
#define VKEY_TAIL (1 + KEY_BYTES) /* type and key */

/* ---- names and keys ---- */

static bool is_space(uint32_t c) /* Unicode White_Space */
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

bool note_name_valid(struct str name)
{
    if (name.len == 0 || name.len > NOTE_NAME_MAX || !utf8_valid(name))
        return false;
    while (name.len > 0) {
        uint32_t c = utf8_next(&name);
        if (c < 0x20 || c == '+' || is_space(c))
            return false;
    }
    return true;
}

static uint32_t id_of(struct str name, enum note_type type, const struct key_public *key)
{
    const char middle[2] = {'\n', (char)type};
    const struct str part[] = {
        name, {middle, sizeof middle}, {(const char *)key->b, sizeof key->b}};
    struct digest d = digest_sha256(part, countof(part));
    return number_be32(d.b);
}

enum cau_err note_key_of(struct str name, enum note_type type, const struct key_public *key,
                         struct note_key *out)
{
    must(type == NOTE_SIGNATURE || type == NOTE_COSIGNATURE);
    if (!note_name_valid(name))
        return CAU_ERR_SYNTAX;
    if (!key_admissible(key))
        return CAU_ERR_REFUSED;
    *out = (struct note_key){name, id_of(name, type, key), type, *key};
    return CAU_OK;
}

enum cau_err note_read_key(struct str vkey, struct note_key *out)
{
    struct str rest = vkey, name = str_next(&rest, '+'), hex = str_next(&rest, '+');
    unsigned char id[ID_BYTES], tail[VKEY_TAIL];
    size_t n = 0;
    if (rest.p == NULL || !note_name_valid(name) ||
        digest_from_hex(hex, id, sizeof id) != CAU_OK)
        return CAU_ERR_SYNTAX;
    enum cau_err err = digest_from_base64(rest, tail, sizeof tail, &n);
    if (err == CAU_ERR_RANGE) /* longer keys are of other types */
        return CAU_ERR_UNKNOWN;
    if (err != CAU_OK || n == 0)
        return CAU_ERR_SYNTAX;
    if (tail[0] != NOTE_SIGNATURE && tail[0] != NOTE_COSIGNATURE)
        return CAU_ERR_UNKNOWN;
    if (n != sizeof tail)
        return CAU_ERR_SYNTAX;
    struct key_public key;
    struct note_key read;
    memcpy(key.b, tail + 1, sizeof key.b);
    err = note_key_of(name, (enum note_type)tail[0], &key, &read);
    if (err != CAU_OK)
        return err;
    if (read.id != number_be32(id))
        return CAU_ERR_SYNTAX;
    *out = read;
    return CAU_OK;
}

void note_write_key(const struct note_key *key, struct buf *out)
{
    unsigned char id[ID_BYTES], tail[VKEY_TAIL];
    char hex[DIGEST_HEX(ID_BYTES)];
    number_put_be32(id, key->id);
    digest_to_hex(id, sizeof id, hex);
    tail[0] = (unsigned char)key->type;
    memcpy(tail + 1, key->key.b, KEY_BYTES);
    buf_add(out, key->name);
    buf_add_char(out, '+');
    buf_add(out, (struct str){hex, sizeof hex});
    buf_add_char(out, '+');
    line_add_base64((struct str){(const char *)tail, sizeof tail}, out);
}

/* ---- reading ---- */

static bool characters_valid(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if ((unsigned char)x.p[i] < 0x20 && x.p[i] != '\n')
            return false;
    return utf8_valid(x);
}

static bool is_base64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '+' || c == '/';
}

/* Characters and length of padded base64. Unused bits are tested only where a line is used: what
 * a stranger's signature looks like must not decide over the note. */
static bool base64_shape(struct str x)
{
    if (x.len % 4 != 0)
        return false;
    for (size_t pad = 0; pad < 2 && x.len > 0 && x.p[x.len - 1] == '='; pad++)
        x.len--;
    for (size_t i = 0; i < x.len; i++)
        if (!is_base64(x.p[i]))
            return false;
    return true;
}

static enum cau_err read_line(struct str text, struct note_line *out)
{
    if (!str_starts(text, STR(DASH)))
        return CAU_ERR_SYNTAX;
    struct str rest = str_from(text, sizeof DASH - 1), name = str_next(&rest, ' ');
    unsigned char head[6];
    size_t n;
    if (rest.p == NULL || !note_name_valid(name) || rest.len <= ID_CHARS ||
        !base64_shape(rest) ||
        digest_from_base64(str_to(rest, ID_CHARS), head, sizeof head, &n) != CAU_OK ||
        n != sizeof head)
        return CAU_ERR_SYNTAX;
    *out = (struct note_line){name, number_be32(head), rest};
    return CAU_OK;
}

/* Where the signature lines begin: behind the last empty line. 0 when there is none. */
static size_t find_tail(struct str bytes)
{
    for (size_t i = bytes.len; i >= 2; i--)
        if (bytes.p[i - 1] == '\n' && bytes.p[i - 2] == '\n')
            return i;
    return 0;
}

enum cau_err note_read(struct str bytes, struct note *out)
{
    if (bytes.len > NOTE_BYTES_MAX)
        return CAU_ERR_RANGE;
    size_t at = find_tail(bytes);
    if (!characters_valid(bytes) || !str_ends(bytes, STR("\n")) || at == 0 || at == bytes.len)
        return CAU_ERR_SYNTAX;
    struct note note = {.text = str_to(bytes, at - 1), .tail = str_from(bytes, at)};
    for (struct str rest = note.tail; rest.len > 0;) {
        struct str line = str_next(&rest, '\n');
        if (note.n == NOTE_LINES_MAX)
            return CAU_ERR_RANGE;
        enum cau_err err = read_line(line, &note.line[note.n]);
        if (err != CAU_OK)
            return err;
        note.n++;
    }
    *out = note;
    return CAU_OK;
}

/* ---- signatures ---- */

/* cosignature/v1: what is signed beside the text is a head with the time. */
static struct buf cosigned(struct str text, uint64_t time_s)
{
    struct buf b = buf_new(NOTE_BYTES_MAX + 64);
    buf_add_word(&b, "cosignature/v1\ntime ");
    buf_add_u64(&b, time_s);
    buf_add_char(&b, '\n');
    buf_add(&b, text);
    return b;
}

static enum cau_err check_line(struct str text, const struct note_line *line,
                               const struct note_key *key, uint64_t *time_s)
{
    unsigned char raw[ID_BYTES + 8 + KEY_SIG_BYTES];
    size_t n, time_bytes = key->type == NOTE_COSIGNATURE ? 8 : 0;
    struct key_sig sig;
    if (digest_from_base64(line->base64, raw, sizeof raw, &n) != CAU_OK ||
        n != ID_BYTES + time_bytes + sizeof sig.b)
        return CAU_ERR_CORRUPT;
    memcpy(sig.b, raw + ID_BYTES + time_bytes, sizeof sig.b);
    *time_s = 0;
    if (time_bytes == 0)
        return key_verify(&key->key, text, &sig);
    *time_s = number_be64(raw + ID_BYTES);
    if (*time_s > TIME_MAX)
        return CAU_ERR_CORRUPT;
    struct buf b = cosigned(text, *time_s);
    enum cau_err err = b.failed ? CAU_ERR_CORRUPT : key_verify(&key->key, buf_str(&b), &sig);
    buf_free(&b);
    return err;
}

enum cau_err note_verify(const struct note *note, const struct note_key *key, size_t n,
                         struct note_seal *seal)
{
    if (n > NOTE_KEYS_MAX)
        return CAU_ERR_RANGE;
    for (size_t k = 0; k < n; k++)
        seal[k] = (struct note_seal){0};
    bool any = false;
    for (size_t i = 0; i < note->n; i++)
        for (size_t k = 0; k < n; k++) {
            const struct note_line *line = &note->line[i];
            if (line->id != key[k].id || !str_equal(line->name, key[k].name))
                continue;
            uint64_t time_s;
            enum cau_err err = check_line(note->text, line, &key[k], &time_s);
            if (err != CAU_OK)
                return err;
            any = seal[k].present = true;
            if (time_s > seal[k].time_s)
                seal[k].time_s = time_s;
        }
    return any ? CAU_OK : CAU_ERR_REFUSED;
}

static void add_line(struct buf *out, const struct note_key *key, const unsigned char *raw,
                     size_t n)
{
    buf_add_word(out, DASH);
    buf_add(out, key->name);
    buf_add_char(out, ' ');
    line_add_base64((struct str){(const char *)raw, n}, out);
    buf_add_char(out, '\n');
}

static void must_be_pair(const struct note_key *key, enum note_type type,
                         const struct key_pair *pair)
{
    must(key->type == type);
    must(memcmp(key->key.b, pair->public_key.b, sizeof key->key.b) == 0);
}

void note_sign(struct str text, const struct note_key *key, const struct key_pair *pair,
               struct buf *out)
{
    must_be_pair(key, NOTE_SIGNATURE, pair);
    must(str_ends(text, STR("\n")));
    unsigned char raw[ID_BYTES + KEY_SIG_BYTES];
    struct key_sig sig = key_sign(pair, text);
    number_put_be32(raw, key->id);
    memcpy(raw + ID_BYTES, sig.b, sizeof sig.b);
    add_line(out, key, raw, sizeof raw);
}

void note_cosign(struct str text, const struct note_key *key, const struct key_pair *pair,
                 uint64_t time_s, struct buf *out)
{
    must_be_pair(key, NOTE_COSIGNATURE, pair);
    must(str_ends(text, STR("\n")) && time_s > 0 && time_s <= TIME_MAX);
    unsigned char raw[ID_BYTES + 8 + KEY_SIG_BYTES];
    struct buf b = cosigned(text, time_s);
    if (b.failed) {
        out->failed = true;
        buf_free(&b);
        return;
    }
    struct key_sig sig = key_sign(pair, buf_str(&b));
    buf_free(&b);
    number_put_be32(raw, key->id);
    number_put_be64(raw + ID_BYTES, time_s);
    memcpy(raw + ID_BYTES + 8, sig.b, sizeof sig.b);
    add_line(out, key, raw, sizeof raw);
}
