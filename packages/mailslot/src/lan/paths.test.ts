import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LAN_BASE_PACKET, LAN_PROBE_SIZES, LAN_PROBE_WAIT_MS, PROBE_MS } from '../limits.js';
import { type PaperHost, PaperLan, type Passage } from './paper-lan.test.support.js';

/*
 * How long packets are, and where they go, on networks that lose some of them: many transports on a LAN of paper.
 */

const FULL = LAN_PROBE_SIZES.at(-1) as number;
const SECONDS = 1_000;

/** Hosts that have all been heard by all. */
async function office(t: TestContext, lan: PaperLan, count: number): Promise<PaperHost[]> {
  const hosts = [];
  for (let number = 1; number <= count; number += 1) {
    hosts.push(await lan.host(t, `C${number}`, `10.0.0.${number}`));
  }
  for (const host of hosts) host.send('here');
  await lan.pass(10);
  return hosts;
}

/** Lets a host send bursts while all announce themselves once a second. */
async function busy(lan: PaperLan, sender: PaperHost, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (const host of lan.hosts) host.send('here');
    sender.burst(200);
    await lan.pass(SECONDS);
  }
}

/** The next burst of a host: its longest packet. */
async function burstOf(lan: PaperLan, sender: PaperHost, to?: string): Promise<number> {
  const since = lan.passages.length;
  sender.burst(200, to);
  await lan.pass(10);
  return lan.longest(sender, since);
}

const textsOf = (host: PaperHost, begin: string): number =>
  host.texts.filter((text) => text.startsWith(begin)).length;

/** Loses what is longer, if it is for this host. */
const losesOver =
  (size: number, victim: PaperHost) =>
  (passage: Passage): boolean =>
    passage.to !== victim || passage.size <= size;

test('packets are short until all have shown that longer ones arrive', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta, gamma] = (await office(t, lan, 3)) as [PaperHost, PaperHost, PaperHost];
  const since = lan.passages.length;
  alpha.burst(200);
  // Before any answer can be there.
  await lan.pass(1);
  const data = lan.passages.slice(since).filter(({ from }) => from === alpha);
  assert.ok(data.some(({ size }) => size > 1_000 && size <= LAN_BASE_PACKET));
  await lan.pass(SECONDS);
  assert.ok((await burstOf(lan, alpha)) > LAN_BASE_PACKET);
  assert.equal(alpha.knows(beta)?.packetBytes, FULL);
  for (const host of [beta, gamma]) assert.equal(textsOf(host, 'burst'), 400);
});

test('one bad member among good ones: packets fit its way, and it is named', async (t) => {
  const lan = new PaperLan();
  const [alpha, ...others] = (await office(t, lan, 6)) as [PaperHost, ...PaperHost[]];
  const bad = others[2] as PaperHost;
  lan.carries = losesOver(1_472, bad);
  await busy(lan, alpha, 4);
  const longest = await burstOf(lan, alpha);
  assert.ok(longest > LAN_BASE_PACKET && longest <= 1_472, `${longest}`);
  for (const host of others) assert.equal(textsOf(host, 'burst'), 1_000, host.name);
  assert.deepEqual([alpha.knows(bad)?.packetBytes, alpha.knows(bad)?.lostFrom], [1_452, 1_500]);
  for (const host of others.filter((each) => each !== bad))
    assert.equal(alpha.knows(host)?.lostFrom, undefined);
});

test('a long message to who is known not to get it is refused; to all it goes, and is counted', async (t) => {
  const lan = new PaperLan();
  const [alpha, bad, good] = (await office(t, lan, 3)) as [PaperHost, PaperHost, PaperHost];
  lan.carries = losesOver(1_472, bad);
  await busy(lan, alpha, 3);
  assert.throws(() => alpha.send('x'.repeat(4_000), bad.name), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    message: /C2 .*fragments/,
  });
  alpha.send('x'.repeat(4_000), good.name);
  alpha.send('x'.repeat(4_000));
  await lan.pass(10);
  assert.equal(textsOf(good, 'xxx'), 2);
  assert.equal(alpha.knows(bad)?.tooLong, 1);
  assert.equal(alpha.knows(good)?.tooLong, 0);
  assert.match(lan.warnings.join('\n'), /C2 does not get/);
  // What is told is a length of data that arrives, and one byte more is refused.
  const limit = alpha.transport.limitTo?.({ kind: 'computer', name: 'c2' }, 'a') ?? 0;
  assert.ok(limit > 1_300 && limit < 1_452, `${limit}`);
  alpha.send('y'.repeat(limit), bad.name);
  assert.throws(() => alpha.send('y'.repeat(limit + 1), bad.name), { size: limit + 1, limit });
  await lan.pass(10);
  assert.equal(textsOf(bad, 'yyy'), 1);
});

