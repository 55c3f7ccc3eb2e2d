import type { Ends, Sender } from './contestant.js';
import { type Connection, connected, nats } from './nats.js';

/** After so many bytes the server is asked whether it has them: of four sizes tried the best for all lengths together. */
const ASK_BYTES = 256 << 10;
/** Answers that may be owed: without a bound the client library fills its memory, and with one alone it rests. */
const ASKED_MAX = 8;

/** The client library as it is, used by somebody in a hurry: nobody waits for the server's word unless it is late. */
export const natsBare: Ends = { ...nats, open: async (at, slot) => new Publisher(await connected(at), slot) };

class Publisher implements Sender {
  private readonly connection: Connection;
  private readonly subject: string;
  private readonly asked: Promise<void>[] = [];
  private bytes = 0;

  constructor(connection: Connection, subject: string) {
    this.connection = connection;
    this.subject = subject;
  }

  send(body: Buffer): Promise<void> | undefined {
    this.connection.publish(this.subject, body);
    this.bytes += body.length;
    if (this.bytes < ASK_BYTES) return undefined;
    this.bytes = 0;
    this.asked.push(this.connection.flush());
    return this.asked.length < ASKED_MAX ? undefined : this.asked.shift();
  }

  /** It leaves by itself at the end of the turn. */
  flush(): undefined {}

  close(): Promise<void> {
    return this.connection.close();
  }
}
