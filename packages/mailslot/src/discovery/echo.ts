import { ByteReader } from '../bytes/reader.js';
import { ByteWriter } from '../bytes/writer.js';
import { MailslotError } from '../errors.js';
import { ECHO_SPREAD_MS, ECHOES_PER_SECOND } from '../limits.js';
import type { Alarm } from '../ports/clock.js';
import type { Ports } from '../ports/ports.js';
import type { Destination } from '../redirector/destination.js';
import type { RemoteDetails, RemoteSender } from '../redirector/remote.js';
import type { Carrier } from './carrier.js';
import { fraction } from './schedule.js';

/**
 * Question and answer of the slot `$echo`; docs/wire/browse.md.
 *
 *      0  1  version: 1
 *      1  1  kind: 1 question, 2 answer
 *      2  2  question: spread the answers over so many ms; answer: it waited for so many ms
 *      4  8  by chance, the same in both
 */
const VERSION = 1;
const QUESTION = 1;
const ANSWER = 2;
const SIZE = 12;
const NONCE = 8;

/** One instance's answer. */
export interface EchoAnswer {
  readonly computer: string;
  readonly instance: string;
  readonly via: string;
  readonly authenticated: boolean;
  readonly address: string;
  /** From the question to the answer, without what the other one waited on purpose. */
  readonly roundTripMs: number;
  /** How far its clock is ahead of ours, give or take half a round trip. */
  readonly skewMs: number;
}

interface Question {
  readonly askedAt: number;
  readonly answered: (answer: EchoAnswer) => void;
}

/** Answers who asks whether it is heard here, and asks others. */
export class Echo {
  private readonly carrier: Carrier;
  private readonly ports: Ports;
  private readonly questions = new Map<string, Question>();
  private readonly waiting = new Set<Alarm>();
  private left = ECHOES_PER_SECOND;
  private refilledAt: number;

  constructor(carrier: Carrier, ports: Ports) {
    this.carrier = carrier;
    this.ports = ports;
    this.refilledAt = ports.clock.monotonic();
  }

  /**
   * Asks whoever `destination` reaches; `answered` is called for each answer until the question is withdrawn. To
   * many it says over how many milliseconds they spread their answers.
   *
   * @returns how to withdraw it
   */
  ask(destination: Destination, spreadMs: number, answered: (answer: EchoAnswer) => void): () => void {
    const nonce = this.ports.random.bytes(NONCE);
    const key = Buffer.from(nonce).toString('hex');
    this.questions.set(key, { askedAt: this.ports.clock.monotonic(), answered });
    this.carrier.send(destination, encode(QUESTION, Math.min(Math.round(spreadMs), ECHO_SPREAD_MS), nonce));
    return () => this.questions.delete(key);
  }

  /** A message of `$echo` in a domain that `everybody` leads to. Throws MailslotError if it is malformed. */
  received(data: Uint8Array, sender: RemoteSender, details: RemoteDetails, everybody: Destination): void {
    const reader = new ByteReader(data, 'an echo');
    const version = reader.u8();
    const kind = reader.u8();
    const ms = reader.u16();
    const nonce = reader.slice(NONCE);
    if (version !== VERSION || details.instance === this.carrier.instance) return;
    if (kind === QUESTION) {
      if (ms > ECHO_SPREAD_MS) throw new MailslotError('ERR_MAILSLOT_MALFORMED', `an echo after ${ms} ms`);
      this.answer(nonce, ms, { ...everybody, to: { kind: 'computer', name: sender.computer } });
    } else if (kind === ANSWER) this.answered(nonce, ms, sender, details);
  }

  close(): void {
    for (const alarm of this.waiting) alarm.cancel();
    this.waiting.clear();
    this.questions.clear();
  }

  private answer(nonce: Uint8Array, spreadMs: number, asker: Destination): void {
    if (!this.mayAnswer()) return;
    const pause = Math.floor(spreadMs * fraction(this.ports.random));
    const reply = (): void => {
      this.carrier.send(asker, encode(ANSWER, pause, nonce));
    };
    // A timer of no time at all would still make the way seem a millisecond longer.
    if (pause === 0) reply();
    else this.later(pause, reply);
  }

  private later(ms: number, reply: () => void): void {
    const alarm = this.ports.clock.afterIdle(ms, () => {
      this.waiting.delete(alarm);
      reply();
    });
    this.waiting.add(alarm);
  }

  private mayAnswer(): boolean {
    const now = this.ports.clock.monotonic();
    const refill = ((now - this.refilledAt) / 1000) * ECHOES_PER_SECOND;
    this.left = Math.min(ECHOES_PER_SECOND, this.left + refill);
    this.refilledAt = now;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }

  private answered(nonce: Uint8Array, waitedMs: number, sender: RemoteSender, details: RemoteDetails): void {
    const question = this.questions.get(Buffer.from(nonce).toString('hex'));
    if (!question) return;
    const { clock } = this.ports;
    const roundTripMs = Math.max(0, clock.monotonic() - question.askedAt - waitedMs);
    const { computer, via, authenticated } = sender;
    const { instance, address, stamp } = details;
    const skewMs = stamp + roundTripMs / 2 - clock.now();
    question.answered({ computer, instance, via, authenticated, address, roundTripMs, skewMs });
  }
}

function encode(kind: number, ms: number, nonce: Uint8Array): Uint8Array {
  return new ByteWriter(SIZE).u8(VERSION).u8(kind).u16(ms).slice(nonce).done();
}
