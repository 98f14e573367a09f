/* SPDX-License-Identifier: Apache-2.0 */
/* An HTTP/1.1 server in one thread: keep-alive, pipelining, limits on all that a client controls.
 * Good for short answers from memory; a handler that blocks would stop every connection. */
#ifndef CATALOGUE_HTTP_H
#define CATALOGUE_HTTP_H

#include "text.h"

struct http_request {
    const char *method;
    char *target; /* printable ASCII, not decoded; the handler may cut it up */
};

/* The handler gets it empty with status 200 and adds a JSON body. */
struct http_answer {
    int status;
    struct text body;
    bool close;       /* the connection after this answer */
    int64_t delay_ns; /* send it that much later; 0 or the same number every time */
};

typedef void http_handler(void *context, const struct http_request *request,
                          struct http_answer *answer);

/* Replaces the answer by {"error": message}. */
void http_error(struct http_answer *answer, int status, const char *message);

/* Port 0 takes a free one; *port is set to what it is. Returns the socket, or -1 with errno. */
int http_listen(const char *address, uint16_t *port);

/* Serves until SIGTERM or SIGINT, then closes all it opened, the listening socket too. False when
 * it could not begin. */
bool http_serve(int listener, int64_t delay_ns, http_handler *handler, void *context);

#endif
