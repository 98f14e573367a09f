// SPDX-License-Identifier: Apache-2.0
// The faults that a test asks for in FAULT_* of the environment; ../README.md says what each does.
// All but /healthz counts as a request.
'use strict';

/** [name, most, scale]: the value is multiplied by `scale` into the unit that is used below. */
const rows = [
  ['FAULT_NEVER_READY', 1, 1],
  ['FAULT_CLOSE', 1, 1],
  ['FAULT_CRASH_AFTER', 1e9, 1],
  ['FAULT_ERROR_RATE', 1, 1e6], // millionths of the requests
  ['FAULT_RESPONSE_FACTOR', 100, 1],
  ['FAULT_MEMORY_KB', 1e6, 1024], // bytes
  ['FAULT_CPU_US', 1e6, 1],
  ['FAULT_CPU_PERCENT', 1000, 1e4], // millionths of the service's own CPU time
  ['FAULT_LATENCY_MS', 60000, 1],
  ['FAULT_LATENCY_EVERY', 1e9, 1],
];

const value = {};
const given = [];

let requests = 0;
let idleCpu = 0; // microseconds that the process had used before the first request
let burned = 0; // microseconds
const hoard = [];

/** Reads the environment; throws an Error for a value that makes no sense. */
function read() {
  for (const [name, most, scale] of rows) {
    const text = process.env[name] || '0';
    if (!/^[0-9]+(\.[0-9]+)?$/.test(text) || Number(text) > most)
      throw new Error(`${name}: not a number from 0 to ${most}: ${text}`);
    value[name] = Math.round(Number(text) * scale);
    if (process.env[name])
      given.push(`${name}=${text}`);
  }
}

/** " with FAULT_X=..." or nothing, for the log. */
function describe() {
  return given.length > 0 ? ` with ${given.join(' ')}` : '';
}

function processCpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/**
 * Burns what is owed up to now: so much a request, and a share of all CPU time that was not burned
 * here. As a debt it also covers what a request costs after its answer was made (the kernel's
 * sending, the garbage collector): the next one pays. Over many requests the share is exact.
 */
function burn() {
  const used = processCpu() - idleCpu;
  const share = (used - burned) * (value.FAULT_CPU_PERCENT / 1e6);
  const owed = requests * value.FAULT_CPU_US + share - burned;
  let now = used;
  while (now - used < owed)
    now = processCpu() - idleCpu;
  burned += now - used;
}

/** Counts a request before any work, and gives its number; may end the process. */
function begin() {
  if (requests === 0)
    idleCpu = processCpu();
  requests++;
  if (value.FAULT_CRASH_AFTER > 0 && requests > value.FAULT_CRASH_AFTER) {
    console.error(
      `catalogue (node): crash after ${requests - 1} requests, as FAULT_CRASH_AFTER asks`);
    process.exit(1);
  }
  return requests;
}

/** Spoils the finished answer of request number n; gives the milliseconds to wait before it. */
function end(n, answer) {
  const failed = (count) => Math.floor(count * value.FAULT_ERROR_RATE / 1e6);
  if (failed(n) > failed(n - 1))
    answer.fail(500, 'injected fault');
  if (value.FAULT_RESPONSE_FACTOR > 1)
    answer.body += ' '.repeat(Buffer.byteLength(answer.body) * (value.FAULT_RESPONSE_FACTOR - 1));
  if (value.FAULT_MEMORY_KB > 0)
    hoard.push(Buffer.alloc(value.FAULT_MEMORY_KB, 1)); // touched, so that it is resident
  if (value.FAULT_CPU_US > 0 || value.FAULT_CPU_PERCENT > 0)
    burn();
  const every = value.FAULT_LATENCY_EVERY;
  return every < 2 || n % every === 0 ? value.FAULT_LATENCY_MS : 0;
}

module.exports = { value, read, describe, begin, end };
