#include "domain/rule/register.h"

#include "base/log.h"
#include "domain/rule/minutes.h"
#include "domain/rule/need.h"
#include "domain/rule/obstacle.h"
#include "domain/rule/register_int.h"
#include "domain/rule/rules.h"

#include <string.h>

const char *register_why_name(enum register_why why)
{
    static const char *const name[REGISTER_WHYS] = {
        "done",        "problems", "not_allowed", "changed",    "taken", "gone", "state",
        "same_person", "same",     "no_side",     "not_acting", "busy",  "full", "failed"};
    must((unsigned)why < REGISTER_WHYS);
    return name[why];
}

enum register_why register_why_of(enum cau_err err)
{
    switch (err) {
    case CAU_OK:
        return REGISTER_DONE;
    case CAU_ERR_STALE:
        return REGISTER_CHANGED;
    case CAU_ERR_REFUSED:
        return REGISTER_TAKEN;
    case CAU_ERR_UNKNOWN:
        return REGISTER_GONE;
    case CAU_ERR_BUSY:
        return REGISTER_BUSY;
    case CAU_ERR_FULL:
    case CAU_ERR_CORRUPT: /* the node's state allows no writing */
        return REGISTER_FULL;
    default:
        log_line(LOG_ERROR, "write failed: %s", cau_err_name(err));
        return REGISTER_FAILED;
    }
}

enum cau_err register_audit(struct arena *a, const struct actor *actor, const char *role,
                            struct str import, struct value *payload)
{
    struct value audit = value_object();
    enum cau_err err = CAU_OK;
    if (actor->user != 0)
        err = value_set(a, &audit, STR("by"), value_integer(actor->user));
    if (err == CAU_OK)
        err = value_set(a, &audit, STR("role"),
                        value_string(str_of(role != NULL ? role : actor_role(actor))));
    if (err == CAU_OK && import.len > 0)
        err = value_set(a, &audit, STR("import"), value_string(import));
    return err == CAU_OK ? value_set(a, payload, STR("audit"), audit) : err;
}

enum cau_err register_payload(struct arena *a, const struct actor *actor,
                              const struct record_form *form, struct str import,
                              struct buf *bytes)
{
    struct value payload;
    enum cau_err err = value_copy(a, &form->payload, &payload);
    if (err == CAU_OK)
        err = register_audit(a, actor, NULL, import, &payload);
    return err == CAU_OK ? record_write(bytes, &payload) : err;
}

enum register_why register_current(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, struct view_record *out)
{
    struct view *v = view_take(n);
    struct index_reader reader = actor_reader(actor);
    uint32_t doc = view_find(v, reader, id);
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, a, reader, doc, out);
    view_give(n, v);
    if (err == CAU_OK && out->redacted)
        err = CAU_ERR_UNKNOWN;
    return register_why_of(err);
}

bool register_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     bool (*shown)(struct view *v, const struct actor *actor,
                                   const struct view_record *r),
                     struct index_reader *out)
{
    struct view_record r;
    struct index_reader own = actor_reader(actor);
    size_t before = a->used;
    enum cau_err err = view_get(v, a, own, doc, &r);
    bool sees = err == CAU_OK;
    if (err == CAU_ERR_UNKNOWN && view_get(v, a, actor_everything(), doc, &r) == CAU_OK &&
        shown(v, actor, &r)) {
        own.owner = r.owner;
        sees = true;
    }
    a->used = before;
    if (sees)
        *out = own;
    return sees;
}

struct register_version register_next(const struct view_record *r)
{
    return (struct register_version){.id = r->id,
                                     .kind = r->kind,
                                     .audience = r->audience,
                                     .payload = &r->payload,
                                     .after = &r->leaf};
}

uint32_t register_author(struct view *v, struct arena *a, uint32_t doc)
{
    struct view_version *version;
    size_t n = 0;
    enum cau_err err = view_history(v, a, actor_everything(), doc, &version, &n);
    return err == CAU_OK && n > 0 ? version[n - 1].user : 0;
}

