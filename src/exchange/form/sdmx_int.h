/* sdmx_int.h - what reading rows and making forms of series share. */
#ifndef CAU_EXCHANGE_SDMX_INT_H
#define CAU_EXCHANGE_SDMX_INT_H

#include "base/table.h"
#include "exchange/form/sdmx.h"

enum sdmx_role { /* what a column is */
                 SDMX_LEFT_OUT,
                 SDMX_PASSED, /* known, and of no use here */
                 SDMX_STRUCTURE,
                 SDMX_ACTION,
                 SDMX_SUBJECT,
                 SDMX_DIMENSION,
                 SDMX_AREA,
                 SDMX_AREA_NAME, /* of a table: the name beside the code */
                 SDMX_PARTNER,
                 SDMX_PERIOD,
                 SDMX_VALUE, /* of a table: any number of columns */
                 SDMX_UNIT,
                 SDMX_MULT,
                 SDMX_STATUS,
                 SDMX_NOTE,
                 SDMX_SOURCE,
                 SDMX_DECIMALS,
                 SDMX_TITLE,
                 SDMX_TITLE_VI, /* and the two others, in the order of enum lang */
                 SDMX_TITLE_RU,
                 SDMX_TITLE_EN,
                 SDMX_UNIT_VI, /* the same */
                 SDMX_UNIT_RU,
                 SDMX_UNIT_EN,
                 SDMX_SIDE,
                 SDMX_QUALIFIER,
                 SDMX_TARGET,
                 SDMX_TOPIC,
                 SDMX_ROLES,
};

struct sdmx_figure {
    struct str period, value, side, qualifier, status, note, source; /* empty: not given */
    bool target;
    uint32_t next; /* of its series: place + 1; 0: the last */
};

struct sdmx_series {
    struct str key;           /* external id */
    uint32_t line;            /* it begins at */
    struct str area, partner; /* codes of the list country; partner empty: none */
    struct str structure, subject, label, unit, unit_label, mult, topic, decimals;
    struct str title[LANG_COUNT + 1],
        unit_text[LANG_COUNT]; /* the last title: in no language */
    uint32_t first, last;      /* figures: place + 1 */
    uint32_t figures;
};

struct sdmx {
    struct arena *life;
    const struct form *form;
    struct str file;
    bool table; /* else SDMX-CSV */
    enum sdmx_role role[CELL_COLUMNS_MAX];
    struct str head[CELL_COLUMNS_MAX];
    size_t columns;
    struct sdmx_series *series;
    size_t series_n, series_cap;
    struct sdmx_figure *figure;
    size_t figure_n, figure_cap;
    struct sdmx_fault *fault;
    size_t fault_n, fault_cap;
    struct table keys,
        cells; /* external id -> series; series, period, side and kind -> figure */
    struct buf key;
};

/* "gdp.csv" -> "gdp" */
struct str sdmx_stem(struct str file);
/* Whether rows of this structure are of our own exports. */
bool sdmx_is_own(struct str structure);

#endif
