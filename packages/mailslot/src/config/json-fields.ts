import type { MailslotError } from '../errors.js';

/** Makes the error for a reason, as `it is not JSON`. */
export type Refuse = (reason: string) => MailslotError;

/** Takes the fields of a JSON object one by one, each of the right type; what nobody took is refused at the end. */
export class Fields {
  private readonly values: ReadonlyMap<string, unknown>;
  private readonly at: string;
  private readonly refuse: Refuse;
  private readonly known: string[] = [];

  /** @param at where the object stands, for errors: `domains[0]` */
  constructor(value: unknown, at: string, refuse: Refuse) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refuse(`${at} is an object in {}, not ${kindOf(value)}`);
    }
    this.values = new Map(Object.entries(value));
    this.at = at;
    this.refuse = refuse;
  }

  text(name: string): string | undefined {
    const value = this.take(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    throw this.wrong(name, 'a text');
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw this.refuse(`${this.place(name)} is missing`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.take(name);
    if (value === undefined || typeof value === 'number') return value;
    throw this.wrong(name, 'a number');
  }

  flag(name: string): boolean | undefined {
    const value = this.take(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.wrong(name, 'true or false');
  }

  /** False where the field is `false`, which is another way to say that there is no such object. */
  objectOrFalse(name: string): Fields | false | undefined {
    if (this.values.get(name) !== false) return this.object(name);
    this.known.push(name);
    return false;
  }

  texts(name: string): string[] | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const isTexts = Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
    if (!isTexts || value.length === 0) throw this.wrong(name, 'a list of texts, not empty');
    return value as string[];
  }

  object(name: string): Fields | undefined {
    const value = this.take(name);
    return value === undefined ? undefined : new Fields(value, this.place(name), this.refuse);
  }

  /** Objects; a missing list is an empty one. */
  list(name: string, most: number): Fields[] {
    const value = this.take(name) ?? [];
    if (!Array.isArray(value)) throw this.wrong(name, 'a list in []');
    if (value.length > most) throw this.refuse(`${this.place(name)} has more than ${most} entries`);
    return value.map((entry, at) => new Fields(entry, `${this.place(name)}[${at}]`, this.refuse));
  }

  done(): void {
    const unknown = [...this.values.keys()].find((name) => !this.known.includes(name));
    if (unknown === undefined) return;
    throw this.refuse(
      `${this.at} has no field ${JSON.stringify(unknown)}; known are ${this.known.join(', ')}`,
    );
  }

  /** For errors: `domains[0].name`. */
  place(name: string): string {
    return this.at === 'the file' ? name : `${this.at}.${name}`;
  }

  /** The value itself is not shown: it may be a secret. */
  wrong(name: string, expected: string): MailslotError {
    return this.refuse(`${this.place(name)} is ${expected}`);
  }

  private take(name: string): unknown {
    this.known.push(name);
    return this.values.get(name);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
