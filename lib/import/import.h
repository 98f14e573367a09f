/* SPDX-License-Identifier: Apache-2.0 */
/* What load generators and benchmarks write, as plain samples: one number of a metric for each run.
 * A table of tools, one file each. */
#ifndef SG_IMPORT_IMPORT_H
#define SG_IMPORT_IMPORT_H

#include "base/error.h"
#include "record/record.h"

/* One file that a tool wrote. */
struct sg_import_file {
    const char *name;    /* opens error messages */
    const char *variant; /* whose runs these are; NULL: the file names its variants itself */
    const char *text;
    size_t size;
};

struct sg_import_tool {
    const char *name; /* as the user calls it: "k6" */
    const char *what; /* which files, one phrase */
    bool (*read)(const struct sg_import_file *file, struct sg_session *out, struct sg_error *err);
};
/* All of them. */
const struct sg_import_tool *sg_import_tools(size_t *count);
/* SG_ERROR_CONFIG, with the nearest name, where there is none of this name. */
const struct sg_import_tool *sg_import_tool(const char *name, struct sg_error *err) SG_MUST_USE;

/* Adds the file's runs to `out`, behind those that are there; begin with an empty session. A file
 * of another tool is SG_ERROR_CONFIG, and *out then holds what was there and may be more: clear it.
 */
bool sg_import(const struct sg_import_tool *tool, const struct sg_import_file *file,
               struct sg_session *out, struct sg_error *err) SG_MUST_USE;

#endif
