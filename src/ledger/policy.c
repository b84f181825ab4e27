#include "ledger/policy.h"

#include <string.h>

#include "base/number.h"

struct reading {
    struct policy policy;
    size_t witnesses, groups;
    bool has_quorum;
};

/* The next word of a line; {NULL, 0} at its end. Only space and tab divide. */
static struct str next_word(struct str *line)
{
    size_t at = 0, end;
    while (at < line->len && (line->p[at] == ' ' || line->p[at] == '\t'))
        at++;
    for (end = at; end < line->len && line->p[end] != ' ' && line->p[end] != '\t';)
        end++;
    struct str word = {line->p + at, end - at};
    *line = str_from(*line, end);
    return word.len > 0 ? word : (struct str){NULL, 0};
}

static size_t find(const struct policy *p, struct str name)
{
    for (size_t i = 0; i < p->members; i++)
        if (str_equal(p->member[i].name, name))
            return i;
    return POLICY_NONE;
}

static bool same_key(const struct note_key *x, const struct note_key *y)
{
    return memcmp(x->key.b, y->key.b, sizeof x->key.b) == 0;
}

/* A key of the given type, then perhaps a URL, then nothing. */
static enum cau_err read_key(struct str *line, enum note_type type, struct note_key *key,
                             struct str *url)
{
    struct str vkey = next_word(line);
    enum cau_err err = note_read_key(vkey, key);
    if (err == CAU_OK && key->type != type)
        err = CAU_ERR_UNKNOWN;
    *url = next_word(line);
    if (err == CAU_OK && next_word(line).p != NULL)
        err = CAU_ERR_SYNTAX;
    return err;
}

static enum cau_err read_log(struct reading *r, struct str line)
{
    struct policy *p = &r->policy;
    struct policy_log log;
    enum cau_err err = read_key(&line, NOTE_SIGNATURE, &log.key, &log.url);
    if (err != CAU_OK)
        return err;
    for (size_t i = 0; i < p->logs; i++)
        if (same_key(&p->log[i].key, &log.key))
            return CAU_ERR_REFUSED;
    if (p->logs == POLICY_LOGS_MAX)
        return CAU_ERR_RANGE;
    p->log[p->logs++] = log;
    return CAU_OK;
}

static enum cau_err new_name(const struct reading *r, struct str name)
{
    if (name.p == NULL)
        return CAU_ERR_SYNTAX;
    bool taken = str_is(name, "none") || find(&r->policy, name) != POLICY_NONE;
    return taken ? CAU_ERR_REFUSED : CAU_OK;
}

static enum cau_err read_witness(struct reading *r, struct str line)
{
    struct policy *p = &r->policy;
    struct policy_member m = {.name = next_word(&line), .parent = POLICY_NONE};
    enum cau_err err = new_name(r, m.name);
    if (err == CAU_OK)
        err = read_key(&line, NOTE_COSIGNATURE, &m.key, &m.url);
    if (err != CAU_OK)
        return err;
    for (size_t i = 0; i < p->members; i++)
        if (!p->member[i].group && same_key(&p->member[i].key, &m.key))
            return CAU_ERR_REFUSED;
    if (r->witnesses == POLICY_WITNESSES_MAX)
        return CAU_ERR_RANGE;
    r->witnesses++;
    p->member[p->members++] = m;
    return CAU_OK;
}

/* How many of n members: "any", "all" or a number. */
static enum cau_err read_need(struct str word, unsigned n, unsigned *out)
{
    uint64_t need = str_is(word, "all") ? n : 1;
    bool named = str_is(word, "all") || str_is(word, "any");
    if (!named && number_read(word, n, &need) != CAU_OK)
        return CAU_ERR_SYNTAX;
    *out = (unsigned)need;
    return need >= 1 ? CAU_OK : CAU_ERR_SYNTAX;
}

