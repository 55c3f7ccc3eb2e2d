import type { Datagram } from 'mailslot/testing';
import type { RemoteDetails, RemoteSender } from '../../../packages/mailslot/dist/redirector/remote.js';
import { type Content, isFor, type Passage, type Verdict } from './judge.js';
import type { Registry } from './model/registry.js';
import type { Slot } from './place.js';
import { must } from './violation.js';

const MAY_BE_OFFERED: readonly Verdict[] = ['delivered', 'queue-full', 'unsure'];

/** A message that a redirector has in hand at this moment. */
export class InHand {
  readonly way: Passage;
  readonly via: string;
  readonly address: string;
  readonly content: Content;
  /** With its numbers; `undefined` for one that no transport has seen. */
  datagram: Datagram | undefined;
  /** What ought to become of it, where that is known before. */
  readonly verdict: Verdict | undefined;
  /** How often a slot was given it, and how often it took it. */
  offers = 0;
  takes = 0;

  constructor(
    way: Passage,
    via: string,
    address: string,
    content: Content,
    datagram?: Datagram,
    verdict?: Verdict,
  ) {
    this.way = way;
    this.via = via;
    this.address = address;
    this.content = content;
    this.datagram = datagram;
    this.verdict = verdict;
  }

  /** Whether this is what a slot is given, as far as it was not given it before. */
  isFor(slot: Slot, data: Buffer, { instance, stamp }: RemoteDetails): boolean {
    const { content, datagram, offers, verdict } = this;
    if (offers > 0 || slot.path.toLowerCase() !== content.slot.toLowerCase()) return false;
    // Of two that look the same the one that ought to be delivered is meant.
    if (verdict !== undefined && !MAY_BE_OFFERED.includes(verdict)) return false;
    const isMessage = datagram?.identity.instance === instance && datagram.identity.stamp === stamp;
    return (datagram === undefined || isMessage) && Buffer.compare(data, content.data) === 0;
  }

  /** A slot is given it: throws unless it is for this computer, allowed here, and its sender shown as it is. */
  offer(computer: string, slot: Slot, sender: RemoteSender, details: RemoteDetails): void {
    const { way, via, content } = this;
    this.offers += 1;
    must(isFor(computer, way.domain, content.to), () => `delivered here, and it is for ${content.to.name}`);
    must(way.isAuthenticated || slot.remote === 'anyone', () => `anybody's message in ${slot.path}`);
    const isSender =
      sender.computer === content.from &&
      sender.domain === way.domain &&
      sender.via === via &&
      sender.authenticated === way.isAuthenticated &&
      details.address === this.address;
    must(isSender, () => `sender shown as ${JSON.stringify(sender)}`);
  }

  /** Throws unless somebody sent exactly this in this domain. */
  checkOrigin(registry: Registry): void {
    const { way, datagram } = this;
    if (datagram === undefined) return;
    const sent = registry.find(way.domain, datagram, !way.isAuthenticated);
    must(sent !== undefined, () => `nobody sent ${JSON.stringify(datagram)} in ${way.domain}`);
  }

  /** Throws unless what happened to it is what ought to. */
  checkFate(verdict: Verdict): void {
    if (verdict === 'unsure') return;
    const isOffered = verdict === 'delivered' || verdict === 'queue-full';
    must(this.offers === Number(isOffered), () => {
      const { content, datagram } = this;
      const what = `${content.slot} from ${content.from} to ${content.to.name} ${JSON.stringify(datagram?.identity)}`;
      return `${what} by ${this.via}: ${verdict} is right, and it was offered ${this.offers} times`;
    });
  }
}
