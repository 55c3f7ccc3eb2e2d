import type { PageName, Receipt } from '@mailslot/web/api';
import { MailslotError } from 'mailslot';
import type { Level, Note, PageMessenger, PageNetwork } from './messenger.js';

type Listener = (note: Note) => void;

/** What a note of a test may say of itself; the rest is as usual. */
export type NoteParts = Partial<Note>;

/** A messenger without slots: notes come when a test says so. */
export class FakeMessenger implements PageMessenger {
  readonly computer = 'ALPHA';
  readonly notes: Note[] = [];
  readonly confirmed: string[] = [];
  readonly #onNote = new Set<Listener>();
  readonly #onChange = new Set<Listener>();
  #names: PageName[] = [
    { name: '*', kind: 'everybody', state: 'yours' },
    { name: 'ALPHA', kind: 'computer', state: 'yours' },
    { name: 'ANNA', kind: 'user', state: 'yours' },
  ];
  #time = Date.now() - 3_600_000;

  readonly history: PageMessenger['history'] = {
    notes: ({ limit = Number.POSITIVE_INFINITY, before, search = '', with: partner, unreadOnly }) => {
      const end = before === undefined ? this.notes.length : this.notes.findIndex(({ id }) => id === before);
      const fitting = this.notes
        .slice(0, Math.max(0, end))
        .filter((note) => partner === undefined || partnerOf(note) === partner)
        .filter((note) => !unreadOnly || !note.isRead)
        .filter((note) => note.text.toLowerCase().includes(search.toLowerCase()));
      return fitting.slice(Math.max(0, fitting.length - limit));
    },
  };

  names(): readonly PageName[] {
    return this.#names;
  }

  /** Another account has this user's name; `undefined`: no longer. */
  squat(by: number | undefined): void {
    const own: PageName = { name: 'ANNA', kind: 'user', state: by === undefined ? 'yours' : 'taken' };
    this.#names = [...this.#names.slice(0, -1), by === undefined ? own : { ...own, squatter: by }];
  }

  async addName(name: string): Promise<void> {
    if (name === 'TAKEN') throw new MailslotError('ERR_MAILSLOT_ALREADY_EXISTS', 'TAKEN is taken on BRAVO');
    this.#names = [...this.#names, { name: name.toUpperCase(), kind: 'alias', state: 'yours' }];
  }

  async removeName(name: string): Promise<void> {
    this.#names = this.#names.filter((each) => each.name !== name);
  }

  async send(
    to: string,
    text: string,
    { level = 'info', anyway }: { level?: Level; anyway?: boolean },
  ): Promise<Note> {
    if (to === 'NOBODY' && !anyway)
      throw new MailslotError(
        'ERR_MAILSLOT_NOT_FOUND',
        'nobody answers to NOBODY in OFFICE, so nothing was sent',
      );
    if (to.includes('/')) throw new MailslotError('ERR_MAILSLOT_INVALID_NAME', `${to} is no messenger name`);
    return this.receive({ from: 'ANNA', to, text, level, isOwn: true, isRead: true, receivedAt: Date.now() });
  }

  async confirm(id: string): Promise<void> {
    this.confirmed.push(id);
    this.change(id, { isRead: true });
  }

  onNote(listener: Listener): () => void {
    this.#onNote.add(listener);
    return () => this.#onNote.delete(listener);
  }

  onChange(listener: Listener): () => void {
    this.#onChange.add(listener);
    return () => this.#onChange.delete(listener);
  }

  /** How many listen. */
  get listeners(): number {
    return this.#onNote.size + this.#onChange.size;
  }

  /** A note comes. */
  receive(parts: NoteParts): Note {
    this.#time += 1000;
    const usual = {
      id: (this.notes.length + 1).toString(16).padStart(16, '0'),
      from: 'BOB',
      computer: 'BRAVO',
      authenticated: true,
      to: 'ANNA',
      text: 'hello',
      level: 'info' as const,
      time: this.#time,
      receivedAt: this.#time,
      isOwn: false,
      isRead: false,
      isNotice: false,
      receipts: [],
    };
    const note = { ...usual, ...parts };
    this.notes.push(note);
    for (const listener of this.#onNote) listener(note);
    return note;
  }

  change(id: string, parts: NoteParts): void {
    const index = this.notes.findIndex((note) => note.id === id);
    if (index < 0) return;
    const note = { ...this.notes[index]!, ...parts };
    this.notes[index] = note;
    for (const listener of this.#onChange) listener(note);
  }

  receipt(id: string, receipt: Receipt): void {
    const note = this.notes.find((each) => each.id === id)!;
    this.change(id, { receipts: [...note.receipts, receipt] });
  }
}

function partnerOf({ isOwn, to, from }: Note): string {
  return isOwn || to === '*' ? to : from;
}

/** A domain of some computers, of which ALPHA is this one. */
export function fakeNetwork(domain: string | null, ...names: readonly string[]): PageNetwork {
  const since = Date.now();
  const computers = ['ALPHA', ...names].map((name) => {
    return { name, domain: domain ?? '', state: 'here' as const, since, isThis: name === 'ALPHA' };
  });
  return { domain, computers: () => computers, onChange: () => () => {} };
}
