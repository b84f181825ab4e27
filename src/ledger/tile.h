/* tile.h - addresses of tiles, and bundles of entries (C2SP tlog-tiles). */
#ifndef CAU_LEDGER_TILE_H
#define CAU_LEDGER_TILE_H

#include "base/base.h"
#include "base/buf.h"
#include "ledger/tree.h"

#define TILE_LEVEL_MAX        63                                 /* in an address */
#define TILE_INDEX_MAX        (TREE_SIZE_MAX / TREE_TILE_HASHES) /* in an address */
#define TILE_ENTRY_BYTES_MAX  65535
#define TILE_BUNDLE_BYTES_MAX (TREE_TILE_HASHES * (2 + TILE_ENTRY_BYTES_MAX))

struct tile_name {
    bool entries; /* a bundle of entries; level is 0 */
    unsigned level;
    uint64_t n;
    unsigned width; /* 1..255, or 256: whole, no suffix */
};

/* Reads "tile/<L>/<N>[.p/<W>]" or "tile/entries/<N>[.p/<W>]"; exactly one text for each name.
 * Errors: SYNTAX, also for what is over a limit. */
enum cau_err tile_read_name(struct str path, struct tile_name *out);
void tile_write_name(const struct tile_name *name, struct buf *out);

/* Adds one entry: big-endian uint16 length, bytes. RANGE over TILE_ENTRY_BYTES_MAX. */
enum cau_err tile_add_entry(struct str entry, struct buf *out);
/* Splits a bundle of exactly width (1..256) entries into views. Errors: SYNTAX. */
enum cau_err tile_read_entries(struct str bundle, unsigned width,
                               struct str entry[TREE_TILE_HASHES]);

#endif
