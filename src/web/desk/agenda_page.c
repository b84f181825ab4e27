/* The draft agenda of a mechanism's next session: in two languages, to print or save, and into the session's record. */
#include "base/clock.h"
#include "exchange/paper/agenda_paper.h"
#include "web/desk/desk_pages.h"
#include "web/part/paper_page.h"
#include "web/part/present.h"
#include "web/serve/route.h"

/* What an agenda is made of. */
struct made {
    struct view_record at;        /* the record of the address */
    struct view_record mechanism; /* the same, or that of the session */
    struct view_record session;   /* its next session, when has_session */
    bool has_session;
    struct agenda agenda;
    struct agenda_paper_from from;
};

static bool is_kind(const struct view_record *r, const char *kind)
{
    return str_is(r->kind->name, kind) && !r->redacted && !r->withdrawn;
}

/* The mechanism whose agenda it is; for a session only a planned one's. */
static bool find_mechanism(struct ask *q, struct made *m)
{
    if (is_kind(&m->at, "mechanism")) {
        m->mechanism = m->at;
        return true;
    }
    if (!is_kind(&m->at, "session") ||
        !str_is(value_get_str(&m->at.payload, "status"), "planned"))
        return false;
    uint32_t doc = view_find(q->view, q->reader, value_get_str(&m->at.payload, "mechanism"));
    m->session = m->at;
    m->has_session = true;
    return doc != 0 && view_get(q->view, q->arena, q->reader, doc, &m->mechanism) == CAU_OK &&
           is_kind(&m->mechanism, "mechanism");
}

static enum lang other_language(struct ask *q)
{
    enum lang other = q->lang == LANG_VI ? LANG_RU : LANG_VI;
    (void)lang_read(ask_query(q, "other"), &other);
    return other;
}

/* False: the answer is made already. */
static bool make(struct ask *q, struct made *m)
{
    *m = (struct made){.has_session = false};
    if (!ask_record(q, q->part[1], &m->at))
        return false;
    if (!find_mechanism(q, m)) {
        ask_error(q, 404);
        return false;
    }
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return false;
    struct agenda_asked asked = {
        .reader = q->reader,
        .mechanism = desk_row(d, q->reader, m->mechanism.doc),
        .session = m->has_session ? desk_row(d, q->reader, m->session.doc) : NULL,
        .rotation = mechanism_read_rotation(value_get_str(&m->mechanism.payload, "rotation")),
        .day = desk_today()};
    m->from = (struct agenda_paper_from){q->view,   d,       q->site->kinds,
                                         q->reader, q->lang, other_language(q)};
    enum cau_err err = asked.mechanism == NULL
                           ? CAU_ERR_UNKNOWN
                           : agenda_draft(d, q->view, q->arena, &asked, &m->agenda);
    const struct desk_row *planned = m->agenda.next.planned;
    if (err == CAU_OK && !m->has_session && planned != NULL)
        m->has_session =
            view_get(q->view, q->arena, q->reader, planned->doc, &m->session) == CAU_OK;
    if (err != CAU_OK)
        ask_error(q, err == CAU_ERR_UNKNOWN ? 404 : 503);
    return err == CAU_OK;
}

static struct str address_of(struct ask *q, const struct view_record *r)
{
    return ask_print(q, "%.*s/agenda", STR_ARG(present_address(q, r->id)));
}

static void add_languages(struct ask *q, enum lang chosen)
{
    for (unsigned i = 0; i < LANG_COUNT; i++) {
        if (i == (unsigned)q->lang)
            continue;
        struct str code = lang_code((enum lang)i);
        struct html_map *m = html_item(q->page, "others");
        html_text(m, "code", code);
        html_text(m, "label", present_language(q, code));
        html_flag(m, "chosen", i == (unsigned)chosen);
    }
}

