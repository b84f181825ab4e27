/* save_int.h - the whole index to its file, and back. */
#ifndef CAU_INDEX_SAVE_INT_H
#define CAU_INDEX_SAVE_INT_H

#include "index/index_int.h"

/* Maps the file of an empty index. Errors: UNKNOWN (no file), CORRUPT (also: of another analyser), IO,
 * MEMORY; the index is then as it was. */
enum cau_err save_load(struct index *ix, uint64_t analyser);
/* Writes all living documents of both parts into a new file and reads on from there. Errors: IO, FULL,
 * MEMORY, RANGE; the index is then as before. */
enum cau_err save_write(struct index *ix, uint64_t analyser, uint64_t position);

#endif
