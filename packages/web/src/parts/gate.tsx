import type { JSX } from 'preact';
import { connection } from '../store.js';

/** For who came without the link, or with an old one. */
export function Gate(): JSX.Element {
  const isOld = connection.value === 'refused';
  return (
    <main class="gate">
      <h1>{isOld ? 'This link is not valid any more' : 'Open the link of your messenger'}</h1>
      <p>
        {isOld
          ? 'The messenger was started with another link since, or this one was not copied whole.'
          : 'This page belongs to one user of this computer. The link with its key is in the terminal:'}
      </p>
      {isOld && <p>Copy the link that it printed last:</p>}
      <pre>mailslot serve --page</pre>
    </main>
  );
}
