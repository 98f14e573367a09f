/* SPDX-License-Identifier: Apache-2.0 */
/* The readers, and what they share. Private to import. */
#ifndef SG_IMPORT_TOOLS_H
#define SG_IMPORT_TOOLS_H

#include "import/import.h"
#include "json/json.h"

bool sg_import_k6(const struct sg_import_file *file, struct sg_session *out, struct sg_error *err);
bool sg_import_hyperfine(const struct sg_import_file *file, struct sg_session *out,
                         struct sg_error *err);
bool sg_import_go(const struct sg_import_file *file, struct sg_session *out, struct sg_error *err);

#define SG_IMPORT_RUNS_MAX 100000 /* as many as `svcgate judge` reads */

/* A new run of a variant, all in one block. */
struct sg_repetition *sg_import_run(struct sg_session *session, const char *variant);
/* Sets a number of the run; a metric that is new is added with this unit, direction and scale. NaN
 * is left out. False when there are more metrics than a session may have. */
bool sg_import_number(struct sg_session *session, struct sg_repetition *run, const char *metric,
                      const char *unit, enum sg_better better, enum sg_scale scale, double value);
/* The variant that a file was said to be of, or an error that asks for it. */
const char *sg_import_variant(const struct sg_import_file *file, struct sg_error *err);

#endif
