import type { PageNote } from '@mailslot/web/api';
import { type Feed, pageNote } from './feed.js';
import { NOTES_MAX } from './limits.js';
import type { Level, Note, PageMessenger } from './messenger.js';
import { Refusal } from './refusal.js';

type Fields = Readonly<Record<string, unknown>>;

const levels: readonly unknown[] = ['info', 'warning', 'alert'];
const receipts: readonly unknown[] = [undefined, 'delivered', 'read'];

/** What a page asks to be done. The messenger itself checks names and texts. */
export class Deeds {
  readonly #messenger: PageMessenger;
  readonly #feed: Feed;

  constructor(messenger: PageMessenger, feed: Feed) {
    this.#messenger = messenger;
    this.#feed = feed;
  }

  /** `POST send` */
  async send({ to, text, level = 'info', wants, anyway }: Fields): Promise<PageNote> {
    if (typeof to !== 'string' || typeof text !== 'string')
      throw new Refusal(400, 'to and text must be strings');
    if (!levels.includes(level)) throw new Refusal(400, 'level must be info, warning or alert');
    if (!receipts.includes(wants)) throw new Refusal(400, 'wants must be delivered or read, or left out');
    const asked = { ...(wants !== undefined && { wants: wants as 'delivered' }), anyway: anyway === true };
    const options = { level: level as Level, ...asked };
    return pageNote(await this.#messenger.send(to, text, options));
  }

  /** `POST read`: these notes, alerts too; or all of a conversation, save alerts: those are confirmed one by one. */
  async read({ ids, with: partner }: Fields): Promise<object> {
    if (typeof partner === 'string') {
      await this.#readAll(partner);
      this.#feed.haveRead(partner);
    } else if (isIds(ids)) {
      for (const id of ids) await this.#messenger.confirm(id);
      this.#feed.haveConfirmed(ids);
    } else throw new Refusal(400, `ids must be at most ${NOTES_MAX} strings, or with a string`);
    return {};
  }

  async #readAll(partner: string): Promise<void> {
    let before: string | undefined;
    while (true) {
      const wanted = { with: partner, unreadOnly: true, limit: NOTES_MAX };
      const notes = this.#messenger.history.notes({ ...wanted, ...(before !== undefined && { before }) });
      for (const { id, level } of notes) if (level !== 'alert') await this.#messenger.confirm(id);
      if (notes.length < NOTES_MAX) return;
      before = oldestOf(notes).id;
    }
  }

  /** `POST names` */
  async names({ add, remove }: Fields): Promise<object> {
    if (typeof add === 'string') await this.#messenger.addName(add);
    else if (typeof remove === 'string') await this.#messenger.removeName(remove);
    else throw new Refusal(400, 'add or remove must be a name');
    this.#feed.checkNames();
    return {};
  }
}

function isIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= NOTES_MAX && value.every((each) => typeof each === 'string');
}

function oldestOf(notes: readonly Note[]): Note {
  return notes.reduce((one, other) => (other.receivedAt < one.receivedAt ? other : one));
}
