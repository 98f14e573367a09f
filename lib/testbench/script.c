/* SPDX-License-Identifier: Apache-2.0 */
/* The load's script: with all its files into a volume of the session, where every k6 finds it, and
 * read by k6 once before anything is measured. A remote or nested engine does not see this
 * machine's files, and a compose file holds no binary ones. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/assets.h"
#include "testbench/internal.h"

#define INSIDE "/svcgate" /* of the k6 container; testbench/bench/compose.yaml */
#define WRAPPER "svcgate-wrapper.js"
#define STAGE "script" /* below the bench's folder */

static char *wrapper_text(const char *asset, const char *script)
{
    const char *mark = strstr(asset, "@SCRIPT@");
    struct sg_text out = {0};
    sg_text_bytes(&out, asset, (size_t)(mark - asset));
    for (const char *c = script; *c != '\0'; c++) {
        bool quoted = strchr("'\\", *c) != NULL;
        bool control = (unsigned char)*c < ' '; /* a line end would end the string */
        sg_text_printf(&out, control ? "\\x%02x" : quoted ? "\\%c" : "%c", *c);
    }
    sg_text_printf(&out, "%s", mark + strlen("@SCRIPT@"));
    return sg_text_take(&out);
}

static bool fail_copying(const char *path, struct sg_error *err)
{
    return sg_fail(err, SG_ERROR_IO, "cannot copy %s: %s", path, strerror(errno));
}

/* k6's image may have a user of its own: all of it is for everybody to read. */
static bool make_folders(const char *path, size_t from, struct sg_error *err)
{
    for (size_t i = from; path[i] != '\0'; i++) {
        if (path[i] != '/') {
            continue;
        }
        char *folder = sg_format("%.*s", (int)i, path);
        bool ok = (mkdir(folder, 0755) == 0 || errno == EEXIST) && chmod(folder, 0755) == 0;
        ok = ok || fail_copying(folder, err);
        free(folder);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool pour(int from, int to)
{
    char buffer[1U << 16];
    ssize_t got = 0;
    while ((got = read(from, buffer, sizeof(buffer))) > 0) {
        for (ssize_t put = 0, done = 0; done < got; done += put) {
            put = write(to, buffer + done, (size_t)(got - done));
            if (put <= 0) {
                return false;
            }
        }
    }
    return got == 0;
}

static bool copy_file(const char *from, const char *to, struct sg_error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    bool ok = out >= 0 && fchmod(out, 0644) == 0 && pour(in, out);
    ok = ok || fail_copying(from, err);
    if (in >= 0) {
        (void)close(in);
    }
    if (out >= 0) {
        ok = (close(out) == 0 || fail_copying(to, err)) && ok;
    }
    return ok;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Beside the script, so that whatever is relative to one is so to the other. */
static char *wrapper_place(const char *place)
{
    return sg_format("%.*s" WRAPPER, (int)(base_name(place) - place), place);
}

static bool write_wrapper(const char *stage, const char *place, struct sg_error *err)
{
    char *beside = wrapper_place(place);
    char *path = sg_path_join(stage, beside);
    bool ok = true;
    for (size_t i = 0; ok && i < sg_assets_count; i++) {
        if (sg_streq(sg_assets[i].name, "k6/wrapper.js")) {
            char *text = wrapper_text(sg_assets[i].data, base_name(place));
            ok = sg_file_write(path, text, strlen(text), err) &&
                 (chmod(path, 0644) == 0 || fail_copying(path, err));
            free(text);
        }
    }
    free(path);
    free(beside);
    return ok;
}

static bool stage_all(const char *stage, const struct sg_tree *tree, struct sg_error *err)
{
    for (size_t i = 0; i < tree->files.count; i++) {
        char *path = sg_path_join(stage, sg_tree_place(tree, i));
        bool ok =
            make_folders(path, strlen(stage), err) && copy_file(tree->files.items[i], path, err);
        free(path);
        if (!ok) {
            return sg_error_context(err, "the load script");
        }
    }
    return write_wrapper(stage, sg_tree_place(tree, 0), err);
}

bool sg_script_stage(struct sg_bench *bench, struct sg_error *err)
{
    struct sg_tree tree = {0};
    char *stage = sg_path_join(bench->folder, STAGE);
    bool ok = sg_tree_find(bench->config->script, bench->config->files, &tree, err) &&
              stage_all(stage, &tree, err);
    if (ok) {
        char *place = wrapper_place(sg_tree_place(&tree, 0));
        free(bench->wrapper);
        bench->wrapper = sg_format(INSIDE "/%s", place);
        free(place);
    }
    sg_tree_clear(&tree);
    free(stage);
    return ok;
}

bool sg_script_send(struct sg_bench *bench, struct sg_error *err)
{
    char id[65];
    if (bench->wrapper == NULL) {
        return true;
    }
    if (!sg_engine_compose_id(&bench->engine, bench->project, "k6", id, err)) {
        return false;
    }
    char *from = sg_format("%s/" STAGE "/.", bench->folder);
    char *to = sg_format("%s:" INSIDE, id);
    const char *argv[] = {"docker", "cp", from, to, NULL};
    bool ok = sg_docker_run(argv, NULL, 120, false, err);
    free(to);
    free(from);
    return ok;
}

/* The wrapper's words for the user, a line each. */
static void say_remarks(const struct sg_bench *bench, const char *text)
{
    for (const char *line = text; *line != '\0'; line += *line == '\n' ? 1 : 0) {
        size_t length = strcspn(line, "\n");
        const char mark[] = "svcgate: ";
        if (sg_starts_with(line, mark)) {
            sg_bench_say(bench, "%.*s", (int)(length - strlen(mark)), line + strlen(mark));
        }
        line += length;
    }
}

bool sg_script_check(const struct sg_bench *bench, struct sg_error *err)
{
    if (bench->wrapper == NULL) {
        return true;
    }
    const char *words[] = {"run",
                           "--rm",
                           "--no-deps",
                           "-T",
                           "--label",
                           "svcgate.role=script",
                           "-e",
                           "SVCGATE_CHECK=1",
                           "k6",
                           "inspect",
                           "--include-system-env-vars",
                           "--execution-requirements",
                           "--log-format",
                           "raw",
                           bench->wrapper,
                           NULL};
    struct sg_args args = sg_compose_words(bench, words);
    struct sg_process process = {.argv = args.items, .timeout = 120 * SG_SECOND};
    struct sg_process_result result = {0};
    bool ok = sg_process_run(&process, &result, err);
    if (ok) {
        say_remarks(bench, result.err);
        ok = result.status == 0 || sg_script_refuse(bench->config, &result, err);
    }
    sg_process_result_free(&result);
    sg_args_free(&args);
    return ok;
}
