/* SPDX-License-Identifier: Apache-2.0 */
/* What a session does otherwise than the user's compose file says, or than it would with another
 * engine, for the report. */
#include "testbench/stack.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const struct sg_json *tested(const struct sg_bench *bench)
{
    return sg_json_get(sg_json_get(bench->stack, "services"), bench->service);
}

/* One of the compose file, or of an image: where the file says nothing, the image's own counts. */
static bool has_health_check(const struct sg_bench *bench)
{
    const struct sg_json *own = sg_json_get(tested(bench), "healthcheck");
    bool found = own != NULL && !sg_json_bool(sg_json_get(own, "disable"), false);
    for (size_t i = 0; own == NULL && i < bench->config->variants_count; i++) {
        found = found || bench->variants[i].health_check;
    }
    return found;
}

static void note_health_check(const struct sg_bench *bench, struct sg_session *session)
{
    if (has_health_check(bench)) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "health_check", NULL,
                               "the health check of %s is off while it is measured: the CPU time "
                               "that it takes is not the service's",
                               bench->service);
    }
}

static void note_scale(const struct sg_bench *bench, struct sg_session *session)
{
    const struct sg_json *deploy = sg_json_get(tested(bench), "deploy");
    double scale = sg_json_number(sg_json_get(tested(bench), "scale"), 1);
    double copies = sg_json_number(sg_json_get(deploy, "replicas"), scale);
    if (copies > 1) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "scale", NULL,
                               "the compose file has %s %.0f times; one container is measured",
                               bench->service, copies);
    }
}

static void warn_kept(const struct sg_bench *bench, struct sg_session *session)
{
    char *kept = bench->config->fresh_stack ? sg_stack_kept(bench->stack) : NULL;
    if (kept != NULL) {
        sg_session_add_finding(session, SG_FINDING_WARN, "fresh", NULL,
                               "`fresh: stack` does not renew %s: what one repetition leaves there "
                               "the next one finds",
                               kept);
    }
    free(kept);
}

/* "host.docker.internal=host-gateway" */
static bool reaches_host(const struct sg_json *service)
{
    const struct sg_json *hosts = sg_json_get(service, "extra_hosts");
    bool found = false;
    for (const struct sg_json *h = sg_json_first(hosts); h != NULL; h = sg_json_next(h)) {
        found = found || sg_ends_with(sg_json_string(h, ""), "host-gateway");
    }
    return found;
}

static void note_ports(const struct sg_bench *bench, struct sg_session *session)
{
    const struct sg_json *all = sg_json_get(bench->stack, "services");
    bool published = false;
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        published = published || (!sg_streq(sg_json_key(one), bench->service) &&
                                  sg_json_count(sg_json_get(one, "ports")) > 0);
    }
    if (published && reaches_host(tested(bench))) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "ports", NULL,
                               "the stack publishes no port on the host during a session, and %s "
                               "may look for one there (extra_hosts: host-gateway)",
                               bench->service);
    }
}

static void note_blind(const struct sg_bench *bench, struct sg_session *session)
{
    if (bench->blind != NULL) {
        sg_session_add_finding(session, SG_FINDING_NOTE, "cadvisor", NULL,
                               "cAdvisor has no series of our containers' %s: %s. Bytes of the "
                               "service's network are the engine's own counts",
                               bench->sight.cpu ? "network" : "CPU time and network", bench->blind);
    }
}

void sg_stack_notes(const struct sg_bench *bench, struct sg_session *session)
{
    note_health_check(bench, session);
    note_scale(bench, session);
    note_ports(bench, session);
    warn_kept(bench, session);
    note_blind(bench, session);
}
