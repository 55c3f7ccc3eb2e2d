import assert from 'node:assert/strict';
import type { Addressee, Datagram } from '../../transport/datagram.js';
import type { Medium } from './medium.js';
import { keyOf, Station } from './station.js';

export const OFFICE: Addressee = { kind: 'domain', name: 'OFFICE' };

const ATTEMPTS = 20;
/** Rounds of settling within which a full buffer must have room again. */
const ROOM_ROUNDS = 500;

/** The world of one case: its stations, and what holds for all of them at the end. */
export class Bench {
  private readonly medium: Medium;
  private readonly stations: Station[] = [];

  constructor(medium: Medium) {
    this.medium = medium;
  }

  /** A computer that was not started. */
  idle(computer: string, domain = 'OFFICE'): Station {
    const transport = this.medium.transport(domain, computer);
    const station = new Station(transport, domain, computer, this.stations.length);
    this.stations.push(station);
    return station;
  }

  async station(computer: string, domain = 'OFFICE'): Promise<Station> {
    const station = this.idle(computer, domain);
    await station.start();
    return station;
  }

  settle(): Promise<void> {
    return this.medium.settle();
  }

  async waitForRoom(station: Station): Promise<void> {
    const before = station.rooms;
    for (let round = 0; round < ROOM_ROUNDS; round += 1) {
      await this.settle();
      if (station.rooms > before) return;
    }
    assert.fail(`the buffer of ${station.computer} was full, and hasRoom was never called`);
  }

  /** Sends, and again what got lost, until every one of the stations has it. */
  async deliver(from: Station, datagram: Datagram, to: readonly Station[]): Promise<void> {
    await this.deliverAll([{ from, datagram, to }]);
  }

  /** As {@link deliver}, all in one turn. */
  async deliverAll(list: readonly Delivery[]): Promise<void> {
    let missing = list;
    const attempts = this.medium.attempts ?? ATTEMPTS;
    for (let attempt = 0; attempt < attempts && missing.length > 0; attempt += 1) {
      for (const { from, datagram } of missing) while (!from.send(datagram)) await this.waitForRoom(from);
      await this.settle();
      missing = missing.filter(({ datagram, to }) => !to.every((station) => station.hasHeard(datagram)));
    }
    assert.deepEqual(missing.map(describe), [], `sent ${attempts} times and did not arrive`);
  }

  /** Closes everything; then nothing may have been heard but what was sent, and nothing at a wrong time. */
  async finish(): Promise<void> {
    await this.settle();
    for (const station of this.stations) await station.close();
    await this.settle();
    for (const station of this.stations) {
      assert.deepEqual(station.untimely, []);
      const excuse = station.refusals > 0 || station.rooms === 0;
      assert.ok(excuse, `${station.computer} told of room, and its buffer had never been full`);
      this.checkHeard(station);
    }
  }

  /** Ends what a failed case left open. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.stations.map((station) => station.close()));
    await this.medium.close?.();
  }

  private checkHeard(station: Station): void {
    const senders = this.stations.filter(({ domain }) => domain === station.domain);
    const sent = new Map(senders.flatMap((sender) => sender.sent.map((one) => [keyOf(one), one])));
    for (const { datagram, origin } of station.heard) {
      const key = keyOf(datagram);
      const original = sent.get(key);
      assert.ok(original, `${station.computer} heard ${key}, which nobody of its domain sent`);
      assert.ok(origin.address.length > 0, `${station.computer} heard ${key} from nowhere`);
      checkSame(datagram, original);
    }
  }
}

export interface Delivery {
  readonly from: Station;
  readonly datagram: Datagram;
  readonly to: readonly Station[];
}

function describe({ from, datagram, to }: Delivery): string {
  const missing = to.filter((station) => !station.hasHeard(datagram)).map(({ computer }) => computer);
  return `${keyOf(datagram)}, ${datagram.data.length} bytes, ${from.computer} to ${missing.join(', ')}`;
}

function checkSame(heard: Datagram, sent: Datagram): void {
  const { data, ...fields } = heard;
  const { data: sentData, ...sentFields } = sent;
  assert.deepEqual(fields, sentFields);
  assert.equal(data.length, sentData.length, `the length of ${keyOf(sent)}`);
  assert.equal(Buffer.compare(data, sentData), 0, `the bytes of ${keyOf(sent)} were altered`);
}
