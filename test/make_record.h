/* make_record.h - import forms with a value in every field of a kind, for tests, fuzzers and bench/. */
#ifndef CAU_TEST_MAKE_RECORD_H
#define CAU_TEST_MAKE_RECORD_H

#include "base/utf8.h"
#include "record/record.h"

#include <stdio.h>
#include <string.h>

/* Counts up, so that all values differ and the same start gives the same record. */
struct make {
    struct arena *a;
    uint32_t step;
};

static struct value make_words(struct make *m, const char *words, uint32_t points)
{
    char text[200];
    struct str copy = {"", 0};
    snprintf(text, sizeof text, "%s %u", words, (unsigned)m->step++);
    must(arena_copy(m->a, utf8_clip(str_of(text), points), &copy) == CAU_OK);
    return value_string(str_trim(copy));
}

static void make_set(struct make *m, struct value *object, const char *key, struct value item)
{
    must(value_set(m->a, object, str_of(key), item) == CAU_OK);
}

static struct value make_list(struct make *m, struct value item)
{
    struct value list = value_array();
    must(value_push(m->a, &list, item) == CAU_OK);
    return list;
}

/* Three languages, one of them a translation when tagged. */
static struct value make_text(struct make *m, const struct kind_field *f)
{
    uint32_t points = f->limit != 0 ? f->limit : 100;
    struct value text = value_object(),
                 ru = make_words(m, "Плавучие основания ветроустановок", points);
    struct value vi = make_words(m, "Móng nổi cho điện gió ngoài khơi", points);
    if (f->type == KIND_NAMES) {
        vi = make_list(m, vi);
        must(f->most == 1 || value_push(m->a, &vi, make_words(m, "Viện", points)) == CAU_OK);
        ru = make_list(m, ru);
    } else {
        struct value human = value_object();
        make_set(m, &human, "text", ru);
        make_set(m, &human, "origin", value_string(STR("human")));
        make_set(m, &human, "from", value_string(STR("vi")));
        ru = human;
    }
    make_set(m, &text, "vi", vi);
    make_set(m, &text, "ru", ru);
    return text;
}

static struct value make_code(struct make *m, const struct kind_list *l)
{
    return value_string(l->code[m->step++ % l->n].code);
}

static struct value make_row(struct make *m, const struct kind_field *f);

static struct value make_one(struct make *m, const struct kind_field *f)
{
    uint32_t points = f->limit != 0 ? f->limit : 100;
    char text[64];
    struct str copy = {"", 0};
    struct value v = value_object();
    switch (f->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        return make_text(m, f);
    case KIND_LINE:
    case KIND_LINK:
        return make_words(m, "x-17", points);
    case KIND_URL:
        snprintf(text, sizeof text, "https://example.vn/%u?q=b%%C3%%A1o#a",
                 (unsigned)m->step++);
        break;
    case KIND_EMAIL:
        snprintf(text, sizeof text, "office.%u@example.org", (unsigned)m->step++);
        break;
    case KIND_DATE:
        snprintf(text, sizeof text, "20%02u-03-07", (unsigned)(m->step++ % 100));
        break;
    case KIND_INTEGER:
        return value_integer(f->limit != 0 ? (int64_t)(m->step++ % (f->limit + 1)) : -17);
    case KIND_DECIMAL:
        snprintf(text, sizeof text, "-%u.50", (unsigned)m->step++);
        break;
    case KIND_FLAG:
        return value_true();
    case KIND_CHOICE:
        return make_code(m, f->list);
    case KIND_MONEY:
        make_set(m, &v, "amount", value_string(STR("1250.50")));
        make_set(m, &v, "currency", make_code(m, f->list));
        return v;
    case KIND_PLACE:
        make_set(m, &v, "latitude", (struct value){.type = VALUE_REAL, .real = 21.02851});
        make_set(m, &v, "longitude", value_integer(-105));
        return v;
    case KIND_CODES:
        return value_string(STR("GRNTI:44.37.29"));
    case KIND_IDENTIFIERS:
        for (size_t i = 0; i < f->list->n && i < 3 && (f->most == 0 || i < f->most); i++)
            must(value_set(m->a, &v, f->list->code[i].code, make_words(m, "04z8k9a98", 100)) ==
                 CAU_OK);
        return v;
    case KIND_SOURCES:
    case KIND_RELATIONS:
    case KIND_ROWS:
        return make_row(m, f);
    }
    must(arena_copy(m->a, str_of(text), &copy) == CAU_OK);
    return value_string(copy);
}

static struct value make_row(struct make *m, const struct kind_field *f)
{
    struct value row = value_object();
    for (size_t i = 0; i < f->column_count; i++) {
        struct value v = make_one(m, &f->column[i]);
        must(value_set(m->a, &row, f->column[i].name, v) == CAU_OK);
    }
    return row;
}

/* A form of the kind with every field (rule fields too when wanted), lists of two values where two
 * may stand. */
static struct value make_form(struct make *m, const struct kind *kind, bool rules)
{
    struct value form = value_object();
    make_set(m, &form, "kind", value_string(kind->name));
    for (size_t i = 0; i < kind->n; i++) {
        const struct kind_field *f = &kind->field[i];
        struct value v =
            f->rule && !rules ? (struct value){.type = VALUE_NULL} : make_one(m, f);
        bool list = f->many || f->type >= KIND_SOURCES;
        if (list && v.type != VALUE_NULL) {
            v = make_list(m, v);
            bool room = f->most != 1 && (f->list == NULL || f->list->n > 1);
            must(!room || value_push(m->a, &v, make_one(m, f)) == CAU_OK);
        }
        if (v.type != VALUE_NULL)
            must(value_set(m->a, &form, f->name, v) == CAU_OK);
    }
    return form;
}

#endif
