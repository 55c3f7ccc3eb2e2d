import { writeSync } from 'node:fs';
import { openHistory } from './history.js';
import { noteOf } from './messenger.test.support.js';

/** Each so many of the notes fill several pages, so that a kill may come in the midst of writing one. */
const LONG_EACH = 10;
const LONG = 50_000;

// The program `FOLDER NAME COUNT`: adds so many notes to a history, and says of each when it is in.
const [folder = '', name = '', count = '0'] = process.argv.slice(2);
const history = openHistory(folder);
for (let at = 0; at < Number(count); at += 1) {
  const text = `${name} ${at} `.padEnd(at % LONG_EACH === 0 ? LONG : LONG / 100, 'x');
  history.append(noteOf({ text }));
  writeSync(1, `${at}\n`);
}
