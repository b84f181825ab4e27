#include "exchange/session_paper.h"

#include "base/table.h"
#include "base/words.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

#include <stdio.h>
#include <string.h>

#define LANGUAGES_MAX 2

struct named { /* a record that others link to: its names */
    struct str id, name[LANGUAGES_MAX], lang[LANGUAGES_MAX];
};

struct make {
    struct arena *a;
    const struct session_paper *ask;
    const struct session_table *t;
    struct paper *p;
    enum lang lang[LANGUAGES_MAX];
    size_t langs;
    const struct kind *commitment;
    const struct kind_list *country, *force, *status, *origin, *role;
    struct str side_name[SESSION_TABLE_SIDES_MAX][LANGUAGES_MAX];
    struct table known; /* name in a link -> place in named + 1 */
    struct named *named;
    size_t names, names_room;
    bool shown[RECORD_AUDIENCES]; /* logs that something shown is in */
    enum cau_err err;
};

/* ---- words ---- */

static struct str keep(struct make *m, struct str text)
{
    struct str kept = {NULL, 0};
    enum cau_err err = arena_copy(m->a, text, &kept);
    if (err != CAU_OK)
        m->err = err;
    return kept;
}

static struct str fill(struct make *m, struct str message, const struct str *slot, size_t n)
{
    struct buf b = buf_new(1 << 20);
    words_fill(&b, message, slot, n);
    struct str made = keep(m, buf_str(&b));
    if (b.failed)
        m->err = CAU_ERR_MEMORY;
    buf_free(&b);
    return made;
}

/* The words of an id in both languages, one under the other: for headings. */
static struct str both(struct make *m, const char *id)
{
    struct str pair[] = {words(m->lang[0], id), words(m->lang[1], id)};
    return m->langs == 1 ? pair[0] : fill(m, STR("{0}\n{1}"), pair, 2);
}

static struct str date_in(struct make *m, enum lang lang, struct clock_date d)
{
    struct buf b = buf_new(200);
    words_date(&b, lang, d);
    struct str made = keep(m, buf_str(&b));
    buf_free(&b);
    return made;
}

/* 07.03.2019, 03.2019 or 2019: as every side writes it. */
static struct str short_date(struct make *m, struct str iso)
{
    struct clock_date d;
    char made[16];
    if (clock_read_date(iso, &d) != CAU_OK)
        return iso;
    int len = d.month == 0 ? snprintf(made, sizeof made, "%04d", d.year)
              : d.day == 0
                  ? snprintf(made, sizeof made, "%02d.%04d", d.month, d.year)
                  : snprintf(made, sizeof made, "%02d.%02d.%04d", d.day, d.month, d.year);
    return keep(m, (struct str){made, (size_t)len});
}

static struct str code_at(const struct kind_list *list, unsigned place)
{
    return list != NULL && place < list->n ? list->code[place].code : STR("?");
}

/* ---- pieces ---- */

static struct paper_piece *add(struct make *m, struct paper_text *to, struct str text,
                               enum lang lang)
{
    struct paper_piece *x = paper_add(m->p, to, text);
    if (x != NULL && lang != m->p->lang)
        x->lang = lang_code(lang);
    return x;
}

static struct paper_piece *add_toned(struct make *m, struct paper_text *to, struct str text,
                                     enum lang lang, enum paper_tone tone)
{
    struct paper_piece *x = add(m, to, text, lang);
    if (x != NULL)
        x->tone = tone;
    return x;
}

static void break_before(struct paper_piece *x)
{
    if (x != NULL)
        x->break_before = true;
}

/* Words in both languages in one line: "Quá hạn / Просрочено". */
static struct paper_piece *add_both(struct make *m, struct paper_text *to, const char *id,
                                    enum paper_tone tone)
{
    struct paper_piece *first = add_toned(m, to, words(m->lang[0], id), m->lang[0], tone);
    for (size_t i = 1; i < m->langs; i++) {
        add_toned(m, to, STR(" / "), m->lang[0], tone);
        add_toned(m, to, words(m->lang[i], id), m->lang[i], tone);
    }
    return first;
}

static struct paper_piece *add_label(struct make *m, struct paper_text *to,
                                     const struct kind_list *list, struct str code,
                                     enum paper_tone tone)
{
    struct paper_piece *first =
        add_toned(m, to, kind_code_label(list, code, m->lang[0]), m->lang[0], tone);
    for (size_t i = 1; i < m->langs; i++) {
        add_toned(m, to, STR(" / "), m->lang[0], tone);
        add_toned(m, to, kind_code_label(list, code, m->lang[i]), m->lang[i], tone);
    }
    return first;
}

