/* An obstacle that a member has entrusted to an association, and what the association puts forward of it. */
#include "base/digest.h"
#include "domain/rule/obstacle_int.h"
#include "language/fold.h"

#include <string.h>

enum {
    NAME_BYTES_MIN = 4
}; /* of a member's name that is looked for in a text: shorter ones are words */

/* A private one that somebody else has entrusted to the association he speaks for. */
static bool is_for_him(struct view *v, const struct actor *actor, const struct view_record *r)
{
    return obstacle_is(r) && r->audience == RECORD_PRIVATE && r->owner != 0 &&
           r->owner != actor->organization_doc &&
           obstacle_speaks_for(v, actor, value_get_str(&r->payload, "through"));
}

bool obstacle_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     struct index_reader *out)
{
    return register_reader(v, a, actor, doc, is_for_him, out);
}

uint32_t obstacle_find(struct view *v, struct arena *a, const struct actor *actor,
                       struct str id)
{
    struct view_record r;
    size_t before = a->used;
    uint32_t doc = view_find(v, actor_everything(), id);
    bool his = doc != 0 && view_get(v, a, actor_everything(), doc, &r) == CAU_OK &&
               is_for_him(v, actor, &r);
    a->used = before;
    return his ? doc : 0;
}

enum cau_err obstacle_pending(struct view *v, struct arena *a, const struct actor *actor,
                              uint32_t **out, size_t *n)
{
    struct view_link *link = NULL;
    size_t links = 0, found = 0;
    uint32_t *list = arena_take(a, OBSTACLE_PENDING_MAX * sizeof *list);
    enum cau_err err = list == NULL ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK && (actor->roles & LOCAL_MEMBER) != 0 && actor->organization_doc != 0)
        err = view_links_to(v, a, actor_everything(), actor->organization_doc, &link, &links);
    if (err != CAU_OK)
        return err;
    for (size_t i = 0; i < links && found < OBSTACLE_PENDING_MAX; i++) {
        struct view_record r;
        size_t before = a->used;
        if (str_is(link[i].rel, "through") && link[i].doc != 0 &&
            view_get(v, a, actor_everything(), link[i].doc, &r) == CAU_OK && !r.withdrawn &&
            is_for_him(v, actor, &r) && value_get(&r.payload, "forwarded") == NULL)
            list[found++] = link[i].doc;
        a->used = before;
    }
    *out = list;
    *n = found;
    return CAU_OK;
}

static const char *const forwarded_field[] = {"title",     "obstacle_kind", "summary", "side",
                                              "countries", "about",         "example"};

static enum cau_err copy_forwarded(struct arena *a, const struct value *from, struct value *to)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(forwarded_field) && err == CAU_OK; i++) {
        const struct value *x = value_get(from, forwarded_field[i]);
        if (x != NULL)
            err = value_set(a, to, str_of(forwarded_field[i]), *x);
    }
    return err;
}

enum cau_err obstacle_forward_form(struct arena *a, const struct view_record *r,
                                   struct value *form)
{
    *form = value_object();
    enum cau_err err = value_set_str(a, form, "kind", STR("obstacle"));
    return err == CAU_OK ? copy_forwarded(a, &r->payload, form) : err;
}

/* ---- whose name must not be said ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* name stands in text as a word of its own; both in index form. */
static bool contains(struct str text, struct str name)
{
    for (size_t i = 0; name.len >= NAME_BYTES_MIN && i + name.len <= text.len; i++)
        if (memcmp(text.p + i, name.p, name.len) == 0 &&
            (i == 0 || !is_letter(text.p[i - 1])) &&
            (i + name.len == text.len || !is_letter(text.p[i + name.len])))
            return true;
    return false;
}

static enum cau_err find_name(struct arena *a, struct str folded, const struct value *names,
                              bool *found)
{
    struct str name;
    enum cau_err err = CAU_OK;
    if (names == NULL)
        return CAU_OK;
    if (names->type == VALUE_STRING) {
        err = fold_text(a, names->string, &name);
        *found = *found || (err == CAU_OK && contains(folded, name));
    } else if (names->type == VALUE_ARRAY || names->type == VALUE_OBJECT) {
        for (uint32_t i = 0; i < names->n && err == CAU_OK; i++)
            err = find_name(
                a, folded,
                names->type == VALUE_ARRAY ? &names->item[i] : &names->member[i].value, found);
    }
    return err;
}

/* Whether a text, in any of its languages, holds one of the member's names or numbers. */
static enum cau_err find_member(struct arena *a, const struct value *text,
                                const struct view_record *member, bool *found)
{
    struct str folded;
    enum cau_err err = CAU_OK;
    struct record_text one;
    for (size_t i = 0;
         err == CAU_OK && text != NULL && (one = record_text_at(text, i)).text.p != NULL; i++) {
        err = fold_text(a, one.text, &folded);
        if (err == CAU_OK)
            err = find_name(a, folded, value_get(&member->payload, "name"), found);
        if (err == CAU_OK)
            err = find_name(a, folded, value_get(&member->payload, "identifiers"), found);
    }
    return err;
}

static enum cau_err check_unnamed(struct view *v, struct arena *a, uint32_t owner,
                                  const struct value *payload, struct record_problems *problems)
{
    static const char *const field[] = {"title", "summary"};
    struct view_record member;
    enum cau_err err = view_get(v, a, actor_everything(), owner, &member);
    for (size_t i = 0; i < countof(field) && err == CAU_OK; i++) {
        bool found = false;
        err = find_member(a, value_get(payload, field[i]), &member, &found);
        if (found)
            obstacle_problem(problems, field[i], RECORD_NAMES_FILER, (struct str){NULL, 0});
    }
    return err;
}

