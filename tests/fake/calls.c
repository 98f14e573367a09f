/* SPDX-License-Identifier: Apache-2.0 */
/* Every call of the bench is counted, written down, and may end otherwise than well. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "fake/fake.h"
#include "fake/internal.h"

struct sg_fake_moment sg_fake_now;

/* Those of a block are asked for after all have begun. */
static struct sg_fake_moment moments[1024];

void sg_fake_moment_keep(void)
{
    moments[(size_t)sg_fake_now.slot % SG_COUNT(moments)] = sg_fake_now;
}

void sg_fake_moment_at(int slot)
{
    sg_fake_now = moments[(size_t)slot % SG_COUNT(moments)];
}

static char *folder;
static bool begun;
static struct sg_text calls;
static int calls_count;

/* How many calls of a name there were. */
static struct {
    char name[32];
    int count;
} seen[16];

static const struct {
    const char *word;
    enum sg_error_kind error;
    int signal;
} kinds[] = {
    {"environment", SG_ERROR_ENVIRONMENT, 0},
    {"network", SG_ERROR_NETWORK, 0},
    {"io", SG_ERROR_IO, 0},
    {"data", SG_ERROR_DATA, 0},
    {"INT", SG_ERROR_INTERRUPTED, SIGINT},
    {"TERM", SG_ERROR_INTERRUPTED, SIGTERM},
    {"HUP", SG_ERROR_INTERRUPTED, SIGHUP},
    {"KILL", SG_ERROR_NONE, SIGKILL},
};

static void start_over(const char *path)
{
    char *script = path != NULL ? sg_path_join(path, "script") : NULL;
    free(folder);
    folder = sg_strdup(path);
    begun = true;
    sg_fake_script_read(script);
    sg_text_free(&calls);
    calls_count = 0;
    memset(seen, 0, sizeof(seen));
    free(script);
}

const char *sg_fake_folder(void)
{
    if (!begun) {
        start_over(sg_env("SG_FAKE"));
    }
    return folder;
}

void sg_fake_begin(const char *path, const char *script)
{
    struct sg_error err = {0};
    char *file = sg_path_join(path, "script");
    char *log = sg_path_join(path, "calls");
    if (!sg_file_write(file, script, strlen(script), &err) || !sg_file_remove(log, &err)) {
        sg_fake_script_wrong(err.text);
    }
    free(log);
    free(file);
    start_over(path);
}

char *sg_fake_calls(void)
{
    return sg_strdup(calls.data != NULL ? calls.data : "");
}

int sg_fake_calls_count(void)
{
    return calls_count;
}

static void note(const char *line)
{
    struct sg_error err = {0};
    sg_text_add(&calls, line);
    if (sg_fake_folder() != NULL) {
        char *log = sg_path_join(folder, "calls");
        if (!sg_file_append(log, line, strlen(line), &err)) {
            sg_fake_script_wrong(err.text);
        }
        free(log);
    }
}

static int count_of(const char *name)
{
    size_t i = 0;
    while (seen[i].count > 0 && !sg_streq(seen[i].name, name)) {
        i++;
    }
    (void)snprintf(seen[i].name, sizeof(seen[i].name), "%s", name);
    return ++seen[i].count;
}

/* "12", "load" or "load:3" */
static bool is_call(const char *which, const char *name, int nth)
{
    const char *colon = strchr(which, ':');
    size_t length = colon != NULL ? (size_t)(colon - which) : strlen(which);
    if (which[strspn(which, "0123456789")] == '\0') {
        return strtol(which, NULL, 10) == calls_count;
    }
    return strlen(name) == length && strncmp(which, name, length) == 0 &&
           (colon == NULL || strtol(colon + 1, NULL, 10) == nth);
}

/* "fail WHICH KIND", "signal WHICH INT", "kill WHICH"; NULL: all goes well. */
static const char *trouble(const char *name, int nth)
{
    const struct sg_fake_row *row = NULL;
    for (size_t i = 0; (row = sg_fake_row(i)) != NULL; i++) {
        bool kills = sg_streq(row->word[0], "kill");
        bool fails = sg_streq(row->word[0], "fail") || sg_streq(row->word[0], "signal");
        if ((kills || fails) && is_call(row->word[1], name, nth)) {
            return kills ? "KILL" : row->word[2];
        }
    }
    return NULL;
}

static bool suffer(const char *name, const char *word, struct sg_error *err)
{
    for (size_t i = 0; word != NULL && i < SG_COUNT(kinds); i++) {
        if (!sg_streq(kinds[i].word, word)) {
            continue;
        }
        if (kinds[i].signal != 0) {
            (void)raise(kinds[i].signal);
        } else {
            return sg_fail(err, kinds[i].error, "the script lets %s fail", name);
        }
        word = NULL;
    }
    if (word != NULL) {
        sg_fake_script_wrong(word);
    }
    /* cleaning up goes on after an interruption */
    return sg_interrupt_signal() == 0 || sg_streq(name, "close") ||
           sg_fail(err, SG_ERROR_INTERRUPTED, "interrupted in %s", name);
}

bool sg_fake_call(const char *name, struct sg_error *err, const char *format, ...)
{
    char arguments[512];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(arguments, sizeof(arguments), format, list);
    va_end(list);
    (void)sg_fake_folder();
    calls_count++;
    const char *word = trouble(name, count_of(name));
    char *line = sg_format("%d %s%s%s%s%s\n", calls_count, name, arguments[0] != '\0' ? " " : "",
                           arguments, word != NULL ? " ! " : "", word != NULL ? word : "");
    note(line);
    free(line);
    return suffer(name, word, err);
}