test('who never answers holds the base and no more, and it shows', async (t) => {
  const lan = new PaperLan();
  const [alpha, mute, good] = (await office(t, lan, 3)) as [PaperHost, PaperHost, PaperHost];
  // An older version: nothing of what it says is an answer.
  lan.carries = ({ from, isByGroup }) => from !== mute || isByGroup;
  await busy(lan, alpha, 2);
  lan.carries = ({ from, to }) => from !== mute || to !== alpha;
  mute.send('here');
  const longest = await burstOf(lan, alpha);
  assert.ok(longest > 1_000, `${longest}`);
  assert.equal(alpha.knows(good)?.packetBytes, FULL);
});

test('after a change of interface all is shown anew', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 3)) as [PaperHost, PaperHost];
  await busy(lan, alpha, 2);
  assert.ok((await burstOf(lan, alpha)) > LAN_BASE_PACKET);
  // The other interface leads to a network that loses what is long.
  lan.carries = losesOver(1_472, beta);
  alpha.options?.onChange([]);
  assert.equal(alpha.knows(beta)?.packetBytes, 0);
  await busy(lan, alpha, 3);
  assert.equal(textsOf(beta, 'burst'), 6 * 200);
});

test('a way that gets worse is found out while it is used', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 2)) as [PaperHost, PaperHost];
  await busy(lan, alpha, 5);
  assert.ok((await burstOf(lan, alpha)) > LAN_BASE_PACKET, 'what is in use is shown again in time');
  lan.carries = losesOver(1_472, beta);
  await busy(lan, alpha, 15);
  const before = textsOf(beta, 'burst');
  assert.ok((await burstOf(lan, alpha)) <= 1_472);
  assert.equal(textsOf(beta, 'burst'), before + 200);
});

test('what was shown before a pause is not trusted: the first bursts after it go in short packets', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 2)) as [PaperHost, PaperHost];
  for (let second = 0; second < 3; second += 1) {
    await busy(lan, alpha, 1);
    alpha.burst(200, beta.name);
  }
  assert.ok((await burstOf(lan, alpha)) > LAN_BASE_PACKET);
  assert.ok((await burstOf(lan, alpha, beta.name)) > LAN_BASE_PACKET);
  const before = textsOf(beta, 'burst');
  lan.carries = losesOver(1_472, beta);
  for (let second = 0; second < 5; second += 1) {
    for (const host of lan.hosts) host.send('here');
    await lan.pass(SECONDS);
  }
  await burstOf(lan, alpha, beta.name);
  await burstOf(lan, alpha);
  assert.equal(textsOf(beta, 'burst'), before + 400);
});

test('an address that stopped working in a pause loses nothing: the group carries the first messages', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 2)) as [PaperHost, PaperHost];
  for (let number = 0; number < 10; number += 1) {
    alpha.send(`before ${number}`, beta.name);
    await lan.pass(100);
  }
  assert.equal(alpha.knows(beta)?.reachedAt, '10.0.0.2:5000');
  lan.carries = ({ to, isByGroup }) => to !== beta || isByGroup;
  await lan.pass(5 * SECONDS);
  for (let number = 0; number < 10; number += 1) {
    alpha.send(`after ${number}`, beta.name);
    await lan.pass(100);
  }
  assert.equal(textsOf(beta, 'after'), 10);
});

test('an answer that knows of shorter packets only counts at once, not when the try is over', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 3)) as [PaperHost, PaperHost, PaperHost];
  await busy(lan, alpha, 3);
  assert.ok((await burstOf(lan, alpha)) > 1_500);
  lan.carries = losesOver(1_500, beta);
  // All sizes of a try leave together, so the answer is here long before the first try is over.
  const isTry = ({ from, size }: Passage): boolean => from === alpha && size === FULL;
  const since = lan.passages.length;
  for (let steps = 0; steps < 200 && !lan.passages.slice(since).some(isTry); steps += 1) {
    alpha.burst(200);
    await lan.pass(10);
  }
  assert.ok(lan.passages.slice(since).some(isTry), 'it is tried again while it is in use');
  await lan.pass(LAN_PROBE_WAIT_MS / 2);
  assert.ok((await burstOf(lan, alpha)) <= 1_500);
});

test('an unheard newcomer takes the group back to the base until it has answered', async (t) => {
  const lan = new PaperLan();
  const [alpha] = (await office(t, lan, 2)) as [PaperHost];
  await busy(lan, alpha, 2);
  const newcomer = await lan.host(t, 'NEW', '10.0.0.99');
  lan.carries = losesOver(1_472, newcomer);
  newcomer.send('here');
  await lan.pass(3);
  await busy(lan, alpha, 3);
  assert.equal(textsOf(newcomer, 'burst'), 600);
});

