import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { NatsFactory } from '../config/nats-settings.js';
import { closedAfter, temporaryRoot } from '../msfs/temp-root.test.support.js';
import { keyOf } from '../packet/key-ring.js';
import { type RedirectorHandle, startRedirector } from './start.js';

/** A computer of its own, on this one: a root with a redirector that speaks on loopback only. */
export interface TestComputer {
  readonly root: string;
  readonly redirector: RedirectorHandle;
}

/** A domain that nobody else is in. */
export function newDomain(
  name = 'TEST',
  ways: object = { lan: { interfaces: ['lo'] } },
): { readonly name: string; readonly config: object } {
  const { id, secret } = keyOf(randomBytes(32));
  const key = { id, secret: Buffer.from(secret).toString('base64url'), installed: new Date().toISOString() };
  return { name, config: { name, keys: [key], use: id, ...ways } };
}

export async function computer(
  t: TestContext,
  name: string,
  domains: readonly object[],
  nats?: NatsFactory,
): Promise<TestComputer> {
  const root = temporaryRoot(t);
  const path = join(root, 'config.json');
  writeFileSync(path, JSON.stringify({ computer: name, domains }), { mode: 0o600 });
  return { root, redirector: closedAfter(t, await startRedirector({ root, config: { path }, nats })) };
}
