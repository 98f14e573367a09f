// SPDX-License-Identifier: Apache-2.0
// The catalogue: 2000 items made by a formula, written as JSON, searched with typing errors.
// The word lists and the formula are the same in c/, go/ and node/; the conformance check compares.
'use strict';

const ITEMS = 2000;
const QUERY_MAX = 64;
const DESCRIPTION_WORDS = 28;

const adjectives = [
  'Small', 'Large', 'Round', 'Quiet', 'Bright', 'Sturdy', 'Folding', 'Modern',
  'Classic', 'Light', 'Heavy', 'Narrow', 'Wide', 'Plain', 'Painted', 'Woven',
];
const materials = [
  'Oak', 'Steel', 'Glass', 'Cotton', 'Leather', 'Bamboo', 'Copper', 'Marble',
  'Linen', 'Walnut', 'Ceramic', 'Wool', 'Cork', 'Brass', 'Paper', 'Granite',
];
const nouns = [
  'Table', 'Lamp', 'Chair', 'Basket', 'Kettle', 'Mirror', 'Shelf', 'Blanket',
  'Clock', 'Bowl', 'Bench', 'Curtain', 'Drawer', 'Stool', 'Tray', 'Vase',
];
const categories = [
  'kitchen', 'garden', 'office', 'bedroom', 'bathroom', 'hallway', 'workshop', 'nursery',
];
const words = [
  'made', 'by', 'hand', 'for', 'every', 'day', 'with', 'a', 'warm', 'finish', 'and', 'clean',
  'lines', 'from', 'our', 'café', 'series', 'easy', 'to', 'care', 'repair', 'crème', 'colour',
  'stands', 'firm', 'on', 'any', 'floor', 'quickly', 'stacked', 'naïve', 'pattern',
];

/** lowbias32 by Chris Wellons, "Prospecting for hash functions" (2018). */
function mix(x) {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** The number that decides property `field` of item `id`. */
function draw(id, field) {
  return mix(id * 64 + field);
}

function lowerAscii(bytes) {
  return bytes.map((c) => (c >= 65 && c <= 90 ? c + 32 : c));
}

/** The item as it goes out, and what a search reads of it. */
function makeItem(id) {
  const name = [adjectives[draw(id, 0) % 16], materials[draw(id, 1) % 16], nouns[draw(id, 2) % 16]];
  const description = [];
  for (let i = 0; i < DESCRIPTION_WORDS; i++)
    description.push(words[draw(id, 8 + i) % 32]);
  const item = {
    id,
    name: name.join(' '),
    category: categories[draw(id, 3) % 8],
    price_cents: 99 + draw(id, 4) % 20000,
    stock: draw(id, 5) % 500,
    description: description.join(' '),
  };
  const text = `${item.name} ${item.category} ${item.description}`;
  return { item, haystack: lowerAscii(Buffer.from(text)) };
}

const made = Array.from({ length: ITEMS }, (_, i) => makeItem(i + 1));
const items = made.map((m) => m.item);
const haystacks = made.map((m) => m.haystack);

function item(id) {
  return items[id - 1];
}

function list(limit, offset) {
  return { total: ITEMS, limit, offset, items: items.slice(offset, offset + limit) };
}

const column = new Int32Array(QUERY_MAX);

/**
 * The fewest edits (insert, delete, replace a byte) that turn the query into some substring of the
 * haystack: P. H. Sellers, "The theory and computation of evolutionary distances: pattern
 * recognition", Journal of Algorithms 1 (1980). O(query x haystack) on purpose: this is the
 * service's honest CPU cost.
 */
function distance(query, haystack) {
  const m = query.length;
  for (let i = 0; i < m; i++)
    column[i] = i + 1;

  let best = m;
  for (let j = 0; j < haystack.length; j++) {
    const h = haystack[j];
    let diagonal = 0;
    let above = 0;
    for (let i = 0; i < m; i++) {
      const left = column[i];
      const replaced = query[i] === h ? diagonal : diagonal + 1;
      above = Math.min(Math.min(replaced, left + 1), above + 1);
      column[i] = above;
      diagonal = left;
    }
    best = Math.min(best, above);
  }
  return best;
}

/** The `limit` items nearest to a query of 1 to QUERY_MAX bytes of UTF-8. */
function search(query, limit) {
  const folded = lowerAscii(Buffer.from(query));
  const allowed = Math.floor(folded.length / 4); // one error for every four bytes
  const distances = haystacks.map((haystack) => distance(folded, haystack));
  const total = distances.filter((d) => d <= allowed).length;
  const found = []; // nearest first, then by id
  for (let d = 0; d <= allowed; d++)
    for (let i = 0; i < ITEMS && found.length < limit; i++)
      if (distances[i] === d)
        found.push(items[i]);
  return { query, total, items: found };
}

module.exports = { ITEMS, QUERY_MAX, item, list, search };
