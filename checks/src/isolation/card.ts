import { spawnSync } from 'node:child_process';
import type { Scene } from '../harness/scene.js';
import { type Outcome, runProgram } from '../support/program.js';
import { inRepo } from '../support/repo.js';

let cards = 0;

/** What came of a test file, and how many packets left by the card meanwhile. */
export interface Isolated extends Outcome {
  readonly sent: number;
}

/**
 * A computer with one network card that looks like any: up, with an address of documentation, multicast, and the default
 * route; its cable ends in a namespace where nobody is. Whatever leaves by it was sent by the tests: the card has no IPv6,
 * for which the system itself would say something. Needs root; gone with its scene.
 */
export class Card {
  readonly #space: string;
  readonly #at: Scene;

  constructor(at: Scene) {
    this.#at = at;
    const other = `msiso${process.pid}-${cards++}`;
    this.#space = `${other}c`;
    for (const space of [this.#space, other]) {
      ip('netns', 'add', space);
      at.after(() => spawnSync('ip', ['netns', 'del', space]));
    }
    at.after(() => this.#endAll());
    ip('link', 'add', 'eth0', 'netns', this.#space, 'type', 'veth', 'peer', 'name', 'cable', 'netns', other);
    ip('-n', other, 'link', 'set', 'cable', 'up');
    const quiet = 'echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6';
    must(runProgram('ip', ['netns', 'exec', this.#space, 'sh', '-c', quiet]));
    ip('-n', this.#space, 'link', 'set', 'lo', 'up');
    ip('-n', this.#space, 'address', 'add', '192.0.2.10/24', 'dev', 'eth0');
    ip('-n', this.#space, 'link', 'set', 'eth0', 'up');
    ip('-n', this.#space, 'route', 'add', 'default', 'via', '192.0.2.1');
  }

  /** Runs a built test file of the checkout to its end, or one of another folder, on that computer. */
  run(file: string, cwd: string = inRepo()): Isolated {
    const before = this.sent;
    const home = this.#at.folder();
    const outcome = runProgram('ip', ['netns', 'exec', this.#space, process.execPath, '--test', file], {
      cwd,
      env: { HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home },
      timeLimitMs: FILE_MS,
    });
    // What outlives the test would go on sending.
    this.#endAll();
    return { ...outcome, sent: this.sent - before };
  }

  /** Packets that left by the card since it was made. */
  get sent(): number {
    const file = '/sys/class/net/eth0/statistics/tx_packets';
    return Number(must(runProgram('ip', ['netns', 'exec', this.#space, 'cat', file])));
  }

  #endAll(): void {
    const { stdout } = spawnSync('ip', ['netns', 'pids', this.#space], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter((line) => line !== '')) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
}

const FILE_MS = 5 * 60_000;

function ip(...args: readonly string[]): void {
  must(runProgram('ip', args));
}

function must({ code, stdout, stderr }: Outcome): string {
  if (code !== 0) throw new Error(stderr);
  return stdout;
}
