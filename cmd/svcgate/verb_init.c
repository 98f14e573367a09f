/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate init: a first svcgate.yaml and load.js. Never overwrites. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "verbs.h"

static const char config_text[] =
    "# svcgate: does this change cost us anything? `svcgate run` answers.\n"
    "# All keys: svcgate config show\n"
    "version: 1\n"
    "service:\n"
    "  name: api              # with `compose: compose.yaml` the service's name there\n"
    "  port: 8080\n"
    "  ready: /healthz        # answers 2xx when the service can work\n"
    "  cpus: 1\n"
    "  memory: 256MiB\n"
    "variants:\n"
    "  base: { image: \"my-service:main\" }   # what is in production\n"
    "  candidate: { build: . }              # what you want to merge\n"
    "reference: base\n"
    "load:\n"
    "  script: load.js\n"
    "  rate: 100/s            # 60 % of what one copy can serve, or less\n"
    "  warmup: 10s\n"
    "  measure: 30s\n"
    "plan: { repetitions: 6..21, budget: 30m }\n"
    "gates:\n"
    "  - { metric: latency_p95, tolerance: 5%, floor: 1ms }\n"
    "  - { metric: cpu_per_request, tolerance: 5% }\n"
    "  - { metric: memory_max, tolerance: 10%, floor: 5MiB }\n"
    "  - { metric: error_rate, limit: 0.1% }\n";

static const char script_text[] =
    "// One request as your users make it. svcgate decides how often it is made.\n"
    "import http from 'k6/http';\n"
    "import { check } from 'k6';\n"
    "\n"
    "export default function () {\n"
    "  const answer = http.get(`${__ENV.BASE_URL}/`);\n"
    "  check(answer, { 'status is 200': (r) => r.status === 200 });\n"
    "}\n";

static const struct sg_option rows[] = {{NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL}};

static bool write_new(const char *path, const char *text, struct sg_error *err)
{
    if (sg_file_exists(path)) {
        return sg_fail(err, SG_ERROR_CONFIG, "%s exists already; nothing was written", path);
    }
    return sg_file_write(path, text, strlen(text), err);
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct sg_strings words = {0};
    struct sg_error err = {0};
    char unused = 0;
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &unused, &words, &status)) {
        return status;
    }
    bool ok = words.count == 0 ||
              sg_fail(&err, SG_ERROR_CONFIG, "svcgate init takes no \"%s\"", words.items[0]);
    ok = ok && (!sg_file_exists("load.js") ||
                sg_fail(&err, SG_ERROR_CONFIG, "load.js exists already; nothing was written"));
    ok = ok && write_new("svcgate.yaml", config_text, &err) &&
         write_new("load.js", script_text, &err);
    if (ok) {
        (void)printf("svcgate.yaml and load.js are written. Name your images and your requests in\n"
                     "them, then: svcgate doctor && svcgate run\n");
    }
    sg_strings_clear(&words);
    return ok ? EXIT_PASS : report_error(&err);
}

const struct verb verb_init = {"init", "write a first svcgate.yaml and load.js",
                               "svcgate init\n\nNever overwrites.", rows, run};
