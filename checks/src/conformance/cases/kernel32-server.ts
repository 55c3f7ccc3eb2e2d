import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { NO_METHOD } from '../outcome.js';
import { GARBAGE } from '../server.js';
import { ERROR } from '../win32.js';
import { NO_COUNT, NO_WRITE, nativeFormOf, STATUS_BLOCK } from './reasons.js';
import { BUFFER, bytes, P } from './values.js';

/** K16–K32: a server end that nobody writes to. */
export const kernel32Server: Group = group({
  varies: ['process', 'read'],
  cases: {
    K16: holds(
      'the variable for the count holds garbage',
      'ReadFile on the invalid handle, 0 bytes',
      'fails',
    ),
    K17: differs(
      'K16',
      'last error',
      'ERROR_INVALID_HANDLE',
      'the only invalid handle here is a slot that was closed, and it says so: ERROR_HANDLE_EOF, as a client of it does',
    ),
    K18: differs('K16', 'count', '0', NO_COUNT),
    K19: holds('S, empty, time-out 0, garbage in the count', 'ReadFile S, 0 bytes', 'fails'),
    K20: holds('K19', 'last error', 'ERROR_SEM_TIMEOUT'),
    K21: differs('K19', 'count', '0', NO_COUNT),
    K22: holds('S, empty', 'ReadFile S, 16 bytes', 'fails'),
    K23: holds('K22', 'last error', 'ERROR_SEM_TIMEOUT'),
    K24: notApplicable(
      'K22',
      'ReadFile succeeded all the same',
      'count 0',
      "a branch of Wine's test that K22 makes unreachable, on Windows too",
    ),
    K25: differs('S', 'WriteFile S, 16 bytes', 'fails', NO_WRITE),
    K26: differs('K25', 'last error', 'ERROR_ACCESS_DENIED', NO_WRITE),
    K27: notApplicable('S, empty', 'NtReadFile S, 16 bytes', 'STATUS_IO_TIMEOUT', nativeFormOf('K22')),
    K28: notApplicable('K27', "status block's Status", 'unchanged', STATUS_BLOCK),
    K29: notApplicable('K27', "status block's Information", 'unchanged', STATUS_BLOCK),
    K30: notApplicable('S', 'NtWriteFile S, 16 bytes', 'STATUS_ACCESS_DENIED', nativeFormOf('K25')),
    K31: notApplicable('K30', "status block's Status", 'unchanged', STATUS_BLOCK),
    K32: notApplicable('K30', "status block's Information", 'unchanged', STATUS_BLOCK),
  },
  async run(scene, check) {
    const closed = await scene.create(P, { readTimeout: 0 });
    await closed.close();
    const invalid = await closed.readInto(0);
    check.fails('K16', invalid);
    check.differs('K17', invalid.code, { ours: ERROR.HANDLE_EOF, windows: [ERROR.INVALID_HANDLE] });
    check.differs('K18', invalid.count, { ours: GARBAGE, windows: [0] });

    const server = await scene.create(P, { readTimeout: 0 });
    const nothing = await server.readInto(0);
    check.fails('K19', nothing);
    check.is('K20', nothing.code, ERROR.SEM_TIMEOUT);
    check.differs('K21', nothing.count, { ours: GARBAGE, windows: [0] });
    const read = await server.readFile(BUFFER);
    check.fails('K22', read);
    check.is('K23', read.code, ERROR.SEM_TIMEOUT);
    check.probe('K24', read.code === 0);

    const { code } = await server.writeAnyway(bytes('0123456789abcdef'));
    check.differs('K25', code, { ours: NO_METHOD, windows: [ERROR.ACCESS_DENIED, ERROR.INVALID_PARAMETER] });
    check.differs('K26', code, { ours: NO_METHOD, windows: [ERROR.ACCESS_DENIED] });
  },
});
