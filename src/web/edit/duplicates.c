/* Records that may be one, for editors: the pairs that were found, a pair side by side, the decision. */
#include "base/number.h"
#include "base/words.h"
#include "web/edit/edit.h"
#include "web/part/present.h"
#include "web/serve/alike_sets.h"

#include <stdlib.h>

enum { PAGE_ROWS = 20, PAGES_MAX = ALIKE_SETS_PAIRS / PAGE_ROWS, DIFFERENCES_MAX = 200 };

static bool is_editor(struct ask *q)
{
    if (ask_may(q, MAY_CONFIRM, NULL, NULL))
        return true;
    ask_error(q, 403);
    return false;
}

/* Who may not see everything is told nothing of the rest: no count of its pairs, no rarity of its names. */
static enum alike_reader reader_of(const struct ask *q)
{
    struct index_reader everything = actor_everything();
    return q->reader.audiences == everything.audiences ? ALIKE_STAFF : ALIKE_PUBLIC;
}

/* 12,3 or 12.3: bits with one place, as the reader's language writes them. */
static struct str bits(struct ask *q, int32_t hundredths, bool sign)
{
    int32_t tenths = (abs(hundredths) + 5) / 10;
    struct str text = ask_print(q, "%d.%d", tenths / 10, tenths % 10);
    return ask_print(q, "%s%.*s",
                     hundredths < 0 ? "\xE2\x88\x92"
                     : sign         ? "+"
                                    : "",
                     STR_ARG(ask_decimal(q, text)));
}

static void add_score(struct ask *q, struct html_map *m, const struct identity_score *score)
{
    html_text(m, "band",
              ask_label(q, "identity.band.", str_of(identity_band_name(score->band))));
    html_flag(m, "sure", score->band == IDENTITY_SAME);
    html_text(m, "score", bits(q, score->score, false));
}

static void add_reasons(struct ask *q, struct html_map *m, const struct identity_score *score,
                        const struct view_record *x, const struct view_record *y, size_t most)
{
    struct identity_facts *f = arena_take(q->arena, 2 * sizeof *f);
    struct alike_reason reason[ALIKE_REASONS_MAX];
    if (f == NULL) {
        q->model.failed = true;
        return;
    }
    identity_facts_of(x->kind, x->doc, &x->payload, &f[0]);
    identity_facts_of(y->kind, y->doc, &y->payload, &f[1]);
    size_t n = alike_reasons(score, &f[0], &f[1], reason);
    for (size_t i = 0; i < n && i < most; i++) {
        struct buf b = buf_new(4096);
        struct html_map *one = html_item(m, "grounds");
        alike_say(&b, q->lang, &reason[i]);
        html_text(one, "text", ask_keep(q, &b));
        html_text(one, "weight", bits(q, reason[i].weight, true));
        buf_free(&b);
    }
}

/* ---- the list ---- */

static void add_pair(struct ask *q, const struct identity_pair *pair)
{
    struct view_record x, y;
    if (view_get(q->view, q->arena, q->reader, pair->x, &x) != CAU_OK ||
        view_get(q->view, q->arena, q->reader, pair->y, &y) != CAU_OK || x.withdrawn ||
        y.withdrawn)
        return;
    struct html_map *m = html_item(q->page, "pairs");
    add_score(q, m, &pair->score);
    present_row(q, html_item(m, "sides"), &x);
    present_row(q, html_item(m, "sides"), &y);
    add_reasons(q, m, &pair->score, &x, &y, 3);
    html_text(m, "pair_address",
              ask_print(q, "/%.*s/duplicates/%.*s/%.*s", STR_ARG(lang_code(q->lang)),
                        STR_ARG(x.id), STR_ARG(y.id)));
}

/* A copy of the pairs that are still to be decided. */
static enum cau_err open_pairs(struct ask *q, const struct kind *kind,
                               struct identity_pair **out, size_t *n)
{
    const struct identity *set;
    const struct identity_pair *pairs;
    struct alike_decision *decided;
    size_t found = 0, decisions = 0;
    enum cau_err err =
        alike_decisions(q->view, q->reader, q->site->kinds, q->arena, &decided, &decisions);
    if (err == CAU_OK)
        err =
            alike_sets_take(q->site->alike, q->view, reader_of(q), kind, &set, &pairs, &found);
    if (err != CAU_OK)
        return err;
    struct identity_pair *copy = arena_take(q->arena, (found + 1) * sizeof *copy);
    for (size_t i = 0; copy != NULL && i < found; i++)
        copy[i] = pairs[i];
    alike_sets_give(q->site->alike);
    if (copy == NULL)
        return CAU_ERR_MEMORY;
    *n = alike_undecided(copy, found, decided, decisions);
    *out = copy;
    return CAU_OK;
}

