/* SPDX-License-Identifier: Apache-2.0 */
/* The options of `svcgate run`, and how they are laid over the configuration. */
#ifndef SVCGATE_RUN_OPTIONS_H
#define SVCGATE_RUN_OPTIONS_H

#include "verbs.h"

#define RUN_OPTIONS_MOST 48

struct run_options {
    char *config, *script, *ready, *service, *reference, *repetitions, *baseline, *out, *previous;
    char *memory, *mode, *cpus, *seed, *keep_awake, *port, *vus, *block;
    char *rate, *warmup, *measure, *budget, *alpha, *beta;
    double wait;
    struct sg_strings gates, formats, compose;
    bool quiet, no_adjust, no_screen, no_accepted, bisect;
    /* of the table that the options were read by, for messages that name a variable */
    const struct sg_option *rows;
    enum sg_option_source sources[RUN_OPTIONS_MOST];
};

extern const struct sg_option run_rows[];

/* Loads the configuration and lays options and "NAME=IMAGE" words over it: flag beats environment
 * beats file beats default. */
bool run_lay(struct sg_config *config, const struct run_options *options,
             const struct sg_strings *words, struct sg_error *err);
/* The same, and everything is checked afterwards. */
bool run_settle(struct sg_config *config, const struct run_options *options,
                const struct sg_strings *words, struct sg_error *err);

#endif
