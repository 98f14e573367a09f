/* SPDX-License-Identifier: Apache-2.0 */
/* Private to http: one try of a request. http.c repeats it. */
#ifndef SG_HTTP_TRANSFER_H
#define SG_HTTP_TRANSFER_H

#include "http/http.h"

enum sg_try {
    SG_TRY_ANSWERED, /* any status */
    SG_TRY_BROKEN,   /* connection refused, reset, cut off: another try may help */
    SG_TRY_HOPELESS, /* bad URL, certificate, too large an answer: no try will help */
    SG_TRY_LATE,     /* the deadline passed */
    SG_TRY_INTERRUPTED
};

struct sg_transfer {
    const struct sg_http_request *request;
    int64_t deadline; /* monotonic */
    const char *name; /* the URL as errors show it */
};

/* Fills *out when answered. */
enum sg_try sg_http_try(const struct sg_transfer *transfer, struct sg_http_response *out,
                        struct sg_error *err);

/* retry.c: sets `busy` and `retry_after` by status and headers. */
void sg_http_read_retry(struct sg_http_response *response);

#endif