enum register_why register_allowed(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, enum may_action action,
                                   struct view_record *out)
{
    enum register_why why = register_current(n, a, actor, id, out);
    return why == REGISTER_DONE && !may(actor, action, out->kind, out) ? REGISTER_NOT_ALLOWED
                                                                       : why;
}

static enum register_why write_all(struct node *n, struct arena *a, const struct actor *actor,
                                   const struct writer_change *change, size_t count,
                                   struct writer_result result[REGISTER_GROUP_MAX],
                                   struct register_outcome *out)
{
    must(count > 0 && count <= REGISTER_GROUP_MAX);
    enum cau_err err = writer_put(n, change, count, result);
    if (err == CAU_OK)
        out->result = result[count - 1];
    enum register_why why = register_why_of(err);
    if (why == REGISTER_CHANGED) {
        enum register_why seen =
            register_current(n, a, actor, change[count - 1].id, &out->current);
        return seen == REGISTER_DONE ? REGISTER_CHANGED : seen;
    }
    return why;
}

enum cau_err register_form(struct arena *a, const struct view_record *r, struct value *out)
{
    struct value all;
    enum cau_err err = record_to_form(a, r->kind, r->audience, &r->payload, &all);
    *out = value_object();
    for (uint32_t i = 0; err == CAU_OK && i < all.n; i++) {
        const struct kind_field *f = kind_find_field(r->kind, all.member[i].key);
        if (f == NULL || !f->rule)
            err = value_set(a, out, all.member[i].key, all.member[i].value);
    }
    return err;
}

enum register_why register_write(struct node *n, struct arena *a, const struct actor *actor,
                                 const struct writer_change *change, size_t count,
                                 struct register_outcome *out)
{
    struct writer_result result[REGISTER_GROUP_MAX];
    return write_all(n, a, actor, change, count, result, out);
}

/* The canonical bytes of a version, in the arena. Errors: RANGE, MEMORY. */
static enum cau_err version_bytes(struct arena *a, const struct actor *actor,
                                  const struct register_version *version, struct str *out)
{
    struct value payload;
    struct buf bytes = buf_new(RECORD_BYTES_MAX + 1);
    enum cau_err err = value_copy(a, version->payload, &payload);
    if (err == CAU_OK)
        err = register_audit(a, actor, version->role, (struct str){NULL, 0}, &payload);
    if (err == CAU_OK)
        err = record_write(&bytes, &payload);
    if (err == CAU_OK)
        err = arena_copy(a, buf_str(&bytes), out);
    buf_free(&bytes);
    return err;
}

enum register_why register_put_all(struct node *n, struct arena *a, const struct actor *actor,
                                   const struct register_version *version, size_t count,
                                   struct writer_result *result, struct register_outcome *out)
{
    struct writer_change change[REGISTER_GROUP_MAX] = {{.op = WRITER_PUT}};
    struct writer_result done[REGISTER_GROUP_MAX];
    size_t at[REGISTER_GROUP_MAX], n_changes = 0;
    must(count > 0 && count <= REGISTER_GROUP_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct register_version *v = &version[i];
        struct str bytes = {NULL, 0};
        enum cau_err err = version_bytes(a, actor, v, &bytes);
        if (err == CAU_ERR_RANGE) {
            out->problems.n = 1;
            out->problems.v[0] =
                (struct record_problem){.code = RECORD_TOO_BIG, .limit = RECORD_BYTES_MAX};
            return REGISTER_PROBLEMS;
        }
        if (err != CAU_OK)
            return register_why_of(err);
        must(n_changes + 2 <= REGISTER_GROUP_MAX);
        if (v->first != NULL)
            change[n_changes++] = *v->first;
        at[i] = n_changes;
        change[n_changes++] = (struct writer_change){
            .op = WRITER_PUT,
            .id = v->id,
            .kind = v->kind,
            .audience = v->audience,
            .payload = bytes,
            .after = v->after,
            .organization = actor->organization,
        };
    }
    enum register_why why = write_all(n, a, actor, change, n_changes, done, out);
    for (size_t i = 0; why == REGISTER_DONE && i < count; i++)
        result[i] = done[at[i]];
    return why;
}

