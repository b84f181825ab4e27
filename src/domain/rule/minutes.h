/* minutes.h - the texts that a record keeps in each language with their hash: minutes of a session, texts of an agreement.
 *
 * The record holds the language, the SHA-256 of the file and (minutes only) its text; the file itself is kept beside
 * the ledger (store/attachment.h), so that another node has the record and perhaps not the file:
 * docs/design/0017-minutes.md. */
#ifndef CAU_DOMAIN_MINUTES_H
#define CAU_DOMAIN_MINUTES_H

#include "domain/rule/register.h"
#include "store/attachment.h"

#define MINUTES_LISTED_MAX 20 /* rows of one record: `most` of the fields */

/* The rows of a record that refer to files, by its kind. */
struct str minutes_field(const struct kind *kind); /* "minutes", "texts"; empty: none */

enum minutes_media { MINUTES_TYPED, MINUTES_DOCX, MINUTES_PDF, MINUTES_MEDIA };
struct str minutes_media_type(enum minutes_media media); /* "text/plain; charset=utf-8", ... */
const char *minutes_suffix(enum minutes_media media);    /* "txt", "docx", "pdf" */
/* The medium of a type that a file was kept with; false: none of ours. */
bool minutes_read_media(struct str type, enum minutes_media *out);

struct minutes_given {
    const struct digest *after; /* the version the form was made from; NULL: the newest */
    struct str lang;            /* a code of list language */
    struct str text;            /* may be empty when there is a file; a line a paragraph */
    struct str file;            /* its bytes; empty: the text as it was typed is the file */
    enum minutes_media media;   /* of the file */
    struct str signed_on;       /* a date of any precision, or empty */
};
/* Keeps the file and puts its hash (and text) into the record, in place of what it had in that language: both or
 * neither. GONE: no record, or of no such kind; SAME: it has this text and file already; PROBLEMS: places "language",
 * "text", "file", "signed" (of the form, not of the record), or those of the record. */
enum register_why minutes_put(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct minutes_given *given,
                              struct register_outcome *out);

/* Whether a version of a record that a reader sees refers to a file: only then may he have it. */
bool minutes_refers(const struct kind *kind, const struct value *payload,
                    const struct digest *hash);

/* The files that the versions of a record name, each once, in the order they are found; for erasing them with the record.
 * Errors: MEMORY, IO, CORRUPT. */
struct minutes_files {
    struct digest *hash;
    size_t n;
};
enum cau_err minutes_files_of(struct view *v, struct arena *a, struct index_reader reader,
                              const struct view_record *r, const struct view_version *version,
                              size_t count, struct minutes_files *out);
enum cau_err minutes_erase(struct node *n, struct minutes_files files);

/* The n-th paragraph of a text, from 1: its lines that are not empty. {NULL, 0}: there are not so many. */
struct str minutes_paragraph(struct str text, uint32_t n);

#endif
