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
