import type { JSX } from 'preact';
import { connection, trouble } from '../store.js';

/** What is wrong just now, over everything else. */
export function Status(): JSX.Element {
  const isLost = connection.value === 'lost';
  return (
    <div class="status" role="status">
      {isLost && (
        <p class="strip is-lost">
          <span class="pulse" aria-hidden="true" />
          Not connected to the messenger. Trying again …
        </p>
      )}
      {!isLost && trouble.value !== '' && (
        <p class="strip is-trouble">
          <bdi>{trouble.value}</bdi>
          <button type="button" class="quiet" onClick={() => (trouble.value = '')}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
