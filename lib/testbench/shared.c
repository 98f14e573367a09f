/* SPDX-License-Identifier: Apache-2.0 */
/* What a session uses of what is not its own: external volumes and networks, folders and devices of
 * the host. They are used as they are, so whoever runs it is told before the first repetition; and
 * what several copies of the stack would write to, or answer for, must not be used by them at once:
 * a database's folder with six writers is lost. */
#include "testbench/stack.h"

#include <stdlib.h>
#include <string.h>

#include "base/options.h"
#include "base/text.h"

struct search {
    const struct sg_json *project;
    struct sg_strings shared; /* used as it is; a line each */
    struct sg_strings once;   /* not to be used by several copies at once */
    struct sg_strings kept;   /* what is written there stays */
};

static void add_line(struct sg_strings *strings, const char *line)
{
    bool known = false;
    for (size_t i = 0; i < strings->count; i++) {
        known = known || sg_streq(strings->items[i], line);
    }
    if (!known) {
        sg_strings_add(strings, line);
    }
}

static void add_found(struct search *search, char *line, bool once)
{
    add_line(&search->shared, line);
    if (once) {
        add_line(&search->once, line);
    }
    free(line);
}

/* What keeps its data elsewhere, although the session makes it: `driver_opts: { device: … }`, or a
 * driver that reaches another machine. */
static char *elsewhere(const char *key, const struct sg_json *volume)
{
    const struct sg_json *options = sg_json_get(volume, "driver_opts");
    const char *driver = sg_json_string(sg_json_get(volume, "driver"), "local");
    const char *device = sg_json_string(sg_json_get(options, "device"), NULL);
    if (!sg_streq(driver, "local")) {
        return sg_format("volume %s of driver %s", key, driver);
    }
    bool memory = sg_streq(sg_json_string(sg_json_get(options, "type"), ""), "tmpfs");
    return device != NULL && !memory ? sg_format("volume %s on %s", key, device) : NULL;
}

static void add_volume(struct search *search, const char *key, bool safe)
{
    const struct sg_json *volume = sg_json_get(sg_json_get(search->project, "volumes"), key);
    const char *name = sg_json_string(sg_json_get(volume, "name"), key);
    bool external = sg_json_bool(sg_json_get(volume, "external"), false);
    char *what = external ? sg_format("external volume %s", name) : elsewhere(key, volume);
    if (what != NULL) {
        add_found(search, sg_format("%s%s", what, safe ? " (read-only)" : ""), !safe);
    }
    if (what != NULL && !safe) {
        add_line(&search->kept, what);
    }
    free(what);
}

static bool is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return sg_starts_with(path, folder) && (path[length] == '\0' || path[length] == '/');
}

/* Who may only read a socket's folder or a device's file may still speak to what is behind it. */
static bool has_doors(const char *path)
{
    static const char *const folders[] = {"/run", "/var/run", "/dev"};
    bool found = sg_ends_with(path, ".sock") || sg_streq(path, "/") || sg_streq(path, "/var");
    for (size_t i = 0; i < SG_COUNT(folders); i++) {
        found = found || is_below(path, folders[i]);
    }
    return found;
}

static void add_path(struct search *search, const char *path, bool safe)
{
    char *line = sg_format("host path %s%s", path, safe ? " (read-only)" : "");
    if (!safe) {
        add_line(&search->kept, line);
    }
    add_found(search, line, !safe || has_doors(path));
}

static void look_at_mounts(struct search *search, const struct sg_json *service)
{
    const struct sg_json *mounts = sg_json_get(service, "volumes");
    for (const struct sg_json *m = sg_json_first(mounts); m != NULL; m = sg_json_next(m)) {
        const char *type = sg_json_string(sg_json_get(m, "type"), "");
        const char *source = sg_json_string(sg_json_get(m, "source"), NULL);
        bool safe = sg_json_bool(sg_json_get(m, "read_only"), false);
        if (source != NULL && sg_streq(type, "volume")) {
            add_volume(search, source, safe);
        } else if (source != NULL && (sg_streq(type, "bind") || sg_streq(type, "npipe"))) {
            add_path(search, source, safe);
        }
    }
    const struct sg_json *from = sg_json_get(service, "volumes_from");
    for (const struct sg_json *f = sg_json_first(from); f != NULL; f = sg_json_next(f)) {
        const char *name = sg_json_string(f, "");
        if (sg_starts_with(name, "container:")) {
            add_found(search, sg_format("the volumes of %s", name), !sg_ends_with(name, ":ro"));
        }
    }
}

