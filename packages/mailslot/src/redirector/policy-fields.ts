import type { Step } from './policy-lines.js';

/** Is told what is wrong at a place of the file, as `['rules', 2, 'from']`. */
export type Complain = (path: readonly Step[], text: string) => void;

/** The fields of an object of a policy file; what is wrong with one is said, and it counts as absent. */
export class Fields {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly path: readonly Step[];
  private readonly complain: Complain;

  /** @param what as `a rule`. A field that is not `known` may be a bound with a misspelled name: it is refused. */
  constructor(
    what: string,
    value: unknown,
    path: readonly Step[],
    known: readonly string[],
    complain: Complain,
  ) {
    this.path = path;
    this.complain = complain;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.values = isObject ? (value as Readonly<Record<string, unknown>>) : {};
    if (!isObject) complain(path, `${what} is an object: { … }`);
    for (const key of Object.keys(this.values)) {
      if (!known.includes(key))
        this.refuse(key, `unknown field ${JSON.stringify(key)}; ${what} may have ${known.join(', ')}`);
    }
  }

  has(key: string): boolean {
    return this.values[key] !== undefined;
  }

  refuse(key: string, text: string): void {
    this.complain([...this.path, key], text);
  }

  text(key: string): string | undefined {
    return this.take(key, 'a text', (value) => typeof value === 'string' && value !== '');
  }

  flag(key: string): boolean | undefined {
    return this.take(key, 'true or false', (value) => typeof value === 'boolean');
  }

  list(key: string): readonly unknown[] | undefined {
    return this.take(key, 'a list: [ … ]', Array.isArray);
  }

  /** A whole number from `lowest`. */
  number(key: string, lowest: number): number | undefined {
    return this.take(key, `a whole number from ${lowest}`, (value) => {
      return Number.isSafeInteger(value) && (value as number) >= lowest;
    });
  }

  choice<Value extends string>(key: string, values: readonly Value[]): Value | undefined {
    const expected = values.map((value) => `"${value}"`).join(' or ');
    return this.take(key, expected, (value) => values.includes(value as Value));
  }

  /** The caller's `isRight` makes sure that the value is a T. */
  private take<T>(key: string, expected: string, isRight: (value: unknown) => boolean): T | undefined {
    const value = this.values[key];
    if (value === undefined) return undefined;
    if (isRight(value)) return value as T;
    this.refuse(key, `${key} is ${expected}, not ${JSON.stringify(value)}`);
    return undefined;
  }
}
