/* SPDX-License-Identifier: Apache-2.0 */
/* A loopback port that refuses every connection, for tests of dead servers: it is bound, so that no
 * other test gets it meanwhile, and nobody listens. */
#ifndef SG_TESTS_REFUSING_PORT_H
#define SG_TESTS_REFUSING_PORT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The port's number; it is free again when *out_socket is closed. */
static inline int refusing_port(int *out_socket)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    *out_socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*out_socket, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(*out_socket, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

#endif
