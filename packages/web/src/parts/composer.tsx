import { type Signal, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from '../actions.js';
import type { Level } from '../api.js';
import { reach, reachCount } from '../reach.js';
import { connection, EVERYBODY, state } from '../store.js';
import { counted } from '../text.js';
import { SendIcon } from './icons.js';
import { Levels } from './levels.js';

interface Props {
  readonly to: string;
  readonly actions: Actions;
}

/** What was typed and not sent, by who it is for. */
const drafts = new Map<string, Signal<string>>();

function draftFor(to: string): Signal<string> {
  const draft = drafts.get(to) ?? signal('');
  drafts.set(to, draft);
  return draft;
}

const encoder = new TextEncoder();
const TEXT_BYTES_MAX = 60_000;

export function Composer({ to, actions }: Props): JSX.Element {
  const draft = draftFor(to);
  const text = draft.value;
  const [level, setLevel] = useState<Level>('info');
  const [wantsRead, setWantsRead] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const bytes = text.length * 3 > TEXT_BYTES_MAX ? encoder.encode(text).length : 0;
  const canSend = text.trim() !== '' && bytes <= TEXT_BYTES_MAX && connection.value === 'live';
  const send = async (): Promise<void> => {
    if (!canSend) return;
    // Gone from the field at once, so that nothing is sent twice; back if it could not be sent, before what was typed since.
    draft.value = '';
    setLevel('info');
    field.current?.focus();
    if (await actions.send({ to, text, level, ...(wantsRead && { wants: 'read' as const }) })) return;
    draft.value = draft.value === '' ? text : `${text}\n${draft.value}`;
    setLevel(level);
  };
  useGrowing(field, text);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {to === EVERYBODY && <Reach level={level} />}
      {bytes > TEXT_BYTES_MAX && (
        <p class="warning">{`${counted(bytes - TEXT_BYTES_MAX, 'byte')} too long for one message`}</p>
      )}
      <div class="field">
        <textarea
          id="text"
          ref={field}
          rows={1}
          placeholder={to === EVERYBODY ? 'Write to everybody' : `Write to ${to}`}
          aria-label="Message"
          value={text}
          onInput={(event) => (draft.value = event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <button type="submit" class="primary send" disabled={!canSend}>
          <SendIcon />
          {to === EVERYBODY ? 'Send to all' : 'Send'}
        </button>
      </div>
      <div class="options">
        <Levels level={level} onChange={setLevel} />
        <label class="check">
          <input
            type="checkbox"
            checked={wantsRead}
            onChange={(event) => setWantsRead(event.currentTarget.checked)}
          />
          Ask who reads it
        </label>
      </div>
    </form>
  );
}

/** How many see what is sent to everybody, before it is sent. */
function Reach({ level }: { readonly level: Level }): JSX.Element {
  const { domain } = state.value!;
  if (domain === null) return <p class="reach">{`${reach(state.value!)}.`}</p>;
  const stays = level === 'alert' ? ', and stays on their screens until it is confirmed' : '';
  return (
    <p class="reach is-broadcast">
      <strong>{`Goes to ${counted(reachCount(state.value!), 'computer')}`}</strong>
      {' of '}
      <bdi>{domain}</bdi>
      {`${stays}.`}
    </p>
  );
}

/** The field is as high as what is in it; how high at most is for the style to say. */
function useGrowing(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    const { current } = field;
    if (current === null) return;
    current.style.height = 'auto';
    if (text !== '') current.style.height = `${current.scrollHeight + 2}px`;
  }, [text]);
}
