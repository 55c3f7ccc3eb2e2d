import type { Canary } from './canary.js';

const room = 'packages/cli/dist';
/** Most of the CLI, where a test starts it as a shell does. */
const bundle = `${room}/mailslot.cjs`;

/** Where the command line would end, garble, run or hide what it must not. */
export const cliCanaries: readonly Canary[] = [
  {
    kind: 'harmless',
    name: 'cli: a comment reads differently',
    file: `${room}/output.js`,
    find: 'a slow reader slows us down',
    replace: 'a slow reader holds us up',
    test: `${room}/output.test.js`,
    pattern: '^for a reader',
  },
  {
    kind: 'defect',
    name: 'cli: a reader of output that has gone ends the process with a stack trace',
    file: bundle,
    find: `if (stream.listenerCount("error") === 0) stream.on("error", () => {});`,
    replace: '',
    test: `${room}/output.test.js`,
    pattern: 'goes on',
  },
  {
    kind: 'defect',
    name: 'cli: what nobody reads is kept without a bound',
    file: `${room}/output.js`,
    find: '<= UNREAD_BYTES',
    replace: '<= Infinity',
    test: `${room}/output.test.js`,
    pattern: '^for a reader',
  },
  {
    kind: 'defect',
    name: 'cli: a system error is told raw',
    file: `${room}/system-words.js`,
    find: '.replace(OF_FILES,',
    replace: '.replace(/nothing like that/g,',
    test: `${room}/system-words.test.js`,
  },
  {
    kind: 'defect',
    name: 'cli: Latin-1 is sent with question marks',
    file: `${room}/text-input.js`,
    find: 'if (isUtf8(bytes))',
    replace: 'if (bytes)',
    test: `${room}/text-input.test.js`,
    pattern: '^bytes that are none',
  },
  {
    kind: 'defect',
    name: 'cli: an argument in Latin-1 is taken',
    file: bundle,
    find: `word.includes("�")`,
    replace: 'false',
    test: `${room}/text-input.test.js`,
    pattern: '^an argument',
  },
  {
    kind: 'defect',
    name: 'cli: on Windows a variable holds what others wrote',
    file: `${room}/command-environment.js`,
    find: `[name, '']`,
    replace: '[name, theirs[name]]',
    test: `${room}/command-environment.test.js`,
  },
  {
    kind: 'defect',
    name: 'cli: a signal leaves the children of a command',
    file: `${room}/mailslot-run-command.cjs`,
    find: 'return process.kill(-pid, signal);',
    replace: 'return process.kill(pid, signal);',
    test: `${room}/run-command.test.js`,
    pattern: '^SIGTERM',
  },
  {
    kind: 'defect',
    name: 'cli: a new key speaks on other interfaces than were chosen',
    file: `${room}/mailslot-key-actions.cjs`,
    find: 'store.create(domain, speaking.interfaces)',
    replace: 'store.create(domain)',
    test: `${room}/key-interfaces.test.js`,
    pattern: '^--interface',
  },
];
