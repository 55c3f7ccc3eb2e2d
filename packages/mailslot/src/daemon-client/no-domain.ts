import { MailslotError } from '../errors.js';

/** The error of whatever concerns other computers where there is no domain. */
export function inNoDomain(): MailslotError {
  return new MailslotError(
    'ERR_MAILSLOT_REMOTE_DISABLED',
    'this computer is in no domain, so nothing is sent to others and nothing heard from them',
    {
      remedy:
        'make one with ' +
        '"mailslot key new OFFICE", or join one: "mailslot key share" there, "mailslot key install" here',
    },
  );
}
