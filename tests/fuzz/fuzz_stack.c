/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what `docker compose config` prints of the user's stack. What the session makes of
 * it keeps the promises: nothing of the user's is named, no port of the host is taken, all is
 * labelled, the service starts once with the limits that were asked for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "testbench/stack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sg_pair environment[] = {{"PRICE", "5$"}};
static struct sg_config_variant variants[] = {
    {.name = "base"}, {.name = "candidate", .env = environment, .env_count = 1}};
static struct sg_image images[] = {{.name = "shop:1"}, {0}};
static char session[] = "s1", project_name[] = "svcgate-s1", host[] = "here", service[] = "api",
            bind[] = "127.0.0.1", alias[] = SG_ALIAS, network[] = "svcgate-s1-load";

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool is_ours(const struct sg_json *labels)
{
    return sg_streq(sg_json_string(sg_json_get(labels, "svcgate.session"), ""), session);
}

static void check_service(const struct sg_json *one)
{
    bool tested = sg_streq(sg_json_key(one), service);
    require(sg_json_get(one, "container_name") == NULL);
    require(is_ours(sg_json_get(one, "labels")));
    require(tested == (sg_json_count(sg_json_get(one, "ports")) == 1));
    require(sg_streq(sg_json_string(sg_json_get(one, "cpuset"), ""), "0"));
    if (tested) {
        require(sg_streq(sg_json_string(sg_json_get(one, "restart"), ""), "no"));
        require(sg_json_get(one, "network_mode") == NULL && sg_json_get(one, "deploy") == NULL);
        require(sg_json_number(sg_json_get(one, "cpus"), 0) == 0.5); /* as it was written */
    }
}

static void check_owned(const struct sg_json *all)
{
    if (!sg_json_is_object(all)) {
        return; /* compose would refuse it */
    }
    for (const struct sg_json *one = sg_json_first(all); one != NULL; one = sg_json_next(one)) {
        bool external = sg_json_bool(sg_json_get(one, "external"), false);
        require(external ||
                (sg_json_get(one, "name") == NULL && is_ours(sg_json_get(one, "labels"))));
    }
}

static void check_project(const struct sg_json *project)
{
    const struct sg_json *services = sg_json_get(project, "services");
    for (const struct sg_json *s = sg_json_first(services); s != NULL; s = sg_json_next(s)) {
        check_service(s);
    }
    check_owned(sg_json_get(project, "volumes"));
    check_owned(sg_json_get(project, "networks"));
    const struct sg_json *load = sg_json_get(sg_json_get(project, "networks"), "svcgate_load");
    require(sg_streq(sg_json_string(sg_json_get(load, "name"), ""), "svcgate-s1-load"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sg_config config = {
        .variants = variants, .variants_count = 2, .port = 8080, .cpus = 0.5, .memory = 1 << 28};
    const struct sg_bench bench = {.config = &config,
                                   .session = session,
                                   .project = project_name,
                                   .host = host,
                                   .engine = {.bind = bind},
                                   .service = service,
                                   .variants = images,
                                   .pinning = {.service = "0"}};
    struct sg_error err = {0};
    for (size_t variant = 0; variant < SG_COUNT(variants); variant++) {
        struct sg_json *project = sg_json_parse((const char *)data, size, "fuzz", &err);
        if (sg_json_get(sg_json_get(project, "services"), service) != NULL) {
            free(sg_stack_shared(project));
            free(sg_stack_once(project));
            free(sg_stack_kept(project));
            const struct sg_place place = {.project = project_name,
                                           .network = network,
                                           .alone = true,
                                           .alias = alias,
                                           .variant = variant};
            sg_stack_lay_over(&bench, project, &place);
            check_project(project);
        }
        sg_json_free(project);
    }
    return 0;
}
