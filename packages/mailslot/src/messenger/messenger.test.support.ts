import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { closedAfter, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { realPorts } from '../ports/ports.js';
import { encodeBody, type MessageBody } from './body.js';
import { compose } from './compose.js';
import { type Messenger, startWith } from './messenger.js';
import type { Note } from './note.js';
import type { MessengerOptions } from './settings.js';
import { newId } from './who.js';

export interface TestMessenger {
  readonly messenger: Messenger;
  readonly root: string;
  readonly warnings: readonly string[];
}

/** A folder for a history, gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-messenger-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** From now on nothing can be written there, nor the folder be made again. */
export function breakDisk(folder: string): void {
  rmSync(folder, { recursive: true });
  symlinkSync(join(`${folder}-gone`, 'nowhere'), folder);
}

/** A messenger of ANNA on ALPHA, alone in a root of its own and with nothing on disk, unless something else is said. */
export async function startFor(t: TestContext, options: MessengerOptions = {}): Promise<TestMessenger> {
  const warnings: string[] = [];
  const ports = { ...realPorts, log: { warn: (message: string) => warnings.push(message) } };
  const plain = { computer: 'ALPHA', user: 'ANNA', history: false } as const;
  const root = options.root ?? temporaryRoot(t);
  const messenger = closedAfter(t, await startWith({ ...plain, root, ...options }, ports));
  return { messenger, root, warnings };
}

/** The next note, or change of a note, that fits. */
export function nextNote(
  messenger: Messenger,
  what: 'onNote' | 'onChange',
  fits: (note: Note) => boolean = () => true,
): Promise<Note> {
  return new Promise((resolve) => {
    const stop = messenger[what]((note) => {
      if (!fits(note)) return;
      stop();
      resolve(note);
    });
  });
}

/** A note that somebody sent. */
export function noteOf(fields: Partial<Note> = {}): Note {
  const id = fields.id ?? Buffer.from(realPorts.random.bytes(8)).toString('hex');
  return {
    ...{ id, from: 'BOB', computer: 'BETA', authenticated: true, to: 'ANNA', text: 'hello', level: 'info' },
    ...{ time: 1_767_225_600_000, receivedAt: 1_767_225_600_000, ttl: undefined, thread: undefined },
    ...{ wants: undefined, reply: undefined, isOwn: false, isRead: false, isNotice: false, receipts: [] },
    ...fields,
  };
}

/** The body of a message of BOB's, as it comes by a slot. */
export function bodyFor(to: string, text: string, fields: Partial<MessageBody> = {}): Buffer {
  const head = {
    id: fields.id ?? newId(realPorts.random),
    from: 'BOB',
    time: Date.now(),
    reply: 'messngr/BOB',
  };
  return encodeBody({ ...compose(head, to, text, {}), ...fields });
}

/** As long as a machine under load may take for what takes a moment. */
const SOON_MS = 30_000;

/** Resolves when it holds: for what nobody tells of. Rejects when it does not for too long. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = realPorts.clock.monotonic() + SOON_MS;
  while (!holds()) {
    if (realPorts.clock.monotonic() > deadline) throw new Error(`never came: ${holds}`);
    await new Promise<void>((resolve) => realPorts.clock.after(5, resolve));
  }
}
