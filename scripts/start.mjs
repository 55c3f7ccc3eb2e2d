// `npm start [-- NAME …]`: opens a mailslot, `hello` if none is named, and shows what arrives.
// Everything given goes to `mailslot listen` as it is.
import { ensure } from './ensure.mjs';
import { become } from './run.mjs';

const given = process.argv.slice(2);
const args = given.length === 0 || given[0].startsWith('-') ? ['hello', ...given] : given;
const quoted = (word) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
const name = quoted(args[0]);
const rootAt = args.indexOf('--root');
const root = rootAt < 0 ? '' : ` --root ${quoted(args[rootAt + 1] ?? '')}`;

await ensure();
console.log(`To write to the mailslot ${name}, from another terminal in this folder:`);
console.log(`  npx mailslot write${root} ${name} "Hello"`);
await become('packages/cli/bin/mailslot.cjs', 'listen', ...args);
