/** A change of the built code, and the test that must notice it. Paths are from the root of the checkout. */
export interface Canary {
  /** What the change does, in words. */
  readonly name: string;
  /** A `defect` must turn the test red. A `harmless` change must not: it proves that this alarm can stay silent. */
  readonly kind: 'defect' | 'harmless';
  /**
   * The emitted file that is changed: `packages/mailslot/dist/…`, or `packages/cli/dist/mailslot.cjs`, the bundle, where
   * a test starts the CLI.
   */
  readonly file: string;
  /** Text that stands in the file exactly once, … */
  readonly find: string;
  /** … and what takes its place. */
  readonly replace: string;
  /** The built test file: `packages/mailslot/dist/….test.js`. */
  readonly test: string;
  /** Only tests whose names match this regular expression are run. Default: all of the file. */
  readonly pattern?: string;
}

const slotName = {
  file: 'packages/mailslot/dist/name/slot-name.js',
  test: 'packages/mailslot/dist/name/slot-name.test.js',
};

export const canaries: readonly Canary[] = [
  {
    ...slotName,
    kind: 'harmless',
    name: 'name: a comment reads differently',
    find: 'The shortest spelling',
    replace: 'A short spelling',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: upper and lower case make two names',
    find: 'key: upperCase(',
    replace: 'key: String(',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: a slot here and one of the same name elsewhere meet',
    find: 'host === undefined ? path :',
    replace: 'true ? path :',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: a backslash separates nothing',
    find: String.raw`character === '\\' ||`,
    replace: '',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: .. is an ordinary component',
    find: ` || component === '..'`,
    replace: '',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: half a surrogate pair passes',
    find: 'unit > 0xdbff || ',
    replace: '',
  },
  {
    ...slotName,
    kind: 'defect',
    name: 'name: the position of an empty component is off by one',
    find: `Math.min(at, text.length), 'a component is empty'`,
    replace: `Math.min(at + 1, text.length), 'a component is empty'`,
  },
];
