import { holds } from '../cases.js';
import { type Group, group } from '../group.js';
import { ERROR } from '../win32.js';
import { BUFFER, bytes, P } from './values.js';

/** K59–K96: two writers, messages of 1, 2 and 0 bytes, read in the order they were written. */
export const kernel32Order: Group = group({
  varies: ['process', 'write', 'read'],
  cases: {
    K59: holds('S, empty, C1 and C2', 'GetMailslotInfo', 'succeeds'),
    K60: holds('K59', 'next message', 'MAILSLOT_NO_MESSAGE'),
    K61: holds('K59', 'largest message', '0'),
    K62: holds('K59', 'messages', '0'),
    K63: holds('K59', 'time-out', '0'),
    K64: holds('empty', 'ReadFile S', 'fails'),
    K65: holds('K64', 'last error', 'ERROR_SEM_TIMEOUT'),
    K66: holds('empty', 'WriteFile C1, `a`', 'succeeds'),
    K67: holds('K66', 'GetMailslotInfo', 'succeeds'),
    K68: holds('K67', 'next message', '1'),
    K69: holds('K67', 'messages', '1'),
    K70: holds('K66', 'WriteFile C2, `bc`', 'succeeds'),
    K71: holds('K70', 'GetMailslotInfo', 'succeeds'),
    K72: holds('K71', 'next message', '1: the first one'),
    K73: holds('K71', 'messages', '2'),
    K74: holds('K70', 'WriteFile C2, 0 bytes', 'succeeds'),
    K75: holds('K74', 'GetMailslotInfo', 'succeeds'),
    K76: holds('K75', 'next message', '1'),
    K77: holds('K75', 'messages', '3'),
    K78: holds('K74', 'ReadFile S', 'succeeds'),
    K79: holds('K78', 'count', '1'),
    K80: holds('K78', 'bytes', '`a`'),
    K81: holds('K78', 'GetMailslotInfo', 'succeeds'),
    K82: holds('K81', 'next message', '2'),
    K83: holds('K81', 'messages', '2'),
    K84: holds('K78', 'ReadFile S', 'succeeds'),
    K85: holds('K84', 'count', '2'),
    K86: holds('K84', 'bytes', '`bc`'),
    K87: holds('K84', 'GetMailslotInfo', 'succeeds'),
    K88: holds('K87', 'next message', '0, which is not MAILSLOT_NO_MESSAGE'),
    K89: holds('K87', 'messages', '1'),
    K90: holds('K84', 'ReadFile S', 'succeeds: a message without bytes'),
    K91: holds('K90', 'count', '0'),
    K92: holds('K90', 'GetMailslotInfo', 'succeeds'),
    K93: holds('K92', 'next message', 'MAILSLOT_NO_MESSAGE'),
    K94: holds('K92', 'messages', '0'),
    K95: holds('K90', 'ReadFile S', 'fails'),
    K96: holds('K95', 'last error', 'ERROR_SEM_TIMEOUT'),
  },
  async run(scene, check) {
    const server = await scene.create(P, { readTimeout: 0 });
    const [one, two] = [await scene.open(P), await scene.open(P)];
    const atFirst = await server.info();
    check.succeeds('K59');
    check.is('K60', atFirst.nextMessageSize, undefined);
    check.is('K61', atFirst.maxMessageSize, 0);
    check.is('K62', atFirst.messageCount, 0);
    check.is('K63', atFirst.readTimeout, 0);
    const early = await server.readFile(BUFFER);
    check.fails('K64', early);
    check.is('K65', early.code, ERROR.SEM_TIMEOUT);

    const stands = async (
      ids: readonly [InfoId, InfoId, InfoId],
      next: number | undefined,
      count: number,
    ) => {
      const info = await server.info();
      check.succeeds(ids[0]);
      check.is(ids[1], info.nextMessageSize, next);
      check.is(ids[2], info.messageCount, count);
    };
    check.succeeds('K66', await one.writeFile(bytes('a')));
    await stands(['K67', 'K68', 'K69'], 1, 1);
    check.succeeds('K70', await two.writeFile(bytes('bc')));
    await stands(['K71', 'K72', 'K73'], 1, 2);
    check.succeeds('K74', await two.writeFile(bytes('')));
    await stands(['K75', 'K76', 'K77'], 1, 3);

    const first = await server.readFile(BUFFER);
    check.succeeds('K78', first);
    check.is('K79', first.count, 1);
    check.is('K80', textOf(first), 'a');
    await stands(['K81', 'K82', 'K83'], 2, 2);
    const second = await server.readFile(BUFFER);
    check.succeeds('K84', second);
    check.is('K85', second.count, 2);
    check.is('K86', textOf(second), 'bc');
    await stands(['K87', 'K88', 'K89'], 0, 1);
    const third = await server.readFile(BUFFER);
    check.succeeds('K90', third);
    check.is('K91', third.count, 0);
    await stands(['K92', 'K93', 'K94'], undefined, 0);
    const late = await server.readFile(BUFFER);
    check.fails('K95', late);
    check.is('K96', late.code, ERROR.SEM_TIMEOUT);
  },
});

type Tens =
  | '67'
  | '68'
  | '69'
  | '71'
  | '72'
  | '73'
  | '75'
  | '76'
  | '77'
  | '81'
  | '82'
  | '83'
  | '87'
  | '88'
  | '89';
type InfoId = `K${Tens | '92' | '93' | '94'}`;

function textOf({ data }: { readonly data: Uint8Array }): string {
  return Buffer.from(data).toString();
}
