#include "base/number.h"
#include "domain/rule/alike.h"
#include "domain/rule/need.h"
#include "exchange/paper/portrait_paper.h"
#include "exchange/paper/session_paper.h"
#include "web/part/present.h"
#include "web/record/indicator_section.h"
#include "web/record/match_section.h"
#include "web/record/record_fields.h"
#include "web/record/record_int.h"

#include <stdio.h>

/* The list "same" of records that editors have found to be this one. */
static void add_same(struct ask *q, const struct view_record *r)
{
    struct alike_decision *list;
    size_t n = 0;
    if (!alike_is(r->kind) ||
        alike_decisions_of(q->view, q->arena, q->reader, r->doc, &list, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        struct view_record claim;
        uint32_t other = list[i].x == r->doc ? list[i].y : list[i].x;
        if (!list[i].same ||
            view_get(q->view, q->arena, q->reader, list[i].claim, &claim) != CAU_OK)
            continue;
        struct html_map *m = html_item(q->page, "same");
        if (!present_link(q, m, other))
            continue;
        html_text(m, "claim_address", present_address(q, claim.id));
        html_text(m, "time", ask_time(q, claim.time_ms));
    }
}

static void add_section(struct ask *q, const struct kind *kind)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("section"));
    html_text(q->page, "section", kind_code_label(list, kind->section, q->lang));
    html_text(q->page, "kind_name", kind->name);
    html_text(q->page, "kind_many", present_label(q, kind->many));
    html_text(q->page, "kind_label", present_label(q, kind->label));
}

/* Who stands behind the words: the node signs, for an organisation where there is one. The body that owns a commitment is
 * to act on it: it belongs there, but nobody has spoken for it by that. */
static void add_signed_for(struct ask *q, const struct view_record *r)
{
    struct view_record owner;
    if (r->owner == 0 || str_is(r->kind->name, "commitment") ||
        view_get(q->view, q->arena, q->reader, r->owner, &owner) != CAU_OK)
        return;
    struct record_text name = record_title(owner.kind, &owner.payload, q->lang);
    html_text(q->page, "signed_for", name.text);
    html_text(q->page, "signed_for_address", present_address(q, owner.id));
}

static void add_version(struct ask *q, const struct view_record *r)
{
    struct view_log log;
    html_text(q->page, "id", r->id);
    html_text(q->page, "address", present_address(q, r->id));
    html_text(q->page, "external_id", r->external_id);
    html_number(q->page, "version_n", r->n);
    html_text(q->page, "version_time", ask_time(q, r->time_ms));
    html_text(q->page, "audience_name", record_audience_name(r->audience));
    html_text(q->page, "audience",
              ask_label(q, "audience.", record_audience_name(r->audience)));
    html_text(q->page, "entry", ask_print(q, "%llu", (unsigned long long)r->seq));
    html_text(q->page, "leaf", ask_hex(q, &r->leaf));
    add_signed_for(q, r);
    if (view_log(q->view, q->arena, r->audience, &log) != CAU_OK)
        return;
    html_text(q->page, "origin", log.origin);
    html_text(q->page, "log_size", ask_print(q, "%llu", (unsigned long long)log.signed_size));
    html_text(q->page, "log_time", ask_time(q, log.signed_ms));
    html_flag(q->page, "proved", log.signed_size > r->seq);
    html_text(q->page, "proof_address",
              ask_print(q, "%.*s/proof/%.*s/%u", STR_ARG(present_address(q, r->id)),
                        STR_ARG(record_audience_name(r->audience)), r->n));
}

static void add_state(struct ask *q, const struct view_record *r)
{
    html_flag(q->page, "example", value_get(&r->payload, "example") != NULL);
    html_flag(q->page, "redacted", r->redacted);
    for (size_t i = 0; i < r->kind->n; i++) {
        const struct kind_field *f = &r->kind->field[i];
        const struct value *v = value_find(&r->payload, f->name);
        if (f->facet == KIND_FACET_STATUS && v != NULL && v->type == VALUE_STRING)
            html_text(q->page, "status", kind_code_label(f->list, v->string, q->lang));
    }
    if (!r->withdrawn)
        return;
    const struct kind_list *reasons = kinds_find_list(q->site->kinds, STR("withdrawn_reason"));
    html_flag(q->page, "withdrawn", true);
    html_text(q->page, "withdrawn_why",
              kind_code_label(reasons, value_get_str(&r->payload, "withdrawn"), q->lang));
    const struct value *links = value_get(&r->payload, "links");
    for (uint32_t i = 0; links != NULL && links->type == VALUE_ARRAY && i < links->n; i++)
        if (str_is(value_get_str(&links->item[i], "rel"), "successor")) {
            struct html_map *m = html_item(q->page, "successors");
            uint32_t doc = view_find(q->view, q->reader, value_get_str(&links->item[i], "to"));
            if (!present_link(q, m, doc))
                html_text(m, "title", value_get_str(&links->item[i], "label"));
        }
}

static bool lives_publicly(const struct view_record *r)
{
    struct str publication = value_get_str(&r->payload, "publication");
    return !r->withdrawn && r->audience == RECORD_PUBLIC &&
           (publication.len == 0 || str_is(publication, "published"));
}

