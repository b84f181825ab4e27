/* The row of one commitment in the table for a session. */
#include "base/words.h"
#include "exchange/paper/session_paper_int.h"

#include <stdio.h>

static struct str code_at(const struct kind_list *list, unsigned place)
{
    return list != NULL && place < list->n ? list->code[place].code : STR("?");
}

void session_side(struct session_make *m, struct paper_text *to, uint16_t side,
                  enum paper_tone tone, bool on_new_line)
{
    char space[2];
    struct paper_piece *x = bilingual_country(&m->b, to, desk_country(side, space), tone);
    if (on_new_line)
        bilingual_break(x);
}

static struct record_text text_in(const struct value *value, enum lang lang)
{
    struct record_text t;
    for (size_t i = 0; (t = record_text_at(value, i)).text.p != NULL; i++)
        if (str_equal(t.lang, lang_code(lang)))
            return t;
    return t;
}

static const char *missing_word(enum lang lang)
{
    return lang == LANG_VI ? "table.no_vi" : lang == LANG_RU ? "table.no_ru" : "table.no_en";
}

/* What was said, in one language: its wording, else in one line, else that there is none (false). */
static bool add_wording(struct session_make *m, struct paper_text *to,
                        const struct value *payload, size_t i)
{
    const struct value *statement = value_get(payload, "statement");
    struct record_text t = text_in(statement, m->b.lang[i]);
    bool in_short = t.text.p == NULL;
    if (in_short)
        t = text_in(value_get(payload, "title"), m->b.lang[i]);
    if (t.text.p == NULL) {
        bilingual_break(bilingual_say(&m->b, to, missing_word(m->b.lang[i]), PAPER_ALERT));
        return false;
    }
    bilingual_break(bilingual_add(&m->b, to, t.text, m->b.lang[i]));
    if (in_short && statement != NULL) {
        bilingual_add(&m->b, to, STR(" "), m->b.lang[i]);
        bilingual_tone(&m->b, to, words(m->b.lang[i], "table.in_short"), m->b.lang[i],
                       PAPER_SMALL);
    }
    if (str_is(t.origin, "machine")) {
        struct str label = kind_code_label(m->origin, t.origin, m->b.lang[i]);
        bilingual_add(&m->b, to, STR(" "), m->b.lang[i]);
        bilingual_tone(&m->b, to, bilingual_fill(&m->b, STR("({0})"), &label, 1), m->b.lang[i],
                       PAPER_SMALL);
    }
    return true;
}

static void add_commitment(struct session_make *m, struct paper_text *to,
                           const struct session_row *row, const struct view_record *r)
{
    bool any = false;
    for (size_t i = 0; i < m->b.langs; i++)
        any |= add_wording(m, to, &r->payload, i);
    struct record_text other = record_title(r->kind, &r->payload, m->b.lang[0]);
    if (!any && other.text.p != NULL) { /* in a third language: better than nothing */
        struct paper_piece *x = bilingual_add(&m->b, to, other.text, m->b.lang[0]);
        bilingual_break(x);
        if (x != NULL)
            x->lang = other.lang;
    }
    if (commitment_only_reported(m->ask->desk, row->commitment))
        bilingual_break(bilingual_say(&m->b, to, "table.reported", PAPER_SMALL));
    if (value_get(&r->payload, "example") != NULL)
        bilingual_break(bilingual_say(&m->b, to, "record.example", PAPER_SMALL));
    /* By which it is found again, also on paper. */
    bilingual_remark(&m->b, to, r->external_id.len > 0 ? r->external_id : r->id, m->b.lang[0]);
}

static void add_force(struct session_make *m, struct paper_text *to,
                      const struct session_row *row, const struct view_record *r)
{
    const struct desk_row *c = row->commitment;
    if (c->type != DESK_NO_CODE)
        bilingual_label(&m->b, to, m->force, code_at(m->force, c->type), PAPER_PLAIN);
    else
        bilingual_say(&m->b, to, "table.no_force", PAPER_SMALL);
    struct str by = value_get_str(&r->payload, "requested_by");
    if (by.len > 0)
        for (size_t i = 0; i < m->b.langs; i++) {
            struct str slot[] = {
                kind_find_field(m->commitment, STR("requested_by"))->label[m->b.lang[i]],
                kind_code_label(m->b.country_list, by, m->b.lang[i])};
            bilingual_remark(&m->b, to, bilingual_fill(&m->b, STR("{0}: {1}"), slot, 2),
                             m->b.lang[i]);
        }
}

static const struct value *rows_of(const struct value *payload, const char *field)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *rows = value_get(payload, field);
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : &none;
}

static void add_body(struct session_make *m, struct paper_text *to, struct str link,
                     struct str role)
{
    struct paper_piece *dash = bilingual_add(&m->b, to, STR("– "), m->b.lang[0]);
    bilingual_break(dash);
    bilingual_link(&m->b, to, link);
    if (role.len == 0)
        return;
    bilingual_add(&m->b, to, STR(" ("), m->b.lang[0]);
    bilingual_label(&m->b, to, m->role, role, PAPER_PLAIN);
    bilingual_add(&m->b, to, STR(")"), m->b.lang[0]);
}

