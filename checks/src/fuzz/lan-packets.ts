import { createCipheriv } from 'node:crypto';
import { sessionOf } from '../../../packages/mailslot/dist/packet/head.js';
import { KeyRing, keyOf } from '../../../packages/mailslot/dist/packet/key-ring.js';
import { keyTagOf, sealingKeyOf } from '../../../packages/mailslot/dist/packet/seal.js';
import { bytesOf, type Dice, diceOf, pick } from './dice.js';
import { DOMAIN } from './lan-model.js';

const SECRET = Buffer.alloc(32, 7);

/** What receiver and senders have. */
export const KEY: ReturnType<typeof keyOf> = keyOf(SECRET);
export const RING: KeyRing = new KeyRing(DOMAIN, [KEY], KEY.id);
export const TAG: Buffer = Buffer.from(keyTagOf(SECRET, DOMAIN), 'latin1');

/** Of the session of all packets here, and of the receiver's own. */
export const SALT: Buffer = Buffer.alloc(16, 1);
export const OWN_SALT: Buffer = Buffer.alloc(16, 2);
export const SESSION: string = sessionOf(TAG.toString('latin1'), SALT);
export const OWN_SESSION: string = sessionOf(TAG.toString('latin1'), OWN_SALT);
export const SEALING_KEY: ReturnType<typeof sealingKeyOf> = sealingKeyOf(SECRET, DOMAIN, SESSION);

/** The receiver's time. */
export const STAMP = 1_700_000_000_000;

const PACKETS = 256;

/** A packet whose seal is true, and what it seals. */
export interface Genuine {
  readonly plain: Buffer;
  readonly packet: Buffer;
}

/** Sealed once: to seal costs as much as to open. */
const genuines = new Map<number, Genuine>();

/** One of a few packets that are always the same. */
export function keptOf(dice: Dice): Genuine {
  const number = dice(PACKETS);
  let packet = genuines.get(number);
  if (packet === undefined) {
    const its = diceOf(number);
    packet = sealed(plainOf(its), its);
    genuines.set(number, packet);
  }
  return packet;
}

/** By the page, not by our code. */
export function sealed(plain: Buffer, dice: Dice): Genuine {
  const head = Buffer.alloc(40);
  head.write('MSLN\x01', 'latin1');
  TAG.copy(head, 8);
  SALT.copy(head, 16);
  head.writeBigUInt64LE(
    BigInt(pick(dice, [1, 2, 2048, 2049, 1 + dice(10_000), 2 ** 53 - 1 - dice(3000)])),
    32,
  );
  const nonce = Buffer.concat([Buffer.alloc(4), head.subarray(32)]);
  const cipher = createCipheriv('chacha20-poly1305', SEALING_KEY, nonce, { authTagLength: 16 });
  cipher.setAAD(head, { plaintextLength: plain.length });
  const packet = Buffer.concat([head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { plain, packet };
}

/** What a member seals, by the page too: mostly right. */
export function plainOf(dice: Dice): Buffer {
  const messages = Array.from({ length: dice(5) }, () => messageOf(dice));
  return Buffer.concat([bytesOf(dice, 8), textOf(hostOf(dice)), ...messages]);
}

function messageOf(dice: Dice): Buffer {
  const fixed = Buffer.alloc(25);
  fixed[0] = dice(20) === 0 ? dice(4) : 1 + dice(2);
  for (const at of [1, 9, 17]) fixed.writeBigUInt64LE(numberOf(dice), at);
  const addressee = fixed[0] === 2 && dice(2) === 0 ? '' : hostOf(dice);
  const slot = Array.from({ length: 1 + dice(3) }, () => hostOf(dice)).join('/');
  const data = dice(100) === 0 ? Buffer.alloc(61_140 + dice(400)) : bytesOf(dice, dice(80));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([fixed, textOf(addressee), textOf(slot), size, data]);
}

function numberOf(dice: Dice): bigint {
  if (dice(50) === 0) return pick(dice, [0n, 2n ** 53n - 1n, 2n ** 53n]);
  return dice(2) === 0 ? BigInt(STAMP + dice(90_000) - 45_000) : BigInt(1 + dice(2 ** 32));
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length & 0xff, bytes.length >>> 8]), bytes]);
}

function hostOf(dice: Dice): string {
  if (dice(200) === 0)
    return pick(dice, ['', 'a\0', '\\', 'x'.repeat(255), 'x'.repeat(256), 'x'.repeat(2_049)]);
  return Array.from({ length: 1 + dice(10) }, () => pick(dice, ['A', 'z', '-', 'é', '漢', '😀'])).join('');
}
