import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import { needs } from '../support/needs.js';

/** A user of whom the system knows nothing, so that it knows no home of his either. */
const STRANGER = 65_113;

proof(
  'who has no home folder is told what to set, and not what the system calls that',
  async () => {
    const library = import.meta.resolve('mailslot/messenger');
    const ask = `
      const { listNames, openHistory } = await import(${JSON.stringify(library)});
      process.setgid(${STRANGER});
      process.setuid(${STRANGER});
      const told = async (run) => run().then(() => 'done', (error) => error.code + ' ' + error.message);
      console.log(JSON.stringify([await told(listNames), await told(async () => openHistory())]));`;
    const told = (env: NodeJS.ProcessEnv): string[] =>
      JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', ask], {
          env: { PATH: process.env['PATH'], MAILSLOT_CONFIG: '/nonexistent/config.json', ...env },
          encoding: 'utf8',
        }),
      );
    for (const env of [{}, { HOME: 'relative' }, { HOME: '', XDG_STATE_HOME: 'relative' }]) {
      for (const text of told(env))
        assert.match(text, /^ERR_MAILSLOT_UNUSABLE_CONFIG nobody knows the home .*; set XDG_STATE_HOME to/);
    }
    for (const env of [{ HOME: '/' }, { HOME: '/nonexistent' }]) {
      const [, text = ''] = told(env);
      assert.match(
        text,
        /^ERR_MAILSLOT_ACCESS_DENIED cannot make .*: this user may not; .*set XDG_STATE_HOME/,
      );
    }
    return {};
  },
  onLinux,
  needs('root'),
);
