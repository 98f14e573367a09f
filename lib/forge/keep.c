/* SPDX-License-Identifier: Apache-2.0 */
/* A comment that could not be sent stays as a file, with the command that sends it later. */
#include "forge/internal.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

static const char file_name[] = "svcgate-comment.md";

/* Whoever said the path knows the folders on the way; what the last name is, may be another's. */
static char *real_place(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = sg_path_folder(path);
    char *real = sg_path_real(folder);
    char *place = sg_path_join(real ? real : folder, slash ? slash + 1 : path);
    free(folder);
    free(real);
    return place;
}

static bool write_said(const char *path, const char *body, char **out_path, struct sg_error *err)
{
    char *place = real_place(path);
    bool ok = sg_file_write_plain(place, body, strlen(body), err);
    *out_path = ok ? sg_strdup(path) : NULL;
    free(place);
    return ok;
}

/* What stands beside a bundle, and its folders, may have come with it: a symbolic link would lead
 * our file away. */
static bool write_beside(const char *bundle, const char *body, char **out_path,
                         struct sg_error *err)
{
    struct sg_error first;
    char *folder = bundle ? sg_path_folder(bundle) : NULL;
    char *beside = sg_path_join(folder, file_name);
    bool ok = sg_file_write_plain(beside, body, strlen(body), &first);
    if (!ok) {
        free(beside);
        beside = sg_strdup(file_name);
        ok = sg_file_write_plain(beside, body, strlen(body), err);
    }
    *out_path = ok ? sg_strdup(beside) : NULL;
    free(beside);
    free(folder);
    return ok;
}

static void add_option(struct sg_text *out, const char *option, const char *value)
{
    sg_text_printf(out, " --%s=", option);
    sg_text_shell_word(out, value);
}

static char *command(const struct sg_forge_place *place, const struct sg_forge_post *post,
                     const char *path)
{
    struct sg_text text = {0};
    char *name = sg_clean_name(post->name);
    char *number = place->request > 0 ? sg_format("%d", place->request) : sg_strdup("NUMBER");
    sg_text_add(&text, "svcgate publish");
    add_option(&text, "body", path);
    add_option(&text, "name", name);
    if (!post->create)
        add_option(&text, "comment", "on-change");
    add_option(&text, "forge", place->forge->name);
    add_option(&text, "api", place->api);
    add_option(&text, "repository", place->repository);
    add_option(&text, "request", number);
    free(number);
    free(name);
    return sg_text_take(&text);
}

bool sg_forge_keep(const struct sg_forge_place *place, const struct sg_forge_post *post,
                   const char *bundle, const char *save, char **out_path, char **out_command,
                   struct sg_error *err)
{
    *out_path = *out_command = NULL;
    if (!(save ? write_said(save, post->body, out_path, err)
               : write_beside(bundle, post->body, out_path, err)))
        return false;
    *out_command = command(place, post, *out_path);
    return true;
}
