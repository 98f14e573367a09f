/* SPDX-License-Identifier: Apache-2.0 */
/* Is a port open? For services that do not speak HTTP. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testbench/internal.h"

#define CONNECT_TIME 2000 /* ms */
#define KEPT_TIME 300     /* ms that an open connection is not closed */

static bool connects(int fd, const struct addrinfo *to)
{
    int failed = 0;
    socklen_t size = sizeof(failed);
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        return false;
    }
    if (connect(fd, to->ai_addr, to->ai_addrlen) == 0) {
        return true;
    }
    return errno == EINPROGRESS && poll(&wait, 1, CONNECT_TIME) == 1 &&
           getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0;
}

/* Nothing happens, or the other side speaks first. */
static bool is_kept(int fd)
{
    char first = 0;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, KEPT_TIME) == 0 || recv(fd, &first, 1, MSG_PEEK) > 0;
}

bool sg_port_open(const char *host, int port)
{
    char service[16];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    (void)snprintf(service, sizeof(service), "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0) {
        return false;
    }
    bool open = false;
    for (const struct addrinfo *one = found; !open && one != NULL; one = one->ai_next) {
        int fd = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
        open = fd >= 0 && connects(fd, one) && is_kept(fd);
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    freeaddrinfo(found);
    return open;
}
