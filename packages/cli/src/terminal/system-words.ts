import { getSystemErrorMap } from 'node:util';

/** What an error of the system means to whoever reads it. Of what is not here, the system's own words remain. */
const REASONS: Readonly<Record<string, string>> = {
  E2BIG: 'the command line and the environment are too long',
  EACCES: 'access was denied',
  EADDRINUSE: 'another program has the port',
  EADDRNOTAVAIL: 'this computer does not have that address',
  EAGAIN: 'the system has no room for it now; try again',
  EBADF: 'it is closed',
  EBUSY: 'it is in use',
  ECONNABORTED: 'the connection was given up',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the other side has ended the connection',
  EDQUOT: 'the quota is used up',
  EEXIST: 'it is there already',
  EFBIG: 'the file would become too large',
  EHOSTUNREACH: 'no way leads to that computer',
  EIO: 'the disk or the device has failed',
  EISDIR: 'it is a folder, not a file',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'no way leads to that network',
  ENFILE: 'too many files are open on this computer',
  ENOENT: 'there is no such file or folder',
  ENOMEM: 'no memory is left',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENOTFOUND: 'no computer of that name is known',
  EPERM: 'access was denied',
  EPIPE: 'the other side has ended the connection',
  EROFS: 'the file system is read-only',
  ETIMEDOUT: 'no answer came in time',
  ETXTBSY: 'the program is being written to',
  UNKNOWN: 'the system does not say why',
};

const DEEDS: Readonly<Record<string, string>> = {
  chdir: 'go to',
  connect: 'connect to',
  getaddrinfo: 'look up',
  lstat: 'look at',
  mkdir: 'make the folder',
  open: 'open',
  opendir: 'look into',
  read: 'read',
  readlink: 'look at',
  rename: 'rename',
  rm: 'remove',
  rmdir: 'remove',
  scandir: 'look into',
  spawn: 'start',
  stat: 'look at',
  unlink: 'remove',
  watch: 'watch',
  write: 'write',
};

const CODE = '(E(?:AI_)?[A-Z0-9]+|UNKNOWN)';

/** `EISDIR: illegal operation on a directory, read`, and with a path or two: `…, open 'a'`. */
const OF_FILES = new RegExp(`\\b${CODE}: [^\\n]*?, ([a-z]+)(?: '([^'\\n]*)')?(?: -> '[^'\\n]*')?`, 'g');

/** `Path is a directory: rm returned EISDIR (is a directory) a` */
const OF_NODE = new RegExp(`[A-Z][a-z ]+: ([a-z]+) returned ${CODE} \\([^)\\n]*\\)(?: ([^\\n;]+))?`, 'g');

/** `connect ECONNREFUSED 127.0.0.1:80`, `write EPIPE`, `spawn /bin/x ENOENT`, `getaddrinfo ENOTFOUND a`. */
const OF_SOCKETS = new RegExp(
  '\\b(accept|bind|connect|getaddrinfo|kill|listen|open|read|recvmsg|send|shutdown|spawn|watch|write|[a-z]+[A-Z][A-Za-z]+)' +
    `(?: ([^\\s:]+))? ${CODE}\\b(?: ([\\w.:[\\]/-]+))?`,
  'g',
);

/** `eth0: ENODEV` */
const ALONE = new RegExp(`(?<=: )${CODE}(?=$|[;,\\n])`, 'g');

/**
 * A sentence in which the system's own messages stand as people say them: `cannot open a: there is no such file or folder`.
 * Whatever a user reads of an error goes through here, whoever wrote it.
 */
export function inWords(text: string): string {
  if (!/\b(E(AI_)?[A-Z0-9]{2,}|UNKNOWN)\b/.test(text)) return text;
  return text
    .replace(OF_NODE, (whole, deed: string, code: string, path: string | undefined, at: number) =>
      sentence(whole, { code, deed, object: path, before: text.slice(0, at) }),
    )
    .replace(OF_FILES, (whole, code: string, deed: string, path: string | undefined, at: number) =>
      sentence(whole, { code, deed, object: path, before: text.slice(0, at) }),
    )
    .replace(OF_SOCKETS, (whole, deed: string, operand, code: string, where, at: number, now: string) =>
      sentence(whole, { code, deed, object: operand ?? where, before: now.slice(0, at) }),
    )
    .replace(ALONE, (code: string) => reasonOf(code) ?? code);
}

interface Message {
  readonly code: string;
  readonly deed: string;
  readonly object: string | undefined;
  /** What is to be read before it. */
  readonly before: string;
}

/** A whole sentence where the message is all there is to read; within another one, which says what was done, the reason. */
function sentence(whole: string, { code, deed, object, before }: Message): string {
  const reason = reasonOf(code);
  if (reason === undefined) return whole;
  if (before === '')
    return `cannot ${DEEDS[deed] ?? deed}${object === undefined ? '' : ` ${object}`}: ${reason}`;
  return object === undefined || before.includes(object) ? reason : `${object}: ${reason}`;
}

function reasonOf(code: string): string | undefined {
  return REASONS[code] ?? [...getSystemErrorMap().values()].find(([name]) => name === code)?.[1];
}
