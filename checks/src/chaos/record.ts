/*
 * What the programs write down, a line each, in files: what is in the system's cache outlives a `kill -9`.
 */

/** A message of this length has a buffer of its own from the header on. */
const LONG = 20_000;

/** Message `number` of a connection. */
export function messageText(connection: string, number: number, isLong: boolean): string {
  const text = `${connection}:${number}`;
  return isLong ? text.padEnd(LONG) : text;
}

/** So many messages of a connection are acknowledged, by the process `server`. */
export function acknowledgedLine(connection: string, count: number, server: number): string {
  return `${connection} ${count} ${server}\n`;
}

/** The slot was closed with so many messages unread. */
export function closedLine(unread: number): string {
  return `closed ${unread}\n`;
}

/** Something that should not have happened to a writer. */
export function faultLine(text: string): string {
  return `! ${text.replaceAll('\n', ' | ')}\n`;
}

/** A server's record: what it read, in its order, and with how many unread it was closed, if it was. */
export interface Read {
  readonly messages: readonly { readonly connection: string; readonly number: number }[];
  readonly unread: number | undefined;
}

export function parseRead(text: string): Read {
  const lines = completeLines(text);
  const closed = lines.find((line) => line.startsWith('closed '));
  const messages = lines
    .filter((line) => !line.startsWith('closed '))
    .map((line) => {
      const [connection, number] = line.split(':');
      return { connection: connection as string, number: Number(number) };
    });
  return { messages, unread: closed === undefined ? undefined : Number(closed.split(' ')[1]) };
}

/** How many messages of a connection were acknowledged, and by which process. */
export interface Acknowledged {
  readonly count: number;
  readonly server: number;
}

/** A writer's record: what was acknowledged of each connection, and what else happened. */
export interface Written {
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  readonly faults: readonly string[];
}

export function parseWritten(text: string): Written {
  const acknowledged = new Map<string, Acknowledged>();
  const faults: string[] = [];
  for (const line of completeLines(text)) {
    if (line.startsWith('! ')) faults.push(line.slice(2));
    else {
      const [connection, count, server] = line.split(' ');
      acknowledged.set(connection as string, { count: Number(count), server: Number(server) });
    }
  }
  return { acknowledged, faults };
}

/** The last one may have been cut by the death of its writer. */
function completeLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}
