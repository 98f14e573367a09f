/* SPDX-License-Identifier: Apache-2.0 */
/* Which kind of engine it is, as far as cAdvisor minds. */
#include <stdlib.h>

#include "base/text.h"
#include "testbench/engine.h"

/* Where containerd listens in every distribution; engines before 27 do not tell. */
#define CONTAINERD_SOCKET "/run/containerd/containerd.sock"

/* A pair of [["driver-type", "io.containerd.snapshotter.v1"]]. */
static bool keeps_in_containerd(const struct sg_json *info)
{
    const struct sg_json *status = sg_json_get(info, "DriverStatus");
    bool found = false;
    for (const struct sg_json *pair = sg_json_first(status); pair; pair = sg_json_next(pair)) {
        const struct sg_json *key = sg_json_first(pair);
        const struct sg_json *value = key != NULL ? sg_json_next(key) : NULL;
        found = found || sg_streq(sg_json_string(value, ""), "io.containerd.snapshotter.v1");
    }
    return found;
}

/* "name=rootless" is one of the security options; it may have more words behind it. */
static bool has_option(const struct sg_json *info, const char *name)
{
    const struct sg_json *options = sg_json_get(info, "SecurityOptions");
    char *wanted = sg_format("name=%s", name);
    char *begun = sg_format("name=%s,", name);
    bool found = false;
    for (const struct sg_json *one = sg_json_first(options); one; one = sg_json_next(one)) {
        const char *option = sg_json_string(one, "");
        found = found || sg_streq(option, wanted) || sg_starts_with(option, begun);
    }
    free(begun);
    free(wanted);
    return found;
}

void sg_engine_kind_read(const struct sg_json *info, struct sg_engine_kind *out)
{
    const struct sg_json *address = sg_json_get(sg_json_get(info, "Containerd"), "Address");
    *out = (struct sg_engine_kind){
        .containerd = keeps_in_containerd(info)
                          ? sg_strdup(sg_json_string(address, CONTAINERD_SOCKET))
                          : NULL,
        .podman = sg_json_get(info, "BuildahVersion") != NULL, /* of Podman's answer alone */
        .rootless = has_option(info, "rootless"),
        .selinux = has_option(info, "selinux"),
        .userns = has_option(info, "userns")};
}
