import { userInfo } from 'node:os';
import { loadConfig } from '../config/config.js';
import { FLOOD_BURST, FLOOD_PER_SECOND, MAX_MESSENGER_NAME } from '../limits.js';
import { userId } from '../msfs/namespace/user.js';
import { invalid, scopeOf } from '../msfs/options.js';
import type { Scope } from '../name/scope.js';
import type { FloodLimits } from './flood.js';
import { messengerFolder } from './folder.js';
import { messengerName, nameOrNothing } from './name.js';
import { type CodePage, isCodePage } from './old-body.js';

/** How a messenger is started. */
export interface MessengerOptions {
  /** Folder of the MSFS; see `CreateOptions.root`. */
  readonly root?: string | undefined;
  /** Names beside those of the computer, the user and those that `addName` has kept; they are not kept. */
  readonly names?: readonly string[] | undefined;
  /** Default: what the redirector calls it, which may change; without one as configured, else the host's name. */
  readonly computer?: string | undefined;
  /** Default: the name of the user whose process this is. */
  readonly user?: string | undefined;
  /**
   * The folder of the history and of the names that are kept. Default: one in the user's state folder. False: both are
   * kept in memory only.
   */
  readonly history?: string | false | undefined;
  /** Which receipts are given to those who would like them: none (default), that it was delivered, or also that it was read. */
  readonly receipts?: 'nothing' | 'delivered' | 'read' | undefined;
  /** What one sender may send: default 50 messages at once, and 5 a second in the long run. A computer four times as much. */
  readonly flood?: FloodLimits | undefined;
  /** As for `CreateOptions.scope`, and for what is sent. */
  readonly scope?: Scope | undefined;
  /** How messages of the Messenger service of Windows are read. Default `ibm850`. */
  readonly codePage?: CodePage | undefined;
}

/** The options of a messenger, complete and checked. */
export interface Settings {
  readonly root: string | undefined;
  readonly names: readonly string[];
  /** `undefined`: as the redirector says, or would if it ran. */
  readonly computer: string | undefined;
  readonly user: string;
  readonly folder: string | undefined;
  readonly receipts: 'nothing' | 'delivered' | 'read';
  readonly flood: FloodLimits;
  readonly scope: Scope;
  readonly codePage: CodePage;
}

const RECEIPTS: readonly unknown[] = ['nothing', 'delivered', 'read'];

/** Throws `ERR_MAILSLOT_INVALID_ARGUMENT`, and `ERR_MAILSLOT_UNUSABLE_CONFIG` when the computer's name cannot be found out. */
export function settingsOf(options: MessengerOptions): Settings {
  const { history, receipts = 'nothing', codePage = 'ibm850', scope } = options;
  if (!RECEIPTS.includes(receipts)) throw invalid('receipts', "'nothing', 'delivered' or 'read'", receipts);
  if (!isCodePage(codePage)) throw invalid('codePage', "'ibm437', 'ibm850' or 'windows-1252'", codePage);
  return {
    root: options.root,
    names: (options.names ?? []).map(messengerName),
    computer: options.computer === undefined ? undefined : messengerName(options.computer),
    user: options.user === undefined ? ownUser() : messengerName(options.user),
    folder: history === false ? undefined : (history ?? messengerFolder(process.env)),
    receipts,
    flood: floodOf(options.flood),
    scope: scopeOf(scope),
    codePage,
  };
}

/** The name that messages of this user carry, unless another one is chosen. */
export function ownUser(): string {
  const name = nameOrNothing(accountName()?.slice(0, MAX_MESSENGER_NAME));
  return name ?? `UID ${userId()}`;
}

/** What this computer is called, unless it is asked to be called otherwise. */
export function computerOf(asked: string | undefined): string {
  return asked === undefined ? computerName(loadConfig(process.env).computer) : messengerName(asked);
}

/** A computer's name in the spelling of names for people; it may be longer than those. */
export function computerName(computer: string): string {
  return messengerName(computer.slice(0, MAX_MESSENGER_NAME).trim());
}

/** A container may run as a user that nobody knows. */
function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

function floodOf(
  { perSecond, burst }: FloodLimits = { perSecond: FLOOD_PER_SECOND, burst: FLOOD_BURST },
): FloodLimits {
  if (!(perSecond > 0)) throw invalid('flood.perSecond', 'a number above 0', perSecond);
  if (!(burst >= 1)) throw invalid('flood.burst', 'a number from 1', burst);
  return { perSecond, burst };
}
