#include "domain/people/people.h"

#include "base/clock.h"
#include "base/password.h"
#include "base/utf8.h"

#include <string.h>

static const struct {
    unsigned role;
    const char *name;
} role_name[] = {
    {LOCAL_MEMBER, "member"},
    {LOCAL_EDITOR, "editor"},
    {LOCAL_ADVISER, "adviser"},
    {LOCAL_SECRETARY, "secretary"},
    {LOCAL_OFFICER, "officer"},
    {LOCAL_REVIEWER, "reviewer"},
    {LOCAL_ADMINISTRATOR, "administrator"},
};

enum cau_err people_read_roles(struct str names, unsigned *roles)
{
    unsigned found = 0;
    while (names.len > 0) {
        size_t n = 0;
        while (n < names.len && names.p[n] != ',' && names.p[n] != ' ')
            n++;
        struct str word = str_to(names, n);
        names = str_from(names, n < names.len ? n + 1 : n);
        size_t i = 0;
        while (i < countof(role_name) && !str_is(word, role_name[i].name))
            i++;
        if (word.len > 0 && i == countof(role_name))
            return CAU_ERR_UNKNOWN;
        found |= word.len > 0 ? role_name[i].role : 0;
    }
    *roles = found;
    return CAU_OK;
}

void people_write_roles(struct buf *b, unsigned roles)
{
    bool first = true;
    for (size_t i = 0; i < countof(role_name); i++)
        if ((roles & role_name[i].role) != 0) {
            buf_add_word(b, first ? "" : ", ");
            buf_add_word(b, role_name[i].name);
            first = false;
        }
}

static bool name_is_good(struct str name)
{
    if (name.len < 2 || name.len > LOCAL_NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (i == 0 || (c != '.' && c != '_' && c != '@' && c != '-')))
            return false;
    }
    return true;
}

static enum register_why problem(struct register_outcome *out, const char *place,
                                 enum record_code code, struct str value, int64_t limit)
{
    out->problems.v[out->problems.n++] =
        (struct record_problem){str_of(place), code, value, limit};
    return REGISTER_PROBLEMS;
}

static enum register_why hash_password(struct str password, char hash[PASSWORD_HASH_CHARS],
                                       struct register_outcome *out)
{
    enum cau_err err = password_hash(password, hash);
    if (err == CAU_ERR_RANGE) /* the password itself is never shown */
        return problem(out, "password",
                       password.len > PASSWORD_BYTES_MAX ? RECORD_TOO_LONG : RECORD_TOO_SHORT,
                       (struct str){NULL, 0},
                       password.len > PASSWORD_BYTES_MAX ? PASSWORD_BYTES_MAX
                                                         : PASSWORD_POINTS_MIN);
    return register_why_of(err);
}

struct adding {
    struct local_user user;
    uint32_t id;
};

static enum cau_err add_step(struct store *s, void *arg)
{
    struct adding *adding = arg;
    return local_user_add(s, &adding->user, &adding->id);
}

enum register_why people_add(struct node *n, struct arena *a, const struct actor *actor,
                             struct str name, struct str display, struct str password,
                             unsigned roles, enum lang lang, uint32_t *id,
                             struct register_outcome *out)
{
    (void)a;
    memset(out, 0, sizeof *out);
    if (!may(actor, MAY_USERS, NULL, NULL))
        return REGISTER_NOT_ALLOWED;
    if (!name_is_good(name))
        return problem(out, "name", RECORD_BAD_TEXT, name, LOCAL_NAME_BYTES_MAX);
    display = str_trim(display);
    if (display.len > LOCAL_NAME_BYTES_MAX || utf8_check(display, NULL) != UTF8_GOOD)
        return problem(out, "display", RECORD_TOO_LONG, (struct str){NULL, 0},
                       LOCAL_NAME_BYTES_MAX);
    char hash[PASSWORD_HASH_CHARS];
    enum register_why why = hash_password(password, hash, out);
    if (why != REGISTER_DONE)
        return why;
    struct adding adding = {.user = {.name = name,
                                     .display = display.len > 0 ? display : name,
                                     .password = str_of(hash),
                                     .roles = roles,
                                     .lang = lang_code(lang),
                                     .active = true,
                                     .made_ms = clock_now_ms()}};
    why = register_why_of(writer_run(n, add_step, &adding));
    if (why == REGISTER_DONE)
        *id = adding.id;
    return why;
}

/* What is to be changed of a user; the step runs on the writer thread, so that nothing is lost between. */
struct changing {
    struct str name;
    const char *hash; /* NULL: the password stays */
    unsigned roles;
    bool active;
};

static enum cau_err change_step(struct store *s, void *arg)
{
    const struct changing *c = arg;
    struct arena a = arena_new(1 << 20);
    struct local_user user;
    enum cau_err err = local_user_find(s, &a, c->name, &user);
    if (err == CAU_OK && c->hash != NULL) {
        user.password = str_of(c->hash);
    } else if (err == CAU_OK) {
        user.roles = c->roles;
        user.active = c->active;
    }
    if (err == CAU_OK)
        err = local_user_set(s, &user);
    if (err == CAU_OK) /* whoever is signed in signs in again, with the new rights */
        err = local_session_remove_user(s, user.id);
    arena_free(&a);
    return err;
}

enum register_why people_set_password(struct node *n, struct arena *a,
                                      const struct actor *actor, struct str name,
                                      struct str password, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct local_user user = {0};
    struct view *v = view_take(n);
    enum cau_err err = local_user_find(view_store(v), a, name, &user);
    view_give(n, v);
    bool own = err == CAU_OK && actor->user != 0 && user.id == actor->user;
    if (!own && !may(actor, MAY_USERS, NULL, NULL))
        return REGISTER_NOT_ALLOWED;
    char hash[PASSWORD_HASH_CHARS];
    enum register_why why =
        err == CAU_OK ? hash_password(password, hash, out) : register_why_of(err);
    struct changing c = {.name = name, .hash = hash};
    return why == REGISTER_DONE ? register_why_of(writer_run(n, change_step, &c)) : why;
}

enum register_why people_set_roles(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str name, unsigned roles, bool active,
                                   struct register_outcome *out)
{
    (void)a;
    memset(out, 0, sizeof *out);
    if (!may(actor, MAY_USERS, NULL, NULL))
        return REGISTER_NOT_ALLOWED;
    struct changing c = {.name = name, .roles = roles, .active = active};
    return register_why_of(writer_run(n, change_step, &c));
}
