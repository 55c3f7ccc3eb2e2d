import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { openMailslot } from 'mailslot';
import { onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { onlySocket, rawServer } from '../harness/raw.js';

const MB = 2 ** 20;
const SYSTEM_LIMIT = 4 * MB;

proof('messages of 0, 1, 64 K and 4 Mi bytes arrive as they were', async ({ root, agent }) => {
  const reader = await agent();
  const slot = await reader.ask('create', 'sizes', { root });
  const client = await openMailslot('sizes', { root });
  const sizes = [0, 1, 64 * 1024, SYSTEM_LIMIT, 0, 64 * 1024 - 1, 64 * 1024 + 1, 1, SYSTEM_LIMIT - 1];
  for (const size of sizes) await client.write(pattern(size));
  await client.writeMany(sizes.map(pattern));
  for (const size of sizes) while (!client.post(pattern(size))) await client.drained();
  await client.close();
  for (const size of [...sizes, ...sizes, ...sizes]) {
    assert.deepEqual(await reader.ask('readDigest', slot), { size, digest: digest(pattern(size)) });
  }
  return { sizes };
});

proof('a slot of its own limit takes more than the system limit, and no more than its own', async (at) => {
  const maxMessageSize = 9 * MB;
  const reader = await at.agent();
  const slot = await reader.ask('create', 'large', { root: at.root, maxMessageSize });
  const client = await openMailslot('large', { root: at.root });
  await client.write(pattern(maxMessageSize));
  await assert.rejects(client.write(pattern(maxMessageSize + 1)), {
    code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE',
    size: maxMessageSize + 1,
    limit: maxMessageSize,
  });
  await client.close();
  const expected = { size: maxMessageSize, digest: digest(pattern(maxMessageSize)) };
  assert.deepEqual(await reader.ask('readDigest', slot), expected);
  return { maxMessageSize };
});

proof(
  'a message over maxMessageSize is refused before its bytes are sent, and the queue is unchanged',
  async (at) => {
    const home = at.folder();
    const reader = await at.agent();
    await reader.ask('create', 'short', { root: home, maxMessageSize: 100 });
    let bytes = 0;
    await rawServer(at, 'short', (outer) => {
      const inner = connect(onlySocket(home));
      outer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      outer.pipe(inner).pipe(outer);
    });

    const client = await openMailslot('short', { root: at.root });
    await client.write('x'.repeat(100));
    const before = { bytes, ...(await queueOf(home)) };
    // Hello, then the message with its length in front, then the question whether it was taken.
    assert.equal(before.bytes, 12 + 104 + 4);
    const tooLarge = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE', limit: 100, size: 101 };
    const text = 'x'.repeat(101);
    await assert.rejects(client.write(text), tooLarge);
    await assert.rejects(client.writeMany(['fits', text]), tooLarge);
    assert.throws(() => client.post(text), tooLarge);
    // 51 characters, of two bytes each.
    await assert.rejects(client.write('é'.repeat(51)), { ...tooLarge, size: 102 });
    assert.deepEqual({ bytes, ...(await queueOf(home)) }, before);
    // The connection is as good as before.
    await client.write('');
    assert.equal(bytes, before.bytes + 4 + 4);
    await client.close();
    return { bytesSentOfRefused: 0 };
  },
  onUnix,
);

async function queueOf(root: string): Promise<object> {
  const client = await openMailslot('short', { root });
  const { messageCount, queueUsed, received } = await client.info();
  await client.close();
  return { messageCount, queueUsed, received };
}

/** Bytes in which no piece can be mistaken for another. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE(Math.imul(at + size, 0x9e37_79b1) >>> 0, at);
  return bytes;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
