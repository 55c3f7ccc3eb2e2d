import { MailslotError } from '../errors.js';
import { MESSAGE_OVERHEAD, SIMULATED_BUFFER, SIMULATED_LINGER_MS } from '../limits.js';
import type { Alarm, Clock } from '../ports/clock.js';
import type { Datagram } from '../transport/datagram.js';
import type { Capabilities, Origin, Receiver, Transport } from '../transport/transport.js';
import type { Segment } from './segment.js';

/** A datagram on one LAN. */
export interface Packet {
  readonly datagram: Datagram;
  readonly sender: SimulatedTransport;
  readonly segment: Segment<SimulatedTransport>;
  readonly origin: Origin;
  /** When its last byte leaves the sender, on the monotonic clock. */
  readonly departsAt: number;
}

/** What a simulated transport needs of its network. */
export interface Carrier {
  readonly clock: Clock;
  readonly bytesPerMs: number;
  carry(packet: Packet): void;
}

/** A transport's place on one LAN. */
export interface Attachment {
  readonly segment: Segment<SimulatedTransport>;
  readonly origin: Origin;
}

/** One computer's end of a simulated network. */
export class SimulatedTransport implements Transport {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The key of the computer's name. */
  readonly computer: string;
  /** Until when it sends, on the monotonic clock: nothing that leaves later is on the network. */
  sendsUntil: number = Number.POSITIVE_INFINITY;
  private readonly carrier: Carrier;
  private readonly attachments: readonly Attachment[];
  private receiver: Receiver | undefined;
  private state: 'new' | 'running' | 'closed' = 'new';
  private busyUntil = 0;
  private room: Alarm | undefined;

  constructor(
    carrier: Carrier,
    { name, computer, capabilities }: Pick<SimulatedTransport, 'name' | 'computer' | 'capabilities'>,
    attachments: readonly Attachment[],
  ) {
    this.carrier = carrier;
    this.name = name;
    this.computer = computer;
    this.capabilities = capabilities;
    this.attachments = attachments;
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.state !== 'new') throw this.notRunning('was started before: make another one');
    this.state = 'running';
    this.receiver = receiver;
    for (const { segment } of this.attachments) segment.join(this);
  }

  send(datagram: Datagram): boolean {
    if (this.state !== 'running')
      throw this.notRunning('is not running: start it before, and close it after sending');
    this.checkSize(datagram.data.length);
    const now = this.carrier.clock.monotonic();
    const { bytesPerMs } = this.carrier;
    const size = datagram.data.length + MESSAGE_OVERHEAD;
    const waiting = Math.max(this.busyUntil - now, 0) * bytesPerMs;
    if (waiting > 0 && waiting + size > SIMULATED_BUFFER) {
      this.tellOfRoom((waiting - SIMULATED_BUFFER / 2) / bytesPerMs);
      return false;
    }
    this.busyUntil = Math.max(this.busyUntil, now) + size / bytesPerMs;
    const copy = { ...datagram, data: Buffer.from(datagram.data) };
    for (const { segment, origin } of this.attachments)
      this.carrier.carry({ datagram: copy, sender: this, segment, origin, departsAt: this.busyUntil });
    return true;
  }

  /** A network without subscriptions: everything is received, and the redirector throws away what it has no slot for. */
  want(): void {}

  async close(): Promise<void> {
    if (this.state === 'running') for (const { segment } of this.attachments) segment.leave(this);
    this.state = 'closed';
    this.receiver = undefined;
    this.room?.cancel();
    this.sendsUntil = Math.min(this.sendsUntil, this.carrier.clock.monotonic() + SIMULATED_LINGER_MS);
  }

  /** Takes what arrives. False: it was closed meanwhile. */
  hear({ datagram, origin }: Packet): boolean {
    if (this.receiver === undefined) return false;
    this.receiver.received(datagram, origin);
    return true;
  }

  private checkSize(size: number): void {
    const limit = this.capabilities.maxMessageSize;
    if (size <= limit) return;
    const text = `a message of ${size} bytes is over the ${limit} that ${this.name} carries: split it`;
    throw new MailslotError('ERR_MAILSLOT_MESSAGE_TOO_LARGE', text, { size, limit });
  }

  private tellOfRoom(inMs: number): void {
    this.room ??= this.carrier.clock.after(inMs, () => {
      this.room = undefined;
      this.receiver?.hasRoom();
    });
  }

  private notRunning(problem: string): MailslotError {
    return new MailslotError(
      'ERR_MAILSLOT_CLOSED',
      `the transport ${this.name} of ${this.computer} ${problem}`,
    );
  }
}
