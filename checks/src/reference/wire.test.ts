import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CreateOptions, createMailslot, type Mailslot } from 'mailslot';
import { inRepo } from '../support/repo.js';

const page = readFileSync(inRepo('docs/wire/msfs.md'), 'utf8');
const folders = { skip: process.platform === 'win32' ? 'slots have no folders here' : false };

interface Step {
  readonly from: 'client' | 'server';
  readonly bytes: Buffer;
}

test('slots lie where the page says', folders, async (t) => {
  const rows = Array.from(page.matchAll(/^\| `(.+)` \| `.+` \| `([0-9a-f]{32})` \|$/gm));
  assert.ok(rows.length >= 5);
  for (const [, name, hash] of rows) {
    const { root } = await create(t, name!);
    const [folder] = readdirSync(root);
    assert.equal(folder, hash);
    assert.match(readdirSync(join(root, folder!)).join(), /^[0-9a-f]{16}$/);
  }
});

test('a slot speaks as the page says', folders, async (t) => {
  const { connected, closing, faulty } = transcripts();
  const queue = { bytes: 197, whenFull: 'reject' } as const;
  const slot = await create(t, 'app/events', { maxMessageSize: 1000, readTimeout: 2000, queue });

  const client = await dial(t, slot);
  for (const step of connected) await play(client, step);
  const stranger = await dial(t, slot);
  for (const step of faulty) await play(stranger, step);
  await end(stranger);

  await slot.close();
  for (const step of closing) await play(client, step);
  await end(client);
});

test('a byte that differs is noticed', folders, async (t) => {
  const slot = await create(t, 'app/events');
  const [greeting] = transcripts().connected;
  await assert.rejects(play(await dial(t, slot), greeting!), /AssertionError/);
});

/** The three fenced conversations of the last section. */
function transcripts(): Record<'connected' | 'closing' | 'faulty', Step[]> {
  const [, section = ''] = page.split('\n## 11. ');
  const [connected = [], closing = [], faulty = []] = Array.from(
    section.matchAll(/^```text\n([\s\S]*?)^```$/gm),
    ([, text]) => stepsOf(text!),
  );
  assert.ok(connected.length > 0 && closing.length > 0 && faulty.length > 0);
  return { connected, closing, faulty };
}

/** A line is `S` or `C` or neither (more of the same), groups of hex digits, and a remark. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  for (const [, end, hex] of text.matchAll(/^([SC ]) {2}((?:[0-9a-f]{2,} ?)+)/gm)) {
    const bytes = Buffer.from(hex!.replaceAll(' ', ''), 'hex');
    if (end === ' ') steps.push(joined(steps.pop()!, bytes));
    else steps.push({ from: end === 'S' ? 'server' : 'client', bytes });
  }
  return steps;
}

function joined({ from, bytes }: Step, more: Buffer): Step {
  return { from, bytes: Buffer.concat([bytes, more]) };
}

async function play(socket: Socket, { from, bytes }: Step): Promise<void> {
  if (from === 'client') socket.write(bytes);
  else assert.equal((await receive(socket, bytes)).toString('hex'), bytes.toString('hex'));
}

/** As many bytes as are expected; process, user and time of creation are taken from the expectation. */
async function receive(socket: Socket, expected: Buffer): Promise<Buffer> {
  while (socket.readableLength < expected.length) await once(socket, 'readable');
  const bytes: Buffer = socket.read(expected.length);
  const isGreeting = bytes.toString('latin1', 0, 4) === 'MSFS';
  const isInfo = bytes[0] === 3;
  for (const [at, size] of isGreeting
    ? [[20, 4]]
    : isInfo
      ? [
          [8, 8],
          [64, 8],
        ]
      : []) {
    expected.copy(bytes, at, at, at! + size!);
  }
  return bytes;
}

/** The server ends the connection and says nothing more. */
async function end(socket: Socket): Promise<void> {
  let rest = '';
  for await (const chunk of socket) rest += chunk.toString('hex');
  assert.equal(rest, '');
}

async function dial(t: TestContext, { root }: Mailslot): Promise<Socket> {
  const folder = join(root, readdirSync(root)[0]!);
  const socket = connect(join(folder, readdirSync(folder)[0]!));
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function create(t: TestContext, name: string, options: CreateOptions = {}): Promise<Mailslot> {
  // Sockets need a short path, and os.tmpdir() is a long one on macOS.
  const root = mkdtempSync('/tmp/ms-');
  const slot = await createMailslot(name, { ...options, root });
  t.after(async () => {
    await slot.close();
    rmSync(root, { recursive: true, force: true });
  });
  return slot;
}