/* Looked up once: the list of countries is long. */
static const struct str *side_names(struct make *m, uint16_t side)
{
    size_t i = 0;
    while (i < m->t->sides && m->t->side[i] != side)
        i++;
    must(i < m->t->sides); /* every side of a row is one of the table */
    char space[2];
    for (size_t k = 0; k < m->langs && m->side_name[i][k].p == NULL; k++)
        m->side_name[i][k] =
            keep(m, kind_code_label(m->country, desk_country(side, space), m->lang[k]));
    return m->side_name[i];
}

static struct paper_piece *add_side(struct make *m, struct paper_text *to, uint16_t side,
                                    enum paper_tone tone)
{
    const struct str *name = side_names(m, side);
    struct paper_piece *first = add_toned(m, to, name[0], m->lang[0], tone);
    if (m->langs > 1) {
        add_toned(m, to, STR(" / "), m->lang[0], tone);
        add_toned(m, to, name[1], m->lang[1], tone);
    }
    return first;
}

static void small_line(struct make *m, struct paper_text *to, struct str text, enum lang lang)
{
    break_before(add_toned(m, to, text, lang, PAPER_SMALL));
}

/* ---- records that are linked to ---- */

static void look_up(struct make *m, struct str link, struct named *out)
{
    struct view *v = m->ask->view;
    struct view_record r;
    uint32_t doc = view_find(v, m->ask->reader, link);
    *out = (struct named){.name = {link, link}};
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, m->a, m->ask->reader, doc, &r);
    if (err != CAU_OK && err != CAU_ERR_UNKNOWN)
        m->err = err;
    if (err != CAU_OK || r.redacted)
        return;
    out->id = r.id;
    for (size_t i = 0; i < m->langs; i++) {
        struct record_text t = record_title(r.kind, &r.payload, m->lang[i]);
        out->name[i] = t.text.p != NULL ? t.text : link;
        out->lang[i] = t.lang;
    }
}

/* The names of what a link means; the link itself when it is not here. */
static struct named name_of(struct make *m, struct str link)
{
    uint32_t at = table_get(&m->known, link, 0);
    if (at > 0)
        return m->named[at - 1];
    struct named made;
    look_up(m, link, &made);
    if (m->names == m->names_room) {
        size_t room = m->names_room == 0 ? 64 : 2 * m->names_room;
        struct named *more = arena_take(m->a, room * sizeof *more);
        if (more == NULL) {
            m->err = CAU_ERR_MEMORY;
            return made;
        }
        if (m->names > 0)
            memcpy(more, m->named, m->names * sizeof *more);
        m->named = more;
        m->names_room = room;
    }
    m->named[m->names++] = made;
    enum cau_err err = table_set(&m->known, link, (uint32_t)m->names);
    if (err != CAU_OK)
        m->err = err;
    return made;
}

/* Its name in each language; once when they are the same. */
static void add_name(struct make *m, struct paper_text *to, struct str link)
{
    struct named n = name_of(m, link);
    for (size_t i = 0; i < m->langs; i++) {
        if (i > 0 && str_equal(n.name[i], n.name[0]))
            break;
        if (i > 0)
            add(m, to, STR(" / "), m->lang[0]);
        struct paper_piece *x = add(m, to, n.name[i], m->lang[i]);
        if (x != NULL && n.lang[i].len > 0)
            x->lang = n.lang[i];
    }
}

/* ---- cells ---- */

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
static bool add_wording(struct make *m, struct paper_text *to, const struct value *payload,
                        size_t i)
{
    const struct value *statement = value_get(payload, "statement");
    struct record_text t = text_in(statement, m->lang[i]);
    bool in_short = t.text.p == NULL;
    if (in_short)
        t = text_in(value_get(payload, "title"), m->lang[i]);
    if (t.text.p == NULL) {
        break_before(add_both(m, to, missing_word(m->lang[i]), PAPER_ALERT));
        return false;
    }
    break_before(add(m, to, t.text, m->lang[i]));
    if (in_short && statement != NULL) {
        add(m, to, STR(" "), m->lang[i]);
        add_toned(m, to, words(m->lang[i], "table.in_short"), m->lang[i], PAPER_SMALL);
    }
    if (str_is(t.origin, "machine")) {
        struct str label = kind_code_label(m->origin, t.origin, m->lang[i]);
        add(m, to, STR(" "), m->lang[i]);
        add_toned(m, to, fill(m, STR("({0})"), &label, 1), m->lang[i], PAPER_SMALL);
    }
    return true;
}

