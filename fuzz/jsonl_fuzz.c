/* A file of JSON is cut into items that lie in it one after the other, to its end. */
#include "exchange/file/jsonl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct jsonl r = jsonl_open(text);
    struct jsonl_item item;
    const char *behind = text.p;
    uint32_t row = 0;
    bool lost = false;
    while (jsonl_next(&r, &item)) {
        must(!lost && item.row > row);
        must(r.at + r.rest.len == text.len);
        row = item.row;
        lost = item.why == JSONL_ARRAY;
        if (item.why == JSONL_ARRAY)
            continue;
        must(item.bytes.len > 0 && item.bytes.p >= behind);
        must((item.bytes.len > JSONL_ITEM_BYTES_MAX) == (item.why == JSONL_ITEM));
        behind = item.bytes.p + item.bytes.len;
        must(behind <= text.p + r.at);
    }
    must(r.at == text.len && r.rest.len == 0);
    return 0;
}
