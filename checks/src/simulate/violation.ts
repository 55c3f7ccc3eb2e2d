/** Something happened that must never happen. */
export class Violation extends Error {
  override readonly name: string = 'Violation';
}

export function must(isSo: boolean, otherwise: () => string): asserts isSo {
  if (!isSo) throw new Violation(otherwise());
}
