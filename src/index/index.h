/* index.h - search: terms of texts in three languages, columns for facets, permission inside the query.
 *
 * A document is a record's current version that a reader may find, known by a dense number. The index is
 * derived: deletable, rebuilt from the views, and never trusted. index_search, index_suggest and index_like (like.h) are
 * called by any number of threads at the same time; index_set_lexicon by one of them at a time; everything else by one
 * thread alone, at the same time as they are. */
#ifndef CAU_INDEX_INDEX_H
#define CAU_INDEX_INDEX_H

#include "base/base.h"

#define INDEX_QUERY_BYTES_MAX  4096 /* longer queries are cut at a word's end (result says so) */
#define INDEX_QUERY_TERMS_MAX  512
#define INDEX_HITS_MAX         1000 /* in one answer */
#define INDEX_FILTERS_MAX      64
#define INDEX_FACET_VALUES_MAX 200 /* in one answer and column, by falling count */
#define INDEX_DOC_MAX          ((uint32_t)1 << 26)
#define INDEX_TEXTS_MAX        4096 /* of one document */
#define INDEX_TEXT_BYTES_MAX   ((size_t)1 << 20)
#define INDEX_DOC_BYTES_MAX    ((size_t)4 << 20) /* all texts of a document together */
#define INDEX_VALUES_MAX       1024              /* of one document, all columns together */
#define INDEX_VALUE_BYTES_MAX  32
#define INDEX_AUDIENCE_MAX     7
#define INDEX_WEIGHT_MAX       15

struct index;

enum index_column {
    INDEX_KIND,
    INDEX_COUNTRY, /* several values a document */
    INDEX_FIELD,   /* several */
    INDEX_YEAR,
    INDEX_STATUS,
    INDEX_LANGUAGE, /* several: languages of the title */
    INDEX_COLUMNS,
};

struct index_text {
    struct str lang; /* "vi" "ru" "en", another two-letter tag, or "und" */
    unsigned weight; /* 1..INDEX_WEIGHT_MAX */
    struct str text;
};

struct index_value {
    enum index_column column;
    struct str value; /* 1 to INDEX_VALUE_BYTES_MAX bytes */
};

struct index_doc {
    uint32_t doc;      /* < INDEX_DOC_MAX */
    unsigned audience; /* 0..INDEX_AUDIENCE_MAX: bit number in index_reader.audiences */
    uint32_t owner;    /* document of the organisation it belongs to; 0: none */
    int64_t updated_ms;
    const struct index_text *text;
    size_t text_count;
    const struct index_value *value;
    size_t value_count;
};

/* Who asks. He sees a document when its audience is in audiences, or when owner is not 0 and it is owned by
 * owner. Collection statistics come from audience 0 alone, so an answer never tells of what is hidden. */
struct index_reader {
    unsigned audiences; /* bits */
    uint32_t owner;
};

/* Opens the index whose files are in folder dir (made when missing). A missing, old or damaged index is
 * opened empty at position 0 and *rebuilt is true: feed it everything again. Errors: IO, FULL, MEMORY. */
enum cau_err index_open(const char *dir, struct index **out, bool *rebuilt);
void index_close(struct index *ix);

/* The lexicon that words are translated with; NULL: none. It stays the caller's, and where it is until another one is
 * set or ix is closed. */
struct lexicon;
void index_set_lexicon(struct index *ix, const struct lexicon *lexicon);
/* analysis_version() of its rules and list of words: a lexicon made with another one would not meet its terms. */
uint64_t index_analyser(const struct index *ix);
/* How far the log has been applied, as the last index_save said; 0 for an empty one. */
uint64_t index_position(const struct index *ix);
/* Adds or replaces a document; visible to searches that begin after it. Errors: MEMORY, RANGE (a limit of
 * the document, or more different values than the columns hold), SYNTAX (a text is not UTF-8); what was there of the
 * document stays. After MEMORY no more is taken, and nothing saved, until the index is opened again. */
