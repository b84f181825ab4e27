/* The one place that speaks SMTP: libcurl hands a message to the configured server. */
#include "exchange/mail/mail.h"

#include "base/file.h"
#include "base/log.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

struct sending {
    struct str rest;
    bool (*stop)(void *ctx);
    void *ctx;
};

static size_t give(char *to, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t most = size * n, len = s->rest.len < most ? s->rest.len : most;
    if (len > 0)
        memcpy(to, s->rest.p, len);
    s->rest = str_from(s->rest, len);
    return len;
}

/* Not 0 ends the transfer. */
static int look_up(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct sending *s = arg;
    (void)a, (void)b, (void)c, (void)d;
    return s->stop != NULL && s->stop(s->ctx);
}

/* The first line of the password file, with a NUL behind it. */
static enum cau_err read_password(struct arena *a, const struct mail_config *config, char *out,
                                  size_t cap)
{
    struct str path, text;
    enum cau_err err = arena_copy(a, config->password_file, &path);
    if (err == CAU_OK)
        err = file_read(a, path.p, MAIL_SECRET_BYTES_MAX, &text);
    if (err != CAU_OK)
        return err;
    struct str rest = text, line = str_trim(str_next(&rest, '\n'));
    must(line.len < cap);
    memcpy(out, line.p, line.len);
    out[line.len] = '\0';
    return CAU_OK;
}

static void set_server(CURL *c, const struct mail_config *config, const char *url)
{
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)MAIL_CONNECT_S);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)MAIL_SEND_S);
    if (config->tls == MAIL_TLS_START)
        curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
}

/* What a failure means: an answer 5xx is the server's last word on this message. */
static enum cau_err meaning(CURL *c, CURLcode code)
{
    long answer = 0;
    if (code == CURLE_OK)
        return CAU_OK;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &answer);
    log_line(LOG_WARN, "mail: %s, answer %ld", curl_easy_strerror(code), answer);
    return answer >= 550 && answer <= 559 ? CAU_ERR_REFUSED : CAU_ERR_IO;
}

static enum cau_err perform(CURL *c, const struct mail_config *config, const char *from,
                            const char *to, struct sending *s)
{
    char url[400];
    struct curl_slist *list = curl_slist_append(NULL, to);
    enum cau_err err = list == NULL ? CAU_ERR_MEMORY : CAU_OK;
    snprintf(url, sizeof url, "%s://%.*s:%u", config->tls == MAIL_TLS_FULL ? "smtps" : "smtp",
             STR_ARG(config->server), config->port);
    if (err == CAU_OK) {
        set_server(c, config, url);
        curl_easy_setopt(c, CURLOPT_MAIL_FROM, from);
        curl_easy_setopt(c, CURLOPT_MAIL_RCPT, list);
        curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(c, CURLOPT_READDATA, s);
        curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up);
        curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
        err = meaning(c, curl_easy_perform(c));
    }
    curl_slist_free_all(list);
    return err;
}

enum cau_err mail_send(const struct mail_config *config, struct str to, struct str bytes,
                       bool (*stop)(void *ctx), void *ctx)
{
    char password[MAIL_SECRET_BYTES_MAX + 1] = "";
    struct str from_text, to_text, user;
    struct sending s = {bytes, stop, ctx};
    struct arena a = arena_new(1 << 20);
    enum cau_err err = CAU_OK;
    CURL *c = curl_easy_init();
    if (c == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK)
        err = arena_copy(&a, config->from, &from_text);
    if (err == CAU_OK)
        err = arena_copy(&a, to, &to_text);
    if (err == CAU_OK)
        err = arena_copy(&a, config->user, &user);
    if (err == CAU_OK && config->user.len > 0)
        err = read_password(&a, config, password, sizeof password);
    if (err == CAU_OK && config->user.len > 0) {
        curl_easy_setopt(c, CURLOPT_USERNAME, user.p);
        curl_easy_setopt(c, CURLOPT_PASSWORD, password);
    }
    if (err == CAU_OK)
        err = perform(c, config, from_text.p, to_text.p, &s);
    curl_easy_cleanup(c);
    explicit_bzero(password, sizeof password);
    explicit_bzero(a.base, a.used);
    arena_free(&a);
    return err;
}
