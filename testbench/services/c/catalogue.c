/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: 2000 items made by a formula, written as JSON, searched with typing errors.
 * The word lists and the formula are the same in c/, go/ and node/; the conformance check compares.
 */
#include "catalogue.h"

#include <stdio.h>
#include <stdlib.h>

struct item {
    unsigned id;
    const char *category;
    unsigned price_cents;
    unsigned stock;
    struct text name;
    struct text description;
    struct text haystack; /* name, category and description in lower case: what a search reads */
};

struct catalogue {
    struct item items[CATALOGUE_ITEMS];
};

static const char *const adjectives[16] = {
    "Small",   "Large", "Round", "Quiet",  "Bright", "Sturdy", "Folding", "Modern",
    "Classic", "Light", "Heavy", "Narrow", "Wide",   "Plain",  "Painted", "Woven",
};
static const char *const materials[16] = {
    "Oak",   "Steel",  "Glass",   "Cotton", "Leather", "Bamboo", "Copper", "Marble",
    "Linen", "Walnut", "Ceramic", "Wool",   "Cork",    "Brass",  "Paper",  "Granite",
};
static const char *const nouns[16] = {
    "Table", "Lamp", "Chair", "Basket",  "Kettle", "Mirror", "Shelf", "Blanket",
    "Clock", "Bowl", "Bench", "Curtain", "Drawer", "Stool",  "Tray",  "Vase",
};
static const char *const categories[8] = {
    "kitchen", "garden", "office", "bedroom", "bathroom", "hallway", "workshop", "nursery",
};
static const char *const words[32] = {
    "made",   "by",     "hand", "for",   "every",   "day",     "with",   "a",
    "warm",   "finish", "and",  "clean", "lines",   "from",    "our",    "café",
    "series", "easy",   "to",   "care",  "repair",  "crème",   "colour", "stands",
    "firm",   "on",     "any",  "floor", "quickly", "stacked", "naïve",  "pattern",
};
enum { DESCRIPTION_WORDS = 28 };

/* lowbias32 by Chris Wellons, "Prospecting for hash functions" (2018). */
static uint32_t mix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352dU;
    x ^= x >> 15;
    x *= 0x846ca68bU;
    x ^= x >> 16;
    return x;
}

/* The number that decides property `field` of item `id`. */
static uint32_t draw(unsigned id, unsigned field)
{
    return mix(id * 64 + field);
}

static void lower_ascii(struct text *t)
{
    for (size_t i = 0; i < t->len; i++)
        if (t->data[i] >= 'A' && t->data[i] <= 'Z')
            t->data[i] = (char)(t->data[i] + ('a' - 'A'));
}

static void make_item(struct item *item, unsigned id)
{
    item->id = id;
    item->category = categories[draw(id, 3) % 8];
    item->price_cents = 99 + draw(id, 4) % 20000;
    item->stock = draw(id, 5) % 500;

    text_string(&item->name, adjectives[draw(id, 0) % 16]);
    text_string(&item->name, " ");
    text_string(&item->name, materials[draw(id, 1) % 16]);
    text_string(&item->name, " ");
    text_string(&item->name, nouns[draw(id, 2) % 16]);

    for (unsigned i = 0; i < DESCRIPTION_WORDS; i++) {
        text_string(&item->description, i > 0 ? " " : "");
        text_string(&item->description, words[draw(id, 8 + i) % 32]);
    }

    text_bytes(&item->haystack, item->name.data, item->name.len);
    text_string(&item->haystack, " ");
    text_string(&item->haystack, item->category);
    text_string(&item->haystack, " ");
    text_bytes(&item->haystack, item->description.data, item->description.len);
    lower_ascii(&item->haystack);
}

struct catalogue *catalogue_new(void)
{
    struct catalogue *c = calloc(1, sizeof *c);
    if (!c) {
        fprintf(stderr, "catalogue (c): out of memory\n");
        exit(1);
    }
    for (unsigned i = 0; i < CATALOGUE_ITEMS; i++)
        make_item(&c->items[i], i + 1);
    return c;
}

