/* Stored JSON: any bytes are read without harm; canonical ones give what the strict reader gives. */
#include "record/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (arena.base == NULL)
        arena = arena_new((size_t)64 << 20);
    arena_reset(&arena);
    struct str text = {(const char *)data, size};
    struct value strict, stored;
    enum cau_err err = json_read_stored(&arena, text, &stored);
    if (json_read_canonical(&arena, text, 262144, &strict, NULL) == CAU_OK)
        must(err == CAU_OK && value_equal(&strict, &stored));
    return 0;
}
