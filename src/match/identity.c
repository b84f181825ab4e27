#include "match/identity_int.h"

#include "base/number.h"
#include "base/sync.h"

#include <string.h>

enum { PRIOR_RECORDS_MIN = 4096 };

static const char *const band_name[IDENTITY_BANDS] = {"different", "review", "same"};

const char *identity_band_name(enum identity_band band)
{
    return band_name[band];
}

/* ---- the set ---- */

enum cau_err identity_open(const struct vocabulary *v, bool persons, struct identity **out)
{
    struct buf own = buf_new(sizeof(struct identity));
    buf_add_zeros(&own, sizeof(struct identity));
    struct name_reader *reader = NULL;
    enum cau_err err =
        own.failed ? CAU_ERR_MEMORY : name_reader_open(persons ? NULL : v, &reader);
    if (err != CAU_OK) {
        buf_free(&own);
        return err;
    }
    struct identity *s = (void *)buf_release(&own);
    size_t most = (size_t)8 << 30;
    *s = (struct identity){.v = persons ? NULL : v,
                           .persons = persons,
                           .reader = reader,
                           .terms = table_new(),
                           .domains = table_new(),
                           .cities = table_new(),
                           .city = buf_new(most),
                           .text = buf_new_large(most),
                           .term = buf_new_large(most),
                           .unit = buf_new_large(most),
                           .name = buf_new_large(most),
                           .record = buf_new_large(most),
                           .pointer = buf_new_large(most),
                           .weighed = buf_new_large(most),
                           .likes = buf_new_large(most),
                           .view = buf_new_large(most),
                           .hash = buf_new_large(most),
                           .block = buf_new_large(most),
                           .posting = buf_new_large(most),
                           .table = weigh_default()};
    *out = s;
    return CAU_OK;
}

void identity_close(struct identity *s)
{
    if (s == NULL)
        return;
    struct buf *buf[] = {&s->city, &s->text,  &s->weighed, &s->likes, &s->term,
                         &s->unit, &s->name,  &s->record,  &s->hash,  &s->pointer,
                         &s->view, &s->block, &s->posting};
    for (size_t i = 0; i < countof(buf); i++)
        buf_free(buf[i]);
    table_free(&s->terms);
    table_free(&s->domains);
    table_free(&s->cities);
    name_reader_close(s->reader);
    buf_drop(s);
}

size_t identity_count(const struct identity *s)
{
    return s->record.len / sizeof(struct identity_record);
}

size_t identity_unit_key(const struct name_unit *u, char *out)
{
    if (u->meaning.id != 0) {
        out[0] = '#';
        out[1] = (char)(u->meaning.id & 0xff);
        out[2] = (char)(u->meaning.id >> 8);
        return 3;
    }
    memcpy(out, u->form, u->len);
    return u->len;
}

