#include "exchange/lexicon/manifest.h"

#include "base/number.h"
#include "base/utf8.h"

const char *manifest_why_name(enum manifest_why why)
{
    static const char *const name[MANIFEST_WHYS] = {
        "manifest_good",  "manifest_encoding", "manifest_size", "manifest_key",
        "manifest_value", "manifest_missing",  "manifest_many"};
    must((unsigned)why < MANIFEST_WHYS);
    return name[why];
}

static enum manifest_why read_languages(struct manifest_source *s, struct str value)
{
    unsigned seen = 0;
    if (s->lang_count > 0)
        return MANIFEST_VALUE;
    while (value.len > 0) {
        struct str code = str_next(&value, ' ');
        enum token_group lang = code.len == 2 ? token_group_of(code) : TOKEN_OTHER;
        if (lang == TOKEN_OTHER || (seen >> lang & 1) != 0)
            return MANIFEST_VALUE;
        seen |= 1u << lang;
        s->lang[s->lang_count++] = lang; /* three languages, none twice */
    }
    return s->lang_count > 0 ? MANIFEST_GOOD : MANIFEST_VALUE;
}

static bool read_reader(struct manifest_source *s, struct str value)
{
    if (s->weight != 0 || !pairs_reader_of(value, &s->reader))
        return false;
    s->weight = pairs_reader_weight(s->reader);
    return true;
}

static bool set_once(struct str *to, struct str value)
{
    bool fresh = to->len == 0;
    *to = value;
    return fresh && value.len > 0 && value.len <= MANIFEST_NAME_MAX;
}

static enum manifest_why read_key(struct manifest_source *s, struct str key, struct str value)
{
    uint64_t weight;
    bool good;
    if (str_is(key, "file")) {
        if (s->file_count == MANIFEST_FILES_MAX)
            return MANIFEST_MANY;
        s->file[s->file_count++] = value;
        good = value.len > 0;
    } else if (str_is(key, "reader")) {
        good = read_reader(s, value);
    } else if (str_is(key, "lang")) {
        return read_languages(s, value);
    } else if (str_is(key, "licence")) {
        good = set_once(&s->licence, value);
    } else if (str_is(key, "columns")) {
        good = set_once(&s->columns, value);
    } else if (str_is(key, "weight")) { /* behind reader, which sets what is usual */
        good = s->weight != 0 && number_read(value, MANIFEST_WEIGHT_MAX, &weight) == CAU_OK &&
               weight > 0;
        s->weight = good ? (unsigned)weight : 1;
    } else if (str_is(key, "sha256")) {
        good = !s->hashed && digest_from_hex(value, s->hash.b, sizeof s->hash.b) == CAU_OK;
        s->hashed = true;
    } else if (str_is(key, "optional")) {
        good = value.len == 0 && !s->optional;
        s->optional = true;
    } else {
        return MANIFEST_KEY;
    }
    return good ? MANIFEST_GOOD : MANIFEST_VALUE;
}

/* What its reader needs is there. */
static bool is_whole(const struct manifest_source *s)
{
    size_t langs;
    if (s->file_count == 0 || s->weight == 0 || s->licence.len == 0)
        return false;
    switch (s->reader) {
    case PAIRS_TSV:
    case PAIRS_TMX:
    case PAIRS_TBX:
    case PAIRS_SKOS:
        langs = 0;
        break;
    case PAIRS_PO:
    case PAIRS_MO:
        langs = 1;
        break;
    default:
        langs = 2;
    }
    return s->lang_count >= langs;
}

enum cau_err manifest_read(struct arena *a, struct str text, struct manifest *out,
                           struct manifest_fault *fault)
{
    struct manifest m = {arena_zero(a, MANIFEST_SOURCES_MAX * sizeof *m.source), 0};
    enum manifest_why why = text.len > MANIFEST_BYTES_MAX ? MANIFEST_SIZE
                            : utf8_valid(text)            ? MANIFEST_GOOD
                                                          : MANIFEST_ENCODING;
    uint32_t line = 0;
    if (m.source == NULL)
        return CAU_ERR_MEMORY;
    while (text.len > 0 && why == MANIFEST_GOOD) {
        struct str value = str_trim(str_next(&text, '\n'));
        line++;
        if (value.len == 0 || value.p[0] == '#')
            continue;
        struct str key = str_next(&value, ' ');
        struct manifest_source *last = m.n > 0 ? &m.source[m.n - 1] : NULL;
        value = str_trim(value);
        if (!str_is(key, "source")) {
            why = last == NULL ? MANIFEST_KEY : read_key(last, key, value);
        } else if (last != NULL && !is_whole(last)) {
            why = MANIFEST_MISSING;
            line = last->line;
        } else if (m.n == MANIFEST_SOURCES_MAX) {
            why = MANIFEST_MANY;
        } else {
            m.source[m.n].line = line;
            why = set_once(&m.source[m.n].name, value) ? MANIFEST_GOOD : MANIFEST_VALUE;
            m.n++;
        }
    }
    if (why == MANIFEST_GOOD && m.n > 0 && !is_whole(&m.source[m.n - 1])) {
        why = MANIFEST_MISSING;
        line = m.source[m.n - 1].line;
    }
    if (why != MANIFEST_GOOD) {
        *fault = (struct manifest_fault){why, line};
        return why == MANIFEST_SIZE || why == MANIFEST_MANY ? CAU_ERR_RANGE : CAU_ERR_SYNTAX;
    }
    *out = m;
    return CAU_OK;
}
