/* asset.h - the files the program carries inside: kinds, words, pages, style sheet, fonts. */
#ifndef CAU_BASE_ASSET_H
#define CAU_BASE_ASSET_H

#include "base/base.h"

struct asset {
    struct str name;  /* "kinds/need.kind", "words/vi.mo", "asset/govuk.css" */
    struct str bytes; /* live as long as the program; a NUL follows, not counted */
};

/* Made by tools/embed.c at build time, ended by an asset without a name. */
extern const struct asset asset_list[];
extern const size_t asset_count;

const struct asset *asset_find(struct str name); /* NULL when there is none */

#endif
