#include "index/save_int.h"
enum cau_err save_load(struct index *ix, uint64_t analyser)
{
    (void)ix;
    (void)analyser;
    return CAU_ERR_UNKNOWN;
}
