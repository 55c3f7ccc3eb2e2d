import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from '../actions.js';
import { dialog, EVERYBODY, state } from '../store.js';
import { type Suggestion, suggestions } from '../suggestions.js';
import { harmlessLine, upperName } from '../text.js';
import { Avatar } from './avatar.js';
import { Dialog } from './dialog.js';

/** Whom to write to: any name, with those that are known offered. */
export function Recipient({ actions }: { readonly actions: Actions }): JSX.Element {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const isChosen = useRef(false);
  const offered = suggestions(state.value!, text);
  useLayoutEffect(() => field.current?.focus(), []);

  const open = (name: string): void => {
    dialog.value = undefined;
    actions.open(upperName(name));
    isChosen.current = true;
  };
  const submit = (): void => {
    const name = offered[chosen]?.name ?? text.trim();
    if (name !== '') open(name);
  };
  const press = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || offered.length === 0) return;
    event.preventDefault();
    setChosen((chosen + by + offered.length) % offered.length);
  };
  return (
    <Dialog
      title="Write to"
      returnTo={() => (isChosen.current ? document.querySelector<HTMLElement>('#text') : null)}
    >
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label="Name"
          aria-autocomplete="list"
          aria-expanded={offered.length > 0}
          aria-controls="offered"
          aria-activedescendant={offered.length > 0 ? `offered-${chosen}` : undefined}
          placeholder="A person, a computer, or * for everybody"
          autocomplete="off"
          maxLength={64}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={press}
        />
      </form>
      <Offered offered={offered} chosen={chosen} open={open} />
    </Dialog>
  );
}

interface OfferedProps {
  readonly offered: readonly Suggestion[];
  /** Which of them Enter takes. */
  readonly chosen: number;
  readonly open: (name: string) => void;
}

function Offered({ offered, chosen, open }: OfferedProps): JSX.Element {
  return (
    <div id="offered" class="offered" role="listbox" aria-label="Known names">
      {offered.map(({ name, what }, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys of the whole list
        <div
          key={name}
          id={`offered-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          onClick={() => open(name)}
        >
          <Avatar name={name} />
          <span class="lines">
            <bdi class="name">{name === EVERYBODY ? 'Everybody' : harmlessLine(name)}</bdi>
            <span class="detail">{what}</span>
          </span>
        </div>
      ))}
    </div>
  );
}
