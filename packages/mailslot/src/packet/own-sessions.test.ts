import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_OWN_SESSIONS, MAX_PAST_SESSIONS } from '../limits.js';
import { realRandom } from '../ports/random.js';
import { OwnSessions } from './own-sessions.js';
import { DOMAIN, INSTANCE, testKey } from './packet.test.support.js';

const [one, two] = [testKey(1), testKey(2)] as const;

test('an instance seals in one session, until another key is in use', () => {
  const sessions = new OwnSessions(DOMAIN, realRandom);
  const first = sessions.sealerOf(INSTANCE, one);
  assert.equal(sessions.sealerOf(INSTANCE, one), first);
  const second = sessions.sealerOf(INSTANCE, two);
  assert.notEqual(second.session, first.session);
  const third = sessions.sealerOf(INSTANCE, one);
  assert.notEqual(third.session, first.session, 'a key that comes back has a new salt');
});

test('a new instance has a new salt, and the old one goes on with its own', () => {
  const sessions = new OwnSessions(DOMAIN, realRandom);
  const first = sessions.sealerOf(INSTANCE, one);
  assert.notEqual(sessions.sealerOf('ff', one).session, first.session);
  assert.equal(sessions.sealerOf(INSTANCE, one), first);
});

test('packets of past sessions are known as our own', () => {
  const sessions = new OwnSessions(DOMAIN, realRandom);
  const first = sessions.sealerOf(INSTANCE, one);
  sessions.sealerOf(INSTANCE, two);
  assert.ok(sessions.has(first.session));
  assert.ok(!sessions.has('another'));
});

test('what is remembered is bounded, and a forgotten instance gets another salt, never the same', () => {
  const sessions = new OwnSessions(DOMAIN, realRandom);
  const made = Array.from({ length: 3 * MAX_PAST_SESSIONS }, (_, number) => {
    return sessions.sealerOf(`${number % (MAX_OWN_SESSIONS + 1)}`, one).session;
  });
  assert.equal(new Set(made).size, made.length);
  assert.equal(made.filter((session) => sessions.has(session)).length, MAX_PAST_SESSIONS);
});
