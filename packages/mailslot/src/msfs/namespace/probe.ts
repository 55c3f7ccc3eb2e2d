import { connect } from 'node:net';
import { BUSY_RETRY_MS } from '../../limits.js';
import type { Clock } from '../../ports/clock.js';
import { fromSystem, type PeerState, peerState } from '../system-error.js';

/** What a connection to a path tells of it. */
export type Sign = 'alive' | 'dead' | 'gone' | 'denied';

const SIGNS: Readonly<Record<PeerState, Sign>> = {
  dead: 'dead',
  gone: 'gone',
  // By the time of another look there may be nothing, a dead socket, or a successor.
  ended: 'gone',
  denied: 'denied',
  // Somebody listens, who is only slow.
  busy: 'alive',
};

/** Away from Linux a full backlog refuses too: only one that goes on refusing is dead. */
const KNOCKS = process.platform === 'linux' ? 1 : 10;

/** Knocks at a socket without saying anything. */
export async function probe(path: string, clock: Clock): Promise<Sign> {
  for (let knock = 1; ; knock += 1) {
    const sign = await probeAt(path);
    if (sign !== 'dead' || knock === KNOCKS) return sign;
    await new Promise<void>((resolve) => {
      clock.after(BUSY_RETRY_MS, resolve);
    });
  }
}

function probeAt(path: string): Promise<Sign> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error) => {
      const state = peerState(error);
      const told = fromSystem(error, `look whether anybody listens at ${path}`);
      if (state === undefined && told.code === 'ERR_MAILSLOT_NO_RESOURCES') reject(told);
      // A path of somebody else's may lead to anything, which fails as it likes: it is no slot for us.
      else resolve(SIGNS[state ?? 'denied']);
    });
  });
}
