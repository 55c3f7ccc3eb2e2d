import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { needs } from '../support/needs.js';
import { inRepo } from '../support/repo.js';
import { Network } from './support/network.js';
import { until } from './support/until.js';

/*
 * Somebody who has nothing but the README: its section on other computers, typed at the terminals of two of them.
 */

const rights = [onLinux, needs('root', 'ip', 'script')] as const;
const PROGRAM = inRepo('packages/cli/bin/mailslot.cjs');
const ALL = '//*/mailslot/alerts';

/** What the README has one type, less its comments, is what is typed here. */
const TYPED: readonly string[] = [
  'npx mailslot key new OFFICE',
  'npx mailslot key share',
  'npx mailslot key install',
  'npx mailslot listen alerts --remote domain',
  `npx mailslot write "${ALL}" "door open"`,
  'npx mailslot write //BRAVO/mailslot/alerts "only you"',
  'npx mailslot computers',
  'npx mailslot doctor',
];

proof(
  'with the README alone the first message is there in under a minute, and doctor finds nothing wrong',
  async (at) => {
    const [, section = ''] = /^## To other computers\n([\s\S]*?)^## /m.exec(
      readFileSync(inRepo('README.md'), 'utf8'),
    ) as RegExpExecArray;
    const lines = [...section.matchAll(/^npx .*$/gm)].map(([line]) => line.replace(/ +#.*/, ''));
    assert.deepEqual(lines, TYPED);

    const began = Date.now();
    const network = new Network(at, { hosts: ['ALPHA', 'BRAVO'] });
    const [alpha, bravo] = ['ALPHA', 'BRAVO'].map((host) => new Terminal(at, network, host)) as [
      Terminal,
      Terminal,
    ];
    await alpha.types('', 'key', 'new', 'OFFICE');
    const shared = await alpha.types('', 'key', 'share');
    assert.match(shared, /^mailslot-key:1:OFFICE:\S+\n$/);
    await bravo.types(shared, 'key', 'install');
    const screen = await bravo.listens('alerts', '--remote', 'domain');

    await alpha.types('', 'write', ALL, 'door open');
    await until(async () => screen().includes('ALPHA\tdoor open'), 'the first message');
    const firstMessageMs = Date.now() - began;
    assert.ok(firstMessageMs < 60_000, `${firstMessageMs} ms`);

    await alpha.types('', 'write', '//BRAVO/mailslot/alerts', 'only you');
    await until(async () => screen().includes('ALPHA\tonly you'), 'the message to one');
    for (const each of [alpha, bravo]) {
      const computers = await each.types('', 'computers');
      for (const name of ['ALPHA', 'BRAVO']) {
        assert.match(computers, new RegExp(`^${name} +OFFICE +here `, 'm'));
      }
      await each.types('', 'doctor');
    }
    return { firstMessageMs };
  },
  ...rights,
);

proof(
  'doctor on a computer with another key of the same domain says that, and what to do',
  async (at) => {
    const network = new Network(at, { hosts: ['ALPHA', 'BRAVO'] });
    const [alpha, bravo] = ['ALPHA', 'BRAVO'].map((host) => new Terminal(at, network, host)) as [
      Terminal,
      Terminal,
    ];
    for (const each of [alpha, bravo]) {
      await each.types('', 'key', 'new', 'OFFICE');
      await each.types('', 'computers');
    }
    await alpha.types('', 'write', ALL, 'for nobody there');
    for (const each of [alpha, bravo]) {
      let told = '';
      await until(async () => {
        const { code, stdout } = await each.run('', 'doctor');
        told = stdout;
        return code === 1 && stdout.includes('BAD  key');
      }, 'the finding');
      assert.match(
        told,
        /BAD {2}key .*packets of another domain, or of OFFICE with a key that is not here\n/,
      );
      assert.match(told, /next: .*"mailslot key share" there, "mailslot key install" here/);
    }
    const { code, stderr } = await alpha.run('', 'write', '//BRAVO/mailslot/alerts', 'x');
    assert.equal(code, 1);
    assert.match(stderr, /no computer BRAVO is in the domain OFFICE now; .*"mailslot doctor"/);
    return {};
  },
  ...rights,
);

interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody at a host, who ends what was started there. */
class Terminal {
  readonly #at: Scene;
  readonly #network: Network;
  readonly #host: string;

  constructor(at: Scene, network: Network, host: string) {
    this.#at = at;
    this.#network = network;
    this.#host = host;
    // Only its name, which the host's own would be elsewhere.
    network.configure(host, {});
    at.after(() => this.#endRedirector());
  }

  /** Runs the program with that input; it must succeed. Returns what it printed. */
  async types(input: string, ...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(input, ...words);
    assert.deepEqual(
      { code, stderr },
      { code: 0, stderr: '' },
      `${this.#host}: ${words.join(' ')}\n${stdout}`,
    );
    return stdout;
  }

  async run(input: string, ...words: readonly string[]): Promise<Typed> {
    const child = this.#start([process.execPath, PROGRAM, ...words]);
    const stdout = textOf(child.stdout);
    const stderr = textOf(child.stderr);
    child.stdin?.end(input);
    const [code] = await once(child, 'close');
    return { code, stdout: stdout(), stderr: stderr() };
  }

  /** Listens on a terminal until the scene ends, and waits until that says so. What it shows so far is returned. */
  async listens(...words: readonly string[]): Promise<() => string> {
    const command = [process.execPath, PROGRAM, 'listen', ...words].join(' ');
    const child = this.#start(['script', '--quiet', '--flush', '--command', command, '/dev/null']);
    this.#at.after(async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    });
    const screen = textOf(child.stdout);
    await until(async () => screen().includes('listening on '), 'the listener');
    return screen;
  }

  #start(command: readonly string[]): ChildProcess {
    const [through = '', ...args] = [...this.#network.on(this.#host), ...command];
    return spawn(through, args, { env: this.#network.env(this.#host) });
  }

  /** The one that was started on first need outlives who started it. */
  async #endRedirector(): Promise<void> {
    const { code, stdout } = await this.run('', 'status', '--json');
    if (code === 0) process.kill(JSON.parse(stdout).pid);
  }
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
