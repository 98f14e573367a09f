/* SPDX-License-Identifier: Apache-2.0 */
/* Running the docker command line by argument vector; a shell is never started. */
#include "testbench/docker.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

#define PORT_TRIES 5

static bool run(const struct sg_process *process, struct sg_process_result *result,
                struct sg_error *err)
{
    if (!sg_process_run(process, result, err)) {
        return false;
    }
    if (result->status == 0) {
        return true;
    }
    struct sg_text words = {0};
    for (size_t i = 0; process->argv[i] != NULL && i < 8; i++) {
        sg_text_printf(&words, "%s%.60s", i > 0 ? " " : "", process->argv[i]);
    }
    sg_fail(err, SG_ERROR_ENVIRONMENT, "`%s …` failed (status %d): %s", words.data, result->status,
            sg_tail(result->err, 12));
    sg_text_free(&words);
    sg_process_result_free(result);
    return false;
}

/* An engine knows its own ports only, looks for a free one ten times, and goes on from there. */
static bool is_port_taken(const struct sg_error *err)
{
    return strstr(err->text, "address already in use") != NULL;
}

bool sg_docker_run(const char *const *argv, const char *const *env, double timeout,
                   bool uninterruptible, struct sg_error *err)
{
    struct sg_process process = {.argv = argv,
                                 .env = env,
                                 .timeout = (int64_t)(timeout * 1e9),
                                 .uninterruptible = uninterruptible};
    for (int tries = 1;; tries++) {
        struct sg_process_result result = {0};
        if (run(&process, &result, err)) {
            sg_process_result_free(&result);
            return true;
        }
        if (tries == PORT_TRIES || !is_port_taken(err)) {
            return false;
        }
    }
}

bool sg_docker_output(const char *const *argv, char **out, struct sg_error *err)
{
    struct sg_process process = {.argv = argv, .timeout = 60 * SG_SECOND, .uninterruptible = true};
    struct sg_process_result result = {0};
    if (!run(&process, &result, err)) {
        return false;
    }
    size_t length = strlen(result.out);
    if (length > 0 && result.out[length - 1] == '\n') {
        result.out[length - 1] = '\0';
    }
    *out = result.out;
    result.out = NULL;
    sg_process_result_free(&result);
    return true;
}

char *sg_docker_log(const char *container, int lines)
{
    char *count = sg_format("%d", lines);
    const char *argv[] = {"docker", "logs", "--tail", count, container, NULL};
    struct sg_process process = {.argv = argv, .timeout = 20 * SG_SECOND, .uninterruptible = true};
    struct sg_process_result result = {0};
    struct sg_error ignored = {0};
    char *text = NULL;
    if (sg_process_run(&process, &result, &ignored)) {
        text = sg_format("%s%s", result.out, result.err);
    } else {
        text = sg_strdup("");
    }
    sg_process_result_free(&result);
    free(count);
    return text;
}

void sg_args_add(struct sg_args *args, const char *text)
{
    args->items = sg_realloc(args->items, args->count + 2, sizeof(*args->items));
    args->items[args->count++] = sg_strdup(text);
    args->items[args->count] = NULL;
}

void sg_args_printf(struct sg_args *args, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = sg_format_list(format, list);
    va_end(list);
    sg_args_add(args, text);
    free(text);
}

void sg_args_free(struct sg_args *args)
{
    for (size_t i = 0; i < args->count; i++) {
        free((void *)(uintptr_t)args->items[i]);
    }
    free(args->items);
    *args = (struct sg_args){0};
}
