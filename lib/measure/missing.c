/* SPDX-License-Identifier: Apache-2.0 */
/* Findings about a container's missing data, with the usual causes. */
#include "measure/missing.h"

#include <stdlib.h>

#include "base/text.h"
#include "measure/ask.h"

#define ALL_CONTAINERS "count(container_cpu_usage_seconds_total)"

static int short_id(const char *id)
{
    return sg_starts_with(id, "sha256:") ? 19 : 12;
}

bool sg_missing_container(struct sg_measuring *m, const struct sg_container *container)
{
    struct sg_matrix matrix = {0};
    if (!sg_ask(m, "all containers", ALL_CONTAINERS, sg_ask_time(m), &matrix))
        return false;
    double series = matrix.count > 0 ? matrix.series[0].points[0].value : 0;
    sg_ask_value(m, series);
    sg_matrix_clear(&matrix);
    if (series > 0)
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "cadvisor", NULL,
            "cAdvisor runs (%.0f series) but does not see the container of %s, %.*s. Usual causes: "
            "an engine with the containerd image store (default since 29) and a cAdvisor before "
            "0.54; --docker_only without --raw_cgroup_prefix_whitelist; another engine's or a "
            "rootless container. `svcgate doctor` tells which",
            series, container->name, short_id(container->id), container->id);
    else
        sg_repetition_add_finding(
            m->repetition, sg_blame(m), "cadvisor", NULL,
            "Prometheus has no series of cAdvisor at all, so nothing is known of %s: cAdvisor does "
            "not run or is not scraped. `svcgate doctor` tells which",
            container->name);
    return true;
}

void sg_missing_one(struct sg_measuring *m, const struct sg_container *container,
                    const char *metric, const struct sg_matrix *matrix, size_t count)
{
    if (count == 0 && sg_ask_found(m, "cadvisor", container->name))
        return; /* one cause, one finding */
    if (count > 1) {
        char *labels = sg_ask_labels(&matrix->series[0]);
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", NULL,
                                  "%zu series of %s for %s instead of one, such as %s", count,
                                  metric, container->name, labels);
        free(labels);
    } else if (count == 1) {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", NULL,
                                  "no sample of %s of %s within the window", metric,
                                  container->name);
    } else {
        sg_repetition_add_finding(m->repetition, sg_blame(m), "series", NULL,
                                  "no series of %s for %s: is that kind left out of cAdvisor's "
                                  "--enable_metrics?",
                                  metric, container->name);
    }
}

static const char *status_text(enum sg_bracket_status status)
{
    switch (status) {
    case SG_BRACKET_NO_POINTS:
        return "there is no sample";
    case SG_BRACKET_NO_BEFORE:
        return "there is no sample in the idle gap before the window";
    case SG_BRACKET_NO_AFTER:
        return "there is no sample in the idle stretch after the window";
    case SG_BRACKET_RESET:
        return "the counter went down: it was reset";
    case SG_BRACKET_OK:
        break;
    }
    return "";
}

void sg_missing_bracket(struct sg_measuring *m, const struct sg_container *container,
                        const char *what, enum sg_bracket_status status,
                        const struct sg_prom_series *series)
{
    const struct sg_load_summary *load = &m->window->load;
    size_t n = series->points_count;
    sg_repetition_add_finding(
        m->repetition, sg_blame(m), status == SG_BRACKET_RESET ? "reset" : "bracket", NULL,
        "%s of %s: %s (%zu samples from %+.1f s to %+.1f s, the window is 0 to %.1f s)", what,
        container->name, status_text(status), n, n > 0 ? series->points[0].time - load->start : 0,
        n > 0 ? series->points[n - 1].time - load->start : 0, load->end - load->start);
}
