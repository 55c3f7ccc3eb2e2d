import { styleText } from 'node:util';

/** A word in colour where standard output is a terminal that has some and nobody has forbidden it (NO_COLOR, TERM=dumb). */
export function coloured(colour: 'green' | 'red', word: string): string {
  const { stdout } = process;
  return stdout.isTTY && stdout.hasColors() ? styleText(colour, word) : word;
}
