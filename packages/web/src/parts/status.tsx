import type { JSX } from 'preact';
import { connection, state, trouble } from '../store.js';
import { harmlessLine } from '../text.js';

/** What helps when trying again does not. */
export const RESTARTED = 'Was it restarted? Open the new link that it printed.';

/** What is wrong just now, over everything else. */
export function Status(): JSX.Element {
  const isGone = connection.value === 'gone';
  const isLost = isGone || connection.value === 'lost';
  const squatted = state.value?.names.find(({ squatter }) => squatter !== undefined);
  return (
    <div class="status" role="status">
      {isLost && (
        <p class="strip is-lost">
          <span class="pulse" aria-hidden="true" />
          Not connected to the messenger. Trying again …{isGone && ` ${RESTARTED}`}
        </p>
      )}
      {!isLost && squatted !== undefined && (
        <p class="strip is-trouble">
          <span>
            uid {squatted.squatter} has your name <bdi>{harmlessLine(squatted.name)}</bdi> on this computer,
            so what is sent to it does not reach you. Only root can end its process.
          </span>
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
