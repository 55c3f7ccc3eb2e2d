// Runs a command, and tells everybody when it is done: node examples/build-finished.mjs npm run build. Who runs a
// messenger (`mailslot serve --page`) sees it: a message if it went well, else an alert that stays until it is confirmed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { MailslotError } from 'mailslot';
import { sendNote } from 'mailslot/messenger';

const [command = process.execPath, ...args] =
  process.argv.length > 2 ? process.argv.slice(2) : [undefined, '-e', ''];

const began = performance.now();
const child = spawn(command, args, { stdio: 'inherit' });
const [code, signal] = await once(child, 'exit');
const seconds = Math.round((performance.now() - began) / 1000);
const isGood = code === 0;
const text = `the build ${isGood ? 'is finished' : `failed (${code ?? signal})`} after ${seconds} s`;

try {
  // Of a build that went well nobody wants to know tomorrow.
  await sendNote('*', text, isGood ? { ttl: 3600 } : { level: 'alert' });
  console.log(`told everybody: ${text}`);
} catch (error) {
  // A build is no worse because nobody listens.
  if (!(error instanceof MailslotError)) throw error;
  console.log(`${text}; nobody was told: ${error.code}`);
}
process.exitCode = code ?? 1;
