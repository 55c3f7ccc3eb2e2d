import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import type { Change, PageState } from '@mailslot/web/api';
import { STREAMS_MAX } from './limits.js';
import { type Scene, scene } from './page.test.support.js';

test('a note comes as an event, with what it changes', async (t) => {
  const { messenger, ask, open } = await scene(t);
  const { run, sequence } = await stateOf(ask);
  const events = reader(await open(`/api/events?run=${run}&after=${sequence}`));
  const note = messenger.receive({ text: 'Lunch?', level: 'alert' });
  const { notes, conversations, alerts } = await events.change();
  assert.equal(notes?.[0]?.id, note.id);
  assert.deepEqual([conversations?.[0]?.name, conversations?.[0]?.unread], ['BOB', 1]);
  assert.equal(alerts?.[0]?.text, 'Lunch?');
});

test('many notes at once are few events', async (t) => {
  const { messenger, ask, open } = await scene(t);
  const { run, sequence } = await stateOf(ask);
  const events = reader(await open(`/api/events?run=${run}&after=${sequence}`));
  for (let count = 0; count < 500; count++) messenger.receive({ text: `${count}` });
  assert.equal((await events.change()).notes?.length, 500);
});

test('who comes back gets what was missed, or is told that it is too much', async (t) => {
  const { messenger, ask, open } = await scene(t);
  const { run, sequence } = await stateOf(ask);
  const first = await open(`/api/events?run=${run}&after=${sequence}`);
  messenger.receive({ text: 'seen' });
  await reader(first).change();
  first.destroy();

  const another = reader(await open(`/api/events?run=${run}&after=${sequence + 1}`));
  messenger.receive({ text: 'missed' });
  await another.change();
  const again = reader(await open(`/api/events?run=${run}&after=${sequence + 1}`));
  assert.equal((await again.change()).notes?.[0]?.text, 'missed');

  for (const query of ['run=other&after=0', `run=${run}&after=99`, `run=${run}&after=x`, '']) {
    assert.match(await reader(await open(`/api/events?${query}`)).until('gap'), /event: gap/);
  }
});

test('a gap is told when more was missed than is kept', async (t) => {
  const { messenger, ask, open } = await scene(t);
  const { run } = await stateOf(ask);
  const text = 'x'.repeat(50_000);
  for (let count = 0; count < 100; count++) messenger.receive({ text });
  assert.match(await reader(await open(`/api/events?run=${run}&after=0`)).until('gap'), /event: gap/);
});

test('who does not read is cut off, and the others are not', async (t) => {
  const { messenger, ask, open } = await scene(t);
  const { run, sequence } = await stateOf(ask);
  const query = `/api/events?run=${run}&after=${sequence}`;
  const slow = await open(query);
  slow.on('error', () => {});
  slow.pause();
  const closed = once(slow.socket, 'close');
  const quick = reader(await open(query));
  const text = 'x'.repeat(50_000);
  // 40 MB: more than the sockets of both sides and the bound hold together.
  for (let count = 0; count < 80; count++) {
    for (let each = 0; each < 10; each++) messenger.receive({ text });
    await quick.change();
  }
  slow.resume();
  await closed;
});

test('so many pages may follow, and one more is told why not', async (t) => {
  const { open } = await scene(t);
  for (let count = 0; count < STREAMS_MAX; count++) await open('/api/events');
  const { statusCode } = await open('/api/events');
  assert.equal(statusCode, 503);
});

test('closing ends what follows, and listens no more', async (t) => {
  const { messenger, page, open } = await scene(t);
  const stream = await open('/api/events');
  const ended = once(stream.resume(), 'close');
  await page.close();
  await ended;
  assert.equal(messenger.listeners, 0);
});

async function stateOf(ask: Scene['ask']): Promise<PageState> {
  return JSON.parse((await ask('/api/state')).text);
}

/** Reads a stream of events, one after the other. */
function reader(stream: IncomingMessage): {
  until(text: string): Promise<string>;
  change(): Promise<Change>;
} {
  const chunks = stream[Symbol.asyncIterator]();
  let text = '';
  const until = async (wanted: string): Promise<string> => {
    for (;;) {
      const at = text.indexOf('\n\n', text.indexOf(wanted));
      if (text.includes(wanted) && at >= 0) {
        const before = text.slice(0, at);
        text = text.slice(at + 2);
        return before;
      }
      const { done, value } = await chunks.next();
      if (done) throw new Error(`no ${wanted} before the end`);
      text += String(value);
    }
  };
  const change = async (): Promise<Change> => {
    const block = await until('event: change');
    return JSON.parse(block.slice(block.lastIndexOf('data: ') + 6));
  };
  return { until, change };
}
