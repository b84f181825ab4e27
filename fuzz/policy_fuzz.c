/* Policy files: what is accepted has a quorum that all its keys together meet, and nobody does not. */
#include "ledger/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy p;
    struct note_key key[NOTE_KEYS_MAX];
    struct note_seal seal[NOTE_KEYS_MAX] = {{0}};
    size_t line = 0;
    if (policy_read((struct str){(const char *)data, size}, &p, &line) != CAU_OK) {
        must(line <= size + 1);
        return 0;
    }
    size_t n = policy_keys(&p, key);
    must(n <= NOTE_KEYS_MAX);
    for (size_t i = 0; i < p.logs; i++)
        must(!policy_holds(&p, key[i].name, seal));
    for (size_t i = 0; i < n; i++)
        seal[i].present = true;
    for (size_t i = 0; i < p.logs; i++)
        must(policy_holds(&p, key[i].name, seal));
    return 0;
}
