import { computed } from '@preact/signals';
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Actions } from '../actions.js';
import { type Row, rowsOf } from '../rows.js';
import { Scroll } from '../scroll.js';
import { current, EVERYBODY, notes } from '../store.js';
import { dayName } from '../times.js';
import { Note } from './note.js';

/** How near to the beginning older notes are asked for. */
const NEAR_START_PX = 3000;

const rows = computed(() => rowsOf(notes.value.list));

/** The notes of the conversation that is shown; on the page are only those in sight. */
export function NoteList({ actions }: { readonly actions: Actions }): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const [scroll] = useState(() => new Scroll());
  const [, again] = useReducer((count: number, _: undefined) => count + 1, 0);
  const { first, end } = scroll.range(rows.value);

  useLayoutEffect(() => {
    if (scroll.settle(scroller.current!, sheet.current!)) again(undefined);
  });
  useEffect(() => {
    if (notes.value.more && scroll.top < NEAR_START_PX) void actions.attempt(() => actions.loadOlder());
  });
  useSizes([scroller, sheet], () => again(undefined));

  return (
    <div class="reading">
      <div
        class="notes"
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Messages"
        onScroll={(event) => scroll.scrolled(event.currentTarget) && again(undefined)}
      >
        {rows.value.length === 0 && <Empty />}
        <div class="paper" style={{ height: `${scroll.total}px` }}>
          <div class="sheet" ref={sheet} style={{ transform: `translateY(${scroll.start(first)}px)` }}>
            {rows.value.slice(first, end).map((row) => (
              <RowOf key={row.key} row={row} />
            ))}
          </div>
        </div>
      </div>
      {!scroll.isAtEnd && (
        <button
          type="button"
          class="to-end"
          onClick={() => {
            scroll.goToEnd();
            again(undefined);
          }}
        >
          Latest ↓
        </button>
      )}
    </div>
  );
}

function RowOf({ row }: { readonly row: Row }): JSX.Element {
  return (
    <div class="row">
      {row.kind === 'note' ? (
        <Note note={row.note} isFollowing={row.isFollowing} />
      ) : (
        <p class="day">{dayName(row.day, Date.now())}</p>
      )}
    </div>
  );
}

function Empty(): JSX.Element {
  const isForAll = current.value === EVERYBODY;
  return (
    <div class="empty">
      <p>{isForAll ? 'Nothing for everybody yet.' : 'No messages yet.'}</p>
      <p class="hint">
        {isForAll ? 'What you write here goes to all at once.' : 'Write the first one below.'}
      </p>
    </div>
  );
}

/** Calls when one of these has another size. */
function useSizes(elements: readonly RefObject<HTMLElement | null>[], changed: () => void): void {
  useEffect(() => {
    const observer = new ResizeObserver(changed);
    for (const { current: element } of elements) observer.observe(element!);
    return () => observer.disconnect();
  }, []);
}
