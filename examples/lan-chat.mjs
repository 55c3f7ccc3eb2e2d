// A chat of all computers of a domain, without a server: node examples/lan-chat.mjs [NAME]. Each who runs it has a slot,
// and writes to the slots of all. Ctrl-D ends it. Without a domain it is a chat with yourself.
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { createMailslot, openMailslot } from 'mailslot';

const NAME = process.argv[2] ?? hostname();

// A chat may lose a message, and must not hold up who writes: what nobody has read for long makes room.
const slot = await createMailslot('examples/chat', {
  remote: 'domain',
  maxMessageSize: 10_000,
  queue: { bytes: 1_000_000, whenFull: 'drop-oldest' },
});
const everybody = await openMailslot('//*/mailslot/examples/chat');
const { stdin: input, stdout: output } = process;
const lines = createInterface({ input, output, terminal: output.isTTY === true, prompt: '> ' });

const reading = slot.consume((message) => {
  const { computer = 'here' } = message.sender;
  show(`${computer}: ${message.text()}`);
});

if (output.isTTY) lines.prompt();
for await (const line of lines) {
  if (line !== '') await everybody.write(`${NAME}: ${line}`);
  if (output.isTTY) lines.prompt();
}
await everybody.close();
await slot.close();
await reading;

/** Above the line that is being typed. What others wrote is shown to the terminal, which must not obey it. */
function show(text) {
  const harmless = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '·');
  output.write(output.isTTY ? `\r\x1b[K${harmless}\n` : `${harmless}\n`);
  if (output.isTTY) lines.prompt(true);
}
