import { MailslotError } from '../errors.js';
import { NETWORK_WAIT_MS } from '../limits.js';
import type { Clock } from '../ports/clock.js';
import type { Destination, Hindrance, Redirector } from '../redirector/redirector.js';

/**
 * Resolves when a message to there would be handed to the network, which may take a moment.
 *
 * Rejects with `ERR_MAILSLOT_BAD_NETPATH` if it would not: what is refused here would else be said to be sent.
 */
export async function withinReach(
  redirector: Redirector,
  destination: Destination,
  clock: Clock,
): Promise<void> {
  const isWithin = (): boolean => redirector.hindranceTo(destination) === undefined;
  if (isWithin()) return;
  if (redirector.hindranceTo(destination)?.mayPass)
    await new Promise<void>((resolve) => {
      const alarm = clock.after(NETWORK_WAIT_MS, () => end());
      const stopListening = redirector.onUp(() => isWithin() && end());
      const end = (): void => {
        alarm.cancel();
        stopListening();
        resolve();
      };
    });
  const hindrance = redirector.hindranceTo(destination);
  if (hindrance !== undefined) throw outOfReach(destination, hindrance);
}

/** Nothing that is sent there reaches anybody. */
export function outOfReach({ domain, to, slot }: Destination, { text }: Hindrance): MailslotError {
  const name = `//${to.name}/mailslot/${slot}`;
  return new MailslotError(
    'ERR_MAILSLOT_BAD_NETPATH',
    `${name} was sent nothing, for no transport of the domain ${domain} reaches anybody (${text})`,
    { remedy: '"mailslot doctor" shows what keeps it' },
  );
}

/** Nobody of that name is there. */
export function noComputer(computer: string, domain: string): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_BAD_NETPATH',
    `no computer ${computer} is in the domain ${domain} now`,
    { remedy: '"mailslot computers" shows which are, "mailslot doctor" why one may be missing' },
  );
}
