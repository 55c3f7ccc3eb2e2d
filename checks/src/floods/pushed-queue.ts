import type { Socket } from 'node:net';
import { createMailslot, type Mailslot } from 'mailslot';
import { onlySocket, rawClient } from '../harness/raw.js';
import { makeScene, type Scene } from '../harness/scene.js';

export interface PushedQueue {
  readonly scene: Scene;
  readonly clear: () => Promise<void>;
  readonly slot: Mailslot;
  readonly writers: readonly Socket[];
}

/** A slot with a queue of so many bytes that nobody reads, and connections to it that have said nothing yet. */
export async function pushedQueue(bytes: number, count: number): Promise<PushedQueue> {
  const { scene, clear } = makeScene();
  const slot = await createMailslot('app', { root: scene.root, queue: { bytes } });
  const path = onlySocket(scene.root);
  const writers = await Promise.all(Array.from({ length: count }, () => rawClient(path)));
  scene.after(() => slot.close());
  scene.after(() => writers.forEach((writer) => void writer.destroy()));
  return { scene, clear, slot, writers };
}
