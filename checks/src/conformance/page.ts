import type { Case, State } from './cases.js';
import type { Verdict } from './engine.js';
import { SOURCES, type Source } from './group.js';
import { CASES, sourceOf } from './suite.js';

/** The page that is made of the cases and of what came of them, from the root of the checkout. */
export const PAGE = 'docs/semantics/README.md';

const INTRODUCTION =
  String.raw`<!-- Made by "npm run conformance -- --write-docs"; what is changed here by hand is lost. -->

# Semantics: this mailslot and Windows'

What Windows does is known from tests that ran on it: Wine's, ReactOS's, and what Microsoft documents. Every assertion of
theirs is here by a number, in our own words. \`npm run conformance\` checks each against the public API and prints one line
a case; \`--json\` makes that one object a line, \`--case K20\` runs one. This page is made of its output, and \`npm test\`
fails when it is not what it would be made now.

| state | means |
|---|---|
| holds | Windows' assertion was checked and is true here |
| differs | it was checked that ours is so, and that Windows' is not: a case that would hold now makes the check fail |
| n/a | there is nothing here of which it speaks; where that could change, a probe makes the check fail |

The same cases are run with server and client in one process and in two; written by \`write\`, \`writeMany\`, \`post\` and
\`writable\`; read by \`readInto\`, \`read\`, \`tryRead\`, \`for await\`, \`consume\` and \`readable\`, wherever that makes a difference.
A case has a state only if it has it in all of them. Where versions of Windows differ, the newest counts.

## How calls correspond

| Windows | here |
|---|---|
| CreateMailslot | \`createMailslot\` |
| CreateFile on a slot's name; access, share mode, disposition | \`openMailslot\`; there are none, a client writes |
| WriteFile | \`write\`, \`writeMany\`; \`post\` and \`writable\`, which do not wait until the message is in the queue |
| ReadFile | \`readInto\`; \`read\`, \`tryRead\`, \`for await\`, \`consume\`, \`readable\`, which need no buffer |
| GetMailslotInfo, a query of the server handle | \`slot.info()\` |
| a query of a client handle | \`client.info()\` |
| SetMailslotInfo | \`slot.readTimeout = …\` |
| CancelIo | the \`AbortSignal\` of a call |
| CloseHandle | \`close()\` |
| MAILSLOT_NO_MESSAGE | \`undefined\` |
| MAILSLOT_WAIT_FOREVER | \`Infinity\` |
| last error | \`win32Number\` of the \`MailslotError\`, see [errors](../reference/errors.md) |
| a pending read, waiting for it, its status block afterwards | the promise of the read, its result or its error |

In the tables P and T are names of slots, S is a server end with time-out 0 unless said otherwise, C, C1 and C2 are client
ends, buffers have 16 bytes, and *K7* as what is given means: after case K7.
`.replaceAll('\\`', '`');

const ORIGINS: Readonly<Record<Source, string>> = {
  K: "The assertions of Wine's `dlls/kernel32/tests/mailslot.c`, which its authors also run on Windows.",
  F: "The mailslot part of Wine's `dlls/ntdll/tests/file.c`.",
  L: "The mailslot part of `test_name_limits` in Wine's `dlls/ntdll/tests/om.c`.",
  Q: "The mailslot part of `test_query_object` in Wine's `dlls/ntdll/tests/om.c`.",
  R: "ReactOS's own test of blocking reads, `modules/rostests/apitests/kernel32/Mailslot.c`.",
  D: 'What the pages on mailslots, CreateMailslot, ReadFile and their neighbours state, and no public test covers.',
  X: 'What follows from the sources without a number of its own, and where we differ though no case says so.',
  'F-': 'Questions to which no public source knows the answer of Windows, and what is so here. Each is checked.',
};

/** The page, made of what came of all cases. */
export function pageOf(verdicts: readonly Verdict[]): string {
  const sources = Object.keys(SOURCES) as Source[];
  const sections = sources.map((source) => section(source, verdicts));
  return [INTRODUCTION, summary(verdicts), differences(verdicts), ...sections].join('\n');
}

function summary(verdicts: readonly Verdict[]): string {
  const states: readonly State[] = ['holds', 'differs', 'n/a'];
  const rows = (Object.keys(SOURCES) as Source[]).map((source) => {
    const own = verdicts.filter(({ case: id }) => sourceOf(id) === source);
    return [SOURCES[source], ...states.map((state) => count(own, state))];
  });
  const total = ['all', ...states.map((state) => count(verdicts, state))];
  return `## In numbers\n\n${table(['source', ...states], [...rows, total])}`;
}

function differences(verdicts: readonly Verdict[]): string {
  const byReason = new Map<string, string[]>();
  for (const { case: id, state, reason } of verdicts)
    if (state === 'differs' && reason) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  const rows = Array.from(byReason, ([reason, ids]) => [ids.join(', '), reason]);
  return `## What differs, and why\n\n${table(['cases', 'here, and why'], rows)}`;
}

function section(source: Source, verdicts: readonly Verdict[]): string {
  const own = verdicts.filter(({ case: id }) => sourceOf(id) === source);
  const rows = own.map((verdict) => rowOf(verdict, CASES.get(verdict.case) as Case));
  const head =
    source === 'F-' ? ['#', 'question', 'here', 'state'] : ['#', 'given', 'when', 'then', 'state', 'reason'];
  return `## ${SOURCES[source]}\n\n${ORIGINS[source]}\n\n${table(head, rows)}`;
}

function rowOf({ case: id, state, reason }: Verdict, each: Case): string[] {
  if ('decision' in each) return [id, each.question, each.decision, state];
  return [id, each.given, each.when, each.then, state, reason ?? ''];
}

function count(verdicts: readonly Verdict[], state: State): string {
  return String(verdicts.filter((verdict) => verdict.state === state).length);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}
