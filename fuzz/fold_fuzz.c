/* Folding: the output is UTF-8, never more than twice as long, and the bare form no longer than the form. */
#include "base/utf8.h"
#include "language/fold.h"
#include "language/skeleton.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena room;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size}, form, bare;
    if (size > 4096 || !utf8_valid(text))
        return 0;
    if (room.base == NULL)
        room = arena_new(1 << 20);
    arena_reset(&room);
    must(fold_text(&room, text, &form) == CAU_OK);
    must(form.len <= size * 2 && utf8_valid(form));
    must(fold_bare(&room, form, &bare) == CAU_OK);
    must(bare.len <= form.len && utf8_valid(bare));
    struct skeleton s = skeleton_of(form), t = skeleton_of(bare);
    struct skeleton_keys keys;
    skeleton_keys(&s, &keys);
    must(keys.n <= SKELETON_KEYS_MAX && skeleton_likeness(&s, &t) <= 1000);
    return 0;
}
