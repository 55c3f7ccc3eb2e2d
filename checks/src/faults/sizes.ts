type Size =
  | 'racers'
  | 'rounds'
  | 'killedCreators'
  | 'perWriter'
  | 'perLoser'
  | 'killedWriters'
  | 'acknowledged'
  | 'slots'
  | 'clients'
  | 'idlers'
  | 'hoarders'
  | 'earlyClients';

/** What a plain test does, and what the campaign (`main.ts`) does where that takes longer. */
const table: Readonly<Record<Size, readonly [short: number, full: number]>> = {
  /** Processes that race for one name, and how often. */
  racers: [32, 32],
  rounds: [50, 50],
  /** Creators that are killed at some moment while they create. */
  killedCreators: [12, 100],
  /** Messages of each of four writers to a reader that is slower than they are. */
  perWriter: [250_000, 250_000],
  /** Messages of each of three writers to a slot that is full most of the time. */
  perLoser: [5_000, 50_000],
  /** Writers that are killed as soon as their writes were acknowledged, and their messages. */
  killedWriters: [4, 20],
  acknowledged: [500, 2_000],
  /** Slots of one process, and clients of one slot. */
  slots: [5_000, 5_000],
  clients: [500, 500],
  /** Hostile connections of each kind that holds on to its connection. */
  idlers: [1_000, 1_000],
  /** Hostile connections that leave messages of 4 MiB unfinished; 7 of them take all the room. */
  hoarders: [15, 40],
  /** Starts of a client before its server. */
  earlyClients: [5, 30],
};

/** `full`, or single sizes as `rounds=100`, or both, with commas between them. */
export const SIZES_VARIABLE = 'MAILSLOT_FAULTS';

export const sizes: Readonly<Record<Size, number>> = chosen(process.env[SIZES_VARIABLE] ?? '');

function chosen(wish: string): Readonly<Record<Size, number>> {
  const words = wish.split(',').filter((word) => word !== '');
  const column = words.includes('full') ? 1 : 0;
  const result: Record<string, number> = Object.fromEntries(
    Object.entries(table).map(([name, row]) => [name, row[column]]),
  );
  for (const word of words.filter((each) => each !== 'full')) {
    const [name = '', value = ''] = word.split('=');
    if (!Object.hasOwn(table, name) || !/^[1-9]\d*$/.test(value)) {
      throw new Error(`${word} is no size; sizes are ${Object.keys(table).join(', ')}, as rounds=100`);
    }
    result[name] = Number(value);
  }
  return result as Record<Size, number>;
}
