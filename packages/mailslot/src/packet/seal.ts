import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { upperCase } from '../name/upper-case.js';
import { HEAD_SIZE, headOf, SEAL_SIZE, saltOfSession, TAG_SIZE } from './head.js';

/*
 * Keys and the seal; normative: `docs/wire/lan.md`. ChaCha20-Poly1305 and not AES-256-GCM: as fast where the processor
 * helps AES, and on small boards, where none does, several times faster and free of timing.
 */

const CIPHER = 'chacha20-poly1305';
const OPTIONS = { authTagLength: SEAL_SIZE } as const;
const NONCE_SIZE = 12;
const KEY_SIZE = 32;
const NO_SALT = Buffer.alloc(0);

export const SECRET_SIZE = 32;
const ID_SIZE = 4;

/** What people compare: 8 hexadecimal digits that tell nothing of the secret. */
export function keyIdOf(secret: Uint8Array): string {
  return derive(secret, NO_SALT, 'mailslot key id', ID_SIZE).toString('hex');
}

/** The mark in clear of what is sealed with this secret in this domain, a byte a character. */
export function keyTagOf(secret: Uint8Array, domain: string): string {
  return derive(secret, NO_SALT, `mailslot lan 1 tag ${upperCase(domain)}`, TAG_SIZE).toString('latin1');
}

/** The key of one session. Costs 20 to 70 µs: it is kept for as long as the session is known. */
export function sealingKeyOf(secret: Uint8Array, domain: string, session: string): KeyObject {
  const info = `mailslot lan 1 seal ${upperCase(domain)}`;
  return createSecretKey(derive(secret, saltOfSession(session), info, KEY_SIZE));
}

/** What marks the sessions of this secret in this domain. */
export function markKeyOf(secret: Uint8Array, domain: string): KeyObject {
  return createSecretKey(derive(secret, NO_SALT, `mailslot lan 1 mark ${upperCase(domain)}`, KEY_SIZE));
}

/**
 * The mark of a session, from 1 to 65,535, which only who has the secret can tell. So a stranger who makes up sessions costs
 * their receivers a fifth of a derivation each, and no member's place among those that are tried.
 */
export function markOf(markKey: KeyObject, session: string): number {
  const hash = createHmac('sha256', markKey).update(saltOfSession(session)).digest();
  return hash.readUInt16LE(0) || NO_ZERO;
}

/** 0 says that there is no mark. */
const NO_ZERO = 0xffff;

/** Seals packets of one session. The nonce is a counter, so that it cannot repeat; the session's salt is new. */
export class Sealer {
  readonly session: string;
  private readonly key: KeyObject;
  private readonly mark: number;
  private readonly nonce = Buffer.alloc(NONCE_SIZE);
  private counter = 0;

  constructor(session: string, key: KeyObject, mark: number) {
    this.session = session;
    this.key = key;
    this.mark = mark;
  }

  /** The packet in pieces, in their order; `plain` may be used again at once. */
  seal(plain: Uint8Array): Buffer[] {
    this.counter += 1;
    const head = headOf({ session: this.session, counter: this.counter, mark: this.mark });
    head.copy(this.nonce, 4, HEAD_SIZE - 8, HEAD_SIZE);
    const cipher = createCipheriv(CIPHER, this.key, this.nonce, OPTIONS);
    cipher.setAAD(head, { plaintextLength: plain.length });
    const sealed = cipher.update(plain);
    cipher.final();
    return [head, sealed, cipher.getAuthTag()];
  }
}

/** The sealed part of a packet that has a head, as a buffer of its own; undefined if the seal is false. */
export function unseal(key: KeyObject, packet: Buffer): Buffer | undefined {
  const nonce = Buffer.alloc(NONCE_SIZE);
  packet.copy(nonce, 4, HEAD_SIZE - 8, HEAD_SIZE);
  const sealed = packet.subarray(HEAD_SIZE, packet.length - SEAL_SIZE);
  const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS);
  decipher.setAAD(packet.subarray(0, HEAD_SIZE), { plaintextLength: sealed.length });
  decipher.setAuthTag(packet.subarray(packet.length - SEAL_SIZE));
  const plain = decipher.update(sealed);
  try {
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

function derive(secret: Uint8Array, salt: Uint8Array, info: string, size: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, size));
}
