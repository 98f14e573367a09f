/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP requests with deadlines, size limits and retries, over TCP, TLS or a unix socket. The only
 * room that knows libcurl. Certificates are always verified; proxies come from the environment. */
#ifndef SG_HTTP_HTTP_H
#define SG_HTTP_HTTP_H

#include "base/error.h"

struct sg_http_request {
    const char *method; /* NULL: GET, or POST when there is a body */
    const char *url;
    const char *unix_socket;    /* path, or NULL */
    const char *const *headers; /* NULL-terminated "Name: value", or NULL */
    const char *certificates; /* folder with ca.pem (in place of the system's), cert.pem and key.pem
                                 to show to the server, as Docker's clients have it; or NULL */
    const char *body;         /* or NULL */
    size_t body_size;
    double timeout;       /* seconds for all tries together; 0: 10 */
    double try_timeout;   /* seconds for one try, after which comes the next; 0: all of `timeout` */
    int tries;            /* 0: 1. Repeated on connection errors and when the answer is `busy`, with
                             jittered back-off or after the time that the server names */
    size_t limit;         /* largest answer in bytes; 0: 64 MiB */
    bool stay;            /* follows no redirect: the answer is the redirect */
    bool cut;             /* of an answer beyond `limit` the first bytes are enough */
    bool uninterruptible; /* goes on after SIGINT or SIGTERM */
};

struct sg_http_response {
    long status;
    char *body; /* NUL-terminated */
    size_t size;
    char *headers;       /* "Name: value" lines as they came */
    bool busy;           /* asks to come again: 408, 429, 5xx, or a 403 that is a rate limit */
    int64_t retry_after; /* seconds, as the server names them; 0 when it does not */
};

/* True when the server answered with any status. Errors are SG_ERROR_NETWORK and name the URL
 * without its credentials and query. */
bool sg_http(const struct sg_http_request *request, struct sg_http_response *out,
             struct sg_error *err) SG_MUST_USE;
void sg_http_response_free(struct sg_http_response *response);

/* The value of an answer's header, whatever its case; NULL when it is not there. Caller frees. */
char *sg_http_header(const struct sg_http_response *response, const char *name) SG_MUST_USE;

/* Percent-encodes everything but unreserved characters (RFC 3986). */
char *sg_http_escape(const char *text) SG_MUST_USE;

#endif
