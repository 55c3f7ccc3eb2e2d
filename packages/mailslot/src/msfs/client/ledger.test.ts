import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MailslotError } from '../../errors.js';
import { Ledger } from './ledger.js';

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
  readonly ledger = new Ledger('test');
  readonly entries: Entry[] = [];
  readonly outcomes: Outcome[] = [];

  post(count: number): void {
    this.ledger.sent += count;
    for (let left = count; left > 0; left -= 1) this.entries.push({ claim: -1, fate: 'sent' });
  }

  write(count: number): void {
    const from = this.ledger.sent;
    const outcome: Outcome = { refused: undefined };
    this.ledger.sent += count;
    for (let left = count; left > 0; left -= 1)
      this.entries.push({ claim: this.outcomes.length, fate: 'sent' });
    this.outcomes.push(outcome);
    this.ledger.settled(from).then(
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
      if (pattern[at]) this.ledger.markRefused(first + at, 1);
    }
    this.ledger.markDecided(first + decided.length);
  }

  /** Refuses the next messages in one answer, and says only later that they are decided. */
  refuseAll(count: number): void {
    const first = this.count('taken') + this.count('refused');
    const refused = this.entries.slice(first, first + count);
    if (refused.length === 0) return;
    this.ledger.markRefused(first, refused.length);
    for (const entry of refused) entry.fate = 'refused';
    this.ledger.markDecided(first + refused.length);
  }

  check(): void {
    assert.equal(this.ledger.decided, this.count('taken') + this.count('refused'));
    assert.equal(this.ledger.refused, this.count('refused'));
    const posts = this.entries.filter(({ claim }) => claim < 0);
    assert.equal(this.ledger.undecidedPosts, posts.filter(({ fate }) => fate === 'sent').length);
    for (const [claim, outcome] of this.outcomes.entries())
      assert.equal(outcome.refused, this.expected(claim));
    if (this.count('sent') > 0) return;
    assert.equal(this.ledger.refusedPosts, posts.filter(({ fate }) => fate === 'refused').length);
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
      model.decide(Array.from({ length: model.ledger.sent }, () => false));
      await Promise.resolve();
      model.check();
    }),
    { numRuns: 400 },
  );
});

test('a server that says it took more than was sent is refused', () => {
  const ledger = new Ledger('test');
  ledger.sent = 3;
  assert.throws(() => ledger.markDecided(4), { code: 'ERR_MAILSLOT_MALFORMED' });
  ledger.markDecided(3);
});

test('a server that says it refused what was not sent is refused', () => {
  const ledger = new Ledger('test');
  ledger.sent = 3;
  assert.throws(() => ledger.markRefused(2, 2), { code: 'ERR_MAILSLOT_MALFORMED' });
  assert.equal(ledger.refused, 0);
});

test('an answer that comes late or twice takes nothing back', () => {
  const ledger = new Ledger('test');
  ledger.sent = 5;
  ledger.markDecided(4);
  ledger.markDecided(2);
  assert.equal(ledger.decided, 4);
});

test('when the connection ends, everybody who waits is told, once', async () => {
  const ledger = new Ledger('test');
  const gone = new MailslotError('ERR_MAILSLOT_CLOSED', 'gone');
  ledger.sent = 1;
  const first = ledger.settled(0);
  ledger.sent = 3;
  const second = ledger.settled(1);
  ledger.markDecided(1);
  ledger.fail(gone);
  await first;
  await assert.rejects(second, gone);
  ledger.fail(gone);
});

test('messages that a write was told of are not counted as posts that were refused', async () => {
  const ledger = new Ledger('test');
  ledger.sent = 4;
  const written = ledger.settled(1);
  ledger.markRefused(0, 3);
  ledger.fail(new MailslotError('ERR_MAILSLOT_CLOSED', 'gone'));
  await assert.rejects(written, { code: 'ERR_MAILSLOT_CLOSED' });
  assert.equal(ledger.refusedPosts, 1);
});

test('posts that are refused for days leave a count and no heap', () => {
  const ledger = new Ledger('test');
  for (let message = 0; message < 10_000; message += 2) {
    ledger.sent += 2;
    ledger.markRefused(message, 1);
  }
  assert.equal(ledger.refusedPosts, 5000);
  // As text it shows what is kept, whatever that is called.
  assert.ok(JSON.stringify(ledger).length < 1000, `${JSON.stringify(ledger).length} characters`);
});
