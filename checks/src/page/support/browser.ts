/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import axe from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import {
  FakeMessenger,
  fakeNetwork,
} from '../../../../packages/cli/dist/page/fake-messenger.test.support.js';
import { type Page as Server, startPage } from '../../../../packages/cli/dist/page/start-page.js';
import { pathOf } from '../../support/peers.js';
import { inRepo } from '../../support/repo.js';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that its owner has pointed to this computer.
  '--host-resolver-rules=MAP evil.example 127.0.0.1',
];

/** As long as a machine under load may take for what a person waits for. */
const WAIT_MS = 20_000;

let browser: Promise<Browser> | undefined;
const home = mkdtempSync(join(tmpdir(), 'mailslot-browser-'));

after(async () => {
  await (await browser)?.close();
  rmSync(home, { recursive: true, force: true });
});

/** One browser for a file of tests; each visit has its own storage. */
function theBrowser(): Promise<Browser> {
  const env = { ...process.env, HOME: home };
  browser ??= chromium.launch({ executablePath: pathOf('chromium')!, args: flags, env });
  return browser;
}

interface ShowOptions {
  readonly context?: BrowserContextOptions;
  /** Ends what served the page, when nobody shows it any more and would complain. */
  readonly close?: () => Promise<void>;
  /** Messages of the console that are expected: what a browser says of a refused request. */
  readonly tolerates?: RegExp;
}

interface VisitOptions extends ShowOptions {
  /** What is behind `#` in the link; default: the token. */
  readonly fragment?: string;
  /** Null: in no domain. Default: OFFICE, with BRAVO and CHARLIE. */
  readonly domain?: string | null;
  /** Called before the server starts: what was in the history. */
  readonly history?: (messenger: FakeMessenger) => void;
}

/** A messenger, its page, and a browser that shows it. */
interface Visit {
  readonly messenger: FakeMessenger;
  readonly page: Page;
  readonly url: string;
  stopServer(): Promise<void>;
  /** On the same port, with the same token. */
  startServer(): Promise<void>;
}

/** Opens the page. After the test nothing of it is left. */
export async function visit(t: TestContext, options: VisitOptions = {}): Promise<Visit> {
  const { domain = 'OFFICE', fragment } = options;
  const messenger = new FakeMessenger();
  options.history?.(messenger);
  const network = domain === null ? fakeNetwork(null) : fakeNetwork(domain, 'BRAVO', 'CHARLIE');
  const common = { messenger, network, folder: inRepo('packages/cli/dist/web') };
  let server: Server = await startPage(common);
  const { port, hash, origin } = new URL(server.url);
  const link = fragment === undefined ? server.url : `${origin}/${fragment}`;
  const page = await show(t, link, { ...options, close: () => server.close() });
  const startServer = async (): Promise<void> => {
    server = await startPage({ ...common, port: Number(port), token: hash.slice(1) });
  };
  return { messenger, page, url: server.url, stopServer: () => server.close(), startServer };
}

/** Shows what is behind a link. The console must be silent until the end of the test. */
export async function show(t: TestContext, url: string, options: ShowOptions = {}): Promise<Page> {
  let context: BrowserContext | undefined;
  t.after(async () => {
    await context?.close();
    await options.close?.();
  });
  context = await (await theBrowser()).newContext(options.context);
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const complaints = complaintsOf(page);
  t.after(() => {
    const unexpected = complaints.filter((text) => !options.tolerates?.test(text));
    assert.deepEqual(unexpected, [], 'the console');
  });
  await page.goto(url);
  return page;
}

/** What the browser says is wrong, as it comes. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
  return complaints;
}

/** Asserts that axe finds nothing that keeps people out. */
export async function assertAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate<string[]>(`axe.run(document).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' | '))))`);
  assert.deepEqual(violations, [], where);
}

/** Resolves when the expression is true in the page. Not `waitForFunction`, whose `eval` the page's policy forbids. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!(await page.evaluate<boolean>(expression))) {
    assert.ok(performance.now() < end, `still not: ${expression}`);
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
}
