import type { Reason } from '../cases.js';

/** Why cases do not apply, each with a name in the public API that would change that. */

export const STATUS_BLOCK: Reason = {
  reason: 'native: no status block lies beside a call to be kept or filled; it gives a result or an error',
  unless: /status(?!tics)/i,
};

export const OBJECT_MANAGER: Reason = {
  reason: "native: types, masks and lengths of NT's object manager have nothing that corresponds here",
  unless: /object|generic|mask/i,
};

export const OBJECT_ATTRIBUTES: Reason = {
  reason:
    "native: a name is a string of UTF-16 units, without NT's structure of attributes, root handle or length in bytes",
  unless: /attributes|rootHandle/i,
};

export const ONE_SERVER_END: Reason = {
  reason:
    'another handle model: a slot has one server end, which is an object and cannot be duplicated or inherited',
  unless: /duplicate|inherit|clone|transfer|handle/i,
};

/** The native form of a call that another case makes in its Win32 form. */
export function nativeFormOf(id: string): Reason {
  return {
    reason: `native: there is one way into a slot here, and ${id} tells of it`,
    unless: /^nt[A-Z]|native/,
  };
}

/** What Windows 11 24H2 and Server 2025 answer too, unless somebody switches remote mailslots on. */
export const NO_NETWORK =
  'this check runs on one computer that is in no domain; between computers it is shown by checks/src/lan';

/** Why what Windows refuses at run time differs. */
export const NO_WRITE =
  'the server end has no way of writing: what Windows refuses at run time does not exist, and does not compile';
export const NO_READ =
  'the client end has no way of reading: what Windows refuses at run time does not exist, and does not compile';
export const NO_COUNT =
  "a read that fails gives an error and no count: the caller's variable keeps what it held";
export const BOUNDED =
  'a queue without a bound can take all memory, so ours has one: 64 MiB unless asked otherwise';
