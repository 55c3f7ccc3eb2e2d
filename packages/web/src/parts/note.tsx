import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PageNote } from '../api.js';
import { EVERYBODY } from '../store.js';
import { counted, harmless, harmlessLine } from '../text.js';
import { clockTime, fullTime } from '../times.js';
import { Avatar } from './avatar.js';
import { Receipts } from './receipts.js';

interface Props {
  readonly note: PageNote;
  /** The one before is of the same sender: no need to say again who it is. */
  readonly isFollowing: boolean;
}

export function Note({ note, isFollowing }: Props): JSX.Element {
  const { isOwn, level, isNotice } = note;
  const kind = [`is-${level}`, isOwn && 'is-own', isFollowing && 'is-following', isNotice && 'is-notice'];
  return (
    <article class={`note ${kind.filter(Boolean).join(' ')}`} aria-label={labelOf(note)}>
      {!isOwn && <span class="gutter">{!isFollowing && <Avatar name={note.from} />}</span>}
      <div class="bubble">
        {!isFollowing && <Head note={note} />}
        <Words text={note.text}>
          <span class="foot">
            <time title={fullTime(note.receivedAt)}>{clockTime(note.receivedAt)}</time>
            {isOwn && <Receipts note={note} />}
          </span>
        </Words>
      </div>
    </article>
  );
}

function labelOf({ isOwn, from, level, receivedAt }: PageNote): string {
  const what = level === 'info' ? 'Message' : level === 'alert' ? 'Alert' : 'Warning';
  return `${what} from ${isOwn ? 'you' : harmlessLine(from)}, ${clockTime(receivedAt)}`;
}

/** Who says it, and from where; of our own only what is not plain. */
function Head({ note }: { readonly note: PageNote }): JSX.Element | null {
  const { isOwn, level, from, computer, authenticated, isNotice } = note;
  if (isOwn && level === 'info') return null;
  return (
    <p class="head">
      {!isOwn && <bdi class="name">{isNotice ? 'The messenger' : harmlessLine(from)}</bdi>}
      {!isOwn && computer !== undefined && (
        <span class="detail">
          <bdi>{harmlessLine(computer)}</bdi>
        </span>
      )}
      {!isOwn && !authenticated && !isNotice && (
        <span class="chip is-doubtful" title="Nobody vouches for the computer that this came from">
          unconfirmed sender
        </span>
      )}
      {level !== 'info' && <span class={`chip is-${level}`}>{level}</span>}
      {isOwn && note.to === EVERYBODY && <span class="detail">to everybody</span>}
    </p>
  );
}

const SHORT_UNITS = 1500;
const SHORT_LINES = 24;

/** The text, and what stands behind it. What is very long is shown when somebody asks for it. */
function Words({
  text,
  children,
}: {
  readonly text: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const short = isWhole ? text : beginningOf(text);
  const isCut = short.length < text.length;
  return (
    <>
      <p class="words">
        {harmless(short)}
        {isCut && '…'}
      </p>
      {isCut && (
        <button type="button" class="more" onClick={() => setWhole(true)}>
          {`Show all of it, ${counted(text.length, 'character')}`}
        </button>
      )}
      {children}
    </>
  );
}

function beginningOf(text: string): string {
  const lines = text.slice(0, SHORT_UNITS).split('\n', SHORT_LINES + 1);
  const short = lines.slice(0, SHORT_LINES).join('\n');
  // Not in the midst of a surrogate pair.
  return short.length < text.length && /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}
