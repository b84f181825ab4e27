#include "ledger/tile.h"

#include "base/number.h"

/* Takes three digits; the number they make, or -1. */
static int three_digits(struct str x)
{
    int value = 0;
    if (x.len != 3)
        return -1;
    for (size_t i = 0; i < 3; i++) {
        if (x.p[i] < '0' || x.p[i] > '9')
            return -1;
        value = value * 10 + (x.p[i] - '0');
    }
    return value;
}

/* "x001/x234/067": the first of several elements is not x000. */
static enum cau_err read_index(struct str *rest, uint64_t *out)
{
    uint64_t n = 0;
    for (bool first = true, more = true; more; first = false) {
        more = str_starts(*rest, STR("x"));
        size_t digits = more ? 1 : 0;
        if (rest->len < digits + 3)
            return CAU_ERR_SYNTAX;
        int value = three_digits(str_to(str_from(*rest, digits), 3));
        if (value < 0 || (first && more && value == 0))
            return CAU_ERR_SYNTAX;
        *rest = str_from(*rest, digits + 3);
        n = n * 1000 + (uint64_t)value; /* at most 1000 * TILE_INDEX_MAX: fits */
        if (n > TILE_INDEX_MAX)
            return CAU_ERR_SYNTAX;
        if (more && !str_starts(*rest, STR("/")))
            return CAU_ERR_SYNTAX;
        if (more)
            *rest = str_from(*rest, 1);
    }
    *out = n;
    return CAU_OK;
}

static enum cau_err read_width(struct str rest, unsigned *out)
{
    uint64_t width = TREE_TILE_HASHES;
    if (rest.len > 0) {
        if (!str_starts(rest, STR(".p/")) ||
            number_read(str_from(rest, 3), TREE_TILE_HASHES - 1, &width) != CAU_OK ||
            width == 0)
            return CAU_ERR_SYNTAX;
    }
    *out = (unsigned)width;
    return CAU_OK;
}

enum cau_err tile_read_name(struct str path, struct tile_name *out)
{
    struct str rest = path;
    struct tile_name name = {0};
    if (!str_is(str_next(&rest, '/'), "tile") || rest.p == NULL)
        return CAU_ERR_SYNTAX;
    struct str level = str_next(&rest, '/');
    uint64_t l = 0;
    name.entries = str_is(level, "entries");
    if (!name.entries && number_read(level, TILE_LEVEL_MAX, &l) != CAU_OK)
        return CAU_ERR_SYNTAX;
    name.level = (unsigned)l;
    if (read_index(&rest, &name.n) != CAU_OK || read_width(rest, &name.width) != CAU_OK)
        return CAU_ERR_SYNTAX;
    *out = name;
    return CAU_OK;
}

static void add_index(struct buf *out, uint64_t n)
{
    unsigned part[7]; /* TILE_INDEX_MAX has 17 digits */
    size_t parts = 0;
    do {
        part[parts++] = (unsigned)(n % 1000);
        n /= 1000;
    } while (n > 0);
    while (parts-- > 0)
        buf_printf(out, parts > 0 ? "x%03u/" : "%03u", part[parts]);
}

void tile_write_name(const struct tile_name *name, struct buf *out)
{
    must(name->width >= 1 && name->width <= TREE_TILE_HASHES);
    must(name->level <= TILE_LEVEL_MAX && name->n <= TILE_INDEX_MAX);
    buf_add_word(out, "tile/");
    if (name->entries)
        buf_add_word(out, "entries");
    else
        buf_add_u64(out, name->level);
    buf_add_char(out, '/');
    add_index(out, name->n);
    if (name->width < TREE_TILE_HASHES)
        buf_printf(out, ".p/%u", name->width);
}

enum cau_err tile_add_entry(struct str entry, struct buf *out)
{
    if (entry.len > TILE_ENTRY_BYTES_MAX)
        return CAU_ERR_RANGE;
    buf_add_char(out, (char)(entry.len >> 8));
    buf_add_char(out, (char)(entry.len & 255));
    buf_add(out, entry);
    return CAU_OK;
}

enum cau_err tile_read_entries(struct str bundle, unsigned width,
                               struct str entry[TREE_TILE_HASHES])
{
    must(width >= 1 && width <= TREE_TILE_HASHES);
    struct str rest = bundle;
    for (unsigned i = 0; i < width; i++) {
        if (rest.len < 2)
            return CAU_ERR_SYNTAX;
        size_t len = (size_t)(unsigned char)rest.p[0] << 8 | (unsigned char)rest.p[1];
        if (rest.len - 2 < len)
            return CAU_ERR_SYNTAX;
        entry[i] = str_to(str_from(rest, 2), len);
        rest = str_from(rest, 2 + len);
    }
    return rest.len == 0 ? CAU_OK : CAU_ERR_SYNTAX;
}
