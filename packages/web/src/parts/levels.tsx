import type { JSX } from 'preact';
import type { Level } from '../api.js';

interface Props {
  readonly level: Level;
  readonly onChange: (level: Level) => void;
}

const levels: readonly (readonly [Level, string])[] = [
  ['info', 'Info'],
  ['warning', 'Warning'],
  ['alert', 'Alert'],
];

/** How urgent it is: radio buttons, so that the arrow keys choose. */
export function Levels({ level, onChange }: Props): JSX.Element {
  return (
    <fieldset class="levels">
      <legend class="unseen">Level</legend>
      {levels.map(([value, text]) => (
        <label key={value} class={`is-${value}`}>
          <input
            type="radio"
            name="level"
            value={value}
            checked={level === value}
            onChange={() => onChange(value)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