void catalogue_delete(struct catalogue *c)
{
    if (!c)
        return;
    for (unsigned i = 0; i < CATALOGUE_ITEMS; i++) {
        text_free(&c->items[i].name);
        text_free(&c->items[i].description);
        text_free(&c->items[i].haystack);
    }
    free(c);
}

static void write_item(const struct item *item, struct text *json)
{
    text_string(json, "{\"id\":");
    text_number(json, item->id);
    text_string(json, ",\"name\":");
    text_quoted(json, item->name.data, item->name.len);
    text_string(json, ",\"category\":\"");
    text_string(json, item->category);
    text_string(json, "\",\"price_cents\":");
    text_number(json, item->price_cents);
    text_string(json, ",\"stock\":");
    text_number(json, item->stock);
    text_string(json, ",\"description\":");
    text_quoted(json, item->description.data, item->description.len);
    text_string(json, "}");
}

void catalogue_item(const struct catalogue *c, unsigned id, struct text *json)
{
    write_item(&c->items[id - 1], json);
    text_string(json, "\n");
}

void catalogue_list(const struct catalogue *c, unsigned limit, unsigned offset, struct text *json)
{
    text_string(json, "{\"total\":");
    text_number(json, CATALOGUE_ITEMS);
    text_string(json, ",\"limit\":");
    text_number(json, limit);
    text_string(json, ",\"offset\":");
    text_number(json, offset);
    text_string(json, ",\"items\":[");
    for (unsigned i = offset; i < CATALOGUE_ITEMS && i - offset < limit; i++) {
        text_string(json, i > offset ? "," : "");
        write_item(&c->items[i], json);
    }
    text_string(json, "]}\n");
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The fewest edits (insert, delete, replace a byte) that turn the query into some substring of the
 * haystack: P. H. Sellers, "The theory and computation of evolutionary distances: pattern
 * recognition", Journal of Algorithms 1 (1980). O(query x haystack) on purpose: this is the
 * service's honest CPU cost. */
static unsigned distance(const struct text *query, const struct text *haystack)
{
    unsigned column[CATALOGUE_QUERY_MAX + 1];
    const unsigned m = (unsigned)query->len;
    for (unsigned i = 0; i <= m; i++)
        column[i] = i;

    unsigned best = m;
    for (size_t j = 0; j < haystack->len; j++) {
        unsigned diagonal = 0;
        unsigned above = 0;
        for (unsigned i = 1; i <= m; i++) {
            unsigned left = column[i];
            unsigned replaced = diagonal + (query->data[i - 1] != haystack->data[j]);
            above = smaller(smaller(replaced, left + 1), above + 1);
            column[i] = above;
            diagonal = left;
        }
        best = smaller(best, above);
    }
    return best;
}

void catalogue_search(const struct catalogue *c, const struct text *query, unsigned limit,
                      struct text *json)
{
    struct text folded = {0};
    text_bytes(&folded, query->data, query->len);
    lower_ascii(&folded);

    const unsigned allowed = (unsigned)query->len / 4; /* one error for every four bytes */
    unsigned distances[CATALOGUE_ITEMS];
    unsigned total = 0;
    for (unsigned i = 0; i < CATALOGUE_ITEMS; i++) {
        distances[i] = distance(&folded, &c->items[i].haystack);
        if (distances[i] <= allowed)
            total++;
    }
    text_free(&folded);

    text_string(json, "{\"query\":");
    text_quoted(json, query->data, query->len);
    text_string(json, ",\"total\":");
    text_number(json, total);
    text_string(json, ",\"items\":[");
    unsigned written = 0; /* nearest first, then by id */
    for (unsigned d = 0; d <= allowed; d++) {
        for (unsigned i = 0; i < CATALOGUE_ITEMS && written < limit; i++) {
            if (distances[i] != d)
                continue;
            text_string(json, written > 0 ? "," : "");
            write_item(&c->items[i], json);
            written++;
        }
    }
    text_string(json, "]}\n");
}
