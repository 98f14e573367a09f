/* SPDX-License-Identifier: Apache-2.0 */
/* A comment that could not be sent stays as a file, with the command that sends it later. */
#include "forge/internal.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char file_name[] = "svcgate-comment.md";

/* What stands beside a bundle may have come with it: a symbolic link would lead our file away. */
static bool write_here(const char *path, const char *body, struct sg_error *err)
{
    struct stat info;
    if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return sg_fail(err, SG_ERROR_IO, "%s is there and is no file", path);
    return sg_file_write(path, body, strlen(body), err);
}

static bool write_somewhere(const char *bundle, const char *save, const char *body, char **out_path,
                            struct sg_error *err)
{
    struct sg_error first;
    char *folder = bundle ? sg_path_folder(bundle) : NULL;
    char *beside = sg_path_join(save ? NULL : folder, save ? save : file_name);
    bool ok = write_here(beside, body, save ? err : &first);
    if (ok) {
        *out_path = beside;
    } else {
        free(beside);
        ok = !save && write_here(file_name, body, err);
        *out_path = ok ? sg_strdup(file_name) : NULL;
    }
    free(folder);
    return ok;
}

/* A word of a shell's command line that means itself. */
static void add_word(struct sg_text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./-@:+=,%";
    if (*word && word[strspn(word, plain)] == '\0') {
        sg_text_add(out, word);
        return;
    }
    sg_text_add(out, "'");
    for (; *word; word++) {
        if (*word == '\'')
            sg_text_add(out, "'\\'");
        sg_text_bytes(out, word, 1);
    }
    sg_text_add(out, "'");
}

static void add_option(struct sg_text *out, const char *option, const char *value)
{
    sg_text_printf(out, " --%s=", option);
    add_word(out, value);
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
    if (!write_somewhere(bundle, save, post->body, out_path, err))
        return false;
    *out_command = command(place, post, *out_path);
    return true;
}
