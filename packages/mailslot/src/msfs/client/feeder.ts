import type { Socket } from 'node:net';
import { FEED_BUFFER } from '../../limits.js';
import type { Sender } from '../../name/sender.js';
import { SENDER } from '../wire/frames.js';
import { encodeSender } from '../wire/sender.js';
import { Outbox } from './outbox.js';

/**
 * The redirector's end of a connection by which it hands messages to a slot: a client that says for each message who
 * sent it, and that never waits. What finds no room in its buffer is lost; whoever hands it over counts it.
 */
export class Feeder {
  private readonly outbox: Outbox;
  private sender: Sender | undefined;

  constructor(socket: Socket) {
    this.outbox = new Outbox(socket, () => {});
  }

  /** False: the slot's process does not keep up, and the message is not taken. */
  feed(data: Buffer, sender: Sender): boolean {
    if (this.outbox.isCut || this.outbox.waiting > FEED_BUFFER) return false;
    if (sender !== this.sender) {
      const body = encodeSender(sender);
      this.outbox.say(SENDER);
      this.outbox.pack(body, body.length);
      this.sender = sender;
    }
    this.outbox.put(data, data.length);
    return true;
  }
}
