/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a number within a tolerance; a temporary folder, and what was written into it. */
#ifndef SG_TESTS_TESTBENCH_HELP_H
#define SG_TESTS_TESTBENCH_HELP_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "json/json.h"

/* NaN is near nothing. */
static inline void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g is not %.17g", value, expected);
    }
}

static inline char *folder_new(void)
{
    char *folder = sg_strdup("/tmp/svcgate-unit-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static inline void folder_delete(char *folder)
{
    const char *argv[] = {"rm", "-rf", folder, NULL};
    struct sg_process process = {.argv = argv};
    struct sg_process_result result = {0};
    struct sg_error err = {0};
    assert_true(sg_process_run(&process, &result, &err));
    sg_process_result_free(&result);
    free(folder);
}

static inline char *folder_read(const char *folder, const char *name)
{
    char *path = sg_path_join(folder, name);
    char *text = NULL;
    size_t size = 0;
    struct sg_error err = {0};
    if (!sg_file_read(path, 1U << 24, &text, &size, &err)) {
        fail_msg("%s", err.text);
    }
    free(path);
    return text;
}

static inline struct sg_json *folder_json(const char *folder, const char *name)
{
    char *text = folder_read(folder, name);
    struct sg_error err = {0};
    struct sg_json *json = sg_json_parse(text, strlen(text), name, &err);
    if (json == NULL) {
        fail_msg("%s", err.text);
    }
    free(text);
    return json;
}

/* From now on `docker compose config --services` prints one text, and every other docker command
 * the other; the arguments of each are a line of the folder's file `asked`. */
static inline void docker_says(const char *folder, const char *text, const char *services)
{
    struct sg_error err = {0};
    char *path = sg_path_join(folder, "docker");
    char *script = sg_format("#!/bin/sh\necho \"$*\" >>%s/asked\ncase \"$*\" in *--services)\n"
                             "cat <<'EOF'\n%s\nEOF\n;;\n*)\ncat <<'EOF'\n%s\nEOF\n;;\nesac\n",
                             folder, services, text);
    char *search = sg_format("%s:%s", folder, sg_env("PATH"));
    assert_true(sg_file_write(path, script, strlen(script), &err));
    assert_int_equal(chmod(path, 0755), 0);
    setenv("PATH", search, 1);
    free(search);
    free(script);
    free(path);
}

static inline void docker_forget(void)
{
    const char *path = sg_env("PATH");
    assert_non_null(path);
    char *rest = sg_strdup(path + strcspn(path, ":") + 1);
    setenv("PATH", rest, 1);
    free(rest);
}

/* Member by member, "services/k6/environment". */
static inline const struct sg_json *at(const struct sg_json *json, const char *path)
{
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        char *key = sg_format("%.*s", (int)length, path);
        json = sg_json_get(json, key);
        free(key);
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return json;
}

static inline const char *string_at(const struct sg_json *json, const char *path)
{
    return sg_json_string(at(json, path), "(none)");
}

#endif
