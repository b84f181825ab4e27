/* Which files a source of the manifest means. */
#include "base/file.h"
#include "base/table.h"
#include "exchange/lexicon/lexicon_make_int.h"
#include "exchange/lexicon/pairs_int.h"

#include <glob.h>
#include <string.h>

#define PLACE "{lang}"

struct finding {
    struct arena *a;
    const char *dir;
    const struct manifest_source *s;
    struct lexicon_files *v;
    size_t n;
    struct table by_rest; /* what follows {lang} -> files that belong together */
};

static enum cau_err copy(struct arena *a, const char *path, const char **out)
{
    struct str kept;
    enum cau_err err = arena_copy(a, str_of(path), &kept);
    if (err == CAU_OK)
        *out = kept.p;
    return err;
}

/* A new group; its paths are to be added. */
static enum cau_err add(struct finding *f, struct lexicon_files **out)
{
    if (f->n == LEXICON_MAKE_FILES_MAX)
        return CAU_ERR_RANGE;
    *out = &f->v[f->n++];
    **out = (struct lexicon_files){.n = 0};
    return CAU_OK;
}

static enum cau_err put(struct finding *f, struct lexicon_files *group, enum token_group lang,
                        const char *path)
{
    must(group->n < PAIRS_PARTS_MAX);
    group->lang[group->n] = lang;
    return copy(f->a, path, &group->path[group->n++]);
}

/* The index of a dictionary in dictd's or StarDict's form stands beside it. */
static enum cau_err add_index(struct finding *f, struct lexicon_files *group)
{
    static const char *const end[] = {".index", ".idx", ".idx.gz"};
    struct str path = str_of(group->path[0]);
    if (str_ends(path, STR(".dz")))
        path.len -= 3;
    if (!str_ends(path, STR(".dict")))
        return CAU_OK;
    path.len -= 5;
    for (size_t i = 0; i < countof(end) && group->n == 1; i++) {
        struct buf name = buf_new(4096);
        buf_add(&name, path);
        buf_add_word(&name, end[i]);
        buf_add_char(&name, 0);
        enum cau_err err = name.failed           ? CAU_ERR_IO
                           : file_exists(name.p) ? put(f, group, f->s->lang[1], name.p)
                                                 : CAU_OK;
        buf_free(&name);
        if (err != CAU_OK)
            return err;
    }
    return CAU_OK;
}

static bool is_dictionary(enum pairs_reader r)
{
    return r >= PAIRS_OVDP && r <= PAIRS_DICTIONARY;
}

/* True when each file stands for itself: its languages are in it. */
static bool stands_alone(enum pairs_reader r)
{
    return r == PAIRS_TSV || r == PAIRS_TMX || r == PAIRS_TBX || r == PAIRS_SKOS ||
           is_dictionary(r);
}

static enum cau_err add_alone(struct finding *f, const char *path)
{
    struct lexicon_files *group;
    enum cau_err err = add(f, &group);
    if (err == CAU_OK)
        err = put(f, group, f->s->lang[0], path);
    if (err == CAU_OK && is_dictionary(f->s->reader))
        err = add_index(f, group);
    return err;
}

