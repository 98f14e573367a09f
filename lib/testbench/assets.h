/* SPDX-License-Identifier: Apache-2.0 */
/* The files of testbench/ that the binary carries (made by cmake/embed.cmake). */
#ifndef SG_TESTBENCH_ASSETS_H
#define SG_TESTBENCH_ASSETS_H

#include <stddef.h>

struct sg_asset {
    const char *name; /* relative path, "prometheus/prometheus.yml" */
    const char *data; /* NUL-terminated */
    size_t size;
};

extern const struct sg_asset sg_assets[];
extern const size_t sg_assets_count;

#endif