/* Each side that is to act with its bodies; the owner before all. */
static void add_who(struct session_make *m, struct paper_text *to,
                    const struct session_row *row, const struct view_record *r)
{
    const struct value *executors = rows_of(&r->payload, "executors");
    struct str owner = value_get_str(&r->payload, "owner");
    char space[2];
    if (owner.len > 0)
        add_body(m, to, owner, STR("main"));
    for (size_t i = 0; i < row->words; i++) {
        if (!row->word[i].acts)
            continue;
        session_side(m, to, row->word[i].side, PAPER_STRONG, true);
        for (uint32_t j = 0; j < executors->n; j++) {
            const struct value *e = &executors->item[j];
            struct str body = value_get_str(e, "organization");
            if (!str_equal(value_get_str(e, "side"), desk_country(row->word[i].side, space)) ||
                str_equal(body, owner))
                continue;
            add_body(m, to, body, value_get_str(e, "role"));
        }
    }
    if (row->words == 0 && owner.len == 0)
        bilingual_say(&m->b, to, "table.no_side", PAPER_SMALL);
}

static void add_due(struct session_make *m, struct paper_text *to,
                    const struct session_row *row, const struct view_record *r)
{
    struct str due = value_get_str(&r->payload, "due");
    if (due.len == 0)
        bilingual_say(&m->b, to, "table.no_due", PAPER_SMALL);
    else
        bilingual_add(&m->b, to, bilingual_short_date(&m->b, due), m->b.lang[0]);
    if (row->late != 0)
        bilingual_break(bilingual_say(&m->b, to, "table.overdue", PAPER_ALERT));
}

/* The row of `statuses` that a side's newest word up to the table's day is; NULL: none. */
static const struct value *word_row(const struct session_make *m, const struct value *statuses,
                                    uint16_t side)
{
    const struct value *found = NULL;
    char space[2];
    for (uint32_t i = 0; i < statuses->n; i++) {
        struct desk_days on = desk_days_of(value_get_str(&statuses->item[i], "date"));
        if (str_equal(value_get_str(&statuses->item[i], "side"), desk_country(side, space)) &&
            desk_known(on) && on.first <= m->t->day)
            found = &statuses->item[i];
    }
    return found;
}

static void add_note(struct session_make *m, struct paper_text *to, const struct value *word)
{
    const struct value *note = value_get(word, "note");
    bool any = false;
    for (size_t i = 0; i < m->b.langs; i++) {
        struct record_text t = text_in(note, m->b.lang[i]);
        if (t.text.p != NULL)
            bilingual_remark(&m->b, to, t.text, m->b.lang[i]);
        any |= t.text.p != NULL;
    }
    struct record_text other = record_pick(note, m->b.lang[0]);
    if (!any && other.text.p != NULL) { /* in a third language: better than nothing */
        struct paper_piece *x =
            bilingual_tone(&m->b, to, other.text, m->b.lang[0], PAPER_SMALL);
        bilingual_break(x);
        if (x != NULL)
            x->lang = other.lang;
    }
    struct str who = value_get_str(word, "who"), source = value_get_str(word, "source");
    if (who.len > 0)
        bilingual_remark(&m->b, to, who, m->b.lang[0]);
    if (source.len > 0)
        bilingual_remark(&m->b, to, source, m->b.lang[0]);
}

static void add_status(struct session_make *m, struct paper_text *to,
                       const struct session_row *row, const struct view_record *r)
{
    const struct value *statuses = rows_of(&r->payload, "statuses");
    if (row->differs)
        bilingual_say(&m->b, to, "table.differs", PAPER_ALERT);
    for (size_t i = 0; i < row->words; i++) {
        const struct session_word *w = &row->word[i];
        session_side(m, to, w->side, PAPER_STRONG, true);
        bilingual_add(&m->b, to, STR(": "), m->b.lang[0]);
        if (w->status == DESK_NO_CODE) {
            bilingual_say(&m->b, to, "table.not_told", PAPER_SMALL);
            continue;
        }
        bilingual_label(&m->b, to, m->status, code_at(m->status, w->status), PAPER_PLAIN);
        const struct value *word = word_row(m, statuses, w->side);
        if (word == NULL)
            continue;
        struct str date = bilingual_short_date(&m->b, value_get_str(word, "date"));
        bilingual_add(&m->b, to, bilingual_fill(&m->b, STR(", {0}"), &date, 1), m->b.lang[0]);
        add_note(m, to, word);
    }
}

static struct str status_in(const struct session_make *m, unsigned status, enum lang lang)
{
    return status == DESK_NO_CODE
               ? words(lang, "table.not_told")
               : kind_code_label(m->status, code_at(m->status, status), lang);
}

