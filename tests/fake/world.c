/* SPDX-License-Identifier: Apache-2.0 */
/* What exists: a file FOLDER/world/PROJECT.THING for each container and network. It outlives the
 * process, as containers do; the lock does not. Without a folder nothing is kept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "fake/fake.h"
#include "fake/internal.h"

static char *world_path(void)
{
    return sg_path_join(sg_fake_folder(), "world");
}

void sg_fake_make(const char *project, const char *thing)
{
    struct sg_error err = {0};
    if (sg_fake_folder() == NULL) {
        return;
    }
    char *world = world_path();
    char *path = sg_format("%s/%s.%s", world, project, thing);
    if (!sg_folder_make(world, &err) || !sg_file_write(path, "", 0, &err)) {
        sg_fake_script_wrong(err.text);
    }
    free(path);
    free(world);
}

static bool belongs(const char *name, const char *project)
{
    if (project == NULL) {
        return !sg_starts_with(name, "svcgate-up.");
    }
    return sg_starts_with(name, project) && (project[0] == '\0' || name[strlen(project)] == '.');
}

/* How many belong to `project`, as sg_fake_remove has it; removes them. */
static size_t look(const char *project, bool removing)
{
    size_t count = 0;
    char *world = sg_fake_folder() != NULL ? world_path() : NULL;
    DIR *dir = world != NULL ? opendir(world) : NULL;
    if (world != NULL && dir == NULL && errno != ENOENT) {
        sg_out_of_memory(); /* nothing else hinders: an unseen world would count as an empty one */
    }
    for (struct dirent *item = NULL; dir != NULL && (item = readdir(dir)) != NULL;) {
        if (item->d_name[0] != '.' && belongs(item->d_name, project)) {
            count++;
            if (removing) {
                (void)unlinkat(dirfd(dir), item->d_name, 0);
            }
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    free(world);
    return count;
}

size_t sg_fake_remove(const char *project)
{
    return look(project, true);
}

size_t sg_fake_world_count(void)
{
    return look("", false);
}

int sg_fake_lock(void)
{
    char *path =
        sg_fake_folder() != NULL ? sg_path_join(sg_fake_folder(), "lock") : sg_strdup("/dev/null");
    int fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
    free(path);
    if (fd >= 0 && sg_fake_folder() != NULL && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}
