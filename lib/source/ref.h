/* SPDX-License-Identifier: Apache-2.0 */
/* A `ref` of svcgate.yaml taken apart. Private to the room. */
#ifndef SG_SOURCE_REF_H
#define SG_SOURCE_REF_H

#include "source/source.h"

struct sg_ref {
    char *revision;  /* as git writes it */
    bool merge_base; /* meant is where HEAD left it */
};
struct sg_ref sg_ref_read(const char *ref);
void sg_ref_clear(struct sg_ref *ref);

#endif
