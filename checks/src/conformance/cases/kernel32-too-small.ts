import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { ERROR } from '../win32.js';
import { BOUNDED, STATUS_BLOCK } from './reasons.js';
import { bytes, P } from './values.js';

const QUEUE_BYTES = 64 * 1024 * 1024;
const QUOTA = `${BOUNDED}; the query tells it`;

/** K97–K120: a buffer that is too small, the queries of both ends, and closing with a message unread. */
export const kernel32TooSmall: Group = group({
  varies: ['process', 'write'],
  cases: {
    K97: holds('empty', 'WriteFile C1, 2 bytes', 'succeeds'),
    K98: holds('K97', 'count written', '2'),
    K99: holds('2 bytes wait', 'NtReadFile S, 1 byte', 'STATUS_BUFFER_TOO_SMALL'),
    K100: notApplicable('K99', "status block's Status", 'unchanged', STATUS_BLOCK),
    K101: notApplicable('K99', "status block's Information", 'unchanged', STATUS_BLOCK),
    K102: holds('K99', 'query S', 'succeeds'),
    K103: notApplicable('K102', "status block's Status", 'STATUS_SUCCESS', STATUS_BLOCK),
    K104: notApplicable('K102', "status block's Information", 'size of the structure', STATUS_BLOCK),
    K105: holds('K102', 'largest message', '0'),
    K106: differs('K102', 'quota of the queue', '0', QUOTA),
    K107: holds('K102', 'next message', '2: it is still there'),
    K108: holds('K102', 'messages', '1'),
    K109: holds('K102', 'time-out', '0'),
    K110: holds('K99', 'query C1, the client', 'succeeds (Windows 8 and later)'),
    K111: notApplicable('K110', "status block's Status", 'STATUS_SUCCESS', STATUS_BLOCK),
    K112: notApplicable('K110', "status block's Information", 'size of the structure', STATUS_BLOCK),
    K113: holds('K110', 'largest message', '0'),
    K114: differs('K110', 'quota of the queue', '0', QUOTA),
    K115: holds('K110', 'next message', '2'),
    K116: holds('K110', 'messages', '1'),
    K117: holds('K110', 'time-out', '0'),
    K118: holds('C2', 'CloseHandle C2', 'succeeds'),
    K119: holds('C1', 'CloseHandle C1', 'succeeds'),
    K120: holds('a message waits', 'CloseHandle S', 'succeeds, and the message is lost'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 0 });
    const [one, two] = [await scene.open(P), await scene.open(P)];
    check.succeeds('K97', await one.writeFile(bytes('ab')));
    check.is('K98', one.end.statistics().bytes, 2);
    check.is('K99', (await server.readInto(1)).code, ERROR.INSUFFICIENT_BUFFER);

    const here = await server.info();
    check.succeeds('K102');
    check.is('K105', here.maxMessageSize, 0);
    check.is('K107', here.nextMessageSize, 2);
    check.is('K108', here.messageCount, 1);
    check.is('K109', here.readTimeout, 0);
    const there = await one.info();
    check.succeeds('K110');
    check.is('K113', there.maxMessageSize, 0);
    check.is('K115', there.nextMessageSize, 2);
    check.is('K116', there.messageCount, 1);
    check.is('K117', there.readTimeout, 0);
    check.differs('K106', there.queueBytes, { ours: QUEUE_BYTES, windows: [0] });
    check.differs('K114', there.queueBytes, { ours: QUEUE_BYTES, windows: [0] });

    check.succeeds('K118', await two.close());
    check.succeeds('K119', await one.close());
    check.succeeds('K120', await server.close());
    check.is('K120', (await (await scene.create(P)).info()).messageCount, 0);
  },
});
