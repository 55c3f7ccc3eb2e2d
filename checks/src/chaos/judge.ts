import type { Acknowledged, Read, Written } from './record.js';

/** How a server ended: by itself with everything read, closed in order, or killed with its queue. */
export type End = 'drained' | 'closed' | 'killed';

export interface Served {
  readonly pid: number;
  readonly read: Read;
  readonly end: End;
}

export interface Verdict {
  readonly acknowledged: number;
  readonly read: number;
  /** Acknowledged messages that died in the queues of killed servers, or were unread when one was closed. */
  readonly gone: number;
  readonly complaints: readonly string[];
}

/** A queue is lost with its server, and so is the one message that its reader had in hand. */
const IN_HAND = 1;

/**
 * Holds what servers read against what writers were told. Acknowledged means: in the queue of the server that lived then.
 * So of a server that lived on everything must have been read; of one that was closed all but what it says was unread;
 * of one that was killed all but what a queue holds.
 *
 * @param queueMessages the most that a queue holds
 */
export function judgeLocal(
  served: readonly Served[],
  written: readonly Written[],
  queueMessages: number,
): Verdict {
  const complaints = written.flatMap(({ faults }) => faults.map((fault) => `a writer: ${fault}`));
  const connections = written.flatMap(({ acknowledged }) => [...acknowledged]);
  const readBy = new Map<string, number>();
  let gone = 0;
  for (const { pid, read, end } of served) {
    const counts = inOrder(read, complaints);
    for (const connection of counts.keys()) {
      const other = readBy.get(connection);
      if (other !== undefined) complaints.push(`${connection} was read by ${other} and by ${pid}`);
      readBy.set(connection, pid);
    }
    const missing = sum(
      connections.map(([connection, { count, server }]) =>
        server === pid ? Math.max(0, count - (counts.get(connection) ?? 0)) : 0,
      ),
    );
    const allowed = { drained: 0, closed: read.unread ?? 0, killed: queueMessages + IN_HAND }[end];
    if (missing > allowed)
      complaints.push(`${pid}, ${end}, lost ${missing} acknowledged messages where ${allowed} may be`);
    gone += missing;
  }
  return { ...totals(served, connections), gone, complaints };
}

/**
 * Of what went to other computers: none twice, none that nobody sent. What is lost is counted. Messages may overtake each
 * other, as docs/guide/lan.md says: by one path after another, while it is found out which leads there.
 */
export function judgeRemote(served: readonly Served[], written: readonly Written[]): Verdict {
  const complaints = written.flatMap(({ faults }) => faults.map((fault) => `a writer: ${fault}`));
  const connections = written.flatMap(({ acknowledged }) => [...acknowledged]);
  const counts = new Map(connections.map(([connection, { count }]) => [connection, count]));
  const seen = new Set<string>();
  for (const { read: record } of served) {
    for (const { connection, number } of record.messages) {
      const message = `${connection}:${number}`;
      if (seen.has(message)) complaints.push(`${message} came twice`);
      // The one behind the last acknowledged one may have been on its way.
      if (number > (counts.get(connection) ?? 0)) complaints.push(`nobody sent ${message}`);
      seen.add(message);
    }
  }
  const { acknowledged, read } = totals(served, connections);
  return { acknowledged, read, gone: Math.max(0, acknowledged - read), complaints };
}

function totals(
  served: readonly Served[],
  connections: readonly (readonly [string, Acknowledged])[],
): { acknowledged: number; read: number } {
  return {
    acknowledged: sum(connections.map(([, { count }]) => count)),
    read: sum(served.map(({ read }) => read.messages.length)),
  };
}

/** How many messages of each connection were read: all from the first on, or it is complained about. */
function inOrder({ messages }: Read, complaints: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { connection, number } of messages) {
    const due = counts.get(connection) ?? 0;
    if (number !== due) complaints.push(`${connection}:${number} came where ${due} was due`);
    counts.set(connection, Math.max(due, number + 1));
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