static void add_commitment(struct make *m, struct paper_text *to, const struct session_row *row,
                           const struct view_record *r)
{
    bool any = false;
    for (size_t i = 0; i < m->langs; i++)
        any |= add_wording(m, to, &r->payload, i);
    struct record_text other = record_title(r->kind, &r->payload, m->lang[0]);
    if (!any && other.text.p != NULL) { /* in a third language: better than nothing */
        struct paper_piece *x = add(m, to, other.text, m->lang[0]);
        break_before(x);
        if (x != NULL)
            x->lang = other.lang;
    }
    if (commitment_only_reported(m->ask->desk, row->commitment))
        break_before(add_both(m, to, "table.reported", PAPER_SMALL));
    if (value_get(&r->payload, "example") != NULL)
        break_before(add_both(m, to, "record.example", PAPER_SMALL));
}

static void add_force(struct make *m, struct paper_text *to, const struct session_row *row,
                      const struct view_record *r)
{
    const struct desk_row *c = row->commitment;
    if (c->type != DESK_NO_CODE)
        add_label(m, to, m->force, code_at(m->force, c->type), PAPER_PLAIN);
    else
        add_both(m, to, "table.no_force", PAPER_SMALL);
    struct str by = value_get_str(&r->payload, "requested_by");
    if (by.len > 0)
        for (size_t i = 0; i < m->langs; i++) {
            struct str slot[] = {
                kind_find_field(m->commitment, STR("requested_by"))->label[m->lang[i]],
                kind_code_label(m->country, by, m->lang[i])};
            small_line(m, to, fill(m, STR("{0}: {1}"), slot, 2), m->lang[i]);
        }
}

static const struct value *rows_of(const struct value *payload, const char *field)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *rows = value_get(payload, field);
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : &none;
}

static void add_body(struct make *m, struct paper_text *to, struct str link, struct str role)
{
    struct paper_piece *dash = add(m, to, STR("– "), m->lang[0]);
    break_before(dash);
    add_name(m, to, link);
    if (role.len == 0)
        return;
    add(m, to, STR(" ("), m->lang[0]);
    add_label(m, to, m->role, role, PAPER_PLAIN);
    add(m, to, STR(")"), m->lang[0]);
}

