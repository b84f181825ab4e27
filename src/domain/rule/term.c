#include "domain/rule/term.h"

#include "domain/rule/register_int.h"

#include <string.h>

enum cau_err term_open(struct node *n, struct arena *a, uint32_t **out, size_t *count)
{
    const struct index_filter filter[] = {{INDEX_KIND, STR("term")},
                                          {INDEX_STATUS, STR("proposed")}};
    struct index_query query = {.reader = actor_everything(),
                                .filter = filter,
                                .filter_count = countof(filter),
                                .order = INDEX_NEWEST,
                                .limit = TERM_OPEN_MAX};
    struct index_result found;
    enum cau_err err = index_search(node_index(n), a, &query, &found);
    if (err != CAU_OK)
        return err;
    uint32_t *list = arena_take(a, (found.hit_count + 1) * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < found.hit_count; i++)
        list[i] = found.hit[found.hit_count - 1 - i].doc;
    *out = list;
    *count = found.hit_count;
    return CAU_OK;
}

/* "a; b" as a list of two names; *some: there is at least one. */
static enum cau_err set_names(struct arena *a, struct value *names, enum lang lang,
                              struct str text, bool *some)
{
    struct value list = value_array();
    enum cau_err err = CAU_OK;
    while (text.len > 0 && err == CAU_OK) {
        struct str name = str_trim(str_next(&text, ';'));
        if (name.len > 0)
            err = value_push(a, &list, value_string(name));
    }
    *some = list.n > 0;
    return err == CAU_OK && *some ? value_set(a, names, lang_code(lang), list) : err;
}

static enum cau_err make_form(struct arena *a, const struct term_words *words,
                              struct value *form, unsigned *languages)
{
    struct value names = value_object(), note = value_object();
    enum cau_err err = CAU_OK;
    *form = value_object();
    *languages = 0;
    for (unsigned lang = 0; lang < LANG_COUNT && err == CAU_OK; lang++) {
        bool some = false;
        err = set_names(a, &names, (enum lang)lang, words->name[lang], &some);
        *languages += some;
    }
    if (err == CAU_OK)
        err = value_set(a, form, STR("kind"), value_string(STR("term")));
    if (err == CAU_OK)
        err = value_set(a, form, STR("name"), names);
    if (err == CAU_OK)
        err = value_set(a, form, STR("status"), value_string(STR("proposed")));
    if (err == CAU_OK && words->note.len > 0) {
        err = value_set(a, &note, lang_code(words->lang), value_string(words->note));
        if (err == CAU_OK)
            err = value_set(a, form, STR("note"), note);
    }
    return err;
}

/* A proposal is short: one with more names of a language is two terms. */
static bool too_many_names(const struct term_words *words)
{
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        size_t n = 1;
        for (size_t i = 0; i < words->name[lang].len; i++)
            n += words->name[lang].p[i] == ';';
        if (n > TERM_NAMES_MAX)
            return true;
    }
    return false;
}

static enum register_why problem(struct register_outcome *out, enum record_code code,
                                 int64_t limit)
{
    out->problems.n = 1;
    out->problems.v[0] =
        (struct record_problem){.place = STR("name"), .code = code, .limit = limit};
    return REGISTER_PROBLEMS;
}

enum register_why term_propose(struct node *n, struct arena *a, const struct actor *actor,
                               const struct term_words *words, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    const struct kind *kind = kinds_find(node_kinds(n), STR("term"));
    struct value form;
    unsigned languages;
    uint32_t *open;
    size_t waiting = 0;
    if (!may(actor, MAY_PROPOSE, kind, NULL))
        return REGISTER_NOT_ALLOWED;
    enum cau_err err = make_form(a, words, &form, &languages);
    if (err == CAU_OK && languages < 2)
        return problem(out, RECORD_REQUIRED, 2);
    if (err == CAU_OK && too_many_names(words))
        return problem(out, RECORD_TOO_MANY, TERM_NAMES_MAX);
    if (err == CAU_OK)
        err = term_open(n, a, &open, &waiting);
    if (err != CAU_OK)
        return register_why_of(err);
    if (waiting >= TERM_OPEN_MAX)
        return REGISTER_STATE;
    struct record_form checked = {0};
    struct record_rules rules = {.compose = true, .all_fields = true};
    err = record_check(a, node_kinds(n), &form, rules, &checked, &out->problems);
    if (err == CAU_ERR_SYNTAX)
        return REGISTER_PROBLEMS;
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = {
        .kind = checked.kind, .audience = RECORD_PRIVATE, .payload = &checked.payload};
    return register_put(n, a, actor, &version, out);
}

/* He has proposed it. */
static bool is_own(struct node *n, struct arena *a, const struct actor *actor, uint32_t doc)
{
    struct view *v = view_take(n);
    uint32_t author = register_author(v, a, doc);
    view_give(n, v);
    return author == actor->user;
}

enum register_why term_decide(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after, bool accept,
                              struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    enum register_why why = register_allowed(n, a, actor, id, MAY_ACCEPT, &r);
    if (why != REGISTER_DONE)
        return why;
    if (r.withdrawn || !str_is(value_get_str(&r.payload, "status"), "proposed"))
        return REGISTER_STATE;
    bool editor =
        actor->is_operator || (actor->roles & (LOCAL_EDITOR | LOCAL_ADMINISTRATOR)) != 0;
    if (!editor && is_own(n, a, actor, r.doc))
        return REGISTER_SAME_PERSON;
    enum cau_err err = value_set(a, &r.payload, STR("status"),
                                 value_string(accept ? STR("reviewed") : STR("rejected")));
    if (err != CAU_OK)
        return register_why_of(err);
    struct register_version version = register_next(&r);
    version.audience = accept ? RECORD_PUBLIC : RECORD_PRIVATE;
    version.after = after;
    return register_put(n, a, actor, &version, out);
}
