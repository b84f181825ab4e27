#include "base/words.h"
#include "cli/commands_int.h"
#include "domain/rule/actor.h"
#include "domain/rule/alike.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES_MAX = 1 << 20, LIMIT_MAX = 100000000 };

struct job {
    struct command_call *c;
    struct node *n;
    struct view *v;
    const struct kind *kind;
    struct index_reader reader;
    enum lang lang;
    struct arena row; /* of one pair; emptied before each */
};

static void show_step(void *ctx, uint64_t done, uint64_t all)
{
    command_progress(ctx, "cli.duplicates.progress", done, all);
}

/* A score as people read it: bits with one place. */
static void add_bits(struct buf *b, int32_t hundredths, bool sign)
{
    int32_t tenths = (abs(hundredths) + 5) / 10;
    buf_printf(b, "%s%d.%d", hundredths < 0 ? "-" : sign ? "+" : "", tenths / 10, tenths % 10);
}

static enum cau_err set(struct arena *a, struct value *object, const char *key,
                        struct value value)
{
    return value_set(a, object, str_of(key), value);
}

static enum cau_err record_value(struct arena *a, const struct view_record *r, enum lang lang,
                                 struct value *out)
{
    struct record_text title = record_title(r->kind, &r->payload, lang);
    *out = value_object();
    enum cau_err err = set(a, out, "id", value_string(r->id));
    if (err == CAU_OK && r->external_id.len > 0)
        err = set(a, out, "external_id", value_string(r->external_id));
    if (err == CAU_OK && title.lang.len > 0)
        err = set(a, out, "lang", value_string(title.lang));
    return err == CAU_OK
               ? set(a, out, "title", value_string(title.text.len > 0 ? title.text : r->id))
               : err;
}

static enum cau_err reason_value(struct arena *a, const struct alike_reason *r,
                                 struct value *out)
{
    *out = value_object();
    enum cau_err err = set(a, out, "field", value_string(str_of(weigh_field_name(r->field))));
    if (err == CAU_OK)
        err = set(a, out, "says", value_string(str_of(r->what)));
    if (err == CAU_OK)
        err = set(a, out, "weight", value_integer(r->weight));
    if (err == CAU_OK && r->x.len > 0)
        err = set(a, out, "a", value_string(r->x));
    if (err == CAU_OK && r->y.len > 0)
        err = set(a, out, "b", value_string(r->y));
    return err == CAU_OK && r->share_permille > 0
               ? set(a, out, "share_permille", value_integer(r->share_permille))
               : err;
}

static enum cau_err print_json(struct job *j, const struct identity_score *score,
                               const struct view_record *x, const struct view_record *y,
                               const struct alike_reason *reason, size_t n)
{
    struct arena *a = &j->row;
    struct value all = value_object(), one, other, list = value_array(), item;
    enum cau_err err = record_value(a, x, j->lang, &one);
    if (err == CAU_OK)
        err = record_value(a, y, j->lang, &other);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        err = reason_value(a, &reason[i], &item);
        if (err == CAU_OK)
            err = value_push(a, &list, item);
    }
    if (err == CAU_OK)
        err = set(a, &all, "a", one);
    if (err == CAU_OK)
        err = set(a, &all, "b", other);
    if (err == CAU_OK)
        err = set(a, &all, "band", value_string(str_of(identity_band_name(score->band))));
    if (err == CAU_OK)
        err = set(a, &all, "score", value_integer(score->score));
    if (err == CAU_OK)
        err = set(a, &all, "reasons", list);
    if (err == CAU_OK)
        command_print_json(&all);
    return err;
}

static void print_text(struct job *j, const struct identity_score *score,
                       const struct view_record *x, const struct view_record *y,
                       const struct alike_reason *reason, size_t n)
{
    struct buf b = buf_new(ROW_BYTES_MAX);
    const struct view_record *side[] = {x, y};
    bool same = score->band == IDENTITY_SAME;
    buf_add(&b, words(j->lang, same ? "identity.band.same" : "identity.band.review"));
    buf_add_char(&b, ' ');
    add_bits(&b, score->score, false);
    for (size_t i = 0; i < countof(side); i++) {
        struct record_text title = record_title(side[i]->kind, &side[i]->payload, j->lang);
        buf_printf(&b, "\n  %.*s  %.*s", STR_ARG(side[i]->id), STR_ARG(title.text));
    }
    for (size_t i = 0; i < n; i++) {
        buf_add_word(&b, "\n    ");
        add_bits(&b, reason[i].weight, true);
        buf_add_word(&b, "  ");
        alike_say(&b, j->lang, &reason[i]);
    }
    command_print(buf_str(&b));
    buf_free(&b);
}

