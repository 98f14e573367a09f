/* SPDX-License-Identifier: Apache-2.0 */
/* Where the engine is and how it is spoken to; where the ports that it publishes are found. */
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/docker.h"
#include "testbench/engine.h"

static char *endpoint(void)
{
    const char *host = sg_env("DOCKER_HOST");
    if (host != NULL) {
        return sg_strdup(host);
    }
    const char *argv[] = {"docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}",
                          NULL};
    char *out = NULL;
    struct sg_error ignored = {0};
    if (!sg_docker_output(argv, &out, &ignored) || out[0] == '\0') {
        free(out);
        return sg_strdup("unix:///var/run/docker.sock");
    }
    return out;
}

char *sg_host_name(void)
{
    char host[256] = "";
    (void)gethostname(host, sizeof(host) - 1);
    return sg_strdup(host);
}

/* The address of the default route's gateway, or NULL. */
static char *gateway_address(void)
{
    char *route = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    unsigned long gateway = 0;
    if (!sg_file_read("/proc/net/route", 65536, &route, &size, &ignored)) {
        return NULL;
    }
    char *line = strchr(route, '\n');
    for (; line != NULL && gateway == 0; line = strchr(line + 1, '\n')) {
        char *field = strchr(line + 1, '\t');
        if (field != NULL && sg_starts_with(field, "\t00000000\t")) {
            gateway = strtoul(field + 10, NULL, 16);
        }
    }
    free(route);
    return gateway == 0 ? NULL
                        : sg_format("%lu.%lu.%lu.%lu", gateway & 255, (gateway >> 8) & 255,
                                    (gateway >> 16) & 255, (gateway >> 24) & 255);
}

/* Inside a container that speaks to the host's engine through a mounted socket, published ports are
 * on the gateway of the container's own network (Testcontainers' rule). The engine's host then has
 * another name than this one. */
static char *published_host(const char *engine_name)
{
    char *here = sg_host_name();
    bool nested = sg_file_exists("/.dockerenv") && !sg_streq(here, engine_name);
    char *gateway = nested ? gateway_address() : NULL;
    free(here);
    return gateway != NULL ? gateway : sg_strdup("127.0.0.1");
}

/* "docker" of "docker:2376", "::1" of "[::1]:2375". */
static char *host_of(const char *authority)
{
    bool bracketed = authority[0] == '[';
    const char *from = authority + (bracketed ? 1 : 0);
    return sg_format("%.*s", (int)strcspn(from, bracketed ? "]" : ":/"), from);
}

static bool is_loopback(const char *host)
{
    return sg_streq(host, "localhost") || sg_streq(host, "::1") || sg_starts_with(host, "127.");
}

/* Published as narrowly as `host` allows: on loopback, on the gateway's own address, which only
 * containers reach, else on all addresses of an engine that is elsewhere. */
static void choose_addresses(struct sg_engine *engine, const char *engine_name)
{
    const char *told = sg_env("SVCGATE_ENGINE_HOST");
    bool gateway = false;
    if (told != NULL) {
        free(engine->host);
        engine->host = sg_strdup(told);
    } else if (engine->host == NULL) {
        engine->host = published_host(engine_name);
        gateway = !is_loopback(engine->host);
    }
    engine->bind = sg_strdup(sg_streq(engine->host, "::1") ? "[::1]"
                             : is_loopback(engine->host)   ? "127.0.0.1"
                             : gateway                     ? engine->host
                                                           : "0.0.0.0");
    engine->open = !is_loopback(engine->host);
}

/* Docker's own variables: TLS with client certificates, by default those in ~/.docker. */
static void parse_tcp(const char *authority, struct sg_engine *out)
{
    bool tls = sg_env("DOCKER_TLS_VERIFY") != NULL;
    const char *folder = sg_env("DOCKER_CERT_PATH");
    const char *home = sg_env("HOME");
    out->base_url = sg_format("%s://%s", tls ? "https" : "http", authority);
    out->host = host_of(authority);
    out->remote = true;
    if (tls) {
        out->certs = folder != NULL ? sg_strdup(folder)
                                    : sg_path_join(home != NULL ? home : "/root", ".docker");
    }
}

