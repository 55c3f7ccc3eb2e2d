import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MailslotError } from '../errors.js';
import { parseName } from '../name/slot-name.js';
import { Host, Hub, office, started, testPorts } from './hub.test.support.js';

test('a message to the domain reaches each computer once, its own too, and nobody where no slot is', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const hosts = [];
  for (const name of ['ALPHA', 'BETA', 'GAMMA']) {
    hosts.push(await started(t, name, { domains: office(hub.transport()), ports }));
  }
  const [alpha, beta, gamma] = hosts as [Host, Host, Host];
  alpha.attach('app/Events');
  beta.attach('APP/events');
  assert.ok(alpha.send('//*/mailslot/app/events', 'one'));
  assert.ok(alpha.send('//office/mailslot/app/events', 'two'));
  hub.flush();
  assert.deepEqual(
    [alpha.got, beta.got],
    [
      ['one', 'two'],
      ['one', 'two'],
    ],
  );
  assert.deepEqual(gamma.dropped, { 'no-slot': 2 });
  assert.deepEqual(
    [alpha.senders[0], beta.senders[0]],
    ['loop', 'hub'].map((via) => ({ via, authenticated: true, pid: 0, computer: 'ALPHA', domain: 'OFFICE' })),
  );
});

test('a message to a computer reaches that one only, whatever its name is spelled like', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'Alpha', { domains: office(hub.transport()), ports });
  const beta = await started(t, 'Beta', { domains: office(hub.transport()), ports });
  alpha.attach();
  beta.attach();
  alpha.send('//BETA/mailslot/a', 'to beta');
  alpha.send('//alpha/mailslot/a', 'to alpha');
  hub.flush();
  assert.deepEqual([alpha.got, beta.got], [['to alpha'], ['to beta']]);
  const { received, delivered } = beta.redirector.statistics();
  assert.deepEqual(
    { received, delivered, dropped: beta.dropped },
    { received: 1, delivered: 1, dropped: {} },
  );
});

test('two instances of one computer: a message to it reaches the one that has the slot', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const first = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  const second = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  first.attach('one');
  second.attach('two');
  first.send('//ALPHA/mailslot/one', 'here');
  first.send('//ALPHA/mailslot/two', 'there');
  hub.flush();
  assert.deepEqual([first.got, second.got], [['here'], ['there']]);
});

test('one message over two transports, each of which brings it twice, is delivered once', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const on = () => office(lan.transport({ name: 'lan' }), nats.transport({ name: 'nats' }));
  const alpha = await started(t, 'ALPHA', { domains: on(), ports });
  const beta = await started(t, 'BETA', { domains: on(), ports });
  alpha.attach();
  beta.attach();
  alpha.send('//*/mailslot/a', 'once');
  lan.flush(2);
  nats.flush(2);
  assert.deepEqual([alpha.got, beta.got], [['once'], ['once']]);
  assert.deepEqual(beta.dropped, { duplicate: 3 });
  const [domain] = beta.redirector.statistics().domains;
  assert.deepEqual(
    domain?.transports.map(({ name, received, delivered }) => [name, received, delivered]),
    [
      ['lan', 2, 1],
      ['nats', 2, 0],
      ['loop', 0, 0],
    ],
  );
});

test('own datagrams that come back are not even counted', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  alpha.send('//*/mailslot/a', 'x');
  hub.flush(3);
  assert.equal(alpha.redirector.statistics().domains[0]?.transports[0]?.received, 0);
  assert.deepEqual(alpha.dropped, { 'no-slot': 1 });
});

test('the bytes of a message that stays on this computer may be used again', async (t) => {
  const alpha = await started(t, 'ALPHA', { domains: office(new Hub().transport()), ports: testPorts() });
  const kept: Buffer[] = [];
  alpha.redirector.attach('a', 'domain', (data) => kept.push(data) > 0);
  const bytes = Buffer.from('first');
  const destination = alpha.redirector.destinationOf(parseName('//*/mailslot/a'));
  alpha.redirector.send(destination, bytes);
  bytes.fill(0);
  assert.equal(kept[0]?.toString(), 'first');
});

test('a slot for members takes nothing from a transport that knows no members', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  const beta = await started(t, 'BETA', { domains: office(hub.transport({ authenticated: false })), ports });
  beta.attach('members', 'domain');
  beta.attach('all', 'anyone');
  alpha.send('//*/mailslot/members', 'no');
  alpha.send('//*/mailslot/all', 'yes');
  hub.flush();
  assert.deepEqual(beta.got, ['yes']);
  assert.deepEqual(beta.dropped, { 'not-allowed': 1 });
  assert.equal(beta.senders[0]?.authenticated, false);
});

test('a path belongs to one slot, a service to as many as like; detaching frees it', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  const beta = await started(t, 'BETA', { domains: office(hub.transport()), ports });
  const first = beta.attach('a');
  assert.throws(() => beta.attach('A'), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
  first.detach();
  beta.attach('A');
  first.detach();
  for (let end = 0; end < 2; end += 1) beta.attach('$browse', 'anyone');
  alpha.send('//*/mailslot/a', 'slot');
  alpha.send('//*/mailslot/$browse', 'service');
  hub.flush();
  assert.deepEqual(beta.got, ['slot', 'service', 'service']);
  assert.equal(beta.redirector.statistics().delivered, 2);
});

