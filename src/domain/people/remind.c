#include "domain/people/remind.h"

#include "base/digest.h"
#include "domain/desk/agreement.h"
#include "domain/desk/commitment_state.h"
#include "domain/desk/obstacle_state.h"
#include "domain/rule/side.h"

#include <stdlib.h>
#include <string.h>

enum { MONDAY = 4 }; /* 1970-01-05: days since then are a multiple of 7 */

enum remind_when remind_when_of(int32_t due, int32_t day)
{
    if (due < day)
        return REMIND_OVERDUE;
    if (due - day <= REMIND_WEEK_DAYS)
        return REMIND_WEEK;
    return due - day <= REMIND_MONTH_DAYS ? REMIND_MONTH : REMIND_LATER;
}

/* ---- for whom ---- */

struct remind_person remind_person_of(struct view *v, struct arena *a, const struct node *n,
                                      const struct actor *actor)
{
    const unsigned staff = LOCAL_SECRETARY | LOCAL_OFFICER | LOCAL_EDITOR | LOCAL_ADMINISTRATOR;
    return (struct remind_person){.reader = actor_reader(actor),
                                  .side = desk_country_of(side_of_actor(v, a, n, actor)),
                                  .organization = actor->organization_doc,
                                  .staff = actor->is_operator || (actor->roles & staff) != 0};
}

struct remind_person remind_person_outside(const struct remind_person *person)
{
    struct remind_person p = *person;
    p.reader.audiences &= ~(1u << RECORD_PRIVATE);
    p.reader.owner = 0;
    return p;
}

/* ---- finding ---- */

struct finding {
    const struct desk *d;
    struct view *v;
    struct arena *a;
    const struct remind_person *person;
    int32_t day, last; /* the last day looked at */
    uint32_t *own;     /* documents that name his organisation, ascending */
    size_t own_count;
    struct remind *list;
    size_t n, room;
    enum cau_err err;
};

static int order_docs(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return (a > b) - (a < b);
}

/* Whatever names the organisation: as owner, executor, authority, party. */
static enum cau_err find_own(struct finding *f)
{
    struct view_link *link;
    size_t n = 0;
    if (f->person->organization == 0)
        return CAU_OK;
    enum cau_err err =
        view_links_to(f->v, f->a, f->person->reader, f->person->organization, &link, &n);
    if (err == CAU_ERR_UNKNOWN) /* the organisation itself is not for this reader */
        return CAU_OK;
    f->own = err == CAU_OK ? arena_take(f->a, n * sizeof *f->own) : NULL;
    if (err == CAU_OK && f->own == NULL)
        err = CAU_ERR_MEMORY;
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        f->own[i] = link[i].doc;
    if (err == CAU_OK && n > 0)
        qsort(f->own, n, sizeof *f->own, order_docs);
    f->own_count = err == CAU_OK ? n : 0;
    return err;
}

static bool names_own(const struct finding *f, const struct desk_row *r)
{
    return f->own_count > 0 &&
           bsearch(&r->doc, f->own, f->own_count, sizeof *f->own, order_docs) != NULL;
}

static bool concerns_side(const struct finding *f, const struct desk_row *r)
{
    return f->person->side != 0 && desk_has_country(f->d, r, f->person->side);
}

/* Counted first (room 0), then kept. */
static void keep(struct finding *f, enum remind_what what, const struct desk_row *r,
                 int32_t due, int32_t end)
{
    if (f->n < f->room)
        f->list[f->n] = (struct remind){what, due, end, r->doc, r->time_ms};
    f->n++;
}

static bool side_acts(const struct finding *f, const struct desk_row *r)
{
    const uint16_t *side = desk_sides(f->d, r);
    for (unsigned i = 0; i < r->sides; i++)
        if (side[i] == f->person->side)
            return true;
    return r->sides == 0 && concerns_side(f, r);
}

static void look_at_commitment(struct finding *f, const struct desk_row *r)
{
    const struct desk_status *word = commitment_word(f->d, r, f->person->side);
    bool his = names_own(f, r) || (f->person->staff && side_acts(f, r));
    if (!his || !desk_known(r->due) || r->due.last > f->last || commitment_closed(f->d, r))
        return;
    /* What his side has done or given up is for the others to be reminded of. */
    if (word == NULL || !commitment_closes((enum commitment_status)word->status))
        keep(f, REMIND_COMMITMENT, r, r->due.last, r->due.last);
}

static void look_at_obstacle(struct finding *f, const struct desk_row *r)
{
    int32_t due = obstacle_due(r);
    bool asked = r->host != 0 ? r->host == f->person->side : concerns_side(f, r);
    if (obstacle_waits(r) && due != DESK_NO_DAY && due <= f->last &&
        (names_own(f, r) || (f->person->staff && asked)))
        keep(f, REMIND_OBSTACLE, r, due, due);
}

