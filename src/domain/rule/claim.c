#include "domain/rule/claim.h"

#include "domain/rule/register_int.h"

#include <string.h>

static bool is_open(const struct view_record *r)
{
    return !r->withdrawn && str_is(value_get_str(&r->payload, "claim"), "speaks_for") &&
           value_get(&r->payload, "confirmed") == NULL;
}

struct looking {
    struct view *v;
    struct arena *a;
    uint32_t user;
    struct str organization;
    uint32_t *doc;
    size_t n, max;
};

static bool look(void *ctx, const struct view_record *r)
{
    struct looking *l = ctx;
    bool wanted = is_open(r) &&
                  (l->organization.len == 0 ||
                   str_equal(value_get_str(&r->payload, "about"), l->organization)) &&
                  (l->user == 0 || register_author(l->v, l->a, r->doc) == l->user);
    if (wanted)
        l->doc[l->n++] = r->doc;
    return l->n < l->max;
}

enum cau_err claim_open(struct view *v, struct arena *a, const struct kinds *kinds,
                        uint32_t user, struct str organization, size_t max, uint32_t **out,
                        size_t *n)
{
    struct arena own = arena_new((size_t)64 << 20);
    struct looking l = {
        .v = v, .a = &own, .user = user, .organization = organization, .max = max};
    l.doc = arena_take(a, max * sizeof *l.doc);
    enum cau_err err = l.doc == NULL || max == 0 ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK)
        err = view_each(v, &own, actor_everything(), kinds_find(kinds, STR("claim")), look, &l);
    arena_free(&own);
    if (err == CAU_OK) {
        *out = l.doc;
        *n = l.n;
    }
    return err;
}

static bool has_filed(struct node *n, struct arena *a, const struct actor *actor,
                      struct str organization)
{
    uint32_t *doc;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err =
        claim_open(v, a, node_kinds(n), actor->user, organization, 1, &doc, &count);
    view_give(n, v);
    return err == CAU_OK && count > 0;
}

enum register_why claim_file(struct node *n, struct arena *a, const struct actor *actor,
                             struct str organization, struct str statement, enum lang lang,
                             struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, organization, MAY_CLAIM, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn || r.doc == actor->organization_doc || has_filed(n, a, actor, r.id))
        return REGISTER_STATE;
    struct value form = value_object(), text = value_object();
    enum cau_err err = value_set(a, &form, STR("kind"), value_string(STR("claim")));
    if (err == CAU_OK)
        err = value_set(a, &form, STR("claim"), value_string(STR("speaks_for")));
    if (err == CAU_OK)
        err = value_set(a, &form, STR("about"), value_string(r.id));
    if (err == CAU_OK && str_trim(statement).len > 0) {
        err = value_set(a, &text, lang_code(lang), value_string(statement));
        if (err == CAU_OK)
            err = value_set(a, &form, STR("statement"), text);
    }
    if (err != CAU_OK)
        return register_why_of(err);
    struct record_form checked = {0};
    err = record_check(a, node_kinds(n), &form, (struct record_rules){.compose = true},
                       &checked, &out->problems);
    if (err == CAU_ERR_SYNTAX)
        return REGISTER_PROBLEMS;
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = {
        .kind = checked.kind, .audience = RECORD_PRIVATE, .payload = &checked.payload};
    return register_put(n, a, actor, &version, out);
}

struct speaks_for {
    uint32_t user;
    struct str organization;
};

/* On the writer thread: the user becomes a member who speaks for the organisation. */
static enum cau_err let_speak(struct store *s, void *arg)
{
    const struct speaks_for *who = arg;
    struct arena a = arena_new(1 << 20);
    struct local_user user;
    enum cau_err err = local_user_get(s, &a, who->user, &user);
    if (err == CAU_OK) {
        user.organization = who->organization;
        user.roles |= LOCAL_MEMBER;
        err = local_user_set(s, &user);
    }
    arena_free(&a);
    return err;
}

enum register_why claim_decide(struct node *n, struct arena *a, const struct actor *actor,
                               struct str claim, bool accept, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, claim, MAY_CONFIRM, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!str_is(r.kind->name, "claim") || !is_open(&r))
        return REGISTER_STATE;
    struct view *v = view_take(n);
    struct speaks_for who = {register_author(v, a, r.doc), value_get_str(&r.payload, "about")};
    view_give(n, v);
    if (who.user == 0)
        return REGISTER_STATE;
    if (who.user == actor->user)
        return REGISTER_SAME_PERSON;
    /* The right first, the record after: after a crash in between the claim is still open and the editor
     * confirms once more, with the same result. */
    if (accept)
        why = register_why_of(writer_run(n, let_speak, &who));
    if (why != REGISTER_DONE)
        return why;
    enum cau_err err =
        accept ? value_set(a, &r.payload, STR("confirmed"), value_true())
               : value_set(a, &r.payload, STR("withdrawn"), value_string(STR("declined")));
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    version.audience = RECORD_PRIVATE;
    return register_put(n, a, actor, &version, out);
}
