import { MailslotError } from 'mailslot';
import type { Destination } from '../../../packages/mailslot/dist/redirector/redirector.js';
import type { Computer } from './computer.js';
import type { Running } from './running.js';
import { pick, SLOTS } from './setup.js';
import { must } from './violation.js';
import type { World } from './world.js';

const NETWORK_LIMIT = 60 * 1024;
/** Names that one process's clients have open. */
const OPENED = 10;

/** Programs on a computer write to some name, one message or a few in a row. */
export function writeMessages(world: World, computer: Computer): void {
  const { random } = world;
  const { running } = computer;
  if (running === undefined || !computer.isActive) return;
  const isOpen = running.opened.length > 0 && random.happens(0.3);
  const destination = isOpen ? pick(random, running.opened) : open(world, computer, running);
  if (destination === undefined) return;
  if (running.opened.length < OPENED) running.opened.push(destination);
  for (let times = random.happens(0.2) ? random.below(20) : 1; times > 0; times -= 1) {
    const size = random.happens(0.03) ? random.below(NETWORK_LIMIT + 2_000) : random.below(200);
    write(computer, destination, random.bytes(Math.min(size, 200)), size);
  }
}

/** A few bytes by chance, and as many more as the message is to have. */
function write(computer: Computer, destination: Destination, start: Uint8Array, size: number): void {
  const data = Buffer.alloc(size);
  data.set(start);
  const isTooLarge = size > destination.messageLimit;
  try {
    computer.send(destination, data);
    must(!isTooLarge, () => `${size} bytes were taken, and ${destination.messageLimit} are the limit`);
    // The bytes are ours again: whoever still needs them has a copy.
    data.fill(0xee);
  } catch (error) {
    if (!isTooLarge || !isCode(error, 'ERR_MAILSLOT_MESSAGE_TOO_LARGE')) throw error;
  }
}

function open(world: World, computer: Computer, running: Running): Destination | undefined {
  const { random } = world;
  const { memberships, name: own } = computer.place;
  const path = anySpelling(world, pick(random, SLOTS));
  const [primary] = memberships;
  const domain = memberships.at(-1)?.domain ?? 'OFFICE';
  const host = pick(random, [
    '*',
    '*',
    domain,
    domain,
    pick(random, world.computers).name,
    own,
    'NOBODY',
    'shop',
  ]);
  const name = `//${anySpelling(world, host)}/mailslot/${path}`;
  if (primary === undefined) {
    expectCode(() => running.open(name), 'ERR_MAILSLOT_REMOTE_DISABLED');
    return undefined;
  }
  const meant = memberships.find((each) => each.domain.toLowerCase() === host.toLowerCase());
  const isDomain = host === '*' || meant !== undefined;
  const to = isDomain
    ? ({ kind: 'domain', name: (meant ?? primary).domain } as const)
    : ({ kind: 'computer', name: host } as const);
  const limit = computer.rules.limit({ direction: 'out', from: own, to, slot: path });
  if (limit === undefined) {
    expectCode(() => running.open(name), 'ERR_MAILSLOT_ACCESS_DENIED');
    return undefined;
  }
  const opened = running.open(name);
  must(
    opened.to.kind === to.kind && same(opened.to.name, to.name),
    () => `${name} leads to ${opened.to.name}`,
  );
  must(!isDomain || opened.domain === to.name, () => `${name} leads to the domain ${opened.domain}`);
  const most = Math.min(limit, NETWORK_LIMIT);
  must(opened.messageLimit === most, () => `${name} takes ${opened.messageLimit}, not ${most}`);
  return opened;
}

function anySpelling({ random }: World, name: string): string {
  return pick(random, [name, name, name.toLowerCase(), name.toUpperCase()]);
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function expectCode(action: () => unknown, code: string): void {
  try {
    action();
  } catch (error) {
    if (isCode(error, code)) return;
    throw error;
  }
  must(false, () => `no ${code}`);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof MailslotError && error.code === code;
}
