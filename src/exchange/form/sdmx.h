/* sdmx.h - figures in files of statistics offices as import forms of indicators: SDMX-CSV 1.0 and 2.0, and tables with
 * columns for country, year and one or more figures, as the World Bank and the OECD give them.
 *
 * Rows become series: one indicator for each of the file's indicators and country, or country and partner. Columns of
 * SDMX-CSV are known by the id before a colon, in any case:
 *   DATAFLOW, STRUCTURE_ID        where the series come from; with INDICATOR and other dimensions the external id
 *   ACTION                        rows that delete (D) are refused
 *   INDICATOR, SERIES, MEASURE, SUBJECT, VARIABLE     what is measured; a label behind a colon is the title
 *   REF_AREA, COUNTERPART_AREA    country and partner: ISO codes of two or three letters, or names
 *   TIME_PERIOD                   2024, 2024-06, 2024-06-30, 2024-A1, 2024-M06; quarters and weeks are refused
 *   OBS_VALUE                     exact; an empty one and NaN say nothing
 *   UNIT_MEASURE, UNIT_MULT       one for the series: a row with another is refused; figures are multiplied out
 *   OBS_STATUS                    what is not normal becomes the figure's note (list observation_status)
 *   OBS_COMMENT, SOURCE, DECIMALS, TITLE, TITLE_VI, TITLE_RU, TITLE_EN
 *   STATED_BY, QUALIFIER, TARGET, TOPIC, UNIT_VI, UNIT_RU, UNIT_EN     of our own exports (sdmx_write.c)
 *   FREQ                          passed over: the period says it
 * Any other column left of OBS_VALUE is a dimension and keeps series apart; right of it it is left out.
 * A table has columns Country Code or LOCATION (or Country Name, Country), Year or TIME, and figures in every other.
 *
 * The side that states a figure is STATED_BY; without it nobody is said to state it. Every figure is "reported".
 * Areas that are no country of the list are refused once each, with the number of their rows. */
#ifndef CAU_EXCHANGE_SDMX_H
#define CAU_EXCHANGE_SDMX_H

#include "exchange/form/form.h"

#define SDMX_SERIES_MAX     20000
#define SDMX_FIGURES_MAX    500000
#define SDMX_DIMENSIONS_MAX 16   /* that are not named above */
#define SDMX_VALUES_MAX     2000 /* of one series: the most an indicator has */

#define SDMX_OWN                                                                               \
    "CAU:INDICATOR" /* the structure of our own exports: INDICATOR is the external id */

struct sdmx;

/* True when a row of cells is the head of such a file: SDMX-CSV, or a table by country code and year. */
bool sdmx_is_head(const struct cell *head, size_t n);

/* What a fault is about. */
struct sdmx_fault {
    uint32_t line;
    const char *code; /* words: problem.<code> */
    size_t column;    /* index */
    struct str value; /* in life */
    int64_t limit;    /* where the code has one */
};

/* Begins with the head. form is of kind indicator and open (it knows the names of countries); its fixed members go
 * into every record; both live as long as life. file: its name, for a table's title and source. *missing, on SYNTAX:
 * the column that is not there. Errors: SYNTAX, RANGE (too many dimensions), MEMORY. */
enum cau_err sdmx_open(struct arena *life, const struct form *form, struct str file,
                       const struct cell *head, size_t n, struct sdmx **out,
                       const char **missing);
void sdmx_close(struct sdmx *x); /* NULL: nothing */
/* The target (form.h) a column fills, for naming it in a report; empty: left out. */
struct str sdmx_target(const struct sdmx *x, size_t column);

/* Takes the next row: lines ascend. What is wrong with it is noted, and the rest of it taken.
 * Errors: RANGE (SDMX_SERIES_MAX, SDMX_FIGURES_MAX), MEMORY. */
enum cau_err sdmx_take(struct sdmx *x, uint32_t line, const struct cell *cell, size_t n);

/* After the last row: faults in order of lines, and series in order of the lines they begin at. */
const struct sdmx_fault *sdmx_faults(const struct sdmx *x, size_t *n);
size_t sdmx_series_count(const struct sdmx *x);
uint32_t sdmx_series_line(const struct sdmx *x, size_t series);
/* The import form of a series. Text is borrowed from x. Errors: MEMORY. */
enum cau_err sdmx_form(const struct sdmx *x, struct arena *a, size_t series, struct value *out);

#endif