/* Each side that is to act with its bodies; the owner before all. */
static void add_who(struct make *m, struct paper_text *to, const struct session_row *row,
                    const struct view_record *r)
{
    const struct value *executors = rows_of(&r->payload, "executors");
    struct str owner = value_get_str(&r->payload, "owner");
    char space[2];
    if (owner.len > 0)
        add_body(m, to, owner, STR("main"));
    for (size_t i = 0; i < row->words; i++) {
        if (!row->word[i].acts)
            continue;
        break_before(add_side(m, to, row->word[i].side, PAPER_STRONG));
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
        add_both(m, to, "table.no_side", PAPER_SMALL);
}

static void add_due(struct make *m, struct paper_text *to, const struct session_row *row,
                    const struct view_record *r)
{
    struct str due = value_get_str(&r->payload, "due");
    if (due.len == 0)
        add_both(m, to, "table.no_due", PAPER_SMALL);
    else
        add(m, to, short_date(m, due), m->lang[0]);
    if (row->late != 0)
        break_before(add_both(m, to, "table.overdue", PAPER_ALERT));
}

/* The row of `statuses` that a side's newest word up to the table's day is; NULL: none. */
static const struct value *word_row(const struct make *m, const struct value *statuses,
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

static void add_note(struct make *m, struct paper_text *to, const struct value *word)
{
    const struct value *note = value_get(word, "note");
    bool any = false;
    for (size_t i = 0; i < m->langs; i++) {
        struct record_text t = text_in(note, m->lang[i]);
        if (t.text.p != NULL)
            small_line(m, to, t.text, m->lang[i]);
        any |= t.text.p != NULL;
    }
    struct record_text other = record_pick(note, m->lang[0]);
    if (!any && other.text.p != NULL) { /* in a third language: better than nothing */
        struct paper_piece *x = add_toned(m, to, other.text, m->lang[0], PAPER_SMALL);
        break_before(x);
        if (x != NULL)
            x->lang = other.lang;
    }
    struct str who = value_get_str(word, "who"), source = value_get_str(word, "source");
    if (who.len > 0)
        small_line(m, to, who, m->lang[0]);
    if (source.len > 0)
        small_line(m, to, source, m->lang[0]);
}

static void add_status(struct make *m, struct paper_text *to, const struct session_row *row,
                       const struct view_record *r)
{
    const struct value *statuses = rows_of(&r->payload, "statuses");
    if (row->differs)
        add_both(m, to, "table.differs", PAPER_ALERT);
    for (size_t i = 0; i < row->words; i++) {
        const struct session_word *w = &row->word[i];
        break_before(add_side(m, to, w->side, PAPER_STRONG));
        add(m, to, STR(": "), m->lang[0]);
        if (w->status == DESK_NO_CODE) {
            add_both(m, to, "table.not_told", PAPER_SMALL);
            continue;
        }
        add_label(m, to, m->status, code_at(m->status, w->status), PAPER_PLAIN);
        const struct value *word = word_row(m, statuses, w->side);
        if (word == NULL)
            continue;
        struct str date = short_date(m, value_get_str(word, "date"));
        add(m, to, fill(m, STR(", {0}"), &date, 1), m->lang[0]);
        add_note(m, to, word);
    }
}

static struct str status_in(const struct make *m, unsigned status, enum lang lang)
{
    return status == DESK_NO_CODE
               ? words(lang, "table.not_told")
               : kind_code_label(m->status, code_at(m->status, status), lang);
}

static void add_changes(struct make *m, struct paper_text *to, const struct session_row *row)
{
    bool any = row->is_new;
    if (row->is_new)
        add_both(m, to, "table.new", PAPER_STRONG);
    for (size_t i = 0; i < row->words; i++) {
        const struct session_word *w = &row->word[i];
        if (!w->changed)
            continue;
        any = true;
        break_before(add_side(m, to, w->side, PAPER_STRONG));
        for (size_t k = 0; k < m->langs; k++) {
            struct str slot[] = {status_in(m, w->before, m->lang[k]),
                                 status_in(m, w->status, m->lang[k])};
            bool again = w->before == w->status;
            struct str text = again ? fill(m, words(m->lang[k], "table.still"), slot + 1, 1)
                                    : fill(m, STR("{0} → {1}"), slot, 2);
            break_before(add(m, to, text, m->lang[k]));
        }
    }
    if (!any)
        add(m, to, STR("–"), m->lang[0]);
}

/* A publication as a note; the same one has one number in the whole table. */
static void add_source(struct make *m, struct paper_piece *behind, const struct value *source)
{
    struct paper_text note = {0};
    struct str publisher = value_get_str(source, "publisher"),
               title = value_get_str(source, "title"), url = value_get_str(source, "url"),
               date = value_get_str(source, "date");
    if (publisher.len > 0)
        paper_add(m->p, &note, fill(m, STR("{0}. "), &publisher, 1));
    struct paper_piece *x = paper_add(m->p, &note, title.len > 0 ? title : url);
    if (x != NULL)
        x->address = url;
    if (date.len > 0) {
        struct str day = short_date(m, date);
        paper_add(m->p, &note, fill(m, STR(", {0}"), &day, 1));
    }
    paper_note(m->p, behind, &note);
}

/* The session it was said at: by its number, else by name. */
static void add_session(struct make *m, struct paper_text *to, const struct session_row *row,
                        struct str link)
{
    const struct desk *d = m->ask->desk;
    const struct desk_row *s =
        desk_row(d, m->ask->reader, desk_doc(d, row->commitment->session));
    if (s == NULL || s->kind != DESK_SESSION || s->number <= 0) {
        if (link.len > 0)
            add_name(m, to, link);
        return;
    }
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%d", (int)s->number);
    struct str number = {digits, (size_t)len};
    for (size_t i = 0; i < m->langs; i++)
        break_before(
            add(m, to, fill(m, words(m->lang[i], "table.session"), &number, 1), m->lang[i]));
}

static void add_evidence(struct make *m, struct paper_text *to, const struct session_row *row,
                         const struct view_record *r)
{
    struct str session = value_get_str(&r->payload, "session"),
               paragraph = value_get_str(&r->payload, "paragraph"),
               said_on = value_get_str(&r->payload, "said_on");
    add_session(m, to, row, session);
    for (size_t i = 0; i < m->langs && paragraph.len > 0; i++)
        break_before(
            add(m, to, fill(m, words(m->lang[i], "table.item"), &paragraph, 1), m->lang[i]));
    if (said_on.len > 0)
        break_before(add(m, to, short_date(m, said_on), m->lang[0]));
    const struct value *sources = rows_of(&r->payload, "sources");
    struct paper_piece *last = add_toned(m, to, r->external_id.len > 0 ? r->external_id : r->id,
                                         m->lang[0], PAPER_SMALL);
    break_before(last);
    for (uint32_t i = 0; i < sources->n; i++)
        add_source(m, last, &sources->item[i]);
}

/* ---- the table ---- */

enum column { NUMBER, WORDING, FORCE, WHO, DUE, STATUS, CHANGES, EVIDENCE, COLUMNS };

static void add_row(struct make *m, struct paper_block *table, size_t number,
                    const struct session_row *row)
{
    struct view_record r;
    enum cau_err err = view_get(m->ask->view, m->a, m->ask->reader, row->commitment->doc, &r);
    struct paper_row *line = paper_row(m->p, table);
    if (err != CAU_OK || line == NULL) {
        m->err = err != CAU_OK ? err : m->err;
        return;
    }
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", number);
    struct paper_piece *x =
        add(m, &line->cell[NUMBER], keep(m, (struct str){digits, (size_t)len}), m->lang[0]);
    struct str slot[] = {lang_code(m->lang[0]), r.id};
    if (x != NULL)
        x->address = fill(m, STR("/{0}/{1}"), slot, 2);
    m->shown[r.audience] = true;
    add_commitment(m, &line->cell[WORDING], row, &r);
    add_force(m, &line->cell[FORCE], row, &r);
    add_who(m, &line->cell[WHO], row, &r);
    add_due(m, &line->cell[DUE], row, &r);
    add_status(m, &line->cell[STATUS], row, &r);
    add_changes(m, &line->cell[CHANGES], row);
    add_evidence(m, &line->cell[EVIDENCE], row, &r);
}

static const char *const group_word[SESSION_GROUPS] = {
    [SESSION_OVERDUE] = "table.overdue", [SESSION_DIFFERS] = "table.differs",
    [SESSION_SOON] = "table.soon",       [SESSION_UNDER_WAY] = "table.under_way",
    [SESSION_DONE] = "table.done",       [SESSION_MOVED] = "table.moved",
    [SESSION_DROPPED] = "table.dropped",
};

static bool same_group(const struct session_row *x, const struct session_row *y)
{
    return x->group == y->group && (x->group != SESSION_OVERDUE || x->late == y->late);
}

static void add_group(struct make *m, struct paper_block *table, const struct session_row *row,
                      size_t rows)
{
    struct paper_row *line = paper_row(m->p, table);
    if (line == NULL)
        return;
    struct paper_text *to = &line->cell[0];
    line->head = true;
    add_both(m, to, group_word[row->group], PAPER_PLAIN);
    bool first = true;
    for (size_t i = 0; i < m->t->sides && row->group == SESSION_OVERDUE; i++) {
        if ((row->late >> i & 1) == 0)
            continue;
        add(m, to, first ? STR(" – ") : STR("; "), m->lang[0]);
        add_side(m, to, m->t->side[i], PAPER_PLAIN);
        first = false;
    }
    char digits[32];
    int len = snprintf(digits, sizeof digits, " (%zu)", rows);
    add(m, to, keep(m, (struct str){digits, (size_t)len}), m->lang[0]);
}

/* A field's label in both languages, as a heading. */
static struct str field_head(struct make *m, const char *name)
{
    const struct kind_field *f = kind_find_field(m->commitment, str_of(name));
    must(f != NULL);
    struct str pair[] = {f->label[m->lang[0]], f->label[m->lang[1]]};
    return m->langs == 1 ? pair[0] : fill(m, STR("{0}\n{1}"), pair, 2);
}

static void add_table(struct make *m)
{
    const struct paper_column column[COLUMNS] = {
        [NUMBER] = {both(m, "table.number"), 3, false},
        [WORDING] = {both(m, "table.commitment"), 25, false},
        [FORCE] = {field_head(m, "force"), 11, false},
        [WHO] = {both(m, "table.who"), 14, false},
        [DUE] = {field_head(m, "due"), 10, false},
        [STATUS] = {field_head(m, "statuses"), 17, false},
        [CHANGES] = {both(m, "table.changes"), 11, false},
        [EVIDENCE] = {both(m, "table.evidence"), 9, false},
    };
    struct paper_block *table = paper_table(m->p, column, COLUMNS, STR(""));
    if (table == NULL)
        return;
    add_both(m, &table->text, "table.caption", PAPER_PLAIN);
    table->anchor = STR("commitments");
    for (size_t i = 0; i < m->t->rows && m->err == CAU_OK; i++) {
        const struct session_row *row = &m->t->row[i];
        size_t rows = 1;
        while (i + rows < m->t->rows && same_group(row, row + rows))
            rows++;
        if (i == 0 || !same_group(row - 1, row))
            add_group(m, table, row, rows);
        add_row(m, table, i + 1, row);
    }
}

/* ---- above and below it ---- */

static void add_number(struct make *m, struct paper_text *to, size_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", n);
    add(m, to, keep(m, (struct str){digits, (size_t)len}), m->lang[0]);
}

static void add_counts(struct make *m, struct paper_row *line, const struct session_counts *c)
{
    if (line == NULL)
        return;
    add_number(m, &line->cell[1], c->all);
    for (size_t g = 0; g < SESSION_GROUPS; g++)
        add_number(m, &line->cell[2 + g], c->group[g]);
}

static void add_totals(struct make *m)
{
    struct paper_column column[2 + SESSION_GROUPS] = {
        {both(m, "table.side"), 20, false},
        {both(m, "table.all"), 8, true},
    };
    for (size_t g = 0; g < SESSION_GROUPS; g++)
        column[2 + g] = (struct paper_column){both(m, group_word[g]), 10, true};
    struct paper_block *table = paper_table(m->p, column, countof(column), STR(""));
    if (table != NULL)
        add_both(m, &table->text, "table.by_side", PAPER_PLAIN);
    for (size_t i = 0; i < m->t->sides; i++) {
        struct paper_row *line = paper_row(m->p, table);
        if (line != NULL)
            add_side(m, &line->cell[0], m->t->side[i], PAPER_PLAIN);
        add_counts(m, line, &m->t->by_side[i]);
    }
    struct paper_row *line = paper_row(m->p, table);
    if (line != NULL)
        add_both(m, &line->cell[0], "table.each_once", PAPER_STRONG);
    add_counts(m, line, &m->t->total);
}

/* What session, as of which day, since when, how many: one paragraph in each language. */
static void add_summary(struct make *m, enum lang lang)
{
    const struct session_table *t = m->t;
    struct paper_text *to = paper_paragraph(m->p);
    size_t i = lang == m->lang[0] ? 0 : 1;
    if (t->session != NULL) {
        struct named n = name_of(m, desk_name(m->ask->desk, t->session->self));
        add(m, to, fill(m, words(lang, "table.for"), &n.name[i], 1), lang);
        add(m, to, STR(" "), lang);
    }
    struct str day = date_in(m, lang, desk_date(t->day));
    add(m, to, fill(m, words(lang, "table.on"), &day, 1), lang);
    add(m, to, STR(" "), lang);
    if (t->last != NULL) {
        struct named n = name_of(m, desk_name(m->ask->desk, t->last->self));
        add(m, to, fill(m, words(lang, "table.last"), &n.name[i], 1), lang);
    } else {
        add(m, to, words(lang, "table.no_last"), lang);
    }
    struct buf number = buf_new(64), late = buf_new(64);
    words_number(&number, lang, (int64_t)t->total.all);
    words_number(&late, lang, (int64_t)t->total.group[SESSION_OVERDUE]);
    struct str slot[] = {buf_str(&number), buf_str(&late)};
    add(m, to, STR(" "), lang);
    add_toned(m, to, fill(m, words_n(lang, "table.total", t->total.all), slot, 2), lang,
              PAPER_STRONG);
    buf_free(&number);
    buf_free(&late);
}

static struct str title_in(struct make *m, enum lang lang)
{
    struct named n = name_of(m, desk_name(m->ask->desk, m->t->mechanism->self));
    return fill(m, words(lang, "table.title"), &n.name[lang == m->lang[0] ? 0 : 1], 1);
}

static void add_head(struct make *m)
{
    m->p->title = title_in(m, m->lang[0]);
    for (size_t i = 1; i < m->langs; i++)
        add_toned(m, paper_paragraph(m->p), title_in(m, m->lang[i]), m->lang[i], PAPER_STRONG);
    for (size_t i = 0; i < m->langs; i++)
        add_summary(m, m->lang[i]);
}

/* The checkpoint a log was last signed with. */
static void add_checkpoint(struct make *m, enum record_audience audience)
{
    struct view_log log;
    struct checkpoint c;
    struct note note;
    char root[DIGEST_BASE64(32)];
    enum cau_err err = view_log(m->ask->view, m->a, audience, &log);
    if (err != CAU_OK) {
        m->err = err;
        return;
    }
    bool known = log.checkpoint.len > 0 && note_read(log.checkpoint, &note) == CAU_OK &&
                 checkpoint_read(note.text, &c) == CAU_OK;
    if (known && log.signed_ms > m->p->made_ms)
        m->p->made_ms = log.signed_ms;
    for (size_t i = 0; i < m->langs; i++) {
        struct buf size = buf_new(64), time = buf_new(200);
        words_number(&size, m->lang[i], known ? (int64_t)c.size : 0);
        words_time(&time, m->lang[i], log.signed_ms);
        if (known)
            digest_to_base64(c.root.b, 32, root);
        struct str slot[] = {
            log.origin, buf_str(&size), {root, known ? sizeof root : 0}, buf_str(&time)};
        const char *id = known ? "table.checkpoint" : "table.no_checkpoint";
        break_before(add(m, &m->p->foot, fill(m, words(m->lang[i], id), slot, countof(slot)),
                         m->lang[i]));
        buf_free(&size);
        buf_free(&time);
    }
}

static void add_foot(struct make *m)
{
    for (size_t i = 0; i < m->langs; i++) {
        struct str day = date_in(m, m->lang[i], desk_date(m->t->day));
        break_before(
            add(m, &m->p->foot, fill(m, words(m->lang[i], "table.on"), &day, 1), m->lang[i]));
    }
    m->shown[RECORD_PUBLIC] = true;
    for (unsigned audience = 0; audience < RECORD_AUDIENCES; audience++)
        if (m->shown[audience] && m->err == CAU_OK)
            add_checkpoint(m, (enum record_audience)audience);
}

enum lang session_paper_second(const struct desk *d, struct index_reader reader,
                               const struct desk_row *r, enum lang lang)
{
    if (lang != LANG_EN)
        return lang == LANG_VI ? LANG_RU : LANG_VI;
    if (r->kind == DESK_SESSION)
        r = desk_row(d, reader, desk_mechanism(d, r));
    bool russian = r != NULL && desk_has_country(d, r, desk_country_of(STR("RU"))) &&
                   !desk_has_country(d, r, desk_country_of(STR("VN")));
    return russian ? LANG_RU : LANG_VI;
}

enum cau_err session_paper_make(struct arena *a, const struct session_paper *ask,
                                const struct session_table *table, struct paper *out)
{
    struct paper p = paper_new(a, ask->lang, STR(""));
    struct make m = {.a = a,
                     .ask = ask,
                     .t = table,
                     .p = &p,
                     .lang = {ask->lang, ask->second},
                     .langs = ask->lang == ask->second ? 1 : 2,
                     .commitment = kinds_find(ask->kinds, STR("commitment")),
                     .country = kinds_find_list(ask->kinds, STR("country")),
                     .force = kinds_find_list(ask->kinds, STR("force")),
                     .status = kinds_find_list(ask->kinds, STR("commitment_status")),
                     .origin = kinds_find_list(ask->kinds, STR("origin")),
                     .role = kinds_find_list(ask->kinds, STR("owner_role")),
                     .known = table_new()};
    must(m.commitment != NULL);
    p.landscape = true;
    add_head(&m);
    if (table->rows > 0) {
        add_totals(&m);
        add_table(&m);
    } else {
        for (size_t i = 0; i < m.langs; i++)
            add(&m, paper_paragraph(&p), words(m.lang[i], "table.empty"), m.lang[i]);
    }
    add_foot(&m);
    table_free(&m.known);
    if (m.err == CAU_OK)
        *out = p;
    return m.err;
}
