import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { locateRedirector } from '../daemon-client/locate.js';
import {
  callRedirector,
  createMailslot,
  listComputers,
  listMailslots,
  type Message,
  openMailslot,
  sendMessage,
  startRedirector,
} from '../index.js';
import { findSlots } from '../msfs/namespace/find-slots.js';
import { closedAfter, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { computer, newDomain } from './daemon.test.support.js';

test('a broadcast reaches the slots of its own computer that take such messages, with who sent it', async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const slot = closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const deaf = closedAfter(t, await createMailslot('deaf', { root }));
  await sendMessage('//*/mailslot/ALERTS', 'door open', { root });
  const message = await slot.read();
  assert.equal(message.text(), 'door open');
  assert.deepEqual(message.sender, {
    via: 'loop',
    authenticated: true,
    pid: 0,
    computer: 'ALPHA',
    domain: 'TEST',
  });
  await sendMessage('//alpha/mailslot/alerts', 'to this one', { root });
  assert.equal((await slot.read()).text(), 'to this one');
  await sendMessage('//test/mailslot/deaf', 'x', { root });
  assert.equal(deaf.tryRead(), undefined);
  await sendMessage('alerts', 'local', { root });
  assert.equal((await slot.read()).sender.via, 'local');
});

test('two computers hear each other, and each message comes once', async (t) => {
  const domain = newDomain().config;
  const [alpha, bravo] = [await computer(t, 'ALPHA', [domain]), await computer(t, 'BRAVO', [domain])];
  const slots = await Promise.all(
    [alpha, bravo].map(({ root }) => createMailslot('alerts', { root, remote: 'domain' })),
  );
  for (const slot of slots) closedAfter(t, slot);
  const client = closedAfter(t, await openMailslot('//*/mailslot/alerts', { root: alpha.root }));
  const texts = Array.from({ length: 500 }, (_, number) => `m${number}`);
  await client.writeMany(texts);
  for (const slot of slots) {
    const seen: string[] = [];
    while (seen.length < texts.length) seen.push((await slot.read()).text());
    assert.deepEqual(seen.toSorted(), texts.toSorted());
    assert.equal(slot.tryRead(), undefined);
  }
  const names = (await listComputers({ root: bravo.root })).map(({ name, state }) => `${name} ${state}`);
  assert.deepEqual(names.toSorted(), ['ALPHA here', 'BRAVO here']);
});

test('a client is told how long a message may be, and of a slot elsewhere nobody knows how it stands', async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const client = closedAfter(t, await openMailslot('//*/mailslot/a', { root }));
  assert.ok(client.messageLimit >= 60_000 && client.messageLimit < 65_536);
  await assert.rejects(client.write('x'.repeat(client.messageLimit + 1)), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
  });
  await client.write('x'.repeat(client.messageLimit));
  await assert.rejects(client.info(), { code: 'ERR_MAILSLOT_BAD_NETPATH' });
});

test('a computer that is not there is no path, and the services of the daemon are nobody else’s', async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  await assert.rejects(openMailslot('//NOBODY/mailslot/a', { root }), {
    code: 'ERR_MAILSLOT_BAD_NETPATH',
    win32Number: 53,
  });
  for (const path of ['$redirector', '$BROWSE', '$echo']) {
    const refused = { code: 'ERR_MAILSLOT_INVALID_NAME' };
    await assert.rejects(openMailslot(`//*/mailslot/${path}`, { root }), refused);
    await assert.rejects(createMailslot(path, { root }), refused);
  }
});

test('a path that no message could carry is refused when it is opened', async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  await assert.rejects(openMailslot(`//*/mailslot/${'x'.repeat(3000)}`, { root }), {
    code: 'ERR_MAILSLOT_INVALID_NAME',
    message: /3000 bytes/,
  });
});

test('the redirector is none of the slots that are listed', async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  closedAfter(t, await createMailslot('a', { root }));
  assert.deepEqual(
    (await listMailslots({ root })).map(({ name }) => name),
    ['a'],
  );
});

test('a root has one redirector', async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  await assert.rejects(startRedirector({ root }), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
});

test('a slot finds the next redirector when its own has ended, and clients are told', async (t) => {
  const domain = newDomain().config;
  const { root, redirector } = await computer(t, 'ALPHA', [domain]);
  const slot = closedAfter(t, await createMailslot('alerts', { root, remote: 'domain' }));
  const client = await openMailslot('//*/mailslot/alerts', { root });
  const config = { path: `${root}/config.json` };
  await redirector.close();
  await redirector.ended;
  await assert.rejects(client.write('x'), { code: 'ERR_MAILSLOT_CLOSED' });
  closedAfter(t, await startRedirector({ root, config }));
  let message: Message | undefined;
  // Until the slot is back nobody hears.
  while (message === undefined) {
    await sendMessage('//*/mailslot/alerts', 'again', { root });
    message = await slot.read({ timeout: 20 }).catch(() => undefined);
  }
  assert.equal(message.text(), 'again');
});

