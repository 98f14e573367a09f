/* SPDX-License-Identifier: Apache-2.0 */
/* An open port is one that keeps a connection: an engine's proxy takes any. */
#include "unit/testbench/help.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "testbench/internal.h"

enum manner { SILENT, TALKS, CLOSES };

struct server {
    int listener, port;
    enum manner manner;
    pthread_t thread;
};

static void *serve(void *context)
{
    struct server *server = context;
    int peer = accept(server->listener, NULL, NULL);
    if (server->manner == TALKS) {
        (void)!write(peer, "x", 1);
    }
    if (server->manner != CLOSES) {
        (void)poll(NULL, 0, 600);
    }
    (void)close(peer);
    return NULL;
}

static void start(struct server *server, enum manner manner)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    server->manner = manner;
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listener, 4), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static bool is_open(enum manner manner)
{
    struct server server;
    start(&server, manner);
    bool open = sg_port_open("127.0.0.1", server.port);
    (void)pthread_join(server.thread, NULL);
    (void)close(server.listener);
    return open;
}

static void a_service_that_waits_for_us_is_open(void **state)
{
    (void)state;
    assert_true(is_open(SILENT));
}

static void a_service_that_speaks_first_is_open(void **state)
{
    (void)state;
    assert_true(is_open(TALKS));
}

static void a_proxy_with_nobody_behind_it_is_not(void **state)
{
    (void)state;
    assert_false(is_open(CLOSES));
}

static void a_port_that_nobody_listens_on_is_not(void **state)
{
    (void)state;
    struct server server;
    start(&server, CLOSES);
    assert_false(sg_port_open("127.0.0.1", server.port));
    (void)pthread_join(server.thread, NULL);
    (void)close(server.listener);
    assert_false(sg_port_open("127.0.0.1", server.port));
    assert_false(sg_port_open("no-such-host.invalid", server.port));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_that_waits_for_us_is_open),
        cmocka_unit_test(a_service_that_speaks_first_is_open),
        cmocka_unit_test(a_proxy_with_nobody_behind_it_is_not),
        cmocka_unit_test(a_port_that_nobody_listens_on_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
