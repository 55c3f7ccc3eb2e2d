// A log collector that must never hold up who writes: when its queue is full the oldest lines make room, and are counted.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createMailslot, openMailslot } from 'mailslot';

const LINES = 10_000;

async function writer() {
  const log = await openMailslot('examples/log');
  for (let line = 1; line <= LINES; line += 1) {
    // False: the client's buffer is full, and the line was not taken.
    while (!log.post(`line ${String(line).padStart(5, '0')}`)) await log.drained();
  }
  // What was posted is in the slot's hands when this resolves.
  await log.close();
}

async function collector() {
  // Each line is charged its 10 bytes plus 64: this is room for 1,000.
  const log = await createMailslot('examples/log', { queue: { bytes: 74_000, whenFull: 'drop-oldest' } });
  const writers = [1, 2].map(() => fork(import.meta.filename, ['writer']));
  // A slow reader: it looks only when both have written everything.
  await Promise.all(writers.map((child) => once(child, 'exit')));

  let last = '';
  for (let message = log.tryRead(); message; message = log.tryRead()) last = message.text();
  const { received, delivered, dropped } = log.statistics();
  console.log(`${received} received = ${delivered} read + ${dropped.oldest} dropped; the last was "${last}"`);
  await log.close();
}

await (process.argv[2] ? writer() : collector());
