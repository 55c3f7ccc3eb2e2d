import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { ALL_ONES, FOREVER, P } from './values.js';

/** K1–K15: what fails without a slot, and what a new one tells of itself. */
export const kernel32Info: Group = group({
  varies: ['process'],
  cases: {
    K1: holds('no handle: a slot that was closed', 'GetMailslotInfo', 'fails'),
    K2: holds('no slot P', 'CreateFile P', 'fails'),
    K3: differs(
      '–',
      'CreateMailslot `blah`',
      'fails',
      'a bare name is short for the local name: `blah` is `\\\\.\\mailslot\\blah`',
    ),
    K4: differs(
      'K3',
      'last error',
      'ERROR_INVALID_NAME',
      'follows from K3; a name that breaks a rule of names does give ERROR_INVALID_NAME',
    ),
    K5: holds('–', 'CreateMailslot without a name', 'fails'),
    K6: differs(
      'K5',
      'last error',
      'ERROR_PATH_NOT_FOUND',
      'a name that is no string is a mistake in the program and no path: ERROR_INVALID_PARAMETER',
    ),
    K7: holds('–', 'CreateMailslot P, largest message and time-out all ones', 'succeeds'),
    K8: holds('K7', 'GetMailslotInfo', 'succeeds'),
    K9: holds('K8', 'largest message', 'all ones, as given'),
    K10: holds('K8', 'next message', 'MAILSLOT_NO_MESSAGE'),
    K11: holds('K8', 'messages', '0'),
    K12: holds('K8', 'time-out', 'MAILSLOT_WAIT_FOREVER'),
    K13: notApplicable('K7', 'GetMailslotInfo without any output', 'succeeds', {
      reason: 'another calling convention: `info()` has no outputs to leave out, it returns one object',
      unless: undefined,
    }),
    K14: holds('K7', 'CloseHandle', 'succeeds'),
    K15: holds('K14', 'CreateMailslot P again, at once', 'succeeds'),
  },
  async run(scene, check) {
    const missing = await outcomeOf(scene.open(P));
    check.fails('K2', missing);
    const bare = await outcomeOf(scene.create('blah', { readTimeout: 0 }));
    check.differs('K3', bare.code === 0, { ours: true, windows: [false] });
    check.differs('K4', bare.code, { ours: 0, windows: [ERROR.INVALID_NAME] });
    const nameless = await outcomeOf(scene.create(null as unknown as string));
    check.fails('K5', nameless);
    check.differs('K6', nameless.code, { ours: ERROR.INVALID_PARAMETER, windows: [ERROR.PATH_NOT_FOUND] });

    const first = await scene.create(P, { maxMessageSize: ALL_ONES, readTimeout: FOREVER });
    check.succeeds('K7');
    const info = await first.info();
    check.succeeds('K8');
    check.is('K9', info.maxMessageSize, ALL_ONES);
    check.is('K10', info.nextMessageSize, undefined);
    check.is('K11', info.messageCount, 0);
    check.is('K12', info.readTimeout, FOREVER);
    check.succeeds('K14', await first.close());
    await scene.create(P, { readTimeout: 0 });
    check.succeeds('K15');

    check.fails('K1', await outcomeOf(first.info()));
  },
});
