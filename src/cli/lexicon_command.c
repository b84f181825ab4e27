/* The lexicon of a node: making it, what it was made from, what it says of a term. */
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/words.h"
#include "cli/commands_int.h"
#include "exchange/lexicon/lexicon_make.h"
#include "language/analysis.h"
#include "language/guess.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEXICON_FILE  "lexicon.bin"
#define MANIFEST_FILE "lexicon.manifest"

/* file:line: reason. */
static void say_fault(const struct command_call *c, const char *id, struct str file,
                      uint64_t line, const char *why)
{
    char name[64];
    struct buf place = buf_new(8192);
    snprintf(name, sizeof name, "lexicon.why.%s", why);
    buf_add(&place, file);
    if (line > 0) {
        buf_add_char(&place, ':');
        buf_add_u64(&place, line);
    }
    const struct str slot[] = {buf_str(&place), words_find(c->lang, str_of(name))};
    command_say(c, id, slot, countof(slot));
    buf_free(&place);
}

static void show_step(void *ctx, uint64_t done, uint64_t all)
{
    command_progress(ctx, "cli.lexicon.progress", done, all);
}

static void show_passed(void *ctx, const struct lexicon_make_fault *f)
{
    say_fault(ctx, "cli.lexicon.passed", f->file, f->line, f->why);
}

/* The path as it is from anywhere. */
static enum cau_err whole_path(struct command_call *c, const char *path, struct str *out)
{
    char *full = realpath(path, NULL);
    if (full == NULL)
        return CAU_ERR_UNKNOWN;
    enum cau_err err = arena_copy(c->arena, str_of(full), out);
    buf_drop(full);
    return err;
}

/* The block of a manifest that --add asks for, behind what is there already. */
static enum cau_err add_source(struct command_call *c, struct str *manifest)
{
    const char *path = command_option(c, "add"), *lang = command_option(c, "lang");
    const char *reader = command_option(c, "reader"), *licence = command_option(c, "licence");
    struct str full, map;
    struct buf b = buf_new(MANIFEST_BYTES_MAX);
    enum cau_err err = whole_path(c, path, &full);
    if (err == CAU_OK)
        err = file_map(full.p, &map);
    if (err != CAU_OK)
        return err;
    struct digest hash = digest_of(map);
    char hex[DIGEST_HEX(32)];
    digest_to_hex(hash.b, sizeof hash.b, hex);
    file_unmap(map);
    struct str name = full;
    for (struct str rest = full; rest.len > 0;)
        name = str_next(&rest, '/');
    buf_add(&b, *manifest);
    buf_printf(&b, "\nsource %.*s\nfile %.*s\nreader %s\n", STR_ARG(name), STR_ARG(full),
               reader == NULL ? "tsv" : reader);
    if (lang != NULL) {
        buf_add_word(&b, "lang ");
        for (const char *p = lang; *p != 0; p++)
            buf_add_char(&b, *p == ',' ? ' ' : *p);
        buf_add_char(&b, '\n');
    }
    buf_printf(&b, "licence %s\nsha256 %.*s\n", licence == NULL ? "?" : licence,
               (int)sizeof hex, hex);
    err = b.failed ? CAU_ERR_RANGE : arena_copy(c->arena, buf_str(&b), manifest);
    buf_free(&b);
    return err;
}

/* The manifest's text: --manifest, else the node's own, else the one the program carries. *dir is
 * --data, else its folder. */
static enum cau_err read_manifest(struct command_call *c, const char *node_dir,
                                  const char **path, const char **dir, struct str *text)
{
    const char *given = command_option(c, "manifest");
    enum cau_err err = CAU_OK;
    *dir = node_dir;
    *path = given;
    if (given == NULL)
        err = file_path(c->arena, *dir, MANIFEST_FILE, path);
    if (err == CAU_OK)
        err = file_read(c->arena, *path, MANIFEST_BYTES_MAX, text);
    if (given == NULL && err == CAU_ERR_UNKNOWN) {
        *text = lexicon_make_manifest();
        return CAU_OK;
    }
    if (command_option(c, "data") != NULL) {
        *dir = command_option(c, "data");
    } else if (given != NULL && err == CAU_OK) {
        struct str full, folder;
        err = whole_path(c, given, &full);
        if (err != CAU_OK)
            return err;
        size_t n = full.len;
        while (n > 1 && full.p[n - 1] != '/')
            n--;
        err = arena_copy(c->arena, str_to(full, n), &folder);
        *dir = folder.p;
    }
    return err;
}

