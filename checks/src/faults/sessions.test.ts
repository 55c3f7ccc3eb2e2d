import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { as, NOBODY, publicPrograms } from '../harness/users.js';
import { needs } from '../support/needs.js';

/** The ways in which one user comes to run a program, each with another environment. */
const SESSIONS: Readonly<Record<string, readonly string[]>> = {
  'a login shell': ['su', '-l', '-s', '/bin/bash', '-c', 'exec "$@"', 'nobody', 'bash'],
  cron: [...as(NOBODY), 'env', '-i'],
  sudo: ['sudo', '-n', '-u', 'nobody'],
  'a desktop': [...as(NOBODY), 'env', 'TMPDIR=/var/tmp', 'XDG_RUNTIME_DIR=/run/user/65534', 'HOME=/'],
};

proof(
  'a login shell, cron and sudo of one user meet in one root',
  async (at) => {
    const folder = publicPrograms(at);
    const { MAILSLOT_ROOT, ...env } = process.env;
    const expected = existsSync('/run/mailslot') ? '/run/mailslot' : `/tmp/mailslot-${NOBODY}`;
    if (!existsSync(expected)) at.after(() => rmSync(expected, { recursive: true, force: true }));
    const name = `meeting/${process.pid}`;
    const agents = await Promise.all(
      Object.values(SESSIONS).map((through) => at.agent({ folder, through, env })),
    );
    for (const server of agents) {
      assert.equal(await server.ask('root'), expected);
      const slot = await server.ask('create', name);
      for (const [number, client] of agents.entries()) await client.ask('send', name, String(number));
      assert.deepEqual(await server.ask('readAll', slot), ['0', '1', '2', '3']);
      await server.ask('close', slot);
    }
    return { root: expected, sessions: Object.keys(SESSIONS) };
  },
  onLinux,
  needs('root', 'sudo'),
);
