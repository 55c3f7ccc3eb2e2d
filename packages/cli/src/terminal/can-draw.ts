/** Whether what a stream leads to moves its cursor when it is told to: a terminal, and not a dumb one. */
export function canDraw({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && obeysEscapes(process.env['TERM'], process.platform);
}

/** One that has no name, or is dumb, may obey nothing. Those of Windows have none, and do. */
export function obeysEscapes(term: string | undefined, platform: NodeJS.Platform): boolean {
  return term === undefined || term === '' ? platform === 'win32' : term !== 'dumb';
}