static enum cau_err read_group(struct reading *r, struct str line)
{
    struct policy *p = &r->policy;
    struct policy_member m = {.name = next_word(&line), .group = true, .parent = POLICY_NONE};
    struct str need = next_word(&line), name;
    enum cau_err err = new_name(r, m.name);
    unsigned n = 0;
    if (err != CAU_OK)
        return err;
    if (r->groups == POLICY_GROUPS_MAX)
        return CAU_ERR_RANGE;
    for (; (name = next_word(&line)).p != NULL; n++) {
        size_t i = find(p, name);
        if (i == POLICY_NONE)
            return CAU_ERR_UNKNOWN;
        if (p->member[i].parent != POLICY_NONE)
            return CAU_ERR_REFUSED;
        p->member[i].parent = p->members;
    }
    if (n == 0)
        return CAU_ERR_SYNTAX;
    err = read_need(need, n, &m.need);
    if (err != CAU_OK)
        return err;
    r->groups++;
    p->member[p->members++] = m;
    return CAU_OK;
}

static enum cau_err read_quorum(struct reading *r, struct str line)
{
    struct str name = next_word(&line);
    if (name.p == NULL || next_word(&line).p != NULL)
        return CAU_ERR_SYNTAX;
    if (r->has_quorum)
        return CAU_ERR_REFUSED;
    r->has_quorum = true;
    r->policy.quorum = find(&r->policy, name);
    return r->policy.quorum != POLICY_NONE || str_is(name, "none") ? CAU_OK : CAU_ERR_UNKNOWN;
}

static enum cau_err read_line(struct reading *r, struct str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7F)
            return CAU_ERR_SYNTAX;
    struct str what = next_word(&line);
    if (what.p == NULL || what.p[0] == '#')
        return CAU_OK;
    return str_is(what, "log")       ? read_log(r, line)
           : str_is(what, "witness") ? read_witness(r, line)
           : str_is(what, "group")   ? read_group(r, line)
           : str_is(what, "quorum")  ? read_quorum(r, line)
                                     : CAU_ERR_SYNTAX;
}

enum cau_err policy_read(struct str text, struct policy *out, size_t *line)
{
    struct reading r = {.has_quorum = false};
    size_t number = 0;
    enum cau_err err = text.len > POLICY_BYTES_MAX ? CAU_ERR_RANGE : CAU_OK;
    for (struct str rest = text; rest.len > 0 && err == CAU_OK; number++) {
        struct str one = str_next(&rest, '\n');
        err = rest.p == NULL ? CAU_ERR_SYNTAX : read_line(&r, one); /* each line is ended */
    }
    if (err == CAU_OK && !r.has_quorum) {
        err = CAU_ERR_SYNTAX;
        number++;
    }
    if (err == CAU_OK)
        *out = r.policy;
    else
        *line = number;
    return err;
}

size_t policy_keys(const struct policy *p, struct note_key key[NOTE_KEYS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < p->logs; i++)
        key[n++] = p->log[i].key;
    for (size_t i = 0; i < p->members; i++)
        if (!p->member[i].group)
            key[n++] = p->member[i].key;
    return n;
}

bool policy_holds(const struct policy *p, struct str origin, const struct note_seal *seal)
{
    bool log_signed = false, holds = p->quorum == POLICY_NONE;
    for (size_t i = 0; i < p->logs; i++)
        log_signed = log_signed || (seal[i].present && str_equal(p->log[i].key.name, origin));

    /* A group stands after its members: one pass carries every count upwards. */
    unsigned have[POLICY_MEMBERS_MAX] = {0};
    size_t next = p->logs; /* the seals of the witnesses follow those of the logs */
    for (size_t i = 0; i < p->members; i++) {
        const struct policy_member *m = &p->member[i];
        bool witnessed = m->group ? have[i] >= m->need : seal[next++].present;
        if (witnessed && m->parent != POLICY_NONE)
            have[m->parent]++;
        holds = holds || (witnessed && i == p->quorum);
    }
    return log_signed && holds;
}
