import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../testing/seeded-random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { EchoAnswer } from './echo.js';
import { type Desk, Office } from './office.test.support.js';

const settled = (count: number): { office: Office; desks: Desk[] } => {
  const office = new Office(new VirtualClock(), new SeededRandom(1));
  return { office, desks: office.settled(count) };
};

const echoes = ({ hub }: Office) => hub.sent.filter(({ destination: { slot } }) => slot === '$echo');

test('one computer that is asked answers to the asking one alone', () => {
  const { office, desks } = settled(3);
  const [alpha, beta] = desks as [Desk, Desk];
  const answers: EchoAnswer[] = [];
  alpha.discovery.probe('OFFICE', { kind: 'computer', name: 'pc-1' }, (answer) => answers.push(answer));
  office.clock.advance(100);
  assert.deepEqual(answers, [
    {
      computer: 'PC-1',
      instance: beta.carrier.instance,
      via: 'fake',
      authenticated: true,
      address: beta.carrier.address,
      roundTripMs: 2,
      skewMs: 1,
    },
  ]);
  assert.deepEqual(
    echoes(office).map(({ destination: { to } }) => to.name),
    ['pc-1', 'PC-0'],
  );
  const [question = '', answer] = echoes(office).map(({ data }) => data.toString('hex'));
  assert.match(question, /^01010000[0-9a-f]{16}$/);
  assert.equal(answer, `0102${question.slice(4)}`);
});

test('all of a domain answer, not all at once, and the pause does not count', () => {
  const { office, desks } = settled(100);
  const [alpha] = desks as [Desk];
  const answers: EchoAnswer[] = [];
  const times = new Set<number>();
  alpha.discovery.probe('OFFICE', { kind: 'domain', name: 'OFFICE' }, (answer) => {
    answers.push(answer);
    times.add(office.clock.now());
  });
  office.clock.advance(300);
  assert.equal(new Set(answers.map(({ computer }) => computer)).size, 99);
  assert.ok(answers.every(({ roundTripMs }) => roundTripMs === 2));
  assert.equal(echoes(office)[0]?.data.readUInt16LE(2), 200, 'two milliseconds for each');
  assert.ok(times.size > 40, `${times.size} moments`);
});

test('a question that was withdrawn has no answers, one to an unknown domain none at all', () => {
  const { office, desks } = settled(2);
  const [alpha] = desks as [Desk];
  const heard = (): void => assert.fail('answered');
  alpha.discovery.probe('OFFICE', { kind: 'computer', name: 'PC-1' }, heard)();
  alpha.discovery.probe('ELSEWHERE', { kind: 'computer', name: 'PC-1' }, heard)();
  office.clock.advance(100);
  assert.equal(echoes(office).length, 2);
});

test('a flood of questions gets a hundred answers a second', () => {
  const { office, desks } = settled(2);
  const [alpha] = desks as [Desk];
  let answers = 0;
  for (let second = 0; second < 5; second += 1) {
    for (let number = 0; number < 1000; number += 1) {
      alpha.discovery.probe('OFFICE', { kind: 'computer', name: 'PC-1' }, () => {
        answers += 1;
      });
    }
    office.clock.advance(1000);
  }
  assert.ok(answers >= 500 && answers <= 510, `${answers} answers`);
});

test('a computer that is known is found at once, without a word', async () => {
  const { office, desks } = settled(3);
  const [alpha] = desks as [Desk];
  assert.equal(await alpha.discovery.find('pc-2', 0), true);
  assert.equal(await alpha.discovery.find('pc-0', 0), true, 'and itself');
  assert.deepEqual(echoes(office), []);
});

test('one that is not known is asked for, again if need be, and found when it answers', async () => {
  const { office, desks } = settled(2);
  const [alpha, beta] = desks as [Desk, Desk];
  office.kill(beta);
  office.clock.advance(10_000);
  office.hub.sent = [];
  const search = alpha.discovery.find('PC-1', 5000);
  office.clock.advance(100);
  // It is back, and does not know yet that it should announce itself.
  office.hub.isLost = ({ destination }) => destination.slot === '$browse';
  beta.carrier.isOff = false;
  office.clock.advance(200);
  assert.equal(await search, true);
  assert.ok(echoes(office).length <= 4);
});

test('one that announces itself meanwhile is found', async () => {
  const { office, desks } = settled(1);
  const [alpha] = desks as [Desk];
  office.hub.isLost = ({ destination }) => destination.slot === '$echo';
  const search = alpha.discovery.find('LATE', 5000);
  office.clock.advance(1000);
  office.start('late');
  office.clock.advance(1000);
  assert.equal(await search, true);
});

test('one that is not there is asked for a few times, and then it is said', async () => {
  const { office, desks } = settled(3);
  const [alpha] = desks as [Desk];
  const search = alpha.discovery.find('NOBODY', 2000);
  office.clock.advance(2001);
  assert.equal(await search, false);
  assert.equal(echoes(office).length, 4);
});

test('a search ends with its signal, and leaves nothing behind', async () => {
  const clock = new VirtualClock();
  const office = new Office(clock, new SeededRandom(1));
  const [alpha] = office.settled(1) as [Desk];
  const before = clock.pending;
  const controller = new AbortController();
  const reason = new Error('enough');
  const search = alpha.discovery.find('NOBODY', 5000, controller.signal);
  controller.abort(reason);
  await assert.rejects(search, reason);
  await assert.rejects(alpha.discovery.find('NOBODY', 5000, controller.signal), reason);
  clock.advance(1);
  assert.equal(clock.pending, before);
});
