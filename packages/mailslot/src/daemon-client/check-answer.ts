import { MailslotError } from '../errors.js';

type Kind = 'string' | 'number' | 'object' | 'list';
type Shape = Readonly<Record<string, Kind>>;

/** What whoever asked relies on; other fields an older or newer redirector may lack, or have more of. */
const SHAPES: Readonly<Record<string, Shape>> = {
  status: { computer: 'string', instance: 'string', pid: 'number', domains: 'list', statistics: 'object' },
  computers: { name: 'string', domain: 'string', state: 'string' },
  watch: { change: 'string', computer: 'object' },
  self: { computer: 'string', domains: 'list' },
  probe: { computer: 'string', instance: 'string', domain: 'string', via: 'string', asked: 'string' },
};

/** The line, if it has what an answer to such a question has. Throws `ERR_MAILSLOT_MALFORMED` otherwise. */
export function checkAnswer(asked: string, line: Record<string, unknown>): Record<string, unknown> {
  const wrong = Object.entries(SHAPES[asked] ?? {}).find(([field, kind]) => kindOf(line[field]) !== kind);
  if (wrong === undefined) return line;
  const [field, kind] = wrong;
  throw new MailslotError(
    'ERR_MAILSLOT_MALFORMED',
    `the redirector answered "${asked}" with a line whose "${field}" is no ${kind}: it may be of another version`,
    { remedy: 'start it again ("mailslot serve")' },
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return value === null ? 'nothing' : typeof value;
}
