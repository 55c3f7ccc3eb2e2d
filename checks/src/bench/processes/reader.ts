// A process that reads and has its children write: measures one run of one contestant.
import { loadContestant } from '../contestants/all.js';
import { now, Verifier } from '../verifier.js';
import { type Crew, type CrewSpec, withCrew } from './crew.js';
import { serve } from './duties.js';
import { type Extent, measured, type Phase, type Throughput } from './phases.js';
import { cpuMicros } from './usage.js';

/** All of them reject when a message is lost, repeated, overtaken or wrong. */
export type ReaderDuties = {
  /** How many messages a second arrive while the writers send as fast as they can. */
  throughput(spec: CrewSpec & { extent: Extent }): Promise<Throughput>;
  /** How long each of `count` messages was on its way that came one each `everyMs`, in microseconds. */
  paced(spec: CrewSpec & { count: number; everyMs: number }): Promise<number[]>;
  /** What opening a connection, sending one message and closing it takes the writer, in microseconds, on average. */
  visits(spec: CrewSpec): Promise<number>;
};

const duties: ReaderDuties = {
  throughput: ({ extent, ...spec }) =>
    withCrew(spec, async (crew) => {
      const verifier = new Verifier(spec.size, spec.connections);
      const receiver = await receive(spec, crew, verifier);
      await crew.open();
      let expected = 0;
      const result = await measured(extent, spec.connections, (messages) => {
        expected += messages;
        return phase(crew, verifier, messages, expected);
      });
      await crew.close();
      await receiver.close();
      return result;
    }),

  paced: ({ count, everyMs, ...spec }) =>
    withCrew(spec, async (crew) => {
      const verifier = new Verifier(spec.size, spec.connections);
      const arrived: number[] = [];
      const receiver = await receive(spec, crew, {
        onMessage: (bytes, start, end) => {
          arrived.push(now());
          verifier.onMessage(bytes, start, end);
        },
      });
      await crew.open();
      const [sent] = await Promise.all([crew.pace(count, everyMs), verifier.reached(count)]);
      await crew.close();
      await receiver.close();
      return sent.map((time, number) => ((arrived[number] ?? Number.NaN) - time) / 1000);
    }),

  visits: (spec) =>
    withCrew(spec, async (crew) => {
      const verifier = new Verifier(spec.size, spec.connections);
      const receiver = await receive(spec, crew, verifier);
      const { micros, sum } = await crew.visit();
      await verifier.reached(spec.connections);
      verifier.compare(sum);
      await receiver.close();
      return micros;
    }),
};

serve(duties);

async function receive(
  { contestant, place, slot }: CrewSpec,
  { relatives }: Crew,
  { onMessage }: Pick<Verifier, 'onMessage'>,
): Promise<{ close(): Promise<unknown> }> {
  const ends = await loadContestant(contestant);
  return ends.receive({ ...place, relatives }, slot, onMessage);
}

/** Has that many messages sent on each connection, which makes `expected` on each so far, and waits for all. */
async function phase(crew: Crew, verifier: Verifier, messages: number, expected: number): Promise<Phase> {
  const usedBefore = cpuMicros() + (await crew.usage());
  const [sent, ended] = await Promise.all([
    crew.send(messages),
    verifier.reached(expected * crew.connections),
  ]);
  const used = cpuMicros() + (await crew.usage()) - usedBefore;
  verifier.compare(sent.sum);
  const total = messages * crew.connections;
  const seconds = (ended - sent.began) / 1e9;
  return { seconds, perSecond: total / seconds, cpuMicros: used / total };
}
