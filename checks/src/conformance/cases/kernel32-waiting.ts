import { holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { NO_METHOD } from '../outcome.js';
import { ERROR } from '../win32.js';
import { NO_WRITE, STATUS_BLOCK } from './reasons.js';
import { BUFFER, bytes, P } from './values.js';

/** K121–K125: a read that runs into its time-out. */
export const kernel32Timeout: Group = group({
  varies: ['process', 'read'],
  cases: {
    K121: holds('K120', 'CreateMailslot P, time-out 1000 ms', 'succeeds'),
    K122: holds('K121, empty', 'ReadFile S, timed', 'fails'),
    K123: holds('K122', 'last error', 'ERROR_SEM_TIMEOUT'),
    K124: holds('K122', 'time it took', 'at least 900 ms'),
    K125: holds('S', 'CloseHandle S', 'succeeds'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 1000 });
    check.succeeds('K121');
    const read = await server.readFile(BUFFER);
    check.fails('K122', read);
    check.is('K123', read.code, ERROR.SEM_TIMEOUT);
    check.is('K124', read.ms >= 900, true);
    check.succeeds('K125', await server.close());
  },
});

/** K126–K139: a read that waits until a message comes. */
export const kernel32Pending: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    K126: holds('–', 'NtCreateMailslotFile P without a time-out', 'succeeds'),
    K127: notApplicable('K126, with write access', 'NtWriteFile S', 'STATUS_INVALID_PARAMETER', {
      reason: `native: a server end with write access cannot be made; ${NO_WRITE}`,
      unless: undefined,
    }),
    K128: notApplicable('K127', "status block's Status", 'unchanged', STATUS_BLOCK),
    K129: notApplicable('K127', "status block's Information", 'unchanged', STATUS_BLOCK),
    K130: holds('empty', 'NtReadFile S, 16 bytes', 'STATUS_PENDING'),
    K131: notApplicable('K130', "status block's Status", 'unchanged', STATUS_BLOCK),
    K132: notApplicable('K130', "status block's Information", 'unchanged', STATUS_BLOCK),
    K133: holds('K130', 'WaitForSingleObject S, 0 ms', 'WAIT_TIMEOUT: still pending'),
    K134: holds('K130', 'CreateFile P: C', 'succeeds (later than Server 2003)'),
    K135: holds('K134', 'WriteFile C, `data`', 'succeeds'),
    K136: holds('K135', 'WaitForSingleObject S, 1000 ms', 'signalled'),
    K137: holds('K136', "status block's Status", 'STATUS_SUCCESS'),
    K138: holds('K136', "status block's Information", '4'),
    K139: holds('K138', 'CloseHandle C, then S', 'not asserted; succeeds'),
  },
  async run(scene, check) {
    const server = await scene.create(P);
    check.succeeds('K126');
    check.probe('K127', (await server.writeAnyway(bytes(''))).code !== NO_METHOD);
    const pending = server.readFile(BUFFER);
    check.is('K130', await server.pendingReads(), 1);
    const early = await Promise.race([pending, server.info().then(() => 'still pending')]);
    check.is('K133', early, 'still pending');
    const client = await scene.open(P);
    check.succeeds('K134');
    check.succeeds('K135', await client.writeFile(bytes('data')));
    const read = await pending;
    check.is('K136', await server.pendingReads(), 0);
    check.succeeds('K137', read);
    check.is('K138', read.count, 4);
    check.succeeds('K139', await client.close());
    check.succeeds('K139', await server.close());
  },
});
