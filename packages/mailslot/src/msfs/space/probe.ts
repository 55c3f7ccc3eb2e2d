import { connect } from 'node:net';
import { BUSY_RETRY_MS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import { fromSystem, systemCode } from '../system-error.js';

/** What a connection to a path tells of it. */
export type Sign = 'alive' | 'dead' | 'gone' | 'denied';

const SIGNS: Readonly<Record<string, Sign>> = {
  ECONNREFUSED: 'dead',
  ENOENT: 'gone',
  EACCES: 'denied',
  EPERM: 'denied',
  // A full backlog: somebody listens, who is only slow.
  EAGAIN: 'alive',
};

/** Away from Linux a full backlog refuses too: only one that goes on refusing is dead. */
const KNOCKS = process.platform === 'linux' ? 1 : 10;

/** Knocks at a socket without saying anything. */
export async function probe(path: string, clock: Clock): Promise<Sign> {
  for (let knock = 1; ; knock += 1) {
    const sign = await knockAt(path);
    if (sign !== 'dead' || knock === KNOCKS) return sign;
    await new Promise<void>((resolve) => {
      clock.after(BUSY_RETRY_MS, resolve);
    });
  }
}

function knockAt(path: string): Promise<Sign> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error) => {
      const sign = SIGNS[systemCode(error) ?? ''];
      if (sign) resolve(sign);
      else reject(fromSystem(error, `look whether anybody listens at ${path}`));
    });
  });
}
