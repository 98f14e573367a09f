/* SPDX-License-Identifier: Apache-2.0 */
/* hyperfine --export-json: "results", one a command, with the time of each run in seconds. A
 * command's name is its variant. hyperfine runs one command after the other, so all its runs are
 * one block, and what the host did meanwhile hit one of them alone: the guide says so. */
#include "import/tools.h"

#include "base/text.h"

static bool add_runs(const struct sg_import_file *file, const struct sg_json *result,
                     const char *variant, struct sg_session *out, struct sg_error *err)
{
    const struct sg_json *times = sg_json_get(result, "times");
    if (!sg_json_is_array(times)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: a result without \"times\"; use hyperfine --export-json FILE",
                       file->name);
    }
    if (sg_json_count(times) > SG_IMPORT_RUNS_MAX) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s: more than %d runs of a command", file->name,
                       SG_IMPORT_RUNS_MAX);
    }
    for (const struct sg_json *time = sg_json_first(times); time != NULL;
         time = sg_json_next(time)) {
        if (!sg_json_is_number(time)) {
            return sg_fail(err, SG_ERROR_CONFIG, "%s: a time that is no number", file->name);
        }
        struct sg_repetition *run = sg_import_run(out, variant);
        (void)sg_import_number(out, run, "time", "s", SG_LOWER, SG_SCALE_LOG,
                               sg_json_number(time, 0));
    }
    return true;
}

static bool read_results(const struct sg_import_file *file, const struct sg_json *results,
                         struct sg_session *out, struct sg_error *err)
{
    if (!sg_json_is_array(results)) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s: no \"results\" in it; is it a file of hyperfine (--export-json)?",
                       file->name);
    }
    if (file->variant != NULL && sg_json_count(results) != 1) {
        return sg_fail(err, SG_ERROR_CONFIG,
                       "%s holds %zu commands, which are the variants: give the file without "
                       "\"%s=\"",
                       file->name, sg_json_count(results), file->variant);
    }
    for (const struct sg_json *one = sg_json_first(results); one != NULL; one = sg_json_next(one)) {
        const char *command = sg_json_string(sg_json_get(one, "command"), NULL);
        const char *variant = file->variant != NULL ? file->variant : command;
        if (variant == NULL || *variant == '\0') {
            return sg_fail(err, SG_ERROR_CONFIG, "%s: a result without its command", file->name);
        }
        if (!add_runs(file, one, variant, out, err)) {
            return false;
        }
    }
    return true;
}

bool sg_import_hyperfine(const struct sg_import_file *file, struct sg_session *out,
                         struct sg_error *err)
{
    struct sg_json *root = sg_json_parse(file->text, file->size, file->name, err);
    bool ok = root != NULL && read_results(file, sg_json_get(root, "results"), out, err);
    sg_json_free(root);
    return ok;
}
