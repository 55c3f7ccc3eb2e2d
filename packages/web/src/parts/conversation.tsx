import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import { reach } from '../reach.js';
import { conversationOf, current, EVERYBODY, isOpen, state } from '../store.js';
import { harmlessLine } from '../text.js';
import { Avatar } from './avatar.js';
import { Composer } from './composer.js';
import { BackIcon } from './icons.js';
import { NoteList } from './note-list.js';

export function Conversation({ actions }: { readonly actions: Actions }): JSX.Element {
  const name = current.value;
  return (
    <section class="conversation" aria-label="Conversation">
      <header class="bar">
        <button type="button" class="quiet is-icon back" onClick={() => (isOpen.value = false)}>
          <BackIcon />
          <span class="unseen">Back to all conversations</span>
        </button>
        <Avatar name={name} />
        <div class="lines">
          <h2 class="name">
            <bdi>{name === EVERYBODY ? 'Everybody' : harmlessLine(name)}</bdi>
          </h2>
          <p class="detail">
            <Where />
          </p>
        </div>
      </header>
      <NoteList key={name} actions={actions} />
      <Composer key={`composer ${name}`} to={name} actions={actions} />
    </section>
  );
}

/** Where those are who are written to. */
function Where(): JSX.Element {
  const { name, computers } = conversationOf(current.value);
  if (name === EVERYBODY) return <>{reach(state.value!)}</>;
  if (computers.length === 0) return <>Not heard from yet</>;
  return (
    <>
      {'on '}
      <bdi>{computers.map(harmlessLine).join(', ')}</bdi>
    </>
  );
}