/* ---- putting forward ---- */

/* A name by which the private version leads to the public one before that has an id. It says nothing. */
static enum cau_err new_name(struct arena *a, struct str *out)
{
    static const char head[] = "obstacle-";
    unsigned char secret[16];
    char text[sizeof head - 1 + DIGEST_BASE32(sizeof secret)];
    digest_random(secret, sizeof secret);
    memcpy(text, head, sizeof head - 1);
    digest_to_base32(secret, sizeof secret, text + sizeof head - 1);
    return arena_copy(a, (struct str){text, sizeof text}, out);
}

/* What goes to everyone, or to partners: only what may, and whose it is now. */
static enum cau_err open_payload(struct node *n, struct arena *a, const struct actor *actor,
                                 const struct value *form, struct str name,
                                 struct record_form *out, struct record_problems *problems)
{
    struct value clean = value_object();
    struct record_rules rules = {.compose = true, .all_fields = true};
    enum cau_err err = value_set_str(a, &clean, "kind", STR("obstacle"));
    if (err == CAU_OK)
        err = copy_forwarded(a, form, &clean);
    if (err == CAU_OK && value_get_str(form, "visibility").len > 0)
        err = value_set_str(a, &clean, "visibility", value_get_str(form, "visibility"));
    if (err == CAU_OK)
        err = value_set_str(a, &clean, "external_id", name);
    if (err == CAU_OK)
        err = value_set_str(a, &clean, "organization", actor->organization);
    if (err == CAU_OK)
        err = value_set_str(a, &clean, "through", actor->organization);
    if (err == CAU_OK)
        err = obstacle_set_today(a, &clean, "filed_on");
    if (err == CAU_OK)
        err = value_set_str(a, &clean, "status", obstacle_status_code(OBSTACLE_FILED));
    return err == CAU_OK ? record_check(a, node_kinds(n), &clean, rules, out, problems) : err;
}

static enum cau_err write_payload(struct arena *a, const struct actor *actor,
                                  const struct value *given, struct buf *bytes)
{
    struct value payload;
    enum cau_err err = value_copy(a, given, &payload);
    if (err == CAU_OK)
        err = register_audit(a, actor, NULL, (struct str){NULL, 0}, &payload);
    return err == CAU_OK ? record_write(bytes, &payload) : err;
}

/* Both versions in one transaction: the private one leads to the open one, which leads nowhere. */
static enum register_why put_both(struct node *n, struct arena *a, const struct actor *actor,
                                  const struct view_record *r, const struct record_form *open,
                                  struct str name, struct register_outcome *out)
{
    struct buf private_bytes = buf_new(RECORD_BYTES_MAX + 1),
               open_bytes = buf_new(RECORD_BYTES_MAX + 1);
    struct value tied = r->payload;
    enum cau_err err = value_set_str(a, &tied, "forwarded", name);
    if (err == CAU_OK)
        err = write_payload(a, actor, &tied, &private_bytes);
    if (err == CAU_OK)
        err = write_payload(a, actor, &open->payload, &open_bytes);
    enum register_why why = register_why_of(err);
    if (why == REGISTER_DONE) {
        const struct writer_change change[] = {
            {.op = WRITER_PUT,
             .id = r->id,
             .kind = r->kind,
             .audience = RECORD_PRIVATE,
             .payload = buf_str(&private_bytes),
             .after = &r->leaf},
            {.op = WRITER_PUT,
             .kind = open->kind,
             .audience = open->audience,
             .payload = buf_str(&open_bytes),
             .organization = actor->organization},
        };
        why = register_write(n, a, actor, change, countof(change), out);
    }
    buf_free(&private_bytes);
    buf_free(&open_bytes);
    return why;
}

enum register_why obstacle_forward(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct value *form,
                                   const struct digest *after, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct str name;
    struct record_form open = {0};
    struct view *v = view_take(n);
    uint32_t doc = obstacle_find(v, a, actor, id);
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, a, actor_everything(), doc, &r);
    enum register_why why = register_why_of(err);
    if (why == REGISTER_DONE && (r.withdrawn || value_get(&r.payload, "forwarded") != NULL))
        why = REGISTER_STATE;
    if (why == REGISTER_DONE && after != NULL && !digest_equal(after, &r.leaf)) {
        out->current = r;
        why = REGISTER_CHANGED;
    }
    if (why == REGISTER_DONE) {
        err = new_name(a, &name);
        if (err == CAU_OK)
            err = open_payload(n, a, actor, form, name, &open, &out->problems);
        if (err == CAU_OK)
            err = check_unnamed(v, a, r.owner, &open.payload, &out->problems);
        why = err == CAU_ERR_SYNTAX || (err == CAU_OK && out->problems.n > 0)
                  ? REGISTER_PROBLEMS
                  : register_why_of(err);
    }
    view_give(n, v);
    if (why == REGISTER_DONE && open.audience == RECORD_PRIVATE) {
        obstacle_problem(&out->problems, "visibility", RECORD_UNKNOWN_CODE, STR("private"));
        why = REGISTER_PROBLEMS;
    }
    return why == REGISTER_DONE ? put_both(n, a, actor, &r, &open, name, out) : why;
}
