/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as svcgate.yaml and as a gate of the command line: nothing crashes or leaks, an error
 * has a text, and what was accepted is shown as YAML that gives the same configuration and has
 * nothing that a terminal or a CI runner would obey. Seeds: tests/fuzz/corpus/config and
 * tests/cases/config. */
#include "config/config.h"
#include "fuzz/reports.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses 4 KiB with a quoted text of hundreds of escapes: once in a
 * process that reads one file. Leaks of our own are still found. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml";
}

/* Aborts, so that the fuzzer keeps the input. */
static void must(bool held)
{
    if (!held)
        abort();
}

/* Without the origins, which differ by design. */
static char *shown(struct sg_config *config)
{
    for (size_t i = 0; i < config->origins_count; i++) {
        free(config->origins[i].from);
        config->origins[i].from = sg_strdup("x");
    }
    for (size_t i = 0; i < config->gates_count; i++)
        config->gates[i].line = 1;
    for (size_t i = 0; i < config->waivers_count; i++)
        config->waivers[i].waiver.line = 1;
    return sg_config_show(config);
}

static bool parse(const char *text, size_t size, struct sg_config *out)
{
    struct sg_error err = {0};
    if (!sg_config_parse(text, size, "fuzz", "folder", out, &err)) {
        must(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
        return false;
    }
    if (!sg_config_finish(out, false, &err)) {
        must(err.kind == SG_ERROR_CONFIG && err.text[0] != '\0');
        sg_config_clear(out);
        return false;
    }
    return true;
}

/* What is written a second time is what was written first, comments aside: the values that were
 * defaults have an origin after the first time. */
static void strip_comments(char *text)
{
    for (char *at = strstr(text, "  # "); at != NULL; at = strstr(at, "  # ")) {
        char *end = strchr(at, '\n');
        if (end == NULL)
            break;
        if (memchr(at, '"', (size_t)(end - at)) != NULL) {
            at = end; /* perhaps not a comment but a text */
            continue;
        }
        memmove(at, end, strlen(end) + 1);
    }
}

static void as_file(const char *text, size_t size)
{
    struct sg_config first;
    struct sg_config second;
    if (!parse(text, size, &first))
        return;
    char *once = shown(&first);
    sg_check_text("yaml", once);
    must(parse(once, strlen(once), &second));
    char *twice = shown(&second);
    strip_comments(once);
    strip_comments(twice);
    must(strcmp(once, twice) == 0);
    free(once);
    free(twice);
    sg_config_clear(&first);
    sg_config_clear(&second);
}

static void as_flags(const char *text)
{
    struct sg_gate gate;
    struct sg_error err = {0};
    int least = 0;
    int most = 0;
    if (sg_config_gate(text, &gate, &err))
        sg_gate_clear(&gate);
    if (sg_config_repetitions(text, &least, &most, &err))
        must(least >= 6 && least <= most && most <= 30 && least % 3 == 0 && most % 3 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = sg_alloc(size + 1, 1);
    if (size > 0)
        memcpy(text, data, size);
    as_file(text, size);
    as_flags(text);
    free(text);
    return 0;
}
