/* SPDX-License-Identifier: Apache-2.0 */
/* When may the generator's noise be taken out? Only while the variant makes it do the same work:
 * checked by counts, which have no noise, never by the control variates themselves. */
#include "judge/family.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>

#define COUPLING_UNKNOWN 0.5 /* |h| without a measurement (docs/method.md, guard 2) */

struct agreement {
    const char *metric;
    double relative, absolute; /* allowed difference of medians */
};

static const struct agreement certificate[] = {
    {"requests", 0.005, 0},
    {"network_rx_per_request", 0.02, 0},
    {"network_tx_per_request", 0.02, 0},
    {"bytes_received_per_request", 0.02, 0},
    {"bytes_sent_per_request", 0.02, 0},
    {"connections_per_request", 0, 0.01},
};

size_t sg_certificate_count(void)
{
    return SG_COUNT(certificate);
}

const char *sg_certificate_metric(size_t rule)
{
    return certificate[rule].metric;
}

char *sg_certificate_check(size_t rule, double reference, double variant)
{
    const struct agreement *agreement = &certificate[rule];
    if (isnan(reference) || isnan(variant))
        return sg_format("%s is missing, so equal work cannot be shown", agreement->metric);
    double allowed = agreement->absolute + agreement->relative * fabs(reference);
    if (fabs(variant - reference) <= allowed)
        return NULL;
    return sg_format("the generator had other work: %s is %.6g for the reference and %.6g for the "
                     "variant",
                     agreement->metric, reference, variant);
}

static bool any_value(const struct sg_family *family, int metric, const size_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(sg_data_value(family->data, rows[i], metric)))
            return true;
    return false;
}

/* A count that this testbench cannot take (connections, with an older cAdvisor) is nobody's
 * evidence; what it would have told shows in the bytes of the network, which count handshakes
 * too. Asked of the pair, and up to the look: a session that went on says of it what one that
 * stopped there says. */
static bool measured_at_all(const struct sg_family *family, int metric, size_t look)
{
    return any_value(family, metric, family->reference_rows, sg_family_references(family, look)) ||
           any_value(family, metric, family->variant_rows, sg_family_variants(family, look));
}

static char *check(const struct sg_family *family, size_t look, size_t rule)
{
    int metric = sg_data_metric(family->data, certificate[rule].metric);
    if (metric < 0 || !measured_at_all(family, metric, look))
        return NULL;
    return sg_certificate_check(rule, sg_family_median(family, metric, false, look),
                                sg_family_median(family, metric, true, look));
}

double sg_coupling(const struct sg_session *session)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const char *value = session->facts[i].value;
        if (!sg_streq(session->facts[i].name, "coupling_h") || !value)
            continue;
        char *end;
        double h = strtod(value, &end);
        if (end != value && *end == '\0' && isfinite(h))
            return fabs(h);
    }
    return COUPLING_UNKNOWN;
}

/* |h|·u, with u the CPUs that the reference used at the first look. Sessions that do not say how
 * much CPU the service used (plain samples) have no such guard. */
static char *find_coupling(struct sg_family *family)
{
    family->coupling = 0;
    int metric = sg_data_metric(family->data, "cpu_cores");
    if (metric < 0)
        return NULL;
    double used = sg_family_median(family, metric, false, 0);
    if (isnan(used))
        return sg_strdup("cpu_cores is missing, so the coupling through the hardware has no bound");
    family->coupling = sg_coupling(family->data->session) * fmax(used, 0);
    return NULL;
}

const char *sg_family_guard(struct sg_family *family, size_t look)
{
    for (size_t l = 0; l <= look; l++) {
        struct sg_guard *guard = &family->guards[l];
        if (guard->known)
            continue;
        guard->known = true;
        if (l > 0)
            guard->reason = sg_strdup(family->guards[l - 1].reason);
        else
            guard->reason = find_coupling(family);
        for (size_t i = 0; !guard->reason && i < SG_COUNT(certificate); i++)
            guard->reason = check(family, l, i);
    }
    return family->guards[look].reason;
}
