#include "ledger/leaf.h"

#include <string.h>

#include "base/number.h"
#include "ledger/tree.h"

#define N_OPS 8

static const char *const op_word[] = {"ack", "claim", "fork",   "key",
                                      "org", "put",   "redact", "schema"};
static const char *const act_word[] = {"add", "revoke"};
static const char *const use_word[] = {"log", "mirror", "org", "request", "witness"};
static const char *const claim_word[] = {"annotates",   "disputes", "endorses",  "handover",
                                         "not_same_as", "same_as",  "translates"};

_Static_assert(countof(op_word) == N_OPS && LEAF_SCHEMA == N_OPS - 1, "a word for each op");
_Static_assert(LEAF_USE_WITNESS == countof(use_word) - 1, "a word for each use");
_Static_assert(LEAF_TRANSLATES == countof(claim_word) - 1, "a word for each claim");

/* ---- rules ---- */

static bool in(const struct leaf *x, enum leaf_op a, enum leaf_op b, enum leaf_op c)
{
    return x->op == a || x->op == b || x->op == c;
}

static bool has_rid(const struct leaf *x)
{
    return in(x, LEAF_PUT, LEAF_CLAIM, LEAF_REDACT);
}

static bool has_version(const struct leaf *x)
{
    return in(x, LEAF_PUT, LEAF_CLAIM, LEAF_CLAIM);
}

static bool has_about(const struct leaf *x)
{
    return in(x, LEAF_CLAIM, LEAF_ACK, LEAF_ACK);
}

static bool has_plen(const struct leaf *x)
{
    return x->has_commit && str_is(leaf_audience_base(x->aud), "public");
}

