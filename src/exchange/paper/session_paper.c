#include "exchange/paper/session_paper.h"

#include "base/words.h"
#include "exchange/paper/session_paper_int.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

#include <stdio.h>

/* ---- the table ---- */

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

static void add_group(struct session_make *m, struct paper_block *table,
                      const struct session_row *row, size_t rows)
{
    struct paper_row *line = paper_row(m->b.p, table);
    if (line == NULL)
        return;
    struct paper_text *to = &line->cell[0];
    line->head = true;
    bilingual_say(&m->b, to, group_word[row->group], PAPER_PLAIN);
    bool first = true;
    for (size_t i = 0; i < m->t->sides && row->group == SESSION_OVERDUE; i++) {
        if ((row->late >> i & 1) == 0)
            continue;
        bilingual_add(&m->b, to, first ? STR(" – ") : STR("; "), m->b.lang[0]);
        session_side(m, to, m->t->side[i], PAPER_PLAIN, false);
        first = false;
    }
    char digits[32];
    int len = snprintf(digits, sizeof digits, " (%zu)", rows);
    bilingual_add(&m->b, to, bilingual_keep(&m->b, (struct str){digits, (size_t)len}),
                  m->b.lang[0]);
}

/* A field's label in both languages, as a heading. */
static struct str field_head(struct session_make *m, const char *name)
{
    const struct kind_field *f = kind_find_field(m->commitment, str_of(name));
    must(f != NULL);
    struct str pair[] = {f->label[m->b.lang[0]], f->label[m->b.lang[1]]};
    return m->b.langs == 1 ? pair[0] : bilingual_fill(&m->b, STR("{0}\n{1}"), pair, 2);
}

static void add_table(struct session_make *m)
{
    const struct paper_column column[COLUMNS] = {
        [COLUMN_NUMBER] = {bilingual_head(&m->b, "table.number"), 3, false},
        [COLUMN_WORDING] = {bilingual_head(&m->b, "table.commitment"), 24, false},
        [COLUMN_FORCE] = {field_head(m, "force"), 12, false},
        [COLUMN_WHO] = {bilingual_head(&m->b, "table.who"), 14, false},
        [COLUMN_DUE] = {field_head(m, "due"), 10, false},
        [COLUMN_STATUS] = {field_head(m, "statuses"), 17, false},
        [COLUMN_CHANGES] = {bilingual_head(&m->b, "table.changes"), 11, false},
        [COLUMN_EVIDENCE] = {bilingual_head(&m->b, "table.evidence"), 9, false},
    };
    struct paper_block *table = paper_table(m->b.p, column, COLUMNS, STR(""));
    if (table == NULL)
        return;
    bilingual_say(&m->b, &table->text, "table.caption", PAPER_PLAIN);
    table->anchor = STR("commitments");
    for (size_t i = 0; i < m->t->rows && m->b.err == CAU_OK; i++) {
        const struct session_row *row = &m->t->row[i];
        size_t rows = 1;
        while (i + rows < m->t->rows && same_group(row, row + rows))
            rows++;
        if (i == 0 || !same_group(row - 1, row))
            add_group(m, table, row, rows);
        session_add_row(m, table, i + 1, row);
    }
}

/* ---- above and below it ---- */

static void add_number(struct session_make *m, struct paper_text *to, size_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%zu", n);
    bilingual_add(&m->b, to, bilingual_keep(&m->b, (struct str){digits, (size_t)len}),
                  m->b.lang[0]);
}

static void add_counts(struct session_make *m, struct paper_row *line,
                       const struct session_counts *c)
{
    if (line == NULL)
        return;
    add_number(m, &line->cell[1], c->all);
    for (size_t g = 0; g < SESSION_GROUPS; g++)
        add_number(m, &line->cell[2 + g], c->group[g]);
}

static void add_totals(struct session_make *m)
{
    struct paper_column column[2 + SESSION_GROUPS] = {
        {bilingual_head(&m->b, "table.side"), 20, false},
        {bilingual_head(&m->b, "table.all"), 8, true},
    };
    for (size_t g = 0; g < SESSION_GROUPS; g++)
        column[2 + g] = (struct paper_column){bilingual_head(&m->b, group_word[g]), 10, true};
    struct paper_block *table = paper_table(m->b.p, column, countof(column), STR(""));
    if (table != NULL)
        bilingual_say(&m->b, &table->text, "table.by_side", PAPER_PLAIN);
    for (size_t i = 0; i < m->t->sides; i++) {
        struct paper_row *line = paper_row(m->b.p, table);
        if (line != NULL)
            session_side(m, &line->cell[0], m->t->side[i], PAPER_PLAIN, false);
        add_counts(m, line, &m->t->by_side[i]);
    }
    struct paper_row *line = paper_row(m->b.p, table);
    if (line != NULL)
        bilingual_say(&m->b, &line->cell[0], "table.each_once", PAPER_STRONG);
    add_counts(m, line, &m->t->total);
}

