#include "ledger/checkpoint.h"

#include <string.h>

#include "base/number.h"
#include "ledger/line_int.h"

enum cau_err checkpoint_read(struct str text, struct checkpoint *out)
{
    struct str rest = text, origin = str_next(&rest, '\n'), size = str_next(&rest, '\n'),
               root = str_next(&rest, '\n');
    struct checkpoint c = {.origin = origin, .extension = rest};
    if (origin.len == 0 || rest.p == NULL || line_read_hash(root, &c.root) != CAU_OK)
        return CAU_ERR_SYNTAX;
    while (rest.len > 0) { /* extension lines: not empty, each ended */
        struct str line = str_next(&rest, '\n');
        if (line.len == 0 || rest.p == NULL)
            return CAU_ERR_SYNTAX;
    }
    enum cau_err err = number_read(size, CHECKPOINT_SIZE_MAX, &c.size);
    if (err == CAU_OK)
        *out = c;
    return err;
}

void checkpoint_write(const struct checkpoint *c, struct buf *out)
{
    must(c->origin.len > 0 && memchr(c->origin.p, '\n', c->origin.len) == NULL);
    must(c->size <= CHECKPOINT_SIZE_MAX);
    buf_add(out, c->origin);
    buf_add_char(out, '\n');
    buf_add_u64(out, c->size);
    buf_add_char(out, '\n');
    line_add_hash(&c->root, out);
    buf_add(out, c->extension);
}

void checkpoint_origin_hash(struct str origin, char out[CHECKPOINT_HASH_CHARS])
{
    struct digest d = digest_of(origin);
    digest_to_hex(d.b, sizeof d.b, out);
}
