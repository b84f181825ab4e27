/* Terms: proposing a translation that was missing, and deciding about proposals. */
#include "domain/rule/term.h"

#include "web/edit/edit.h"
#include "web/part/present.h"

static const struct kind *term_kind(const struct ask *q)
{
    return kinds_find(q->site->kinds, STR("term"));
}

/* What was filled in; at first the word the link brought, in its language. */
static struct str name_given(const struct ask *q, enum lang lang)
{
    char field[16] = "name.";
    struct str code = lang_code(lang), asked = ask_query(q, "lang");
    field[5] = code.p[0];
    field[6] = code.p[1];
    field[7] = '\0';
    if (q->http->method == HTTP_POST)
        return str_trim(ask_form(q, field));
    return str_equal(asked, code) ? str_trim(ask_query(q, "word")) : (struct str){NULL, 0};
}

/* The record the proposal came from, to go back to; empty when it is none. */
static struct str record_given(const struct ask *q)
{
    struct str id =
        q->http->method == HTTP_POST ? ask_form(q, "record") : ask_query(q, "record");
    return record_id_valid(id) ? id : (struct str){NULL, 0};
}

static void show_form(struct ask *q, const char *problem)
{
    ask_title(q, ask_say(q, "term.propose"));
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct html_map *m = html_item(q->page, "names");
        html_text(m, "code", lang_code((enum lang)lang));
        html_text(m, "language", present_language(q, lang_code((enum lang)lang)));
        html_text(m, "value", name_given(q, (enum lang)lang));
    }
    html_text(q->page, "note", ask_form(q, "note"));
    html_text(q->page, "record", record_given(q));
    if (problem != NULL)
        html_text(q->page, "problem", ask_say(q, problem));
    ask_token(q, q->page, "token", "term-new");
    ask_page(q, "term");
}

void term_form(struct ask *q)
{
    show_form(q, NULL);
}

void term_save(struct ask *q)
{
    struct register_outcome out;
    struct term_words words = {.note = str_trim(ask_form(q, "note")), .lang = q->lang};
    for (unsigned lang = 0; lang < LANG_COUNT; lang++)
        words.name[lang] = name_given(q, (enum lang)lang);
    enum register_why why = term_propose(q->site->node, q->arena, &q->actor, &words, &out);
    if (why == REGISTER_DONE) {
        struct str back = record_given(q), lang = lang_code(q->lang);
        ask_go(q,
               back.len > 0
                   ? ask_print(q, "%.*s?done=term_proposed", STR_ARG(present_address(q, back)))
                   : ask_print(q, "/%.*s/terms/new?done=term_proposed", STR_ARG(lang)));
    } else if (why == REGISTER_PROBLEMS || why == REGISTER_STATE) {
        q->answer->status = why == REGISTER_STATE ? 409 : 400;
        bool few = why == REGISTER_PROBLEMS && out.problems.v[0].code == RECORD_REQUIRED;
        show_form(q, why == REGISTER_STATE ? "term.too_many" : few ? "term.two" : "term.bad");
    } else {
        ask_refused(q, why);
    }
}

/* ---- deciding ---- */

static void add_names(struct ask *q, struct html_map *m, const struct value *names)
{
    for (size_t i = 0;; i++) {
        struct record_text first = record_text_at(names, i);
        if (first.text.p == NULL)
            return;
        struct html_map *line = html_item(m, "names");
        html_text(line, "lang", first.lang);
        html_text(line, "language", present_language(q, first.lang));
        const struct value *all = value_find(names, first.lang);
        if (all != NULL && all->type == VALUE_OBJECT)
            all = value_get(all, "text");
        if (all == NULL || all->type != VALUE_ARRAY) {
            html_text(line, "text", first.text);
            continue;
        }
        struct buf b = buf_new(1 << 16);
        for (uint32_t k = 0; k < all->n; k++) {
            if (k > 0)
                buf_add_word(&b, "; ");
            buf_add(&b, all->item[k].string);
        }
        html_text(line, "text", ask_keep(q, &b));
        buf_free(&b);
    }
}

static void add_proposal(struct ask *q, const struct view_record *r)
{
    struct view_version *version;
    size_t n = 0;
    struct html_map *m = html_item(q->page, "terms");
    html_text(m, "id", r->id);
    html_text(m, "address", present_address(q, r->id));
    html_text(m, "after", ask_hex(q, &r->leaf));
    html_text(m, "time", ask_time(q, r->time_ms));
    html_flag(m, "can_edit", ask_may(q, MAY_EDIT, r->kind, r));
    add_names(q, m, value_get(&r->payload, "name"));
    struct record_text note = record_pick(value_get(&r->payload, "note"), q->lang);
    html_text(m, "note", note.text);
    html_text(m, "note_lang", note.lang);
    if (view_history(q->view, q->arena, q->reader, r->doc, &version, &n) == CAU_OK && n > 0)
        html_text(m, "author", present_author(q, version[n - 1].user, version[n - 1].role));
}

void term_list(struct ask *q)
{
    uint32_t *doc;
    size_t n = 0;
    if (!ask_may(q, MAY_ACCEPT, term_kind(q), NULL)) {
        ask_error(q, 403);
        return;
    }
    if (term_open(q->site->node, q->arena, &doc, &n) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "term.proposals"));
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, doc[i], &r) == CAU_OK)
            add_proposal(q, &r);
    }
    ask_token(q, q->page, "token", "terms");
    ask_page(q, "terms");
}

void term_decide_save(struct ask *q)
{
    struct register_outcome out;
    struct digest after;
    bool accept = str_is(ask_form(q, "decision"), "accept");
    if (!accept && !str_is(ask_form(q, "decision"), "reject")) {
        ask_error(q, 400);
        return;
    }
    bool known = digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK;
    enum register_why why = term_decide(q->site->node, q->arena, &q->actor, ask_form(q, "term"),
                                        known ? &after : NULL, accept, &out);
    if (why == REGISTER_DONE)
        ask_go(q, ask_print(q, "/%.*s/terms?done=%s", STR_ARG(lang_code(q->lang)),
                            accept ? "term_accepted" : "term_rejected"));
    else
        ask_refused(q, why);
}
