// `npm start`: the messenger with its page, whose link it prints. Options go to `mailslot serve` as they are.
import { ensure } from './ensure.mjs';
import { become } from './run.mjs';

await ensure();
console.log('Open the link below. To send a message, from another terminal in this folder:');
console.log(`  npx mailslot send "*" hello`);
await become('packages/cli/bin/mailslot.cjs', 'serve', '--page', ...process.argv.slice(2));
