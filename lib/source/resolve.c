/* SPDX-License-Identifier: Apache-2.0 */
/* From a ref to a commit. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "source/internal.h"
#include "source/ref.h"

/* SHA-1 or SHA-256 in hex. */
static bool take_commit(const char *text, char out[65])
{
    size_t length = text != NULL ? strlen(text) : 0;
    bool ok = (length == 40 || length == 64) && strspn(text, "0123456789abcdef") == length;
    if (ok) {
        memcpy(out, text, length + 1);
    }
    return ok;
}

bool sg_commit_of(const char *top, const char *revision, char out[65])
{
    char *commit = sg_format("%s^{commit}", revision);
    const char *words[] = {"rev-parse", "--verify", "--quiet", commit, NULL};
    char *line = sg_git_line(top, words);
    bool ok = take_commit(line, out);
    free(line);
    free(commit);
    return ok;
}

/* Where HEAD left the revision. */
static bool merge_base(const char *top, const char *revision, char commit[65], struct sg_error *err)
{
    char head[65];
    if (!sg_commit_of(top, "HEAD", head)) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "the repository %s has no commit yet", top);
    }
    const char *words[] = {"merge-base", head, commit, NULL};
    char *line = sg_git_line(top, words);
    bool ok = take_commit(line, commit);
    free(line);
    if (!ok && sg_interrupt_signal() != 0) {
        return sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted while git was running");
    }
    if (!ok) {
        sg_fail(err, SG_ERROR_ENVIRONMENT, "HEAD and %s have no commit in common in this clone",
                revision);
        sg_missing_history(top, err);
    }
    return ok;
}

bool sg_resolve(const char *top, const char *text, char out_commit[65], struct sg_error *err)
{
    struct sg_ref ref = sg_ref_read(text);
    bool ok = sg_commit_of(top, ref.revision, out_commit) || sg_missing(top, ref.revision, err);
    ok = ok && (!ref.merge_base || merge_base(top, ref.revision, out_commit, err));
    sg_ref_clear(&ref);
    return ok;
}

bool sg_source_resolve(const char *context, const char *ref, char out_commit[65],
                       struct sg_error *err)
{
    struct sg_repository repository = {0};
    bool ok = sg_source_check_ref(ref, err) && sg_repository_find(context, &repository, err) &&
              sg_resolve(repository.top, ref, out_commit, err);
    sg_repository_clear(&repository);
    return ok;
}