/* Keeps a name's text: it is read when all are there. */
static enum cau_err add_name(struct identity *s, struct str text, size_t place, uint32_t record)
{
    struct str kept = str_to(text, text.len < NAME_BYTES_MAX ? text.len : NAME_BYTES_MAX);
    struct identity_name n = {.record = record,
                              .text_at = s->text.len,
                              .text_len = (uint16_t)kept.len,
                              .place = (uint8_t)place};
    buf_add(&s->text, kept);
    buf_add(&s->name, (struct str){(const char *)&n, sizeof n});
    return s->name.failed || s->text.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* A city by its first meaning, else by the sound of its first word. */
static uint64_t city_hash(struct name_reader *reader, struct str text)
{
    struct name name;
    char key[NAME_FORM_MAX + 8];
    name_read(reader, text, &name);
    for (size_t i = 0; i < name.n; i++)
        if (name.unit[i].meaning.part == VOCABULARY_PLACE)
            return str_hash((struct str){key, identity_unit_key(&name.unit[i], key)});
    for (size_t i = 0; i < name.n; i++) {
        char sound[SKELETON_BYTES_MAX];
        const struct skeleton *root = &name.unit[i].sound;
        if (root->len > 0)
            return str_hash((struct str){sound, skeleton_key(root, sound)});
    }
    return name.n == 0 ? 0 : str_hash((struct str){key, identity_unit_key(&name.unit[0], key)});
}

/* The same, read once for all records that have it. */
static enum cau_err city_of_set(struct identity *s, struct str text, uint64_t *out)
{
    struct str key = str_to(text, text.len < NAME_BYTES_MAX ? text.len : NAME_BYTES_MAX);
    uint32_t at = 0, fresh = (uint32_t)(s->city.len / sizeof *out);
    bool added = false;
    enum cau_err err =
        key.len == 0 ? CAU_OK : table_intern(&s->cities, key, fresh, &at, &added);
    *out = 0;
    if (err != CAU_OK || key.len == 0)
        return err;
    if (added) {
        uint64_t hash = city_hash(s->reader, key);
        buf_add(&s->city, (struct str){(const char *)&hash, sizeof hash});
    }
    if (s->city.failed)
        return CAU_ERR_MEMORY;
    memcpy(out, s->city.p + at * sizeof *out, sizeof *out);
    return CAU_OK;
}

static uint16_t country_of(struct str code)
{
    if (code.len != 2)
        return 0;
    unsigned letters = (unsigned)(unsigned char)code.p[0] << 8 | (unsigned char)code.p[1];
    return (uint16_t)letters;
}

static uint64_t pair_hash(struct str x, struct str y)
{
    return str_hash(x) * 0x9e3779b97f4a7c15u ^ str_hash(y);
}

static const uint64_t *hashes_of(struct arena *a, const struct str *v, size_t n,
                                 uint16_t *count)
{
    uint64_t *out = arena_take(a, (n + 1) * sizeof *out);
    for (size_t i = 0; out != NULL && i < n; i++)
        out[i] = str_hash(v[i]);
    *count = (uint16_t)n;
    return out;
}

/* f without names; its cities are to be filled in. */
static enum cau_err facts_view(const struct identity *s, struct arena *a,
                               const struct identity_facts *f, uint64_t **city,
                               struct identity_view *out)
{
    struct identity_view x = {.country = country_of(f->country),
                              .home = s->v == NULL ? 0 : vocabulary_group(s->v, f->country),
                              .year = f->year};
    uint64_t *identifier = arena_take(a, (f->identifiers + 1) * sizeof *identifier);
    *city = arena_zero(a, (f->cities + 1) * sizeof **city);
    for (size_t i = 0; identifier != NULL && i < f->identifiers; i++)
        identifier[i] = pair_hash(f->scheme[i], f->identifier[i]);
    x.city = *city;
    x.cities = (uint16_t)f->cities;
    x.identifier = identifier;
    x.scheme = hashes_of(a, f->scheme, f->identifiers, &x.identifiers);
    x.domain = hashes_of(a, f->domain, f->domains, &x.domains);
    x.type = hashes_of(a, f->type, f->types, &x.types);
    if (*city == NULL || identifier == NULL || x.scheme == NULL || x.domain == NULL ||
        x.type == NULL)
        return CAU_ERR_MEMORY;
    *out = x;
    return CAU_OK;
}

enum cau_err identity_facts_view(const struct identity *s, struct name_reader *reader,
                                 struct arena *a, const struct identity_facts *f,
                                 struct identity_view *out)
{
    uint64_t *city;
    enum cau_err err = facts_view(s, a, f, &city, out);
    for (size_t i = 0; err == CAU_OK && i < f->cities; i++)
        city[i] = city_hash(reader, f->city[i]);
    return err;
}

static struct identity_list add_list(struct identity *s, const uint64_t *v, uint16_t n)
{
    struct identity_list list = {(uint32_t)(s->hash.len / sizeof *v), n};
    buf_add(&s->hash, (struct str){(const char *)v, n * sizeof *v});
    return list;
}

static enum cau_err count_domains(struct identity *s, const struct identity_view *x)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < x->domains && err == CAU_OK; i++) {
        struct str key = {(const char *)&x->domain[i], sizeof x->domain[i]};
        err = table_set(&s->domains, key, table_get(&s->domains, key, 0) + 1);
    }
    return err;
}

enum cau_err identity_add(struct identity *s, const struct identity_facts *f)
{
    enum { LISTS_BYTES = 16384 };
    _Alignas(16) unsigned char space[LISTS_BYTES];
    struct arena a = {space, sizeof space, 0};
    struct identity_view x;
    size_t n = identity_count(s);
    if (n >= IDENTITY_RECORDS_MAX)
        return CAU_ERR_RANGE;
    uint64_t *city;
    enum cau_err err = facts_view(s, &a, f, &city, &x);
    for (size_t i = 0; i < f->cities && err == CAU_OK; i++)
        err = city_of_set(s, f->city[i], &city[i]);
    if (err != CAU_OK)
        return err;
    struct identity_record r = {.doc = f->doc,
                                .name_at =
                                    (uint32_t)(s->name.len / sizeof(struct identity_name)),
                                .names = (uint16_t)f->names,
                                .country = x.country,
                                .home = x.home,
                                .year = x.year,
                                .city = add_list(s, x.city, x.cities),
                                .scheme = add_list(s, x.scheme, x.identifiers),
                                .identifier = add_list(s, x.identifier, x.identifiers),
                                .domain = add_list(s, x.domain, x.domains),
                                .type = add_list(s, x.type, x.types)};
    for (size_t i = 0; i < f->names && err == CAU_OK; i++)
        err = add_name(s, f->name[i], i, (uint32_t)n);
    if (err == CAU_OK)
        err = count_domains(s, &x);
    buf_add(&s->record, (struct str){(const char *)&r, sizeof r});
    return s->hash.failed || s->record.failed ? CAU_ERR_MEMORY : err;
}

