import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { FakeMessenger, fakeNetwork } from './fake-messenger.test.support.js';
import { type Page, startPage } from './start-page.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** The server of a page, with a messenger that does what the test says. */
export interface Scene {
  readonly messenger: FakeMessenger;
  readonly page: Page;
  readonly port: number;
  readonly token: string;
  /** Asks with the token, unless other headers are given. */
  ask(path: string, options?: RequestOptions, body?: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  /** An answer whose body is still to come. */
  open(path: string): Promise<IncomingMessage>;
}

export async function scene(t: TestContext): Promise<Scene> {
  const messenger = new FakeMessenger();
  const page = await startPage({ messenger, network: fakeNetwork('OFFICE', 'BRAVO'), folder: site(t) });
  t.after(() => page.close());
  const { port: portText, hash } = new URL(page.url);
  const port = Number(portText);
  const token = hash.slice(1);
  const usual = { authorization: `Bearer ${token}` };

  const open = async (
    path: string,
    options: RequestOptions = {},
    body?: string,
  ): Promise<IncomingMessage> => {
    const asked = request({ port, host: '127.0.0.1', path, headers: usual, agent: false, ...options });
    // A server that refuses a large body does not read it.
    asked.on('error', () => {});
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    t.after(() => answer.destroy());
    return answer;
  };
  const ask: Scene['ask'] = async (path, options, body) => {
    const answer = await open(path, options, body);
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    return { status: answer.statusCode!, headers: answer.headers, text };
  };
  const post: Scene['post'] = (path, body) => {
    const headers = { ...usual, 'content-type': 'application/json' };
    return ask(path, { method: 'POST', headers }, JSON.stringify(body));
  };
  return { messenger, page, port, token, ask, post, open };
}

/** A built page, as small as one can be. */
function site(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailslot-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets', 'index-abc.js'), 'export {};');
  writeFileSync(join(folder, 'secret.key'), 'of no known type');
  return folder;
}
