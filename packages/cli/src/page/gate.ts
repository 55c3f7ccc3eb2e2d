import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.js';

/**
 * Who may talk to us. Any page that a browser shows can send requests to 127.0.0.1, and any process of this computer can
 * connect, so being on this computer proves nothing:
 *
 * - `Host` must be ours, or a name that its owner has just pointed to 127.0.0.1 would make us a part of his site.
 * - `Origin`, and what the browser says of where the request comes from, must be our own page.
 * - Whatever is not a file of the page needs the token of the link, in a header that no other site can send.
 */
export class Gate {
  readonly #hosts: readonly string[];
  readonly #token: Buffer;

  constructor(port: number, token: string) {
    const names = ['127.0.0.1', 'localhost'];
    // Of the usual port browsers do not speak.
    this.#hosts = [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
    this.#token = digest(token);
  }

  /** Throws a {@link Refusal} unless it comes from our own page, or from somebody who typed our address. */
  checkOrigin({ headers }: IncomingMessage): void {
    const { host = '', origin } = headers;
    if (!this.#hosts.includes(host)) throw new Refusal(421, 'this server is not that host');
    if (origin !== undefined && origin !== `http://${host}`) throw new Refusal(403, 'not from another site');
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new Refusal(403, 'not from another site');
  }

  /** Throws a {@link Refusal} unless it has the token. */
  checkToken({ headers }: IncomingMessage): void {
    const [scheme, token = ''] = (headers.authorization ?? '').split(' ');
    // Equal digests of equal length: how long it takes says nothing about the token.
    if (scheme !== 'Bearer' || !timingSafeEqual(digest(token), this.#token))
      throw new Refusal(
        401,
        'open the link that the messenger printed: this one has no token, or an old one',
      );
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