/* What a unit that count of the set's records have says when two names share it: log2 of how rare it is. A small set
 * does not know how common a word is; the part the lists give it stands in. */
int32_t identity_weight(const struct identity *s, enum vocabulary_part part, uint32_t count)
{
    static const uint32_t assumed[VOCABULARY_PARTS] = {
        [VOCABULARY_UNKNOWN] = 3, [VOCABULARY_TYPE] = 500, [VOCABULARY_COMMON] = 700,
        [VOCABULARY_WORD] = 60,   [VOCABULARY_PLACE] = 40, [VOCABULARY_COUNTRY] = 300};
    size_t n = identity_count(s) + PRIOR_RECORDS_MIN;
    uint64_t had = (uint64_t)count + assumed[part];
    int32_t w = weigh_log2((uint64_t)n * 16 / (had < n ? had : n)) - 400;
    return w < 50 ? 50 : w > 1400 ? 1400 : w;
}

/* n units from unit on, as a name; pointer are all units' terms. */
static struct identity_view_name
view_units(const struct identity *s, const struct identity_name *name, size_t unit, uint8_t n)
{
    const struct identity_term *const *pointer = (const void *)s->pointer.p;
    const uint32_t *units = (const void *)s->unit.p;
    struct identity_view_name out = {.term = pointer + unit,
                                     .n = n,
                                     .place = name->place,
                                     .script = name->script,
                                     .is_acronym = name->is_acronym,
                                     .acronym = name->acronym};
    for (size_t i = 0; i < n; i++) {
        out.optional |= (units[unit + i] & 1) << i;
        out.terms |= (uint64_t)1 << units[unit + i] / 2 % 64;
    }
    return out;
}

static bool is_number(const struct name_unit *u)
{
    return u->meaning.id == 0 && u->len > 0 && u->form[0] >= '0' && u->form[0] <= '9';
}

static int16_t part_of(int32_t weight, int32_t permille)
{
    return (int16_t)(weight * permille / 1000);
}

static void weigh_unit(const struct identity_term *t, bool optional, uint16_t home,
                       struct identity_unit *out)
{
    static const int32_t permille[VOCABULARY_PARTS] = {
        [VOCABULARY_UNKNOWN] = 1000, [VOCABULARY_TYPE] = 600,  [VOCABULARY_COMMON] = 350,
        [VOCABULARY_WORD] = 1000,    [VOCABULARY_PLACE] = 600, [VOCABULARY_COUNTRY] = 1000};
    const struct vocabulary_meaning *m = &t->unit.meaning;
    bool country = m->part == VOCABULARY_COUNTRY;
    int16_t least = part_of(t->weight, IDENTITY_OPTIONAL_PERMILLE);
    int16_t most = optional ? least : part_of(t->weight, permille[m->part]);
    *out = (struct identity_unit){.weight = (int16_t)t->weight,
                                  .cost = country && m->group == 0 ? least : most,
                                  .home = country && m->group == home ? least : most,
                                  .group = m->group};
}

void identity_weigh_units(struct identity_view_name *name, uint16_t home,
                          struct identity_unit *unit, struct identity_likes *likes)
{
    name->unit = unit;
    name->likes = likes;
    for (size_t i = 0; i < name->n; i++) {
        const struct identity_term *t = name->term[i];
        const struct vocabulary_meaning *m = &t->unit.meaning;
        struct name_glance g = name_glance_of(&t->unit);
        bool sounds = g.sound_len > 0 || g.rooted, word = m->id == 0 && sounds;
        uint32_t bit = 1u << i;
        weigh_unit(t, (name->optional & bit) != 0, home, &unit[i]);
        likes[i] = (struct identity_likes){.glance = g,
                                           .id = m->id,
                                           .group = m->group,
                                           .may_mean = t->unit.may_mean,
                                           .part = (uint8_t)m->part};
        name->groups |= identity_bit(m->group);
        name->ids |= identity_bit(m->id);
        name->means |= identity_bit(t->unit.may_mean);
        name->grouped |= m->group != 0 ? bit : 0;
        name->places |= m->id != 0 && sounds ? bit : 0;
        name->words |= word ? bit : 0;
        name->longs |= word && g.len >= NAME_TYPO_BYTES_MIN ? bit : 0;
        name->cyrillic |= word && g.cyrillic ? bit : 0;
        name->numbers |= is_number(&t->unit) ? bit : 0;
    }
}

