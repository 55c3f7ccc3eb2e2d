import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import { AckTracker } from './ack-tracker.js';

/** What a promise has come to: `undefined` as long as nothing. */
interface Outcome {
  refused: number | undefined;
}

/** One message, as plainly as it can be kept. */
interface Entry {
  /** Who waits for it; -1: nobody. */
  readonly claim: number;
  fate: 'sent' | 'taken' | 'refused';
}

class Model {
  readonly acks = new AckTracker('test');
  readonly entries: Entry[] = [];
  readonly outcomes: Outcome[] = [];

  post(count: number): void {
    this.acks.sent += count;
    for (let left = count; left > 0; left -= 1) this.entries.push({ claim: -1, fate: 'sent' });
  }

  write(count: number): void {
    const from = this.acks.sent;
    const outcome: Outcome = { refused: undefined };
    this.acks.sent += count;
    for (let left = count; left > 0; left -= 1)
      this.entries.push({ claim: this.outcomes.length, fate: 'sent' });
    this.outcomes.push(outcome);
    this.acks.settled(from).then(
      () => {
        outcome.refused = 0;
      },
      (error) => {
        assert.equal(error.code, 'ERR_MAILSLOT_QUEUE_FULL');
        outcome.refused = error.messages;
      },
    );
  }

  /** The server decides on the next messages: `pattern` says of each whether it is refused. */
  decide(pattern: readonly boolean[]): void {
    const first = this.count('taken') + this.count('refused');
    const decided = this.entries.slice(first, first + pattern.length);
    for (const [at, entry] of decided.entries()) {
      entry.fate = pattern[at] ? 'refused' : 'taken';
      if (pattern[at]) this.acks.markRefused(first + at, 1);
    }
    this.acks.markDecided(first + decided.length);
  }

  /** Refuses the next messages in one answer, and says only later that they are decided. */
  refuseAll(count: number): void {
    const first = this.count('taken') + this.count('refused');
    const refused = this.entries.slice(first, first + count);
    if (refused.length === 0) return;
    this.acks.markRefused(first, refused.length);
    for (const entry of refused) entry.fate = 'refused';
    this.acks.markDecided(first + refused.length);
  }

  check(): void {
    assert.equal(this.acks.decided, this.count('taken') + this.count('refused'));
    assert.equal(this.acks.refused, this.count('refused'));
    const posts = this.entries.filter(({ claim }) => claim < 0);
    assert.equal(this.acks.undecidedPosts, posts.filter(({ fate }) => fate === 'sent').length);
    for (const [claim, outcome] of this.outcomes.entries())
      assert.equal(outcome.refused, this.expected(claim));
    if (this.count('sent') > 0) return;
    assert.equal(this.acks.refusedPosts, posts.filter(({ fate }) => fate === 'refused').length);
  }

  private expected(claim: number): number | undefined {
    const own = this.entries.filter((entry) => entry.claim === claim);
    if (own.some(({ fate }) => fate === 'sent')) return undefined;
    return own.filter(({ fate }) => fate === 'refused').length;
  }

  private count(fate: Entry['fate']): number {
    return this.entries.filter((entry) => entry.fate === fate).length;
  }
}

const small = fc.integer({ min: 1, max: 6 });
const step = fc.oneof(
  fc.record({ do: fc.constant('post' as const), count: small }),
  fc.record({ do: fc.constant('write' as const), count: small }),
  fc.record({ do: fc.constant('refuseAll' as const), count: small }),
  fc.record({ do: fc.constant('decide' as const), pattern: fc.array(fc.boolean(), { maxLength: 9 }) }),
);

test('each write and each post comes to what the server said of its own messages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const model = new Model();
      for (const each of steps) {
        if (each.do === 'decide') model.decide(each.pattern);
        else model[each.do](each.count);
        await Promise.resolve();
        model.check();
      }
      model.decide(Array.from({ length: model.acks.sent }, () => false));
      await Promise.resolve();
      model.check();
    }),
    { numRuns: 400 },
  );
});

test('a server that says it took more than was sent is refused', () => {
  const acks = new AckTracker('test');
  acks.sent = 3;
  assert.throws(() => acks.markDecided(4), { code: 'ERR_MAILSLOT_MALFORMED' });
  acks.markDecided(3);
});

test('a server that says it refused what was not sent is refused', () => {
  const acks = new AckTracker('test');
  acks.sent = 3;
  assert.throws(() => acks.markRefused(2, 2), { code: 'ERR_MAILSLOT_MALFORMED' });
  assert.equal(acks.refused, 0);
});

test('an answer that comes late or twice takes nothing back', () => {
  const acks = new AckTracker('test');
  acks.sent = 5;
  acks.markDecided(4);
  acks.markDecided(2);
  assert.equal(acks.decided, 4);
});

test('when the connection ends, everybody who waits is told, once', async () => {
  const acks = new AckTracker('test');
  const gone = new MailslotError('ERR_MAILSLOT_CLOSED', 'gone');
  acks.sent = 1;
  const first = acks.settled(0);
  acks.sent = 3;
  const second = acks.settled(1);
  acks.markDecided(1);
  acks.fail(gone);
  await first;
  await assert.rejects(second, gone);
  acks.fail(gone);
});

test('messages that a write was told of are not counted as posts that were refused', async () => {
  const acks = new AckTracker('test');
  acks.sent = 4;
  const written = acks.settled(1);
  acks.markRefused(0, 3);
  acks.fail(new MailslotError('ERR_MAILSLOT_CLOSED', 'gone'));
  await assert.rejects(written, { code: 'ERR_MAILSLOT_CLOSED' });
  assert.equal(acks.refusedPosts, 1);
});

test('posts that are refused for days leave a count and no heap', () => {
  const acks = new AckTracker('test');
  for (let message = 0; message < 10_000; message += 2) {
    acks.sent += 2;
    acks.markRefused(message, 1);
  }
  assert.equal(acks.refusedPosts, 5000);
  // As text it shows what is kept, whatever that is called.
  assert.ok(JSON.stringify(acks).length < 1000, `${JSON.stringify(acks).length} characters`);
});
