import { listMailslots } from 'mailslot';
import { decision } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { BUFFER, bytes, FOREVER, P } from './values.js';

/** What a read that waits ends with when its slot is closed. */
const ENDED = 'Ended';

export const decisions: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    'F-1': decision(
      'which error does a local write above the largest message give?',
      'ERROR_MESSAGE_EXCEEDS_MAX_SIZE (4336), which says what is wrong. The client knows the limit and refuses before a byte is sent, so the queue is as it was and the client goes on working.',
    ),
    'F-2': decision(
      'which error does a write give when the server end has been closed?',
      'ERROR_HANDLE_EOF (38), to which Windows maps a file that was closed by force. What was posted and not taken makes `close()` reject with it.',
    ),
    'F-3': decision(
      'which error does SetMailslotInfo on a client give?',
      'None: a client has no time-out that could be set. It can read the one of the slot.',
    ),
    'F-4': decision(
      'may a name be created again while clients of the slot that is gone are open?',
      'Yes, at once: the name ends with the server end. Those clients stay with the slot that is gone, their writes fail, and nothing of theirs reaches the new one.',
    ),
    'F-5': decision(
      'what becomes of a read that waits when the server end is closed?',
      '`read` and `readInto` reject with ERROR_HANDLE_EOF; what goes on until the slot is closed, `for await`, `consume` and `readable`, ends without an error. No read waits for ever.',
    ),
    'F-6': decision(
      'what does CreateFile of `\\\\.\\mailslot\\` do, and can slots be listed?',
      'An empty name is no name: ERROR_INVALID_NAME. Slots are listed by `listMailslots()`.',
    ),
    'F-10': decision(
      'what does CreateFile with a disposition other than OPEN_EXISTING do?',
      'There are no dispositions: opening never creates. Who wants to come before the server waits for it, with the option `wait`.',
    ),
  },
  async run(scene, check) {
    const absent = await outcomeOf(scene.open('absent'));
    check.fails('F-10', absent);
    check.is('F-10', (await listMailslots({ root: scene.root })).length, 0);

    const server = await scene.create(P, { maxMessageSize: 10, readTimeout: FOREVER });
    const tooLarge = await (await scene.open(P)).writeFile(Buffer.alloc(11));
    check.is('F-1', tooLarge.code, ERROR.MESSAGE_EXCEEDS_MAX_SIZE);
    check.is('F-1', (await server.info()).messageCount, 0);

    const client = await scene.open(P);
    const { end } = client;
    check.is('F-3', Reflect.has(end, 'readTimeout') || Reflect.has(end, 'setMailslotInfo'), false);
    check.is('F-3', (await client.info()).readTimeout, FOREVER);

    const empty = await outcomeOf(scene.open('\\\\.\\mailslot\\'));
    check.is('F-6', empty.code, ERROR.INVALID_NAME);
    const listed = await listMailslots({ root: scene.root });
    check.is('F-6', listed.map(({ name }) => name).join(), 'conformance');

    const waiting = server.readFile(BUFFER);
    check.is('F-5', await server.pendingReads(), 1);
    await server.close();
    const rejects = ['readInto', 'read', 'tryRead'].includes(scene.form.read);
    check.is('F-5', (await waiting).code, rejects ? ERROR.HANDLE_EOF : ENDED);

    const between = await scene.open(P).catch(() => undefined);
    check.is('F-4', between, undefined);
    const next = await scene.create(P, { readTimeout: 0 });
    const late = await client.writeInVain(bytes('late'));
    check.is('F-2', late.code, ERROR.HANDLE_EOF);
    check.is('F-4', (await next.info()).messageCount, 0);
    check.succeeds('F-4', await (await scene.open(P)).writeFile(bytes('new')));
    check.is('F-4', (await next.info()).messageCount, 1);
  },
});