/* Makes it; the text of the manifest stays in the node's folder when a source was added. */
static enum command_exit make(struct command_call *c, struct node *n, const char *node_dir,
                              const char *file)
{
    const char *path, *dir;
    struct str text;
    struct manifest manifest;
    struct manifest_fault wrong;
    struct lexicon_make_fault fault = {.why = NULL};
    enum cau_err err = read_manifest(c, node_dir, &path, &dir, &text);
    if (err != CAU_OK)
        return command_error(c, err, path);
    bool adds = command_option(c, "add") != NULL;
    if (adds)
        err = add_source(c, &text);
    if (err != CAU_OK)
        return command_error(c, err, command_option(c, "add"));
    err = manifest_read(c->arena, text, &manifest, &wrong);
    if (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE) {
        say_fault(c, "cli.lexicon.refused", str_of(path), wrong.line,
                  manifest_why_name(wrong.why));
        return COMMAND_REFUSED;
    }
    const struct lexicon_make how = {.manifest = &manifest,
                                     .dir = dir,
                                     .node = n,
                                     .ctx = c,
                                     .step = show_step,
                                     .passed = show_passed};
    if (err == CAU_OK)
        err = lexicon_make(c->arena, &how, file, &fault);
    command_progress_end(c);
    if (err == CAU_ERR_REFUSED) {
        say_fault(c, "cli.lexicon.refused", fault.file.len > 0 ? fault.file : fault.source,
                  fault.line, fault.why);
        return COMMAND_REFUSED;
    }
    if (err == CAU_OK && adds) {
        err = file_path(c->arena, node_dir, MANIFEST_FILE, &path);
        if (err == CAU_OK)
            err = file_write(path, text, 0600);
    }
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, file);
}

/* The node's lexicon, mapped. */
static enum command_exit open_lexicon(struct command_call *c, const char *dir, struct str *map,
                                      struct lexicon **out)
{
    const char *path = dir;
    enum cau_err err = file_path(c->arena, dir, LEXICON_FILE, &path);
    if (err == CAU_OK)
        err = file_map(path, map);
    if (err == CAU_ERR_UNKNOWN) {
        struct str slot = str_of(path);
        command_say(c, "cli.lexicon.none", &slot, 1);
        return COMMAND_REFUSED;
    }
    if (err == CAU_OK) {
        err = lexicon_open(*map, out);
        if (err != CAU_OK)
            file_unmap(*map);
    }
    return err == CAU_OK ? COMMAND_DONE : command_error(c, err, path);
}

static uint64_t pairs_of(const struct lexicon *l)
{
    uint64_t n = 0;
    for (size_t i = 0; i < lexicon_sources(l); i++)
        n += lexicon_source(l, i).pairs;
    return n;
}

/* {0} pairs of {1} sources, {2} bytes, {3} seconds. */
static void say_made(struct command_call *c, const struct lexicon *l, size_t bytes,
                     int64_t seconds)
{
    struct buf b = buf_new(1000);
    struct str slot[4];
    size_t end[4];
    const int64_t value[] = {(int64_t)pairs_of(l), (int64_t)lexicon_sources(l), (int64_t)bytes,
                             seconds};
    for (size_t i = 0; i < countof(value); i++) {
        words_number(&b, c->lang, value[i]);
        end[i] = b.len;
    }
    for (size_t i = 0; i < countof(value); i++)
        slot[i] = str_from(str_to(buf_str(&b), end[i]), i == 0 ? 0 : end[i - 1]);
    command_say(c, "cli.lexicon.done", slot, countof(slot));
    buf_free(&b);
}

enum command_exit command_make_lexicon(struct command_call *c, struct node *n, const char *dir)
{
    int64_t from = clock_monotonic_us();
    const char *file;
    enum cau_err err = file_path(c->arena, dir, LEXICON_FILE, &file);
    if (err != CAU_OK)
        return command_error(c, err, dir);
    enum command_exit exit = make(c, n, dir, file);
    struct str map;
    struct lexicon *l;
    if (exit == COMMAND_DONE)
        exit = open_lexicon(c, dir, &map, &l);
    if (exit == COMMAND_DONE) {
        say_made(c, l, map.len, (clock_monotonic_us() - from + 500000) / 1000000);
        lexicon_close(l);
        file_unmap(map);
    }
    return exit;
}

