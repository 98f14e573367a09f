/* SPDX-License-Identifier: Apache-2.0 */
/* Single values as YAML that reads back to the same value. NULL and NaN give NULL; callers free.
 * Private to the room. */
#ifndef SG_CONFIG_WRITE_H
#define SG_CONFIG_WRITE_H

#include "base/base.h"

/* Plain where that is safe, else in double quotes. */
char *sg_config_write_text(const char *text) SG_MUST_USE;
/* "30s", "256MiB", "5%", "300/s", "10KiB/s", or the bare number for any other unit. */
char *sg_config_write_by_unit(double value, const char *unit) SG_MUST_USE;

#endif
