// `manners.js PLAY ROOT` plays one of the plays, closes what it opened, and leaves it to Node to end the process.
// Without a play it prints the names of all.
import { createMailslot, openMailslot } from 'mailslot';
import { mixing } from './plays/mixing.js';
import { QUEUE_BYTES } from './plays/play.js';
import { reading } from './plays/reading.js';
import { waiting } from './plays/waiting.js';
import { writing } from './plays/writing.js';

const plays = { ...reading, ...writing, ...waiting, ...mixing };
const UNREF = 'a slot and a client that are open, and unref';

const [name, root] = process.argv.slice(2);
if (name === undefined || root === undefined) console.log([...Object.keys(plays), UNREF].join('\n'));
else {
  const slot = await createMailslot('manners', { root, queue: { bytes: QUEUE_BYTES } });
  const client = await openMailslot('manners', { root });
  const play = plays[name];
  if (play) {
    await play(slot, client);
    // A play that ended them, or tried, has seen how.
    await Promise.allSettled([client.close(), slot.close()]);
  } else {
    client.unref();
    slot.unref();
  }
}
