/* Stored JSON, and canonical JSON by the same reader: any bytes are read without harm; canonical ones give what the strict reader gives. */
#include "record/json_int.h"

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
    struct value plain;
    struct buf again = buf_new(size + 1);
    bool good = json_read(&arena, text, 262144, JSON_OURS, &strict, NULL) == CAU_OK;
    if (good)
        json_write(&again, &strict);
    good = good && str_equal(buf_str(&again), text);
    if (good)
        must(err == CAU_OK && value_equal(&strict, &stored));
    if (json_read_plain(&arena, text,
                        &plain)) /* takes nothing that the library's reader refuses */
        must(good && value_equal(&strict, &plain));
    buf_free(&again);
    return 0;
}
