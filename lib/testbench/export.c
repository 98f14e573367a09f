/* SPDX-License-Identifier: Apache-2.0 */
/* Writing out the files that the binary carries. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/assets.h"
#include "testbench/internal.h"

static bool write_asset(const char *folder, const struct sg_asset *asset, struct sg_error *err)
{
    char *path = sg_path_join(folder, asset->name);
    char *parent = sg_path_folder(path);
    bool ok = false;
    if (sg_file_exists(path)) {
        sg_fail(err, SG_ERROR_IO, "%s exists already; nothing is overwritten", path);
    } else {
        ok = sg_folder_make(parent, err) && sg_file_write(path, asset->data, asset->size, err);
    }
    free(parent);
    free(path);
    return ok;
}

/* docker compose reads image references from .env beside the file. */
static bool write_env(const char *folder, struct sg_error *err)
{
    static const char *const names[][2] = {{"k6", "K6"},
                                           {"prometheus", "PROMETHEUS"},
                                           {"cadvisor", "CADVISOR"},
                                           {"grafana", "GRAFANA"}};
    struct sg_text text = {0};
    for (size_t i = 0; i < SG_COUNT(names); i++) {
        char *reference = sg_image_reference(NULL, names[i][0]);
        sg_text_printf(&text, "SVCGATE_IMAGE_%s=%s\n", names[i][1], reference);
        free(reference);
    }
    char *path = sg_path_join(folder, ".env");
    bool ok = sg_file_write(path, text.data, text.size, err);
    free(path);
    sg_text_free(&text);
    return ok;
}

bool sg_bench_export(const char *folder, struct sg_error *err)
{
    for (size_t i = 0; i < sg_assets_count; i++) {
        if (!write_asset(folder, &sg_assets[i], err)) {
            return false;
        }
    }
    return write_env(folder, err);
}