/* Docker's client starts ssh for each request; requests by the second want a way that stays. */
static bool refuse_ssh(const char *host, struct sg_error *err)
{
    return sg_fail(err, SG_ERROR_ENVIRONMENT,
                   "the Docker engine at ssh://%s is not asked over ssh. Forward its socket with "
                   "`ssh -N -L /tmp/engine.sock:/var/run/docker.sock %s`, and set "
                   "DOCKER_HOST=unix:///tmp/engine.sock, "
                   "SVCGATE_ENGINE_SOCKET=/var/run/docker.sock and SVCGATE_ENGINE_HOST to its host",
                   host, host);
}

static bool parse_endpoint(const char *text, struct sg_engine *out, struct sg_error *err)
{
    if (sg_starts_with(text, "unix://")) {
        out->socket = sg_strdup(text + 7);
        out->base_url = sg_strdup("http://localhost");
        return true;
    }
    if (sg_starts_with(text, "tcp://")) {
        parse_tcp(text + 6, out);
        return true;
    }
    if (sg_starts_with(text, "ssh://")) {
        return refuse_ssh(text + 6, err);
    }
    return sg_fail(err, SG_ERROR_ENVIRONMENT,
                   "the Docker engine at %s cannot be read: svcgate needs a unix:// or tcp:// "
                   "endpoint (set DOCKER_HOST)",
                   text);
}

/* A socket may lead into a virtual machine (Docker Desktop, Colima, Lima) or be forwarded: the
 * kernel there is another one. */
static bool is_elsewhere(const struct sg_json *info)
{
    const char *kernel = sg_json_string(sg_json_get(info, "KernelVersion"), NULL);
    struct utsname here;
    return kernel != NULL && uname(&here) == 0 && !sg_streq(kernel, here.release);
}

static void describe(struct sg_engine *engine, const struct sg_json *info)
{
    const char *told = sg_env("SVCGATE_ENGINE_SOCKET");
    const char *address = engine->socket != NULL ? engine->socket : engine->base_url;
    choose_addresses(engine, sg_json_string(sg_json_get(info, "Name"), ""));
    engine->id = sg_strdup(sg_json_string(sg_json_get(info, "ID"), address));
    engine->mount = sg_strdup(told != NULL             ? told
                              : engine->socket != NULL ? engine->socket
                                                       : "/var/run/docker.sock");
    engine->remote = engine->remote || is_elsewhere(info);
    sg_engine_kind_read(info, &engine->kind);
}

char *sg_engine_url(const struct sg_engine *engine, int port)
{
    bool v6 = strchr(engine->host, ':') != NULL;
    return sg_format("http://%s%s%s:%d", v6 ? "[" : "", engine->host, v6 ? "]" : "", port);
}

bool sg_engine_find(struct sg_engine *out, struct sg_error *err)
{
    *out = (struct sg_engine){0};
    char *text = endpoint();
    bool ok = parse_endpoint(text, out, err);
    free(text);
    struct sg_json *info = NULL;
    ok = ok && sg_engine_get(out, "/info", &info, err);
    if (ok) {
        describe(out, info);
    }
    sg_json_free(info);
    if (!ok) {
        sg_error_append(err,
                        "Start it (for example `sudo systemctl start docker`) or set DOCKER_HOST.");
        sg_engine_clear(out);
    }
    return ok;
}

void sg_engine_clear(struct sg_engine *engine)
{
    free(engine->socket);
    free(engine->base_url);
    free(engine->certs);
    free(engine->host);
    free(engine->bind);
    free(engine->id);
    free(engine->mount);
    free(engine->kind.containerd);
    *engine = (struct sg_engine){0};
}
