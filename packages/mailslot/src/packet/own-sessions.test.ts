import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COPY_CHECK_MS, MAX_OWN_SESSIONS, MAX_PAST_SESSIONS, OWN_SESSION_MS } from '../limits.js';
import { realPorts } from '../ports/ports.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { OwnSessions } from './own-sessions.js';
import { DOMAIN, INSTANCE, testKey } from './packet.test.support.js';

const [one, two] = [testKey(1), testKey(2)] as const;

test('an instance seals in one session, until another key is in use', () => {
  const sessions = new OwnSessions(DOMAIN, realPorts, () => '');
  const first = sessions.sealerOf(INSTANCE, one);
  assert.equal(sessions.sealerOf(INSTANCE, one), first);
  const second = sessions.sealerOf(INSTANCE, two);
  assert.notEqual(second.session, first.session);
  const third = sessions.sealerOf(INSTANCE, one);
  assert.notEqual(third.session, first.session, 'a key that comes back has a new salt');
});

test('a new instance has a new salt, and the old one goes on with its own', () => {
  const sessions = new OwnSessions(DOMAIN, realPorts, () => '');
  const first = sessions.sealerOf(INSTANCE, one);
  assert.notEqual(sessions.sealerOf('ff', one).session, first.session);
  assert.equal(sessions.sealerOf(INSTANCE, one), first);
});

test('packets of past sessions are known as our own', () => {
  const sessions = new OwnSessions(DOMAIN, realPorts, () => '');
  const first = sessions.sealerOf(INSTANCE, one);
  sessions.sealerOf(INSTANCE, two);
  assert.ok(sessions.has(first.session));
  assert.ok(!sessions.has('another'));
});

test('what is remembered is bounded, and a forgotten instance gets another salt, never the same', () => {
  const sessions = new OwnSessions(DOMAIN, realPorts, () => '');
  const made = Array.from({ length: 3 * MAX_PAST_SESSIONS }, (_, number) => {
    return sessions.sealerOf(`${number % (MAX_OWN_SESSIONS + 1)}`, one).session;
  });
  assert.equal(new Set(made).size, made.length);
  assert.equal(made.filter((session) => sessions.has(session)).length, MAX_PAST_SESSIONS);
});

/** A computer that is copied: all of it is the same in the copy, chance too. */
function copied(): { clock: VirtualClock; around: { now: string }; sessions: OwnSessions } {
  const clock = new VirtualClock();
  const around = { now: 'here' };
  const random = { bytes: (length: number) => new Uint8Array(length) };
  return { clock, around, sessions: new OwnSessions(DOMAIN, { clock, random }, () => around.now) };
}

test('a copy of a running computer has other salts as soon as anything around it has changed', () => {
  const changes: readonly ((copy: ReturnType<typeof copied>) => void)[] = [
    ({ around }) => {
      around.now = 'another address';
    },
    ({ clock }) => clock.jump(700),
    ({ clock }) => clock.jump(-700),
  ];
  for (const change of changes) {
    const [original, copy] = [copied(), copied()];
    const before = copy.sessions.sealerOf(INSTANCE, one).session;
    assert.equal(original.sessions.sealerOf(INSTANCE, one).session, before, 'the premise');
    change(copy);
    for (const { clock } of [original, copy]) clock.advance(COPY_CHECK_MS);
    const after = copy.sessions.sealerOf(INSTANCE, one).session;
    assert.notEqual(after, before);
    assert.equal(original.sessions.sealerOf(INSTANCE, one).session, before, 'nothing has changed there');
  }
});

test('a session lasts no longer than five minutes, and copies that have the same chance differ by their clocks', () => {
  const [original, copy] = [copied(), copied()];
  const salts = [original, copy].map(({ sessions }) => sessions.sealerOf(INSTANCE, one).session);
  original.clock.advance(OWN_SESSION_MS);
  copy.clock.advance(OWN_SESSION_MS + 0.001);
  for (const { sessions } of [original, copy]) salts.push(sessions.sealerOf(INSTANCE, one).session);
  assert.equal(new Set(salts).size, 3);
});