struct actor register_signer(const struct actor *actor, const struct view_record *r)
{
    struct actor signer = *actor;
    if (r == NULL || r->owner == 0 || r->owner != actor->organization_doc)
        signer.organization = (struct str){NULL, 0};
    return signer;
}

enum register_why register_put(struct node *n, struct arena *a, const struct actor *actor,
                               const struct register_version *version,
                               struct register_outcome *out)
{
    struct writer_result result;
    return register_put_all(n, a, actor, version, 1, &result, out);
}

/* Fields that only the rules set are not on a form: they stay as the newest version has them. */
static enum cau_err keep_rule_fields(struct arena *a, const struct kind *kind,
                                     const struct value *old, struct value *payload)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < kind->n && err == CAU_OK; i++) {
        const struct kind_field *f = &kind->field[i];
        const struct value *was = f->rule ? value_find(old, f->name) : NULL;
        if (was != NULL && value_find(payload, f->name) == NULL)
            err = value_set(a, payload, f->name, *was);
    }
    return err;
}

/* A member writes for the organisation he speaks for, and for no other. */
static enum register_why claim_ownership(struct arena *a, const struct actor *actor,
                                         const struct kind *kind, struct value *payload)
{
    struct actor staff = *actor;
    staff.organization_doc = 0;
    if (kind_find_field(kind, STR("organization")) == NULL ||
        may(&staff, MAY_CREATE, kind, NULL))
        return REGISTER_DONE;
    struct str named = value_get_str(payload, "organization");
    if (named.len == 0)
        return register_why_of(
            value_set(a, payload, STR("organization"), value_string(actor->organization)));
    return str_equal(named, actor->organization) ? REGISTER_DONE : REGISTER_NOT_ALLOWED;
}

static bool same_but_audit(struct arena *a, const struct value *x, const struct value *y)
{
    struct record_change change[1];
    size_t n = 1;
    return record_diff(a, x, y, change, countof(change), &n) == CAU_OK && n == 0;
}

/* For which side people speak is told by the country of their organisation (domain/rule/side.h): a member does not move his own
 * to another one. */
static bool moves_away(const struct actor *actor, const struct record_form *form,
                       const struct view_record *old)
{
    struct actor staff = *actor;
    staff.organization_doc = 0;
    return str_is(form->kind->name, "organization") &&
           !may(&staff, MAY_EDIT, form->kind, old) &&
           !str_equal(value_get_str(&form->payload, "country"),
                      value_get_str(&old->payload, "country"));
}

/* Who may make or change it, and the payload with what the rules keep. */
static enum register_why prepare(struct node *n, struct arena *a, const struct actor *actor,
                                 struct str id, struct record_form *form,
                                 struct view_record *old)
{
    bool fresh = id.len == 0;
    enum register_why why = fresh ? REGISTER_DONE : register_current(n, a, actor, id, old);
    if (why != REGISTER_DONE)
        return why;
    if (!fresh && old->kind != form->kind)
        return REGISTER_GONE;
    if (!may(actor, fresh ? MAY_CREATE : MAY_EDIT, form->kind, fresh ? NULL : old))
        return REGISTER_NOT_ALLOWED;
    if (!actor->is_operator)
        why = claim_ownership(a, actor, form->kind, &form->payload);
    if (why == REGISTER_DONE && !fresh)
        why = register_why_of(keep_rule_fields(a, form->kind, &old->payload, &form->payload));
    if (why == REGISTER_DONE && need_is(form->kind) && !actor->is_operator) {
        form->audience = RECORD_PRIVATE;
        why = register_why_of(
            value_set(a, &form->payload, STR("publication"), value_string(STR("draft"))));
    } else if (!fresh && !form->audience_given) {
        form->audience = old->audience;
    }
    return why;
}

static enum cau_err apply_rules(struct node *n, struct arena *a, const struct view_record *old,
                                struct record_form *form, struct record_problems *problems)
{
    struct view *v = view_take(n);
    enum cau_err err = rules_apply(v, a, (struct rules_input){.old = old}, form, problems);
    view_give(n, v);
    return err;
}

