import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf, type StreamEvent } from './event-stream.js';

async function all(bytes: Uint8Array, pieces: number): Promise<StreamEvent[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += pieces) controller.enqueue(bytes.slice(at, at + pieces));
      controller.close();
    },
  });
  const events: StreamEvent[] = [];
  for await (const event of eventsOf(stream)) events.push(event);
  return events;
}

test('events are the same in whatever pieces they come', async () => {
  const text =
    ':\n\nevent: change\nid: 7\ndata: {"text":"Grüße: ☕"}\n\nevent: gap\ndata: {}\n\nevent: change\nda';
  const bytes = new TextEncoder().encode(text);
  for (const pieces of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(await all(bytes, pieces), [
      { id: '', type: 'heartbeat', data: '' },
      { id: '7', type: 'change', data: '{"text":"Grüße: ☕"}' },
      { id: '', type: 'gap', data: '{}' },
    ]);
  }
});
