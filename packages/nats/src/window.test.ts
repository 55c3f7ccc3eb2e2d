import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { VirtualClock } from 'mailslot/testing';
import {
  NATS_ASK_MS,
  NATS_ASKS,
  NATS_QUICK_MS,
  NATS_SLOW_MS,
  NATS_WINDOW_MAX,
  NATS_WINDOW_MIN,
} from './limits.js';
import { Window } from './window.js';

const PART = NATS_WINDOW_MIN / NATS_ASKS;

/** A window whose questions a test answers. */
class Rig {
  readonly clock = new VirtualClock();
  readonly answers: ((isThere: boolean) => void)[] = [];
  confirmations = 0;
  readonly window: Window = new Window({
    clock: this.clock,
    ask: () => new Promise((resolve) => this.answers.push(resolve)),
    onConfirmed: () => {
      this.confirmations += 1;
    },
  });

  async answer(afterMs: number): Promise<void> {
    this.clock.advance(afterMs);
    this.answers.shift()?.(true);
    await turn();
  }

  /** Fills it; returns how many bytes it took. */
  fill(): number {
    let taken = 0;
    for (; this.window.hasRoom; taken += PART) this.window.add(PART, 1);
    return taken;
  }
}

test('it is full until the server has what left', async () => {
  const rig = new Rig();
  assert.equal(rig.fill(), NATS_WINDOW_MIN);
  assert.equal(rig.window.open, NATS_ASKS);
  assert.equal(rig.answers.length, NATS_ASKS);
  await rig.answer(NATS_QUICK_MS + 1);
  assert.ok(rig.window.hasRoom);
  assert.equal(rig.window.open, NATS_ASKS - 1);
  assert.equal(rig.confirmations, 1);
  assert.equal(rig.window.rttMs, NATS_QUICK_MS + 1);
});

test('what nobody asked for is asked for a moment later, once', async () => {
  const rig = new Rig();
  rig.window.add(10, 1);
  rig.window.add(10, 2);
  assert.equal(rig.answers.length, 0);
  rig.clock.advance(NATS_ASK_MS);
  assert.equal(rig.answers.length, 1);
  await rig.answer(1);
  assert.equal(rig.window.open, 0);
  assert.equal(rig.clock.pending, 0);
});

test('it grows while it is what holds packets back, up to its bound, and shrinks when the server is slow', async () => {
  const rig = new Rig();
  for (let round = 0; round < 20; round += 1) {
    rig.fill();
    while (rig.answers.length > 0) await rig.answer(1);
  }
  assert.equal(rig.fill(), NATS_WINDOW_MAX);
  rig.clock.advance(NATS_SLOW_MS + 1);
  while (rig.answers.length > 0) await rig.answer(0);
  assert.ok(rig.fill() < NATS_WINDOW_MAX);
  for (let round = 0; round < 20; round += 1) {
    rig.clock.advance(NATS_SLOW_MS + 1);
    while (rig.answers.length > 0) await rig.answer(0);
    rig.fill();
  }
  rig.clock.advance(NATS_SLOW_MS + 1);
  while (rig.answers.length > 0) await rig.answer(0);
  assert.equal(rig.fill(), NATS_WINDOW_MIN);
});

test('it does not grow by what hardly fills it', async () => {
  const rig = new Rig();
  for (let round = 0; round < 100; round += 1) {
    rig.window.add(PART, 1);
    await rig.answer(1);
  }
  assert.equal(rig.fill(), NATS_WINDOW_MIN);
});

test('a lost connection puts in doubt what was not confirmed, once', async () => {
  const rig = new Rig();
  rig.fill();
  await rig.answer(1);
  const late = rig.answers.at(-1);
  assert.equal(rig.window.lose(), NATS_ASKS - 1);
  assert.equal(rig.window.lose(), 0);
  assert.equal(rig.window.open, 0);
  assert.ok(rig.window.hasRoom);
  // The word of a connection that is gone says nothing of what leaves by the next.
  rig.window.add(10, 1);
  late?.(true);
  await turn();
  assert.equal(rig.window.open, 1);
});

test('no word is no word', async () => {
  const rig = new Rig();
  rig.fill();
  for (const answer of rig.answers) answer(false);
  await turn();
  assert.equal(rig.window.open, NATS_ASKS);
  assert.equal(rig.confirmations, 0);
  assert.equal(rig.window.rttMs, undefined);
});
