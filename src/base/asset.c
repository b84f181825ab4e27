#include "base/asset.h"

const struct asset *asset_find(struct str name)
{
    for (size_t i = 0; i < asset_count; i++)
        if (str_equal(asset_list[i].name, name))
            return &asset_list[i];
    return NULL;
}
