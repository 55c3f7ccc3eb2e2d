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
  const [nobody, setNobody] = useState<string | undefined>(undefined);
  const send = async (anyway = false): Promise<void> => {
    if (!canSend) return;
    setNobody(undefined);
    // Gone from the field at once, so that nothing is sent twice; back if it could not be sent, before what was typed since.
    draft.value = '';
    setLevel('info');
    field.current?.focus();
    const wants = wantsRead && { wants: 'read' as const };
    const outcome = await actions.send({ to, text, level, ...wants, ...(anyway && { anyway }) });
    if (outcome.isSent) return;
    setNobody(outcome.nobody);
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
      {nobody !== undefined && <Nobody why={nobody} canSend={canSend} onSend={() => void send(true)} />}
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
      <Options level={level} onLevel={setLevel} wantsRead={wantsRead} onWantsRead={setWantsRead} />
    </form>
  );
}

interface NobodyProps {
  readonly why: string;
  readonly canSend: boolean;
  readonly onSend: () => void;
}

/** Nobody answers to the name, so nothing was sent; one may know better. */
function Nobody({ why, canSend, onSend }: NobodyProps): JSX.Element {
  return (
    <p class="warning" role="alert">
      <bdi>{`${why[0]?.toUpperCase()}${why.slice(1)}. `}</bdi>
      <button type="button" class="quiet" disabled={!canSend} onClick={onSend}>
        Send anyway
      </button>
    </p>
  );
}

/** The options below the field. */
function Options({ level, onLevel, wantsRead, onWantsRead }: OptionsProps): JSX.Element {
  return (
    <div class="options">
      <Levels level={level} onChange={onLevel} />
      <label class="check">
        <input
          type="checkbox"
          checked={wantsRead}
          onChange={(event) => onWantsRead(event.currentTarget.checked)}
        />
        Ask who reads it
      </label>
    </div>
  );
}

interface OptionsProps {
  readonly level: Level;
  readonly onLevel: (level: Level) => void;
  readonly wantsRead: boolean;
  readonly onWantsRead: (wants: boolean) => void;
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
