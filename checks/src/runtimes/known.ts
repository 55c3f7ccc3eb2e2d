export interface KnownFailure {
  /** With its version: another one has to show again what it can do. */
  readonly runtime: string;
  readonly test: string;
  readonly reason: string;
}

/** What is known to fail, and why that is no defect of the library. */
export const KNOWN: readonly KnownFailure[] = [];
