/* SPDX-License-Identifier: Apache-2.0 */
/* Side by side, or against a stored baseline: what run, judge and report share. */
#include "base/text.h"
#include "baseline/baseline.h"
#include "judge/judge.h"
#include "verbs.h"

/* A session of one variant alone was held against nothing but stored sessions, if only none. */
static bool is_alone(const struct sg_session *session)
{
    return session->plan.planned && session->variants_count == 1 &&
           (session->reference == NULL || sg_streq(session->reference, session->variants[0].name));
}

bool judge_session(const struct sg_session *session, const char *variant, const char *baseline_path,
                   struct sg_judgement *out, struct sg_error *err)
{
    struct sg_baseline baseline = {0};
    if (baseline_path == NULL && !is_alone(session)) {
        return sg_judge(session, out, err);
    }
    if (baseline_path != NULL && !sg_baseline_read(baseline_path, &baseline, err)) {
        return false;
    }
    size_t count = 0;
    const struct sg_session *stored = sg_baseline_current(&baseline, &count);
    bool ok = sg_judge_stored(session, variant, stored, count, out, err);
    sg_baseline_clear(&baseline);
    return ok;
}

bool judge_as_run(const struct sg_session *session, const char *baseline_path,
                  struct sg_judgement *out, struct sg_error *err)
{
    bool beside = session->plan.planned && session->variants_count > 1;
    return judge_session(session, NULL, beside ? NULL : baseline_path, out, err);
}
