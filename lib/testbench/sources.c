/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what variants are built from is there, before anything is started. */
#include "source/source.h"
#include "testbench/testbench.h"

bool sg_bench_check_sources(const struct sg_config *config, struct sg_error *err)
{
    for (size_t i = 0; i < config->variants_count; i++) {
        const struct sg_config_variant *variant = &config->variants[i];
        char commit[65];
        if (variant->build_ref != NULL &&
            !sg_source_resolve(variant->build_context, variant->build_ref, commit, err)) {
            return sg_error_context(err, "variant %s", variant->name);
        }
    }
    return true;
}
