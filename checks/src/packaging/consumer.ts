// A program of somebody else: compiled and run here against the workspace, and by the packaging check against the
// packed library, under flags as strict as anyone's.
import {
  createMailslot,
  listMailslots,
  type Mailslot,
  type MailslotClient,
  MailslotError,
  type Message,
  openMailslot,
  sendMessage,
} from 'mailslot';

const name = 'app/events';
const slot: Mailslot = await createMailslot(name, { queue: { whenFull: 'reject' }, access: 'owner' });
await sendMessage(name, 'first');

const client: MailslotClient = await openMailslot(name, { signal: AbortSignal.timeout(10_000) });
await client.write(new Uint8Array([0x7b, 0x7d]));
const { messageCount, nextMessageSize = 0 } = await client.info();
await client.close();

const first: Message = await slot.read({ timeout: 1000 });
const second = slot.tryRead();
const entries = await listMailslots();
await slot.close();

const code: string = await sendMessage(name, 'too late').then(
  () => 'sent',
  (error: unknown) => (error instanceof MailslotError ? error.code : 'unknown'),
);

const seen = {
  messageCount,
  nextMessageSize,
  first: first.text(),
  second: second?.json(),
  slots: entries.length,
  code,
};
console.log(JSON.stringify(seen));
