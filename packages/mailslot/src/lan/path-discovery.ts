import { MAX_OWN_SESSIONS } from '../limits.js';
import { HEAD_SIZE, SEAL_SIZE } from '../packet/head.js';
import type { Control, DecodedPacket } from '../packet/message-reader.js';
import { CONTROL_KINDS, CONTROL_SIZE, encodeControl, encodeSender } from '../packet/message-writer.js';
import type { Ports } from '../ports/ports.js';
import type { Peers, Target } from './peers.js';
import {
  encodeAnswer,
  encodeProbe,
  type ProbeAnswer,
  readAnswer,
  readProbe,
  sizeOfProbe,
} from './probe-message.js';
import { type ProbePacket, Prober } from './prober.js';
import { Responder } from './responder.js';
import type { Sockets } from './sockets.js';
import type { UdpAddress } from './udp-address.js';

/** What path discovery works with. */
export interface PathDiscoveryParts {
  readonly peers: Peers;
  readonly sockets: Pick<Sockets, 'isNear' | 'targetsOf' | 'addresses' | 'basePacket' | 'toGroup' | 'tryOne'>;
  readonly ports: Ports;
  /** `undefined`: no key is in use. */
  readonly seal: (instance: string, computer: string, control: Buffer) => readonly Buffer[] | undefined;
  /** So many bytes left, past what waits. */
  readonly left: (bytes: number) => void;
}

/** How a control message came. */
export interface Arrival {
  /** Bytes of its packet. */
  readonly size: number;
  readonly from: Target;
  /** The address of ours that it was sent to; `undefined`: the group. */
  readonly at: UdpAddress | undefined;
}

/**
 * Which addresses are good, and how long packets may be: asks others, and answers them. Normative: section 8 of
 * `docs/wire/lan.md`.
 */
export class PathDiscovery {
  readonly prober: Prober;
  private readonly responder: Responder;
  private readonly parts: PathDiscoveryParts;
  /** Our instances by the computers that they speak for, the latest last: without having spoken, nobody asks us. */
  private readonly own = new Map<string, string>();
  private last = { computer: '', instance: '' };

  constructor(parts: PathDiscoveryParts) {
    this.parts = parts;
    const { peers, sockets, ports } = parts;
    const { clock, random } = ports;
    const isNear = (target: Target): boolean => sockets.isNear(target);
    this.prober = new Prober({
      peers,
      clock,
      random,
      isNear,
      floor: () => sockets.basePacket,
      send: (packet) => this.sendProbe(packet),
    });
    this.responder = new Responder({
      peers,
      clock,
      random,
      isNear,
      targetsOf: (addresses) => sockets.targetsOf(addresses),
      addresses: () => sockets.addresses,
      send: (own, answer, targets) => this.sendAnswer(own, answer, targets),
    });
  }

  /** From now on this instance of ours speaks for that computer. */
  speaksAs(computer: string, instance: string): void {
    if (this.last.computer === computer && this.last.instance === instance) return;
    this.last = { computer, instance };
    this.own.delete(computer);
    this.own.set(computer, instance);
    if (this.own.size > MAX_OWN_SESSIONS) this.own.delete(this.own.keys().next().value as string);
  }

  /** @throws MailslotError `ERR_MAILSLOT_MALFORMED` */
  received({ instance }: DecodedPacket, { kind, data }: Control, { size, from, at }: Arrival): void {
    if (kind === CONTROL_KINDS.answer) {
      const answer = readAnswer(data);
      if (![...this.own.values()].includes(answer.asker)) return;
      this.prober.answered(instance, answer, this.parts.sockets.targetsOf(answer.addresses));
      return;
    }
    const probe = readProbe(data);
    this.parts.peers.tells(instance, probe.addresses);
    for (const own of this.own.values()) {
      if (probe.asked.includes(own)) this.responder.heard({ asker: instance, probe, size, from, at, own });
    }
  }

  /** The computer that was last spoken for; empty: none. */
  get computer(): string {
    return this.last.computer;
  }

  /** Our addresses are others now: a probe that asks nobody says so. */
  tell(): void {
    const { ports, sockets } = this.parts;
    for (const [computer, instance] of this.own) {
      const nonce = Buffer.from(ports.random.bytes(8)).toString('hex');
      const probe = { nonce, isUnheard: false, addresses: sockets.addresses, asked: [] };
      const data = encodeProbe(probe, sizeOfProbe(probe));
      this.send(computer, instance, CONTROL_KINDS.probe, data, ['group']);
    }
  }

  /** A second has passed. */
  tick(): void {
    this.responder.tick();
    this.prober.changed();
  }

  stop(): void {
    this.prober.abandon();
    this.responder.stop();
  }

  private sendProbe({ nonce, isUnheard, asked, size, target }: ProbePacket): void {
    const { computer, instance } = this.last;
    const { addresses } = this.parts.sockets;
    const probe = { nonce, isUnheard, addresses, asked };
    const around = HEAD_SIZE + encodeSender(instance, computer).length + CONTROL_SIZE + SEAL_SIZE;
    const data = encodeProbe(probe, Math.max(size - around, sizeOfProbe(probe)));
    this.send(computer, instance, CONTROL_KINDS.probe, data, [target ?? 'group']);
  }

  private sendAnswer(own: string, answer: ProbeAnswer, targets: readonly (Target | 'group')[]): void {
    const computer = [...this.own].find(([, instance]) => instance === own)?.[0];
    if (computer !== undefined) this.send(computer, own, CONTROL_KINDS.answer, encodeAnswer(answer), targets);
  }

  private send(
    computer: string,
    instance: string,
    kind: number,
    data: Uint8Array,
    targets: readonly (Target | 'group')[],
  ): void {
    const { seal, sockets, ports, left } = this.parts;
    const pieces = seal(instance, computer, encodeControl(kind, ports.clock.now(), data));
    if (pieces === undefined) return;
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    for (const target of targets) {
      if (target === 'group') sockets.toGroup(pieces, size);
      else sockets.tryOne(pieces, target);
      left(size);
    }
  }
}
