/* A manifest of a lexicon: what is accepted keeps the limits of manifest.h, and every source has what its reader needs. */
#include "exchange/lexicon/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char space[1 << 20];
    struct arena a = {space, sizeof space, 0};
    struct manifest m;
    struct manifest_fault fault = {0};
    struct str text = {(const char *)data, size};
    enum cau_err err = manifest_read(&a, text, &m, &fault);
    must(err == CAU_OK || err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE);
    must((err == CAU_OK) == (fault.why == MANIFEST_GOOD));
    for (size_t i = 0; err == CAU_OK && i < m.n; i++) {
        const struct manifest_source *s = &m.source[i];
        must(m.n <= MANIFEST_SOURCES_MAX && s->file_count <= MANIFEST_FILES_MAX);
        must(s->file_count > 0 && s->name.len > 0 && s->licence.len > 0);
        must(s->weight >= 1 && s->weight <= MANIFEST_WEIGHT_MAX);
        must(s->lang_count <= PAIRS_PARTS_MAX && s->name.len <= MANIFEST_NAME_MAX);
    }
    return 0;
}