/* What session, as of which day, since when, how many: one paragraph in each language. */
static void add_summary(struct session_make *m, enum lang lang)
{
    const struct session_table *t = m->t;
    struct paper_text *to = paper_paragraph(m->b.p);
    size_t i = lang == m->b.lang[0] ? 0 : 1;
    if (t->session != NULL) {
        struct bilingual_name n =
            bilingual_look_up(&m->b, desk_name(m->ask->desk, t->session->self));
        bilingual_add(&m->b, to, bilingual_fill(&m->b, words(lang, "table.for"), &n.name[i], 1),
                      lang);
        bilingual_add(&m->b, to, STR(" "), lang);
    }
    struct str day = bilingual_date(&m->b, lang, desk_date(t->day));
    bilingual_add(&m->b, to, bilingual_fill(&m->b, words(lang, "table.on"), &day, 1), lang);
    bilingual_add(&m->b, to, STR(" "), lang);
    if (t->last != NULL) {
        struct bilingual_name n =
            bilingual_look_up(&m->b, desk_name(m->ask->desk, t->last->self));
        bilingual_add(&m->b, to,
                      bilingual_fill(&m->b, words(lang, "table.last"), &n.name[i], 1), lang);
    } else {
        bilingual_add(&m->b, to, words(lang, "table.no_last"), lang);
    }
    struct buf number = buf_new(64), late = buf_new(64);
    words_number(&number, lang, (int64_t)t->total.all);
    words_number(&late, lang, (int64_t)t->total.group[SESSION_OVERDUE]);
    struct str slot[] = {buf_str(&number), buf_str(&late)};
    bilingual_add(&m->b, to, STR(" "), lang);
    bilingual_tone(&m->b, to,
                   bilingual_fill(&m->b, words_n(lang, "table.total", t->total.all), slot, 2),
                   lang, PAPER_STRONG);
    buf_free(&number);
    buf_free(&late);
}

static struct str title_in(struct session_make *m, enum lang lang)
{
    struct bilingual_name n =
        bilingual_look_up(&m->b, desk_name(m->ask->desk, m->t->mechanism->self));
    return bilingual_fill(&m->b, words(lang, "table.title"),
                          &n.name[lang == m->b.lang[0] ? 0 : 1], 1);
}

static void add_head(struct session_make *m)
{
    m->b.p->title = title_in(m, m->b.lang[0]);
    for (size_t i = 1; i < m->b.langs; i++)
        bilingual_tone(&m->b, paper_paragraph(m->b.p), title_in(m, m->b.lang[i]), m->b.lang[i],
                       PAPER_STRONG);
    for (size_t i = 0; i < m->b.langs; i++)
        add_summary(m, m->b.lang[i]);
}

/* The checkpoint a log was last signed with. */
static void add_checkpoint(struct session_make *m, enum record_audience audience)
{
    struct view_log log;
    struct checkpoint c;
    struct note note;
    char root[DIGEST_BASE64(32)];
    enum cau_err err = view_log(m->b.view, m->b.a, audience, &log);
    if (err != CAU_OK) {
        m->b.err = err;
        return;
    }
    bool known = log.checkpoint.len > 0 && note_read(log.checkpoint, &note) == CAU_OK &&
                 checkpoint_read(note.text, &c) == CAU_OK;
    if (known && log.signed_ms > m->b.p->made_ms)
        m->b.p->made_ms = log.signed_ms;
    for (size_t i = 0; i < m->b.langs; i++) {
        struct buf size = buf_new(64), time = buf_new(200);
        words_number(&size, m->b.lang[i], known ? (int64_t)c.size : 0);
        words_time(&time, m->b.lang[i], log.signed_ms);
        if (known)
            digest_to_base64(c.root.b, 32, root);
        struct str slot[] = {
            log.origin, buf_str(&size), {root, known ? sizeof root : 0}, buf_str(&time)};
        const char *id = known ? "table.checkpoint" : "table.no_checkpoint";
        bilingual_break(bilingual_add(
            &m->b, &m->b.p->foot,
            bilingual_fill(&m->b, words(m->b.lang[i], id), slot, countof(slot)), m->b.lang[i]));
        buf_free(&size);
        buf_free(&time);
    }
}

static void add_foot(struct session_make *m)
{
    for (size_t i = 0; i < m->b.langs; i++) {
        struct str day = bilingual_date(&m->b, m->b.lang[i], desk_date(m->t->day));
        bilingual_break(bilingual_add(
            &m->b, &m->b.p->foot,
            bilingual_fill(&m->b, words(m->b.lang[i], "table.on"), &day, 1), m->b.lang[i]));
    }
    m->shown[RECORD_PUBLIC] = true;
    for (unsigned audience = 0; audience < RECORD_AUDIENCES; audience++)
        if (m->shown[audience] && m->b.err == CAU_OK)
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

bool session_paper_has(const struct view_record *r)
{
    bool session =
        str_is(r->kind->name, "session") && value_get_str(&r->payload, "mechanism").len > 0;
    return !r->redacted && !r->withdrawn && (session || str_is(r->kind->name, "mechanism"));
}

enum cau_err session_paper_make(struct arena *a, const struct session_paper *ask,
                                const struct session_table *table, struct paper *out)
{
    struct paper p = paper_new(a, ask->lang, STR(""));
    struct session_make m = {
        .b = bilingual_begin(a, &p, ask->lang, ask->second),
        .ask = ask,
        .t = table,
        .commitment = kinds_find(ask->kinds, STR("commitment")),
        .force = kinds_find_list(ask->kinds, STR("force")),
        .status = kinds_find_list(ask->kinds, STR("commitment_status")),
        .origin = kinds_find_list(ask->kinds, STR("origin")),
        .role = kinds_find_list(ask->kinds, STR("owner_role")),
    };
    m.b.view = ask->view;
    m.b.reader = ask->reader;
    m.b.country_list = kinds_find_list(ask->kinds, STR("country"));
    must(m.commitment != NULL);
    p.landscape = true;
    add_head(&m);
    if (table->rows > 0) {
        add_totals(&m);
        add_table(&m);
    } else {
        for (size_t i = 0; i < m.b.langs; i++)
            bilingual_add(&m.b, paper_paragraph(&p), words(m.b.lang[i], "table.empty"),
                          m.b.lang[i]);
    }
    add_foot(&m);
    bilingual_end(&m.b);
    if (m.b.err == CAU_OK)
        *out = p;
    return m.b.err;
}
