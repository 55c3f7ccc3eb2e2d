import { type Peer, stateOf } from './peer.js';

/** Members that answer one request: two, for the one's answer may be lost. */
const ANSWERS = 2;

/** Instead of a newcomer's instance: a crowd of them. */
export const NOBODY = '0000000000000000';

/**
 * Whether `own` is one of the two that hand a newcomer the roster. All members come to the same answer without a word:
 * each draws a lot from two instances, and those with the lowest answer the first request, the next two the second.
 * Who waits for the roster itself does not take part, unless all do; nor does who was never heard here.
 */
export function isChosen(
  own: string,
  newcomer: string,
  attempt: number,
  peers: Iterable<Peer>,
  now: number,
): boolean {
  const others = Array.from(peers).filter(
    (peer) => peer.instance !== newcomer && peer.standing !== 'told' && stateOf(peer, now) === 'here',
  );
  const settled = others.filter(({ asks }) => !asks);
  const able = settled.length > 0 ? settled : others;
  if (!able.some(({ instance }) => instance === own)) return false;
  const mine = lot(own, newcomer);
  const rank = able.filter(({ instance }) => lot(instance, newcomer) < mine).length;
  const turn = rank - ANSWERS * (attempt - 1);
  return ((turn % able.length) + able.length) % able.length < ANSWERS;
}

/** From 0 up to 2³²: by chance, since instances are, and for each newcomer another order. */
function lot(instance: string, newcomer: string): number {
  return mixed(word(instance) ^ mixed(word(newcomer)));
}

/** The last four of an instance's eight bytes. */
function word(instance: string): number {
  return Number.parseInt(instance.slice(8), 16);
}

function mixed(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