/* A file that is not there, or that cannot be read, is the business of whoever needs it. */
void command_say_old_lexicon(struct command_call *c, const char *node_dir)
{
    const char *path, *dir;
    struct str text, map;
    struct manifest manifest;
    struct manifest_fault wrong;
    struct lexicon_make_fault changed = {.why = NULL};
    struct lexicon *l;
    if (file_path(c->arena, node_dir, LEXICON_FILE, &path) != CAU_OK ||
        file_map(path, &map) != CAU_OK)
        return;
    if (lexicon_open(map, &l) == CAU_OK) {
        enum cau_err err = read_manifest(c, node_dir, &path, &dir, &text);
        if (err == CAU_OK)
            err = manifest_read(c->arena, text, &manifest, &wrong);
        if (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE) {
            say_fault(c, "cli.check.manifest", str_of(path), wrong.line,
                      manifest_why_name(wrong.why));
        } else if (err == CAU_OK) {
            const struct lexicon_make how = {.manifest = &manifest, .dir = dir};
            err = lexicon_make_changed(c->arena, &how, l, &changed);
            if (err == CAU_OK && changed.why != NULL)
                say_fault(c, "cli.check.lexicon_old", changed.source, 0, changed.why);
        }
        lexicon_close(l);
    }
    file_unmap(map);
}

static enum command_exit build(struct command_call *c)
{
    enum command_exit exit;
    struct node *n = command_open(c, NODE_READ, &exit);
    if (n == NULL)
        return exit;
    exit = command_make_lexicon(c, n, command_node_dir(c));
    node_close(n);
    return exit;
}

static void set(struct command_call *c, struct value *to, const char *key, struct value v)
{
    must(value_set(c->arena, to, str_of(key), v) ==
         CAU_OK); /* the arena is as large as memory */
}

static void list_source(struct command_call *c, const struct lexicon_source *s)
{
    char hex[DIGEST_HEX(32)];
    digest_to_hex(s->hash.b, sizeof s->hash.b, hex);
    if (!command_flag(c, "json")) {
        printf("%.*s\t%" PRIu64 "\t%.*s\t%.*s\n", STR_ARG(s->name), s->pairs,
               STR_ARG(s->licence), (int)sizeof hex, hex);
        return;
    }
    struct value v = value_object();
    struct str kept;
    must(arena_copy(c->arena, (struct str){hex, sizeof hex}, &kept) == CAU_OK);
    set(c, &v, "source", value_string(s->name));
    set(c, &v, "licence", value_string(s->licence));
    set(c, &v, "pairs", value_integer((int64_t)s->pairs));
    set(c, &v, "sha256", value_string(kept));
    command_print_json(&v);
}

static enum command_exit list(struct command_call *c)
{
    struct str map;
    struct lexicon *l;
    enum command_exit exit = open_lexicon(c, command_node_dir(c), &map, &l);
    if (exit != COMMAND_DONE)
        return exit;
    for (size_t i = 0; i < lexicon_sources(l); i++) {
        struct lexicon_source s = lexicon_source(l, i);
        list_source(c, &s);
    }
    for (unsigned from = TOKEN_VI; from <= TOKEN_EN; from++)
        for (unsigned to = TOKEN_VI; to <= TOKEN_EN; to++) {
            size_t n = lexicon_terms(l, (enum token_group)from, (enum token_group)to);
            if (from == to)
                continue;
            if (!command_flag(c, "json")) {
                printf("%.2s-%.2s\t%zu\n", lang_code((enum lang)from).p,
                       lang_code((enum lang)to).p, n);
                continue;
            }
            struct value v = value_object();
            set(c, &v, "from", value_string(lang_code((enum lang)from)));
            set(c, &v, "to", value_string(lang_code((enum lang)to)));
            set(c, &v, "terms", value_integer((int64_t)n));
            command_print_json(&v);
        }
    lexicon_close(l);
    file_unmap(map);
    return COMMAND_DONE;
}

