/* Any text as a guide: read into blocks, or refused. */
#include "web/part/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char space[32 << 20];
    struct arena a = {space, sizeof space, 0};
    struct html_model model;
    struct html_map *m = html_begin(&model, &a);
    (void)markdown_write(&a, m, html_item(m, "guide"), (struct str){(const char *)data, size});
    return 0;
}