static void add_page_link(struct ask *q, const char *key, const struct kind *kind,
                          uint64_t page)
{
    html_text(q->page, key,
              ask_print(q, "/%.*s/duplicates?kind=%.*s&page=%u", STR_ARG(lang_code(q->lang)),
                        STR_ARG(kind->name), (unsigned)page));
}

void duplicates_list(struct ask *q)
{
    struct str name = ask_query(q, "kind");
    const struct kind *kind =
        kinds_find(q->site->kinds, name.len > 0 ? name : STR("organization"));
    struct identity_pair *pair;
    uint64_t page = 1;
    size_t n = 0;
    if (!is_editor(q))
        return;
    if (kind == NULL || !alike_is(kind) ||
        (ask_query(q, "page").len > 0 &&
         (number_read(ask_query(q, "page"), PAGES_MAX, &page) != CAU_OK || page == 0))) {
        ask_error(q, 404);
        return;
    }
    if (open_pairs(q, kind, &pair, &n) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "duplicates.title"));
    for (size_t i = 0; i < q->site->kinds->n; i++) {
        const struct kind *k = &q->site->kinds->kind[i];
        if (!alike_is(k))
            continue;
        struct html_map *m = html_item(q->page, "kinds");
        html_text(m, "label", present_label(q, k->many));
        html_flag(m, "current", k == kind);
        html_text(m, "address",
                  ask_print(q, "/%.*s/duplicates?kind=%.*s", STR_ARG(lang_code(q->lang)),
                            STR_ARG(k->name)));
    }
    html_number(q->page, "count", (int64_t)n);
    size_t from = (size_t)(page - 1) * PAGE_ROWS;
    for (size_t i = from; i < n && i < from + PAGE_ROWS; i++)
        add_pair(q, &pair[i]);
    if (page > 1)
        add_page_link(q, "previous", kind, page - 1);
    if (from + PAGE_ROWS < n && page < PAGES_MAX)
        add_page_link(q, "next", kind, page + 1);
    ask_page(q, "duplicates");
}

/* ---- a pair ---- */

struct pair {
    struct view_record x, y; /* x is the older document, however the address names them */
    struct identity_score score;
    const struct alike_decision *decided; /* NULL: not yet */
};

