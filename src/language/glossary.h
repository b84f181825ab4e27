/* glossary.h - the project's glossary: concepts of science and technology, their terms in vi ru en, and how concepts
 * relate (design 0005). */
#ifndef CAU_LANGUAGE_GLOSSARY_H
#define CAU_LANGUAGE_GLOSSARY_H

#include "language/token.h"

#define GLOSSARY_CONCEPTS_MAX 65536
#define GLOSSARY_TERMS_MAX    12                 /* of one concept in one language */
#define GLOSSARY_RELATED_MAX  64                 /* named in one line */
#define GLOSSARY_BYTES_MAX    ((size_t)32 << 20) /* of all files */
#define GLOSSARY_LANGS        3                  /* TOKEN_VI, TOKEN_RU, TOKEN_EN */
#define GLOSSARY_NONE         UINT32_MAX

struct glossary;

/* A concept; its number is its place in the files, from 0. The bytes are those of the files. */
struct glossary_concept {
    struct str id, ford,
        grnti; /* ford as written: codes with commas between; grnti may be empty */
    const struct str *term[GLOSSARY_LANGS]; /* by token_group; the preferred one first */
    size_t term_count[GLOSSARY_LANGS];      /* 1..GLOSSARY_TERMS_MAX */
    uint32_t broader;                       /* GLOSSARY_NONE: there is none */
    const uint32_t *related;                /* ascending; both ways, whichever line says so */
    size_t related_count;
};

struct glossary_fault {
    size_t file; /* place in the list given */
    size_t line; /* from 1 */
};

/* Reads files of the form *.terms, which stay where they are until glossary_close. Errors: SYNTAX (not UTF-8, a line of
 * another shape, an id twice), UNKNOWN (an id is used and not defined), RANGE (over a limit above), each with *fault;
 * MEMORY. */
enum cau_err glossary_open(const struct str *file, size_t n, struct glossary **out,
                           struct glossary_fault *fault);
/* The one the program carries. Errors: MEMORY. */
enum cau_err glossary_open_own(struct glossary **out);
void glossary_close(struct glossary *g); /* NULL is allowed */

/* The terms of the next concept in a file of that form, as they stand there with ; between, for those who need no more of
 * it; *rest becomes what is left. False at the end. Nothing is checked: a line without the column is passed over. */
bool glossary_next_terms(struct str *rest, enum token_group lang, struct str *terms);

uint32_t glossary_count(const struct glossary *g); /* 0 for NULL */
const struct glossary_concept *glossary_concept(const struct glossary *g, uint32_t number);
uint32_t glossary_find(const struct glossary *g, struct str id); /* GLOSSARY_NONE */

/* Calls each for every two terms of a concept that are of two languages (vi-ru, vi-en, ru-en), the two preferred ones of
 * a pair of languages first, until it gives an error, which is returned. */
struct glossary_pair {
    enum token_group x_lang, y_lang;
    struct str x, y;
};
enum cau_err glossary_pairs(const struct glossary *g, uint32_t number,
                            enum cau_err (*each)(void *ctx, const struct glossary_pair *pair),
                            void *ctx);

#endif
