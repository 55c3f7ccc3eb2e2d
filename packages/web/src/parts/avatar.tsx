import type { JSX } from 'preact';
import { EVERYBODY } from '../store.js';
import { hueOf, initials } from '../text.js';
import { EverybodyIcon } from './icons.js';

export function Avatar({ name }: { readonly name: string }): JSX.Element {
  if (name === EVERYBODY)
    return (
      <span class="avatar is-everybody" aria-hidden="true">
        <EverybodyIcon />
      </span>
    );
  return (
    <span class="avatar" style={{ '--hue': hueOf(name) }} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