/* What the reader may do now. State is looked at as far as a button would be of no use. */
static void add_actions(struct ask *q, const struct view_record *r)
{
    if (!q->signed_in || r->redacted)
        return;
    struct str publication = value_get_str(&r->payload, "publication");
    bool waits = str_is(publication, "draft") || str_is(publication, "held") ||
                 str_is(publication, "rejected") || str_is(publication, "expired");
    bool lives = str_is(publication, "published") || str_is(publication, "expired");
    bool own = q->actor.organization_doc == r->doc;
    html_flag(q->page, "can_edit", !r->withdrawn && ask_may(q, MAY_EDIT, r->kind, r));
    html_flag(q->page, "can_withdraw", !r->withdrawn && ask_may(q, MAY_WITHDRAW, r->kind, r));
    html_flag(q->page, "can_submit", waits && ask_may(q, MAY_SUBMIT, r->kind, r));
    html_flag(q->page, "can_renew", lives && ask_may(q, MAY_RENEW, r->kind, r));
    html_flag(q->page, "can_review",
              str_is(publication, "submitted") && ask_may(q, MAY_REVIEW, r->kind, r));
    html_flag(q->page, "can_interest",
              lives_publicly(r) && ask_may(q, MAY_INTEREST, r->kind, r));
    html_flag(q->page, "can_claim", !own && !r->withdrawn && ask_may(q, MAY_CLAIM, r->kind, r));
    ask_token(q, q->page, "token_submit", "submit");
    ask_token(q, q->page, "token_renew", "renew");
    html_text(q->page, "leaf_now", ask_hex(q, &r->leaf));
}

static void fill(struct ask *q, const struct view_record *r)
{
    present_title(q, q->page, r->kind, &r->payload);
    add_section(q, r->kind);
    add_version(q, r);
    add_state(q, r);
    record_fields_add(q, q->page, r);
    agreement_add(q, r);
    project_add(q, r);
    indicator_section_add(q, r);
    session_page_add(q, r);
    if (!r->redacted)
        present_sources(q, q->page, &r->payload);
}

void record_page_show(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[1], &r))
        return;
    fill(q, &r);
    confirm_page_form(q, confirm_page_add(q, &r), &r);
    indicator_section_form(q, &r);
    if (!commitment_page_forms(q, commitment_page_add(q, &r), &r))
        return;
    record_fields_relations(q, q->page, &r);
    add_same(q, &r);
    add_actions(q, &r);
    if (!obstacle_add_clock(q, &r) || !mechanism_page_add(q, &r, true))
        return;
    if (q->signed_in && !r.redacted) {
        interest_add_course(q, &r);
        interest_add_list(q, q->page, r.doc);
    }
    html_flag(q->page, "can_match", match_section_has(&r));
    html_flag(q->page, "has_table", session_paper_has(&r));
    html_flag(q->page, "can_portrait", !r.redacted && portrait_paper_has(r.kind));
    ask_page(q, "record");
}

void record_page_print(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[1], &r))
        return;
    fill(q, &r);
    (void)confirm_page_add(q, &r);
    (void)commitment_page_add(q, &r);
    record_fields_relations(q, q->page, &r);
    html_flag(q->page, "print", true);
    if (!mechanism_page_add(q, &r, true))
        return;
    ask_page(q, "record_print");
}

static bool read_version(struct ask *q, enum record_audience *audience, uint32_t *n)
{
    uint64_t number;
    if (record_read_audience(q->part[2], audience) &&
        number_read(q->part[3], UINT32_MAX, &number) == CAU_OK) {
        *n = (uint32_t)number;
        return true;
    }
    ask_error(q, 404);
    return false;
}

void record_page_version(struct ask *q)
{
    enum record_audience audience;
    uint32_t n;
    struct view_record now, then;
    if (!ask_record(q, q->part[1], &now) || !read_version(q, &audience, &n))
        return;
    if (view_get_version(q->view, q->arena, q->record_reader, now.doc, audience, n, &then) !=
        CAU_OK) {
        ask_error(q, 404);
        return;
    }
    fill(q, &then);
    (void)confirm_page_add(q, &then);
    (void)commitment_page_add(q, &then);
    (void)mechanism_page_add(q, &then, false);
    html_flag(q->page, "old", then.n != now.n || then.audience != now.audience);
    ask_page(q, "version");
}

void record_page_proof(struct ask *q)
{
    enum record_audience audience;
    uint32_t n;
    struct view_record r;
    struct str proof;
    if (!ask_record(q, q->part[1], &r) || !read_version(q, &audience, &n))
        return;
    enum cau_err err =
        view_proof(q->view, q->arena, q->record_reader, r.doc, audience, n, &proof);
    if (err == CAU_ERR_BUSY)
        ask_header(q, "Retry-After", STR("1"));
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_BUSY ? 503 : err == CAU_ERR_UNKNOWN ? 404 : 500);
        return;
    }
    ask_attachment(q, ask_print(q, "%.*s-%.*s-%u.tlog-proof", (int)(r.id.len - 2), r.id.p + 2,
                                STR_ARG(record_audience_name(audience)), n));
    ask_bytes(q, "text/plain; charset=utf-8", proof);
}
