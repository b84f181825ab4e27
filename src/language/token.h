/* token.h - a text as words: where they stand, and their index form.
 *
 * A word is a longest run of letters, marks and digits; dashes and apostrophes end one, an ampersand joins short
 * abbreviations (R&D, P&ID). A number keeps its decimal point: 1,5 and 1.5 are one word. Forms that stand at the place
 * of a word but are not it carry a role: a second reading (1.000 as 1000, a word of two scripts as it was typed) is as
 * good as the word; a part (al of al2o3) or a joined form (ms21 of MS-21) makes texts findable and is no word of a
 * query. */
#ifndef CAU_LANGUAGE_TOKEN_H
#define CAU_LANGUAGE_TOKEN_H

#include "base/base.h"

#define TOKEN_POINTS_MAX 40 /* of one word; a longer run is cut into words of this length */
#define TOKEN_BYTES_MAX  (TOKEN_POINTS_MAX * 4)
#define TOKEN_PLAIN_MAX  64 /* bytes of a run that token_plain looks at */

/* Languages with rules of their own; a text of any other is TOKEN_OTHER. */
enum token_group { TOKEN_VI, TOKEN_RU, TOKEN_EN, TOKEN_OTHER, TOKEN_GROUPS };
enum token_group token_group_of(struct str lang); /* of a tag: "vi" "ru" "en" "de" "und" */

enum token_script { TOKEN_DIGITS, TOKEN_LATIN, TOKEN_CYRILLIC, TOKEN_SCRIPT_OTHER };
enum token_role { TOKEN_MAIN, TOKEN_READING, TOKEN_PART };

struct token {
    size_t at, len; /* in the text; of a joined form or part: of the run it came from */
    uint32_t place; /* of the word in the text, from 0; MAIN words count it up by one */
    enum token_role role;
    enum token_script
        script;  /* of its letters: Cyrillic when one of them is, else Latin when one is */
    bool number; /* has a digit */
    bool
        touches; /* only white space since the word before, or its dash: may be of one compound */
    struct str form; /* index form; lives until the next call */
};

struct token_extra {
    enum token_role role;
    enum token_script script;
    bool number;
    uint16_t len;
    char form[TOKEN_BYTES_MAX];
};

/* A walk through a text. Start with token_start, then token_next until it is false. */
struct token_walk {
    struct str text;
    size_t at, plain_until; /* digits before plain_until are words of their own */
    uint32_t place;
    bool touches; /* nothing but space so far since the last word */
    struct token last;
    char form[TOKEN_BYTES_MAX];
    char joined[TOKEN_BYTES_MAX]; /* of the words joined by dashes or apostrophes so far */
    size_t joined_len, joined_at, joined_points;
    bool joined_open, joined_number, joined_short;
    struct token_extra extra[6];
    unsigned extra_n, extra_given;
};

/* text is valid UTF-8 in NFC, and stays where it is while the walk lasts. */
void token_start(struct token_walk *w, struct str text);
bool token_next(struct token_walk *w, struct token *out);
/* Whether the bytes at w->at (where w then stands; what is between words is passed over) alone may decide what the next
 * call of token_next gives: *raw is then the whole run of a word's bytes, none before or behind it matters. The caller
 * who has seen that call give one word as long as raw and nothing after it (token_was_plain) may remember it by raw and
 * pass over the same bytes elsewhere. False: only token_next tells. */
bool token_plain(struct token_walk *w, struct str *raw);
/* After a token_next that followed token_plain and gave a word: was the run that word and nothing else? */
bool token_was_plain(const struct token_walk *w, struct str raw);
void token_pass(struct token_walk *w, struct str raw); /* instead of token_next */

/* Bare form of a word's form; false when it is the same (nothing written). *len <= form.len. */
bool token_bare(struct str form, char out[TOKEN_BYTES_MAX], size_t *len);

#endif
