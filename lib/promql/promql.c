/* SPDX-License-Identifier: Apache-2.0 */
/* Asks Prometheus, one instant query at a time. */
#include "promql/promql.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/http.h"
#include "promql/answer.h"

#define FORM "Content-Type: application/x-www-form-urlencoded"

static char *address(const struct sg_prom *prom, const char *path)
{
    size_t length = strlen(prom->url);
    while (length > 0 && prom->url[length - 1] == '/')
        length--;
    return sg_format("%.*s%s", (int)length, prom->url, path);
}

static char *query_form(const char *query, double time)
{
    char *escaped = sg_http_escape(query);
    char *form = sg_format("query=%s&time=%.3f", escaped, time); /* Prometheus keeps milliseconds */
    free(escaped);
    return form;
}

bool sg_prom_query(const struct sg_prom *prom, const char *query, double time,
                   struct sg_matrix *out, struct sg_error *err)
{
    char *url = address(prom, "/api/v1/query");
    char *form = query_form(query, time);
    const char *headers[] = {FORM, NULL};
    struct sg_http_request request = {.method = "POST",
                                      .url = url,
                                      .headers = headers,
                                      .body = form,
                                      .body_size = strlen(form),
                                      .timeout = prom->timeout,
                                      .tries = 3};
    struct sg_http_response response = {0};
    bool ok = sg_http(&request, &response, err) &&
              sg_prom_answer(response.body, response.size, response.status, "Prometheus", out, err);
    if (!ok)
        sg_error_context(err, "asking for %s", query);
    sg_http_response_free(&response);
    free(form);
    free(url);
    return ok;
}
