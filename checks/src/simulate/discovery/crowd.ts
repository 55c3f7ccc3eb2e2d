import type { Clock, Datagram, Random, SimulatedNetwork, Transport } from 'mailslot/testing';
import { decode } from '../../../../packages/mailslot/dist/discovery/announcement.js';
import type { Carrier } from '../../../../packages/mailslot/dist/discovery/carrier.js';
import { isChosen } from '../../../../packages/mailslot/dist/discovery/choice.js';
import type { Peer } from '../../../../packages/mailslot/dist/discovery/peer.js';
import { Presence } from '../../../../packages/mailslot/dist/discovery/presence.js';
import { Roster } from '../../../../packages/mailslot/dist/discovery/roster.js';
import { DOMAIN, SLOT } from './desk.js';

const MESSAGE_LIMIT = 60 * 1024;
const EVERYBODY = {
  domain: DOMAIN,
  to: { kind: 'domain', name: DOMAIN },
  slot: SLOT,
  scope: 'site',
  messageLimit: MESSAGE_LIMIT,
} as const;

/** Who may have to answer is looked for among so many at a time. */
const BLOCK = 100;

/**
 * Thousands of computers in the memory of a few: each announces itself and answers newcomers as every computer does,
 * and all look at one roster, since all hear the same.
 */
export class Crowd {
  private readonly roster = new Roster(() => {});
  private readonly members = new Map<string, Presence>();
  private readonly transport: Transport;
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly numbers = new Map<string, number>();
  private isSettled = false;

  constructor(network: SimulatedNetwork, clock: Clock, random: Random) {
    this.transport = network.transport({ domain: DOMAIN, computer: 'CROWD' });
    this.clock = clock;
    this.random = random;
  }

  async start(count: number): Promise<void> {
    await this.transport.start({
      received: (datagram, { address }) => this.hear(datagram, address),
      dropped: () => {},
      hasRoom: () => {
        for (const member of this.members.values()) member.hasRoom();
      },
    });
    for (let number = 0; number < count; number += 1) {
      const instance = Buffer.from(this.random.bytes(8)).toString('hex');
      const machine = instance.split('').reverse().join('');
      const log = { warn: () => {} };
      const ports = { clock: this.clock, random: this.random, log };
      const { roster } = this;
      const carrier = this.carrier(`PC-${number}`, instance);
      const presence = new Presence({ carrier, everybody: EVERYBODY, roster, machine, offers: [], ports });
      this.members.set(instance, presence);
    }
    for (const member of this.members.values()) member.start();
  }

  /** They have said that they are there; from now on each of them listens. */
  settle(): void {
    this.isSettled = true;
  }

  private hear({ identity, from, to, slot, data }: Datagram, address: string): void {
    if (slot !== SLOT || to.kind !== 'domain') return;
    const source = { instance: identity.instance, computer: from, via: 'simulated', address };
    for (const member of this.listeners(identity.instance, data)) member.received(data, source);
  }

  /** Before they are settled one listens for all. Who would not answer a newcomer is not bothered with its request. */
  private listeners(instance: string, data: Uint8Array): Iterable<Presence> {
    const [first] = this.members.values();
    if (!this.isSettled) return first === undefined ? [] : [first];
    const message = decode(data);
    const asks = message?.kind === 'announcement' ? message.asks : 0;
    if (asks === 0) return this.members.values();
    const chosen = this.chosen(instance, asks).flatMap((each) => this.members.get(each.instance) ?? []);
    return new Set([...(first === undefined ? [] : [first]), ...chosen]);
  }

  /**
   * Those to whom it would fall to answer. Each would find out for itself by looking at all others; who is among the
   * first of all is among the first of any block, so a few blocks are looked at instead.
   */
  private chosen(newcomer: string, attempt: number): Peer[] {
    const now = this.clock.monotonic();
    let peers = [...this.roster.peers()];
    while (peers.length > BLOCK) {
      const blocks = Array.from({ length: Math.ceil(peers.length / BLOCK) }, (_, at) => {
        return peers.slice(at * BLOCK, (at + 1) * BLOCK);
      });
      peers = blocks.flatMap((block) => {
        // Whoever answers the third request is sixth at most.
        return block.filter(({ instance }) => {
          return [1, 2, 3].some((each) => isChosen(instance, newcomer, each, block, now));
        });
      });
    }
    return peers.filter(({ instance }) => isChosen(instance, newcomer, attempt, peers, now));
  }

  private carrier(computer: string, instance: string): Carrier {
    return {
      computer,
      domains: [DOMAIN],
      instance,
      attach: () => ({ detach: () => {} }),
      destinationOf: () => EVERYBODY,
      onRoom: () => () => {},
      onUp: () => () => {},
      transportsTo: () => [],
      onRenewed: () => () => {},
      send: ({ to, slot, scope }, data) => {
        const counter = (this.numbers.get(instance) ?? 0) + 1;
        const identity = { instance, counter, stamp: this.clock.now() };
        const isTaken = this.transport.send({
          identity,
          from: computer,
          to,
          sequence: counter,
          slot,
          scope,
          data,
        });
        if (isTaken) this.numbers.set(instance, counter);
        return isTaken;
      },
    };
  }
}
