import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import type { Conversation } from '../api.js';
import { current, EVERYBODY } from '../store.js';
import { counted, harmlessLine } from '../text.js';
import { listTime } from '../times.js';
import { Avatar } from './avatar.js';

interface Props {
  readonly conversation: Conversation;
  readonly actions: Actions;
}

export function ConversationItem({ conversation, actions }: Props): JSX.Element {
  const { name, snippet, isOwn, time, unread } = conversation;
  const isCurrent = current.value === name;
  return (
    <li>
      <button
        type="button"
        class={unread > 0 ? 'item is-unread' : 'item'}
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => actions.open(name)}
      >
        <Avatar name={name} />
        <span class="lines">
          <bdi class="name">{name === EVERYBODY ? 'Everybody' : harmlessLine(name)}</bdi>
          <span class="snippet">
            {isOwn && 'You: '}
            <bdi>{harmlessLine(snippet)}</bdi>
          </span>
        </span>
        <span class="aside">
          <time>{listTime(time, Date.now())}</time>
          {unread > 0 && <Badge conversation={conversation} />}
        </span>
      </button>
    </li>
  );
}

function Badge({ conversation: { unread, isMore } }: { readonly conversation: Conversation }): JSX.Element {
  const text = unread > 999 ? '999+' : `${unread}`;
  return (
    <span class="badge">
      <span aria-hidden="true">{text}</span>
      <span class="unseen">{`, ${isMore ? 'more than ' : ''}${counted(unread, 'unread message')}`}</span>
    </span>
  );
}
