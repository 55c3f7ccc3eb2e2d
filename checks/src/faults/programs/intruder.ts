// Another user of the computer, who wants to be where the redirector belongs, and to have what is not theirs.
import { once } from 'node:events';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { answer } from '../../harness/answer.js';

/** What is put in a place. */
export type Thing = 'folder' | 'closed folder' | 'listener' | 'file' | 'link';

export interface Intruder {
  /** Puts something there; a link leads to a folder that everybody may write in. */
  squat(path: string, what: Thing): Promise<void>;
  /** Puts folders there again and again, as fast as possible, until `relent`. */
  besiege(path: string): void;
  /** How often that worked. */
  relent(): number;
  /**
   * Makes of a place, in turn and as fast as possible for so many milliseconds: a folder with a dead socket that is named
   * like `socket`, nothing, a link to the folder of `socket`. How often.
   */
  flip(place: string, socket: string, ms: number): Promise<number>;
  /** Makes so many places of slots in a root, in which somebody listens who says nothing. */
  squatSilently(root: string, count: number): Promise<void>;
  /** How many have connected to a listener. */
  visitors(): number;
  /**
   * Asks at a socket and does what it can to prove what it is asked to, by the time of `folder`; all lines that were
   * answered until the other end hung up, or agreed.
   */
  ask(socket: string, question: object, folder: string): Promise<string[]>;
  /** Makes a slot's folder, has its messages, removes the folder, and stays connected. */
  linger(socket: string, slot: string, folder: string): Promise<void>;
  /** Resolves when the connection that lingers has ended. */
  untilExpelled(): Promise<void>;
}

let visitors = 0;
let conquests = 0;
let isBesieging = false;
let expelled: Promise<unknown> = Promise.resolve();

answer<Intruder>({
  async squat(path, what) {
    if (what === 'file') return writeFileSync(path, 'in the way');
    if (what === 'link') return symlinkSync('/tmp', path);
    mkdirSync(path);
    if (what === 'closed folder') {
      writeFileSync(`${path}/0123456789abcdef`, '');
      chmodSync(path, 0o700);
    }
    if (what === 'listener') await listenIn(path);
  },

  besiege(path) {
    isBesieging = true;
    const attack = (): void => {
      for (let tries = 0; tries < 100; tries += 1) conquests += conquer(path);
      if (isBesieging) setImmediate(attack);
    };
    attack();
  },

  relent() {
    isBesieging = false;
    return conquests;
  },

  async flip(place, socket, ms) {
    const [dead, link] = [`${place}-dead`, `${place}-link`];
    await leaveDead(dead, basename(socket));
    symlinkSync(dirname(socket), link);
    let flips = 0;
    for (const end = performance.now() + ms; performance.now() < end; flips += 1) {
      for (const thing of [dead, link]) {
        attempt(() => renameSync(thing, place));
        attempt(() => renameSync(place, thing));
      }
    }
    for (const thing of [dead, link]) rmSync(thing, { recursive: true, force: true });
    return flips;
  },

  async squatSilently(root, count) {
    for (let place = 0; place < count; place += 1) {
      const folder = `${root}/${place.toString(16).padStart(32, '0')}`;
      mkdirSync(folder);
      await listenIn(folder, () => {});
    }
  },

  visitors: () => visitors,

  async ask(socket, question, folder) {
    const { lines, client } = await asked(socket, question, folder);
    client.destroy();
    return lines;
  },

  async linger(socket, slot, folder) {
    mkdirSync(folder);
    const question = { do: 'attach', slot, remote: 'domain' };
    const { lines, client } = await asked(socket, question, folder);
    if (!lines.at(-1)?.includes('"ok":true')) throw new Error(lines.join());
    rmSync(folder, { recursive: true });
    expelled = once(client, 'close');
    client.resume();
  },

  async untilExpelled() {
    await expelled;
  },
});

function hangUp(socket: Socket): void {
  socket.destroy();
}

async function listenIn(folder: string, serve = hangUp): Promise<Server> {
  const server = createServer((socket) => {
    visitors += 1;
    serve(socket);
  });
  const path = `${folder}/0123456789abcdef`;
  await once(server.listen(path), 'listening');
  chmodSync(path, 0o666);
  chmodSync(folder, 0o755);
  return server;
}

/** What a killed process leaves: a socket on which nobody listens, under that name. */
async function leaveDead(folder: string, name: string): Promise<void> {
  mkdirSync(folder);
  const server = createServer();
  await once(server.listen(`${folder}/made`), 'listening');
  // Its server removes the name that it made, and no other.
  renameSync(`${folder}/made`, `${folder}/${name}`);
  // Whoever looks shall find out that it is dead.
  chmodSync(`${folder}/${name}`, 0o666);
  chmodSync(folder, 0o755);
  await new Promise((resolve) => server.close(resolve));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // What it was about is not there now, or somebody has taken the place.
  }
}

function conquer(path: string): number {
  try {
    mkdirSync(path);
    writeFileSync(`${path}/x`, '');
    return 1;
  } catch {
    return 0;
  }
}

async function asked(socket: string, question: object, folder: string) {
  const client = connect(socket);
  client.on('error', () => {});
  client.write(`${JSON.stringify(question)}\n`);
  const lines: string[] = [];
  for await (const line of createInterface({ input: client })) {
    lines.push(line);
    const { mark } = JSON.parse(line) as { mark?: number };
    if (mark === undefined) break;
    setTime(folder, mark);
    client.write('{"marked":true}\n');
  }
  return { lines, client };
}

function setTime(folder: string, seconds: number): void {
  try {
    utimesSync(folder, seconds, seconds);
  } catch {
    // As it should be with what belongs to somebody else.
  }
}
