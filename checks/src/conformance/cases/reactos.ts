import { holds } from '../cases.js';
import { type Group, group } from '../group.js';
import { FOREVER, P } from './values.js';

const VALUE = 0x50da;

/** R1–R6: one end waits in a read while the other writes. */
export const reactos: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    R1: holds('–', 'start a reader beside the writer', 'succeeds'),
    R2: holds('reader', 'CreateMailslot P, largest message 0, MAILSLOT_WAIT_FOREVER', 'succeeds'),
    R3: holds(
      'reader',
      'ReadFile, 4 bytes, before anything is written',
      'waits for the write, then succeeds',
    ),
    R4: holds('writer', 'CreateFile P for writing, sharing both', 'succeeds'),
    R5: holds('writer, a second later', 'WriteFile, 4 bytes: 0x50DA', 'succeeds'),
    R6: holds('R3, R5', 'value that was read', '0x50DA'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { maxMessageSize: 0, readTimeout: FOREVER });
    check.succeeds('R2');
    const reading = server.readFile(4);
    check.is('R1', await server.pendingReads(), 1);
    const client = await scene.open(P);
    check.succeeds('R4');
    // Windows' test waits a second to be sure that the reader waits; here the reader itself says so.
    check.is('R3', await server.pendingReads(), 1);
    const value = Buffer.alloc(4);
    value.writeUInt32LE(VALUE);
    check.succeeds('R5', await client.writeFile(value));
    const read = await reading;
    check.succeeds('R3', read);
    check.is('R6', Buffer.from(read.data).readUInt32LE(), VALUE);
  },
});
