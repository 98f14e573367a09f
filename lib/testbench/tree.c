/* SPDX-License-Identifier: Apache-2.0 */
/* The files that a k6 script needs: those that are listed, and those that its text names. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "testbench/internal.h"

#define MOST_FILES 5000
#define SOURCE_LIMIT (16U << 20) /* bytes of a source that is read for names */
#define NAME_LIMIT 512           /* bytes of a path in a source */
#define DEPTH 32                 /* of folders in folders */

static const char *const sources[] = {".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".proto", NULL};

/* Without "." and "..", as k6 resolves what a script imports: by the letter, links unseen. Caller
 * frees. */
static char *plain_path(const char *path)
{
    char *here = path[0] == '/' ? NULL : sg_path_real(".");
    char *whole = sg_path_join(here, path);
    char *plain = sg_alloc(strlen(whole) + 2, 1);
    size_t size = 0;
    for (const char *part = whole; *part != '\0';) {
        size_t length = strcspn(part, "/");
        if (length == 2 && memcmp(part, "..", 2) == 0) {
            while (size > 0 && plain[--size] != '/') {
            }
        } else if (length > 0 && !(length == 1 && part[0] == '.')) {
            plain[size++] = '/';
            memcpy(plain + size, part, length);
            size += length;
        }
        part += length + (part[length] == '/' ? 1 : 0);
    }
    plain[size] = '\0';
    free(here);
    free(whole);
    return plain;
}

static bool add_file(struct sg_tree *tree, const char *path, struct sg_error *err)
{
    char *plain = plain_path(path);
    bool known = false;
    for (size_t i = 0; !known && i < tree->files.count; i++) {
        known = sg_streq(tree->files.items[i], plain);
    }
    if (!known) {
        sg_strings_add(&tree->files, plain);
    }
    free(plain);
    return tree->files.count <= MOST_FILES ||
           sg_fail(err, SG_ERROR_CONFIG,
                   "load.files: more than %d files; name only those that the script needs",
                   MOST_FILES);
}

static bool add_folder(struct sg_tree *tree, const char *path, int depth, struct sg_error *err);

static bool add_any(struct sg_tree *tree, const char *path, int depth, struct sg_error *err)
{
    return sg_folder_exists(path) ? add_folder(tree, path, depth, err) : add_file(tree, path, err);
}

static bool add_entry(struct sg_tree *tree, const char *folder, const char *name, int depth,
                      struct sg_error *err)
{
    if (sg_streq(name, ".") || sg_streq(name, "..") || sg_streq(name, ".git")) {
        return true;
    }
    char *path = sg_path_join(folder, name);
    bool ok = sg_file_missing(path) || add_any(tree, path, depth + 1, err);
    free(path);
    return ok;
}

/* All that lies in it and below. */
static bool add_folder(struct sg_tree *tree, const char *path, int depth, struct sg_error *err)
{
    DIR *folder = depth < DEPTH ? opendir(path) : NULL;
    if (folder == NULL) {
        return sg_fail(err, SG_ERROR_CONFIG, "load.files: cannot read the folder %s", path);
    }
    bool ok = true;
    for (struct dirent *entry = readdir(folder); ok && entry != NULL; entry = readdir(folder)) {
        ok = add_entry(tree, path, entry->d_name, depth, err);
    }
    (void)closedir(folder);
    return ok;
}

static bool is_source(const char *path)
{
    const char *end = strrchr(path, '.');
    for (size_t i = 0; end != NULL && sources[i] != NULL; i++) {
        if (sg_streq(end, sources[i])) {
            return true;
        }
    }
    return false;
}

/* A path in quotes that leads to a file from `from`. */
static bool add_named(struct sg_tree *tree, const char *from, const char *name,
                      struct sg_error *err)
{
    char *folder = sg_path_folder(from);
    char *path = sg_path_join(folder, name);
    bool ok = name[0] == '/' || !sg_file_exists(path) || add_file(tree, path, err);
    free(path);
    free(folder);
    return ok;
}

/* gRPC looks for protocol files in the folders that it is told beside them:
 * `client.load(['proto'], 'shop/cart.proto')`. */
static void note_folder(struct sg_tree *tree, const char *name)
{
    char *from = sg_path_folder(tree->files.items[0]);
    char *path = sg_path_join(from, name);
    if (name[0] != '/' && sg_folder_exists(path)) {
        sg_strings_add(&tree->folders, path);
    }
    free(path);
    free(from);
}

static bool add_protocol(struct sg_tree *tree, const char *name, struct sg_error *err)
{
    bool ok = true;
    for (size_t i = 0; ok && sg_ends_with(name, ".proto") && i < tree->folders.count; i++) {
        char *path = sg_path_join(tree->folders.items[i], name);
        ok = name[0] == '/' || !sg_file_exists(path) || add_file(tree, path, err);
        free(path);
    }
    return ok;
}

/* Whatever stands in quotes and is a file: imported, required or opened. k6 looks for opened ones
 * from the script's folder, for imported ones from the source's own. */
static bool add_all_named(struct sg_tree *tree, const char *source, const char *text,
                          struct sg_error *err)
{
    bool ok = true;
    for (const char *at = strpbrk(text, "'\"`"); ok && at != NULL; at = strpbrk(at + 1, "'\"`")) {
        const char ends[] = {*at, '\n', '\0'};
        size_t length = strcspn(at + 1, ends);
        if (length == 0 || length > NAME_LIMIT || at[1 + length] != *at) {
            continue;
        }
        char *name = sg_format("%.*s", (int)length, at + 1);
        note_folder(tree, name);
        if (strpbrk(name, "./") != NULL) {
            ok = add_named(tree, source, name, err) &&
                 add_named(tree, tree->files.items[0], name, err) && add_protocol(tree, name, err);
        }
        free(name);
    }
    return ok;
}

static bool read_source(struct sg_tree *tree, const char *path, struct sg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    struct sg_error no_source = {0}; /* binary or too long: it names nothing */
    bool ok = !sg_file_read(path, SOURCE_LIMIT, &text, &size, &no_source) ||
              add_all_named(tree, path, text, err);
    free(text);
    return ok;
}

/* The folder that all files lie in or below; "" is the file system's root. */
static char *common_folder(const struct sg_strings *files)
{
    char *root = sg_path_folder(files->items[0]);
    for (size_t i = 1; i < files->count; i++) {
        size_t length = strlen(root);
        while (!sg_starts_with(files->items[i], root) || files->items[i][length] != '/') {
            while (length > 0 && root[--length] != '/') {
            }
            root[length] = '\0';
        }
    }
    if (sg_streq(root, "/")) {
        root[0] = '\0';
    }
    return root;
}

bool sg_tree_find(const char *script, char *const *listed, struct sg_tree *out,
                  struct sg_error *err)
{
    bool ok = add_file(out, script, err);
    for (size_t i = 0; ok && listed != NULL && listed[i] != NULL; i++) {
        ok = add_any(out, listed[i], 0, err);
    }
    for (size_t i = 0; ok && i < out->files.count; i++) {
        const char *path = out->files.items[i];
        ok = !is_source(path) || read_source(out, path, err);
    }
    out->root = ok ? common_folder(&out->files) : NULL;
    return ok;
}

const char *sg_tree_place(const struct sg_tree *tree, size_t index)
{
    return tree->files.items[index] + strlen(tree->root) + 1;
}

void sg_tree_clear(struct sg_tree *tree)
{
    sg_strings_clear(&tree->files);
    sg_strings_clear(&tree->folders);
    free(tree->root);
    *tree = (struct sg_tree){0};
}
