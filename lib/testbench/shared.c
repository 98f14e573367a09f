/* SPDX-License-Identifier: Apache-2.0 */
/* What a session uses of what is not its own: external volumes and networks, folders and devices of
 * the host. They are used as they are, so whoever runs it is told before the first repetition. */
#include "testbench/stack.h"

#include <stdlib.h>

#include "base/options.h"
#include "base/text.h"

struct search {
    const struct sg_json *project;
    struct sg_strings found; /* one line each */
};

static bool has(const struct sg_strings *strings, const char *text)
{
    bool found = false;
    for (size_t i = 0; i < strings->count; i++) {
        found = found || sg_streq(strings->items[i], text);
    }
    return found;
}

static void add_found(struct search *search, char *line)
{
    if (!has(&search->found, line)) {
        sg_strings_add(&search->found, line);
    }
    free(line);
}

/* A volume of the session that keeps its data elsewhere: `driver_opts: { device: … }`. */
static const char *device_of(const struct sg_json *volume)
{
    return sg_json_string(sg_json_get(sg_json_get(volume, "driver_opts"), "device"), NULL);
}

static void add_volume(struct search *search, const char *key, const char *access)
{
    const struct sg_json *volume = sg_json_get(sg_json_get(search->project, "volumes"), key);
    const char *name = sg_json_string(sg_json_get(volume, "name"), key);
    if (sg_json_bool(sg_json_get(volume, "external"), false)) {
        add_found(search, sg_format("external volume %s%s", name, access));
    } else if (device_of(volume) != NULL) {
        add_found(search, sg_format("volume %s on %s%s", key, device_of(volume), access));
    }
}

static void look_at_mounts(struct search *search, const struct sg_json *service)
{
    const struct sg_json *mounts = sg_json_get(service, "volumes");
    for (const struct sg_json *m = sg_json_first(mounts); m != NULL; m = sg_json_next(m)) {
        const char *type = sg_json_string(sg_json_get(m, "type"), "");
        const char *source = sg_json_string(sg_json_get(m, "source"), NULL);
        bool safe = sg_json_bool(sg_json_get(m, "read_only"), false);
        const char *access = safe ? " (read-only)" : "";
        if (source != NULL && sg_streq(type, "volume")) {
            add_volume(search, source, access);
        } else if (source != NULL && sg_streq(type, "bind")) {
            add_found(search, sg_format("host path %s%s", source, access));
        }
    }
}

static void look_at_networks(struct search *search, const struct sg_json *service)
{
    const struct sg_json *all = sg_json_get(search->project, "networks");
    const struct sg_json *own = sg_json_get(service, "networks");
    for (const struct sg_json *n = sg_json_first(own); n != NULL; n = sg_json_next(n)) {
        const struct sg_json *network = sg_json_get(all, sg_json_key(n));
        if (sg_json_bool(sg_json_get(network, "external"), false)) {
            const char *name = sg_json_string(sg_json_get(network, "name"), sg_json_key(n));
            add_found(search, sg_format("external network %s", name));
        }
    }
}

char *sg_stack_shared(const struct sg_json *project)
{
    struct search search = {.project = project};
    struct sg_text text = {0};
    const struct sg_json *services = sg_json_get(project, "services");
    for (const struct sg_json *s = sg_json_first(services); s != NULL; s = sg_json_next(s)) {
        look_at_mounts(&search, s);
        look_at_networks(&search, s);
    }
    for (size_t i = 0; i < search.found.count; i++) {
        sg_text_printf(&text, "%s%s", i > 0 ? ", " : "", search.found.items[i]);
    }
    bool none = search.found.count == 0;
    sg_strings_clear(&search.found);
    return none ? NULL : sg_text_take(&text);
}
