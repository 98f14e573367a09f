// Runs any k6 script as svcgate needs it: a warm-up and a measured scenario at the same constant
// arrival rate with an idle gap between them, and an idle stretch at the end, so that counters can
// be read while nothing moves. The script's own default function, setup and teardown are called.
// With SVCGATE_TURNS several generators run side by side, and each sends in its own slices only.
import * as user from './user/@SCRIPT@';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Gauge } from 'k6/metrics';

const number = (name) => Number(__ENV[name]);
const rate = number('SVCGATE_RATE');
const warmup = number('SVCGATE_WARMUP');
const measure = number('SVCGATE_MEASURE');
const gap = number('SVCGATE_GAP');
const turns = (__ENV.SVCGATE_TURNS || '').split(',').filter((turn) => turn !== '').map(Number);

const warmupStart = new Gauge('svcgate_warmup_start');
const measureStart = new Gauge('svcgate_measure_start');
const measureEnd = new Gauge('svcgate_measure_end');

// k6 takes whole numbers: the rate is told per 1000 s, durations in milliseconds.
const milliseconds = (seconds) => `${Math.round(seconds * 1000)}ms`;
const perThousandSeconds = Math.round(rate * 1000);

function arrivals(name, startTime, how) {
  return Object.assign({
    exec: name,
    startTime: milliseconds(startTime),
    timeUnit: '1000s',
    preAllocatedVUs: number('SVCGATE_VUS'),
    maxVUs: number('SVCGATE_MAX_VUS'),
    gracefulStop: name === 'warmup' ? milliseconds(gap / 2) : '10s',
  }, how);
}

function whole(name, startTime, seconds) {
  if (seconds < 1) { // k6 takes no shorter constant rate
    const stages = [{ target: perThousandSeconds, duration: milliseconds(seconds) }];
    return arrivals(name, startTime, { executor: 'ramping-arrival-rate', startRate: perThousandSeconds, stages });
  }
  return arrivals(name, startTime, {
    executor: 'constant-arrival-rate',
    duration: milliseconds(seconds),
    rate: perThousandSeconds,
  });
}

// A square wave: the full rate in this generator's slice of each round, nothing in the others'.
function sliced(name, startTime, rounds) {
  const slice = number('SVCGATE_SLICE');
  const seats = number('SVCGATE_SEATS');
  const at = (slot) => Math.round(slot * slice * 1000); // milliseconds from the start
  const stages = [];
  let now = 0;
  const stage = (target, until) => {
    stages.push({ target, duration: '0s' }, { target, duration: `${until - now}ms` });
    now = until;
  };
  rounds.forEach((turn, round) => {
    const slot = round * seats + turn;
    stage(0, at(slot));
    stage(perThousandSeconds, at(slot + 1));
  });
  stage(0, at(rounds.length * seats));
  return arrivals(name, startTime, { executor: 'ramping-arrival-rate', startRate: 0, stages });
}

// k6 refuses a scenario that takes no time: without a warm-up there is none.
function scenarios() {
  const alone = turns.length === 0;
  const warm = number('SVCGATE_WARM_ROUNDS');
  const found = {};
  if (warmup > 0) {
    found.warmup = alone ? whole('warmup', 0, warmup) : sliced('warmup', 0, turns.slice(0, warm));
  }
  found.measure = alone
    ? whole('measured', warmup + gap, measure)
    : sliced('measured', warmup + gap, turns.slice(warm));
  return found;
}

const measured = 'scenario:measure';
export const options = Object.assign({}, user.options || {}, {
  scenarios: scenarios(),
  systemTags: __ENV.SVCGATE_SYSTEM_TAGS.split(','),
  tags: Object.assign({}, (user.options || {}).tags, {
    testid: __ENV.SVCGATE_TESTID,
    variant: __ENV.SVCGATE_VARIANT, // one a testid, so it splits no series; the dashboards want it
  }),
  // Not gates: an empty threshold makes k6 keep the sub-metric in its summary.
  thresholds: {
    [`http_req_duration{${measured},expected_response:true}`]: [],
    [`http_req_duration{${measured}}`]: [],
    [`http_reqs{${measured}}`]: [],
    [`http_req_failed{${measured}}`]: [],
    [`http_reqs{scenario:warmup}`]: [],
    [`dropped_iterations{${measured}}`]: [],
    [`dropped_iterations{scenario:warmup}`]: [],
    [`iterations{${measured}}`]: [],
    [`data_received{${measured}}`]: [],
    [`data_sent{${measured}}`]: [],
  },
  // count, avg, med and three percentiles are for metrics; all of them draw the distribution.
  summaryTrendStats: ['count', 'avg', 'min', 'p(1)', 'p(5)', 'p(10)', 'p(25)', 'med', 'p(75)',
    'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max'],
  setupTimeout: '120s',
  teardownTimeout: '120s',
});

// Generators of a block begin at one moment; how long this one still had to wait tells whether it
// was in time.
const early = new Gauge('svcgate_early');

export function setup() {
  const data = { user: user.setup ? user.setup() : undefined };
  if (turns.length > 0) {
    const wait = number('SVCGATE_BEGIN') - Date.now();
    early.add(wait);
    sleep(Math.max(0, wait / 1000));
  }
  return data;
}

export function warmup_(data) {
  if (exec.scenario.iterationInTest === 0) {
    warmupStart.add(exec.scenario.startTime);
  }
  return user.default(data.user);
}

export function measured_(data) {
  if (exec.scenario.iterationInTest === 0) {
    measureStart.add(exec.scenario.startTime);
  }
  return user.default(data.user);
}
export { warmup_ as warmup, measured_ as measured };

// k6 ends a scenario with its last iteration: a generator whose last slice is over waits for the
// others.
function rotationEnd() {
  const rounds = turns.length;
  const span = rounds * number('SVCGATE_SEATS') * number('SVCGATE_SLICE');
  return turns.length > 0 ? number('SVCGATE_BEGIN') + 1000 * (gap + span) : 0;
}

export function teardown(data) {
  sleep(Math.max(0, (rotationEnd() - Date.now()) / 1000));
  measureEnd.add(Date.now());
  sleep(number('SVCGATE_IDLE'));
  if (user.teardown) {
    user.teardown(data.user);
  }
}

export function handleSummary(data) {
  return { stdout: JSON.stringify({ svcgate: 1, state: data.state, metrics: data.metrics }) };
}
