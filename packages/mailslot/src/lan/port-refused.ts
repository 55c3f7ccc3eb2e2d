import { MailslotError, type MailslotErrorCode } from '../errors.js';
import { codeOf } from './udp.js';

type Meaning = readonly [code: MailslotErrorCode, reason: string];

const NO_DESCRIPTORS: Meaning = [
  'ERR_MAILSLOT_NO_RESOURCES',
  'no file descriptors are left: raise `ulimit -n`, or look who opens so many files and sockets',
];
const NO_MEMORY: Meaning = ['ERR_MAILSLOT_NO_RESOURCES', 'the system has no memory for sockets left'];

/** What the system means by refusing a port. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  EADDRINUSE: [
    'ERR_MAILSLOT_IO',
    'another program has it to itself. See which with `ss -ulpn` and end it, or choose another port on all computers of the domain',
  ],
  EACCES: [
    'ERR_MAILSLOT_ACCESS_DENIED',
    'this user may not have it. Choose a port from 1024 on, on all computers of the domain',
  ],
  EPERM: [
    'ERR_MAILSLOT_ACCESS_DENIED',
    'a rule of the system forbids it: look at the sandbox or the service that this process runs in',
  ],
  EAFNOSUPPORT: [
    'ERR_MAILSLOT_IO',
    'the system does not have that family of addresses: choose the other one ("family", --ipv4 or --ipv6)',
  ],
  EMFILE: NO_DESCRIPTORS,
  ENFILE: NO_DESCRIPTORS,
  ENOBUFS: NO_MEMORY,
  ENOMEM: NO_MEMORY,
};

/** The error of a domain whose port could not be opened. */
export function portRefused(domain: string, port: number, cause: unknown): MailslotError {
  const name = codeOf(cause);
  const [code, reason] = MEANINGS[name] ?? ['ERR_MAILSLOT_IO', 'the system says no more than that'];
  return new MailslotError(
    code,
    `domain ${domain} cannot be heard: UDP port ${port} was refused (${name}): ${reason}`,
    { cause },
  );
}
