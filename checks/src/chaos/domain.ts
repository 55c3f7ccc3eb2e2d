import { setTimeout as pause } from 'node:timers/promises';
import type { Computer } from '../faults/programs/computer.js';
import { type Dice, pick } from '../fuzz/dice.js';
import type { Operations } from '../harness/answer.js';
import type { Child } from '../harness/child.js';
import type { Scene } from '../harness/scene.js';
import { Network } from '../lan/support/network.js';
import { joinDomain, newKey } from '../lan/support/office.js';
import { until } from '../support/until.js';
import { judgeRemote, type Served } from './judge.js';
import { leaksOf } from './leaks.js';
import { type Outcome, type Part, play, type Stage, Tally, weighted } from './part.js';
import type { Reader } from './programs/reader.js';
import type { Writer } from './programs/writer.js';
import { parseRead, parseWritten } from './record.js';
import { sizeOf, textOf } from './watch.js';

const NAME = 'chaos';
const HOSTS = ['ALPHA', 'BRAVO'] as const;
type Host = (typeof HOSTS)[number];
/** Where the messages of each writer go, all of them to BRAVO. */
const DESTINATIONS = [`//*/mailslot/${NAME}`, `//BRAVO/mailslot/${NAME}`];
const PACE_MS = 3;
const MOMENT_MS = 150;
const STOP_MS = 300;
/** Some dozen messages, so that the last of them was sent after the event. */
const PROGRESS_BYTES = 300;

type Event = 'kill redirector' | 'stop redirector' | 'kill server' | 'kill writer';

const EVENTS: readonly (readonly [Event, number])[] = [
  ['kill redirector', 12],
  ['stop redirector', 3],
  ['kill server', 2],
  ['kill writer', 3],
];

/** Two computers of a domain, whose redirectors are started by whoever needs them. */
export const domain: Part = {
  name: 'domain',
  needs: ['root', 'ip'],
  run: (at, events, dice) => play(new Domain(at, dice), events),
};

class Domain implements Stage {
  private readonly at: Scene;
  private readonly dice: Dice;
  private readonly folder: string;
  private readonly network: Network;
  private readonly tally = new Tally();
  private readonly wardens = new Map<Host, Child<Computer>>();
  private readonly writers: { process: Child<Writer>; readonly destination: string }[] = [];
  private readonly logs: string[] = [];
  private readonly served: Served[] = [];
  private readonly redirectors = new Set<number>();
  private server!: { readonly process: Child<Reader>; readonly log: string };
  private started = 0;

  constructor(at: Scene, dice: Dice) {
    this.at = at;
    this.dice = dice;
    this.folder = at.folder();
    this.network = new Network(at, { hosts: HOSTS });
  }

  async begin(): Promise<void> {
    const line = newKey(this.network, 'ALPHA', 'OFFICE');
    for (const host of HOSTS) {
      joinDomain(this.network, host, line);
      this.wardens.set(host, await this.network.computer(host));
    }
    this.at.after(() => this.stopAll());
    await this.startServer();
    for (const destination of DESTINATIONS)
      this.writers.push({ process: await this.startWriter(destination), destination });
    await this.untilRead();
  }

  /** One event at a random moment; then messages must arrive again. */
  async next(): Promise<void> {
    await pause(this.dice(MOMENT_MS));
    const event = weighted(this.dice, EVENTS);
    this.tally.add(event);
    if (event === 'kill server') await this.killServer();
    else if (event === 'kill writer') await this.killWriter();
    else await this.disturbRedirector(event === 'kill redirector');
    await this.untilRead();
  }

  async end(): Promise<Outcome> {
    await Promise.all(this.writers.map(({ process }) => process.ask('stop')));
    await this.untilSilent();
    const leaks = await leaksOf(this.server.process, await this.freshDescriptors());
    this.note('drained');
    const { complaints, ...numbers } = judgeRemote(
      this.served,
      this.logs.map((log) => parseWritten(textOf(log))),
    );
    return {
      complaints: [...complaints, ...leaks],
      numbers: { ...this.tally.counts, redirectors: this.redirectors.size, ...numbers },
    };
  }

