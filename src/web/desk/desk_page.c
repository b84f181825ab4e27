/* The home page of a committee's secretary: what waits today. */
#include "base/number.h"
#include "base/words.h"
#include "domain/desk/commitment_state.h"
#include "domain/desk/mechanism.h"
#include "domain/desk/obstacle_state.h"
#include "domain/desk/secretary.h"
#include "domain/rule/side.h"
#include "web/desk/desk_pages.h"
#include "web/part/present.h"

#include <stdlib.h>

enum { ROWS_SHOWN = 8, ROWS_LISTED = 50, MECHANISMS_MAX = 500 };

/* "{0} days overdue", in the plural form of the number. */
static struct str in_days(struct ask *q, const char *id, int64_t days)
{
    struct buf b = buf_new(1000);
    struct str number = ask_number(q, days);
    words_fill(&b, words_n(q->lang, id, (uint64_t)days), &number, 1);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

/* ---- what is asked ---- */

static uint32_t asked_mechanism(struct ask *q)
{
    struct str id = ask_query(q, "mechanism");
    return id.len == 0 ? 0 : view_find(q->view, q->reader, id);
}

static struct secretary_asked asked_of(struct ask *q)
{
    return (struct secretary_asked){
        .reader = q->reader,
        .day = desk_today(),
        .side = desk_country_of(side_of_actor(q->view, q->arena, q->site->node, &q->actor)),
        .country = desk_country_of(ask_query(q, "country")),
        .mechanism = asked_mechanism(q)};
}

/* ---- rows ---- */

static void add_countries(struct ask *q, struct html_map *m, const uint16_t *country, size_t n)
{
    for (size_t i = 0; i < n; i++)
        html_text(html_item(m, "sides"), "name", present_side(q, country[i]));
}

static void add_words(struct ask *q, const struct desk *d, struct html_map *m,
                      const struct desk_row *r)
{
    const struct desk_status *s = desk_statuses(d, r);
    for (size_t i = 0; i < r->statuses; i++) {
        struct html_map *word = html_item(m, "words");
        html_text(word, "side", present_side(q, s[i].side));
        html_text(word, "status", present_code(q, "commitment_status", s[i].status));
    }
}

static void add_late(struct ask *q, struct html_map *m, int32_t last, int32_t day)
{
    if (last == DESK_NO_DAY)
        return;
    if (last < day)
        html_text(m, "late", in_days(q, "desk.late", day - last));
    else
        html_text(m, "left",
                  last == day ? ask_say(q, "desk.today") : in_days(q, "desk.left", last - day));
}

/* The date a list is about. */
static struct str date_of(const struct desk_row *r, enum secretary_list list,
                          const struct value *payload)
{
    static const char *const due[DESK_KINDS] =
        {[DESK_AGREEMENT] = "expires", [DESK_COMMITMENT] = "due", [DESK_OBSTACLE] = "due"},
                             *const on[DESK_KINDS] = {[DESK_AGREEMENT] = "signed",
                                                      [DESK_COMMITMENT] = "said_on",
                                                      [DESK_SESSION] = "held_on"};
    const char *field = list == SECRETARY_UNCONFIRMED ? on[r->kind] : due[r->kind];
    return field == NULL ? (struct str){NULL, 0} : value_get_str(payload, field);
}

static int32_t last_day_of(const struct desk_row *r, enum secretary_list list)
{
    if (list == SECRETARY_UNCONFIRMED)
        return DESK_NO_DAY;
    return r->kind == DESK_OBSTACLE ? obstacle_due(r) : r->due.last;
}

static void add_authority(struct ask *q, struct html_map *m, const struct value *payload)
{
    struct html_map *authority = html_item(m, "authority");
    struct str name = value_get_str(payload, "authority");
    uint32_t doc = name.len == 0 ? 0 : view_find(q->view, q->reader, name);
    if (doc == 0 || !present_link(q, authority, doc))
        html_text(authority, "none", ask_say(q, "desk.no_authority"));
}

static void add_row(struct ask *q, const struct desk *d, struct html_map *list,
                    const struct desk_row *r, enum secretary_list which, int32_t day)
{
    static const char *const about[DESK_KINDS] = {[DESK_AGREEMENT] = "agreement_kind",
                                                  [DESK_COMMITMENT] = "force",
                                                  [DESK_OBSTACLE] = "obstacle_kind"};
    struct view_record record;
    if (view_get(q->view, q->arena, q->reader, r->doc, &record) != CAU_OK)
        return;
    struct html_map *m = html_item(list, "rows");
    present_title(q, m, record.kind, &record.payload);
    html_text(m, "address", present_address(q, record.id));
    html_flag(m, "example", r->example);
    html_text(m, "kind", present_label(q, record.kind->label));
    html_text(m, "date", ask_date(q, date_of(r, which, &record.payload)));
    if (about[r->kind] != NULL)
        html_text(m, "about", present_code(q, about[r->kind], r->type));
    add_late(q, m, last_day_of(r, which), day);
    if (which == SECRETARY_OBSTACLES)
        add_authority(q, m, &record.payload);
    else if (r->sides > 0)
        add_countries(q, m, desk_sides(d, r), r->sides);
    else
        add_countries(q, m, desk_countries(d, r), r->countries);
    if (which <= SECRETARY_DIFFERING) {
        html_flag(m, "words_column", true);
        html_flag(m, "any_word", r->statuses > 0);
        add_words(q, d, m, r);
    }
}

static struct str list_address(struct ask *q, const char *list, size_t page)
{
    struct str country = ask_query(q, "country"), mechanism = ask_query(q, "mechanism");
    if (desk_country_of(country) == 0)
        country.len = 0;
    if (!record_id_valid(mechanism))
        mechanism.len = 0;
    return ask_print(q, "/%.*s/desk?show=%s&country=%.*s&mechanism=%.*s&page=%zu",
                     STR_ARG(lang_code(q->lang)), list, STR_ARG(country), STR_ARG(mechanism),
                     page);
}

static void add_list(struct ask *q, const struct desk *d, const struct secretary_home *home,
                     enum secretary_list which, int32_t day, size_t from, size_t most)
{
    const struct secretary_items *items = &home->list[which];
    const char *name = secretary_list_name(which);
    struct html_map *m = html_item(q->page, "lists");
    html_text(m, "name", str_of(name));
    html_text(m, "title", ask_label(q, "desk.list.", str_of(name)));
    html_text(m, "none", ask_label(q, "desk.none.", str_of(name)));
    html_text(m, "date_head", ask_label(q, "desk.date.", str_of(name)));
    html_flag(m, "has_words", which <= SECRETARY_DIFFERING);
    html_text(m, "side_head",
              ask_say(q, which <= SECRETARY_DIFFERING   ? "desk.acts"
                         : which == SECRETARY_OBSTACLES ? "desk.authority"
                                                        : "desk.sides"));
    html_text(m, "total", ask_number(q, (int64_t)items->n));
    html_flag(m, "some", items->n > 0);
    for (size_t i = from; i < items->n && i < from + most; i++)
        add_row(q, d, m, items->row[i], which, day);
    if (most == ROWS_SHOWN && items->n > most)
        html_text(m, "all_address", list_address(q, name, 1));
}

/* ---- next sessions ---- */

struct next_session {
    struct view_record record;
    struct mechanism_next next;
};

/* Those with a date first, the nearest before the others. */
static int by_date(const void *x, const void *y)
{
    const struct next_session *a = x, *b = y;
    int32_t p = desk_known(a->next.on) ? a->next.on.last : INT32_MAX,
            q = desk_known(b->next.on) ? b->next.on.last : INT32_MAX;
    return p != q ? (p < q ? -1 : 1) : str_cmp(a->record.id, b->record.id);
}

static void add_next(struct ask *q, const struct next_session *s, int32_t day)
{
    struct html_map *m = html_item(q->page, "next_sessions");
    const struct mechanism_next *next = &s->next;
    present_title(q, m, s->record.kind, &s->record.payload);
    html_text(m, "address", present_address(q, s->record.id));
    if (next->host != 0)
        html_text(m, "host", present_side(q, next->host));
    if (desk_known(next->on)) {
        html_text(m, "date", present_days(q, next->on));
        html_text(m, "why",
                  ask_label(q, "mechanism.from.", str_of(mechanism_from_name(next->on_from))));
        add_late(q, m, next->on.last, day);
    }
}

/* The mechanisms that meet: the country and the mechanism asked for, or all. */
static void add_next_sessions(struct ask *q, const struct desk *d,
                              const struct secretary_asked *asked)
{
    size_t at = 0, n = 0;
    const struct desk_row *r;
    struct next_session *list = arena_take(q->arena, MECHANISMS_MAX * sizeof *list);
    if (list == NULL) {
        q->model.failed = true;
        return;
    }
    while (n < MECHANISMS_MAX && (r = desk_next(d, q->reader, DESK_MECHANISM, &at)) != NULL) {
        struct next_session *s = &list[n];
        if (r->state == MECHANISM_CLOSED ||
            (asked->mechanism != 0 && r->doc != asked->mechanism) ||
            (asked->country != 0 && !desk_has_country(d, r, asked->country)) ||
            view_get(q->view, q->arena, q->reader, r->doc, &s->record) != CAU_OK)
            continue;
        enum mechanism_rotation rotation =
            mechanism_read_rotation(value_get_str(&s->record.payload, "rotation"));
        s->next = mechanism_next(d, q->reader, r, rotation, asked->day);
        n += desk_known(s->next.on) || asked->mechanism != 0;
    }
    qsort(list, n, sizeof *list, by_date);
    for (size_t i = 0; i < n && i < ROWS_SHOWN; i++)
        add_next(q, &list[i], asked->day);
}

/* ---- the page ---- */

static void add_sides(struct ask *q, const struct secretary_home *home, uint16_t own)
{
    for (size_t i = 0; i < home->sides; i++) {
        const struct secretary_side *s = &home->side[i];
        struct html_map *m = html_item(q->page, "sides");
        html_text(m, "name", present_side(q, s->side));
        html_flag(m, "own", s->side == own);
        html_text(m, "open", ask_number(q, s->open));
        html_text(m, "overdue", ask_number(q, s->overdue));
        html_flag(m, "some_overdue", s->overdue > 0);
        html_text(m, "soon", ask_number(q, s->soon));
        html_text(m, "differing", ask_number(q, s->differing));
    }
}

static void add_choice(struct ask *q, const char *list, struct str value, struct str label,
                       bool chosen)
{
    struct html_map *m = html_item(q->page, list);
    html_text(m, "value", value);
    html_text(m, "label", label);
    html_flag(m, "chosen", chosen);
}

static void add_choices(struct ask *q, const struct desk *d, const struct secretary_home *home,
                        const struct secretary_asked *asked)
{
    size_t at = 0;
    const struct desk_row *r;
    for (size_t i = 0; i < home->sides; i++) {
        char space[2];
        struct str code = {NULL, 0};
        if (arena_copy(q->arena, desk_country(home->side[i].side, space), &code) == CAU_OK)
            add_choice(q, "countries", code, present_side(q, home->side[i].side),
                       home->side[i].side == asked->country);
    }
    for (size_t n = 0;
         n < MECHANISMS_MAX && (r = desk_next(d, q->reader, DESK_MECHANISM, &at)) != NULL;
         n++) {
        struct view_record record;
        if (view_get(q->view, q->arena, q->reader, r->doc, &record) == CAU_OK)
            add_choice(q, "mechanisms", record.id,
                       record_title(record.kind, &record.payload, q->lang).text,
                       r->doc == asked->mechanism);
    }
}

static size_t asked_page(struct ask *q, size_t pages)
{
    uint64_t page;
    if (number_read(ask_query(q, "page"), 100000, &page) != CAU_OK || page < 1)
        page = 1;
    return page > pages ? pages : (size_t)page;
}

static void add_pages(struct ask *q, const char *name, size_t page, size_t pages)
{
    if (page > 1)
        html_text(q->page, "previous", list_address(q, name, page - 1));
    if (page < pages)
        html_text(q->page, "next", list_address(q, name, page + 1));
    html_text(q->page, "page", ask_number(q, (int64_t)page));
    html_text(q->page, "pages", ask_number(q, (int64_t)pages));
}

void desk_page(struct ask *q)
{
    struct secretary_home home;
    enum secretary_list shown;
    if (!ask_may(q, MAY_STAFF, NULL, NULL)) {
        ask_error(q, 403);
        return;
    }
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    struct secretary_asked asked = asked_of(q);
    if (secretary_look(d, q->view, q->arena, &asked, &home) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "desk.title"));
    html_text(q->page, "day", present_days(q, (struct desk_days){asked.day, asked.day}));
    if (secretary_read_list(ask_query(q, "show"), &shown)) {
        size_t n = home.list[shown].n;
        size_t pages = n == 0 ? 1 : (n + ROWS_LISTED - 1) / ROWS_LISTED;
        size_t page = asked_page(q, pages);
        html_flag(q->page, "one_list", true);
        add_list(q, d, &home, shown, asked.day, (page - 1) * ROWS_LISTED, ROWS_LISTED);
        add_pages(q, secretary_list_name(shown), page, pages);
    } else {
        html_text(q->page, "open", ask_number(q, home.open));
        add_sides(q, &home, asked.side);
        add_next_sessions(q, d, &asked);
        for (unsigned i = 0; i < SECRETARY_LISTS; i++)
            add_list(q, d, &home, (enum secretary_list)i, asked.day, 0, ROWS_SHOWN);
    }
    add_choices(q, d, &home, &asked);
    ask_page(q, "desk");
}
