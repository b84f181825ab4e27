#include "ledger/line_int.h"

void line_add_base64(struct str bytes, struct buf *out)
{
    char *p = buf_extend(out, DIGEST_BASE64(bytes.len));
    if (p != NULL)
        digest_to_base64(bytes.p, bytes.len, p);
}

void line_add_hash(const struct digest *d, struct buf *out)
{
    line_add_base64(digest_str(d), out);
    buf_add_char(out, '\n');
}

enum cau_err line_read_hash(struct str line, struct digest *out)
{
    struct digest d;
    size_t n;
    if (digest_from_base64(line, d.b, sizeof d.b, &n) != CAU_OK || n != sizeof d.b)
        return CAU_ERR_SYNTAX;
    *out = d;
    return CAU_OK;
}

enum cau_err line_read_base64(struct arena *a, struct str line, size_t max, struct str *out)
{
    if (line.len > DIGEST_BASE64(max))
        return CAU_ERR_RANGE;
    size_t room = line.len / 4 * 3, n;
    char *p = arena_take(a, room + 1);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = digest_from_base64(line, p, room < max ? room : max, &n);
    if (err == CAU_OK)
        *out = (struct str){p, n};
    return err;
}
