/* note.h - signed notes (C2SP signed-note): text with signature lines; verifier keys. */
#ifndef CAU_LEDGER_NOTE_H
#define CAU_LEDGER_NOTE_H

#include "base/base.h"
#include "base/buf.h"
#include "ledger/key.h"

#define NOTE_BYTES_MAX 98304
#define NOTE_LINES_MAX 64  /* signature lines */
#define NOTE_NAME_MAX  255 /* bytes of a key's name */
#define NOTE_KEYS_MAX  64  /* known keys given to one verification */

enum note_type {
    NOTE_SIGNATURE = 0x01,  /* Ed25519 over the text */
    NOTE_COSIGNATURE = 0x04 /* cosignature/v1: a time and Ed25519 over both */
};

struct note_key {
    struct str name; /* a view */
    uint32_t id;     /* first 4 bytes of SHA-256(name 0x0A type public key), big-endian */
    enum note_type type;
    struct key_public key;
};

struct note_line {
    struct str name;
    uint32_t id;
    struct str base64; /* id and signature */
};

/* All views are of the bytes read. */
struct note {
    struct str text; /* with its last newline */
    struct str tail; /* all signature lines, each with its newline */
    struct note_line line[NOTE_LINES_MAX];
    size_t n; /* >= 1 */
};

/* What one known key said about a note. */
struct note_seal {
    bool present;    /* a valid line by this key is there */
    uint64_t time_s; /* cosignatures: the largest time among the key's lines; else 0 */
};

/* Not empty, no space of Unicode, no plus, valid UTF-8 without controls, <= NOTE_NAME_MAX. */
bool note_name_valid(struct str name);
/* Sets *out for a name and an admissible key. Errors: SYNTAX (name), REFUSED (key). */
enum cau_err note_key_of(struct str name, enum note_type type, const struct key_public *key,
                         struct note_key *out);
/* vkey: name+hex(id)+base64(type || key), whose id must be the computed one. Errors: SYNTAX,
 * UNKNOWN (a type that is not in enum note_type), REFUSED (inadmissible key). */
enum cau_err note_read_key(struct str vkey, struct note_key *out);
void note_write_key(const struct note_key *key, struct buf *out);

/* Splits a note; nothing is verified. Errors: RANGE (over NOTE_BYTES_MAX or NOTE_LINES_MAX),
 * SYNTAX; *out unchanged. */
enum cau_err note_read(struct str bytes, struct note *out);
/* Verifies the lines of known keys (name and id); other lines are ignored. seal[0..n) says who
 * signed. Errors: CORRUPT (a line of a known key does not verify), REFUSED (no line by a known
 * key); RANGE (n over NOTE_KEYS_MAX). *seal is then undefined and the text means nothing. */
enum cau_err note_verify(const struct note *note, const struct note_key *key, size_t n,
                         struct note_seal *seal);

/* Adds the signature line of key for text (ending in newline); pair must be key's. A note is: text,
 * an empty line, lines. time_s must be 1..2^63-1. */
void note_sign(struct str text, const struct note_key *key, const struct key_pair *pair,
               struct buf *out);
void note_cosign(struct str text, const struct note_key *key, const struct key_pair *pair,
                 uint64_t time_s, struct buf *out);

#endif
