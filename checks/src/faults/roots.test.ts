import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createMailslot, listMailslots, type Mailslot, openMailslot } from 'mailslot';
import { onLinux, onUnix } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { ALICE, as, publicPrograms } from '../harness/users.js';
import { needs } from '../support/needs.js';

const NOT_FOUND = 'ERR_MAILSLOT_NOT_FOUND';
const UNUSABLE = 'ERR_MAILSLOT_UNUSABLE_ROOT';

/** Roots that must not be used by anything: how one is made, and what the error says to do. */
const unsafe: Readonly<Record<string, { make(root: string): void; remedy: RegExp; isRoots?: true }>> = {
  'is a symbolic link': {
    make: (root) => symlinkSync('/tmp', root),
    remedy: /it is a symbolic link.*; name the folder itself$/,
  },
  'is a file': {
    make: (root) => writeFileSync(root, ''),
    remedy: /it is not a folder; remove it or set MAILSLOT_ROOT to another$/,
  },
  'everybody may write in': {
    make: (root) => makeFolder(root, 0o777),
    remedy:
      /others may write in it \(mode 0777\); run "chmod 700 \S+" to keep it yours, or "chmod 1777 \S+" to share it$/,
  },
  'the group may write in': {
    make: (root) => makeFolder(root, 0o770),
    remedy: /others may write in it \(mode 0770\); run "chmod 700 \S+"/,
  },
  'belongs to someone else': {
    make: (root) => {
      makeFolder(root, 0o700);
      chownSync(root, ALICE, ALICE);
    },
    remedy: /it belongs to uid 65111, not to you; set MAILSLOT_ROOT to a folder of yours$/,
    isRoots: true,
  },
};

for (const [what, { make, remedy, isRoots }] of Object.entries(unsafe)) {
  proof(
    `a root that ${what}: refused by all, with a remedy`,
    async (at) => {
      const root = `${at.root}/root`;
      make(root);
      const attempts = [
        createMailslot('app', { root }),
        openMailslot('app', { root }),
        openMailslot('app', { root, wait: 60_000 }),
        listMailslots({ root }),
      ];
      for (const attempt of attempts) await refused(attempt, root, UNUSABLE, remedy);
      return {};
    },
    onUnix,
    isRoots ? needs('root') : onUnix,
  );
}

/** Roots in which nothing can be made, or that cannot be looked at: how one is made for Alice, and what is said. */
const barred: Readonly<Record<string, { make(root: string): void; list: RegExp; create: RegExp }>> = {
  'may not be entered by its owner': {
    make: (root) => {
      makeFolder(root, 0o600);
      chownSync(root, ALICE, ALICE);
    },
    list: /you may not enter it \(mode 0600\); run "chmod u\+rwx \S+"$/,
    create: /you may not enter it/,
  },
  'may not be read by its owner': {
    make: (root) => {
      makeFolder(root, 0o300);
      chownSync(root, ALICE, ALICE);
    },
    list: /uid 65111 may not read it; set MAILSLOT_ROOT to another folder$/,
    create: /may not read it/,
  },
  'lies behind a folder that is closed': {
    make: (root) => {
      makeFolder(root, 0o755);
      chmodSync(dirname(root), 0o700);
    },
    list: /a folder on the way to it is closed to this user.*; set MAILSLOT_ROOT to another folder$/,
    create: /may not make it; set MAILSLOT_ROOT to another folder$/,
  },
  'has a name that is too long': {
    make: () => {},
    list: /its name is too long; set MAILSLOT_ROOT to another folder$/,
    create: /too long for a socket/,
  },
};

for (const [what, { make, list, create }] of Object.entries(barred)) {
  proof(
    `a root that ${what}: said of the root, with a remedy that works`,
    async (at) => {
      const folder = at.folder();
      chmodSync(folder, 0o755);
      const root = `${folder}/${what.includes('long') ? 'x'.repeat(300) : 'root'}`;
      const alice = await at.agent({ folder: publicPrograms(at), through: as(ALICE) });
      make(root);
      await assert.rejects(alice.ask('list', { root }), { code: UNUSABLE, message: list });
      await assert.rejects(alice.ask('create', 'app', { root }), { code: UNUSABLE, message: create });
      return {};
    },
    onLinux,
    needs('root'),
  );
}

proof(
  'a root whose parent is missing: the error says so',
  async (at) => {
    const root = `${at.root}/missing/root`;
    await refused(
      createMailslot('app', { root }),
      root,
      UNUSABLE,
      /its parent folder does not exist; make it first$/,
    );
    await refused(openMailslot('app', { root }), root, NOT_FOUND, /start its reader/);
    assert.deepEqual(await listMailslots({ root }), []);
    return {};
  },
  onUnix,
);

proof(
  'a root too long for a socket: the error says how long it may be, and that is true',
  async (at) => {
    const long = at.root.padEnd(200, '/x');
    mkdirSync(long, { recursive: true });
    const error = await refused(
      createMailslot('app', { root: long }),
      long,
      UNUSABLE,
      /set MAILSLOT_ROOT to a shorter one$/,
    );
    const allowed = Number(/it may have (\d+) bytes/.exec(error.message)?.[1]);
    const longest = `${at.root}/${'é'.repeat(allowed)}`.slice(0, allowed);
    const fits = `${at.root}/${'y'.repeat(allowed - at.root.length - 1)}`;
    const slot = await createMailslot('app', { root: fits });
    const client = await openMailslot('app', { root: fits });
    await client.write('it fits');
    assert.equal((await slot.read()).text(), 'it fits');
    await Promise.all([client.close(), slot.close()]);
    // Bytes count, not characters.
    await refused(createMailslot('app', { root: longest }), longest, UNUSABLE, /too long for a socket/);
    await refused(createMailslot('app', { root: `${fits}y` }), `${fits}y`, UNUSABLE, /too long for a socket/);
    return { allowed };
  },
  onUnix,
);

proof(
  'a root that vanishes while in use: connections go on, the slot is not found, creating works again',
  async ({ root, agent }) => {
    const server = await agent();
    const slot = await server.ask('create', 'app', { root });
    const client = await openMailslot('app', { root });
    rmSync(root, { recursive: true });
    await client.write('still there');
    assert.equal(await server.ask('read', slot), 'still there');
    await refused(openMailslot('app', { root }), root, NOT_FOUND, /start its reader/);
    const successor = await createMailslot('app', { root });
    await server.ask('close', slot);
    assert.equal(await reaches(successor, root), 'the old one removed nothing of the new one');
    await assert.rejects(client.write('after'), { code: 'ERR_MAILSLOT_CLOSED' });
    await successor.close();
    rmSync(root, { recursive: true });
    const orphan = await createMailslot('orphan', { root });
    rmSync(root, { recursive: true });
    await orphan.close();
    return {};
  },
  onUnix,
);

async function reaches(slot: Mailslot, root: string): Promise<string> {
  const client = await openMailslot(slot.name, { root });
  await client.write('the old one removed nothing of the new one');
  await client.close();
  return (await slot.read()).text();
}

/** That the attempt fails with this code, and a text that names the root and ends with what to do. */
async function refused(
  attempt: Promise<unknown>,
  root: string,
  code: string,
  remedy: RegExp,
): Promise<Error> {
  const error = await attempt.then(
    () => assert.fail('it was not refused'),
    (reason: NodeJS.ErrnoException) => reason,
  );
  assert.equal(error.code, code, error.stack);
  assert.match(error.message, remedy);
  assert.ok(error.message.includes(root), error.message);
  return error;
}

function makeFolder(path: string, mode: number): void {
  mkdirSync(path);
  chmodSync(path, mode);
}
