#include "base/password.h"

#include "base/sync.h"
#include "base/utf8.h"

#include <semaphore.h>
#include <sodium.h>
#include <string.h>

static sem_t slots;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void)
{
    must(sodium_init() >= 0 && sem_init(&slots, 0, PASSWORD_AT_ONCE) == 0);
}

static void enter(void)
{
    must(pthread_once(&once, start) == 0);
    while (sem_wait(&slots) != 0) /* only a signal can end it early */
        ;
}

enum cau_err password_hash(struct str password, char out[PASSWORD_HASH_CHARS])
{
    if (password.len > PASSWORD_BYTES_MAX || !utf8_valid(password) ||
        utf8_count(password) < PASSWORD_POINTS_MIN)
        return CAU_ERR_RANGE;
    enter();
    int failed = crypto_pwhash_str_alg(out, password.p, password.len, 3, (size_t)64 << 20,
                                       crypto_pwhash_ALG_ARGON2ID13);
    must(sem_post(&slots) == 0);
    return failed == 0 ? CAU_OK : CAU_ERR_MEMORY;
}

bool password_verify(struct str hash, struct str password)
{
    /* A string nobody knows the password of, so that an unknown user costs what a wrong password costs. */
    static const char none[] = "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char text[PASSWORD_HASH_CHARS] = {0};
    bool known = hash.len > 0 && hash.len < sizeof text;
    struct str use = known ? hash : STR(none);
    memcpy(text, use.p, use.len);
    if (password.len > PASSWORD_BYTES_MAX)
        password.len = 0;
    enter();
    bool same =
        crypto_pwhash_str_verify(text, password.p == NULL ? "" : password.p, password.len) == 0;
    must(sem_post(&slots) == 0);
    return known && same;
}
