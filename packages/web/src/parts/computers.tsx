import type { JSX } from 'preact';
import type { Actions } from '../actions.js';
import type { PageComputer } from '../api.js';
import { state } from '../store.js';
import { harmlessLine, upperName } from '../text.js';

/** The list has them all; the page shows the first so many, and how many more there are. */
const SHOWN_MAX = 200;

/** The computers of the domain that are there now. */
export function Computers({ actions }: { readonly actions: Actions }): JSX.Element {
  const { computers, domain } = state.value!;
  const there = computers.filter((each) => each.state !== 'gone').sort(byName);
  return (
    <details class="computers" open={there.length <= 12}>
      <summary>
        {domain === null ? 'Computers' : 'Computers seen now'}
        <span class="count">{there.length}</span>
      </summary>
      <ul>
        {there.slice(0, SHOWN_MAX).map((computer) => (
          <Computer key={computer.name} computer={computer} actions={actions} />
        ))}
      </ul>
      {there.length > SHOWN_MAX && <p class="hint">{`and ${there.length - SHOWN_MAX} more`}</p>}
      {domain === null && <p class="hint">There is no domain: messages stay on this computer.</p>}
    </details>
  );
}

function Computer({
  computer,
  actions,
}: {
  readonly computer: PageComputer;
  readonly actions: Actions;
}): JSX.Element {
  const { name, isThis } = computer;
  const isHere = computer.state === 'here';
  return (
    <li>
      <button type="button" class="item is-small" onClick={() => actions.open(upperName(name))}>
        <span class={isHere ? 'dot is-live' : 'dot'} aria-hidden="true" />
        <bdi>{harmlessLine(name)}</bdi>
        {isThis && <span class="detail">this one</span>}
        {!isHere && <span class="detail">silent</span>}
      </button>
    </li>
  );
}

function byName(one: PageComputer, other: PageComputer): number {
  return Number(other.isThis) - Number(one.isThis) || one.name.localeCompare(other.name);
}
