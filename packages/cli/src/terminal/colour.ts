import { styleText } from 'node:util';
import { canDraw } from './can-draw.js';

/** A word in colour where standard output is a terminal that has some and nobody has forbidden it (NO_COLOR, TERM=dumb). */
export function coloured(colour: 'green' | 'red', word: string): string {
  const { stdout } = process;
  return canDraw(stdout) && stdout.hasColors() ? styleText(colour, word) : word;
}
