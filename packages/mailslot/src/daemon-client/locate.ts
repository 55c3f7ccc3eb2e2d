import { MailslotError } from '../errors.js';
import type { SlotFinder } from '../msfs/namespace/name-space.js';
import { REDIRECTOR } from '../msfs/namespace/reserved.js';
import { ownerOfRoot } from '../msfs/namespace/root.js';
import { isOwn, userId } from '../msfs/namespace/user.js';

/**
 * Where the redirector of a root listens, if it has one.
 *
 * Throws `ERR_MAILSLOT_ACCESS_DENIED` when somebody else than the root's owner listens in its place: whoever does
 * would see all messages that leave this computer.
 */
export function locateRedirector(slots: SlotFinder): string | undefined {
  const path = slots.locate(REDIRECTOR);
  if (path === undefined) return undefined;
  const seen = slots.lookAt(path);
  if (seen === undefined) return undefined;
  const rightful = ownerOfRoot(slots.root);
  if (seen.owner === rightful) return path;
  const owner = seen.owner === undefined ? 'nobody this user namespace knows' : `uid ${seen.owner}`;
  throw new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `what listens as the redirector of ${slots.root} belongs to ${owner}, the root to uid ${rightful}: ` +
      'nothing is sent to it',
    { remedy: 'start "mailslot serve" as the owner of the root, which clears it away' },
  );
}

/** Throws `ERR_MAILSLOT_ACCESS_DENIED` when the root is there and somebody else's. */
export function refuseUnlessOwner(root: string): void {
  const owner = strangeOwner(root);
  if (owner === undefined) return;
  throw new MailslotError(
    'ERR_MAILSLOT_ACCESS_DENIED',
    `the redirector of ${root} is for uid ${owner} to start, who owns that folder, not for uid ${userId()}`,
    {
      remedy:
        'use a root of your own (MAILSLOT_ROOT), or have it started there ("systemctl start mailslot"); ' +
        'a messenger of your own is "mailslot serve --page"',
    },
  );
}

/**
 * Throws `ERR_MAILSLOT_REMOTE_DISABLED` when no redirector runs and this user may start none: then this computer is
 * alone, as one that is in no domain.
 */
export function refuseIfAlone(root: string): void {
  const owner = strangeOwner(root);
  if (owner === undefined) return;
  throw new MailslotError(
    'ERR_MAILSLOT_REMOTE_DISABLED',
    `no redirector runs in ${root}, so nothing is sent to other computers and nothing heard from them: it is for ` +
      `uid ${owner} to start, who owns that folder`,
    {
      remedy: 'have it started there ("systemctl start mailslot"), or use a root of your own (MAILSLOT_ROOT)',
    },
  );
}

/** Who owns the root, if it is there and not this user's. */
function strangeOwner(root: string): number | undefined {
  const owner = ownerOfRoot(root);
  return owner === undefined || isOwn(owner) ? undefined : owner;
}
