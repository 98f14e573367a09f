/* SPDX-License-Identifier: Apache-2.0 */
/* A merged session on disk: a bundle like any other. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "record/merge.h"
#include "record/series.h"

#define SUMMARY_MAX ((size_t)16 << 20)

/* The bundles came from elsewhere: a variant's name must not lead out of the folder. */
static bool is_plain(const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return name[0] != '\0' && name[strspn(name, letters)] == '\0';
}

/* As lib/session names them. Caller frees. */
static char *summary_path(const char *bundle, int slot, const char *variant)
{
    char *name = sg_format("k6/%03d-%s.json", slot, variant);
    char *path = sg_path_join(bundle, name);
    free(name);
    return path;
}

static bool copy_summary(const char *from, const char *to, struct sg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    if (sg_file_missing(from)) {
        return true;
    }
    char *folder = sg_path_folder(to);
    bool ok = sg_file_read_plain(from, SUMMARY_MAX, &text, &size, err) &&
              sg_folder_make(folder, err) && sg_file_write(to, text, size, err);
    free(folder);
    free(text);
    return ok;
}

static bool copy_summaries(const struct sg_session *merged, const struct sg_provenance *origins,
                           const char *const *paths, const char *folder, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < merged->repetitions_count; i++) {
        const struct sg_repetition *rep = &merged->repetitions[i];
        if (!is_plain(rep->variant)) {
            continue;
        }
        char *from = summary_path(paths[origins[i].part], origins[i].slot, rep->variant);
        char *to = summary_path(folder, rep->slot, rep->variant);
        ok = copy_summary(from, to, err);
        free(from);
        free(to);
    }
    return ok;
}

/* 0: there is no such repetition. */
static int new_slot(const struct sg_session *merged, const struct sg_provenance *origins,
                    size_t part, int slot)
{
    for (size_t i = 0; i < merged->repetitions_count; i++) {
        if (origins[i].part == part && origins[i].slot == slot) {
            return merged->repetitions[i].slot;
        }
    }
    return 0;
}

static bool copy_series(const struct sg_session *merged, const struct sg_provenance *origins,
                        const char *path, size_t part, const char *folder, struct sg_error *err)
{
    struct sg_series_set set = {0};
    bool ok = sg_series_load(path, &set, err);
    for (size_t i = 0; ok && i < set.count; i++) {
        set.items[i].slot = new_slot(merged, origins, part, set.items[i].slot);
        ok = set.items[i].slot == 0 || sg_series_append(folder, &set.items[i], err);
    }
    sg_series_set_clear(&set);
    return ok;
}

static bool is_same(const char *a, const char *b)
{
    char *x = sg_path_real(a);
    char *y = sg_path_real(b);
    bool same = x != NULL && sg_streq(x, y);
    free(x);
    free(y);
    return same;
}

static bool check_folder(const char *const *paths, size_t count, const char *folder,
                         struct sg_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (is_same(paths[i], folder)) {
            return sg_fail(err, SG_ERROR_CONFIG,
                           "%s is one of the blocks; the merged bundle needs a folder of its own",
                           folder);
        }
    }
    return true;
}

bool sg_merge_save(const struct sg_session *merged, const struct sg_provenance *origins,
                   const char *const *paths, size_t count, const char *folder, struct sg_error *err)
{
    bool ok = check_folder(paths, count, folder, err) && sg_folder_make(folder, err) &&
              sg_series_begin(folder, err);
    for (size_t i = 0; ok && i < count; i++) {
        ok = !sg_folder_exists(paths[i]) || copy_series(merged, origins, paths[i], i, folder, err);
    }
    return ok && copy_summaries(merged, origins, paths, folder, err) &&
           sg_session_save(merged, folder, err);
}
