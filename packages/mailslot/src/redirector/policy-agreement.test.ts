import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseName } from '../name/slot-name.js';
import type { Addressee } from '../transport/datagram.js';
import { datagram } from './datagrams.test.support.js';
import { Host, Hub, office, testPorts } from './hub.test.support.js';
import { parsePolicy } from './policy.js';
import { explainPolicy } from './policy-explain.js';

const SERVICES = ['$browse', '$BROWSE', '$Echo', '$redirector'];
const SLOTS = ['a', '$x', '$X', '$browser', '$browse/x', '$', 'app/$echo', 'PIPE$', ...SERVICES];

const slot = fc.constantFrom(...SLOTS);
const host = fc.constantFrom('*', 'OFFICE', 'ALPHA', 'BETA');
const target = fc.oneof(
  fc.constantFrom('*', '$*', '$browse', 'a'),
  fc.tuple(host, fc.constantFrom('*', '$*', '$x', 'a')).map(([to, path]) => `//${to}/mailslot/${path}`),
);
const policy = fc.record({
  rules: fc.array(
    fc.record(
      {
        from: fc.constantFrom('*', 'ALPHA', 'OMEGA'),
        to: target,
        allow: fc.boolean(),
        direction: fc.constantFrom('in', 'out'),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 3 },
  ),
  default: fc.constantFrom('allow', 'deny'),
});

/** Whether a message got through, by what was delivered, or sent. */
async function isPassed(
  text: string,
  direction: 'in' | 'out',
  to: string,
  path: string,
  authenticated = true,
): Promise<boolean> {
  const [hub, ports] = [new Hub(), testPorts()];
  const transport = hub.transport({ authenticated });
  const alpha = new Host('ALPHA', { domains: office(transport), ports, policy: parsePolicy(text) });
  await alpha.redirector.start();
  try {
    if (direction === 'out') {
      try {
        alpha.send(`//${to}/mailslot/${path}`, 'x');
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'ERR_MAILSLOT_ACCESS_DENIED');
      }
      return hub.wire.length > 0;
    }
    alpha.attach(path, 'anyone');
    const addressee: Addressee =
      to === 'ALPHA' ? { kind: 'computer', name: to } : { kind: 'domain', name: 'OFFICE' };
    transport.hear(datagram(ports.clock.now(), { slot: path, to: addressee }));
    return alpha.got.length > 0;
  } finally {
    await alpha.redirector.close();
  }
}

test('what "policy explain" says is what happens, whatever the name begins with', async () => {
  await fc.assert(
    fc.asyncProperty(policy, host, slot, async (rules, to, path) => {
      const text = JSON.stringify(rules);
      const decide = (from: string, direction: 'in' | 'out'): boolean =>
        explainPolicy(parsePolicy(text), `${from} -> //${to}/mailslot/${path}`, ['OFFICE']).some(
          (each) => each.direction === direction && each.decision === 'allow',
        );
      assert.equal(await isPassed(text, 'out', to, path), decide('ALPHA', 'out'), `out: ${text}`);
      if (to === 'BETA') return;
      assert.equal(await isPassed(text, 'in', to, path), decide('OMEGA', 'in'), `in: ${text}`);
    }),
    { numRuns: 500 },
  );
});

test('a service takes nothing from a transport that does not authenticate, any other slot for anyone does', async () => {
  for (const path of SLOTS) {
    const isTaken = await isPassed('{}', 'in', '*', path, false);
    assert.equal(isTaken, !SERVICES.includes(path), path);
  }
});

test('a name that begins with $ belongs to one slot, as any other', async () => {
  const { redirector } = new Host('ALPHA', { ports: testPorts() });
  const attach = (path: string) => redirector.attach(path, 'domain', () => true);
  attach('$x');
  assert.throws(() => attach('$X'), { code: 'ERR_MAILSLOT_ALREADY_EXISTS' });
  attach(parseName('$ECHO').path);
  attach('$echo');
});