test('without a domain it runs, and every name elsewhere is refused with the next step', async (t) => {
  const { root } = await computer(t, 'ALPHA', []);
  await assert.rejects(openMailslot('//BRAVO/mailslot/a', { root }), {
    code: 'ERR_MAILSLOT_REMOTE_DISABLED',
    win32Number: 3025,
  });
});

test('nobody starts a redirector where that is forbidden', async (t) => {
  const before = process.env['MAILSLOT_AUTOSTART'];
  process.env['MAILSLOT_AUTOSTART'] = '0';
  t.after(() => {
    if (before === undefined) delete process.env['MAILSLOT_AUTOSTART'];
    else process.env['MAILSLOT_AUTOSTART'] = before;
  });
  const root = temporaryRoot(t);
  await assert.rejects(openMailslot('//BRAVO/mailslot/a', { root }));
  await assert.rejects(listComputers({ root }));
});

test('who asks where none runs is told how to start one', async (t) => {
  const asked = callRedirector({ do: 'status' }, { root: temporaryRoot(t) });
  await assert.rejects(asked.next(), { code: 'ERR_MAILSLOT_NOT_FOUND', message: /mailslot serve/ });
});

test('what others say at the control socket is answered or refused, and harms nobody', async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  const path = locateRedirector(findSlots(root)) as string;
  const say = async (text: string): Promise<string> => {
    const socket = connect(path);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => {});
    socket.end(text);
    await once(socket, 'close');
    return heard;
  };
  assert.match(await say('hello\n'), /MALFORMED/);
  assert.match(await say('x'.repeat(300_000)), /MALFORMED|^$/);
  assert.match(await say('{"do":"dance"}\n'), /INVALID_ARGUMENT.*dance/);
  assert.match(await say('{"do":"constructor"}\n'), /INVALID_ARGUMENT/);
  assert.match(await say('{"do":"open"}\n'), /ERR_MAILSLOT_/);
  assert.match(await say('{"do":"attach","slot":"a","remote":"none"}\n'), /INVALID_ARGUMENT/);
  assert.match(await say('{"do":"attach","slot":"../x","remote":"domain"}\n'), /INVALID_NAME/);
  for (const scope of ['"world"', '"LAN"', '""', '7', '["lan"]', '{}']) {
    const open = await say(`{"do":"open","name":"//*/mailslot/a","scope":${scope}}\n`);
    const attach = await say(`{"do":"attach","slot":"a","remote":"domain","scope":${scope}}\n`);
    assert.match(open, /INVALID_ARGUMENT.*scope/);
    assert.match(attach, /INVALID_ARGUMENT.*scope/);
  }
  await say('');
  await say('{"do":');
  const [status] = [await callRedirector({ do: 'status' }, { root }).next()];
  assert.equal(status.value?.['computer'], 'ALPHA');
});

test('who asks for the messages of a slot must be its owner', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { root } = await computer(t, 'ALPHA', [newDomain().config]);
  closedAfter(t, await createMailslot('a', { root }));
  const socket = connect(locateRedirector(findSlots(root)) as string);
  t.after(() => socket.destroy());
  const lines: string[] = [];
  socket.on('data', (chunk) => lines.push(...String(chunk).trim().split('\n')));
  socket.write('{"do":"attach","slot":"a","remote":"domain"}\n');
  while (lines.length < 1) await once(socket, 'data');
  assert.match(lines[0] as string, /^\{"mark":\d+\}$/);
  socket.write('{"marked":true}\n');
  await once(socket, 'close');
  assert.match(lines[1] as string, /ACCESS_DENIED/);
});

test('the configuration is read again on demand: another domain is entered, the slots stay', async (t) => {
  const [one, two] = [newDomain('ONE'), newDomain('TWO')];
  const { root, redirector } = await computer(t, 'ALPHA', [one.config]);
  const slot = closedAfter(t, await createMailslot('a', { root, remote: 'domain' }));
  const { writeFileSync } = await import('node:fs');
  writeFileSync(`${root}/config.json`, JSON.stringify({ computer: 'ALPHA', domains: [two.config] }));
  for await (const _line of callRedirector({ do: 'reload' }, { root }));
  let message: Message | undefined;
  while (message === undefined) {
    await sendMessage('//TWO/mailslot/a', 'x', { root }).catch(() => {});
    message = await slot.read({ timeout: 20 }).catch(() => undefined);
  }
  assert.equal(message.sender.domain, 'TWO');
  assert.deepEqual(redirector.domains, ['TWO']);
});
