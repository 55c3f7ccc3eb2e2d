import type { JSX } from 'preact';
import { keys } from '../keyboard.js';
import { Dialog } from './dialog.js';

export function Help(): JSX.Element {
  return (
    <Dialog title="Keyboard">
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