/* ---- what is made of the names ---- */

enum { TASK_TERMS = 1024, TASK_NAMES = 256 };

/* Weights are known when all names have been read. */
static void weigh_terms(void *ctx, size_t task)
{
    struct identity *s = ctx;
    struct identity_term *t = (void *)s->term.p;
    size_t n = s->term.len / sizeof *t, from = task * TASK_TERMS;
    for (size_t i = from; i < n && i < from + TASK_TERMS; i++) {
        t[i].weight = identity_weight(s, t[i].unit.meaning.part, t[i].count);
        identity_hash_term(&t[i]);
    }
}

struct viewing {
    struct identity *s;
    size_t *apart; /* of each task: names taken apart before it */
};

static void view_task(void *ctx, size_t task)
{
    const struct viewing *v = ctx;
    const struct identity *s = v->s;
    const struct identity_name *name = (const void *)s->name.p;
    const uint32_t *unit = (const void *)s->unit.p;
    const struct identity_term **pointer = (void *)s->pointer.p;
    struct identity_view_name *view = (void *)s->view.p;
    struct identity_unit *weighed = (void *)s->weighed.p;
    struct identity_likes *likes = (void *)s->likes.p;
    size_t names = s->name.len / sizeof *name, from = task * TASK_NAMES;
    struct identity_view_name *other = view + names + v->apart[task];
    for (size_t i = from; i < names && i < from + TASK_NAMES; i++) {
        uint16_t home = identity_record_at(s, name[i].record)->home;
        size_t at = name[i].at, behind = at + name[i].n, end = behind + name[i].apart;
        for (size_t k = at; k < end; k++)
            pointer[k] = identity_term_at(s, unit[k] / 2);
        view[i] = view_units(s, &name[i], at, name[i].n);
        identity_weigh_units(&view[i], home, weighed + at, likes + at);
        if (name[i].apart > 0) {
            *other = view_units(s, &name[i], behind, name[i].apart);
            identity_weigh_units(other, home, weighed + behind, likes + behind);
            view[i].apart = other++;
        }
        for (size_t k = at; k < end; k++)
            weighed[k].term = unit[k] / 2;
    }
}

/* Once no term moves any more. */
static enum cau_err make_views(struct identity *s)
{
    const struct identity_name *name = (const void *)s->name.p;
    size_t units = s->unit.len / sizeof(uint32_t), names = s->name.len / sizeof *name;
    size_t tasks = (names + TASK_NAMES - 1) / TASK_NAMES, apart = 0;
    struct buf room = buf_new((size_t)1 << 30);
    struct viewing v = {.s = s, .apart = (void *)buf_extend(&room, (tasks + 1) * sizeof apart)};
    if (v.apart == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < names; i++) {
        if (i % TASK_NAMES == 0)
            v.apart[i / TASK_NAMES] = apart;
        apart += name[i].apart > 0;
    }
    bool good =
        buf_extend(&s->pointer, (units + 1) * sizeof(struct identity_term *)) != NULL &&
        buf_extend(&s->view, (names + apart + 1) * sizeof(struct identity_view_name)) != NULL &&
        buf_extend(&s->weighed, (units + 1) * sizeof(struct identity_unit)) != NULL &&
        buf_extend(&s->likes, (units + 1) * sizeof(struct identity_likes)) != NULL;
    if (good)
        sync_share(view_task, &v, tasks);
    buf_free(&room);
    return good ? CAU_OK : CAU_ERR_MEMORY;
}

enum cau_err identity_ready(struct identity *s, bool pairs_only)
{
    enum cau_err err = identity_read_names(s);
    size_t n = identity_count(s), terms = s->term.len / sizeof(struct identity_term);
    if (err != CAU_OK)
        return err;
    sync_share(weigh_terms, s, (terms + TASK_TERMS - 1) / TASK_TERMS);
    s->prior = -weigh_log2(n > PRIOR_RECORDS_MIN ? n : PRIOR_RECORDS_MIN);
    s->pairs_only = pairs_only;
    table_free(&s->cities);
    buf_free(&s->city);
    err = make_views(s);
    return err == CAU_OK ? identity_make_blocks(s, pairs_only) : err;
}

