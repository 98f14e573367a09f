/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: real git repositories in a temporary folder, untouched by the user's own settings. */
#ifndef SG_TESTS_SOURCE_HELP_H
#define SG_TESTS_SOURCE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "source/source.h"

/* Everything of a test lies in here; also its worktrees, because TMPDIR names it. */
static char *work;

static inline char *in_work(const char *name)
{
    return sg_path_join(work, name);
}

/* Runs to status 0; gives its standard output without the last line end. */
static inline char *run_words(const char *folder, const char *const *argv)
{
    struct sg_process process = {.argv = argv, .folder = folder};
    struct sg_process_result result = {0};
    struct sg_error err = {0};
    if (!sg_process_run(&process, &result, &err) || result.status != 0) {
        fail_msg("%s %s: %s%s", argv[0], argv[1], err.text, result.err != NULL ? result.err : "");
    }
    char *out = sg_format("%.*s", (int)strcspn(result.out, "\n"), result.out);
    sg_process_result_free(&result);
    return out;
}

/* git <words…> in a folder below `work`; up to the first NULL. Caller frees. */
static inline char *git_out(const char *folder, const char *first, ...)
{
    const char *argv[24] = {"git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"};
    size_t count = 5;
    va_list words;
    va_start(words, first);
    for (const char *word = first; word != NULL && count < 23; word = va_arg(words, const char *)) {
        argv[count++] = word;
    }
    va_end(words);
    char *path = in_work(folder);
    char *out = run_words(path, argv);
    free(path);
    return out;
}

#define git(...) free(git_out(__VA_ARGS__, NULL))

static inline void write_file(const char *name, const char *text)
{
    struct sg_error err = {0};
    char *path = in_work(name);
    char *folder = sg_path_folder(path);
    if (!sg_folder_make(folder, &err) || !sg_file_write(path, text, strlen(text), &err)) {
        fail_msg("%s", err.text);
    }
    free(folder);
    free(path);
}

static inline char *read_file(const char *folder, const char *name)
{
    struct sg_error err = {0};
    char *path = sg_path_join(folder, name);
    char *text = NULL;
    size_t size = 0;
    if (!sg_file_read(path, 1U << 20, &text, &size, &err)) {
        fail_msg("%s", err.text);
    }
    free(path);
    return text;
}

/* Writes a file of the repository `folder` and commits all; the commit, which the caller frees. */
static inline char *commit(const char *folder, const char *file, const char *text)
{
    char *name = sg_format("%s/%s", folder, file);
    write_file(name, text);
    free(name);
    git(folder, "add", "-A");
    git(folder, "commit", "-q", "-m", text);
    return git_out(folder, "rev-parse", "HEAD", NULL);
}

static inline void repository(const char *folder)
{
    char *path = in_work(folder);
    struct sg_error err = {0};
    assert_true(sg_folder_make(path, &err));
    free(path);
    git(folder, "init", "-q", "-b", "main");
}

static inline void contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, text);
    }
}

static inline int set_up(void **state)
{
    (void)state;
    char folder[] = "/tmp/svcgate-unit-XXXXXX";
    assert_non_null(mkdtemp(folder));
    work = realpath(folder, NULL);
    setenv("TMPDIR", work, 1);
    setenv("HOME", work, 1);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    sg_interrupt_reset();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    const char *argv[] = {"rm", "-rf", work, NULL};
    sg_interrupt_reset();
    free(run_words("/", argv));
    free(work);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
