/* Signing in: sessions, and limits on guessing. */
#include "base/clock.h"
#include "base/password.h"
#include "base/sync.h"
#include "domain/people/people.h"

#include <sodium.h>
#include <string.h>

enum { GATE_SLOTS = 8192, GATE_PROBES = 8, SEEN_EVERY_MS = 60 * 1000 };

struct bucket {
    uint64_t key; /* keyed hash of an account or an address; 0: free */
    int64_t from_ms;
    unsigned tries;
};

struct people_gate {
    struct sync_mutex mutex;
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct bucket slot[GATE_SLOTS];
};

struct people_gate *people_gate_new(void)
{
    struct arena a = arena_new(sizeof(struct people_gate) + 16);
    struct people_gate *g = arena_zero(&a, sizeof *g);
    must(g != NULL);
    *g = (struct people_gate){.mutex = SYNC_MUTEX};
    digest_random(g->key, sizeof g->key);
    return g;
}

void people_gate_free(struct people_gate *g)
{
    struct arena a = {(unsigned char *)g, sizeof *g + 16, 0};
    arena_free(&a);
}

static uint64_t key_of(const struct people_gate *g, char what, struct str name)
{
    unsigned char text[256] = {(unsigned char)what}, out[crypto_shorthash_BYTES];
    size_t n = name.len < sizeof text - 1 ? name.len : sizeof text - 1;
    memcpy(text + 1, name.p, n);
    must(crypto_shorthash(out, text, n + 1, g->key) == 0);
    uint64_t key;
    memcpy(&key, out, sizeof key);
    return key | 1;
}

/* The bucket of key; when its neighbourhood is full, the one whose window is oldest is taken over. */
static struct bucket *bucket_of(struct people_gate *g, uint64_t key, int64_t now)
{
    struct bucket *oldest = NULL;
    for (size_t i = 0; i < GATE_PROBES; i++) {
        struct bucket *b = &g->slot[(key + i) % GATE_SLOTS];
        if (b->key == key && now - b->from_ms < PEOPLE_WINDOW_MS)
            return b;
        if (oldest == NULL || b->key == key || b->from_ms < oldest->from_ms)
            oldest = b;
    }
    *oldest = (struct bucket){key, now, 0};
    return oldest;
}

/* Counts a try; the seconds to wait when there were too many, else 0. */
static unsigned count_try(struct people_gate *g, char what, struct str name, unsigned most)
{
    int64_t now = clock_now_ms();
    sync_lock(&g->mutex);
    struct bucket *b = bucket_of(g, key_of(g, what, name), now);
    unsigned wait_s = 0;
    if (b->tries >= most)
        wait_s = (unsigned)((b->from_ms + PEOPLE_WINDOW_MS - now) / 1000 + 1);
    else
        b->tries++;
    sync_unlock(&g->mutex);
    return wait_s;
}

static void forget_tries(struct people_gate *g, char what, struct str name)
{
    sync_lock(&g->mutex);
    bucket_of(g, key_of(g, what, name), clock_now_ms())->tries = 0;
    sync_unlock(&g->mutex);
}

/* The network of an address: the first three parts of IPv4, the first four of IPv6. */
static struct str network(struct str address)
{
    char cut = memchr(address.p, ':', address.len) != NULL ? ':' : '.';
    unsigned parts = cut == ':' ? 4 : 3;
    for (size_t i = 0; i < address.len; i++)
        if (address.p[i] == cut && --parts == 0)
            return str_to(address, i);
    return address;
}

static enum cau_err add_session(struct store *s, void *arg)
{
    const struct local_session *session = arg;
    enum cau_err err = local_session_sweep(s, session->made_ms - PEOPLE_SESSION_MS,
                                           session->made_ms - PEOPLE_IDLE_MS);
    return err == CAU_OK ? local_session_add(s, session) : err;
}

enum people_sign_in people_sign_in(struct node *n, struct arena *a, struct people_gate *g,
                                   struct str name, struct str password, struct str address,
                                   char token[64], unsigned *wait_s)
{
    unsigned wait =
        address.len > 0 ? count_try(g, 'a', network(address), PEOPLE_TRIES_ADDRESS) : 0;
    if (wait == 0)
        wait = count_try(g, 'n', name, PEOPLE_TRIES_ACCOUNT);
    if (wait > 0) {
        *wait_s = wait;
        return PEOPLE_TOO_MANY;
    }
    struct local_user user = {0};
    struct view *v = view_take(n);
    enum cau_err err = local_user_find(view_store(v), a, name, &user);
    view_give(n, v);
    bool known = err == CAU_OK && user.active;
    if (!password_verify(known ? user.password : (struct str){NULL, 0}, password))
        return PEOPLE_WRONG;
    unsigned char secret[32];
    digest_random(secret, sizeof secret);
    digest_to_hex(secret, sizeof secret, token);
    struct local_session session = {.user = user.id, .made_ms = clock_now_ms()};
    session.seen_ms = session.made_ms;
    struct digest hash = digest_of((struct str){token, 64});
    memcpy(session.token_hash, hash.b, sizeof session.token_hash);
    digest_random(session.form_key, sizeof session.form_key);
    sodium_memzero(secret, sizeof secret);
    if (writer_run(n, add_session, &session) != CAU_OK)
        return PEOPLE_WRONG;
    forget_tries(g, 'n', name);
    return PEOPLE_IN;
}

static enum cau_err seen_step(struct store *s, void *arg)
{
    const struct local_session *session = arg;
    return local_session_seen(s, session->token_hash, session->seen_ms);
}

static enum cau_err remove_step(struct store *s, void *arg)
{
    const struct digest *hash = arg;
    return local_session_remove(s, hash->b);
}

enum cau_err people_session(struct node *n, struct view *v, struct arena *a, struct str token,
                            struct local_user *user, unsigned char form_key[32])
{
    if (token.len != 64)
        return CAU_ERR_UNKNOWN;
    struct digest hash = digest_of(token);
    struct local_session session;
    enum cau_err err = local_session_find(view_store(v), hash.b, &session);
    if (err != CAU_OK)
        return err;
    int64_t now = clock_now_ms();
    if (now - session.made_ms >= PEOPLE_SESSION_MS || now - session.seen_ms >= PEOPLE_IDLE_MS) {
        err = writer_run(n, remove_step,
                         &hash); /* what is over is over, whether or not it is swept now */
        return err == CAU_OK ? CAU_ERR_UNKNOWN : err;
    }
    err = local_user_get(view_store(v), a, session.user, user);
    if (err == CAU_OK && !user->active)
        err = CAU_ERR_UNKNOWN;
    if (err != CAU_OK)
        return err;
    memcpy(form_key, session.form_key, 32);
    if (now - session.seen_ms >= SEEN_EVERY_MS) {
        session.seen_ms = now;
        (void)writer_run(n, seen_step,
                         &session); /* a node that cannot write still lets people read */
    }
    return CAU_OK;
}

enum cau_err people_sign_out(struct node *n, struct str token)
{
    struct digest hash = digest_of(token);
    return writer_run(n, remove_step, &hash);
}