struct identity_view identity_view_of(const struct identity *s, size_t record)
{
    const struct identity_record *r = identity_record_at(s, record);
    const struct identity_view_name *name = (const void *)s->view.p;
    return (struct identity_view){.name = name + r->name_at,
                                  .n = r->names,
                                  .country = r->country,
                                  .home = r->home,
                                  .year = r->year,
                                  .city = identity_hashes(s, r->city),
                                  .cities = r->city.n,
                                  .scheme = identity_hashes(s, r->scheme),
                                  .identifier = identity_hashes(s, r->identifier),
                                  .identifiers = r->identifier.n,
                                  .domain = identity_hashes(s, r->domain),
                                  .domains = r->domain.n,
                                  .type = identity_hashes(s, r->type),
                                  .types = r->type.n};
}

/* ---- facts of a payload ---- */

struct str identity_host_of(struct str url)
{
    struct str rest = url;
    for (size_t i = 0; i + 3 <= url.len; i++)
        if (memcmp(url.p + i, "://", 3) == 0) {
            rest = str_from(url, i + 3);
            break;
        }
    size_t n = 0;
    while (n < rest.len && memchr("/?#:", rest.p[n], 4) == NULL)
        n++;
    rest = str_to(rest, n);
    return str_starts(rest, STR("www.")) ? str_from(rest, 4) : rest;
}

uint32_t identity_year_of(struct str date)
{
    uint64_t year;
    return date.len >= 4 && number_read(str_to(date, 4), 9999, &year) == CAU_OK ? (uint32_t)year
                                                                                : 0;
}

static struct str text_of(const struct value *v)
{
    if (v->type == VALUE_STRING)
        return v->string;
    return v->type == VALUE_OBJECT ? value_get_str(v, "text") : (struct str){NULL, 0};
}

static void add_str(struct str *list, size_t *n, size_t max, struct str x)
{
    for (size_t i = 0; i < *n; i++)
        if (str_equal(list[i], x))
            return;
    if (x.len > 0 && *n < max)
        list[(*n)++] = x;
}

/* A text by language, of one value or a list each. */
static void add_texts(struct str *list, size_t *n, size_t max, const struct value *by_lang)
{
    for (uint32_t i = 0; by_lang != NULL && by_lang->type == VALUE_OBJECT && i < by_lang->n;
         i++) {
        const struct value *v = &by_lang->member[i].value;
        if (v->type != VALUE_ARRAY)
            add_str(list, n, max, text_of(v));
        for (uint32_t k = 0; v->type == VALUE_ARRAY && k < v->n; k++)
            add_str(list, n, max, text_of(&v->item[k]));
    }
}

static void add_hosts(struct identity_facts *out, const struct value *list)
{
    for (uint32_t i = 0; list != NULL && list->type == VALUE_ARRAY && i < list->n; i++)
        if (list->item[i].type == VALUE_STRING)
            add_str(out->domain, &out->domains, IDENTITY_VALUES_MAX,
                    identity_host_of(list->item[i].string));
}

static void add_identifiers(struct identity_facts *out, const struct value *ids)
{
    for (uint32_t i = 0; ids != NULL && ids->type == VALUE_OBJECT && i < ids->n; i++)
        if (ids->member[i].value.type == VALUE_STRING &&
            out->identifiers < IDENTITY_VALUES_MAX) {
            out->scheme[out->identifiers] = ids->member[i].key;
            out->identifier[out->identifiers++] = ids->member[i].value.string;
        }
}

void identity_facts_of(const struct kind *kind, uint32_t doc, const struct value *payload,
                       struct identity_facts *out)
{
    const struct value *types = value_get(payload, "types");
    memset(out, 0, sizeof *out);
    out->doc = doc;
    add_texts(out->name, &out->names, IDENTITY_NAMES_MAX,
              value_find(payload, kind->field[kind->title].name));
    out->country = value_get_str(payload, "country");
    add_texts(out->city, &out->cities, IDENTITY_VALUES_MAX, value_get(payload, "city"));
    add_identifiers(out, value_get(payload, "identifiers"));
    add_hosts(out, value_get(payload, "domains"));
    add_hosts(out, value_get(payload, "websites"));
    for (uint32_t i = 0; types != NULL && types->type == VALUE_ARRAY && i < types->n; i++)
        if (types->item[i].type == VALUE_STRING)
            add_str(out->type, &out->types, IDENTITY_VALUES_MAX, types->item[i].string);
    out->year = identity_year_of(value_get_str(payload, "established"));
}
