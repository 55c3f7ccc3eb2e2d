import type { Bench } from '../bench.js';
import { type Extent, measured, type Phase, type Throughput } from '../processes/phases.js';
import { type Ends, type Posts, type Run, withEnds } from './ends.js';

/** What a run brought over, and what not. */
export interface Brought extends Throughput {
  /** Of all messages that are measured. */
  readonly lostShare: number;
}

/** One run, and for how long; default: as long as the bench is told to. */
interface Plan extends Run {
  readonly extent?: Extent;
}

/** Messages before anything is measured, or it would be how four processes compile their code. */
const WARM_UP = 30_000;
/** On a long way full buffers, which are emptied at the end, weigh more than on a short one. */
const SECONDS_FACTOR = 2;

/** Measures one run in which messages queue up and may be lost, in processes of its own. */
export function broughtBy(bench: Bench, posts: Posts, plan: Plan): Promise<Brought> {
  const { extent = { seconds: bench.effort.seconds * SECONDS_FACTOR } } = plan;
  return withEnds(bench, posts, plan, async (ends) => {
    let [sent, received] = [0, 0];
    const bring = async (messages: number): Promise<Phase> => {
      const before = await usageOf(ends, posts);
      const { began } = await ends.sender.ask('send', messages);
      sent += messages;
      const settled = await ends.collector.ask('settled', received + messages);
      const arrived = settled.received - received;
      received = settled.received;
      return phase(arrived, (settled.ended - began) / 1e9, (await usageOf(ends, posts)) - before);
    };
    if ('seconds' in extent) await bring(WARM_UP);
    const before = { sent, received };
    const result = await measured(extent, 1, bring);
    return { ...result, lostShare: 1 - (received - before.received) / (sent - before.sent) };
  });
}

function phase(messages: number, seconds: number, cpuMicros: number): Phase {
  if (messages === 0) throw new Error('not one message arrived');
  return { seconds, perSecond: messages / seconds, cpuMicros: cpuMicros / messages };
}

/** CPU of all our processes that bring the messages over. */
async function usageOf({ sender, collector }: Ends, posts: Posts): Promise<number> {
  const used = await Promise.all([
    sender.ask('usage', undefined),
    collector.ask('usage', undefined),
    ...posts.map(({ redirector }) => redirector?.ask('usage', undefined) ?? 0),
  ]);
  return used.reduce((total, each) => total + each, 0);
}
