// Runs any k6 script as svcgate needs it: a warm-up and a measured scenario at the same constant
// arrival rate with an idle gap between them, and an idle stretch at the end, so that counters can
// be read while nothing moves. The script's own default function, setup and teardown are called.
import * as user from './user/@SCRIPT@';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Gauge } from 'k6/metrics';

const number = (name) => Number(__ENV[name]);
const rate = number('SVCGATE_RATE');
const warmup = number('SVCGATE_WARMUP');
const measure = number('SVCGATE_MEASURE');
const gap = number('SVCGATE_GAP');

const warmupStart = new Gauge('svcgate_warmup_start');
const measureStart = new Gauge('svcgate_measure_start');
const measureEnd = new Gauge('svcgate_measure_end');

function arrivals(name, startTime, seconds) {
  // k6 takes whole numbers: the rate is told per 1000 s, durations in milliseconds.
  return {
    executor: 'constant-arrival-rate',
    exec: name,
    startTime: `${Math.round(startTime * 1000)}ms`,
    duration: `${Math.round(seconds * 1000)}ms`,
    rate: Math.round(rate * 1000),
    timeUnit: '1000s',
    preAllocatedVUs: number('SVCGATE_VUS'),
    maxVUs: number('SVCGATE_MAX_VUS'),
    gracefulStop: name === 'warmup' ? `${Math.round(gap * 500)}ms` : '10s',
  };
}

const measured = 'scenario:measure';
export const options = Object.assign({}, user.options || {}, {
  scenarios: {
    warmup: arrivals('warmup', 0, warmup),
    measure: arrivals('measured', warmup + gap, measure),
  },
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

export function setup() {
  return { user: user.setup ? user.setup() : undefined };
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

export function teardown(data) {
  measureEnd.add(Date.now());
  sleep(number('SVCGATE_IDLE'));
  if (user.teardown) {
    user.teardown(data.user);
  }
}

export function handleSummary(data) {
  return { stdout: JSON.stringify({ svcgate: 1, state: data.state, metrics: data.metrics }) };
}
