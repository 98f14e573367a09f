/* SPDX-License-Identifier: Apache-2.0 */
/* When may the generator's noise be taken out? Only while the variant makes it do the same work:
 * checked by counts, which have no noise, never by the control variates themselves. */
#include "judge/family.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>

/* |h| without a measurement (docs/method.md, guard 2) */
#define COUPLING_UNKNOWN 0.5

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

/* A number that was measured of the machine, without its sign; of one machine for all blocks. */
static double measured(const struct sg_session *session, const char *name, double otherwise)
{
    for (size_t i = 0; i < session->facts_count; i++) {
        const char *value = session->facts[i].value;
        if (!sg_streq(session->facts[i].name, name) || session->facts[i].block > 0 || !value)
            continue;
        char *end;
        double h = strtod(value, &end);
        if (end != value && *end == '\0' && isfinite(h))
            return fabs(h);
    }
    return otherwise;
}

double sg_coupling(const struct sg_session *session, size_t place)
{
    size_t passed = 0;
    for (size_t m = 0; m < session->metrics_count; m++) {
        const struct sg_metric *metric = &session->metrics[m];
        if (metric->role != SG_ROLE_COVARIATE || passed++ < place)
            continue;
        const struct sg_probed *probe = sg_covariate_probed(metric->name);
        if (probe)
            return measured(session, probe->coupling, probe->coupling_else);
        return place == 0 ? measured(session, "coupling_h", COUPLING_UNKNOWN) : 0;
    }
    return 0;
}

double sg_coupling_share(const struct sg_session *session, const double *gamma,
                         const size_t *places, size_t count)
{
    double share = 0;
    for (size_t k = 0; k < count; k++)
        share += fabs(gamma[k]) * sg_coupling(session, places ? places[k] : k);
    return share;
}

/* The CPUs that the reference used at the first look. Sessions that do not say (plain samples) have
 * no such guard. */
static char *find_busy(struct sg_family *family)
{
    family->busy = 0;
    int metric = sg_data_metric(family->data, "cpu_cores");
    if (metric < 0)
        return NULL;
    double used = sg_family_median(family, metric, false, 0);
    if (isnan(used))
        return sg_strdup("cpu_cores is missing, so the coupling through the hardware has no bound");
    family->busy = fmax(used, 0);
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
            guard->reason = find_busy(family);
        for (size_t i = 0; !guard->reason && i < SG_COUNT(certificate); i++)
            guard->reason = check(family, l, i);
    }
    return family->guards[look].reason;
}
