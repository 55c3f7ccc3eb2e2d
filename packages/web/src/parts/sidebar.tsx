import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import { conversationOf, conversations, current, dialog, EVERYBODY, query } from '../store.js';
import { Computers } from './computers.js';
import { ConversationItem } from './conversation-item.js';
import { Found } from './found.js';
import { PenIcon, SearchIcon } from './icons.js';
import { Me } from './me.js';

export function Sidebar({ actions }: { readonly actions: Actions }): JSX.Element {
  return (
    <nav class="sidebar" aria-label="Conversations">
      <Me />
      <div class="tools">
        <label class="search">
          <SearchIcon />
          <span class="unseen">Search messages</span>
          <input
            id="search"
            type="search"
            placeholder="Search"
            autocomplete="off"
            maxLength={200}
            value={query.value}
            onInput={(event) => void actions.search(event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="primary"
          onClick={() => (dialog.value = 'recipient')}
          title="Write to somebody (Alt+N)"
        >
          <PenIcon />
          New
        </button>
      </div>
      {query.value.trim() === '' ? <Lists actions={actions} /> : <Found actions={actions} />}
    </nav>
  );
}

function Lists({ actions }: { readonly actions: Actions }): JSX.Element {
  const people = conversations.value.filter(({ name }) => name !== EVERYBODY);
  const isNew = current.value !== EVERYBODY && people.every(({ name }) => name !== current.value);
  const shown = [conversationOf(EVERYBODY), ...(isNew ? [conversationOf(current.value)] : []), ...people];
  return (
    // A list that scrolls is reached by the keyboard through what is in it.
    <div class="lists">
      <ul class="conversations">
        {shown.map((conversation) => (
          <ConversationItem key={conversation.name} conversation={conversation} actions={actions} />
        ))}
      </ul>
      <Computers actions={actions} />
    </div>
  );
}