static bool has_from_index(const struct leaf *x)
{
    return x->op == LEAF_KEY && x->act == LEAF_REVOKE;
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [a-z][a-z0-9_]{0,31}, and also `more` after the first. */
static bool word_valid(struct str x, char more)
{
    if (x.len == 0 || x.len > LEAF_WORD_MAX || !is_lower(x.p[0]))
        return false;
    for (size_t i = 1; i < x.len; i++)
        if (!is_lower(x.p[i]) && !is_digit(x.p[i]) && x.p[i] != '_' && x.p[i] != more)
            return false;
    return true;
}

static bool kind_valid(struct str x)
{
    struct str major = x, name = str_next(&major, '/');
    uint64_t n;
    return word_valid(name, '_') && major.p != NULL &&
           number_read(major, LEAF_MAJOR_MAX, &n) == CAU_OK && n > 0;
}

bool leaf_audience_valid(struct str aud)
{
    struct str suffix = aud, name = str_next(&suffix, '.');
    uint64_t generation = 2;
    if (suffix.p != NULL && number_read(suffix, 999, &generation) != CAU_OK)
        return false;
    return word_valid(name, '-') && generation >= 2;
}

struct str leaf_audience_base(struct str aud)
{
    return str_next(&aud, '.');
}

bool leaf_node_valid(struct str node)
{
    if (node.len == 0 || node.len > LEAF_NODE_MAX)
        return false;
    char before = '.';
    for (size_t i = 0; i < node.len; i++) {
        char c = node.p[i];
        if (!is_lower(c) && !is_digit(c) && c != '-' && c != '.')
            return false;
        if (before == '.' ? c == '.' || c == '-' : before == '-' && c == '.')
            return false;
        before = c;
    }
    return before != '.' && before != '-';
}

enum cau_err leaf_read_origin(struct str origin, struct str *node, struct str *aud)
{
    struct str rest = origin, name = str_next(&rest, '/');
    if (rest.p == NULL || !str_starts(rest, STR("log/")))
        return CAU_ERR_SYNTAX;
    struct str audience = str_from(rest, 4);
    if (!leaf_node_valid(name) || !leaf_audience_valid(audience))
        return CAU_ERR_SYNTAX;
    *node = name;
    *aud = audience;
    return CAU_OK;
}

void leaf_write_origin(struct str node, struct str aud, struct buf *out)
{
    buf_add(out, node);
    buf_add_word(out, "/log/");
    buf_add(out, aud);
}

static bool origin_valid(struct str x)
{
    struct str node, aud;
    return leaf_read_origin(x, &node, &aud) == CAU_OK;
}

static bool number_valid(uint64_t n, uint64_t least)
{
    return n >= least && n <= (uint64_t)NUMBER_INTEGER_MAX;
}

static enum cau_err check_version(const struct leaf *x)
{
    if (!kind_valid(x->kind) || (x->op == LEAF_PUT && !x->has_commit))
        return CAU_ERR_SYNTAX;
    if (!number_valid(x->n, 1) ||
        (has_plen(x) && (x->plen == 0 || x->plen > PAYLOAD_BYTES_MAX)))
        return CAU_ERR_RANGE;
    return CAU_OK;
}

enum cau_err leaf_check(const struct leaf *x)
{
    must(x->op < N_OPS);
    must(x->act < countof(act_word) && x->use < countof(use_word) &&
         x->claim < countof(claim_word));
    if (!leaf_node_valid(x->node) || !leaf_audience_valid(x->aud))
        return CAU_ERR_SYNTAX;
    if (x->t <= 0 || x->t > NUMBER_INTEGER_MAX)
        return CAU_ERR_RANGE;
    if (has_version(x))
        return has_about(x) && !origin_valid(x->about.origin) ? CAU_ERR_SYNTAX
                                                              : check_version(x);
    if (has_about(x))
        return origin_valid(x->about.origin) ? CAU_OK : CAU_ERR_SYNTAX;
    switch (x->op) {
    case LEAF_REDACT:
        if (!number_valid(x->upto, 1))
            return CAU_ERR_RANGE;
        return word_valid(x->why, '_') ? CAU_OK : CAU_ERR_SYNTAX;
    case LEAF_KEY:
        if (has_from_index(x) && !number_valid(x->from_index, 0))
            return CAU_ERR_RANGE;
        return key_admissible(&x->key) ? CAU_OK : CAU_ERR_REFUSED;
    case LEAF_FORK:
        if (!number_valid(x->last.size, 0))
            return CAU_ERR_RANGE;
        return origin_valid(x->last.origin) ? CAU_OK : CAU_ERR_SYNTAX;
    default: /* org and schema: nothing that can be wrong */
        return CAU_OK;
    }
}

/* ---- writing: members in the order of their names, nothing between ---- */

static void open_string(struct buf *b, const char *name)
{
    buf_add_char(b, ',');
    buf_add_char(b, '"');
    buf_add_word(b, name);
    buf_add_word(b, "\":\"");
}

static void add_string(struct buf *b, const char *name, struct str value)
{
    open_string(b, name);
    buf_add(b, value);
    buf_add_char(b, '"');
}

static void add_number(struct buf *b, const char *name, uint64_t value)
{
    buf_add_char(b, ',');
    buf_add_char(b, '"');
    buf_add_word(b, name);
    buf_add_word(b, "\":");
    buf_add_u64(b, value);
}

static void add_bytes(struct buf *b, const char *name, const void *bytes, size_t n)
{
    open_string(b, name);
    char *p = buf_extend(b, DIGEST_URL64(n));
    if (p != NULL)
        digest_to_url64(bytes, n, p);
    buf_add_char(b, '"');
}

static void add_rid(struct buf *b, const struct leaf_id *id)
{
    char text[LEAF_ID_CHARS];
    leaf_write_rid(id, text);
    add_string(b, "rid", (struct str){text, sizeof text});
}

/* Each member is written with a comma before it; close_object turns the first into a brace. */
static void open_object(struct buf *b, const char *name, size_t *at)
{
    buf_add_char(b, ',');
    buf_add_char(b, '"');
    buf_add_word(b, name);
    buf_add_word(b, "\":");
    *at = b->len;
}

static void close_object(struct buf *b, size_t at)
{
    buf_add_char(b, '}');
    if (!b->failed)
        b->p[at] = '{';
}

static void add_about(struct buf *b, const struct leaf_about *about)
{
    size_t at;
    open_object(b, "about", &at);
    add_bytes(b, "leaf", about->leaf.b, sizeof about->leaf.b);
    add_string(b, "origin", about->origin);
    add_rid(b, &about->rid);
    close_object(b, at);
}

static void add_last(struct buf *b, const struct leaf_last *last)
{
    size_t at;
    open_object(b, "last", &at);
    add_string(b, "origin", last->origin);
    add_bytes(b, "root", last->root.b, sizeof last->root.b);
    add_number(b, "size", last->size);
    close_object(b, at);
}

/* Members up to "n". */
static void add_front(struct buf *b, const struct leaf *x)
{
    char key[LEAF_KEY_CHARS];
    if (has_about(x))
        add_about(b, &x->about);
    if (x->op == LEAF_KEY)
        add_string(b, "act", str_of(act_word[x->act]));
    add_string(b, "aud", x->aud);
    leaf_write_key(&x->by, key);
    add_string(b, "by", (struct str){key, sizeof key});
    if (x->op == LEAF_CLAIM)
        add_string(b, "claim", str_of(claim_word[x->claim]));
    if (has_version(x) && x->has_commit)
        add_bytes(b, "commit", x->commit.b, sizeof x->commit.b);
    if (has_from_index(x))
        add_number(b, "from_index", x->from_index);
    if (x->op == LEAF_SCHEMA)
        add_bytes(b, "hash", x->hash.b, sizeof x->hash.b);
    if (x->op == LEAF_KEY)
        add_bytes(b, "key", x->key.b, sizeof x->key.b);
    if (has_version(x))
        add_string(b, "kind", x->kind);
    if (x->op == LEAF_FORK)
        add_last(b, &x->last);
    if (has_version(x))
        add_number(b, "n", x->n);
}

static void add_back(struct buf *b, const struct leaf *x, bool with_sig)
{
    char org[LEAF_ID_CHARS];
    add_string(b, "node", x->node);
    add_string(b, "op", str_of(op_word[x->op]));
    leaf_write_org(&x->org, org);
    add_string(b, "org", (struct str){org, sizeof org});
    if (has_version(x) && has_plen(x))
        add_number(b, "plen", x->plen);
    if (has_version(x) && x->n > 1)
        add_bytes(b, "prev", x->prev.b, sizeof x->prev.b);
    if (has_rid(x))
        add_rid(b, &x->rid);
    if (with_sig)
        add_bytes(b, "sig", x->sig.b, sizeof x->sig.b);
    add_number(b, "t", (uint64_t)x->t);
    if (x->op == LEAF_REDACT)
        add_number(b, "upto", x->upto);
    if (x->op == LEAF_KEY)
        add_string(b, "use", str_of(use_word[x->use]));
    add_number(b, "v", 1);
    if (x->op == LEAF_REDACT)
        add_string(b, "why", x->why);
}

static void add_leaf(struct buf *b, const struct leaf *x, bool with_sig)
{
    size_t at = b->len;
    add_front(b, x);
    add_back(b, x, with_sig);
    close_object(b, at);
}

enum cau_err leaf_write(const struct leaf *x, struct buf *out)
{
    enum cau_err err = leaf_check(x);
    if (err != CAU_OK)
        return err;
    if (out->failed)
        return CAU_ERR_RANGE;
    size_t before = out->len;
    add_leaf(out, x, true);
    if (!out->failed && out->len - before <= LEAF_BYTES_MAX)
        return CAU_OK;
    out->len = before;
    out->failed = false;
    return CAU_ERR_RANGE;
}

#define SIGNED_HEAD "cau/entry/v1\n"

/* What is signed: the head and the canonical bytes without "sig". */
static struct buf signed_part(const struct leaf *x)
{
    struct buf b = buf_new(sizeof SIGNED_HEAD + LEAF_BYTES_MAX);
    buf_add_word(&b, SIGNED_HEAD);
    add_leaf(&b, x, false);
    return b;
}

enum cau_err leaf_sign(struct leaf *x, const struct key_pair *key, struct buf *out)
{
    enum cau_err err = leaf_check(x);
    if (err != CAU_OK)
        return err;
    struct leaf y = *x;
    y.by = key_id_of(&key->public_key);
    struct buf b = signed_part(&y);
    err = b.failed ? CAU_ERR_RANGE : CAU_OK;
    if (err == CAU_OK) {
        y.sig = key_sign(key, buf_str(&b));
        err = leaf_write(&y, out);
    }
    if (err == CAU_OK)
        *x = y;
    buf_free(&b);
    return err;
}

enum cau_err leaf_verify(const struct leaf *x, const struct key_public *key)
{
    struct key_id id = key_id_of(key);
    if (!key_id_equal(&id, &x->by))
        return CAU_ERR_CORRUPT;
    struct buf b = signed_part(x);
    enum cau_err err = b.failed ? CAU_ERR_CORRUPT : key_verify(key, buf_str(&b), &x->sig);
    buf_free(&b);
    return err;
}

/* ---- reading ---- */

/* The text not yet read, and the byte that stands before the next member: '{' or ','. */
struct scan {
    struct str rest;
    char before;
    enum cau_err err; /* the first fault; after it nothing is taken */
};

static void fail(struct scan *s, enum cau_err err)
{
    if (s->err == CAU_OK)
        s->err = err;
}

static bool take(struct scan *s, const char *text)
{
    struct str want = str_of(text);
    if (s->err != CAU_OK || !str_starts(s->rest, want))
        return false;
    s->rest = str_from(s->rest, want.len);
    return true;
}

/* Takes the name of a member when it is the next one. */
static bool member(struct scan *s, const char *name)
{
    struct str all = s->rest;
    const char before[2] = {s->before, '\0'};
    if (take(s, before) && take(s, "\"") && take(s, name) && take(s, "\":")) {
        s->before = ',';
        return true;
    }
    s->rest = all;
    return false;
}

static struct str string_value(struct scan *s)
{
    if (!take(s, "\"")) {
        fail(s, CAU_ERR_SYNTAX);
        return (struct str){0};
    }
    struct str value = str_next(&s->rest, '"'); /* escapes cannot be canonical here */
    if (s->rest.p == NULL)
        fail(s, CAU_ERR_SYNTAX);
    return value;
}

static uint64_t number_value(struct scan *s)
{
    size_t n = 0;
    while (n < s->rest.len && is_digit(s->rest.p[n]))
        n++;
    uint64_t value = 0;
    enum cau_err err = number_read(str_to(s->rest, n), (uint64_t)NUMBER_INTEGER_MAX, &value);
    if (err != CAU_OK)
        fail(s, err);
    else
        s->rest = str_from(s->rest, n);
    return value;
}

static unsigned word_value(struct scan *s, const char *const *word, size_t n)
{
    struct str value = string_value(s);
    for (size_t i = 0; i < n; i++)
        if (str_is(value, word[i]))
            return (unsigned)i;
    fail(s, CAU_ERR_SYNTAX);
    return 0;
}

static void bytes_value(struct scan *s, void *out, size_t n)
{
    if (digest_from_url64(string_value(s), out, n) != CAU_OK)
        fail(s, CAU_ERR_SYNTAX);
}

static void rid_value(struct scan *s, struct leaf_id *out)
{
    if (leaf_read_rid(string_value(s), out) != CAU_OK)
        fail(s, CAU_ERR_SYNTAX);
}

static void about_value(struct scan *s, struct leaf_about *out)
{
    s->before = '{';
    if (member(s, "leaf"))
        bytes_value(s, out->leaf.b, sizeof out->leaf.b);
    if (member(s, "origin"))
        out->origin = string_value(s);
    if (member(s, "rid"))
        rid_value(s, &out->rid);
    if (!take(s, "}"))
        fail(s, CAU_ERR_SYNTAX);
}

static void last_value(struct scan *s, struct leaf_last *out)
{
    s->before = '{';
    if (member(s, "origin"))
        out->origin = string_value(s);
    if (member(s, "root"))
        bytes_value(s, out->root.b, sizeof out->root.b);
    if (member(s, "size"))
        out->size = number_value(s);
    if (!take(s, "}"))
        fail(s, CAU_ERR_SYNTAX);
}

static void read_front(struct scan *s, struct leaf *x)
{
    if (member(s, "about"))
        about_value(s, &x->about);
    if (member(s, "act"))
        x->act = (enum leaf_act)word_value(s, act_word, countof(act_word));
    if (member(s, "aud"))
        x->aud = string_value(s);
    if (member(s, "by") && leaf_read_key(string_value(s), &x->by) != CAU_OK)
        fail(s, CAU_ERR_SYNTAX);
    if (member(s, "claim"))
        x->claim = (enum leaf_claim_type)word_value(s, claim_word, countof(claim_word));
    if (member(s, "commit")) {
        x->has_commit = true;
        bytes_value(s, x->commit.b, sizeof x->commit.b);
    }
    if (member(s, "from_index"))
        x->from_index = number_value(s);
    if (member(s, "hash"))
        bytes_value(s, x->hash.b, sizeof x->hash.b);
    if (member(s, "key"))
        bytes_value(s, x->key.b, sizeof x->key.b);
    if (member(s, "kind"))
        x->kind = string_value(s);
    if (member(s, "last"))
        last_value(s, &x->last);
    if (member(s, "n"))
        x->n = number_value(s);
}

static void read_back(struct scan *s, struct leaf *x)
{
    if (member(s, "node"))
        x->node = string_value(s);
    if (member(s, "op"))
        x->op = (enum leaf_op)word_value(s, op_word, countof(op_word));
    if (member(s, "org") && leaf_read_org(string_value(s), &x->org) != CAU_OK)
        fail(s, CAU_ERR_SYNTAX);
    if (member(s, "plen"))
        x->plen = number_value(s);
    if (member(s, "prev"))
        bytes_value(s, x->prev.b, sizeof x->prev.b);
    if (member(s, "rid"))
        rid_value(s, &x->rid);
    if (member(s, "sig"))
        bytes_value(s, x->sig.b, sizeof x->sig.b);
    if (member(s, "t"))
        x->t = (int64_t)number_value(s);
    if (member(s, "upto"))
        x->upto = number_value(s);
    if (member(s, "use"))
        x->use = (enum leaf_use)word_value(s, use_word, countof(use_word));
    if (!member(s, "v") || !take(s, "1"))
        fail(s, CAU_ERR_SYNTAX);
    if (member(s, "why"))
        x->why = string_value(s);
}

/* Every member was optional above: one that is missing, or should not be there, makes the leaf
 * differ from what is written for its operation. */
static bool written_again_is(const struct leaf *x, struct str text)
{
    struct buf b = buf_new(LEAF_BYTES_MAX);
    add_leaf(&b, x, true);
    bool same = !b.failed && str_equal(buf_str(&b), text);
    buf_free(&b);
    return same;
}

enum cau_err leaf_read(struct str text, struct leaf *out)
{
    if (text.len > LEAF_BYTES_MAX)
        return CAU_ERR_RANGE;
    struct scan s = {.rest = text, .before = '{'};
    struct leaf x = {0};
    read_front(&s, &x);
    read_back(&s, &x);
    if (!take(&s, "}") || s.rest.len > 0)
        fail(&s, CAU_ERR_SYNTAX);
    if (s.err == CAU_OK && !written_again_is(&x, text))
        s.err = CAU_ERR_SYNTAX;
    if (s.err == CAU_OK)
        s.err = leaf_check(&x);
    if (s.err == CAU_OK)
        *out = x;
    return s.err;
}

/* ---- hashes and ids ---- */

struct digest leaf_hash(struct str text)
{
    return tree_leaf_hash(text);
}

struct digest leaf_commit(const struct digest *r, struct str payload)
{
    static const char tag[] = "cau/commit/v1"; /* its NUL is part of what is hashed */
    const struct str part[] = {{tag, sizeof tag}, digest_str(r), payload};
    return digest_sha256(part, countof(part));
}

struct leaf_id leaf_id_make(void)
{
    struct leaf_id id;
    digest_random(id.b, sizeof id.b);
    return id;
}

bool leaf_id_equal(const struct leaf_id *x, const struct leaf_id *y)
{
    return memcmp(x->b, y->b, sizeof x->b) == 0;
}

static void write_id(char letter, const struct leaf_id *id, char out[LEAF_ID_CHARS])
{
    out[0] = letter;
    out[1] = ':';
    digest_to_base32(id->b, sizeof id->b, out + 2);
}

static enum cau_err read_id(const char *head, struct str text, struct leaf_id *out)
{
    struct leaf_id id;
    if (!str_starts(text, str_of(head)) ||
        digest_from_base32(str_from(text, 2), id.b, sizeof id.b) != CAU_OK)
        return CAU_ERR_SYNTAX;
    *out = id;
    return CAU_OK;
}

void leaf_write_rid(const struct leaf_id *id, char out[LEAF_ID_CHARS])
{
    write_id('r', id, out);
}

void leaf_write_org(const struct leaf_id *id, char out[LEAF_ID_CHARS])
{
    write_id('o', id, out);
}

void leaf_write_key(const struct key_id *id, char out[LEAF_KEY_CHARS])
{
    out[0] = 'k';
    out[1] = ':';
    digest_to_hex(id->b, sizeof id->b, out + 2);
}

enum cau_err leaf_read_rid(struct str text, struct leaf_id *out)
{
    return read_id("r:", text, out);
}

enum cau_err leaf_read_org(struct str text, struct leaf_id *out)
{
    return read_id("o:", text, out);
}

enum cau_err leaf_read_key(struct str text, struct key_id *out)
{
    struct key_id id;
    if (!str_starts(text, STR("k:")) ||
        digest_from_hex(str_from(text, 2), id.b, sizeof id.b) != CAU_OK)
        return CAU_ERR_SYNTAX;
    *out = id;
    return CAU_OK;
}