static void add_changes(struct session_make *m, struct paper_text *to,
                        const struct session_row *row)
{
    bool any = row->is_new;
    if (row->is_new)
        bilingual_say(&m->b, to, "table.new", PAPER_STRONG);
    for (size_t i = 0; i < row->words; i++) {
        const struct session_word *w = &row->word[i];
        if (!w->changed)
            continue;
        any = true;
        session_side(m, to, w->side, PAPER_STRONG, true);
        for (size_t k = 0; k < m->b.langs; k++) {
            struct str slot[] = {status_in(m, w->before, m->b.lang[k]),
                                 status_in(m, w->status, m->b.lang[k])};
            bool again = w->before == w->status;
            struct str text =
                again ? bilingual_fill(&m->b, words(m->b.lang[k], "table.still"), slot + 1, 1)
                      : bilingual_fill(&m->b, STR("{0} → {1}"), slot, 2);
            bilingual_break(bilingual_add(&m->b, to, text, m->b.lang[k]));
        }
    }
    if (!any)
        bilingual_add(&m->b, to, STR("–"), m->b.lang[0]);
}

/* A publication as a note; the same one has one number in the whole table. */
static void add_source(struct session_make *m, struct paper_piece *behind,
                       const struct value *source)
{
    struct paper_text note = {0};
    struct str publisher = value_get_str(source, "publisher"),
               title = value_get_str(source, "title"), url = value_get_str(source, "url"),
               date = value_get_str(source, "date");
    if (publisher.len > 0)
        paper_add(m->b.p, &note, bilingual_fill(&m->b, STR("{0}. "), &publisher, 1));
    struct paper_piece *x = paper_add(m->b.p, &note, title.len > 0 ? title : url);
    if (x != NULL)
        x->address = url;
    if (date.len > 0) {
        struct str day = bilingual_short_date(&m->b, date);
        paper_add(m->b.p, &note, bilingual_fill(&m->b, STR(", {0}"), &day, 1));
    }
    paper_note(m->b.p, behind, &note);
}

/* The session it was said at: by its number, else by name. */
static void add_session(struct session_make *m, struct paper_text *to,
                        const struct session_row *row, struct str link)
{
    const struct desk *d = m->ask->desk;
    const struct desk_row *s = desk_row(d, m->b.reader, desk_doc(d, row->commitment->session));
    if (s == NULL || s->kind != DESK_SESSION || s->number <= 0) {
        if (link.len > 0)
            bilingual_link(&m->b, to, link);
        return;
    }
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%d", (int)s->number);
    struct str number = {digits, (size_t)len};
    for (size_t i = 0; i < m->b.langs; i++)
        bilingual_break(bilingual_add(
            &m->b, to, bilingual_fill(&m->b, words(m->b.lang[i], "table.session"), &number, 1),
            m->b.lang[i]));
}

static void add_evidence(struct session_make *m, struct paper_text *to,
                         const struct session_row *row, const struct view_record *r)
{
    struct str session = value_get_str(&r->payload, "session"),
               paragraph = value_get_str(&r->payload, "paragraph"),
               said_on = value_get_str(&r->payload, "said_on");
    add_session(m, to, row, session);
    for (size_t i = 0; i < m->b.langs && paragraph.len > 0; i++)
        bilingual_break(bilingual_add(
            &m->b, to, bilingual_fill(&m->b, words(m->b.lang[i], "table.item"), &paragraph, 1),
            m->b.lang[i]));
    if (said_on.len > 0)
        bilingual_break(
            bilingual_add(&m->b, to, bilingual_short_date(&m->b, said_on), m->b.lang[0]));
    const struct value *sources = rows_of(&r->payload, "sources");
    if (to->last == NULL)
        bilingual_add(&m->b, to, STR(""), m->b.lang[0]);
    struct paper_piece *last = to->last;
    for (uint32_t i = 0; i < sources->n; i++)
        add_source(m, last, &sources->item[i]);
}

void session_add_row(struct session_make *m, struct paper_block *table, size_t number,
                     const struct session_row *row)
{
    struct view_record r;
    enum cau_err err = view_get(m->b.view, m->b.a, m->b.reader, row->commitment->doc, &r);
    struct paper_row *line = paper_row(m->b.p, table);
    if (err != CAU_OK || line == NULL) {
        m->b.err = err != CAU_OK ? err : m->b.err;
        return;
    }
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", number);
    struct paper_piece *x =
        bilingual_add(&m->b, &line->cell[COLUMN_NUMBER],
                      bilingual_keep(&m->b, (struct str){digits, (size_t)len}), m->b.lang[0]);
    struct str slot[] = {lang_code(m->b.lang[0]), r.id};
    if (x != NULL)
        x->address = bilingual_fill(&m->b, STR("/{0}/{1}"), slot, 2);
    m->shown[r.audience] = true;
    add_commitment(m, &line->cell[COLUMN_WORDING], row, &r);
    add_force(m, &line->cell[COLUMN_FORCE], row, &r);
    add_who(m, &line->cell[COLUMN_WHO], row, &r);
    add_due(m, &line->cell[COLUMN_DUE], row, &r);
    add_status(m, &line->cell[COLUMN_STATUS], row, &r);
    add_changes(m, &line->cell[COLUMN_CHANGES], row);
    add_evidence(m, &line->cell[COLUMN_EVIDENCE], row, &r);
}
