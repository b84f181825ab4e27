/* pairs_int.h - what the readers of pairs share. */
#ifndef CAU_EXCHANGE_PAIRS_INT_H
#define CAU_EXCHANGE_PAIRS_INT_H

#include "exchange/lexicon/pairs.h"

/* A reading on its way. */
struct pairs_run {
    const struct pairs_input *in;
    const struct pairs_sink *sink;
    struct arena *a; /* of the whole reading */
    struct arena nfc;
    struct buf clean[2], text;
    struct pairs_fault fault;
    uint64_t entries, bytes; /* bytes: of entries that an index points to */
};

/* Notes what is wrong, and where. Returns SYNTAX, or RANGE for what is over a limit. */
enum cau_err pairs_fail(struct pairs_run *r, enum pairs_why why, size_t part, uint64_t line);
/* Counts an entry. Errors: RANGE. */
enum cau_err pairs_count(struct pairs_run *r, size_t part, uint64_t line);
/* Hands a pair over as it is, or both sides cleaned as messages. Errors: MEMORY, those of the sink. */
enum cau_err pairs_put(struct pairs_run *r, enum token_group x_lang, struct str x,
                       enum token_group y_lang, struct str y);
enum cau_err pairs_put_messages(struct pairs_run *r, enum token_group x_lang, struct str x,
                                enum token_group y_lang, struct str y);
/* The same for every two of the texts given, by token_group; empty ones are not there. */
enum cau_err pairs_put_row(struct pairs_run *r, const struct str text[3]);
/* The next line of *rest, without its end and without byte order marks at its ends; counts *line. Errors: RANGE. */
enum cau_err pairs_line(struct pairs_run *r, size_t part, struct str *rest, uint64_t *line,
                        struct str *out);

/* The first place of word in text from byte at on; text.len when there is none. */
size_t pairs_find(struct str text, size_t at, const char *word);

/* Texts of one file with what names them, in order. */
struct pairs_messages {
    struct pairs_message {
        struct str id, text; /* in the arena or the file */
    } * v;
    size_t n, cap;
};
/* Passed over when one of them is empty. Errors: MEMORY. */
enum cau_err pairs_add(struct pairs_run *r, struct pairs_messages *m, struct str id,
                       struct str text);
/* Hands over the texts of one id in every two parts, as messages. What is the same as in the English part was not
 * translated. Errors: MEMORY, those of the sink. */
enum cau_err pairs_join(struct pairs_run *r, const struct pairs_messages m[PAIRS_PARTS_MAX]);

enum cau_err pairs_table(struct pairs_run *r);
enum cau_err pairs_lines(struct pairs_run *r);
enum cau_err pairs_keyed(struct pairs_run *r);
enum cau_err pairs_dictionary(struct pairs_run *r);
/* One entry of a dictionary: its head and its body (pairs_entry.c). Errors: MEMORY, those of the sink. */
enum cau_err pairs_entry(struct pairs_run *r, struct str head, struct str body);
enum cau_err pairs_catalogue(struct pairs_run *r);
enum cau_err pairs_xml(struct pairs_run *r);
enum cau_err pairs_help(struct pairs_run *r);

#endif
