import type { JSX } from 'preact';
import { askToNotify, permission } from '../notifications.js';
import { connection, dialog, state } from '../store.js';
import { harmlessLine } from '../text.js';
import { Avatar } from './avatar.js';
import { BellIcon } from './icons.js';

/** Who I am here, and whether the messenger is there. */
export function Me(): JSX.Element {
  const { names, computer, domain } = state.value!;
  const name = (names.find(({ kind }) => kind === 'user') ?? names[0])?.name ?? computer;
  return (
    <header class="me">
      <button type="button" class="identity" onClick={() => (dialog.value = 'names')} title="Your names">
        <Avatar name={name} />
        <span class="lines">
          <bdi class="name">{harmlessLine(name)}</bdi>
          <span class="detail">
            <Dot />
            <bdi>{harmlessLine(computer)}</bdi>
            {domain === null ? (
              ', in no domain'
            ) : (
              <>
                {' '}
                in <bdi>{harmlessLine(domain)}</bdi>
              </>
            )}
          </span>
        </span>
      </button>
      {permission.value === 'default' && (
        <button
          type="button"
          class="quiet is-icon"
          onClick={() => void askToNotify()}
          title="Show messages on the desktop"
        >
          <BellIcon />
          <span class="unseen">Show messages on the desktop</span>
        </button>
      )}
      <button
        type="button"
        class="quiet is-icon"
        onClick={() => (dialog.value = 'help')}
        title="Keyboard (?)"
      >
        <span aria-hidden="true">?</span>
        <span class="unseen">Keyboard</span>
      </button>
    </header>
  );
}

function Dot(): JSX.Element {
  const isLive = connection.value === 'live';
  return (
    <span
      class={isLive ? 'dot is-live' : 'dot'}
      role="img"
      aria-label={isLive ? 'connected' : 'not connected'}
    />
  );
}
