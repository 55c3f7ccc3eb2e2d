import { write } from '../commands/slots/write.js';
import { fail, note } from '../terminal/exit.js';

const argv = process.argv.slice(2);

// Node's own way to tell of a warning speaks of Node.
process.removeAllListeners('warning');
process.on('warning', (warning) => note(warning, asksForJson(argv)));

// What a command prints it has waited for. To end by itself, the process would first take apart what is left.
run(argv).then(
  () => process.exit(),
  (error: unknown) => fail(error, asksForJson(argv)),
);

async function run(words: readonly string[]): Promise<void> {
  if (words.some((word) => word.includes('\ufffd'))) {
    (await import('./argument-bytes.js')).refuseGarbled(words);
  }
  if (words.some((word) => word.startsWith('-')) || !(await runPlain(words))) {
    const { runProgram } = await import('./program.js');
    await runProgram(words);
  }
}

/**
 * Without an option there is nothing to parse: does at once what the parser would come to, which takes a third of
 * the time. False: it is the parser's turn.
 */
async function runPlain([command, name, ...more]: readonly string[]): Promise<boolean> {
  if (command === 'write' && name !== undefined) await write(name, more, {});
  else if (more.length > 0) return false;
  else if (command === 'listen' && name !== undefined)
    await (await import('../commands/slots/receive.js')).listen(name, {});
  else if (command === 'info' && name !== undefined)
    await (await import('../commands/slots/info.js')).info(name, {});
  else if (command === 'list' && name === undefined)
    await (await import('../commands/slots/list.js')).list({});
  else return false;
  return true;
}

/** Asked before parsing: errors of the parser are told as JSON too. */
function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return words
    .slice(0, end < 0 ? undefined : end)
    .some((word) => word === '--json' || /^-[a-z]*j/.test(word));
}
