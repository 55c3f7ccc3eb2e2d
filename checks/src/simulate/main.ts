// `npm run simulate -- [--seeds N] [--seed S] [--computers N] [--json]`: whole domains in memory, one seed after the
// other, under every fault that a network, a clock and a `kill -9` can bring; what must never happen is watched for.
// A seed that fails is printed; `--seed S` plays it again, bit for bit, and looks closer.
//
// `npm run simulate -- --discovery [--charts] [--json]`: how fast a newcomer is known, and what it costs the network,
// from a hundred to ten thousand computers.
//
// `npm run simulate -- --nats [--computers N] [--charts] [--json]`: what a domain costs on one real NATS server, from a
// hundred computers to N, each with a connection of its own.
import { parseArgs } from 'node:util';
import { campaign } from './campaign.js';
import { reportDiscovery } from './discovery/report.js';
import { reportNats } from './nats/report.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    computers: { type: 'string' },
    json: { type: 'boolean', default: false },
    discovery: { type: 'boolean', default: false },
    nats: { type: 'boolean', default: false },
    charts: { type: 'boolean', default: false },
  },
});

const DEFAULT_SEEDS = 100;
const DEFAULT_COMPUTERS = '300';
const DEFAULT_CONNECTIONS = '2000';

const { json, charts } = values;
if (values.discovery) {
  process.exitCode = (await reportDiscovery({ json, charts })) ? 0 : 1;
} else if (values.nats) {
  const computers = wholeNumber(values.computers ?? DEFAULT_CONNECTIONS);
  process.exitCode = (await reportNats({ computers, json, charts })) ? 0 : 1;
} else {
  const isReplay = values.seed !== undefined && values.seeds === undefined;
  const isSound = await campaign({
    first: values.seed === undefined ? Date.now() >>> 0 : wholeNumber(values.seed),
    seeds: values.seeds === undefined ? (isReplay ? 1 : DEFAULT_SEEDS) : wholeNumber(values.seeds),
    computers: wholeNumber(values.computers ?? DEFAULT_COMPUTERS),
    isThorough: isReplay,
    json,
  });
  process.exitCode = isSound ? 0 : 1;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${text} is no whole number from 0`);
  return number;
}