static void show_entry(struct command_call *c, const struct lexicon *l, struct str term,
                       unsigned from, unsigned to, const struct lexicon_entry *e)
{
    struct value names = value_array();
    struct buf line = buf_new(1 << 16);
    for (unsigned bit = 0; bit < lexicon_sources(l); bit++)
        if ((e->sources >> bit & 1) != 0) {
            struct str name = lexicon_source(l, bit).name;
            must(value_push(c->arena, &names, value_string(name)) == CAU_OK);
            buf_add(&line, names.n > 1 ? STR(", ") : STR(""));
            buf_add(&line, name);
        }
    if (command_flag(c, "json")) {
        struct value v = value_object();
        set(c, &v, "from", value_string(lang_code((enum lang)from)));
        set(c, &v, "term", value_string(term));
        set(c, &v, "to", value_string(lang_code((enum lang)to)));
        set(c, &v, "translation", value_string(e->term));
        set(c, &v, "y", value_integer(e->y));
        set(c, &v, "sources", names);
        command_print_json(&v);
    } else {
        printf("%.*s\t%.2s\t%.*s\t%.3f\t%.*s\n", STR_ARG(term), lang_code((enum lang)to).p,
               STR_ARG(e->term), e->y / 65535.0, STR_ARG(buf_str(&line)));
    }
    buf_free(&line);
}

static size_t show_term(struct command_call *c, const struct lexicon *l, unsigned from,
                        struct str term)
{
    struct lexicon_entry entry[LEXICON_KEPT_MAX];
    size_t shown = 0;
    for (unsigned to = TOKEN_VI; to <= TOKEN_EN; to++) {
        size_t n = lexicon_find(l, (enum token_group)from, (enum token_group)to, term, entry);
        for (size_t i = 0; i < n; i++)
            show_entry(c, l, term, from, to, &entry[i]);
        shown += n;
    }
    return shown;
}

/* The words of the command as terms; what stands for each of them. */
static enum cau_err show_terms(struct command_call *c, const struct lexicon *l, struct str text,
                               enum lang lang, size_t *shown)
{
    struct compound_list *compounds;
    struct stem *stem = NULL;
    struct analysis_term *term;
    struct str composed;
    size_t n;
    enum cau_err err = compound_open_own(&compounds);
    if (err != CAU_OK)
        return err;
    err = stem_open(&stem);
    if (err == CAU_OK)
        err = utf8_valid(text) ? utf8_nfc(c->arena, text, &composed) : CAU_ERR_SYNTAX;
    if (err == CAU_OK)
        err =
            analysis_of(c->arena, stem, compounds, (enum token_group)lang, composed, &term, &n);
    for (size_t i = 0; err == CAU_OK && i < n; i++)
        *shown += show_term(c, l, lang, term[i].term);
    stem_close(stem);
    compound_close(compounds);
    return err;
}

static enum command_exit show(struct command_call *c)
{
    struct buf text = buf_new(1 << 16);
    const char *given = command_option(c, "lang");
    enum lang lang;
    size_t shown = 0;
    for (size_t i = 1; i < c->word_count; i++) {
        buf_add_word(&text, i > 1 ? " " : "");
        buf_add_word(&text, c->word[i]);
    }
    if (given != NULL && !lang_read(str_of(given), &lang))
        return command_error(c, CAU_ERR_UNKNOWN, given);
    if (given == NULL)
        lang = utf8_valid(buf_str(&text)) ? guess_lang(buf_str(&text), c->lang) : c->lang;
    struct str map;
    struct lexicon *l;
    enum command_exit exit = open_lexicon(c, command_node_dir(c), &map, &l);
    if (exit == COMMAND_DONE) {
        enum cau_err err = show_terms(c, l, buf_str(&text), lang, &shown);
        if (err != CAU_OK)
            exit = command_error(c, err, "lexicon");
        lexicon_close(l);
        file_unmap(map);
    }
    if (exit == COMMAND_DONE && shown == 0) {
        struct str slot = buf_str(&text);
        command_say(c, "cli.lexicon.unknown", &slot, 1);
        exit = COMMAND_REFUSED;
    }
    buf_free(&text);
    return exit;
}

enum command_exit command_lexicon(struct command_call *c)
{
    const char *what = c->word[0];
    /* What is added goes into the node's own manifest, not into another. */
    bool mixed = command_option(c, "add") != NULL && command_option(c, "manifest") != NULL;
    if (strcmp(what, "build") == 0 && c->word_count == 1 && !mixed)
        return build(c);
    if (strcmp(what, "list") == 0 && c->word_count == 1)
        return list(c);
    if (strcmp(what, "show") == 0 && c->word_count > 1)
        return show(c);
    return COMMAND_USAGE;
}
