/* SPDX-License-Identifier: Apache-2.0 */
/* The table of tools, and runs put into a session. */
#include <math.h>
#include <stdlib.h>

#include "base/clean.h"
#include "base/text.h"
#include "import/tools.h"

static const struct sg_import_tool tools[] = {
    {"k6", "summaries: --summary-export, with or without --new-machine-readable-summary",
     sg_import_k6},
    {"hyperfine", "--export-json; its commands are the variants", sg_import_hyperfine},
    {"go", "go test -bench, with -count or run several times", sg_import_go},
};

const struct sg_import_tool *sg_import_tools(size_t *count)
{
    *count = SG_COUNT(tools);
    return tools;
}

const struct sg_import_tool *sg_import_tool(const char *name, struct sg_error *err)
{
    const char *names[SG_COUNT(tools)];
    for (size_t i = 0; i < SG_COUNT(tools); i++) {
        names[i] = tools[i].name;
        if (sg_streq(tools[i].name, name)) {
            return &tools[i];
        }
    }
    const char *nearest = sg_nearest(name, names, SG_COUNT(tools));
    char *shown = sg_clean_line(name, SG_SHOWN_NAME);
    (void)sg_fail(err, SG_ERROR_CONFIG, "unknown tool \"%s\"; %s%s", shown,
                  nearest != NULL ? "did you mean " : "write k6, hyperfine or go",
                  nearest != NULL ? nearest : "");
    free(shown);
    return NULL;
}

struct sg_repetition *sg_import_run(struct sg_session *session, const char *variant)
{
    struct sg_repetition *run = sg_session_add_repetition(session, variant);
    run->block = 1;
    run->slot = (int)session->repetitions_count;
    return run;
}

bool sg_import_number(struct sg_session *session, struct sg_repetition *run, const char *metric,
                      const char *unit, enum sg_better better, enum sg_scale scale, double value)
{
    if (!isfinite(value)) {
        return true;
    }
    int index = sg_session_find_metric(session, metric, NULL, NULL);
    if (index < 0) {
        if (session->metrics_count == SG_GATES_MAX) {
            return false;
        }
        index = (int)session->metrics_count;
        struct sg_metric *added = sg_session_add_metric(session, metric);
        added->unit = sg_strdup(unit);
        added->better = better;
        added->scale = scale;
    }
    run->values[index] = value;
    return true;
}

const char *sg_import_variant(const struct sg_import_file *file, struct sg_error *err)
{
    if (file->variant == NULL) {
        (void)sg_fail(err, SG_ERROR_CONFIG,
                      "%s: whose run is this? Write VARIANT=FILE, for example base=%s", file->name,
                      file->name);
    }
    return file->variant;
}

bool sg_import(const struct sg_import_tool *tool, const struct sg_import_file *file,
               struct sg_session *out, struct sg_error *err)
{
    size_t before = out->repetitions_count;
    if (!tool->read(file, out, err)) {
        return false;
    }
    return out->repetitions_count > before ||
           sg_fail(err, SG_ERROR_CONFIG, "%s: no run in it; is it a file of %s (%s)?", file->name,
                   tool->name, tool->what);
}
