import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { NO_METHOD, outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { NO_READ, NO_WRITE, nativeFormOf, STATUS_BLOCK } from './reasons.js';
import { BUFFER, EIGHT, P } from './values.js';

/** What Windows may say of a read on a client: with read access the first, without it the second. */
const READ_REFUSED = [ERROR.INVALID_PARAMETER, ERROR.ACCESS_DENIED];

/** K33–K58: one client, what each end may not do, and who else may open the slot. */
export const kernel32Client: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    K33: holds('S, no clients', 'CreateFile P for writing, share mode 0', 'a handle (Vista and later)'),
    K34: holds('S', 'CreateFile P for reading and writing, sharing reads: C', 'succeeds'),
    K35: holds('C, empty', 'ReadFile S, 8 bytes', 'fails'),
    K36: holds('K35', 'last error', 'ERROR_SEM_TIMEOUT'),
    K37: differs('C', 'WriteFile S, 8 bytes', 'fails', NO_WRITE),
    K38: differs('K37', 'last error', 'ERROR_ACCESS_DENIED', NO_WRITE),
    K39: differs('empty', 'ReadFile C, 8 bytes', 'fails', NO_READ),
    K40: differs('K39', 'last error', 'ERROR_INVALID_PARAMETER or ERROR_ACCESS_DENIED', NO_READ),
    K41: holds('C', 'WriteFile C, 8 bytes', 'succeeds'),
    K42: differs('a message waits', 'ReadFile C, 8 bytes', 'fails', NO_READ),
    K43: differs('K42', 'last error', 'as K40', NO_READ),
    K44: notApplicable(
      'a message waits',
      'NtReadFile C, 16 bytes',
      'STATUS_INVALID_PARAMETER',
      nativeFormOf('K42'),
    ),
    K45: notApplicable('K44', "status block's Status", 'unchanged', STATUS_BLOCK),
    K46: notApplicable('K44', "status block's Information", 'unchanged', STATUS_BLOCK),
    K47: holds('8 bytes wait', 'ReadFile S, 16 bytes', 'succeeds'),
    K48: holds('K47', 'count', '8'),
    K49: holds('K47', 'ReadFile S, 16 bytes', 'fails'),
    K50: holds('K49', 'last error', 'ERROR_SEM_TIMEOUT'),
    K51: holds('C', 'CreateFile P for both, sharing reads', 'succeeds (Vista and later)'),
    K52: holds('C', 'CreateFile P for reading, sharing reads', 'succeeds (Vista and later)'),
    K53: holds('C', 'CreateFile P for writing, sharing reads', 'succeeds (Vista and later)'),
    K54: holds('S', 'CreateMailslot P again', 'fails'),
    K55: holds('C', 'CloseHandle C', 'succeeds'),
    K56: holds('S', 'CreateFile P for writing, sharing both: C1', 'succeeds'),
    K57: holds('C1', 'CreateFile P for writing, sharing reads', 'succeeds (Vista and later)'),
    K58: holds('C1', 'CreateFile P for writing, sharing both: C2', 'succeeds'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 0 });
    await (await scene.open(P)).close();
    check.succeeds('K33');
    const client = await scene.open(P);
    check.succeeds('K34');
    const empty = await server.readFile(8);
    check.fails('K35', empty);
    check.is('K36', empty.code, ERROR.SEM_TIMEOUT);

    const written = await server.writeAnyway(EIGHT);
    check.differs('K37', written.code, {
      ours: NO_METHOD,
      windows: [ERROR.ACCESS_DENIED, ERROR.INVALID_PARAMETER],
    });
    check.differs('K38', written.code, { ours: NO_METHOD, windows: [ERROR.ACCESS_DENIED] });
    const early = await client.readAnyway(new Uint8Array(8));
    check.differs('K39', early.code, { ours: NO_METHOD, windows: READ_REFUSED });
    check.differs('K40', early.code, { ours: NO_METHOD, windows: READ_REFUSED });
    check.succeeds('K41', await client.writeFile(EIGHT));
    const late = await client.readAnyway(new Uint8Array(8));
    check.differs('K42', late.code, { ours: NO_METHOD, windows: READ_REFUSED });
    check.differs('K43', late.code, { ours: NO_METHOD, windows: READ_REFUSED });

    const read = await server.readFile(BUFFER);
    check.succeeds('K47', read);
    check.is('K48', read.count, 8);
    const consumed = await server.readFile(BUFFER);
    check.fails('K49', consumed);
    check.is('K50', consumed.code, ERROR.SEM_TIMEOUT);

    for (const id of ['K51', 'K52', 'K53'] as const) {
      await (await scene.open(P)).close();
      check.succeeds(id);
    }
    check.fails('K54', await outcomeOf(scene.create(P)));
    check.succeeds('K55', await client.close());
    await scene.open(P);
    check.succeeds('K56');
    await (await scene.open(P)).close();
    check.succeeds('K57');
    await scene.open(P);
    check.succeeds('K58');
  },
});
