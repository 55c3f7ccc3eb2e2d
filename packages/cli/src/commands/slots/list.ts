import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { listMailslots, mailslotRoot, type SlotEntry } from 'mailslot';
import { canDraw } from '../../terminal/can-draw.js';
import { escapeSentence, escapeText, jsonLine } from '../../terminal/escape.js';
import { withExamples } from '../../terminal/examples.js';
import { print, tell } from '../../terminal/output.js';
import { formatSize } from '../../terminal/size.js';
import { formatTable } from '../../terminal/table.js';
import { changedBlocks, changedObjects, inPlace } from '../../terminal/watch.js';
import { infoRecord } from './info.js';

export interface ListOptions {
  readonly root?: string;
  readonly json?: boolean;
  readonly names?: boolean;
  readonly watch?: boolean;
}

export function addList(program: Command): void {
  const command = program
    .command('list')
    .summary('list the slots')
    .description(
      'List the slots of this computer with their owners, waiting messages and limits. ' +
        'For a slot you may not query, only its owner is shown.',
    )
    .option('-j, --json', 'one JSON object per line; with --watch, one per change')
    .addOption(program.createOption('--names', 'names only, one per line').conflicts(['json', 'watch']))
    .option('--watch', 'a new look every second: in place on a terminal, else one block per change')
    .action(() => list(command.optsWithGlobals<ListOptions>()));
  withExamples(command, ['mailslot list', 'mailslot list --watch', 'mailslot list --json | jq -r .name']);
}

/** Prints the slots there are, once or again and again. */
export async function list(options: ListOptions): Promise<void> {
  if (options.watch) return watch(options);
  const entries = await listMailslots({ root: options.root });
  if (options.json) {
    await print(entries.map((entry) => jsonLine(slotRecord(entry))).join(''));
  } else if (entries.length === 0) {
    tell(nothingIn(options));
  } else if (options.names) {
    await print(entries.map(({ name }) => (name === undefined ? '' : `${escapeText(name)}\n`)).join(''));
  } else {
    await print(slotTable(entries));
  }
}

const LOOK_AGAIN_MS = 1000;

async function watch(options: ListOptions): Promise<never> {
  const frame = (entries: readonly SlotEntry[]): string =>
    entries.length === 0 ? nothingIn(options) : slotTable(entries);
  const text = canDraw(process.stdout) ? inPlace(process.stdout) : changedBlocks();
  const objects = changedObjects();
  for (;;) {
    const entries = await listMailslots({ root: options.root });
    const output = options.json ? objects(entries.map(slotRecord)) : text(frame(entries));
    if (output !== '') await print(output);
    await sleep(LOOK_AGAIN_MS);
  }
}

function nothingIn({ root }: ListOptions): string {
  return `no mailslots in ${escapeSentence(root ?? mailslotRoot())}\n`;
}

/** What `--json` shows of an entry; of one that may not be asked its owner's user id and the error. */
function slotRecord(entry: SlotEntry): Record<string, unknown> {
  if (entry.error === undefined) return infoRecord(entry.info);
  const { code, message } = entry.error;
  return { name: null, owner: entry.owner ?? null, error: { code, message } };
}

function slotTable(entries: readonly SlotEntry[]): string {
  const header = ['NAME', 'PID', 'WAITING', 'NEXT', 'MAX', 'QUEUE', 'ACCESS'];
  return formatTable(
    [header, ...entries.map(row)],
    ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
  );
}

function row(entry: SlotEntry): readonly string[] {
  if (entry.error !== undefined) {
    return ['?', '-', '-', '-', '-', '-', `${whose(entry)}: ${reason(entry.error.code)}`];
  }
  const { name, pid, messageCount, nextMessageSize, messageLimit, queueUsed, queueBytes, access } =
    entry.info;
  const next = nextMessageSize === undefined ? '-' : formatSize(nextMessageSize);
  const queue = `${formatSize(queueUsed)}/${formatSize(queueBytes)}`;
  return [escapeText(name), `${pid}`, `${messageCount}`, next, formatSize(messageLimit), queue, access];
}

function whose({ owner }: SlotEntry): string {
  return owner === undefined ? 'slot of a user who has no number here' : `slot of user ${owner}`;
}

/** A code as words: `access denied`. */
function reason(code: string): string {
  return code.replace('ERR_MAILSLOT_', '').toLowerCase().replaceAll('_', ' ');
}
