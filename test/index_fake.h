/* stands in for index/ until it is there */
#include "index/index.h"
#include <stdlib.h>
struct index { uint64_t position; unsigned audience[4096]; uint32_t owner[4096]; bool in[4096]; };
enum cau_err index_open(const char *dir, struct index **out, bool *rebuilt)
{ (void)dir; *out = calloc(1, sizeof **out); *rebuilt = true; return CAU_OK; }
void index_close(struct index *ix) { free(ix); }
uint64_t index_position(const struct index *ix) { return ix->position; }
enum cau_err index_put(struct index *ix, const struct index_doc *d)
{ if (d->doc < 4096) { ix->in[d->doc] = true; ix->audience[d->doc] = d->audience; ix->owner[d->doc] = d->owner; } return CAU_OK; }
void index_remove(struct index *ix, uint32_t doc) { if (doc < 4096) ix->in[doc] = false; }
enum cau_err index_save(struct index *ix, uint64_t p) { ix->position = p; return CAU_OK; }
