#include "exchange/paper/bilingual.h"

#include "base/words.h"

#include <stdio.h>
#include <string.h>

struct bilingual bilingual_begin(struct arena *a, struct paper *p, enum lang lang,
                                 enum lang second)
{
    return (struct bilingual){.a = a,
                              .p = p,
                              .lang = {lang, second},
                              .langs = lang == second ? 1 : 2,
                              .known = table_new()};
}

void bilingual_end(struct bilingual *b)
{
    table_free(&b->known);
}

/* ---- words ---- */

struct str bilingual_keep(struct bilingual *b, struct str text)
{
    struct str kept = {NULL, 0};
    enum cau_err err = arena_copy(b->a, text, &kept);
    if (err != CAU_OK)
        b->err = err;
    return kept;
}

struct str bilingual_fill(struct bilingual *b, struct str message, const struct str *slot,
                          size_t n)
{
    struct buf out = buf_new(1 << 20);
    words_fill(&out, message, slot, n);
    struct str made = bilingual_keep(b, buf_str(&out));
    if (out.failed)
        b->err = CAU_ERR_MEMORY;
    buf_free(&out);
    return made;
}

/* The words of an id in both languages, one under the other: for headings. */
struct str bilingual_head(struct bilingual *b, const char *id)
{
    struct str pair[] = {words(b->lang[0], id), words(b->lang[1], id)};
    return b->langs == 1 ? pair[0] : bilingual_fill(b, STR("{0}\n{1}"), pair, 2);
}

struct str bilingual_date(struct bilingual *b, enum lang lang, struct clock_date d)
{
    struct buf out = buf_new(200);
    words_date(&out, lang, d);
    struct str made = bilingual_keep(b, buf_str(&out));
    buf_free(&out);
    return made;
}

/* 07.03.2019, 03.2019 or 2019: as every side writes it. */
struct str bilingual_short_date(struct bilingual *b, struct str iso)
{
    struct clock_date d;
    char made[16];
    if (clock_read_date(iso, &d) != CAU_OK)
        return iso;
    int len = d.month == 0 ? snprintf(made, sizeof made, "%04d", d.year)
              : d.day == 0
                  ? snprintf(made, sizeof made, "%02d.%04d", d.month, d.year)
                  : snprintf(made, sizeof made, "%02d.%02d.%04d", d.day, d.month, d.year);
    return bilingual_keep(b, (struct str){made, (size_t)len});
}

/* ---- pieces ---- */

struct paper_piece *bilingual_add(struct bilingual *b, struct paper_text *to, struct str text,
                                  enum lang lang)
{
    struct paper_piece *x = paper_add(b->p, to, text);
    if (x != NULL && lang != b->p->lang)
        x->lang = lang_code(lang);
    return x;
}

struct paper_piece *bilingual_tone(struct bilingual *b, struct paper_text *to, struct str text,
                                   enum lang lang, enum paper_tone tone)
{
    struct paper_piece *x = bilingual_add(b, to, text, lang);
    if (x != NULL)
        x->tone = tone;
    return x;
}

void bilingual_break(struct paper_piece *x)
{
    if (x != NULL)
        x->break_before = true;
}

/* Words in both languages in one line: "Quá hạn / Просрочено". */
struct paper_piece *bilingual_say(struct bilingual *b, struct paper_text *to, const char *id,
                                  enum paper_tone tone)
{
    struct paper_piece *first = bilingual_tone(b, to, words(b->lang[0], id), b->lang[0], tone);
    for (size_t i = 1; i < b->langs; i++) {
        bilingual_tone(b, to, STR(" / "), b->lang[0], tone);
        bilingual_tone(b, to, words(b->lang[i], id), b->lang[i], tone);
    }
    return first;
}

struct paper_piece *bilingual_label(struct bilingual *b, struct paper_text *to,
                                    const struct kind_list *list, struct str code,
                                    enum paper_tone tone)
{
    struct paper_piece *first =
        bilingual_tone(b, to, kind_code_label(list, code, b->lang[0]), b->lang[0], tone);
    for (size_t i = 1; i < b->langs; i++) {
        bilingual_tone(b, to, STR(" / "), b->lang[0], tone);
        bilingual_tone(b, to, kind_code_label(list, code, b->lang[i]), b->lang[i], tone);
    }
    return first;
}

