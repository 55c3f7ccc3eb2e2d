/** White space and one token of JSON: a text, a word or number, or a mark. */
const TOKEN =
  /[ \t\r\n]*(?:("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{},:]))/y;

/** What may come next; `first` and `first key` only behind a bracket, where it may be closed at once. */
type State = 'value' | 'first' | 'key' | 'first key' | 'colon' | 'comma' | 'end';

/**
 * The line, from 1, of the first thing in a text that is no JSON; `undefined`: it is JSON. Where the text ends too early it
 * is the last line that has anything. What `JSON.parse` throws names the place only sometimes, and only in its sentence.
 */
export function lineOfMistake(text: string): number | undefined {
  const open: string[] = [];
  let state: State = 'value';
  for (let at = 0; ; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return lineOf(text, at, state === 'end');
    const next = after(state, found, open);
    if (next === undefined) return lineOf(text, at, false);
    state = next;
  }
}

/** `undefined`: this may not come here. */
function after(state: State, [, text, word, mark]: RegExpExecArray, open: string[]): State | undefined {
  const closed = open.length > 1 ? 'comma' : 'end';
  const isValueDue = state === 'value' || state === 'first';
  if (text !== undefined && (state === 'key' || state === 'first key')) return 'colon';
  if (text !== undefined || word !== undefined)
    return isValueDue ? (open.length > 0 ? 'comma' : 'end') : undefined;
  switch (mark) {
    case '[':
    case '{':
      if (!isValueDue) return undefined;
      open.push(mark);
      return mark === '[' ? 'first' : 'first key';
    case ']':
    case '}': {
      const isFirst = state === (mark === ']' ? 'first' : 'first key');
      if (open.at(-1) !== (mark === ']' ? '[' : '{') || !(isFirst || state === 'comma')) return undefined;
      open.pop();
      return closed;
    }
    case ':':
      return state === 'colon' ? 'value' : undefined;
    default:
      if (state !== 'comma') return undefined;
      return open.at(-1) === '[' ? 'value' : 'key';
  }
}

/** The line of what stands at a position or behind the white space there. */
function lineOf(text: string, position: number, isWhole: boolean): number | undefined {
  const rest = text.slice(position);
  const begin = rest.search(/[^ \t\r\n]/);
  if (begin < 0 && isWhole) return undefined;
  const until = begin < 0 ? text.trimEnd().length : position + begin;
  return text.slice(0, until).split('\n').length;
}
