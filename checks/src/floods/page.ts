import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeMessenger, fakeNetwork } from '../../../packages/cli/dist/page/fake-messenger.test.support.js';
import { CONNECTIONS_MAX, STRANGERS_MAX } from '../../../packages/cli/dist/page/limits.js';
import { startPage } from '../../../packages/cli/dist/page/start-page.js';
import { attackMs, type Flood } from './flood.js';

const PROGRAM = fileURLToPath(new URL('programs/half-open.js', import.meta.url));
/** Those of the page's owner, and what the process itself has open. */
const OTHERS = 100;
/** The owner of a page waits no longer for an answer. */
const PATIENCE_MS = 5_000;

/** Connections of other users to a page, while its owner uses it. */
export const pageConnections: Flood = {
  resource: 'connections of a page',
  attacker: 'another process that opens connections without pause, and ends no request',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'mailslot-page-'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
    const network = fakeNetwork('OFFICE');
    const page = await startPage({ messenger: new FakeMessenger(), network, folder });
    const { port, hash, origin } = new URL(page.url);
    const attacker = spawn(process.execPath, [PROGRAM, port], { stdio: 'ignore' });
    const headers = { authorization: `Bearer ${hash.slice(1)}`, connection: 'close' };
    let [peak, served, slowest] = [0, 0, 0];
    try {
      for (const end = performance.now() + attackMs; performance.now() < end; ) {
        const start = performance.now();
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const isServed = await fetch(`${origin}/api/state`, { headers, signal }).then(
          async (response) => response.ok && (await response.arrayBuffer()).byteLength > 0,
          () => false,
        );
        served += Number(isServed);
        slowest = Math.max(slowest, performance.now() - start);
        if (!isServed) break;
        peak = Math.max(peak, readdirSync('/proc/self/fd').length);
      }
    } finally {
      const ended = once(attacker, 'exit');
      attacker.kill('SIGKILL');
      await ended;
      await page.close();
      rmSync(folder, { recursive: true });
    }
    const bound = STRANGERS_MAX + CONNECTIONS_MAX + OTHERS;
    const ok = peak <= bound && served > 0 && slowest < PATIENCE_MS;
    const note = `its owner was served ${served} times, at the slowest in ${Math.round(slowest)} ms`;
    return { bound, peak, unit: 'descriptors', ok, note };
  },
};
