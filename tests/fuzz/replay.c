/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target once on every file of the folders (and on every file) it is given. Needs no
 * libFuzzer, so that any compiler, with or without sanitizers, replays the corpora in ctest. A
 * folder without a file is an error: a target without seeds would pass by doing nothing. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"

#define FOLDERS_OPEN 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t runs;

static int replay(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)place;
    if (kind != FTW_F && kind != FTW_D)
        fprintf(stderr, "%s: cannot be read\n", path);
    if (kind != FTW_F)
        return kind != FTW_D;
    /* Of its exact size, so that AddressSanitizer sees a read beyond the end. */
    size_t size = (size_t)about->st_size;
    uint8_t *data = sg_alloc(size > 0 ? size : 1, 1);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(data, 1, size, file) != size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    printf("%s\n", path); /* the last one is the one that broke */
    fflush(stdout);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    runs++;
    return 0;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        size_t before = runs;
        if (nftw(argv[i], replay, FOLDERS_OPEN, FTW_PHYS) != 0 || runs == before) {
            fprintf(stderr, "%s: no seed could be replayed\n", argv[i]);
            return 1;
        }
    }
    return runs > 0 ? 0 : 1;
}
