/* SPDX-License-Identifier: Apache-2.0 */
/* Which metric an entry means: a built-in one, one of the user's by name, or a new one by its
 * query or its name in k6. */
#include "config/gate.h"

#include "base/text.h"

#include <stdlib.h>

/* In the order of the words of `scale` in gates.c. */
static const enum sg_scale scales[] = {SG_SCALE_LOG, SG_SCALE_LINEAR, SG_SCALE_EXACT};

/* Keys that define a metric do not go with one that is defined already. */
static bool refuse_definition(const struct sg_reader *r, const struct sg_node *map,
                              const char *metric, const char *why)
{
    static const char *const keys[] = {"query", "k6", "stat", "unit", "better", "scale"};
    for (size_t i = 0; i < SG_COUNT(keys); i++) {
        const struct sg_node *item = sg_node_find(map, keys[i]);
        if (item != NULL) {
            return sg_reader_fail_key(r, item, "%s: %s %s", keys[i], metric, why);
        }
    }
    return true;
}

static bool check_built_in(struct sg_reader *r, const struct sg_node *map,
                           const struct sg_draft *draft, const struct sg_metric *metric)
{
    const struct sg_node *of = sg_node_find(map, "of");
    const struct sg_node *request = sg_node_find(map, "request");
    const struct sg_node *adjust = sg_node_find(map, "adjust");
    if (!refuse_definition(r, map, metric->name,
                           "is built in; leave this out, or choose another name")) {
        return false;
    }
    if (of != NULL && !sg_catalogue_per_container(metric->name)) {
        return sg_reader_fail_key(r, of, "of: %s is not measured a container each", metric->name);
    }
    if (request != NULL && !sg_catalogue_per_request(metric->name)) {
        return sg_reader_fail_key(r, request, "request: %s is not measured a request each",
                                  metric->name);
    }
    if (adjust != NULL && draft->adjust && !metric->adjust) {
        return sg_reader_fail(
            r, adjust, "adjust: %s does not follow the host's noise; leave it out", metric->name);
    }
    return true;
}

/* A query is not measured a request each: it says itself what it counts. So do the tags of k6. */
static bool refuse_request(const struct sg_reader *r, const struct sg_node *map, const char *metric,
                           bool by_k6)
{
    const struct sg_node *request = sg_node_find(map, "request");
    return request == NULL ||
           sg_reader_fail_key(r, request,
                              by_k6 ? "request: name the request by a tag of %s instead, such as "
                                      "k6: http_req_waiting{name:search}"
                                    : "request: name the request inside the query of %s instead",
                              metric);
}

/* `stat` belongs to `k6`, and a metric comes from one place. */
static bool check_source(const struct sg_reader *r, const struct sg_node *map,
                         const struct sg_draft *draft)
{
    if (draft->query != NULL && draft->k6 != NULL) {
        return sg_reader_fail_key(r, sg_node_find(map, "k6"),
                                  "k6: %s has a query already; keep one", draft->metric);
    }
    return draft->stat == NULL || draft->k6 != NULL ||
           sg_reader_fail_key(r, sg_node_find(map, "stat"), "stat: goes with k6");
}

/* A metric of the user's, defined by its query or its name in k6 here. */
static bool define_metric(struct sg_reader *r, const struct sg_node *map,
                          const struct sg_draft *draft, struct sg_metric *out)
{
    const char *key = draft->k6 != NULL ? "k6" : "query";
    if (!check_source(r, map, draft) || !refuse_request(r, map, draft->metric, draft->k6 != NULL)) {
        return false;
    }
    if (r->config != NULL &&
        sg_config_find_metric(r->config, draft->metric, draft->of, NULL) >= 0) {
        return sg_reader_fail(r, sg_node_find(map, key), "%s: %s is defined already; keep one", key,
                              draft->metric);
    }
    *out = (struct sg_metric){.name = draft->metric,
                              .unit = draft->unit,
                              .better = draft->better == 1 ? SG_HIGHER : SG_LOWER,
                              .scale = scales[draft->scale],
                              .adjust = draft->adjust,
                              .query = draft->query};
    return draft->k6 == NULL || sg_draft_k6(r, map, draft, out);
}

/* The metric that an entry without a definition names; *out points into the config or catalogue. */
static bool look_up_metric(struct sg_reader *r, const struct sg_node *map,
                           const struct sg_draft *draft, const struct sg_metric **out)
{
    const struct sg_node *name = sg_node_find(map, "metric");
    *out = sg_config_metric_named(r->config, draft->metric);
    if (*out == NULL) {
        if (r->config == NULL) {
            return true; /* the command line: samples may bring metrics of their own */
        }
        char *hint = sg_metric_hint(r->config, draft->metric);
        (void)sg_reader_fail(r, name, "unknown metric \"%s\"%s", draft->metric, hint);
        free(hint);
        return false;
    }
    if ((*out)->role == SG_ROLE_COVARIATE) {
        return sg_reader_fail(r, name, "%s sees the host, not the service: it cannot be gated",
                              draft->metric);
    }
    if (sg_catalogue_find(draft->metric) != NULL) {
        return check_built_in(r, map, draft, *out);
    }
    return refuse_request(r, map, draft->metric, (*out)->k6 != NULL) &&
           refuse_definition(r, map, draft->metric, "is defined elsewhere; change it there");
}

/* The entry's own copy in the config, where it differs from the one that its name stands for. */
static const struct sg_metric *own_metric(struct sg_config *config, const struct sg_node *map,
                                          const struct sg_draft *draft,
                                          const struct sg_metric *metric)
{
    bool off = sg_node_find(map, "adjust") != NULL && !draft->adjust;
    int index = sg_config_find_metric(config, draft->metric, draft->of, draft->request);
    if (index < 0 && (off || draft->of != NULL || draft->request != NULL)) {
        (void)sg_config_add_metric(config, metric, draft->of, draft->request);
        index = (int)config->metrics_count - 1;
    }
    if (index < 0) {
        return metric;
    }
    config->metrics[index].adjust = config->metrics[index].adjust && !off;
    return &config->metrics[index];
}

/* A gate of the command line asks about a metric; it does not change it. */
static bool check_flag(const struct sg_reader *r, const struct sg_node *map,
                       const struct sg_draft *draft)
{
    const struct sg_node *adjust = sg_node_find(map, "adjust");
    if (adjust != NULL) {
        return sg_reader_fail_key(r, adjust,
                                  "adjust: only svcgate.yaml and the data say that of one metric; "
                                  "--no-adjust is for all");
    }
    return refuse_definition(r, map, draft->metric, "can only be defined in svcgate.yaml");
}

/* Finds or defines the entry's metric; what is not in the config yet is added there. */
bool sg_draft_metric(struct sg_reader *r, const struct sg_node *map, const struct sg_draft *draft,
                     const struct sg_metric **out)
{
    struct sg_metric defined = {0};
    if (r->config == NULL && !check_flag(r, map, draft)) {
        return false;
    }
    bool defines = draft->query != NULL || draft->k6 != NULL;
    if (defines && sg_catalogue_find(draft->metric) == NULL) {
        if (!define_metric(r, map, draft, &defined)) {
            return false;
        }
        struct sg_metric *added = sg_config_add_metric(r->config, &defined, draft->of, NULL);
        added->unit = added->unit != NULL ? added->unit : sg_strdup("");
        *out = added;
        return true;
    }
    if (!look_up_metric(r, map, draft, out)) {
        return false;
    }
    if (r->config != NULL) {
        *out = own_metric(r->config, map, draft, *out);
    }
    return true;
}
