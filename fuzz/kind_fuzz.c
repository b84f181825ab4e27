/* Bytes as the files of kinds/: each part that begins with a line "==> NAME <==" is one file. What is
 * read must hold what the header of kind.h promises. */
#include "base/asset.h"
#include "record/kind.h"

enum { FILES_MAX = 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fields(const struct kind_field *f, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        must(f[i].name.len > 0 && f[i].search <= 15 && f[i].most <= KIND_MOST_MAX);
        must(f[i].target_count <= KIND_TARGETS_MAX && f[i].column_count <= KIND_COLUMNS_MAX);
        must(f[i].type != KIND_CHOICE || f[i].list != NULL);
        must((f[i].type == KIND_ROWS) <= (f[i].column_count > 0));
        check_fields(f[i].column, f[i].column_count); /* one level: a column has no columns */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    struct asset file[FILES_MAX];
    struct str rest = {(const char *)data, size}, head = STR("==> "), tail = STR(" <==");
    size_t n = 0;
    if (a.base == NULL)
        a = arena_new((size_t)64 << 20);
    a.used = 0;
    while (rest.len > 0 && n < FILES_MAX) {
        const char *start = rest.p;
        struct str line = str_next(&rest, '\n');
        if (str_starts(line, head) && str_ends(line, tail) && line.len >= head.len + tail.len)
            file[n++] =
                (struct asset){{line.p + head.len, line.len - head.len - tail.len}, {start, 0}};
        else if (n > 0)
            file[n - 1].bytes.len += (size_t)((line.p + line.len + (rest.p != NULL)) - start);
        if (n > 0 && file[n - 1].bytes.len == 0)
            file[n - 1].bytes.p = rest.p;
    }
    struct kinds k = {0};
    struct kind_fault f;
    enum cau_err err = kinds_read(&a, file, n, &k, &f);
    if (err != CAU_OK) {
        must(k.n == 0 && a.used == 0 && (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE));
        return 0;
    }
    must(k.n <= KIND_COUNT_MAX && k.list_count <= KIND_LISTS_MAX);
    for (size_t i = 0; i < k.n; i++) {
        const struct kind *kind = &k.kind[i];
        must(kind->index == i && kind->n <= KIND_FIELDS_MAX && kind->title < kind->n);
        must(kinds_find(&k, kind->name) == kind && kinds_find(&k, kind->name_major) == kind);
        check_fields(kind->field, kind->n);
    }
    for (size_t i = 0; i < k.list_count; i++)
        must(k.list[i].n > 0 && k.list[i].n <= KIND_CODES_MAX);
    return 0;
}
