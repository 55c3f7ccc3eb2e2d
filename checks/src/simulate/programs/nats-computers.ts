// Many computers in one process, each with a connection of its own to a NATS server.
import { keyOf, type TransportDrop } from 'mailslot/transports';
import { answer } from '../../harness/answer.js';
import { SLOT_OF_ALL } from '../nats/slots.js';
import { Station } from '../nats/station.js';

/** What is known here of a message that was sent. */
interface Arrivals {
  count: number;
  /** When it came to the latest: milliseconds since 1970, comparable between processes. */
  lastAt: number;
}

export interface NatsComputers {
  /** The server, and the secret of the domain's key, in hexadecimal digits. */
  use(server: string, secret: string): void;
  /** Starts the computers of these numbers, some at a time. */
  join(numbers: readonly number[]): Promise<void>;
  /** Has one of them write to all; when it did so. */
  toAll(from: number, slot: string, text: string): number;
  toOne(from: number, to: number, slot: string, text: string): void;
  /** Resolves when the message has come so often; when it came last. */
  arrival(text: string, count: number): Promise<number>;
  /** How often it has come until now. */
  arrived(text: string): number;
  /** One more computer: how many milliseconds from its start until a message of another one reached it. It leaves. */
  newcomer(number: number, neighbour: number): Promise<number>;
  /** Resident memory, in bytes. */
  memory(): number;
}

/** Begun at once, as after a power cut; more would only wait for each other in this process. */
const TOGETHER = 25;
const TRY_EACH_MS = 1;

const now = (): number => performance.timeOrigin + performance.now();

const stations = new Map<number, Station>();
const arrivals = new Map<string, Arrivals>();
const looks = new Set<() => void>();
let make = (_number: number): Station => {
  throw new Error('which server?');
};

answer<NatsComputers>({
  use: (server, secret) => {
    const key = keyOf(Buffer.from(secret, 'hex'));
    make = (number) => new Station(number, { settings: { servers: [server] }, key, heard, dropped });
  },
  join: async (numbers) => {
    for (let next = 0; next < numbers.length; next += TOGETHER)
      await Promise.all(numbers.slice(next, next + TOGETHER).map(join));
  },
  toAll: (from, slot, text) => {
    const at = now();
    stationOf(from).toAll(slot, text);
    return at;
  },
  toOne: (from, to, slot, text) => stationOf(from).toOne(to, slot, text),
  arrival: async (text, count) => {
    await until(() => arrivalsOf(text).count >= count);
    return arrivalsOf(text).lastAt;
  },
  arrived: (text) => arrivalsOf(text).count,
  newcomer: async (number, neighbour) => {
    const text = `welcome ${number}`;
    const since = now();
    const station = await join(number);
    // The first of them may come before the server knows of the newcomer's slots.
    const greet = setInterval(() => stationOf(neighbour).toOne(number, SLOT_OF_ALL, text), TRY_EACH_MS);
    await until(() => arrivalsOf(text).count > 0);
    clearInterval(greet);
    const took = arrivalsOf(text).lastAt - since;
    stations.delete(number);
    await station.close();
    return took;
  },
  memory: () => {
    globalThis.gc?.();
    return process.memoryUsage.rss();
  },
});

function stationOf(number: number): Station {
  const station = stations.get(number);
  if (station === undefined) throw new Error(`no computer ${number} here`);
  return station;
}

async function join(number: number): Promise<Station> {
  const station = make(number);
  await station.start();
  stations.set(number, station);
  return station;
}

function arrivalsOf(text: string): Arrivals {
  const known = arrivals.get(text) ?? { count: 0, lastAt: 0 };
  arrivals.set(text, known);
  return known;
}

function heard(text: string): void {
  const known = arrivalsOf(text);
  known.count += 1;
  known.lastAt = now();
  for (const look of looks) look();
}

/** Nothing here may be thrown away: who asks this process is told by its end. */
function dropped(station: number, reason: TransportDrop): void {
  console.error(`computer ${station} threw a packet away: ${reason}`);
  process.exit(1);
}

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!holds()) return;
      looks.delete(look);
      resolve();
    };
    looks.add(look);
    look();
  });
}