struct paper_piece *bilingual_country(struct bilingual *b, struct paper_text *to,
                                      struct str code, enum paper_tone tone)
{
    struct bilingual_name *known = NULL; /* looked up once: the list of countries is long */
    for (size_t i = 0; i < b->countries && known == NULL; i++)
        if (str_equal(b->country[i].id, code))
            known = &b->country[i];
    if (known == NULL && b->countries < BILINGUAL_COUNTRIES_MAX) {
        known = &b->country[b->countries++];
        known->id = bilingual_keep(b, code);
        for (size_t k = 0; k < b->langs; k++)
            known->name[k] = kind_code_label(b->country_list, known->id, b->lang[k]);
    }
    if (known == NULL)
        return bilingual_label(b, to, b->country_list, bilingual_keep(b, code), tone);
    struct paper_piece *first = bilingual_tone(b, to, known->name[0], b->lang[0], tone);
    if (b->langs > 1) {
        bilingual_tone(b, to, STR(" / "), b->lang[0], tone);
        bilingual_tone(b, to, known->name[1], b->lang[1], tone);
    }
    return first;
}

void bilingual_remark(struct bilingual *b, struct paper_text *to, struct str text,
                      enum lang lang)
{
    bilingual_break(bilingual_tone(b, to, text, lang, PAPER_SMALL));
}

/* ---- records that are linked to ---- */

static void look_up(struct bilingual *b, struct str link, struct bilingual_name *out)
{
    struct view *v = b->view;
    struct view_record r;
    uint32_t doc = view_find(v, b->reader, link);
    *out = (struct bilingual_name){.name = {link, link}};
    enum cau_err err = doc == 0 ? CAU_ERR_UNKNOWN : view_get(v, b->a, b->reader, doc, &r);
    if (err != CAU_OK && err != CAU_ERR_UNKNOWN)
        b->err = err;
    if (err != CAU_OK || r.redacted)
        return;
    out->id = r.id;
    for (size_t i = 0; i < b->langs; i++) {
        struct record_text t = record_title(r.kind, &r.payload, b->lang[i]);
        out->name[i] = t.text.p != NULL ? t.text : link;
        out->lang[i] = t.lang;
    }
}

/* The names of what a link means; the link itself when it is not here. */
struct bilingual_name bilingual_look_up(struct bilingual *b, struct str link)
{
    uint32_t at = table_get(&b->known, link, 0);
    if (at > 0)
        return b->named[at - 1];
    struct bilingual_name made;
    look_up(b, link, &made);
    if (b->names == b->names_room) {
        size_t room = b->names_room == 0 ? 64 : 2 * b->names_room;
        struct bilingual_name *more = arena_take(b->a, room * sizeof *more);
        if (more == NULL) {
            b->err = CAU_ERR_MEMORY;
            return made;
        }
        if (b->names > 0)
            memcpy(more, b->named, b->names * sizeof *more);
        b->named = more;
        b->names_room = room;
    }
    b->named[b->names++] = made;
    enum cau_err err = table_set(&b->known, link, (uint32_t)b->names);
    if (err != CAU_OK)
        b->err = err;
    return made;
}

/* Its name in each language; once when they are the same. */
void bilingual_link(struct bilingual *b, struct paper_text *to, struct str link)
{
    struct bilingual_name n = bilingual_look_up(b, link);
    for (size_t i = 0; i < b->langs; i++) {
        if (i > 0 && str_equal(n.name[i], n.name[0]))
            break;
        if (i > 0)
            bilingual_add(b, to, STR(" / "), b->lang[0]);
        struct paper_piece *x = bilingual_add(b, to, n.name[i], b->lang[i]);
        if (x != NULL && n.lang[i].len > 0)
            x->lang = n.lang[i];
    }
}
