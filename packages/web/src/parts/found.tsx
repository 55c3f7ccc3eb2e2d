import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import type { PageNote } from '../api.js';
import { found } from '../store.js';
import { counted, harmlessLine } from '../text.js';
import { listTime } from '../times.js';
import { Avatar } from './avatar.js';

/** What a search has found. */
export function Found({ actions }: { readonly actions: Actions }): JSX.Element {
  const notes = found.value;
  return (
    <div class="lists">
      <p class="hint" role="status">
        {notes === undefined
          ? 'Searching …'
          : notes.length === 0
            ? 'Nothing found'
            : counted(notes.length, 'message')}
      </p>
      <ul class="conversations">
        {notes?.map((note) => (
          <FoundNote key={note.id} note={note} actions={actions} />
        ))}
      </ul>
    </div>
  );
}

function FoundNote({ note, actions }: { readonly note: PageNote; readonly actions: Actions }): JSX.Element {
  return (
    <li>
      <button type="button" class="item" onClick={() => actions.open(note.with)}>
        <Avatar name={note.from} />
        <span class="lines">
          <bdi class="name">{harmlessLine(note.from)}</bdi>
          <bdi class="snippet">{harmlessLine(note.text.slice(0, 200))}</bdi>
        </span>
        <span class="aside">
          <time>{listTime(note.receivedAt, Date.now())}</time>
        </span>
      </button>
    </li>
  );
}
