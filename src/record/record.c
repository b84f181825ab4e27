#include "record/record.h"

#include "base/digest.h"
#include "base/utf8.h"
#include "record/json.h"
#include "record/record_int.h"

#include <stdio.h>
#include <string.h>

static const char *const audience_name[] = {"public", "partner", "private"};

struct str record_audience_name(enum record_audience a)
{
    must(a < RECORD_AUDIENCES);
    return str_of(audience_name[a]);
}

bool record_read_audience(struct str name, enum record_audience *out)
{
    for (unsigned i = 0; i < RECORD_AUDIENCES; i++)
        if (str_is(name, audience_name[i])) {
            *out = (enum record_audience)i;
            return true;
        }
    return false;
}

const char *record_code_name(enum record_code code)
{
    static const char *const name[] = {
        "unknown_kind", "unknown_field", "wrong_type",   "required",         "too_short",
        "too_long",     "too_many",      "too_big",      "not_nfc",          "bad_text",
        "bad_date",     "no_such_date",  "unknown_code", "unknown_language", "bad_address",
        "bad_number",   "bad_place",     "bad_link",     "by_rule",          "empty",
        "twice",        "no_consent",    "consent_over", "two_values",       "unit_changes",
        "earlier",      "circle",        "for_editor",   "future",           "names_filer"};
    _Static_assert(countof(name) == RECORD_CODES, "a name for every code");
    must(code < RECORD_CODES);
    return name[code];
}

void record_problem_add(struct record_problems *problems, struct record_problem problem)
{
    if (problems->n < RECORD_PROBLEMS_MAX)
        problems->v[problems->n++] = problem;
}

bool record_id_valid(struct str id)
{
    unsigned char bytes[16];
    struct str head = STR("r:");
    return id.len == RECORD_ID_CHARS && str_starts(id, head) &&
           digest_from_base32(str_from(id, head.len), bytes, sizeof bytes) == CAU_OK;
}

/* Room for ".name" or "[4294967295]". */
static size_t place_part_max(const struct record_place *p)
{
    return p->name.p == NULL ? 12 : 1 + utf8_clip(p->name, RECORD_CLIP_POINTS).len;
}

static size_t place_write(const struct record_place *p, char *out)
{
    if (p == NULL)
        return 0;
    size_t at = place_write(p->up, out); /* as deep as a record is */
    if (p->name.p == NULL) {
        char digits[16];
        int n = snprintf(digits, sizeof digits, "[%u]", (unsigned)p->index);
        must(n > 0 && (size_t)n < sizeof digits);
        memcpy(out + at, digits, (size_t)n);
        return at + (size_t)n;
    }
    if (at > 0)
        out[at++] = '.';
    struct str name = utf8_clip(p->name, RECORD_CLIP_POINTS);
    if (name.len > 0)
        memcpy(out + at, name.p, name.len);
    return at + name.len;
}

struct str record_place_str(struct arena *a, const struct record_place *place)
{
    size_t max = 1;
    for (const struct record_place *p = place; p != NULL; p = p->up)
        max += place_part_max(p);
    char *text = arena_take(a, max);
    if (text == NULL)
        return (struct str){NULL, 0};
    return (struct str){text, place_write(place, text)};
}

enum cau_err record_write(struct buf *b, const struct value *payload)
{
    size_t before = b->len, max = b->max;
    bool narrowed = !b->failed && max - before > RECORD_BYTES_MAX;
    if (narrowed)
        b->max = before + RECORD_BYTES_MAX;
    json_write(b, payload);
    if (narrowed)
        b->max = max;
    if (!b->failed)
        return CAU_OK;
    return narrowed ? CAU_ERR_RANGE : CAU_ERR_MEMORY;
}

enum cau_err record_to_form(struct arena *a, const struct kind *kind,
                            enum record_audience audience, const struct value *payload,
                            struct value *out)
{
    must(payload->type == VALUE_OBJECT);
    struct value form = value_object();
    size_t room = value_room((size_t)payload->n + 2);
    form.member = arena_take(a, room * sizeof *form.member);
    if (form.member == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < payload->n; i++)
        if (!str_is(payload->member[i].key, "audit"))
            form.member[form.n++] = payload->member[i];
    enum cau_err err = value_set(a, &form, STR("kind"), value_string(kind->name));
    if (err == CAU_OK)
        err = value_set(a, &form, STR("visibility"),
                        value_string(record_audience_name(audience)));
    if (err == CAU_OK)
        *out = form;
    return err;
}
