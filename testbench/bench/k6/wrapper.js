// Runs any k6 script as svcgate needs it: a warm-up and a measured scenario at the same constant
// arrival rate with an idle gap between them, and an idle stretch at the end, so that counters can
// be read while nothing moves. It lies beside the script, so that relative paths mean the same. The
// script's own functions are called: one of them (load.exec), several at fixed shares (load.mix) or
// its default function, setup, teardown and handleSummary.
// With SVCGATE_TURNS several generators run side by side, and each sends in its own slices only.
import * as user from './@SCRIPT@';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Counter, Gauge } from 'k6/metrics';

const theirs = user.options || {};

const number = (name) => Number(__ENV[name]);
const rate = number('SVCGATE_RATE');
const warmup = number('SVCGATE_WARMUP');
const measure = number('SVCGATE_MEASURE');
const gap = number('SVCGATE_GAP');
const turns = (__ENV.SVCGATE_TURNS || '').split(',').filter((turn) => turn !== '').map(Number);

const warmupStart = new Gauge('svcgate_warmup_start');
const measureStart = new Gauge('svcgate_measure_start');
const measureEnd = new Gauge('svcgate_measure_end');
const failedIterations = new Counter('svcgate_failed_iterations');

// --- Which functions are called -------------------------------------------------------------------

const lifecycle = ['setup', 'teardown', 'handleSummary'];
const isFunction = (name) => typeof user[name] === 'function' && !lifecycle.includes(name);
const list = (names) => names.join(', ');

// The functions that the script's own scenarios call, or all that it exports.
function candidates() {
  const named = Object.values(theirs.scenarios || {}).map((scenario) => scenario.exec || 'default');
  const found = named.filter((name, index) => isFunction(name) && named.indexOf(name) === index);
  return found.length > 0 ? found : Object.keys(user).filter(isFunction);
}

function withoutDefault() {
  const names = candidates();
  if (names.length === 1 && theirs.scenarios) {
    return [{ name: names[0], share: 1 }];
  }
  if (names.length === 0) {
    throw new Error('the script exports no function: write `export default function () { … }`');
  }
  const shares = names.map((name) => `${name}: ${Math.round(1000 / names.length) / 10}%`);
  const several = names.length > 1 ? `, or several at fixed shares: load: { mix: { ${list(shares)} } }` : '';
  throw new Error(`the script has no default function; it exports ${list(names)}. ` +
    `Name the one to call: load: { exec: ${names[0]} }${several}`);
}

// "browse=0.7,checkout=0.3", from load.exec or load.mix.
function chosen() {
  if (!__ENV.SVCGATE_MIX) {
    return isFunction('default') ? [{ name: 'default', share: 1 }] : withoutDefault();
  }
  return __ENV.SVCGATE_MIX.split(',').map((part) => {
    const [name, share] = part.split('=');
    if (!isFunction(name)) {
      throw new Error(`the script exports no function ${name}; it exports ${list(Object.keys(user).filter(isFunction))}`);
    }
    return { name, share: Number(share) };
  });
}

// A scenario of the script that calls the function brings its variables.
function variablesOf(name) {
  const own = Object.values(theirs.scenarios || {}).find((scenario) => (scenario.exec || 'default') === name);
  return own && own.env;
}

const flows = chosen().map((flow) => Object.assign(flow, { env: variablesOf(flow.name) }));

// In which order a mix calls its functions: each time the one that lags most behind its share. The
// same for every variant, exact in each thousand, and evenly spread.
function orderOf(count) {
  const made = flows.map(() => 0);
  return Array.from({ length: count }, (_, index) => {
    const lag = flows.map((flow, at) => flow.share * (index + 1) - made[at]);
    const next = lag.indexOf(Math.max(...lag));
    made[next] += 1;
    return next;
  });
}
const order = flows.length > 1 ? orderOf(1000) : [0];

function call(data, iteration) {
  const flow = flows[order[iteration % order.length]];
  if (flow.env) {
    Object.assign(__ENV, flow.env);
  }
  return user[flow.name](data);
}

function failed(error) {
  failedIterations.add(1);
  throw error;
}

// k6 counts an iteration that throws as one that was made.
function iteration(data) {
  try {
    const made = call(data.user, exec.scenario.iterationInTest);
    return made && typeof made.then === 'function' ? made.then(undefined, failed) : made;
  } catch (error) {
    return failed(error);
  }
}

// --- Options --------------------------------------------------------------------------------------

// What of the script's options cannot hold beside svcgate's load. All else is kept.
const replaced = ['vus', 'duration', 'iterations', 'stages', 'scenarios', 'rps', 'thresholds', 'systemTags',
  'executionSegment', 'executionSegmentSequence'];
// svcgate runs setup and teardown, which heed these.
const heeded = ['paused', 'noSetup', 'noTeardown'];
const kept = Object.keys(theirs).filter((name) => !replaced.includes(name) && !heeded.includes(name));

if (__ENV.SVCGATE_CHECK) {
  const told = Object.keys(theirs).filter((name) => replaced.includes(name));
  if (told.length > 0) {
    console.log(`svcgate: of the script's options svcgate replaces ${list(told)}`);
  }
  if (!__ENV.SVCGATE_MIX && flows[0].name !== 'default') {
    console.log(`svcgate: the script has no default function: ${flows[0].name} is called, as its scenarios do`);
  }
}

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
    // A script that sleeps at its end goes on after the last one has begun.
    gracefulStop: name === 'warmup' ? milliseconds(gap / 2) : '60s',
  }, how);
}

// load.duration: nobody offers a rate; the next iteration begins when the last one has ended.
const closed = number('SVCGATE_CLOSED');

