/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the answers of the Docker engine: inspection, statistics, lists, what it says of
 * itself. Nothing crashes, and what is found to be removed carries a session's labels. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/outside.h"
#include "testbench/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char address[] = "http://localhost";
static const struct sg_engine engine = {.base_url = address, .remote = true};

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void ask_of_container(void)
{
    struct sg_error err = {0};
    struct sg_reading reading = {0};
    struct sg_container_state state = {0};
    char id[65] = "";
    bool alive = false;
    int port = 0;
    if (sg_engine_reading(&engine, "c", &reading, &alive, &err)) {
        require(!alive || (reading.time > 0 && reading.cpu > 0));
    }
    (void)!sg_engine_state(&engine, "c", &state, &err);
    if (sg_engine_compose_id(&engine, "p", "s", id, &err)) {
        require(strlen(id) == 64);
    }
    if (sg_engine_port(&engine, "c", 8080, &port, &err)) {
        require(port > 0 && port <= 65535);
    }
    require(isfinite(sg_engine_now(&engine)));
    struct sg_json *info = NULL;
    if (sg_engine_get(&engine, "/info", &info, &err)) {
        struct sg_engine_kind kind;
        sg_engine_kind_read(info, &kind);
        free(kind.containerd);
    }
    sg_json_free(info);
}

static void ask_for_lists(void)
{
    struct sg_error err = {0};
    struct sg_json *list = NULL;
    struct sg_lock_holder holder;
    if (!sg_lock_list(&engine, &list, &err)) {
        return;
    }
    enum sg_lock_state state = sg_lock_look(list, 1e9, &holder);
    require(state == SG_LOCK_FREE || (holder.id != NULL && holder.session != NULL));
    for (const struct sg_json *item = sg_json_first(list); item; item = sg_json_next(item)) {
        const struct sg_json *labels = sg_json_get(item, "Labels");
        const char *project = sg_json_string(sg_json_get(labels, "com.docker.compose.project"), "");
        require(!sg_clean_chosen(item, NULL, true) || sg_starts_with(project, "svcgate-"));
    }
    sg_json_free(list);
}

static void ask_of_itself(void)
{
    static struct sg_config_variant variants[] = {{.name = "a"}};
    static struct sg_image images[] = {{.name = "shop:1", .digest = "sha256:1", .id = "1"}};
    static char host[] = "here";
    const struct sg_config config = {
        .variants = variants, .variants_count = 1, .cpus = NAN, .memory = NAN};
    struct sg_bench bench = {.config = &config,
                             .engine = engine,
                             .host = host,
                             .cpus = 2,
                             .variants = images,
                             .k6 = images[0],
                             .prometheus = images[0],
                             .cadvisor = images[0]};
    struct sg_session session = {0};
    struct sg_error err = {0};
    if (sg_bench_describe(&bench, &session, &err)) {
        require(session.facts_count > 0);
    }
    sg_session_clear(&session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sg_outside_begin((const char *)data, size, address);
    ask_of_container();
    sg_outside_begin((const char *)data, size, address);
    ask_for_lists();
    sg_outside_begin((const char *)data, size, address);
    ask_of_itself();
    return 0;
}
