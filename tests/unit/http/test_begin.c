/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl is made ready once, whichever threads ask first: before 7.84 that was no safe thing to do
 * twice at a time. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "http/http.h"

#include "unit/refusing_port.h"

static atomic_int begun;

/* In place of libcurl's own. */
int curl_global_init(long flags);
int curl_global_init(long flags)
{
    int (*real)(long) = NULL;
    void *symbol = dlsym(RTLD_NEXT, "curl_global_init");
    memcpy(&real, &symbol, sizeof(real));
    atomic_fetch_add(&begun, 1);
    return real(flags);
}

static void *ask(void *url)
{
    struct sg_http_request request = {.url = url, .timeout = 5};
    struct sg_http_response response = {0};
    struct sg_error err = {0};
    (void)!sg_http(&request, &response, &err);
    sg_http_response_free(&response);
    return NULL;
}

static void it_is_made_ready_once_for_all_threads(void **state)
{
    (void)state;
    char url[64];
    pthread_t threads[8];
    int refusing = -1;
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%d/", refusing_port(&refusing));
    for (size_t i = 0; i < SG_COUNT(threads); i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask, url), 0);
    }
    for (size_t i = 0; i < SG_COUNT(threads); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(atomic_load(&begun), 1);
    assert_int_equal(close(refusing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_made_ready_once_for_all_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
