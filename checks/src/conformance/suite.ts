import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as library from 'mailslot';
import { beyond, manyMessages } from './cases/beyond.js';
import { decisions } from './cases/decisions.js';
import {
  documentedMessages,
  documentedNames,
  documentedProcess,
  documentedWaiting,
} from './cases/documented.js';
import { kernel32Client } from './cases/kernel32-client.js';
import { kernel32Info } from './cases/kernel32-info.js';
import { kernel32Order } from './cases/kernel32-order.js';
import { kernel32Server } from './cases/kernel32-server.js';
import { kernel32TooSmall } from './cases/kernel32-too-small.js';
import { kernel32Pending, kernel32Timeout } from './cases/kernel32-waiting.js';
import { ntdllFile } from './cases/ntdll-file.js';
import { nameLimits, queryObject } from './cases/ntdll-om.js';
import { reactos } from './cases/reactos.js';
import { documentedRemote, remoteDecisions } from './cases/remote.js';
import type { Case } from './cases.js';
import { type OnStep, type Place, runGroups, type Verdict } from './engine.js';
import { FORMS } from './forms.js';
import { type Group, SOURCES, type Source } from './group.js';
import { HostProcess } from './host-process.js';
import { localHost } from './server.js';

export const GROUPS: readonly Group[] = [
  kernel32Info,
  kernel32Server,
  kernel32Client,
  kernel32Order,
  kernel32TooSmall,
  kernel32Timeout,
  kernel32Pending,
  ntdllFile,
  nameLimits,
  queryObject,
  reactos,
  documentedNames,
  documentedMessages,
  documentedProcess,
  documentedWaiting,
  documentedRemote,
  manyMessages,
  beyond,
  decisions,
  remoteDecisions,
];

/** A program of cases that is not done by then hangs. */
const GROUP_MS = 45_000;

/** All cases by number, in the order of the list: by source, then by number. */
export const CASES: ReadonlyMap<string, Case> = new Map(
  GROUPS.flatMap(({ cases }) => Object.entries(cases)).sort(([one], [other]) => rankOf(one) - rankOf(other)),
);

/** The source of a case, by the letter of its number. */
export function sourceOf(id: string): Source {
  return id.replace(/\d+$/, '') as Source;
}

function rankOf(id: string): number {
  const source = sourceOf(id);
  return Object.keys(SOURCES).indexOf(source) * 1000 + Number(id.slice(source.length));
}

/** Goes through `groups`; what came of it is in the order of the list. */
export async function runSuite(groups: readonly Group[], onStep?: OnStep): Promise<Verdict[]> {
  // Short: the path of a socket, two folders below, may have some hundred bytes, and macOS's TMPDIR takes half of them.
  const folder = mkdtempSync(join(process.platform === 'win32' ? tmpdir() : '/tmp', 'conformance-'));
  const child = new HostProcess();
  try {
    const place: Place = {
      hostOf: (form) => (form.process === 'one process' ? localHost : child),
      forms: FORMS,
      folder,
      surface: await surfaceIn(folder),
      groupMs: GROUP_MS,
    };
    const verdicts = await runGroups(groups, place, onStep);
    return verdicts.sort((one, other) => rankOf(one.case) - rankOf(other.case));
  } finally {
    await child.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The names of all exports and of all members of both ends. */
async function surfaceIn(root: string): Promise<string[]> {
  const slot = await library.createMailslot('surface', { root });
  const client = await library.openMailslot('surface', { root });
  const names = [...Object.keys(library), ...membersOf(slot), ...membersOf(client)];
  await client.close();
  await slot.close();
  return names;
}

function membersOf(end: object): string[] {
  const names: string[] = [];
  for (let each: object = end; each !== Object.prototype; each = Reflect.getPrototypeOf(each) as object)
    names.push(...Object.getOwnPropertyNames(each));
  return names;
}
