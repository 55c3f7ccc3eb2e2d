import { existsSync } from 'node:fs';
import { natsTransport } from '@mailslot/nats';
import {
  callRedirector,
  MailslotError,
  type RedirectorHandle,
  type RedirectorStatus,
  type StartOptions,
  startRedirector,
} from 'mailslot';
import type { ConfigOptions } from 'mailslot/domains';
import { jsonLine } from '../../terminal/escape.js';
import { note, UsageError } from '../../terminal/exit.js';
import { offer } from '../../terminal/output.js';
import { diesOf, forever, untilSignal } from '../../terminal/until-signal.js';
import { isThere } from '../domains/key-interfaces.js';
import type { People, PeopleOptions } from './serve-people.js';
import { identityText } from './status-text.js';

export interface ServeOptions extends PeopleOptions {
  readonly config?: string;
  readonly domain?: string;
  readonly interface?: readonly string[];
  readonly loopback?: boolean;
  readonly ipv4?: boolean;
  readonly ipv6?: boolean;
  /** False: the LAN is not used. */
  readonly lan?: boolean;
  readonly nats?: readonly string[];
  readonly json?: boolean;
}

/** Runs a redirector in this process until a signal ends it, or whoever tells it to stop. */
export async function serve(options: ServeOptions): Promise<void> {
  check(options);
  noteMissing(options);
  const redirector = isForPeople(options) ? await startOrUse(options) : await start(options);
  let people: People | undefined;
  const close = async (): Promise<void> => {
    await people?.close();
    await redirector?.close();
  };
  const ending = untilSignal(close);
  try {
    const status = redirector?.status() ?? (await statusOfOther(options));
    if (redirector === undefined) note(new Error(status ? OTHER_CARRIES : ALONE), options.json === true);
    if (isForPeople(options)) {
      // Loaded only now because it brings the messenger and the page, which a redirector alone has no need of.
      const { startPeople } = await import('./serve-people.js');
      people = await startPeople(options, status?.domains ?? [], ending.now);
    }
    // Whoever reads it may have gone: it serves all the same.
    offer(shown(status, people, options));
    if (status) noteIdle(status, options);
    await (redirector?.ended ?? forever());
  } finally {
    await close();
  }
  await diesOf(ending);
}

function check({ page, port, receipts, ...options }: ServeOptions): void {
  const { config } = options;
  if (config !== undefined && !existsSync(config)) {
    throw new MailslotError('ERR_MAILSLOT_UNUSABLE_CONFIG', `the configuration ${config} is not there`, {
      remedy: `correct --config, or make it with "mailslot key new OFFICE --config ${config}"`,
    });
  }
  if (port !== undefined && !page) throw new UsageError('--port is that of the page: it needs --page');
  if (receipts !== undefined && !page && !isForPeople(options)) {
    throw new UsageError('--receipts is for who receives: it needs --page, --popups or --exec');
  }
}

/** One may come later, as that of a cable; a misspelled one never does. */
function noteMissing({ interface: names = [], json }: ServeOptions): void {
  for (const name of names.filter((each) => !isThere(each))) {
    note(new Error(`there is no interface ${name} here now: it is used once it is there`), json === true);
  }
}

function isForPeople({ page, popups, exec }: ServeOptions): boolean {
  return page === true || popups === true || exec !== undefined;
}

function start(options: ServeOptions): Promise<RedirectorHandle> {
  return startRedirector(startOptions(options));
}

/** `undefined`: one runs already, or the root is somebody else's. Who chose how it runs wants that one and no other. */
async function startOrUse(options: ServeOptions): Promise<RedirectorHandle | undefined> {
  try {
    return await start(options);
  } catch (error) {
    const code = error instanceof MailslotError ? error.code : '';
    const isOther = ['ERR_MAILSLOT_ALREADY_EXISTS', 'ERR_MAILSLOT_ACCESS_DENIED'].includes(code);
    const { config = {} } = startOptions(options);
    if (!isOther || Object.values(config).some((choice) => choice !== undefined)) throw error;
    return undefined;
  }
}

const OTHER_CARRIES = 'the redirector that runs already carries the messages';
const ALONE =
  'no redirector runs, and it is for the owner of the root to start: until then messages stay on this computer';

/** `undefined`: none runs. */
async function statusOfOther({ root }: ServeOptions): Promise<RedirectorStatus | undefined> {
  try {
    for await (const status of callRedirector({ do: 'status' }, { root })) {
      return status as unknown as RedirectorStatus;
    }
  } catch (error) {
    if (error instanceof MailslotError && error.code === 'ERR_MAILSLOT_NOT_FOUND') return undefined;
    throw error;
  }
  throw new MailslotError('ERR_MAILSLOT_CLOSED', 'the redirector that ran has just ended', {
    remedy: 'try again',
  });
}

/** Servers are asked for a domain's messages, and for nothing else. */
function noteIdle({ domains }: RedirectorStatus, { nats, json }: ServeOptions): void {
  if (nats === undefined || domains.length > 0) return;
  const text =
    'NATS is not used, for this computer is in no domain; run "mailslot key new OFFICE", or "mailslot key install", and it will be';
  note(new Error(text), json === true);
}

function shown(
  status: RedirectorStatus | undefined,
  people: People | undefined,
  { json }: ServeOptions,
): string {
  const page = people?.url;
  if (json) return jsonLine({ ...status, ...(page !== undefined && { page }) });
  return (status ? identityText(status) : '') + (page === undefined ? '' : `${'page:'.padEnd(17)}${page}\n`);
}

function startOptions(options: ServeOptions): StartOptions {
  return {
    root: options.root,
    config: {
      path: options.config,
      computer: options.computer,
      domain: options.domain,
      lan: lanOf(options),
      nats: natsOf(options),
    },
    nats: natsTransport,
  };
}

/** What is chosen by hand, and nothing else: the rest is for the configuration to say. */
function lanOf({ interface: names, loopback, ipv4, ipv6, lan }: ServeOptions): ConfigOptions['lan'] {
  if (lan === false) return false;
  const interfaces = loopback ? ['lo'] : names;
  const family = ipv4 ? ('IPv4' as const) : ipv6 ? ('IPv6' as const) : undefined;
  if (interfaces === undefined && family === undefined) return undefined;
  return { ...(interfaces && { interfaces }), ...(family && { family }) };
}

/** Servers take the place of those of the file; how they are entered stays as the file says. */
function natsOf({ nats: servers, loopback }: ServeOptions): ConfigOptions['nats'] {
  return loopback ? false : servers && { servers };
}
