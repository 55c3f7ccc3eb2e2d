import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import { connection, dialog, isOpen, state } from '../store.js';
import { Alerts } from './alerts.js';
import { Announcer } from './announcer.js';
import { Conversation } from './conversation.js';
import { Gate } from './gate.js';
import { Help } from './help.js';
import { Names } from './names.js';
import { Recipient } from './recipient.js';
import { Sidebar } from './sidebar.js';
import { RESTARTED, Status } from './status.js';

export function App({ actions }: { readonly actions: Actions }): JSX.Element {
  if (connection.value === 'missing' || connection.value === 'refused') return <Gate />;
  if (state.value === undefined) return <Starting />;
  return (
    <main class={isOpen.value ? 'app is-open' : 'app'}>
      <h1 class="unseen">Mailslot</h1>
      <Status />
      <Alerts actions={actions} />
      <Sidebar actions={actions} />
      <Conversation actions={actions} />
      {dialog.value === 'help' && <Help />}
      {dialog.value === 'names' && <Names actions={actions} />}
      {dialog.value === 'recipient' && <Recipient actions={actions} />}
      <Announcer />
    </main>
  );
}

function Starting(): JSX.Element {
  return (
    <main class="gate">
      <h1>Mailslot</h1>
      <p role="status">
        {connection.value === 'connecting' ? 'Connecting …' : 'The messenger does not answer. Trying again …'}
        {connection.value === 'gone' && ` ${RESTARTED}`}
      </p>
    </main>
  );
}
