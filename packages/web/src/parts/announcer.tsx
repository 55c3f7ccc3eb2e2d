import type { JSX } from 'preact';
import { announcement } from '../store.js';

/** What a screen reader says when something comes. */
export function Announcer(): JSX.Element {
  return (
    <div class="unseen" aria-live="polite">
      {announcement.value}
    </div>
  );
}
