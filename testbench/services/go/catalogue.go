// SPDX-License-Identifier: Apache-2.0
// The catalogue: 2000 items made by a formula, written as JSON, searched with typing errors.
// The word lists and the formula are the same in c/, go/ and node/; the conformance check compares.

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

const (
	itemCount        = 2000
	queryMax         = 64
	descriptionWords = 28
)

var (
	adjectives = [16]string{
		"Small", "Large", "Round", "Quiet", "Bright", "Sturdy", "Folding", "Modern",
		"Classic", "Light", "Heavy", "Narrow", "Wide", "Plain", "Painted", "Woven",
	}
	materials = [16]string{
		"Oak", "Steel", "Glass", "Cotton", "Leather", "Bamboo", "Copper", "Marble",
		"Linen", "Walnut", "Ceramic", "Wool", "Cork", "Brass", "Paper", "Granite",
	}
	nouns = [16]string{
		"Table", "Lamp", "Chair", "Basket", "Kettle", "Mirror", "Shelf", "Blanket",
		"Clock", "Bowl", "Bench", "Curtain", "Drawer", "Stool", "Tray", "Vase",
	}
	categories = [8]string{
		"kitchen", "garden", "office", "bedroom", "bathroom", "hallway", "workshop", "nursery",
	}
	words = [32]string{
		"made", "by", "hand", "for", "every", "day", "with", "a", "warm", "finish", "and", "clean",
		"lines", "from", "our", "café", "series", "easy", "to", "care", "repair", "crème", "colour",
		"stands", "firm", "on", "any", "floor", "quickly", "stacked", "naïve", "pattern",
	}
)

type item struct {
	ID          uint32 `json:"id"`
	Name        string `json:"name"`
	Category    string `json:"category"`
	PriceCents  uint32 `json:"price_cents"`
	Stock       uint32 `json:"stock"`
	Description string `json:"description"`

	haystack []byte // name, category and description in lower case: what a search reads
}

type listAnswer struct {
	Total  int    `json:"total"`
	Limit  int    `json:"limit"`
	Offset int    `json:"offset"`
	Items  []item `json:"items"`
}

type searchAnswer struct {
	Query json.RawMessage `json:"query"`
	Total int             `json:"total"`
	Items []*item         `json:"items"`
}

type catalogue []item

// mix is lowbias32 by Chris Wellons, "Prospecting for hash functions" (2018).
func mix(x uint32) uint32 {
	x ^= x >> 16
	x *= 0x7feb352d
	x ^= x >> 15
	x *= 0x846ca68b
	x ^= x >> 16
	return x
}

// draw gives the number that decides property `field` of item `id`.
func draw(id, field uint32) uint32 {
	return mix(id*64 + field)
}

func lowerASCII(s string) []byte {
	lower := []byte(s)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + ('a' - 'A')
		}
	}
	return lower
}

func makeItem(id uint32) item {
	it := item{
		ID: id,
		Name: adjectives[draw(id, 0)%16] + " " + materials[draw(id, 1)%16] + " " +
			nouns[draw(id, 2)%16],
		Category:   categories[draw(id, 3)%8],
		PriceCents: 99 + draw(id, 4)%20000,
		Stock:      draw(id, 5) % 500,
	}
	var description []string
	for i := uint32(0); i < descriptionWords; i++ {
		description = append(description, words[draw(id, 8+i)%32])
	}
	it.Description = strings.Join(description, " ")
	it.haystack = lowerASCII(it.Name + " " + it.Category + " " + it.Description)
	return it
}

func newCatalogue() catalogue {
	items := make(catalogue, 0, itemCount)
	for id := uint32(1); id <= itemCount; id++ {
		items = append(items, makeItem(id))
	}
	return items
}

func toJSON(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // strings and numbers only: it cannot happen
	}
	return out.Bytes()
}

// quoted escapes exactly as JSON.stringify of JavaScript does, which encoding/json does not.
func quoted(s string) []byte {
	short := map[byte]string{
		'"': `\"`, '\\': `\\`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`,
	}
	out := []byte{'"'}
	for i := 0; i < len(s); i++ {
		if escape, ok := short[s[i]]; ok {
			out = append(out, escape...)
		} else if s[i] < 32 {
			out = append(out, fmt.Sprintf(`\u%04x`, s[i])...)
		} else {
			out = append(out, s[i])
		}
	}
	return append(out, '"')
}

func (c catalogue) item(id int) []byte {
	return toJSON(&c[id-1])
}

func (c catalogue) list(limit, offset int) []byte {
	first := min(offset, len(c))
	last := min(first+limit, len(c))
	return toJSON(&listAnswer{len(c), limit, offset, c[first:last]})
}

// distance is the fewest edits (insert, delete, replace a byte) that turn the query into some
// substring of the haystack: P. H. Sellers, "The theory and computation of evolutionary distances:
// pattern recognition", Journal of Algorithms 1 (1980). O(query x haystack) on purpose: this is
// the service's honest CPU cost.
func distance(query, haystack []byte) uint32 {
	var buffer [queryMax]uint32
	column := buffer[:len(query)]
	for i := range column {
		column[i] = uint32(i + 1)
	}

	best := uint32(len(query))
	for _, h := range haystack {
		var diagonal, above uint32
		for i, q := range query {
			left := column[i]
			replaced := diagonal
			if q != h {
				replaced++
			}
			above = min(replaced, left+1, above+1)
			column[i] = above
			diagonal = left
		}
		best = min(best, above)
	}
	return best
}

func (c catalogue) search(query string, limit int) []byte {
	folded := lowerASCII(query)
	allowed := uint32(len(query) / 4) // one error for every four bytes
	distances := make([]uint32, len(c))
	total := 0
	for i := range c {
		distances[i] = distance(folded, c[i].haystack)
		if distances[i] <= allowed {
			total++
		}
	}
	found := []*item{} // nearest first, then by id
	for d := uint32(0); d <= allowed; d++ {
		for i := range c {
			if distances[i] == d && len(found) < limit {
				found = append(found, &c[i])
			}
		}
	}
	return toJSON(&searchAnswer{quoted(query), total, found})
}
