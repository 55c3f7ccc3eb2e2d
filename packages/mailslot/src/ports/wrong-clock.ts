import { MailslotError } from '../errors.js';
import { EARLIEST_TIME, LATEST_TIME } from '../limits.js';

/** Whether a clock may be right that says so: one that was never set, or lost its battery, says a time long ago. */
export function isPossibleTime(now: number): boolean {
  return now >= EARLIEST_TIME && now < LATEST_TIME;
}

/** Why nothing can be sent by this clock, and what to do. */
export function wrongClock(now: number): MailslotError {
  const [from, to] = [EARLIEST_TIME, LATEST_TIME].map((time) => new Date(time).getUTCFullYear());
  return new MailslotError(
    'ERR_MAILSLOT_IO',
    `this computer's clock says ${shown(now)}, which cannot be: everybody would throw the message away`,
    {
      remedy: `set it to a time from ${from} to before ${to} ("timedatectl set-ntp true", or "date -s") and send again`,
    },
  );
}

function shown(now: number): string {
  const date = new Date(now);
  return Number.isNaN(date.getTime()) ? `${now} ms` : date.toISOString().slice(0, 16);
}