enum cau_err index_put(struct index *ix, const struct index_doc *doc);
/* Is so much in memory (three quarters of FRESH_LISTS_MAX) that it is time to save? */
bool index_wants_save(const struct index *ix);
/* What index_put does with each of n documents in turn, on as many threads as there are processors: the same index,
 * whatever their number. New documents are put together by the first search or other write that comes, unless a save comes
 * first; searches wait meanwhile, some tenth of the time. Errors: as index_put; none is put when one of them is over a limit
 * or not UTF-8; when memory or the values of the columns end, some of those before the one at fault may be. */
enum cau_err index_put_all(struct index *ix, const struct index_doc *doc, size_t n);
void index_remove(struct index *ix, uint32_t doc); /* nothing when it is not there */
/* Writes everything into one file so that index_open finds it, together with position; nothing of a document that
 * was removed or replaced is left in it. Searches go on meanwhile. Errors: IO, FULL, MEMORY (also when memory had ended
 * in index_put); nothing is then lost. */
enum cau_err index_save(struct index *ix, uint64_t position);
uint32_t index_count(const struct index *ix); /* documents */

enum index_order { INDEX_BEST, INDEX_NEWEST };

struct index_filter {
    enum index_column column;
    struct str value; /* several of one column: any of them; columns: all of them */
};

struct index_query {
    struct str text; /* words, "phrases in quotes"; empty: everything, newest first */
    struct str lang; /* of the query; empty: guessed */
    struct index_reader reader;
    const struct index_filter *filter;
    size_t filter_count;
    enum index_order order;
    bool
        any; /* a text: not all words need be found, however few they are, and quotes ask for no phrase */
    size_t offset, limit; /* limit 0..INDEX_HITS_MAX */
    bool
        facets; /* count them (over all hits; a column's own filter does not narrow its counts) */
    bool explain;
    bool
        uncounted; /* only the best are asked for: total may be less than there are, there are no facets */
};

enum index_channel {
    INDEX_SAME,
    INDEX_BARE,
    INDEX_PREFIX,
    INDEX_TYPO,
    INDEX_SOUND,
    INDEX_SYLLABLE,
    INDEX_TRANSLATION,
    INDEX_ALIKE,   /* another word of the same language that translates alike */
    INDEX_CONCEPT, /* the same concept of the glossary */
    INDEX_RELATED, /* a concept near it: a problem and what answers it */
    INDEX_CHANNELS
};
/* "same" "bare" "prefix" "typo" "sound" "syllable" "translation" "alike" "concept" "related": the word's key in words/ is channel.NAME. */
struct str index_channel_name(enum index_channel channel);

struct index_reason {
    struct str query_word;   /* as it stands in the query */
    struct str text_word;    /* as it stands in the record, most frequent form; never a stem */
    uint32_t share_permille; /* of the score */
    enum index_channel channel;
    struct str text_lang; /* of the text it stands in: "vi" "ru" "en", or empty */
    struct str
        sources; /* of a translation: names of those that gave it, ", " between; else empty */
};

struct index_hit {
    uint32_t doc;
    int64_t score; /* fixed point, 16 fractional bits; 0 without a text */
    const struct index_reason *reason;
    size_t reason_count;
};

struct index_facet {
    struct str value;
    uint32_t n;
};

struct index_result {
    uint32_t total;
    const struct index_hit *hit; /* falling score, then rising doc; or newest first */
    size_t hit_count;
    const struct index_facet *facet[INDEX_COLUMNS]; /* falling n, then value */
    size_t facet_count[INDEX_COLUMNS];
    struct str lang; /* of the query: given or guessed; empty: it has no letters of the three */
    bool cut;        /* the query was over a limit, its beginning was used */
};

/* Answers from a; the same on every machine for the same documents. Words must all be found (in any field,
 * by any channel) when the query has at most four and not any, else the best are ranked first. The last word also counts
 * as a beginning when the query does not end in a space. A query of signs alone finds nothing. Errors: MEMORY,
 * RANGE (offset over INDEX_DOC_MAX, limit, filters), SYNTAX (text is not UTF-8). */
enum cau_err index_search(const struct index *ix, struct arena *a,
                          const struct index_query *query, struct index_result *out);

/* Words of the index a reader may see that begin with the last word of text, most frequent first.
 * Errors: MEMORY. */
enum cau_err index_suggest(const struct index *ix, struct arena *a, struct index_reader reader,
                           struct str text, size_t max, struct str *out, size_t *n);

#endif
