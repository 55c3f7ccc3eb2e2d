/** Whether what a stream leads to moves its cursor when it is told to: a terminal, and not a dumb one. */
export function canDraw({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && process.env['TERM'] !== 'dumb';
}
