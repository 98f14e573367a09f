/* SPDX-License-Identifier: Apache-2.0 */
/* Labels of metrics: how people and files call one that is of another container or of one request
 * only. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/text.h"
#include "record/record.h"

char *sg_metric_label(const char *name, const char *of, const char *request)
{
    struct sg_text label = {0};
    sg_text_add(&label, name);
    if (of != NULL) {
        sg_text_printf(&label, " of %s", of);
    }
    if (request != NULL) {
        sg_text_printf(&label, " {%s}", request);
    }
    return sg_text_take(&label);
}

void sg_metric_split(const char *label, char **out_name, char **out_of, char **out_request)
{
    const char *end = label + strlen(label);
    const char *brace = strstr(label, " {");
    *out_request = NULL;
    if (brace != NULL && brace > label && end[-1] == '}' && brace + 3 < end) {
        *out_request = sg_format("%.*s", (int)(end - brace - 3), brace + 2);
        end = brace;
    }
    const char *of = strstr(label, " of ");
    *out_of = NULL;
    if (of != NULL && of > label && of + 4 < end) {
        *out_of = sg_format("%.*s", (int)(end - of - 4), of + 4);
        end = of;
    }
    *out_name = sg_format("%.*s", (int)(end - label), label);
}

int sg_session_find_label(const struct sg_session *session, const char *label, size_t size)
{
    for (size_t i = 0; i < session->metrics_count && i < INT_MAX; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        size_t name = strlen(metric->name);
        if (name > size || memcmp(metric->name, label, name) != 0) {
            continue;
        }
        char *own = sg_metric_label(metric->name, metric->of, metric->request);
        bool found = strlen(own) == size && memcmp(own, label, size) == 0;
        free(own);
        if (found) {
            return (int)i;
        }
    }
    return -1;
}

bool sg_session_fail_label(const struct sg_session *session, const char *label,
                           struct sg_error *err)
{
    size_t count = session->metrics_count;
    char **labels = sg_alloc(count + 1, sizeof(*labels));
    for (size_t i = 0; i < count; i++) {
        const struct sg_metric *metric = &session->metrics[i];
        labels[i] = sg_metric_label(metric->name, metric->of, metric->request);
    }
    const char *near = sg_nearest(label, (const char *const *)labels, count);
    char *shown = sg_clean_line(label, SG_SHOWN_NAME);
    char *hint = sg_clean_line(near, SG_SHOWN_NAME);
    (void)sg_fail(err, SG_ERROR_CONFIG, "the data have no metric \"%s\"%s%s%s", shown,
                  near != NULL ? "; did you mean \"" : "", hint, near != NULL ? "\"?" : "");
    free(shown);
    free(hint);
    for (size_t i = 0; i < count; i++) {
        free(labels[i]);
    }
    free(labels);
    return false;
}
