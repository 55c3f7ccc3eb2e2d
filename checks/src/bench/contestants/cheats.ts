import type { Ends, Sender } from './contestant.js';
import { netPlain } from './net-plain.js';

const EVERY = 1000;

/** Faster than the others, because it does not send each 1,000th message. */
export const forgetful: Ends = cheating((sender, body, number) =>
  number % EVERY === 0 ? undefined : sender.send(body),
);

/** Sends something that only looks like the message. */
export const careless: Ends = cheating((sender, body, number) => {
  if (number % EVERY === 0) body[body.length - 1]! ^= 1;
  return sender.send(body);
});

function cheating(
  send: (sender: Sender, body: Buffer, number: number) => Promise<unknown> | undefined,
): Ends {
  return {
    ...netPlain,
    async open(at, slot) {
      const sender = await netPlain.open(at, slot);
      let number = 0;
      return {
        send: (body) => send(sender, body, ++number),
        flush: () => sender.flush(),
        close: () => sender.close(),
      };
    },
  };
}
