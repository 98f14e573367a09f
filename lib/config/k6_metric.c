/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics that k6 itself sums up, by `k6: NAME` and a statistic: the script's own Trend, Counter,
 * Rate or Gauge, and those of k6's other protocols. */
#include "config/gate.h"

#include "base/text.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT 128 /* k6's own, of a metric */
#define TAGS_LIMIT 256

double sg_k6_percentile(const char *stat)
{
    double percent = NAN;
    bool written = stat != NULL && stat[0] == 'p' && stat[1] != '\0' &&
                   stat[1 + strspn(stat + 1, "0123456789.")] == '\0';
    return written && sg_parse_number(stat + 1, &percent) && percent <= 100 ? percent : NAN;
}

static bool is_stat(const char *stat)
{
    static const char *const words[] = {"avg", "min", "med", "max", "count", "rate", "value"};
    for (size_t i = 0; i < SG_COUNT(words); i++) {
        if (sg_streq(stat, words[i])) {
            return true;
        }
    }
    return !isnan(sg_k6_percentile(stat));
}

bool sg_read_stat(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                  void *target)
{
    if (!sg_node_is_text(value) || !is_stat(value->text)) {
        return sg_reader_expected(r, key, value);
    }
    return sg_read_text(r, key, value, target);
}

/* "{tag:value,…}", or nothing. */
static bool are_tags(const char *text)
{
    size_t size = strlen(text);
    if (size == 0) {
        return true;
    }
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] < ' ') {
            return false;
        }
    }
    return text[0] == '{' && text[size - 1] == '}' && size > 2 && size <= TAGS_LIMIT &&
           strchr(text, ':') != NULL;
}

bool sg_read_k6(struct sg_reader *r, const struct sg_key *key, const struct sg_node *value,
                void *target)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    const char *text = sg_node_is_text(value) ? value->text : "";
    size_t name = strspn(text, letters);
    if (name == 0 || name > NAME_LIMIT || (text[0] >= '0' && text[0] <= '9') ||
        !are_tags(text + name)) {
        return sg_reader_expected(r, key, value);
    }
    if (strstr(text + name, "scenario:") != NULL) {
        return sg_reader_fail(r, value, "k6: scenarios are svcgate's own; leave the tag out");
    }
    return sg_read_text(r, key, value, target);
}

/* "p95" of "checkout_time_p95"; NULL where the name ends with no statistic. */
static const char *stat_of_name(const char *name)
{
    const char *line = strrchr(name, '_');
    return line != NULL && line != name && is_stat(line + 1) ? line + 1 : NULL;
}

/* k6 tells the times of its own in milliseconds, and the bytes of the network; of the script's it
 * knows no unit. */
static const char *natural_unit(const char *k6, const char *stat)
{
    static const char *const times[] = {"http_req_duration",
                                        "http_req_blocked",
                                        "http_req_connecting",
                                        "http_req_sending",
                                        "http_req_waiting",
                                        "http_req_receiving",
                                        "http_req_tls_handshaking",
                                        "iteration_duration",
                                        "group_duration",
                                        "grpc_req_duration",
                                        "ws_connecting",
                                        "ws_session_duration",
                                        "ws_ping",
                                        "browser_http_req_duration"};
    size_t name = strcspn(k6, "{");
    if (sg_streq(stat, "rate")) {
        return "ratio";
    }
    for (size_t i = 0; i < SG_COUNT(times); i++) {
        if (strlen(times[i]) == name && memcmp(times[i], k6, name) == 0) {
            return "s";
        }
    }
    return sg_starts_with(k6, "data_received") || sg_starts_with(k6, "data_sent") ? "bytes" : "";
}

bool sg_draft_k6(const struct sg_reader *r, const struct sg_node *map, const struct sg_draft *draft,
                 struct sg_metric *out)
{
    const struct sg_node *at = sg_node_find(map, "k6"), *of = sg_node_find(map, "of");
    const char *stat = draft->stat != NULL ? draft->stat : stat_of_name(draft->metric);
    if (of != NULL) {
        return sg_reader_fail_key(r, of, "of: k6 does not know the containers of the stack");
    }
    if (stat == NULL) {
        return sg_reader_fail(r, at,
                              "k6: which statistic of %s? End the metric's name with it, such as "
                              "%s_p95, or write stat: avg, min, med, max, p95, count, rate or "
                              "value",
                              draft->k6, draft->metric);
    }
    out->k6 = draft->k6;
    out->stat = (char *)stat;
    out->unit = out->unit != NULL ? out->unit : (char *)natural_unit(draft->k6, stat);
    if (sg_streq(stat, "rate") && sg_node_find(map, "scale") == NULL) {
        out->scale = SG_SCALE_COUNT;
    }
    return true;
}

static char *add_part(struct sg_config *config, const struct sg_metric *rate, const char *stat)
{
    char *name = sg_format("%s.%s", rate->name, stat);
    struct sg_metric part = {.name = name,
                             .unit = (char *)"",
                             .scale = SG_SCALE_LINEAR,
                             .k6 = rate->k6,
                             .stat = (char *)stat};
    if (sg_config_find_metric(config, name, NULL, NULL) < 0) {
        (void)sg_config_add_metric(config, &part, NULL, NULL);
    }
    return name;
}

void sg_k6_add_parts(struct sg_config *config, size_t rate)
{
    struct sg_metric metric = config->metrics[rate]; /* the array moves below */
    char *events = add_part(config, &metric, "passes"),
         *trials = add_part(config, &metric, "total");
    free(metric.events);
    free(metric.trials);
    config->metrics[rate].events = events;
    config->metrics[rate].trials = trials;
}
