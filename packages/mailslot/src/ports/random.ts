/** Chance, as the rest of the system sees it. */
export interface Random {
  /** `length` bytes nobody can guess. */
  bytes(length: number): Uint8Array;
}

export const realRandom: Random = {
  // Loaded on first use: a process that only writes needs no chance, and loading costs it 1.7 ms.
  bytes: (length) => process.getBuiltinModule('node:crypto').randomBytes(length),
};
