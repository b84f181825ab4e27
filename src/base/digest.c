#include "base/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

static EVP_MD *sha256;
static pthread_key_t of_thread; /* frees a thread's context when the thread ends */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void drop(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

static void fetch(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    must(sha256 != NULL && sodium_init() >= 0 && pthread_key_create(&of_thread, drop) == 0);
}

static EVP_MD_CTX *context(void)
{
    static _Thread_local EVP_MD_CTX
        *ctx; /* one a thread, kept: making it costs as much as a hash */
    if (ctx == NULL) {
        must(pthread_once(&fetched, fetch) == 0);
        ctx = EVP_MD_CTX_new();
        must(ctx != NULL && pthread_setspecific(of_thread, ctx) == 0);
    }
    return ctx;
}

struct digest digest_sha256(const struct str *part, size_t n)
{
    EVP_MD_CTX *ctx = context();
    must(EVP_DigestInit_ex2(ctx, sha256, NULL) == 1);
    for (size_t i = 0; i < n; i++)
        must(EVP_DigestUpdate(ctx, part[i].p, part[i].len) == 1);
    struct digest d;
    must(EVP_DigestFinal_ex(ctx, d.b, NULL) == 1);
    return d;
}

struct digest digest_of(struct str x)
{
    return digest_sha256(&x, 1);
}

bool digest_equal(const struct digest *x, const struct digest *y)
{
    return memcmp(x->b, y->b, sizeof x->b) == 0;
}

struct str digest_str(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

void digest_random(void *out, size_t n)
{
    must(pthread_once(&fetched, fetch) == 0);
    randombytes_buf(out, n);
}

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char url64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char std64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Writes n bytes as digits of the given number of bits; returns the number of digits. */
static size_t to_digits(const void *bytes, size_t n, const char *digit, unsigned bits,
                        char *out)
{
    const unsigned char *p = bytes;
    unsigned held = 0, have = 0;
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        held = (held << 8 | p[i]) & 0xFFFF;
        for (have += 8; have >= bits; have -= bits)
            out[len++] = digit[held >> (have - bits) & ((1u << bits) - 1)];
    }
    if (have > 0)
        out[len++] = digit[held << (bits - have) & ((1u << bits) - 1)];
    return len;
}

static enum cau_err from_digits(struct str text, const char *digit, unsigned bits, void *out,
                                size_t n)
{
    if (text.len != (n * 8 + bits - 1) / bits)
        return CAU_ERR_SYNTAX;
    unsigned char *p = out;
    unsigned held = 0, have = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char *at = text.p[i] == '\0' ? NULL : strchr(digit, text.p[i]);
        if (at == NULL)
            return CAU_ERR_SYNTAX;
        held = (held << bits | (unsigned)(at - digit)) & 0xFFFF;
        have += bits;
        if (have >= 8) {
            have -= 8;
            *p++ = (unsigned char)(held >> have);
        }
    }
    return (held & ((1u << have) - 1)) == 0 ? CAU_OK : CAU_ERR_SYNTAX;
}

void digest_to_hex(const void *bytes, size_t n, char *out)
{
    must(to_digits(bytes, n, "0123456789abcdef", 4, out) == DIGEST_HEX(n));
}

void digest_to_base32(const void *bytes, size_t n, char *out)
{
    must(to_digits(bytes, n, base32, 5, out) == DIGEST_BASE32(n));
}

void digest_to_url64(const void *bytes, size_t n, char *out)
{
    must(to_digits(bytes, n, url64, 6, out) == DIGEST_URL64(n));
}

void digest_to_base64(const void *bytes, size_t n, char *out)
{
    size_t len = to_digits(bytes, n, std64, 6, out);
    while (len < DIGEST_BASE64(n))
        out[len++] = '=';
}

enum cau_err digest_from_hex(struct str text, void *out, size_t n)
{
    return from_digits(text, "0123456789abcdef", 4, out, n);
}

enum cau_err digest_from_base32(struct str text, void *out, size_t n)
{
    return from_digits(text, base32, 5, out, n);
}

enum cau_err digest_from_url64(struct str text, void *out, size_t n)
{
    return from_digits(text, url64, 6, out, n);
}

enum cau_err digest_from_base64(struct str text, void *out, size_t max, size_t *n)
{
    if (text.len % 4 != 0)
        return CAU_ERR_SYNTAX;
    size_t pad = 0;
    while (pad < 2 && pad < text.len && text.p[text.len - 1 - pad] == '=')
        pad++;
    size_t bytes = text.len / 4 * 3 - pad;
    if (bytes > max)
        return CAU_ERR_RANGE;
    enum cau_err err = from_digits(str_to(text, text.len - pad), std64, 6, out, bytes);
    if (err == CAU_OK)
        *n = bytes;
    return err;
}