static void look_at_session(struct finding *f, const struct desk_row *r)
{
    uint32_t of = desk_mechanism(f->d, r);
    const struct desk_row *mechanism = of == 0 ? NULL : desk_row(f->d, f->person->reader, of);
    bool his = concerns_side(f, r) || names_own(f, r) ||
               (r->countries == 0 && mechanism != NULL && concerns_side(f, mechanism));
    enum { POSTPONED = 2, CANCELLED = 3 }; /* places in list session_status */
    int32_t end = desk_known(r->end) ? r->end.last : r->on.last;
    if (his && desk_known(r->on) && end >= f->day && r->on.first <= f->last &&
        r->state != POSTPONED && r->state != CANCELLED)
        keep(f, REMIND_SESSION, r, r->on.first, end);
}

static void look_at_agreement(struct finding *f, const struct desk_row *r)
{
    struct view_record x;
    int32_t ahead = (f->last - f->day) / 30;
    int months = ahead > REMIND_EXPIRY_MONTHS ? (int)ahead : REMIND_EXPIRY_MONTHS;
    bool his = names_own(f, r) || (f->person->staff && concerns_side(f, r));
    if (!his || !agreement_may_expire(r, f->day, months))
        return;
    size_t before = f->a->used;
    enum cau_err err = view_get(f->v, f->a, f->person->reader, r->doc, &x);
    if (err == CAU_OK) {
        struct agreement_term term = agreement_term_of(&x.payload, f->day);
        if (agreement_expires(&term, f->day, months))
            keep(f, REMIND_AGREEMENT, r, term.ends.last, term.ends.last);
    } else if (err != CAU_ERR_UNKNOWN) { /* changed between desk and view */
        f->err = err;
    }
    f->a->used = before;
}

static void look_at_all(struct finding *f)
{
    static const struct {
        enum desk_kind kind;
        void (*look)(struct finding *f, const struct desk_row *r);
    } part[] = {{DESK_COMMITMENT, look_at_commitment},
                {DESK_OBSTACLE, look_at_obstacle},
                {DESK_SESSION, look_at_session},
                {DESK_AGREEMENT, look_at_agreement}};
    f->n = 0;
    for (size_t i = 0; i < countof(part); i++) {
        size_t at = 0;
        const struct desk_row *r;
        while (f->err == CAU_OK &&
               (r = desk_next(f->d, f->person->reader, part[i].kind, &at)) != NULL)
            part[i].look(f, r);
    }
}

struct ordered { /* a reminder with its record's name */
    struct remind it;
    struct str name;
};

static int order_reminders(const void *x, const void *y)
{
    const struct ordered *a = x, *b = y;
    if (a->it.due != b->it.due)
        return a->it.due < b->it.due ? -1 : 1;
    if (a->it.what != b->it.what)
        return a->it.what < b->it.what ? -1 : 1;
    return str_cmp(a->name, b->name);
}

static enum cau_err sort_list(struct finding *f)
{
    struct ordered *o = arena_take(f->a, f->n * sizeof *o);
    if (o == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < f->n; i++) {
        const struct desk_row *r = desk_row(f->d, f->person->reader, f->list[i].doc);
        must(r != NULL);
        o[i] = (struct ordered){f->list[i], desk_name(f->d, r->self)};
    }
    if (f->n > 0)
        qsort(o, f->n, sizeof *o, order_reminders);
    for (size_t i = 0; i < f->n; i++)
        f->list[i] = o[i].it;
    return CAU_OK;
}

enum cau_err remind_find(const struct desk *d, struct view *v, struct arena *a,
                         const struct remind_person *person, int32_t day, int32_t ahead,
                         struct remind_list *out)
{
    struct finding f = {
        .d = d, .v = v, .a = a, .person = person, .day = day, .last = day + ahead};
    enum cau_err err = find_own(&f);
    if (err != CAU_OK)
        return err;
    look_at_all(&f);
    f.room = f.n;
    f.list = arena_take(a, f.room * sizeof *f.list);
    if (f.list == NULL)
        return CAU_ERR_MEMORY;
    look_at_all(&f);
    must(f.err != CAU_OK || f.n == f.room);
    err = f.err == CAU_OK ? sort_list(&f) : f.err;
    if (err != CAU_OK)
        return err;
    size_t overdue = 0;
    while (overdue < f.n && f.list[overdue].end < day)
        overdue++;
    size_t first = overdue > REMIND_OVERDUE_MAX ? overdue - REMIND_OVERDUE_MAX : 0;
    size_t shown = f.n - first < REMIND_MAX ? f.n - first : REMIND_MAX;
    *out = (struct remind_list){f.list + first, shown, f.n - shown};
    return CAU_OK;
}

