import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_SENDERS } from '../../limits.js';
import type { Sender } from '../../name/sender.js';
import { SENDER } from '../wire/frames.js';
import { encodeHello } from '../wire/greeting.js';
import { encodeSender } from '../wire/sender.js';
import { Connection } from './connection.js';
import { connected, FakeLink, frame, inboxWith, offer, word } from './fake-link.test.support.js';
import type { Inbox } from './inbox.js';

const alpha: Sender = { via: 'lan', authenticated: true, pid: 0, computer: 'ALPHA', domain: 'OFFICE' };
const bravo: Sender = { ...alpha, computer: 'Bräv\u0000o', authenticated: false };

const from = (sender: Sender): Buffer => Buffer.concat([word(SENDER), frame(encodeSender(sender))]);

/** A connection that the slot has made to the redirector, which has said hello. */
function fed(inbox: Inbox): { writer: Connection; link: FakeLink } {
  const writer = new Connection(inbox, 'redirector');
  const link = new FakeLink();
  writer.link = link;
  offer(writer, Buffer.from(encodeHello(1, 4711)));
  return { writer, link };
}

test('each message carries the sender that was said last, wherever the stream is cut', () => {
  const parts = fc.array(fc.constantFrom('alpha', 'bravo', 'message'), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(parts, fc.array(fc.nat(400)), (steps, cuts) => {
      const inbox = inboxWith();
      const { writer } = fed(inbox);
      const expected: [string, string | undefined][] = [];
      let sender = alpha;
      const stream = [from(alpha)];
      for (const [number, step] of steps.entries()) {
        if (step === 'message') {
          expected.push([`m${number}`, sender.computer]);
          stream.push(frame(`m${number}`));
        } else {
          sender = step === 'alpha' ? alpha : bravo;
          stream.push(from(sender));
        }
      }
      const bytes = Buffer.concat(stream);
      let at = 0;
      for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
        const end = Math.max(at, Math.min(cut, bytes.length));
        if (end > at) offer(writer, bytes.subarray(at, end));
        at = end;
      }
      const seen: [string, string | undefined][] = [];
      for (let message = inbox.deliver(); message; message = inbox.deliver())
        seen.push([message.text(), message.sender.computer]);
      assert.deepEqual(seen, expected);
    }),
  );
});

test('senders that take turns are one object each, however many messages wait', () => {
  const inbox = inboxWith();
  const { writer } = fed(inbox);
  for (let turns = 0; turns < 500; turns += 1) offer(writer, from(alpha), frame(''), from(bravo), frame(''));
  const senders = new Set<Sender>();
  for (let message = inbox.deliver(); message; message = inbox.deliver()) senders.add(message.sender);
  assert.equal(senders.size, 2);
});

test('any number of senders are told apart', () => {
  const inbox = inboxWith();
  const { writer } = fed(inbox);
  const names = Array.from({ length: 2 * MAX_SENDERS + 1 }, (_, number) => `PC${number}`);
  for (const computer of names) offer(writer, from({ ...alpha, computer }), frame(''));
  assert.deepEqual(
    names.map(() => inbox.deliver()?.sender.computer),
    names,
  );
});

test('what is known of a sender is what the redirector says', () => {
  const inbox = inboxWith();
  offer(fed(inbox).writer, from(bravo), frame('x'));
  assert.deepEqual(inbox.deliver()?.sender, bravo);
});

test('the redirector is no writer of the slot', () => {
  const inbox = inboxWith();
  const { writer } = fed(inbox);
  offer(writer, from(alpha), frame('x'));
  assert.equal(writer.counts, false);
});

test('a client that comes to the slot cannot say that somebody else sent its messages', () => {
  const inbox = inboxWith();
  const { writer, link } = connected(inbox, 7);
  offer(writer, from(alpha), frame('forged'));
  assert.equal(inbox.deliver(), undefined);
  assert.equal(link.isDestroyed, true);
  assert.equal(inbox.counters.faults, 1);
});

for (const [what, body] of [
  ['no JSON', Buffer.from('hello')],
  ['an array', Buffer.from('[]')],
  ['a sender without a computer', Buffer.from('{"via":"lan","authenticated":true,"domain":"D"}')],
  ['a sender that is not sure', Buffer.from('{"via":"lan","authenticated":1,"computer":"C","domain":"D"}')],
  ['more than there can be', Buffer.alloc(5000, ' ')],
] as const) {
  test(`${what} ends the connection`, () => {
    const inbox = inboxWith();
    const { writer, link } = fed(inbox);
    offer(writer, word(SENDER), frame(body), frame('x'));
    assert.equal(inbox.deliver(), undefined);
    assert.equal(link.isDestroyed, true);
  });
}