/* The form for the session's record, with what is known of it filled in. */
static struct str new_session(struct ask *q, const struct made *m)
{
    const struct mechanism_next *next = &m->agenda.next;
    struct buf b = buf_new(4000);
    char space[2];
    buf_printf(&b, "/%.*s/session/new?status=planned&mechanism=%.*s",
               STR_ARG(lang_code(q->lang)), STR_ARG(m->mechanism.id));
    if (next->number > 0)
        buf_printf(&b, "&number=%d", (int)next->number);
    if (next->host != 0)
        buf_printf(&b, "&host=%.*s", STR_ARG(desk_country(next->host, space)));
    const struct value *countries = value_get(&m->mechanism.payload, "countries");
    for (uint32_t i = 0; countries != NULL && i < countries->n && i < 40; i++)
        buf_printf(&b, "&countries=%.*s", STR_ARG(countries->item[i].string));
    if (desk_known(next->on)) {
        struct clock_date date = desk_date(next->on.first);
        buf_printf(&b, "&held_on.year=%d", date.year);
        if (next->on.last - next->on.first < 31)
            buf_printf(&b, "&held_on.month=%d", date.month);
        if (next->on.last == next->on.first)
            buf_printf(&b, "&held_on.day=%d", date.day);
    }
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

static void add_steps(struct ask *q, const struct made *m)
{
    const struct kind *session = kinds_find(q->site->kinds, STR("session"));
    if (!q->signed_in)
        return;
    if (!m->has_session) {
        if (ask_may(q, MAY_CREATE, session, NULL))
            html_text(q->page, "new_session", new_session(q, m));
        return;
    }
    struct html_map *item = html_item(q->page, "session");
    present_title(q, item, session, &m->session.payload);
    html_text(item, "address", present_address(q, m->session.id));
    html_flag(item, "can_take", ask_may(q, MAY_EDIT, session, &m->session));
    html_text(item, "action", address_of(q, &m->session));
    html_text(item, "after", ask_hex(q, &m->session.leaf));
    ask_token(q, item, "token", "agenda");
}

void agenda_page(struct ask *q)
{
    struct made m;
    struct paper p;
    enum paper_format f;
    if (!make(q, &m))
        return;
    enum cau_err err = agenda_paper(q->arena, &m.agenda, m.mechanism.doc,
                                    m.has_session ? m.session.doc : 0, &m.from, &p);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_CORRUPT ? 500 : 503);
        return;
    }
    if (paper_read_format(ask_query(q, "format"), &f)) {
        paper_send(q, &p, f, STR("agenda"));
        return;
    }
    ask_title(q, p.title);
    html_text(q->page, "kind_name", m.at.kind->name);
    html_text(q->page, "kind_many", present_label(q, m.at.kind->many));
    html_text(q->page, "address", present_address(q, m.at.id));
    html_text(q->page, "agenda_address", address_of(q, &m.at));
    add_languages(q, m.from.other);
    add_steps(q, &m);
    struct html_map *map = html_item(q->page, "paper");
    paper_page_fill(q, map, &p);
    paper_page_formats(q, map,
                       ask_print(q, "%.*s?other=%.*s", STR_ARG(address_of(q, &m.at)),
                                 STR_ARG(lang_code(m.from.other))));
    ask_page(q, "agenda");
}

void agenda_save(struct ask *q)
{
    struct made m;
    struct value rows;
    struct digest after;
    struct register_outcome out;
    if (!make(q, &m))
        return;
    if (!ask_may(q, MAY_EDIT, kinds_find(q->site->kinds, STR("session")),
                 m.has_session ? &m.session : NULL)) {
        ask_error(q, 403);
        return;
    }
    if (!m.has_session) {
        ask_error(q, 404);
        return;
    }
    enum cau_err err = agenda_rows(q->arena, &m.agenda, &m.from, &rows);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_CORRUPT ? 500 : 503);
        return;
    }
    bool said = digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK;
    enum register_why why = agenda_take(q->site->node, q->arena, &q->actor, m.session.id,
                                        said ? &after : NULL, &rows, &out);
    if (why == REGISTER_DONE || why == REGISTER_SAME)
        ask_go(q, ask_print(q, "%.*s?done=%s#agenda", STR_ARG(present_address(q, m.session.id)),
                            why == REGISTER_DONE ? "agenda" : "same"));
    else
        ask_refused(q, why);
}
