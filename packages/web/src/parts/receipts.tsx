import type { JSX } from 'preact';
import type { PageNote, Receipt } from '../api.js';
import { counted, harmlessLine } from '../text.js';

/** What became of a note of ours: sent, delivered to whom, read by whom. */
export function Receipts({ note }: { readonly note: PageNote }): JSX.Element {
  const read = note.receipts.filter(({ kind }) => kind === 'read');
  const delivered = note.receipts.filter(({ kind }) => kind === 'delivered');
  const [mark, text, who] =
    read.length > 0
      ? ['✓✓', `read by ${namesOf(read)}`, read]
      : delivered.length > 0
        ? ['✓✓', `delivered to ${namesOf(delivered)}`, delivered]
        : ['✓', 'sent', []];
  return (
    <span class={read.length > 0 ? 'receipts is-read' : 'receipts'} title={who.map(placeOf).join('\n')}>
      <span aria-hidden="true">{mark} </span>
      {text}
    </span>
  );
}

function namesOf(receipts: readonly Receipt[]): string {
  if (receipts.length > 2) return counted(receipts.length, 'person', 'people');
  return receipts.map(({ name }) => harmlessLine(name)).join(' and ');
}

function placeOf({ name, computer }: Receipt): string {
  return computer === undefined ? harmlessLine(name) : `${harmlessLine(name)} on ${harmlessLine(computer)}`;
}