static void look_at_devices(struct search *search, const struct sg_json *service)
{
    const struct sg_json *devices = sg_json_get(service, "devices");
    for (const struct sg_json *d = sg_json_first(devices); d != NULL; d = sg_json_next(d)) {
        const char *source = sg_json_string(sg_json_get(d, "source"), "?");
        add_found(search, sg_format("device %s", source), true);
    }
}

/* Ports and shared memory of the host, or of a container that is somebody else's. */
static void look_at_namespaces(struct search *search, const struct sg_json *service)
{
    static const char *const kinds[][2] = {{"network_mode", "network"}, {"ipc", "shared memory"}};
    for (size_t i = 0; i < SG_COUNT(kinds); i++) {
        const char *mode = sg_json_string(sg_json_get(service, kinds[i][0]), "");
        if (sg_streq(mode, "host") || sg_starts_with(mode, "container:")) {
            add_found(search, sg_format("the %s of %s", kinds[i][1], mode), true);
        }
    }
}

/* A network that the engine can make only once: its addresses, its bridge or its card are given. */
static bool is_fixed(const struct sg_json *network)
{
    const struct sg_json *ipam = sg_json_get(sg_json_get(network, "ipam"), "config");
    const struct sg_json *options = sg_json_get(network, "driver_opts");
    const char *driver = sg_json_string(sg_json_get(network, "driver"), "bridge");
    return sg_json_get(sg_json_first(ipam), "subnet") != NULL || !sg_streq(driver, "bridge") ||
           sg_json_get(options, "com.docker.network.bridge.name") != NULL;
}

static void look_at_networks(struct search *search, const struct sg_json *service)
{
    const struct sg_json *all = sg_json_get(search->project, "networks");
    const struct sg_json *own = sg_json_get(service, "networks");
    for (const struct sg_json *n = sg_json_first(own); n != NULL; n = sg_json_next(n)) {
        const struct sg_json *network = sg_json_get(all, sg_json_key(n));
        const char *name = sg_json_string(sg_json_get(network, "name"), sg_json_key(n));
        if (sg_json_bool(sg_json_get(network, "external"), false)) {
            add_found(search, sg_format("external network %s", name), true);
        } else if (is_fixed(network)) {
            char *line = sg_format("network %s, of which there can be one", sg_json_key(n));
            add_line(&search->once, line);
            free(line);
        }
    }
}

static char *joined(const struct sg_strings *strings)
{
    struct sg_text text = {0};
    for (size_t i = 0; i < strings->count; i++) {
        sg_text_printf(&text, "%s%s", i > 0 ? ", " : "", strings->items[i]);
    }
    return strings->count > 0 ? sg_text_take(&text) : NULL;
}

static struct search look(const struct sg_json *project)
{
    struct search search = {.project = project};
    const struct sg_json *services = sg_json_get(project, "services");
    for (const struct sg_json *s = sg_json_first(services); s != NULL; s = sg_json_next(s)) {
        look_at_mounts(&search, s);
        look_at_networks(&search, s);
        look_at_devices(&search, s);
        look_at_namespaces(&search, s);
    }
    return search;
}

static void forget(struct search *search)
{
    sg_strings_clear(&search->shared);
    sg_strings_clear(&search->once);
    sg_strings_clear(&search->kept);
}

char *sg_stack_shared(const struct sg_json *project)
{
    struct search search = look(project);
    char *text = joined(&search.shared);
    forget(&search);
    return text;
}

char *sg_stack_once(const struct sg_json *project)
{
    struct search search = look(project);
    char *text = joined(&search.once);
    forget(&search);
    return text;
}

char *sg_stack_kept(const struct sg_json *project)
{
    struct search search = look(project);
    char *text = joined(&search.kept);
    forget(&search);
    return text;
}
