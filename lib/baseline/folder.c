/* SPDX-License-Identifier: Apache-2.0 */
/* The baselines of a folder. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/options.h"
#include "base/text.h"
#include "baseline/baseline.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A pipe would be waited for. What cannot be seen is told of when it is read. */
static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) != 0 || S_ISREG(info.st_mode);
}

bool sg_baseline_files(const char *folder, struct sg_strings *out, struct sg_error *err)
{
    DIR *open = opendir(folder);
    if (open == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG, "cannot read the folder %s: %s", folder,
                       strerror(errno));
    }
    const struct dirent *entry;
    while ((entry = readdir(open)) != NULL) {
        if (sg_ends_with(entry->d_name, ".json") && entry->d_name[0] != '.') {
            char *path = sg_path_join(folder, entry->d_name);
            if (is_file(path)) {
                sg_strings_add(out, path);
            }
            free(path);
        }
    }
    (void)closedir(open);
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof(*out->items), compare_names);
    }
    return true;
}
