import { u32At } from '../bytes/reader.js';
import { MailslotError } from '../errors.js';
import type { Random } from '../ports/random.js';
import { decorated, decoratedReceiver } from './decorated.js';
import type { Transport } from './transport.js';

/** How much gets lost. */
export interface LossOptions {
  /** Share of what is received, from 0 to 1. */
  readonly rate: number;
  readonly random: Random;
}

/**
 * The same transport, but a share of what it receives gets lost, by chance and without a word, as on a bad network.
 * What it sends is lost by the receivers, each of which loses its own share. Throws `ERR_MAILSLOT_INVALID_ARGUMENT`.
 */
export function lossy(transport: Transport, { rate, random }: LossOptions): Transport {
  if (!(rate >= 0 && rate <= 1))
    throw new MailslotError('ERR_MAILSLOT_INVALID_ARGUMENT', `the rate of loss is from 0 to 1, not ${rate}`);
  return decorated(transport, {
    start: (receiver) =>
      transport.start(
        decoratedReceiver(receiver, {
          received: (datagram, origin) => {
            const isLost = u32At(random.bytes(4), 0) < rate * 0x1_0000_0000;
            if (!isLost) receiver.received(datagram, origin);
          },
        }),
      ),
  });
}
