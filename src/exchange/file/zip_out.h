/* zip_out.h - writes a ZIP file in memory: the same parts give the same bytes with the same zlib. */
#ifndef CAU_EXCHANGE_ZIP_OUT_H
#define CAU_EXCHANGE_ZIP_OUT_H

#include "base/buf.h"

#define ZIP_OUT_PARTS_MAX 300
#define ZIP_OUT_NAME_MAX  60 /* bytes of a part's name */

/* A file being written to the end of out. Every part says it was made at 1980-01-01 00:00, the first day ZIP knows.
 * Parts are packed by zlib with fixed options; its output may differ between its versions and replacements, so two nodes
 * write the same bytes when they run on the same Debian release. */
struct zip_out {
    struct buf *out;
    size_t begin; /* where the file begins in out */
    size_t n;
    struct {
        char name[ZIP_OUT_NAME_MAX];
        size_t name_len, at;
        uint32_t crc, packed, size;
        unsigned method;
    } part[ZIP_OUT_PARTS_MAX];
    bool failed;
};

struct zip_out zip_out_begin(struct buf *out);
/* Adds a part: name is a path of ours without user text, ASCII. Parts stand in the order they were added. */
void zip_out_add(struct zip_out *z, const char *name, struct str bytes);
/* Writes the directory. Errors: MEMORY (out has failed), RANGE (too many parts, or 2 GiB). */
enum cau_err zip_out_end(struct zip_out *z);

#endif
