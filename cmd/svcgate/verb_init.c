/* SPDX-License-Identifier: Apache-2.0 */
/* svcgate init: a first svcgate.yaml, load.js and the schema for editors, and the files for CI.
 * Never overwrites. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "init_files.h"
#include "verbs.h"

/* The first line is for editors with yaml-language-server. The schema lies beside the file: it
 * works offline, for everybody who has the repository, and is that of this version. Between head
 * and tail stands what the change is held against. */
static const char config_head[] =
    "# yaml-language-server: $schema=svcgate.schema.json\n"
    "# svcgate: does this change cost us anything? `svcgate run` answers.\n"
    "# All keys: svcgate config show\n"
    "version: 1\n"
    "service:\n"
    "  name: api              # with `compose: compose.yaml` the service's name there\n"
    "  port: 8080\n"
    "  ready: /healthz        # answers 2xx when the service can work\n"
    "  cpus: 1\n"
    "  memory: 256MiB\n"
    "variants:\n";
static const char base_image[] =
    "  base: { image: \"my-service:main\" }   # what is in production\n";
static const char base_source[] =
    "  base: { build: { context: ., ref: merge-base(origin/main) } } # where the branch began\n";
static const char config_tail[] =
    "  candidate: { build: . }              # what you want to merge\n"
    "reference: base\n"
    "load:\n"
    "  script: load.js\n"
    "  rate: 100/s            # 60 % of what one copy can serve, or less; auto finds one\n"
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

/* What a forge's CI reads, and what is still to be done with it. */
static const struct forge_file {
    const char *forge, *asset, *path;
} forge_files[] = {
    {"github", "github/workflows/svcgate.yml", ".github/workflows/svcgate.yml"},
    {"github", "github/workflows/svcgate-publish.yml", ".github/workflows/svcgate-publish.yml"},
    {"gitlab", "gitlab/svcgate.gitlab-ci.yml", ".gitlab-ci.svcgate.yml"},
};

static const struct advice {
    const char *forge, *text;
} advices[] = {
    {"github",
     "In both workflows, put in where you have svcgate: OWNER and a commit of it. Both\n"
     "belong into .github/workflows at the root of the repository (docs/ci-github.md).\n"},
    {"gitlab", "Take it up in .gitlab-ci.yml: include: { local: .gitlab-ci.svcgate.yml }\n"
               "(docs/ci-gitlab.md)\n"},
};

struct options {
    char *ci;
};

static const struct sg_option rows[] = {
    {"ci", 0, SG_OPTION_STRING, "FORGE", "github or gitlab: the files for its CI too",
     offsetof(struct options, ci), NULL},
    {NULL, 0, SG_OPTION_FLAG, NULL, NULL, 0, NULL},
};

struct new_file {
    const char *path, *text;
    size_t size;
};

#define FILES_MAX (3 + SG_COUNT(forge_files))

static const struct sg_asset *find_asset(const char *name)
{
    size_t i = 0;
    while (i + 1 < init_files_count && !sg_streq(init_files[i].name, name)) {
        i++;
    }
    return &init_files[i]; /* tests/cli/test_files.sh compares each with its source */
}

static size_t add_forge(const char *forge, struct new_file *files, size_t count)
{
    for (size_t i = 0; i < SG_COUNT(forge_files); i++) {
        if (sg_streq(forge, forge_files[i].forge)) {
            const struct sg_asset *asset = find_asset(forge_files[i].asset);
            files[count++] = (struct new_file){forge_files[i].path, asset->data, asset->size};
        }
    }
    return count;
}

/* All of them or, where one is there already, none. */
static bool write_new(const struct new_file *files, size_t count, struct sg_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (sg_file_exists(files[i].path)) {
            return sg_fail(err, SG_ERROR_CONFIG, "%s exists already; nothing was written",
                           files[i].path);
        }
    }
    for (size_t i = 0; i < count; i++) {
        char *folder = sg_path_folder(files[i].path);
        bool ok = sg_folder_make(folder, err) &&
                  sg_file_write(files[i].path, files[i].text, files[i].size, err);
        free(folder);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static void tell(const struct new_file *files, size_t count, bool configured, const char *forge)
{
    for (size_t i = 0; i < count; i++) {
        (void)printf("wrote %s\n", files[i].path);
    }
    (void)printf(configured ? "svcgate.yaml was there already and stays as it is.\n"
                            : "Name your images and your requests in svcgate.yaml and load.js, "
                              "then:\nsvcgate doctor && svcgate run\n");
    for (size_t i = 0; i < SG_COUNT(advices); i++) {
        if (sg_streq(forge, advices[i].forge)) {
            (void)printf("%s", advices[i].text);
        }
    }
}

/* A project that has its svcgate.yaml gets the files for CI alone. */
static bool init(const char *forge, struct sg_error *err)
{
    struct new_file files[FILES_MAX];
    size_t count = 0;
    bool configured = forge != NULL && sg_file_exists("svcgate.yaml");
    char *config =
        sg_format("%s%s%s", config_head, forge != NULL ? base_source : base_image, config_tail);
    if (!configured) {
        files[count++] = (struct new_file){"svcgate.yaml", config, strlen(config)};
        files[count++] = (struct new_file){"load.js", script_text, strlen(script_text)};
        files[count++] =
            (struct new_file){"svcgate.schema.json", sg_config_schema, strlen(sg_config_schema)};
    }
    count = add_forge(forge, files, count);
    bool ok = write_new(files, count, err);
    if (ok) {
        tell(files, count, configured, forge);
    }
    free(config);
    return ok;
}

static bool check_words(const struct sg_strings *words, const char *forge, struct sg_error *err)
{
    if (words->count > 0) {
        return sg_fail(err, SG_ERROR_CONFIG, "svcgate init takes no \"%s\"", words->items[0]);
    }
    return forge == NULL || sg_streq(forge, "github") || sg_streq(forge, "gitlab") ||
           sg_fail(err, SG_ERROR_CONFIG, "--ci %s: write github or gitlab", forge);
}

static int run(const struct verb *verb, int argc, char **argv)
{
    struct options options = {0};
    struct sg_strings words = {0};
    struct sg_error err = {0};
    int status = EXIT_USAGE;
    if (!verb_parse(verb, argc, argv, &options, &words, &status)) {
        return status;
    }
    bool ok = check_words(&words, options.ci, &err) && init(options.ci, &err);
    status = ok ? EXIT_PASS : report_error(&err);
    sg_strings_clear(&words);
    sg_options_clear(rows, &options);
    return status;
}

const struct verb verb_init = {"init", "write a first svcgate.yaml and load.js",
                               "svcgate init [options]\n\n"
                               "Never overwrites. With --ci, a svcgate.yaml that is there already\n"
                               "stays as it is, and only the files for CI are written.",
                               rows, run};
