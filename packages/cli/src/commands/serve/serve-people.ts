import { fileURLToPath } from 'node:url';
import type { RedirectorStatus } from 'mailslot';
import { type Messenger, messengerFolder, startMessenger } from 'mailslot/messenger';
import type { Receipts } from '../../messenger/receipts.js';
import { unreadAlerts } from '../../messenger/unread-alerts.js';
import { followNetwork } from '../../page/network.js';
import { type Page, startPage } from '../../page/start-page.js';
import { keptToken, newToken } from '../../page/token.js';
import { desktop } from '../../popups/desktop.js';
import { NoteCommand } from '../../popups/note-command.js';
import { Popups, WAITING } from '../../popups/popups.js';
import { quietAsked } from '../../popups/quiet.js';
import { onTerminal } from '../../popups/terminal.js';
import { tell } from '../../terminal/output.js';

export interface PeopleOptions {
  readonly root?: string;
  readonly computer?: string;
  readonly page?: boolean;
  readonly port?: number;
  readonly popups?: boolean;
  readonly exec?: string;
  readonly receipts?: Receipts;
}

/** A messenger, and what shows its messages. */
export interface People {
  /** The link of the page, if there is one. Whoever has it may read and send as this user. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/**
 * Starts a messenger beside a redirector that is in these domains, and the page and pop-ups that were asked for; `now` ends
 * by force what commands still run.
 */
export async function startPeople(
  options: PeopleOptions,
  domains: RedirectorStatus['domains'],
  now: AbortSignal,
): Promise<People> {
  const { root, receipts } = options;
  // Unless it was chosen by hand, it is what the redirector says, also when that changes.
  const messenger = await startMessenger({ root, receipts, computer: options.computer });
  const end = new AbortController();
  const open: { close(): unknown }[] = [];
  const close = async (): Promise<void> => {
    end.abort();
    for (const each of open) await each.close();
    await messenger.close();
  };
  try {
    if (options.popups) open.push(startPopups(messenger));
    if (options.exec !== undefined) open.push(startCommand(messenger, options.exec, now));
    const page = options.page ? await openPage(messenger, options, domains, end.signal) : undefined;
    if (page) open.push(page);
    return { url: page?.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startPopups(messenger: Messenger): Popups {
  const folder = messengerFolder(process.env);
  const warn = (text: string): void => tell(`mailslot: ${text}\n`);
  const popups = new Popups({
    show: desktop(process.env, process.platform) ?? onTerminal,
    instead: onTerminal,
    isQuiet: quietAsked(folder, Date.now, warn),
    confirm: (id) => messenger.history.markRead(id),
    warn,
  });
  messenger.onNote((note) => popups.see(note));
  messenger.onChange(({ id, isRead }) => isRead && popups.confirmed(id));
  // Those that came while nobody showed them.
  for (const note of unreadAlerts(messenger.history, Date.now(), WAITING)) popups.see(note);
  return popups;
}

function startCommand(messenger: Messenger, command: string, now: AbortSignal): NoteCommand {
  const runner = new NoteCommand(command, now);
  messenger.onNote((note) => runner.take(note));
  return runner;
}

/**
 * With a port of one's own the link stays good for the next run. Otherwise neither port nor token come again: a token
 * that a page still shows to the old port would be read there by whoever has the port then.
 */
async function openPage(
  messenger: Messenger,
  { root, port }: PeopleOptions,
  domains: RedirectorStatus['domains'],
  signal: AbortSignal,
): Promise<Page> {
  const network = followNetwork(
    { computer: () => messenger.computer, domain: domains[0]?.name ?? null, root },
    signal,
  );
  const folder = fileURLToPath(new URL('web', import.meta.url));
  const kept = port === undefined ? {} : { port, token: tokenNow() };
  try {
    return await startPage({ messenger, network, folder, ...kept });
  } catch (error) {
    throw port === undefined ? error : refusedPort(port, error);
  }
}

/** A disk that fails is no reason to serve no page. */
function tokenNow(): string {
  try {
    return keptToken(messengerFolder(process.env));
  } catch (error) {
    tell(`mailslot: the link of the page is good for this run only: ${(error as Error).message}\n`);
    return newToken();
  }
}

function refusedPort(port: number, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new Error(`port ${port} is in use; choose another one, or none`, { cause: error });
  if (code !== 'EACCES') return error;
  const why = port < 1024 ? "ports below 1024 are the system's" : 'the system keeps it for itself';
  return new Error(`port ${port} is not for this user: ${why}; choose one from 1024 to 65535, or none`, {
    cause: error,
  });
}
