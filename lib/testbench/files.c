/* SPDX-License-Identifier: Apache-2.0 */
/* Which compose files make up the service's stack: those that `docker compose up` would take in the
 * folder of the one that service.compose names, or the several that it names. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "testbench/stack.h"

#define DOTENV_LIMIT (1U << 20)

/* In compose's own order: compose-go, cli/options.go. */
static const char *const names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                    "docker-compose.yaml", NULL};
static const char *const overrides[] = {"compose.override.yml", "compose.override.yaml",
                                        "docker-compose.override.yml",
                                        "docker-compose.override.yaml", NULL};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The override file beside `file`, where that has one of compose's own names; NULL: none. Caller
 * frees. */
static char *find_override(const char *file)
{
    bool own_name = false;
    for (size_t i = 0; names[i] != NULL; i++) {
        own_name = own_name || sg_streq(base_name(file), names[i]);
    }
    char *folder = sg_path_folder(file), *found = NULL;
    for (size_t i = 0; own_name && found == NULL && overrides[i] != NULL; i++) {
        char *path = sg_path_join(folder, overrides[i]);
        found = sg_file_exists(path) ? sg_strdup(path) : NULL;
        free(path);
    }
    free(folder);
    return found;
}

/* The value in a line of a .env file, "export NAME = 'a:b'  # why", if it is `name`'s; else NULL.
 * Cuts the line. */
static char *value_in(char *line, const char *name)
{
    static const char blank[] = " \t\r";
    char *at = line + strspn(line, blank);
    at += sg_starts_with(at, "export ") ? strlen("export ") : 0;
    if (!sg_starts_with(at, name)) {
        return NULL;
    }
    at += strlen(name);
    at += strspn(at, blank);
    if (*at != '=' && *at != ':') {
        return NULL;
    }
    at++;
    at += strspn(at, blank);
    if (*at == '"' || *at == '\'') {
        const char quote[] = {*at, '\0'};
        at++;
        at[strcspn(at, quote)] = '\0';
        return at;
    }
    char *remark = strstr(at, " #");
    at[remark != NULL ? (size_t)(remark - at) : strlen(at)] = '\0';
    at[strcspn(at, blank)] = '\0';
    return at;
}

/* As compose sees it: from the environment, or from the .env file of the folder, where the last
 * line counts. *out_here: the folder that relative paths in it start from. NULL: it is not set.
 * Caller frees. */
static char *variable(const char *name, const char *folder, const char **out_here)
{
    const char *given = sg_env(name);
    char *path = sg_path_join(folder, ".env"), *text = NULL, *found = NULL;
    size_t size = 0;
    struct sg_error ignored = {0};
    *out_here = given != NULL ? NULL : folder;
    if (given == NULL && sg_file_read(path, DOTENV_LIMIT, &text, &size, &ignored)) {
        for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            const char *value = value_in(line, name);
            if (value != NULL) {
                free(found);
                found = sg_strdup(value);
            }
        }
    }
    free(text);
    free(path);
    return given != NULL ? sg_strdup(given) : found;
}

static bool same_file(const char *one, const char *other)
{
    char *a = sg_path_real(one), *b = sg_path_real(other);
    bool same = a != NULL && b != NULL && sg_streq(a, b);
    free(b);
    free(a);
    return same;
}

/* The paths of a COMPOSE_FILE. */
static struct sg_args split(char *list, const char *folder, const char *here)
{
    const char *unused = NULL;
    char *separator = variable("COMPOSE_PATH_SEPARATOR", folder, &unused);
    struct sg_args files = {0};
    for (char *rest = NULL, *one = strtok_r(list, separator != NULL ? separator : ":", &rest);
         one != NULL; one = strtok_r(NULL, separator != NULL ? separator : ":", &rest)) {
        char *path = here != NULL ? sg_path_join(here, one) : sg_strdup(one);
        sg_args_add(&files, path);
        free(path);
    }
    free(separator);
    return files;
}

static bool has(const struct sg_args *files, const char *file)
{
    bool found = false;
    for (size_t i = 0; i < files->count; i++) {
        found = found || same_file(files->items[i], file);
    }
    return found;
}

/* The files of COMPOSE_FILE, if `file` is one of them; else none. */
static struct sg_args from_variable(const char *file, char **out_said)
{
    const char *here = NULL;
    char *folder = sg_path_folder(file);
    char *list = variable("COMPOSE_FILE", folder, &here);
    char *shown = list != NULL ? sg_strdup(list) : NULL;
    struct sg_args files = {0};
    if (list != NULL) {
        files = split(list, folder, here);
        bool counts = has(&files, file);
        *out_said =
            counts ? sg_format("as docker compose does, the files of COMPOSE_FILE are taken: %s",
                               shown)
                   : sg_format("COMPOSE_FILE (%s) is not looked at, because service.compose "
                               "names %s, which is not among its files",
                               shown, base_name(file));
        if (!counts) {
            sg_args_free(&files);
        }
    }
    free(shown);
    free(list);
    free(folder);
    return files;
}

static struct sg_args with_override(const char *file, char **out_said)
{
    struct sg_args files = {0};
    char *override = find_override(file);
    sg_args_add(&files, file);
    if (override != NULL) {
        sg_args_add(&files, override);
        char *before = *out_said;
        *out_said = sg_format("%s%sas docker compose does, %s is laid over %s",
                              before != NULL ? before : "", before != NULL ? "; " : "",
                              base_name(override), base_name(file));
        free(before);
    }
    free(override);
    return files;
}

bool sg_project_knows(const struct sg_config *config, const char *name)
{
    const char *unused = NULL;
    char *folder = sg_path_folder(config->compose);
    char *value = variable(name, folder, &unused);
    bool known = value != NULL || sg_env("COMPOSE_ENV_FILES") != NULL;
    free(value);
    free(folder);
    return known;
}

struct sg_args sg_project_files(const struct sg_config *config, char **out_said)
{
    struct sg_args files = {0};
    char *said = NULL;
    if (config->compose_over != NULL) {
        sg_args_add(&files, config->compose);
        for (size_t i = 0; config->compose_over[i] != NULL; i++) {
            sg_args_add(&files, config->compose_over[i]);
        }
    } else if (config->compose != NULL) {
        files = from_variable(config->compose, &said);
        files = files.count > 0 ? files : with_override(config->compose, &said);
    }
    if (out_said != NULL) {
        *out_said = said;
    } else {
        free(said);
    }
    return files;
}
