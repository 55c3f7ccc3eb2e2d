import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import type { PageNote } from '../api.js';
import { state } from '../store.js';
import { harmless, harmlessLine } from '../text.js';
import { clockTime } from '../times.js';

/** As many as leave room for the rest of the page; the next comes when one is confirmed. */
const SHOWN_MAX = 2;

/** Alerts stay on top until somebody confirms them. */
export function Alerts({ actions }: { readonly actions: Actions }): JSX.Element {
  const { alerts } = state.value!;
  const more = alerts.length - SHOWN_MAX;
  return (
    <section class="alerts" aria-label="Alerts" hidden={alerts.length === 0}>
      {alerts.slice(0, SHOWN_MAX).map((note) => (
        <Alert key={note.id} note={note} actions={actions} />
      ))}
      {more > 0 && <p class="hint">{`and ${more} more to confirm`}</p>}
    </section>
  );
}

function Alert({ note, actions }: { readonly note: PageNote; readonly actions: Actions }): JSX.Element {
  const from = harmlessLine(note.from);
  return (
    <div class="alert" role="alert">
      <div class="lines">
        <p class="head">
          <strong>Alert</strong> from <bdi>{from}</bdi>
          {note.computer !== undefined && (
            <>
              {' on '}
              <bdi>{harmlessLine(note.computer)}</bdi>
            </>
          )}
          {', '}
          <time>{clockTime(note.receivedAt)}</time>
        </p>
        <p class="words">{harmless(note.text.slice(0, 1000))}</p>
      </div>
      <button
        type="button"
        class="confirm"
        aria-label={`Confirm the alert from ${from}`}
        onClick={() => void actions.confirm(note)}
      >
        Confirm
      </button>
    </div>
  );
}
