/* SPDX-License-Identifier: Apache-2.0 */
/* The file that compose lays over a compose file without being told. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/stack.h"

/* In compose's own order: compose-go, cli/options.go. */
static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                    "docker-compose.yaml", NULL};
static const char *const overrides[] = {"compose.override.yml", "compose.override.yaml",
                                        "docker-compose.override.yml",
                                        "docker-compose.override.yaml", NULL};

static bool is_among(const char *name, const char *const *list)
{
    bool found = false;
    for (size_t i = 0; list[i] != NULL; i++) {
        found = found || sg_streq(name, list[i]);
    }
    return found;
}

char *sg_project_override(const char *file)
{
    const char *slash = strrchr(file, '/');
    if (!is_among(slash != NULL ? slash + 1 : file, names)) {
        return NULL;
    }
    char *folder = sg_path_folder(file), *found = NULL;
    for (size_t i = 0; found == NULL && overrides[i] != NULL; i++) {
        char *path = sg_path_join(folder, overrides[i]);
        found = sg_file_exists(path) ? sg_strdup(path) : NULL;
        free(path);
    }
    free(folder);
    return found;
}