test('a slot is found as soon as it is there, also under a name that led nowhere before', async (t) => {
  const hub = new Hub();
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports: testPorts() });
  for (const text of ['lost', 'lost too']) alpha.send('//*/mailslot/a', text);
  alpha.attach('A');
  alpha.send('//*/mailslot/a', 'found');
  assert.deepEqual([alpha.got, alpha.dropped], [['found'], { 'no-slot': 2 }]);
});

test('a slot that has no room loses the message, and it is counted', async (t) => {
  const [hub, ports] = [new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', { domains: office(hub.transport()), ports });
  const beta = await started(t, 'BETA', { domains: office(hub.transport()), ports });
  beta.redirector.attach('a', 'domain', () => false);
  alpha.send('//*/mailslot/a', 'x');
  hub.flush(2);
  assert.deepEqual(beta.dropped, { 'queue-full': 1, duplicate: 1 });
});

test('what a transport throws away is counted with the rest', async (t) => {
  const hub = new Hub().transport();
  const alpha = await started(t, 'ALPHA', { domains: office(hub), ports: testPorts() });
  hub.receiver?.dropped('forged', 3);
  const { received, delivered } = alpha.redirector.statistics();
  assert.deepEqual([received, delivered, alpha.dropped], [3, 0, { forged: 3 }]);
});

test('transports are told which slots take messages, once a turn', async (t) => {
  const hub = new Hub().transport();
  const alpha = new Host('ALPHA', { domains: office(hub), ports: testPorts() });
  alpha.attach('before');
  await alpha.redirector.start();
  t.after(() => alpha.redirector.close());
  assert.deepEqual(hub.wanted, new Set(['before']));
  const [one] = [alpha.attach('one'), alpha.attach('two')];
  one?.detach();
  assert.deepEqual(hub.wanted, new Set(['before']));
  await Promise.resolve();
  assert.deepEqual(hub.wanted, new Set(['before', 'two']));
});

test('without a domain a name elsewhere is refused with the next step', () => {
  const { redirector } = new Host('ALPHA', { ports: testPorts() });
  assert.throws(
    () => redirector.destinationOf(parseName('//*/mailslot/a')),
    (error) =>
      error instanceof MailslotError && error.win32Number === 3025 && /mailslot key new/.test(error.message),
  );
});

test('a name leads to a domain of ours, else to a computer where it was heard', async (t) => {
  const [office, lab, ports] = [new Hub(), new Hub(), testPorts()];
  const alpha = await started(t, 'ALPHA', {
    domains: [
      { name: 'OFFICE', transports: [office.transport()] },
      { name: 'LAB', transports: [lab.transport({ maxMessageSize: 400 })] },
    ],
    ports,
  });
  const beta = await started(t, 'BETA', { domains: [{ name: 'LAB', transports: [lab.transport()] }], ports });
  const lead = (name: string) => {
    const { domain, to, messageLimit } = alpha.redirector.destinationOf(parseName(name));
    return [domain, to.kind, to.name, messageLimit];
  };
  assert.deepEqual(lead('//*/mailslot/a'), ['OFFICE', 'domain', 'OFFICE', 60_000]);
  assert.deepEqual(lead('//lab/mailslot/a'), ['LAB', 'domain', 'LAB', 400]);
  assert.deepEqual(lead('//beta/mailslot/a'), ['OFFICE', 'computer', 'beta', 60_000]);
  beta.send('//*/mailslot/a', 'hello');
  lab.flush();
  assert.deepEqual(lead('//beta/mailslot/a'), ['LAB', 'computer', 'beta', 400]);
  ports.clock.advance(80_000);
  assert.deepEqual(lead('//beta/mailslot/a'), ['OFFICE', 'computer', 'beta', 60_000]);
  assert.throws(() => alpha.redirector.destinationOf(parseName('a')), {
    code: 'ERR_MAILSLOT_INVALID_ARGUMENT',
  });
  beta.attach();
  alpha.attach();
  alpha.send('//*/mailslot/a', 'for the office');
  lab.flush();
  assert.deepEqual([alpha.got, beta.got], [['for the office'], []]);
});

test('a message over the limit is refused, with the limit', async (t) => {
  const [lan, nats, ports] = [new Hub(), new Hub(), testPorts()];
  const domains = office(lan.transport({ maxMessageSize: 10 }), nats.transport({ maxMessageSize: 100 }));
  const alpha = await started(t, 'ALPHA', { domains, ports });
  assert.ok(alpha.send('//*/mailslot/a', '0123456789'));
  assert.throws(() => alpha.send('//*/mailslot/a', '0123456789+'), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    size: 11,
    limit: 10,
  });
});

test('where no transport vouches for its senders nobody can know which computers are there', () => {
  const blind = (...authenticated: boolean[]) => {
    const transports = authenticated.map((each) => new Hub().transport({ authenticated: each }));
    return new Host('ALPHA', { domains: office(...transports), ports: testPorts() }).redirector.isBlind;
  };
  assert.deepEqual([blind(), blind(true), blind(false), blind(false, true)], [false, false, true, false]);
});