  private async disturbRedirector(kills: boolean): Promise<void> {
    const pid = await this.redirectorOf(pick(this.dice, HOSTS));
    this.redirectors.add(pid);
    if (kills) return void process.kill(pid, 'SIGKILL');
    process.kill(pid, 'SIGSTOP');
    await pause(this.dice(STOP_MS));
    process.kill(pid, 'SIGCONT');
  }

  /** Its process id; whoever asks starts it if it is just missing. */
  private async redirectorOf(host: Host): Promise<number> {
    let pid = 0;
    await until(`a redirector on ${host}`, async () => {
      pid = await this.warden(host)
        .ask('redirectorPid')
        .catch(() => 0);
      return pid > 0;
    });
    return pid;
  }

  private async killServer(): Promise<void> {
    const { process } = this.server;
    process.signal('SIGKILL');
    await process.ended;
    this.note('killed');
    await this.startServer();
  }

  private async killWriter(): Promise<void> {
    const victim = pick(this.dice, this.writers);
    victim.process.signal('SIGKILL');
    await victim.process.ended;
    victim.process = await this.startWriter(victim.destination);
  }

  private note(end: Served['end']): void {
    const { process, log } = this.server;
    this.served.push({ pid: process.pid, read: parseRead(textOf(log)), end });
  }

  private async startServer(): Promise<void> {
    const log = `${this.folder}/server-${this.started++}`;
    const process = await this.startOn<Reader>('BRAVO', 'reader');
    await process.ask('create', NAME, log, { remote: 'domain' });
    this.server = { process, log };
  }

  private async startWriter(name: string): Promise<Child<Writer>> {
    const process = await this.startOn<Writer>('ALPHA', 'writer');
    const writer = `w${this.started++}`;
    const log = `${this.folder}/${writer}`;
    this.logs.push(log);
    await process.ask('start', { writer, name, log, paceMs: PACE_MS });
    return process;
  }

  private startOn<T extends Operations<T>>(host: Host, program: string): Promise<Child<T>> {
    const through = this.network.on(host);
    return this.at.start<T>(`../../chaos/programs/${program}`, { through, env: this.network.env(host) });
  }

  /** What a server has open that nobody has ever written to. */
  private async freshDescriptors(): Promise<string[]> {
    const fresh = await this.startOn<Reader>('BRAVO', 'reader');
    await fresh.ask('create', 'fresh', `${this.folder}/fresh`, { remote: 'domain' });
    const descriptors = await fresh.ask('descriptors');
    // It would start the redirector again.
    await fresh.kill();
    return descriptors;
  }

  private warden(host: Host): Child<Computer> {
    return this.wardens.get(host) as Child<Computer>;
  }

  /** Programs first: they would start their redirector again. */
  private async stopAll(): Promise<void> {
    await Promise.all([this.server.process.kill(), ...this.writers.map(({ process }) => process.kill())]);
    for (const host of HOSTS) {
      const isStopped = (): Promise<boolean> =>
        this.warden(host)
          .ask('stopRedirector')
          .then(
            () => false,
            () => true,
          );
      await until(`the end of the redirectors on ${host}`, isStopped);
    }
  }

  private untilRead(): Promise<void> {
    const { log } = this.server;
    const before = sizeOf(log);
    return until('the arrival of more messages', () => sizeOf(log) > before + PROGRESS_BYTES);
  }

  /** What is on its way arrives, or never will: nothing more has come for some looks. */
  private async untilSilent(): Promise<void> {
    let size = -1;
    let looks = 0;
    await until('silence', () => {
      const now = sizeOf(this.server.log);
      looks = now === size ? looks + 1 : 0;
      size = now;
      return looks > 20;
    });
  }
}
