import { setTimeout as pause } from 'node:timers/promises';
import { type Dice, pick } from '../fuzz/dice.js';
import type { Child } from '../harness/child.js';
import type { Scene } from '../harness/scene.js';
import { until } from '../support/until.js';
import { type End, judgeLocal, type Served } from './judge.js';
import { leaksOf } from './leaks.js';
import { type Outcome, type Part, play, type Stage, Tally, weighted } from './part.js';
import type { Reader } from './programs/reader.js';
import type { Writer } from './programs/writer.js';
import { parseRead, parseWritten } from './record.js';
import { sizeOf, textOf } from './watch.js';

const NAME = 'chaos';
const WRITERS = 4;
const QUEUE_BYTES = 64 * 1024;
/** The smallest message is charged 64 bytes and its text. */
const QUEUE_MESSAGES = Math.ceil(QUEUE_BYTES / 64);
/** Messages go on being read after an event before the next one: some hundred bytes of record are some dozen messages. */
const PROGRESS_BYTES = 500;
const MOMENT_MS = 120;
const STOP_MS = 150;

interface Server {
  readonly process: Child<Reader>;
  readonly log: string;
}

type Event = 'kill writer' | 'end writer' | 'kill server' | 'end server' | 'stop writer' | 'stop server';

const EVENTS: readonly (readonly [Event, number])[] = [
  ['kill writer', 8],
  ['end writer', 1],
  ['kill server', 5],
  ['end server', 2],
  ['stop writer', 2],
  ['stop server', 2],
];

/** One slot and its writers on one computer. */
export const local: Part = {
  name: 'local',
  needs: [],
  run: (at, events, dice) => play(new Local(at, dice), events),
};

class Local implements Stage {
  private readonly at: Scene;
  private readonly dice: Dice;
  private readonly folder: string;
  private readonly tally = new Tally();
  private readonly writers: Child<Writer>[] = [];
  private readonly logs: string[] = [];
  private readonly served: Served[] = [];
  private server!: Server;
  private started = 0;

  constructor(at: Scene, dice: Dice) {
    this.at = at;
    this.dice = dice;
    this.folder = at.folder();
  }

  async begin(): Promise<void> {
    await this.startServer();
    for (let writer = 0; writer < WRITERS; writer += 1) this.writers.push(await this.startWriter());
    await this.untilRead();
  }

  /** One event at a random moment; then messages must be read again. */
  async next(): Promise<void> {
    await pause(this.dice(MOMENT_MS));
    const event = weighted(this.dice, EVENTS);
    this.tally.add(event);
    const [what, whom] = event.split(' ');
    if (whom === 'server') await this.disturbServer(what as string);
    else await this.disturbWriter(what as string);
    await this.untilRead();
  }

  /** Writers end, the last server reads what is left; then all records are held against each other. */
  async end(): Promise<Outcome> {
    const { process } = this.server;
    await Promise.all(this.writers.map((writer) => writer.ask('stop')));
    await until('the end of the queue', async () => (await process.ask('waiting')) === 0);
    await until('the end of all connections', async () => (await process.ask('writers')) === 0);
    const leaks = await leaksOf(process, await this.freshDescriptors());
    this.note('drained');
    const { complaints, ...numbers } = judgeLocal(
      this.served,
      this.logs.map((log) => parseWritten(textOf(log))),
      QUEUE_MESSAGES,
    );
    return {
      complaints: [...complaints, ...leaks],
      numbers: { ...this.tally.counts, ...numbers },
    };
  }

  private async disturbServer(what: string): Promise<void> {
    const { process } = this.server;
    if (what === 'stop') return this.stopAWhile(process);
    process.signal(what === 'kill' ? 'SIGKILL' : 'SIGTERM');
    // Its name must be free for a successor as soon as it is dead.
    await process.ended;
    this.note(what === 'kill' ? 'killed' : 'closed');
    await this.startServer();
  }

  private async disturbWriter(what: string): Promise<void> {
    const victim = pick(this.dice, this.writers);
    if (what === 'stop') return this.stopAWhile(victim);
    victim.signal(what === 'kill' ? 'SIGKILL' : 'SIGTERM');
    await victim.ended;
    this.writers[this.writers.indexOf(victim)] = await this.startWriter();
  }

  private async stopAWhile(process: Child<Reader> | Child<Writer>): Promise<void> {
    process.signal('SIGSTOP');
    await pause(this.dice(STOP_MS));
    process.signal('SIGCONT');
  }

  private note(end: End): void {
    const { process, log } = this.server;
    this.served.push({ pid: process.pid, read: parseRead(textOf(log)), end });
  }

  private async startServer(): Promise<void> {
    const process = await this.at.start<Reader>('../../chaos/programs/reader');
    const log = `${this.folder}/server-${this.started++}`;
    await process.ask('create', NAME, log, { root: this.at.root, queue: { bytes: QUEUE_BYTES } });
    this.server = { process, log };
  }

  private async startWriter(): Promise<Child<Writer>> {
    const process = await this.at.start<Writer>('../../chaos/programs/writer');
    const writer = `w${this.started++}`;
    const log = `${this.folder}/${writer}`;
    this.logs.push(log);
    await process.ask('start', { writer, name: NAME, root: this.at.root, log, paceMs: 0 });
    return process;
  }

  /** What a server has open that nobody has ever written to. */
  private async freshDescriptors(): Promise<string[]> {
    const fresh = await this.at.start<Reader>('../../chaos/programs/reader');
    await fresh.ask('create', 'fresh', `${this.folder}/fresh`, { root: this.at.root });
    return fresh.ask('descriptors');
  }

  private untilRead(): Promise<void> {
    const { log } = this.server;
    const before = sizeOf(log);
    return until('the reading of more messages', () => sizeOf(log) > before + PROGRESS_BYTES);
  }
}
