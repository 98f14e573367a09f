/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs outside a session: doctor, up, down, clean. */
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "fake/internal.h"
#include "testbench/testbench.h"

#define UP "svcgate-up"

/* "check NAME ok|warn|usage|bad TEXT" a line. */
void sg_bench_doctor(const struct sg_config *config, bool deep,
                     const struct sg_bench_progress *progress, struct sg_check **out,
                     size_t *out_count)
{
    const struct sg_fake_row *row = NULL;
    (void)config;
    (void)deep;
    (void)progress;
    (void)sg_fake_folder(); /* the script is read */
    *out = NULL;
    *out_count = 0;
    for (size_t i = 0; (row = sg_fake_row(i)) != NULL; i++) {
        if (sg_streq(row->word[0], "check")) {
            *out = sg_grow(*out, *out_count, sizeof(**out));
            (*out)[(*out_count)++] = (struct sg_check){.ok = sg_streq(row->word[2], "ok"),
                                                       .warning = sg_streq(row->word[2], "warn"),
                                                       .usage = sg_streq(row->word[2], "usage"),
                                                       .name = sg_strdup(row->word[1]),
                                                       .text = sg_strdup(row->rest)};
        }
    }
}

void sg_checks_free(struct sg_check *checks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(checks[i].name);
        free(checks[i].text);
    }
    free(checks);
}

bool sg_bench_clean(bool all, const struct sg_bench_progress *progress, size_t *out_removed,
                    struct sg_error *err)
{
    (void)progress;
    *out_removed = 0;
    int lock = all ? -1 : sg_fake_lock();
    if (!all && lock < 0) {
        return sg_fail(err, SG_ERROR_ENVIRONMENT, "another svcgate session measures on this host");
    }
    bool ok = sg_fake_call("clean", err, "all=%s", all ? "yes" : "no");
    *out_removed = ok ? sg_fake_remove(all ? "" : NULL) : 0;
    if (lock >= 0) {
        (void)close(lock);
    }
    return ok;
}

bool sg_bench_up(const struct sg_config *config, const struct sg_bench_progress *progress,
                 char **out_text, struct sg_error *err)
{
    (void)config;
    (void)progress;
    *out_text = NULL;
    if (!sg_fake_call("up", err, "%s", "")) {
        return false;
    }
    sg_fake_make(UP, "prometheus");
    sg_fake_make(UP, "grafana");
    *out_text = sg_strdup("Prometheus  http://prometheus.invalid:9090\n");
    return true;
}

bool sg_bench_down(const struct sg_bench_progress *progress, struct sg_error *err)
{
    (void)progress;
    bool ok = sg_fake_call("down", err, "%s", "");
    (void)(ok && sg_fake_remove(UP) > 0);
    return ok;
}