bool remind_is_day(enum remind_often often, const struct remind_list *list, int32_t day)
{
    if (often == REMIND_WEEKLY)
        return list->n > 0 && (day - MONDAY) % 7 == 0;
    for (size_t i = 0; often == REMIND_DAILY && i < list->n; i++) {
        int32_t left = list->v[i].due - day;
        if (left == REMIND_MONTH_DAYS || left == REMIND_WEEK_DAYS || left == 0 || left == -1)
            return true;
    }
    return false;
}

/* ---- how somebody wants to be told ---- */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_local(struct str x)
{
    static const char more[] = "!#$%&'*+-/=?^_`{|}~.";
    for (size_t i = 0; i < x.len; i++)
        if (!is_plain(x.p[i]) && (x.p[i] == '\0' || strchr(more, x.p[i]) == NULL))
            return false;
    return x.len > 0 && x.len <= 64 && x.p[0] != '.' && x.p[x.len - 1] != '.';
}

static bool is_label(struct str x)
{
    for (size_t i = 0; i < x.len; i++)
        if (!is_plain(x.p[i]) && x.p[i] != '-')
            return false;
    return x.len > 0 && x.len <= 63 && x.p[0] != '-' && x.p[x.len - 1] != '-';
}

bool remind_address_valid(struct str address)
{
    struct str host = address, local = str_next(&host, '@');
    size_t labels = 0;
    if (address.len > REMIND_ADDRESS_MAX || !is_local(local) || host.len == 0 ||
        host.p[host.len - 1] == '.')
        return false;
    while (host.len > 0) {
        if (!is_label(str_next(&host, '.')))
            return false;
        labels++;
    }
    return labels >= 2;
}

struct wish {
    struct local_reminder reminder;
    enum { ADDRESS, CALENDAR } what;
    const unsigned char *token_hash; /* of CALENDAR; NULL: none any more */
};

static enum cau_err wish_step(struct store *s, void *arg)
{
    const struct wish *w = arg;
    return w->what == ADDRESS ? local_reminder_set(s, &w->reminder)
                              : local_reminder_calendar(s, w->reminder.user, w->token_hash);
}

static enum register_why keep_wish(struct node *n, const struct actor *actor, struct wish *w)
{
    if (actor->user == 0)
        return REGISTER_NOT_ALLOWED;
    w->reminder.user = actor->user;
    return register_why_of(writer_run(n, wish_step, w));
}

enum register_why remind_set(struct node *n, const struct actor *actor, struct str address,
                             enum remind_often often, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    must((unsigned)often < REMIND_OFTENS);
    address = str_trim(address);
    bool none = address.len == 0 && often == REMIND_NEVER;
    if (!none && !remind_address_valid(address)) {
        out->problems.n = 1;
        out->problems.v[0] = (struct record_problem){
            .place = STR("address"),
            .code = address.len == 0 ? RECORD_REQUIRED : RECORD_BAD_ADDRESS,
            .limit = REMIND_ADDRESS_MAX};
        return REGISTER_PROBLEMS;
    }
    struct wish w = {.reminder = {.address = address, .often = often}, .what = ADDRESS};
    return keep_wish(n, actor, &w);
}

enum register_why remind_calendar(struct node *n, const struct actor *actor,
                                  char token[REMIND_TOKEN_CHARS])
{
    unsigned char secret[32];
    digest_random(secret, sizeof secret);
    digest_to_url64(secret, sizeof secret, token);
    struct digest hash = digest_of((struct str){token, REMIND_TOKEN_CHARS});
    struct wish w = {.what = CALENDAR, .token_hash = hash.b};
    return keep_wish(n, actor, &w);
}

enum register_why remind_calendar_stop(struct node *n, const struct actor *actor)
{
    struct wish w = {.what = CALENDAR};
    return keep_wish(n, actor, &w);
}

enum cau_err remind_of_calendar(struct view *v, struct arena *a, struct str token,
                                struct local_user *user)
{
    unsigned char secret[32];
    uint32_t id = 0;
    struct local_user found;
    if (digest_from_url64(token, secret, sizeof secret) != CAU_OK)
        return CAU_ERR_UNKNOWN;
    struct digest hash = digest_of(token);
    enum cau_err err = local_reminder_of_calendar(view_store(v), hash.b, &id);
    if (err == CAU_OK)
        err = local_user_get(view_store(v), a, id, &found);
    if (err == CAU_OK && !found.active)
        err = CAU_ERR_UNKNOWN;
    if (err == CAU_OK)
        *user = found;
    return err;
}
