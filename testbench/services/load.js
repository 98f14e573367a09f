// SPDX-License-Identifier: Apache-2.0
// Load for the catalogue: one request an iteration, 60 % an item, 25 % a list, 15 % a search. Which
// request comes is decided by the iteration's number alone, so every variant gets the same ones.
// svcgate supplies the scenarios; by hand: k6 run --env BASE_URL=http://localhost:8080 load.js
import { check } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

const base = __ENV.BASE_URL || 'http://localhost:8080';

// i: item, l: list, s: search. Searches are the dear ones and stand apart.
const pattern = 'ilisiliiilsiiiliilsi';
const queries = ['small oak', 'cofee lamp', 'walnut', 'round stel', 'garden', 'café', 'bras clock', 'linen'];
const named = (__ENV.SVCGATE_SYSTEM_TAGS || '').includes('name');
const checkEvery = 50; // a check costs the generator time, and svcgate counts failures itself

function choose(n) {
  switch (pattern[n % pattern.length]) {
    case 'l':
      return ['list', `/items?limit=20&offset=${(n * 37) % 2000}`];
    case 's':
      return ['search', `/search?q=${encodeURIComponent(queries[n % queries.length])}`];
    default:
      return ['item', `/items/${1 + ((n * 7919) % 2000)}`];
  }
}

export default function () {
  const n = exec.scenario.iterationInTest;
  const [name, path] = choose(n);
  // A name tag makes a series of its own for each kind of request; only gates with `request:` want it.
  const tags = named ? { name } : {};
  const response = http.get(base + path, { tags, responseType: 'none' });
  if (n % checkEvery === 0) {
    check(response, { 'status is 200': (r) => r.status === 200 });
  }
}
