import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { kindOfInterface } from '../../network/interfaces.js';
import { escapeSentence } from '../../terminal/escape.js';
import { UsageError } from '../../terminal/exit.js';
import { tell } from '../../terminal/output.js';

/** An interface that leads to other computers, with its first address. */
interface Card {
  readonly name: string;
  readonly address: string;
}

/** `lo` means loopback on every system. */
const LOOPBACK = 'lo';

/**
 * The interfaces that a domain which is new here speaks on: those that were given, else, on a terminal, those that
 * somebody chooses. `undefined`: on all.
 *
 * @throws UsageError for one that is not there, or when nobody chooses
 */
export async function chosenInterfaces(
  domain: string,
  given: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  for (const name of given ?? []) {
    if (!isThere(name))
      throw new UsageError(
        `there is no interface ${name} here, only ${listed(cards())}; "lo" is this computer alone`,
      );
  }
  const isAsked = given === undefined && process.stdin.isTTY && process.stderr.isTTY && cards().length > 1;
  return isAsked ? ask(domain, cards()) : given;
}

/** Where a domain speaks from now on, as a sentence. */
export function spokenOn(domain: string, chosen: readonly string[] | undefined, path: string): string {
  if (chosen !== undefined) return `${domain} speaks on ${chosen.join(' and ')} and on nothing else`;
  const all = cards();
  if (all.length === 0) return `${domain} speaks on every interface that comes up; now there is none`;
  if (all.length === 1) return `${domain} speaks on every interface: ${listed(all)}`;
  return `${domain} speaks on every interface: ${listed(all)}; for others put "interfaces" into its "lan" in ${path}`;
}

function cards(): Card[] {
  const all = Object.entries(networkInterfaces()).flatMap(([name, infos = []]) => {
    const [info] = infos.filter(({ internal }) => !internal);
    return info === undefined ? [] : [{ name, address: info.address }];
  });
  return all.sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function isThere(wanted: string): boolean {
  if (wanted === LOOPBACK) return true;
  return Object.entries(networkInterfaces()).some(
    ([name, infos = []]) => name === wanted || infos.some(({ address }) => address === wanted.split('%')[0]),
  );
}

function listed(all: readonly Card[]): string {
  if (all.length === 0) return 'lo';
  return all.map(({ name, address }) => `${name} (${address})`).join(', ');
}

/** How often somebody may mistype. */
const TRIES = 3;

async function ask(domain: string, all: readonly Card[]): Promise<readonly string[] | undefined> {
  const width = Math.max(...all.map(({ name }) => name.length));
  const rows = all.map(({ name, address }, at) => {
    const kind = kindOfInterface(name);
    return `  ${at + 1}  ${name.padEnd(width)}  ${address}${kind === 'lan' ? '' : `  (${kind})`}\n`;
  });
  tell(escapeRows(`on which interfaces is ${domain} to speak?\n${rows.join('')}`));
  const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const gone = new Promise<never>((_, reject) => {
    terminal.once('close', () => reject(new UsageError('no interface was chosen, and nothing was changed')));
  });
  try {
    for (let left = TRIES; left > 0; left -= 1) {
      const answer = await Promise.race([terminal.question('numbers or names, or Enter for all: '), gone]);
      const chosen = choiceOf(answer, all);
      if (chosen !== undefined) return chosen.length === 0 ? undefined : chosen;
      tell('none of these; write for example: 1 2\n');
    }
    throw new UsageError('no interface was chosen, and nothing was changed');
  } finally {
    gone.catch(() => {});
    terminal.close();
  }
}

function escapeRows(text: string): string {
  return text.split('\n').map(escapeSentence).join('\n');
}

/** `undefined`: a word of it names none. */
function choiceOf(answer: string, all: readonly Card[]): readonly string[] | undefined {
  const words = answer.split(/[\s,]+/).filter((word) => word !== '');
  const names = words.map(
    (word) => all[Number(word) - 1]?.name ?? all.find(({ name }) => name === word)?.name,
  );
  return names.some((name) => name === undefined) ? undefined : [...new Set(names as string[])];
}
