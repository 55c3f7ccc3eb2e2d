import { differs, holds, notApplicable } from '../cases.js';
import { type Group, group } from '../group.js';
import { outcomeOf } from '../outcome.js';
import { ERROR } from '../win32.js';
import { ONE_SERVER_END } from './reasons.js';
import { bytes, P } from './values.js';

/** D1–D4, D18: names. */
export const documentedNames: Group = group({
  varies: ['process'],
  cases: {
    D1: holds('no slot P', 'CreateFile P', 'ERROR_FILE_NOT_FOUND'),
    D2: holds('a slot `Foo\\Bar`', 'CreateFile `fOO\\bAR`', 'succeeds'),
    D3: holds('a slot `Foo`', 'CreateMailslot `FOO`', 'fails: ERROR_ALREADY_EXISTS'),
    D4: holds('–', 'CreateMailslot `abc\\def\\ghi`, nothing above it', 'succeeds'),
    D18: holds('–', 'CreateMailslot `\\\\otherpc\\mailslot\\x`', 'ERROR_INVALID_NAME'),
  },
  async run(scene, check) {
    check.is('D1', (await outcomeOf(scene.open(P))).code, ERROR.FILE_NOT_FOUND);
    await scene.create(String.raw`\\.\mailslot\Foo\Bar`);
    await scene.open(String.raw`\\.\mailslot\fOO\bAR`);
    check.succeeds('D2');
    await scene.create(String.raw`\\.\mailslot\Foo`);
    check.is('D3', (await outcomeOf(scene.create(String.raw`\\.\mailslot\FOO`))).code, ERROR.ALREADY_EXISTS);
    await scene.create(String.raw`\\.\mailslot\abc\def\ghi`);
    check.succeeds('D4');
    const elsewhere = await outcomeOf(scene.create(String.raw`\\otherpc\mailslot\x`));
    check.is('D18', elsewhere.code, ERROR.INVALID_NAME);
  },
});

const MIB = 1024 * 1024;

/** D5, D6, D11, D17: sizes and ends. */
export const documentedMessages: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    D5: holds(
      'largest message 10',
      'WriteFile, 10 and 11 bytes',
      'succeeds; fails, and the queue is as it was',
    ),
    D6: holds('largest message 0', 'WriteFile and ReadFile, 1 MiB', 'succeed'),
    D11: holds(
      'buffer too small',
      'ReadFile, then again with a larger one',
      'ERROR_INSUFFICIENT_BUFFER, then all of it',
    ),
    D17: holds(
      'S closed, C open',
      'WriteFile C',
      'fails: ERROR_HANDLE_EOF (code recommended, not documented)',
    ),
  },
  async run(scene, check) {
    const small = await scene.create(P, { maxMessageSize: 10, readTimeout: 0 });
    const client = await scene.open(P);
    check.succeeds('D5', await client.writeFile(bytes('0123456789')));
    const before = await small.info();
    const excess = await client.writeFile(bytes('0123456789a'));
    check.fails('D5', excess);
    check.is('D5', await small.info(), before);
    check.is('D11', (await small.readInto(9)).code, ERROR.INSUFFICIENT_BUFFER);
    check.is('D11', Buffer.from((await small.readInto(10)).data).toString(), '0123456789');
    await small.close();

    const server = await scene.create(P, { maxMessageSize: 0, readTimeout: 0 });
    const other = await scene.open(P);
    const large = Buffer.alloc(MIB, 'mailslot');
    check.succeeds('D6', await other.writeFile(large));
    const read = await server.readFile(MIB);
    check.succeeds('D6', read);
    check.is('D6', large.equals(read.data), true);
    await server.close();
    check.is('D17', (await other.writeInVain(bytes('x'))).code, ERROR.HANDLE_EOF);
  },
});

/** D16: nothing but one process, which is what all forms begin with. */
export const documentedProcess: Group = group({
  varies: ['write', 'read'],
  cases: {
    D16: holds('one process', 'CreateMailslot, CreateFile, WriteFile, ReadFile', 'succeed'),
  },
  async run(scene, check) {
    check.is('D16', scene.form.process, 'one process');
    const server = await scene.create(P, { readTimeout: 0 });
    const client = await scene.open(P);
    check.succeeds('D16', await client.writeFile(bytes('here')));
    check.is('D16', Buffer.from((await server.readFile(16)).data).toString(), 'here');
  },
});

/** D7–D10: waiting, and ending a wait. */
export const documentedWaiting: Group = group({
  varies: ['process', 'read'],
  cases: {
    D7: holds(
      'time-out 0',
      'SetMailslotInfo 200 ms, ReadFile, empty',
      'waits about 200 ms; GetMailslotInfo tells 200',
    ),
    D8: notApplicable(
      'S duplicated',
      'SetMailslotInfo on one, GetMailslotInfo on the other',
      'the same',
      ONE_SERVER_END,
    ),
    D9: notApplicable(
      'S duplicated',
      'CloseHandle of one, then of the other',
      'alive, then gone',
      ONE_SERVER_END,
    ),
    D10: differs(
      'ReadFile waits forever',
      'CancelIo',
      'ERROR_OPERATION_ABORTED',
      "a wait that an `AbortSignal` ends rejects with the signal's reason, as everywhere in Node",
    ),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 0 });
    await server.setReadTimeout(200);
    const read = await server.readFile(16);
    check.is('D7', read.code, ERROR.SEM_TIMEOUT);
    check.is('D7', read.ms >= 180, true);
    check.is('D7', (await server.info()).readTimeout, 200);

    await server.setReadTimeout(Number.POSITIVE_INFINITY);
    const waiting = server.readInto(16);
    await server.cancelReads();
    const { code } = await waiting;
    check.differs('D10', code, { ours: 'AbortError', windows: [ERROR.OPERATION_ABORTED] });
  },
});
