import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsSettings } from 'mailslot';
import { openKeyStore } from 'mailslot/domains';
import type { Computer } from '../../faults/programs/computer.js';
import type { Scene } from '../../harness/scene.js';
import { type Host, untilSees } from '../../lan/support/office.js';

/** What a member's configuration says beside its name. */
export interface MemberOptions {
  readonly nats: NatsSettings;
  /** The line with the domain's key; default: a new one. */
  readonly key?: string;
}

/** A computer that is in the domain OFFICE by NATS alone, on this machine; it has a slot `alerts`. */
export interface Member extends Host {
  /** For whoever joins. */
  readonly key: string;
}

export async function member(at: Scene, name: string, { nats, key }: MemberOptions): Promise<Member> {
  const root = join(at.folder(), 'root');
  const path = `${root}.json`;
  const keys = openKeyStore(path);
  const line = key ?? keys.share(keys.create('OFFICE').id);
  if (key !== undefined) keys.install(key);
  const config = JSON.parse(readFileSync(path, 'utf8')) as { domains: object[] };
  for (const domain of config.domains) Object.assign(domain, { lan: false, nats });
  writeFileSync(path, JSON.stringify({ ...config, computer: name }), { mode: 0o600 });
  const env = { ...process.env, MAILSLOT_ROOT: root, MAILSLOT_CONFIG: path };
  const redirector = await at.start<Computer>('computer', { env });
  await redirector.ask('serve');
  const program = await at.start<Computer>('computer', { env });
  return { name, redirector, program, slot: await program.ask('create', 'alerts'), key: line };
}

/** So many members that know each other. */
export async function members(at: Scene, names: readonly string[], nats: NatsSettings): Promise<Member[]> {
  const [first, ...others] = names as [string, ...string[]];
  const founder = await member(at, first, { nats });
  const joined = await Promise.all(others.map((name) => member(at, name, { nats, key: founder.key })));
  const all = [founder, ...joined];
  await Promise.all(all.map((each) => untilSees(each, all.length)));
  return all;
}

/** What a redirector says of the domain. */
export interface Status {
  readonly statistics: {
    readonly dropped: Readonly<Record<string, number>>;
    readonly refused: Readonly<Record<string, number>>;
    readonly gaps: number;
  };
  readonly domains: readonly { readonly nats: import('mailslot').NatsState }[];
}

export async function statusOf({ redirector }: Host): Promise<Status> {
  return (await redirector.ask('status')) as unknown as Status;
}
