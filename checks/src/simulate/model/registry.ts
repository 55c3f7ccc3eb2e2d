import type { Addressee, Datagram } from 'mailslot/testing';
import { must } from '../violation.js';

/** One message as its sender handed it to the network. */
export interface Sent {
  readonly datagram: Datagram;
  readonly domain: string;
}

/** Who says that he is an instance: which process of which computer. */
interface Owner {
  readonly process: object;
  lastCounter: number;
  /** By addressee and slot. */
  readonly sequences: Map<string, number>;
  readonly domains: Set<string>;
  readonly sent: (Sent | undefined)[];
}

/** Everything that was ever sent, by its identity. */
export class Registry {
  messages = 0;
  private readonly owners = new Map<string, Owner>();
  private readonly invented = new Map<string, Sent>();

  /** Instances that ever spoke. */
  get instances(): number {
    return this.owners.size;
  }

  /** … in the domain where most of them did. */
  get mostInstances(): number {
    const counts = new Map<string, number>();
    for (const { domains } of this.owners.values())
      for (const domain of domains) counts.set(domain, (counts.get(domain) ?? 0) + 1);
    return Math.max(1, ...counts.values());
  }

  /** A process handed a message to a transport, which took it: numbers must be new and without a gap. Keeps it. */
  sent(process: object, domain: string, datagram: Datagram): void {
    const { identity, to, slot, sequence } = datagram;
    const owner = this.owner(process, identity.instance);
    must(owner.process === process, () => `two processes are the instance ${identity.instance}`);
    const before = owner.sent[identity.counter];
    if (before !== undefined) {
      must(isSame(before.datagram, datagram) && before.domain === domain, () => {
        return `two messages are ${identity.instance}/${identity.counter}`;
      });
      return;
    }
    must(
      identity.counter > owner.lastCounter,
      () => `counter ${identity.counter} after ${owner.lastCounter}`,
    );
    owner.domains.add(domain);
    const expected = nextSequence(owner, domain, to, slot);
    must(sequence === expected, () => `sequence ${sequence} to ${to.name} ${slot}, not ${expected}`);
    owner.lastCounter = identity.counter;
    owner.sent[identity.counter] = { datagram, domain };
    this.messages += 1;
  }

  /** An intruder's message. If it claims the identity of a true one, there are two of that. */
  invent(domain: string, datagram: Datagram): void {
    const { instance, counter } = datagram.identity;
    this.invented.set(`${instance}/${counter}`, { datagram, domain });
  }

  /** What was sent as this, bit for bit; an intruder's only if such are heard at all. */
  find(domain: string, datagram: Datagram, isOpen: boolean): Sent | undefined {
    const { instance, counter } = datagram.identity;
    const genuine = this.owners.get(instance)?.sent[counter];
    const found = [genuine, isOpen ? this.invented.get(`${instance}/${counter}`) : undefined];
    return found.find((sent) => sent?.domain === domain && isSame(sent.datagram, datagram));
  }

  private owner(process: object, instance: string): Owner {
    const known = this.owners.get(instance);
    if (known !== undefined) return known;
    const owner = { process, lastCounter: 0, sequences: new Map(), domains: new Set<string>(), sent: [] };
    this.owners.set(instance, owner);
    return owner;
  }
}

function nextSequence({ sequences }: Owner, domain: string, { kind, name }: Addressee, slot: string): number {
  const addressee = `${domain} ${kind} ${name.toUpperCase()} ${slot.toUpperCase()}`;
  const sequence = (sequences.get(addressee) ?? 0) + 1;
  sequences.set(addressee, sequence);
  return sequence;
}

function isSame(one: Datagram, other: Datagram): boolean {
  return (
    one.from === other.from &&
    one.slot === other.slot &&
    one.scope === other.scope &&
    one.sequence === other.sequence &&
    one.to.kind === other.to.kind &&
    one.to.name === other.to.name &&
    one.identity.stamp === other.identity.stamp &&
    Buffer.compare(one.data, other.data) === 0
  );
}
