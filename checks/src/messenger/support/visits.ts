import { setTimeout as pause } from 'node:timers/promises';
import type { PageClient } from './page-client.js';

/** How long the server of a page took to answer, in milliseconds. */
export interface Visits {
  readonly answers: readonly number[];
  /** Messages that were sent to everybody meanwhile. */
  readonly sent: number;
}

/** Between two visits: a person is slower. */
const PAUSE_MS = 100;

/** Does all that a person does on a page, again and again, until something else is done. */
export async function visitUntil(page: PageClient, done: Promise<unknown>): Promise<Visits> {
  const answers: number[] = [];
  const timed = async (ask: Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await ask;
    answers.push(performance.now() - start);
  };
  let isDone = false;
  const end = done.finally(() => {
    isDone = true;
  });
  let sent = 0;
  for (; !isDone; sent += 1) {
    await timed(page.state());
    await timed(page.notes({ with: '*', limit: '100' }));
    await timed(page.notes({ search: 'nobody says this' }));
    await timed(page.send('*', `visit ${sent}`));
    await timed(page.untilShown(`visit ${sent}`));
    await pause(PAUSE_MS);
  }
  await end;
  return { answers, sent };
}
