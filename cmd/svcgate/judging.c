/* SPDX-License-Identifier: Apache-2.0 */
/* Side by side, or against a stored baseline: what run, judge and report share. */
#include "base/file.h"
#include "baseline/baseline.h"
#include "judge/judge.h"
#include "verbs.h"

bool judge_session(const struct sg_session *session, const char *variant, const char *baseline_path,
                   bool must_exist, struct sg_judgement *out, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (baseline_path == NULL) {
        return sg_judge(session, out, err);
    }
    if ((must_exist || !sg_file_missing(baseline_path)) &&
        !sg_baseline_read(baseline_path, &baseline, err)) {
        return false;
    }
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(&baseline, &count);
    bool ok = sg_judge_stored(session, variant, stored, count, out, err);
    sg_baseline_clear(&baseline);
    return ok;
}
