/* SPDX-License-Identifier: Apache-2.0 */
/* A server for tests: it answers the n-th connection with the n-th prepared text, whatever is
 * asked, and remembers the requests. On an ephemeral loopback port, or on a unix socket. */
#ifndef SG_TESTS_HTTP_SERVER_H
#define SG_TESTS_HTTP_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SERVER_REQUESTS = 8, SERVER_REQUEST_SIZE = 8192 };

struct answer {
    const char *text;
    bool hang;      /* then waits until the client gives up */
    bool interrupt; /* then sends this process SIGTERM */
};

struct server {
    const struct answer *answers;
    size_t count;
    size_t served;
    char requests[SERVER_REQUESTS][SERVER_REQUEST_SIZE];
    int listener;
    int port;
    pthread_t thread;
};

static size_t wanted_body(const char *request)
{
    const char *header = strstr(request, "Content-Length: ");
    return header ? strtoul(header + strlen("Content-Length: "), NULL, 10) : 0;
}

static void server_read(int fd, char *request)
{
    size_t size = 0;
    for (;;) {
        const char *end = strstr(request, "\r\n\r\n");
        if (end && size >= (size_t)(end + 4 - request) + wanted_body(request))
            return;
        ssize_t got = read(fd, request + size, SERVER_REQUEST_SIZE - 1 - size);
        if (got <= 0)
            return;
        size += (size_t)got;
    }
}

static void server_answer(int fd, const struct answer *answer)
{
    size_t left = strlen(answer->text);
    const char *at = answer->text;
    while (left > 0) {
        ssize_t put = send(fd, at, left, MSG_NOSIGNAL);
        if (put <= 0)
            return;
        at += put;
        left -= (size_t)put;
    }
    if (answer->interrupt)
        kill(getpid(), SIGTERM);
    char byte;
    while (answer->hang && read(fd, &byte, 1) > 0)
        continue;
}

static void *server_run(void *of)
{
    struct server *server = of;
    while (server->served < server->count) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            return NULL; /* stopped */
        size_t i = server->served++;
        server_read(fd, server->requests[i % SERVER_REQUESTS]);
        server_answer(fd, &server->answers[i]);
        close(fd);
    }
    return NULL;
}

static bool server_start(struct server *server, const struct answer *answers, size_t count)
{
    server->answers = answers;
    server->count = count;
    server->served = 0;
    memset(server->requests, 0, sizeof(server->requests));
    return listen(server->listener, 8) == 0 &&
           pthread_create(&server->thread, NULL, server_run, server) == 0;
}

static inline bool server_bind_tcp(struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    bool ok = bind(server->listener, (struct sockaddr *)&address, size) == 0 &&
              getsockname(server->listener, (struct sockaddr *)&address, &size) == 0;
    server->port = ntohs(address.sin_port);
    return ok;
}

static inline bool server_bind_unix(struct server *server, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
    server->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(server->listener, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static void server_stop(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

#endif
