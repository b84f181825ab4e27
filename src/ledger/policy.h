/* policy.h - whom a reader trusts: logs, witnesses, groups and a quorum (C2SP tlog-policy). */
#ifndef CAU_LEDGER_POLICY_H
#define CAU_LEDGER_POLICY_H

#include "base/base.h"
#include "ledger/note.h"

#define POLICY_BYTES_MAX     65536
#define POLICY_LOGS_MAX      32
#define POLICY_WITNESSES_MAX 32
#define POLICY_GROUPS_MAX    32
#define POLICY_MEMBERS_MAX   (POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX)
#define POLICY_NONE          POLICY_MEMBERS_MAX /* no member */

_Static_assert(POLICY_LOGS_MAX + POLICY_WITNESSES_MAX <= NOTE_KEYS_MAX,
               "one verification takes all keys of a policy");

struct policy_log {
    struct note_key key; /* its name is the log's origin */
    struct str url;      /* {NULL, 0} when not given */
};

/* A witness, or a group of members before it. */
struct policy_member {
    struct str name;
    bool group;
    struct note_key key; /* witness */
    struct str url;      /* witness; {NULL, 0} when not given */
    unsigned need;       /* group: how many of its members, >= 1 */
    size_t parent;       /* the one group it is in, or POLICY_NONE */
};

struct policy {
    struct policy_log log[POLICY_LOGS_MAX];
    size_t logs;
    struct policy_member member[POLICY_MEMBERS_MAX]; /* as defined: parents after children */
    size_t members;
    size_t quorum; /* a member, or POLICY_NONE for "quorum none" */
};

/* Reads a policy file; views are of text. Errors: SYNTAX; RANGE (a limit above); UNKNOWN (a name not
 * defined before, a type of key that we cannot verify); REFUSED (inadmissible key; a key, name or
 * membership twice). *line is then where, from 1. *out unchanged. */
enum cau_err policy_read(struct str text, struct policy *out, size_t *line);

/* All keys for note_verify: the logs', then the witnesses', in their order. Returns how many. */
size_t policy_keys(const struct policy *p, struct note_key key[NOTE_KEYS_MAX]);

/* True when a checkpoint with this origin meets the policy: seal[] is what note_verify said of
 * policy_keys. */
bool policy_holds(const struct policy *p, struct str origin, const struct note_seal *seal);

#endif
