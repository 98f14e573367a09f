/* SPDX-License-Identifier: Apache-2.0 */
/* sim: how often svcgate is right, on simulated sessions (README.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/sim.h"

static int usage(void)
{
    fputs("use: sim report [OPTION…]\n"
          "     sim table NAME [OPTION…]\n"
          "     sim dump SHAPE CV EFFECT SESSIONS SEED PER_SIDE\n"
          "     sim blocks FILE…\n"
          "options: --sessions N   of every cell\n"
          "         --threads N    default: as many as there are CPUs\n"
          "         --quick        few sessions; a bound is missed only when they refute it\n",
          stderr);
    return 4;
}

static bool read_options(int argc, char **argv, struct book_options *out)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    *out = (struct book_options){.threads = cpus > 0 ? (unsigned)cpus : 1};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--quick") == 0)
            out->quick = true;
        else if (strcmp(argv[i], "--sessions") == 0 && i + 1 < argc)
            out->sessions = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            out->threads = (unsigned)strtoul(argv[++i], NULL, 10);
        else
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct book_options options;
    if (argc == 8 && strcmp(argv[1], "dump") == 0) {
        struct sim_dump dump = {.shape = argv[2],
                                .cv = strtod(argv[3], NULL),
                                .effect = strtod(argv[4], NULL),
                                .sessions = strtoul(argv[5], NULL, 10),
                                .seed = strtoull(argv[6], NULL, 10),
                                .per_side = strtoul(argv[7], NULL, 10)};
        return sim_dump(&dump);
    }
    if (argc >= 3 && strcmp(argv[1], "table") == 0 && read_options(argc - 3, argv + 3, &options))
        return sim_table(argv[2], &options);
    if (argc >= 2 && strcmp(argv[1], "report") == 0 && read_options(argc - 2, argv + 2, &options))
        return sim_report(&options);
    if (argc >= 2 && strcmp(argv[1], "blocks") == 0)
        return sim_blocks(argc - 2, argv + 2);
    return usage();
}
