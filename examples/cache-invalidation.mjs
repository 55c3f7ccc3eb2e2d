// Every process keeps a cache and a slot of its own under one common name; who changes something tells them all.
import { fork } from 'node:child_process';
import { createMailslot, listMailslots, sendMessage } from 'mailslot';

const FAMILY = 'examples/caches/';

async function cache(number) {
  const prices = new Map([
    ['tea', number],
    ['coffee', number],
  ]);
  const slot = await createMailslot(`${FAMILY}${number}`);
  await sendMessage('examples/ready', '');
  const message = await slot.read({ timeout: 10_000 });
  prices.delete(message.text());
  console.log(`cache ${number} forgot ${message.text()} and still knows ${[...prices.keys()]}`);
  await slot.close();
}

async function main() {
  const ready = await createMailslot('examples/ready', { readTimeout: 10_000 });
  for (const number of [1, 2, 3]) fork(import.meta.filename, [`${number}`]);
  for (let missing = 3; missing > 0; missing -= 1) await ready.read();
  await ready.close();

  const names = (await listMailslots()).flatMap(({ name }) => (name?.startsWith(FAMILY) ? [name] : []));
  await Promise.all(names.map((name) => sendMessage(name, 'tea')));
  console.log(`told ${names.length} caches`);
}

await (process.argv[2] ? cache(Number(process.argv[2])) : main());