/* The score the list shows, where the pair stands there; else what comparing the two says. */
static enum cau_err score_of(struct ask *q, const struct pair *p, struct identity_score *out)
{
    struct identity_facts *f = arena_take(q->arena, 2 * sizeof *f);
    const struct identity *set;
    const struct identity_pair *pairs;
    size_t n = 0, i = 0;
    if (f == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err =
        alike_sets_take(q->site->alike, q->view, reader_of(q), p->x.kind, &set, &pairs, &n);
    if (err != CAU_OK)
        return err;
    while (i < n && (pairs[i].x != p->x.doc || pairs[i].y != p->y.doc))
        i++;
    if (i < n) {
        *out = pairs[i].score;
    } else {
        identity_facts_of(p->x.kind, p->x.doc, &p->x.payload, &f[0]);
        identity_facts_of(p->y.kind, p->y.doc, &p->y.payload, &f[1]);
        err = identity_compare(set, &f[0], &f[1], out);
    }
    alike_sets_give(q->site->alike);
    return err;
}

static bool read_pair(struct ask *q, struct pair *p)
{
    uint32_t one = view_find(q->view, q->reader, q->part[1]),
             other = view_find(q->view, q->reader, q->part[2]);
    uint32_t x = one < other ? one : other, y = one < other ? other : one;
    struct alike_decision *decided;
    size_t n = 0;
    if (!is_editor(q))
        return false;
    if (x == 0 || x == y || view_get(q->view, q->arena, q->reader, x, &p->x) != CAU_OK ||
        view_get(q->view, q->arena, q->reader, y, &p->y) != CAU_OK || p->x.kind != p->y.kind ||
        !alike_is(p->x.kind)) {
        ask_error(q, 404);
        return false;
    }
    enum cau_err err = alike_decisions_of(q->view, q->arena, q->reader, x, &decided, &n);
    if (err == CAU_OK)
        err = score_of(q, p, &p->score);
    if (err != CAU_OK) {
        ask_error(q, 503);
        return false;
    }
    p->decided = alike_decision_of(decided, n, x, y);
    return true;
}

static void add_differences(struct ask *q, const struct pair *p)
{
    struct record_change *change = arena_take(q->arena, DIFFERENCES_MAX * sizeof *change);
    size_t n = 0;
    if (change == NULL || record_diff(q->arena, &p->x.payload, &p->y.payload, change,
                                      DIFFERENCES_MAX, &n) != CAU_OK) {
        q->model.failed = true;
        return;
    }
    for (size_t i = 0; i < n && i < DIFFERENCES_MAX; i++) {
        struct html_map *m = html_item(q->page, "differences");
        const struct kind_field *f = present_field_of(p->x.kind, change[i].place);
        html_text(m, "place", present_place(q, p->x.kind, change[i].place));
        html_text(m, "one", present_plain(q, f, change[i].old));
        html_text(m, "other", present_plain(q, f, change[i].new));
    }
    html_number(q->page, "left_off", n > DIFFERENCES_MAX ? (int64_t)(n - DIFFERENCES_MAX) : 0);
}

static void add_side(struct ask *q, const struct view_record *r)
{
    struct html_map *m = html_item(q->page, "sides");
    struct view_version *version;
    size_t n = 0;
    present_row(q, m, r);
    html_text(m, "time", ask_time(q, r->time_ms));
    html_text(m, "id", r->external_id.len > 0 ? r->external_id : r->id);
    if (view_history(q->view, q->arena, q->reader, r->doc, &version, &n) == CAU_OK && n > 0) {
        html_text(m, "author", present_author(q, version[n - 1].user, version[n - 1].role));
        html_text(m, "import", version[n - 1].import);
    }
}

static void show(struct ask *q, const struct pair *p)
{
    struct view_record claim;
    ask_title(q, ask_say(q, "duplicate.title"));
    add_score(q, q->page, &p->score);
    add_reasons(q, q->page, &p->score, &p->x, &p->y, ALIKE_REASONS_MAX);
    add_side(q, &p->x);
    add_side(q, &p->y);
    html_text(q->page, "one_title", record_title(p->x.kind, &p->x.payload, q->lang).text);
    html_text(q->page, "other_title", record_title(p->y.kind, &p->y.payload, q->lang).text);
    add_differences(q, p);
    html_text(q->page, "list_address",
              ask_print(q, "/%.*s/duplicates?kind=%.*s", STR_ARG(lang_code(q->lang)),
                        STR_ARG(p->x.kind->name)));
    if (p->decided != NULL &&
        view_get(q->view, q->arena, q->reader, p->decided->claim, &claim) == CAU_OK) {
        html_flag(q->page, "decided", true);
        html_flag(q->page, "decided_same", p->decided->same);
        html_text(q->page, "claim_address", present_address(q, claim.id));
        html_text(q->page, "claim", claim.id);
        html_text(q->page, "claim_time", ask_time(q, claim.time_ms));
    }
    ask_token(q, q->page, "token", "duplicate");
    ask_page(q, "duplicate");
}

void duplicates_pair(struct ask *q)
{
    struct pair *p = arena_take(q->arena, sizeof *p);
    if (p == NULL)
        ask_error(q, 503);
    else if (read_pair(q, p))
        show(q, p);
}

static void go_on(struct ask *q, const struct pair *p, const char *done)
{
    ask_go(q, ask_print(q, "/%.*s/duplicates?kind=%.*s%s%s", STR_ARG(lang_code(q->lang)),
                        STR_ARG(p->x.kind->name), done[0] == '\0' ? "" : "&done=", done));
}

void duplicates_decide(struct ask *q)
{
    struct register_outcome *out = arena_take(q->arena, sizeof *out);
    struct pair *p = arena_take(q->arena, sizeof *p);
    struct str decision = ask_form(q, "decision");
    bool same = str_is(decision, "same"), back = str_is(decision, "withdraw");
    if (out == NULL || p == NULL) {
        ask_error(q, 503);
        return;
    }
    if (!read_pair(q, p))
        return;
    if (str_is(decision, "later")) {
        go_on(q, p, "");
        return;
    }
    if (!same && !back && !str_is(decision, "different")) {
        ask_error(q, 400);
        return;
    }
    enum register_why why =
        back ? alike_withdraw(q->site->node, q->arena, &q->actor, ask_form(q, "claim"), out)
             : alike_decide(q->site->node, q->arena, &q->actor, p->x.id, p->y.id, same,
                            &p->score, q->lang, out);
    if (why == REGISTER_DONE)
        go_on(q, p,
              back   ? "duplicate_withdrawn"
              : same ? "duplicate_same"
                     : "duplicate_different");
    else
        ask_refused(q, why);
}
