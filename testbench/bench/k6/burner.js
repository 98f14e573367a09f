// Burns CPU time on the service's CPUs in a given on-off pattern, so that `svcgate doctor` can see
// whether a busy neighbour changes what the generator's own work costs. Sends nothing.
import { sleep } from 'k6';

const pattern = __ENV.SVCGATE_BURN; // "0110…", one a period, over and over
const period = Number(__ENV.SVCGATE_BURN_PERIOD) * 1000; // milliseconds
const slice = 10; // milliseconds: three fifths of each are burnt

export const options = { scenarios: { burn: { executor: 'constant-vus', vus: 1, duration: '1h', gracefulStop: '0s' } } };

export default function () {
  const now = Date.now();
  if (pattern[Math.floor(now / period) % pattern.length] === '0') {
    sleep((period - (now % period)) / 1000);
    return;
  }
  while (Date.now() < now + 0.6 * slice);
  sleep((0.4 * slice) / 1000);
}

export function handleSummary() {
  return {};
}
