import assert from 'node:assert/strict';
import {
  type Announcement,
  decode,
  encodeAnnouncement,
  encodeGoodbye,
} from '../../../packages/mailslot/dist/discovery/announcement.js';
import type { Carrier } from '../../../packages/mailslot/dist/discovery/carrier.js';
import { Echo } from '../../../packages/mailslot/dist/discovery/echo.js';
import { type Facts, isOffer } from '../../../packages/mailslot/dist/discovery/facts.js';
import { encodeRoster, type RosterEntry } from '../../../packages/mailslot/dist/discovery/roster-part.js';
import { ECHOES_PER_SECOND } from '../../../packages/mailslot/dist/limits.js';
import { realPorts } from '../../../packages/mailslot/dist/ports/ports.js';
import { bytesOf, type Dice, pick } from './dice.js';
import { mutated } from './mutate.js';
import { decoded, type Target } from './target.js';

const EVERYBODY = {
  domain: 'OFFICE',
  to: { kind: 'domain', name: 'OFFICE' },
  slot: '$echo',
  scope: 'site',
  messageLimit: 60_000,
} as const;
const SENDER = { via: 'lan', authenticated: true, pid: 0, computer: 'BRAVO', domain: 'OFFICE' } as const;
const OWN = '00000000000000aa';

/** What members tell each other of who is there. */
export const discovery: readonly Target[] = [
  {
    name: 'browse',
    share: 4,
    make: (dice) => mutated(pick(dice, [announcementOf, rosterOf, rosterOf, encodeGoodbye])(dice), dice),
    check(input) {
      const message = decoded(() => decode(input));
      if (message?.kind === 'announcement') {
        checkFacts(message.facts);
        assert.deepEqual(decode(encodeAnnouncement(message)), message);
      }
      if (message?.kind !== 'roster') return;
      assert.ok(message.part < message.parts);
      for (const { facts } of message.entries) checkFacts(facts);
      const [again] = encodeRoster(message.entries, message.isForAll, Number.POSITIVE_INFINITY);
      if (again === undefined) assert.equal(message.entries.length, 0);
      else assert.deepEqual(decode(again), { ...message, part: 0, parts: 1 });
    },
  },
  {
    name: 'echo',
    share: 1,
    make: (dice) =>
      mutated(Buffer.concat([Buffer.from([1, 1 + dice(2), dice(256), dice(12)]), bytesOf(dice, 8)]), dice),
    check(input) {
      const answers: { to: object; data: Uint8Array }[] = [];
      const echo = new Echo(carrierOf(answers), { ...realPorts, clock: CLOCK });
      const details = { instance: '0011223344556677', stamp: 0, address: '' };
      for (let asked = 0; asked <= ECHOES_PER_SECOND; asked += 1) {
        decoded(() => echo.received(input, SENDER, details, EVERYBODY));
      }
      decoded(() => echo.received(input, SENDER, { ...details, instance: OWN }, EVERYBODY));
      echo.close();
      const isQuestion = input.length >= 12 && input[0] === 1 && input[1] === 1;
      assert.ok(answers.length <= (isQuestion ? ECHOES_PER_SECOND : 0), `${answers.length} answers`);
      for (const { to, data } of answers) {
        assert.deepEqual(to, { kind: 'computer', name: 'BRAVO' });
        assert.ok(data.length <= input.length, 'an answer is no longer than its question');
        assert.deepEqual(data.subarray(4), Uint8Array.from(input.subarray(4, 12)));
      }
    },
  },
];

/** All that is to be done later is done at once. */
const CLOCK = {
  ...realPorts.clock,
  monotonic: () => 0,
  afterIdle: (_ms: number, callback: () => void) => {
    process.nextTick(callback);
    return { cancel() {} };
  },
};

function carrierOf(answers: { to: object; data: Uint8Array }[]): Carrier {
  const unused = (): never => assert.fail('an echo asks for nothing else');
  return {
    computer: 'ALPHA',
    domains: ['OFFICE'],
    instance: OWN,
    attach: unused,
    destinationOf: unused,
    onRenewed: unused,
    onRoom: unused,
    onUp: unused,
    transportsTo: unused,
    send: ({ to }, data) => answers.push({ to, data }) > 0,
  };
}

function checkFacts({ intervalMs, offers, machine }: Facts): void {
  assert.ok(intervalMs >= 1_000 && offers.length <= 8 && offers.every(isOffer));
  assert.match(machine, /^[0-9a-f]{16}$/);
}

function announcementOf(dice: Dice): Uint8Array {
  const announcement: Announcement = {
    kind: 'announcement',
    asks: dice(256),
    formerly: dice(2) === 0 ? undefined : idOf(dice),
    facts: factsOf(dice),
  };
  return encodeAnnouncement(announcement);
}

function rosterOf(dice: Dice): Uint8Array {
  const entries = Array.from({ length: 1 + dice(8) }, () => entryOf(dice));
  return pick(dice, encodeRoster(entries, dice(2) === 0, 200 + dice(400))) ?? encodeGoodbye();
}

function entryOf(dice: Dice): RosterEntry {
  return {
    instance: idOf(dice),
    computer: pick(dice, ['ALPHA', 'bravo', 'Zoë', '漢字-1', 'x'.repeat(60)]),
    address: pick(dice, ['', '10.99.0.11:51234', '[fe80::1%eth0]:51234']),
    ageMs: dice(100_000),
    facts: factsOf(dice),
  };
}

function factsOf(dice: Dice): Facts {
  return {
    intervalMs: 1_000 + dice(100_000),
    runningSeconds: dice(2 ** 32),
    machine: idOf(dice),
    offers: Array.from({ length: dice(10) }, () => pick(dice, ['messenger', 'a.b-c', '0', 'z'.repeat(32)])),
  };
}

function idOf(dice: Dice): string {
  return bytesOf(dice, 8).toString('hex');
}
