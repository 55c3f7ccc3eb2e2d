import type { ComputerEvent, Discovery } from '../discovery/discovery.js';
import { DISCOVERY_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';
import type { News } from './news.js';
import { probeAll } from './probe.js';
import type { Answers } from './questions.js';
import { type Commands, type RedirectorStatus, type Self, selfOf } from './status.js';

/** What is told to those who watch, whichever redirector stands behind the control socket. */
export interface Feeds {
  readonly computers: News<ComputerEvent>;
  readonly self: News<Self>;
}

/** What the answers need beside discovery. */
export interface AnswersParts {
  readonly commands: Commands;
  readonly feeds: Feeds;
  readonly clock: Clock;
  /** Finds out what packets the computers of the LAN get; the status shows it a moment later. */
  readonly probePaths: () => void;
}

/** What can be asked at the control socket beside opening and attaching; each line of an answer is one object. */
export function answersOf(
  discovery: Discovery,
  status: () => RedirectorStatus,
  { commands, feeds, clock, probePaths }: AnswersParts,
): Answers {
  const startedAt = clock.monotonic();
  return {
    async *status() {
      yield { ...status() };
    },
    async *computers() {
      // One that has just started would show a LAN without computers.
      await afterwards(DISCOVERY_MS - (clock.monotonic() - startedAt), clock);
      yield { ok: true };
      yield* discovery.computers();
    },
    watch: (_question, signal) => feeds.computers.follow({ ok: true }, signal),
    self: (_question, signal) => feeds.self.follow(selfOf(status()), signal),
    async *probe(_question, signal) {
      yield { ok: true };
      probePaths();
      yield* await probeAll(
        discovery,
        status().domains.map(({ name }) => name),
        clock,
        signal,
      );
    },
    async *reload() {
      await commands.reload();
      yield { ok: true };
    },
    async *stop() {
      yield { ok: true };
      commands.stop();
    },
  };
}

function afterwards(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    if (ms > 0) clock.after(ms, resolve);
    else resolve();
  });
}
