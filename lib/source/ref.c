/* SPDX-License-Identifier: Apache-2.0 */
/* What a revision may look like. Narrower than git: what is left out means several commits, a file
 * or a search there, or could be taken for an option. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "source/ref.h"

#define LONGEST 250

/* The revision inside merge-base(…), or NULL. */
static char *inside(const char *ref)
{
    static const char head[] = "merge-base(";
    size_t length = strlen(ref);
    if (!sg_starts_with(ref, head) || !sg_ends_with(ref, ")")) {
        return NULL;
    }
    return sg_format("%.*s", (int)(length - strlen(head) - 1), ref + strlen(head));
}

struct sg_ref sg_ref_read(const char *ref)
{
    char *revision = inside(ref);
    return revision != NULL ? (struct sg_ref){.revision = revision, .merge_base = true}
                            : (struct sg_ref){.revision = sg_strdup(ref)};
}

void sg_ref_clear(struct sg_ref *ref)
{
    free(ref->revision);
    *ref = (struct sg_ref){0};
}

/* What is wrong with a plain revision, or NULL. */
static const char *wrong(const char *revision)
{
    if (revision[0] == '\0') {
        return "is empty";
    }
    if (strlen(revision) > LONGEST) {
        return "is too long";
    }
    if (revision[0] == '-') {
        return "starts with \"-\", like an option";
    }
    if (revision[0] == '^' || strstr(revision, "..") != NULL) {
        return "is a range, not one commit";
    }
    for (const char *c = revision; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f) {
            return "has a blank or a control character in it";
        }
        if (strchr(":?*[\\\"'`$;|&<>", *c) != NULL) {
            return "has a character in it that no branch, tag or commit has";
        }
    }
    return sg_starts_with(revision, "merge-base(") ? "has no closing \")\"" : NULL;
}

bool sg_source_check_ref(const char *ref, struct sg_error *err)
{
    struct sg_ref read = sg_ref_read(ref);
    const char *why = wrong(read.revision);
    sg_ref_clear(&read);
    return why == NULL ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "the revision %s; write a branch, tag or commit such as origin/main or v1.2, or "
                   "merge-base(origin/main)",
                   why);
}
