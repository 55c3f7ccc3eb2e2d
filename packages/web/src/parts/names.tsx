import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Actions } from '../actions.js';
import type { PageName } from '../api.js';
import { state, trouble } from '../store.js';
import { harmlessLine } from '../text.js';
import { Dialog } from './dialog.js';

const kinds = { computer: 'this computer', user: 'you', alias: 'added', everybody: 'everybody' };

const states = { taken: 'somebody else has it: it is tried again', free: 'nobody has it' };

/** Who has the name, and what can be done about it. */
function detailOf({ kind, state, squatter }: PageName): string {
  if (squatter !== undefined)
    return `uid ${squatter}, who is not that user, has it: only root can end its process`;
  return state === 'yours' ? kinds[kind] : states[state];
}

/** The names by which others can write to this messenger. */
export function Names({ actions }: { readonly actions: Actions }): JSX.Element {
  const [name, setName] = useState('');
  const add = async (): Promise<void> => {
    if (name.trim() !== '' && (await actions.addName(name.trim()))) setName('');
  };
  return (
    <Dialog title="Your names">
      <p class="hint">Messages to any of these come to you.</p>
      <ul class="names">
        {state.value!.names.map((entry) => (
          <Name key={entry.name} entry={entry} actions={actions} />
        ))}
      </ul>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <input
          type="text"
          aria-label="Another name"
          placeholder="Another name"
          maxLength={64}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="primary" disabled={name.trim() === ''}>
          Add
        </button>
      </form>
      {trouble.value !== '' && (
        <p class="warning" role="alert">
          {harmlessLine(trouble.value)}
        </p>
      )}
    </Dialog>
  );
}

function Name({ entry, actions }: { readonly entry: PageName; readonly actions: Actions }): JSX.Element {
  const { name, kind } = entry;
  const shown = harmlessLine(name);
  return (
    <li>
      <bdi class="name">{kind === 'everybody' ? 'Everybody' : shown}</bdi>
      <span class="detail">{detailOf(entry)}</span>
      {kind === 'alias' && (
        <button
          type="button"
          class="quiet"
          aria-label={`Remove ${shown}`}
          onClick={() => void actions.removeName(name)}
        >
          Remove
        </button>
      )}
    </li>
  );
}
