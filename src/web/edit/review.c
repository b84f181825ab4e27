#include "base/number.h"
#include "domain/rule/need.h"
#include "domain/rule/term.h"
#include "web/edit/edit.h"
#include "web/part/present.h"
#include "web/record/record_fields.h"

enum { QUEUE_MAX = 200 };

static bool find_record(struct ask *q, struct view_record *out)
{
    uint32_t doc = view_find(q->view, q->reader, q->part[1]);
    if (doc != 0 && view_get(q->view, q->arena, q->reader, doc, out) == CAU_OK)
        return true;
    ask_error(q, 404);
    return false;
}

/* The version the form was made from; the newest when it says none. */
static struct digest after_of(struct ask *q, const struct view_record *r)
{
    struct digest after;
    return digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK ? after
                                                                                    : r->leaf;
}

static void go_back(struct ask *q, const struct view_record *r, const char *done)
{
    ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, r->id)), done));
}

void review_submit(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    if (!find_record(q, &r))
        return;
    struct digest after = after_of(q, &r);
    enum register_why why = need_submit(q->site->node, q->arena, &q->actor, r.id, &after, &out);
    if (why == REGISTER_DONE)
        go_back(q, &r, "submitted");
    else
        ask_refused(q, why);
}

void review_renew(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    if (!find_record(q, &r))
        return;
    enum register_why why = need_renew(q->site->node, q->arena, &q->actor, r.id, &out);
    if (why == REGISTER_DONE)
        go_back(q, &r, "renewed");
    else
        ask_refused(q, why);
}

/* ---- the queue ---- */

void review_queue(struct ask *q)
{
    uint32_t *doc;
    size_t n = 0;
    if (!ask_may(q, MAY_STAFF, NULL, NULL)) {
        ask_error(q, 403);
        return;
    }
    if (view_publication(q->view, q->arena, STR("submitted"), QUEUE_MAX, &doc, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "reviews.title"));
    uint32_t *terms;
    size_t proposals = 0;
    if (term_open(q->site->node, q->arena, &terms, &proposals) == CAU_OK)
        html_number(q->page, "proposals", (int64_t)proposals);
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, doc[i], &r) != CAU_OK)
            continue;
        struct html_map *row = html_item(q->page, "rows");
        present_row(q, row, &r);
        html_text(row, "time", ask_time(q, r.time_ms));
        html_flag(row, "can_review", ask_may(q, MAY_REVIEW, r.kind, &r));
    }
    ask_page(q, "reviews");
}

/* ---- the score form ---- */

static const char *const criterion[] = {"innovation", "clarity", "cooperation", "completeness"};

static void show_form(struct ask *q, const struct view_record *r, const char *problem)
{
    const struct kind *kind = kinds_find(q->site->kinds, STR("review"));
    present_title(q, q->page, r->kind, &r->payload);
    html_text(q->page, "address", present_address(q, r->id));
    html_text(q->page, "kind_label", present_label(q, r->kind->label));
    html_text(q->page, "after", ask_hex(q, &r->leaf));
    html_text(q->page, "comment", ask_form(q, "comment"));
    if (problem != NULL)
        html_text(q->page, "problem", ask_say(q, problem));
    for (size_t i = 0; i < countof(criterion); i++) {
        const struct kind_field *f = kind_find_field(kind, str_of(criterion[i]));
        struct html_map *m = html_item(q->page, "criteria");
        struct str given = ask_form(q, criterion[i]);
        html_text(m, "name", str_of(criterion[i]));
        html_text(m, "label", f == NULL ? str_of(criterion[i]) : present_label(q, f->label));
        html_text(m, "hint", f == NULL ? (struct str){NULL, 0} : present_label(q, f->help));
        html_flag(m, "missing", problem != NULL && given.len == 0);
        for (unsigned score = 0; score <= NEED_SCORE_MAX; score++) {
            struct html_map *option = html_item(m, "options");
            struct str value = ask_print(q, "%u", score);
            html_text(option, "value", value);
            html_flag(option, "chosen", str_equal(value, given));
        }
    }
    record_fields_add(q, q->page, r);
    present_sources(q, q->page, &r->payload);
    ask_token(q, q->page, "token", "review");
    ask_page(q, "review");
}

void review_form(struct ask *q)
{
    struct view_record r;
    if (!find_record(q, &r))
        return;
    if (!ask_may(q, MAY_REVIEW, r.kind, &r)) {
        ask_error(q, 403);
        return;
    }
    show_form(q, &r, NULL);
}

static bool read_scores(struct ask *q, struct need_scores *out)
{
    unsigned *const score[] = {&out->innovation, &out->clarity, &out->cooperation,
                               &out->completeness};
    for (size_t i = 0; i < countof(criterion); i++) {
        uint64_t n;
        if (number_read(ask_form(q, criterion[i]), NEED_SCORE_MAX, &n) != CAU_OK)
            return false;
        *score[i] = (unsigned)n;
    }
    return true;
}

void review_save(struct ask *q)
{
    static const char *const done[] = {"rejected", "held", "published"};
    struct view_record r;
    struct need_scores scores;
    struct register_outcome out;
    enum need_verdict verdict;
    if (!find_record(q, &r))
        return;
    if (!ask_may(q, MAY_REVIEW, r.kind, &r)) {
        ask_error(q, 403);
        return;
    }
    if (!read_scores(q, &scores)) {
        q->answer->status = 400;
        show_form(q, &r, "review.missing");
        return;
    }
    struct digest after = after_of(q, &r);
    enum register_why why =
        need_review(q->site->node, q->arena, &q->actor, r.id, &after, &scores,
                    str_trim(ask_form(q, "comment")), q->lang, &verdict, &out);
    if (why == REGISTER_DONE) {
        go_back(q, &r, done[verdict]);
    } else if (why == REGISTER_PROBLEMS) {
        q->answer->status = 400;
        show_form(q, &r, "review.comment_refused");
    } else {
        ask_refused(q, why);
    }
}

/* ---- withdrawing ---- */

static void show_withdraw(struct ask *q, const struct view_record *r)
{
    static const char *const reason[] = {"by_owner", "error", "source_withdrawn", "merged"};
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("withdrawn_reason"));
    ask_title(q, ask_say(q, "withdraw.title"));
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(q->page, "after", ask_hex(q, &r->leaf));
    for (size_t i = 0; i < countof(reason); i++) {
        m = html_item(q->page, "reasons");
        html_text(m, "value", str_of(reason[i]));
        html_text(m, "label", kind_code_label(list, str_of(reason[i]), q->lang));
        html_flag(m, "first", i == 0);
    }
    ask_token(q, q->page, "token", "withdraw");
    ask_page(q, "withdraw");
}

void review_withdraw_form(struct ask *q)
{
    struct view_record r;
    if (!find_record(q, &r))
        return;
    if (ask_may(q, MAY_WITHDRAW, r.kind, &r))
        show_withdraw(q, &r);
    else
        ask_error(q, 403);
}

void review_withdraw(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    if (!find_record(q, &r))
        return;
    struct digest after = after_of(q, &r);
    enum register_why why = register_withdraw(q->site->node, q->arena, &q->actor, r.id, &after,
                                              ask_form(q, "reason"), &out);
    if (why == REGISTER_DONE)
        go_back(q, &r, "withdrawn");
    else
        ask_refused(q, why);
}
