/* Tables of texts, one language a column; two files of lines; two files of keys and texts. */
#include "base/table.h"
#include "exchange/lexicon/pairs_int.h"

struct columns {
    enum token_group lang[PAIRS_COLUMNS_MAX]; /* TOKEN_OTHER: not of ours */
    size_t n;
};

/* Reads names of columns with cut between them; two of them must be languages, none twice. */
static bool read_names(struct str names, char cut, struct columns *out)
{
    unsigned seen = 0, langs = 0;
    out->n = 0;
    while (names.len > 0) {
        struct str name = str_trim(str_next(&names, cut));
        enum token_group lang = TOKEN_OTHER;
        if (out->n == PAIRS_COLUMNS_MAX)
            return false;
        if (name.len == 2)
            lang = token_group_of(name);
        if (lang != TOKEN_OTHER && (seen >> lang & 1) != 0)
            return false;
        seen |= lang != TOKEN_OTHER ? 1u << lang : 0;
        langs += lang != TOKEN_OTHER;
        out->lang[out->n++] = lang;
    }
    return langs >= 2;
}

static enum cau_err put_line(struct pairs_run *r, const struct columns *columns,
                             struct str line)
{
    struct str text[3] = {{NULL, 0}};
    for (size_t i = 0; i < columns->n && line.p != NULL; i++) {
        struct str cell = str_next(&line, '\t');
        if (columns->lang[i] != TOKEN_OTHER)
            text[columns->lang[i]] = cell;
    }
    return pairs_put_row(r, text);
}

enum cau_err pairs_table(struct pairs_run *r)
{
    struct str rest = r->in->text[0], line;
    struct columns columns;
    uint64_t number = 0;
    enum cau_err err = CAU_OK;
    if (r->in->columns.len > 0) {
        if (!read_names(r->in->columns, ' ', &columns))
            return pairs_fail(r, PAIRS_COLUMNS, 0, 0);
    } else {
        err = pairs_line(r, 0, &rest, &number, &line);
        if (err == CAU_OK && !read_names(line, '\t', &columns))
            err = pairs_fail(r, PAIRS_COLUMNS, 0, 1);
    }
    while (rest.len > 0 && err == CAU_OK) {
        err = pairs_line(r, 0, &rest, &number, &line);
        if (err == CAU_OK)
            err = pairs_count(r, 0, number);
        if (err == CAU_OK && line.len > 0)
            err = put_line(r, &columns, line);
    }
    return err;
}

enum cau_err pairs_lines(struct pairs_run *r)
{
    struct str rest[2] = {r->in->text[0], r->in->text[1]};
    uint64_t number[2] = {0, 0};
    enum cau_err err = CAU_OK;
    if (r->in->n != 2)
        return pairs_fail(r, PAIRS_SHAPE, 0, 0);
    while ((rest[0].len > 0 || rest[1].len > 0) && err == CAU_OK) {
        struct str line[2];
        for (size_t i = 0; i < 2 && err == CAU_OK; i++)
            err = rest[i].len == 0 ? pairs_fail(r, PAIRS_DAMAGED, i, number[i] + 1)
                                   : pairs_line(r, i, &rest[i], &number[i], &line[i]);
        if (err == CAU_OK)
            err = pairs_count(r, 0, number[0]);
        if (err == CAU_OK)
            err = pairs_put_messages(r, r->in->lang[0], line[0], r->in->lang[1], line[1]);
    }
    return err;
}

/* The key and the last column of each line. */
static enum cau_err read_keys(struct pairs_run *r, size_t part, struct pairs_messages *m)
{
    struct str rest = r->in->text[part], line;
    uint64_t number = 0;
    enum cau_err err = CAU_OK;
    while (rest.len > 0 && err == CAU_OK) {
        err = pairs_line(r, part, &rest, &number, &line);
        if (err == CAU_OK)
            err = pairs_count(r, part, number);
        if (err != CAU_OK || line.len == 0 || line.p[0] == '#')
            continue;
        struct str key = str_next(&line, '\t'), text = {NULL, 0};
        while (line.p != NULL)
            text = str_next(&line, '\t');
        err = text.p == NULL ? pairs_fail(r, PAIRS_SHAPE, part, number)
                             : pairs_add(r, m, key, text);
    }
    return err;
}

enum cau_err pairs_keyed(struct pairs_run *r)
{
    struct pairs_messages m[2] = {{NULL, 0, 0}};
    if (r->in->n != 2)
        return pairs_fail(r, PAIRS_SHAPE, 0, 0);
    enum cau_err err = read_keys(r, 0, &m[0]);
    if (err == CAU_OK)
        err = read_keys(r, 1, &m[1]);
    struct table first = table_new(); /* key -> 1 + its last line of the second file */
    uint32_t *before = arena_zero(r->a, (m[1].n + 1) * sizeof *before); /* the one before it */
    if (err == CAU_OK && before == NULL)
        err = CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < m[1].n && err == CAU_OK; i++) {
        before[i] = table_get(&first, m[1].v[i].id, 0);
        err = table_set(&first, m[1].v[i].id, i + 1);
    }
    for (size_t i = 0; i < m[0].n && err == CAU_OK; i++)
        for (uint32_t k = table_get(&first, m[0].v[i].id, 0); k > 0 && err == CAU_OK;
             k = before[k - 1]) {
            err = pairs_count(r, 0, 0);
            if (err == CAU_OK)
                err = pairs_put(r, r->in->lang[0], m[0].v[i].text, r->in->lang[1],
                                m[1].v[k - 1].text);
        }
    table_free(&first);
    return err;
}
