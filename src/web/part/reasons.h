/* reasons.h - how a pair of words that speaks for a hit is told to a person. */
#ifndef CAU_WEB_REASONS_H
#define CAU_WEB_REASONS_H

#include "index/index.h"
#include "web/serve/site.h"

#define REASONS_PROPOSE_BYTES_MAX                                                              \
    (1 << 12) /* of words in an address, as they are escaped there */

/* Whether a word alone says nothing: it stands in pages/little-words.txt ("for", "cho", "для"), in any of its cases. */
bool reasons_little(struct str word);

/* Whether the pair tells a person anything: neither word is of one letter or little, and not both are of
 * two. */
bool reasons_tell(const struct index_reason *r);

/* r's sources in the reader's language, ", " between: source.NAME of words/ where somebody wrote it, else the name
 * that the lexicon's manifest gives. Lives as long as q; empty without sources. */
struct str reasons_sources(struct ask *q, const struct index_reason *r);
/* The address of the accepted term that the pair comes from; empty when it comes from none, or the reader finds none. */
struct str reasons_term(struct ask *q, const struct index_reason *r);
/* Puts r as an item "reasons" into to: query_word, text_word, text_lang, share (of 100), channel, sources, term. */
void reasons_add(struct ask *q, struct html_map *to, const struct index_reason *r,
                 uint32_t share_permille);
/* The address where a translation of words of a language ("vi"; empty: not known) is proposed; record: its id, to go back
 * to, or empty. {NULL, 0} when the words are over REASONS_PROPOSE_BYTES_MAX. */
struct str reasons_propose(struct ask *q, struct str text, struct str lang, struct str record);

#endif
