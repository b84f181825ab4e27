/* ror.h - a record of the Research Organization Registry as an organisation's import form.
 *
 * Reads schema v1, schema v2 and the reduced edition (v2 with short locations and plain identifiers). What is taken:
 *   external_id        the ROR address
 *   name               by language, `und` where none or an unknown one is given; in each the display name first, then
 *                      labels, aliases, acronyms; none twice; the display name of v1 has no language
 *   types              education -> university, healthcare -> hospital, company -> enterprise, funder -> fund
 *   status             active, inactive, withdrawn; withdrawn also sets withdrawn = source_withdrawn
 *   city, coordinates, country    of the first location; GeoNames spells cities in English
 *   identifiers        ror, wikidata, isni, grid, fundref: the preferred or else the first; other schemes are passed over
 *   websites, domains, established
 *   links              relations as they are, with the label they give; a target need not be in the file
 *   sources            the record itself with its date of change, and the Wikipedia article it names
 * Absent values of fields the feed speaks of are null: they remove what an earlier import brought. */
#ifndef CAU_EXCHANGE_ROR_H
#define CAU_EXCHANGE_ROR_H

#include "record/kind.h"
#include "record/value.h"

#define ROR_LINKS_MAX                                                                          \
    200 /* with more, `child` relations are left out: the children say the same of themselves */
#define ROR_NAMES_MAX 60

struct ror_note {  /* what was done to the record besides reading it */
    bool composed; /* a text was not in NFC and was brought to it: the feed is known for it */
    bool children_left_out;
};

/* True when a JSON object looks like a record of ROR: its id is a ROR address and it has names. */
bool ror_is(const struct value *record);

/* The import form; text is borrowed from record where it did not change. kinds must have organization (list
 * `language`). *place, on SYNTAX, says which member is not of the documented shape. Errors: SYNTAX, MEMORY. */
enum cau_err ror_read(struct arena *a, const struct kinds *kinds, const struct value *record,
                      struct value *form, struct ror_note *note, struct str *place);

#endif
