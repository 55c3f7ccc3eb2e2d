import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessengerOptions } from 'mailslot/messenger';
import type { Child } from '../harness/child.js';
import { megabytes } from '../harness/numbers.js';
import { onLinux } from '../harness/platform.js';
import { proof } from '../harness/proof.js';
import type { Scene } from '../harness/scene.js';
import { until } from '../lan/support/until.js';
import type { Person } from './programs/person.js';
import type { Storm } from './programs/storm.js';
import { stormSeconds } from './sizes.js';
import { environment, loopbackDomain } from './support/domain.js';
import { PageClient } from './support/page-client.js';
import { start } from './support/people.js';
import { type Visits, visitUntil } from './support/visits.js';

/*
 * 1,000 messages a second of one program, through the redirector, into a messenger whose page is open and used: half of
 * them for everybody, half for ANNA.
 */

const PER_SECOND = 1_000;
const COUNT = PER_SECOND * stormSeconds;
const WHAT = `${PER_SECOND} messages a second for ${stormSeconds} s`;

/** The longest that somebody at the page may wait for an answer meanwhile. */
const ANSWER_MS = 1_000;

/** The messenger in all, with the latest 50,000 notes in memory. */
const MEMORY_MAX = 400 * 2 ** 20;

proof(
  `${WHAT}, all of them wanted: each is in the history once and on the page once, which is used meanwhile`,
  async (at) => {
    const all = 2 * COUNT;
    const storm = await begin(at, { perSecond: all, burst: all });
    const visits = await visitUntil(storm.page, storm.blow());
    await until(async () => storm.page.shown.length === COUNT + visits.sent, 'all that was sent');
    const { received, shown, own, ...others } = await countsOf(storm.person);
    assert.deepEqual([received, shown, own], [COUNT + visits.sent, COUNT, visits.sent]);
    assert.ok(
      Object.values(others).every((count) => count === 0),
      JSON.stringify(others),
    );
    assertEach(storm.page.shown.map(({ note }) => note.text));
    assertEach(textsIn(storm.history));
    return numbersOf(storm, visits);
  },
  onLinux,
);

proof(
  `${WHAT}, more than anybody can read: what is shown is on the page once, and what is refused is counted`,
  async (at) => {
    const storm = await begin(at);
    const began = performance.now();
    const visits = await visitUntil(storm.page, storm.blow());
    const { person, page, history } = storm;
    await until(async () => (await countsOf(person)).received === COUNT + visits.sent, 'all that was sent');
    const seconds = (performance.now() - began) / 1000;
    const { received, shown, own, flooded, ...others } = await countsOf(person);
    assert.deepEqual([received, own], [shown + flooded + own, visits.sent]);
    assert.ok(
      Object.values(others).every((count) => count === 0),
      JSON.stringify(others),
    );
    // What one computer may send: 200 at once, and 20 a second.
    assert.ok(shown >= 200 && shown <= 200 + 20 * (seconds + 1), `${shown} shown`);

    const shownOnPage = (): string[] =>
      page.shown.filter(({ note }) => !note.isNotice && !note.isOwn).map(({ note }) => note.text);
    await until(async () => shownOnPage().length >= shown, 'all that was let through');
    const texts = shownOnPage();
    assert.equal(new Set(texts).size, shown);
    assert.deepEqual(texts.toSorted(), textsIn(history).toSorted());
    const notices = page.shown.filter(({ note }) => note.isNotice);
    assert.ok(notices.length >= 1 && notices.length <= 1 + seconds / 60, `${notices.length} notices`);
    return { shown, flooded, notices: notices.length, ...(await numbersOf(storm, visits)) };
  },
  onLinux,
);

interface Running {
  readonly person: Child<Person>;
  /** Looked at from here: a browser is another process, too. */
  readonly page: PageClient;
  readonly history: string;
  readonly memoryBefore: number;
  /** Resolves when all was sent. */
  blow(): Promise<void>;
}

async function begin(at: Scene, flood?: MessengerOptions['flood']): Promise<Running> {
  const env = environment(at.root, loopbackDomain(at, 'ALPHA').ALPHA);
  const person = await start<Person>(at, 'person', { env });
  const storm = await start<Storm>(at, 'storm', { env });
  await person.ask('serve');
  const history = at.folder();
  const page = await PageClient.open(await person.ask('begin', { user: 'ANNA', history, flood }));
  at.after(() => page.close());
  const { now: memoryBefore } = await person.ask('memory');
  const blow = async (): Promise<void> => {
    const order = { to: ['*', 'ANNA'], senders: 8, perSecond: PER_SECOND, count: COUNT };
    const seconds = await storm.ask('send', order);
    assert.ok(seconds < stormSeconds + 1, `it took ${seconds} s to send them`);
  };
  return { person, page, history, memoryBefore, blow };
}

async function countsOf(person: Child<Person>): Promise<Record<CountName, number>> {
  const { senders: _, ...counts } = await person.ask('statistics');
  return counts;
}

type CountName = Exclude<keyof Awaited<ReturnType<Person['statistics']>>, 'senders'>;

/** Each message of the storm once. */
function assertEach(texts: readonly string[]): void {
  const numbers = texts.flatMap((text) => /^storm (\d+) /.exec(text)?.[1] ?? []).map(Number);
  assert.equal(numbers.length, COUNT);
  assert.equal(new Set(numbers).size, COUNT);
}

/** What was received, by the files. */
function textsIn(history: string): string[] {
  const files = readdirSync(history).filter((name) => name.startsWith('history-'));
  const lines = files.flatMap((name) => readFileSync(join(history, name), 'utf8').split('\n'));
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).note)
    .filter((note) => note !== undefined && !note.isOwn && !note.isNotice)
    .map(({ text }) => text);
}

async function numbersOf(
  { person, page, memoryBefore }: Running,
  { answers, sent }: Visits,
): Promise<Record<string, number>> {
  page.checkFollows();
  const { now, peak } = await person.ask('memory');
  const sorted = answers.toSorted((one, other) => one - other);
  const [p95, most] = [sorted[Math.ceil(sorted.length * 0.95) - 1], sorted.at(-1)] as [number, number];
  assert.ok(most < ANSWER_MS, `an answer took ${most} ms`);
  assert.ok(peak < MEMORY_MAX, `${megabytes(peak)} MB`);
  return {
    messages: COUNT,
    visits: sent,
    answerP95Ms: Math.round(p95),
    answerMostMs: Math.round(most),
    memoryBeforeMB: megabytes(memoryBefore),
    memoryAfterMB: megabytes(now),
    memoryPeakMB: megabytes(peak),
  };
}
