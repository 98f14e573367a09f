/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a Prometheus-compatible server, one instant query at a time. */
#include "promql/promql.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "http/http.h"
#include "promql/answer.h"

#define FORM "Content-Type: application/x-www-form-urlencoded"

/* Only whole and fresh answers: VictoriaMetrics hides the newest 30 s and caches, Thanos answers
 * partially and from downsampled blocks unless told not to. */
static const char *flavour_parameters(enum sg_prom_flavour flavour)
{
    switch (flavour) {
    case SG_PROM_VICTORIAMETRICS:
        return "&nocache=1&latency_offset=1ms&deny_partial_response=1";
    case SG_PROM_THANOS:
        return "&partial_response=false&dedup=true&max_source_resolution=0s";
    case SG_PROM_PLAIN:
        break;
    }
    return "";
}

static char *address(const struct sg_prom *prom, const char *path)
{
    size_t length = strlen(prom->url);
    while (length > 0 && prom->url[length - 1] == '/')
        length--;
    return sg_format("%.*s%s", (int)length, prom->url, path);
}

/* The server's headers and one of ours; borrowed strings in a new array. */
static const char **all_headers(const struct sg_prom *prom, const char *ours)
{
    size_t count = 0;
    while (prom->headers != NULL && prom->headers[count] != NULL)
        count++;
    const char **headers = sg_alloc(count + 2, sizeof *headers);
    for (size_t i = 0; i < count; i++)
        headers[i] = prom->headers[i];
    headers[count] = ours;
    return headers;
}

static char *query_form(const struct sg_prom *prom, const char *query, double time)
{
    char *escaped = sg_http_escape(query);
    /* Prometheus keeps milliseconds. */
    char *form =
        sg_format("query=%s&time=%.3f%s", escaped, time, flavour_parameters(prom->flavour));
    free(escaped);
    return form;
}

bool sg_prom_query(const struct sg_prom *prom, const char *query, double time,
                   struct sg_matrix *out, struct sg_error *err)
{
    char *url = address(prom, "/api/v1/query");
    char *form = query_form(prom, query, time);
    const char **headers = all_headers(prom, FORM);
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
    free(headers);
    free(form);
    free(url);
    return ok;
}

/* Servers without /-/ready (Mimir, hosted ones) are ready when they answer a query. */
static bool answers(const struct sg_prom *prom, struct sg_error *err)
{
    struct sg_matrix matrix = {0};
    bool ok = sg_prom_query(prom, "vector(1)", 1.0, &matrix, err);
    sg_matrix_clear(&matrix);
    return ok;
}

bool sg_prom_ready(const struct sg_prom *prom, struct sg_error *err)
{
    char *url = address(prom, "/-/ready");
    const char **headers = all_headers(prom, NULL);
    struct sg_http_request request = {.url = url, .headers = headers, .timeout = prom->timeout};
    struct sg_http_response response = {0};
    bool ok = sg_http(&request, &response, err);
    if (ok && response.status == 404)
        ok = answers(prom, err);
    else if (ok && response.status != 200)
        ok = sg_fail(err, SG_ERROR_NETWORK, "Prometheus is not ready: status %ld from %s",
                     response.status, url);
    sg_http_response_free(&response);
    free(headers);
    free(url);
    return ok;
}
