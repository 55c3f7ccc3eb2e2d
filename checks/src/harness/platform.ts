import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

interface Skip {
  readonly skip: string | false;
}

/** For tests of folders, sockets, signals and users: not on Windows, which has named pipes. */
export const onUnix: Skip = { skip: process.platform === 'win32' && 'needs unix sockets' };

/** For tests that read /proc, or that hold on to what only Linux does. */
export const onLinux: Skip = { skip: process.platform !== 'linux' && 'needs Linux' };

/** In front of a command: gives it mounts of its own, which end with it. */
export const ownMounts: readonly string[] =
  process.getuid?.() === 0 ? ['unshare', '--mount'] : ['unshare', '--mount', '--map-root-user'];

/** For tests that mount; containers may forbid it. A failure in CI, as for all that is missing: see `needs`. */
export const mayMount: Skip = mounting();

function mounting(): Skip {
  if (process.platform !== 'linux') return onLinux;
  const [command, ...args] = [...ownMounts, 'true'];
  if (spawnSync(command as string, args).status === 0) return { skip: false };
  const reason = 'needs the right to mount (as a container: --cap-add SYS_ADMIN)';
  if (process.env['CI'] === 'true') test(reason, () => assert.fail(reason));
  return { skip: reason };
}
