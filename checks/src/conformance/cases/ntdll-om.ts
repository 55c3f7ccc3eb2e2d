import { listMailslots } from 'mailslot';
import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { OBJECT_ATTRIBUTES, OBJECT_MANAGER } from './reasons.js';

/** What stands before a slot's name in NT's name space, and counts towards its length. */
const DEVICE = String.raw`\Device\Mailslot`;

/** A name that is so many bytes long on NT, the device included. */
function nameOf(bytes: number): string {
  return 'a'.repeat(bytes / 2 - `${DEVICE}\\`.length);
}

/** L1–L10: how long a name may be. */
export const nameLimits: Group = group({
  varies: ['process'],
  cases: {
    L1: differs(
      'name of 0 bytes',
      'NtCreateMailslotFile',
      'STATUS_OBJECT_PATH_SYNTAX_BAD',
      'one error tells of every bad name, with the position: ERROR_INVALID_NAME',
    ),
    L2: notApplicable(
      'name of 0 bytes, bad root handle',
      'the same',
      'STATUS_INVALID_HANDLE',
      OBJECT_ATTRIBUTES,
    ),
    L3: notApplicable(
      'name of 67 bytes, bad root handle',
      'the same',
      'STATUS_OBJECT_NAME_INVALID',
      OBJECT_ATTRIBUTES,
    ),
    L4: holds('name of 128 bytes', 'the same', 'succeeds'),
    L5: notApplicable('structure of a wrong size', 'the same', 'STATUS_INVALID_PARAMETER', OBJECT_ATTRIBUTES),
    L6: holds('name of 65,532 bytes', 'the same', 'succeeds'),
    L7: holds('name of 65,534 bytes', 'the same', 'STATUS_OBJECT_NAME_INVALID'),
    L8: notApplicable(
      'no name, bad root handle',
      'the same',
      'STATUS_OBJECT_NAME_INVALID',
      OBJECT_ATTRIBUTES,
    ),
    L9: differs(
      'no name',
      'the same',
      'STATUS_OBJECT_PATH_SYNTAX_BAD',
      'as K6: a name that is no string is ERROR_INVALID_PARAMETER',
    ),
    L10: holds('nothing where the name would be', 'the same', 'STATUS_INVALID_PARAMETER'),
  },
  async run(scene, check) {
    const codeFor = async (name: unknown) => (await outcomeOf(scene.create(name as string))).code;
    check.differs('L1', await codeFor(''), { ours: ERROR.INVALID_NAME, windows: [ERROR.BAD_PATHNAME] });
    check.is('L4', await codeFor(nameOf(128)), 0);
    check.is('L6', await codeFor(nameOf(65_532)), 0);
    check.is('L7', await codeFor(nameOf(65_534)), ERROR.INVALID_NAME);
    check.differs('L9', await codeFor(null), {
      ours: ERROR.INVALID_PARAMETER,
      windows: [ERROR.BAD_PATHNAME],
    });
    check.is('L10', await codeFor(undefined), ERROR.INVALID_PARAMETER);
  },
});

const SPELLING =
  'the name is told as a program writes it, without the device; it is found from every process of the root';

/** Q1–Q10: what handles tell of the object behind them. */
export const queryObject: Group = group({
  varies: ['process'],
  cases: {
    Q1: holds('–', 'CreateMailslot T, largest message 100, time-out 1000: S', 'succeeds'),
    Q2: differs('Q1', 'name of S', '`\\Device\\Mailslot\\T`', SPELLING),
    Q3: notApplicable('Q1', 'type of S', '`File`, access as of every file', OBJECT_MANAGER),
    Q4: notApplicable('Q1', 'file information of S', 'as of a file', OBJECT_MANAGER),
    Q5: holds('Q1', 'CreateFile T, no access, sharing reads: C', 'succeeds'),
    Q6: notApplicable('Q5', 'length of the name of C', 'header and name', OBJECT_MANAGER),
    Q7: differs('Q5', 'name of C', '`\\Device\\Mailslot\\T` (Windows 8 and later)', SPELLING),
    Q8: notApplicable('Q5', 'type and file information of C', '`File`, as of a file', OBJECT_MANAGER),
    Q9: differs(
      '–',
      'CreateFile `\\\\.\\mailslot`, no access',
      'succeeds',
      'the root is no slot and has nothing to write to; who wants to know what is in it calls `listMailslots()`',
    ),
    Q10: notApplicable('Q9', 'its name, type and file information', 'of the device', OBJECT_MANAGER),
  },
  async run(scene, check) {
    const server = await scene.create(String.raw`\\.\mailslot\conformance-T`, {
      maxMessageSize: 100,
      readTimeout: 1000,
    });
    check.succeeds('Q1');
    const windows = [`${DEVICE}\\conformance-T`];
    check.differs('Q2', await server.name(), { ours: 'conformance-T', windows });
    const client = await scene.open('conformance-T');
    check.succeeds('Q5');
    check.differs('Q7', client.end.name, { ours: 'conformance-T', windows });

    const device = await outcomeOf(scene.open(String.raw`\\.\mailslot`));
    check.differs('Q9', device.code === 0, { ours: false, windows: [true] });
    check.probe('Q10', device.code === 0);
    const listed = await listMailslots({ root: scene.root });
    check.differs('Q9', listed.map(({ name }) => name).join(), { ours: 'conformance-T', windows: [] });
  },
});