/* A file of one language: it belongs to those whose path is the same but for the language. */
static enum cau_err add_of_lang(struct finding *f, size_t head, const char *code,
                                enum token_group lang, const char *path)
{
    struct str rest = str_from(str_of(path), head + strlen(code));
    struct lexicon_files *group;
    uint32_t at;
    bool added;
    if (rest.len == 0)
        rest = STR("/");
    if (f->n == LEXICON_MAKE_FILES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = table_intern(&f->by_rest, rest, (uint32_t)f->n, &at, &added);
    if (err == CAU_OK && added)
        err = add(f, &group);
    for (size_t i = 0; err == CAU_OK && i < f->v[at].n; i++)
        if (f->v[at].lang[i] == lang) /* named by two lines, or both en and en-US */
            return CAU_OK;
    return err == CAU_OK ? put(f, &f->v[at], lang, path) : err;
}

/* Calls for each path of a pattern. */
static enum cau_err each(struct finding *f, const char *pattern, size_t head, const char *code,
                         enum token_group lang)
{
    glob_t found;
    enum cau_err err = CAU_OK;
    int status = glob(pattern, 0, NULL, &found);
    if (status == GLOB_NOMATCH)
        return CAU_OK;
    if (status != 0)
        return status == GLOB_NOSPACE ? CAU_ERR_MEMORY : CAU_ERR_IO;
    for (size_t i = 0; i < found.gl_pathc && err == CAU_OK; i++)
        err = code == NULL ? add_alone(f, found.gl_pathv[i])
                           : add_of_lang(f, head, code, lang, found.gl_pathv[i]);
    globfree(&found);
    return err;
}

/* dir and a line of the manifest as a pattern, {lang} filled; *head is where the language stands. */
static enum cau_err make_pattern(struct finding *f, struct str line, const char *code,
                                 const char **out, size_t *head)
{
    struct buf b = buf_new(4096);
    if (line.p[0] != '/') {
        buf_add_word(&b, f->dir);
        buf_add_char(&b, '/');
    }
    *head = b.len;
    for (size_t i = 0; i < line.len;) {
        if (code != NULL && str_starts(str_from(line, i), STR(PLACE))) {
            *head = b.len;
            buf_add_word(&b, code);
            i += sizeof PLACE - 1;
        } else {
            buf_add_char(&b, line.p[i++]);
        }
    }
    buf_add_char(&b, 0);
    enum cau_err err = b.failed ? CAU_ERR_IO : copy(f->a, b.p, out);
    buf_free(&b);
    return err;
}

static bool has_place(struct str line)
{
    return pairs_find(line, 0, PLACE) < line.len;
}

/* The files of each language; English ones may be called en or en-US. */
static enum cau_err find_of_langs(struct finding *f, struct str line)
{
    static const char *const code[][2] = {{"vi", NULL}, {"ru", NULL}, {"en", "en-US"}};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < f->s->lang_count && err == CAU_OK; i++) {
        enum token_group lang = f->s->lang[i];
        for (size_t k = 0; k < 2 && code[lang][k] != NULL && err == CAU_OK; k++) {
            const char *pattern;
            size_t head;
            err = make_pattern(f, line, code[lang][k], &pattern, &head);
            if (err == CAU_OK)
                err = each(f, pattern, head, code[lang][k], lang);
        }
    }
    return err;
}

/* The lines name one file for each language. */
static enum cau_err find_in_step(struct finding *f)
{
    struct lexicon_files *group = f->v;
    enum cau_err err = add(f, &group);
    for (size_t i = 0; i < f->s->file_count && i < f->s->lang_count && err == CAU_OK; i++) {
        const char *path;
        size_t head;
        err = make_pattern(f, f->s->file[i], NULL, &path, &head);
        if (err == CAU_OK && file_exists(path))
            err = put(f, group, f->s->lang[i], path);
    }
    if (group->n == 0)
        f->n--;
    return err;
}

enum cau_err lexicon_files_find(struct arena *a, const char *dir,
                                const struct manifest_source *s, struct lexicon_files **out,
                                size_t *n)
{
    struct finding f = {a, dir, s, NULL, 0, table_new()};
    f.v = arena_take(a, LEXICON_MAKE_FILES_MAX * sizeof *f.v);
    enum cau_err err = f.v == NULL ? CAU_ERR_MEMORY : CAU_OK;
    bool placed = has_place(s->file[0]);
    if (err == CAU_OK && !placed && !stands_alone(s->reader))
        err = find_in_step(&f);
    for (size_t i = 0;
         i < s->file_count && err == CAU_OK && (placed || stands_alone(s->reader)); i++) {
        const char *pattern;
        size_t head;
        if (has_place(s->file[i])) {
            err = find_of_langs(&f, s->file[i]);
        } else {
            err = make_pattern(&f, s->file[i], NULL, &pattern, &head);
            if (err == CAU_OK)
                err = each(&f, pattern, head, NULL, TOKEN_OTHER);
        }
    }
    table_free(&f.by_rest);
    *out = f.v;
    *n = f.n;
    return err;
}
