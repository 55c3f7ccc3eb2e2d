import type { Datagram } from 'mailslot/testing';
import { must } from '../violation.js';

/** One message as its sender handed it to the network. */
export interface Sent {
  readonly datagram: Datagram;
  readonly domain: string;
  /** The computer that sent it; `undefined`: an intruder, who claims what he likes. */
  readonly by: number | undefined;
}

/** Who says that he is an instance: which process of which computer. */
interface Owner {
  readonly process: object;
  lastCounter: number;
  /** By addressee. */
  readonly sequences: Map<string, number>;
  readonly sent: (Sent | undefined)[];
}

/** Everything that was ever sent, by its identity. */
export class Registry {
  messages = 0;
  private readonly owners = new Map<string, Owner>();
  private readonly invented = new Map<string, Sent>();

  /** A process handed a message to a transport, which took it: numbers must be new and without a gap. */
  sent(process: object, by: number, domain: string, datagram: Datagram): void {
    const { identity, to, sequence } = datagram;
    const owner = this.owner(process, identity.instance);
    must(owner.process === process, () => `two processes are the instance ${identity.instance}`);
    const before = owner.sent[identity.counter];
    if (before !== undefined) {
      must(isSame(before.datagram, datagram) && before.domain === domain, () => {
        return `two messages are ${identity.instance}/${identity.counter}`;
      });
      return;
    }
    must(identity.counter > owner.lastCounter, () => `counter ${identity.counter} after ${owner.lastCounter}`);
    const addressee = `${domain} ${to.kind} ${to.name.toUpperCase()}`;
    const expected = (owner.sequences.get(addressee) ?? 0) + 1;
    must(sequence === expected, () => `sequence ${sequence} to ${addressee}, not ${expected}`);
    owner.lastCounter = identity.counter;
    owner.sequences.set(addressee, sequence);
    owner.sent[identity.counter] = { datagram: { ...datagram, data: Buffer.from(datagram.data) }, domain, by };
    this.messages += 1;
  }

  /** An intruder's message. If it claims the identity of a true one, there are two of that. */
  invent(domain: string, datagram: Datagram): void {
    const { instance, counter } = datagram.identity;
    this.invented.set(`${instance}/${counter}`, { datagram, domain, by: undefined });
  }

  find({ identity }: Datagram): Sent | undefined {
    return this.owners.get(identity.instance)?.sent[identity.counter];
  }

  findInvented({ identity }: Datagram): Sent | undefined {
    return this.invented.get(`${identity.instance}/${identity.counter}`);
  }

  private owner(process: object, instance: string): Owner {
    const known = this.owners.get(instance);
    if (known !== undefined) return known;
    const owner = { process, lastCounter: 0, sequences: new Map<string, number>(), sent: [] };
    this.owners.set(instance, owner);
    return owner;
  }
}

export function isSame(one: Datagram, other: Datagram): boolean {
  return (
    one.from === other.from &&
    one.slot === other.slot &&
    one.sequence === other.sequence &&
    one.to.kind === other.to.kind &&
    one.to.name === other.to.name &&
    one.identity.stamp === other.identity.stamp &&
    Buffer.compare(one.data, other.data) === 0
  );
}
