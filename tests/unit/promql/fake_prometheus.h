/* SPDX-License-Identifier: Apache-2.0 */
/* A Prometheus for tests: answers on a loopback port from a table, the first row whose text occurs
 * in the query wins, and remembers the queries. For test programs only. */
#ifndef SG_TESTS_FAKE_PROMETHEUS_H
#define SG_TESTS_FAKE_PROMETHEUS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define FAKE_MAX 64
#define FAKE_REQUEST 65536

struct fake_answer {
    const char *part; /* of the decoded request body (or of the path); "" is every request */
    int status;
    const char *body;
};

struct fake_prometheus {
    int listener;
    int port;
    pthread_t thread;
    bool stopped;
    pthread_mutex_t lock;
    struct fake_answer answers[FAKE_MAX];
    size_t answers_count;
    char *requests[FAKE_MAX]; /* decoded: request line, headers, body */
    size_t requests_count;
};

static inline int fake_hex(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* In place; '+' stays, as our client writes %20. */
static inline void fake_decode(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0'; c++) {
        if (c[0] == '%' && c[1] != '\0' && c[2] != '\0') {
            *to++ = (char)(16 * fake_hex(c[1]) + fake_hex(c[2]));
            c += 2;
        } else {
            *to++ = *c;
        }
    }
    *to = '\0';
}

/* Reads headers and the announced body. */
static inline void fake_read(int fd, char *buffer)
{
    size_t used = 0, wanted = FAKE_REQUEST - 1;
    buffer[0] = '\0';
    while (used < wanted) {
        ssize_t got = read(fd, buffer + used, wanted - used);
        if (got <= 0)
            break;
        used += (size_t)got;
        buffer[used] = '\0';
        char *body = strstr(buffer, "\r\n\r\n");
        if (body == NULL)
            continue;
        size_t length = 0;
        for (char *line = buffer; line < body; line = strstr(line, "\r\n") + 2)
            if (strncasecmp(line, "content-length:", 15) == 0)
                length = strtoul(line + 15, NULL, 10);
        wanted = (size_t)(body - buffer) + 4 + length;
    }
}

static inline void fake_write(int fd, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        left -= (size_t)sent;
    }
}

static inline void fake_serve(struct fake_prometheus *fake, int fd)
{
    char *buffer = malloc(FAKE_REQUEST);
    char head[256];
    fake_read(fd, buffer);
    fake_decode(buffer);
    pthread_mutex_lock(&fake->lock);
    struct fake_answer answer = {
        "", 200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}"};
    for (size_t i = fake->answers_count; i > 0; i--)
        if (strstr(buffer, fake->answers[i - 1].part) != NULL)
            answer = fake->answers[i - 1];
    if (fake->requests_count < FAKE_MAX)
        fake->requests[fake->requests_count++] = strdup(buffer);
    pthread_mutex_unlock(&fake->lock);
    snprintf(head, sizeof head,
             "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nConnection: close\r\n"
             "Content-Length: %zu\r\n\r\n",
             answer.status, strlen(answer.body));
    fake_write(fd, head);
    fake_write(fd, answer.body);
    free(buffer);
}

static inline void *fake_run(void *argument)
{
    struct fake_prometheus *fake = argument;
    for (;;) {
        int fd = accept(fake->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        pthread_mutex_lock(&fake->lock);
        bool stopped = fake->stopped;
        pthread_mutex_unlock(&fake->lock);
        if (!stopped)
            fake_serve(fake, fd);
        close(fd);
        if (stopped)
            return NULL;
    }
}

static inline struct fake_prometheus *fake_new(void)
{
    struct fake_prometheus *fake = calloc(1, sizeof *fake);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fake->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fake->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(fake->listener, 16) != 0 ||
        getsockname(fake->listener, (struct sockaddr *)&address, &size) != 0)
        abort();
    fake->port = ntohs(address.sin_port);
    pthread_mutex_init(&fake->lock, NULL);
    if (pthread_create(&fake->thread, NULL, fake_run, fake) != 0)
        abort();
    return fake;
}

static inline void fake_add(struct fake_prometheus *fake, const char *part, int status,
                            const char *body)
{
    pthread_mutex_lock(&fake->lock);
    if (fake->answers_count == FAKE_MAX)
        abort();
    fake->answers[fake->answers_count++] = (struct fake_answer){part, status, body};
    pthread_mutex_unlock(&fake->lock);
}

static inline void fake_free(struct fake_prometheus *fake)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)fake->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    pthread_mutex_lock(&fake->lock);
    fake->stopped = true;
    pthread_mutex_unlock(&fake->lock);
    int fd = socket(AF_INET, SOCK_STREAM, 0); /* wakes the server */
    (void)!connect(fd, (struct sockaddr *)&address, sizeof address);
    pthread_join(fake->thread, NULL);
    close(fd);
    close(fake->listener);
    for (size_t i = 0; i < fake->requests_count; i++)
        free(fake->requests[i]);
    pthread_mutex_destroy(&fake->lock);
    free(fake);
}

#endif