test('a thousand members that send little ask nobody; one that sends much asks no more than that earns', async (t) => {
  const lan = new PaperLan();
  const hosts = await office(t, lan, 200);
  const quiet = lan.passages.length;
  for (const host of hosts.slice(0, 20)) host.send('a short message');
  await lan.pass(100);
  // To 199 others each, and nothing came of it.
  assert.equal(lan.passages.length - quiet, 20 * 199);
  const [alpha] = hosts as [PaperHost];
  const since = lan.passages.length;
  alpha.burst(40);
  await lan.pass(2 * SECONDS);
  const answers = lan.passages.slice(since).filter(({ from }) => from !== alpha);
  assert.ok(answers.length > 0 && answers.length <= 50, `${answers.length} answers`);
});

test('who wants to know is told of all sizes within the time of a probe, and asks the network once', async (t) => {
  const lan = new PaperLan();
  const [alpha, bad] = (await office(t, lan, 3)) as [PaperHost, PaperHost];
  lan.carries = losesOver(1_472, bad);
  const since = lan.passages.length;
  alpha.transport.probe();
  const once = lan.passages.length - since;
  for (let times = 0; times < 100; times += 1) alpha.transport.probe();
  assert.equal(lan.passages.length - since, once);
  await lan.pass(PROBE_MS);
  assert.equal(alpha.knows(bad)?.lostFrom, 1_500);
});

test('one of two addresses loses what is long: the other one, or the group, carries it, and doctor is told', async (t) => {
  const lan = new PaperLan();
  const alpha = await lan.host(t, 'A', '10.0.0.1', '10.1.0.1');
  const beta = await lan.host(t, 'B', '10.0.0.2', '10.1.0.2');
  for (const each of [alpha, beta]) each.send('here');
  await lan.pass(10);
  let [first, second] = ['', ''];
  lan.carries = ({ to, size, at }) => to !== beta || size <= 1_472 || (at !== first && at !== second);
  for (let number = 0; number < 3; number += 1) {
    alpha.send('short', 'B');
    await lan.pass(SECONDS);
  }
  first = alpha.knows(beta)?.reachedAt?.split(':')[0] ?? '';
  for (let number = 0; number < 10; number += 1) {
    alpha.send(`xxx${'x'.repeat(4_000)}`, 'B');
    await lan.pass(500);
    beta.send('here');
  }
  assert.equal(textsOf(beta, 'xxx'), 10);
  assert.deepEqual(
    alpha.knows(beta)?.losing.map(({ address, lostFrom }) => [address.split(':')[0], lostFrom]),
    [[first, 1_500]],
  );
  second = first === '10.0.0.2' ? '10.1.0.2' : '10.0.0.2';
  for (let number = 0; number < 10; number += 1) {
    alpha.send(`last ${'x'.repeat(4_000)}`, 'B');
    await lan.pass(500);
    beta.send('here');
  }
  // Until it is noticed, within two seconds.
  assert.ok(textsOf(beta, 'last') >= 6, `${textsOf(beta, 'last')}`);
});

test('an address that stops working in the middle of traffic is noticed within two seconds', async (t) => {
  const lan = new PaperLan();
  const [alpha, beta] = (await office(t, lan, 2)) as [PaperHost, PaperHost];
  const talk = async (text: string): Promise<void> => {
    for (let number = 0; number < 50; number += 1) {
      alpha.send(`${text} ${number}`, beta.name);
      await lan.pass(100);
      if (number % 10 === 0) beta.send('here');
    }
  };
  await talk('before');
  assert.equal(alpha.knows(beta)?.reachedAt, '10.0.0.2:5000');
  lan.carries = ({ to, isByGroup }) => to !== beta || isByGroup;
  await talk('after');
  assert.equal(textsOf(beta, 'before'), 50);
  assert.ok(textsOf(beta, 'after') >= 30, `${textsOf(beta, 'after')}`);
});

test('who loses an address says so, and nothing more is lost there', async (t) => {
  const lan = new PaperLan();
  const alpha = await lan.host(t, 'A', '10.0.0.1');
  const beta = await lan.host(t, 'B', '10.0.0.2', '10.0.0.3');
  for (const each of [alpha, beta]) each.send('here');
  await lan.pass(10);
  alpha.send('first', 'B');
  // Its answer is still recent when the address is gone.
  await lan.pass(200);
  const [gone] = alpha.knows(beta)?.reachedAt?.split(':') ?? [];
  beta.addresses = beta.addresses.filter(({ address }) => address !== gone);
  beta.options?.onChange([]);
  await lan.pass(1_100);
  const since = lan.passages.length;
  alpha.send('second', 'B');
  await lan.pass(10);
  assert.equal(textsOf(beta, 'second'), 1);
  assert.ok(lan.passages.slice(since).some(({ from, to }) => from === alpha && to === beta));
});
