import { connect } from 'node:net';
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

/** Knocks at a socket without saying anything. */
export function probe(path: string): Promise<Sign> {
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
