import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { readBody, readLines } from './body.js';

const tooLarge = { code: 'ERR_MAILSLOT_MESSAGE_TOO_LARGE' };

test('lines come without their ends; the last one needs none', async () => {
  const cases: readonly [string, string[]][] = [
    ['', []],
    ['\n', ['']],
    ['a\nb\n', ['a', 'b']],
    ['a\nb', ['a', 'b']],
    ['a\r\n\r\nb\r', ['a', '', 'b\r']],
    ['\n\na', ['', '', 'a']],
  ];
  for (const [text, lines] of cases) assert.deepEqual(await linesOf([text]), lines, JSON.stringify(text));
});

test('where a stream is cut does not matter', async () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '\r', '\n', 'é') });
  await fc.assert(
    fc.asyncProperty(texts, fc.array(fc.nat(20)), async (text, cuts) => {
      assert.deepEqual(await linesOf(pieces(text, cuts)), await linesOf([text]));
    }),
  );
});

test('each batch holds what has come, so that a slow source is not held up', async () => {
  const batches: string[][] = [];
  for await (const batch of readLines(stream(['a\nb\nc', 'd\n', 'e']), 10)) batches.push(batch.map(String));
  assert.deepEqual(batches, [['a', 'b'], ['cd'], ['e']]);
});

test('a line over the limit is refused by its number, whether it ends or not', async () => {
  assert.deepEqual(await linesOf(['1234\r\n', '1234\n'], 4), ['1234', '1234']);
  for (const end of ['\n', '\r\n', '', 'and on and on']) {
    await assert.rejects(linesOf(['a\n12', `345${end}`], 4), { ...tooLarge, message: /^line 2 .* 4 bytes/ });
  }
});

test('a body is read up to the limit and no further', async () => {
  assert.equal(String(await readBody(stream(['ab', 'cd']), 4, 'cut it')), 'abcd');
  assert.equal((await readBody(stream([]), 4, 'cut it')).length, 0);
  let read = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) {
      read += 1;
      yield Buffer.from('ab');
    }
  }
  await assert.rejects(readBody(endless(), 4, 'cut it'), { ...tooLarge, message: /4 bytes/ });
  assert.equal(read, 3);
});

test('a line, or a body, that comes byte by byte takes no more memory than its bytes', async () => {
  const bytes = 2 ** 20;
  async function* single(): AsyncGenerator<Buffer> {
    for (let count = 0; count < bytes; count += 1) yield Buffer.of(120);
  }
  let held = 0;
  async function* watched(): AsyncGenerator<Buffer> {
    yield* single();
    held = heldBytes();
  }
  const before = heldBytes();
  const line = await linesOfStream(watched(), bytes);
  assert.equal(line[0]?.length, bytes);
  assert.ok(held - before < 4 * bytes, `${held - before} bytes of objects`);
  assert.equal((await readBody(single(), bytes, 'cut it')).length, bytes);
});

/** What is in use, without what is only to be collected. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

async function linesOfStream(chunks: AsyncIterable<Buffer>, limit: number): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  for await (const batch of readLines(chunks, limit)) lines.push(...batch);
  return lines;
}

async function linesOf(chunks: readonly string[], limit = 100): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(stream(chunks), limit)) lines.push(...batch.map(String));
  return lines;
}

async function* stream(chunks: readonly (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

/** The text's bytes, cut at these places. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, at) => text.slice(places[at], end));
}
