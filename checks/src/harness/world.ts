import { writeFileSync } from 'node:fs';
import type { Agent } from '../faults/programs/agent.js';
import type { Child } from './child.js';
import type { Scene } from './scene.js';
import { publicPrograms } from './users.js';

/** Mounts of its own: a `/run` without a machine-wide root, and whom the system knows as its users. */
export interface World {
  /** Starts an agent in it, `through` what makes it somebody's. */
  agent(through: readonly string[], env?: NodeJS.ProcessEnv): Promise<Child<Agent>>;
  /** Runs a command in it: what is in front of it. */
  readonly within: readonly string[];
}

/**
 * @param users lines of `/etc/passwd` in place of what it holds
 * @param run more to be done as root before anybody comes, for the shell
 */
export async function makeWorld(at: Scene, users: readonly string[], run = 'true'): Promise<World> {
  const folder = publicPrograms(at);
  const passwd = `${at.folder()}/passwd`;
  writeFileSync(passwd, ['root:x:0:0::/root:/bin/sh', ...users, ''].join('\n'), { mode: 0o644 });
  const script = `mount -t tmpfs none /run && mount --bind ${passwd} /etc/passwd && ${run} && exec "$@"`;
  const through = ['unshare', '--mount', 'sh', '-c', script, 'sh'];
  // Its mounts last as long as somebody is in it.
  const keeper = await at.agent({ folder, through });
  const within = ['nsenter', '--mount', `--target=${keeper.pid}`];
  const { MAILSLOT_ROOT: _, ...own } = process.env;
  return {
    within,
    agent: (as, env = own) => at.agent({ folder, through: [...within, ...as], env }),
  };
}
