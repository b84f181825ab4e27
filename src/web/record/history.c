#include "base/number.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

enum { CHANGES_MAX = 500 };

static struct str version_name(struct ask *q, enum record_audience audience, uint32_t n)
{
    return ask_print(q, "%.*s.%u", STR_ARG(record_audience_name(audience)), n);
}

/* "public.3" */
static bool read_version_name(struct str name, enum record_audience *audience, uint32_t *n)
{
    struct str rest = name;
    uint64_t number;
    if (!record_read_audience(str_next(&rest, '.'), audience) ||
        number_read(rest, UINT32_MAX, &number) != CAU_OK)
        return false;
    *n = (uint32_t)number;
    return true;
}

static void add_head(struct ask *q, const struct view_record *r)
{
    struct record_text title = record_title(r->kind, &r->payload, q->lang);
    html_text(q->page, "record_title",
              title.text.len > 0 ? title.text : ask_say(q, "record.untitled"));
    if (!str_is(title.lang, "und"))
        html_text(q->page, "record_title_lang", title.lang);
    html_text(q->page, "id", r->id);
    html_text(q->page, "address", present_address(q, r->id));
    html_text(q->page, "kind_name", r->kind->name);
    html_text(q->page, "kind_many", present_label(q, r->kind->many));
}

static void add_version(struct ask *q, const struct view_record *r,
                        const struct view_version *v, size_t i)
{
    struct html_map *m = html_item(q->page, "versions");
    html_text(m, "name", version_name(q, v->audience, v->n));
    html_number(m, "n", v->n);
    html_text(m, "audience", ask_label(q, "audience.", record_audience_name(v->audience)));
    html_text(m, "time", ask_time(q, v->time_ms));
    html_text(m, "author", present_author(q, v->user, v->role));
    html_text(m, "import", v->import);
    html_flag(m, "redacted", v->redacted);
    struct str base = present_address(q, r->id), audience = record_audience_name(v->audience);
    html_text(m, "address",
              ask_print(q, "%.*s/version/%.*s/%u", STR_ARG(base), STR_ARG(audience), v->n));
    html_text(m, "proof",
              ask_print(q, "%.*s/proof/%.*s/%u", STR_ARG(base), STR_ARG(audience), v->n));
    html_flag(m, "newest", i == 0);
    html_flag(m, "before", i == 1);
}

void history_page(struct ask *q)
{
    struct view_record r;
    struct view_version *list;
    size_t n = 0;
    if (!ask_record(q, q->part[1], &r))
        return;
    if (view_history(q->view, q->arena, q->record_reader, r.doc, &list, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "history.title"));
    add_head(q, &r);
    for (size_t i = 0; i < n; i++)
        add_version(q, &r, &list[i], i);
    html_flag(q->page, "several", n > 1);
    ask_page(q, "history");
}

static void add_side(struct ask *q, const char *key, const struct view_record *r)
{
    struct html_map *m = html_item(q->page, key);
    html_number(m, "n", r->n);
    html_text(m, "audience", ask_label(q, "audience.", record_audience_name(r->audience)));
    html_text(m, "time", ask_time(q, r->time_ms));
}

static bool load(struct ask *q, uint32_t doc, const char *name, struct view_record *out)
{
    enum record_audience audience;
    uint32_t n;
    return read_version_name(ask_query(q, name), &audience, &n) &&
           view_get_version(q->view, q->arena, q->record_reader, doc, audience, n, out) ==
               CAU_OK;
}

void history_compare(struct ask *q)
{
    struct view_record now, old, new;
    if (!ask_record(q, q->part[1], &now))
        return;
    if (!load(q, now.doc, "old", &old) || !load(q, now.doc, "new", &new)) {
        ask_error(q, 404);
        return;
    }
    if (old.time_ms > new.time_ms) {
        struct view_record swap = old;
        old = new;
        new = swap;
    }
    struct record_change change[CHANGES_MAX];
    size_t n = 0;
    if (record_diff(q->arena, &old.payload, &new.payload, change, countof(change), &n) !=
        CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "compare.title"));
    add_head(q, &now);
    add_side(q, "old", &old);
    add_side(q, "new", &new);
    html_flag(q->page, "old_redacted", old.redacted);
    html_flag(q->page, "new_redacted", new.redacted);
    for (size_t i = 0; i < n && i < countof(change); i++) {
        struct html_map *m = html_item(q->page, "changes");
        const struct kind_field *f = present_field_of(now.kind, change[i].place);
        html_text(m, "place", present_place(q, now.kind, change[i].place));
        html_text(m, "old", present_plain(q, f, change[i].old));
        html_text(m, "new", present_plain(q, f, change[i].new));
    }
    html_number(q->page, "left_off", n > countof(change) ? (int64_t)(n - countof(change)) : 0);
    ask_page(q, "compare");
}
