import { natsTransport } from '@mailslot/nats';
import { type RedirectorHandle, startRedirector } from 'mailslot';
import type { ConfigOptions } from 'mailslot/domains';
import { jsonLine } from './escape.js';
import { print } from './output.js';
import { identityText } from './status-text.js';

export interface ServeOptions {
  readonly root?: string;
  readonly config?: string;
  readonly computer?: string;
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
  const redirector = await startRedirector({
    root: options.root,
    config: {
      path: options.config,
      computer: options.computer,
      domain: options.domain,
      lan: lanOf(options),
      nats: natsOf(options),
    },
    nats: natsTransport,
  });
  const signalled = endBySignal(redirector);
  const status = redirector.status();
  await print(options.json ? jsonLine(status) : identityText(status));
  await redirector.ended;
  // The signal is about to end the process: nothing may come before it.
  if (signalled.aborted) await new Promise<never>(() => {});
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

/** Says goodbye to the other computers, and then dies of that signal, as a listener does. */
function endBySignal(redirector: RedirectorHandle): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      stop.abort();
      void redirector.close().finally(() => process.kill(process.pid, signal));
    });
  }
  return stop.signal;
}
