/* line_int.h - lines of base64, which every text format of the ledger is made of. */
#ifndef CAU_LEDGER_LINE_INT_H
#define CAU_LEDGER_LINE_INT_H

#include "base/base.h"
#include "base/buf.h"
#include "base/digest.h"

void line_add_base64(struct str bytes, struct buf *out);          /* padded, without newline */
void line_add_hash(const struct digest *d, struct buf *out);      /* with newline */
enum cau_err line_read_hash(struct str line, struct digest *out); /* SYNTAX */
/* Decodes a line of at most max bytes into a. Errors: RANGE, MEMORY, SYNTAX. */
enum cau_err line_read_base64(struct arena *a, struct str line, size_t max, struct str *out);

#endif