static enum cau_err print_pair(struct job *j, const struct identity_pair *pair)
{
    struct view_record x, y;
    struct alike_reason reason[ALIKE_REASONS_MAX];
    arena_reset(&j->row);
    struct identity_facts *facts = arena_take(&j->row, 2 * sizeof *facts);
    enum cau_err err =
        facts == NULL ? CAU_ERR_MEMORY : view_get(j->v, &j->row, j->reader, pair->x, &x);
    if (err == CAU_OK)
        err = view_get(j->v, &j->row, j->reader, pair->y, &y);
    if (err != CAU_OK)
        return err;
    identity_facts_of(x.kind, x.doc, &x.payload, &facts[0]);
    identity_facts_of(y.kind, y.doc, &y.payload, &facts[1]);
    size_t n = alike_reasons(&pair->score, &facts[0], &facts[1], reason);
    if (command_flag(j->c, "json"))
        return print_json(j, &pair->score, &x, &y, reason, n);
    print_text(j, &pair->score, &x, &y, reason, n);
    return CAU_OK;
}

static enum cau_err print_pairs(struct job *j, struct identity_pair *pair, size_t n,
                                uint64_t limit)
{
    struct alike_decision *list;
    size_t decided = 0;
    enum cau_err err =
        alike_decisions(j->v, j->reader, node_kinds(j->n), j->c->arena, &list, &decided);
    if (err == CAU_OK)
        n = alike_undecided(pair, n, list, decided);
    for (size_t i = 0; i < n && i < limit && err == CAU_OK; i++)
        err = print_pair(j, &pair[i]);
    return err;
}

static enum cau_err find(struct job *j, uint64_t limit)
{
    struct vocabulary *words = NULL;
    struct identity *set = NULL;
    struct buf pairs = buf_new((size_t)8 << 30);
    struct identity_run run = {
        .learn = !command_flag(j->c, "default-weights"), .progress = show_step, .ctx = j->c};
    enum cau_err err = vocabulary_open(&words);
    if (err == CAU_OK)
        err = alike_set(j->v, j->reader, j->kind, words, true, &set);
    if (err == CAU_OK)
        err = identity_pairs(set, &run, &pairs);
    if (err == CAU_OK)
        err = alike_unlinked(j->v, j->reader, &pairs);
    command_progress_end(j->c);
    identity_close(set);
    vocabulary_close(words);
    if (err == CAU_OK)
        err = print_pairs(j, (void *)pairs.p, pairs.len / sizeof(struct identity_pair), limit);
    buf_free(&pairs);
    return err;
}

enum command_exit command_duplicates(struct command_call *c)
{
    enum command_exit exit = COMMAND_USAGE;
    const char *kind = command_option(c, "kind"), *lang = command_option(c, "lang");
    struct job j = {.c = c, .lang = c->lang};
    uint64_t limit;
    if (!command_number(c, "limit", LIMIT_MAX, LIMIT_MAX, &limit))
        return exit;
    if (lang != NULL && !lang_read(str_of(lang), &j.lang)) {
        struct str slot = str_of(lang);
        command_say(c, "cli.usage.lang", &slot, 1);
        return exit;
    }
    j.n = command_open(c, NODE_READ, &exit);
    if (j.n == NULL)
        return exit;
    struct actor self = actor_operator();
    j.reader = actor_reader(&self);
    j.kind = kinds_find(node_kinds(j.n), str_of(kind == NULL ? "organization" : kind));
    enum cau_err err = j.kind == NULL || !alike_is(j.kind) ? CAU_ERR_UNKNOWN : CAU_OK;
    if (err == CAU_OK) {
        j.row = arena_new((size_t)64 << 20);
        j.v = view_take(j.n);
        err = find(&j, limit);
        view_give(j.n, j.v);
        arena_free(&j.row);
    }
    node_close(j.n);
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, kind);
}