function closedUsers(name, startTime, seconds) {
  return {
    exec: name,
    startTime: milliseconds(startTime),
    executor: 'constant-vus',
    vus: closed,
    duration: milliseconds(Math.max(seconds, 1)), // k6 takes no shorter one
    gracefulStop: name === 'warmup' ? milliseconds(gap / 2) : '60s',
  };
}

function whole(name, startTime, seconds) {
  if (closed > 0) {
    return closedUsers(name, startTime, seconds);
  }
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

// Milliseconds of a duration as k6 takes it: '1m30s', '500ms', or a number of milliseconds.
function length(duration) {
  const units = { h: 3600000, m: 60000, s: 1000, ms: 1 };
  const parts = String(duration).match(/[\d.]+(h|ms|m|s)/g);
  const one = (part) => parseFloat(part) * units[part.replace(/[\d.]/g, '')];
  return parts ? parts.reduce((sum, part) => sum + one(part), 0) : Number(duration);
}

// What svcgate adds to setup and teardown of the script may take two minutes.
const longer = (duration) => `${length(duration || '60s') + 120000}ms`;
const empty = (names) => Object.fromEntries(names.map((name) => [name, []]));
const union = (one, other) => one.concat(other.filter((name) => !one.includes(name)));

// What gates name by `k6`: [{ key: 'orders{scenario:measure}', stat: 'count' }].
const asked = JSON.parse(__ENV.SVCGATE_METRICS || '[]');
// A Rate's counts come with it.
const statistics = (key) => asked.filter((one) => one.key === key && !['passes', 'total'].includes(one.stat));
// k6 refuses a threshold on a metric that the script does not make, and one with a statistic that
// its kind does not have: here, and not after minutes.
const condition = (one) => (__ENV.SVCGATE_CHECK ? [`${one.stat}<1`] : []);
const askedThresholds = Object.fromEntries(asked.map(({ key }) => [key, statistics(key).flatMap(condition)]));
const percentiles = asked.map((one) => one.stat).filter((stat) => stat.startsWith('p('));

const measured = 'scenario:measure';
export const options = Object.assign(
  Object.fromEntries(kept.map((name) => [name, theirs[name]])), {
    scenarios: scenarios(),
    systemTags: __ENV.SVCGATE_SYSTEM_TAGS.split(','),
    tags: Object.assign({}, theirs.tags, {
      testid: __ENV.SVCGATE_TESTID,
      variant: __ENV.SVCGATE_VARIANT, // one a testid, so it splits no series; the dashboards want it
    }),
    // Not gates: an empty threshold makes k6 keep the sub-metric in its summary.
    thresholds: Object.assign(empty(Object.keys(theirs.thresholds || {})), askedThresholds, {
      [`http_req_duration{${measured},expected_response:true}`]: [],
      [`http_req_duration{${measured}}`]: [],
      [`http_reqs{${measured}}`]: [],
      [`http_req_failed{${measured}}`]: [],
      [`http_reqs{scenario:warmup}`]: [],
      [`dropped_iterations{${measured}}`]: [],
      [`dropped_iterations{scenario:warmup}`]: [],
      [`iterations{${measured}}`]: [],
      [`iteration_duration{${measured}}`]: [],
      [`svcgate_failed_iterations{${measured}}`]: [],
      [`data_received{${measured}}`]: [],
      [`data_sent{${measured}}`]: [],
    }),
    // count, avg, med and three percentiles are for metrics; all of them draw the distribution.
    summaryTrendStats: [percentiles, theirs.summaryTrendStats || []].reduce(union, ['count', 'avg', 'min',
      'p(1)', 'p(5)', 'p(10)', 'p(25)', 'med', 'p(75)', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max']),
    setupTimeout: longer(theirs.setupTimeout),
    teardownTimeout: longer(theirs.teardownTimeout),
  });

// --- What k6 calls --------------------------------------------------------------------------------

// Generators of a block begin at one moment; how long this one still had to wait tells whether it
// was in time.
const early = new Gauge('svcgate_early');

export async function setup() {
  const data = { user: user.setup && !theirs.noSetup ? await user.setup() : undefined };
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
  return iteration(data);
}

export function measured_(data) {
  if (exec.scenario.iterationInTest === 0) {
    measureStart.add(exec.scenario.startTime);
  }
  return iteration(data);
}
export { warmup_ as warmup, measured_ as measured };

// k6 ends a scenario with its last iteration: a generator whose last slice is over waits for the
// others.
function rotationEnd() {
  const rounds = turns.length;
  const span = rounds * number('SVCGATE_SEATS') * number('SVCGATE_SLICE');
  return turns.length > 0 ? number('SVCGATE_BEGIN') + 1000 * (gap + span) : 0;
}

export async function teardown(data) {
  sleep(Math.max(0, (rotationEnd() - Date.now()) / 1000));
  measureEnd.add(Date.now());
  sleep(number('SVCGATE_IDLE'));
  if (user.teardown && !theirs.noTeardown) {
    await user.teardown(data.user);
  }
}

// Files that the script's own summary writes travel in ours, and end up in the bundle.
function ownSummary(data) {
  try {
    return user.handleSummary ? user.handleSummary(data) : undefined;
  } catch (error) {
    console.error(`handleSummary of the script: ${error}`);
    return undefined;
  }
}

export function handleSummary(data) {
  const made = ownSummary(data) || {};
  const isFile = ([name, text]) => typeof text === 'string' && name !== 'stdout' && name !== 'stderr';
  const files = Object.fromEntries(Object.entries(made).filter(isFile));
  return { stdout: JSON.stringify({ svcgate: 1, state: data.state, metrics: data.metrics, files }) };
}