enum register_why register_save(struct node *n, struct arena *a, const struct actor *actor,
                                const struct value *form, struct str id,
                                const struct digest *after, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct record_form checked = {0};
    struct record_rules rules = {.compose = true, .all_fields = actor->is_operator};
    enum cau_err err = record_check(a, node_kinds(n), form, rules, &checked, &out->problems);
    if (err == CAU_ERR_SYNTAX)
        return REGISTER_PROBLEMS;
    if (err != CAU_OK)
        return register_why_of(err);
    struct view_record old = {0};
    enum register_why why = prepare(n, a, actor, id, &checked, &old);
    if (why != REGISTER_DONE)
        return why;
    if (id.len > 0 && moves_away(actor, &checked, &old)) {
        out->problems.n = 1;
        out->problems.v[0] =
            (struct record_problem){STR("country"), RECORD_FOR_EDITOR, {NULL, 0}, 0};
        return REGISTER_PROBLEMS;
    }
    err = apply_rules(n, a, id.len > 0 ? &old : NULL, &checked, &out->problems);
    if (err != CAU_OK)
        return err == CAU_ERR_SYNTAX ? REGISTER_PROBLEMS : register_why_of(err);
    if (!actor->is_operator && str_is(checked.kind->name, "obstacle")) {
        struct view *v = view_take(n);
        why = obstacle_file(v, a, actor, id.len > 0 ? &old : NULL, &checked, &out->problems);
        view_give(n, v);
        if (why != REGISTER_DONE)
            return why;
    }
    if (id.len > 0 && old.audience == checked.audience &&
        same_but_audit(a, &old.payload, &checked.payload))
        return REGISTER_SAME;
    /* To a narrower audience: the wider log forgets it in the same group. */
    struct writer_change forget = {.op = WRITER_REDACT,
                                   .id = id,
                                   .audience = old.audience,
                                   .after = after,
                                   .why = STR("narrowed")};
    bool narrower = id.len > 0 && checked.audience > old.audience && !need_is(checked.kind);
    struct register_version version = {
        .id = id,
        .kind = checked.kind,
        .audience = checked.audience,
        .payload = &checked.payload,
        .after = narrower ? NULL : after,
        .first = narrower ? &forget : NULL,
    };
    return register_put(n, a, actor, &version, out);
}

enum register_why register_withdraw(struct node *n, struct arena *a, const struct actor *actor,
                                    struct str id, const struct digest *after,
                                    struct str why_code, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_WITHDRAW, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn)
        return REGISTER_STATE;
    if (kind_find_code(kinds_find_list(node_kinds(n), STR("withdrawn_reason")), why_code) ==
        NULL) {
        out->problems.n = 1;
        out->problems.v[0] =
            (struct record_problem){STR("withdrawn"), RECORD_UNKNOWN_CODE, why_code, 0};
        return REGISTER_PROBLEMS;
    }
    enum cau_err err = value_set(a, &r.payload, STR("withdrawn"), value_string(why_code));
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    version.after = after;
    return register_put(n, a, actor, &version, out);
}

enum register_why register_redact(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_REDACT, &r);
    if (why != REGISTER_DONE)
        return why;
    struct view_version *version;
    size_t count = 0, changes = 0;
    struct view *v = view_take(n);
    struct minutes_files files = {NULL, 0};
    enum cau_err err = view_history(v, a, actor_reader(actor), r.doc, &version, &count);
    if (err == CAU_OK)
        err = minutes_files_of(v, a, actor_reader(actor), &r, version, count, &files);
    view_give(n, v);
    if (err != CAU_OK)
        return register_why_of(err);
    struct writer_change change[RECORD_AUDIENCES];
    bool in[RECORD_AUDIENCES] = {false};
    for (size_t i = 0; i < count; i++)
        in[version[i].audience] = in[version[i].audience] || !version[i].redacted;
    for (enum record_audience where = RECORD_PUBLIC; where < RECORD_AUDIENCES; where++)
        if (in[where])
            change[changes++] = (struct writer_change){
                .op = WRITER_REDACT, .id = r.id, .audience = where, .why = STR("erased")};
    if (changes == 0)
        return REGISTER_STATE;
    why = register_write(n, a, actor, change, changes, out);
    return why == REGISTER_DONE ? register_why_of(minutes_erase(n, files)) : why;
}
