// Somebody at a computer: a messenger and its page, in one process as `mailslot serve --page` has them, and what looks at
// the page.
import {
  callRedirector,
  mailslotRoot,
  type RedirectorHandle,
  type RedirectorStatus,
  startRedirector,
} from 'mailslot';
import { type Messenger, type MessengerOptions, sendNote, startMessenger } from 'mailslot/messenger';
import { followNetwork } from '../../../../packages/cli/dist/page/network.js';
import { type Page, startPage } from '../../../../packages/cli/dist/page/start-page.js';
import type { PageNote, PageState } from '../../../../packages/web/dist/api.js';
import { answer } from '../../harness/answer.js';
import { inRepo } from '../../support/repo.js';
import { PageClient, type Shown } from '../support/page-client.js';

/** Of all notes the text is what a test knows them by. */
export interface Person {
  /** Starts the redirector of this root, in this process. */
  serve(): Promise<void>;
  /** Starts a messenger and its page; returns the link. */
  begin(options: Pick<MessengerOptions, 'user' | 'history' | 'flood'>): Promise<string>;
  /** Gives the names back, and closes the page. */
  end(): Promise<void>;
  statistics(): ReturnType<Messenger['statistics']>;
  /** Resident memory now, and the most there ever was, in bytes. */
  memory(): { readonly now: number; readonly peak: number };

  /** Opens the page. */
  look(): Promise<void>;
  /** What the page has shown since. */
  shown(): Shown[];
  untilShown(text: string): Promise<Shown>;
  state(): Promise<PageState>;
  send(to: string, text: string): Promise<PageNote>;
  /** Without a messenger. */
  sendNote(to: string, text: string): Promise<void>;
  /** The folder of the slots. */
  root(): string;
}

let redirector: RedirectorHandle | undefined;
let messenger: Messenger | undefined;
let page: Page | undefined;
let client: PageClient | undefined;
const end = new AbortController();

answer<Person>({
  async serve() {
    redirector = await startRedirector();
  },
  async begin(options) {
    const { computer, domains } = redirector?.status() ?? (await statusOfOther());
    messenger = await startMessenger({ ...options, computer });
    const network = followNetwork({ computer: () => computer, domain: domains[0]?.name ?? null }, end.signal);
    page = await startPage({ messenger, network, folder: inRepo('packages/cli/dist/web') });
    return page.url;
  },
  async end() {
    client?.close();
    end.abort();
    await page?.close();
    await messenger?.close();
  },
  statistics: () => begun(messenger).statistics(),
  memory: () => ({ now: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 }),
  async look() {
    client = await PageClient.open(begun(page).url);
  },
  shown: () => begun(client).shown,
  untilShown: (text) => begun(client).untilShown(text),
  state: () => begun(client).state(),
  send: (to, text) => begun(client).send(to, text),
  async sendNote(to, text) {
    await sendNote(to, text);
  },
  root: () => mailslotRoot(),
});

async function statusOfOther(): Promise<RedirectorStatus> {
  for await (const status of callRedirector({ do: 'status' })) return status as unknown as RedirectorStatus;
  throw new Error('the redirector answered nothing');
}

function begun<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('this has not begun');
  return part;
}
