/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: 2000 items made by a formula, written as JSON, searched with typing errors. */
#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

#include "text.h"

enum { CATALOGUE_ITEMS = 2000, CATALOGUE_QUERY_MAX = 64 };

struct catalogue;

struct catalogue *catalogue_new(void);
void catalogue_delete(struct catalogue *c);

/* Items are numbered from 1 to CATALOGUE_ITEMS; other ids are the caller's mistake. */
void catalogue_item(const struct catalogue *c, unsigned id, struct text *json);
void catalogue_list(const struct catalogue *c, unsigned limit, unsigned offset, struct text *json);

/* The `limit` items nearest to a query of 1 to CATALOGUE_QUERY_MAX bytes of UTF-8. */
void catalogue_search(const struct catalogue *c, const struct text *query, unsigned limit,
                      struct text *json);

#endif
